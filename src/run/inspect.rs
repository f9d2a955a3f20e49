//! A data file held to the codebook, without running anything on it.

use super::Failure;
use super::gather::{self, Checked, Inputs};
use crate::data::{self, Collected, Joined};
use crate::diagnostic::Diagnostic;
use crate::record::{CodebookFacts, CodebookKind};
use crate::source::Source;
use crate::spec::fields::Findings;
use crate::spec::pipeline::{self, DataSpec, Mapping, Reading};
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
    let request = pipeline
        .map(|path| request(path, file))
        .transpose()?
        .unwrap_or_default();
    let joined = request.shape.join.iter().zip(&request.joined);
    let joined: Vec<Joined<'_>> = joined.map(|(spec, source)| Joined { spec, source }).collect();
    let table = data::read(&source, &request.reading)?;
    let table = data::shape(table, &name, &request.shape, &joined)?;
    let mapping = request.mapping;
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

/// What a pipeline says of a file.
#[derive(Default)]
struct Request {
    reading: Reading,
    shape: Shape,
    joined: Vec<Source>,
    mapping: Mapping,
}

/// The pipeline's mapping, and how it reads the file if it is the pipeline's own.
fn request(path: &Path, file: &Path) -> Result<Request, Failure> {
    let (data, folder) = data_of(path)?;
    let own = folder.join(&data.path.value) == file;
    Ok(Request {
        joined: joined(&data, folder)?,
        reading: if own { data.reading } else { Reading::default() },
        shape: data.shape,
        mapping: data.mapping,
    })
}

fn data_of(path: &Path) -> Result<(DataSpec, &Path), Failure> {
    let name = path.to_string_lossy().replace('\\', "/");
    let source = Source::read(path, &name, yaml::SIZE_LIMIT)?;
    let found = Findings::default();
    let request = pipeline::read(&yaml::parse(&source)?, &found);
    let folder = path.parent().unwrap_or(Path::new(""));
    match request.data {
        Some(data) => Ok((data, folder)),
        None => Err(Failure::from(found.into_vec())),
    }
}

fn joined(data: &DataSpec, folder: &Path) -> Result<Vec<Source>, Failure> {
    let read = |path: &str| Source::read(&folder.join(path), path, gather::DATA_LIMIT);
    let joined: Result<Vec<Source>, Diagnostic> = data
        .shape
        .join
        .iter()
        .map(|join| read(&join.path.value))
        .collect();
    Ok(joined?)
}

/// Columns of a run's data that may identify people: of the bytes that were analysed, not of the files as they are now.
pub fn personal(inputs: &Inputs) -> Result<Vec<Diagnostic>, Failure> {
    let found = Findings::default();
    let request = pipeline::read(&yaml::parse(&inputs.pipeline)?, &found);
    let Some(data) = request.data else {
        return Err(Failure::from(found.into_vec()));
    };
    let joined = data
        .shape
        .join
        .iter()
        .map(|join| &join.reading)
        .zip(&inputs.joined);
    let mut warnings = Vec::new();
    for (reading, source) in std::iter::once((&data.reading, &inputs.data)).chain(joined) {
        warnings.extend(data::privacy(&data::read(source, reading)?, &source.name));
    }
    Ok(warnings)
}
