//! Multinomial logit against R's nnet::multinom and Python's statsmodels.
//!
//! 1e-6 relative for estimates; variances relative to their standard errors.

use asregistered::estimate::multinomial;
use asregistered::estimate::predictors::Predictors;
use asregistered::plan::Vcov;
use std::collections::BTreeMap;
use std::path::Path;

type Cells = BTreeMap<(String, String), Vec<Vec<f64>>>;

/// (case, quantity) → its matrix.
fn cells(name: &str) -> Cells {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/oracle")
        .join(name);
    let text = std::fs::read_to_string(path).unwrap();
    let mut cells = Cells::new();
    for line in text.lines().skip(2) {
        let parts: Vec<&str> = line.split(',').collect();
        let rows = cells
            .entry((parts[0].to_owned(), parts[1].to_owned()))
            .or_default();
        let i: usize = parts[2].parse().unwrap();
        rows.resize(rows.len().max(i), Vec::new());
        rows[i - 1].push(parts[4].parse().unwrap());
    }
    cells
}

fn get<'a>(cells: &'a Cells, case: &str, quantity: &str) -> &'a [Vec<f64>] {
    &cells[&(case.to_owned(), quantity.to_owned())]
}

/// Columns, outcome and weights.
fn data(cells: &Cells) -> (Vec<Vec<f64>>, Vec<u32>, Vec<f64>) {
    let x = get(cells, "birthwt", "x");
    let columns = (0..x[0].len())
        .map(|j| x.iter().map(|r| r[j]).collect())
        .collect();
    let y = get(cells, "birthwt", "y").iter().map(|r| r[0] as u32).collect();
    let w = get(cells, "birthwt", "w").iter().map(|r| r[0]).collect();
    (columns, y, w)
}

fn close(found: f64, expected: f64, size: f64, tolerance: f64, what: &str) {
    let gap = (found - expected).abs() / size;
    assert!(gap < tolerance, "{what}: {found:e} is not {expected:e} ({gap:e})");
}

fn same_variance(found: &[Vec<f64>], expected: &[Vec<f64>], tolerance: f64, what: &str) {
    assert_eq!(found.len(), expected.len());
    for a in 0..found.len() {
        for b in 0..found.len() {
            let size = (expected[a][a] * expected[b][b]).sqrt();
            close(found[a][b], expected[a][b], size, tolerance, what);
        }
    }
}

#[test]
fn multinomial_logit_is_that_of_nnet() {
    let cells = cells("multinomial.csv");
    let (columns, y, w) = data(&cells);
    let predictors = Predictors {
        columns: &columns,
        names: &[],
    };
    for (case, weights) in [("plain", None), ("weighted", Some(w.as_slice()))] {
        let fit = multinomial::fit(predictors, &y, 3, weights).unwrap();
        assert!(fit.gradient < 1e-9);
        let expected: Vec<f64> = get(&cells, case, "coef").concat();
        for (found, expected) in fit.coefficients.iter().zip(&expected) {
            close(*found, *expected, expected.abs(), 1e-6, case);
        }
        same_variance(
            &fit.vcov(Vcov::Classical, &[]).unwrap(),
            get(&cells, case, "vcov"),
            1e-6,
            case,
        );
        close(
            fit.log_likelihood,
            get(&cells, case, "loglik")[0][0],
            1.0,
            1e-9,
            case,
        );
        let found = multinomial::probabilities(&[1.0, 25.0, 130.0, 1.0], &fit.coefficients);
        for (found, expected) in found.iter().zip(get(&cells, case, "probs").concat()) {
            close(*found, expected, expected, 1e-6, case);
        }
    }
}

#[test]
fn multinomial_logit_is_that_of_statsmodels() {
    let (columns, y, _) = data(&cells("multinomial.csv"));
    let reference = cells("multinomial_statsmodels.csv");
    let fit = multinomial::fit(
        Predictors {
            columns: &columns,
            names: &[],
        },
        &y,
        3,
        None,
    )
    .unwrap();
    for (found, expected) in fit
        .coefficients
        .iter()
        .zip(get(&reference, "classical", "coef").concat())
    {
        close(*found, expected, expected.abs(), 1e-9, "coefficient");
    }
    close(
        fit.log_likelihood,
        get(&reference, "classical", "loglik")[0][0],
        1.0,
        1e-10,
        "log-likelihood",
    );
    let ages: Vec<u32> = columns[1].iter().map(|v| *v as u32).collect();
    let robust = fit.vcov(Vcov::HC0, &[]).unwrap();
    let clustered = |correction| fit.vcov(correction, std::slice::from_ref(&ages)).unwrap();
    same_variance(
        &fit.bread,
        get(&reference, "classical", "vcov"),
        1e-9,
        "classical",
    );
    same_variance(&robust, get(&reference, "HC0", "vcov"), 1e-9, "HC0");
    same_variance(&clustered(Vcov::CR0), get(&reference, "CR0", "vcov"), 1e-9, "CR0");
    same_variance(
        &clustered(Vcov::CR1S),
        get(&reference, "CR1S", "vcov"),
        1e-9,
        "CR1S",
    );
}

#[test]
fn gradients_are_the_slopes_of_the_probabilities() {
    let x = [1.0, 0.3, -2.0];
    let b = [0.2, -0.4, 0.7, -1.1, 0.5, 0.1];
    let gradients = multinomial::gradients(&x, &b);
    for a in 0..b.len() {
        let moved = |h: f64| {
            let mut b = b;
            b[a] += h;
            multinomial::probabilities(&x, &b)
        };
        let (up, down) = (moved(1e-5), moved(-1e-5));
        for j in 0..3 {
            close(gradients[j][a], (up[j] - down[j]) / 2e-5, 1.0, 1e-9, "slope");
        }
    }
}

#[test]
fn a_column_that_predicts_a_category_perfectly_is_named() {
    let (mut columns, y, _) = data(&cells("multinomial.csv"));
    columns.push(y.iter().map(|y| f64::from(u8::from(*y == 2))).collect());
    let names = ["(Intercept)", "age", "lwt", "smoke", "told"];
    let refusal = multinomial::fit(
        Predictors {
            columns: &columns,
            names: &names,
        },
        &y,
        3,
        None,
    )
    .unwrap_err();
    assert_eq!(refusal.code.slug, "separation", "{}", refusal.message);
    assert!(refusal.message.ends_with("by told"), "{}", refusal.message);
    columns[4] = columns[1].iter().map(|v| 2.0 * v - 1.0).collect();
    let refusal = multinomial::fit(
        Predictors {
            columns: &columns,
            names: &names,
        },
        &y,
        3,
        None,
    )
    .unwrap_err();
    assert_eq!(refusal.code.slug, "rank-deficient", "{}", refusal.message);
    columns.truncate(4);
    let refusal = multinomial::fit(
        Predictors {
            columns: &columns,
            names: &names,
        },
        &y,
        4,
        None,
    )
    .unwrap_err();
    assert_eq!(refusal.code.slug, "level-empty", "{}", refusal.message);
}

/// Two groups by three categories: a maximum exists exactly where every cell has a row.
#[test]
fn separation_is_found_in_empty_cells_and_only_there() {
    for code in 0..729usize {
        let counts = [0, 1, 2, 3, 4, 5].map(|cell| code / 3usize.pow(cell) % 3);
        let group = |g: usize| counts[3 * g..3 * g + 3].iter().sum::<usize>();
        let full = (0..3).all(|c| counts[c] + counts[c + 3] > 0);
        if !full || group(0) == 0 || group(1) == 0 || group(0) + group(1) < 5 {
            continue;
        }
        let cells = counts.iter().enumerate();
        let each = cells.flat_map(|(cell, count)| {
            std::iter::repeat_n((f64::from(u8::from(cell > 2)), (cell % 3) as u32), *count)
        });
        let (column, y): (Vec<f64>, Vec<u32>) = each.unzip();
        let columns = [vec![1.0; y.len()], column];
        let predictors = Predictors {
            columns: &columns,
            names: &["(Intercept)", "group"],
        };
        let apart = counts.contains(&0);
        match multinomial::fit(predictors, &y, 3, None) {
            Err(refusal) => {
                assert!(apart, "{counts:?} {}", refusal.message);
                assert_eq!(refusal.code.slug, "separation", "{counts:?} {}", refusal.message);
                assert!(refusal.message.ends_with("by group"), "{}", refusal.message);
            }
            Ok(fit) => {
                assert!(!apart, "{counts:?}");
                let odds = |a: usize, b: usize| (counts[a] as f64 / counts[b] as f64).ln();
                close(
                    fit.coefficients[1],
                    odds(4, 3) - odds(1, 0),
                    1.0,
                    1e-9,
                    "log odds ratio",
                );
                close(fit.coefficients[2], odds(2, 0), 1.0, 1e-9, "log odds");
            }
        }
    }
}
