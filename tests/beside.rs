//! What stands beside the plan and is no deviation: exploration that is labelled so.

mod fixtures;

use asregistered::record::{HypothesisVerdict, TestState, Verdict};
use asregistered::report;
use fixtures::{fired, only, run_changed, run_fixture, state};

fn refused(exploratory: &str) -> Vec<String> {
    let change = |text: String| format!("{text}exploratory:\n{exploratory}");
    run_changed("unlocked-run", "quiet", &change).unwrap_err()
}

#[test]
fn exploration_is_run_and_kept_apart() {
    let run = run_fixture("test-not-registered", "quiet-explored");
    assert_eq!(run.record.verdict, Verdict::AsRegistered);
    let explored = &run.record.observed.exploratory;
    let ids: Vec<&str> = explored.tests.iter().map(|t| t.id.as_str()).collect();
    assert_eq!(ids, ["X1", "X2", "X3"]);
    for test in &explored.tests {
        assert_eq!((test.state, test.confirmatory), (TestState::NotRegistered, false));
        assert!(
            test.hypothesis.is_none() && test.result.p_value.is_some(),
            "{test:?}"
        );
    }
    // Their correction is their own: two tests by Bonferroni, the third in no family.
    let adjusted = |i: usize| explored.tests[i].result.p_adjusted;
    assert_eq!(
        adjusted(0),
        explored.tests[0].result.p_value.map(|p| (2.0 * p).min(1.0))
    );
    assert_eq!(adjusted(2), None);
    let models: Vec<&str> = explored.models.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(models, ["generosity", "younger"]);

    let plain = run_fixture("unlocked-run", "quiet");
    assert_eq!(plain.record.observed.tests, run.record.observed.tests);
    assert_eq!(plain.record.observed.hypotheses, run.record.observed.hypotheses);
    assert_eq!(plain.record.observed.flow, run.record.observed.flow);

    let table = report::tests_csv(&run.record);
    let marked: Vec<&str> = table
        .lines()
        .filter(|l| l.ends_with(",true,,,,,,,0.95"))
        .collect();
    assert_eq!(marked.len(), 3);
    assert!(
        table
            .lines()
            .next()
            .is_some_and(|head| head.contains(",exploratory,"))
    );
    let html = report::html(&run.record, &run.wording).unwrap();
    assert!(html.contains("8 Exploratory analyses"));
    let summary = report::summary(&run.record, &run.wording);
    assert!(summary.counts.contains("exploratory: 3"), "{}", summary.counts);
}

#[test]
fn an_explored_test_does_not_stand_in_for_one_that_was_dropped() {
    let run = run_fixture("test-not-run", "fires-though-explored");
    assert_eq!(only(&run.record, "test-not-run").of, "H2.call");
    assert_eq!(fired(&run.record).len(), 1);
    assert_eq!(state(&run.record, "H2.call"), TestState::NotRun);
    let hypothesis = run
        .record
        .observed
        .hypotheses
        .iter()
        .find(|h| h.id == "H2")
        .unwrap();
    assert_eq!(
        hypothesis.verdict_as_requested,
        Some(HypothesisVerdict::Inconclusive)
    );
    assert_eq!(hypothesis.tests, ["H2.call"]);
    assert_eq!(run.record.verdict, Verdict::DeviatesUndisclosed);
}

#[test]
fn exploration_has_names_of_its_own_and_reaches_into_nothing() {
    let test = "model: support, of: arm, contrast: call - letter, alternative: two_sided, alpha: 0.05";
    for (written, of) in [
        (
            format!("  tests: {{H2.call: {{{test}}}}}\n"),
            "`H2.call` is registered",
        ),
        (
            String::from("  models: {support: {vcov: HC1}}\n"),
            "`support` is registered",
        ),
        (
            String::from("  derived: {trust: {when: age > 30}}\n"),
            "`trust` is registered",
        ),
        (
            String::from("  derived: {age: {when: duration > 30}}\n"),
            "`age` is registered",
        ),
        (
            String::from("  missing: {outcome: fail}\n"),
            "`outcome` is registered",
        ),
        (
            String::from("  missing: {check: drop_from_study}\n"),
            "analysed rows",
        ),
        (
            String::from("  families: {arms: {adjust: none}}\n"),
            "`arms` is registered",
        ),
        (
            format!(
                "  tests: {{X: {{{test}}}}}\n  families: {{more: {{tests: [X, H1.any], adjust: none}}}}\n"
            ),
            "`H1.any` is registered",
        ),
        (
            format!(
                "  tests: {{X: {{{test}}}}}\n  families: {{more: {{tests: [X], adjust: none, gate: {{family: arms, open_if: any}}}}}}\n"
            ),
            "`arms` is registered",
        ),
        (
            String::from("  hypotheses: {H9: {statement: It works.}}\n"),
            "no key `hypotheses`",
        ),
        (String::from("  exclusions: []\n"), "no key `exclusions`"),
        (
            String::from("  tests: {X: {model: suport}}\n"),
            "no model `suport`",
        ),
    ] {
        let said = refused(&written);
        assert!(said.iter().any(|m| m.contains(of)), "{written}{said:#?}");
    }
}

#[test]
fn a_test_that_left_the_registration_after_the_lock_cannot_come_back_as_exploration() {
    let edited = |text: String| {
        text + "exploratory:\n  tests: {H3.older: {model: support, joint: arm, alpha: 0.05}}\n"
    };
    let said = run_changed("registration-edited", "fires-less", &edited).unwrap_err();
    assert!(
        said.iter().any(|m| m.contains("`H3.older` is registered")),
        "{said:#?}"
    );
}
