//! Claims that are held to a finished run, beside those that its pipeline names.

use super::{Failure, Run};
use crate::claims;
use crate::diagnostic::{Diagnostic, Severity};
use crate::record::ClaimsRecord;
use crate::source::Source;
use crate::spec::fields::Findings;
use crate::spec::{claims as written, yaml};
use std::path::Path;

/// Reads a file of claims and holds it to a run.
pub fn claimed(run: &Run, path: &Path) -> Result<(ClaimsRecord, Vec<Diagnostic>), Failure> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let source = Source::read(path, &name, yaml::SIZE_LIMIT)?;
    let found = Findings::default();
    let written = written::read(&yaml::parse(&source)?, &found);
    let diagnostics = found.into_vec();
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Err(Failure::from(diagnostics));
    }
    Ok((claims::judge(&source, &written, &run.record), diagnostics))
}
