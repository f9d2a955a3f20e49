//! Randomization p-values against complete enumeration in R, and draws against the enumeration.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use reference::analyse;
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name)
}

fn registration(allocation: &str, models: &str, tests: &str) -> String {
    format!(
        "
asregistered: 1
study: {{id: randomization, timing: after_access}}
design: {{kind: between_subjects, allocation: {allocation}}}
variables:
  id: {{role: id}}
  y: {{role: outcome}}
  x: {{role: covariate}}
  arm: {{role: factor, levels: [control, treated], reference: control, probability: equal}}
  block: {{role: block, levels: [a, b, c]}}
  village: {{role: cluster}}
missing: {{outcome: fail, covariate: fail, cluster: fail}}
models:
{models}tests:
{tests}hypotheses: {{H: {{statement: s, status: primary, corroborated_if: T.estimate.greater}}}}
"
    )
}

const KINDS: [(&str, &str, &str, &str); 13] = [
    ("estimate", "y ~ arm", "HC2", "estimate"),
    ("HC2", "y ~ arm", "HC2", "t"),
    ("HC0", "y ~ arm", "HC0", "t"),
    ("estimatex", "y ~ arm + x", "HC2", "estimate"),
    ("HC2x", "y ~ arm + x", "HC2", "t"),
    (
        "estimatew",
        "y ~ arm",
        "HC1, weights: {column: x, kind: probability}",
        "estimate",
    ),
    (
        "HC2w",
        "y ~ arm",
        "HC2, weights: {column: x, kind: probability}",
        "t",
    ),
    (
        "HC0w",
        "y ~ arm",
        "HC0, weights: {column: x, kind: probability}",
        "t",
    ),
    (
        "HC3w",
        "y ~ arm",
        "HC3, weights: {column: x, kind: analytic}",
        "t",
    ),
    ("CR1", "y ~ arm", "CR1, cluster: village", "t"),
    (
        "CR0w",
        "y ~ arm",
        "CR0, cluster: village, weights: {column: x, kind: probability}",
        "t",
    ),
    ("means", "y ~ arm", "HC2", "estimate"),
    ("welch", "y ~ arm", "HC2", "t"),
];

fn tests(draws: u64) -> (String, String) {
    let (mut models, mut tests) = (String::new(), String::new());
    for (kind, formula, vcov, statistic) in KINDS {
        let estimator = match kind {
            "means" | "welch" => "difference_in_means",
            _ => "ols",
        };
        models.push_str(&format!(
            "  {kind}: {{estimator: {estimator}, formula: {formula}, vcov: {vcov}}}\n"
        ));
        for alternative in ["greater", "less", "two_sided"] {
            tests.push_str(&format!("  T.{kind}.{alternative}: {{model: {kind}, of: arm, contrast: treated - control, alternative: {alternative}, alpha: 0.05, randomization: {{draws: {draws}, statistic: {statistic}}}}}\n"));
        }
    }
    (models, tests)
}

/// (scheme, kind, alternative, p)
fn expected() -> Vec<(String, String, String, f64)> {
    let text = std::fs::read_to_string(file("randomization.csv")).unwrap();
    text.lines()
        .skip(2)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').map(str::trim).collect();
            (
                cells[0].into(),
                cells[1].into(),
                cells[2].into(),
                cells[3].parse().unwrap(),
            )
        })
        .collect()
}

#[test]
fn exact_where_every_allocation_can_be_looked_at() {
    let mut compared = 0;
    for scheme in ["complete", "blocked", "clustered", "independent"] {
        let (models, tests) = tests(100);
        let outcomes = analyse(
            &registration(scheme, &models, &tests),
            &file("randomization_data.csv"),
        );
        for (_, kind, alternative, p) in expected().into_iter().filter(|e| e.0 == scheme) {
            // A difference in means is least squares on the arms, its Welch statistic that of HC2.
            let same: &[&str] = match kind.as_str() {
                "coin" => &["estimate"],
                "estimate" => &["estimate", "means"],
                "HC2" => &["HC2", "welch"],
                other => &[other],
            };
            for own in same {
                let test = &outcomes.tests[&format!("T.{own}.{alternative}")];
                assert_eq!(test.note, None, "{own}");
                assert!(test.method.as_ref().unwrap().contains("all"), "{:?}", test.method);
                let found = test.p_value.unwrap();
                assert!(
                    (found - p).abs() < 1e-12,
                    "{scheme} {own} {alternative}: {found} is not {p}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 130, "only {compared} p-values were compared");
}

const BY_BLOCK: &str = "probability: {by: block, blocks: {a: {control: 0.75, treated: 0.25}, b: equal, c: {control: 0.4, treated: 0.6}}}";

#[test]
fn probabilities_of_blocks_weigh_every_allocation() {
    let (models, tests) = tests(100);
    for (scheme, reference) in [("independent", "by_block"), ("blocked", "blocked")] {
        let text = registration(scheme, &models, &tests).replace("probability: equal", BY_BLOCK);
        let outcomes = analyse(&text, &file("randomization_data.csv"));
        let mut compared = 0;
        for (_, kind, alternative, p) in expected().into_iter().filter(|e| e.0 == reference) {
            let test = &outcomes.tests[&format!("T.{kind}.{alternative}")];
            assert_eq!(test.note, None, "{kind}");
            let found = test.p_value.unwrap();
            assert!(
                (found - p).abs() < 1e-12,
                "{reference} {kind} {alternative}: {found} is not {p}"
            );
            compared += 1;
        }
        assert!(compared >= 15, "{reference}: {compared}");
    }
}

#[test]
fn draws_come_near_the_enumeration_and_are_the_same_every_time() {
    let (models, tests) = tests(20_000);
    let many = format!(
        "{}\n",
        std::fs::read_to_string(file("randomization_data.csv"))
            .unwrap()
            .trim_end()
    );
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("twice.csv");
    // Twice the rows: too many allocations to look at each.
    let mut text = many.clone();
    for (i, line) in many.lines().skip(1).enumerate() {
        let rest = line.split_once(',').unwrap().1;
        text.push_str(&format!("{},{rest}\n", i + 13));
    }
    std::fs::write(&copy, text).unwrap();
    let run = || analyse(&registration("complete", &models, &tests), &copy);
    let (one, two) = (run(), run());
    assert_eq!(one.tests, two.tests);
    for (id, test) in &one.tests {
        assert_eq!(test.method.as_deref(), Some("randomization, 20000 draws"), "{id}");
        let p = test.p_value.unwrap();
        assert!((1.0 / 20_001.0..=1.0).contains(&p), "{id}: {p}");
    }
    // Two tails of one distribution: they overlap in what equals the observed statistic alone.
    let p = |id: &str| one.tests[id].p_value.unwrap();
    assert!((p("T.estimate.greater") + p("T.estimate.less") - 1.0).abs() < 0.05);
    // The t test of the same contrast, for 24 rows.
    let (found, t) = (
        p("T.HC2.two_sided"),
        one.tests["T.HC2.two_sided"].statistic.unwrap(),
    );
    let normal = 2.0 * asregistered::estimate::tails::normal_sf(t.abs());
    assert!((found - normal).abs() < 0.06, "{found} {normal}");
}
