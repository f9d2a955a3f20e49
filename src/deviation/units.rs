//! The departures that can be made one by one.

use super::diff::FieldChange;
use super::effects::touched;
use super::formulas::Part;
use super::rules::RULES;
use crate::plan::Plan;

/// Changes that are made, or not, together.
pub(super) struct Unit<'a> {
    /// `D031 models.approval.vcov`, the first the one by which it is known.
    pub names: Vec<String>,
    pub changes: Vec<&'a FieldChange>,
}

impl Unit<'_> {
    /// Whether it can change which rows there are, or what is in them.
    pub fn moves_rows(&self) -> bool {
        let sections = ["variables", "derived", "exclusions", "missing", "design"];
        self.changes.iter().any(|c| sections.contains(&c.section()))
    }
}

/// By which a deviation is told from the others.
pub(super) fn name(code: &str, of: &str) -> String {
    format!("{code} {of}")
}

/// The departures that bear on a registered test or hypothesis, in the order of the changes.
pub(super) fn units<'a>(promised: &Plan, requested: &Plan, changes: &'a [FieldChange]) -> Vec<Unit<'a>> {
    let mut found: Vec<Unit<'a>> = Vec::new();
    for change in changes.iter().filter(|c| bears(c, promised, requested)) {
        let code = RULES
            .iter()
            .find(|rule| (rule.claims)(change))
            .map_or("", |r| r.code);
        let name = name(code, &change.of());
        let joins = |unit: &Unit<'a>| {
            unit.names.contains(&name)
                || unit
                    .changes
                    .iter()
                    .any(|other| inseparable(other, change, promised, requested))
        };
        let joined: Vec<usize> = found
            .iter()
            .enumerate()
            .filter(|(_, u)| joins(u))
            .map(|(at, _)| at)
            .collect();
        let Some((first, rest)) = joined.split_first() else {
            found.push(Unit {
                names: vec![name],
                changes: vec![change],
            });
            continue;
        };
        let others: Vec<Unit<'a>> = rest.iter().rev().map(|at| found.remove(*at)).collect();
        if let Some(unit) = found.get_mut(*first) {
            for other in others.into_iter().rev() {
                unit.names.extend(other.names);
                unit.changes.extend(other.changes);
            }
            if !unit.names.contains(&name) {
                unit.names.push(name);
            }
            unit.changes.push(change);
        }
    }
    found
}

/// What the request merely adds beside the plan moves nothing that is registered.
fn bears(change: &FieldChange, promised: &Plan, requested: &Plan) -> bool {
    let aside = matches!(
        change.section(),
        "tests" | "models" | "hypotheses" | "contingencies" | "study"
    );
    if change.section() == "hypotheses" && !change.is_added() {
        return matches!(change.field(), "corroborated_if" | "contradicted_if");
    }
    let registered = |id: &String| promised.tests.contains_key(id);
    let elsewhere = matches!(change.section(), "contingencies" | "study");
    let apart = elsewhere || (aside && change.is_added());
    !apart && touched(change, promised, requested).iter().any(registered)
}

/// Choices that are no plan one without the other: a variance goes with its clusters, an estimator with all of its model.
fn inseparable(a: &FieldChange, b: &FieldChange, promised: &Plan, requested: &Plan) -> bool {
    if a.section() == "models" && b.section() == "models" {
        return a.key() == b.key()
            && (of_method(a)
                || of_method(b)
                || (of_errors(a, promised, requested) && of_errors(b, promised, requested)));
    }
    let of_test = |model: &FieldChange, test: &FieldChange| {
        let uses = |plan: &Plan| plan.tests.get(test.key()).is_some_and(|t| t.model == model.key());
        let asks = ["quantity", "alternative", "null"].contains(&test.field());
        of_method(model) && asks && (uses(promised) || uses(requested))
    };
    let whole = |family: &FieldChange| family.is_added() || family.is_removed();
    match (a.section(), b.section()) {
        // A family under another name is one departure with the rules that name it.
        ("families", "families") => whole(a) && whole(b),
        ("families", "hypotheses") => whole(a),
        ("hypotheses", "families") => whole(b),
        ("models", "tests") => of_test(a, b),
        ("tests", "models") => of_test(b, a),
        // A test that is moved to another model asks there what can be asked there.
        ("tests", "tests") => {
            let moved = |c: &FieldChange| c.field() == "model";
            a.key() == b.key()
                && (moved(a) || moved(b))
                && (a.field() == "quantity" || b.field() == "quantity")
        }
        _ => false,
    }
}

fn of_method(change: &FieldChange) -> bool {
    let fields = ["estimator", "likelihood", "information", "items", "trials"];
    change.section() == "models" && fields.contains(&change.field())
}

fn of_errors(change: &FieldChange, promised: &Plan, requested: &Plan) -> bool {
    let plain = |plan: &Plan| {
        let model = plan.models.get(change.key());
        model.is_some_and(|m| ["classical", "robust"].contains(&m.vcov.word()))
    };
    ["vcov", "clusters", "bootstrap"].contains(&change.field())
        || change.part == Some(Part::FixedEffects)
        || (change.field() == "weights" && (plain(promised) || plain(requested)))
}
