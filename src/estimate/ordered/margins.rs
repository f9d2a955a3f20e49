//! Category probabilities of ordered models, with the derivatives that the delta method needs.
//!
//! pⱼ = F(ζⱼ − xβ) − F(ζ_{j−1} − xβ); ∂pⱼ/∂β = −x (f(ζⱼ − xβ) − f(ζ_{j−1} − xβ)); ∂pⱼ/∂ζⱼ = f(ζⱼ − xβ),
//! ∂pⱼ/∂ζ_{j−1} = −f(ζ_{j−1} − xβ). Held to ordinal::clm's predictions and to marginaleffects (`tests/ordered.rs`), slopes
//! to numerical derivatives of clm's (`tests/slopes.rs`).

use super::Latent;

/// The J probabilities of a row `x` (k) under parameters (β, ζ) (k + J − 1).
pub fn probabilities(latent: Latent, x: &[f64], parameters: &[f64]) -> Vec<f64> {
    let bounds = bounds(x, parameters);
    bounds
        .windows(2)
        .map(|pair| match pair {
            [a, b] => latent.between(*a, *b),
            _ => 0.0,
        })
        .collect()
}

/// ∂pⱼ/∂(β, ζ), J × (k + J − 1).
pub fn gradients(latent: Latent, x: &[f64], parameters: &[f64]) -> Vec<Vec<f64>> {
    let (k, p) = (x.len(), parameters.len());
    let densities: Vec<f64> = bounds(x, parameters)
        .into_iter()
        .map(|b| latent.density(b))
        .collect();
    let pairs = densities.windows(2).enumerate();
    pairs
        .map(|(j, pair)| {
            let (lower, upper) = match pair {
                [a, b] => (*a, *b),
                _ => (0.0, 0.0),
            };
            let mut gradient: Vec<f64> = x.iter().map(|v| -v * (upper - lower)).collect();
            gradient.resize(p, 0.0);
            if let Some(g) = gradient.get_mut(k + j) {
                *g = upper;
            }
            if j > 0 {
                gradient[k + j - 1] = -lower;
            }
            gradient
        })
        .collect()
}

/// Σ vⱼ pⱼ and its gradient, where categories have the `values` v (J); 1..J for the mean of a scale.
pub fn expected_score(latent: Latent, x: &[f64], parameters: &[f64], values: &[f64]) -> (f64, Vec<f64>) {
    let probabilities = probabilities(latent, x, parameters);
    let score = probabilities.iter().zip(values).map(|(p, v)| p * v).sum();
    let mut gradient = vec![0.0; parameters.len()];
    for (row, value) in gradients(latent, x, parameters).iter().zip(values) {
        gradient.iter_mut().zip(row).for_each(|(g, r)| *g += value * r);
    }
    (score, gradient)
}

/// ∂pⱼ/∂z where the number z moves the row `x` by `change` a unit: −(f(ζⱼ − xβ) − f(ζ_{j−1} − xβ)) · change β; and its
/// gradient by (β, ζ). J of each.
pub fn slopes(latent: Latent, x: &[f64], change: &[f64], parameters: &[f64]) -> Vec<(f64, Vec<f64>)> {
    let (k, p) = (x.len(), parameters.len());
    let rise: f64 = change.iter().zip(parameters).map(|(d, b)| d * b).sum();
    let ends: Vec<(f64, f64)> = bounds(x, parameters)
        .into_iter()
        .map(|b| (latent.density(b), latent.curvature(b)))
        .collect();
    let pairs = ends.windows(2).enumerate();
    pairs
        .map(|(j, pair)| {
            let [(f_lower, c_lower), (f_upper, c_upper)] = match pair {
                [a, b] => [*a, *b],
                _ => [(0.0, 0.0); 2],
            };
            let (density, curvature) = (f_upper - f_lower, c_upper - c_lower);
            let moves = x.iter().zip(change);
            let mut gradient: Vec<f64> = moves.map(|(x, d)| rise * curvature * x - density * d).collect();
            gradient.resize(p, 0.0);
            if let Some(g) = gradient.get_mut(k + j) {
                *g = -rise * c_upper;
            }
            if let Some(g) = (k + j)
                .checked_sub(1)
                .filter(|_| j > 0)
                .and_then(|at| gradient.get_mut(at))
            {
                *g = rise * c_lower;
            }
            (-density * rise, gradient)
        })
        .collect()
}

/// −∞, ζ₁ − xβ, …, ζ_{J−1} − xβ, ∞
fn bounds(x: &[f64], parameters: &[f64]) -> Vec<f64> {
    let eta: f64 = x.iter().zip(parameters).map(|(x, b)| x * b).sum();
    let cuts = parameters.get(x.len()..).unwrap_or_default();
    let mut bounds = vec![f64::NEG_INFINITY];
    bounds.extend(cuts.iter().map(|c| c - eta));
    bounds.push(f64::INFINITY);
    bounds
}
