//! Noncentral t, F and χ²: both tails, each as a sum of positive terms, and the noncentralities that they imply.
//!
//! F and χ² are Poisson mixtures of central ones (Johnson, Kotz & Balakrishnan 1995, chs 29–30), Σ Pois(j; λ/2) ·
//! tail(j), whose central tails follow from one another by adding: upper ones upwards in j, lower ones downwards.
//! t is ∫ Φ̄(t v − δ) f(v) dv over v = √(χ²/ν), in ln v. Poisson terms by Loader's deviance (2000, "Fast and accurate
//! computation of binomial probabilities"). Held to mpmath at 50 digits in both tails, and to R's `pt`, `pf`, `pchisq`
//! with `ncp` as far as those are exact (`tests/oracle/noncentral.csv`).

use super::quadrature::ln_integral;
use super::tails;

/// Standard deviations of the Poisson weights beyond which they are nothing.
const BEYOND: f64 = 12.0;

/// P(χ²(df, λ) > x).
pub fn chi2_sf(x: f64, df: f64, lambda: f64) -> f64 {
    let y = x.max(0.0) / 2.0;
    let tail = |a: f64| tails::chi2_sf(2.0 * y, 2.0 * a);
    upper(df / 2.0, lambda, y, &tail, &|a| poisson(a, y))
}

/// P(χ²(df, λ) ≤ x).
pub fn chi2_cdf(x: f64, df: f64, lambda: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let y = x / 2.0;
    lower(df / 2.0, lambda, &|a| gamma_lower(a, y), &|a| poisson(a, y))
}

/// P(F(df1, df2, λ) > f).
pub fn f_sf(f: f64, df1: f64, df2: f64, lambda: f64) -> f64 {
    let of = Share::new(f.max(0.0), df1, df2);
    let tail = |a: f64| tails::f_sf(f.max(0.0) * df1 / (2.0 * a), 2.0 * a, df2);
    upper(df1 / 2.0, lambda, of.middle(), &tail, &|a| of.step(a))
}

/// P(F(df1, df2, λ) ≤ f).
pub fn f_cdf(f: f64, df1: f64, df2: f64, lambda: f64) -> f64 {
    if f <= 0.0 {
        return 0.0;
    }
    let of = Share::new(f, df1, df2);
    // The lower tail is the upper one of 1/F.
    let tail = |a: f64| tails::f_sf(2.0 * a / (f * df1), df2, 2.0 * a);
    lower(df1 / 2.0, lambda, &tail, &|a| of.step(a))
}

/// P(T(df, δ) > t).
pub fn t_sf(t: f64, df: f64, delta: f64) -> f64 {
    ln_t_sf(t, df, delta).exp()
}

/// P(T(df, δ) ≤ t).
pub fn t_cdf(t: f64, df: f64, delta: f64) -> f64 {
    t_sf(-t, df, -delta)
}

fn ln_t_sf(t: f64, df: f64, delta: f64) -> f64 {
    if df > tails::NORMAL_DF {
        return tails::ln_normal_sf(t - delta);
    }
    let ln_f = |u: f64| ln_scale_density(u, df) + tails::ln_normal_sf(t * u.exp() - delta);
    let (low, high) = scale_range(df);
    ln_integral(&ln_f, low, high).map_or(f64::NAN, |ln_p| ln_p.min(0.0))
}

/// ln of the density of ln √(χ²/ν) at u.
fn ln_scale_density(u: f64, df: f64) -> f64 {
    let half = df / 2.0;
    let constant = if half >= 10.0 {
        0.5 * half.ln() - tails::HALF_LN_TWO_PI - tails::stirling(half)
    } else {
        half * half.ln() - half - libm::lgamma(half)
    };
    std::f64::consts::LN_2 + constant + half * (2.0 * u - (2.0 * u).exp_m1())
}

/// Between what ln √(χ²/ν) can be, with room for a normal tail that pulls it far off.
fn scale_range(df: f64) -> (f64, f64) {
    (-60.0 / df.min(1.0) - 40.0, 12.0)
}

/// The noncentrality under which a t as large as this has upper probability `p`.
pub fn t_noncentrality(t: f64, df: f64, p: f64) -> f64 {
    let (mut below, mut above) = (t - 1.0, t + 1.0);
    let mut step = 1.0;
    while t_sf(t, df, below) > p && step < 1e300 {
        step *= 2.0;
        below -= step;
    }
    while t_sf(t, df, above) < p && step < 1e300 {
        step *= 2.0;
        above += step;
    }
    bisect(below, above, &|delta| t_sf(t, df, delta) < p)
}

/// λ at which `tail`, which rises with it from its value at 0, reaches `p`: 0 where it begins above.
fn rising(tail: &dyn Fn(f64) -> f64, p: f64, start: f64) -> f64 {
    if tail(0.0) >= p {
        return 0.0;
    }
    let mut above = start.max(1.0);
    while tail(above) < p && above < 1e300 {
        above *= 2.0;
    }
    bisect(0.0, above, &|lambda| tail(lambda) < p)
}

/// λ at which `tail`, which falls with it, comes down to `p`: 0 where it begins below.
fn falling(tail: &dyn Fn(f64) -> f64, p: f64, start: f64) -> f64 {
    if tail(0.0) <= p {
        return 0.0;
    }
    let mut above = start.max(1.0);
    while tail(above) > p && above < 1e300 {
        above *= 2.0;
    }
    bisect(0.0, above, &|lambda| tail(lambda) > p)
}

/// The noncentralities between which an F of this size lies with probability 1 − 2`p`.
pub fn f_noncentralities(f: f64, df1: f64, df2: f64, p: f64) -> (f64, f64) {
    (
        rising(&|lambda| f_sf(f, df1, df2, lambda), p, f * df1),
        falling(&|lambda| f_cdf(f, df1, df2, lambda), p, f * df1),
    )
}

/// The noncentralities between which a χ² of this size lies with probability 1 − 2`p`.
pub fn chi2_noncentralities(x: f64, df: f64, p: f64) -> (f64, f64) {
    (
        rising(&|lambda| chi2_sf(x, df, lambda), p, x),
        falling(&|lambda| chi2_cdf(x, df, lambda), p, x),
    )
}

/// The border between where `is_below` holds and where not, to the last digit.
fn bisect(mut low: f64, mut high: f64, is_below: &dyn Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if is_below(middle) {
            low = middle
        } else {
            high = middle
        }
    }
    0.5 * (low + high)
}

/// Σ Pois(j; λ/2) · tail(a + j), tail(a + 1) = tail(a) + step(a), upwards. `middle` is where the tail is about one half.
fn upper(a: f64, lambda: f64, middle: f64, tail: &dyn Fn(f64) -> f64, step: &dyn Fn(f64) -> f64) -> f64 {
    let mean = lambda / 2.0;
    let spread = BEYOND * mean.sqrt() + 50.0;
    let mut j = (mean - spread).max(0.0).floor();
    let end = mean.max(middle) + spread + BEYOND * middle.max(0.0).sqrt();
    let (mut central, mut sum) = (tail(a + j), 0.0);
    while j <= end {
        let term = poisson(j, mean) * central;
        sum += term;
        if j > mean && term < 1e-18 * sum {
            break;
        }
        central = (central + step(a + j)).min(1.0);
        j += 1.0;
    }
    sum.min(1.0)
}

/// The same of lower tails, tail(a) = tail(a + 1) + step(a), downwards.
fn lower(a: f64, lambda: f64, tail: &dyn Fn(f64) -> f64, step: &dyn Fn(f64) -> f64) -> f64 {
    let mean = lambda / 2.0;
    let mut j = (mean + BEYOND * mean.sqrt() + 50.0).ceil();
    let (mut central, mut sum) = (tail(a + j), 0.0);
    loop {
        let term = poisson(j, mean) * central;
        sum += term;
        if j <= 0.0 || (j < mean && term < 1e-18 * sum) {
            return sum.min(1.0);
        }
        j -= 1.0;
        central = (central + step(a + j)).min(1.0);
    }
}

/// e^−λ λ^x / Γ(x + 1), for any x ≥ 0.
fn poisson(x: f64, lambda: f64) -> f64 {
    if lambda <= 0.0 {
        return if x == 0.0 { 1.0 } else { 0.0 };
    }
    if x < 10.0 {
        return (x * lambda.ln() - lambda - libm::lgamma(x + 1.0)).exp();
    }
    let off = (lambda - x) / x;
    let deviance = if off > -0.5 {
        off - off.ln_1p()
    } else {
        off - (lambda / x).ln()
    };
    (-tails::stirling(x) - x * deviance - tails::HALF_LN_TWO_PI - 0.5 * x.ln()).exp()
}

/// P(a, y), the lower incomplete gamma ratio, by its series of positive terms.
fn gamma_lower(a: f64, y: f64) -> f64 {
    let first = poisson(a, y);
    let (mut term, mut sum, mut n) = (1.0, 1.0, a);
    while term > 1e-17 * sum {
        n += 1.0;
        term *= y / n;
        sum += term;
    }
    (first * sum).min(1.0)
}

/// F as a share of the beta: x = df1 f/(df1 f + df2), with y = 1 − x.
struct Share {
    x: f64,
    y: f64,
    b: f64,
}

impl Share {
    fn new(f: f64, df1: f64, df2: f64) -> Share {
        let total = df1 * f + df2;
        Share {
            x: df1 * f / total,
            y: df2 / total,
            b: df2 / 2.0,
        }
    }

    fn middle(&self) -> f64 {
        self.b * self.x / self.y
    }

    /// x^a y^b / (a B(a, b)): what I_x(a, b) has more than I_x(a + 1, b).
    fn step(&self, a: f64) -> f64 {
        if self.x <= 0.0 {
            return 0.0;
        }
        let ln_y = if self.y > 0.5 {
            (-self.x).ln_1p()
        } else {
            self.y.ln()
        };
        let ln_x = if self.x > 0.5 {
            (-self.y).ln_1p()
        } else {
            self.x.ln()
        };
        (a * ln_x + self.b * ln_y - a.ln() - tails::ln_beta(a, self.b)).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tails_agree_with_mpmath() {
        let mut compared = 0;
        for line in include_str!("../../tests/oracle/noncentral.csv").lines().skip(2) {
            let cells: Vec<&str> = line.split(',').collect();
            let [name, x, df1, df2, ncp, sf, cdf] = cells.as_slice() else {
                panic!("{line}")
            };
            let number = |text: &str| text.parse::<f64>().unwrap_or(f64::NAN);
            let (x, df1, df2, ncp) = (number(x), number(df1), number(df2), number(ncp));
            let found = match *name {
                "t" => (t_sf(x, df1, ncp), t_cdf(x, df1, ncp)),
                "f" => (f_sf(x, df1, df2, ncp), f_cdf(x, df1, df2, ncp)),
                _ => (chi2_sf(x, df1, ncp), chi2_cdf(x, df1, ncp)),
            };
            for (found, expected) in [(found.0, number(sf)), (found.1, number(cdf))] {
                if expected > 1e-290 {
                    let apart = (found / expected - 1.0).abs();
                    assert!(apart < 1e-11, "{line}: {found:e}, {apart:e}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 500, "{compared}");
    }

    #[test]
    fn a_noncentrality_gives_its_tail_back() {
        let near =
            |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        for (t, df) in [
            (0.0, 3.0),
            (-2.5, 10.0),
            (4.0, 1.0),
            (12.0, 1500.0),
            (40.0, 1e6),
            (3.0, 1e9),
        ] {
            near(t_sf(t, df, t_noncentrality(t, df, 0.025)), 0.025);
            near(t_cdf(t, df, -t_noncentrality(-t, df, 0.025)), 0.025);
        }
        for (f, df1, df2) in [(6.0, 2.0, 20.0), (30.0, 4.0, 1500.0), (1000.0, 3.0, 1e5)] {
            let (low, high) = f_noncentralities(f, df1, df2, 0.025);
            near(f_sf(f, df1, df2, low), 0.025);
            near(f_cdf(f, df1, df2, high), 0.025);
        }
        let (low, high) = chi2_noncentralities(25.0, 4.0, 0.05);
        near(chi2_sf(25.0, 4.0, low), 0.05);
        near(chi2_cdf(25.0, 4.0, high), 0.05);
        assert_eq!(f_noncentralities(0.001, 2.0, 20.0, 0.025), (0.0, 0.0));
    }
}
