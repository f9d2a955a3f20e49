//! The twin run: each departure by itself, and their combinations, beside the plan as registered.
//!
//! A test's numbers depend only on the departures that touch it, so that a combination is run once for all
//! combinations that differ elsewhere. Steegen et al. (2016), doi:10.1177/1745691616658637; Simonsohn, Simmons &
//! Nelson (2020), doi:10.1038/s41562-020-0912-z.

use super::diff::FieldChange;
use super::effects::{numbers, touched};
use super::hybrid::{ground, hybrid};
use super::units::{Unit, name, units};
use crate::inference::{self, Outcomes};
use crate::plan::Plan;
use crate::record::{
    Alone, AloneTest, Curve, Flip, HypothesisCurve, HypothesisVerdict, Specification, TestCurve, TestResult,
};
use std::collections::{BTreeMap, BTreeSet};

/// More departures than this are run one by one, not in every combination.
const COMBINED: usize = 10;
/// More fits of 1,500 rows than this are not run; one that draws counts for many.
const WORK: u64 = 3_500;
/// The longest list of specifications that a record holds.
const LISTED: usize = 1_024;

/// A combination of departures, a bit each.
type Mask = u32;

/// Runs tests under a plan: the whole plan, and which of its tests are wanted.
pub type Runner<'r> = dyn FnMut(&Plan, &BTreeSet<String>) -> BTreeMap<String, TestResult> + 'r;

/// What the departures did.
#[derive(Clone, Debug, Default)]
pub struct Twins {
    /// By the names of what is run together.
    pub(super) alone: Vec<(Vec<String>, Alone)>,
    pub(super) curve: Option<Curve>,
}

impl Twins {
    /// Other rows than the plan's, as one departure that several deviations tell.
    pub fn of_rows(&mut self, codes: &[&str], registered: &Outcomes, with: &Outcomes) {
        let flips = registered.hypotheses.iter().filter_map(|(id, (before, _))| {
            let (after, _) = with.hypotheses.get(id).filter(|(after, _)| after != before)?;
            Some(Flip {
                hypothesis: id.clone(),
                as_registered: *before,
                with: *after,
            })
        });
        let tests = registered.tests.iter().filter_map(|(id, before)| {
            let (before, after) = (
                numbers(before),
                with.tests.get(id).map(numbers).unwrap_or_default(),
            );
            (before != after).then(|| AloneTest {
                test: id.clone(),
                as_registered: before,
                with: after,
            })
        });
        let alone = Alone {
            together_with: Vec::new(),
            flips: flips.collect(),
            tests: tests.collect(),
        };
        let names = codes.iter().map(|code| name(code, "data.analysed")).collect();
        self.alone.push((names, alone));
    }

    /// What a deviation did by itself, with those that cannot be made without it.
    pub(super) fn alone(&self, code: &str, of: &str) -> Option<Alone> {
        let own = [name(code, of), name(code, &format!("tests.{of}"))];
        let is = |names: &Vec<String>| names.iter().any(|n| own.contains(n));
        let (names, alone) = self.alone.iter().find(|(names, _)| is(names))?;
        Some(Alone {
            together_with: names.iter().filter(|n| !own.contains(n)).cloned().collect(),
            ..alone.clone()
        })
    }
}

/// Runs every departure that touches a registered test or hypothesis. `rows` is what a run of one test costs.
pub fn twins(
    promised: &Plan,
    requested: &Plan,
    changes: &[FieldChange],
    rows: u64,
    run: &mut Runner<'_>,
) -> Twins {
    let found: Vec<Unit<'_>> = units(promised, requested, changes);
    if found.is_empty() || found.len() > Mask::BITS as usize - 1 {
        return Twins::default();
    }
    let mut study = Study::new(promised, requested, found);
    let all = study.whole();
    let singles: Vec<Mask> = (0..study.units.len()).map(|unit| 1 << unit).collect();
    let (masks, note) = study.combinations(rows);
    study.fill(
        std::iter::once(0).chain(singles.iter().copied()).chain([all]),
        run,
    );
    study.fill(masks.iter().copied(), run);
    let each = singles.iter().zip(&study.units);
    let alone = each
        .map(|(mask, unit)| (unit.names.clone(), study.alone(*mask)))
        .collect();
    let curve = (study.units.len() > 1).then(|| study.curve(&masks, note));
    Twins { alone, curve }
}

struct Study<'a> {
    promised: &'a Plan,
    requested: &'a Plan,
    ground: Plan,
    units: Vec<Unit<'a>>,
    /// Registered test → the departures that touch it.
    bears: BTreeMap<String, Mask>,
    /// Nothing where a combination cannot run it.
    results: BTreeMap<(String, Mask), Option<TestResult>>,
}

impl<'a> Study<'a> {
    fn new(promised: &'a Plan, requested: &'a Plan, units: Vec<Unit<'a>>) -> Study<'a> {
        let mut bears: BTreeMap<String, Mask> = BTreeMap::new();
        for id in promised.tests.keys() {
            bears.insert(id.clone(), 0);
        }
        for (position, unit) in units.iter().enumerate() {
            for change in &unit.changes {
                for id in touched(change, promised, requested) {
                    if let Some(mask) = bears.get_mut(&id) {
                        *mask |= 1 << position;
                    }
                }
            }
        }
        Study {
            promised,
            requested,
            ground: ground(promised, requested),
            units,
            bears,
            results: BTreeMap::new(),
        }
    }

    fn whole(&self) -> Mask {
        (0..self.units.len()).fold(0, |mask, unit| mask | 1 << unit)
    }

    /// Every combination, or why only some.
    fn combinations(&self, rows: u64) -> (Vec<Mask>, Option<String>) {
        let few = || {
            let singles = (0..self.units.len()).map(|unit| 1 << unit);
            std::iter::once(0).chain(singles).chain([self.whole()]).collect()
        };
        if self.units.len() > COMBINED {
            let why = format!(
                "{} departures: each by itself and all together; the combinations of up to {COMBINED} are run",
                self.units.len()
            );
            return (few(), Some(why));
        }
        let mut fits: BTreeMap<&str, u64> = BTreeMap::new();
        for (id, mask) in &self.bears {
            let model = self.promised.tests.get(id).map_or("", |test| test.model.as_str());
            let most = fits.entry(model).or_default();
            *most = (*most).max((1u64 << mask.count_ones()) * self.cost(id));
        }
        let work: u64 = fits.values().sum::<u64>() * rows.div_ceil(1_500);
        if work > WORK {
            let why = String::from(
                "each departure by itself and all together; to run every combination would take too long",
            );
            return (few(), Some(why));
        }
        ((0..=self.whole()).collect(), None)
    }

    fn cost(&self, id: &str) -> u64 {
        let plans = [self.promised, self.requested].into_iter();
        let draws = plans.filter_map(|plan| {
            let test = plan.tests.get(id)?;
            let model = plan.models.get(&test.model)?;
            let resampled = plan.family_of(id).is_some_and(|(_, f)| f.adjust.resamples());
            let drawn = model.bootstrap.is_some() || test.randomization.is_some() || resampled;
            Some(if drawn || !model.formula.random.is_empty() {
                100
            } else {
                1
            })
        });
        draws.max().unwrap_or(1)
    }

    fn plan(&self, mask: Mask) -> Plan {
        let chosen = self
            .units
            .iter()
            .enumerate()
            .filter(|(unit, _)| mask & (1 << unit) != 0);
        let changes: Vec<&FieldChange> = chosen
            .flat_map(|(_, unit)| unit.changes.iter().copied())
            .collect();
        hybrid(&self.ground, self.promised, self.requested, &changes)
    }

    /// Runs what is not known yet, combinations that share their rows one after the other.
    fn fill(&mut self, masks: impl Iterator<Item = Mask>, run: &mut Runner<'_>) {
        let of_rows = self
            .units
            .iter()
            .enumerate()
            .filter(|(_, unit)| unit.moves_rows());
        let rows = of_rows.fold(0, |mask, (position, _)| mask | 1 << position);
        let mut masks: Vec<Mask> = masks.collect();
        masks.sort_by_key(|mask| (mask & rows, *mask));
        masks.dedup();
        for mask in masks {
            let needed: BTreeSet<String> = self
                .bears
                .iter()
                .filter(|(id, bears)| !self.results.contains_key(&((*id).clone(), mask & **bears)))
                .map(|(id, _)| id.clone())
                .collect();
            if needed.is_empty() {
                continue;
            }
            let mut found = run(&self.plan(mask), &needed);
            for (id, bears) in &self.bears {
                let result = found.remove(id);
                if result.is_some() || needed.contains(id) {
                    self.results.entry((id.clone(), mask & bears)).or_insert(result);
                }
            }
        }
    }

    fn result(&self, id: &str, mask: Mask) -> Option<&TestResult> {
        let bears = self.bears.get(id)?;
        self.results.get(&(id.to_owned(), mask & bears))?.as_ref()
    }

    /// The registered hypotheses as a combination would judge them; one that it drops is judged by no rule.
    fn verdicts(&self, mask: Mask) -> BTreeMap<String, HypothesisVerdict> {
        let found = inference::verdicts(&self.plan(mask), &|id| {
            self.result(id, mask).and_then(|r| r.rejects)
        });
        let own = found.into_iter().map(|(id, (verdict, _))| (id, verdict));
        own.filter(|(id, _)| self.promised.hypotheses.contains_key(id))
            .collect()
    }

    fn alone(&self, mask: Mask) -> Alone {
        let (before, after) = (self.verdicts(0), self.verdicts(mask));
        let flips = before.iter().filter_map(|(id, registered)| {
            let with = after.get(id).filter(|with| *with != registered)?;
            Some(Flip {
                hypothesis: id.clone(),
                as_registered: *registered,
                with: *with,
            })
        });
        let tests = self.bears.iter().filter(|(_, bears)| **bears & mask != 0);
        let tests = tests.filter_map(|(id, _)| {
            let registered = numbers(self.result(id, 0)?);
            let with = self.result(id, mask).map(numbers).unwrap_or_default();
            (registered != with).then(|| AloneTest {
                test: id.clone(),
                as_registered: registered,
                with,
            })
        });
        Alone {
            together_with: Vec::new(),
            flips: flips.collect(),
            tests: tests.collect(),
        }
    }

    fn curve(&self, masks: &[Mask], note: Option<String>) -> Curve {
        let moved = self.bears.iter().filter(|(_, bears)| bears.count_ones() > 1);
        let mut tests: Vec<TestCurve> = moved.map(|(id, bears)| self.of_test(id, *bears, masks)).collect();
        if tests.iter().map(|t| t.specifications.len()).sum::<usize>() > LISTED {
            tests.iter_mut().for_each(|t| t.specifications.clear());
        }
        Curve {
            departures: self.units.iter().map(|unit| unit.names.join(", ")).collect(),
            hypotheses: self.of_hypotheses(masks),
            tests,
            note,
        }
    }

    fn of_hypotheses(&self, masks: &[Mask]) -> Vec<HypothesisCurve> {
        let verdicts: Vec<(Mask, BTreeMap<String, HypothesisVerdict>)> =
            masks.iter().map(|mask| (*mask, self.verdicts(*mask))).collect();
        let registered = self.verdicts(0);
        registered
            .into_iter()
            .map(|(id, own)| {
                let of = |mask: &BTreeMap<String, HypothesisVerdict>| mask.get(&id).copied();
                let count = |verdict| verdicts.iter().filter(|(_, v)| of(v) == Some(verdict)).count() as u64;
                let flipping = verdicts.iter().filter(|(_, v)| of(v).is_some_and(|v| v != own));
                let first = flipping
                    .map(|(mask, _)| *mask)
                    .min_by_key(|mask| (mask.count_ones(), *mask));
                HypothesisCurve {
                    as_registered: own,
                    corroborated: count(HypothesisVerdict::Corroborated),
                    contradicted: count(HypothesisVerdict::Contradicted),
                    inconclusive: count(HypothesisVerdict::Inconclusive),
                    first_flip: first.map(positions),
                    hypothesis: id,
                }
            })
            .collect()
    }

    fn of_test(&self, id: &str, bears: Mask, masks: &[Mask]) -> TestCurve {
        let own: BTreeSet<Mask> = masks.iter().map(|mask| mask & bears).collect();
        let mut specifications: Vec<Specification> = own
            .iter()
            .map(|mask| {
                let result = self.result(id, *mask);
                Specification {
                    departures: positions(*mask),
                    estimate: result.and_then(|r| r.estimate),
                    conf_low: result.and_then(|r| r.conf_low),
                    conf_high: result.and_then(|r| r.conf_high),
                    p_value: result.and_then(|r| r.p_adjusted.or(r.p_value)),
                    rejects: result.and_then(|r| r.rejects),
                }
            })
            .collect();
        let key = |s: &Specification| s.estimate.unwrap_or(f64::INFINITY);
        specifications.sort_by(|a, b| key(a).total_cmp(&key(b)));
        let estimates = || specifications.iter().filter_map(|s| s.estimate);
        let p_values = || specifications.iter().filter_map(|s| s.p_value);
        TestCurve {
            test: id.to_owned(),
            combinations: own.len() as u64,
            run: p_values().count() as u64,
            rejects: specifications.iter().filter(|s| s.rejects == Some(true)).count() as u64,
            estimate_min: estimates().min_by(f64::total_cmp),
            estimate_max: estimates().max_by(f64::total_cmp),
            p_min: p_values().min_by(f64::total_cmp),
            p_max: p_values().max_by(f64::total_cmp),
            specifications,
        }
    }
}

/// The positions of a combination's departures, from 1.
fn positions(mask: Mask) -> Vec<u64> {
    let set = (0..Mask::BITS).filter(|bit| mask & (1 << bit) != 0);
    set.map(|bit| u64::from(bit) + 1).collect()
}
