//! What was displayed first, second, …, from the columns in which a survey platform's randomiser lists it (`FL_12_DO`).

use super::table::{ColumnFacts, Table};
use super::typing::Changes;
use crate::diagnostic::Diagnostic;
use crate::record::CellRule;
use crate::spec::shape::DisplayOrder;

/// Puts the variable beside the columns of the file, with an account of its cells.
///
/// # Errors
/// A003 and A004 for its column.
pub(super) fn gather(
    table: &mut Table,
    file: &str,
    name: &str,
    spec: &DisplayOrder,
) -> Result<(), Diagnostic> {
    let position = table.position(&spec.of, file)?;
    let nth = usize::try_from(spec.position.value.saturating_sub(1)).unwrap_or(usize::MAX);
    let mut changes = Changes::default();
    let cells: Vec<String> = table
        .texts(position)
        .map(|listed| {
            let listed = listed.trim();
            let shown = listed.split('|').nth(nth).unwrap_or_default().trim();
            if shown != listed {
                let to = Some(shown).filter(|s| !s.is_empty());
                changes.add(CellRule::DisplayOrder, listed, to, 1);
            }
            shown.to_owned()
        })
        .collect();
    table.changes.extend(changes.facts(name, &spec.of.value));
    let made = ColumnFacts {
        made_of: Some(position),
        ..ColumnFacts::default()
    };
    table.append(name, &cells, made);
    Ok(())
}
