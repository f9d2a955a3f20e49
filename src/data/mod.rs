//! 4 COLLECTED: from the raw file to the analysed sample, every step counted. The only polars room.

mod analyse;
mod collect;
mod dates;
mod derive;
mod read;
mod sample;
mod scan;
#[cfg(test)]
mod tests;
mod typing;

pub use analyse::{Analysed, analyse, assignment, collection};
pub use collect::{Collected, collect};
pub use read::{Table, read};
pub use sample::{Column, Sample};
