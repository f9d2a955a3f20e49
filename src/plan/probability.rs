//! How a factor's levels were drawn: alike for every row, or by the row's own block.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Level → probability. They sum to one.
pub type Shares = BTreeMap<String, f64>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Probability {
    Same(Shares),
    Blocked(Blocked),
}

/// Probabilities that differ by the levels of a variable that was settled before the draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocked {
    pub by: String,
    pub blocks: BTreeMap<String, Shares>,
}

impl Probability {
    /// The shares of every row, if they are the same.
    pub fn same(&self) -> Option<&Shares> {
        match self {
            Probability::Same(shares) => Some(shares),
            Probability::Blocked(_) => None,
        }
    }

    pub fn blocked(&self) -> Option<&Blocked> {
        match self {
            Probability::Same(_) => None,
            Probability::Blocked(blocked) => Some(blocked),
        }
    }

    /// The shares of a row; `value` is its level of a variable. Nothing where its block is unknown.
    pub fn of<'v>(&self, value: impl FnOnce(&str) -> Option<&'v str>) -> Option<&Shares> {
        match self {
            Probability::Same(shares) => Some(shares),
            Probability::Blocked(blocked) => blocked.blocks.get(value(&blocked.by)?),
        }
    }

    /// Every set of shares that a row may have.
    pub fn each(&self) -> impl Iterator<Item = &Shares> {
        let (same, blocked) = (self.same(), self.blocked());
        same.into_iter()
            .chain(blocked.into_iter().flat_map(|b| b.blocks.values()))
    }

    /// `control 0.5, treated 0.5`; by blocks `by site: north control 0.5, …; south …`.
    pub fn words(&self) -> String {
        let of = |shares: &Shares| {
            let each: Vec<String> = shares.iter().map(|(l, p)| format!("{l} {p}")).collect();
            each.join(", ")
        };
        match self {
            Probability::Same(shares) => of(shares),
            Probability::Blocked(Blocked { by, blocks }) => {
                let each: Vec<String> = blocks
                    .iter()
                    .map(|(b, shares)| format!("{b}: {}", of(shares)))
                    .collect();
                format!("by {by}: {}", each.join("; "))
            }
        }
    }

    /// Whether a level is drawn nowhere.
    pub fn never(&self, level: &str) -> bool {
        self.each().all(|shares| shares.get(level) == Some(&0.0))
    }
}
