//! The rows of each arm, step by step.

use super::sample::{Column, Sample};
use crate::plan::Plan;
use crate::record::{ArmFlow, ArmStep};

/// Counts that are taken while rows leave.
pub(super) struct Arms {
    factors: Vec<Factor>,
}

struct Factor {
    flow: ArmFlow,
    /// Each row's position in `flow.levels`.
    arms: Vec<usize>,
}

impl Arms {
    /// All collected rows, by every factor that was assigned.
    pub fn new(sample: &Sample, plan: &Plan) -> Arms {
        let assigned = plan.variables.iter().filter(|(_, v)| v.probability.is_some());
        let factors = assigned.filter_map(|(name, _)| match sample.column(name) {
            Some(Column::Factor { levels, codes }) => Some(Factor::new(name, levels, codes)),
            _ => None,
        });
        let mut arms = Arms {
            factors: factors.collect(),
        };
        arms.step("collected", &vec![true; sample.rows()]);
        arms
    }

    /// The rows that stay after a step.
    pub fn step(&mut self, step: &str, keep: &[bool]) {
        for factor in &mut self.factors {
            let mut rows = vec![0; factor.flow.levels.len()];
            for (arm, _) in factor.arms.iter().zip(keep).filter(|(_, kept)| **kept) {
                if let Some(count) = rows.get_mut(*arm) {
                    *count += 1;
                }
            }
            let before = factor.flow.steps.last().map(|s| s.rows.clone());
            factor.flow.steps.push(ArmStep {
                step: step.to_owned(),
                dropped: before.map(|b| b.iter().zip(&rows).map(|(b, r): (&u64, &u64)| b - r).collect()),
                rows,
            });
        }
    }

    pub fn flow(self) -> Vec<ArmFlow> {
        self.factors.into_iter().map(|f| f.flow).collect()
    }
}

impl Factor {
    fn new(name: &str, levels: &[String], codes: &[Option<u32>]) -> Factor {
        let arms = codes
            .iter()
            .map(|code| code.and_then(|c| usize::try_from(c).ok()).unwrap_or(levels.len()));
        let mut named: Vec<Option<String>> = levels.iter().cloned().map(Some).collect();
        if codes.iter().any(Option::is_none) {
            named.push(None);
        }
        Factor {
            flow: ArmFlow {
                factor: name.to_owned(),
                levels: named,
                steps: Vec::new(),
            },
            arms: arms.collect(),
        }
    }
}
