//! The table of options names exactly what the program knows.

use asregistered::plan::{
    Adjust, Coding, EffectSize, Estimator, JointStatistic, Likelihood, Parameter, Prior,
    RandomizationStatistic, SumOfSquares, Vcov, WeightKind,
};
use std::collections::BTreeSet;
use std::path::Path;

/// The first column of the table under a heading.
fn options(page: &str, heading: &str) -> BTreeSet<String> {
    let section = page.split("\n## ").find(|s| s.starts_with(heading)).unwrap();
    let names = section.lines().filter_map(|line| line.strip_prefix("| `"));
    names
        .filter_map(|line| line.split('`').next())
        .map(str::to_owned)
        .collect()
}

fn words<T>(all: &[(&str, T)]) -> BTreeSet<String> {
    all.iter().map(|(word, _)| (*word).to_owned()).collect()
}

#[test]
fn the_table_of_options_is_complete() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/options.md");
    let page = std::fs::read_to_string(path).unwrap();
    assert_eq!(options(&page, "Estimators"), words(&Estimator::ALL));
    assert_eq!(options(&page, "Likelihoods"), words(&Likelihood::ALL));
    assert_eq!(options(&page, "Variances"), words(&Vcov::ALL));
    assert_eq!(options(&page, "Weights"), words(&WeightKind::ALL));
    assert_eq!(options(&page, "Codings"), words(&Coding::ALL));
    assert_eq!(options(&page, "Corrections"), words(&Adjust::ALL));
    assert_eq!(
        options(&page, "Randomization"),
        words(&RandomizationStatistic::ALL)
    );
    assert_eq!(options(&page, "Parameters"), words(&Parameter::ALL));
    assert_eq!(options(&page, "Sums of squares"), words(&SumOfSquares::ALL));
    assert_eq!(options(&page, "Joint statistics"), words(&JointStatistic::ALL));
    assert_eq!(options(&page, "Effect sizes"), words(&EffectSize::ALL));
    assert_eq!(
        options(&page, "Bayes factors"),
        Prior::ALL.map(str::to_owned).into()
    );
    let missing = [
        "drop_from_test",
        "drop_from_study",
        "fail",
        "indicator",
        "multiple_imputation",
    ];
    assert_eq!(
        options(&page, "Missing values"),
        missing.map(str::to_owned).into()
    );
    let exclusions = ["drop_if", "duplicates", "outliers"];
    assert_eq!(options(&page, "Exclusions"), exclusions.map(str::to_owned).into());
    let quantities = [
        "contrast",
        "joint",
        "coefficient",
        "margin",
        "slope",
        "parameter",
        "anova",
        "proportional_odds",
    ];
    assert_eq!(options(&page, "Quantities"), quantities.map(str::to_owned).into());
    let alternatives = [
        "two_sided",
        "greater",
        "less",
        "equivalent",
        "not_inferior",
        "superior",
    ];
    assert_eq!(
        options(&page, "Alternatives"),
        alternatives.map(str::to_owned).into()
    );
}
