//! `missing:`.

use super::Lowering;
use crate::diagnostic::codes;
use crate::plan::{MissingRule, Plan, Role};
use crate::spec::registration::Registration;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn missing(written: &Registration, low: &mut Lowering<'_>) -> BTreeMap<Role, MissingRule> {
    let words = [
        ("drop_from_test", MissingRule::DropFromTest),
        ("drop_from_study", MissingRule::DropFromStudy),
        ("fail", MissingRule::Fail),
        ("indicator", MissingRule::Indicator),
        ("multiple_imputation", MissingRule::MultipleImputation),
    ];
    let mut all = BTreeMap::new();
    for (role, rule) in &written.missing {
        let path = format!("missing.{}", role.value);
        let known = crate::spec::fields::word(role, "missing", &Role::ALL, low.found);
        let rule_value = low.word(&path, &Some(rule.clone()), &words, &[]);
        let (Some(role_value), Some(rule_value)) = (known, rule_value) else {
            continue;
        };
        let fills = matches!(
            rule_value,
            MissingRule::Indicator | MissingRule::MultipleImputation
        );
        if fills && role_value.value != Role::Covariate {
            low.found.error(
                codes::OUT_OF_DOMAIN,
                &rule.at,
                format!("{path}: only missing covariates can be filled in"),
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
                        ", indicator or multiple_imputation"
                    } else {
                        ""
                    }
                ),
            );
        }
    }
}
