//! Why a study could not be run.

use crate::diagnostic::Diagnostic;

/// Everything that is wrong at once.
#[derive(Clone, Debug)]
pub struct Failure {
    pub diagnostics: Vec<Diagnostic>,
    /// `Some(false)` if it was checked and does not hold; nothing if it could not be checked.
    pub holds: Option<bool>,
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Failure {
            diagnostics,
            holds: None,
        }
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Failure::from(vec![diagnostic])
    }
}

impl Failure {
    pub(super) fn with(mut self, more: Vec<Diagnostic>) -> Self {
        self.diagnostics.extend(more);
        self
    }
}
