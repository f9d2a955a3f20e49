//! One row: assignments by their probabilities, checks by their shares, outcomes by their linear expectation.

use super::Row;
use crate::diagnostic::{Diagnostic, codes};
use crate::digest::Digest;
use crate::plan::restriction::{self, Profile};
use crate::plan::{
    Allocation, Blocked, Expectation, Expectations, Plan, Probability, Role, VariablePlan, Window,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal, StandardUniform};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Text(String),
    Blank,
}

impl Eq for Cell {}

impl PartialOrd for Cell {
    fn partial_cmp(&self, other: &Cell) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Cell {
    fn cmp(&self, other: &Cell) -> std::cmp::Ordering {
        self.text().cmp(&other.text())
    }
}

impl Cell {
    pub fn text(&self) -> String {
        match self {
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => text.clone(),
            Cell::Blank => String::new(),
        }
    }
}

pub(super) struct Drawer<'a> {
    plan: &'a Plan,
    expected: &'a Expectations,
    streams: BTreeMap<&'a str, ChaCha20Rng>,
    days: i64,
    first: jiff::civil::Date,
    /// For each group of factors that forbidden cells tie to each other, their allowed combinations.
    profiles: Vec<Vec<Profile<'a>>>,
}

impl<'a> Drawer<'a> {
    pub fn new(plan: &'a Plan, expected: &'a Expectations, seed: [u8; 32]) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        for (name, variable) in &plan.variables {
            if variable.role == Role::Outcome && !expected.contains_key(name) {
                let message = format!("`design.expected` says nothing of the outcome `{name}`");
                let help =
                    "give it {base, sd, effects}: nothing can be drawn of an outcome that nobody expects";
                problems.push(Diagnostic::error(codes::EXPECTATION, message).help(help));
            }
        }
        for (outcome, expectation) in expected {
            if let Expectation::Linear { effects, .. } = expectation {
                for name in effects.keys().filter(|e| !is_effect(plan, e)) {
                    let message = format!("design.expected.{outcome}: no factor has the level of `{name}`");
                    let help = "an effect is named as in us_response[denounce]:regime[democracy], or by a number's name";
                    problems.push(Diagnostic::error(codes::EXPECTATION, message).help(help));
                }
            }
        }
        if !matches!(plan.design.allocation, Allocation::Independent | Allocation::None) {
            let message = "only independent allocations can be drawn by this version";
            let help = "the program refuses rather than draw another design than the registered one";
            problems.push(Diagnostic::error(codes::NOT_SUPPORTED, message).help(help));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let stream = |name: &str| {
            let mut own = seed.to_vec();
            own.extend_from_slice(name.as_bytes());
            ChaCha20Rng::from_seed(Digest::of(&own).seed())
        };
        let (first, days) = span(plan.design.collected.as_ref());
        let streams = plan
            .variables
            .keys()
            .map(|name| (name.as_str(), stream(name)))
            .collect();
        Ok(Drawer {
            plan,
            expected,
            streams,
            days,
            first,
            profiles: tied(plan),
        })
    }

    /// A row: what is assigned or measured before, then the outcomes, which the unfinished do not reach.
    pub fn row(&mut self) -> Row {
        let mut row = Row::new();
        let plan = self.plan;
        let outcomes = |v: &VariablePlan| v.role == Role::Outcome;
        for (name, variable) in plan.variables.iter().filter(|(_, v)| !outcomes(v)) {
            if blocked(variable).is_none() {
                let cell = self.simple(name, variable);
                row.insert(name.clone(), cell);
            }
        }
        self.restricted(&mut row);
        for (name, variable) in &plan.variables {
            if let Some(blocked) = blocked(variable) {
                let cell = self.within(name, blocked, &row);
                row.insert(name.clone(), cell);
            }
        }
        let unfinished = plan.variables.keys().any(|name| {
            name.eq_ignore_ascii_case("finished") && row.get(name) == Some(&Cell::Text(String::from("0")))
        });
        for (name, variable) in plan.variables.iter().filter(|(_, v)| outcomes(v)) {
            let noise = self.normal(name);
            let cell = match self.expected.get(name) {
                Some(Expectation::Linear { base, sd, effects }) if !unfinished => {
                    let mean = base
                        + effects
                            .iter()
                            .map(|(e, size)| size * product(e, &row))
                            .sum::<f64>();
                    fitted(mean + sd * noise, variable)
                }
                Some(Expectation::Normal { mean, sd }) if !unfinished => fitted(mean + sd * noise, variable),
                _ => Cell::Blank,
            };
            row.insert(name.clone(), cell);
        }
        row
    }

    /// Factors that forbidden cells tie to each other are drawn together, one of their allowed combinations.
    fn restricted(&mut self, row: &mut Row) {
        for profiles in &self.profiles {
            let Some((first, _)) = profiles.first() else {
                continue;
            };
            let Some(factor) = first.keys().next() else {
                continue;
            };
            let uniform = self
                .streams
                .get_mut(*factor)
                .map_or(0.5, |s| StandardUniform.sample(s));
            let Some(profile) = pick(uniform, profiles.iter().map(|(profile, p)| (profile, *p))) else {
                continue;
            };
            for (factor, level) in profile {
                row.insert((*factor).to_owned(), Cell::Text((*level).to_owned()));
            }
        }
    }

    /// A level by the probabilities of the row's own block.
    fn within(&mut self, name: &str, blocked: &Blocked, row: &Row) -> Cell {
        let uniform = self.uniform(name);
        let block = row.get(&blocked.by).map(Cell::text).unwrap_or_default();
        let shares = blocked.blocks.get(&block).into_iter().flatten();
        one(pick(uniform, shares.map(|(level, share)| (level, *share))))
    }

    fn simple(&mut self, name: &str, variable: &VariablePlan) -> Cell {
        if let Some(Expectation::Normal { mean, sd }) = self.expected.get(name) {
            let noise = self.normal(name);
            return fitted(mean + sd * noise, variable);
        }
        let uniform = self.uniform(name);
        let shares = match self.expected.get(name) {
            Some(Expectation::Shares(shares)) => Some(shares.clone()),
            _ => variable.probability.as_ref().and_then(Probability::same).cloned(),
        };
        match (variable.role, shares) {
            (_, Some(shares)) => one(pick(uniform, shares.iter().map(|(l, p)| (l, *p)))),
            (Role::Id, _) => Cell::Text(identifier(uniform, self.uniform(name))),
            (Role::Time, _) => Cell::Text(self.time(uniform)),
            _ if !variable.levels.is_empty() => {
                let share = 1.0 / variable.levels.names.len() as f64;
                one(pick(uniform, variable.levels.names.iter().map(|l| (l, share))))
            }
            _ => {
                let scale = variable
                    .scale
                    .and_then(|s| s.min.zip(s.max))
                    .unwrap_or((0.0, 1.0));
                let steps = if whole(variable) { 1.0 } else { 0.0 };
                let value = scale.0 + uniform * (scale.1 - scale.0 + steps);
                Cell::Number(if steps > 0.0 { value.floor() } else { value })
            }
        }
    }

    fn uniform(&mut self, name: &str) -> f64 {
        self.streams
            .get_mut(name)
            .map_or(0.5, |s| StandardUniform.sample(s))
    }

    fn normal(&mut self, name: &str) -> f64 {
        self.streams
            .get_mut(name)
            .map_or(0.0, |s| StandardNormal.sample(s))
    }

    fn time(&self, uniform: f64) -> String {
        let seconds = (uniform * (self.days * 86_400) as f64) as i64;
        let start = self.first.at(0, 0, 0, 0);
        let time = start
            .checked_add(jiff::Span::new().seconds(seconds))
            .unwrap_or(start);
        time.to_string().replace('T', " ")
    }
}

fn blocked(variable: &VariablePlan) -> Option<&Blocked> {
    variable.probability.as_ref()?.blocked()
}

fn tied(plan: &Plan) -> Vec<Vec<Profile<'_>>> {
    let forbidden = &plan.design.forbidden;
    let groups: BTreeSet<BTreeSet<&str>> = forbidden
        .iter()
        .filter_map(|cell| cell.keys().next())
        .map(|factor| restriction::linked(forbidden, factor))
        .collect();
    groups
        .iter()
        .map(|group| restriction::profiles(forbidden, group, &plan.variables))
        .collect()
}

/// The level that was drawn.
fn one(level: Option<&String>) -> Cell {
    Cell::Text(level.cloned().unwrap_or_default())
}

fn span(window: Option<&Window>) -> (jiff::civil::Date, i64) {
    let date = |text: &str| text.parse::<jiff::civil::Date>().ok();
    let ends = window.and_then(|w| date(&w.from).zip(date(&w.to)));
    let (from, to) = ends.unwrap_or((jiff::civil::date(2000, 1, 1), jiff::civil::date(2000, 1, 28)));
    let days = from.until(to).map(|s| i64::from(s.get_days())).unwrap_or(0);
    (from, days + 1)
}

fn identifier(a: f64, b: f64) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let hex = Digest::of(format!("{a}{b}").as_bytes());
    let bytes = hex.seed();
    let letters = bytes
        .iter()
        .take(15)
        .filter_map(|b| LETTERS.get(*b as usize % 62))
        .map(|l| char::from(*l));
    format!("R_{}", letters.collect::<String>())
}

fn pick<T>(uniform: f64, shares: impl Iterator<Item = (T, f64)>) -> Option<T> {
    let mut reached = 0.0;
    let mut last = None;
    for (level, share) in shares.filter(|(_, share)| *share > 0.0) {
        reached += share;
        last = Some(level);
        if uniform < reached {
            break;
        }
    }
    last
}

/// Whole numbers on a scale whose ends are whole.
fn whole(variable: &VariablePlan) -> bool {
    let ends = variable.scale.map(|s| [s.min, s.max]).unwrap_or_default();
    ends.iter().flatten().count() > 0 && ends.iter().flatten().all(|e| e.fract() == 0.0)
}

fn fitted(value: f64, variable: &VariablePlan) -> Cell {
    let value = if whole(variable) { value.round() } else { value };
    let scale = variable.scale;
    let low = scale.and_then(|s| s.min).unwrap_or(f64::NEG_INFINITY);
    let high = scale.and_then(|s| s.max).unwrap_or(f64::INFINITY);
    Cell::Number(value.max(low).min(high))
}

/// `us_response[denounce]:age` → whether the row has the level, times its age.
fn product(effect: &str, row: &Row) -> f64 {
    effect
        .split(':')
        .map(|part| match part.split_once('[') {
            Some((name, level)) => {
                let has = matches!(row.get(name), Some(Cell::Text(l)) if l == level.trim_end_matches(']'));
                if has { 1.0 } else { 0.0 }
            }
            None => match row.get(part) {
                Some(Cell::Number(number)) => *number,
                _ => 0.0,
            },
        })
        .product()
}

fn is_effect(plan: &Plan, effect: &str) -> bool {
    effect.split(':').all(|part| match part.split_once('[') {
        Some((name, level)) => plan
            .variables
            .get(name)
            .is_some_and(|v| v.levels.contains(level.trim_end_matches(']'))),
        None => plan.variables.get(part).is_some_and(|v| v.levels.is_empty()),
    })
}
