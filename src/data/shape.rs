//! From the file's rows and columns to those that the codebook types: other files joined, rows made long, columns made.

use super::join::{self, Joined};
use super::table::Table;
use super::{checkboxes, display_order, long};
use crate::diagnostic::Diagnostic;
use crate::spec::shape::Shape;

/// Makes the rows and columns that the pipeline describes, in this order, with an account in the table.
///
/// # Errors
/// A003, A004, A011, A017 and A018 for what they cannot be made of.
pub fn shape(
    mut table: Table,
    file: &str,
    shape: &Shape,
    joined: &[Joined<'_>],
) -> Result<Table, Vec<Diagnostic>> {
    for joined in joined {
        join::join(&mut table, file, joined)?;
    }
    if let Some(spec) = &shape.long {
        table = long::long(table, file, spec)?;
    }
    let mut errors = Vec::new();
    for (name, spec) in &shape.checkboxes {
        errors.extend(checkboxes::gather(&mut table, file, name, spec).err());
    }
    for (name, spec) in &shape.display_order {
        errors.extend(display_order::gather(&mut table, file, name, spec).err());
    }
    if errors.is_empty() { Ok(table) } else { Err(errors) }
}
