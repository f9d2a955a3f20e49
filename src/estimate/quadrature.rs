//! Integrals of smooth positive functions that fall off on both sides, such as densities on the log scale.
//!
//! The trapezoidal rule converges geometrically for analytic integrands that vanish at both ends (Trefethen &
//! Weideman 2014, doi:10.1137/130932132): halving the step doubles the digits. The integrand is positive, so that
//! nothing cancels and the relative error is that of rounding. Held through the noncentral t and the Bayes factors.

/// Below its highest value by this much on the log scale an integrand is nothing: e^−46 = 1e−20.
const DEPTH: f64 = 46.0;
/// Points at which the highest value is first looked for.
const COARSE: u32 = 256;
/// Relative change between two steps at which the finer one is exact to rounding.
const SETTLED: f64 = 1e-11;
const MOST_POINTS: u32 = 1 << 20;

/// ln ∫ exp(`ln_f`) over the real line, where all but nothing of it lies between `low` and `high`.
///
/// Nothing where the sum does not settle, or there is nothing to sum.
pub(super) fn ln_integral(ln_f: &dyn Fn(f64) -> f64, low: f64, high: f64) -> Option<f64> {
    let step = (high - low) / f64::from(COARSE);
    let at = |i: u32| low + step * f64::from(i);
    let values: Vec<f64> = (0..=COARSE).map(|i| ln_f(at(i))).collect();
    let best = values
        .iter()
        .enumerate()
        .fold((0u32, f64::NEG_INFINITY), |best, (i, v)| {
            if *v > best.1 {
                (u32::try_from(i).unwrap_or(0), *v)
            } else {
                best
            }
        });
    let (left, right) = (at(best.0.saturating_sub(1)), at((best.0 + 1).min(COARSE)));
    let peak = highest(ln_f, left, right);
    let top = ln_f(peak).max(best.1);
    if !top.is_finite() {
        return None;
    }
    let counts = |v: &f64| *v >= top - DEPTH;
    let first = values.iter().position(counts).and_then(|i| u32::try_from(i).ok());
    let last = values
        .iter()
        .rposition(counts)
        .and_then(|i| u32::try_from(i).ok());
    let from = edge(
        ln_f,
        top,
        at(first.unwrap_or(best.0).saturating_sub(1)),
        peak.min(at(first.unwrap_or(best.0))),
    );
    let to = edge(
        ln_f,
        top,
        at((last.unwrap_or(best.0) + 1).min(COARSE)),
        peak.max(at(last.unwrap_or(best.0))),
    );
    trapezoid(&|x| (ln_f(x) - top).exp(), from, to).map(|sum| top + sum.ln())
}

/// Where the integrand, unimodal between the two, is highest: by golden section.
fn highest(ln_f: &dyn Fn(f64) -> f64, mut a: f64, mut b: f64) -> f64 {
    const SHARE: f64 = 0.381_966_011_250_105_1;
    for _ in 0..40 {
        let (x, y) = (a + SHARE * (b - a), b - SHARE * (b - a));
        if ln_f(x) < ln_f(y) { a = x } else { b = y }
    }
    0.5 * (a + b)
}

/// The place between `outside` and `inside` at which the integrand becomes nothing.
fn edge(ln_f: &dyn Fn(f64) -> f64, top: f64, mut outside: f64, mut inside: f64) -> f64 {
    if ln_f(outside) >= top - DEPTH {
        return outside;
    }
    for _ in 0..20 {
        let middle = 0.5 * (outside + inside);
        if ln_f(middle) < top - DEPTH {
            outside = middle
        } else {
            inside = middle
        }
    }
    outside
}

fn trapezoid(f: &dyn Fn(f64) -> f64, from: f64, to: f64) -> Option<f64> {
    let mut points = 32u32;
    let mut step = (to - from) / f64::from(points);
    let mut sum: f64 =
        0.5 * (f(from) + f(to)) + (1..points).map(|i| f(from + step * f64::from(i))).sum::<f64>();
    while points < MOST_POINTS {
        let between: f64 = (0..points).map(|i| f(from + step * (f64::from(i) + 0.5))).sum();
        let finer = 0.5 * (sum + between);
        let change = (finer - sum).abs();
        sum += between;
        points *= 2;
        step *= 0.5;
        if change <= SETTLED * finer {
            return Some(sum * step);
        }
    }
    None
}
