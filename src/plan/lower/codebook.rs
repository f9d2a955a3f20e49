//! `variables:` and `derived:`, and the columns that everything else may name.

use super::Lowering;
use super::probability::probability;
use crate::diagnostic::{Place, codes};
use crate::plan::expression::{Kind, Problem};
use crate::plan::{DerivedPlan, Expr, Levels, Role, Scale, Stage, VariablePlan};
use crate::spec::Located;
use crate::spec::codebook::VariableSpec;
use crate::spec::registration::Registration;
use std::collections::BTreeMap;

pub(super) fn variables(written: &Registration, low: &mut Lowering<'_>) -> BTreeMap<String, VariablePlan> {
    let mut all = BTreeMap::new();
    for (name, spec) in &written.variables {
        let path = format!("variables.{}", name.value);
        low.place(&path, &name.at);
        all.insert(name.value.clone(), variable(&path, spec, low));
    }
    all
}

fn variable(path: &str, spec: &VariableSpec, low: &mut Lowering<'_>) -> VariablePlan {
    let role = low
        .word(&format!("{path}.role"), &spec.role, &Role::ALL, &[])
        .unwrap_or(Role::Covariate);
    let names: Vec<String> = spec.levels.iter().map(|(l, _)| l.value.clone()).collect();
    if let Some(at) = &spec.levels_at {
        low.place(format!("{path}.levels"), at);
    }
    if role == Role::Factor && names.len() < 2 {
        low.found.error(
            codes::MISSING_KEY,
            &spec.at,
            format!("{path} is a factor with {} levels", names.len()),
            "list its levels: {name: label, name: label}",
        );
    }
    if !names.is_empty() && (spec.min.is_some() || spec.max.is_some()) {
        low.found.error(
            codes::OUT_OF_DOMAIN,
            &spec.at,
            format!("{path} has both levels and a scale"),
            "a variable is either coded by levels or measured on a scale",
        );
    }
    let levels = Levels {
        names,
        ordered: low
            .keep(format!("{path}.ordered"), &spec.ordered)
            .unwrap_or(false),
    };
    let stages = [
        ("pre_treatment", Stage::PreTreatment),
        ("post_treatment", Stage::PostTreatment),
    ];
    VariablePlan {
        role,
        reference: reference(path, spec, &levels, low),
        probability: probability(path, spec, &levels, low),
        scale: scale(path, spec, low),
        stage: low.word(&format!("{path}.stage"), &spec.stage, &stages, &[]),
        pattern: pattern(path, spec, role, low),
        whole: low.keep(format!("{path}.whole"), &spec.whole).unwrap_or(false),
        levels,
    }
}

/// Texts and ids can have a pattern; what it matches, it matches whole.
fn pattern(path: &str, spec: &VariableSpec, role: Role, low: &mut Lowering<'_>) -> Option<String> {
    let pattern = spec.pattern.as_ref()?;
    low.place(format!("{path}.pattern"), &pattern.at);
    let readable = regex::RegexBuilder::new(&pattern.value)
        .size_limit(1 << 20)
        .build()
        .is_ok();
    if !readable || !matches!(role, Role::Id | Role::Text) {
        let (message, help) = if readable {
            (
                "belongs to ids and texts",
                "numbers have a `scale`, factors have `levels`",
            )
        } else {
            ("is no regular expression", "such as 'R_[A-Za-z0-9]{15}'")
        };
        low.found.error(
            codes::OUT_OF_DOMAIN,
            &pattern.at,
            format!("{path}.pattern {message}"),
            help,
        );
        return None;
    }
    Some(pattern.value.clone())
}

fn reference(path: &str, spec: &VariableSpec, levels: &Levels, low: &mut Lowering<'_>) -> Option<String> {
    let Some(reference) = &spec.reference else {
        return levels.names.first().cloned();
    };
    low.place(format!("{path}.reference"), &reference.at);
    if !levels.contains(&reference.value) {
        let message = format!("{path} has no level `{}`", reference.value);
        let known: Vec<&str> = levels.names.iter().map(String::as_str).collect();
        low.unknown(
            codes::UNKNOWN_LEVEL,
            &reference.value,
            &reference.at,
            message,
            known,
        );
    }
    Some(reference.value.clone())
}

fn scale(path: &str, spec: &VariableSpec, low: &mut Lowering<'_>) -> Option<Scale> {
    let at = spec.min.as_ref().or(spec.max.as_ref())?.at.clone();
    low.place(format!("{path}.scale"), &at);
    let scale = Scale {
        min: spec.min.as_ref().map(|m| m.value),
        max: spec.max.as_ref().map(|m| m.value),
    };
    if let (Some(min), Some(max)) = (scale.min, scale.max)
        && min >= max
    {
        low.found.error(
            codes::OUT_OF_DOMAIN,
            &at,
            format!("{path}.scale runs from {min} to {max}"),
            "the minimum is the smaller of the two",
        );
    }
    Some(scale)
}

/// An expression that is true, false or unknown of each row.
pub(super) fn condition(
    text: &Located<String>,
    path: &str,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Expr> {
    resolved(text, path, columns, low, Expr::resolve)
}

/// An expression that gives a number for each row.
pub(super) fn arithmetic(
    text: &Located<String>,
    path: &str,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Expr> {
    resolved(text, path, columns, low, Expr::resolve_number)
}

type Resolve = fn(&mut Expr, &dyn Fn(&str) -> Option<Kind>) -> Vec<Problem>;

fn resolved(
    text: &Located<String>,
    path: &str,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
    resolve: Resolve,
) -> Option<Expr> {
    low.place(path, &text.at);
    let mut expression = match Expr::parse(&text.value) {
        Ok(expression) => expression,
        Err(error) => {
            let at = match error.offset {
                Some(offset) => crate::plan::text::Unreadable::new("", offset).place(text),
                None => text.at.clone(),
            };
            low.found.error(
                codes::BAD_EXPRESSION,
                &at,
                format!("{path}: {}", error.message),
                "expressions compare registered columns: age < 18 or passed_check = 'failed'",
            );
            return None;
        }
    };
    let problems = resolve(&mut expression, &|name| columns.kind(name));
    for problem in &problems {
        match problem {
            Problem::UnknownColumn(name) => {
                columns.require(name, &text.at, path, low);
            }
            Problem::UnknownLevel { column, level, known } => {
                let message = format!("{path}: `{column}` has no level '{level}'");
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                low.unknown(codes::UNKNOWN_LEVEL, level, &text.at, message, known);
            }
            Problem::TypeMismatch(message) => low.found.error(
                codes::BAD_EXPRESSION,
                &text.at,
                format!("{path}: {message}"),
                "compare numbers with numbers and levels with 'levels in quotes'",
            ),
        }
    }
    problems.is_empty().then_some(expression)
}

/// The columns that a place may name: the variables and the derived variables before it.
pub(super) struct Columns<'a> {
    variables: &'a BTreeMap<String, VariablePlan>,
    derived: &'a [DerivedPlan],
    written: &'a Registration,
}

impl<'a> Columns<'a> {
    pub fn new(
        variables: &'a BTreeMap<String, VariablePlan>,
        derived: &'a [DerivedPlan],
        written: &'a Registration,
    ) -> Self {
        Columns {
            variables,
            derived,
            written,
        }
    }

    pub fn variables(&self) -> &'a BTreeMap<String, VariablePlan> {
        self.variables
    }

    pub fn variable(&self, name: &str) -> Option<&'a VariablePlan> {
        self.variables.get(name)
    }

    pub fn kind(&self, name: &str) -> Option<Kind> {
        if self.derived.iter().any(|d| d.name == name) {
            return Some(Kind::Number);
        }
        let variable = self.variables.get(name)?;
        Some(if !variable.levels.is_empty() {
            let spec = self.written.variables.iter().find(|(n, _)| n.value == name);
            let labels = spec.map(|(_, s)| s.levels.as_slice()).unwrap_or_default();
            Kind::Levels(
                labels
                    .iter()
                    .map(|(l, label)| (l.value.clone(), label.value.clone()))
                    .collect(),
            )
        } else if matches!(variable.role, Role::Id | Role::Time | Role::Text) {
            Kind::Text
        } else {
            Kind::Number
        })
    }

    /// Whether the column exists; reports it if not.
    pub fn require(&self, name: &str, at: &Place, path: &str, low: &Lowering<'_>) -> bool {
        if self.kind(name).is_some() {
            return true;
        }
        if self.written.derived.iter().any(|(d, _)| d.value == name) {
            low.found.error(
                codes::CYCLIC_DERIVATION,
                at,
                format!("{path} needs `{name}`, which is derived from it or after it"),
                "derived variables are computed in order: put the one that is needed first",
            );
            return false;
        }
        let names: Vec<&str> = self
            .variables
            .keys()
            .map(String::as_str)
            .chain(self.derived.iter().map(|d| d.name.as_str()))
            .collect();
        let message = format!("{path}: there is no variable `{name}`");
        low.unknown(codes::UNKNOWN_VARIABLE, name, at, message, names);
        false
    }

    pub fn require_number(&self, name: &str, at: &Place, path: &str, low: &Lowering<'_>) -> bool {
        if !self.require(name, at, path, low) {
            return false;
        }
        let number = matches!(self.kind(name), Some(Kind::Number));
        if !number {
            low.found.error(
                codes::WRONG_TYPE,
                at,
                format!("{path}: `{name}` is not a number"),
                "give it a `scale` instead of `levels`",
            );
        }
        number
    }

    pub fn has_unit(&self) -> bool {
        self.written.design.unit.is_some()
    }

    pub fn has_both_ends(&self, name: &str) -> bool {
        let scale = self.variables.get(name).and_then(|v| v.scale);
        scale.is_some_and(|s| s.min.is_some() && s.max.is_some())
    }

    /// A level of a factor, as named or by its label; reports it if there is none such.
    pub fn level(
        &self,
        factor: &str,
        level: &str,
        at: &Place,
        path: &str,
        low: &Lowering<'_>,
    ) -> Option<String> {
        let Some(Kind::Levels(levels)) = self.kind(factor) else {
            low.found.error(
                codes::WRONG_TYPE,
                at,
                format!("{path}: `{factor}` has no levels"),
                "name a factor here",
            );
            return None;
        };
        if levels.iter().any(|(name, _)| name == level) {
            return Some(level.to_owned());
        }
        let message = format!("{path}: `{factor}` has no level `{level}`");
        let names: Vec<&str> = levels.iter().map(|(n, _)| n.as_str()).collect();
        low.unknown(codes::UNKNOWN_LEVEL, level, at, message, names);
        None
    }
}
