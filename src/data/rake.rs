//! Weights that make the kept rows look like registered margins.

use super::sample::{Column, Sample};
use crate::plan::{Derivation, Margins, Plan, Trim};
use crate::record::{RakedFacts, RakedLevel, RakedMargin};

/// Passes over the margins, and rounds of trimming, before it is given up.
const PASSES: u64 = 10_000;
/// The difference of a weighted share from its margin at which raking has converged.
const CONVERGED: f64 = 1e-12;

/// Weights of mean 1, and how they came about.
#[derive(Clone, Debug)]
pub struct Raked {
    /// Nothing for a row that lacks one of the factors.
    pub weights: Vec<Option<f64>>,
    pub passes: u64,
    /// Rows whose weight was cut at one of the bounds.
    pub trimmed: u64,
}

/// A factor's rows by level, with the shares they are to have.
struct Margin {
    name: String,
    levels: Vec<String>,
    shares: Vec<f64>,
    /// For each raked row, its level.
    codes: Vec<usize>,
}

impl Margin {
    /// The weighted share of each level.
    fn found(&self, weights: &[f64]) -> Vec<f64> {
        let mut totals = vec![0.0; self.levels.len()];
        for (code, weight) in self.codes.iter().zip(weights) {
            totals[*code] += weight;
        }
        let n = weights.iter().sum::<f64>();
        totals.into_iter().map(|t| t / n).collect()
    }

    fn distance(&self, weights: &[f64]) -> f64 {
        let found = self.found(weights);
        let apart = found.iter().zip(&self.shares).map(|(f, s)| (f - s).abs());
        apart.fold(0.0, f64::max)
    }
}

/// Iterative proportional fitting: each factor in turn, w ← w · share/found, until all shares hold (Deming & Stephan 1940,
/// doi:10.1214/aoms/1177731829); then weights beyond the bounds are cut and what was cut is added evenly to the others,
/// until none is beyond them. `survey::rake` at convergence and `survey::trimWeights(strict = TRUE)`
/// (tests/oracle/raking.R).
///
/// # Errors
/// In words, where a level has no rows, where the margins do not come to hold, and where all weights are beyond the bounds.
pub fn rake(sample: &Sample, to: &Margins, trim: Option<&Trim>) -> Result<Raked, String> {
    let rows: Vec<usize> = (0..sample.rows())
        .filter(|row| {
            let missing = |factor: &String| sample.column(factor).is_none_or(|c| c.is_missing(*row));
            !to.keys().any(missing)
        })
        .collect();
    let margins = margins(sample, to, &rows)?;
    let (mut weights, passes) = fitted(&margins, rows.len())?;
    let trimmed = match trim {
        Some(trim) => trimmed(&mut weights, trim)?,
        None => 0,
    };
    let mut all = vec![None; sample.rows()];
    for (row, weight) in rows.iter().zip(weights) {
        all[*row] = Some(weight);
    }
    Ok(Raked {
        weights: all,
        passes,
        trimmed,
    })
}

fn margins(sample: &Sample, to: &Margins, rows: &[usize]) -> Result<Vec<Margin>, String> {
    let mut all = Vec::new();
    for (name, shares) in to {
        let Some(Column::Factor { levels, codes }) = sample.column(name) else {
            return Err(format!("`{name}` is not in the data"));
        };
        let code = |row: &usize| {
            codes
                .get(*row)
                .copied()
                .flatten()
                .and_then(|c| usize::try_from(c).ok())
        };
        let margin = Margin {
            name: name.clone(),
            levels: levels.clone(),
            shares: levels
                .iter()
                .map(|l| shares.get(l).copied().unwrap_or(0.0))
                .collect(),
            codes: rows.iter().filter_map(code).collect(),
        };
        let empty = (0..levels.len()).find(|level| !margin.codes.contains(level));
        if let Some(level) = empty {
            let level = &margin.levels[level];
            return Err(format!("no row has `{name}` {level}, whose share is registered"));
        }
        all.push(margin);
    }
    Ok(all)
}

fn fitted(margins: &[Margin], rows: usize) -> Result<(Vec<f64>, u64), String> {
    let mut weights = vec![1.0; rows];
    for pass in 1..=PASSES {
        for margin in margins {
            let found = margin.found(&weights);
            for (code, weight) in margin.codes.iter().zip(&mut weights) {
                *weight *= margin.shares[*code] / found[*code];
            }
        }
        let total: f64 = weights.iter().sum::<f64>() / rows as f64;
        weights.iter_mut().for_each(|w| *w /= total);
        if margins.iter().all(|m| m.distance(&weights) < CONVERGED) {
            return Ok((weights, pass));
        }
    }
    let worst = margins
        .iter()
        .max_by(|a, b| a.distance(&weights).total_cmp(&b.distance(&weights)));
    Err(match worst {
        Some(margin) => format!(
            "the registered margins cannot hold together on these rows: after {PASSES} passes the shares of `{}` are still off by {:.1e}",
            margin.name,
            margin.distance(&weights)
        ),
        None => String::from("there is no margin"),
    })
}

/// How many rows are at a bound in the end.
fn trimmed(weights: &mut [f64], trim: &Trim) -> Result<u64, String> {
    let beyond = |w: f64| w < trim.low || w > trim.high;
    for _ in 0..PASSES {
        let outside: Vec<bool> = weights.iter().map(|w| beyond(*w)).collect();
        let inside = outside.iter().filter(|o| !**o).count();
        if inside == weights.len() {
            let at = weights.iter().filter(|w| **w == trim.low || **w == trim.high);
            return Ok(at.count() as u64);
        }
        if inside == 0 {
            break;
        }
        let mut cut = 0.0;
        for (weight, _) in weights.iter_mut().zip(&outside).filter(|(_, o)| **o) {
            let bounded = weight.clamp(trim.low, trim.high);
            cut += *weight - bounded;
            *weight = bounded;
        }
        for (weight, _) in weights.iter_mut().zip(&outside).filter(|(_, o)| !**o) {
            *weight += cut / inside as f64;
        }
    }
    Err(format!(
        "the weights cannot be brought between {} and {}",
        trim.low, trim.high
    ))
}

/// Every raked weight of a plan on its analysed rows: what it was raked to, and what it gave.
pub fn raked(sample: &Sample, plan: &Plan) -> Vec<RakedFacts> {
    let rules = plan.derived.iter().filter_map(|d| match &d.rule {
        Derivation::Rake { to, trim } => Some((&d.name, to, trim)),
        _ => None,
    });
    rules
        .map(|(name, to, trim)| facts(name, sample, to, trim.as_ref()))
        .collect()
}

fn facts(name: &str, sample: &Sample, to: &Margins, trim: Option<&Trim>) -> RakedFacts {
    let mut facts = RakedFacts {
        weight: name.to_owned(),
        rows: 0,
        passes: None,
        smallest: None,
        largest: None,
        trimmed: 0,
        margins: Vec::new(),
        note: None,
    };
    let raked = match rake(sample, to, trim) {
        Ok(raked) => raked,
        Err(why) => {
            facts.note = Some(why);
            return facts;
        }
    };
    let has = |row: &usize| raked.weights.get(*row).is_some_and(Option::is_some);
    let rows: Vec<usize> = (0..sample.rows()).filter(has).collect();
    let weights: Vec<f64> = raked.weights.iter().flatten().copied().collect();
    facts.rows = rows.len() as u64;
    facts.passes = Some(raked.passes);
    facts.trimmed = raked.trimmed;
    facts.smallest = weights.iter().copied().reduce(f64::min);
    facts.largest = weights.iter().copied().reduce(f64::max);
    for margin in margins(sample, to, &rows).unwrap_or_default() {
        let (before, after) = (margin.found(&vec![1.0; rows.len()]), margin.found(&weights));
        let levels = margin
            .levels
            .iter()
            .zip(&margin.shares)
            .zip(before.iter().zip(&after));
        facts.margins.push(RakedMargin {
            levels: levels
                .map(|((level, registered), (unweighted, weighted))| RakedLevel {
                    level: level.clone(),
                    registered: *registered,
                    unweighted: *unweighted,
                    weighted: *weighted,
                })
                .collect(),
            factor: margin.name,
        });
    }
    facts
}
