//! Bytes with their identity: what is hashed is what is parsed, read once.

use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::digest::{Digest, Hashing};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file's bytes and their SHA-256, read in one go so that nothing can be swapped between.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name used in messages, the record and the bundle: relative, with forward slashes.
    pub name: String,
    /// Where it was read from. Never published.
    pub path: PathBuf,
    pub bytes: Arc<Vec<u8>>,
    pub digest: Digest,
}

impl Source {
    /// Reads `path` whole, refusing anything that is not a regular file or is over `limit` bytes.
    pub fn read(path: &Path, name: &str, limit: u64) -> Result<Source, Diagnostic> {
        let fail = |code: Code, message: String| Diagnostic::error(code, message).at(Place::file(name));
        let meta = std::fs::metadata(path).map_err(|e| {
            fail(
                codes::UNREADABLE_FILE,
                format!("cannot read {name}: {}", reason(&e)),
            )
            .help("check the path; paths are relative to the file that names them")
        })?;
        if !meta.is_file() {
            return Err(fail(
                codes::UNREADABLE_FILE,
                format!("{name} is not a regular file"),
            ));
        }
        if meta.len() > limit {
            return Err(fail(
                codes::FILE_TOO_LARGE,
                format!(
                    "{name} has {} bytes; the limit for this kind of file is {limit}",
                    meta.len()
                ),
            ));
        }
        let (bytes, digest) = hashed(path, meta.len(), limit).map_err(|e| {
            fail(
                codes::UNREADABLE_FILE,
                format!("cannot read {name}: {}", reason(&e)),
            )
        })?;
        if bytes.len() as u64 > limit {
            let message = format!("{name} grows beyond {limit} bytes, the limit for this kind of file");
            return Err(fail(codes::FILE_TOO_LARGE, message));
        }
        Ok(Source {
            name: name.to_owned(),
            path: path.to_owned(),
            bytes: bytes.into(),
            digest,
        })
    }

    pub fn from_bytes(path: PathBuf, name: &str, bytes: Vec<u8>) -> Source {
        let digest = Digest::of(&bytes);
        Source {
            name: name.to_owned(),
            path,
            bytes: bytes.into(),
            digest,
        }
    }

    /// The text, if it is UTF-8 (a byte-order mark is passed over).
    pub fn text(&self) -> Result<&str, Diagnostic> {
        let bytes = self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.bytes);
        std::str::from_utf8(bytes).map_err(|e| {
            let line = bytes
                .iter()
                .take(e.valid_up_to())
                .filter(|b| **b == b'\n')
                .count()
                + 1;
            let mut place = Place::file(&self.name);
            place.line = line;
            Diagnostic::error(codes::NOT_UTF8, format!("{} is not UTF-8 text", self.name))
                .at(place)
                .help(encoding_help(bytes))
        })
    }
}

/// The bytes of a file with their digest, hashed as they come; no more than one beyond `limit`.
fn hashed(path: &Path, size: u64, limit: u64) -> std::io::Result<(Vec<u8>, Digest)> {
    let mut file = std::fs::File::open(path)?.take(limit.saturating_add(1));
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
    let mut hashing = Hashing::default();
    loop {
        let before = bytes.len();
        if (&mut file).take(BLOCK).read_to_end(&mut bytes)? == 0 {
            return Ok((bytes, hashing.digest()));
        }
        hashing.add(bytes.get(before..).unwrap_or_default());
    }
}

/// Bytes that are hashed while they are still at hand.
const BLOCK: u64 = 1 << 18;

fn encoding_help(bytes: &[u8]) -> &'static str {
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        "this is UTF-16: save it as UTF-8 (in Excel: \"CSV UTF-8\")"
    } else {
        "save the file as UTF-8"
    }
}

fn reason(error: &std::io::Error) -> &'static str {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file",
        std::io::ErrorKind::PermissionDenied => "permission denied",
        _ => "the system refused",
    }
}

/// Writes `bytes` beside `path`, flushes them to the disk and renames: whole or not at all.
pub fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    staged(path, bytes)?.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// Writes several files whole, in their order. None is replaced before all have found room on the disk.
///
/// # Errors
/// With the file that could not be written.
pub fn write_together(files: &[(PathBuf, String)]) -> Result<(), (&Path, std::io::Error)> {
    let mut all = Vec::new();
    for (path, text) in files {
        let temporary = staged(path, text.as_bytes()).map_err(|e| (path.as_path(), e))?;
        all.push((path, temporary));
    }
    for (path, temporary) in all {
        temporary.persist(path).map_err(|e| (path.as_path(), e.error))?;
    }
    Ok(())
}

/// The bytes in a file beside `path`, on the disk.
fn staged(path: &Path, bytes: &[u8]) -> std::io::Result<tempfile::NamedTempFile> {
    use std::io::Write;
    let folder = match path.parent() {
        Some(p) if !p.as_os_str().is_empty() => p,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".asregistered-")
        .tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        temporary
            .as_file()
            .set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    temporary.as_file().sync_all()?;
    Ok(temporary)
}
