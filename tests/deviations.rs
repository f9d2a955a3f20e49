//! Every deviation rule on real small studies: what must fire fires, what is near but none does not.
//!
//! `tests/deviations/<slug>/fires*` and `quiet*` are locked by the library and run whole. `matrix.txt` holds every
//! rule on every fixture, so that a rule which begins to fire elsewhere is seen. To write it anew after a wanted
//! change: `ASREGISTERED_WRITE=1 cargo test --test deviations`.

mod fixtures;
mod mutations;

use asregistered::deviation::{self, RULES, rule};
use asregistered::diagnostic::codes;
use asregistered::plan::Plan;
use asregistered::plan::lower::Places;
use asregistered::record::{Deviation, Effect, HypothesisVerdict, Record, TestState, Verdict};
use asregistered::run;
use asregistered::source::write_whole;
use fixtures::{fired, only, root, run_changed, run_fixture, state};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

fn folders(path: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// All departures together are the request, and one that stands alone is all there is.
fn twins(record: &Record, of: &str) {
    let executed = |id: &str| &record.observed.tests.iter().find(|t| t.id == id).unwrap().result;
    let Some(curve) = &record.curve else {
        // The rows of an analysed file are nobody's request.
        for d in record.deviations.iter().filter(|d| d.of != "data.analysed") {
            for moved in d.alone.iter().flat_map(|alone| &alone.tests) {
                let result = executed(&moved.test);
                assert_eq!(moved.with.estimate, result.estimate, "{of}: {}", moved.test);
                assert_eq!(moved.with.p_value, result.p_value, "{of}: {}", moved.test);
                assert_eq!(moved.with.rejects, result.rejects, "{of}: {}", moved.test);
            }
        }
        return;
    };
    for test in &curve.tests {
        let most = test
            .specifications
            .iter()
            .map(|s| s.departures.len())
            .max()
            .unwrap();
        let whole = test
            .specifications
            .iter()
            .find(|s| s.departures.len() == most)
            .unwrap();
        let result = executed(&test.test);
        assert_eq!(whole.estimate, result.estimate, "{of}: {}", test.test);
        assert_eq!(
            whole.p_value,
            result.p_adjusted.or(result.p_value),
            "{of}: {}",
            test.test
        );
        assert_eq!(whole.rejects, result.rejects, "{of}: {}", test.test);
        let none = test
            .specifications
            .iter()
            .find(|s| s.departures.is_empty())
            .unwrap();
        let promised = record.observed.tests.iter().find(|t| t.id == test.test).unwrap();
        let promised = promised.as_registered.as_deref().unwrap_or(result);
        assert_eq!(
            none.p_value,
            promised.p_adjusted.or(promised.p_value),
            "{of}: {}",
            test.test
        );
    }
    for h in &record.observed.hypotheses {
        if let Some(own) = curve.hypotheses.iter().find(|c| c.hypothesis == h.id) {
            assert_eq!(own.as_registered, h.verdict, "{of}: {}", h.id);
        }
    }
}

/// What holds of every record, whatever was done.
fn consistent(record: &Record, of: &str) {
    for d in &record.deviations {
        assert!(rule(&d.code).is_some_and(|r| r.slug == d.slug), "{of}: {d:#?}");
        assert!(!d.message.is_empty() && !d.of.is_empty(), "{of}: {d:#?}");
        assert!(
            !d.at.is_empty() || d.registered_at.is_some() || d.slug == "test-not-run",
            "{of}: {d:#?}"
        );
    }
    if record.verdict == Verdict::AsRegistered {
        assert!(record.deviations.is_empty(), "{of}");
        for test in &record.observed.tests {
            assert_eq!(test.state, TestState::AsRegistered, "{of}: {}", test.id);
        }
    }
    twins(record, of);
    for test in &record.observed.tests {
        let touching = record.deviations.iter().any(|d| d.tests.contains(&test.id));
        match test.state {
            TestState::AsRegistered => assert!(test.as_registered.is_none(), "{of}: {}", test.id),
            TestState::Deviated | TestState::NotRun => {
                assert!(touching, "{of}: {} deviates without a deviation", test.id)
            }
            TestState::NotRegistered => assert!(!test.confirmatory, "{of}: {}", test.id),
        }
    }
}

#[test]
fn what_must_fire_fires_and_what_is_near_does_not() {
    let mut matrix = String::new();
    let mut wrong = Vec::new();
    for slug in folders(&root()).iter().filter(|name| *name != "base") {
        for name in folders(&root().join(slug)) {
            let of = format!("{slug}/{name}");
            let run = match run_changed(slug, &name, &|pipeline| pipeline) {
                Ok(run) => run,
                Err(said) => {
                    wrong.push(format!("{of} could not be run: {said:#?}"));
                    continue;
                }
            };
            consistent(&run.record, &of);
            if let Err(error) = asregistered::report::html(&run.record, &run.wording) {
                wrong.push(format!("{of} has no report: {error}"));
            }
            let found = fired(&run.record);
            let expected = name.starts_with("fires");
            if found.contains(slug.as_str()) != expected {
                wrong.push(format!("{of} found {found:?}"));
            }
            let line: Vec<&str> = RULES
                .iter()
                .filter(|r| found.contains(r.slug))
                .map(|r| r.slug)
                .collect();
            matrix.push_str(&format!("{of}: {}\n", line.join(" ")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let path = root().join("matrix.txt");
    if std::env::var_os("ASREGISTERED_WRITE").is_some() {
        write_whole(&path, matrix.as_bytes()).unwrap();
    }
    assert_eq!(matrix, std::fs::read_to_string(path).unwrap_or_default());
}

#[test]
fn the_base_study_is_as_registered() {
    let run = run_fixture("unlocked-run", "quiet");
    assert_eq!(run.record.verdict, Verdict::AsRegistered);
    assert!(run.record.deviations.is_empty());
}

#[test]
fn a_derived_variable_of_any_kind_touches_the_tests_that_use_it() {
    let quiet = run_fixture("derivation-changed", "quiet-every-kind");
    let registered = |test: &str| {
        quiet
            .record
            .observed
            .tests
            .iter()
            .find(|t| t.id == test)
            .unwrap()
            .result
            .clone()
    };
    for kind in [
        "cut",
        "recode",
        "over",
        "over-a-level",
        "days",
        "lag",
        "contains",
        "value",
    ] {
        let run = run_fixture("derivation-changed", &format!("fires-{kind}"));
        assert_eq!(
            only(&run.record, "derivation-changed").tests,
            ["H2.call"],
            "{kind}"
        );
        assert_eq!(fired(&run.record).len(), 1, "{kind}");
        for test in &run.record.observed.tests {
            let beside = test.as_registered.as_ref().map(|r| r.estimate);
            if test.id == "H2.call" {
                // Another zero, unit or sign of a covariate changes no contrast beside it, but for rounding.
                let affine = ["over", "over-a-level", "days"].contains(&kind);
                let only_rounding = affine && beside.is_none();
                assert!(
                    only_rounding || beside == Some(registered(&test.id).estimate),
                    "{kind}"
                );
            } else {
                assert_eq!(
                    (beside, &test.result),
                    (None, &registered(&test.id)),
                    "{kind}: {}",
                    test.id
                );
            }
        }
    }
}

#[test]
fn a_departure_is_shown_where_it_is_written() {
    for (slug, name, line, column) in [
        ("codebook-changed", "fires", 8, 34),
        ("exclusion-added", "fires", 11, 12),
        ("exclusion-dropped", "fires", 8, 3),
        ("hypothesis-dropped", "fires", 8, 16),
        ("subset-changed", "fires-dropped", 8, 20),
        ("family-changed", "fires", 8, 49),
    ] {
        let run = run_fixture(slug, name);
        let at = &only(&run.record, slug).at[0];
        assert_eq!(
            (at.file.as_str(), at.line, at.column),
            ("pipeline.yaml", line, column),
            "{slug}"
        );
    }
}

#[test]
fn a_row_in_a_forbidden_cell_is_named_by_its_line() {
    let run = run_fixture("forbidden-cell", "fires");
    let d = only(&run.record, "forbidden-cell");
    assert_eq!(d.of, "arm = letter, sender = mayor");
    assert_eq!((d.at[0].file.as_str(), d.at[0].line), ("data.csv", 7));
    assert!(d.message.contains("1 row (line 7)"), "{}", d.message);
    assert_eq!(d.registered_at.as_ref().unwrap().line, 23);
    assert!(d.tests.contains(&String::from("H1.any")) && d.hypotheses.contains(&String::from("H1")));
    let many = run_fixture("forbidden-cell", "fires-many");
    assert_eq!(many.record.observed.forbidden[0].count, 12);
    assert_eq!(many.record.observed.forbidden[0].lines.len(), 10);
    assert!(
        only(&many.record, "forbidden-cell")
            .message
            .contains("12 rows (lines ")
    );
}

/// What all departures did to a test, as one deviation tells it.
fn effect<'a>(deviation: &'a Deviation, test: &str) -> &'a Effect {
    deviation.effects.iter().find(|e| e.test == test).unwrap()
}

#[test]
fn a_deviation_shows_both_places_and_what_it_did_to_each_test_it_touches() {
    let run = run_fixture("vcov-changed", "fires");
    let d = only(&run.record, "vcov-changed");
    assert_eq!(d.of, "models.support.vcov");
    assert_eq!(d.tests, ["H1.any", "H1.call", "H1.letter"]);
    assert_eq!(d.hypotheses, ["H1"]);
    assert_eq!(
        (d.registered.as_deref(), d.executed.as_deref()),
        (Some("HC2"), Some("HC1"))
    );
    assert_eq!((d.at[0].file.as_str(), d.at[0].line), ("pipeline.yaml", 8));
    let registered = d.registered_at.as_ref().unwrap();
    assert_eq!(
        (registered.file.as_str(), registered.line),
        ("../../base/registration.yaml", 53)
    );
    let effect = effect(d, "H1.any");
    assert_eq!(effect.as_registered.estimate, effect.as_requested.estimate);
    assert_ne!(effect.as_registered.std_error, effect.as_requested.std_error);
    assert_eq!(state(&run.record, "H1.any"), TestState::Deviated);
    assert_eq!(state(&run.record, "H2.call"), TestState::AsRegistered);
}

#[test]
fn each_departure_is_run_by_itself_and_all_of_them_in_every_combination() {
    let request = "analysis:\n  models: {support: {vcov: HC1}, donation: {formula: donation ~ arm + trust}}\n  tests: {H2.call: {alpha: 1.0e-12}}\n";
    let run = run_changed("unlocked-run", "quiet", &|text| text + request).unwrap();
    let alone = |slug: &str| only(&run.record, slug).alone.clone().unwrap();
    let alpha = alone("alpha-changed");
    assert_eq!(alpha.flips.len(), 1);
    assert_eq!(alpha.flips[0].hypothesis, "H2");
    assert_eq!(
        (alpha.flips[0].as_registered, alpha.flips[0].with),
        (HypothesisVerdict::Corroborated, HypothesisVerdict::Inconclusive)
    );
    assert_eq!(alpha.tests[0].as_registered.p_value, alpha.tests[0].with.p_value);
    let dropped = alone("covariate-dropped");
    assert!(dropped.flips.is_empty() && dropped.together_with.is_empty());
    assert_ne!(
        dropped.tests[0].as_registered.p_value,
        dropped.tests[0].with.p_value
    );
    let vcov = alone("vcov-changed");
    assert_eq!(vcov.tests.len(), 3, "{vcov:#?}");

    let curve = run.record.curve.as_ref().unwrap();
    assert_eq!(curve.departures.len(), 3);
    assert!(curve.note.is_none());
    let second = curve.hypotheses.iter().find(|h| h.hypothesis == "H2").unwrap();
    assert_eq!((second.corroborated, second.inconclusive), (4, 4));
    let position = curve
        .departures
        .iter()
        .position(|d| d.starts_with("D033"))
        .unwrap() as u64
        + 1;
    assert_eq!(second.first_flip, Some(vec![position]));
    // The variance of another model bears on no test that two departures bear on.
    let tests: Vec<(&str, u64, u64)> = curve
        .tests
        .iter()
        .map(|t| (t.test.as_str(), t.combinations, t.rejects))
        .collect();
    assert_eq!(tests, [("H2.call", 4, 2)]);
    let html = asregistered::report::html(&run.record, &run.wording).unwrap();
    assert!(html.contains("it flips the verdict: H2 is inconclusive instead of corroborated"));
}

#[test]
fn what_cannot_be_made_alone_is_made_together() {
    let request = "analysis:\n  models: {support: {vcov: CR2, cluster: respondent}}\n  missing: {id: fail}\n";
    let run = run_changed("unlocked-run", "quiet", &|text| text + request).unwrap();
    let vcov = only(&run.record, "vcov-changed").alone.clone().unwrap();
    assert_eq!(vcov.together_with, ["D054 models.support.clusters"]);
    assert!(vcov.tests.iter().all(|t| t.with.p_value.is_some()));
}

#[test]
fn a_test_deviates_when_another_of_its_family_moves_its_correction() {
    let run = run_fixture("alternative-changed", "fires");
    let d = only(&run.record, "alternative-changed");
    assert_eq!(d.tests, ["H1.call", "H1.letter"]);
    assert_eq!(state(&run.record, "H1.call"), TestState::Deviated);
    assert_eq!(state(&run.record, "H1.any"), TestState::AsRegistered);

    let run = run_fixture("test-not-run", "fires-in-family");
    assert_eq!(state(&run.record, "H1.letter"), TestState::NotRun);
    assert_eq!(state(&run.record, "H1.call"), TestState::Deviated);
    assert_eq!(only(&run.record, "test-not-run").tests, ["H1.call", "H1.letter"]);
}

#[test]
fn a_test_that_was_taken_out_keeps_its_registered_result() {
    let run = run_fixture("test-not-run", "fires");
    let d = only(&run.record, "test-not-run");
    assert_eq!(
        (d.of.as_str(), d.at[0].file.as_str(), d.at[0].line),
        ("H2.call", "pipeline.yaml", 8)
    );
    let effect = effect(d, "H2.call");
    assert!(effect.as_registered.p_value.is_some() && effect.as_requested.p_value.is_none());
    let hypothesis = run
        .record
        .observed
        .hypotheses
        .iter()
        .find(|h| h.id == "H2")
        .unwrap();
    assert_eq!(hypothesis.verdict, HypothesisVerdict::Corroborated);
    assert_eq!(
        hypothesis.verdict_as_requested,
        Some(HypothesisVerdict::Inconclusive)
    );
    assert!(effect.verdict_flips);
    assert!(
        hypothesis.note.is_none(),
        "the registered rule was decided: {hypothesis:?}"
    );

    let refused = run_fixture("test-not-run", "fires-refused");
    let d = only(&refused.record, "test-not-run");
    assert_eq!(d.tests, ["H2.call"]);
    assert!(d.message.contains("E00"), "{}", d.message);
    assert!(d.effects.is_empty());
}

#[test]
fn taking_out_what_is_not_there_is_refused() {
    for (section, name, near) in [
        ("tests", "H1.lettr", "H1.letter"),
        ("models", "suport", "support"),
    ] {
        let change = |text: String| text + &format!("analysis: {{{section}: {{{name}: null}}}}\n");
        let said = run_changed("unlocked-run", "quiet", &change).unwrap_err();
        assert!(said[0].contains(name), "{said:?} {near}");
    }
    let change = |text: String| text + "analysis: {models: {older: null}}\n";
    let said = run_changed("unlocked-run", "quiet", &change).unwrap_err();
    assert_eq!(
        said,
        ["models.older is taken out, but the test H3.older needs it"]
    );
}

#[test]
fn levels_that_weigh_otherwise_are_another_estimand() {
    let change = |text: String| text + "analysis: {tests: {H1.any: {weigh: rows}}}\n";
    let run = run_changed("unlocked-run", "quiet", &change).unwrap();
    let d = only(&run.record, "estimand-changed");
    assert_eq!(
        (d.registered.as_deref(), d.executed.as_deref()),
        (
            Some("mean(call, letter) - control of arm"),
            Some("mean(call, letter) - control of arm, levels by their rows")
        )
    );
    assert_eq!(d.tests, ["H1.any"]);
}

/// What belonged to the registered estimator goes with it: the departure is reported, not refused.
#[test]
fn an_estimator_leaves_with_its_own_fields() {
    let change = |text: String| text.replace("{items: 7}", "{estimator: difference_in_means}");
    let run = run_changed("estimator-changed", "quiet-items", &change).unwrap();
    let all = run
        .record
        .deviations
        .iter()
        .filter(|d| d.slug == "estimator-changed");
    let of: Vec<&str> = all.map(|d| d.of.as_str()).collect();
    assert_eq!(of, ["models.support.estimator", "models.support.items"]);
    assert!(
        fired(&run.record).iter().all(|slug| *slug == "estimator-changed"),
        "{:?}",
        fired(&run.record)
    );
    let kept = |text: String| text.replace("{items: 7}", "{estimator: difference_in_means, items: 7}");
    let said = run_changed("estimator-changed", "quiet-items", &kept).unwrap_err();
    assert!(
        said.iter()
            .any(|s| s.contains("belongs to `estimator: list_experiment`")),
        "{said:?}"
    );
}

/// A pipeline with one disclosure more.
fn disclosing(deviation: &str, of: &str) -> impl Fn(String) -> String {
    let entry = format!(
        "disclosures:\n  - {{deviation: {deviation}, {of}reason: reviewer, decided: after_results, explanation: asked for, impact: none}}\n"
    );
    move |text| text + &entry
}

#[test]
fn a_disclosure_names_its_deviation_by_code_slug_path_or_id() {
    for (slug, deviation, of) in [
        ("vcov-changed", "D031", ""),
        ("vcov-changed", "vcov-changed", ""),
        ("vcov-changed", "D031 vcov-changed", "of: models.support.vcov, "),
        ("vcov-changed", "d031", "of: support, "),
        ("exclusion-added", "D012", "of: speeders, "),
        ("alpha-changed", "D033", "of: H1.any, "),
        ("test-not-run", "D006", "of: tests.H2.call, "),
        ("test-not-run", "D006", "of: H2.call, "),
        ("level-unregistered", "D023", "of: variables.arm, "),
        ("recoded", "D026", "of: support, "),
        ("hypothesis-dropped", "D001", "of: H2, "),
    ] {
        let run = run_changed(slug, "fires", &disclosing(deviation, of)).unwrap();
        let d = only(&run.record, slug);
        assert!(d.disclosed, "{slug} {deviation} {of}");
        assert_eq!(d.disclosure.as_ref().unwrap().explanation, "asked for");
        assert_eq!(run.record.verdict, Verdict::DeviatesDisclosed, "{slug}");
        assert!(
            run.diagnostics
                .iter()
                .all(|d| d.code != codes::DISCLOSURE_UNMATCHED)
        );
    }
}

#[test]
fn a_disclosure_by_the_general_name_covers_what_was_split_from_it() {
    for (slug, name, deviation, of) in [
        (
            "covariate-added",
            "fires",
            "D029 formula-changed",
            "of: models.support.formula, ",
        ),
        ("covariate-added", "fires-beside-another", "D029", ""),
        ("reference-changed", "fires", "codebook-changed", ""),
        ("direction-changed", "fires", "D034", "of: H1.letter, "),
    ] {
        let run = run_changed(slug, name, &disclosing(deviation, of)).unwrap();
        assert_eq!(run.record.verdict, Verdict::DeviatesDisclosed, "{slug}/{name}");
    }
    let two = "analysis: {models: {support: {formula: support ~ arm + age}, donation: {formula: donation ~ arm + trust}}}\n";
    let both = |text: String| disclosing("D029", "")(text + two);
    let run = run_changed("unlocked-run", "quiet", &both).unwrap();
    assert!(run.record.deviations.iter().all(|d| !d.disclosed));
}

#[test]
fn a_disclosure_that_does_not_name_one_deviation_discloses_none() {
    for (slug, deviation, of) in [
        ("vcov-changed", "D032", ""),
        ("vcov-changed", "D031 alpha-changed", ""),
        ("vcov-changed", "D031", "of: models.donation.vcov, "),
        ("exclusion-added", "D012", "of: inattentive, "),
        ("alpha-changed", "D033", "of: H1, "),
    ] {
        let run = run_changed(slug, "fires", &disclosing(deviation, of)).unwrap();
        assert!(!only(&run.record, slug).disclosed, "{slug} {deviation} {of}");
        assert_eq!(run.record.verdict, Verdict::DeviatesUndisclosed);
        let unmatched = run
            .diagnostics
            .iter()
            .filter(|d| d.code == codes::DISCLOSURE_UNMATCHED);
        assert_eq!(unmatched.count(), 1, "{slug} {deviation} {of}");
    }
    let two = "analysis:\n  models: {support: {vcov: HC1}, donation: {vcov: HC3}}\n";
    let both = |text: String| disclosing("D031", "")(text + two);
    let run = run_changed("unlocked-run", "quiet", &both).unwrap();
    assert_eq!(run.record.deviations.iter().filter(|d| d.disclosed).count(), 0);
    let one = |text: String| disclosing("D031", "of: donation, ")(text + two);
    let run = run_changed("unlocked-run", "quiet", &one).unwrap();
    assert_eq!(run.record.deviations.iter().filter(|d| d.disclosed).count(), 1);
    assert_eq!(run.record.verdict, Verdict::DeviatesUndisclosed);
    assert!(!run.record.deviations[0].disclosed, "the undisclosed come first");
}

#[test]
fn without_a_lock_nothing_is_as_registered() {
    let run = run_fixture("unlocked-run", "fires");
    assert_eq!(run.record.verdict, Verdict::NotCheckable);
    let run = run_changed("unlocked-run", "fires", &disclosing("D048", "")).unwrap();
    assert_eq!(run.record.verdict, Verdict::NotCheckable);
    let change = |text: String| text + "analysis: {models: {support: {vcov: HC1}}}\n";
    let run = run_changed("unlocked-run", "fires", &change).unwrap();
    assert_eq!(run.record.verdict, Verdict::DeviatesUndisclosed);
}

#[test]
fn an_edited_registration_names_every_field_once_and_the_promise_is_kept() {
    let run = run_fixture("registration-edited", "fires");
    let d = only(&run.record, "registration-edited");
    for field in ["models.support.vcov (HC2 → HC1)", "design.minimum (120 → 100)"] {
        assert!(d.message.contains(field), "{}", d.message);
    }
    let vcov = only(&run.record, "vcov-changed");
    assert_eq!(vcov.at[0].file, "registration.yaml");
    let test = run
        .record
        .observed
        .tests
        .iter()
        .find(|t| t.id == "H1.any")
        .unwrap();
    assert_eq!(test.as_registered.as_ref().unwrap().vcov, "HC2");
}

#[test]
fn what_cannot_be_checked_is_said() {
    for (slug, name, expected) in [
        ("unlocked-run", "quiet", vec!["data-edited"]),
        ("data-edited", "quiet", vec![]),
        (
            "collected-outside-window",
            "quiet-undated",
            vec![
                "collected-outside-window",
                "data-before-registration",
                "data-edited",
            ],
        ),
        (
            "data-before-registration",
            "quiet-locked-late",
            vec!["data-before-registration", "data-edited"],
        ),
    ] {
        let run = run_fixture(slug, name);
        let unchecked: Vec<&str> = run.record.not_checked.iter().map(|n| n.slug.as_str()).collect();
        assert_eq!(unchecked, expected, "{slug}/{name}");
    }
}

/// Every plan that differs from this one in one place: a leaf replaced, or an entry of a list or map left out.
fn variants(plan: &Value) -> Vec<(String, Value)> {
    let words = [
        "primary",
        "secondary",
        "two_sided",
        "greater",
        "less",
        "none",
        "bonferroni",
        "holm",
        "HC1",
        "ml",
        "HC2",
        "observed",
        "cohens_d",
        "hedges_g",
        "balanced",
        "pre_treatment",
        "post_treatment",
        "outcome",
        "covariate",
        "drop_from_test",
        "fail",
        "conjoint",
        "independent",
        "before_exclusions",
        "after_exclusions",
        "after_access",
        "=",
        "<>",
        "something else",
    ];
    let mut found = Vec::new();
    let mut pointers = vec![String::new()];
    while let Some(pointer) = pointers.pop() {
        let mut put = |value: Value| {
            let mut changed = plan.clone();
            *changed.pointer_mut(&pointer).unwrap() = value;
            found.push((pointer.clone(), changed));
        };
        let inside = |key: String| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        match plan.pointer(&pointer).unwrap() {
            Value::Object(map) => {
                for key in map.keys() {
                    let mut less = map.clone();
                    less.remove(key);
                    put(Value::Object(less));
                    pointers.push(inside(key.clone()));
                }
            }
            Value::Array(list) => {
                for position in 0..list.len() {
                    let mut less = list.clone();
                    less.remove(position);
                    put(Value::Array(less));
                    pointers.push(inside(position.to_string()));
                }
            }
            Value::Number(number) => put(json!(number.as_f64().unwrap() + 1.0)),
            Value::Bool(truth) => put(json!(!truth)),
            Value::String(text) => words.iter().filter(|w| *w != text).for_each(|w| put(json!(w))),
            Value::Null => {
                words.iter().for_each(|w| put(json!(w)));
                put(json!(7));
            }
        }
    }
    found
}

/// Compares a locked plan with every variant of it that a filter lets through: how many, and at how many places.
fn every_variant_is_seen(registration: &str, of: &dyn Fn(&str) -> bool) -> (usize, usize) {
    let plan = run::check(&root().join(registration))
        .map_err(|_| ())
        .unwrap()
        .lowered
        .plan;
    let value = serde_json::to_value(&plan).unwrap();
    let (mut compared, mut pointers) = (0, BTreeSet::new());
    for (pointer, changed) in variants(&value).into_iter().filter(|(pointer, _)| of(pointer)) {
        let Ok(requested) = serde_json::from_value::<Plan>(changed) else {
            continue;
        };
        // Another name for the same exclusion is none.
        let renamed = pointer.starts_with("/exclusions/") && pointer.ends_with("/id");
        if requested == plan || renamed {
            continue;
        }
        compared += 1;
        pointers.insert(pointer.clone());
        let changes = deviation::diff(&plan, &requested, &Places::new(), &Places::new());
        assert!(!changes.is_empty(), "{pointer} changed unseen");
        for change in &changes {
            let claiming: Vec<&str> = RULES
                .iter()
                .filter(|r| (r.claims)(change))
                .map(|r| r.slug)
                .collect();
            assert_eq!(
                claiming.len(),
                1,
                "{pointer}: {} is claimed by {claiming:?}",
                change.of()
            );
            assert_ne!(
                change.registered,
                change.executed,
                "{pointer}: {} reads the same",
                change.of()
            );
        }
    }
    (compared, pointers.len())
}

#[test]
fn no_field_of_a_plan_changes_without_a_rule_that_says_so() {
    let (compared, pointers) = every_variant_is_seen("base/registration.yaml", &|_| true);
    assert!(compared > 400 && pointers > 150, "{compared} at {pointers}");
    let among = "exclusion-changed/fires-order/registration.yaml";
    let (compared, pointers) = every_variant_is_seen(among, &|p| p.starts_with("/exclusions"));
    assert!(compared > 150 && pointers > 10, "{compared} at {pointers}");
    let raked = "derivation-changed/quiet-rake/registration.yaml";
    let (compared, pointers) = every_variant_is_seen(raked, &|p| p.starts_with("/derived/1"));
    assert!(compared > 4 && pointers > 4, "{compared} at {pointers}");
    let branching = "contingency-changed/quiet-order/registration.yaml";
    let (compared, pointers) = every_variant_is_seen(branching, &|p| p.starts_with("/contingencies"));
    assert!(compared > 40 && pointers > 20, "{compared} at {pointers}");
    let direct = "estimand-changed/fires-order/registration.yaml";
    let of = |p: &str| {
        ["/models/c", "/tests/H2.change", "/tests/H3.crossed"]
            .iter()
            .any(|s| p.starts_with(s))
    };
    let (compared, pointers) = every_variant_is_seen(direct, &of);
    assert!(compared > 200 && pointers > 25, "{compared} at {pointers}");
    let mixed = "estimator-changed/fires-likelihood/registration.yaml";
    let (compared, pointers) = every_variant_is_seen(mixed, &|p| p.starts_with("/models/donation"));
    assert!(compared > 100 && pointers > 15, "{compared} at {pointers}");
    for (registration, field) in [
        ("effect-size-changed/fires", "effect_size"),
        ("bayes-factor-changed/fires-decide", "bayes_factor"),
        ("bayes-factor-changed/fires-decide", "decide"),
    ] {
        let registration = format!("{registration}/registration.yaml");
        let (compared, _) = every_variant_is_seen(&registration, &|p| p.contains(field));
        assert!(compared > 0, "{field}");
    }
}

#[test]
fn every_rule_has_its_file_its_page_and_its_fixtures() {
    let folders = folders(&root());
    let mut seen = BTreeSet::new();
    for rule in RULES {
        assert!(
            seen.insert(rule.code) && seen.insert(rule.slug),
            "{} twice",
            rule.code
        );
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/deviation/rules")
            .join(format!("{}.rs", rule.slug.replace('-', "_")));
        let source = std::fs::read_to_string(&file).unwrap();
        assert_eq!(source, rule.source, "{}", rule.slug);
        let page = rule.page();
        for part in [
            "# ",
            "What it detects: ",
            "Why it matters: ",
            "Example that fires:",
            "What to do: ",
            "References: ",
        ] {
            assert!(page.contains(part), "{} does not say {part:?}", rule.slug);
        }
        assert!(
            folders.iter().any(|f| f == rule.slug),
            "{} has no fixtures",
            rule.slug
        );
        for kind in ["fires", "quiet"] {
            assert!(root().join(rule.slug).join(kind).is_dir(), "{}/{kind}", rule.slug);
        }
    }
    for folder in folders.iter().filter(|f| *f != "base") {
        assert!(rule(folder).is_some(), "{folder} is no rule");
    }
}

#[test]
fn codes_are_permanent() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes.txt");
    let known = std::fs::read_to_string(path).unwrap();
    let now: BTreeSet<String> = codes::ALL
        .iter()
        .map(|c| format!("{} {}", c.id, c.slug))
        .chain(RULES.iter().map(|r| format!("{} {}", r.code, r.slug)))
        .chain(
            asregistered::claims::RULES
                .iter()
                .map(|r| format!("{} {}", r.code, r.slug)),
        )
        .collect();
    let listed: BTreeSet<String> = known.lines().map(str::to_owned).collect();
    let lost: Vec<&String> = listed.difference(&now).collect();
    let new: Vec<&String> = now.difference(&listed).collect();
    assert!(lost.is_empty(), "codes are never removed or renamed: {lost:#?}");
    assert!(new.is_empty(), "append these to tests/codes.txt: {new:#?}");
    let numbers: BTreeSet<&str> = known.lines().filter_map(|l| l.split(' ').next()).collect();
    assert_eq!(numbers.len(), known.lines().count(), "a number stands twice");
}

fn reference_registration() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("prereg/registration.yaml");
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_random_change_of_meaning_is_named_by_its_rule() {
    let text = reference_registration();
    let before = mutations::plan(&text);
    let mut seen = BTreeSet::new();
    for seed in 0..500 {
        let mut draw = mutations::Draw::new(seed);
        let (from, to, slug) = mutations::meaningful(&mut draw);
        assert!(text.contains(&from), "{seed}: {from}");
        let changed = mutations::rewritten(&text.replacen(&from, &to, 1), &mut draw);
        let named = mutations::named(&before, &mutations::plan(&changed));
        assert_eq!(named, BTreeSet::from([slug]), "{seed}: {from} → {to}");
        seen.insert(slug);
    }
    assert!(seen.len() > 20, "{seen:?}");
}

#[test]
fn a_random_change_of_wording_is_none() {
    let text = reference_registration();
    let before = mutations::plan(&text);
    for seed in 0..500 {
        let changed = mutations::rewritten(&text, &mut mutations::Draw::new(seed));
        let named = mutations::named(&before, &mutations::plan(&changed));
        assert!(named.is_empty(), "{seed}: {named:?}\n{changed}");
    }
}

/// The published study, asked for with another outcome, two moderators less and four more: 849 rows of 800 planned.
#[test]
fn a_published_study_has_exactly_the_deviations_that_were_made() {
    let data =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/bonilla_tillery_2020/bonilla_tillery.csv");
    let Ok(data) = std::fs::read(data) else { return };
    let folder = tempfile::tempdir().unwrap();
    let study = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/studies/bonilla_tillery");
    for file in ["registration.yaml", "lock.json"] {
        std::fs::copy(study.join(file), folder.path().join(file)).unwrap();
    }
    write_whole(&folder.path().join("data.csv"), &data).unwrap();
    let run = |analysis: &str| {
        let head = "asregistered: 1\nregistration: registration.yaml\nlock: lock.json\ndata: {path: data.csv, provenance: collected}\n";
        let path = folder.path().join("pipeline.yaml");
        write_whole(&path, format!("{head}{analysis}").as_bytes()).unwrap();
        run::run(&path).map_err(|f| f.diagnostics).unwrap().record
    };
    let kept = run("");
    assert_eq!(kept.verdict, Verdict::AsRegistered, "{:#?}", kept.deviations);
    assert_eq!(kept.observed.collection.counted, 849);

    let drops = ["by_lgbtq", "by_linked_fate"];
    let adds = ["age", "religiosity", "income", "college"];
    let mut tests = String::new();
    for model in drops {
        for arm in ["nationalism", "feminism", "intersectional"] {
            tests.push_str(&format!("    {model}.{arm}: null\n"));
        }
    }
    let mut models = String::from("    main: {formula: linked_fate ~ Z}\n");
    for moderator in adds {
        models.push_str(&format!(
            "    by_{moderator}: {{estimator: ols, formula: blm_support ~ Z * {moderator}, vcov: HC2}}\n"
        ));
        tests.push_str(&format!(
            "    by_{moderator}.joint: {{model: by_{moderator}, joint: \"Z:{moderator}\", alpha: 0.05}}\n"
        ));
    }
    let record = run(&format!("analysis:\n  models:\n{models}  tests:\n{tests}"));
    let found: Vec<String> = record
        .deviations
        .iter()
        .map(|d| format!("{} {}", d.slug, d.of))
        .collect();
    let mut expected: Vec<String> = vec![String::from("outcome-changed models.main.formula")];
    for model in drops {
        for arm in ["feminism", "intersectional", "nationalism"] {
            expected.push(format!("test-not-run {model}.{arm}"));
        }
    }
    for moderator in adds {
        expected.push(format!("test-not-registered models.by_{moderator}"));
        expected.push(format!("test-not-registered tests.by_{moderator}.joint"));
    }
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    assert_eq!(sorted(found), sorted(expected));
}
