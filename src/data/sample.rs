//! The rows and columns that the rest of the house sees: plain vectors, no polars.

use super::parallel;
use crate::plan::Expr;
use crate::plan::expression::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Typed columns of the registered and derived variables, row by row.
///
/// A copy shares its columns with the original.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// For each row, the 1-based line of the data file on which it begins.
    pub lines: Vec<u64>,
    pub columns: BTreeMap<String, Arc<Column>>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Column {
    /// Codes are positions in `levels`, which are the registered ones in their order.
    Factor {
        levels: Vec<String>,
        codes: Vec<Option<u32>>,
    },
    Number(Vec<Option<f64>>),
    Text(Vec<Option<String>>),
}

impl Sample {
    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(name).map(Arc::as_ref)
    }

    /// The sample with only the rows for which `keep` is true.
    pub fn filter(&self, keep: &[bool]) -> Sample {
        if keep.iter().all(|k| *k) {
            return self.clone();
        }
        let columns: Vec<(&String, &Arc<Column>)> = self.columns.iter().collect();
        let kept = parallel::over(columns.len(), &|position| {
            let (name, column) = columns.get(position)?;
            Some(((*name).clone(), Arc::new(column.filter(keep))))
        });
        Sample {
            lines: retain(&self.lines, keep),
            columns: kept.into_iter().flatten().collect(),
        }
    }

    /// A cell as an expression sees it.
    pub fn value(&self, column: &str, row: usize) -> Value<'_> {
        self.column(column).map_or(Value::Missing, |c| c.value(row))
    }

    /// What `read` makes of an expression's value in each row.
    pub fn evaluate<R: Send>(&self, expression: &Expr, read: &(dyn Fn(Value<'_>) -> R + Sync)) -> Vec<R> {
        let names = expression.columns();
        let columns: Vec<(&str, Option<&Column>)> = names
            .iter()
            .map(|name| (name.as_str(), self.column(name)))
            .collect();
        parallel::rows(self.rows(), &|row| {
            let value = |name: &str| {
                let found = columns.iter().find(|(n, _)| *n == name);
                found
                    .and_then(|(_, c)| *c)
                    .map_or(Value::Missing, |c| c.value(row))
            };
            read(expression.evaluate(&value))
        })
    }
}

impl Column {
    pub fn value(&self, row: usize) -> Value<'_> {
        match self {
            Column::Factor { levels, codes } => codes
                .get(row)
                .copied()
                .flatten()
                .and_then(|code| levels.get(code as usize))
                .map_or(Value::Missing, |level| Value::Text(level)),
            Column::Number(values) => values
                .get(row)
                .copied()
                .flatten()
                .map_or(Value::Missing, Value::Number),
            Column::Text(values) => values
                .get(row)
                .and_then(Option::as_deref)
                .map_or(Value::Missing, Value::Text),
        }
    }

    /// The level in a row, of a column that has levels.
    pub fn level(&self, row: usize) -> Option<&str> {
        match self.value(row) {
            Value::Text(level) => Some(level),
            _ => None,
        }
    }

    pub fn is_missing(&self, row: usize) -> bool {
        self.value(row) == Value::Missing
    }

    fn filter(&self, keep: &[bool]) -> Column {
        match self {
            Column::Factor { levels, codes } => Column::Factor {
                levels: levels.clone(),
                codes: retain(codes, keep),
            },
            Column::Number(values) => Column::Number(retain(values, keep)),
            Column::Text(values) => Column::Text(retain(values, keep)),
        }
    }
}

fn retain<T: Clone>(values: &[T], keep: &[bool]) -> Vec<T> {
    values
        .iter()
        .zip(keep)
        .filter(|(_, k)| **k)
        .map(|(v, _)| v.clone())
        .collect()
}
