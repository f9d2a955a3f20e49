//! The log-likelihood of ordered models, row by row, with its analytic derivatives.
//!
//! Row i in category j lies between a = ζ_{j−1} − η and b = ζⱼ − η: ℓ = ln P, P = F(b) − F(a), ∂ℓ/∂a = −f(a)/P,
//! ∂ℓ/∂b = f(b)/P, −∂²ℓ/∂a² = (f(a)/P)² + f′(a)/P, −∂²ℓ/∂b² = (f(b)/P)² − f′(b)/P, −∂²ℓ/∂a∂b = −f(a) f(b)/P².
//! The bounds are linear in the parameters.

use super::Latent;
use crate::design::Refusal;
use crate::diagnostic::codes;
use crate::estimate::newton::Evaluation;
use crate::estimate::predictors::Predictors;

/// Rows whose bounds move by less than this share of the largest move stand still.
const STILL: f64 = 1e-3;
/// A coefficient that takes this share in the largest move is named.
const NAMED: f64 = 0.05;

/// A model's rows. Parameters are β of `columns`, then for each cutpoint ζⱼ and its effects of `nominal` columns.
pub struct Rows<'a> {
    pub columns: &'a [Vec<f64>],
    /// Columns whose effect differs by cutpoint: they move ζⱼ up.
    pub nominal: &'a [Vec<f64>],
    pub y: &'a [u32],
    pub weights: &'a [f64],
    pub latent: Latent,
}

/// One row's log-likelihood, and its derivatives by the bounds.
struct Term {
    value: f64,
    by_lower: f64,
    by_upper: f64,
    /// −∂²ℓ by (lower, lower), (lower, upper), (upper, upper).
    information: [f64; 3],
}

/// The parameters that one row has, with the derivatives of its bounds by them.
struct Active {
    positions: Vec<usize>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl Rows<'_> {
    /// No effects, and the cutpoints near those of the categories' shares.
    pub fn start(&self, shares: &[f64]) -> Vec<f64> {
        let mut start = vec![0.0; self.columns.len()];
        let mut below = 0.0;
        for share in shares.iter().take(shares.len().saturating_sub(1)) {
            below += share;
            start.push(self.latent.near_quantile(below));
            start.resize(start.len() + self.nominal.len(), 0.0);
        }
        start
    }

    /// ζⱼ − η of a row at cutpoint `cut`; nothing beyond the last.
    fn bound(&self, row: usize, cut: usize, point: &[f64]) -> Option<f64> {
        let first = self.columns.len() + cut * (self.nominal.len() + 1);
        let block = point.get(first..first + self.nominal.len() + 1)?;
        let (zeta, effects) = block.split_first()?;
        let eta: f64 = self.columns.iter().zip(point).map(|(c, b)| c[row] * b).sum();
        let moved: f64 = self.nominal.iter().zip(effects).map(|(c, b)| c[row] * b).sum();
        Some(zeta + moved - eta)
    }

    /// The bounds of a row's category, infinite at the ends.
    fn bounds(&self, row: usize, point: &[f64]) -> (f64, f64) {
        let category = self.y[row] as usize;
        let lower = category.checked_sub(1).and_then(|c| self.bound(row, c, point));
        let upper = self.bound(row, category, point);
        (lower.unwrap_or(f64::NEG_INFINITY), upper.unwrap_or(f64::INFINITY))
    }

    fn term(&self, row: usize, point: &[f64]) -> Option<Term> {
        let (a, b) = self.bounds(row, point);
        if a >= b {
            return None;
        }
        let mass = self.latent.between(a, b);
        if mass.is_nan() || mass <= 0.0 {
            return None;
        }
        let (by_lower, by_upper) = (-self.latent.density(a) / mass, self.latent.density(b) / mass);
        Some(Term {
            value: mass.ln(),
            by_lower,
            by_upper,
            information: [
                by_lower * by_lower + self.latent.curvature(a) / mass,
                by_lower * by_upper,
                by_upper * by_upper - self.latent.curvature(b) / mass,
            ],
        })
    }

    fn active(&self, row: usize, p: usize, columns: &[Vec<f64>]) -> Active {
        let (k, width) = (columns.len(), self.nominal.len() + 1);
        let mut active = Active {
            positions: (0..k).collect(),
            lower: columns.iter().map(|c| -c[row]).collect(),
            upper: columns.iter().map(|c| -c[row]).collect(),
        };
        let category = self.y[row] as usize;
        for (cut, is_upper) in [(category.checked_sub(1), false), (Some(category), true)] {
            let Some(first) = cut.map(|c| k + c * width).filter(|f| f + width <= p) else {
                continue;
            };
            for position in first..first + width {
                let column = (position - first).checked_sub(1);
                let value = column.map_or(1.0, |c| self.nominal[c][row]);
                active.positions.push(position);
                active.lower.push(if is_upper { 0.0 } else { value });
                active.upper.push(if is_upper { value } else { 0.0 });
            }
        }
        active
    }

    /// The weighted log-likelihood with gradient and observed information; nothing where a probability is 0.
    pub fn evaluate(&self, point: &[f64]) -> Option<Evaluation> {
        let p = point.len();
        let mut total = Evaluation {
            value: 0.0,
            gradient: vec![0.0; p],
            information: vec![vec![0.0; p]; p],
        };
        for row in (0..self.y.len()).filter(|row| self.weights[*row] > 0.0) {
            let (term, w) = (self.term(row, point)?, self.weights[row]);
            let active = self.active(row, p, self.columns);
            let [aa, ab, bb] = term.information.map(|v| w * v);
            total.value += w * term.value;
            for (s, position) in active.positions.iter().enumerate() {
                let (lower, upper) = (active.lower[s], active.upper[s]);
                total.gradient[*position] += w * (term.by_lower * lower + term.by_upper * upper);
                let (by_lower, by_upper) = (aa * lower + ab * upper, ab * lower + bb * upper);
                let target = &mut total.information[*position];
                for (t, other) in active.positions.iter().enumerate().take(s + 1) {
                    target[*other] += by_lower * active.lower[t] + by_upper * active.upper[t];
                }
            }
        }
        for a in 0..p {
            for b in 0..a {
                total.information[b][a] = total.information[a][b];
            }
        }
        Some(total)
    }

    /// wᵢ ∂ℓᵢ by the parameters of the columns `x` as given, of which these rows' are centred multiples.
    ///
    /// # Errors
    /// E006 for a score that is not finite.
    pub fn scores(&self, point: &[f64], x: &[Vec<f64>]) -> Result<Vec<Vec<f64>>, Refusal> {
        let message = "a score at the maximum is not a finite number";
        let refuse = || Refusal::new(codes::NOT_FINITE, message);
        let mut scores = vec![vec![0.0; point.len()]; self.y.len()];
        for (row, score) in scores.iter_mut().enumerate() {
            if self.weights[row] > 0.0 {
                let term = self.term(row, point).ok_or_else(refuse)?;
                let active = self.active(row, point.len(), x);
                for (s, position) in active.positions.iter().enumerate() {
                    let slope = term.by_lower * active.lower[s] + term.by_upper * active.upper[s];
                    score[*position] += self.weights[row] * slope;
                }
            }
        }
        let finite = scores.iter().flatten().all(|s| s.is_finite());
        finite.then_some(scores).ok_or_else(refuse)
    }

    /// Names the columns that separate the categories, if moving on in this direction lowers no row's likelihood.
    /// `predictors` are those of the columns, then of the nominal ones.
    pub fn diverges(&self, predictors: Predictors<'_>, direction: &[f64]) -> Refusal {
        let moves: Vec<(f64, f64)> = (0..self.y.len())
            .filter(|row| self.weights[*row] > 0.0)
            .map(|row| self.bounds(row, direction))
            .collect();
        let ends = moves.iter().flat_map(|(a, b)| [a.abs(), b.abs()]);
        let largest = ends.filter(|v| v.is_finite()).fold(0.0f64, f64::max);
        let only_gains = moves
            .iter()
            .all(|(a, b)| *a <= STILL * largest && *b >= -STILL * largest);
        let named = self.growing(direction, NAMED * largest);
        let names = predictors.list(&named);
        if only_gains && !named.is_empty() {
            let message = format!("the outcome's categories are predicted perfectly by {names}");
            return Refusal::new(codes::SEPARATION, message);
        }
        let message = format!("the coefficients grow without bound: {names}");
        Refusal::new(codes::NO_CONVERGENCE, message)
    }

    /// Columns, then nominal columns, whose effect moves some row's bound by more than `reach`.
    fn growing(&self, direction: &[f64], reach: f64) -> Vec<usize> {
        let (k, width) = (self.columns.len(), self.nominal.len() + 1);
        let largest = |column: &[f64]| column.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        let blocks = direction.get(k..).unwrap_or_default();
        let common = (0..k).filter(|c| largest(&self.columns[*c]) * direction[*c].abs() > reach);
        let nominal = (0..self.nominal.len()).filter(|c| {
            let effects = blocks.chunks(width).filter_map(|block| block.get(c + 1));
            largest(&self.nominal[*c]) * effects.fold(0.0f64, |m, e| m.max(e.abs())) > reach
        });
        common.chain(nominal.map(|c| k + c)).collect()
    }
}
