//! `alternative:` and the level of the interval that goes with it.

use super::Lowering;
use crate::diagnostic::codes;
use crate::plan::{Alternative, Better};
use crate::spec::Located;
use crate::spec::model::{AlternativeSpec, TestSpec};

/// The alternative; `joint` tests have only one.
pub(super) fn alternative(
    path: &str,
    spec: &TestSpec,
    is_joint: bool,
    low: &mut Lowering<'_>,
) -> Option<Alternative> {
    let path = format!("{path}.alternative");
    let Some(written) = &spec.alternative else {
        if !is_joint {
            low.convention(
                &spec.at,
                format!("{} is two-sided", path.trim_end_matches(".alternative")),
                "write `alternative: two_sided`, greater or less",
            );
        }
        return Some(Alternative::TwoSided);
    };
    low.place(&path, &written.word.at);
    match written.word.value.as_str() {
        "equivalent" => {
            let low_end = needed(&path, "low", &written.low, written, low);
            let high_end = needed(&path, "high", &written.high, written, low);
            let (from, to) = (low_end?, high_end?);
            if from >= to {
                return refuse(&path, written, "`low` must be below `high`", low);
            }
            null_unused(&path, spec, low);
            Some(Alternative::Equivalent { low: from, high: to })
        }
        word @ ("not_inferior" | "superior") => {
            let margin = needed(&path, "margin", &written.margin, written, low)?;
            if margin <= 0.0 {
                return refuse(&path, written, "the margin is a distance: write it positive", low);
            }
            null_unused(&path, spec, low);
            let better = better(&path, written, low);
            Some(match word {
                "superior" => Alternative::Superior { margin, better },
                _ => Alternative::NotInferior { margin, better },
            })
        }
        _ => {
            let words = [
                ("two_sided", Some(Alternative::TwoSided)),
                ("greater", Some(Alternative::Greater)),
                ("less", Some(Alternative::Less)),
                ("equivalent", None),
                ("not_inferior", None),
                ("superior", None),
            ];
            low.word(&path, &Some(written.word.clone()), &words, &[])?
        }
    }
}

fn better(path: &str, written: &AlternativeSpec, low: &mut Lowering<'_>) -> Better {
    let chosen = low.word(&format!("{path}.better"), &written.better, &Better::ALL, &[]);
    if written.better.is_none() {
        low.convention(
            &written.word.at,
            format!("{path}: higher is better"),
            "write `better: higher` or `better: lower` beside the margin",
        );
    }
    chosen.unwrap_or(Better::Higher)
}

fn needed(
    path: &str,
    key: &str,
    value: &Option<Located<f64>>,
    written: &AlternativeSpec,
    low: &mut Lowering<'_>,
) -> Option<f64> {
    match value {
        Some(value) => {
            low.place(format!("{path}.{key}"), &value.at);
            Some(value.value)
        }
        None => {
            low.found.error(
                codes::MISSING_KEY,
                &written.word.at,
                format!("{path}: `{}` needs `{key}`", written.word.value),
                "such as {equivalent: {low: -0.2, high: 0.2}} or {not_inferior: {margin: 0.3, better: higher}}",
            );
            None
        }
    }
}

fn refuse(path: &str, written: &AlternativeSpec, message: &str, low: &Lowering<'_>) -> Option<Alternative> {
    low.found.error(
        codes::OUT_OF_DOMAIN,
        &written.word.at,
        format!("{path}: {message}"),
        "margins are in the unit of the estimand",
    );
    None
}

/// The margins are the null values; another one beside them would say two things.
fn null_unused(path: &str, spec: &TestSpec, low: &Lowering<'_>) {
    if let Some(null) = &spec.null {
        low.found.error(
            codes::UNKNOWN_KEY,
            &null.at,
            format!("{path}: `null` stands beside margins, which are the null values"),
            "remove `null`",
        );
    }
}

/// Says so where an interval at the usual level can hold the null of a test that rejects, or leave out that of one that
/// does not.
pub(super) fn noted(
    path: &str,
    spec: &TestSpec,
    alternative: Option<Alternative>,
    alpha: Option<f64>,
    low: &mut Lowering<'_>,
) {
    let (Some(alternative), Some(alpha)) = (alternative, alpha) else {
        return;
    };
    let mirrors = match alternative {
        Alternative::TwoSided => 1.0 - alpha,
        Alternative::NotInferior { .. } | Alternative::Superior { .. } => 1.0 - 2.0 * alpha,
        _ => return,
    };
    if mirrors > 0.0 && (mirrors - 0.95).abs() > 1e-12 {
        let percent = (mirrors * 1e4).round() / 1e2;
        low.convention(
            &spec.at,
            format!("the interval of {path} is at 95%, its test at alpha {alpha}"),
            &format!(
                "write conf_level: {} for the {percent}% interval that agrees with the test, or 0.95",
                percent / 1e2
            ),
        );
    }
}

/// The level of the interval: 0.95 unless written; 1 − 2α for equivalence, whose two tests it mirrors.
pub(super) fn conf_level(alternative: Option<Alternative>, alpha: Option<f64>) -> f64 {
    match (alternative, alpha) {
        (Some(Alternative::Equivalent { .. }), Some(alpha)) if alpha < 0.5 => 1.0 - 2.0 * alpha,
        _ => 0.95,
    }
}
