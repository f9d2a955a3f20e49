//! `contingencies:`: conditions over facts of the data, and the fields of the plan that a branch sets.
//!
//! Each branch is lowered as if the registration said it, so that what is wrong with it is said as it would be there.
//! All branches that can come together are tried together, before any data are seen.

use super::{Lowering, lower_plan};
use crate::diagnostic::{Severity, codes};
use crate::plan::contingency::{self, Assignment, Condition, Section};
use crate::plan::{Atom, ContingencyPlan, Estimator, Plan};
use crate::spec::contingency::ContingencySpec;
use crate::spec::fields::Findings;
use crate::spec::registration::{self, Registration};
use crate::spec::yaml::{Node, Yaml};
use crate::spec::{Located, departures};
use contingency::parse::Name;
use serde_json::Value;
use std::collections::BTreeSet;

/// All branches are tried together: 2⁶ plans.
const LIMIT: usize = 6;

/// A branch in the registration's own shape, and as a plan.
struct Branch {
    departures: Node,
    plan: ContingencyPlan,
}

pub(super) fn contingencies(
    written: &Registration,
    plan: &Plan,
    low: &mut Lowering<'_>,
) -> Vec<ContingencyPlan> {
    if let Some(spec) = written.contingencies.get(LIMIT) {
        let message = format!("{} contingencies", written.contingencies.len());
        low.found.error(
            codes::OUT_OF_DOMAIN,
            &spec.at,
            message,
            "register at most six: every combination of them is a plan",
        );
        return Vec::new();
    }
    let branches: Vec<Option<Branch>> = written
        .contingencies
        .iter()
        .map(|spec| branch(spec, written, plan, low))
        .collect();
    let Some(branches) = branches.into_iter().collect::<Option<Vec<Branch>>>() else {
        return Vec::new();
    };
    together(&branches, written, plan, low);
    branches.into_iter().map(|b| b.plan).collect()
}

fn branch(
    spec: &ContingencySpec,
    written: &Registration,
    plan: &Plan,
    low: &mut Lowering<'_>,
) -> Option<Branch> {
    let condition = condition(spec.condition.as_ref()?, plan, low);
    let set: Vec<Option<Target>> = spec
        .then
        .iter()
        .map(|(path, value)| target(path, value, plan, low))
        .collect();
    let set: Vec<Target> = set.into_iter().collect::<Option<_>>()?;
    let node = set
        .iter()
        .fold(empty(spec), |node, target| departures::apply(&node, &target.node));
    let then = assignments(&set, plan, &lowered(&[&node], written, low)?);
    let contingency = ContingencyPlan {
        condition: condition?,
        then,
    };
    let path = format!("contingencies.{}", contingency.key());
    low.place(&path, &spec.at);
    low.keep(format!("{path}.if"), &spec.condition);
    if let Some((at, _)) = spec.then.first() {
        low.place(format!("{path}.then"), &at.at);
    }
    Some(Branch {
        departures: node,
        plan: contingency,
    })
}

fn empty(spec: &ContingencySpec) -> Node {
    Node {
        value: Yaml::Map(Vec::new()),
        at: spec.at.clone(),
    }
}

/// The registration with these branches, lowered; nothing if something is wrong with it.
fn lowered(branches: &[&Node], written: &Registration, low: &Lowering<'_>) -> Option<Plan> {
    let root = branches.iter().fold(written.tree.clone(), |root, branch| {
        departures::apply(&root, branch)
    });
    let own = Findings::default();
    let plan = lower_plan(&registration::read(&root, &own), &own);
    let whole = !own.has_errors();
    low.found.absorb(own, |d| d.severity == Severity::Error);
    whole.then_some(plan)
}

fn condition(text: &Located<String>, plan: &Plan, low: &Lowering<'_>) -> Option<Condition> {
    let (condition, names) = match contingency::parse(&text.value) {
        Ok(read) => read,
        Err(error) => {
            let message = format!("contingencies: {}", error.message);
            let help = "a condition compares facts of the analysed rows with numbers: smallest_cell(arm) < 20 and not refused(approval)";
            low.found
                .error(codes::BAD_EXPRESSION, &error.place(text), message, help);
            return None;
        }
    };
    let known = names.iter().map(|(name, offset)| {
        let at = crate::plan::text::Unreadable::new("", *offset).place(text);
        let problem = match name {
            Name::Factor(name) if plan.variables.get(name).is_some_and(|v| !v.levels.is_empty()) => {
                return true;
            }
            Name::Factor(name) => {
                let factors = plan
                    .variables
                    .iter()
                    .filter(|(_, v)| !v.levels.is_empty())
                    .map(|(n, _)| n.as_str());
                (
                    codes::UNKNOWN_VARIABLE,
                    name,
                    "variable with levels",
                    factors.collect::<Vec<_>>(),
                )
            }
            Name::Variable(name) if plan.has_column(name) => return true,
            Name::Variable(name) => (
                codes::UNKNOWN_VARIABLE,
                name,
                "variable",
                plan.variables.keys().map(String::as_str).collect(),
            ),
            Name::Model(name) | Name::LinearModel(name) | Name::FactorialModel(name)
                if !plan.models.contains_key(name) =>
            {
                (
                    codes::UNKNOWN_MODEL,
                    name,
                    "model",
                    plan.models.keys().map(String::as_str).collect(),
                )
            }
            Name::LinearModel(name) if !linear(plan, name) => (
                codes::INCOMPATIBLE,
                name,
                "model of least squares without absorbed effects",
                Vec::new(),
            ),
            Name::FactorialModel(name) if !factorial(plan, name) => (
                codes::INCOMPATIBLE,
                name,
                "unweighted linear model of factors alone",
                Vec::new(),
            ),
            _ => return true,
        };
        let (code, name, what, known) = problem;
        low.unknown(
            code,
            name,
            &at,
            format!("contingencies: there is no {what} `{name}`"),
            known,
        );
        false
    });
    // All of them are looked at, so that all are reported.
    known.fold(true, |all, one| all & one).then_some(condition)
}

fn linear(plan: &Plan, model: &str) -> bool {
    let model = plan.models.get(model);
    model.is_some_and(|m| {
        matches!(m.estimator, Estimator::Ols | Estimator::DifferenceInMeans) && m.formula.absorbed.is_empty()
    })
}

fn factorial(plan: &Plan, id: &str) -> bool {
    let factor = |atom: &Atom| matches!(atom, Atom::Variable(name) if plan.variables.get(name).is_some_and(|v| !v.levels.is_empty()));
    let model = plan
        .models
        .get(id)
        .filter(|m| linear(plan, id) || m.estimator.is_direct());
    model.is_some_and(|m| {
        m.weights.is_none()
            && !m.formula.terms.is_empty()
            && m.formula.terms.iter().flat_map(|t| &t.0).all(factor)
    })
}

/// One path of a `then`, resolved.
struct Target {
    section: Section,
    of: String,
    /// The fields of the plan that the written key decides.
    fields: &'static [&'static str],
    /// The key itself, where it is a field of its own name.
    key: String,
    node: Node,
}

fn target(path: &Located<String>, value: &Node, plan: &Plan, low: &Lowering<'_>) -> Option<Target> {
    let (first, rest) = path.value.split_once('.').unwrap_or((&path.value, ""));
    let word = Located {
        value: first.to_owned(),
        at: path.at.clone(),
    };
    let section = crate::spec::fields::word(&word, "contingencies.then", &Section::ALL, low.found)?.value;
    let known: Vec<&str> = match section {
        Section::Models => plan.models.keys().map(String::as_str).collect(),
        Section::Tests => plan.tests.keys().map(String::as_str).collect(),
        Section::Families => plan.families.keys().map(String::as_str).collect(),
    };
    // An id may have dots in it: the longest that fits is meant.
    let fits = |id: &&&str| {
        rest.strip_prefix(**id)
            .is_some_and(|field| field.len() > 1 && field.starts_with('.'))
    };
    let Some(of) = known.iter().filter(fits).max_by_key(|id| id.len()) else {
        let name = rest.rsplit_once('.').map_or(rest, |(id, _)| id);
        let code = if section == Section::Models {
            codes::UNKNOWN_MODEL
        } else {
            codes::UNKNOWN_TEST
        };
        let message = format!(
            "contingencies.then: `{}` is no field of one of the {first}",
            path.value
        );
        low.unknown(code, name, &path.at, message, known);
        return None;
    };
    let keys: Vec<&str> = rest.get(of.len() + 1..).unwrap_or_default().split('.').collect();
    if value.value == Yaml::Null {
        let message = format!("contingencies.then: {} is set to nothing", path.value);
        low.found.error(
            codes::WRONG_TYPE,
            &path.at,
            message,
            "write what it becomes if the condition holds",
        );
        return None;
    }
    let nested = |inner: Node, key: &str| Node {
        value: Yaml::Map(vec![(
            Located {
                value: key.to_owned(),
                at: path.at.clone(),
            },
            inner,
        )]),
        at: path.at.clone(),
    };
    let steps = [first, of].into_iter().chain(keys.iter().copied());
    let node = steps.rev().fold(value.clone(), nested);
    let key = keys.first().map_or("", |k| *k);
    Some(Target {
        section,
        of: (*of).to_owned(),
        fields: decides(section, key),
        key: key.to_owned(),
        node,
    })
}

/// The fields that a written key decides, where they are not one of its own name.
fn decides(section: Section, key: &str) -> &'static [&'static str] {
    match (section, key) {
        (Section::Models, "cluster") => &["clusters"],
        (Section::Models, "estimator" | "family" | "link") => &["estimator"],
        (Section::Models, "blocks") => &["formula"],
        (Section::Models, "contrasts") => &["coding"],
        (Section::Tests, "model" | "alternative" | "null" | "alpha" | "conf_level" | "randomization") => &[],
        (Section::Tests, _) => &["quantity"],
        _ => &[],
    }
}

/// What the branch sets, by its own words or by what follows from them.
fn assignments(set: &[Target], plan: &Plan, branch: &Plan) -> Vec<Assignment> {
    let mut all = Vec::new();
    for (_, section) in Section::ALL {
        let (before, after) = (entries(plan, section), entries(branch, section));
        for (of, entry) in after.as_object().into_iter().flatten() {
            let old = before.get(of).unwrap_or(&Value::Null);
            let named: BTreeSet<&str> = set
                .iter()
                .filter(|t| t.section == section && t.of == *of)
                .flat_map(|t| {
                    t.fields
                        .iter()
                        .copied()
                        .chain(t.fields.is_empty().then_some(t.key.as_str()))
                })
                .collect();
            let fields: BTreeSet<&String> = [old, entry]
                .into_iter()
                .filter_map(Value::as_object)
                .flat_map(|o| o.keys())
                .collect();
            for field in fields {
                if named.contains(field.as_str()) || old.get(field) != entry.get(field) {
                    all.push(Assignment {
                        section,
                        of: of.clone(),
                        field: field.clone(),
                        value: entry.get(field).cloned().unwrap_or(Value::Null),
                    });
                }
            }
        }
    }
    all
}

fn entries(plan: &Plan, section: Section) -> Value {
    let value = match section {
        Section::Models => serde_json::to_value(&plan.models),
        Section::Tests => serde_json::to_value(&plan.tests),
        Section::Families => serde_json::to_value(&plan.families),
    };
    value.unwrap_or(Value::Null)
}

/// Every combination of branches must be a plan, and the one that they make one after the other.
fn together(branches: &[Branch], written: &Registration, plan: &Plan, low: &Lowering<'_>) {
    for chosen in 1usize..1 << branches.len() {
        let taken: Vec<&Branch> = branches
            .iter()
            .enumerate()
            .filter(|(i, _)| chosen >> i & 1 == 1)
            .map(|(_, b)| b)
            .collect();
        let nodes: Vec<&Node> = taken.iter().map(|b| &b.departures).collect();
        let Some(meant) = lowered(&nodes, written, low) else {
            return;
        };
        let made = taken.iter().try_fold(plan.clone(), |plan, b| plan.with(&b.plan));
        if made.is_ok_and(|made| made == meant) {
            continue;
        }
        let keys: Vec<String> = taken.iter().map(|b| b.plan.key()).collect();
        let at = taken.last().map_or(&written.at, |b| &b.departures.at);
        let message = format!(
            "contingencies: one branch changes what another means: {}",
            keys.join(" and ")
        );
        low.found.error(
            codes::INCOMPATIBLE,
            at,
            message,
            "let each set fields of its own, or write the combination out as one",
        );
        return;
    }
}
