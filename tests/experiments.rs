//! Estimators of experiments against base R and estimatr, at 1e-9.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use asregistered::diagnostic::Diagnostic;
use asregistered::inference::Outcomes;
use asregistered::plan::lower;
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::{registration, yaml};
use reference::{analyse, close, close_p};
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name)
}

#[test]
fn differences_in_means_and_lins_estimator() {
    let registration = "
asregistered: 1
study: {id: experiments, timing: after_access}
design: {kind: between_subjects, allocation: blocked}
variables:
  y: {role: outcome}
  x: {role: covariate}
  arm: {role: factor, levels: [control, treated], reference: control, probability: equal}
  block: {role: block, levels: [a, b, c]}
missing: {outcome: fail, covariate: fail, block: fail}
models:
  welch: {estimator: difference_in_means, formula: y ~ arm, vcov: HC2}
  blocked: {estimator: difference_in_means, formula: y ~ arm, blocks: block, vcov: HC2}
  lin: {estimator: lin, formula: y ~ arm + x, vcov: HC2}
tests:
  welch: {model: welch, of: arm, contrast: treated - control, alternative: two_sided, alpha: 0.05}
  blocked: {model: blocked, of: arm, contrast: treated - control, average: observed, alternative: two_sided, alpha: 0.05}
  lin: {model: lin, of: arm, contrast: treated - control, average: observed, alternative: two_sided, alpha: 0.05}
hypotheses: {H: {statement: s, status: primary, corroborated_if: welch and blocked and lin}}
";
    let outcomes = analyse(registration, &file("randomization_data.csv"));
    compare(&outcomes, &["welch", "blocked", "lin"]);
}

/// The rows of the reference for these tests.
fn compare(outcomes: &Outcomes, tests: &[&str]) {
    let text = std::fs::read_to_string(file("experiments.csv")).unwrap();
    let mut compared = 0;
    for line in text.lines().skip(2) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        if !tests.contains(&cells[0]) {
            continue;
        }
        let number = |i: usize| cells[i].parse::<f64>().unwrap();
        let test = &outcomes.tests[cells[0]];
        assert_eq!(test.note, None, "{line}");
        close(test.estimate.unwrap(), number(1), line);
        close(test.std_error.unwrap(), number(2), line);
        let df = test.df.as_ref().map_or(f64::INFINITY, |df| df[0]);
        assert!(df == number(3) || (df / number(3) - 1.0).abs() < 1e-9, "{line}");
        close_p(test.p_value.unwrap(), number(4), line);
        close(test.conf_low.unwrap(), number(5), line);
        close(test.conf_high.unwrap(), number(6), line);
        compared += 1;
    }
    assert_eq!(compared, tests.len());
}

const INVERSE: &str = "
asregistered: 1
study: {id: inverse, timing: after_access}
design: {kind: between_subjects}
variables:
  y: {role: outcome}
  x: {role: covariate}
  count: {role: covariate}
  village: {role: cluster}
  weight: {role: weight}
  other: {role: factor, levels: [a, b], reference: a, probability: equal}
  arm: {role: factor, levels: [control, treated], reference: control, probability: {control: 0.7, treated: 0.3}}
missing: {outcome: fail, covariate: fail, cluster: fail, weight: fail}
models:
  ipw: {estimator: ipw, form: hajek, formula: y ~ arm, vcov: HC2}
tests:
  ipw: {model: ipw, of: arm, contrast: treated - control, alternative: two_sided, alpha: 0.05}
hypotheses: {H: {statement: s, status: primary, corroborated_if: ipw}}
";

/// The registration with another model, and its test of the same name.
fn weighed(name: &str, model: &str) -> String {
    let old = "ipw: {estimator: ipw, form: hajek, formula: y ~ arm, vcov: HC2}";
    INVERSE
        .replace(old, &format!("ipw: {{{model}}}"))
        .replace("  ipw: {", &format!("  {name}: {{"))
        .replace("model: ipw", &format!("model: {name}"))
        .replace("corroborated_if: ipw", &format!("corroborated_if: {name}"))
}

#[test]
fn registered_probabilities_weigh_as_estimatr_does() {
    for (name, data, model) in [
        ("ipw", "randomization_data.csv", "formula: y ~ arm, vcov: HC2"),
        (
            "ipw_covariate",
            "randomization_data.csv",
            "formula: y ~ arm + x, vcov: HC2",
        ),
        (
            "ipw_villages",
            "experiments_data.csv",
            "formula: y ~ arm + count, vcov: CR2, cluster: village",
        ),
    ] {
        let model = format!("estimator: ipw, form: hajek, {model}");
        let other = INVERSE.lines().find(|l| l.contains("other:")).unwrap();
        let outcomes = analyse(&weighed(name, &model).replace(other, ""), &file(data));
        compare(&outcomes, &[name]);
        let weights = outcomes.models[name].weights.as_deref();
        assert_eq!(weights, Some("1/P(arm), registered"));
    }
}

const BY_BLOCK: &str =
    "{by: block, blocks: {a: {control: 0.7, treated: 0.3}, b: equal, c: {control: 0.4, treated: 0.6}}}";

/// A registration whose probabilities differ by block.
fn blocked(text: &str) -> String {
    let other = text.lines().find(|l| l.contains("other:")).unwrap().to_owned();
    text.replace(&other, "  block: {role: block, levels: [a, b, c]}")
        .replace("{control: 0.7, treated: 0.3}", BY_BLOCK)
        .replace("cluster: fail,", "cluster: fail, block: drop_from_test,")
}

#[test]
fn each_block_weighs_by_its_own_probabilities() {
    for (name, formula) in [("ipw_blocks", "y ~ arm"), ("ipw_blocks_covariate", "y ~ arm + x")] {
        let model = format!("estimator: ipw, form: hajek, formula: {formula}, vcov: HC2");
        let text = blocked(&weighed(name, &model));
        let outcomes = analyse(&text, &file("randomization_data.csv"));
        compare(&outcomes, &[name]);
        let weights = outcomes.models[name].weights.as_deref();
        assert_eq!(weights, Some("1/P(arm | block), registered"));
    }
    // A row without a block leaves by the rule of its role, and the others weigh as before.
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(file("randomization_data.csv")).unwrap();
    let (kept, lost) = (folder.path().join("kept.csv"), folder.path().join("lost.csv"));
    std::fs::write(&kept, &text).unwrap();
    std::fs::write(&lost, format!("{text}13,9.9,1,treated,,7\n")).unwrap();
    let text = blocked(&weighed(
        "ipw",
        "estimator: ipw, form: hajek, formula: y ~ arm, vcov: HC2",
    ));
    let (kept, lost) = (analyse(&text, &kept), analyse(&text, &lost));
    assert_eq!(kept.tests["ipw"].estimate, lost.tests["ipw"].estimate);
    assert_eq!(kept.tests["ipw"].std_error, lost.tests["ipw"].std_error);
    assert_eq!(lost.tests["ipw"].dropped_missing, Some(1));
}

#[test]
fn what_probabilities_of_blocks_do_not_go_with_is_refused_before_data_are_seen() {
    let whole = "alpha: 0.05}";
    let kind = "{kind: between_subjects}";
    for (old, new, words) in [
        ("blocks: {a: ", "blocks: {d: ", "no level `d`"),
        (
            "b: equal, ",
            "",
            "a level of the blocks has no probabilities (`b`)",
        ),
        ("{by: block", "{by: blocks", "there is no variable `blocks`"),
        ("{by: block", "{by: x", "needs blocks with `levels`"),
        ("{by: block", "{by: y", "needs blocks with `levels`"),
        (
            "{control: 0.7, treated: 0.3}",
            "{control: 0.7, treated: 0.4}",
            "sum to 1.1",
        ),
        (
            "{control: 0.7, treated: 0.3}",
            "{control: 0.7}",
            "1 probabilities",
        ),
        (
            "{control: 0.7, treated: 0.3}",
            "{control: 1, treated: 0}",
            "probability 0",
        ),
        ("blocks: {a", "block: {a", "has no key `block`"),
        (
            "levels: [a, b, c]",
            "levels: [a, b, c], probability: equal",
            "neither assigned nor",
        ),
        (
            kind,
            "{kind: between_subjects, allocation: complete}",
            "have one probability",
        ),
        (
            kind,
            "{kind: between_subjects, allocation: clustered}",
            "have one probability",
        ),
        (
            whole,
            "alpha: 0.05, randomization: {draws: 999, statistic: estimate}}",
            "change with every allocation",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ arm, vcov: HC2",
            "estimator: amce, formula: y ~ arm, vcov: HC1",
            "differ by block",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ arm, vcov: HC2",
            "estimator: marginal_mean, formula: y ~ arm, vcov: HC1",
            "differ by block",
        ),
    ] {
        let text = blocked(INVERSE);
        assert!(text.contains(old), "{old}");
        let found = problems(&text.replacen(old, new, 1));
        let errors = found
            .iter()
            .filter(|d| asregistered::diagnostic::any_error(std::slice::from_ref(*d)));
        let said: Vec<&str> = errors.map(|d| d.message.as_str()).collect();
        assert!(said.iter().any(|m| m.contains(words)), "{new}: {said:#?}");
    }
    let found = problems(&blocked(INVERSE));
    assert!(
        found.iter().all(|d| ["S024", "S025"].contains(&d.code.id)),
        "{found:#?}"
    );
    // Without weights the arms hold the blocks in other shares, unless the model holds the blocks.
    let ols = "estimator: ols, formula: y ~ arm, vcov: HC2";
    for (model, warned) in [
        (ols, true),
        ("estimator: ols, formula: y ~ arm + block, vcov: HC2", false),
        ("estimator: ols, formula: y ~ arm | block, vcov: HC1", false),
        (
            "estimator: ols, formula: y ~ arm, vcov: HC2, subset: block = 'a'",
            false,
        ),
        (
            "estimator: difference_in_means, formula: y ~ arm, blocks: block, vcov: HC2",
            false,
        ),
        (
            "estimator: difference_in_means, formula: y ~ arm, vcov: HC2",
            true,
        ),
    ] {
        let found = problems(&blocked(&weighed("ipw", model)));
        let said = found
            .iter()
            .any(|d| d.message.contains("compares other mixtures"));
        assert_eq!(said, warned, "{model}: {found:#?}");
        assert!(
            !asregistered::diagnostic::any_error(&found),
            "{model}: {found:#?}"
        );
    }
}

#[test]
fn what_inverse_probabilities_do_not_have_is_refused_before_data_are_seen() {
    for (model, words) in [
        ("estimator: ipw, formula: y ~ arm, vcov: HC2", "form is needed"),
        (
            "estimator: ipw, form: horvitz_thompson, formula: y ~ arm, vcov: HC2",
            "by Young's inequality",
        ),
        (
            "estimator: ipw, form: horvitz_thompson, formula: y ~ arm + x, vcov: youngs",
            "of two arms, without covariates",
        ),
        (
            "estimator: ipw, form: horvitz_thompson, formula: y ~ arm, vcov: youngs, cluster: village",
            "is not the registered allocation",
        ),
        (
            "estimator: horvitz_thompson, form: hajek, formula: y ~ arm, vcov: youngs",
            "belongs to `estimator: ipw`",
        ),
        (
            "estimator: ols, formula: y ~ arm, vcov: youngs",
            "go together alone",
        ),
        (
            "estimator: ipaw, formula: y ~ arm, vcov: HC2",
            "cannot be run by this version",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ arm, vcov: youngs",
            "estimatr's variance",
        ),
        (
            "estimator: ipw, form: ratio, formula: y ~ arm, vcov: HC2",
            "no form `ratio`",
        ),
        (
            "estimator: ols, form: hajek, formula: y ~ arm, vcov: HC2",
            "belongs to `estimator: ipw`",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ arm, vcov: HC1",
            "estimatr's variance",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ arm, vcov: HC2, cluster: village",
            "estimatr's variance",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ arm + other, vcov: HC2",
            "one assigned factor",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ arm * x, vcov: HC2",
            "one assigned factor",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ x, vcov: HC2",
            "one assigned factor",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ 0 + arm, vcov: HC2",
            "with an intercept",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ arm | village, vcov: HC2",
            "one assigned factor",
        ),
        (
            "estimator: ipw, form: hajek, formula: y ~ arm, vcov: HC2, weights: {column: weight, kind: probability}",
            "computes its weights",
        ),
    ] {
        let found = problems(&weighed("ipw", model));
        assert!(
            found.iter().any(|d| d.message.contains(words)),
            "{model}: {found:#?}"
        );
    }
    for (old, new, words) in [
        (
            "{control: 0.7, treated: 0.3}",
            "{control: 1, treated: 0}",
            "probability 0",
        ),
        (
            "{kind: between_subjects}",
            "{kind: between_subjects, allocation: independent, forbidden: [{arm: treated, other: a}]}",
            "forbidden cells change",
        ),
        (
            "alpha: 0.05}",
            "alpha: 0.05, randomization: {draws: 999, statistic: estimate}}",
            "change with every allocation",
        ),
    ] {
        let found = problems(&INVERSE.replace(old, new));
        assert!(
            found.iter().any(|d| d.message.contains(words)),
            "{new}: {found:#?}"
        );
    }
}

#[test]
fn horvitz_and_thompson_under_each_allocation() {
    let same = "{control: 0.7, treated: 0.3}";
    let half = "equal";
    let near_half =
        "{by: block, blocks: {a: equal, b: {control: 0.55, treated: 0.45}, c: {control: 0.4, treated: 0.6}}}";
    for (name, allocation, probability, data, more) in [
        ("ht_simple", "independent", same, "randomization_data.csv", ""),
        (
            "ht_simple_blocks",
            "independent",
            BY_BLOCK,
            "randomization_data.csv",
            "",
        ),
        ("ht_complete", "complete", half, "randomization_data.csv", ""),
        (
            "ht_complete_odd",
            "complete",
            "{control: 0.53, treated: 0.47}",
            "randomization_data.csv",
            "",
        ),
        ("ht_blocked", "blocked", half, "randomization_data.csv", ""),
        (
            "ht_blocked_blocks",
            "blocked",
            near_half,
            "randomization_data.csv",
            "",
        ),
        (
            "ht_clustered",
            "clustered",
            half,
            "experiments_data.csv",
            ", cluster: village",
        ),
        (
            "ht_clustered_odd",
            "clustered",
            "{control: 0.63, treated: 0.37}",
            "experiments_data.csv",
            ", cluster: village",
        ),
    ] {
        for estimator in ["ipw, form: horvitz_thompson", "horvitz_thompson"] {
            let model = format!("estimator: {estimator}, formula: y ~ arm, vcov: youngs{more}");
            let mut text = blocked(&weighed(name, &model))
                .replace(BY_BLOCK, probability)
                .replace(
                    "{kind: between_subjects}",
                    &format!("{{kind: between_subjects, allocation: {allocation}}}"),
                );
            if allocation == "clustered" {
                text = text.replace("  block: {role: block, levels: [a, b, c]}\n", "");
            }
            let outcomes = analyse(&text, &file(data));
            compare(&outcomes, &[name]);
        }
    }
    for (name, allocation, probability) in [
        ("ht_simple_mean", "independent", same),
        ("ht_complete_mean", "complete", half),
    ] {
        let text = blocked(&weighed(
            name,
            "estimator: ipw, form: horvitz_thompson, formula: y ~ arm, vcov: youngs",
        ))
        .replace(BY_BLOCK, probability)
        .replace(
            "{kind: between_subjects}",
            &format!("{{kind: between_subjects, allocation: {allocation}}}"),
        )
        .replace(
            "contrast: treated - control",
            "margin: treated, average: observed",
        );
        compare(&analyse(&text, &file("randomization_data.csv")), &[name]);
    }
}

#[test]
fn arms_that_the_registered_allocation_cannot_give_are_refused() {
    // One of twelve rows is treated at most, and six were.
    let text = INVERSE
        .replace(
            "  other: {role: factor, levels: [a, b], reference: a, probability: equal}\n",
            "",
        )
        .replace("{control: 0.7, treated: 0.3}", "{control: 0.95, treated: 0.05}")
        .replace(
            "{kind: between_subjects}",
            "{kind: between_subjects, allocation: complete}",
        )
        .replace(
            "form: hajek, formula: y ~ arm, vcov: HC2",
            "form: horvitz_thompson, formula: y ~ arm, vcov: youngs",
        );
    let note = analyse(&text, &file("randomization_data.csv")).tests["ipw"]
        .note
        .clone();
    let note = note.unwrap();
    assert!(
        note.starts_with("E015") && note.contains("cannot give these arms"),
        "{note}"
    );
    for (test, words) in [
        ("joint: arm", "of a difference of the arms"),
        (
            "contrast: 0.5 treated + 0.5 control, of: arm, null: 1",
            "of a difference of the arms",
        ),
    ] {
        let asked = "of: arm, contrast: treated - control";
        let asking = text
            .replace(asked, test)
            .replace("joint: arm, alternative: two_sided", "joint: arm");
        let found = problems(&asking);
        assert!(
            found.iter().any(|d| d.message.contains(words)),
            "{test}: {found:#?}"
        );
    }
}

const ASSIGNED: &str = "
asregistered: 1
study: {id: experiments, timing: after_access}
design: {kind: between_subjects}
variables:
  y: {role: outcome}
  count: {role: outcome, scale: {min: 0, max: 4}}
  village: {role: cluster}
  ipw: {role: weight}
  pair: {role: block}
  arm: {role: factor, levels: [control, treated], reference: control}
  side: {role: factor, levels: [control, treated], reference: control}
missing: {outcome: fail, cluster: fail, block: fail, weight: fail}
models:
  villages: {estimator: difference_in_means, formula: y ~ arm, vcov: CR2, cluster: village}
  pairs: {estimator: ols, formula: y ~ side | pair, vcov: classical}
  list: {estimator: list_experiment, formula: count ~ side, vcov: HC2, items: 3}
  hajek: {estimator: wls, formula: y ~ side, vcov: HC2, weights: {column: ipw, kind: probability}}
tests:
  villages: {model: villages, of: arm, contrast: treated - control, alternative: two_sided, alpha: 0.05}
  pairs: {model: pairs, of: side, contrast: treated - control, alternative: two_sided, alpha: 0.05}
  hajek: {model: hajek, of: side, contrast: treated - control, alternative: two_sided, alpha: 0.05}
  list: {model: list, of: side, contrast: treated - control, alternative: two_sided, alpha: 0.05}
hypotheses: {H: {statement: s, status: primary, corroborated_if: villages and pairs and list and hajek}}
";

#[test]
fn whole_villages_pairs_lists_and_inverse_probabilities() {
    let outcomes = analyse(ASSIGNED, &file("experiments_data.csv"));
    compare(&outcomes, &["villages", "pairs", "list", "hajek"]);
    let lists = &outcomes.models["list"].lists;
    let text = std::fs::read_to_string(file("experiments_data.csv")).unwrap();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split(',').collect()).collect();
    for (facts, (list, items)) in lists.iter().zip([("control", 3), ("treated", 4)]) {
        let at = |count: &str| rows.iter().filter(|r| r[4] == list && r[5] == count).count() as u64;
        assert_eq!((facts.list.as_str(), facts.items), (list, items));
        assert_eq!((facts.none, facts.all), (at("0"), at(&items.to_string())));
        assert_eq!(facts.rows, rows.len() as u64 / 2);
    }
    assert_eq!(lists.len(), 2);
}

#[test]
fn a_count_that_its_list_cannot_have_is_refused_with_its_line() {
    for (items, words) in [(2, "its list has"), (1, "its list has")] {
        let outcomes = analyse(
            &ASSIGNED.replace("items: 3", &format!("items: {items}")),
            &file("experiments_data.csv"),
        );
        let note = outcomes.tests["list"].note.as_deref().unwrap();
        assert!(
            note.starts_with("E014") && note.contains(words) && note.contains("on line "),
            "{note}"
        );
        assert!(outcomes.tests["villages"].note.is_none());
    }
}

#[test]
fn what_a_difference_in_means_does_not_have_is_refused_before_data_are_seen() {
    for (model, words) in [
        (
            "difference_in_means, formula: y ~ arm, vcov: HC2, cluster: village",
            "Neyman's variance",
        ),
        (
            "difference_in_means, formula: y ~ arm, vcov: CR2",
            "Neyman's variance",
        ),
        (
            "difference_in_means, formula: y ~ arm, vcov: CR2, cluster: village, blocks: arm",
            "of clusters within blocks",
        ),
        (
            "difference_in_means, formula: y ~ arm, vcov: HC2, items: 3",
            "belongs to `estimator: list_experiment`",
        ),
        (
            "list_experiment, formula: count ~ arm, vcov: HC2",
            "items is needed",
        ),
        (
            "list_experiment, formula: count ~ arm, vcov: HC2, items: 0",
            "a number from 1 to 100",
        ),
        (
            "list_experiment, formula: count ~ arm + y, vcov: HC2, items: 3",
            "has one factor",
        ),
        (
            "list_experiment, formula: count ~ arm, vcov: CR2, cluster: village, items: 3",
            "clusters are not taken into account",
        ),
    ] {
        let old = "difference_in_means, formula: y ~ arm, vcov: CR2, cluster: village";
        let found = problems(&ASSIGNED.replacen(old, model, 1));
        assert!(
            found.iter().any(|d| d.message.contains(words)),
            "{model}: {found:#?}"
        );
    }
}

fn problems(registration: &str) -> Vec<Diagnostic> {
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", registration.as_bytes().to_vec());
    let found = Findings::default();
    lower(
        &registration::read(&yaml::parse(&source).unwrap(), &found),
        &found,
    );
    found.into_vec()
}

#[test]
fn balance_before_treatment() {
    let registration = "
asregistered: 1
study: {id: balance, timing: after_access}
design: {kind: between_subjects}
variables:
  y: {role: outcome}
  age: {role: covariate, stage: pre_treatment}
  gender: {role: covariate, levels: [man, woman], stage: pre_treatment}
  region: {role: covariate, levels: [north, south, west], stage: pre_treatment}
  arm: {role: factor, levels: [control, letter, call], reference: control, probability: {control: 0.5, letter: 0.25, call: 0.25}}
missing: {outcome: fail, covariate: indicator, factor: fail}
models: {m: {estimator: ols, formula: y ~ arm, vcov: HC2}}
tests: {t: {model: m, of: arm, contrast: call - control, alternative: two_sided, alpha: 0.05}}
hypotheses: {H: {statement: s, status: primary, corroborated_if: t}}
";
    let (plan, sample) = reference::read(registration, &file("balance_data.csv"));
    let found = asregistered::inference::balance(&plan, &sample);
    let text = std::fs::read_to_string(file("balance.csv")).unwrap();
    let expected: Vec<Vec<&str>> = text.lines().skip(1).map(|l| l.split(',').collect()).collect();
    assert_eq!(found.len(), expected.len());
    for fields in expected {
        let [level, covariate, category, mean, mean_reference, difference] = fields[..] else {
            panic!("{fields:?}");
        };
        let ours = found
            .iter()
            .find(|b| {
                b.level == level
                    && b.covariate == covariate
                    && b.category.as_deref().unwrap_or("") == category
            })
            .unwrap();
        let what = format!("{level} {covariate} {category}");
        close(ours.mean.unwrap(), mean.parse().unwrap(), &what);
        close(
            ours.mean_reference.unwrap(),
            mean_reference.parse().unwrap(),
            &what,
        );
        close(ours.difference.unwrap(), difference.parse().unwrap(), &what);
    }
}
