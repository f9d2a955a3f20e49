//! 3 PROMISED: a registration frozen, hashed, and able to say whether it is still itself.

mod file;
pub mod ledger;

pub use file::{Amends, LockFile, LockedFile, freeze};

use crate::diagnostic::{Diagnostic, Place, codes};
use crate::digest::Digest;
use crate::plan::{Expectations, Plan, Wording};
use crate::record::{AmendmentFacts, LockFacts, LockedFileFacts};
use crate::source::Source;

/// A lock that agrees with itself. Only [`open`] makes one.
#[derive(Clone, Debug)]
pub struct Locked {
    file: LockFile,
    name: String,
}

/// Reads a lock and verifies it.
///
/// 1. the file is a lock of a known format
/// 2. the plan digest is the digest of the plan it holds
/// 3. the root digest is the digest of everything else
/// 4. the same holds of every lock that it amends
pub fn open(source: &Source) -> Result<Locked, Vec<Diagnostic>> {
    let place = Place::file(&source.name);
    let unreadable = |why: String| {
        vec![
            Diagnostic::error(
                codes::LOCK_UNREADABLE,
                format!("{} is not a lock: {why}", source.name),
            )
            .at(place.clone())
            .help("restore the file that `asregistered lock` wrote; a lock is not edited by hand"),
        ]
    };
    let text = source.text().map_err(|d| vec![d])?;
    let file: LockFile = serde_json::from_str(text).map_err(|e| unreadable(e.to_string()))?;
    if file.format_version != file::FORMAT_VERSION {
        return Err(unreadable(format!(
            "its format version is {}",
            file.format_version
        )));
    }
    let mut found = Vec::new();
    let mut lock = Some(&file);
    while let Some(current) = lock {
        found.extend(
            current
                .broken()
                .map_err(|e| unreadable(e.to_string()))?
                .into_iter()
                .map(|what| {
                    Diagnostic::error(codes::LOCK_BROKEN, format!("{}: {what}", source.name))
                .at(place.clone())
                .help("the lock was changed after it was written; restore it, or treat the study as unlocked")
                }),
        );
        lock = current.amends.as_ref().map(|a| a.lock.as_ref());
    }
    if found.is_empty() {
        Ok(Locked {
            file,
            name: source.name.clone(),
        })
    } else {
        Err(found)
    }
}

impl Locked {
    /// The plan that was promised.
    pub fn plan(&self) -> &Plan {
        &self.file.plan
    }

    /// The words that stood in the registration when it was locked.
    pub fn wording(&self) -> &Wording {
        &self.file.wording
    }

    /// What the authors expected when it was locked, if the lock holds that.
    pub fn expected(&self) -> Option<&Expectations> {
        self.file.expected.as_ref()
    }

    pub fn file(&self) -> &LockFile {
        &self.file
    }

    pub fn plan_digest(&self) -> &Digest {
        &self.file.plan_digest
    }

    /// The roots of this lock and of all that it amends.
    pub fn roots(&self) -> Vec<Digest> {
        let mut roots = vec![self.file.root.clone()];
        let mut lock = &self.file;
        while let Some(amends) = &lock.amends {
            lock = &amends.lock;
            roots.push(lock.root.clone());
        }
        roots
    }

    pub fn root(&self) -> &Digest {
        &self.file.root
    }

    /// What the record says of the lock; `found` gives the digest of a locked path as it is now.
    pub fn facts(&self, found: &dyn Fn(&str) -> Option<Digest>) -> LockFacts {
        let mut amendments = Vec::new();
        let mut lock = &self.file;
        while let Some(amends) = &lock.amends {
            amendments.push(AmendmentFacts {
                root: lock.root.clone(),
                locked_at: lock.locked_at.clone(),
                reason: Some(amends.reason.clone()),
                changes: Vec::new(),
            });
            lock = &amends.lock;
        }
        amendments.reverse();
        LockFacts {
            file: self.name.clone(),
            root: self.file.root.clone(),
            fingerprint: self.file.root.fingerprint(),
            locked_at: self.file.locked_at.clone(),
            first_locked_at: lock.locked_at.clone(),
            amendments,
            files: self
                .file
                .files
                .iter()
                .map(|f| LockedFileFacts {
                    path: f.path.clone(),
                    locked: f.sha256.clone(),
                    found: found(&f.path),
                })
                .collect(),
        }
    }
}
