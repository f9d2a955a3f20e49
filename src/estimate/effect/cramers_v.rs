//! Cramér's V: association in a table.

use super::Sized;
use crate::estimate::noncentral::chi2_noncentralities;

/// V = √(χ²/(n (min(r, c) − 1))), from the χ² without continuity correction (Cramér 1946, ISBN 9780691005478).
///
/// The interval is √(λ/(n (min(r, c) − 1))) at the two noncentralities of χ² (Smithson 2003, ISBN 9780761924999),
/// two-sided and no more than 1; `effectsize::cramers_v(adjust = FALSE, alternative = "two.sided")`, whose default
/// corrects the bias and is one-sided. Held to that.
pub fn cramers_v(chi2: f64, df: f64, n: f64, smaller: f64, level: f64) -> Sized {
    let most = n * (smaller - 1.0);
    let v = |x: f64| (x / most).sqrt().min(1.0);
    let (low, high) = chi2_noncentralities(chi2, df, (1.0 - level) / 2.0);
    Sized {
        estimate: v(chi2),
        low: v(low),
        high: v(high),
    }
}
