//! 4 COLLECTED: from the raw file to the analysed sample, every step counted. The only polars room.

mod analyse;
mod collect;
mod dates;
mod decimal;
mod delimited;
mod derive;
mod levels;
mod read;
mod sample;
mod table;
#[cfg(test)]
mod tests;
mod typing;

pub use analyse::{Analysed, analyse, assignment, collection, forbidden};
pub use collect::{Collected, collect, repeated};
pub use derive::derive;
pub use read::read;
pub use sample::{Column, Sample};
pub use table::Table;
