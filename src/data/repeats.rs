//! Rows that repeat the value of an earlier row.

use super::parallel;
use super::sample::Column;
use crate::plan::expression::Value;
use std::hash::{DefaultHasher, Hash, Hasher};

/// For each row, whether an earlier one has the same value. A missing value is the same as no other.
pub(super) fn repeats(column: &Column) -> Vec<bool> {
    let rows = match column {
        Column::Factor { codes, .. } => codes.len(),
        Column::Number(values) => values.len(),
        Column::Text(values) => values.len(),
    };
    let keys = parallel::rows(rows, &|row| key(&column.value(row)).map(|key| (key, row)));
    let mut again = vec![false; rows];
    for (_, row) in repeated(keys.into_iter().flatten().collect(), &|a, b| {
        column.value(a) == column.value(b)
    }) {
        if let Some(again) = again.get_mut(row) {
            *again = true;
        }
    }
    again
}

/// Equal values have equal keys; a key is no proof that they are equal.
fn key(value: &Value<'_>) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Text(text) => text.hash(&mut hasher),
        // Zero has two signs.
        Value::Number(number) => (number + 0.0).to_bits().hash(&mut hasher),
        Value::Truth(truth) => truth.hash(&mut hasher),
        Value::Missing => return None,
    }
    Some(hasher.finish())
}

/// The rows that are the same as an earlier one.
fn repeated(mut keys: Vec<(u64, usize)>, same: &dyn Fn(usize, usize) -> bool) -> Vec<(u64, usize)> {
    keys.sort_unstable();
    let mut found = Vec::new();
    for alike in keys.chunk_by(|(a, _), (b, _)| a == b) {
        // The first row of each value; more than one only where two values share a key.
        let mut first: Vec<usize> = Vec::new();
        for (key, row) in alike {
            if first.iter().any(|f| same(*f, *row)) {
                found.push((*key, *row));
            } else {
                first.push(*row);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_after_the_first_of_its_value_repeats_it() {
        let text = |t: &str| (!t.is_empty()).then(|| t.to_owned());
        let column = Column::Text(["b", "a", "b", "", "", "b", "c"].map(text).into());
        assert_eq!(repeats(&column), [false, false, true, false, false, true, false]);
        let column = Column::Number(vec![Some(0.0), Some(-0.0), None, Some(1.0), None, Some(1.0)]);
        assert_eq!(repeats(&column), [false, true, false, false, false, true]);
    }

    #[test]
    fn different_values_of_one_key_do_not_repeat_each_other() {
        let values = ["a", "b", "a", "b", "c"];
        let keys = (0..5).map(|row| (7, row)).collect();
        let rows: Vec<usize> = repeated(keys, &|a, b| values[a] == values[b])
            .into_iter()
            .map(|(_, row)| row)
            .collect();
        assert_eq!(rows, [2, 3]);
    }
}
