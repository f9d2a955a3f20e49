//! A data file held to the codebook, without running anything on it.

use super::Failure;
use super::gather::{self, Checked};
use crate::data::{self, Collected};
use crate::diagnostic::Diagnostic;
use crate::record::{CodebookFacts, CodebookKind};
use crate::source::Source;
use crate::spec::fields::Findings;
use crate::spec::pipeline::{self, Mapping, Reading};
use crate::spec::shape::Shape;
use crate::spec::yaml;
use std::path::Path;

/// What a data file looks like to its codebook.
pub struct Inspected {
    pub collected: Collected,
    /// Warnings about the file, what the codebook does not know, and, if asked for, columns that may identify people.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether every cell is as registered, and no column looks as if it identified people.
    pub holds: bool,
}

/// Reads `file` as the pipeline would, if there is one, and holds it to the registration's codebook.
pub fn inspect(
    checked: &Checked,
    file: &Path,
    pipeline: Option<&Path>,
    privacy: bool,
) -> Result<Inspected, Failure> {
    let name = file.to_string_lossy().replace('\\', "/");
    let source = Source::read(file, &name, gather::DATA_LIMIT)?;
    let (reading, shape, mapping) = match pipeline {
        Some(path) => request(path, file)?,
        None => (Reading::default(), Shape::default(), Mapping::default()),
    };
    let table = data::shape(data::read(&source, &reading)?, &name, &shape)?;
    let lowered = &checked.lowered;
    let collected = data::collect(&table, &name, &mapping, &lowered.plan, &lowered.wording)?;
    let mut diagnostics = table.warnings.clone();
    diagnostics.extend(collected.warnings.iter().cloned());
    let flagged = data::flagged(&table, &data::analyse(&collected, &lowered.plan).sample);
    diagnostics.extend(data::flagged_warnings(&flagged, &name));
    let mut holds = collected.codebook.is_empty();
    let deviant =
        |c: &&CodebookFacts| !matches!(c.kind, CodebookKind::PatternMismatch | CodebookKind::NotWhole);
    diagnostics.extend(
        collected
            .codebook
            .iter()
            .filter(deviant)
            .map(data::codebook_warning),
    );
    if privacy {
        let personal = data::privacy(&table, &name);
        holds &= personal.is_empty();
        diagnostics.extend(personal);
    }
    Ok(Inspected {
        collected,
        diagnostics,
        holds,
    })
}

/// The pipeline's mapping, and how it reads the file if it is the pipeline's own.
fn request(path: &Path, file: &Path) -> Result<(Reading, Shape, Mapping), Failure> {
    let name = path.to_string_lossy().replace('\\', "/");
    let source = Source::read(path, &name, yaml::SIZE_LIMIT)?;
    let found = Findings::default();
    let request = pipeline::read(&yaml::parse(&source)?, &found);
    let Some(data) = request.data else {
        return Err(Failure::from(found.into_vec()));
    };
    let own = path.parent().unwrap_or(Path::new("")).join(&data.path.value) == file;
    let reading = if own { data.reading } else { Reading::default() };
    Ok((reading, data.shape, data.mapping))
}

/// Columns of the pipeline's data that may identify people.
pub fn personal(pipeline: &Path) -> Result<Vec<Diagnostic>, Failure> {
    let name = pipeline.to_string_lossy().replace('\\', "/");
    let source = Source::read(pipeline, &name, yaml::SIZE_LIMIT)?;
    let found = Findings::default();
    let request = pipeline::read(&yaml::parse(&source)?, &found);
    let Some(data) = request.data else {
        return Err(Failure::from(found.into_vec()));
    };
    let path = pipeline.parent().unwrap_or(Path::new("")).join(&data.path.value);
    let source = Source::read(&path, &data.path.value, gather::DATA_LIMIT)?;
    let table = data::read(&source, &data.reading)?;
    Ok(data::privacy(&table, &source.name))
}
