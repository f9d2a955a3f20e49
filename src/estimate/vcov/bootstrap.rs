//! Bootstrap variances: the spread of the coefficients over draws.
//!
//! pairs: rows, or whole clusters, drawn with replacement (Efron 1979, doi:10.1214/aos/1176344552) · wild: residuals
//! times ±1 for each row or cluster (Wu 1986, doi:10.1214/aos/1176350142; Cameron, Gelbach & Miller 2008,
//! doi:10.1162/rest.90.3.414). Draws come from the model's own seed, each from its own stream.
//! Held to the sandwich that they tend to, and to R within Monte-Carlo error (`tests/resampling.rs`).

use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::estimate::likelihood::distinct;
use crate::estimate::normal::{cholesky, solve};
use crate::estimate::ols::Solution;
use crate::plan::{Bootstrap, BootstrapKind};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// More draws than one in this many that cannot be fitted make the spread meaningless.
const FAILURES: u64 = 20;

/// # Errors
/// E012 for fewer than two clusters; E015 where more than 1 in 20 draws cannot be fitted.
pub fn bootstrap(
    design: &Design,
    solution: &Solution,
    asked: &Bootstrap,
    seed: [u8; 32],
) -> Result<Vec<Vec<f64>>, Refusal> {
    let each_row: Vec<u32> = (0..design.rows() as u32).collect();
    let groups = design.clusters.first().unwrap_or(&each_row);
    let count = distinct(groups);
    if count < 2 {
        return Err(Refusal::new(codes::FEW_CLUSTERS, "all rows are in one cluster"));
    }
    let draw = |number: u64| match asked.kind {
        BootstrapKind::Pairs => pairs(solution, groups, count, stream(seed, number)),
        BootstrapKind::Wild => Some(wild(solution, groups, count, stream(seed, number))),
    };
    let drawn: Vec<Vec<f64>> = over_processors(asked.draws, &draw);
    let failed = asked.draws - drawn.len() as u64;
    if failed > asked.draws / FAILURES {
        let message = format!("{failed} of {} bootstrap draws cannot be fitted", asked.draws);
        return Err(Refusal::new(codes::NOT_DEFINED, message));
    }
    Ok(spread(&drawn, solution.coefficients.len()))
}

fn stream(seed: [u8; 32], number: u64) -> ChaCha8Rng {
    let mut stream = ChaCha8Rng::from_seed(seed);
    stream.set_stream(number);
    stream
}

/// The coefficients on groups drawn with replacement: those of the sample and what its residuals add, by normal equations
/// in the orthonormal basis, which lose no digits to columns far from zero.
fn pairs(solution: &Solution, groups: &[u32], count: usize, mut stream: ChaCha8Rng) -> Option<Vec<f64>> {
    let mut times = vec![0.0; count];
    for _ in 0..count {
        let at = (u128::from(stream.next_u64()) * count as u128) >> 64;
        times[at as usize] += 1.0;
    }
    let k = solution.coefficients.len();
    let mut normal = vec![vec![0.0; k]; k];
    let mut right = vec![0.0; k];
    for ((row, e), group) in solution.basis.iter().zip(&solution.residuals).zip(groups) {
        let drawn = times[*group as usize];
        if drawn == 0.0 {
            continue;
        }
        for (a, target) in normal.iter_mut().enumerate() {
            let scaled = drawn * row[a];
            right[a] += scaled * e;
            target
                .iter_mut()
                .zip(&row[..=a])
                .for_each(|(t, x)| *t += scaled * x);
        }
    }
    cholesky(&mut normal)?;
    let change = solve(&normal, right);
    let moved = |(b, row): (&f64, &Vec<f64>)| b + row.iter().zip(&change).map(|(t, c)| t * c).sum::<f64>();
    Some(
        solution
            .coefficients
            .iter()
            .zip(&solution.from_basis)
            .map(moved)
            .collect(),
    )
}

/// β + (X′WX)⁻¹X′W(v ∘ e), v = ±1 for each group.
fn wild(solution: &Solution, groups: &[u32], count: usize, mut stream: ChaCha8Rng) -> Vec<f64> {
    let signs: Vec<f64> = (0..count)
        .map(|_| if stream.next_u32() & 1 == 0 { 1.0 } else { -1.0 })
        .collect();
    let mut beta = solution.coefficients.clone();
    for ((influence, e), group) in solution.influence.iter().zip(&solution.residuals).zip(groups) {
        let turned = signs[*group as usize] * e;
        beta.iter_mut().zip(influence).for_each(|(b, a)| *b += a * turned);
    }
    beta
}

/// The draws in the order of their numbers, whoever computed them; those that cannot be fitted are left out.
fn over_processors(draws: u64, draw: &(dyn Fn(u64) -> Option<Vec<f64>> + Sync)) -> Vec<Vec<f64>> {
    let threads = std::thread::available_parallelism()
        .map_or(1, usize::from)
        .min(16) as u64;
    let share = draws.div_ceil(threads);
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                let numbers = (part * share).min(draws)..((part + 1) * share).min(draws);
                scope.spawn(move || numbers.filter_map(draw).collect::<Vec<_>>())
            })
            .collect();
        parts
            .into_iter()
            .filter_map(|part| part.join().ok())
            .flatten()
            .collect()
    })
}

/// The covariance over draws, with m − 1.
fn spread(drawn: &[Vec<f64>], k: usize) -> Vec<Vec<f64>> {
    let m = drawn.len() as f64;
    let means: Vec<f64> = (0..k)
        .map(|j| drawn.iter().map(|d| d[j]).sum::<f64>() / m)
        .collect();
    (0..k)
        .map(|a| {
            (0..k)
                .map(|b| {
                    drawn
                        .iter()
                        .map(|d| (d[a] - means[a]) * (d[b] - means[b]))
                        .sum::<f64>()
                        / (m - 1.0)
                })
                .collect()
        })
        .collect()
}
