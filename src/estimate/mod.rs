//! 6 NUMBERS: least squares and its variances. faer and statrs live here.

pub mod mixed;
mod ols;
pub mod tails;
mod vcov;

pub use ols::{Fit, fit, least_squares};
pub use vcov::vcov;
