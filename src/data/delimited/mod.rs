//! Text files with separated fields. Every column is read as text: the codebook says what it is.

mod encoding;
mod platform;
mod record;
mod scan;
mod separator;

use super::read::Wanted;
use super::table::{COLUMN_LIMIT, ColumnFacts, Table};
use crate::diagnostic::{Code, Diagnostic, Place, codes};
use crate::record::{FileFacts, ShapeFacts};
use crate::source::Source;
use crate::spec::pipeline::{Format, Reading};
use record::Text;
use scan::{Scan, Start};

/// Reads a CSV, in the dialect that it has or that its author names, or Qualtrics's with its three header rows.
///
/// # Errors
/// A001 where the text has no such shape; A002 without rows; A007 for rows of other lengths; S003 for its encoding.
pub(super) fn read(source: &Source, reading: &Reading, wanted: &Wanted) -> Result<Table, Vec<Diagnostic>> {
    let decoded = encoding::decode(source, reading).map_err(|d| vec![d])?;
    if u32::try_from(decoded.text.len()).is_err() {
        let message = format!("{} has more than 4 GB of text", source.name);
        return Err(vec![
            Diagnostic::error(codes::FILE_TOO_LARGE, message)
                .at(Place::file(&source.name))
                .help("export only the registered columns"),
        ]);
    }
    let file = File {
        name: &source.name,
        text: &decoded.text,
    };
    let mut table = file.table(reading, wanted).map_err(|d| vec![d])?;
    table.facts.encoding = Some(decoded.encoding);
    table.warnings.extend(decoded.warning);
    Ok(table)
}

struct File<'t> {
    name: &'t str,
    text: &'t str,
}

/// A record at the head of the text.
struct Lead {
    line: u64,
    fields: usize,
    /// No more than a table may have, and one.
    cells: Vec<String>,
    after: Start,
}

impl File<'_> {
    fn refuse(&self, code: Code, message: String, help: &str) -> Diagnostic {
        Diagnostic::error(code, message)
            .at(Place::file(self.name))
            .help(help)
    }

    fn table(&self, reading: &Reading, wanted: &Wanted) -> Result<Table, Diagnostic> {
        let (name, again) = (self.name, "export the data again");
        let blank = || self.refuse(codes::DATA_EMPTY, format!("{name} is blank"), again);
        let begin = self.begin().ok_or_else(blank)?;
        let separator = separator::separator(self.text, begin, name, reading)?;
        let text = separator::cut(self.text, separator);
        let lead = self.lead(text, begin)?;
        let header = lead.first().ok_or_else(blank)?;
        let fields = header.fields;
        if fields > COLUMN_LIMIT {
            let message = format!("{name} has {fields} columns; the limit is {COLUMN_LIMIT}");
            let help = "export only the registered columns";
            return Err(self.refuse(codes::FILE_TOO_LARGE, message, help));
        }
        let row = |lead: &Lead| lead.cells.iter().map(|c| c.trim().to_owned()).collect();
        let names: Vec<String> = row(header);
        let import_ids = lead
            .get(2)
            .is_some_and(|third| platform::has_import_ids(&third.cells));
        let format = self.format(platform::shown(&names, import_ids), import_ids, reading)?;
        let second = lead.get(1).filter(|_| import_ids).map(row).unwrap_or_default();
        let platform = platform::header(format, names, second);
        let heads = lead.iter().take(platform.headers);
        let above: Vec<(u64, usize)> = heads.map(|l| (l.line, l.fields)).collect();
        let start = lead.get(platform.headers - 1).unwrap_or(header).after;
        let scan = Scan::of(text, &platform.names, wanted);
        let rows = scan.rows(start, &above, name)?;
        if rows.lines.is_empty() {
            let (message, help) = if self.text.trim_end().contains('\r') && !self.text.contains('\n') {
                let message = format!("the lines of {name} end in carriage returns alone");
                (message, "save it again with the line ends of Windows or Unix")
            } else {
                (format!("{name} has a header but no rows"), again)
            };
            return Err(self.refuse(codes::DATA_EMPTY, message, help));
        }
        let headings = platform.headings.into_iter().map(|heading| ColumnFacts {
            heading,
            ..ColumnFacts::default()
        });
        Ok(Table {
            facts: FileFacts {
                format: platform.format,
                rows: rows.lines.len() as u64,
                columns: fields as u64,
                encoding: None,
                separator: Some(separator),
                decimal: None,
            },
            names: platform.names,
            lines: rows.lines,
            warnings: Vec::new(),
            shape: ShapeFacts::default(),
            changes: Vec::new(),
            columns: headings.enumerate().collect(),
            held: scan.positions().zip(rows.cells).collect(),
        })
    }

    /// Where the first line with a character begins.
    fn begin(&self) -> Option<Start> {
        let (mut byte, mut line) = (0, 1);
        loop {
            let rest = self.text.get(byte..)?;
            let ends = ["\n", "\r\n"].into_iter().find(|end| rest.starts_with(end));
            match ends {
                Some(end) => {
                    byte += end.len();
                    line += 1;
                }
                None => return (!matches!(rest, "" | "\r")).then_some(Start { byte, line }),
            }
        }
    }

    /// The first records, of which at most three are headers.
    fn lead(&self, text: Text<'_>, begin: Start) -> Result<Vec<Lead>, Diagnostic> {
        let (mut found, mut at): (Vec<Lead>, Start) = (Vec::new(), begin);
        while found.len() < 3 && at.byte < self.text.len() {
            let mut cells = Vec::new();
            let read = text.record(at.byte, |position, field| {
                if position <= COLUMN_LIMIT {
                    cells.push(field.cell().into_owned());
                }
            });
            let extent = match read {
                Ok(extent) => extent,
                Err(broken) if found.is_empty() => {
                    return Err(scan::misquoted(broken.after(at.line), self.name));
                }
                Err(_) => break,
            };
            let (line, next) = (at.line, extent.next);
            at = Start {
                byte: next,
                line: line + extent.lines,
            };
            if !extent.blank {
                found.push(Lead {
                    line,
                    fields: extent.fields,
                    cells,
                    after: at,
                });
            }
        }
        Ok(found)
    }

    fn format(&self, shown: Format, import_ids: bool, reading: &Reading) -> Result<Format, Diagnostic> {
        let declared = reading.format.as_ref().map(|f| f.value).unwrap_or(shown);
        let refuse = |what: &str, help: &str| {
            let message = format!("{} does not have {what}", self.name);
            Err(self.refuse(codes::DATA_SYNTAX, message, help))
        };
        match declared {
            Format::Qualtrics if !import_ids => refuse(
                "Qualtrics's three header rows",
                "export it from Qualtrics with all header rows, or write `format: csv`",
            ),
            Format::Limesurvey if shown != Format::Limesurvey => refuse(
                "LimeSurvey's columns `submitdate` and `lastpage`",
                "export all columns with their question codes, or write `format: csv`",
            ),
            Format::Redcap if shown != Format::Redcap => refuse(
                "a column of REDCap's own, such as `redcap_event_name` or `baseline_complete`",
                "export raw data from REDCap, or write `format: csv`",
            ),
            declared => Ok(declared),
        }
    }
}
