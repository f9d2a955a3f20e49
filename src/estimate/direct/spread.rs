//! Whether groups spread alike.

use super::{Direct, mean, no_variation, squares, too_few};
use crate::design::Refusal;
use crate::estimate::tails;

/// From where the distances of a group's values are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Centre {
    Mean,
    Median,
}

/// The F test of one-way analysis of variance on |x − centre of its group|: Levene's (1960) from the means, Brown and
/// Forsythe's (1974, doi:10.1080/01621459.1974.10482955) from the medians.
///
/// car's `leveneTest` and scipy's `levene`, held to both (`tests/direct_oracle.rs`, `tests/contingencies.rs`).
///
/// # Errors
/// E002 for fewer than two groups with rows, or no more rows than groups; E009 where no distance varies within its group.
pub fn levene(groups: &[Vec<f64>], centre: Centre) -> Result<Direct, Refusal> {
    let groups: Vec<&Vec<f64>> = groups.iter().filter(|g| !g.is_empty()).collect();
    let rows: usize = groups.iter().map(|g| g.len()).sum();
    if groups.len() < 2 || rows <= groups.len() {
        return Err(too_few("fewer than two groups, or no more rows than groups"));
    }
    let distances: Vec<Vec<f64>> = groups
        .iter()
        .map(|group| {
            let from = match centre {
                Centre::Mean => mean(group),
                Centre::Median => median(group),
            };
            group.iter().map(|v| (v - from).abs()).collect()
        })
        .collect();
    let all: Vec<f64> = distances.iter().flatten().copied().collect();
    let (df1, df2) = (groups.len() as f64 - 1.0, (all.len() - groups.len()) as f64);
    let within: f64 = distances.iter().map(|d| squares(d)).sum();
    let grand = mean(&all);
    let between: f64 = distances
        .iter()
        .map(|d| d.len() as f64 * (mean(d) - grand).powi(2))
        .sum();
    let scale = all.iter().fold(0.0f64, |s, v| s.max(*v));
    if within <= 1e-28 * scale * scale * all.len() as f64 {
        return Err(no_variation(
            "the distances from the groups' centres do not vary within the groups",
        ));
    }
    let statistic = (between / df1) / (within / df2);
    Ok(Direct {
        df: vec![df1, df2],
        ..Direct::new(
            "F",
            statistic,
            tails::f_sf(statistic, df1, df2),
            match centre {
                Centre::Mean => "Levene's test, distances from the means",
                Centre::Median => "Brown and Forsythe's test, distances from the medians",
            },
        )
    })
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        1 => sorted[middle],
        _ => 0.5 * (sorted[middle - 1] + sorted[middle]),
    }
}
