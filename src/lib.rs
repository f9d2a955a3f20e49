//! `asregistered` tells whether an empirical study was analysed as registered.
#![forbid(unsafe_code)]

pub mod archive;
pub mod claims;
pub mod cli;
pub mod data;
pub mod design;
pub mod deviation;
pub mod diagnostic;
pub mod digest;
pub mod estimate;
pub mod inference;
pub mod lock;
pub mod plan;
pub mod record;
pub mod report;
pub mod run;
pub mod simulate;
pub mod source;
pub mod spec;
