//! Effect sizes from the registration to the record, against effectsize and base R.
//!
//! Estimates to 1e-9; interval ends to 1e-7, which is what R's noncentral tails give (its noncentral F stops at 1e-9)
//! (`tests/oracle/effect_sizes.R`).

mod reference;

use asregistered::record::{EffectSize, TestResult};
use reference::{SURVEY, analyse, close, lowered, near, shared};
use std::collections::BTreeMap;

const ONE: &str = "hypotheses: {H: {statement: s, status: primary, corroborated_if: t0}}\n";
/// The survey's codebook, with references where a two by two table needs them.
fn survey() -> String {
    SURVEY.replace(
        "levels: [formal, none]",
        "levels: [none, formal], reference: none",
    )
}

/// Identifier in the reference, model and test.
fn cases() -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for (model, extra) in [
        (
            "estimator: student_t, formula: approval ~ us_response, vcov: none",
            "",
        ),
        (
            "estimator: difference_in_means, formula: approval ~ us_response, vcov: HC2",
            " subset",
        ),
        ("estimator: ols, formula: approval ~ us_response, vcov: HC3", ""),
    ] {
        for size in ["cohens_d", "hedges_g", "glass_delta", "r"] {
            if size == "r" && !model.contains("student") {
                continue;
            }
            for arm in ["denounce", "sanctions", "reduce_aid", "terminate"] {
                for level in ["0.95", "0.9"] {
                    let only = format!(", subset: \"us_response = '{arm}' or us_response = 'status_quo'\"");
                    let only = if extra.is_empty() { "" } else { only.as_str() };
                    all.push((
                        format!("{size} {arm} {level}"),
                        format!("{model}{only}"),
                        format!("of: us_response, contrast: {arm} - status_quo, conf_level: {level}, effect_size: {size}"),
                    ));
                }
            }
        }
    }
    all.push((
        String::from("r age 0.95"),
        String::from("estimator: ols, formula: approval ~ us_response + hawkishness + age, vcov: classical"),
        String::from("coefficient: age, effect_size: r"),
    ));
    for outcome in ["approval", "contribution"] {
        for factor in ["us_response", "uncooperative_action", "treaty"] {
            for size in ["eta_squared", "omega_squared"] {
                all.push((
                    format!("{size} {outcome} {factor} 0.95"),
                    format!("estimator: ols, formula: {outcome} ~ {factor}, vcov: classical"),
                    format!("joint: {factor}, conf_level: 0.95, effect_size: {size}"),
                ));
            }
        }
    }
    for factor in ["us_response", "uncooperative_action"] {
        all.push((
            format!("partial_eta_squared {factor} 0.9"),
            String::from("estimator: ols, formula: approval ~ us_response + uncooperative_action + age, vcov: classical"),
            format!("joint: {factor}, conf_level: 0.9, effect_size: partial_eta_squared"),
        ));
    }
    for size in ["odds_ratio", "risk_ratio", "risk_difference"] {
        for estimator in ["chi_squared", "chi_squared_yates"] {
            all.push((
                format!("{size} treaty 0.95"),
                format!("estimator: {estimator}, formula: approve ~ treaty, vcov: none"),
                format!("joint: treaty, effect_size: {size}"),
            ));
        }
    }
    for (outcome, factor) in [
        ("approve", "treaty"),
        ("approve", "us_response"),
        ("gender", "education"),
        ("party", "us_response"),
    ] {
        all.push((
            format!("cramers_v {outcome} {factor} 0.95"),
            format!("estimator: chi_squared, formula: {outcome} ~ {factor}, vcov: none"),
            format!("joint: {factor}, effect_size: cramers_v"),
        ));
    }
    let logit = "estimator: logit, formula: approve ~ us_response + age, vcov: classical";
    for arm in ["denounce", "terminate"] {
        let contrast = format!("of: us_response, contrast: {arm} - status_quo");
        for (size, test) in [
            (
                "odds_ratio",
                format!("{contrast}, average: balanced, scale: link"),
            ),
            ("odds_ratio", format!("coefficient: \"us_response[{arm}]\"")),
            (
                "risk_ratio",
                format!("{contrast}, average: balanced, scale: response"),
            ),
        ] {
            all.push((
                format!("{size} {arm} 0.95"),
                logit.to_owned(),
                format!("{test}, effect_size: {size}"),
            ));
        }
    }
    all.extend(of_one_sample_and_pairs());
    all.extend(of_anova());
    all
}

fn of_one_sample_and_pairs() -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    let one = "estimator: one_sample_t, formula: contribution ~ 1, vcov: none";
    let pairs = "estimator: paired_t, formula: contribution - approval ~ 1, vcov: none";
    for (name, size, model, null) in [
        ("one_sample", "cohens_d", one, "3.5"),
        ("one_sample", "hedges_g", one, "3.5"),
        ("paired", "d_z", pairs, "0.1"),
        ("paired", "d_av", pairs, "0.1"),
    ] {
        for level in ["0.95", "0.9"] {
            all.push((
                format!("{name}.{size} contribution {level}"),
                model.to_owned(),
                format!("parameter: mean, null: {null}, conf_level: {level}, effect_size: {size}"),
            ));
        }
    }
    all.push((
        String::from("pearson.r age 0.95"),
        String::from("estimator: pearson, formula: approval ~ age, vcov: none"),
        String::from("parameter: correlation, effect_size: r"),
    ));
    all
}

fn of_anova() -> Vec<(String, String, String)> {
    let model = "estimator: ols, formula: approval ~ us_response * treaty + age, vcov: classical";
    let mut all = Vec::new();
    for (kind, sizes) in [
        (
            "I",
            &[
                "eta_squared",
                "omega_squared",
                "partial_eta_squared",
                "partial_omega_squared",
            ][..],
        ),
        ("II", &["partial_eta_squared", "partial_omega_squared"][..]),
    ] {
        for size in sizes {
            for term in ["us_response", "treaty", "age", "us_response:treaty"] {
                all.push((
                    format!("anova.{kind}.{size} {term} 0.9"),
                    model.to_owned(),
                    format!(
                        "anova: {{term: \"{term}\", type: {kind}}}, conf_level: 0.9, effect_size: {size}"
                    ),
                ));
            }
        }
    }
    all
}

#[test]
fn sizes_that_a_test_does_not_have_are_refused_with_those_that_it_has() {
    for (model, test, says) in [
        (
            "estimator: paired_t, formula: contribution - approval ~ 1, vcov: none",
            "parameter: mean, effect_size: cohens_d",
            "defined for this test: d_z, d_av",
        ),
        (
            "estimator: one_sample_t, formula: contribution ~ 1, vcov: none",
            "parameter: mean, effect_size: d_z",
            "defined for this test: cohens_d, hedges_g",
        ),
        (
            "estimator: ols, formula: approval ~ treaty * regime, vcov: classical",
            "anova: {term: treaty, type: II}, effect_size: eta_squared",
            "defined for this test: partial_eta_squared, partial_omega_squared",
        ),
        (
            "estimator: spearman, formula: approval ~ age, vcov: none",
            "parameter: correlation, effect_size: r",
            "none is defined",
        ),
    ] {
        let text = format!(
            "{}models: {{m0: {{{model}}}}}\ntests: {{t0: {{model: m0, {test}, alpha: 0.05}}}}\n{ONE}",
            survey()
        );
        let (_, problems) = lowered(&text);
        let helps: Vec<String> = problems.iter().filter_map(|p| p.help.clone()).collect();
        assert!(helps.iter().any(|h| h.contains(says)), "{test}: {problems:#?}");
    }
}

#[test]
fn effect_sizes_of_the_survey() {
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let mut expected: BTreeMap<&str, [f64; 3]> = BTreeMap::new();
    for line in include_str!("oracle/effect_sizes.csv").lines().skip(2) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| cells[at].trim().parse::<f64>().unwrap();
        expected.insert(cells[0], [number(1), number(2), number(3)]);
    }
    let cases = cases();
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    for (at, (_, model, test)) in cases.iter().enumerate() {
        models.push_str(&format!("  m{at}: {{{model}}}\n"));
        tests.push_str(&format!("  t{at}: {{model: m{at}, {test}, alpha: 0.05}}\n"));
    }
    let outcomes = analyse(&format!("{}{models}{tests}{ONE}", survey()), &csv);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, (id, model, _)) in cases.iter().enumerate() {
        let result: &TestResult = &outcomes.tests[&format!("t{at}")];
        let what = format!("{id} ({model})");
        let Some(EffectSize {
            estimate: Some(estimate),
            conf_low: Some(low),
            conf_high: Some(high),
            ..
        }) = &result.effect_size
        else {
            panic!("{what}: {result:#?}");
        };
        let [e, l, h] = expected[id.as_str()];
        // Maximum likelihood is as near as its iterations.
        let iterated = model.contains("logit") || id.starts_with("risk_ratio");
        if iterated {
            near(*estimate, e, 1e-6, &what)
        } else {
            close(*estimate, e, &what)
        }
        near(
            *low,
            l,
            if iterated { 1e-6 } else { 1e-7 },
            &format!("{what}, lower end"),
        );
        near(
            *high,
            h,
            if iterated { 1e-6 } else { 1e-7 },
            &format!("{what}, upper end"),
        );
        *seen.entry(id.as_str()).or_default() += 1;
    }
    assert_eq!(seen.len(), expected.len(), "every reference is compared");
}
