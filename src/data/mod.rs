//! 4 COLLECTED: from the raw file to the analysed sample, every step counted. The only polars room.

mod sample;

pub use sample::{Column, Sample};
