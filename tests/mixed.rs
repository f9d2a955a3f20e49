//! Linear mixed models against lme4 and lmerTest (`tests/oracle/mixed.R`).
//!
//! Tolerances, relative: 1e-10 for the criterion, 1e-7 for estimates, standard errors and variance components,
//! 1e-5 for Satterthwaite's degrees of freedom.

#![expect(clippy::disallowed_macros, reason = "a skipped test says so")]

use asregistered::diagnostic::codes;
use asregistered::estimate::mixed::{self, Fit, Term};
use asregistered::plan::Likelihood;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

type Table = BTreeMap<String, Vec<String>>;
/// Model → quantity → values.
type Oracle = BTreeMap<String, BTreeMap<String, Vec<f64>>>;

fn table(path: &Path) -> Table {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut out = Table::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(',')) {
            out.entry((*name).to_owned()).or_default().push(cell.to_owned());
        }
    }
    out
}

fn here(name: &str) -> Table {
    table(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/oracle")
            .join(name),
    )
}

/// The reference data. They are not part of the project; CI has them and fails without.
fn survey() -> Option<Table> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracles/data_1502.csv");
    if !path.exists() {
        assert!(std::env::var_os("CI").is_none(), "CI must have data_1502.csv");
        eprintln!("skipped: ../shared/oracles/data_1502.csv is not here");
        return None;
    }
    Some(table(&path))
}

fn numbers(table: &Table, name: &str) -> Vec<f64> {
    table[name].iter().map(|cell| cell.parse().unwrap()).collect()
}

/// A one in every row, and the named columns.
fn with_intercept(table: &Table, names: &[&str]) -> Vec<Vec<f64>> {
    let mut out = vec![vec![1.0; table.values().next().unwrap().len()]];
    out.extend(names.iter().map(|name| numbers(table, name)));
    out
}

fn term(group: &[String], columns: Vec<Vec<f64>>, correlated: bool) -> Term {
    let levels: BTreeSet<&String> = group.iter().collect();
    let place: BTreeMap<&String, u32> = levels.iter().zip(0..).map(|(l, i)| (*l, i)).collect();
    Term {
        name: String::from("(1 | g)"),
        codes: group.iter().map(|g| place[g]).collect(),
        groups: levels.len(),
        columns,
        correlated,
    }
}

fn oracle() -> Oracle {
    let mut out = Oracle::new();
    for line in include_str!("oracle/mixed.csv").lines().skip(2) {
        let cells: Vec<&str> = line.split(',').collect();
        let [model, what, _, value] = cells.as_slice() else {
            panic!("{line}")
        };
        let model = out.entry((*model).to_owned()).or_default();
        model
            .entry((*what).to_owned())
            .or_default()
            .push(value.parse().unwrap());
    }
    out
}

fn close(what: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: {found:?} {expected:?}");
    let largest = expected.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    for (f, e) in found.iter().zip(expected) {
        // A variance of zero has no relative error.
        let size = if *e == 0.0 { largest.max(1.0) } else { e.abs() };
        assert!(
            (f - e).abs() <= tolerance * size,
            "{what}: {f:e} is not {e:e} ({:e})",
            (f - e).abs() / size
        );
    }
}

fn correlations(fit: &Fit) -> Vec<f64> {
    let mut out = Vec::new();
    for component in &fit.components {
        let q = component.sd.len();
        for j in 0..q {
            out.extend((j + 1..q).filter_map(|i| component.correlation[i][j].filter(|r| *r != 0.0)));
        }
    }
    out
}

fn unit(k: usize, i: usize) -> Vec<f64> {
    (0..k).map(|j| f64::from(u8::from(i == j))).collect()
}

fn compare(name: &str, fit: &Fit, expected: &BTreeMap<String, Vec<f64>>) {
    let check = |what: &str, found: &[f64], tolerance: f64| {
        close(&format!("{name} {what}"), found, &expected[what], tolerance);
    };
    check("criterion", &[fit.criterion], 1e-10);
    check("criterion", &[-2.0 * fit.log_likelihood], 1e-10);
    check("beta", &fit.coefficients, 1e-7);
    let diagonal = |m: &[f64], k: usize| (0..k).map(|j| m[j * k + j]).collect::<Vec<f64>>();
    let (k, vcov) = (fit.coefficients.len(), fit.vcov.concat());
    close(
        &format!("{name} variances"),
        &diagonal(&vcov, k),
        &diagonal(&expected["vcov"], k),
        1e-7,
    );
    for (entry, (found, known)) in vcov.iter().zip(&expected["vcov"]).enumerate() {
        let (i, j) = (entry / k, entry % k);
        let size = (vcov[i * k + i] * vcov[j * k + j]).sqrt();
        assert!(
            (found - known).abs() <= 1e-7 * size,
            "{name} vcov {found:e} {known:e}"
        );
    }
    check("sigma", &[fit.sigma], 1e-7);
    check("theta", &fit.theta.concat(), 1e-7);
    check("singular", &[f64::from(u8::from(fit.singular))], 0.0);
    let sd: Vec<f64> = fit.components.iter().flat_map(|c| c.sd.clone()).collect();
    check("sd", &sd, 1e-7);
    if expected.contains_key("corr") {
        check("corr", &correlations(fit), 1e-7);
    }
    let df = |l: &[f64]| mixed::satterthwaite(fit, l).unwrap();
    check("df", &(0..k).map(|i| df(&unit(k, i))).collect::<Vec<f64>>(), 1e-5);
    if k > 1 {
        check("df_sum", &[df(&vec![1.0; k])], 1e-5);
        let joint = mixed::contest(fit, &(1..k).map(|i| unit(k, i)).collect::<Vec<_>>()).unwrap();
        check("F", &[joint.f], 1e-7);
        check("F_df1", &[joint.df1], 0.0);
        check("F_df2", &[joint.df2], 1e-5);
        close(
            &format!("{name} F_p"),
            &[joint.p.ln()],
            &[expected["F_p"][0].ln()],
            1e-5,
        );
    }
    if k > 2 {
        let sum: Vec<f64> = unit(k, 1).iter().zip(unit(k, 2)).map(|(a, b)| a + b).collect();
        let joint = mixed::contest(fit, &[unit(k, 1), unit(k, 2), sum]).unwrap();
        check("R", &[joint.f], 1e-7);
        check("R_df1", &[joint.df1], 0.0);
        check("R_df2", &[joint.df2], 1e-5);
    }
}

fn both(name: &str, x: &[Vec<f64>], y: &[f64], terms: &[Term]) {
    let expected = oracle();
    for (likelihood, word) in [(Likelihood::Reml, "reml"), (Likelihood::Ml, "ml")] {
        let fit = mixed::fit(x, y, terms, likelihood).unwrap();
        let name = format!("{name}_{word}");
        compare(&name, &fit, &expected[&name]);
        assert_eq!(fit.observations, y.len());
        let groups: Vec<f64> = fit.groups.iter().map(|g| *g as f64).collect();
        assert!(groups.ends_with(&expected[&name]["groups"]), "{name}: {groups:?}");
        assert!(fit.convergence.largest_gradient < 1e-4, "{:?}", fit.convergence);
    }
}

#[test]
fn sleepstudy() {
    let data = here("mixed_sleepstudy.csv");
    let (x, y) = (with_intercept(&data, &["Days"]), numbers(&data, "Reaction"));
    let subject = &data["Subject"];
    both(
        "sleep_intercept",
        &x,
        &y,
        &[term(subject, with_intercept(&data, &[]), false)],
    );
    both("sleep_slope", &x, &y, &[term(subject, x.clone(), true)]);
    both("sleep_diagonal", &x, &y, &[term(subject, x.clone(), false)]);
    let split = [
        term(subject, vec![x[0].clone()], true),
        term(subject, vec![x[1].clone()], true),
    ];
    both("sleep_diagonal", &x, &y, &split);
    let mut square = x.clone();
    square.push(x[1].iter().map(|v| v * v).collect());
    both("sleep_quadratic", &square, &y, &[term(subject, x.clone(), true)]);
}

#[test]
fn crossed_factors() {
    let data = here("mixed_penicillin.csv");
    let one = with_intercept(&data, &[]);
    let terms = ["plate", "sample"].map(|g| term(&data[g], one.clone(), true));
    both("penicillin", &one, &numbers(&data, "diameter"), &terms);
    let data = here("mixed_insteval.csv");
    let one = with_intercept(&data, &[]);
    let terms = ["s", "d"].map(|g| term(&data[g], one.clone(), true));
    both(
        "insteval",
        &with_intercept(&data, &["service"]),
        &numbers(&data, "y"),
        &terms,
    );
}

#[test]
fn three_factors_with_slopes() {
    let data = here("mixed_three.csv");
    let (x, y) = (with_intercept(&data, &["x"]), numbers(&data, "y"));
    let by = |group: &str, columns: &[Vec<f64>], correlated| term(&data[group], columns.to_vec(), correlated);
    let terms = [
        by("person", &x, true),
        by("item", &x, false),
        by("school", &x[..1], true),
    ];
    both("three", &x, &y, &terms);
    let terms = [
        by("person", &x, false),
        by("item", &x, true),
        by("school", &x[1..], true),
    ];
    both("three_slopes", &x, &y, &terms);
}

#[test]
fn variances_on_the_boundary() {
    let data = here("mixed_origin.csv");
    let (x, y) = (with_intercept(&data, &["x"]), numbers(&data, "y"));
    both("origin", &x, &y, &[term(&data["g"], x.clone(), true)]);
    both("origin_diagonal", &x, &y, &[term(&data["g"], x.clone(), false)]);
    let data = here("mixed_flat.csv");
    let (x, y) = (with_intercept(&data, &["x"]), numbers(&data, "y"));
    both(
        "flat",
        &x,
        &y,
        &[term(&data["g"], with_intercept(&data, &[]), true)],
    );
    let data = here("mixed_line.csv");
    let (x, y) = (with_intercept(&data, &["x"]), numbers(&data, "y"));
    both("line", &x, &y, &[term(&data["g"], x.clone(), true)]);
}

#[test]
fn a_survey_by_state() {
    let Some(data) = survey() else { return };
    let x = with_intercept(&data, &["hawkishness", "age"]);
    let (one, slope) = (
        with_intercept(&data, &[]),
        with_intercept(&data, &["hawkishness"]),
    );
    let (approval, contribution) = (numbers(&data, "approval"), numbers(&data, "contribution"));
    let state = |columns: &[Vec<f64>], correlated| term(&data["state"], columns.to_vec(), correlated);
    both("state", &x, &approval, &[state(&one, true)]);
    both("state_slope", &x, &approval, &[state(&slope, true)]);
    both("state_diagonal", &x, &contribution, &[state(&slope, false)]);
    let block: Vec<String> = numbers(&data, "respondent_id")
        .iter()
        .map(|id| format!("{}", id % 500.0))
        .collect();
    let terms = [term(&block, one.clone(), true), state(&one, true)];
    both("crossed", &x, &contribution, &terms);
}

/// A balanced one-way layout has its REML estimates in closed form, and k − 1 degrees of freedom for the mean, however
/// far the groups lie apart (Searle, Casella & McCulloch 1992, §3.6, doi:10.1002/9780470316856).
#[test]
fn groups_far_apart_have_their_degrees_of_freedom() {
    let (k, m) = (17usize, 9usize);
    let noise = |i: usize| ((i * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5;
    for apart in [1.0, 30.0, 300.0, 600.0, 1500.0, 3000.0] {
        let y: Vec<f64> = (0..k * m)
            .map(|i| apart * noise(3 * (i / m) + 1) + noise(i))
            .collect();
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
        let means: Vec<f64> = y.chunks(m).map(mean).collect();
        let grand = mean(&means);
        let between = means.iter().map(|v| (v - grand).powi(2)).sum::<f64>() / (k - 1) as f64;
        let within = y.iter().enumerate().map(|(i, v)| (v - means[i / m]).powi(2));
        let within = within.sum::<f64>() / (k * (m - 1)) as f64;
        let group: Vec<String> = (0..k * m).map(|i| (i / m).to_string()).collect();
        let one = vec![vec![1.0; k * m]];
        let fit = mixed::fit(&one, &y, &[term(&group, one.clone(), true)], Likelihood::Reml).unwrap();
        let what = format!("apart by {apart}");
        close(&what, &[fit.sigma], &[within.sqrt()], 1e-6);
        let sd = (between - within / m as f64).sqrt();
        close(&what, &[fit.components[0].sd[0]], &[sd], 1e-6);
        let df = mixed::satterthwaite(&fit, &[1.0]).unwrap();
        close(&what, &[df], &[(k - 1) as f64], 1e-4);
    }
}

fn refused(x: &[Vec<f64>], y: &[f64], terms: &[Term]) -> (asregistered::diagnostic::Code, String) {
    let refusal = mixed::fit(x, y, terms, Likelihood::Reml).unwrap_err();
    (refusal.code, refusal.message)
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let data = here("mixed_sleepstudy.csv");
    let (x, y) = (with_intercept(&data, &["Days"]), numbers(&data, "Reaction"));
    let one = vec![x[0].clone()];
    let subject = term(&data["Subject"], one.clone(), true);
    let terms = std::slice::from_ref(&subject);
    let mut twice = x.clone();
    twice.push(x[1].iter().map(|v| 2.0 * v + 1.0).collect());
    let (code, message) = refused(&twice, &y, terms);
    assert_eq!(code, codes::RANK_DEFICIENT);
    assert!(
        message.ends_with("others: 1") || message.ends_with("others: 2"),
        "{message}"
    );
    let (code, _) = refused(&x, &vec![1.0; y.len()], terms);
    assert_eq!(code, codes::CONSTANT_OUTCOME);
    let (code, _) = refused(&x, &x[1], terms);
    assert_eq!(code, codes::NO_VARIATION);
    let mut holed = y.clone();
    holed[3] = f64::NAN;
    assert_eq!(refused(&x, &holed, terms).0, codes::NOT_FINITE);
    assert_eq!(refused(&x, &y[..9], terms).0, codes::NOT_FINITE);
    assert_eq!(refused(&x, &y, &[]).0, codes::ESTIMAND_ABSENT);
    let alone = term(&vec!["a".to_owned(); y.len()], one.clone(), true);
    assert_eq!(refused(&x, &y, &[alone]).0, codes::FEW_CLUSTERS);
    let rows: Vec<String> = (0..y.len()).map(|i| i.to_string()).collect();
    assert_eq!(
        refused(&x, &y, &[term(&rows, one.clone(), true)]).0,
        codes::TOO_FEW_ROWS
    );
    let both = [subject.clone(), subject.clone()];
    assert_eq!(refused(&x, &y, &both).0, codes::RANK_DEFICIENT);
    let mut beyond = subject.clone();
    beyond.groups = 3;
    assert_eq!(refused(&x, &y, &[beyond]).0, codes::LEVEL_EMPTY);
}

#[test]
fn a_dense_system_too_large_is_refused() {
    let n = 4000;
    let y: Vec<f64> = (0..n).map(|i| f64::from(i * 7919 % 1009)).collect();
    let by = |groups: i32| Term {
        name: groups.to_string(),
        codes: (0..n).map(|i| (i * 31 % groups) as u32).collect(),
        groups: groups as usize,
        columns: vec![vec![1.0; y.len()]],
        correlated: true,
    };
    let (code, message) = refused(&[vec![1.0; y.len()]], &y, &[by(1999), by(1500)]);
    assert_eq!(code, codes::NOT_DEFINED);
    assert!(message.contains("multiplications"), "{message}");
}

/// Groups that explain everything: the residual variance runs to zero and no maximum is reached.
#[test]
fn a_likelihood_without_a_maximum_is_refused() {
    let data = here("mixed_sleepstudy.csv");
    let x = with_intercept(&data, &[]);
    let subject = term(&data["Subject"], x.clone(), true);
    let y: Vec<f64> = subject.codes.iter().map(|c| f64::from(c * c % 7)).collect();
    let (code, message) = refused(&x, &y, &[subject]);
    assert_eq!(code, codes::NO_CONVERGENCE, "{message}");
}

#[test]
fn a_contrast_without_variance_is_refused() {
    let data = here("mixed_sleepstudy.csv");
    let (x, y) = (with_intercept(&data, &["Days"]), numbers(&data, "Reaction"));
    let terms = [term(&data["Subject"], x.clone(), true)];
    let fit = mixed::fit(&x, &y, &terms, Likelihood::Reml).unwrap();
    let code = |l: &[f64]| mixed::satterthwaite(&fit, l).unwrap_err().code;
    assert_eq!(code(&[0.0, 0.0]), codes::NO_VARIATION);
    assert_eq!(code(&[1.0]), codes::ESTIMAND_ABSENT);
    assert_eq!(code(&[f64::INFINITY, 0.0]), codes::ESTIMAND_ABSENT);
    assert_eq!(
        mixed::contest(&fit, &[]).unwrap_err().code,
        codes::ESTIMAND_ABSENT
    );
    let t = fit.coefficients[1] / fit.vcov[1][1].sqrt();
    let one = mixed::contest(&fit, &[vec![0.0, 1.0]]).unwrap();
    close("F of one contrast", &[one.f], &[t * t], 1e-12);
}

/// Units are not part of the model: y, x and the slope's column in other units, rows in another order.
#[test]
fn units_and_order_do_not_matter() {
    let data = here("mixed_sleepstudy.csv");
    let (x, y) = (with_intercept(&data, &["Days"]), numbers(&data, "Reaction"));
    let first = term(&data["Subject"], x.clone(), true);
    let known = mixed::fit(&x, &y, std::slice::from_ref(&first), Likelihood::Reml).unwrap();
    let order: Vec<usize> = (0..y.len()).map(|i| i * 77 % y.len()).collect();
    let shuffle = |v: &[f64], unit: f64| order.iter().map(|i| v[*i] * unit).collect::<Vec<f64>>();
    let moved = vec![shuffle(&x[0], 1.0), shuffle(&x[1], 1e5)];
    let term = Term {
        codes: order.iter().map(|i| first.codes[*i]).collect(),
        columns: moved.clone(),
        ..first
    };
    let found = mixed::fit(&moved, &shuffle(&y, 1e-6), &[term], Likelihood::Reml).unwrap();
    let back = [found.coefficients[0] * 1e6, found.coefficients[1] * 1e11];
    close("coefficients", &back, &known.coefficients, 1e-9);
    close(
        "sd",
        &[found.components[0].sd[1] * 1e11],
        &[known.components[0].sd[1]],
        1e-7,
    );
    let df = |fit: &Fit| mixed::satterthwaite(fit, &[0.0, 1.0]).unwrap();
    close("df", &[df(&found)], &[df(&known)], 1e-7);
}
