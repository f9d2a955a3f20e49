//! Claims that are held to a finished run, beside those that its pipeline names.

use super::{Failure, Run};
use crate::claims;
use crate::diagnostic::Severity;
use crate::record::ClaimsRecord;
use crate::source::Source;
use crate::spec::fields::Findings;
use crate::spec::{claims as written, yaml};

/// Reads claims and holds them to a run.
pub fn claimed(run: &Run, source: &Source) -> Result<ClaimsRecord, Failure> {
    let found = Findings::default();
    let written = written::read(&yaml::parse(source)?, &found);
    let diagnostics = found.into_vec();
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Err(Failure::from(diagnostics));
    }
    Ok(claims::judge(source, &written, &run.record))
}

/// Reads the claims of a manuscript; what is wrong with them is found with the rest.
pub(super) fn read(source: &Source, found: &Findings) -> Option<written::Claims> {
    match yaml::parse(source) {
        Ok(root) => Some(written::read(&root, found)),
        Err(diagnostic) => {
            found.add(diagnostic);
            None
        }
    }
}
