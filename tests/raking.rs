//! Raked weights, held to R's survey (tests/oracle/raking.R).

mod reference;

use asregistered::data::{self, Column};
use asregistered::inference;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const REGISTRATION: &str = r#"
asregistered: 1
study: {id: raking, title: Raking, authors: [{name: Nobody}], timing: before_collection}
design: {kind: between_subjects, allocation: independent}
variables:
  gender: {role: covariate, label: Gender, levels: [man, woman]}
  region: {role: covariate, label: Region, levels: [north, south, east]}
  arm: {role: factor, label: Arm, levels: [a, b], reference: a, probability: equal}
  out: {role: check, label: Out, scale: {min: 0, max: 1}}
  y: {role: outcome, label: Y}
derived:
  raked: {rake: {gender: {man: 0.49, woman: 0.51}, region: {north: 0.35, south: 0.35, east: 0.3}}}
  trimmed: {rake: {gender: {man: 0.49, woman: 0.51}, region: {north: 0.35, south: 0.35, east: 0.3}}, trim: [0.4, 2.5]}
exclusions:
  - {id: out, drop_if: out = 1, reason: out}
missing: {outcome: drop_from_test, weight: drop_from_test}
models:
  raked: {estimator: wls, formula: y ~ arm, vcov: HC0, weights: {column: raked, kind: probability}}
  trimmed: {estimator: wls, formula: y ~ arm, vcov: HC0, weights: {column: trimmed, kind: probability}}
tests:
  raked: {model: raked, of: arm, contrast: b - a, alternative: two_sided, alpha: 0.05}
  trimmed: {model: trimmed, of: arm, contrast: b - a, alternative: two_sided, alpha: 0.05}
hypotheses: {H: {statement: It differs., status: primary, corroborated_if: raked and trimmed, contradicted_if: not raked}}
"#;

fn oracle(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name)
}

/// A CSV's rows by column.
fn rows(name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(oracle(name)).unwrap();
    let mut lines = text
        .lines()
        .map(|l| l.split(',').map(|c| c.trim_matches('"').to_owned()));
    let head: Vec<String> = lines.next().unwrap().collect();
    lines
        .map(|line| head.iter().cloned().zip(line).collect())
        .collect()
}

#[test]
fn weights_errors_and_effective_sizes_are_surveys() {
    let (plan, sample) = reference::read(REGISTRATION, &oracle("raking_data.csv"));
    let lines: BTreeMap<String, BTreeMap<String, String>> = rows("raking_weights.csv")
        .into_iter()
        .map(|row| (row["line"].clone(), row))
        .collect();
    let outcomes = inference::analyse(&plan, &sample, [0; 32]);
    let facts = data::raked(&sample, &plan);
    for (expected, facts) in rows("raking.csv").iter().zip(&facts) {
        let name = expected["weight"].as_str();
        let number = |key: &str| expected[key].parse::<f64>().unwrap();
        let Some(Column::Number(weights)) = sample.column(name) else {
            panic!("{name} is a number")
        };
        let mut compared = 0;
        for (weight, line) in weights.iter().zip(&sample.lines) {
            match (weight, lines.get(&line.to_string())) {
                (Some(weight), Some(row)) => reference::close(*weight, row[name].parse().unwrap(), name),
                (weight, row) => assert!(weight.is_none() && row.is_none(), "{name}, line {line}"),
            }
            compared += u32::from(weight.is_some());
        }
        assert_eq!(f64::from(compared), number("rows"));
        let model = &outcomes.models[name];
        reference::close(model.effective_n.unwrap(), number("effective"), name);
        reference::close(model.design_effect.unwrap(), number("deff"), name);
        assert_eq!(model.dropped_missing, 1, "{name}: one of the rows has no gender");
        let test = &outcomes.tests[name];
        reference::close(test.estimate.unwrap(), number("estimate"), name);
        reference::close(test.std_error.unwrap(), number("hc0"), name);
        assert_eq!(facts.weight, name);
        reference::close(facts.smallest.unwrap(), number("smallest"), name);
        reference::close(facts.largest.unwrap(), number("largest"), name);
        let share = |factor: usize, level: usize| facts.margins[factor].levels[level].weighted;
        reference::close(share(0, 1), number("woman"), name);
        reference::close(share(1, 2), number("east"), name);
    }
    assert_eq!((facts.len(), facts[0].trimmed), (2, 0));
    assert!(facts[1].trimmed > 0);
}

#[test]
fn what_cannot_be_raked_is_refused_in_words() {
    // Nobody from the east is a woman, and more than that share of women is asked for than the others can give.
    let text = std::fs::read_to_string(oracle("raking_data.csv")).unwrap();
    let few = tempfile::tempdir().unwrap();
    let without = |keep: &dyn Fn(&str) -> bool, name: &str| {
        let kept: Vec<&str> = text.lines().filter(|l| l.contains("gender") || keep(l)).collect();
        let path = few.path().join(name);
        asregistered::source::write_whole(&path, (kept.join("\n") + "\n").as_bytes()).unwrap();
        path
    };
    let nobody = without(&|l| !l.contains("east"), "nobody.csv");
    let tied = without(&|l| l.contains("east") == l.contains("woman"), "tied.csv");
    for (path, trim, words) in [
        (&nobody, "2.5", "no row has `region` east"),
        (&tied, "2.5", "cannot hold together"),
        (&oracle("raking_data.csv"), "1.0001", "cannot be brought between"),
    ] {
        let registration = REGISTRATION.replace("trim: [0.4, 2.5]", &format!("trim: [0.9999, {trim}]"));
        let (plan, sample) = reference::read(&registration, path);
        let outcomes = inference::analyse(&plan, &sample, [0; 32]);
        let note = outcomes.tests["trimmed"].note.as_deref().unwrap();
        assert!(note.contains("E013") && note.contains(words), "{words}: {note}");
        assert_eq!(outcomes.tests["trimmed"].p_value, None);
        let facts = data::raked(&sample, &plan);
        assert!(facts[1].note.as_deref().unwrap().contains(words));
    }
}

#[test]
fn what_is_no_margin_is_said_at_its_place() {
    for (rule, code, words) in [
        ("{rake: {gender: {man: 0.49}}}", "S010", "1 of 2 levels"),
        ("{rake: {gender: {man: 0.49, woman: 0.5}}}", "S010", "sum to 0.99"),
        ("{rake: {gender: {man: 0, woman: 1}}}", "S010", "2 of 2 levels"),
        (
            "{rake: {gender: {man: 0.49, other: 0.51}}}",
            "S012",
            "no level `other`",
        ),
        ("{rake: {y: {man: 0.49}}}", "S012", "has no levels"),
        ("{rake: {age: {young: 1}}}", "S011", "no variable `age`"),
        ("{rake: {}}", "S007", "no factor"),
        (
            "{rake: {gender: {man: 0.49, woman: 0.51}}, trim: [2, 3]}",
            "S010",
            "around 1",
        ),
        (
            "{rake: {gender: {man: 0.49, woman: 0.51}}, trim: [0.2]}",
            "S010",
            "around 1",
        ),
        ("{mean_of: [y], trim: [0.2, 3]}", "S006", "does not belong"),
    ] {
        let text = REGISTRATION.replace("exclusions:\n", &format!("  w: {rule}\nexclusions:\n"));
        let (_, problems) = reference::lowered(&text);
        let found = problems.iter().find(|d| d.message.contains(words));
        let found = found.unwrap_or_else(|| panic!("{rule}: {problems:#?}"));
        assert!(
            found.code.id == code || words == "has no levels",
            "{rule}: {found:?}"
        );
        assert!(found.at.as_ref().is_some_and(|at| at.line > 10), "{rule}");
    }
    let used = REGISTRATION.replace("drop_if: out = 1", "drop_if: raked > 2");
    let (_, problems) = reference::lowered(&used);
    assert!(problems.iter().any(|d| d.code.id == "S015"), "{problems:#?}");
    let unruled = REGISTRATION.replace(", weight: drop_from_test", "");
    let (_, problems) = reference::lowered(&unruled);
    assert!(problems.iter().any(|d| d.code.id == "S023"), "{problems:#?}");
}
