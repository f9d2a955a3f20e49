//! `exclusions:` and `missing:`.

use super::Lowering;
use super::codebook::{Columns, condition};
use crate::diagnostic::{Diagnostic, codes};

use crate::plan::{ExclusionPlan, MissingRule, Plan, Role, Stage};
use crate::spec::Located;
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

/// A model may not use a role whose missing values have no registered rule.
pub(super) fn missing_rules_present(plan: &Plan, written: &Registration, low: &Lowering<'_>) {
    let mut reported = BTreeSet::new();
    for (name, spec) in &written.models {
        let Some(model) = plan.models.get(&name.value) else {
            continue;
        };
        for column in model.columns() {
            let role = plan.role_in(model, column);
            if matches!(role, Role::Factor | Role::Id)
                || plan.missing.contains_key(&role)
                || !reported.insert(role)
            {
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
