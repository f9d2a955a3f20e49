//! Everything a run reads, read once: the pipeline, the registration, its documents, the lock, the data.

use super::Failure;
use super::explore::{self, Explored};
use super::{claimed, ledger, request};
use crate::diagnostic::{Diagnostic, Place, Severity, codes};
use crate::digest::Digest;
use crate::lock::{self, Locked};
use crate::plan::lower::Places;
use crate::plan::{Lowered, Plan, lower};
use crate::source::Source;
use crate::spec::claims::Claims;
use crate::spec::fields::Findings;
use crate::spec::pipeline::Pipeline;
use crate::spec::yaml::{self, Node};
use crate::spec::{Located, pipeline, registration};
use std::path::{Component, Path, PathBuf};

/// The largest data file that is read.
pub(super) const DATA_LIMIT: u64 = 4 << 30;
/// The largest registered document that is read.
pub(super) const DOCUMENT_LIMIT: u64 = 256 << 20;

/// The files of a study, as they were read.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The folder of the pipeline. Never published.
    pub folder: PathBuf,
    pub pipeline: Source,
    pub registration: Source,
    pub documents: Vec<Source>,
    pub lock: Option<Source>,
    pub data: Source,
    /// What the manuscript says.
    pub claims: Option<Source>,
    /// The files that are joined to the data, in the pipeline's order.
    pub joined: Vec<Source>,
    /// What the authors analysed.
    pub analysed: Option<Source>,
    pub ledger: Option<Source>,
}

/// What the files mean.
pub(super) struct Gathered {
    pub inputs: Inputs,
    pub pipeline: Pipeline,
    /// The registration file as it stands.
    pub written: Lowered,
    /// The same with the pipeline's departures.
    pub requested: Lowered,
    pub explored: Option<Explored>,
    /// Where the departures stand.
    pub departures: Places,
    pub locked: Option<Locked>,
    pub claims: Option<Claims>,
    /// Warnings and notes; no errors.
    pub diagnostics: Vec<Diagnostic>,
    pub report: PathBuf,
    /// Where the ledger is, or would be.
    pub ledger: String,
}

/// A registration with its documents, read and lowered.
pub struct Checked {
    pub registration: Source,
    pub documents: Vec<Source>,
    pub lowered: Lowered,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and checks a registration by itself.
pub fn check(path: &Path) -> Result<Checked, Failure> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let source = Source::read(path, &name, yaml::SIZE_LIMIT)?;
    let found = Findings::default();
    let (lowered, _) = read_registration(&source, &found)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let documents = documents(&lowered, &folder, "", &found);
    let diagnostics = errors_fail(found)?;
    Ok(Checked {
        registration: source,
        documents,
        lowered: lowered.low,
        diagnostics,
    })
}

pub(super) fn gather(path: &Path) -> Result<Gathered, Failure> {
    let name = path
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let source = Source::read(path, &name, yaml::SIZE_LIMIT)?;
    let found = Findings::default();
    let request = pipeline::read(&yaml::parse(&source)?, &found);
    let report = report_path(&request, &found);
    let (Some(registration_at), Some(data)) = (&request.registration, &request.data) else {
        return Err(Failure::from(found.into_vec()));
    };
    let registration = read_at(registration_at, &folder, yaml::SIZE_LIMIT, &found);
    let joined = data.shape.join.iter();
    let joined: Vec<Source> = joined
        .filter_map(|join| read_at(&join.path, &folder, DATA_LIMIT, &found))
        .collect();
    let data = read_at(&data.path, &folder, DATA_LIMIT, &found);
    let (Some(registration), Some(data)) = (registration, data) else {
        return Err(Failure::from(found.into_vec()));
    };
    let (written, root) = match read_registration(&registration, &found) {
        Ok(read) => read,
        Err(failure) => return Err(failure.with(found.into_vec())),
    };
    let requested = request::request(
        &root,
        &written.low,
        request.analysis.as_ref(),
        &found,
        &source.name,
    );
    let inner = Path::new(&registration.name)
        .parent()
        .unwrap_or(Path::new(""))
        .to_owned();
    let inner_name = inner.to_string_lossy().replace('\\', "/");
    let documents = documents(&written, &folder.join(&inner), &inner_name, &found);
    let lock = lock_source(&request, &inner_name, &folder, &found);
    let claimed = request
        .claims
        .as_ref()
        .and_then(|path| read_at(path, &folder, yaml::SIZE_LIMIT, &found));
    let claims = claimed.as_ref().and_then(|source| claimed::read(source, &found));
    let spec = request.data.as_ref().and_then(|data| data.analysed.as_ref());
    let analysed = spec.and_then(|spec| read_at(&spec.path, &folder, DATA_LIMIT, &found));
    let ledger = ledger::path(&request, &inner_name);
    let recorded = ledger::source(&ledger, &folder, &found);
    unknown_mappings(&request, &requested.low, &found);
    let locked = lock.as_ref().map(opened).transpose();
    let explored = request.exploratory.as_ref().map(|node| {
        let promise = locked.as_ref().ok().and_then(Option::as_ref).map(Locked::plan);
        let plans: Vec<&Plan> = promise
            .into_iter()
            .chain([&written.low.plan, &requested.low.plan])
            .collect();
        explore::read(node, &requested, &plans, &found, &source.name)
    });
    let mut diagnostics = errors_fail(found)?;
    diagnostics.sort_by(|a, b| a.at.cmp(&b.at));
    let locked = locked?;
    let inputs = Inputs {
        folder,
        pipeline: source,
        registration,
        documents,
        lock,
        data,
        claims: claimed,
        joined,
        analysed,
        ledger: recorded,
    };
    Ok(Gathered {
        inputs,
        pipeline: request,
        written: written.low,
        requested: requested.low,
        explored,
        departures: requested.departures,
        locked,
        claims,
        diagnostics,
        report,
        ledger,
    })
}

/// A lock that contradicts itself was checked and does not hold; one that cannot be read was not checked.
fn opened(source: &Source) -> Result<Locked, Failure> {
    lock::open(source).map_err(|diagnostics| {
        let broken = diagnostics.iter().any(|d| d.code == codes::LOCK_BROKEN);
        Failure {
            holds: broken.then_some(false),
            diagnostics,
        }
    })
}

struct Read {
    low: Lowered,
    documents: Vec<Located<String>>,
}

fn read_registration(source: &Source, found: &Findings) -> Result<(Read, Node), Failure> {
    let root = yaml::parse(source)?;
    let written = registration::read(&root, found);
    let low = lower(&written, found);
    Ok((
        Read {
            low,
            documents: written.study.documents,
        },
        root,
    ))
}

fn errors_fail(found: Findings) -> Result<Vec<Diagnostic>, Failure> {
    let all = found.into_vec();
    if crate::diagnostic::any_error(&all) {
        Err(Failure::from(all))
    } else {
        Ok(all)
    }
}

fn documents(read: &Read, folder: &Path, inner: &str, found: &Findings) -> Vec<Source> {
    let mut all = Vec::new();
    for document in &read.documents {
        if leaves(&document.value) {
            outside(document, found);
            continue;
        }
        let name = if inner.is_empty() {
            document.value.clone()
        } else {
            format!("{inner}/{}", document.value)
        };
        match Source::read(&folder.join(&document.value), &name, DOCUMENT_LIMIT) {
            Ok(source) => all.push(source),
            // A locked document that is gone is a deviation, not a reason to stop.
            Err(missing) => found.add(Diagnostic {
                severity: Severity::Warning,
                ..missing.at(document.at.clone())
            }),
        }
    }
    all
}

fn read_at(path: &Located<String>, folder: &Path, limit: u64, found: &Findings) -> Option<Source> {
    if Path::new(&path.value).is_absolute() || path.value.contains('\\') {
        outside(path, found);
        return None;
    }
    match Source::read(&folder.join(&path.value), &path.value, limit) {
        Ok(source) => Some(source),
        Err(diagnostic) => {
            found.add(diagnostic.at(path.at.clone()));
            None
        }
    }
}

fn outside(path: &Located<String>, found: &Findings) {
    found.error(
        codes::PATH_OUTSIDE,
        &path.at,
        format!("'{}' is absolute or leaves the study's folder", path.value),
        "write a relative path with forward slashes inside the study's folder",
    );
}

/// Whether a path is absolute or climbs out of its folder.
fn leaves(path: &str) -> bool {
    path.contains('\\')
        || Path::new(path)
            .components()
            .any(|c| !matches!(c, Component::Normal(_) | Component::CurDir))
}

fn report_path(request: &Pipeline, found: &Findings) -> PathBuf {
    match &request.report {
        Some(path) if leaves(&path.value) => {
            outside(path, found);
            PathBuf::new()
        }
        Some(path) => PathBuf::from(&path.value),
        None => PathBuf::from("reports/report.html"),
    }
}

/// The lock that the pipeline names, or the one beside the registration. None is a finding of its own.
fn lock_source(request: &Pipeline, inner: &str, folder: &Path, found: &Findings) -> Option<Source> {
    let beside = if inner.is_empty() {
        String::from("lock.json")
    } else {
        format!("{inner}/lock.json")
    };
    let place = Place::file(&request.at.file);
    let path = request.lock.clone().unwrap_or(Located {
        value: beside,
        at: place,
    });
    if !folder.join(&path.value).exists() {
        return None;
    }
    read_at(&path, folder, 8 * yaml::SIZE_LIMIT, found)
}

/// A mapping of a name that is not registered would otherwise be passed over in silence.
fn unknown_mappings(request: &Pipeline, requested: &Lowered, found: &Findings) {
    let Some(data) = &request.data else { return };
    let variables = &requested.plan.variables;
    let columns = data
        .mapping
        .columns
        .iter()
        .map(|(name, raw)| (name, Some(&raw.at)));
    let values = data
        .mapping
        .values
        .iter()
        .map(|(name, v)| (name, v.values().next().map(|l| &l.at)));
    let codes_ = data
        .mapping
        .missing_codes
        .iter()
        .map(|(name, v)| (name, v.first().map(|l| &l.at)));
    let made = data.shape.made().map(|(name, at)| (name, Some(at)));
    for (name, at) in columns.chain(values).chain(codes_).chain(made) {
        if variables.contains_key(name) {
            continue;
        }
        let help = match crate::diagnostic::nearest(name, variables.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => String::from("a mapping goes from a registered name to a raw one"),
        };
        let at = at.unwrap_or(&request.at);
        found.error(
            codes::UNREGISTERED_MAPPING,
            at,
            format!("`{name}` is no registered variable"),
            help,
        );
    }
    for (name, at) in data
        .shape
        .made()
        .filter(|(name, _)| data.mapping.columns.contains_key(*name))
    {
        let message = format!("`{name}` is read from a column and made of others");
        found.error(
            codes::DUPLICATE_KEY,
            at,
            message,
            "keep one of the two under `data`",
        );
    }
    let listed = data
        .mapping
        .values
        .iter()
        .map(|(name, v)| (name, "values", v.values().collect()));
    let ticked = data.shape.checkboxes.iter();
    let ticked = ticked.map(|(name, c)| (name, "checkboxes", c.levels().collect::<Vec<_>>()));
    for (name, key, values) in listed.chain(ticked) {
        let Some(variable) = variables.get(name).filter(|v| !v.levels.is_empty()) else {
            continue;
        };
        for level in values.into_iter().filter(|l| !variable.levels.contains(&l.value)) {
            let known = variable.levels.names.iter().map(String::as_str);
            let help = match crate::diagnostic::nearest(&level.value, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its levels are {}", variable.levels.names.join(", ")),
            };
            let message = format!("data.{key}.{name}: there is no level `{}`", level.value);
            found.error(codes::UNKNOWN_LEVEL, &level.at, message, help);
        }
    }
}

impl Inputs {
    /// Every file that was read, in the order of their reading.
    pub fn sources(&self) -> Vec<&Source> {
        let always = [&self.pipeline, &self.registration, &self.data].into_iter();
        let also = always.chain(&self.joined).chain(&self.documents);
        let also = also.chain(&self.lock).chain(&self.claims);
        also.chain(&self.analysed).chain(&self.ledger).collect()
    }

    /// The digest of a locked file as it was read, by its path beside the registration.
    pub(super) fn digest_beside_registration(&self, path: &str) -> Option<Digest> {
        let inner = Path::new(&self.registration.name)
            .parent()
            .unwrap_or(Path::new(""));
        let name = inner.join(path).to_string_lossy().replace('\\', "/");
        std::iter::once(&self.registration)
            .chain(&self.documents)
            .find(|source| source.name == name)
            .map(|source| source.digest.clone())
    }
}
