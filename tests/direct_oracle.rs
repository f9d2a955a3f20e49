//! One sample, pairs, two groups, tables, correlations, spreads and analyses of variance, from the registration to the
//! record, against R, car and scipy on drawn data (`tests/oracle/direct.R`, `direct.py`): small and exact, tied, large, far
//! into the tails.
//!
//! Tolerances: 1e-9 relative, 1e-6 for p on the log scale.

mod reference;

use asregistered::inference::Outcomes;
use asregistered::record::TestResult;
use reference::analyse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const SETS: [&str; 8] = [
    "nine",
    "small",
    "fortynine",
    "fifty",
    "tied",
    "tied_large",
    "far",
    "large",
];
const SIDES: [&str; 3] = ["two_sided", "greater", "less"];

/// Reference name, estimator, formula, the test's own words, and whether it has sides.
const KINDS: [(&str, &str, &str, &str, bool); 28] = [
    (
        "one_t",
        "one_sample_t",
        "y ~ 1",
        "parameter: mean, null: 0.3",
        true,
    ),
    ("paired_t", "paired_t", "y - z ~ 1", "parameter: mean", true),
    (
        "one_rank",
        "signed_rank",
        "y ~ 1",
        "parameter: pseudomedian, null: 0.3",
        true,
    ),
    (
        "paired_rank",
        "signed_rank",
        "y - z ~ 1",
        "parameter: pseudomedian",
        true,
    ),
    (
        "binomial",
        "binomial",
        "u ~ 1",
        "parameter: proportion, null: 0.3",
        true,
    ),
    (
        "one_proportion",
        "one_proportion",
        "u ~ 1",
        "parameter: proportion, null: 0.3",
        true,
    ),
    (
        "one_proportion_corrected",
        "one_proportion_corrected",
        "u ~ 1",
        "parameter: proportion, null: 0.3",
        true,
    ),
    ("mcnemar", "mcnemar", "u - w ~ 1", "parameter: proportion", false),
    (
        "mcnemar_corrected",
        "mcnemar_corrected",
        "u - w ~ 1",
        "parameter: proportion",
        false,
    ),
    (
        "two_proportions",
        "two_proportions",
        "u ~ g",
        "of: g, contrast: a - b",
        true,
    ),
    (
        "two_proportions_corrected",
        "two_proportions_corrected",
        "u ~ g",
        "of: g, contrast: a - b",
        true,
    ),
    ("fisher", "fisher_exact", "u ~ g", "of: g, contrast: a - b", true),
    (
        "fisher_two",
        "fisher_exact",
        "u ~ g",
        "of: g, contrast: a - b, null: 2",
        true,
    ),
    ("fisher_table", "fisher_exact", "c ~ h", "joint: h", false),
    ("fisher_wide", "fisher_exact", "c ~ g", "joint: g", false),
    (
        "ks",
        "kolmogorov_smirnov",
        "y ~ g",
        "of: g, contrast: a - b",
        true,
    ),
    (
        "uncorrected",
        "mann_whitney_uncorrected",
        "y ~ g",
        "of: g, contrast: a - b",
        true,
    ),
    ("pearson", "pearson", "y ~ z", "parameter: correlation", true),
    ("spearman", "spearman", "y ~ z", "parameter: correlation", true),
    ("kendall", "kendall", "y ~ z", "parameter: correlation", true),
    ("levene_mean", "levene", "y ~ h", "joint: h", false),
    ("levene_median", "brown_forsythe", "y ~ h", "joint: h", false),
    ("one_way", "ols", "y ~ h", "", false),
    ("crossed", "ols", "y ~ g * h", "", false),
    ("swapped", "ols", "y ~ h * g", "", false),
    ("covariate", "ols", "y ~ z + g * h", "", false),
    ("slopes", "ols", "y ~ g * z + h", "", false),
    ("student", "student_t", "y ~ g", "of: g, contrast: a - b", true),
];

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name)
}

/// (set, test, side or type, quantity, value)
fn expected(name: &str) -> Vec<[String; 5]> {
    let text = std::fs::read_to_string(file(name)).unwrap();
    text.lines()
        .skip(2)
        .map(|line| {
            let cells: Vec<String> = line.split(',').map(|c| c.trim().to_owned()).collect();
            cells.try_into().unwrap()
        })
        .collect()
}

fn outcomes() -> Outcomes {
    let mut text = String::from(
        "
asregistered: 1
study: {id: direct, timing: after_access}
design: {kind: between_subjects}
variables:
  set: {role: factor, levels: [nine, small, fortynine, fifty, tied, tied_large, far, large]}
  y: {role: outcome}
  z: {role: outcome}
  u: {role: outcome}
  w: {role: outcome}
  c: {role: outcome}
  g: {role: factor, levels: [a, b], reference: b}
  h: {role: factor, levels: [p, q, r], reference: r}
missing: {outcome: fail}
models:
",
    );
    let mut tests = String::from("tests:\n");
    for set in SETS {
        for (name, estimator, formula, words, sided) in KINDS {
            let more = match estimator {
                "ols" if formula.contains('g') => "vcov: classical, contrasts: {g: sum, h: sum}",
                "ols" => "vcov: classical, contrasts: {h: sum}",
                _ => "vcov: none",
            };
            text.push_str(&format!(
                "  {set}.{name}: {{estimator: {estimator}, formula: {formula}, {more}, subset: \"set = '{set}'\"}}\n"
            ));
            let base = format!("{{model: {set}.{name}, alpha: 0.05");
            if estimator == "ols" {
                for term in ["g", "h", "z", "g:h", "g:z"] {
                    if has(formula, term) {
                        for kind in ["I", "II", "III"] {
                            tests.push_str(&format!("  {set}.{name}.{term}.{kind}: {base}, anova: {{term: \"{term}\", type: {kind}}}}}\n").replacen(term, &id(term), 1));
                        }
                    }
                }
            } else if sided {
                for side in SIDES {
                    tests.push_str(&format!(
                        "  {set}.{name}.{side}: {base}, {words}, alternative: {side}}}\n"
                    ));
                }
            } else if name != "fisher_table" || !matches!(set, "tied_large" | "far" | "large") {
                tests.push_str(&format!("  {set}.{name}.two_sided: {base}, {words}}}\n"));
            }
        }
    }
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: nine.one_t.greater}}\n";
    analyse(&format!("{text}{tests}{one}"), &file("direct_data.csv"))
}

/// A term as a part of a test's id, whatever the order of its factors.
fn id(term: &str) -> String {
    let mut parts: Vec<&str> = term.split(':').collect();
    parts.sort_unstable();
    parts.join("_x_")
}

fn has(formula: &str, term: &str) -> bool {
    let (left, right) = term.split_once(':').unwrap_or((term, term));
    let crossed = [format!("{left} * {right}"), format!("{right} * {left}")];
    match term.contains(':') {
        true => crossed.iter().any(|c| formula.contains(c.as_str())),
        false => formula.split_once(" ~ ").unwrap().1.contains(term),
    }
}

/// What differs, if anything does.
fn differs(found: &TestResult, quantity: &str, value: f64) -> Option<String> {
    let df = |at: usize| found.df.as_ref().and_then(|df| df.get(at)).copied();
    let ours = match quantity {
        "p" => found.p_value,
        "statistic" | "F" => found.statistic,
        "estimate" => found.estimate,
        "low" => found.conf_low,
        "high" => found.conf_high,
        "df" | "df1" => df(0),
        "df2" => df(1),
        _ => None,
    };
    let Some(ours) = ours else {
        return Some(format!("nothing, not {value:e}: {:?}", found.note));
    };
    let near = match quantity {
        "p" => (ours.ln() - value.ln()).abs() < 1e-6 || (ours == 0.0 && value < 1e-300),
        // A statistic of zero is zero but for the other's rounding.
        _ => (ours - value).abs() <= 1e-9 * value.abs().max(1e-6),
    };
    (!near).then(|| format!("{ours:e} is not {value:e}"))
}

#[test]
fn r_car_and_scipy_give_the_same() {
    let outcomes = outcomes();
    let (mut compared, mut kinds, mut wrong) = (0, BTreeSet::new(), Vec::new());
    for name in ["direct.csv", "direct_scipy.csv"] {
        for [set, test, side, quantity, value] in expected(name) {
            // R gives the number of rows as the binomial's parameter, which it has not.
            if test == "binomial" && quantity == "df" {
                continue;
            }
            let key = match set.contains('.') {
                true => format!("{set}.{}.{side}", id(&test)),
                false => format!("{set}.{test}.{side}"),
            };
            let found = outcomes
                .tests
                .get(&key)
                .unwrap_or_else(|| panic!("{key} is missing"));
            let value: f64 = value.parse().unwrap();
            if let Some(how) = differs(found, &quantity, value) {
                wrong.push(format!("{name} {key} {quantity}: {how}"));
            }
            kinds.insert(if set.contains('.') { side } else { test });
            compared += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {compared}: {wrong:#?}", wrong.len());
    assert!(compared > 2000 && kinds.len() > 24, "{compared} of {kinds:?}");
}
