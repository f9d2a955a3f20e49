//! Who is left out, held to base R (tests/oracle/exclusions.R).

mod reference;

use asregistered::data::{self, Analysed, Column};
use asregistered::inference;
use asregistered::plan::{Allocation, DesignKind};
use asregistered::record::{AttritionFacts, AttritionLevel};
use asregistered::source::Source;
use asregistered::spec::pipeline::{Mapping, Reading};
use std::path::Path;

const HEAD: &str = r#"
asregistered: 1
study: {id: exclusions, title: Exclusions, authors: [{name: Nobody}], timing: before_collection}
design: {kind: within_subjects, unit: id, allocation: independent}
variables:
  id: {role: id, label: Person}
  ip: {role: covariate, label: Address}
  arm: {role: factor, label: Arm, levels: [a, b], reference: a, probability: equal}
  x: {role: covariate, label: X}
  y: {role: outcome, label: Y}
missing: {outcome: drop_from_test}
models: {m: {estimator: ols, formula: y ~ arm, vcov: HC2}}
tests: {t: {model: m, of: arm, contrast: b - a, alternative: two_sided, alpha: 0.05}}
hypotheses: {H: {statement: It differs., status: primary, corroborated_if: t, contradicted_if: not t}}
exclusions:
"#;

fn table(name: &str) -> data::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name);
    data::read(&Source::read(&path, name, 1 << 20).unwrap(), &Reading::default()).unwrap()
}

fn analysed(exclusions: &str) -> Analysed {
    let (low, problems) = reference::lowered(&format!("{HEAD}{exclusions}"));
    assert!(!asregistered::diagnostic::any_error(&problems), "{problems:#?}");
    let collected = data::collect(
        &table("exclusions_data.csv"),
        "exclusions_data.csv",
        &Mapping::default(),
        &low.plan,
        &low.wording,
    );
    data::analyse(&collected.unwrap(), &low.plan)
}

/// R's column: 1 leaves, 0 stays, nothing is unknown.
fn expected(name: &str) -> Vec<Option<bool>> {
    let table = table("exclusions.csv");
    let position = table.names.iter().position(|n| n == name).unwrap();
    let cells = table.column(position).unwrap();
    cells
        .iter()
        .map(|cell| Some(cell).filter(|c| !c.is_empty()).map(|c| c == "1"))
        .collect()
}

#[test]
fn each_rule_leaves_out_whom_r_leaves_out() {
    for (name, rule) in [
        ("sd", "outliers: {of: x, method: sd, cutoff: 2}"),
        ("mad", "outliers: {of: x, method: mad, cutoff: 3}"),
        ("iqr", "outliers: {of: x, method: iqr, cutoff: 1.5}"),
        (
            "sd_arm",
            "outliers: {of: x, method: sd, cutoff: 2, within: [arm]}",
        ),
        (
            "mad_arm",
            "outliers: {of: x, method: mad, cutoff: 3, within: [arm]}",
        ),
        (
            "iqr_arm",
            "outliers: {of: x, method: iqr, cutoff: 1.5, within: [arm]}",
        ),
        ("first", "duplicates: {by: [id], keep: first}"),
        ("last", "duplicates: {by: [id], keep: last}"),
        ("none", "duplicates: {by: [id, arm], keep: none}"),
        ("address", "duplicates: {by: [ip], keep: first}"),
    ] {
        let analysed = analysed(&format!("  - {{id: e, {rule}}}\n"));
        let expected = expected(name);
        // The header is line 1.
        let stays = |row: &usize| expected[*row] != Some(true);
        let lines: Vec<u64> = (0..80).filter(stays).map(|row| row as u64 + 2).collect();
        assert_eq!(analysed.sample.lines, lines, "{name}");
        let facts = &analysed.exclusions[0];
        let count = |truth: Option<bool>| expected.iter().filter(|e| **e == truth).count() as u64;
        assert_eq!(facts.alone, count(Some(true)), "{name}");
        assert_eq!(facts.unknown, count(None), "{name}");
    }
}

#[test]
fn rules_look_at_the_rows_that_stay_so_far() {
    let analysed = analysed(
        "  - {id: repeated, duplicates: {by: [id], keep: last}}
  - {id: far, outliers: {of: x, method: sd, cutoff: 2}}
  - {id: farther, outliers: {of: x, method: sd, cutoff: 2}}
  - {id: low, drop_if: y < -1.5}
  - {id: odd, outliers: {of: x, method: mad, cutoff: 2.5, within: [arm]}}\n",
    );
    let expected = expected("sequence");
    let stays = |row: &usize| expected[*row] == Some(false);
    let lines: Vec<u64> = (0..80).filter(stays).map(|row| row as u64 + 2).collect();
    assert_eq!(analysed.sample.lines, lines);
    let facts = &analysed.exclusions;
    assert_eq!(facts[1].alone, facts[2].alone);
    assert_ne!(facts[1].in_sequence, facts[2].in_sequence);
    let left: u64 = facts.iter().map(|f| f.in_sequence).sum();
    assert_eq!(left as usize + lines.len(), 80);
}

#[test]
fn every_arm_has_its_own_flow() {
    let analysed =
        analysed("  - {id: far, outliers: {of: x, method: mad, cutoff: 3}}\n  - {id: low, drop_if: y < 0}\n");
    let [arms] = analysed.flow_by_arm.as_slice() else {
        panic!("{:#?}", analysed.flow_by_arm)
    };
    let levels: Vec<Option<&str>> = arms.levels.iter().map(Option::as_deref).collect();
    assert_eq!(levels, [Some("a"), Some("b"), None]);
    assert_eq!(arms.steps.len(), analysed.flow.len());
    for (of_arms, of_all) in arms.steps.iter().zip(&analysed.flow) {
        assert_eq!(of_arms.step, of_all.step);
        assert_eq!(of_arms.rows.iter().sum::<u64>(), of_all.rows);
        let dropped = of_arms.dropped.as_ref().map(|d| d.iter().sum::<u64>());
        assert_eq!(dropped, of_all.dropped);
        assert!(of_arms.rows[..2].iter().all(|rows| *rows > 0));
    }
    assert_eq!(arms.steps[0].rows[2], 1, "one row has no arm");
}

#[test]
fn what_is_no_rule_is_said_at_its_place() {
    for (rule, code, words) in [
        ("outliers: {of: x, method: sd}", "S007", "cutoff"),
        ("outliers: {of: x, method: sd, cutoff: 0}", "S010", "no distance"),
        (
            "outliers: {of: arm, method: sd, cutoff: 3}",
            "S008",
            "not a number",
        ),
        ("outliers: {of: x, method: range, cutoff: 3}", "S009", "range"),
        ("outliers: {of: x, method: cooks, cutoff: 1}", "S027", "cooks"),
        (
            "outliers: {of: x, method: sd, cutoff: 3, within: [y]}",
            "S008",
            "no levels",
        ),
        ("duplicates: {by: [id]}", "S007", "keep"),
        ("duplicates: {by: [], keep: first}", "S007", "no column"),
        ("duplicates: {by: [id, id], keep: first}", "S005", "twice"),
        ("duplicates: {by: [cookie], keep: first}", "S011", "cookie"),
        (
            "drop_if: x > 1, duplicates: {by: [id], keep: first}",
            "S007",
            "2 rules",
        ),
        ("reason: none", "S007", "drop_if"),
        (
            "outliers: {of: x, method: sd, cutoff: 3, within: [arm]}",
            "S031",
            "within each `arm`",
        ),
    ] {
        let (_, problems) = reference::lowered(&format!("{HEAD}  - {{id: e, {rule}}}\n"));
        let found = problems.iter().find(|d| d.code.id == code);
        let found = found.unwrap_or_else(|| panic!("{rule}: {problems:#?}"));
        assert!(found.message.contains(words), "{rule}: {}", found.message);
        assert!(found.at.as_ref().is_some_and(|at| at.line > 15), "{rule}");
    }
}

#[test]
fn losses_by_arm_are_tested_as_r_tests_them() {
    let (low, _) = reference::lowered(&format!("{HEAD}  - {{id: low, drop_if: y < 0}}\n"));
    let mut by_row = low.plan;
    by_row.design.kind = DesignKind::BetweenSubjects;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/attrition.csv");
    let mut compared = 0;
    for line in std::fs::read_to_string(path).unwrap().lines().skip(1) {
        let cells: Vec<&str> = line.split(',').map(|c| c.trim_matches('"')).collect();
        let levels = cells[5].split('/').map(|row| {
            let counts: Vec<u64> = row.split(' ').map(|n| n.parse().unwrap()).collect();
            AttritionLevel {
                level: row.to_owned(),
                collected: counts[0] + counts[1],
                excluded: counts[1] / 2,
                missing: counts[1] - counts[1] / 2,
                observed: counts[0],
            }
        });
        let mut facts = AttritionFacts {
            factor: String::new(),
            outcome: String::new(),
            levels: levels.collect(),
            test: None,
            statistic: None,
            df: None,
            p_value: None,
        };
        let mut clustered = facts.clone();
        inference::attrition(&mut facts, &by_row);
        assert_eq!(facts.test.as_deref(), Some(cells[1]), "{}", cells[0]);
        let number = |cell: &str| cell.parse::<f64>().ok();
        for (found, expected) in [
            (facts.statistic, cells[2]),
            (facts.df, cells[3]),
            (facts.p_value, cells[4]),
        ] {
            match (found, number(expected)) {
                (Some(found), Some(expected)) => reference::close(found, expected, cells[0]),
                (found, expected) => assert_eq!(found, expected, "{}", cells[0]),
            }
        }
        by_row.design.allocation = Allocation::Clustered;
        inference::attrition(&mut clustered, &by_row);
        by_row.design.allocation = Allocation::Independent;
        assert_eq!(clustered.p_value, None);
        compared += 1;
    }
    assert_eq!(compared, 4);
}

#[test]
fn every_collected_row_is_excluded_without_an_outcome_or_observed() {
    let exclusions = "  - {id: far, outliers: {of: x, method: mad, cutoff: 3}}\n";
    let (low, _) = reference::lowered(&format!("{HEAD}{exclusions}"));
    let mut collected = data::collect(
        &table("exclusions_data.csv"),
        "exclusions_data.csv",
        &Mapping::default(),
        &low.plan,
        &low.wording,
    )
    .unwrap();
    let Some(Column::Number(y)) = collected
        .sample
        .columns
        .get_mut("y")
        .map(std::sync::Arc::make_mut)
    else {
        panic!("y is a number")
    };
    y[..7].fill(None);
    let analysed = data::analyse(&collected, &low.plan);
    let facts = &data::attrition(&collected, &analysed, &low.plan)[0];
    let all = |of: fn(&AttritionLevel) -> u64| facts.levels.iter().map(of).sum::<u64>();
    assert_eq!(all(|l| l.collected), 79, "one row has no arm");
    assert_eq!(all(|l| l.excluded + l.missing + l.observed), 79);
    let far: Vec<Option<bool>> = expected("mad");
    assert_eq!(
        all(|l| l.excluded),
        far.iter().filter(|f| **f == Some(true)).count() as u64
    );
    let missing = (0..7).filter(|row| far[*row] != Some(true)).count() as u64;
    assert_eq!(all(|l| l.missing), missing);
}
