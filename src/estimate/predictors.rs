//! A model's columns as maximum likelihood takes them: checked, and standardised while it iterates.

use super::least_squares;
use crate::design::Refusal;
use crate::diagnostic::codes;

/// A column whose spread about its mean is below this share of its size is constant.
const CONSTANT: f64 = 1e-13;

/// The columns of a design, k of n values, with the names that messages use.
#[derive(Clone, Copy, Debug)]
pub struct Predictors<'a> {
    pub columns: &'a [Vec<f64>],
    pub names: &'a [&'a str],
}

impl Predictors<'_> {
    /// A column's name, or its position where it has none.
    pub fn name(&self, column: usize) -> String {
        let named = self.names.get(column);
        named.map_or_else(|| format!("column {}", column + 1), |n| (*n).to_owned())
    }

    pub fn list(&self, columns: &[usize]) -> String {
        columns
            .iter()
            .map(|c| self.name(*c))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// # Errors
    /// E006 for values that are not finite or columns that are not of `n` rows.
    pub fn finite(&self, n: usize) -> Result<(), Refusal> {
        let uneven = (0..self.columns.len()).find(|c| self.columns[*c].len() != n);
        let wild = (0..self.columns.len()).find(|c| self.columns[*c].iter().any(|v| !v.is_finite()));
        match uneven.or(wild) {
            None => Ok(()),
            Some(c) => Err(Refusal::new(
                codes::NOT_FINITE,
                format!("{} has a value that is not a finite number", self.name(c)),
            )),
        }
    }
}

/// Weights that multiply the log-likelihood, ones where there are none.
///
/// # Errors
/// E013 for a weight that is negative or not finite, or a number of weights other than `n`.
pub fn weights(given: Option<&[f64]>, n: usize) -> Result<Vec<f64>, Refusal> {
    let Some(given) = given else {
        return Ok(vec![1.0; n]);
    };
    if given.len() != n {
        let message = format!("{n} rows have {} weights", given.len());
        return Err(Refusal::new(codes::BAD_WEIGHT, message));
    }
    match given.iter().position(|w| !w.is_finite() || *w < 0.0) {
        None => Ok(given.to_vec()),
        Some(row) => Err(Refusal::new(
            codes::BAD_WEIGHT,
            format!("the weight of row {} is {}", row + 1, given[row]),
        )),
    }
}

/// Columns as (x − mean)/scale, and the way back.
#[derive(Clone, Debug)]
pub struct Standardised {
    /// k of n.
    pub columns: Vec<Vec<f64>>,
    pub means: Vec<f64>,
    pub scales: Vec<f64>,
    /// The column of ones, up to a factor, if the model has one; it keeps its mean.
    pub constant: Option<usize>,
}

/// Standardises columns. They are centred where a constant takes up their means: `cutpoints` do, or a column.
/// Rows of weight zero count neither for the scale nor for the rank.
///
/// # Errors
/// E001 naming the columns that depend on others or, beside cutpoints, do not vary.
pub fn standardise(
    predictors: Predictors<'_>,
    weights: &[f64],
    cutpoints: bool,
) -> Result<Standardised, Refusal> {
    let used: Vec<usize> = (0..weights.len()).filter(|i| weights[*i] > 0.0).collect();
    let dependent = |columns: &[usize]| {
        let message = format!(
            "these columns depend linearly on the others: {}",
            predictors.list(columns)
        );
        Refusal::new(codes::RANK_DEFICIENT, message)
    };
    let mut means: Vec<f64> = predictors.columns.iter().map(|c| mean(c, &used)).collect();
    let spreads: Vec<f64> = predictors
        .columns
        .iter()
        .zip(&means)
        .map(|(c, m)| root_mean_square(c, *m, &used))
        .collect();
    let flat: Vec<usize> = (0..means.len())
        .filter(|c| spreads[*c] <= CONSTANT * means[*c].abs())
        .collect();
    let allowed = if cutpoints { 0 } else { 1 };
    if flat.len() > allowed || flat.iter().any(|c| means[*c] == 0.0) {
        return Err(dependent(&flat));
    }
    let constant = flat.first().copied();
    if !cutpoints && constant.is_none() {
        means.iter_mut().for_each(|m| *m = 0.0);
    }
    let mut scales = Vec::with_capacity(means.len());
    for (c, column) in predictors.columns.iter().enumerate() {
        if constant == Some(c) {
            scales.push(means[c]);
            means[c] = 0.0;
        } else {
            scales.push(root_mean_square(column, means[c], &used));
        }
    }
    let columns: Vec<Vec<f64>> = predictors
        .columns
        .iter()
        .zip(means.iter().zip(&scales))
        .map(|(column, (m, s))| column.iter().map(|v| (v - m) / s).collect())
        .collect();
    let seen: Vec<Vec<f64>> = columns
        .iter()
        .map(|c| used.iter().map(|i| c[*i]).collect())
        .collect();
    if !seen.is_empty() {
        least_squares(&seen, &vec![0.0; used.len()]).map_err(|c| dependent(&c))?;
    }
    Ok(Standardised {
        columns,
        means,
        scales,
        constant,
    })
}

fn mean(column: &[f64], used: &[usize]) -> f64 {
    let n = used.len() as f64;
    let rough = used.iter().map(|i| column[*i] / n).sum::<f64>();
    rough + used.iter().map(|i| (column[*i] - rough) / n).sum::<f64>()
}

fn root_mean_square(column: &[f64], about: f64, used: &[usize]) -> f64 {
    let largest = used.iter().fold(0.0f64, |m, i| m.max((column[*i] - about).abs()));
    if largest == 0.0 {
        return 0.0;
    }
    let squares: f64 = used
        .iter()
        .map(|i| ((column[*i] - about) / largest).powi(2))
        .sum();
    largest * (squares / used.len() as f64).sqrt()
}

/// T B T′ for the p × p variance B of parameters θ, where `rows` hold T.
pub fn carried(rows: &[Vec<f64>], variance: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let half: Vec<Vec<f64>> = rows
        .iter()
        .map(|row| {
            variance
                .iter()
                .map(|column| row.iter().zip(column).map(|(a, b)| a * b).sum())
                .collect()
        })
        .collect();
    half.iter()
        .map(|left| {
            rows.iter()
                .map(|row| left.iter().zip(row).map(|(a, b)| a * b).sum())
                .collect()
        })
        .collect()
}
