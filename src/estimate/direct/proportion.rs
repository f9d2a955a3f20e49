//! One proportion, exactly and by its score; two proportions.

use super::{Asked, Direct, no_variation, too_few};
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::tails;
use crate::plan::Alternative;

/// Probabilities nearer than this share count as the same, as in R's `binom.test` and `fisher.test`.
pub(super) const SAME: f64 = 1e-7;

/// How many of the values are 1.
///
/// # Errors
/// E014 for a value other than 0 and 1.
pub(super) fn ones(values: &[f64]) -> Result<f64, Refusal> {
    if values.iter().any(|v| *v != 0.0 && *v != 1.0) {
        let message = "the outcome has values other than 0 and 1: derive it with `when`";
        return Err(Refusal::new(codes::BAD_OUTCOME, message));
    }
    Ok(values.iter().sum())
}

/// The exact binomial test of a proportion, with Clopper and Pearson's interval (1934, doi:10.1093/biomet/26.4.404).
///
/// Two-sided, p is the probability of all counts that are no likelier than the observed one, as in R's `binom.test` and
/// scipy's `binomtest`. Held to both (`tests/direct_oracle.rs`).
///
/// # Errors
/// E014 for a value other than 0 and 1; E002 without rows.
pub fn binomial(values: &[f64], asked: Asked) -> Result<Direct, Refusal> {
    let (k, n) = (ones(values)?, values.len() as f64);
    if n == 0.0 {
        return Err(too_few("there are no rows"));
    }
    let p_value = match asked.alternative {
        Alternative::Greater => tails::binomial_sf(k, n, asked.null),
        Alternative::Less => tails::binomial_cdf(k, n, asked.null),
        _ => as_unlikely(k, n, asked.null),
    };
    let low = tails::turning(0.0, 1.0, |p| tails::binomial_sf(k, n, p) > asked.beyond());
    let high = tails::turning(0.0, 1.0, |p| tails::binomial_cdf(k, n, p) < asked.beyond());
    let (low, high) = (if k == 0.0 { 0.0 } else { low }, if k == n { 1.0 } else { high });
    Ok(Direct {
        estimate: Some(k / n),
        interval: Some((low, high)),
        ..Direct::new(
            "k",
            k,
            p_value,
            "the exact binomial, interval by Clopper and Pearson",
        )
    })
}

/// The probability of all counts that are no likelier than k.
fn as_unlikely(k: f64, n: f64, p: f64) -> f64 {
    let likely = tails::ln_binomial(k, n, p) + SAME.ln_1p();
    let mode = n * p;
    if k == mode {
        return 1.0;
    }
    // The counts on the other side of the mode that are no likelier: likelihood falls away from it.
    let (mut near, mut far) = if k < mode {
        (mode.ceil() - 1.0, n + 1.0)
    } else {
        (mode.floor() + 1.0, -1.0)
    };
    while (far - near).abs() > 1.0 {
        let middle = ((near + far) / 2.0).round();
        if tails::ln_binomial(middle, n, p) <= likely {
            far = middle;
        } else {
            near = middle;
        }
    }
    let both = if k < mode {
        tails::binomial_cdf(k, n, p) + tails::binomial_sf(far, n, p)
    } else {
        tails::binomial_sf(k, n, p) + tails::binomial_cdf(far, n, p)
    };
    both.min(1.0)
}

fn method(of: &str, corrected: bool) -> String {
    match corrected {
        true => format!("{of} with Yates' correction"),
        false => of.to_owned(),
    }
}

/// p of a χ² with one degree of freedom, one-sided by its root's sign.
fn root_p(statistic: f64, off: f64, alternative: Alternative) -> f64 {
    let z = off.signum() * statistic.sqrt();
    match alternative {
        Alternative::Greater => tails::normal_sf(z),
        Alternative::Less => tails::normal_sf(-z),
        _ => tails::chi2_sf(statistic, 1.0),
    }
}

/// The score test of a proportion, with Wilson's interval (1927, doi:10.1080/01621459.1927.10502953).
///
/// χ² = (|k − np₀| − c)²/(np₀(1 − p₀)) with one degree of freedom, c = min(1/2, |k − np₀|) if `corrected`: R's
/// `prop.test`, held to it (`tests/direct_oracle.rs`).
///
/// # Errors
/// E014 for a value other than 0 and 1; E002 without rows.
pub fn one_proportion(values: &[f64], corrected: bool, asked: Asked) -> Result<Direct, Refusal> {
    let (k, n) = (ones(values)?, values.len() as f64);
    if n == 0.0 {
        return Err(too_few("there are no rows"));
    }
    let (p, off) = (k / n, k - n * asked.null);
    let less = if corrected { off.abs().min(0.5) } else { 0.0 };
    let statistic = (off.abs() - less).powi(2) / (n * asked.null * (1.0 - asked.null));
    let z = tails::t_quantile(asked.beyond(), f64::INFINITY);
    let half = z * z / (2.0 * n);
    let end = |at: f64, side: f64| {
        let width = z * (at * (1.0 - at) / n + half / (2.0 * n)).sqrt();
        (at + half + side * width) / (1.0 + 2.0 * half)
    };
    let (from, to) = (p - less / n, p + less / n);
    let low = if from <= 0.0 {
        0.0
    } else {
        end(from, -1.0).max(0.0)
    };
    let high = if to >= 1.0 { 1.0 } else { end(to, 1.0).min(1.0) };
    Ok(Direct {
        estimate: Some(p),
        interval: Some((low, high)),
        df: vec![1.0],
        ..Direct::new(
            "χ²",
            statistic,
            root_p(statistic, off, asked.alternative),
            method("χ² of one proportion, interval by Wilson", corrected),
        )
    })
}

/// χ² of two proportions by their pooled variance, with the interval of their difference.
///
/// p̂₁ − p̂₂ ± z√(Σp̂(1 − p̂)/n); if `corrected`, Yates' correction of both, as R's `prop.test`, held to it
/// (`tests/direct_oracle.rs`).
///
/// # Errors
/// E014 for a value other than 0 and 1; E002 for an empty group; E009 where all values are the same.
pub fn two_proportions(x: &[f64], y: &[f64], corrected: bool, asked: Asked) -> Result<Direct, Refusal> {
    if x.is_empty() || y.is_empty() {
        return Err(too_few("a group is empty"));
    }
    let (a, b) = (ones(x)?, ones(y)?);
    let (m, n) = (x.len() as f64, y.len() as f64);
    let pooled = (a + b) / (m + n);
    if pooled <= 0.0 || pooled >= 1.0 {
        return Err(no_variation("the outcome is the same in every row"));
    }
    let (p, q) = (a / m, b / n);
    let (off, inverse) = (p - q, 1.0 / m + 1.0 / n);
    let less = if corrected {
        (off.abs() / inverse).min(0.5)
    } else {
        0.0
    };
    // |a − m·pooled| is the same in both groups.
    let gap = (off / inverse).abs() - less;
    let statistic = gap * gap * inverse / (pooled * (1.0 - pooled));
    let z = tails::t_quantile(asked.beyond(), f64::INFINITY);
    let width = z * (p * (1.0 - p) / m + q * (1.0 - q) / n).sqrt() + less * inverse;
    Ok(Direct {
        estimate: Some(off),
        interval: Some(((off - width).max(-1.0), (off + width).min(1.0))),
        df: vec![1.0],
        ..Direct::new(
            "χ²",
            statistic,
            root_p(statistic, off, asked.alternative),
            method("χ² of two proportions", corrected),
        )
    })
}
