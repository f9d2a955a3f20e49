//! What tests without a model and analyses of variance refuse, at `check` and on data; and what they do at the edges.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use asregistered::diagnostic::Severity;
use asregistered::inference::Outcomes;
use asregistered::plan;
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::{registration, yaml};
use reference::{analyse, close, close_p};

const HEAD: &str = "
asregistered: 1
study: {id: refused, timing: after_access}
design: {kind: between_subjects}
variables:
  y: {role: outcome}
  z: {role: outcome}
  x: {role: covariate}
  w: {role: weight}
  s: {role: cluster}
  g: {role: factor, levels: [a, b, c], reference: a}
  h: {role: factor, levels: [p, q], reference: p}
";

fn text(missing: &str, model: &str, test: &str) -> String {
    format!(
        "{HEAD}missing: {{{missing}}}\nmodels:\n  m: {{{model}}}\ntests:\n  t: {{model: m, alpha: 0.05, {test}}}\nhypotheses: {{H: {{statement: s, status: primary, corroborated_if: t}}}}\n"
    )
}

const RULES: &str = "outcome: drop_from_test, covariate: drop_from_test, weight: fail, cluster: fail";

/// The codes of the errors that `check` finds.
fn checked(missing: &str, model: &str, test: &str) -> Vec<&'static str> {
    let written = text(missing, model, test);
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", written.into_bytes());
    let found = Findings::default();
    plan::lower(
        &registration::read(&yaml::parse(&source).unwrap(), &found),
        &found,
    );
    let errors = found
        .into_vec()
        .into_iter()
        .filter(|d| d.severity == Severity::Error);
    errors.map(|d| d.code.id).collect()
}

#[test]
fn what_does_not_go_together_is_refused_before_data_are_seen() {
    let mean = "parameter: mean, alternative: two_sided";
    let share = "parameter: proportion, alternative: two_sided";
    for (code, model, test) in [
        // The formula is another's.
        (
            "S032",
            "estimator: one_sample_t, formula: y ~ g, vcov: none",
            mean,
        ),
        (
            "S032",
            "estimator: one_sample_t, formula: y - z ~ 1, vcov: none",
            mean,
        ),
        ("S032", "estimator: paired_t, formula: y ~ 1, vcov: none", mean),
        (
            "S032",
            "estimator: ols, formula: y - z ~ g, vcov: HC2",
            "joint: g",
        ),
        // A basis is several numbers, whatever its columns are.
        (
            "S008",
            "estimator: pearson, formula: \"y ~ poly(x, 2)\", vcov: none",
            "parameter: correlation, alternative: less",
        ),
        (
            "S011",
            "estimator: ols, formula: \"y ~ ns(x, 2)\", vcov: HC2",
            "coefficient: \"ns(x, 2)[3]\", alternative: less",
        ),
        (
            "S011",
            "estimator: ols, formula: \"y ~ ns(x, 2)\", vcov: HC2",
            "coefficient: \"ns(x, 2)\", alternative: less",
        ),
        (
            "S032",
            "estimator: pearson, formula: y ~ x + z, vcov: none",
            "parameter: correlation, alternative: less",
        ),
        (
            "S008",
            "estimator: pearson, formula: y ~ g, vcov: none",
            "parameter: correlation, alternative: less",
        ),
        (
            "S008",
            "estimator: levene, formula: y ~ x, vcov: none",
            "joint: x",
        ),
        // No variance, no weights, no clusters.
        ("S032", "estimator: paired_t, formula: y - z ~ 1, vcov: HC2", mean),
        ("S032", "estimator: ols, formula: y ~ g, vcov: none", "joint: g"),
        (
            "S032",
            "estimator: paired_t, formula: y - z ~ 1, vcov: none, weights: {column: w, kind: frequency}",
            mean,
        ),
        (
            "S032",
            "estimator: levene, formula: y ~ g, vcov: none, cluster: s",
            "joint: g",
        ),
        (
            "S032",
            "estimator: spearman, formula: y ~ x | s, vcov: none",
            "parameter: correlation, alternative: less",
        ),
        // The quantity is another's.
        (
            "S032",
            "estimator: one_sample_t, formula: y ~ 1, vcov: none",
            share,
        ),
        (
            "S032",
            "estimator: kolmogorov_smirnov, formula: y ~ g, vcov: none",
            "joint: g",
        ),
        (
            "S032",
            "estimator: levene, formula: y ~ g, vcov: none",
            "of: g, contrast: b - a, alternative: less",
        ),
        (
            "S032",
            "estimator: fisher_exact, formula: y ~ g, vcov: none",
            "of: g, contrast: \"mean(b, c) - a\", alternative: less",
        ),
        ("S032", "estimator: ols, formula: y ~ g, vcov: HC2", mean),
        (
            "S009",
            "estimator: one_sample_t, formula: y ~ 1, vcov: none",
            "parameter: median, alternative: less",
        ),
        (
            "S032",
            "estimator: fisher_exact, formula: y ~ g, vcov: none",
            "of: g, contrast: a + b, null: 2, alternative: less",
        ),
        // What it is against.
        ("S032", "estimator: binomial, formula: y ~ 1, vcov: none", share),
        (
            "S032",
            "estimator: binomial, formula: y ~ 1, vcov: none",
            "parameter: proportion, null: 1, alternative: less",
        ),
        (
            "S032",
            "estimator: mcnemar, formula: y - z ~ 1, vcov: none",
            "parameter: proportion, alternative: greater",
        ),
        (
            "S032",
            "estimator: kendall, formula: y ~ x, vcov: none",
            "parameter: correlation, null: 0.2, alternative: less",
        ),
        (
            "S032",
            "estimator: fisher_exact, formula: y ~ g, vcov: none",
            "of: g, contrast: b - a, null: 0, alternative: less",
        ),
        (
            "S032",
            "estimator: signed_rank, formula: y ~ 1, vcov: none",
            "parameter: pseudomedian, alternative: {equivalent: {low: -1, high: 1}}",
        ),
        // Analyses of variance.
        (
            "S032",
            "estimator: ols, formula: y ~ g * h, vcov: HC2",
            "anova: {term: g, type: II}",
        ),
        (
            "S032",
            "estimator: ols, formula: y ~ g * h, vcov: classical",
            "anova: {term: g, type: III}",
        ),
        (
            "S032",
            "estimator: ols, formula: y ~ g * h, vcov: classical, contrasts: {g: sum}",
            "anova: {term: \"g:h\", type: III}",
        ),
        (
            "S032",
            "estimator: ols, formula: y ~ g + h - 1, vcov: classical",
            "anova: {term: g, type: II}",
        ),
        (
            "S032",
            "estimator: wls, formula: y ~ g + h, vcov: classical, weights: {column: w, kind: analytic}",
            "anova: {term: g, type: II}",
        ),
        (
            "S017",
            "estimator: ols, formula: y ~ g + h, vcov: classical",
            "anova: {term: g + h, type: II}",
        ),
        (
            "S011",
            "estimator: ols, formula: y ~ g + h, vcov: classical",
            "anova: {term: \"g:h\", type: II}",
        ),
        (
            "S009",
            "estimator: ols, formula: y ~ g + h, vcov: classical",
            "anova: {term: g, type: IV}",
        ),
        (
            "S007",
            "estimator: ols, formula: y ~ g + h, vcov: classical",
            "anova: {term: g}",
        ),
        (
            "S006",
            "estimator: ols, formula: y ~ g + h, vcov: classical",
            "anova: {term: g, type: I}, alternative: greater",
        ),
    ] {
        let found = checked(RULES, model, test);
        assert_eq!(found, [code], "{model} | {test}");
    }
    let imputed = checked(
        "outcome: fail, covariate: indicator",
        "estimator: spearman, formula: y ~ x, vcov: none",
        "parameter: correlation, alternative: less",
    );
    assert_eq!(imputed, ["S032"]);
    // The near misses are none.
    for (model, test) in [
        (
            "estimator: ols, formula: y ~ g + h, vcov: classical",
            "anova: {term: g, type: III}",
        ),
        (
            "estimator: ols, formula: y ~ g * h, vcov: classical, contrasts: {g: sum, h: sum}",
            "anova: {term: \"h:g\", type: III}",
        ),
        (
            "estimator: paired_t, formula: y - z ~ 1, vcov: none",
            "parameter: mean, alternative: {equivalent: {low: -1, high: 1}}",
        ),
        (
            "estimator: fisher_exact, formula: y ~ g, vcov: none",
            "of: g, contrast: b - a, null: 2, alternative: less",
        ),
    ] {
        assert_eq!(
            checked(RULES, model, test),
            Vec::<&str>::new(),
            "{model} | {test}"
        );
    }
}

fn run(model: &str, test: &str, rows: &str) -> Outcomes {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let csv = format!("y,z,x,w,s,g,h\n{rows}");
    std::fs::write(&path, csv).unwrap();
    analyse(&text(RULES, model, test), &path)
}

/// Rows of y and z alone.
fn pairs(values: &[(f64, f64)]) -> String {
    let line = |(y, z): &(f64, f64)| format!("{y},{z},0,1,1,a,p\n");
    values.iter().map(line).collect()
}

#[test]
fn what_data_do_not_allow_is_refused_with_its_reason() {
    let mean = "parameter: mean, alternative: two_sided";
    let share = "parameter: proportion, alternative: two_sided, null: 0.5";
    let rho = "parameter: correlation, alternative: two_sided";
    let arms = "of: g, contrast: b - a, alternative: two_sided";
    let flat = "1,1,1,1,1,a,p\n1,1,1,1,1,a,q\n1,1,1,1,1,b,p\n1,1,1,1,1,b,q\n";
    let line = "1,1,2,1,1,a,p\n2,1,4,1,1,a,q\n3,1,6,1,1,b,p\n4,1,8,1,1,b,q\n";
    let crossed =
        "1,1,2,1,1,a,p\n2,1,4,1,1,a,p\n4,1,6,1,1,b,q\n5,1,8,1,1,b,q\n7,1,8,1,1,a,q\n3,1,8,1,1,a,q\n";
    let one = "1,1,2,1,1,a,p\n";
    for (code, estimator, formula, test, rows) in [
        ("E002", "one_sample_t", "y ~ 1", mean, one),
        ("E009", "one_sample_t", "y ~ 1", mean, flat),
        ("E009", "paired_t", "y - z ~ 1", mean, flat),
        (
            "E009",
            "signed_rank",
            "y - z ~ 1",
            "parameter: pseudomedian, alternative: less",
            flat,
        ),
        (
            "E009",
            "mcnemar",
            "y - z ~ 1",
            "parameter: proportion, alternative: two_sided",
            flat,
        ),
        (
            "E014",
            "mcnemar",
            "y - z ~ 1",
            "parameter: proportion, alternative: two_sided",
            line,
        ),
        ("E014", "binomial", "y ~ 1", share, line),
        ("E014", "one_proportion", "y ~ 1", share, line),
        ("E014", "two_proportions", "y ~ g", arms, line),
        ("E009", "two_proportions", "y ~ g", arms, flat),
        ("E009", "kolmogorov_smirnov", "y ~ g", arms, flat),
        ("E009", "mann_whitney_exact", "y ~ g", arms, flat),
        (
            "E005",
            "kolmogorov_smirnov",
            "y ~ g",
            "of: g, contrast: c - a, alternative: less",
            line,
        ),
        ("E009", "fisher_exact", "y ~ g", arms, flat),
        ("E009", "fisher_exact", "y ~ g", arms, line),
        ("E009", "levene", "y ~ g", "joint: g", flat),
        ("E002", "brown_forsythe", "y ~ g", "joint: g", one),
        ("E009", "pearson", "y ~ x", rho, flat),
        ("E009", "pearson", "y ~ x", rho, line),
        ("E002", "pearson", "y ~ x", rho, one),
        ("E002", "kendall", "y ~ x", rho, one),
        ("E009", "kendall", "y ~ x", rho, flat),
        ("E009", "spearman", "y ~ x", rho, flat),
    ] {
        let outcomes = run(
            &format!("estimator: {estimator}, formula: {formula}, vcov: none"),
            test,
            rows,
        );
        let found = &outcomes.tests["t"];
        let note = found.note.clone().unwrap_or_else(|| String::from("ran"));
        assert!(note.starts_with(code), "{estimator} {formula}: {note}");
        assert_eq!(
            (found.p_value, found.statistic, found.estimate),
            (None, None, None)
        );
    }
    let sums = "estimator: ols, formula: y ~ g * h, vcov: classical, contrasts: {g: sum, h: sum}";
    let empty_cell = run(sums, "anova: {term: \"g:h\", type: III}", crossed);
    assert!(empty_cell.tests["t"].note.as_ref().unwrap().starts_with("E001"));
    let exact = run(
        "estimator: ols, formula: y ~ x, vcov: classical",
        "anova: {term: x, type: I}",
        line,
    );
    assert!(exact.tests["t"].note.as_ref().unwrap().starts_with("E009"));
}

#[test]
fn what_is_left_out_is_said_and_what_is_missing_leaves() {
    let rows =
        pairs(&[(3.0, 1.0), (2.0, 2.0), (5.0, 1.0), (4.0, 1.5), (1.0, 1.0)]) + "4,,0,1,1,a,p\n,2,0,1,1,a,p\n";
    let model = "estimator: signed_rank, formula: y - z ~ 1, vcov: none";
    let outcomes = run(model, "parameter: pseudomedian, alternative: greater", &rows);
    let found = &outcomes.tests["t"];
    assert_eq!((found.n, found.dropped_missing), (Some(5), Some(2)));
    let method = found.method.as_deref().unwrap();
    assert!(method.ends_with("; 2 zeroes dropped"), "{method}");
    // R 4.2.2: wilcox.test(c(3, 2, 5, 4, 1), c(1, 2, 1, 1.5, 1), paired = TRUE, alternative = "greater")
    close(found.statistic.unwrap(), 6.0, "V");
    close_p(found.p_value.unwrap(), 0.090_724_603_860_710_16, "p");
    assert_eq!(found.statistic_name.as_deref(), Some("V"));
}

#[test]
fn an_interval_without_bound_and_ranks_that_agree_perfectly() {
    let mut rows = String::new();
    for (y, g, count) in [(0, "a", 3), (1, "a", 2), (1, "b", 4)] {
        rows.push_str(&format!("{y},0,0,1,1,{g},p\n").repeat(count));
    }
    let model = "estimator: fisher_exact, formula: y ~ g, vcov: none";
    let outcomes = run(model, "of: g, contrast: b - a, alternative: two_sided", &rows);
    let found = &outcomes.tests["t"];
    assert_eq!((found.estimate, found.conf_high, found.null), (None, None, 1.0));
    assert!(found.conf_low.unwrap() > 0.0 && found.method.as_ref().unwrap().contains("without bound"));
    // 10/84 of what was seen, and 4/84 of the one table beyond it on the other side.
    close(found.p_value.unwrap(), 14.0 / 84.0, "p");

    let mut rows = String::new();
    for i in 0..12 {
        rows.push_str(&format!("{},0,{},1,1,a,p\n", i * i, -i));
    }
    let model = "estimator: spearman, formula: y ~ x, vcov: none";
    let outcomes = run(model, "parameter: correlation, alternative: less", &rows);
    let found = &outcomes.tests["t"];
    close(found.estimate.unwrap(), -1.0, "ρ");
    // 1/12!
    close_p(found.p_value.unwrap(), 1.0 / 479_001_600.0, "p");
}

#[test]
fn a_test_of_all_levels_needs_them_all() {
    let arms = |levels: [&str; 3]| {
        let row = |i: usize| {
            let (y, g, h) = (i * 7919 % 101, levels[i % 3], ["p", "q"][i / 3 % 2]);
            format!("{y},0,0,1,1,{g},{h}\n")
        };
        (0..24).map(row).collect::<String>()
    };
    // The third level never occurs, or occurs without an outcome.
    let never = arms(["a", "b", "a"]);
    let missing = never.clone() + ",0,0,1,1,c,p\n,0,0,1,1,c,q\n";
    let models = [
        (
            "estimator: kruskal_wallis, formula: y ~ g, vcov: none",
            "joint: g",
        ),
        ("estimator: welch_anova, formula: y ~ g, vcov: none", "joint: g"),
        ("estimator: levene, formula: y ~ g, vcov: none", "joint: g"),
        ("estimator: chi_squared, formula: y ~ g, vcov: none", "joint: g"),
        ("estimator: ols, formula: y ~ g, vcov: HC2", "joint: g"),
        (
            "estimator: ols, formula: y ~ g + h, vcov: classical",
            "anova: {term: g, type: II}",
        ),
    ];
    for (model, test) in models {
        for rows in [&never, &missing] {
            let outcomes = run(model, test, rows);
            let found = &outcomes.tests["t"];
            let note = found.note.as_deref().unwrap_or("ran");
            assert!(
                note.starts_with("E005") && note.contains("`c`"),
                "{model}: {note}"
            );
            assert_eq!((found.p_value, found.rejects), (None, None), "{model}");
        }
        let all = run(model, test, &arms(["a", "b", "c"]));
        assert_eq!(all.tests["t"].note, None, "{model}");
        // A subset takes it out as registered.
        let two = run(
            &format!("{model}, subset: \"g <> 'c'\""),
            test,
            &arms(["a", "b", "c"]),
        );
        assert_eq!(two.tests["t"].note, None, "{model}");
        let none = run(&format!("{model}, subset: \"g <> 'c'\""), test, &never);
        assert_eq!(none.tests["t"].note, None, "{model}");
    }
    let other = run(
        "estimator: ols, formula: y ~ g + h, vcov: classical",
        "anova: {term: h, type: II}",
        &missing,
    );
    assert_eq!(other.tests["t"].note, None);
}

#[test]
fn a_perfect_agreement_is_one() {
    let rows: String = (0..400).map(|i| format!("{},0,{i},1,1,a,p\n", i * i)).collect();
    let model = "estimator: kendall, formula: y ~ x, vcov: none";
    let outcomes = run(model, "parameter: correlation, alternative: two_sided", &rows);
    assert_eq!(outcomes.tests["t"].estimate, Some(1.0));
}
