//! Two plans compared field by field, in their canonical form: spelling, order of keys and labels are not in it.

use super::formulas::{Part, parts};
use super::order::reordered;
use super::words::words;
use crate::diagnostic::Place;
use crate::plan::decision::{Member, outcomes};
use crate::plan::lower::Places;
use crate::plan::{ContingencyPlan, Expectations, FamilyPlan, Plan, Rule};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One field that the two plans do not agree on.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldChange {
    /// Section, key and field: `["models", "approval", "vcov"]`.
    pub path: Vec<String>,
    /// In words; nothing where the side does not have it.
    pub registered: Option<String>,
    pub executed: Option<String>,
    pub registered_at: Option<Place>,
    pub executed_at: Option<Place>,
    /// Of a formula, the part of it that changed.
    pub part: Option<Part>,
}

impl FieldChange {
    /// What bears on a variable, whatever it is that changed.
    pub(super) fn of_variable(name: &str, registered_at: Option<Place>) -> FieldChange {
        FieldChange {
            path: ["variables", name].map(str::to_owned).to_vec(),
            registered: None,
            executed: None,
            registered_at,
            executed_at: None,
            part: None,
        }
    }

    /// `models.approval.vcov`
    pub fn of(&self) -> String {
        self.path.join(".")
    }

    pub fn section(&self) -> &str {
        self.path.first().map_or("", String::as_str)
    }

    /// The test, model, … that it is about.
    pub fn key(&self) -> &str {
        self.path.get(1).map_or("", String::as_str)
    }

    /// The terms of a formula that were added or dropped, in words.
    pub(super) fn terms(&self) -> String {
        match &self.part {
            Some(
                Part::CovariateAdded(terms)
                | Part::CovariateDropped(terms)
                | Part::InteractionAdded(terms)
                | Part::InteractionDropped(terms),
            ) => terms.join(", "),
            _ => String::new(),
        }
    }

    /// The field of it, if one field and not the whole of it.
    pub fn field(&self) -> &str {
        self.path.get(2).map_or("", String::as_str)
    }

    pub fn is_removed(&self) -> bool {
        self.path.len() == 2 && self.executed.is_none()
    }

    pub fn is_added(&self) -> bool {
        self.path.len() == 2 && self.registered.is_none()
    }
}

/// Sections whose fields are compared directly; the others are maps of named things.
const FLAT: [&str; 4] = ["study", "design", "missing", "imputation"];

/// Everything in which `requested` differs from `promised`.
pub fn diff(
    promised: &Plan,
    requested: &Plan,
    promised_places: &Places,
    requested_places: &Places,
) -> Vec<FieldChange> {
    let (before, after) = (canonical(promised), canonical(requested));
    let mut paths: Vec<Vec<String>> = Vec::new();
    for section in keys(&before, &after) {
        let (b, a) = (field(&before, &section), field(&after, &section));
        let renamed = match section.as_str() {
            "exclusions" => renamed(&b, &a, &without_id),
            "families" => renamed(&b, &a, &Value::clone),
            _ => BTreeSet::new(),
        };
        for key in keys(&b, &a).difference(&renamed).cloned() {
            let (b, a) = (field(&b, &key), field(&a, &key));
            let path = vec![section.clone(), key];
            if b == a {
                continue;
            }
            if FLAT.contains(&section.as_str()) || b.is_null() || a.is_null() {
                paths.push(path);
                continue;
            }
            // An exclusion has one rule; another kind of rule is one change.
            let names = if section == "exclusions" {
                keys(&a, &a)
            } else {
                keys(&b, &a)
            };
            for name in names {
                if field(&b, &name) != field(&a, &name) {
                    paths.push(path.iter().cloned().chain([name]).collect());
                }
            }
        }
    }
    paths.extend(reordered(promised, requested));
    paths
        .into_iter()
        .filter(|path| !same_rule(promised, requested, path))
        .flat_map(|path| {
            let whole = FieldChange {
                registered: words(promised, &before, &path),
                executed: words(requested, &after, &path),
                registered_at: place(promised_places, &path),
                executed_at: place(requested_places, &path),
                path,
                part: None,
            };
            by_part(whole, promised, requested)
        })
        .collect()
}

/// A change of a formula as one change for each of its parts; any other as it is.
fn by_part(whole: FieldChange, promised: &Plan, requested: &Plan) -> Vec<FieldChange> {
    let formula = |plan: &Plan| plan.models.get(whole.key()).map(|m| m.formula.clone());
    let of_formula = whole.section() == "models" && whole.field() == "formula";
    match formula(promised).zip(formula(requested)).filter(|_| of_formula) {
        Some((before, after)) => parts(&before, &after)
            .into_iter()
            .map(|part| FieldChange {
                part: Some(part),
                ..whole.clone()
            })
            .collect(),
        None => vec![whole],
    }
}

/// Every number in which the authors' expectations differ from the locked ones.
pub fn expectations(locked: &Expectations, written: &Expectations, places: &Places) -> Vec<FieldChange> {
    let path = vec![String::from("design"), String::from("expected")];
    let json = |all: &Expectations| serde_json::to_value(all).unwrap_or(Value::Null);
    let mut found = Vec::new();
    leaves(&json(locked), &json(written), &path, &mut found);
    found
        .into_iter()
        .map(|(path, before, after)| FieldChange {
            registered: before,
            executed: after,
            registered_at: None,
            executed_at: place(places, &path),
            path,
            part: None,
        })
        .collect()
}

type Leaf = (Vec<String>, Option<String>, Option<String>);

/// The paths at which two values differ. The names of an expectation's forms stand in no registration.
fn leaves(before: &Value, after: &Value, path: &[String], found: &mut Vec<Leaf>) {
    const FORMS: [&str; 3] = ["linear", "normal", "shares"];
    if before == after {
        return;
    }
    if !before.is_object() && !after.is_object() {
        let words = |v: &Value| (!v.is_null()).then(|| v.to_string());
        found.push((path.to_vec(), words(before), words(after)));
        return;
    }
    for key in keys(before, after) {
        let deeper = if FORMS.contains(&key.as_str()) {
            path.to_vec()
        } else {
            path.iter().cloned().chain([key.clone()]).collect()
        };
        leaves(&field(before, &key), &field(after, &key), &deeper, found);
    }
}

/// The plan as JSON, lists of named things as maps: their order changes nobody's analysis.
fn canonical(plan: &Plan) -> Value {
    let mut value = serde_json::to_value(plan).unwrap_or(Value::Null);
    if let Value::Object(sections) = &mut value {
        for (section, name) in [("exclusions", "id"), ("derived", "name")] {
            let mut map = Map::new();
            for item in sections
                .get(section)
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                if let Some(id) = item.get(name).and_then(Value::as_str) {
                    // A lock may hold a name twice, whoever wrote it; neither may hide the other.
                    let mut twice =
                        std::iter::successors(Some(id.to_owned()), |id| Some(format!("{id} again")));
                    let free = twice.find(|id| !map.contains_key(id));
                    map.extend(free.map(|id| (id, item.clone())));
                }
            }
            sections.insert(section.to_owned(), Value::Object(map));
        }
        sections.insert(String::from("contingencies"), contingencies(plan));
        for pointer in UNORDERED {
            unordered(sections, pointer);
        }
        // A factor without a rule is dropped from the test: writing that down changes no number.
        if let Some(Value::Object(missing)) = sections.get_mut("missing") {
            missing.entry("factor").or_insert_with(|| json!("drop_from_test"));
        }
    }
    value
}

/// Lists whose order changes nobody's analysis, by section and path inside an entry.
const UNORDERED: [(&str, &str); 8] = [
    ("derived", "/rule/mean_of/items"),
    ("derived", "/rule/mean_of/reverse"),
    ("derived", "/rule/sum_of/items"),
    ("derived", "/rule/sum_of/reverse"),
    ("derived", "/rule/contains/any_of"),
    ("models", "/clusters"),
    ("tests", "/quantity/joint/terms"),
    ("tests", "/quantity/anova/after"),
];

fn unordered(sections: &mut Map<String, Value>, (section, pointer): (&str, &str)) {
    let entries = sections.get_mut(section).and_then(Value::as_object_mut);
    for entry in entries.into_iter().flat_map(|e| e.values_mut()) {
        if let Some(Value::Array(list)) = entry.pointer_mut(pointer) {
            list.sort_by_key(Value::to_string);
        }
    }
}

/// Each contingency by what it sets, with the earlier ones that set some of the same: the order of others means nothing.
fn contingencies(plan: &Plan) -> Value {
    let mut map = Map::new();
    for (position, contingency) in plan.contingencies.iter().enumerate() {
        let earlier = plan.contingencies.iter().take(position);
        let before: Vec<String> = earlier
            .filter(|e| {
                e.then
                    .iter()
                    .any(|a| contingency.then.iter().any(|b| a.path() == b.path()))
            })
            .map(ContingencyPlan::key)
            .collect();
        let entry = json!({"if": contingency.condition, "then": contingency.then, "after": before});
        map.insert(key(plan, position), entry);
    }
    Value::Object(map)
}

/// What the contingency sets; the second that sets the same is told by its number.
pub(super) fn key(plan: &Plan, position: usize) -> String {
    let of = |at: usize| {
        plan.contingencies
            .get(at)
            .map(ContingencyPlan::key)
            .unwrap_or_default()
    };
    let own = of(position);
    match (0..position).filter(|at| of(*at) == own).count() {
        0 => own,
        before => format!("{own} ({})", before + 1),
    }
}

fn without_id(entry: &Value) -> Value {
    let fields = entry.as_object().into_iter().flatten();
    let own = fields.filter(|(name, _)| *name != "id");
    Value::Object(own.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Entries that only changed their name: what they mean stands on both sides.
fn renamed(before: &Value, after: &Value, meaning: &dyn Fn(&Value) -> Value) -> BTreeSet<String> {
    let alone = |one: &Value, other: &Value| -> Vec<(String, Value)> {
        let entries = one.as_object().into_iter().flatten();
        entries
            .filter(|(name, _)| other.get(name).is_none())
            .map(|(name, entry)| (name.clone(), meaning(entry)))
            .collect()
    };
    let (old, new) = (alone(before, after), alone(after, before));
    let pairs = old
        .iter()
        .filter_map(|(name, e)| Some((name, new.iter().find(|(_, n)| n == e).map(|(n, _)| n)?)));
    pairs.flat_map(|(a, b)| [a.clone(), b.clone()]).collect()
}

fn keys(a: &Value, b: &Value) -> BTreeSet<String> {
    [a, b]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(|m| m.keys().cloned())
        .collect()
}

fn field(value: &Value, key: &str) -> Value {
    value.get(key).cloned().unwrap_or(Value::Null)
}

/// Two decision rules that no outcome of the tests can tell apart are the same rule.
fn same_rule(promised: &Plan, requested: &Plan, path: &[String]) -> bool {
    let [section, id, name] = path else { return false };
    if section != "hypotheses" {
        return false;
    }
    let rule = |plan: &Plan, families: &BTreeMap<String, FamilyPlan>| -> Option<Rule> {
        let hypothesis = plan.hypotheses.get(id)?;
        let rule = match name.as_str() {
            "corroborated_if" => &hypothesis.corroborated_if,
            "contradicted_if" => hypothesis.contradicted_if.as_ref()?,
            _ => return None,
        };
        Some(without_families(rule, families))
    };
    let equal = |a: Option<Rule>, b: Option<Rule>| a.zip(b).is_some_and(|(a, b)| equivalent(&a, &b));
    // A family that lost a test is told as such, however the rule that names it is written.
    let mut families = requested.families.clone();
    families.extend(promised.families.clone());
    equal(
        rule(promised, &promised.families),
        rule(requested, &requested.families),
    ) || equal(rule(promised, &families), rule(requested, &families))
}

/// Whether no outcome of the tests tells two rules apart. Where the search gives up, they count as different.
fn equivalent(a: &Rule, b: &Rule) -> bool {
    let none = BTreeMap::new();
    let but = |a: &Rule, b: &Rule| Rule::And(vec![a.clone(), Rule::Not(Box::new(b.clone()))]);
    let (told_apart, _) = outcomes(&Rule::Or(vec![but(a, b), but(b, a)]), &none);
    a.tests(&none) == b.tests(&none) && !told_apart
}

/// The rule with every family written out, so that a family's name means nothing.
fn without_families(rule: &Rule, families: &BTreeMap<String, FamilyPlan>) -> Rule {
    let each = |rules: &[Rule]| rules.iter().map(|r| without_families(r, families)).collect();
    let members = |members: &[Member]| -> Vec<Member> {
        members
            .iter()
            .flat_map(|member| match member {
                Member::Family(name) => families
                    .get(name)
                    .into_iter()
                    .flat_map(|f| f.tests.iter().map(|t| Member::Rule(Rule::Test(t.clone()))))
                    .collect(),
                Member::Rule(rule) => vec![Member::Rule(without_families(rule, families))],
            })
            .collect()
    };
    match rule {
        Rule::Test(id) => Rule::Test(id.clone()),
        Rule::And(rules) => Rule::And(each(rules)),
        Rule::Or(rules) => Rule::Or(each(rules)),
        Rule::Not(rule) => Rule::Not(Box::new(without_families(rule, families))),
        Rule::All(of) => Rule::All(members(of)),
        Rule::Any(of) => Rule::Any(members(of)),
        Rule::AtLeast { count, of } => Rule::AtLeast {
            count: *count,
            of: members(of),
        },
    }
}

/// The place of a field, or of the nearest thing around it that has one.
pub(super) fn place(places: &Places, path: &[String]) -> Option<Place> {
    (1..=path.len())
        .rev()
        .find_map(|length| places.get(&path.get(..length)?.join(".")))
        .cloned()
}
