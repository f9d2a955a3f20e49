//! Two registrations or locks, field by field.

use super::{Failure, gather};
use crate::deviation::{self, FieldChange};
use crate::lock;
use crate::plan::Plan;
use crate::plan::lower::Places;
use crate::record::{ChangeFacts, LockFacts};
use crate::source::Source;
use crate::spec::yaml;
use std::path::Path;

/// Everything that `after` promises otherwise than `before`. Labels, comments, layout and equivalent spellings are nothing.
///
/// # Errors
/// If one of them cannot be read, or does not hold.
pub fn compare(before: &Path, after: &Path) -> Result<Vec<FieldChange>, Failure> {
    let ((a, a_places), (b, b_places)) = (plan(before)?, plan(after)?);
    Ok(deviation::diff(&a, &b, &a_places, &b_places))
}

/// The plan of a registration, or of the lock that a file is by its first character.
fn plan(path: &Path) -> Result<(Plan, Places), Failure> {
    let name = path.to_string_lossy().replace('\\', "/");
    let source = Source::read(path, &name, 8 * yaml::SIZE_LIMIT)?;
    if source.bytes.trim_ascii_start().starts_with(b"{") {
        let locked = lock::open(&source)?;
        return Ok((locked.plan().clone(), Places::new()));
    }
    let lowered = gather::check(path)?.lowered;
    Ok((lowered.plan, lowered.places))
}

/// What each amendment of a lock changed.
pub(super) fn amendments(locked: &lock::Locked, facts: &mut LockFacts) {
    let mut newer = locked.file();
    while let Some(amends) = &newer.amends {
        let own = facts.amendments.iter_mut().find(|a| a.root == newer.root);
        let changes = deviation::diff(&amends.lock.plan, &newer.plan, &Places::new(), &Places::new());
        if let Some(own) = own {
            own.changes = changes
                .into_iter()
                .map(|change| ChangeFacts {
                    of: change.of(),
                    before: change.registered,
                    after: change.executed,
                })
                .collect();
        }
        newer = &amends.lock;
    }
}
