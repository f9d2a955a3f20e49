//! Ordered logit and probit against R: ordinal::clm, MASS::polr, sandwich, survey and marginaleffects.
//!
//! 1e-6 relative or better for estimates, variances and probabilities.

#![expect(clippy::disallowed_macros, reason = "a skipped test says so")]

use asregistered::estimate::likelihood::Likelihood;
use asregistered::estimate::ordered::{self, Latent};
use asregistered::estimate::predictors::Predictors;
use asregistered::estimate::tails;
use asregistered::plan::Vcov;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const LINKS: [(&str, &str, &str, Latent); 2] = [
    ("logistic", "ologit", "logit", Latent::Logistic),
    ("probit", "oprobit", "probit", Latent::Normal),
];

/// Adding years to a column moves the cutpoints alone; other units move nothing but the coefficient.
#[test]
fn origin_and_unit_of_a_column_do_not_matter() {
    let cells = cells("ordered.csv");
    let x = transposed(&cells[&("birthwt".to_owned(), "x".to_owned())]);
    let y: Vec<u32> = cells[&("birthwt".to_owned(), "y".to_owned())]
        .iter()
        .map(|r| r[0] as u32)
        .collect();
    for latent in [Latent::Logistic, Latent::Normal] {
        let plain = fitted(&x, &y, None, latent);
        let mut moved = x.clone();
        moved[0].iter_mut().for_each(|v| *v = *v / 1000.0 + 2000.0);
        let far = fitted(&moved, &y, None, latent);
        close(
            far.coefficients[0] / 1000.0,
            plain.coefficients[0],
            1e-8,
            "coefficient",
        );
        close(
            error(&far.bread, 0) / 1000.0,
            error(&plain.bread, 0),
            1e-8,
            "error",
        );
        for j in 1..5 {
            close(far.coefficients[j], plain.coefficients[j], 1e-8, "other");
            close(error(&far.bread, j), error(&plain.bread, j), 1e-8, "other error");
        }
        let (a, b) = (far.vcov(Vcov::HC0, &[]), plain.vcov(Vcov::HC0, &[]));
        close(
            error(&a.unwrap(), 0) / 1000.0,
            error(&b.unwrap(), 0),
            1e-7,
            "robust error",
        );
    }
}

/// The reference files. They are not part of the project; CI has them and fails without.
fn shared(path: &str) -> Option<PathBuf> {
    let full = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/oracles")
        .join(path);
    if !full.exists() {
        assert!(std::env::var_os("CI").is_none(), "CI must have {path}");
        eprintln!("skipped: {path} is not here");
        return None;
    }
    Some(full)
}

fn json(path: &str) -> Option<Value> {
    Some(serde_json::from_slice(&std::fs::read(shared(path)?).unwrap()).unwrap())
}

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    let relative = (found - expected).abs() / expected.abs().max(1e-3);
    assert!(
        relative < tolerance,
        "{what}: {found:e} is not {expected:e} ({relative:e})"
    );
}

/// Columns of a CSV as text.
fn table(path: &Path) -> BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let mut table: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        for (name, cell) in names.iter().zip(line.split(',')) {
            table.entry((*name).to_owned()).or_default().push(cell.to_owned());
        }
    }
    table
}

const LEVELS: [(&str, &[&str]); 8] = [
    (
        "us_response",
        &["status_quo", "denounce", "sanctions", "reduce_aid", "terminate"],
    ),
    (
        "uncooperative_action",
        &[
            "underspending",
            "weapons_from_rival",
            "refuse_troops",
            "reject_sanctions",
        ],
    ),
    ("regime", &["democracy", "autocracy"]),
    ("capability", &["strong", "weak"]),
    ("treaty", &["formal", "none"]),
    ("gender", &["female", "male", "other"]),
    ("education", &["hs_or_less", "some_college", "ba", "postgrad"]),
    ("party", &["democrat", "independent", "republican"]),
];

/// The columns `factor=level`, joined by `:` for interactions, or a numeric variable.
fn column(table: &BTreeMap<String, Vec<String>>, term: &str) -> Vec<f64> {
    let part = |part: &str| -> Vec<f64> {
        match part.split_once('=') {
            Some((factor, level)) => table[factor]
                .iter()
                .map(|v| f64::from(u8::from(v == level)))
                .collect(),
            None => table[part].iter().map(|v| v.parse().unwrap()).collect(),
        }
    };
    term.split(':')
        .map(part)
        .reduce(|a, b| a.iter().zip(&b).map(|(a, b)| a * b).collect())
        .unwrap()
}

fn category(table: &BTreeMap<String, Vec<String>>, name: &str) -> Vec<u32> {
    table[name]
        .iter()
        .map(|v| v.parse::<u32>().unwrap() - 1)
        .collect()
}

fn model(terms: &[String], table: &BTreeMap<String, Vec<String>>) -> Vec<Vec<f64>> {
    terms.iter().map(|t| column(table, t)).collect()
}

fn fitted(x: &[Vec<f64>], y: &[u32], weights: Option<&[f64]>, latent: Latent) -> Likelihood {
    let categories = 1 + *y.iter().max().unwrap() as usize;
    let predictors = Predictors {
        columns: x,
        names: &[],
    };
    let fitted = ordered::fit(predictors, y, categories, weights, latent).unwrap();
    assert!(fitted.gradient < 1e-9, "{:e}", fitted.gradient);
    assert!(fitted.iterations < 12, "{}", fitted.iterations);
    fitted
}

/// What an implementation whose name has `which` gives for a quantity.
fn numbers<'a>(case: &'a Value, quantity: &str, which: &str) -> &'a serde_json::Map<String, Value> {
    let all = case[quantity]["implementations"]
        .as_object()
        .unwrap_or_else(|| panic!("{quantity}"));
    let found = all
        .iter()
        .find(|(name, _)| name.contains(which))
        .unwrap_or_else(|| panic!("{quantity}"));
    found.1.as_object().unwrap()
}

fn error(variance: &[Vec<f64>], j: usize) -> f64 {
    variance[j][j].sqrt()
}

fn errors(case: &Value, quantity: &str, which: &str, terms: &[String], v: &[Vec<f64>], tolerance: f64) {
    for (term, expected) in numbers(case, quantity, which) {
        let j = match term.strip_prefix("cut") {
            Some(cut) => terms.len() + cut.parse::<usize>().unwrap() - 1,
            None => terms.iter().position(|t| t == term).unwrap(),
        };
        close(
            error(v, j),
            expected.as_f64().unwrap(),
            tolerance,
            &format!("{quantity} {term}"),
        );
    }
}

#[test]
fn ordered_models_are_those_of_clm() {
    let Some(oracle) = json("04_ordered_models.json") else {
        return;
    };
    let data = table(&shared("data_1502.csv").unwrap());
    let states: Vec<u32> = data["state"].iter().map(|v| v.parse().unwrap()).collect();
    for (prefix, _, _, latent) in LINKS {
        for name in [
            "approval_arms",
            "approval_inter",
            "approval_cov",
            "contribution_actions",
        ] {
            let case = &oracle["cases"][format!("{prefix}/{name}")];
            let coefficients = numbers(case, "coef", "ordinal::clm");
            let terms: Vec<String> = coefficients.keys().cloned().collect();
            let y = category(&data, name.split('_').next().unwrap());
            let x = model(&terms, &data);
            let fit = fitted(&x, &y, None, latent);
            for (j, term) in terms.iter().enumerate() {
                close(
                    fit.coefficients[j],
                    coefficients[term].as_f64().unwrap(),
                    1e-9,
                    &format!("{prefix} {name} {term}"),
                );
            }
            for (cut, expected) in numbers(case, "cutpoints", "ordinal::clm") {
                let j = terms.len() + cut[3..].parse::<usize>().unwrap() - 1;
                close(fit.coefficients[j], expected.as_f64().unwrap(), 1e-9, cut);
            }
            close(
                fit.log_likelihood,
                numbers(case, "loglik", "clm")["value"].as_f64().unwrap(),
                1e-12,
                "loglik",
            );
            let classical = fit.vcov(Vcov::Classical, &[]).unwrap();
            let hc0 = fit.vcov(Vcov::HC0, &[]).unwrap();
            let cluster = |c| fit.vcov(c, std::slice::from_ref(&states)).unwrap();
            errors(case, "se_classical", "hand-written", &terms, &classical, 1e-8);
            errors(case, "se_classical", "clm", &terms, &classical, 1e-6);
            errors(case, "se_cutpoints_classical", "clm", &terms, &classical, 1e-6);
            errors(case, "se_HC0", "hand-written", &terms, &hc0, 1e-8);
            errors(case, "se_HC0", "sandwich(clm)", &terms, &hc0, 1e-6);
            errors(case, "se_cutpoints_HC0", "clm", &terms, &hc0, 1e-6);
            let units = fit.vcov(Vcov::Robust, &[]).unwrap();
            errors(case, "se_robust_stata_n/(n-1)", "clm", &terms, &units, 1e-6);
            errors(
                case,
                "se_CR0_state",
                "hand-written",
                &terms,
                &cluster(Vcov::CR0),
                1e-8,
            );
            errors(
                case,
                "se_CR1_state_G/(G-1)",
                "clm",
                &terms,
                &cluster(Vcov::CR1),
                1e-6,
            );
            if name == "approval_inter" {
                wald(case, &terms, &fit.coefficients, &classical, "classical");
                wald(case, &terms, &fit.coefficients, &hc0, "HC0");
            }
            if name == "approval_arms" {
                predictions(case, &terms, &fit.coefficients, latent);
            }
        }
    }
}

fn wald(case: &Value, terms: &[String], b: &[f64], v: &[Vec<f64>], kind: &str) {
    for factor in ["regime", "capability", "treaty"] {
        let quantity = format!("wald_chi2_{kind}_us_response:{factor}");
        let chosen: Vec<usize> = (0..terms.len())
            .filter(|j| terms[*j].contains(&format!(":{factor}")))
            .collect();
        let matrix: Vec<Vec<f64>> = chosen
            .iter()
            .map(|a| chosen.iter().map(|c| v[*a][*c]).collect())
            .collect();
        let b: Vec<f64> = chosen.iter().map(|j| b[*j]).collect();
        let statistic: f64 = solved(matrix, b.clone()).iter().zip(&b).map(|(a, b)| a * b).sum();
        let expected = numbers(case, &quantity, "clm");
        close(statistic, expected["stat"].as_f64().unwrap(), 1e-7, &quantity);
        close(
            tails::chi2_sf(statistic, 4.0),
            expected["p"].as_f64().unwrap(),
            1e-7,
            &quantity,
        );
    }
}

/// Gauss–Jordan.
fn solved(mut m: Vec<Vec<f64>>, mut v: Vec<f64>) -> Vec<f64> {
    for j in 0..v.len() {
        for i in (0..v.len()).filter(|i| *i != j) {
            let share = m[i][j] / m[j][j];
            let row = m[j].clone();
            m[i].iter_mut().zip(row).for_each(|(a, b)| *a -= share * b);
            v[i] -= share * v[j];
        }
    }
    (0..v.len()).map(|j| v[j] / m[j][j]).collect()
}

fn predictions(case: &Value, terms: &[String], parameters: &[f64], latent: Latent) {
    for arm in LEVELS[0].1 {
        let quantity = format!("pred_probs_{arm}");
        let x: Vec<f64> = terms
            .iter()
            .map(|t| f64::from(u8::from(t.ends_with(arm))))
            .collect();
        let found = ordered::probabilities(latent, &x, parameters);
        for (y, expected) in numbers(case, &quantity, "clm") {
            let j: usize = y[1..].parse().unwrap();
            close(found[j - 1], expected.as_f64().unwrap(), 1e-9, &quantity);
        }
    }
}

#[test]
fn weighted_ordered_logit_is_that_of_clm_and_survey() {
    let Some(oracle) = json("04_ordered_models.json") else {
        return;
    };
    let data = table(&shared("data_1502.csv").unwrap());
    let case = &oracle["cases"]["logistic/approval_arms_pweight"];
    let terms: Vec<String> = numbers(case, "coef", "clm").keys().cloned().collect();
    let weights = column(&data, "weight");
    let fit = fitted(
        &model(&terms, &data),
        &category(&data, "approval"),
        Some(&weights),
        Latent::Logistic,
    );
    for (j, term) in terms.iter().enumerate() {
        close(
            fit.coefficients[j],
            numbers(case, "coef", "clm")[term].as_f64().unwrap(),
            1e-9,
            term,
        );
    }
    let robust = fit.vcov(Vcov::Robust, &[]).unwrap();
    errors(case, "se_svy", "svyolr", &terms, &robust, 1e-4);
    let clm = numbers(case, "se_svy", "sandwich(clm");
    if clm.values().all(|v| v.as_f64().is_some()) {
        errors(case, "se_svy", "sandwich(clm", &terms, &robust, 1e-6);
    }
}

type Slope<'a> = dyn Fn(&[f64]) -> (f64, Vec<f64>) + 'a;

/// Average of a function of rows and its gradient, with its delta-method standard error.
fn averaged(rows: &[Vec<f64>], v: &[Vec<f64>], one: &Slope<'_>) -> (f64, Vec<f64>, f64) {
    let n = rows.len() as f64;
    let mut mean = 0.0;
    let mut gradient = vec![0.0; v.len()];
    for row in rows {
        let (value, slope) = one(row);
        mean += value / n;
        gradient.iter_mut().zip(slope).for_each(|(g, s)| *g += s / n);
    }
    let se = delta(&gradient, v);
    (mean, gradient, se)
}

fn delta(gradient: &[f64], v: &[Vec<f64>]) -> f64 {
    let image = v
        .iter()
        .map(|row| row.iter().zip(gradient).map(|(a, b)| a * b).sum::<f64>());
    image.zip(gradient).map(|(a, b)| a * b).sum::<f64>().sqrt()
}

#[test]
fn margins_are_those_of_marginaleffects() {
    let Some(oracle) = json("05_margins_and_ames.json") else {
        return;
    };
    let data = table(&shared("data_1502.csv").unwrap());
    let arms = LEVELS[0].1;
    let mut terms: Vec<String> = arms[1..].iter().map(|a| format!("us_response={a}")).collect();
    terms.extend(["treaty=none", "age", "party=independent", "party=republican"].map(String::from));
    let x = model(&terms, &data);
    let y = category(&data, "approval");
    let scale = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];
    for (_, prefix, _, latent) in LINKS {
        let fit = fitted(&x, &y, None, latent);
        let b = &fit.coefficients;
        let variances = [
            ("classical", fit.vcov(Vcov::Classical, &[]).unwrap()),
            ("HC0", fit.vcov(Vcov::HC0, &[]).unwrap()),
        ];
        for (kind, v) in &variances {
            let case = &oracle["cases"][format!("{prefix}/{kind}")];
            let mut base = Vec::new();
            for (a, arm) in arms.iter().enumerate() {
                let rows: Vec<Vec<f64>> = (0..y.len())
                    .map(|i| {
                        (0..x.len())
                            .map(|c| {
                                if c < 4 {
                                    f64::from(u8::from(c + 1 == a))
                                } else {
                                    x[c][i]
                                }
                            })
                            .collect()
                    })
                    .collect();
                for j in 0..7 {
                    let one = |x: &[f64]| {
                        (
                            ordered::probabilities(latent, x, b)[j],
                            ordered::gradients(latent, x, b)[j].clone(),
                        )
                    };
                    let (mean, gradient, se) = averaged(&rows, v, &one);
                    let key = format!("y{}", j + 1);
                    let reference = |q: &str| numbers(case, q, "hand-written")[&key].as_f64().unwrap();
                    close(mean, reference(&format!("pred_prob_{arm}_estimate")), 1e-9, arm);
                    close(se, reference(&format!("pred_prob_{arm}_se")), 1e-6, arm);
                    if *kind == "classical" {
                        // polr's own coefficients and Hessian are good to this.
                        let theirs = numbers(case, &format!("pred_prob_{arm}_estimate"), "marginaleffects");
                        close(mean, theirs[&key].as_f64().unwrap(), 1e-5, arm);
                        let theirs = numbers(case, &format!("pred_prob_{arm}_se"), "marginaleffects");
                        close(se, theirs[&key].as_f64().unwrap(), 1e-3, arm);
                    }
                    if a == 0 {
                        base.push((mean, gradient));
                        continue;
                    }
                    let (base_mean, base_gradient) = &base[j];
                    let slope: Vec<f64> = gradient.iter().zip(base_gradient).map(|(a, b)| a - b).collect();
                    close(
                        mean - base_mean,
                        reference(&format!("ame_prob_{arm}_estimate")),
                        1e-8,
                        arm,
                    );
                    close(
                        delta(&slope, v),
                        reference(&format!("ame_prob_{arm}_se")),
                        1e-6,
                        arm,
                    );
                }
                let one = |x: &[f64]| ordered::expected_score(latent, x, b, &scale);
                let (mean, _, se) = averaged(&rows, v, &one);
                let expected = numbers(case, &format!("expected_score_{arm}"), "hand-written");
                close(mean, expected["est"].as_f64().unwrap(), 1e-9, arm);
                close(se, expected["se"].as_f64().unwrap(), 1e-6, arm);
            }
        }
    }
}

/// (case, quantity) → its matrix.
fn cells(name: &str) -> BTreeMap<(String, String), Vec<Vec<f64>>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let mut cells: BTreeMap<(String, String), Vec<Vec<f64>>> = BTreeMap::new();
    for line in text.lines().skip(2) {
        let parts: Vec<&str> = line.split(',').collect();
        let rows = cells
            .entry((parts[0].to_owned(), parts[1].to_owned()))
            .or_default();
        let i: usize = parts[2].parse().unwrap();
        rows.resize(rows.len().max(i), Vec::new());
        rows[i - 1].push(parts[4].parse().unwrap_or(f64::NAN));
    }
    cells
}

fn transposed(m: &[Vec<f64>]) -> Vec<Vec<f64>> {
    (0..m[0].len())
        .map(|j| m.iter().map(|r| r[j]).collect())
        .collect()
}

#[test]
fn whole_variances_and_proportional_odds_are_those_of_clm() {
    let cells = cells("ordered.csv");
    let get = |case: &str, quantity: &str| &cells[&(case.to_owned(), quantity.to_owned())];
    let x = transposed(get("birthwt", "x"));
    let y: Vec<u32> = get("birthwt", "y").iter().map(|r| r[0] as u32).collect();
    let w: Vec<f64> = get("birthwt", "w").iter().map(|r| r[0]).collect();
    for (_, _, link, latent) in LINKS {
        for (kind, weights) in [("plain", None), ("weighted", Some(w.as_slice()))] {
            let case = format!("{link}/{kind}");
            let fit = fitted(&x, &y, weights, latent);
            same(
                std::slice::from_ref(&fit.coefficients),
                &transposed(get(&case, "coef")),
                1e-9,
                &case,
            );
            same(&fit.bread, get(&case, "vcov"), 1e-7, &case);
            close(fit.log_likelihood, get(&case, "loglik")[0][0], 1e-12, &case);
            if weights.is_none() {
                same(&fit.vcov(Vcov::HC0, &[]).unwrap(), get(&case, "HC0"), 1e-7, &case);
            }
        }
        let predictors = Predictors {
            columns: &x,
            names: &[],
        };
        let check = |tested: &[usize], expected: &[Vec<f64>], what: &str| {
            let test = ordered::proportionality(predictors, &y, 4, latent, tested).unwrap();
            close(test.statistic, expected[0][0], 1e-7, what);
            assert_eq!(test.df, expected[1][0], "{what}");
            test
        };
        for j in 0..5 {
            let test = check(&[j], get(link, &format!("proportional_{}", j + 1)), link);
            let reference = &get(link, "nominal_test")[j];
            close(test.statistic, reference[0], 1e-9, "nominal_test");
            close(test.df, reference[1], 1e-15, "nominal_test");
            close(test.p_value, reference[2], 1e-9, "nominal_test");
        }
        check(&[2, 3, 4], get(link, "proportional_several"), link);
    }
}

/// Relative to the variances' own sizes.
fn same(found: &[Vec<f64>], expected: &[Vec<f64>], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    for (a, (f, e)) in found.iter().zip(expected).enumerate() {
        assert_eq!(f.len(), e.len(), "{what}");
        for (b, (f, e)) in f.iter().zip(e).enumerate() {
            let size = if expected.len() == expected[0].len() {
                (expected[a][a] * expected[b][b]).sqrt()
            } else {
                e.abs()
            };
            assert!(
                (f - e).abs() < tolerance * size,
                "{what} {a},{b}: {f:e} is not {e:e}"
            );
        }
    }
}

#[test]
fn small_and_degenerate_samples_are_fitted_or_refused() {
    let Some(oracle) = json("08_edge_cases.json") else {
        return;
    };
    let data = table(&shared("edge_small.csv").unwrap());
    let (t, x) = (column(&data, "t"), column(&data, "x"));
    let y = category(&data, "lik");
    let fit = fitted(&[t.clone(), x.clone()], &y, None, Latent::Logistic);
    let polr = numbers(&oracle["cases"]["ologit_small"], "coef", "polr");
    close(fit.coefficients[0], polr["t"].as_f64().unwrap(), 1e-5, "t");
    let clm = numbers(&oracle["cases"]["ologit_unused_category"], "coef", "clm");
    for (term, j) in [("t", 0), ("x", 1), ("1|2", 2), ("2|3", 3), ("3|4", 4), ("4|5", 5)] {
        close(fit.coefficients[j], clm[term].as_f64().unwrap(), 1e-8, term);
    }

    let columns = [t.clone(), x.clone()];
    let names = ["t", "x"];
    let predictors = Predictors {
        columns: &columns,
        names: &names,
    };
    let unused = ordered::fit(predictors, &y, 7, None, Latent::Logistic).unwrap_err();
    assert_eq!(unused.code.slug, "level-empty");
    assert!(unused.message.contains("category 6"), "{}", unused.message);

    let separated: Vec<u32> = y
        .iter()
        .zip(&t)
        .map(|(y, t)| if *t == 1.0 { (*y).max(3) } else { (*y).min(2) })
        .collect();
    for latent in [Latent::Logistic, Latent::Normal] {
        for (columns, names) in [
            (vec![t.clone()], vec!["t"]),
            (vec![x.clone(), t.clone()], vec!["x", "t"]),
        ] {
            let predictors = Predictors {
                columns: &columns,
                names: &names,
            };
            let refusal = ordered::fit(predictors, &separated, 5, None, latent).unwrap_err();
            assert_eq!(refusal.code.slug, "separation", "{}", refusal.message);
            assert!(refusal.message.ends_with("by t"), "{}", refusal.message);
        }
    }
}
