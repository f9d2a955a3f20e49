//! Which survey platform wrote a text file, by what its header is like.
//!
//! Qualtrics writes three header rows: names, questions, import ids. LimeSurvey may write the question behind the code
//! (`G1Q1[SQ001]. How much …`); the code is the column's name then. REDCap's header is plain.

use crate::spec::pipeline::Format;

/// The format of the file and of its header.
pub(super) struct Platform {
    pub format: Format,
    /// Rows before the first one of data.
    pub headers: usize,
    pub names: Vec<String>,
    /// The question of each column, where the platform writes it.
    pub headings: Vec<Option<String>>,
}

/// Columns that every export of LimeSurvey has.
const LIMESURVEY: [&str; 2] = ["submitdate", "lastpage"];

/// By the first row's `names`, the second row's cells, and whether the third one is Qualtrics's.
pub(super) fn shown(names: &[String], import_ids: bool) -> Format {
    if import_ids {
        return Format::Qualtrics;
    }
    let has = |column: &str| names.iter().any(|n| split(n).0 == column);
    if LIMESURVEY.into_iter().all(has) {
        return Format::Limesurvey;
    }
    let own = names.iter().any(|n| n.starts_with("redcap_"));
    let forms = names.iter().any(|n| n.ends_with("_complete"));
    let first = names.first().is_some_and(|n| n == "record_id");
    if own || (forms && (first || names.iter().any(|n| n.contains("___")))) {
        return Format::Redcap;
    }
    Format::Csv
}

/// The header as a platform means it. `second` is its second row, if it has one.
pub(super) fn header(format: Format, names: Vec<String>, second: Vec<String>) -> Platform {
    let (headers, names, headings) = match format {
        Format::Qualtrics => (3, names, second.into_iter().map(Some).collect()),
        Format::Limesurvey => {
            let parts = names.iter().map(|n| split(n));
            let parts: Vec<(String, Option<String>)> = parts
                .map(|(code, text)| (code.to_owned(), text.map(str::to_owned)))
                .collect();
            let (codes, texts) = parts.into_iter().unzip();
            (1, codes, texts)
        }
        _ => (1, names, Vec::new()),
    };
    Platform {
        format,
        headers,
        names,
        headings,
    }
}

/// LimeSurvey's `code. question`; a name that is none stays whole.
fn split(name: &str) -> (&str, Option<&str>) {
    let of_code = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '[' | ']' | '#' | '-');
    match name.split_once(". ") {
        Some((code, text)) if !code.is_empty() && code.chars().all(of_code) => (code, Some(text.trim())),
        _ => (name, None),
    }
}

/// Whether a record is Qualtrics's third header row, which holds one JSON object a column.
pub(super) fn has_import_ids(third: &[String]) -> bool {
    let first = third.first().map(|cell| cell.replace('"', ""));
    first.is_some_and(|cell| cell.trim_start().starts_with("{ImportId:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> (Format, Vec<String>) {
        let names: Vec<String> = header.split(',').map(str::to_owned).collect();
        let format = shown(&names, false);
        (format, super::header(format, names, Vec::new()).names)
    }

    #[test]
    fn a_header_shows_its_platform() {
        let codes = ["id", "submitdate", "lastpage", "G1Q1[SQ001]"].map(str::to_owned);
        let (format, names) = of(
            "id. Response ID,submitdate. Date submitted,lastpage. Last page,G1Q1[SQ001]. Trust. In whom? [courts]",
        );
        assert_eq!((format, names.as_slice()), (Format::Limesurvey, codes.as_slice()));
        assert_eq!(of("id,submitdate,lastpage,G1Q1[SQ001]"), (format, names));
        for (header, format) in [
            ("record_id,race___1,race___2,baseline_complete", Format::Redcap),
            ("study_id,redcap_event_name,age", Format::Redcap),
            ("id,age,task_complete", Format::Csv),
            ("id,No. of children", Format::Csv),
        ] {
            let (found, names) = of(header);
            assert_eq!((found, names.join(",").as_str()), (format, header));
        }
    }
}
