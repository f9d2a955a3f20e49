//! r: a correlation, or the partial one that a t implies.

use super::{Sized, undefined};
use crate::design::Refusal;
use crate::estimate::tails;

/// r = t/√(t² + ν): of two groups the point-biserial correlation, of a coefficient the partial one.
///
/// Fisher's z interval: tanh(artanh r ± z/√(ν − 1)), ν − 1 being n − 3 less the variables held constant (Fisher 1921,
/// Metron 1:3–32; 1924, Metron 3:329–332). Held to R's `cor.test`.
///
/// # Errors
/// E015 for fewer than two degrees of freedom.
pub fn r(t: f64, df: f64, level: f64) -> Result<Sized, Refusal> {
    if df < 2.0 {
        return Err(undefined("Fisher's z needs at least four rows"));
    }
    // t/√(t² + ν) = tanh(z) with z = arsinh(t/√ν).
    let z = (t / df.sqrt()).asinh();
    let width = tails::t_quantile((1.0 - level) / 2.0, f64::INFINITY) / (df - 1.0).sqrt();
    Ok(Sized {
        estimate: z.tanh(),
        low: (z - width).tanh(),
        high: (z + width).tanh(),
    })
}
