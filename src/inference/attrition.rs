//! Whether as many rows were lost in one arm as in another.

use crate::estimate::direct::{chi_squared, fisher_exact};
use crate::plan::{Allocation, Plan};
use crate::record::AttritionFacts;

/// Pearson's χ² of levels × (observed, lost), without Yates' correction; Fisher's exact test where a count is expected
/// below 5 (Cochran 1954, doi:10.2307/3001666). Levels without rows have no part. R's `chisq.test(correct = FALSE)` and
/// `fisher.test` (tests/oracle/attrition.R).
///
/// None where whole clusters were assigned, or a unit has several rows: their losses come together, and rows as such
/// would call chance a difference.
pub fn attrition(facts: &mut AttritionFacts, plan: &Plan) {
    if !by_row(plan) {
        return;
    }
    let counts: Vec<Vec<f64>> = facts
        .levels
        .iter()
        .filter(|l| l.collected > 0)
        .map(|l| vec![l.observed as f64, (l.excluded + l.missing) as f64])
        .collect();
    let column = |c: usize| counts.iter().filter_map(|row| row.get(c)).sum::<f64>();
    let of_row = counts.iter().map(|row| row.iter().sum::<f64>());
    let fewest = of_row.fold(f64::INFINITY, f64::min) * column(0).min(column(1)) / (column(0) + column(1));
    if fewest >= 5.0 {
        let Ok(found) = chi_squared(&counts, false) else {
            return;
        };
        facts.test = Some(String::from("chi_squared"));
        facts.statistic = found.statistic.map(|(_, value)| value);
        facts.df = found.df.first().copied();
        facts.p_value = Some(found.p_value);
    } else if let Ok(found) = fisher_exact(&counts) {
        facts.test = Some(String::from("fisher_exact"));
        facts.p_value = Some(found.p_value);
    }
}

/// Whether each row was assigned by itself.
fn by_row(plan: &Plan) -> bool {
    let clustered = plan.design.allocation == Allocation::Clustered;
    !clustered && !plan.design.kind.has_several_rows()
}
