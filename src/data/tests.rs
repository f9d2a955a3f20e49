//! Files as people have them, good and bad.

use super::*;
use crate::diagnostic::codes;
use crate::source::Source;
use crate::spec::pipeline::{Decimal, Encoding, Format, Reading, Separator};

fn table(bytes: &[u8]) -> Result<Table, Vec<crate::diagnostic::Diagnostic>> {
    let source = Source::from_bytes("x.csv".into(), "x.csv", bytes.to_vec());
    read(&source, &Reading::default())
}

fn cells(table: &Table, column: usize) -> Vec<String> {
    table.column(column).unwrap().iter().map(str::to_owned).collect()
}

#[test]
fn a_plain_csv_whatever_its_line_ends() {
    for text in [
        "a,b\n1,x\n2,\n",
        "a,b\r\n1,x\r\n2,\r\n",
        "\u{FEFF}a,b\r\n1,x\r\n2,",
        "a,b\n\n1,x\n\n2,\n\n",
        "\"a\",\"b\"\n\"1\",\"x\"\n2,\"\"\n",
    ] {
        let table = table(text.as_bytes()).unwrap_or_else(|e| panic!("{text:?}: {e:?}"));
        assert_eq!(table.names, ["a", "b"]);
        assert_eq!(cells(&table, 0), ["1", "2"], "{text:?}");
        assert_eq!(cells(&table, 1), ["x", ""], "{text:?}");
    }
}

#[test]
fn quotes_hold_commas_quotes_and_lines() {
    let table = table(b"a,b\n\"x,\"\"y\"\"\",\"l1\nl2\"\n3,4\n").unwrap();
    assert_eq!(cells(&table, 0), ["x,\"y\"", "3"]);
    assert_eq!(cells(&table, 1), ["l1\nl2", "4"]);
    assert_eq!(table.lines, [2, 4]);
}

#[test]
fn qualtrics_has_three_header_rows() {
    let text = "StartDate,Q1\nStart Date,\"How, in\nwords?\"\n\"{\"\"ImportId\"\":\"\"startDate\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\"\n2024-11-04 10:00:00,5\n";
    let table = table(text.as_bytes()).unwrap();
    assert_eq!(table.facts.format, Format::Qualtrics);
    assert_eq!(table.lines, [5]);
    assert_eq!(cells(&table, 1), ["5"]);
}

#[test]
fn what_is_no_csv_is_said_plainly() {
    let utf16: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let halved: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(utf16.iter().copied())
        .chain([0x41])
        .collect();
    let wide = vec!["x"; 30_000].join(",");
    for (bytes, code) in [
        (&b""[..], codes::DATA_EMPTY),
        (b"\n\n", codes::DATA_EMPTY),
        (b"a,b\n", codes::DATA_EMPTY),
        (b"a,b\n1,2\n1,2,3\n1\n", codes::RAGGED_ROW),
        (b"a,b\n1,\"2\n", codes::DATA_SYNTAX),
        (b"a,b\n1,\"2\"x\n", codes::DATA_SYNTAX),
        (b"a,b\r1,2\r3,4\r", codes::DATA_EMPTY),
        (b"PK\x03\x04\0\0\0\0", codes::DATA_SYNTAX),
        (&utf16, codes::DATA_SYNTAX),
        (&halved, codes::NOT_UTF8),
        (b"a,b\n\x81,2\n", codes::NOT_UTF8),
        (b"a;x,b;y\n1;2,3;4\n", codes::DATA_SYNTAX),
        (wide.as_bytes(), codes::FILE_TOO_LARGE),
    ] {
        let found = table(bytes).unwrap_err();
        assert_eq!(found[0].code, code, "{:?}", &bytes[..bytes.len().min(20)]);
        assert!(found[0].help.is_some());
    }
}

#[test]
fn other_encodings_and_separators_are_read_and_told() {
    let text = "name;größe\nÄrger;1,5\n\"a;b\";2\n";
    let le: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let be: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    for (bytes, encoding, warnings) in [
        (text.as_bytes().to_vec(), Encoding::Utf8, 0),
        (le, Encoding::Utf16Le, 0),
        (be, Encoding::Utf16Be, 0),
        (latin, Encoding::Windows1252, 1),
    ] {
        let table = table(&bytes).unwrap();
        assert_eq!(table.names, ["name", "größe"], "{encoding:?}");
        assert_eq!(cells(&table, 0), ["Ärger", "a;b"], "{encoding:?}");
        assert_eq!(cells(&table, 1), ["1,5", "2"]);
        assert_eq!(table.facts.encoding, Some(encoding));
        assert_eq!(table.facts.separator, Some(Separator::Semicolon));
        assert_eq!(table.warnings.len(), warnings, "{encoding:?}");
    }
    for (text, separator) in [
        ("a\tb\n1,5\t2\n", Separator::Tab),
        ("a|b\n1|2\n", Separator::Pipe),
        ("a,\"x;y\"\n1,2\n", Separator::Comma),
        ("q; long,b\n1,2\n", Separator::Comma),
        ("a\n1\n", Separator::Comma),
    ] {
        assert_eq!(
            table(text.as_bytes()).unwrap().facts.separator,
            Some(separator),
            "{text:?}"
        );
    }
}

#[test]
fn a_decimal_comma_is_told_from_the_numbers_or_asked_for() {
    for (column, expected) in [
        ("3,5 2 -1,25", Ok(Some(Decimal::Comma))),
        ("3,5 1,234", Ok(Some(Decimal::Comma))),
        ("0,125 2", Ok(Some(Decimal::Comma))),
        ("3.5 2", Ok(Some(Decimal::Point))),
        ("3 2", Ok(None)),
        ("1,234 5,678", Err(2)),
        ("3.5 1,5", Err(3)),
        ("3.5 2 1,234", Err(4)),
    ] {
        let text = format!("x;y\n{};0\n", column.replace(' ', ";0\n"));
        let table = table(text.as_bytes()).unwrap();
        let told = decimal::told(table.column(0).into_iter(), &table, "x.csv");
        let told = told.map_err(|d| {
            assert_eq!(d.code, codes::AMBIGUOUS_DECIMAL);
            d.at.unwrap().line
        });
        assert_eq!(told, expected, "{column}");
    }
}

#[test]
fn numbers_are_read_in_their_dialect_alone() {
    for (cell, decimal, value) in [
        ("3.5", Decimal::Point, Some(3.5)),
        ("3,5", Decimal::Point, None),
        ("-3,5e2", Decimal::Comma, Some(-350.0)),
        ("3.5", Decimal::Comma, None),
        ("1.234,5", Decimal::Comma, None),
        ("1,2,3", Decimal::Comma, None),
        ("inf", Decimal::Point, None),
        ("0x10", Decimal::Point, None),
    ] {
        assert_eq!(typing::number(cell, decimal), value, "{cell}");
    }
}

#[test]
fn a_byte_order_mark_that_contradicts_the_declared_encoding_is_refused() {
    let le: Vec<u8> = "\u{FEFF}a,b\n1,2\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, declared) in [
        (le.clone(), "utf-16be"),
        (le, "utf-8"),
        (b"\xEF\xBB\xBFa,b\n1,2\n".to_vec(), "windows-1252"),
    ] {
        let (_, encoding) = Encoding::ALL
            .into_iter()
            .find(|(word, _)| *word == declared)
            .unwrap();
        let reading = Reading {
            encoding: Some(crate::spec::Located {
                value: encoding,
                at: crate::diagnostic::Place::file("p.yaml"),
            }),
            ..Reading::default()
        };
        let source = Source::from_bytes("x.csv".into(), "x.csv", bytes);
        let refused = read(&source, &reading).unwrap_err();
        assert_eq!(refused[0].code, codes::NOT_UTF8);
        assert!(refused[0].message.contains(declared), "{}", refused[0].message);
    }
}
