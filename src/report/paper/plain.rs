//! CSV, as it is printed: the numbers in full stand in `tests.csv` and the record.

use super::Table;
use crate::report::tables::line;

pub(super) fn table(table: &Table) -> String {
    let head: Vec<String> = table.head.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut out = line(&head);
    for cells in &table.rows {
        out.push_str(&line(cells));
    }
    out
}
