//! Bases of one number in formulas: what they take from the analysed rows, values and derivatives.

use super::Refusal;
use super::spline::Spline;
use crate::diagnostic::codes;
use crate::plan::{Atom, Basis, Knots};

/// A basis with what it took from the analysed rows, so that predictions at other numbers use the same one.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned(Kind);

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Spline { spline: Spline, corners: bool },
    Polynomials(Polynomials),
}

/// Orthonormal polynomials over the rows: p_{i+1} = (x − a_i) p_i − (m_i/m_{i−1}) p_{i−1}, each over √m, m = Σp².
///
/// Forsythe (1957), doi:10.1137/0105007; R's `poly`, whose `predict` is the same recurrence. Held by tests/oracle/splines.R.
#[derive(Clone, Debug, PartialEq)]
struct Polynomials {
    centres: Vec<f64>,
    sizes: Vec<f64>,
}

impl Spanned {
    /// # Errors
    /// E009 for a number without variation; E001 for more polynomials than distinct numbers allow; E015 where knots coincide
    /// or do not stand within the numbers.
    pub(super) fn new(basis: &Basis, of: &[f64], atom: &Atom) -> Result<Spanned, Refusal> {
        let mut sorted = of.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = match (sorted.first(), sorted.last()) {
            (Some(low), Some(high)) if low < high => (*low, *high),
            _ => {
                let message = format!("{atom} has nothing to vary over: its number is the same in every row");
                return Err(Refusal::new(codes::NO_VARIATION, message));
            }
        };
        let (degree, knots, boundary, natural) = match basis {
            Basis::Orthogonal { degree } => return polynomials(usize::from(*degree), sorted, of, atom),
            Basis::Natural { knots, boundary } => (3, knots, boundary, true),
            Basis::BSpline {
                degree,
                knots,
                boundary,
            } => (usize::from(*degree), knots, boundary, false),
        };
        let boundary = boundary.map_or((low, high), |(low, high)| (low.0, high.0));
        let interior: Vec<f64> = match knots {
            Knots::At(all) => all.iter().map(|k| k.0).collect(),
            Knots::Quantiles(count) => {
                sorted.retain(|x| (boundary.0..=boundary.1).contains(x));
                let share = |at: u8| f64::from(at) / (f64::from(*count) + 1.0);
                let quantiles = (1..=*count).map(|at| quantile(&sorted, share(at)));
                quantiles.collect()
            }
        };
        let within = interior.iter().all(|k| *k > boundary.0 && *k < boundary.1);
        if !within || !interior.is_sorted_by(|a, b| a < b) {
            let knots: Vec<String> = interior.iter().map(f64::to_string).collect();
            let message = format!(
                "the knots of {atom} do not stand apart within {} and {}: {}",
                boundary.0,
                boundary.1,
                knots.join(", ")
            );
            return Err(Refusal::new(codes::NOT_DEFINED, message));
        }
        Ok(Spanned(Kind::Spline {
            corners: degree == 1 && !interior.is_empty(),
            spline: Spline::new(degree, &interior, boundary, natural),
        }))
    }

    /// Column by column, in every row.
    pub(super) fn columns(&self, of: &[f64]) -> Vec<Vec<f64>> {
        let rows: Vec<Vec<f64>> = of.iter().map(|x| self.values(*x)).collect();
        let width = rows.first().map_or(0, Vec::len);
        let column = |at: usize| rows.iter().filter_map(|row| row.get(at).copied()).collect();
        (0..width).map(column).collect()
    }

    pub(super) fn value(&self, column: usize, x: f64) -> f64 {
        self.values(x).get(column).copied().unwrap_or(f64::NAN)
    }

    pub(super) fn slope(&self, column: usize, x: f64) -> f64 {
        let all = match &self.0 {
            Kind::Spline { spline, .. } => spline.slopes(x),
            Kind::Polynomials(polynomials) => polynomials.at(x).1,
        };
        all.get(column).copied().unwrap_or(f64::NAN)
    }

    /// Whether its pieces are straight, so that it has no slope at its knots.
    pub(super) fn has_corners(&self) -> bool {
        matches!(self.0, Kind::Spline { corners: true, .. })
    }

    fn values(&self, x: f64) -> Vec<f64> {
        match &self.0 {
            Kind::Spline { spline, .. } => spline.values(x),
            Kind::Polynomials(polynomials) => polynomials.at(x).0,
        }
    }
}

fn polynomials(degree: usize, mut sorted: Vec<f64>, of: &[f64], atom: &Atom) -> Result<Spanned, Refusal> {
    sorted.dedup();
    if sorted.len() <= degree {
        let message = format!(
            "{atom} needs more than {degree} distinct numbers, and there are {}",
            sorted.len()
        );
        return Err(Refusal::new(codes::RANK_DEFICIENT, message));
    }
    let mut found = Polynomials {
        centres: Vec::new(),
        sizes: Vec::new(),
    };
    for _ in 0..=degree {
        let last: Vec<f64> = of.iter().filter_map(|x| found.monic(*x).0.pop()).collect();
        let size: f64 = last.iter().map(|p| p * p).sum();
        let moment: f64 = last.iter().zip(of).map(|(p, x)| x * p * p).sum();
        found.sizes.push(size);
        found.centres.push(moment / size);
    }
    Ok(Spanned(Kind::Polynomials(found)))
}

impl Polynomials {
    /// The polynomials whose first coefficient is one, from the constant up, and their derivatives.
    fn monic(&self, x: f64) -> (Vec<f64>, Vec<f64>) {
        let (mut values, mut slopes) = (vec![1.0], vec![0.0]);
        for (at, centre) in self.centres.iter().enumerate() {
            let (value, slope) = (values[at], slopes[at]);
            let (mut next, mut rise) = ((x - centre) * value, value + (x - centre) * slope);
            if let Some(before) = at.checked_sub(1) {
                let share = self.sizes[at] / self.sizes[before];
                next -= share * values[before];
                rise -= share * slopes[before];
            }
            values.push(next);
            slopes.push(rise);
        }
        (values, slopes)
    }

    fn at(&self, x: f64) -> (Vec<f64>, Vec<f64>) {
        let (values, slopes) = self.monic(x);
        let over = |all: Vec<f64>| {
            let unit = all.iter().zip(&self.sizes).skip(1);
            unit.map(|(p, size)| p / size.sqrt()).collect()
        };
        (over(values), over(slopes))
    }
}

/// R's seventh type: between the two values around (n − 1)p, linearly.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() as f64 - 1.0);
    let value = |at: f64| sorted.get(at as usize).copied().unwrap_or(f64::NAN);
    let part = place - place.floor();
    (1.0 - part) * value(place.floor()) + part * value(place.ceil())
}
