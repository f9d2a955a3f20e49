//! Fisher's exact test of a table of any size.

use super::{Direct, no_variation, too_few};
use crate::design::Refusal;
use crate::diagnostic::codes;
use std::collections::BTreeMap;

/// More partial tables than this are not looked at.
const LIMIT: usize = 20_000_000;
/// Tables nearer than this in the logarithm of their probability count as equally likely, as in R.
const SAME: f64 = 1e-7;

/// The probability, given the margins, of all tables that are no likelier than the observed one (Freeman & Halton 1951,
/// doi:10.1093/biomet/38.1-2.141).
///
/// Column by column; partial tables that leave the same row sums, in whatever order, and are equally likely go on together,
/// and the last two columns are summed up from their sorted completions. R's `fisher.test`, held to it
/// (`tests/direct_oracle.rs`). `counts` are r rows of c cells.
///
/// # Errors
/// E002 for fewer than two rows or columns; E009 for a row or column without counts; E015 where there are more than
/// 20 million partial tables.
pub fn fisher_exact(counts: &[Vec<f64>]) -> Result<Direct, Refusal> {
    within(counts, LIMIT)
}

fn within(counts: &[Vec<f64>], limit: usize) -> Result<Direct, Refusal> {
    let columns = counts.first().map_or(0, Vec::len);
    if counts.len() < 2 || columns < 2 {
        return Err(too_few("the table has fewer than two rows or columns"));
    }
    let whole = |sum: f64| sum as usize;
    let of_row: Vec<usize> = counts.iter().map(|row| whole(row.iter().sum())).collect();
    let of_column: Vec<usize> = (0..columns)
        .map(|c| whole(counts.iter().map(|row| row[c]).sum()))
        .collect();
    if of_row.iter().chain(&of_column).any(|sum| *sum == 0) {
        return Err(no_variation("a row or a column of the table has no counts"));
    }
    let (short, mut long) = if of_row.len() <= of_column.len() {
        (of_row, of_column)
    } else {
        (of_column, of_row)
    };
    long.sort_unstable();
    let ln = factorials(short.iter().sum());
    let margins: f64 = short.iter().chain(&long).map(|s| ln[*s]).sum::<f64>() - ln[ln.len() - 1];
    let observed: f64 = counts.iter().flatten().map(|cell| ln[whole(*cell)]).sum();
    let mut search = Search {
        ln: &ln,
        looked: 0,
        limit,
        observed,
    };
    let p = search.run(sorted(short), &long, margins)?;
    let method = "Fisher's exact test: all tables with these margins that are no likelier";
    Ok(Direct {
        statistic: None,
        ..Direct::new("", f64::NAN, p.min(1.0), method)
    })
}

/// ln 0!, …, ln n!
fn factorials(n: usize) -> Vec<f64> {
    let mut all = vec![0.0; n + 1];
    for i in 1..=n {
        all[i] = all[i - 1] + (i as f64).ln();
    }
    all
}

fn sorted(mut sums: Vec<usize>) -> Vec<usize> {
    sums.sort_unstable();
    sums
}

/// Partial tables by Σ ln x!, kept to 1e-10: how many there are, and the sum itself.
type Ways = BTreeMap<i64, (f64, f64)>;

fn put(ways: &mut Ways, sum: f64, count: f64) {
    ways.entry((sum * 1e10).round() as i64).or_insert((sum, 0.0)).1 += count;
}

struct Search<'a> {
    ln: &'a [f64],
    looked: usize,
    limit: usize,
    /// Σ ln x! of the observed table: the larger it is, the less likely.
    observed: f64,
}

impl Search<'_> {
    fn run(&mut self, rows: Vec<usize>, columns: &[usize], margins: f64) -> Result<f64, Refusal> {
        let (first, last) = columns.split_at(columns.len() - 2);
        let mut states: BTreeMap<Vec<usize>, Ways> = BTreeMap::new();
        states.insert(rows, Ways::from([(0, (0.0, 1.0))]));
        for column in first {
            let mut next: BTreeMap<Vec<usize>, Ways> = BTreeMap::new();
            for (rows, ways) in &states {
                self.fill(rows, *column, ways.len(), &mut |left, sum| {
                    let of = next.entry(sorted(left.to_vec())).or_default();
                    for (so_far, count) in ways.values() {
                        put(of, so_far + sum, *count);
                    }
                })?;
            }
            states = next;
        }
        let mut p = 0.0;
        for (rows, ways) in &states {
            let (ln, mut ends) = (self.ln, Vec::new());
            self.fill(rows, last[0], 1, &mut |left, sum| {
                ends.push(sum + left.iter().map(|x| ln[*x]).sum::<f64>());
            })?;
            // The least likely first; the probability up to each, in units of the likeliest.
            ends.sort_by(|a, b| b.total_cmp(a));
            let unit = ends.last().copied().unwrap_or(0.0);
            let mut up_to = vec![0.0];
            for end in &ends {
                up_to.push(up_to[up_to.len() - 1] + (unit - end).exp());
            }
            for (so_far, count) in ways.values() {
                let enough = self.observed - SAME - so_far;
                let reached = ends.partition_point(|end| *end >= enough);
                p += count * (margins - so_far - unit).exp() * up_to[reached];
            }
        }
        Ok(p)
    }

    /// Every way to fill a column: the row sums that are left, and Σ ln x!.
    fn fill(
        &mut self,
        rows: &[usize],
        column: usize,
        cost: usize,
        visit: &mut dyn FnMut(&[usize], f64),
    ) -> Result<(), Refusal> {
        let mut left = rows.to_vec();
        self.from(&mut left, 0, column, (0.0, cost), visit)
    }

    /// Fills the column's cells from row `at` on.
    fn from(
        &mut self,
        left: &mut [usize],
        at: usize,
        rest: usize,
        (sum, cost): (f64, usize),
        visit: &mut dyn FnMut(&[usize], f64),
    ) -> Result<(), Refusal> {
        self.looked += cost;
        if self.looked > self.limit {
            let message = "more than 20 million partial tables have these margins: `chi_squared` is for tables of this size";
            return Err(Refusal::new(codes::NOT_DEFINED, message));
        }
        let Some(whole) = left.get(at).copied() else {
            visit(left, sum);
            return Ok(());
        };
        let room: usize = left.iter().skip(at + 1).sum();
        for x in rest.saturating_sub(room)..=rest.min(whole) {
            left[at] = whole - x;
            self.from(left, at + 1, rest - x, (sum + self.ln[x], cost), visit)?;
        }
        left[at] = whole;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_table_is_refused_and_not_waited_for() {
        let table: Vec<Vec<f64>> = (0..4)
            .map(|r| (0..4).map(|c| f64::from(9 + r * c)).collect())
            .collect();
        let refused = within(&table, 10_000).unwrap_err();
        assert_eq!(refused.code, codes::NOT_DEFINED);
    }

    #[test]
    fn two_by_two_is_the_hypergeometric() {
        // Fisher's tea: 34/70.
        let p = fisher_exact(&[vec![3.0, 1.0], vec![1.0, 3.0]]).unwrap().p_value;
        assert!((p - 34.0 / 70.0).abs() < 1e-12, "{p}");
    }
}
