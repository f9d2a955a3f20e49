//! A zip's members, written one way only and read with suspicion.
//!
//! Members are stored, sorted, of one date and mode: the same members give the same bytes for decades, whatever a
//! compression library does. On reading, every name is one that stays in its folder, stands once in any case, and has
//! the size it claims; packing the members again must give the file that was read, so that no byte is unaccounted for.

use crate::diagnostic::{Code, Diagnostic, codes};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};
use std::path::{Component, Path};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// Name → bytes.
pub type Members = BTreeMap<String, Vec<u8>>;

/// More members than this are refused.
const COUNT_LIMIT: usize = 10_000;

/// The zip of these members.
pub fn pack(members: &Members) -> zip::result::ZipResult<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(name.as_str(), options)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// Reads a zip's members, or says which rule it breaks.
pub fn open(bytes: &[u8]) -> Result<Members, Vec<Diagnostic>> {
    let refuse = |code: Code, why: String| {
        vec![
            Diagnostic::error(code, why)
                .help("ask for the bundle again; nothing of it was written to the disk"),
        ]
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes))
        .map_err(|e| refuse(codes::BUNDLE_UNREADABLE, format!("the zip cannot be read: {e}")))?;
    if archive.len() > COUNT_LIMIT {
        let why = format!("it has {} members; the limit is {COUNT_LIMIT}", archive.len());
        return Err(refuse(codes::BUNDLE_UNSAFE, why));
    }
    let mut members = Members::new();
    let mut folded = BTreeSet::new();
    let mut total = 0u64;
    for position in 0..archive.len() {
        let unreadable = |e: &dyn std::fmt::Display| {
            refuse(
                codes::BUNDLE_UNREADABLE,
                format!("member {} cannot be read: {e}", position + 1),
            )
        };
        let mut entry = archive.by_index(position).map_err(|e| unreadable(&e))?;
        let name = entry.name().map_err(|e| unreadable(&e))?.into_owned();
        if let Some(why) = unsafe_entry(&name, entry.is_dir(), entry.is_symlink(), entry.unix_mode()) {
            return Err(refuse(
                codes::BUNDLE_UNSAFE,
                format!("'{}' {why}", crate::diagnostic::clean(&name)),
            ));
        }
        if !folded.insert(name.to_lowercase()) {
            return Err(refuse(
                codes::BUNDLE_UNSAFE,
                format!("'{name}' stands twice, or differs only in case"),
            ));
        }
        let claimed = entry.size();
        total = total.saturating_add(claimed);
        if entry.compression() != CompressionMethod::Stored {
            let why = format!(
                "'{name}' is compressed: this program stores, so that the zip was packed anew by another"
            );
            return Err(refuse(codes::BUNDLE_UNREADABLE, why));
        }
        if total > bytes.len() as u64 {
            let why = format!("'{name}' claims {claimed} bytes, more than the zip has");
            return Err(refuse(codes::BUNDLE_UNSAFE, why));
        }
        let mut content = Vec::new();
        let read = entry
            .by_ref()
            .take(claimed + 1)
            .read_to_end(&mut content)
            .map_err(|e| refuse(codes::DIGEST_MISMATCH, format!("'{name}' is damaged: {e}")))?;
        if read as u64 != claimed {
            let why = format!("'{name}' claims {claimed} bytes and holds another number");
            return Err(refuse(codes::BUNDLE_UNSAFE, why));
        }
        members.insert(name, content);
    }
    Ok(members)
}

/// Why an entry could reach outside its folder, if it could.
fn unsafe_entry(name: &str, folder: bool, link: bool, mode: Option<u32>) -> Option<&'static str> {
    let kind = mode.map(|m| m & 0o170_000).filter(|k| *k != 0);
    if link || kind.is_some_and(|k| k != 0o100_000) {
        return Some("is a link, a folder or a device, not a file");
    }
    if folder || name.ends_with('/') {
        return Some("is a folder; a bundle lists files alone");
    }
    let plain = !name.is_empty() && !name.contains(['\\', ':', '\0']) && !name.chars().any(char::is_control);
    if !plain
        || !Path::new(name)
            .components()
            .all(|c| matches!(c, Component::Normal(_)))
        || name.starts_with('/')
    {
        return Some("could be written outside the bundle's folder");
    }
    (name.split('/').any(|part| matches!(part, "" | "." | ".."))).then_some("is not a plain relative path")
}
