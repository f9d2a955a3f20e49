//! Restricted cells: what is refused of them, what is drawn under them, what is expected of the data.

mod reference;

use asregistered::diagnostic::Diagnostic;
use asregistered::plan::{Lowered, lower};
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::{pipeline::Format, registration, yaml};

fn registered(design: &str) -> String {
    format!(
        "
asregistered: 1
study: {{id: restricted, timing: before_collection}}
design:
  kind: conjoint
  unit: respondent
  {design}
  expected: {{chosen: {{base: 0.5, sd: 0.3, effects: {{\"job[doctor]\": 0.2}}}}}}
variables:
  respondent: {{role: id}}
  chosen: {{role: outcome, scale: {{min: 0, max: 1}}}}
  job: {{role: factor, levels: [janitor, teacher, doctor], probability: {{janitor: 0.5, teacher: 0.3, doctor: 0.2}}}}
  school: {{role: factor, levels: [none, college, degree], probability: equal}}
  plan: {{role: factor, levels: [no, yes], probability: equal}}
  never: {{role: factor, levels: [a, b], probability: {{a: 1, b: 0}}}}
  party: {{role: factor, levels: [left, right]}}
missing: {{outcome: fail}}
models: {{m: {{estimator: ols, formula: chosen ~ plan, vcov: CR1, cluster: respondent}}}}
tests: {{T: {{model: m, of: plan, contrast: yes - no, alternative: two_sided, alpha: 0.05}}}}
hypotheses: {{H: {{statement: s, status: primary, corroborated_if: T}}}}
"
    )
}

fn lowered(design: &str) -> (Lowered, Vec<Diagnostic>) {
    read(&registered(design))
}

fn read(text: &str) -> (Lowered, Vec<Diagnostic>) {
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", text.as_bytes().to_vec());
    let found = Findings::default();
    let written = registration::read(&yaml::parse(&source).unwrap(), &found);
    let low = lower(&written, &found);
    (low, found.into_vec())
}

const TIED: &str = "allocation: independent
  forbidden:
    - {job: doctor, school: none}
    - {school: degree, job: janitor}
    - {job: doctor, school: college}";

#[test]
fn what_cannot_be_a_restricted_cell_is_refused_with_its_place() {
    for (design, code, words) in [
        ("forbidden: [{job: doctor}]", "S032", "the whole of a level"),
        (
            "forbidden: [{job: doctr, school: none}]",
            "S012",
            "no level `doctr`",
        ),
        (
            "forbidden: [{jobs: doctor, school: none}]",
            "S011",
            "no variable `jobs`",
        ),
        (
            "forbidden: [{party: left, school: none}]",
            "S032",
            "`party` has no registered `probability`",
        ),
        (
            "forbidden: [{never: b, school: none}]",
            "S032",
            "has probability 0 already",
        ),
        (
            "forbidden: [{job: doctor, school: none}, {school: none, job: doctor}]",
            "S005",
            "stands twice",
        ),
        (
            "forbidden: [{job: doctor, school: none}, {job: doctor, school: college}, {job: doctor, school: degree}]",
            "S032",
            "leaves nothing of the level `doctor`",
        ),
        (
            "forbidden: [{job: doctor, never: a}]",
            "S032",
            "leaves nothing of the level `doctor`",
        ),
        (
            "allocation: complete\n  forbidden: [{job: doctor, school: none}]",
            "S032",
            "a complete allocation with forbidden cells",
        ),
    ] {
        let (_, found) = lowered(design);
        let fitting = found
            .iter()
            .find(|d| d.code.id == code && d.message.contains(words));
        let fitting = fitting.unwrap_or_else(|| panic!("{design}: {found:#?}"));
        assert!(fitting.at.as_ref().is_some_and(|at| at.line >= 7), "{design}");
    }
}

#[test]
fn the_plan_holds_the_cells_in_one_order_and_says_what_the_probabilities_are() {
    let (low, found) = lowered(TIED);
    assert!(!asregistered::diagnostic::any_error(&found), "{found:#?}");
    let (again, _) = lowered(
        "allocation: independent
  forbidden: [{school: college, job: doctor}, {school: none, job: doctor}, {job: janitor, school: degree}]",
    );
    assert_eq!(low.plan, again.plan);
    assert!(
        low.conventions
            .iter()
            .any(|c| c.contains("before the restriction"))
    );
    // Left are janitor: none, college; teacher: all three; doctor: degree.
    let total = 0.5 * 2.0 + 0.3 * 3.0 + 0.2;
    let shares = |factor: &str| low.plan.shares(factor).unwrap().same().unwrap().clone();
    let job = shares("job");
    for (level, share) in [("janitor", 1.0), ("teacher", 0.9), ("doctor", 0.2)] {
        assert!((job[level] - share / total).abs() < 1e-15, "{level}");
    }
    let school = shares("school");
    for (level, share) in [("none", 0.8), ("college", 0.8), ("degree", 0.5)] {
        assert!((school[level] - share / total).abs() < 1e-15, "{level}");
    }
    assert_eq!(shares("plan")["yes"], 0.5);
    assert_eq!(low.plan.shares("party"), None);
}

#[test]
fn no_row_is_drawn_in_a_forbidden_cell_and_the_shares_are_the_expected_ones() {
    let (low, _) = lowered(TIED);
    let rows = 6000;
    let text =
        asregistered::simulate::draw(&low.plan, &low.wording, &low.expected, rows, [3; 32], Format::Csv)
            .unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (job, school) = (at("job"), at("school"));
    let mut doctors = 0.0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let pair = (cells[job], cells[school]);
        assert!(
            !matches!(pair, ("doctor", "none" | "college") | ("janitor", "degree")),
            "{line}"
        );
        doctors += f64::from(u8::from(cells[job] == "doctor"));
    }
    let share = low.plan.shares("job").unwrap().same().unwrap()["doctor"];
    let spread = (share * (1.0 - share) / rows as f64).sqrt();
    assert!((doctors / rows as f64 - share).abs() < 4.0 * spread, "{doctors}");
}

#[test]
fn rows_are_drawn_by_the_probabilities_of_their_own_block() {
    let by_party = "{by: party, blocks: {left: {no: 0.9, yes: 0.1}, right: {no: 0, yes: 1}}}";
    let text = registered("allocation: independent").replace(
        "plan: {role: factor, levels: [no, yes], probability: equal}",
        &format!("plan: {{role: factor, levels: [no, yes], probability: {by_party}}}"),
    );
    let (low, found) = read(&text);
    assert!(!asregistered::diagnostic::any_error(&found), "{found:#?}");
    let rows = 6000;
    let text =
        asregistered::simulate::draw(&low.plan, &low.wording, &low.expected, rows, [5; 32], Format::Csv)
            .unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (plan, party) = (at("plan"), at("party"));
    let count = |of: &str, own: &str| {
        let lines = text.lines().skip(1).map(|l| l.split(',').collect::<Vec<_>>());
        lines.filter(|c| c[party] == of && c[plan] == own).count() as f64
    };
    let left = count("left", "no") + count("left", "yes");
    let spread = (0.9 * 0.1 / left).sqrt();
    assert!((count("left", "no") / left - 0.9).abs() < 4.0 * spread);
    assert_eq!(count("right", "no"), 0.0);
    assert!(count("right", "yes") > 2000.0 && left > 2000.0);
}
