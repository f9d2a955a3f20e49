//! From the file's rows and columns to those that the codebook types.

use super::table::Table;
use super::{checkboxes, display_order};
use crate::diagnostic::Diagnostic;
use crate::spec::shape::Shape;

/// Makes the columns that the pipeline gathers from others.
///
/// # Errors
/// A003, A004 and A017 for the columns that they are made of.
pub fn shape(mut table: Table, file: &str, shape: &Shape) -> Result<Table, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    for (name, spec) in &shape.checkboxes {
        errors.extend(checkboxes::gather(&mut table, file, name, spec).err());
    }
    for (name, spec) in &shape.display_order {
        errors.extend(display_order::gather(&mut table, file, name, spec).err());
    }
    if errors.is_empty() { Ok(table) } else { Err(errors) }
}
