//! For whom and at which values a prediction is taken.

use crate::plan::Average;
use std::collections::BTreeMap;

/// Rows and levels of a prediction.
#[derive(Clone, Debug)]
pub struct Target<'a> {
    /// Factors set to a level for everybody.
    pub levels: BTreeMap<&'a str, &'a str>,
    /// Numbers set for everybody.
    pub numbers: BTreeMap<&'a str, f64>,
    /// Averaged over the rows with these levels.
    pub by: BTreeMap<&'a str, &'a str>,
    pub average: Average,
    /// All the settings of a comparison, of which `levels` is one: an average over the design runs over what goes with each.
    pub compared: Vec<BTreeMap<&'a str, &'a str>>,
}

impl<'a> Target<'a> {
    pub fn levels(levels: BTreeMap<&'a str, &'a str>, average: Average) -> Target<'a> {
        Target {
            levels,
            numbers: BTreeMap::new(),
            by: BTreeMap::new(),
            average,
            compared: Vec::new(),
        }
    }
}
