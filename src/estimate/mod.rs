//! 6 NUMBERS: least squares and its variances. faer and statrs live here.

pub mod likelihood;
pub mod multinomial;
mod newton;
mod ols;
pub mod ordered;
pub mod predictors;
pub mod tails;
mod vcov;

pub use ols::{Fit, fit, least_squares};
pub use vcov::vcov;
