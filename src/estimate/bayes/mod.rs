//! Bayes factors of a point null against a registered prior: of a t with the JZS prior, of an estimate with a normal one.

mod jzs;
mod normal;

pub use jzs::jzs;
pub use normal::normal;

/// The side of the null on which the prior lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Both,
    Above,
    Below,
}
