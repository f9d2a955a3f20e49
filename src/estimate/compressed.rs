//! Least squares on the different rows of a large design, each with how often it occurs.
//!
//! Factors and whole numbers take few values: a million rows may be a few hundred different ones. With X̃ the c different rows
//! times √n_c and Sᵢ the sum of the outcome over a row's copies, β solves R′R β = Σᵢ xᵢSᵢ where X̃ = QR; refined by the residual
//! sums Sᵢ − nᵢxᵢβ, which are carried with their rounding errors, so that β has the digits that the rows themselves give
//! (Björck 1967, doi:10.1007/BF01939321). Held to [`super::ols::least_squares`] on the rows in this file's tests.

use super::ols::{Factored, REFINEMENTS, Solution, Sum};
use std::collections::BTreeMap;

/// Fewer rows are left as they are.
const ROWS: usize = 50_000;
/// A column with more different values has hardly a row twice.
const VALUES: usize = 4_096;
/// Rows that must share a cell on average.
const SHARED: usize = 8;

/// One value for each different row, and which of them each row has.
#[derive(Clone, Debug)]
pub struct Shared<T> {
    values: Vec<T>,
    of: Option<std::sync::Arc<Vec<u32>>>,
}

impl<T> Shared<T> {
    /// A value of its own for every row.
    pub fn each(values: Vec<T>) -> Shared<T> {
        Shared { values, of: None }
    }

    pub fn get(&self, row: usize) -> Option<&T> {
        match &self.of {
            Some(of) => self.values.get(*of.get(row)? as usize),
            None => self.values.get(row),
        }
    }

    pub fn rows(&self) -> usize {
        self.of.as_ref().map_or(self.values.len(), |of| of.len())
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.rows()).filter_map(|row| self.get(row))
    }
}

impl<T> std::ops::Index<usize> for Shared<T> {
    type Output = T;

    #[expect(clippy::expect_used, reason = "as a vector's index")]
    fn index(&self, row: usize) -> &T {
        self.get(row).expect("a row of the design")
    }
}

/// The different rows of a design.
pub(super) struct Cells {
    /// For each row, its cell.
    of: Vec<u32>,
    counts: Vec<f64>,
    /// Column by column, one value a cell.
    x: Vec<Vec<f64>>,
}

/// The different rows, if there are few of them.
pub(super) fn cells(x: &[Vec<f64>]) -> Option<Cells> {
    let rows = x.first().map_or(0, Vec::len);
    if rows < ROWS {
        return None;
    }
    few(x, rows / SHARED)
}

fn few(x: &[Vec<f64>], limit: usize) -> Option<Cells> {
    let rows = x.first().map_or(0, Vec::len);
    let mut of = vec![0u32; rows];
    let mut count = 1usize;
    for column in x {
        let codes = coded(column)?;
        let values = codes.iter().max().map_or(0, |m| *m as usize + 1);
        // Cells are numbered by their first rows.
        let mut number = vec![u32::MAX; count.checked_mul(values)?];
        let mut next = 0u32;
        for (cell, code) in of.iter_mut().zip(&codes) {
            let number = number.get_mut(*cell as usize * values + *code as usize)?;
            if *number == u32::MAX {
                *number = next;
                next += 1;
            }
            *cell = *number;
        }
        count = next as usize;
        if count > limit {
            return None;
        }
    }
    let mut counts = vec![0.0; count];
    let mut first = vec![usize::MAX; count];
    for (row, cell) in of.iter().enumerate() {
        *counts.get_mut(*cell as usize)? += 1.0;
        let first = first.get_mut(*cell as usize)?;
        *first = (*first).min(row);
    }
    let x = x
        .iter()
        .map(|column| first.iter().filter_map(|row| column.get(*row).copied()).collect());
    // Fewer cells than columns: which of these depend on others is for the rows to say.
    (count >= x.len()).then(|| Cells {
        x: x.collect(),
        of,
        counts,
    })
}

/// For each row, the number of its value among the column's; nothing if there are many.
fn coded(column: &[f64]) -> Option<Vec<u32>> {
    let mut numbers: BTreeMap<u64, u32> = BTreeMap::new();
    let mut last = (0u64, u32::MAX);
    let codes = column.iter().map(|value| {
        let bits = value.to_bits();
        if last.0 != bits || last.1 == u32::MAX {
            let next = numbers.len() as u32;
            last = (bits, *numbers.entry(bits).or_insert(next));
        }
        (numbers.len() <= VALUES).then_some(last.1)
    });
    codes.collect()
}

/// The solution for all rows by their cells. Columns that depend on others are named by their positions.
pub(super) fn solved(cells: Cells, y: &[f64]) -> Result<Solution, Vec<usize>> {
    let roots: Vec<f64> = cells.counts.iter().map(|n| n.sqrt()).collect();
    let times = |values: &[f64], by: &[f64]| values.iter().zip(by).map(|(v, b)| v * b).collect::<Vec<f64>>();
    let x: Vec<Vec<f64>> = cells.x.iter().map(|column| times(column, &roots)).collect();
    let mut sums: Vec<Sum> = cells.counts.iter().map(|_| Sum::default()).collect();
    for (cell, y) in cells.of.iter().zip(y) {
        sums[*cell as usize].add(*y, 1.0);
    }
    let factored = Factored::new(&x)?;
    let means: Vec<f64> = sums
        .iter()
        .zip(&roots)
        .map(|(s, root)| s.total() / root)
        .collect();
    let mut coefficients = factored.coefficients(&means);
    let counted: Vec<Vec<f64>> = cells
        .x
        .iter()
        .map(|column| times(column, &cells.counts))
        .collect();
    for _ in 0..REFINEMENTS {
        let open: Vec<f64> = (0..sums.len())
            .map(|cell| {
                let mut sum = sums[cell].clone();
                for (column, b) in counted.iter().zip(&coefficients) {
                    sum.add(-column[cell], *b);
                }
                sum.total()
            })
            .collect();
        let gradient: Vec<f64> = cells
            .x
            .iter()
            .map(|column| super::ols::dot(column, &open))
            .collect();
        let step = factored.normal(&gradient);
        coefficients.iter_mut().zip(step).for_each(|(b, s)| *b += s);
    }
    let fitted: Vec<Sum> = (0..sums.len())
        .map(|cell| {
            let mut sum = Sum::default();
            for (column, b) in cells.x.iter().zip(&coefficients) {
                sum.add(-column[cell], *b);
            }
            sum
        })
        .collect();
    let residuals = cells.of.iter().zip(y).map(|(cell, y)| {
        let mut sum = fitted[*cell as usize].clone();
        sum.add(*y, 1.0);
        sum.total()
    });
    let residuals = residuals.collect();
    let inverse = factored.inverse();
    let of = std::sync::Arc::new(cells.of);
    let by_root = |rows: Vec<Vec<f64>>| Shared {
        values: rows
            .into_iter()
            .zip(&roots)
            .map(|(row, root)| row.into_iter().map(|v| v / root).collect())
            .collect(),
        of: Some(of.clone()),
    };
    let leverage = factored
        .leverage()
        .into_iter()
        .zip(&cells.counts)
        .map(|(h, n)| h / n);
    Ok(Solution {
        coefficients,
        residuals,
        influence: by_root(factored.influence(&inverse)),
        leverage: Shared {
            values: leverage.collect(),
            of: Some(of.clone()),
        },
        bread: factored.bread(&inverse),
        basis: by_root(factored.basis()),
        from_basis: factored.out_of_basis(&inverse),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::ols;

    /// Two factors, their product, a whole number and its square far from zero.
    fn design(rows: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
        let mut state = 7u64;
        let mut next = |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % bound
        };
        let mut x = vec![Vec::new(); 6];
        let mut y = Vec::new();
        for _ in 0..rows {
            let (a, b, age) = (next(3) as f64, next(2) as f64, 1_000.0 + next(40) as f64);
            let values = [1.0, f64::from(a == 1.0), f64::from(a == 2.0), b, age, age * age];
            x.iter_mut().zip(values).for_each(|(column, v)| column.push(v));
            y.push(3.0 + 0.5 * a - b + 0.01 * age + next(1_000) as f64 / 250.0);
        }
        (x, y)
    }

    #[test]
    fn the_rows_and_their_cells_have_one_solution() {
        let (x, y) = design(4_000);
        let cells = few(&x, x[0].len() / SHARED).unwrap();
        assert!(cells.counts.len() <= 240 && cells.counts.iter().sum::<f64>() == 4_000.0);
        let (rows, cells) = (ols::by_rows(&x, &y).unwrap(), solved(cells, &y).unwrap());
        let near = |a: f64, b: f64, size: f64| assert!((a - b).abs() <= 1e-9 * size, "{a} {b}");
        for (a, b) in rows.coefficients.iter().zip(&cells.coefficients) {
            near(*a, *b, a.abs());
        }
        let size = |v: &[f64]| v.iter().fold(0.0f64, |m, v| m.max(v.abs()));
        for row in 0..4_000 {
            near(rows.residuals[row], cells.residuals[row], 1.0);
            near(rows.leverage[row], cells.leverage[row], rows.leverage[row]);
            for (a, b) in rows.influence[row].iter().zip(&cells.influence[row]) {
                near(*a, *b, size(&rows.influence[row]));
            }
        }
        for (a, b) in rows.bread.iter().flatten().zip(cells.bread.iter().flatten()) {
            near(*a, *b, a.abs());
        }
    }

    #[test]
    fn what_has_many_different_rows_or_too_few_is_left_alone() {
        let (mut x, y) = design(4_000);
        assert!(cells(&x).is_none(), "few rows");
        x.push(x[1].clone());
        let dependent = few(&x, 500).unwrap();
        assert_eq!(solved(dependent, &y).unwrap_err().len(), 1);
        x.push((0..4_000).map(f64::from).collect());
        assert!(few(&x, 500).is_none(), "every row is different");
        assert!(
            few(&[vec![1.0; 10], vec![2.0; 10]], 5).is_none(),
            "fewer cells than columns"
        );
    }
}
