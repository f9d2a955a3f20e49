//! `exclusions:`, `missing:` and `models:`.

use super::Lowering;
use super::codebook::{Columns, condition};
use crate::diagnostic::{Diagnostic, codes};

use crate::plan::{Estimator, ExclusionPlan, Formula, MissingRule, ModelPlan, Plan, Role, Stage, Vcov};
use crate::spec::Located;
use crate::spec::model::ModelSpec;
use crate::spec::registration::Registration;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn exclusions(
    written: &Registration,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Vec<ExclusionPlan> {
    let mut all: Vec<ExclusionPlan> = Vec::new();
    for spec in &written.exclusions {
        let (Some(id), Some(text)) = (&spec.id, &spec.drop_if) else {
            continue;
        };
        let path = format!("exclusions.{}", id.value);
        low.place(&path, &id.at);
        if all.iter().any(|e| e.id == id.value) {
            low.found.error(
                codes::DUPLICATE_KEY,
                &id.at,
                format!("two exclusions are called `{}`", id.value),
                "give each its own id",
            );
        }
        if let Some(drop_if) = condition(text, &format!("{path}.drop_if"), columns, low) {
            post_treatment(&drop_if, &path, text, columns, low);
            all.push(ExclusionPlan {
                id: id.value.clone(),
                drop_if,
            });
        }
    }
    all
}

/// Excluding by what treatment may have changed breaks the comparison that randomisation made.
fn post_treatment(
    drop_if: &crate::plan::Expr,
    path: &str,
    text: &Located<String>,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) {
    for name in drop_if.columns() {
        let after = columns
            .variable(&name)
            .is_some_and(|v| v.stage == Some(Stage::PostTreatment));
        if after {
            low.found.add(
                Diagnostic::warning(
                    codes::POST_TREATMENT,
                    format!("{path} excludes by `{name}`, which is measured after treatment"),
                )
                .at(text.at.clone())
                .help("exclude by pre-treatment variables (Montgomery, Nyhan & Torres 2018, doi:10.1111/ajps.12357)"),
            );
        }
    }
}

pub(super) fn missing(written: &Registration, low: &mut Lowering<'_>) -> BTreeMap<Role, MissingRule> {
    let words = [
        ("drop_from_test", MissingRule::DropFromTest),
        ("drop_from_study", MissingRule::DropFromStudy),
        ("fail", MissingRule::Fail),
        ("indicator", MissingRule::Indicator),
    ];
    let mut all = BTreeMap::new();
    for (role, rule) in &written.missing {
        let path = format!("missing.{}", role.value);
        let known = crate::spec::fields::word(role, "missing", &Role::ALL, low.found);
        let rule_value = low.word(&path, &Some(rule.clone()), &words, &["multiple_imputation"]);
        let (Some(role_value), Some(rule_value)) = (known, rule_value) else {
            continue;
        };
        if rule_value == MissingRule::Indicator && role_value.value != Role::Covariate {
            low.found.error(
                codes::OUT_OF_DOMAIN,
                &rule.at,
                format!("{path}: an indicator can stand for a missing covariate alone"),
                "choose drop_from_test, drop_from_study or fail",
            );
        }
        all.insert(role_value.value, rule_value);
    }
    all
}

/// Variances and estimators that a later version runs.
const LATER_VCOV: [&str; 11] = [
    "HC4",
    "CR0",
    "CR1",
    "CR1S",
    "stata",
    "CR2",
    "CR3",
    "bootstrap",
    "jackknife",
    "robust",
    "two_way",
];
const LATER_ESTIMATOR: [&str; 11] = [
    "wls",
    "logit",
    "probit",
    "cloglog",
    "poisson",
    "ordered_logit",
    "ordered_probit",
    "multinomial",
    "mixed",
    "difference_in_means",
    "lin",
];

pub(super) fn models(
    written: &Registration,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> BTreeMap<String, ModelPlan> {
    let mut all = BTreeMap::new();
    for (name, spec) in &written.models {
        let path = format!("models.{}", name.value);
        low.place(&path, &name.at);
        if let Some(model) = model(&path, spec, columns, low) {
            all.insert(name.value.clone(), model);
        }
    }
    all
}

fn model(path: &str, spec: &ModelSpec, columns: &Columns<'_>, low: &mut Lowering<'_>) -> Option<ModelPlan> {
    let estimator = low.word(
        &format!("{path}.estimator"),
        &spec.estimator,
        &[("ols", Estimator::Ols)],
        &LATER_ESTIMATOR,
    );
    let vcov = low.word(&format!("{path}.vcov"), &spec.vcov, &Vcov::ALL, &LATER_VCOV);
    let subset = match &spec.subset {
        Some(text) => Some(condition(text, &format!("{path}.subset"), columns, low)?),
        None => None,
    };
    let formula = formula(path, spec.formula.as_ref()?, columns, low)?;
    Some(ModelPlan {
        estimator: estimator?,
        formula,
        vcov: vcov?,
        subset,
    })
}

fn formula(
    path: &str,
    text: &Located<String>,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Formula> {
    let path = format!("{path}.formula");
    low.place(&path, &text.at);
    let formula = match Formula::parse(&text.value) {
        Ok(formula) => formula,
        Err(error) => {
            low.found.error(
                codes::BAD_FORMULA,
                &error.place(text),
                format!("{path}: {}", error.message),
                "formulas are R's: approval ~ us_response * (regime + treaty)",
            );
            return None;
        }
    };
    let mut known = columns.require_number(&formula.outcome, &text.at, &path, low);
    let mut seen = BTreeSet::new();
    for atom in formula.terms.iter().flat_map(|t| &t.0) {
        if !seen.insert(atom.clone()) {
            continue;
        }
        known &= columns.require(atom.column(), &text.at, &path, low);
        if atom.column() == formula.outcome {
            low.found.error(
                codes::BAD_FORMULA,
                &text.at,
                format!("{path}: the outcome stands on both sides"),
                "take it out of the right-hand side",
            );
            known = false;
        }
        let text_column = matches!(
            columns.kind(atom.column()),
            Some(crate::plan::expression::Kind::Text)
        );
        if text_column {
            low.found.error(
                codes::WRONG_TYPE,
                &text.at,
                format!("{path}: `{}` is text", atom.column()),
                "only factors and numbers can be in a model",
            );
            known = false;
        }
    }
    known.then_some(formula)
}

/// A model may not use a role whose missing values have no registered rule.
pub(super) fn missing_rules_present(plan: &Plan, written: &Registration, low: &Lowering<'_>) {
    let mut reported = BTreeSet::new();
    for (name, spec) in &written.models {
        let Some(model) = plan.models.get(&name.value) else {
            continue;
        };
        for column in model.formula.columns() {
            let role = match plan.variables.get(column) {
                Some(variable) => variable.role,
                None if column == model.formula.outcome => Role::Outcome,
                None => Role::Covariate,
            };
            let role = if role == Role::Check {
                Role::Covariate
            } else {
                role
            };
            if role == Role::Factor || plan.missing.contains_key(&role) || !reported.insert(role) {
                continue;
            }
            let at = spec.formula.as_ref().map_or(&spec.at, |f| &f.at);
            low.found.error(
                codes::MISSING_RULE_ABSENT,
                at,
                format!(
                    "models.{} uses `{column}`, but no rule is registered for missing values of the role {}",
                    name.value,
                    role.word()
                ),
                format!(
                    "write under `missing:` {}: drop_from_test, drop_from_study or fail{}",
                    role.word(),
                    if role == Role::Covariate {
                        ", or indicator"
                    } else {
                        ""
                    }
                ),
            );
        }
    }
}
