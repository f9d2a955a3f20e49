//! Restricted cells of a design: which combinations of assigned levels can occur, and how often.
//!
//! Profiles are drawn by the registered probabilities and drawn again while they are in a forbidden cell:
//! P(profile) ∝ Π P(level) over the allowed ones (Hainmueller, Hopkins & Yamamoto 2014, doi:10.1093/pan/mpt024).
//! A registered `probability` is therefore that before the restriction; a level's share after it is [`shares`].

use super::{Probability, Shares, VariablePlan};
use std::collections::{BTreeMap, BTreeSet};

/// Factor → level.
pub type Cell = BTreeMap<String, String>;
/// Factors with their levels, and the probability of the combination.
pub type Profile<'p> = (BTreeMap<&'p str, &'p str>, f64);
type Variables = BTreeMap<String, VariablePlan>;

/// More combinations than this of factors that restrict each other are refused.
pub const LIMIT: usize = 100_000;

/// The factors that forbidden cells tie to `factor`, over one another, itself among them.
pub fn linked<'p>(forbidden: &'p [Cell], factor: &'p str) -> BTreeSet<&'p str> {
    let mut found = BTreeSet::from([factor]);
    loop {
        let before = found.len();
        for cell in forbidden {
            if cell.keys().any(|f| found.contains(f.as_str())) {
                found.extend(cell.keys().map(String::as_str));
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Whether some levels together make up a forbidden cell.
pub fn is_forbidden<'l>(forbidden: &[Cell], level: impl Fn(&str) -> Option<&'l str>) -> bool {
    forbidden
        .iter()
        .any(|cell| cell.iter().all(|(factor, l)| level(factor) == Some(l)))
}

/// How many combinations of the levels of these factors there are, allowed or not.
pub fn combinations(factors: &BTreeSet<&str>, variables: &Variables) -> usize {
    let levels = |f: &&str| variables.get(*f).map_or(1, |v| v.levels.names.len());
    factors.iter().map(levels).fold(1, usize::saturating_mul)
}

/// Every allowed combination of these factors' levels with its probability among them. To be the design's own,
/// the factors must hold all that are [`linked`] to any of them. Nothing if one was not assigned, or not alike in every block.
pub fn profiles<'p>(
    forbidden: &[Cell],
    factors: &BTreeSet<&'p str>,
    variables: &'p Variables,
) -> Vec<Profile<'p>> {
    let mut all: Vec<Profile<'p>> = vec![(BTreeMap::new(), 1.0)];
    for factor in factors {
        let variable = variables.get(*factor);
        let own = variable.and_then(|v| v.probability.as_ref());
        let Some(probability) = own.and_then(Probability::same) else {
            return Vec::new();
        };
        let levels = variable.map_or(&[][..], |v| &v.levels.names);
        all = all
            .iter()
            .flat_map(|(profile, p)| {
                levels.iter().map(move |level| {
                    let mut profile = profile.clone();
                    profile.insert(factor, level.as_str());
                    (profile, p * probability.get(level).copied().unwrap_or(0.0))
                })
            })
            .filter(|(profile, p)| *p > 0.0 && !is_forbidden(forbidden, |f| profile.get(f).copied()))
            .collect();
    }
    let total: f64 = all.iter().map(|(_, p)| p).sum();
    all.iter_mut().for_each(|(_, p)| *p /= total);
    all
}

/// The share of each level of an assigned factor after the restriction; nothing if it was not assigned.
pub fn shares(forbidden: &[Cell], factor: &str, variables: &Variables) -> Option<Probability> {
    let own = variables.get(factor)?.probability.as_ref()?;
    let tied = linked(forbidden, factor);
    let (Probability::Same(levels), true) = (own, tied.len() > 1) else {
        return Some(own.clone());
    };
    let mut shares: Shares = levels.keys().map(|level| (level.clone(), 0.0)).collect();
    for (profile, p) in profiles(forbidden, &tied, variables) {
        if let Some(share) = profile.get(factor).and_then(|level| shares.get_mut(*level)) {
            *share += p;
        }
    }
    Some(Probability::Same(shares))
}

/// `regime = autocracy, treaty = formal`
pub fn words(cell: &Cell) -> String {
    let pairs: Vec<String> = cell.iter().map(|(f, l)| format!("{f} = {l}")).collect();
    pairs.join(", ")
}
