//! Registered contingencies: their facts against R, their branches on both sides, and what `check` says of them.

mod fixtures;
mod reference;

use asregistered::inference;
use asregistered::record::{ContingencyRecord, TestState, Verdict};
use asregistered::report;
use asregistered::run;
use asregistered::source::write_whole;
use fixtures::{fired, only, root, run_changed, run_fixture, state};
use std::collections::BTreeMap;
use std::path::Path;

const ASKING: &str = "
asregistered: 1
study: {id: facts, timing: after_access}
design: {kind: between_subjects}
variables:
  finished: {role: check, levels: {'1': finished, '0': unfinished}}
  attentive: {role: check, levels: [passed, failed]}
  duration: {role: weight}
  age: {role: covariate}
  trust_1: {role: covariate}
  trust_2: {role: factor, levels: ['1', '2', '3', '4', '5']}
  arm: {role: factor, levels: [control, letter, call], reference: control}
  donation: {role: covariate}
  support: {role: outcome}
exclusions:
  - {id: unfinished, drop_if: finished = 'unfinished'}
  - {id: inattentive, drop_if: attentive = 'failed'}
missing: {outcome: drop_from_test, covariate: drop_from_test, weight: fail}
models:
  plain: {estimator: ols, formula: support ~ arm + trust_1 + donation, vcov: HC2}
  weighted: {estimator: ols, formula: support ~ arm + trust_1, vcov: classical, weights: {column: duration, kind: analytic}}
  arms: {estimator: ols, formula: support ~ arm, vcov: HC2}
  crossed: {estimator: ols, formula: support ~ arm * trust_2, vcov: HC2}
tests: {T: {model: plain, joint: arm, alpha: 0.05}}
hypotheses: {H: {statement: s, status: primary, corroborated_if: T}}
";

const BLOCKS: &str = "
asregistered: 1
study: {id: facts, timing: after_access}
design: {kind: between_subjects}
variables:
  y: {role: outcome}
  x: {role: covariate}
  arm: {role: factor, levels: [control, treated], reference: control}
  block: {role: factor, levels: [a, b, c]}
missing: {outcome: fail, covariate: fail}
models:
  plain: {estimator: ols, formula: y ~ arm * x, vcov: HC2}
  arms: {estimator: student_t, formula: y ~ arm, vcov: none}
tests: {T: {model: plain, joint: arm, alpha: 0.05}}
hypotheses: {H: {statement: s, status: primary, corroborated_if: T}}
";

#[test]
fn facts_are_what_r_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let text = std::fs::read_to_string(folder.join("oracle/contingencies.csv")).unwrap();
    let mut expected: BTreeMap<&str, Vec<(String, f64)>> = BTreeMap::new();
    for line in text.lines().skip(2) {
        let cells: Vec<&str> = line.trim_matches('"').split("\",\"").collect();
        expected
            .entry(cells[0])
            .or_default()
            .push((cells[1].to_owned(), cells[2].parse().unwrap()));
    }
    let mut compared = 0;
    for (data, registration, csv) in [
        ("asking", ASKING, "deviations/base/data.csv"),
        ("blocks", BLOCKS, "oracle/randomization_data.csv"),
    ] {
        for (fact, value) in &expected[data] {
            let contingency =
                format!("contingencies: [{{if: \"{fact} >= 0\", then: {{tests.T.alpha: 0.01}}}}]\n");
            let (plan, sample) = reference::read(&format!("{registration}{contingency}"), &folder.join(csv));
            let (settled, decisions) = inference::settle(&plan, &sample, [0; 32], &[]).unwrap();
            assert_eq!(decisions[0].holds, Some(true), "{data} {fact}");
            assert_eq!(settled.tests["T"].alpha, 0.01);
            assert_eq!(decisions[0].facts[0].fact, *fact);
            reference::close(decisions[0].facts[0].value.unwrap(), *value, fact);
            compared += 1;
        }
    }
    assert_eq!(compared, 11);
}

/// The base study with these contingencies, run as registered.
fn contingent(contingencies: &str, change: &[(&str, &str)]) -> Result<run::Run, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let base = root().join("base");
    let mut text = std::fs::read_to_string(base.join("registration.yaml")).unwrap();
    let mut data = std::fs::read_to_string(base.join("data.csv")).unwrap();
    for (old, new) in change {
        assert!(text.contains(old) != data.contains(old), "{old}");
        (text, data) = (text.replace(old, new), data.replace(old, new));
    }
    let put = |name: &str, text: &str| write_whole(&folder.path().join(name), text.as_bytes()).unwrap();
    put(
        "registration.yaml",
        &format!("{text}\ncontingencies:\n{contingencies}"),
    );
    put("data.csv", &data);
    put(
        "pipeline.yaml",
        &std::fs::read_to_string(base.join("pipeline.yaml")).unwrap(),
    );
    put(
        "questionnaire.md",
        &std::fs::read_to_string(base.join("questionnaire.md")).unwrap(),
    );
    let said = |failure: run::Failure| -> Vec<String> {
        failure
            .diagnostics
            .into_iter()
            .map(|d| {
                format!(
                    "{}: {}: {}",
                    d.at.map(|p| p.to_string()).unwrap_or_default(),
                    d.message,
                    d.help.unwrap_or_default()
                )
            })
            .collect()
    };
    run::check(&folder.path().join("registration.yaml")).map_err(said)?;
    fixtures::lock_at(
        &folder.path().join("registration.yaml"),
        &folder.path().join("lock.json"),
        "2024-10-15T12:00:00Z",
    );
    run::run(&folder.path().join("pipeline.yaml")).map_err(said)
}

fn first(run: &run::Run) -> &ContingencyRecord {
    &run.record.observed.contingencies[0]
}

fn vcov_of(run: &run::Run, test: &str) -> String {
    run.record
        .observed
        .tests
        .iter()
        .find(|t| t.id == test)
        .unwrap()
        .result
        .vcov
        .clone()
}

#[test]
fn a_branch_is_taken_or_not_and_neither_is_a_deviation() {
    let taken = run_fixture("contingency-changed", "quiet-taken");
    assert_eq!(taken.record.verdict, Verdict::AsRegistered);
    let logged = first(&taken);
    assert_eq!(logged.condition, "smallest_cell(arm) < 40");
    assert_eq!((logged.holds, logged.facts[0].value), (Some(true), Some(35.0)));
    assert_eq!(
        (logged.then[0].path.as_str(), logged.then[0].value.as_str()),
        ("models.support.vcov", "HC3")
    );
    assert_eq!(logged.tests, ["H1.any", "H1.call", "H1.letter"]);
    assert_eq!(
        (
            vcov_of(&taken, "H1.any").as_str(),
            vcov_of(&taken, "H2.call").as_str()
        ),
        ("HC3", "HC2")
    );
    let html = report::html(&taken.record, &taken.wording).unwrap();
    assert!(html.contains("smallest_cell(arm) &lt; 40") && html.contains("Registered contingencies"));

    let plain = run_fixture("contingency-changed", "quiet-beside-another");
    let held: Vec<Option<bool>> = plain
        .record
        .observed
        .contingencies
        .iter()
        .map(|c| c.holds)
        .collect();
    assert_eq!(held, [Some(false), Some(true)]);
    // The plan that was locked is the one whose digest is shown, whatever branch was taken.
    let lock = taken.record.observed.lock.as_ref().unwrap();
    assert_ne!(lock.root, plain.record.observed.lock.as_ref().unwrap().root);
    assert_eq!(
        taken.record.observed.digests.plan,
        taken.record.observed.digests.requested_plan
    );
}

#[test]
fn a_branch_whose_condition_is_false_is_a_departure_with_its_own_place() {
    let run = run_fixture("vcov-changed", "fires-without-its-condition");
    let d = only(&run.record, "vcov-changed");
    assert_eq!(
        (d.registered.as_deref(), d.executed.as_deref()),
        (Some("HC2"), Some("HC3"))
    );
    assert_eq!(first(&run).holds, Some(false));
    assert_eq!(state(&run.record, "H1.any"), TestState::Deviated);

    let run = run_fixture("contingency-changed", "fires-taken");
    let d = only(&run.record, "vcov-changed");
    assert_eq!(
        (d.registered.as_deref(), d.executed.as_deref()),
        (Some("HC3"), Some("HC2"))
    );
    let at = d.registered_at.as_ref().unwrap();
    assert!(
        at.text.contains("smallest_cell"),
        "the registered variance stands in the branch: {at:?}"
    );
    let twin = d.effects.iter().find(|e| e.test == "H1.any").unwrap();
    assert_ne!(twin.as_registered.std_error, twin.as_requested.std_error);
    let d = only(&run.record, "contingency-changed");
    assert_eq!(
        d.registered.as_deref(),
        Some("if smallest_cell(arm) < 40 then models.support.vcov: HC3")
    );
    assert_eq!((d.executed.as_deref(), d.at[0].line), (None, 8));

    let run = run_fixture("contingency-changed", "fires-condition");
    let d = only(&run.record, "contingency-changed");
    assert_eq!(d.of, "contingencies.models.support.vcov.if");
    assert_eq!(d.registered.as_deref(), Some("smallest_cell(arm) < 10"));
    assert_eq!(d.executed.as_deref(), Some("smallest_cell(arm) < 20"));
    assert_eq!(fired(&run.record).len(), 1);
}

#[test]
fn a_departure_elsewhere_does_not_decide_a_registered_contingency_anew() {
    // Without the exclusions every arm has 40 rows, and the condition would be false.
    let change = |text: String| text + "analysis: {exclusions: []}\n";
    let run = run_changed("contingency-changed", "quiet-taken", &change).unwrap();
    assert_eq!(
        fired(&run.record).into_iter().collect::<Vec<_>>(),
        ["exclusion-dropped"]
    );
    assert_eq!(vcov_of(&run, "H1.any"), "HC3");
}

/// One row alone in its arm is fitted exactly: HC2 and HC3 are not defined, and the contingency decides.
const ALONE: [(&str, &str); 2] = [
    (
        "    levels: {control: Not asked, letter: By letter, call: By telephone}",
        "    levels: {control: Not asked, letter: By letter, call: By telephone, visit: In person}",
    ),
    (
        "R_001,2024-11-01 09:15:00,1,passed,259,57,4,4,letter",
        "R_001,2024-11-01 09:15:00,1,passed,259,57,4,4,visit",
    ),
];

#[test]
fn leverage_of_one_is_refused_unless_a_contingency_decides() {
    let unrelated = contingent("  - {if: rows < 5, then: {models.support.vcov: HC1}}\n", &ALONE).unwrap();
    let test = unrelated
        .record
        .observed
        .tests
        .iter()
        .find(|t| t.id == "H1.any")
        .unwrap();
    assert_eq!(test.state, TestState::NotRun);
    assert!(
        test.result.note.as_ref().unwrap().contains("leverage 1"),
        "{test:?}"
    );

    for condition in [
        "max_leverage(support) = 1",
        "refused(support)",
        "rows > 5 and not max_leverage(support) < 1",
    ] {
        let run = contingent(
            &format!("  - {{if: {condition}, then: {{models.support.vcov: HC1}}}}\n"),
            &ALONE,
        )
        .unwrap();
        assert_eq!(first(&run).holds, Some(true), "{condition}");
        assert_eq!(vcov_of(&run, "H1.any"), "HC1");
        assert_eq!(state(&run.record, "H1.any"), TestState::AsRegistered);
    }
    let run = contingent(
        "  - {if: refused(support), then: {models.support.vcov: HC1}}\n",
        &ALONE,
    )
    .unwrap();
    assert!(first(&run).facts[0].note.as_ref().unwrap().contains("E003"));
}

#[test]
fn each_is_decided_with_the_branches_before_it_in_force() {
    let in_turn = "  - {if: refused(support), then: {models.support.vcov: HC3}}\n  - {if: refused(support), then: {models.support.vcov: HC1}}\n";
    let run = contingent(in_turn, &ALONE).unwrap();
    assert_eq!(vcov_of(&run, "H1.any"), "HC1", "HC3 is refused as HC2 is");
    let enough = "  - {if: refused(support), then: {models.support.vcov: HC0}}\n  - {if: refused(support), then: {models.support.vcov: HC1}}\n";
    let run = contingent(enough, &ALONE).unwrap();
    assert_eq!(vcov_of(&run, "H1.any"), "HC0");
    let held: Vec<Option<bool>> = run
        .record
        .observed
        .contingencies
        .iter()
        .map(|c| c.holds)
        .collect();
    assert_eq!(held, [Some(true), Some(false)]);
}

#[test]
fn what_cannot_be_known_takes_no_branch() {
    // A score and all its items: the columns of the model determine each other, and it has no leverages.
    let dependent = [(
        "donation ~ arm + trust + age",
        "donation ~ arm + trust + trust_1 + trust_2",
    )];
    let run = contingent(
        "  - {if: max_leverage(donation) < 1, then: {models.support.vcov: HC1}}\n",
        &dependent,
    )
    .unwrap();
    assert_eq!((first(&run).holds, first(&run).facts[0].value), (None, None));
}

#[test]
fn a_test_moves_to_another_model_and_a_family_to_another_correction() {
    let text = "  - {if: rows < 200, then: {tests.H1.any.model: donation, tests.H1.any.alpha: 0.01, families.arms.adjust: bonferroni}}\n";
    let run = contingent(text, &[]).unwrap();
    let test = |id: &str| run.record.observed.tests.iter().find(|t| t.id == id).unwrap();
    assert_eq!(
        (test("H1.any").model.as_str(), test("H1.any").result.alpha),
        ("donation", 0.01)
    );
    let call = &test("H1.call").result;
    assert_eq!(call.p_adjusted, call.p_value.map(|p| (2.0 * p).min(1.0)));
    assert_eq!(run.record.verdict, Verdict::AsRegistered);
    assert_eq!(first(&run).tests, ["H1.any", "H1.call", "H1.letter"]);
}

#[test]
fn what_is_wrong_is_said_before_any_data_are_seen_with_its_place() {
    for (written, expected) in [
        (
            "{if: smallest_cell(arm) < 20, then: {models.support.vcovv: HC3}}",
            "models.support has no key `vcovv`: did you mean `vcov`?",
        ),
        (
            "{if: smallest_cell(arm) < 20, then: {models.support.vcov: HC9}}",
            "unknown word 'HC9'",
        ),
        (
            "{if: smallest_cell(arm) < 20, then: {models.suport.vcov: HC3}}",
            "did you mean `support`?",
        ),
        (
            "{if: smallest_cell(arm) < 20, then: {model.support.vcov: HC3}}",
            "did you mean `models`?",
        ),
        (
            "{if: smallest_cell(arm) < 20, then: {models.support.vcov: CR2}}",
            "needs to know the clusters",
        ),
        (
            "{if: smallest_cell(arm) < 20, then: {models.support.vcov: null}}",
            "is set to nothing",
        ),
        (
            "{if: smallest_cell(arm) < 20, then: {exclusions: []}}",
            "unknown word 'exclusions'",
        ),
        ("{if: smallest_cell(arm) < 20, then: {}}", "sets nothing"),
        ("{if: smallest_cell(arm) < 20}", "lacks `then`"),
        ("{then: {models.support.vcov: HC3}}", "lacks `if`"),
        (
            "{if: smallest_cell(arm, age) < 20, then: {models.support.vcov: HC3}}",
            "put the condition in quotes",
        ),
        (
            "{if: 'smallest_cell(arm, age) < 20', then: {models.support.vcov: HC3}}",
            "no variable with levels `age`",
        ),
        (
            "{if: share_missing(agee) > 0.1, then: {models.support.vcov: HC3}}",
            "did you mean `age`?",
        ),
        (
            "{if: share_missing(age) > 10, then: {models.support.vcov: HC3}}",
            "a share between 0 and 1",
        ),
        (
            "{if: refused(supprt), then: {models.support.vcov: HC3}}",
            "did you mean `support`?",
        ),
        (
            "{if: levene(donation) < 0.05, then: {models.support.vcov: HC3}}",
            "unweighted linear model of factors",
        ),
        (
            "{if: p_value(H1.any) > 0.05, then: {models.support.vcov: HC3}}",
            "expected a fact here",
        ),
        (
            "{if: rows < 100, then: {tests.H1.alpha: 0.01}}",
            "is no field of one of the tests",
        ),
    ] {
        let said = contingent(&format!("  - {written}\n"), &[]).unwrap_err();
        let found = said
            .iter()
            .find(|s| s.contains(expected))
            .unwrap_or_else(|| panic!("{written}: {said:#?}"));
        assert!(found.starts_with("registration.yaml:"), "{found}");
    }
    let many = "  - {if: rows < 5, then: {models.support.vcov: HC3}}\n".repeat(7);
    assert!(contingent(&many, &[]).unwrap_err()[0].contains("7 contingencies"));
}

#[test]
fn branches_that_do_not_go_together_are_refused() {
    let apart = "  - {if: rows < 5, then: {models.support.vcov: CR2, models.support.cluster: trust_1}}\n  - {if: rows < 9, then: {models.support.estimator: logit, models.support.formula: older ~ arm, models.support.vcov: HC0}}\n";
    let said = contingent(
        apart,
        &[
            ("derived:\n", "derived:\n  older: {when: age > 40}\n"),
            ("missing:\n", "missing:\n  cluster: fail\n"),
        ],
    )
    .unwrap_err();
    assert!(!said.is_empty());
    let fine = "  - {if: rows < 5, then: {tests.H1.any.alpha: 0.01}}\n  - {if: rows < 9, then: {tests.H1.any.conf_level: 0.9}}\n";
    assert!(contingent(fine, &[]).is_ok());
    let equivalent = [(
        "H1.letter: {model: support, of: arm, contrast: letter - control, alternative: greater",
        "H1.letter: {model: support, of: arm, contrast: letter - control, alternative: {equivalent: {low: -1, high: 1}}",
    )];
    let knotted = "  - {if: rows < 5, then: {tests.H1.letter.conf_level: 0.8}}\n  - {if: rows < 9, then: {tests.H1.letter.alpha: 0.01}}\n";
    let said = contingent(knotted, &equivalent).err().unwrap_or_default();
    assert!(
        said.iter()
            .any(|s| s.contains("one branch changes what another means")),
        "{said:#?}"
    );
}

#[test]
fn a_branch_that_no_field_can_have_is_an_error_and_no_panic() {
    let text = format!("{ASKING}contingencies: [{{if: rows > 0, then: {{models.arms.vcov: HC3}}}}]\n");
    let csv = root().join("base/data.csv");
    let (mut plan, sample) = reference::read(&text, &csv);
    assert!(inference::settle(&plan, &sample, [0; 32], &[]).is_ok());
    plan.contingencies[0].then[0].value = serde_json::json!("HC99");
    assert!(inference::settle(&plan, &sample, [0; 32], &[]).is_err());
    // What the plan no longer has is passed over.
    plan.contingencies[0].then[0].of = String::from("gone");
    assert!(inference::settle(&plan, &sample, [0; 32], &[]).is_ok());
}
