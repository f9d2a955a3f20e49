//! Normal equations by Cholesky, for replicates alone: what is reported comes from the QR.

/// The lower factor in place; nothing if the matrix is not positive definite.
pub fn cholesky(matrix: &mut [Vec<f64>]) -> Option<()> {
    for i in 0..matrix.len() {
        let size = matrix[i][i];
        for j in 0..=i {
            let known: f64 = (0..j).map(|c| matrix[i][c] * matrix[j][c]).sum();
            let rest = matrix[i][j] - known;
            if i == j {
                if rest <= 1e-10 * size {
                    return None;
                }
                matrix[i][i] = rest.sqrt();
            } else {
                matrix[i][j] = rest / matrix[j][j];
            }
        }
    }
    Some(())
}

fn forward(factor: &[Vec<f64>], mut b: Vec<f64>) -> Vec<f64> {
    for i in 0..b.len() {
        let known: f64 = (0..i).map(|c| factor[i][c] * b[c]).sum();
        b[i] = (b[i] - known) / factor[i][i];
    }
    b
}

pub fn solve(factor: &[Vec<f64>], b: Vec<f64>) -> Vec<f64> {
    let mut z = forward(factor, b);
    for i in (0..z.len()).rev() {
        let known: f64 = (i + 1..z.len()).map(|c| factor[c][i] * z[c]).sum();
        z[i] = (z[i] - known) / factor[i][i];
    }
    z
}

/// x′(X′X)⁻¹x
pub fn leverage(factor: &[Vec<f64>], x: &[f64]) -> f64 {
    forward(factor, x.to_vec()).iter().map(|v| v * v).sum()
}
