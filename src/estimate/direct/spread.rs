//! Whether groups have one variance.

use super::{Direct, mean, no_variation, squares, too_few};
use crate::design::Refusal;
use crate::estimate::tails;

/// Levene's test about medians (Brown & Forsythe 1974, doi:10.1080/01621459.1974.10482955): the F of a one-way
/// analysis of variance of |y − ỹᵢ|, with k − 1 and n − k degrees of freedom. Held to car's `leveneTest` and scipy's
/// `levene` (`tests/contingencies.rs`).
///
/// # Errors
/// E002 for fewer than two groups, or no more values than groups; E009 without variation within groups.
pub fn levene(groups: &[Vec<f64>]) -> Result<Direct, Refusal> {
    let groups: Vec<&Vec<f64>> = groups.iter().filter(|g| !g.is_empty()).collect();
    let (k, n) = (
        groups.len() as f64,
        groups.iter().map(|g| g.len()).sum::<usize>() as f64,
    );
    if groups.len() < 2 || n <= k {
        return Err(too_few("fewer than two groups, or no more rows than groups"));
    }
    let distances: Vec<Vec<f64>> = groups
        .iter()
        .map(|group| {
            let centre = median(group);
            group.iter().map(|v| (v - centre).abs()).collect()
        })
        .collect();
    let all: Vec<f64> = distances.iter().flatten().copied().collect();
    let within: f64 = distances.iter().map(|d| squares(d)).sum();
    let centre = mean(&all);
    let between: f64 = distances
        .iter()
        .map(|d| d.len() as f64 * (mean(d) - centre).powi(2))
        .sum();
    if within <= 1e-24 * all.iter().map(|d| d * d).sum::<f64>() {
        return Err(no_variation(
            "the distances from the medians do not vary within groups",
        ));
    }
    let df = vec![k - 1.0, n - k];
    let statistic = between / df[0] / (within / df[1]);
    Ok(Direct {
        estimate: None,
        std_error: None,
        statistic,
        p_value: tails::f_sf(statistic, df[0], df[1]),
        df,
        method: "Levene's test about medians",
    })
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (
        sorted.len() % 2,
        sorted.get(middle),
        sorted.get(middle.wrapping_sub(1)),
    ) {
        (0, Some(upper), Some(lower)) => (upper + lower) / 2.0,
        (_, Some(value), _) => *value,
        _ => f64::NAN,
    }
}
