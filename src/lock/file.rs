//! `prereg/lock.json`, as it is written and as it is checked.

use crate::digest::{Digest, canonical};
use crate::plan::{Expectations, Lowered, Plan, Wording};
use crate::record::Tool;
use crate::source::Source;
use serde::{Deserialize, Serialize};

pub const FORMAT_VERSION: u32 = 1;

/// A frozen registration: digests of its files, and the plan they mean.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockFile {
    pub format_version: u32,
    pub tool: Tool,
    /// By the author's own clock (UTC). It shows nothing to anybody who does not trust that clock.
    pub locked_at: String,
    /// The registration first, then its documents; paths relative to the registration's folder.
    pub files: Vec<LockedFile>,
    /// SHA-256 of the plan's canonical JSON (RFC 8785).
    pub plan_digest: Digest,
    /// SHA-256 over everything else in this file, the predecessor by its root.
    pub root: Digest,
    pub plan: Plan,
    pub wording: Wording,
    /// What the authors expect, which no analysis uses. Locks of earlier versions do not hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Expectations>,
    pub amends: Option<Amends>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedFile {
    pub path: String,
    pub sha256: Digest,
    pub bytes: u64,
}

/// The lock that this one replaces, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amends {
    pub reason: String,
    pub lock: Box<LockFile>,
}

/// What the root digest is taken over.
#[derive(Serialize)]
struct Rooted<'a> {
    format_version: u32,
    tool: &'a Tool,
    locked_at: &'a str,
    files: &'a [LockedFile],
    plan_digest: &'a Digest,
    wording: &'a Wording,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a Expectations>,
    amends: Option<(&'a str, &'a Digest)>,
}

/// Freezes a registration. `amends` is the lock it replaces and the reason.
///
/// # Errors
/// If the plan holds a number that JSON cannot say.
pub fn freeze(
    registration: &Source,
    documents: &[Source],
    lowered: &Lowered,
    locked_at: String,
    amends: Option<(LockFile, String)>,
) -> Result<LockFile, serde_json::Error> {
    let folder = registration
        .name
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let files = std::iter::once(registration)
        .chain(documents)
        .map(|source| LockedFile {
            path: source
                .name
                .strip_prefix(folder)
                .map_or(source.name.as_str(), |rest| rest.trim_start_matches('/'))
                .to_owned(),
            sha256: source.digest.clone(),
            bytes: source.bytes.len() as u64,
        })
        .collect();
    let mut lock = LockFile {
        format_version: FORMAT_VERSION,
        tool: Tool::this(),
        locked_at,
        files,
        plan_digest: Digest::of_value(&lowered.plan)?,
        root: Digest::of(b""),
        plan: lowered.plan.clone(),
        wording: lowered.wording.clone(),
        expected: Some(lowered.expected.clone()),
        amends: amends.map(|(lock, reason)| Amends {
            reason,
            lock: Box::new(lock),
        }),
    };
    lock.root = lock.root_digest()?;
    Ok(lock)
}

impl LockFile {
    fn root_digest(&self) -> Result<Digest, serde_json::Error> {
        Digest::of_value(&Rooted {
            format_version: self.format_version,
            tool: &self.tool,
            locked_at: &self.locked_at,
            files: &self.files,
            plan_digest: &self.plan_digest,
            wording: &self.wording,
            expected: self.expected.as_ref(),
            amends: self.amends.as_ref().map(|a| (a.reason.as_str(), &a.lock.root)),
        })
    }

    /// In what this lock contradicts itself; its predecessors are not looked at.
    pub(super) fn broken(&self) -> Result<Vec<&'static str>, serde_json::Error> {
        let mut found = Vec::new();
        if Digest::of_value(&self.plan)? != self.plan_digest {
            found.push("the plan it holds is not the plan its digest was taken of");
        }
        if self.root_digest()? != self.root {
            found.push("its root digest is not the digest of what it holds");
        }
        Ok(found)
    }

    /// The file's bytes: canonical order, one key a line.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let value: serde_json::Value = serde_json::from_slice(&canonical(self)?)?;
        let mut bytes = serde_json::to_vec_pretty(&value)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}
