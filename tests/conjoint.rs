//! A conjoint with restricted cells, on a drawn data file: against R's survey, cjoint's formula and enumeration.

mod reference;

use asregistered::diagnostic::Diagnostic;
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

const DESIGN: &str = "
asregistered: 1
study: {id: conjoint, timing: after_access}
design:
  kind: conjoint
  unit: respondent
  allocation: independent
  forbidden:
    - {job: doctor, school: none}
    - {job: janitor, school: degree}
    - {school: college, origin: abroad}
variables:
  respondent: {role: id}
  chosen: {role: outcome, scale: {min: 0, max: 1}}
  w: {role: weight}
  party: {role: factor, levels: [left, right]}
  job: {role: factor, levels: [janitor, teacher, doctor], probability: {janitor: 0.5, teacher: 0.3, doctor: 0.2}}
  school: {role: factor, levels: [none, college, degree], probability: equal}
  origin: {role: factor, levels: [near, far, abroad], probability: {near: 0.5, far: 0.25, abroad: 0.25}}
  plan: {role: factor, levels: [no, yes], probability: equal}
missing: {outcome: fail, weight: fail, id: fail}
";

const MODELS: [(&str, &str); 10] = [
    (
        "all",
        "estimator: amce, formula: chosen ~ job + school + origin + plan, vcov: CR1, cluster: respondent",
    ),
    (
        "weighted",
        "estimator: amce, formula: chosen ~ job + school + origin + plan, vcov: CR1, cluster: respondent, weights: {column: w, kind: probability}",
    ),
    (
        "by",
        "estimator: amce, formula: chosen ~ plan * party, vcov: CR1, cluster: respondent",
    ),
    (
        "inter",
        "estimator: amce, formula: chosen ~ plan * job + school + origin, vcov: CR1, cluster: respondent",
    ),
    (
        "job",
        "estimator: marginal_mean, formula: chosen ~ job, vcov: CR1, cluster: respondent",
    ),
    (
        "school",
        "estimator: marginal_mean, formula: chosen ~ school, vcov: CR1, cluster: respondent",
    ),
    (
        "groups",
        "estimator: marginal_mean, formula: chosen ~ job * party, vcov: CR1, cluster: respondent",
    ),
    (
        "jobw",
        "estimator: marginal_mean, formula: chosen ~ job, vcov: CR1, cluster: respondent, weights: {column: w, kind: probability}",
    ),
    (
        "schoolw",
        "estimator: marginal_mean, formula: chosen ~ school, vcov: CR1, cluster: respondent, weights: {column: w, kind: probability}",
    ),
    (
        "joint",
        "estimator: amce, formula: chosen ~ job + school + origin + plan, vcov: CR1S, cluster: respondent",
    ),
];

/// The test that a row of the reference is about.
fn test(id: &str) -> String {
    let parts: Vec<&str> = id.split('.').collect();
    match parts.as_slice() {
        ["design", of, a, b] => format!("model: all, of: {of}, contrast: {a} - {b}"),
        ["balanced", of, a, b] => format!("model: all, of: {of}, contrast: {a} - {b}, average: balanced"),
        ["weighted", of, a, b] => format!("model: weighted, of: {of}, contrast: {a} - {b}, average: design"),
        ["group", "difference"] => {
            String::from("model: by, of: plan, contrast: yes - no, across: {party: right - left}")
        }
        ["group", party] => format!("model: by, of: plan, contrast: yes - no, by: {{party: {party}}}"),
        ["amcie"] => {
            String::from("model: inter, of: plan, contrast: yes - no, across: {job: doctor - janitor}")
        }
        ["averaged", average] => format!("model: inter, of: plan, contrast: yes - no, average: {average}"),
        ["mean", of, level] => format!("model: {of}, of: {of}, margin: {level}, null: 0.5"),
        ["weightedmean", of, level] => format!("model: {of}w, of: {of}, margin: {level}, null: 0.5"),
        ["groupmean", job, party] => {
            format!("model: groups, of: job, margin: {job}, by: {{party: {party}}}, null: 0.5")
        }
        ["meandifference"] => {
            String::from("model: groups, of: party, contrast: right - left, at: {job: doctor}")
        }
        _ => panic!("{id}"),
    }
}

fn with(models: &str, tests: &str, any: &str) -> String {
    format!(
        "{DESIGN}models:\n{models}tests:\n{tests}hypotheses: {{H: {{statement: s, status: primary, corroborated_if: {any}}}}}\n"
    )
}

#[test]
fn component_effects_and_marginal_means_are_surveys_and_cjoints() {
    let text = std::fs::read_to_string(file("conjoint.csv")).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(2)
        .map(|line| line.split(',').map(str::trim).collect())
        // Without clusters a conjoint is refused; these are held below, in a design that is none.
        .filter(|row: &Vec<&str>| !row[0].starts_with("alone"))
        .collect();
    let models: String = MODELS
        .iter()
        .map(|(id, m)| format!("  {id}: {{{m}}}\n"))
        .collect();
    let tests: String = rows
        .iter()
        .map(|row| {
            format!(
                "  {}: {{{}, alternative: two_sided, alpha: 0.05}}\n",
                row[0],
                test(row[0])
            )
        })
        .collect();
    let more = "  J: {model: joint, joint: plan, alpha: 0.05}\n";
    let outcomes = analyse(&with(&models, &(tests + more), "J"), &file("conjoint_data.csv"));
    for row in &rows {
        let number = |i: usize| row[i].parse::<f64>().unwrap();
        let (found, what) = (&outcomes.tests[row[0]], format!("{row:?}"));
        assert_eq!(found.note, None, "{what}");
        assert_eq!(found.df, None, "{what}: z");
        close(found.estimate.unwrap(), number(1), &what);
        close(found.std_error.unwrap(), number(2), &what);
        close(found.statistic.unwrap(), number(3), &what);
        close_p(found.p_value.unwrap(), number(4), &what);
        close(found.conf_low.unwrap(), number(5), &what);
        close(found.conf_high.unwrap(), number(6), &what);
    }
    assert_eq!(rows.len(), 8 * 3 + 3 + 3 + 6 * 2 + 6 + 1);
    // One column: χ²(1) is z².
    let joint = &outcomes.tests["J"];
    assert_eq!(joint.df, Some(vec![1.0]));
    assert!(joint.statistic.unwrap() > 0.0);
}

#[test]
fn without_clusters_the_errors_are_those_of_svyglm_by_row() {
    let text = std::fs::read_to_string(file("conjoint.csv")).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("alone"))
        .map(|line| line.split(',').map(str::trim).collect())
        .collect();
    let tests: String = rows
        .iter()
        .map(|row| {
            let parts: Vec<&str> = row[0].split('.').collect();
            format!(
                "  {}: {{model: m, of: {}, contrast: {} - {}, average: design, alternative: two_sided, alpha: 0.05}}\n",
                row[0], parts[1], parts[2], parts[3]
            )
        })
        .collect();
    let model = "  m: {estimator: amce, formula: chosen ~ job + school + origin + plan, vcov: robust}\n";
    let text = with(model, &tests, "alone.plan.yes.no").replace("kind: conjoint", "kind: factorial_vignette");
    let outcomes = analyse(&text, &file("conjoint_data.csv"));
    for row in &rows {
        let found = &outcomes.tests[row[0]];
        close(found.estimate.unwrap(), row[1].parse().unwrap(), row[0]);
        close(found.std_error.unwrap(), row[2].parse().unwrap(), row[0]);
    }
    assert_eq!(rows.len(), 8);
}

fn problems(models: &str, tests: &str) -> Vec<Diagnostic> {
    let text = with(models, tests, "T");
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", text.into_bytes());
    let found = Findings::default();
    lower(
        &registration::read(&yaml::parse(&source).unwrap(), &found),
        &found,
    );
    found.into_vec()
}

#[test]
fn what_a_conjoint_cannot_mean_is_refused_before_data_are_seen() {
    let amce =
        "estimator: amce, formula: chosen ~ job + school + origin + plan, vcov: CR1, cluster: respondent";
    let mean = "estimator: marginal_mean, formula: chosen ~ job, vcov: CR1, cluster: respondent";
    let plan = "of: plan, contrast: yes - no";
    for (model, test, words) in [
        (
            amce.replace(" + school", ""),
            plan,
            "`school` restricts an attribute of the formula",
        ),
        (
            amce.replace("plan,", "plan | respondent,"),
            plan,
            "assigned attributes",
        ),
        (
            amce.replace("job + school + origin + plan", "party"),
            "of: party, contrast: left - right",
            "assigned attributes",
        ),
        (amce.replace("CR1", "CR2"), plan, "CR2 is not defined for amce"),
        (
            amce.replace("CR1, cluster: respondent", "HC2"),
            plan,
            "share their errors",
        ),
        (
            amce.into(),
            "of: job, contrast: doctor - janitor, average: observed",
            "the observed rows are no average",
        ),
        (
            amce.into(),
            "of: job, margin: doctor, null: 0.5",
            "it estimates component effects",
        ),
        (
            amce.into(),
            "coefficient: 'job[doctor]'",
            "it estimates component effects",
        ),
        (
            amce.into(),
            "of: plan, contrast: yes - no, by: {job: doctor}",
            "not chosen by what was assigned",
        ),
        (mean.into(), "of: job, margin: doctor", "tested against a value"),
        (
            mean.replace("~ job", "~ job + plan"),
            "of: job, margin: doctor, null: 0.5",
            "one attribute's level",
        ),
        (
            mean.replace("~ job", "~ job * party"),
            "of: job, margin: doctor, null: 0.5",
            "which group",
        ),
        (
            mean.replace("~ job", "~ job * party"),
            "of: job, contrast: doctor - janitor",
            "which group",
        ),
        (mean.into(), "coefficient: 'job[doctor]'", "it estimates means"),
        (
            amce.replace("amce", "ols")
                .replace("job + school + origin + plan", "job * plan"),
            "of: plan, contrast: yes - no, average: design",
            "belongs to `estimator: amce`",
        ),
    ] {
        let found = problems(
            &format!("  m: {{{model}}}\n"),
            &format!("  T: {{model: m, {test}, alternative: two_sided, alpha: 0.05}}\n"),
        );
        assert!(
            found.iter().any(|d| d.message.contains(words)),
            "{model} {test}: {found:#?}"
        );
    }
}

#[test]
fn crossed_with_a_group_the_effects_are_those_of_the_group_alone() {
    let rest = "average: design, alternative: two_sided, alpha: 0.05";
    let of = "of: job, contrast: doctor - janitor";
    let text = with(
        "  crossed: {estimator: amce, formula: chosen ~ (job * school + origin * school + plan) * party, vcov: CR0, cluster: respondent}
  left: {estimator: amce, formula: chosen ~ job + school + origin + plan, vcov: CR0, cluster: respondent, subset: party = 'left'}
  right: {estimator: amce, formula: chosen ~ job + school + origin + plan, vcov: CR0, cluster: respondent, subset: party = 'right'}
",
        &format!(
            "  T: {{model: crossed, {of}, by: {{party: left}}, {rest}}}
  L: {{model: left, {of}, {rest}}}
  R: {{model: right, {of}, {rest}}}
  D: {{model: crossed, {of}, across: {{party: right - left}}, {rest}}}
"
        ),
        "T or L or R or D",
    );
    let outcomes = analyse(&text, &file("conjoint_data.csv"));
    let number = |id: &str| {
        let test = &outcomes.tests[id];
        (test.estimate.unwrap(), test.std_error.unwrap())
    };
    let (left, right) = (number("L"), number("R"));
    close(number("T").0, left.0, "left");
    close(number("T").1, left.1, "left");
    close(number("D").0, right.0 - left.0, "difference");
    close(number("D").1, left.1.hypot(right.1), "difference");
}

#[test]
fn an_effect_that_no_profile_allows_is_refused() {
    let text = with(
        "  m: {estimator: amce, formula: chosen ~ job + school + origin, vcov: CR1, cluster: respondent}\n",
        "  T: {model: m, of: job, contrast: doctor - janitor, average: design, alternative: two_sided, alpha: 0.05}
  U: {model: m, of: origin, contrast: far - near, average: design, alternative: two_sided, alpha: 0.05}\n",
        "T or U",
    )
    .replace("    - {job: janitor, school: degree}\n", "    - {job: janitor, school: degree}\n    - {job: janitor, school: college}\n");
    let outcomes = analyse(&text, &file("conjoint_data.csv"));
    let note = outcomes.tests["T"].note.as_deref().unwrap();
    assert!(
        note.contains("no profile is allowed with each of the compared levels"),
        "{note}"
    );
    assert!(outcomes.tests["U"].estimate.is_some());
}

#[test]
fn restricted_levels_are_drawn_again_by_what_their_row_leaves() {
    let text = std::fs::read_to_string(file("conjoint.csv")).unwrap();
    let expected: f64 = text
        .lines()
        .next()
        .unwrap()
        .rsplit(' ')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let registered = |more: &str| {
        format!(
            "
asregistered: 1
study: {{id: redrawn, timing: after_access}}
design: {{kind: factorial_vignette, allocation: independent, forbidden: [{{job: doctor, school: none}}, {{job: janitor, school: degree}}{more}]}}
variables:
  y: {{role: outcome}}
  job: {{role: factor, levels: [janitor, teacher, doctor], probability: {{janitor: 0.5, teacher: 0.3, doctor: 0.2}}}}
  school: {{role: factor, levels: [none, college, degree], probability: equal}}
missing: {{outcome: fail}}
models: {{m: {{estimator: ols, formula: y ~ job, vcov: HC2}}}}
tests:
  T: {{model: m, of: job, contrast: teacher - janitor, alternative: greater, alpha: 0.05, randomization: {{draws: 1000, statistic: estimate}}}}
hypotheses: {{H: {{statement: s, status: primary, corroborated_if: T}}}}
"
        )
    };
    let outcomes = analyse(&registered(""), &file("conjoint_redrawn.csv"));
    let found = &outcomes.tests["T"];
    assert!(found.method.as_deref().unwrap().contains("all"), "{found:?}");
    close(found.p_value.unwrap(), expected, "p by enumeration");
    let outcomes = analyse(
        &registered(", {job: teacher, school: degree}"),
        &file("conjoint_redrawn.csv"),
    );
    let note = outcomes.tests["T"].note.as_deref().unwrap();
    assert!(
        note.contains("line 6") && note.contains("in a forbidden cell"),
        "{note}"
    );
}
