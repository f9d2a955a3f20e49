//! Registered tests on ordered and multinomial outcomes, from the registration to the record, against
//! ordinal::clm, marginaleffects and nnet by hand-written R.
//!
//! Tolerances: 1e-6 relative.

mod reference;

use reference::{SURVEY, analyse, each, json, near, shared};

#[test]
fn probabilities_of_an_ordered_outcome() {
    let (Some(oracle), Some(csv)) = (
        json("oracles/05_margins_and_ames.json"),
        shared("oracles/data_1502.csv"),
    ) else {
        return;
    };
    let (mut models, mut tests) = (String::from("models:\n"), String::from("tests:\n"));
    for (key, estimator) in [("ologit", "ordered_logit"), ("oprobit", "ordered_probit")] {
        for vcov in ["classical", "HC0"] {
            let id = format!("{key}.{vcov}");
            models.push_str(&format!(
                "  {id}: {{estimator: {estimator}, formula: approval ~ us_response + treaty + age + party, vcov: {vcov}}}\n"
            ));
            let rest = "scale: response, average: observed, alternative: two_sided, alpha: 0.05";
            for category in 1..=7 {
                for arm in ["status_quo", "denounce", "sanctions", "reduce_aid", "terminate"] {
                    let own = format!("model: {id}, of: us_response, category: {category}, {rest}");
                    tests.push_str(&format!("  p.{arm}.{category}.{id}: {{margin: {arm}, {own}}}\n"));
                    if category == 1 {
                        tests.push_str(&format!(
                            "  s.{arm}.{id}: {{margin: {arm}, model: {id}, of: us_response, {rest}}}\n"
                        ));
                    }
                    if arm != "status_quo" {
                        tests.push_str(&format!(
                            "  d.{arm}.{category}.{id}: {{contrast: {arm} - status_quo, {own}}}\n"
                        ));
                    }
                }
            }
        }
    }
    let one = "hypotheses: {H: {statement: s, status: primary, corroborated_if: p.denounce.1.ologit.HC0}}\n";
    let outcomes = analyse(&format!("{SURVEY}{models}{tests}{one}"), &csv);
    let mut compared = 0;
    for (case, quantities) in oracle["cases"].as_object().unwrap() {
        let Some((key, vcov)) = case
            .split_once('/')
            .filter(|(k, _)| k.starts_with('o') && *k != "ols")
        else {
            continue;
        };
        for (quantity, numbers) in quantities.as_object().unwrap() {
            for (engine, term, expected) in each(numbers) {
                if !engine.contains("analytic") {
                    continue;
                }
                let (name, error) = if let Some(arm) = quantity.strip_prefix("expected_score_") {
                    (format!("s.{arm}"), term == "se")
                } else {
                    let (arm, part) = quantity.rsplit_once('_').unwrap();
                    let (prefix, arm) = match (arm.strip_prefix("pred_prob_"), arm.strip_prefix("ame_prob_"))
                    {
                        (Some(arm), _) => ("p", arm),
                        (_, Some(arm)) => ("d", arm),
                        _ => continue,
                    };
                    (
                        format!("{prefix}.{arm}.{}", term.trim_start_matches('y')),
                        part == "se",
                    )
                };
                let test = &outcomes.tests[&format!("{name}.{key}.{vcov}")];
                assert_eq!(test.note, None);
                let found = if error { test.std_error } else { test.estimate };
                near(
                    found.unwrap(),
                    expected,
                    1e-6,
                    &format!("{case} {quantity} {term} by {engine}"),
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "only {compared} numbers were compared");
}
