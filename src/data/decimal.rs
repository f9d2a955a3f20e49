//! The character before a fraction, told from the cells of the registered numbers where the pipeline does not say.
//!
//! A comma in `3,5` can only be a decimal one; in `1,234` it may as well separate thousands. Where commas and points both
//! stand in numbers, or every comma could be of either kind, the file does not say which, and is not guessed at.

use super::cells::Cells;
use super::parallel;
use super::table::Table;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::spec::pipeline::Decimal;

#[derive(Default)]
struct Seen {
    points: u64,
    /// Commas that can only be decimal ones.
    decimal: u64,
    /// Commas that could separate thousands.
    either: u64,
    /// The row of the first comma.
    first: Option<usize>,
}

impl Seen {
    fn and(self, later: Seen) -> Seen {
        Seen {
            points: self.points + later.points,
            decimal: self.decimal + later.decimal,
            either: self.either + later.either,
            first: self.first.or(later.first),
        }
    }
}

/// What the numbers of a file have before their fractions; nothing if none has one.
///
/// # Errors
/// A012 where that cannot be told.
pub(super) fn told<'t>(
    columns: impl Iterator<Item = &'t Cells>,
    table: &Table,
    file: &str,
) -> Result<Option<Decimal>, Diagnostic> {
    let columns: Vec<&Cells> = columns.collect();
    let each = parallel::over(columns.len(), &|which| {
        let mut seen = Seen::default();
        for (row, cell) in columns.get(which).into_iter().flat_map(|c| c.iter()).enumerate() {
            look(cell.trim(), row, &mut seen);
        }
        seen
    });
    let seen = each.into_iter().fold(Seen::default(), Seen::and);
    match (seen.points > 0, seen.decimal > 0, seen.either > 0) {
        (true, false, false) => Ok(Some(Decimal::Point)),
        (false, true, _) => Ok(Some(Decimal::Comma)),
        (false, false, false) => Ok(None),
        _ => {
            let mut place = Place::file(file);
            let line = seen.first.and_then(|r| table.lines.get(r)).copied();
            place.line = line.and_then(|l| usize::try_from(l).ok()).unwrap_or(1);
            let message =
                format!("{file}: it cannot be told whether a comma in its numbers is a decimal one");
            Err(Diagnostic::error(codes::AMBIGUOUS_DECIMAL, message)
                .at(place)
                .help("write `decimal: comma` or `decimal: point` under `data`"))
        }
    }
}

fn look(cell: &str, row: usize, seen: &mut Seen) {
    let digits = cell.strip_prefix(['-', '+']).unwrap_or(cell);
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if let Some((whole, fraction)) = digits.split_once(',') {
        let thousands = !whole.is_empty() && whole.len() <= 3 && whole != "0" && fraction.len() == 3;
        if numeric(whole) && numeric(fraction) && !fraction.is_empty() {
            *(if thousands {
                &mut seen.either
            } else {
                &mut seen.decimal
            }) += 1;
            seen.first = seen.first.or(Some(row));
        }
    } else if let Some((whole, fraction)) = digits.split_once('.')
        && numeric(whole)
        && fraction.bytes().next().is_some_and(|b| b.is_ascii_digit())
    {
        seen.points += 1;
    }
}
