//! Pearson's and Spearman's correlations.

use super::ranks::ranked;
use super::{Asked, Direct, mean, no_variation, squares, too_few};
use crate::design::Refusal;
use crate::estimate::tails;
use crate::plan::Alternative;

/// Up to this many rows without ties, the distribution of Spearman's S is counted, as by R's `cor.test`.
const COUNTED: usize = 9;

/// Pearson's r with t = r√((n − 2)/(1 − r²)) and Fisher's z interval, tanh(atanh r ± z/√(n − 3)) (Fisher 1915,
/// doi:10.2307/2331838).
///
/// R's `cor.test` and scipy's `pearsonr`, held to both (`tests/direct_oracle.rs`). No interval for three rows.
///
/// # Errors
/// E002 for fewer than three rows; E009 where a variable is constant or all points lie on a line.
pub fn pearson(y: &[f64], x: &[f64], asked: Asked) -> Result<Direct, Refusal> {
    let n = y.len() as f64;
    let Moments { r, rest } = moments(y, x)?;
    let (df, t) = (n - 2.0, r * ((n - 2.0) / rest).sqrt());
    let width = tails::t_quantile(asked.beyond(), f64::INFINITY) / (n - 3.0).sqrt();
    let interval = (n > 3.0).then(|| ((r.atanh() - width).tanh(), (r.atanh() + width).tanh()));
    Ok(Direct {
        estimate: Some(r),
        interval,
        df: vec![df],
        ..Direct::new(
            "t",
            t,
            t_p(t, df, asked),
            "Pearson's correlation, interval by Fisher's z",
        )
    })
}

fn t_p(t: f64, df: f64, asked: Asked) -> f64 {
    match asked.alternative {
        Alternative::Greater => tails::t_sf(t, df),
        Alternative::Less => tails::t_sf(-t, df),
        _ => tails::t_two_sided(t, df),
    }
}

struct Moments {
    r: f64,
    /// 1 − r², from the residuals, so that nothing cancels.
    rest: f64,
}

fn moments(y: &[f64], x: &[f64]) -> Result<Moments, Refusal> {
    if y.len() < 3 {
        return Err(too_few("there are fewer than three rows"));
    }
    let (my, mx) = (mean(y), mean(x));
    let (syy, sxx) = (squares(y), squares(x));
    let scale = |values: &[f64]| values.iter().fold(0.0f64, |s, v| s.max(v.abs()));
    let flat = |sum: f64, values: &[f64]| sum.sqrt() <= 1e-14 * scale(values) * (values.len() as f64).sqrt();
    if flat(syy, y) || flat(sxx, x) {
        return Err(no_variation("a variable is the same in every row"));
    }
    let sxy: f64 = y.iter().zip(x).map(|(y, x)| (y - my) * (x - mx)).sum();
    let slope = sxy / sxx;
    let left: f64 = y
        .iter()
        .zip(x)
        .map(|(y, x)| (y - my - slope * (x - mx)).powi(2))
        .sum();
    let r = (sxy / (syy.sqrt() * sxx.sqrt())).clamp(-1.0, 1.0);
    let rest = left / syy;
    if rest <= 1e-28 * y.len() as f64 {
        return Err(no_variation(
            "all points lie on a line: there is no variation to test against",
        ));
    }
    Ok(Moments { r, rest })
}

/// Spearman's ρ, Pearson's correlation of midranks (Spearman 1904, doi:10.2307/1412159), with S = (n³ − n)(1 − ρ)/6.
///
/// Counted exactly up to 9 rows without ties, and where the ranks agree or disagree perfectly; else by t with n − 2 degrees
/// of freedom: R's `cor.test`, whose default is an Edgeworth series between 10 and 1290 rows, with `exact = FALSE`. Held to
/// R and scipy (`tests/direct_oracle.rs`).
///
/// # Errors
/// E002 for fewer than three rows; E009 where a variable is constant, or tied ranks agree perfectly.
pub fn spearman(y: &[f64], x: &[f64], asked: Asked) -> Result<Direct, Refusal> {
    let (n, size) = (y.len(), y.len() as f64);
    let ((of_y, ties_y), (of_x, ties_x)) = (ranked(y), ranked(x));
    let untied = ties_y == 0.0 && ties_x == 0.0;
    let cube = size * size * size - size;
    let s: f64 = of_y.iter().zip(&of_x).map(|(a, b)| (a - b).powi(2)).sum();
    let found = |rho: f64, p_value: f64, how: &str| Direct {
        estimate: Some(rho),
        ..Direct::new(
            "S",
            cube * (1.0 - rho) / 6.0,
            p_value,
            format!("Spearman's ρ, {how}"),
        )
    };
    if n > 2 && untied && n <= COUNTED {
        let counts = square_sums(n);
        let total: f64 = counts.iter().sum();
        let at = s.round() as usize;
        // A large S is a small ρ.
        let upper = || counts.iter().take(at + 1).sum::<f64>() / total;
        let lower = || counts.iter().skip(at).sum::<f64>() / total;
        return Ok(found(1.0 - 6.0 * s / cube, asked.p(upper, lower), "exact"));
    }
    if n > 2 && untied && (s == 0.0 || s == cube / 3.0) {
        let rho = if s == 0.0 { 1.0 } else { -1.0 };
        let least = (1..=n).map(|i| (i as f64).ln()).sum::<f64>();
        let (rare, sure) = ((-least).exp(), 1.0);
        let p = asked.p(
            || if rho > 0.0 { rare } else { sure },
            || if rho > 0.0 { sure } else { rare },
        );
        return Ok(found(rho, p, "exact: the ranks agree or disagree perfectly"));
    }
    let Moments { r, rest } = moments(&of_y, &of_x)?;
    let t = r * ((size - 2.0) / rest).sqrt();
    let how = match untied {
        true => "t with n − 2 degrees of freedom",
        false => "t with n − 2 degrees of freedom, midranks for ties",
    };
    Ok(found(r, t_p(t, size - 2.0, asked), how))
}

/// How many permutations of n ranks have each Σd², by the set of ranks that the first rows took.
fn square_sums(n: usize) -> Vec<f64> {
    let size = n * (n * n - 1) / 3 + 1;
    let mut by_set = vec![Vec::new(); 1 << n];
    by_set[0] = vec![0.0; size];
    by_set[0][0] = 1.0;
    for set in 0..(1usize << n) {
        let row = set.count_ones() as usize;
        let counts = std::mem::take(&mut by_set[set]);
        if row == n {
            return counts;
        }
        for rank in (0..n).filter(|rank| set >> rank & 1 == 0) {
            let next = &mut by_set[set | 1 << rank];
            next.resize(size, 0.0);
            let d = row.abs_diff(rank).pow(2);
            for (to, from) in next.iter_mut().skip(d).zip(&counts) {
                *to += from;
            }
        }
    }
    Vec::new()
}
