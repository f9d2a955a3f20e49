//! 10 SHOWN: one self-contained HTML file, the tables beside it, and the words of the terminal's summary.

mod anonymous;
mod arms;
mod beside;
mod claims;
mod collected;
mod contents;
mod contingencies;
mod design;
mod disclosures;
mod document;
mod estimand;
mod evidence;
mod exploratory;
mod figures;
mod hypotheses;
mod losses;
mod mixed;
mod number;
mod page;
mod paper;
mod raking;
mod recorded;
mod reliability;
mod summary;
mod tables;
mod twin;
mod words;

pub use anonymous::anonymous;
pub use disclosures::draft;
pub use document::{markdown, text};
pub use page::{figures as figure_files, html};
pub use paper::tables as paper_tables;
pub use summary::{HypothesisLine, Summary, summary};
pub use tables::{deviations_csv, record_json, tests_csv};

/// Why a report could not be rendered.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error("template: {0}")]
    Template(#[from] tera::Error),
    #[error("record: {0}")]
    Record(#[from] serde_json::Error),
}
