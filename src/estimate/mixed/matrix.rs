//! Small dense matrices by rows, and the symmetric eigenproblem.

use faer::{Mat, Side};

/// The lower Cholesky factor of the symmetric n × n `a`, whose upper triangle is not read, in place; the upper
/// triangle is left as it was. Nothing if a pivot is not positive.
pub(super) fn cholesky(a: &mut [f64], n: usize) -> Option<()> {
    for j in 0..n {
        let (done, rest) = a.split_at_mut(j * n);
        let row = rest.get_mut(..n)?;
        for c in 0..j {
            let other = done.get(c * n..c * n + c + 1)?;
            let (known, pivot) = (dot(row.get(..c)?, other.get(..c)?), other.get(c)?);
            let value = row.get_mut(c)?;
            *value = (*value - known) / pivot;
        }
        let known = dot(row.get(..j)?, row.get(..j)?);
        let pivot = row.get_mut(j)?;
        let square = *pivot - known;
        if !(square > 0.0 && square.is_finite()) {
            return None;
        }
        *pivot = square.sqrt();
    }
    Some(())
}

/// Σ aᵢbᵢ in eight partial sums, always in the same order.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a_parts, b_parts) = (a.chunks_exact(8), b.chunks_exact(8));
    let tail: f64 = a_parts
        .remainder()
        .iter()
        .zip(b_parts.remainder())
        .map(|(x, y)| x * y)
        .sum();
    for (x, y) in a_parts.zip(b_parts) {
        for (sum, (x, y)) in sums.iter_mut().zip(x.iter().zip(y)) {
            *sum += x * y;
        }
    }
    sums.iter().sum::<f64>() + tail
}

/// L⁻¹B in place: `l` n × n lower, `b` n × w.
pub(super) fn solve_lower(l: &[f64], n: usize, b: &mut [f64], w: usize) {
    for j in 0..n {
        let (done, rest) = b.split_at_mut(j * w);
        let row = &mut rest[..w];
        for c in 0..j {
            let factor = l[j * n + c];
            if factor != 0.0 {
                for (value, known) in row.iter_mut().zip(&done[c * w..c * w + w]) {
                    *value -= factor * known;
                }
            }
        }
        row.iter_mut().for_each(|value| *value /= l[j * n + j]);
    }
}

/// L′⁻¹b in place.
pub(super) fn solve_lower_transposed(l: &[f64], n: usize, b: &mut [f64]) {
    for j in (0..n).rev() {
        let known: f64 = (j + 1..n).map(|c| l[c * n + j] * b[c]).sum();
        b[j] = (b[j] - known) / l[j * n + j];
    }
}

/// 2 Σ ln Lⱼⱼ.
pub(super) fn ln_det(l: &[f64], n: usize) -> f64 {
    2.0 * (0..n).map(|j| l[j * n + j].ln()).sum::<f64>()
}

/// Λ′B: `lambda` n × n lower, `b` n × w.
pub(super) fn times_transposed(lambda: &[f64], n: usize, b: &[f64], w: usize) -> Vec<f64> {
    let mut out = vec![0.0; n * w];
    for j in 0..n {
        for i in j..n {
            let factor = lambda[i * n + j];
            if factor != 0.0 {
                for c in 0..w {
                    out[j * w + c] += factor * b[i * w + c];
                }
            }
        }
    }
    out
}

/// BΛ: `b` h × n, `lambda` n × n lower.
pub(super) fn times(b: &[f64], h: usize, lambda: &[f64], n: usize) -> Vec<f64> {
    let mut out = vec![0.0; h * n];
    for i in 0..h {
        for j in 0..n {
            out[i * n + j] = (j..n).map(|c| b[i * n + c] * lambda[c * n + j]).sum();
        }
    }
    out
}

/// Eigenvalues in rising order and their vectors. Nothing for a matrix that is not finite.
pub(super) fn eigen(a: &[Vec<f64>]) -> Option<Vec<(f64, Vec<f64>)>> {
    let n = a.len();
    if n == 0 {
        return Some(Vec::new());
    }
    if a.iter().flatten().any(|v| !v.is_finite()) {
        return None;
    }
    let matrix = Mat::from_fn(n, n, |i, j| 0.5 * (a[i][j] + a[j][i]));
    let found = matrix.self_adjoint_eigen(Side::Lower).ok()?;
    let (values, vectors) = (found.S(), found.U());
    let pair = |j: usize| (values[j], (0..n).map(|i| vectors[(i, j)]).collect());
    Some((0..n).map(pair).collect())
}

/// a′Ma.
pub(super) fn quadratic(a: &[f64], m: &[Vec<f64>]) -> f64 {
    a.iter().zip(m).map(|(v, row)| v * dot(a, row)).sum()
}
