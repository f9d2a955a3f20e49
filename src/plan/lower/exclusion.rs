//! `exclusions:`: conditions, repeated rows, outlying values.

use super::Lowering;
use super::codebook::{Columns, condition};
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::plan::{ExclusionPlan, ExclusionRule, Keep, OutlierMethod, Role, Stage};
use crate::spec::Located;
use crate::spec::exclusion::{DuplicatesSpec, ExclusionRuleSpec, OutliersSpec};
use crate::spec::registration::Registration;
use std::collections::BTreeSet;

pub(super) fn exclusions(
    written: &Registration,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Vec<ExclusionPlan> {
    let mut all: Vec<ExclusionPlan> = Vec::new();
    for spec in &written.exclusions {
        let (Some(id), Some(spec)) = (&spec.id, &spec.rule) else {
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
        let lowered = match spec {
            ExclusionRuleSpec::DropIf(text) => condition(text, &format!("{path}.drop_if"), columns, low)
                .map(|e| (ExclusionRule::DropIf(e), &text.at)),
            ExclusionRuleSpec::Duplicates(spec) => {
                duplicates(&format!("{path}.duplicates"), spec, columns, low).map(|r| (r, &spec.at))
            }
            ExclusionRuleSpec::Outliers(spec) => {
                outliers(&format!("{path}.outliers"), spec, columns, low).map(|r| (r, &spec.at))
            }
        };
        if let Some((rule, at)) = lowered {
            post_treatment(&rule, &path, at, columns, low);
            all.push(ExclusionPlan {
                id: id.value.clone(),
                rule,
            });
        }
    }
    all
}

fn duplicates(
    path: &str,
    spec: &DuplicatesSpec,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<ExclusionRule> {
    low.place(path, &spec.at);
    let keep = low.word(&format!("{path}.keep"), &spec.keep, &Keep::ALL, &[])?;
    let by = names(path, &spec.by, low);
    if by.is_empty() {
        low.found.error(
            codes::MISSING_KEY,
            &spec.at,
            format!("{path}.by names no column"),
            "list the columns in which repeated rows agree: [id]",
        );
        return None;
    }
    let known = spec
        .by
        .iter()
        .all(|name| columns.require(&name.value, &name.at, path, low));
    known.then_some(ExclusionRule::Duplicates { by, keep })
}

fn outliers(
    path: &str,
    spec: &OutliersSpec,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<ExclusionRule> {
    low.place(path, &spec.at);
    let words = format!("{path}.method");
    let method = low.word(&words, &spec.method, &OutlierMethod::ALL, &["cooks"]);
    let cutoff = low.keep(format!("{path}.cutoff"), &spec.cutoff)?;
    if cutoff <= 0.0 {
        low.found.error(
            codes::OUT_OF_DOMAIN,
            spec.cutoff.as_ref().map_or(&spec.at, |c| &c.at),
            format!("{path}.cutoff: {cutoff} is no distance"),
            "write a number above 0",
        );
    }
    let of = spec.of.as_ref()?;
    let mut known = columns.require_number(&of.value, &of.at, path, low);
    for factor in &spec.within {
        known &= columns.require(&factor.value, &factor.at, path, low);
        if known
            && columns
                .variable(&factor.value)
                .is_none_or(|v| v.levels.is_empty())
        {
            low.found.error(
                codes::WRONG_TYPE,
                &factor.at,
                format!("{path}.within: `{}` has no levels", factor.value),
                "name factors here",
            );
            known = false;
        }
    }
    let within = names(path, &spec.within, low);
    known.then_some(ExclusionRule::Outliers {
        of: of.value.clone(),
        method: method?,
        cutoff,
        within,
    })
}

/// Names in the order of the alphabet, each once: their order means nothing.
fn names(path: &str, written: &[Located<String>], low: &Lowering<'_>) -> Vec<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for name in written {
        if !names.insert(name.value.clone()) {
            low.found.error(
                codes::DUPLICATE_KEY,
                &name.at,
                format!("{path} names `{}` twice", name.value),
                "keep one of the two",
            );
        }
    }
    names.into_iter().collect()
}

/// Excluding by what treatment may have changed breaks the comparison that randomisation made.
fn post_treatment(rule: &ExclusionRule, path: &str, at: &Place, columns: &Columns<'_>, low: &Lowering<'_>) {
    let warn = |message: String, help: &str| {
        let warning = Diagnostic::warning(codes::POST_TREATMENT, message);
        low.found.add(warning.at(at.clone()).help(help));
    };
    for name in rule.columns() {
        let after = columns
            .variable(&name)
            .is_some_and(|v| v.stage == Some(Stage::PostTreatment));
        if after {
            warn(
                format!("{path} excludes by `{name}`, which is measured after treatment"),
                "exclude by pre-treatment variables (Montgomery, Nyhan & Torres 2018, doi:10.1111/ajps.12357)",
            );
        }
    }
    let ExclusionRule::Outliers { within, .. } = rule else {
        return;
    };
    let assigned = |name: &&String| {
        let variable = columns.variable(name);
        variable.is_some_and(|v| v.role == Role::Factor && v.probability.is_some())
    };
    if let Some(factor) = within.iter().find(assigned) {
        warn(
            format!("{path} looks for outliers within each `{factor}`, which was assigned"),
            "look for them over all arms: within arms they make false positives (André 2022, doi:10.1037/xge0001069)",
        );
    }
}
