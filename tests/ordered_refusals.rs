//! Ordered models without a maximum are refused, and no others.

use asregistered::estimate::ordered::{self, Latent};
use asregistered::estimate::predictors::Predictors;

/// Every outcome of 0 to 2 rows in each cell of two groups by three categories.
fn tables() -> impl Iterator<Item = [usize; 6]> {
    (0..729).map(|code: usize| [0, 1, 2, 3, 4, 5].map(|cell| code / 3usize.pow(cell) % 3))
}

/// The group and the category of each row.
fn rows(counts: [usize; 6]) -> (Vec<f64>, Vec<u32>) {
    let cells = counts.iter().enumerate();
    let each = cells.flat_map(|(cell, count)| {
        std::iter::repeat_n((f64::from(u8::from(cell > 2)), (cell % 3) as u32), *count)
    });
    each.unzip()
}

/// The groups' categories overlap in one at most exactly where the maximum is at infinity.
#[test]
fn separation_is_found_where_groups_do_not_overlap_and_only_there() {
    let mut found = 0;
    for counts in tables() {
        let (group, y) = rows(counts);
        let full = (0..3).all(|c| counts[c] + counts[c + 3] > 0);
        let varies = counts[..3].iter().sum::<usize>() > 0 && counts[3..].iter().sum::<usize>() > 0;
        if !full || !varies || y.len() < 4 {
            continue;
        }
        let first: Vec<usize> = (0..3).filter(|c| counts[*c] > 0).collect();
        let second: Vec<usize> = (0..3).filter(|c| counts[*c + 3] > 0).collect();
        let apart = first.last() <= second.first() || second.last() <= first.first();
        for latent in [Latent::Logistic, Latent::Normal] {
            let columns = [group.iter().map(|g| 7.0 - 3.0 * g).collect()];
            let predictors = Predictors {
                columns: &columns,
                names: &["group"],
            };
            match ordered::fit(predictors, &y, 3, None, latent) {
                Ok(fit) => assert!(!apart && fit.gradient < 1e-8, "{counts:?} {latent:?}"),
                Err(refusal) => {
                    assert!(apart, "{counts:?} {latent:?} {}", refusal.message);
                    assert_eq!(
                        refusal.code.slug, "separation",
                        "{counts:?} {latent:?} {}",
                        refusal.message
                    );
                    found += 1;
                }
            }
        }
    }
    assert!(found > 100, "{found}");
}

/// With one column a maximum is at infinity exactly where the categories are stacked along it.
#[test]
fn separation_is_found_along_a_continuous_column_and_only_there() {
    let mut state = 1u64;
    let mut draw = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let (mut apart_count, mut fitted_count) = (0, 0);
    for trial in 0..3000 {
        let n = 5 + draw(30);
        let x: Vec<f64> = (0..n).map(|_| draw(60) as f64 / 7.0).collect();
        let noise = if trial % 3 == 0 { 60 } else { 1 + draw(4) };
        let y: Vec<u32> = x
            .iter()
            .map(|x| ((x * 7.0 + draw(noise) as f64) as u64 / 25).min(2) as u32)
            .collect();
        if (0..3).any(|c| !y.contains(&c)) {
            continue;
        }
        let in_category = |c: u32| x.iter().zip(&y).filter(move |(_, y)| **y == c).map(|(x, _)| *x);
        let low = [0, 1, 2].map(|c| in_category(c).fold(f64::INFINITY, f64::min));
        let high = [0, 1, 2].map(|c| in_category(c).fold(f64::NEG_INFINITY, f64::max));
        let apart = (high[0] <= low[1] && high[1] <= low[2]) || (low[0] >= high[1] && low[1] >= high[2]);
        for latent in [Latent::Logistic, Latent::Normal] {
            let predictors = Predictors {
                columns: std::slice::from_ref(&x),
                names: &["x"],
            };
            match ordered::fit(predictors, &y, 3, None, latent) {
                Ok(fit) => {
                    assert!(!apart && fit.gradient < 1e-7, "{x:?} {y:?} {latent:?}");
                    fitted_count += 1;
                }
                Err(refusal) => {
                    assert!(apart, "{x:?} {y:?} {latent:?} {}", refusal.message);
                    assert_eq!(
                        refusal.code.slug, "separation",
                        "{x:?} {y:?} {latent:?} {}",
                        refusal.message
                    );
                    apart_count += 1;
                }
            }
        }
    }
    assert!(
        apart_count > 200 && fitted_count > 200,
        "{apart_count} {fitted_count}"
    );
}

#[test]
fn what_cannot_be_fitted_is_refused() {
    let x = vec![
        vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
        vec![2.0, 1.0, 2.0, 1.0, 2.0, 2.0, 1.0, 2.0],
    ];
    let y = [0, 1, 2, 0, 1, 2, 1, 0];
    let slug = |x: &[Vec<f64>], y: &[u32], categories, w: Option<&[f64]>| {
        let predictors = Predictors {
            columns: x,
            names: &[],
        };
        ordered::fit(predictors, y, categories, w, Latent::Normal)
            .unwrap_err()
            .code
            .slug
    };
    assert_eq!(slug(&x, &[0; 8], 1, None), "bad-outcome");
    assert_eq!(slug(&x, &[9; 8], 3, None), "bad-outcome");
    assert_eq!(slug(&x, &y, 3, Some(&[-1.0; 8])), "bad-weight");
    assert_eq!(slug(&x, &y, 3, Some(&[1.0; 3])), "bad-weight");
    assert_eq!(slug(&[vec![f64::NAN; 8]], &y, 3, None), "not-finite");
    assert_eq!(slug(&[vec![1.0; 8]], &y, 3, None), "rank-deficient");
    assert_eq!(
        slug(
            &[x[0].clone(), x[0].iter().map(|v| 3.0 - v).collect()],
            &y,
            3,
            None
        ),
        "rank-deficient"
    );
    assert_eq!(slug(&x[..1], &y[..3], 3, None), "not-finite");
    let dropped = [1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
    assert_eq!(slug(&x, &y, 3, Some(&dropped)), "level-empty");
    let predictors = Predictors {
        columns: &x,
        names: &[],
    };
    let two: Vec<u32> = y.iter().map(|y| *y / 2).collect();
    let tested = |y: &[u32], categories, columns: &[usize]| {
        let test = ordered::proportionality(predictors, y, categories, Latent::Logistic, columns);
        test.unwrap_err().code.slug
    };
    assert_eq!(tested(&two, 2, &[0]), "not-defined");
    assert_eq!(tested(&y, 3, &[]), "not-defined");
    assert_eq!(tested(&y, 3, &[2]), "not-defined");
}
