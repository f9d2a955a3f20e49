//! A report for double-blind review: no authors, no registry, no folders.

use crate::diagnostic::Place;
use crate::plan::Wording;
use crate::record::Record;

/// What stands where the authors would.
const SAID: &str = "Anonymised for review: authors, registry, the authors’ note and folders are left out";

/// The wording and the record without what names their authors. Free text is the authors' own, and stays.
pub fn anonymous(record: &Record, wording: &Wording) -> (Record, Wording) {
    let mut record = record.clone();
    let mut wording = wording.clone();
    wording.authors = vec![String::from(SAID)];
    wording.registry = None;
    wording.note = None;
    for deviation in &mut record.deviations {
        deviation.at.iter_mut().for_each(bare);
        deviation.registered_at.iter_mut().for_each(bare);
        if let Some(disclosure) = &mut deviation.disclosure {
            disclosure.at.iter_mut().for_each(bare);
        }
    }
    if let Some(lock) = &mut record.observed.lock {
        lock.file = name(&lock.file);
        lock.files.iter_mut().for_each(|f| f.path = name(&f.path));
    }
    record.observed.ledger.file = name(&record.observed.ledger.file);
    if let Some(claims) = &mut record.claims {
        claims.file = name(&claims.file);
    }
    if let Some(analysed) = &mut record.observed.analysed {
        analysed.file = name(&analysed.file);
    }
    for joined in &mut record.observed.shape.joined {
        joined.file = name(&joined.file);
    }
    for facts in &mut record.observed.codebook {
        facts.file = name(&facts.file);
    }
    for facts in &mut record.observed.forbidden {
        facts.file = name(&facts.file);
    }
    (record, wording)
}

fn bare(place: &mut Place) {
    place.file = name(&place.file);
}

/// A file's name without its folders.
fn name(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}
