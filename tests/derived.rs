//! Derived variables, held to base R (tests/oracle/derived.R).

mod reference;

use asregistered::data::{self, Column};
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::pipeline::{Mapping, Reading};
use asregistered::spec::{registration, yaml};
use asregistered::{diagnostic, plan};
use std::path::Path;

const HEAD: &str = r#"
asregistered: 1
study: {id: derived, title: Derived, authors: [{name: Nobody}], timing: before_collection}
design: {kind: within_subjects, unit: person, allocation: independent}
variables:
  person: {role: id, label: Person}
  wave: {role: covariate, label: Wave}
  arm: {role: factor, label: Arm, levels: [control, treated], reference: control, probability: equal}
  x: {role: covariate, label: X}
  y: {role: outcome, label: Y}
  start: {role: time, label: Start}
  end: {role: time, label: End}
  remark: {role: text, label: Remark}
  keep: {role: check, label: Kept, scale: {min: 0, max: 1}}
missing: {outcome: drop_from_test}
models: {m: {estimator: ols, formula: y ~ arm, vcov: HC2}}
tests: {t: {model: m, of: arm, contrast: treated - control, alternative: two_sided, alpha: 0.05}}
hypotheses: {H: {statement: It differs., status: primary, corroborated_if: t, contradicted_if: not t}}
"#;

const DERIVED: &str = r#"
derived:
  value: {value: "100 * (x - 1) / 4 + y"}
  cut: {cut: x, at: [18, 30, 65]}
  recode: {recode: arm, to: {control: -1, treated: 2}}
  z_collected: {standardise: x, over: collected}
  z_kept: {standardise: x, over: kept}
  z_control: {standardise: x, over: {arm: control}}
  z_later: {value: z_kept * 2}
  days: {days: {from: start, to: end}}
  lag: {lag: y, order: wave}
  contains: {contains: remark, any_of: [Vaccine, ärzte]}
exclusions:
  - {id: left, drop_if: keep = 0 AND cut > 90, reason: none of them}
"#;

fn lowered(text: &str) -> (plan::Lowered, Vec<diagnostic::Diagnostic>) {
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", text.into());
    let found = Findings::default();
    let lowered = plan::lower(
        &registration::read(&yaml::parse(&source).unwrap(), &found),
        &found,
    );
    (lowered, found.into_vec())
}

#[test]
fn every_rule_gives_what_r_gives() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let table = |name: &str| {
        let source = Source::read(&root.join(name), name, 1 << 20).unwrap();
        data::read(&source, &Reading::default()).unwrap()
    };
    // The kept rows are all but the seventh.
    let text = format!("{HEAD}{DERIVED}").replace("keep = 0 AND cut > 90", "keep = 0");
    let (low, problems) = lowered(&text);
    assert!(!diagnostic::any_error(&problems), "{problems:#?}");
    let mapping = Mapping::default();
    let collected = data::collect(
        &table("derived_data.csv"),
        "derived_data.csv",
        &mapping,
        &low.plan,
        &low.wording,
    )
    .unwrap();
    let sample = data::analyse(&collected, &low.plan).sample;
    let expected = table("derived.csv");
    let mut compared = 0;
    for (position, name) in expected.names.iter().enumerate() {
        let Some(Column::Number(found)) = sample.column(name) else {
            panic!("{name} is not there")
        };
        let cells: Vec<&str> = expected.column(position).unwrap().iter().collect();
        for (row, value) in [0, 1, 2, 3, 4, 5, 7].into_iter().zip(found) {
            let expected: Option<f64> = cells[row].parse().ok();
            match (value, expected) {
                (Some(a), Some(b)) => reference::near(*a, b, 1e-12, &format!("{name} {row}")),
                (a, b) => assert_eq!(*a, b, "{name} {row}"),
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 70);
}

#[test]
fn what_cannot_be_derived_is_said_at_its_place() {
    for (rule, code, words) in [
        ("{cut: x, at: [30, 18]}", "S010", "do not ascend"),
        ("{recode: arm, to: {control: 1}}", "S007", "no number for treated"),
        (
            "{recode: arm, to: {control: 1, placebo: 2}}",
            "S012",
            "no level `placebo`",
        ),
        ("{standardise: x, over: everybody}", "S009", "`everybody`"),
        ("{standardise: x}", "S007", "over"),
        ("{days: {from: start, to: x}}", "S008", "`x` is no time"),
        ("{lag: y, order: arm}", "S008", "`arm` is not a number"),
        ("{contains: person, any_of: [a]}", "S008", "role is `text`"),
        ("{value: arm + 1}", "S016", "not a number"),
        ("{value: x > 1}", "S016", "not a value"),
        ("{when: x > 1, at: [1]}", "S006", "`at` does not belong to `when`"),
        ("{when: x > 1, value: x}", "S007", "2 rules"),
    ] {
        let (_, problems) = lowered(&format!("{HEAD}derived:\n  d: {rule}\n"));
        let found = problems.iter().find(|d| d.code.id == code);
        let found = found.unwrap_or_else(|| panic!("{rule}: {problems:#?}"));
        assert!(found.message.contains(words), "{rule}: {}", found.message);
        assert!(found.at.as_ref().is_some_and(|at| at.line > 1), "{rule}");
    }
    let cyclic = format!("{HEAD}{DERIVED}").replace("cut > 90", "z_later > 90");
    let (_, problems) = lowered(&cyclic);
    assert!(problems.iter().any(|d| d.code.id == "S015"), "{problems:#?}");
}

#[test]
fn scores_are_as_reliable_as_psych_and_factanal_say() {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle");
    let head = |items: &[&str], scale: &str, derived: &str| {
        let items: Vec<String> = items
            .iter()
            .map(|item| format!("  {item}: {{role: covariate, label: Item{scale}}}\n"))
            .collect();
        let arms = "  arm: {role: factor, label: Arm, levels: [a, b], reference: a, probability: equal}\n";
        let tail = HEAD[HEAD.find("missing:").unwrap()..].replace("treated - control", "b - a");
        format!(
            "asregistered: 1\nstudy: {{id: r, title: R, authors: [{{name: Nobody}}], timing: before_collection}}\n\
             design: {{kind: between_subjects, allocation: independent}}\nvariables:\n{}{arms}  y: {{role: outcome, label: Y}}\n\
             {tail}derived:\n{derived}",
            items.concat()
        )
    };
    let six = ", scale: {min: 1, max: 6}";
    let bfi = head(
        &[
            "A1", "A2", "A3", "A4", "A5", "C1", "C2", "C3", "C4", "C5", "N1", "N2", "N3", "N4", "N5",
        ],
        six,
        "  agreeable: {mean_of: [A1, A2, A3, A4, A5], reverse: [A1], at_least: 3}
  conscientious: {sum_of: [C1, C2, C3, C4, C5], reverse: [C4, C5], at_least: 5}
  unreversed: {mean_of: [C1, C2, C3, C4, C5], at_least: 5}
  neurotic: {mean_of: [N1, N2, N3, N4, N5], at_least: 1}
  two: {mean_of: [N1, N2], at_least: 2}\n",
    );
    let names = [
        "rating",
        "complaints",
        "privileges",
        "learning",
        "raises",
        "critical",
        "advance",
    ];
    let attitude = head(
        &names,
        "",
        &format!("  attitude: {{mean_of: [{}], at_least: 7}}\n", names.join(", ")),
    );
    let mut found = Vec::new();
    for (registration, data) in [
        (bfi, "reliability_bfi.csv"),
        (attitude, "reliability_attitude.csv"),
    ] {
        let (plan, sample) = reference::read(&registration, &oracle.join(data));
        found.extend(asregistered::inference::reliability(&plan, &sample));
    }
    let expected = std::fs::read_to_string(oracle.join("reliability.csv")).unwrap();
    let lines: Vec<Vec<&str>> = expected.lines().skip(1).map(|l| l.split(',').collect()).collect();
    assert_eq!(lines.len(), found.len());
    assert!(
        lines[2][5].contains("C4"),
        "items that were not reversed are named"
    );
    for (facts, line) in found.iter().zip(&lines) {
        let name = line[0].trim_matches('"');
        assert_eq!(facts.score, name);
        assert_eq!(
            [facts.items.to_string(), facts.rows.to_string()],
            [line[1], line[2]],
            "{name}"
        );
        assert_eq!(facts.against.join(" "), line[5].trim_matches('"'), "{name}");
        reference::near(facts.alpha.unwrap(), line[3].parse().unwrap(), 1e-12, name);
        match facts.omega {
            Some(omega) => assert!(
                (omega - line[4].parse::<f64>().unwrap()).abs() < 1e-7,
                "{name}: {omega}"
            ),
            None => assert!(
                line[4].is_empty() && facts.note.as_deref().unwrap().contains("three items"),
                "{name}"
            ),
        }
    }
}
