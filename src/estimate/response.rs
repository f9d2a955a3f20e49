//! What a model predicts for a row, with the gradient that the delta method needs.

use super::ordered::{self, Latent};
use super::{Link, multinomial};

/// How a model's coefficients give a prediction.
#[derive(Clone, Debug, PartialEq)]
pub enum Response {
    Mean(Link),
    /// Probabilities of categories, or the mean of their numbers.
    Ordered {
        latent: Latent,
        categories: Vec<String>,
    },
    /// Probabilities of categories, the first the base.
    Multinomial {
        categories: Vec<String>,
    },
}

/// What is predicted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Predicted {
    /// The linear predictor; of a multinomial model, the log odds of a category against the base.
    Link(Option<usize>),
    /// The mean; of an ordered outcome, of its categories' numbers.
    Mean,
    /// The probability of a category.
    Probability(usize),
}

impl Response {
    /// Whether the prediction is linear in the coefficients, so that rows can be averaged before it is taken.
    pub fn is_linear(&self, predicted: Predicted) -> bool {
        matches!(predicted, Predicted::Link(_)) || *self == Response::Mean(Link::Identity)
    }

    pub fn categories(&self) -> &[String] {
        match self {
            Response::Mean(_) => &[],
            Response::Ordered { categories, .. } | Response::Multinomial { categories } => categories,
        }
    }

    /// The prediction for the design row `x` (k) under `parameters` (p), and its gradient by them.
    pub fn predict(&self, x: &[f64], parameters: &[f64], predicted: Predicted) -> (f64, Vec<f64>) {
        match (self, predicted) {
            (Response::Multinomial { .. }, Predicted::Link(category)) => {
                let from = category.map_or(0, |c| c.saturating_sub(1) * x.len());
                let based = category == Some(0);
                linear(x, parameters, if based { parameters.len() } else { from })
            }
            (_, Predicted::Link(_)) => linear(x, parameters, 0),
            (Response::Mean(link), _) => {
                let eta: f64 = x.iter().zip(parameters).map(|(x, b)| x * b).sum();
                let slope = link.slope(eta);
                (link.mean(eta), x.iter().map(|x| slope * x).collect())
            }
            (Response::Ordered { latent, .. }, Predicted::Probability(category)) => chosen(
                &ordered::probabilities(*latent, x, parameters),
                ordered::gradients(*latent, x, parameters),
                category,
            ),
            (Response::Ordered { latent, categories }, Predicted::Mean) => {
                ordered::expected_score(*latent, x, parameters, &values(categories))
            }
            (Response::Multinomial { .. }, Predicted::Probability(category)) => chosen(
                &multinomial::probabilities(x, parameters),
                multinomial::gradients(x, parameters),
                category,
            ),
            (Response::Multinomial { .. }, Predicted::Mean) => (f64::NAN, vec![f64::NAN; parameters.len()]),
        }
    }
}

impl Response {
    /// The derivative of the prediction by a number that moves the design row `x` by `change` a unit, and its gradient
    /// by the parameters.
    pub fn slope(
        &self,
        x: &[f64],
        change: &[f64],
        parameters: &[f64],
        predicted: Predicted,
    ) -> (f64, Vec<f64>) {
        match (self, predicted) {
            (_, Predicted::Link(_)) => self.predict(change, parameters, predicted),
            (Response::Mean(link), _) => {
                let product = |row: &[f64]| -> f64 { row.iter().zip(parameters).map(|(x, b)| x * b).sum() };
                let (eta, rise) = (product(x), product(change));
                let (slope, curvature) = (link.slope(eta), link.curvature(eta));
                let moves = x.iter().zip(change);
                let gradient = moves.map(|(x, d)| curvature * rise * x + slope * d).collect();
                (slope * rise, gradient)
            }
            (Response::Ordered { latent, .. }, Predicted::Probability(category)) => {
                nth(ordered::slopes(*latent, x, change, parameters), category)
            }
            (Response::Ordered { latent, categories }, Predicted::Mean) => {
                let mut total = (0.0, vec![0.0; parameters.len()]);
                let each = ordered::slopes(*latent, x, change, parameters);
                for ((slope, gradient), value) in each.iter().zip(values(categories)) {
                    total.0 += value * slope;
                    total
                        .1
                        .iter_mut()
                        .zip(gradient)
                        .for_each(|(t, g)| *t += value * g);
                }
                total
            }
            (Response::Multinomial { .. }, Predicted::Probability(category)) => {
                nth(multinomial::slopes(x, change, parameters), category)
            }
            (Response::Multinomial { .. }, Predicted::Mean) => (f64::NAN, vec![f64::NAN; parameters.len()]),
        }
    }
}

/// The numbers that categories stand for.
fn values(categories: &[String]) -> Vec<f64> {
    categories.iter().map(|c| c.parse().unwrap_or(f64::NAN)).collect()
}

fn nth(slopes: Vec<(f64, Vec<f64>)>, category: usize) -> (f64, Vec<f64>) {
    slopes.into_iter().nth(category).unwrap_or((f64::NAN, Vec::new()))
}

fn linear(x: &[f64], parameters: &[f64], from: usize) -> (f64, Vec<f64>) {
    let mut gradient = vec![0.0; parameters.len()];
    let mut value = 0.0;
    for ((x, b), g) in x
        .iter()
        .zip(parameters.iter().skip(from))
        .zip(gradient.iter_mut().skip(from))
    {
        value += x * b;
        *g = *x;
    }
    (value, gradient)
}

fn chosen(probabilities: &[f64], gradients: Vec<Vec<f64>>, category: usize) -> (f64, Vec<f64>) {
    let value = probabilities.get(category).copied().unwrap_or(f64::NAN);
    (value, gradients.into_iter().nth(category).unwrap_or_default())
}
