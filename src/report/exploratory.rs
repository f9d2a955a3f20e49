//! Section 8: what was looked at beside the plan, visibly apart from what was promised.

use super::hypotheses::{Row, row};
use super::page::{ModelView, models};
use crate::record::Exploration;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct Section {
    registered: Option<String>,
    tests: Vec<Row>,
    models: Vec<ModelView>,
}

/// Nothing where nothing was explored and the registration says nothing of it.
pub(super) fn section(exploration: &Exploration) -> Option<Section> {
    let empty = exploration.tests.is_empty() && exploration.models.is_empty();
    (!empty || exploration.registered.is_some()).then(|| Section {
        registered: exploration.registered.as_ref().map(|text| text.trim().to_owned()),
        tests: exploration.tests.iter().map(row).collect(),
        models: models(&exploration.models),
    })
}
