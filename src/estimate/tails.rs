//! Tail probabilities and quantiles, each by its survival function, far into the tails.
//!
//! The incomplete beta is evaluated on the log scale by its continued fraction (Lentz's method; DLMF 8.17.22),
//! x and 1 − x passed separately so that neither is lost to cancellation. ln B by Stirling's correction
//! for large arguments (Didonato & Morris 1992, doi:10.1145/131766.131776).
//! Held to mpmath at 60 digits and to R's `pt`, `pf`, `pchisq` (`tests/oracle/`).

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Beyond this many degrees of freedom t is the normal to double precision.
pub(super) const NORMAL_DF: f64 = 1e8;

/// P(T > t) for Student's t. `df` > 0.
pub fn t_sf(t: f64, df: f64) -> f64 {
    if t < 0.0 {
        return 1.0 - t_sf(-t, df);
    }
    if df > NORMAL_DF {
        return normal_sf(t);
    }
    (ln_t_two_sided(t, df) - std::f64::consts::LN_2).exp()
}

/// ln P(T > t), also where P itself is below the smallest double.
pub fn ln_t_sf(t: f64, df: f64) -> f64 {
    if t < 0.0 {
        return (-t_sf(-t, df)).ln_1p();
    }
    if df > NORMAL_DF {
        return ln_normal_sf(t);
    }
    ln_t_two_sided(t, df) - std::f64::consts::LN_2
}

/// P(|T| > |t|).
pub fn t_two_sided(t: f64, df: f64) -> f64 {
    if df > NORMAL_DF {
        return 2.0 * normal_sf(t.abs());
    }
    ln_t_two_sided(t, df).exp()
}

fn ln_t_two_sided(t: f64, df: f64) -> f64 {
    let square = t * t;
    if square.is_infinite() {
        return f64::NEG_INFINITY;
    }
    ln_incomplete_beta(df / 2.0, 0.5, df / (df + square), square / (df + square))
}

/// P(F > f) with `df1` and `df2` degrees of freedom.
pub fn f_sf(f: f64, df1: f64, df2: f64) -> f64 {
    if f <= 0.0 {
        return 1.0;
    }
    if df2 > NORMAL_DF {
        return chi2_sf(f * df1, df1);
    }
    let scaled = df1 * f;
    ln_incomplete_beta(
        df2 / 2.0,
        df1 / 2.0,
        df2 / (df2 + scaled),
        scaled / (df2 + scaled),
    )
    .exp()
}

/// P(χ² > x) with `df` degrees of freedom.
pub fn chi2_sf(x: f64, df: f64) -> f64 {
    ChiSquared::new(df).map_or(f64::NAN, |d| d.sf(x.max(0.0)))
}

/// P(Z > z).
pub fn normal_sf(z: f64) -> f64 {
    0.5 * libm::erfc(z / std::f64::consts::SQRT_2)
}

/// ln P(Z > z), also where P itself is below the smallest double.
pub fn ln_normal_sf(z: f64) -> f64 {
    if z < 25.0 {
        return normal_sf(z).ln();
    }
    // 1 − 1/z² + 3/z⁴ − 15/z⁶ + …: the eighth term is below 1e−16 here.
    let inverse = 1.0 / (z * z);
    let series = (1..=8)
        .rev()
        .fold(1.0, |rest, n| 1.0 - f64::from(2 * n - 1) * inverse * rest);
    -0.5 * z * z - z.ln() - HALF_LN_TWO_PI + series.ln()
}

/// The t for which P(T > t) = `upper`, 0 < `upper` ≤ 0.5, by bisection.
pub fn t_quantile(upper: f64, df: f64) -> f64 {
    let (mut low, mut high) = (0.0f64, 1.0f64);
    while t_sf(high, df) > upper && high < 1e300 {
        low = high;
        high *= 2.0;
    }
    turning(low, high, |t| t_sf(t, df) <= upper)
}

/// Where between `low` and `high` something begins to hold, by bisection down to neighbouring doubles.
pub fn turning(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..1100 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if holds(middle) {
            high = middle
        } else {
            low = middle
        }
    }
    0.5 * (low + high)
}

/// P(X ≥ k) for k successes in n draws, each with probability p.
pub fn binomial_sf(k: f64, n: f64, p: f64) -> f64 {
    match k {
        k if k <= 0.0 => 1.0,
        k if k > n => 0.0,
        _ => ln_incomplete_beta(k, n - k + 1.0, p, 1.0 - p).exp(),
    }
}

/// P(X ≤ k), as [`binomial_sf`].
pub fn binomial_cdf(k: f64, n: f64, p: f64) -> f64 {
    match k {
        k if k < 0.0 => 0.0,
        k if k >= n => 1.0,
        _ => ln_incomplete_beta(n - k, k + 1.0, 1.0 - p, p).exp(),
    }
}

/// ln P(X = k), as [`binomial_sf`].
pub fn ln_binomial(k: f64, n: f64, p: f64) -> f64 {
    let ln_choose = -(n + 1.0).ln() - ln_beta(k + 1.0, n - k + 1.0);
    ln_choose + k * p.ln() + (n - k) * (-p).ln_1p()
}

/// P(K > x) of Kolmogorov's limit, 2Σ(−1)^{k−1}exp(−2k²x²) (Kolmogorov 1933; for small x Jacobi's transformed series).
pub fn kolmogorov_sf(x: f64) -> f64 {
    if x < 1.0 {
        let scale = std::f64::consts::PI / x;
        let term = |k: f64| (-(2.0 * k - 1.0).powi(2) * scale * scale / 8.0).exp();
        let below: f64 = (1..=6).map(|k| term(f64::from(k))).sum();
        return 1.0 - (2.0 * std::f64::consts::PI).sqrt() / x * below;
    }
    let term = |k: f64| (-2.0 * k * k * x * x).exp();
    2.0 * (1..=6)
        .map(|k| {
            if k % 2 == 1 {
                term(f64::from(k))
            } else {
                -term(f64::from(k))
            }
        })
        .sum::<f64>()
}

/// ln I_x(a, b), with y = 1 − x.
fn ln_incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> f64 {
    if x <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if y <= 0.0 {
        return 0.0;
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        let other = ln_incomplete_beta_fraction(b, a, y, x);
        // The complement is at most about one half here, so that nothing is lost.
        return (-other.exp()).ln_1p();
    }
    ln_incomplete_beta_fraction(a, b, x, y)
}

fn ln_incomplete_beta_fraction(a: f64, b: f64, x: f64, y: f64) -> f64 {
    // The smaller of x and y carries the digits.
    let ln_x = if x > 0.5 { (-y).ln_1p() } else { x.ln() };
    let ln_y = if y > 0.5 { (-x).ln_1p() } else { y.ln() };
    a * ln_x + b * ln_y - a.ln() - ln_beta(a, b) + fraction(a, b, x).ln()
}

/// The continued fraction of the incomplete beta, by Lentz's method.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for step in 1..100_000 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        let change = d * c;
        value *= change;
        if (change - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}

/// ln B(a, b).
pub(super) fn ln_beta(a: f64, b: f64) -> f64 {
    let (p, q) = if a < b { (a, b) } else { (b, a) };
    if p >= 10.0 {
        let correction = stirling(p) + stirling(q) - stirling(p + q);
        return -0.5 * q.ln()
            + HALF_LN_TWO_PI
            + correction
            + (p - 0.5) * (p / (p + q)).ln()
            + q * (-p / (p + q)).ln_1p();
    }
    if q >= 10.0 {
        let correction = stirling(q) - stirling(p + q);
        return libm::lgamma(p) + correction + p - p * (p + q).ln() + (q - 0.5) * (-p / (p + q)).ln_1p();
    }
    libm::lgamma(p) + libm::lgamma(q) - libm::lgamma(p + q)
}

pub(super) const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// ln Γ(x) less Stirling's approximation, for x ≥ 10.
pub(super) fn stirling(x: f64) -> f64 {
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    inverse
        * (1.0 / 12.0
            - square
                * (1.0 / 360.0
                    - square
                        * (1.0 / 1260.0
                            - square
                                * (1.0 / 1680.0 - square * (1.0 / 1188.0 - square * 691.0 / 360_360.0)))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64, tolerance: f64) {
        assert!(
            (found.ln() - expected.ln()).abs() < tolerance,
            "{found:e} {expected:e}"
        );
    }

    #[test]
    fn tails_agree_with_mpmath() {
        let mut compared = 0;
        for line in include_str!("../../tests/oracle/tails.csv").lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [name, x, df1, df2, expected] = cells.as_slice() else {
                panic!("{line}")
            };
            let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
            let (x, df1, df2, expected) = (number(x), number(df1), number(df2), number(expected));
            let found = match *name {
                "t" => t_sf(x, df1),
                "f" => f_sf(x, df1, df2),
                "chi2" => chi2_sf(x, df1),
                _ => normal_sf(x),
            };
            close(found, expected, if df1.max(df2) > 1e5 { 1e-9 } else { 1e-11 });
            compared += 1;
        }
        assert!(compared > 100, "{compared}");
    }

    #[test]
    fn a_quantile_undoes_its_tail() {
        for df in [1.0, 3.0, 30.0, 1456.0, 1e6, 1e9] {
            for upper in [0.5, 0.25, 0.025, 1e-4, 1e-12] {
                close(t_sf(t_quantile(upper, df), df), upper, 1e-10);
            }
        }
        assert!((t_quantile(0.025, 845.0) - 1.962_775_363_294_467_1).abs() < 1e-12);
    }
}
