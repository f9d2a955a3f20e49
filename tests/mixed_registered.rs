//! Mixed models from a registration to the record, against lme4 and lmerTest (`tests/oracle/mixed.R`).
//!
//! Tolerances, relative: 1e-7 for estimates, errors and variance components, 1e-5 for degrees of freedom and for what
//! follows from them, as in `tests/mixed.rs`.

mod reference;

use asregistered::diagnostic::{Diagnostic, codes};
use asregistered::inference::Outcomes;
use asregistered::plan;
use asregistered::record::ModelRecord;
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::{registration, yaml};
use reference::{analyse, near};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

fn oracle(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name)
}

/// Id → quantity → values.
fn expected() -> BTreeMap<String, BTreeMap<String, Vec<f64>>> {
    let mut all: BTreeMap<String, BTreeMap<String, Vec<f64>>> = BTreeMap::new();
    let text = std::fs::read_to_string(oracle("mixed_registered.csv")).unwrap();
    for line in text.lines().skip(2) {
        let cells: Vec<&str> = line.split(',').collect();
        let [id, what, value] = cells[..] else {
            panic!("{line}")
        };
        let of = all.entry(id.to_owned()).or_default();
        of.entry(what.to_owned())
            .or_default()
            .push(value.parse().unwrap());
    }
    all
}

fn model(id: &str, formula: &str, likelihood: &str) -> String {
    format!(
        "  {id}: {{estimator: mixed, formula: \"{formula}\", vcov: classical, likelihood: {likelihood}}}\n"
    )
}

fn test(model: &str, id: &str, quantity: &str) -> String {
    let alternative = if quantity.starts_with("joint") {
        ""
    } else {
        ", alternative: two_sided"
    };
    format!("  {model}.{id}: {{model: {model}, {quantity}{alternative}, alpha: 0.05}}\n")
}

/// A whole registration of some models and their tests; the hypothesis rests on the first test.
fn study(variables: &str, models: &str, tests: &str) -> String {
    let first = tests.trim_start().split(": {").next().unwrap();
    format!(
        "asregistered: 1\nstudy: {{id: mixed, timing: after_access}}\ndesign: {{kind: observational}}\n\
         missing: {{outcome: fail, covariate: fail, factor: fail, id: fail, cluster: fail}}\nvariables:\n{variables}\
         models:\n{models}tests:\n{tests}hypotheses: {{H: {{statement: s, status: primary, corroborated_if: {first}}}}}\n"
    )
}

const SLEEP: &str = "  Reaction: {role: outcome}\n  Days: {role: covariate}\n  Subject: {role: id}\n";
const THREE: &str = "  y: {role: outcome}\n  x: {role: covariate}\n  person: {role: id}\n  school: {role: cluster}\n  \
                     rep: {role: factor, levels: [\"1\", \"2\"], reference: \"1\"}\n  \
                     item: {role: factor, levels: [\"0\", \"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\"], reference: \"0\"}\n";

fn quantities(id: &str, of: &[(&str, &str)]) -> String {
    of.iter()
        .map(|(name, quantity)| test(id, name, quantity))
        .collect()
}

/// Every number that lme4 and lmerTest give for the outcomes' tests and models.
fn compare(outcomes: &Outcomes, of: usize) {
    let expected = expected();
    let mut compared = 0;
    for (id, test) in &outcomes.tests {
        assert_eq!(test.note, None, "{id}");
        let known = &expected[id];
        let value = |what: &str| match what {
            "estimate" => vec![test.estimate.unwrap()],
            "std_error" => vec![test.std_error.unwrap()],
            "statistic" => vec![test.statistic.unwrap()],
            "df" => test.df.clone().unwrap(),
            "p_value" => vec![test.p_value.unwrap()],
            "conf_low" => vec![test.conf_low.unwrap()],
            "conf_high" => vec![test.conf_high.unwrap()],
            _ => panic!("{what}"),
        };
        for (what, values) in known {
            let tolerance = match what.as_str() {
                "df" | "p_value" | "conf_low" | "conf_high" => 1e-5,
                _ => 1e-7,
            };
            for (found, known) in value(what).iter().zip(values) {
                let log = |v: f64| if what == "p_value" { v.ln() } else { v };
                near(log(*found), log(*known), tolerance, &format!("{id} {what}"));
                compared += 1;
            }
        }
    }
    for (id, model) in &outcomes.models {
        compared += compare_model(model, &expected[id]);
    }
    assert_eq!(compared, of);
}

fn compare_model(model: &ModelRecord, known: &BTreeMap<String, Vec<f64>>) -> usize {
    let mixed = model.mixed.as_ref().unwrap();
    let effects = mixed.random.iter().flat_map(|t| &t.effects);
    let pairs = mixed.random.iter().flat_map(|t| &t.correlations);
    let mut found = BTreeMap::from([
        ("criterion", vec![mixed.criterion]),
        ("sigma", vec![model.sigma.unwrap()]),
        ("singular", vec![f64::from(u8::from(mixed.singular))]),
        ("sd", effects.map(|e| e.sd).collect()),
    ]);
    let correlations: Vec<f64> = pairs.filter_map(|p| p.correlation).collect();
    if !correlations.is_empty() {
        found.insert("correlation", correlations);
    }
    let names: BTreeSet<&str> = known.keys().map(String::as_str).collect();
    assert_eq!(names, found.keys().copied().collect(), "{}", model.id);
    for (what, values) in &found {
        assert_eq!(values.len(), known[*what].len(), "{} {what}", model.id);
        for (f, k) in values.iter().zip(&known[*what]) {
            let size = if *k == 0.0 { 1.0 } else { k.abs() };
            assert!(
                (f - k).abs() <= 1e-7 * size,
                "{} {what}: {f:e} is not {k:e}",
                model.id
            );
        }
    }
    assert_eq!(-2.0 * model.log_likelihood.unwrap(), mixed.criterion);
    found.values().map(Vec::len).sum()
}

#[test]
fn sleepstudy_as_lmer_test_has_it() {
    let (mut models, mut tests) = (String::new(), String::new());
    for likelihood in ["reml", "ml"] {
        for (name, random) in [
            ("intercept", "(1 | Subject)"),
            ("slope", "(Days | Subject)"),
            ("split", "(Days || Subject)"),
            ("alone", "(0 + Days | Subject)"),
        ] {
            let id = format!("sleep_{name}_{likelihood}");
            models += &model(&id, &format!("Reaction ~ Days + {random}"), likelihood);
            let of = [
                ("slope", "slope: Days"),
                ("intercept", "coefficient: (Intercept)"),
                ("joint", "joint: Days"),
            ];
            tests += &quantities(&id, &of);
        }
    }
    let outcomes = analyse(&study(SLEEP, &models, &tests), &oracle("mixed_sleepstudy.csv"));
    compare(&outcomes, 8 * 18 + 8 * 3 + 2 + 4 + 4 + 2 + 2);
    let record = &outcomes.models["sleep_slope_reml"];
    let term = &record.mixed.as_ref().unwrap().random[0];
    assert_eq!((term.term.as_str(), term.groups), ("(1 + Days | Subject)", 18));
    assert_eq!(term.correlations[0].effects, ["(Intercept)", "Days"]);
    assert_eq!(record.note, None);
    let df = record.coefficients.iter().map(|c| c.df.unwrap());
    df.for_each(|df| near(df, 17.0, 1e-6, "df"));
}

#[test]
fn crossed_and_nested_factors_as_lmer_test_has_them() {
    let lectures = "  y: {role: outcome}\n  s: {role: id}\n  d: {role: cluster}\n  \
                    service: {role: factor, levels: [\"0\", \"1\"], reference: \"0\"}\n";
    let of = [
        ("contrast", "of: service, contrast: \"'1' - '0'\""),
        ("margin", "of: service, margin: \"1\", average: observed"),
        ("joint", "joint: service"),
    ];
    let models = model("lectures", "y ~ service + (1 | s) + (1 | d)", "reml");
    let registration = study(lectures, &models, &quantities("lectures", &of));
    let outcomes = analyse(&registration, &oracle("mixed_insteval.csv"));
    compare(&outcomes, 7 + 7 + 4 + 5);
    let random = &outcomes.models["lectures"].mixed.as_ref().unwrap().random;
    let groups: Vec<(&str, u64)> = random.iter().map(|t| (t.group[0].as_str(), t.groups)).collect();
    assert_eq!(groups, [("d", 113), ("s", 189)]);

    let of = [
        ("contrast", "of: rep, contrast: \"'2' - '1'\", average: observed"),
        ("slope", "slope: x"),
        ("slope_at", "slope: x, at: {rep: \"2\"}"),
        ("margin", "of: rep, margin: \"2\", average: observed"),
        ("joint", "joint: rep"),
        ("interaction", "joint: \"rep:x\""),
    ];
    let mut models = model("nested", "y ~ rep * x + (1 | school/person) + (x | item)", "reml");
    models += &model("varying", "y ~ rep * x + (rep | person) + (1 | item)", "ml");
    models += &model("crossed", "y ~ rep * item + (1 | person) + (1 | school)", "reml");
    let varying: Vec<_> = of.iter().filter(|(id, _)| *id != "joint").copied().collect();
    let crossed = [
        (
            "across",
            "of: rep, contrast: \"'2' - '1'\", across: {item: \"'3' - '0'\"}",
        ),
        (
            "contrast",
            "of: item, contrast: \"mean('4', '5') - '0'\", average: observed",
        ),
        ("joint", "joint: item"),
        ("interaction", "joint: \"rep:item\""),
    ];
    let tests =
        quantities("nested", &of) + &quantities("varying", &varying) + &quantities("crossed", &crossed);
    let outcomes = analyse(&study(THREE, &models, &tests), &oracle("mixed_three.csv"));
    compare(&outcomes, 4 * 7 + 2 * 4 + 8 + 4 * 7 + 4 + 7 + 2 * 7 + 2 * 4 + 5);
}

/// What lme4 calls a singular fit stands in the record: in a flag, in words, and at each test.
#[test]
fn a_singular_fit_says_so() {
    let variables = "  y: {role: outcome}\n  x: {role: covariate}\n  g: {role: cluster}\n";
    for (name, formula, file, said) in [
        (
            "flat",
            "y ~ x + (1 | g)",
            "mixed_flat.csv",
            "singular fit: the variance of (Intercept) by g is estimated as zero",
        ),
        (
            "origin",
            "y ~ x + (1 + x | g)",
            "mixed_origin.csv",
            "singular fit: the correlation of (Intercept) and x by g is estimated as",
        ),
    ] {
        let of = [("slope", "slope: x"), ("joint", "joint: x")];
        let registration = study(variables, &model(name, formula, "reml"), &quantities(name, &of));
        let outcomes = analyse(&registration, &oracle(file));
        let found = outcomes.models[name].note.as_deref().unwrap();
        assert!(found.starts_with(said), "{found}");
        for test in outcomes.tests.values() {
            assert!(test.method.as_ref().unwrap().contains("singular fit"), "{test:?}");
        }
        compare(&outcomes, 7 + 4 + if name == "flat" { 4 } else { 6 });
    }
}

/// A file with some of another's rows in another order.
fn rows_of(
    file: &str,
    keep: &dyn Fn(usize, &str) -> Option<String>,
    order: usize,
) -> tempfile::NamedTempFile {
    let text = std::fs::read_to_string(oracle(file)).unwrap();
    let mut lines = text.lines();
    let mut out = tempfile::NamedTempFile::new().unwrap();
    writeln!(out, "{}", lines.next().unwrap()).unwrap();
    let rows: Vec<String> = lines.enumerate().filter_map(|(i, l)| keep(i, l)).collect();
    for i in 0..rows.len() {
        writeln!(out, "{}", rows[i * order % rows.len()]).unwrap();
    }
    out
}

#[test]
fn the_order_of_rows_and_terms_means_nothing() {
    let of = [
        ("slope", "slope: x"),
        ("contrast", "of: rep, contrast: \"'2' - '1'\", average: observed"),
        ("interaction", "joint: \"rep:x\""),
    ];
    let run = |formula: &str, order: usize| {
        let file = rows_of("mixed_three.csv", &|_, line| Some(line.to_owned()), order);
        analyse(
            &study(THREE, &model("m", formula, "reml"), &quantities("m", &of)),
            file.path(),
        )
    };
    let known = run("y ~ rep * x + (1 | school/person) + (1 + x | item)", 1);
    let turned = run(
        "y ~ (x | item) + rep + (1 | person:school) + x + rep:x + (1 | school)",
        1,
    );
    assert_eq!(known.models["m"].mixed, turned.models["m"].mixed);
    let shuffled = run("y ~ rep * x + (1 | school/person) + (1 + x | item)", 101);
    for (id, test) in &known.tests {
        let other = &shuffled.tests[id];
        near(other.statistic.unwrap(), test.statistic.unwrap(), 1e-7, id);
        let df = |t: &asregistered::record::TestResult| *t.df.as_ref().unwrap().last().unwrap();
        near(df(other), df(test), 1e-5, id);
    }
    let components = |o: &Outcomes| -> Vec<f64> {
        let random = &o.models["m"].mixed.as_ref().unwrap().random;
        random
            .iter()
            .flat_map(|t| t.effects.iter().map(|e| e.sd))
            .collect()
    };
    for (a, b) in components(&known).iter().zip(components(&shuffled)) {
        near(*a, b, 1e-7, "sd");
    }
}

/// A row whose group is missing leaves by the rule of the group's role, or the model refuses, naming the line.
#[test]
fn a_missing_group_follows_its_registered_rule() {
    let file = rows_of(
        "mixed_sleepstudy.csv",
        &|i, line| {
            let without = || line.rsplit_once(',').map(|(rest, _)| format!("{rest},"));
            if i == 4 { without() } else { Some(line.to_owned()) }
        },
        1,
    );
    let left = rows_of(
        "mixed_sleepstudy.csv",
        &|i, line| (i != 4).then(|| line.to_owned()),
        1,
    );
    let of = [("slope", "slope: Days")];
    let registration = study(
        SLEEP,
        &model("m", "Reaction ~ Days + (Days | Subject)", "reml"),
        &quantities("m", &of),
    );
    let dropping = registration.replace("id: fail", "id: drop_from_test");
    let (found, known) = (analyse(&dropping, file.path()), analyse(&dropping, left.path()));
    assert_eq!(found.tests["m.slope"].dropped_missing, Some(1));
    assert_eq!(found.tests["m.slope"].p_value, known.tests["m.slope"].p_value);
    let note = analyse(&registration, file.path()).models["m"]
        .note
        .clone()
        .unwrap();
    assert!(note.contains("E007") && note.contains("line 6"), "{note}");
    // A group has no mean to stand in for it, whatever is registered for numbers of its role.
    let imputing = registration
        .replace("Subject: {role: id}", "Subject: {role: covariate}")
        .replace("covariate: fail", "covariate: indicator");
    let note = analyse(&imputing, file.path()).models["m"].note.clone().unwrap();
    assert!(note.contains("E007") && note.contains("line 6"), "{note}");
}

#[test]
fn what_the_data_do_not_allow_is_refused_in_words() {
    let of = [("slope", "slope: Days")];
    let note = |variables: &str, formula: &str, keep: &dyn Fn(usize, &str) -> Option<String>| {
        let registration = study(variables, &model("m", formula, "reml"), &quantities("m", &of));
        let file = rows_of("mixed_sleepstudy.csv", keep, 1);
        analyse(&registration, file.path()).tests["m.slope"]
            .note
            .clone()
            .unwrap()
    };
    let all = |_: usize, line: &str| Some(line.to_owned());
    let one_group = note(SLEEP, "Reaction ~ Days + (1 | Subject)", &|i, line| {
        (i < 10).then(|| line.to_owned())
    });
    assert!(
        one_group.contains("E012") && one_group.contains("(1 | Subject)"),
        "{one_group}"
    );
    let saturated = note(SLEEP, "Reaction ~ Days + (1 | Subject:Days)", &all);
    assert!(
        saturated.contains("E002") && saturated.contains("(1 | Days:Subject)"),
        "{saturated}"
    );
    let twice = format!("{SLEEP}  Hours: {{role: covariate}}\n");
    let double = |_: usize, line: &str| -> Option<String> {
        let days: f64 = line.split(',').nth(1)?.parse().ok()?;
        Some(format!("{line},{}", 24.0 * days))
    };
    let text = std::fs::read_to_string(oracle("mixed_sleepstudy.csv")).unwrap();
    let mut out = tempfile::NamedTempFile::new().unwrap();
    writeln!(out, "Reaction,Days,Subject,Hours").unwrap();
    for line in text.lines().skip(1).filter_map(|l| double(0, l)) {
        writeln!(out, "{line}").unwrap();
    }
    let registration = study(
        &twice,
        &model("m", "Reaction ~ Days + Hours + (1 | Subject)", "reml"),
        &quantities("m", &of),
    );
    let note = analyse(&registration, out.path()).tests["m.slope"]
        .note
        .clone()
        .unwrap();
    assert!(
        note.contains("E001") && (note.contains("Hours") || note.contains("Days")),
        "{note}"
    );
}

/// What `check` says of a registration.
fn checked(text: &str) -> Vec<Diagnostic> {
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", text.as_bytes().to_vec());
    let found = Findings::default();
    plan::lower(
        &registration::read(&yaml::parse(&source).unwrap(), &found),
        &found,
    );
    let all = found.into_vec();
    all.into_iter()
        .filter(|d| d.severity == asregistered::diagnostic::Severity::Error)
        .collect()
}

#[test]
fn what_does_not_go_together_is_refused_before_data() {
    let tests = quantities("m", &[("slope", "slope: x")]);
    let base = study(THREE, &model("m", "y ~ x + (1 | person)", "reml"), &tests);
    assert_eq!(checked(&base).len(), 0, "{:?}", checked(&base));
    let formula = "y ~ x + (1 | person)";
    for (old, new, code, said) in [
        (", likelihood: reml", "", codes::MISSING_KEY, "needs `likelihood`"),
        (
            "likelihood: reml",
            "likelihood: REML",
            codes::UNKNOWN_WORD,
            "likelihood",
        ),
        (
            "vcov: classical",
            "vcov: HC2",
            codes::INCOMPATIBLE,
            "HC2 is not computed",
        ),
        (
            "vcov: classical",
            "vcov: CR2, cluster: school",
            codes::INCOMPATIBLE,
            "CR2 is not computed",
        ),
        (
            "vcov: classical",
            "vcov: bootstrap, bootstrap: {draws: 200, kind: pairs}",
            codes::INCOMPATIBLE,
            "bootstrap is not computed",
        ),
        (
            "vcov: classical",
            "vcov: classical, cluster: school",
            codes::INCOMPATIBLE,
            "in its random terms",
        ),
        (
            "vcov: classical",
            "vcov: classical, weights: {column: x, kind: analytic}",
            codes::INCOMPATIBLE,
            "without weights",
        ),
        (
            "vcov: classical",
            "vcov: classical, information: expected",
            codes::INCOMPATIBLE,
            "no information",
        ),
        (formula, "y ~ x", codes::INCOMPATIBLE, "needs a random term"),
        (
            formula,
            "y ~ x + (1 | person) | school",
            codes::INCOMPATIBLE,
            "not absorbed",
        ),
        (
            formula,
            "y ~ x + (item || person)",
            codes::INCOMPATIBLE,
            "(0 + item | person)",
        ),
        (formula, "y ~ x + (1 | persn)", codes::UNKNOWN_VARIABLE, "persn"),
        (formula, "y ~ x + (1 + z | person)", codes::UNKNOWN_VARIABLE, "z"),
        (formula, "y ~ x + (1 | y)", codes::INCOMPATIBLE, "both sides"),
        (
            formula,
            "y ~ x + (1 | person) + (x | person)",
            codes::BAD_FORMULA,
            "both let `1` vary by person",
        ),
        (
            formula,
            "y ~ rep + (1 + x | person)",
            codes::UNKNOWN_VARIABLE,
            "`x` is not in the model",
        ),
        (
            "estimator: mixed",
            "estimator: ols",
            codes::UNKNOWN_KEY,
            "belongs to `estimator: mixed`",
        ),
        (
            "estimator: mixed, formula: \"y ~ x + (1 | person)\", vcov: classical, likelihood: reml",
            "estimator: ols, formula: \"y ~ x + (1 | person)\", vcov: HC2",
            codes::INCOMPATIBLE,
            "ols has no random effects such as (1 | person)",
        ),
    ] {
        assert!(base.contains(old), "{old}");
        let found = checked(&base.replacen(old, new, 1));
        let one = found.iter().find(|d| d.code == code && d.message.contains(said));
        assert!(one.is_some_and(|d| d.at.is_some()), "{new}: {found:#?}");
    }
    let drawn = base.replace(
        "alpha: 0.05",
        "alpha: 0.05, randomization: {draws: 1000, statistic: t}",
    );
    assert!(checked(&drawn).iter().any(|d| d.code == codes::INCOMPATIBLE));
    let family = format!("{base}families: {{f: {{tests: [m.slope], adjust: romano_wolf, draws: 1000}}}}\n");
    assert!(checked(&family).iter().any(|d| d.code == codes::INCOMPATIBLE));
}
