//! The study's ledger: what was locked, amended and run, in order, a JSON line each.
//!
//! Every entry holds the SHA-256 of the line before it, so that none can be changed, taken out or put in between without
//! breaking the chain behind it. It shows what was recorded, not what was done: who deletes the file deletes it all.

use crate::digest::Digest;
use crate::record::{Provenance, Verdict};
use crate::source::Source;
use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::Path;

/// The ledger's name, in the lock's folder.
pub const FILE: &str = "ledger.jsonl";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Of the line before; nothing in the first.
    pub previous: Option<Digest>,
    /// By the author's own clock.
    pub at: String,
    #[serde(flatten)]
    pub event: Event,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Event {
    Lock {
        root: Digest,
        plan: Digest,
    },
    Amendment {
        root: Digest,
        amends: Digest,
        plan: Digest,
        reason: String,
    },
    Run {
        #[serde(flatten)]
        of: Analysis,
        verdict: Verdict,
    },
}

/// What an analysis was of. The same again is no other analysis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    pub file: String,
    pub data: Digest,
    pub plan: Digest,
    pub requested_plan: Digest,
    pub pipeline: Digest,
    pub lock: Option<Digest>,
    pub provenance: Provenance,
    pub blind: bool,
    pub tool: String,
}

impl Analysis {
    /// Whether somebody saw results of collected data.
    pub fn shows_results(&self) -> bool {
        self.provenance == Provenance::Collected && !self.blind
    }
}

/// A ledger as it was read.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub entries: Vec<Entry>,
    /// The line from which on it does not hold, and why.
    pub broken: Option<(usize, String)>,
    /// Bytes of a last line that was cut off while it was written.
    pub torn: usize,
    /// The digest of the last whole line.
    last: Option<Digest>,
    /// Whether the last whole line lacks its end.
    unended: bool,
}

impl Ledger {
    pub fn read(source: &Source) -> Ledger {
        Ledger::of(&source.bytes)
    }

    fn of(bytes: &[u8]) -> Ledger {
        let mut ledger = Ledger::default();
        for (position, line) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
            let ended = line.last() == Some(&b'\n');
            let text = line.strip_suffix(b"\n").unwrap_or(line);
            let entry = serde_json::from_slice::<Entry>(text);
            if !ended && entry.is_err() {
                ledger.torn = line.len();
                break;
            }
            ledger.unended = !ended;
            match entry {
                Ok(entry) if entry.previous != ledger.last => {
                    let why = String::from("it does not name the line before it");
                    ledger.broken.get_or_insert((position + 1, why));
                    ledger.entries.push(entry);
                }
                Ok(entry) => ledger.entries.push(entry),
                Err(error) => {
                    let why = format!("it is no entry: {error}");
                    ledger.broken.get_or_insert((position + 1, why));
                }
            }
            ledger.last = Some(Digest::of(text));
        }
        ledger
    }

    /// The analyses, each with the number of its entry, from 1.
    pub fn analyses(&self) -> impl Iterator<Item = (usize, &Entry, &Analysis)> {
        self.entries
            .iter()
            .enumerate()
            .filter_map(|(position, entry)| match &entry.event {
                Event::Run { of, .. } => Some((position + 1, entry, of)),
                _ => None,
            })
    }

    /// The entries before and with the first that is of this analysis; all, if there is none.
    pub fn until(&self, analysis: &Analysis) -> Ledger {
        let own = self
            .analyses()
            .find(|(_, _, of)| *of == analysis)
            .map(|(number, ..)| number);
        Ledger {
            entries: self
                .entries
                .iter()
                .take(own.unwrap_or(usize::MAX))
                .cloned()
                .collect(),
            ..self.clone()
        }
    }
}

/// Appends what `next` makes of the ledger as it stands, while no other program writes to it. A line that was cut off is
/// taken away first. Gives the ledger that was found, and whether it was added to.
///
/// # Errors
/// Of the disk; the ledger is then as it was.
pub fn append(
    path: &Path,
    at: &str,
    next: &dyn Fn(&Ledger) -> Option<Event>,
) -> std::io::Result<(Ledger, bool)> {
    let mut file = std::fs::OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)?;
    file.lock()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let ledger = Ledger::of(&bytes);
    let Some(event) = next(&ledger) else {
        return Ok((ledger, false));
    };
    let whole = (bytes.len() - ledger.torn) as u64;
    let text = line(&ledger, at, event)?;
    if ledger.torn > 0 {
        file.set_len(whole)?;
    }
    write_or_undo(&mut file, text.as_bytes(), whole)?;
    file.sync_all()?;
    Ok((ledger, true))
}

fn line(ledger: &Ledger, at: &str, event: Event) -> std::io::Result<String> {
    let entry = Entry {
        previous: ledger.last.clone(),
        at: at.to_owned(),
        event,
    };
    let start = if ledger.unended { "\n" } else { "" };
    Ok(format!("{start}{}\n", serde_json::to_string(&entry)?))
}

/// What can be written to and cut back.
trait Cut: Write {
    fn cut(&mut self, length: u64) -> std::io::Result<()>;
}

impl Cut for std::fs::File {
    fn cut(&mut self, length: u64) -> std::io::Result<()> {
        self.set_len(length)
    }
}

fn write_or_undo(file: &mut impl Cut, text: &[u8], length: u64) -> std::io::Result<()> {
    file.write_all(text).inspect_err(|_| {
        // If even this fails, the next one takes the rest of the line away.
        let _ = file.cut(length);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(word: &str) -> Event {
        Event::Lock {
            root: Digest::of(word.as_bytes()),
            plan: Digest::of(b"plan"),
        }
    }

    fn written(folder: &Path, words: &[&str]) -> std::path::PathBuf {
        let path = folder.join(FILE);
        for word in words {
            append(&path, "2024-10-15T12:00:00Z", &|_| Some(lock(word))).unwrap();
        }
        path
    }

    #[test]
    fn entries_are_chained() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), &["a", "b", "c"]);
        let bytes = std::fs::read(&path).unwrap();
        let ledger = Ledger::of(&bytes);
        assert_eq!((ledger.entries.len(), &ledger.broken, ledger.torn), (3, &None, 0));
        let lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
        assert_eq!(ledger.entries[2].previous, Some(Digest::of(lines[1])));
        assert_eq!(ledger.entries[0].previous, None);
    }

    #[test]
    fn a_changed_byte_a_missing_and_a_moved_line_break_the_chain() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = std::fs::read(written(folder.path(), &["a", "b", "c"])).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let of = |lines: &[&str]| {
            Ledger::of((lines.join("\n") + "\n").as_bytes())
                .broken
                .map(|(line, _)| line)
        };
        assert_eq!(of(&lines), None);
        assert_eq!(of(&[lines[0], lines[2]]), Some(2));
        assert_eq!(of(&[lines[1], lines[0], lines[2]]), Some(1));
        assert_eq!(
            of(&[&lines[0].replace("12:00", "11:00"), lines[1], lines[2]]),
            Some(2)
        );
        for position in 0..lines[0].len() {
            let mut changed = lines[0].as_bytes().to_vec();
            changed[position] ^= 1;
            let rest = format!("\n{}\n", lines[1..].join("\n"));
            let ledger = Ledger::of(&[changed, rest.into_bytes()].concat());
            assert!(ledger.broken.is_some(), "byte {position}");
        }
    }

    #[test]
    fn wherever_it_is_cut_the_whole_entries_stay_and_the_next_one_mends_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = written(folder.path(), &["a", "b"]);
        let bytes = std::fs::read(&path).unwrap();
        let first = bytes.iter().position(|b| *b == b'\n').unwrap();
        for length in 0..=bytes.len() {
            crate::source::write_whole(&path, &bytes[..length]).unwrap();
            let whole = usize::from(length >= first) + usize::from(length >= bytes.len() - 1);
            assert_eq!(Ledger::of(&bytes[..length]).entries.len(), whole, "{length}");
            append(&path, "2024-10-16T12:00:00Z", &|_| Some(lock("c"))).unwrap();
            let mended = Ledger::of(&std::fs::read(&path).unwrap());
            assert_eq!(
                (mended.entries.len(), mended.broken, mended.torn),
                (whole + 1, None, 0),
                "{length}"
            );
        }
    }

    /// A disk that takes so many bytes and no more.
    struct Full {
        held: Vec<u8>,
        room: usize,
    }

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            let taken = bytes.len().min(self.room);
            if taken == 0 {
                return Err(std::io::ErrorKind::StorageFull.into());
            }
            self.room -= taken;
            self.held.extend(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Cut for Full {
        fn cut(&mut self, length: u64) -> std::io::Result<()> {
            self.held.truncate(usize::try_from(length).unwrap());
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_leaves_the_ledger_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = std::fs::read(written(folder.path(), &["a", "b"])).unwrap();
        let next = line(&Ledger::of(&bytes), "2024-10-16T12:00:00Z", lock("c")).unwrap();
        for room in 0..next.len() {
            let mut disk = Full {
                held: bytes.clone(),
                room,
            };
            assert!(write_or_undo(&mut disk, next.as_bytes(), bytes.len() as u64).is_err());
            assert_eq!(disk.held, bytes, "{room}");
        }
    }

    #[test]
    fn many_writers_at_once_make_one_chain() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let path = &path;
                scope.spawn(move || {
                    for turn in 0..10 {
                        let word = format!("{writer} {turn}");
                        append(path, "2024-10-15T12:00:00Z", &|_| Some(lock(&word))).unwrap();
                    }
                });
            }
        });
        let ledger = Ledger::of(&std::fs::read(&path).unwrap());
        assert_eq!((ledger.entries.len(), ledger.broken), (80, None));
    }
}
