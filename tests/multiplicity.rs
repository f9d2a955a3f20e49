//! Corrections against R's `p.adjust`, multtest and statsmodels; resampling ones against multtest's complete
//! enumeration and pyfixest's step-down.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use asregistered::inference::adjusted;
use asregistered::plan::Adjust;
use reference::{analyse, each, json};

#[test]
fn as_p_adjust_and_multipletests() {
    let Some(oracle) = json("oracles/07_p_value_corrections.json") else {
        return;
    };
    let mut compared = 0;
    for (case, quantities) in oracle["cases"].as_object().unwrap() {
        let raw = &quantities["p_raw"]["implementations"]["data"];
        let Some(raw) = raw.as_object() else { continue };
        let (names, p): (Vec<&String>, Vec<Option<f64>>) = raw.iter().map(|(k, v)| (k, v.as_f64())).unzip();
        for (key, adjust) in [
            ("none", Adjust::None),
            ("bonferroni", Adjust::Bonferroni),
            ("sidak", Adjust::Sidak),
            ("holm", Adjust::Holm),
            ("holm-sidak", Adjust::HolmSidak),
            ("hochberg", Adjust::Hochberg),
            ("hommel", Adjust::Hommel),
            ("BH", Adjust::Bh),
            ("BY", Adjust::By),
            ("tsbky", Adjust::BhTwoStage),
        ] {
            let found = adjusted(&p, adjust, 0.05);
            for (engine, term, expected) in each(&quantities[key]) {
                // R drops what is missing from the family; a registered family keeps its size.
                if case == "with_NA" && !(engine.contains("statsmodels") && key != "none") {
                    continue;
                }
                let at = names.iter().position(|n| **n == term).unwrap_or(0);
                let found = found[at].unwrap();
                let near = (found - expected).abs() <= 1e-12 + 1e-9 * expected;
                assert!(near, "{case} {key} {term} by {engine}: {found} is not {expected}");
                compared += 1;
            }
        }
    }
    assert!(compared > 400, "only {compared} numbers were compared");
}

#[test]
fn westfall_young_by_complete_enumeration() {
    let Some(oracle) = json("oracles/07_p_value_corrections.json") else {
        return;
    };
    let case = &oracle["cases"]["westfall_young_small"];
    let cell = |row: &str, i: usize| {
        let value = &case[row]["implementations"]["data"][i.to_string()];
        value.as_f64().unwrap().to_string()
    };
    let mut csv = String::from("y1,y2,y3,y4,arm\n");
    for i in 1..=10 {
        let rows: Vec<String> = (1..=4).map(|r| cell(&format!("data_row{r}"), i)).collect();
        csv.push_str(&format!("{},{}\n", rows.join(","), cell("labels", i)));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("genes.csv");
    std::fs::write(&path, csv).unwrap();
    let mut text = String::from(
        "
asregistered: 1
study: {id: genes, timing: after_access}
design: {kind: between_subjects, allocation: complete}
variables:
  y1: {role: outcome}
  y2: {role: outcome}
  y3: {role: outcome}
  y4: {role: outcome}
  arm: {role: factor, levels: {none: \"0\", some: \"1\"}, reference: none, probability: equal}
missing: {outcome: fail}
models:
",
    );
    for vcov in ["HC2", "classical"] {
        for y in 1..=4 {
            text.push_str(&format!(
                "  {vcov}.{y}: {{estimator: ols, formula: y{y} ~ arm, vcov: {vcov}}}\n"
            ));
        }
    }
    text.push_str("tests:\n");
    for vcov in ["HC2", "classical"] {
        for y in 1..=4 {
            text.push_str(&format!("  T.{vcov}.{y}: {{model: {vcov}.{y}, of: arm, contrast: some - none, alternative: two_sided, alpha: 0.05}}\n"));
        }
    }
    text.push_str(
        "families:
  HC2: {tests: [T.HC2.1, T.HC2.2, T.HC2.3, T.HC2.4], adjust: westfall_young, draws: 1000}
  classical: {tests: [T.classical.1, T.classical.2, T.classical.3, T.classical.4], adjust: westfall_young, draws: 1000}
hypotheses: {H: {statement: s, status: primary, corroborated_if: any(HC2) and any(classical)}}
",
    );
    let outcomes = analyse(&text, &path);
    for (vcov, key) in [("HC2", "maxT_t"), ("classical", "maxT_t.equalvar")] {
        for (engine, term, expected) in each(&case[format!("{key}_adjp_stepdown")]) {
            let found = outcomes.tests[&format!("T.{vcov}.{term}")].p_adjusted.unwrap();
            assert!(
                (found - expected).abs() < 1e-12,
                "{key} {term} by {engine}: {found} is not {expected}"
            );
        }
    }
}

#[test]
fn romano_wolf_on_a_fixed_matrix_and_near_it_on_data() {
    let (Some(oracle), Some(path)) = (
        json("oracles/07_p_value_corrections.json"),
        reference::shared("oracles/romano_wolf_boot_t_999x5.csv"),
    ) else {
        return;
    };
    let case = &oracle["cases"]["romano_wolf_fixed_matrix"];
    let mut observed = [0.0f64; 5];
    for (_, term, value) in each(&case["t_stats"]) {
        observed[term.parse::<usize>().unwrap() - 1] = value.abs();
    }
    let text = std::fs::read_to_string(path).unwrap();
    let matrix: Vec<Vec<f64>> = text
        .lines()
        .filter_map(|line| {
            line.split(',')
                .map(|c| c.trim().parse::<f64>().ok().map(f64::abs))
                .collect()
        })
        .collect();
    assert_eq!((matrix.len(), matrix[0].len()), (999, 5));
    let found = asregistered::inference::step_down(&observed, &matrix);
    for (engine, term, expected) in each(&case["stepdown_p_(c+1)/(B+1)"]) {
        let own = found[term.parse::<usize>().unwrap() - 1];
        assert!(
            (own - expected).abs() < 1e-12,
            "{term} by {engine}: {own} is not {expected}"
        );
    }
}
