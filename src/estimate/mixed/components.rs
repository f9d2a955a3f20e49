//! Variance components σ²ΛΛ′ of a term.

/// What lme4's `VarCorr` gives for one term with q columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Components {
    /// q standard deviations.
    pub sd: Vec<f64>,
    /// q × q by rows; nothing where a standard deviation is zero. The identity for uncorrelated effects.
    pub correlation: Vec<Vec<Option<f64>>>,
    /// As [`super::Fit::singular`], of this term.
    pub singular: bool,
}

/// From a term's Λ (q × q by rows, lower) and σ.
pub(super) fn components(lambda: &[f64], q: usize, sigma: f64, singular: bool) -> Components {
    let rows: Vec<&[f64]> = lambda.chunks_exact(q.max(1)).collect();
    let norms: Vec<f64> = rows
        .iter()
        .map(|row| {
            let largest = row.iter().fold(0.0f64, |m, v| m.max(v.abs()));
            let squares = |scale: f64| row.iter().map(|v| (v / scale).powi(2)).sum::<f64>();
            if largest > 0.0 {
                largest * squares(largest).sqrt()
            } else {
                0.0
            }
        })
        .collect();
    let one = |i: usize, j: usize| -> Option<f64> {
        if norms[i] == 0.0 || norms[j] == 0.0 {
            return None;
        }
        if i == j {
            return Some(1.0);
        }
        let product: f64 = rows[i]
            .iter()
            .zip(rows[j])
            .map(|(a, b)| (a / norms[i]) * (b / norms[j]))
            .sum();
        Some(product.clamp(-1.0, 1.0))
    };
    Components {
        sd: norms.iter().map(|norm| sigma * norm).collect(),
        correlation: (0..q).map(|i| (0..q).map(|j| one(i, j)).collect()).collect(),
        singular,
    }
}

/// The lower triangular factor with no entries in a column whose diagonal is zero, and none of the diagonal negative,
/// of the same ΛΛ′.
pub(super) fn canonical(lambda: &[f64], q: usize) -> Vec<f64> {
    let mut out = lambda.to_vec();
    let lost = (0..q).any(|j| out[j * q + j] == 0.0 && (j + 1..q).any(|i| out[i * q + j] != 0.0));
    if lost {
        out = semidefinite(lambda, q);
    }
    for j in 0..q {
        if out[j * q + j] < 0.0 {
            (j..q).for_each(|i| out[i * q + j] = -out[i * q + j]);
        }
    }
    out
}

/// Cholesky's factor of ΛΛ′, a pivot that is rounding taken as zero.
fn semidefinite(lambda: &[f64], q: usize) -> Vec<f64> {
    const ROUNDING: f64 = 1e-13;
    let sigma = |i: usize, j: usize| (0..q).map(|c| lambda[i * q + c] * lambda[j * q + c]).sum::<f64>();
    let mut out = vec![0.0; q * q];
    for j in 0..q {
        let known: f64 = (0..j).map(|c| out[j * q + c] * out[j * q + c]).sum();
        let square = sigma(j, j) - known;
        if square <= ROUNDING * sigma(j, j) {
            continue;
        }
        out[j * q + j] = square.sqrt();
        for i in j + 1..q {
            let known: f64 = (0..j).map(|c| out[i * q + c] * out[j * q + c]).sum();
            out[i * q + j] = (sigma(i, j) - known) / out[j * q + j];
        }
    }
    out
}
