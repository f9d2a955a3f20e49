//! 4 COLLECTED: from the raw file to the analysed sample, every step counted. The only polars room.

mod among;
mod analyse;
mod arms;
mod arrow_file;
mod attrition;
mod cells;
mod checkboxes;
mod codebook;
mod collect;
mod dates;
mod decimal;
mod delimited;
mod derive;
mod display_order;
mod excel;
mod flagged;
mod foreign;
mod join;
mod levels;
mod long;
mod moment;
mod parallel;
mod privacy;
mod read;
mod repeats;
mod sample;
mod shape;
mod spss;
mod stata;
mod table;
#[cfg(test)]
mod tests;
mod typing;

pub use analyse::{Analysed, analyse, assignment, collection, forbidden};
pub use attrition::attrition;
pub use cells::Cells;
pub use codebook::warning as codebook_warning;
pub use collect::{Collected, collect, repeated, wanted};
pub use derive::derive_more;
pub use flagged::{flagged, flagged_warnings};
pub use join::Joined;
pub use privacy::privacy;
pub use read::{Wanted, read, read_columns};
pub use sample::{Column, Sample};
pub use shape::shape;
pub use table::Table;
