//! The files beside the report: full precision, for programs and spreadsheets.

use crate::record::{Record, TestState};

/// `record.json`, one key a line.
pub fn record_json(record: &Record) -> String {
    serde_json::to_string_pretty(record)
        .map(|text| text + "\n")
        .unwrap_or_default()
}

/// `tests.csv`, with broom's column names first.
pub fn tests_csv(record: &Record) -> String {
    let head = [
        "term",
        "estimate",
        "std.error",
        "statistic",
        "df",
        "p.value",
        "conf.low",
        "conf.high",
        "p.adjusted",
        "n",
        "hypothesis",
        "family",
        "state",
        "model",
        "vcov",
        "alternative",
        "alpha",
        "rejects",
        "estimand",
        "note",
        "method",
        "exploratory",
        "effect.size",
        "effect.estimate",
        "effect.conf.low",
        "effect.conf.high",
        "bayes.factor.prior",
        "log.bayes.factor",
        "conf.level",
    ];
    let mut out = line(&head.map(str::to_owned));
    let number = |v: Option<f64>| v.map(|v| v.to_string()).unwrap_or_default();
    let planned = record.observed.tests.iter().map(|test| (test, false));
    let explored = record.observed.exploratory.tests.iter().map(|test| (test, true));
    for (test, exploratory) in planned.chain(explored) {
        let r = &test.result;
        let (size, factor) = (r.effect_size.as_ref(), r.bayes_factor.as_ref());
        let state = match test.state {
            TestState::AsRegistered => "as_registered",
            TestState::Deviated => "deviated",
            TestState::NotRun => "not_run",
            TestState::NotRegistered => "not_registered",
        };
        let df =
            r.df.as_deref()
                .unwrap_or_default()
                .iter()
                .map(f64::to_string)
                .collect::<Vec<_>>()
                .join(";");
        out.push_str(&line(&[
            test.id.clone(),
            number(r.estimate),
            number(r.std_error),
            number(r.statistic),
            df,
            number(r.p_value),
            number(r.conf_low),
            number(r.conf_high),
            number(r.p_adjusted),
            r.n.map(|n| n.to_string()).unwrap_or_default(),
            test.hypothesis.clone().unwrap_or_default(),
            test.family.clone().unwrap_or_default(),
            state.to_owned(),
            test.model.clone(),
            r.vcov.clone(),
            r.alternative.clone(),
            number(Some(r.alpha)),
            r.rejects.map(|b| b.to_string()).unwrap_or_default(),
            test.estimand.clone(),
            r.note.clone().unwrap_or_default(),
            r.method.clone().unwrap_or_default(),
            exploratory.to_string(),
            size.map(|s| s.name.clone()).unwrap_or_default(),
            number(size.and_then(|s| s.estimate)),
            number(size.and_then(|s| s.conf_low)),
            number(size.and_then(|s| s.conf_high)),
            factor.map(|b| b.prior.clone()).unwrap_or_default(),
            number(factor.and_then(|b| b.log_bf10)),
            number(r.conf_low.map(|_| r.conf_level)),
        ]));
    }
    out
}

/// `deviations.csv`: the Willroth–Atherton table.
pub fn deviations_csv(record: &Record) -> String {
    let head = [
        "code",
        "deviation",
        "category",
        "of",
        "message",
        "registered",
        "executed",
        "where",
        "tests",
        "hypotheses",
        "disclosed",
        "reason",
        "decided",
        "explanation",
        "impact",
        "verdict.flips",
        "flips.alone",
    ];
    let mut out = line(&head.map(str::to_owned));
    for d in &record.deviations {
        let disclosure = d.disclosure.as_ref();
        let text = |f: fn(&crate::record::Disclosure) -> &String| {
            disclosure.map(|d| f(d).clone()).unwrap_or_default()
        };
        out.push_str(&line(&[
            d.code.clone(),
            d.slug.clone(),
            d.category.clone(),
            d.of.clone(),
            d.message.clone(),
            d.registered.clone().unwrap_or_default(),
            d.executed.clone().unwrap_or_default(),
            d.at.iter()
                .chain(&d.registered_at)
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; "),
            d.tests.join("; "),
            d.hypotheses.join("; "),
            d.disclosed.to_string(),
            text(|d| &d.reason),
            text(|d| &d.decided),
            text(|d| &d.explanation),
            text(|d| &d.impact),
            d.effects.iter().any(|e| e.verdict_flips).to_string(),
            flips_alone(d),
        ]));
    }
    out
}

/// The hypotheses whose verdict one deviation flips by itself.
fn flips_alone(deviation: &crate::record::Deviation) -> String {
    let flips = deviation.alone.iter().flat_map(|alone| &alone.flips);
    flips.map(|f| f.hypothesis.clone()).collect::<Vec<_>>().join("; ")
}

pub(super) fn line(cells: &[String]) -> String {
    let mut out = cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(",");
    out.push('\n');
    out
}

/// Quoted where needed. Text that a spreadsheet would run as a formula gets an apostrophe before it.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.parse::<f64>().is_err();
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-0.5"), "-0.5");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
