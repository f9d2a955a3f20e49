//! From what was written to what it means.

use super::{Plan, Wording};
use crate::diagnostic::Place;
use std::collections::BTreeMap;

/// Dotted path of a plan field (`models.approval.vcov`) → where its author wrote it.
pub type Places = BTreeMap<String, Place>;

/// A plan with the words for people and the places it was written in.
#[derive(Clone, Debug)]
pub struct Lowered {
    pub plan: Plan,
    pub wording: Wording,
    pub places: Places,
}

pub fn lower() {}
