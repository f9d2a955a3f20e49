//! Intervals by a bootstrap's own quantiles, as R's `boot.ci(type = "perc")` and `"bca"`.
//!
//! The ((m + 1)a)-th of m sorted draws, between two of them interpolated on the scale of normal quantiles
//! (Davison & Hinkley 1997, ISBN 9780521574716, eq. 5.8).

use crate::estimate::tails;

/// The interval that holds the share `level` of the draws in its middle; nothing without a finite draw.
pub fn percentile(draws: &[f64], level: f64) -> Option<(f64, f64)> {
    let mut sorted: Vec<f64> = draws.iter().copied().filter(|d| d.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let tail = (1.0 - level) / 2.0;
    Some((at(&sorted, tail)?, at(&sorted, 1.0 - tail)?))
}

/// The interval corrected for bias and acceleration: a = Φ(w + (w + z)/(1 − c(w + z))), Φ(w) the share of draws below the
/// estimate, c = ΣL³/(6(ΣL²)^1.5), L the empirical influences by the jackknife.
///
/// Efron (1987), doi:10.1080/01621459.1987.10478410; R's `boot.ci` with `L = empinf(type = "jack")`. Held by
/// tests/oracle/refits.R. Nothing where no draw, or every one, lies below the estimate, or nothing has influence.
pub fn bca(draws: &[f64], estimate: f64, influences: &[f64], level: f64) -> Option<(f64, f64)> {
    let mut sorted: Vec<f64> = draws.iter().copied().filter(|d| d.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let below = sorted.iter().filter(|d| **d < estimate).count();
    if below == 0 || below == sorted.len() {
        return None;
    }
    let bias = normal(below as f64 / sorted.len() as f64);
    let sum = |power: i32| influences.iter().map(|l| l.powi(power)).sum::<f64>();
    let acceleration = sum(3) / (6.0 * sum(2).powf(1.5));
    let end = |share: f64| {
        let moved = bias + normal(share);
        let turned = 1.0 - acceleration * moved;
        // Beyond a pole the levels would change their order.
        (turned > 0.0).then(|| tails::normal_sf(-(bias + moved / turned)))
    };
    let tail = (1.0 - level) / 2.0;
    Some((at(&sorted, end(tail)?)?, at(&sorted, end(1.0 - tail)?)?))
}

fn at(sorted: &[f64], share: f64) -> Option<f64> {
    let m = sorted.len() as f64;
    let rank = (m + 1.0) * share;
    let below = (rank + 1e-10).floor();
    if below < 1.0 {
        return sorted.first().copied();
    }
    let lower = *sorted.get(below as usize - 1).or(sorted.last())?;
    let Some(upper) = sorted.get(below as usize).filter(|_| rank - below > 1e-10) else {
        return Some(lower);
    };
    let (from, to) = (normal(below / (m + 1.0)), normal((below + 1.0) / (m + 1.0)));
    Some(lower + (normal(share) - from) / (to - from) * (upper - lower))
}

/// The normal quantile.
fn normal(share: f64) -> f64 {
    if share < 0.5 {
        -tails::t_quantile(share, f64::INFINITY)
    } else {
        tails::t_quantile(1.0 - share, f64::INFINITY)
    }
}
