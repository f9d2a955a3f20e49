//! Columns that look as if they identified people, by what their cells look like and by what they are called.
//!
//! A warning, never a clearance: what it does not find may be there all the same.

use super::table::Table;
use crate::diagnostic::{Diagnostic, Place, codes};
use regex::Regex;

/// What a column may hold, and how its cells look.
const CELLS: [(&str, &str); 6] = [
    ("e-mail addresses", r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$"),
    (
        "IP addresses",
        r"^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)$",
    ),
    ("IP addresses", r"^(?:[0-9a-fA-F]{0,4}:){3,7}[0-9a-fA-F]{0,4}$"),
    ("Mechanical Turk worker ids", r"^A[A-Z0-9]{11,14}$"),
    ("Prolific participant ids", r"^[0-9a-f]{24}$"),
    (
        "telephone numbers",
        r"^(?:\+\d{1,3}|\(\d{2,5}\)|0\d{1,4})[\s./-]?\d{2,4}[\s./-]\d{2,}[\d\s./-]*$",
    ),
];

/// What a column may hold, and words that its name contains.
const NAMES: [(&str, &str); 7] = [
    (
        "names",
        r"(?i)(^|[^a-z])(recipient)?_?(first|last|full|sur|family)[_ ]?name($|[^a-z])",
    ),
    ("e-mail addresses", r"(?i)e-?mail"),
    ("IP addresses", r"(?i)^ip([_ ]?addr(ess)?)?$|ipaddress"),
    ("coordinates", r"(?i)latitude|longitude|^lat$|^(lon|lng)$"),
    (
        "telephone numbers",
        r"(?i)(^|[^a-z])(tele)?phone([^a-z]|$)|(^|[^a-z])mobile[_ ]?(no|num|$)",
    ),
    (
        "worker or panel ids",
        r"(?i)worker_?id|prolific|mturk|panel_?ist|assignment_?id",
    ),
    (
        "addresses or dates of birth",
        r"(?i)post(al)?_?code|zip_?code|street|birth_?da(te|y)|date_?of_?birth|(^|_)dob($|_)",
    ),
];

/// The share of a column's filled cells that must look alike.
const SHARE: f64 = 0.5;

/// Warnings, a column each. Cells are counted, never shown.
pub fn privacy(table: &Table, file: &str) -> Vec<Diagnostic> {
    let compile = |all: &[(&'static str, &str)]| -> Vec<(&'static str, Regex)> {
        all.iter()
            .filter_map(|(what, pattern)| Some((*what, Regex::new(pattern).ok()?)))
            .collect()
    };
    let (cells, names) = (compile(&CELLS), compile(&NAMES));
    let mut warnings = Vec::new();
    for (position, name) in table.names.iter().enumerate() {
        let Some(column) = table.column(position) else {
            continue;
        };
        let filled: Vec<&str> = column.iter().map(str::trim).filter(|c| !c.is_empty()).collect();
        if filled.is_empty() {
            continue;
        }
        let looks = cells.iter().find_map(|(what, pattern)| {
            let alike = filled.iter().filter(|c| pattern.is_match(c)).count();
            (alike as f64 >= SHARE * filled.len() as f64).then_some((*what, alike))
        });
        let called = names.iter().find(|(_, pattern)| pattern.is_match(name));
        let (what, why) = match (looks, called) {
            (Some((what, alike)), _) => (
                what,
                format!("{alike} of its {} cells look like it", filled.len()),
            ),
            (None, Some((what, _))) => (*what, String::from("its name says so")),
            (None, None) => continue,
        };
        let mut place = Place::file(file);
        place.column = position + 1;
        let message = format!("column `{name}` may hold {what}: {why}");
        warnings.push(Diagnostic::warning(codes::PERSONAL, message).at(place).help(
            "remove it from the file before it is published; nothing that is not registered is needed for a re-run",
        ));
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::spec::pipeline::Reading;

    fn found(text: &str) -> Vec<String> {
        let source = Source::from_bytes("x.csv".into(), "x.csv", text.into());
        let table = crate::data::read(&source, &Reading::default()).unwrap();
        privacy(&table, "x.csv").into_iter().map(|d| d.message).collect()
    }

    #[test]
    fn what_identifies_people_is_found_by_cells_or_by_name() {
        for (name, cells, what) in [
            ("q7", ["ann@example.org", "bob@example.com"], "e-mail"),
            ("q8", ["192.168.0.1", "8.8.8.8"], "IP"),
            ("q9", ["2001:db8:0:0::1", "fe80::1:2:3"], "IP"),
            ("q10", ["A1B2C3D4E5F6G7", "A2ZZZZZZZZZZZZ"], "Mechanical Turk"),
            ("q11", ["5f3c1b2a9d8e7f6a5b4c3d2e", ""], "Prolific"),
            ("q12", ["+49 30 1234567", "(030) 123-4567"], "telephone"),
            ("LocationLatitude", ["52.5", "48.1"], "coordinates"),
            ("RecipientLastName", ["x", "y"], "names"),
            ("IPAddress", ["hidden", "hidden"], "IP"),
        ] {
            let text = format!("id,{name}\n1,{}\n2,{}\n", cells[0], cells[1]);
            let found = found(&text);
            assert!(found.len() == 1 && found[0].contains(what), "{name}: {found:?}");
            assert!(!found[0].contains(cells[0]), "no cell is shown");
        }
    }

    #[test]
    fn ordinary_columns_are_left_alone() {
        let text = "ResponseId,StartDate,age,income,username_shown,party,score,email_sent_count_unknown\n\
            R_3qXyZ1,2024-11-04 10:00:00,33,1234.5,1,A,1.2.3,\nR_1abcd2,2024-11-05 10:00:00,51,99999,0,B,4,\n";
        assert_eq!(found(text), Vec::<String>::new());
    }
}
