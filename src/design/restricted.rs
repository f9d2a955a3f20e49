//! What a restricted design leaves of a model's columns, and over what an average marginal component effect averages.
//!
//! A column that is zero, or a combination of others, in every profile that can occur is left out: it says nothing of
//! the cells that there are. An effect averages over the levels of the other factors that go with both compared levels
//! (Hainmueller, Hopkins & Yamamoto 2014, doi:10.1093/pan/mpt024, definition 3 and section 4; R's cjoint).

use super::coding::{Input, Part};
use super::{Design, Refusal, Target};
use crate::diagnostic::codes;
use crate::plan::restriction;
use crate::plan::{Average, Formula, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// A share of what is left of a column below this is rounding.
const DEPENDENT: f64 = 1e-9;

/// Factors that restrict each other, or one alone, and their combinations with their probabilities.
#[derive(Clone, Debug)]
pub struct Profiles {
    factors: BTreeSet<String>,
    /// Factor → level, and the probability; they sum to one.
    cells: Vec<(BTreeMap<String, String>, f64)>,
}

/// The combinations of levels that an average runs over, as level codes, with weights that sum to one.
pub(super) type Averaged<'d> = Vec<(BTreeMap<&'d str, u32>, f64)>;

/// The assigned factors of a formula, those together that restrict each other.
pub(super) fn profiles(plan: &Plan, formula: &Formula) -> Vec<Profiles> {
    let forbidden = &plan.design.forbidden;
    let groups: BTreeSet<BTreeSet<&str>> = formula
        .columns()
        .into_iter()
        .filter(|c| plan.variables.get(*c).is_some_and(|v| v.probability.is_some()))
        .map(|factor| restriction::linked(forbidden, factor))
        .collect();
    let own = |(cell, p): restriction::Profile<'_>| {
        let owned = |(f, l): (&str, &str)| (f.to_owned(), l.to_owned());
        (cell.into_iter().map(owned).collect(), p)
    };
    let of_group = |group: &BTreeSet<&str>| Profiles {
        factors: group.iter().map(|f| (*f).to_owned()).collect(),
        cells: restriction::profiles(forbidden, group, &plan.variables)
            .into_iter()
            .map(own)
            .collect(),
    };
    groups.iter().map(of_group).collect()
}

impl Design {
    /// Leaves out the columns that depend on those before them in every profile that can occur.
    pub(super) fn reduce(&mut self) {
        for group in self.profiles.clone().iter().filter(|g| g.factors.len() > 1) {
            let cells: Vec<BTreeMap<&str, u32>> = group
                .cells
                .iter()
                .filter_map(|(cell, _)| self.codes(cell))
                .collect();
            // Columns that are the same outside the group are compared within it.
            let mut kept: Vec<(Vec<Part>, Vec<Vec<f64>>)> = Vec::new();
            let mut keep = Vec::with_capacity(self.columns.len());
            for column in &self.columns {
                let (inside, outside): (Vec<Part>, Vec<Part>) =
                    column.parts.iter().cloned().partition(|p| group.holds(p));
                let values = cells.iter().map(|cell| product(&inside, cell)).collect();
                let position = kept.iter().position(|(o, _)| *o == outside);
                let position = position.unwrap_or_else(|| {
                    kept.push((outside, Vec::new()));
                    kept.len() - 1
                });
                let basis = kept.get_mut(position).map(|(_, basis)| basis);
                keep.push(basis.is_none_or(|basis| extends(basis, values)));
            }
            let mut keep = keep.into_iter();
            self.columns.retain(|_| keep.next().unwrap_or(true));
        }
    }

    /// For each group of factors, the combinations of those that are not set that go with every compared setting.
    ///
    /// # Errors
    /// E015 where none does.
    pub(super) fn averaged<'d>(&'d self, target: &Target<'d>) -> Result<Vec<Averaged<'d>>, Refusal> {
        self.profiles
            .iter()
            .map(|group| self.averaged_over(group, target))
            .collect()
    }

    fn averaged_over<'d>(
        &'d self,
        group: &'d Profiles,
        target: &Target<'d>,
    ) -> Result<Averaged<'d>, Refusal> {
        let compared: Vec<BTreeMap<&str, &str>> = if target.compared.is_empty() {
            vec![target.levels.clone()]
        } else {
            let with_settings = |cell: &BTreeMap<&'d str, &'d str>| {
                let mut all = target.levels.clone();
                all.extend(cell.iter().map(|(f, l)| (*f, *l)));
                all
            };
            target.compared.iter().map(with_settings).collect()
        };
        // How many of the compared settings each combination of the others goes with.
        let mut others: BTreeMap<BTreeMap<&str, u32>, (usize, f64)> = BTreeMap::new();
        for setting in &compared {
            let set = |factor: &str| setting.get(factor).copied();
            for (cell, probability) in &group.cells {
                let fits = |(f, l): (&String, &String)| set(f).is_none_or(|level| level == l);
                if !cell.iter().all(fits) {
                    continue;
                }
                let Some(codes) = self.codes(cell) else { continue };
                let free = codes.into_iter().filter(|(f, _)| set(f).is_none()).collect();
                let known = others.entry(free).or_insert((0, 0.0));
                known.0 += 1;
                known.1 += probability;
            }
        }
        let equally = target.average == Average::Balanced;
        let mut averaged: Averaged<'d> = others
            .into_iter()
            .filter(|(_, (count, _))| *count == compared.len())
            .map(|(cell, (_, probability))| (cell, if equally { 1.0 } else { probability }))
            .collect();
        let total: f64 = averaged.iter().map(|(_, w)| w).sum();
        if averaged.is_empty() || total <= 0.0 {
            let names: Vec<&str> = group.factors.iter().map(String::as_str).collect();
            let message = format!(
                "no profile is allowed with each of the compared levels: {}",
                names.join(", ")
            );
            return Err(Refusal::new(codes::NOT_DEFINED, message));
        }
        averaged.iter_mut().for_each(|(_, w)| *w /= total);
        Ok(averaged)
    }

    /// The mean of some parts over the groups' combinations, and the parts that are in no group.
    pub(super) fn over_profiles<'p>(
        &self,
        parts: &[&'p Part],
        averaged: &[Averaged<'_>],
    ) -> (f64, Vec<&'p Part>) {
        let mut rest = parts.to_vec();
        let mut mean = 1.0;
        for (group, cells) in self.profiles.iter().zip(averaged) {
            let (inside, outside): (Vec<&Part>, Vec<&Part>) = rest.into_iter().partition(|p| group.holds(p));
            rest = outside;
            if !inside.is_empty() {
                let inside: Vec<Part> = inside.into_iter().cloned().collect();
                mean *= cells
                    .iter()
                    .map(|(cell, w)| w * product(&inside, cell))
                    .sum::<f64>();
            }
        }
        (mean, rest)
    }

    /// Levels as the design codes them; nothing where no analysed row has one of them.
    fn codes<'c>(&self, cell: &'c BTreeMap<String, String>) -> Option<BTreeMap<&'c str, u32>> {
        cell.iter()
            .map(|(factor, level)| {
                let mut inputs = self.inputs.iter().filter(|(atom, _)| atom.column() == factor);
                inputs.find_map(|(_, input)| match input {
                    Input::Levels { names, .. } => {
                        let code = names.iter().position(|n| n == level)?;
                        Some((factor.as_str(), code as u32))
                    }
                    _ => None,
                })
            })
            .collect()
    }
}

impl Profiles {
    fn holds(&self, part: &Part) -> bool {
        match part {
            Part::Level { atom, .. } | Part::Coded { atom, .. } => self.factors.contains(atom.column()),
            Part::Number { .. } | Part::Basis { .. } | Part::Missing { .. } => false,
        }
    }
}

/// The product of parts in a cell.
fn product(parts: &[Part], cell: &BTreeMap<&str, u32>) -> f64 {
    let value = |part: &Part| match part {
        Part::Level { atom, level } => f64::from(u8::from(cell.get(atom.column()) == Some(level))),
        Part::Coded { atom, weights, .. } => {
            let code = cell.get(atom.column()).map(|code| *code as usize);
            code.and_then(|code| weights.get(code))
                .copied()
                .unwrap_or(f64::NAN)
        }
        Part::Number { .. } | Part::Basis { .. } | Part::Missing { .. } => f64::NAN,
    };
    parts.iter().map(value).product()
}

/// Adds a column to an orthonormal basis, if anything of it is left beside the basis.
fn extends(basis: &mut Vec<Vec<f64>>, mut column: Vec<f64>) -> bool {
    let norm = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
    let size = norm(&column);
    // Twice is enough (Giraud, Langou & Rozložník 2005, doi:10.1007/s00211-005-0615-4).
    for _ in 0..2 {
        for known in basis.iter() {
            let along: f64 = known.iter().zip(&column).map(|(a, b)| a * b).sum();
            column.iter_mut().zip(known).for_each(|(x, k)| *x -= along * k);
        }
    }
    let left = norm(&column);
    if left <= DEPENDENT * size || left == 0.0 {
        return false;
    }
    column.iter_mut().for_each(|x| *x /= left);
    basis.push(column);
    true
}
