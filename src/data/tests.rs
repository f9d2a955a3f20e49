//! Files as people have them, good and bad.

use super::*;
use crate::diagnostic::codes;
use crate::source::Source;
use crate::spec::pipeline::Format;

fn table(bytes: &[u8]) -> Result<Table, Vec<crate::diagnostic::Diagnostic>> {
    read(&Source::from_bytes("x.csv".into(), "x.csv", bytes.to_vec()), None)
}

fn cells(table: &Table, column: usize) -> Vec<String> {
    table
        .column(column)
        .unwrap()
        .iter()
        .map(|c| c.unwrap().to_owned())
        .collect()
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
    assert_eq!(table.format, Format::Qualtrics);
    assert_eq!(table.lines, [5]);
    assert_eq!(cells(&table, 1), ["5"]);
}

#[test]
fn what_is_no_csv_is_said_plainly() {
    let utf16: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bom: Vec<u8> = [0xFF, 0xFE].into_iter().chain(utf16.iter().copied()).collect();
    let wide = vec!["x"; 30_000].join(",");
    for (bytes, code) in [
        (&b""[..], codes::DATA_EMPTY),
        (b"\n\n", codes::DATA_EMPTY),
        (b"a,b\n", codes::DATA_EMPTY),
        (b"a,b\n1,2\n1,2,3\n1\n", codes::RAGGED_ROW),
        (b"a,b\n1,\"2\n", codes::DATA_SYNTAX),
        (b"PK\x03\x04\0\0\0\0", codes::DATA_SYNTAX),
        (&utf16, codes::DATA_SYNTAX),
        (&bom, codes::NOT_UTF8),
        (b"a,b\n\xE4,2\n", codes::NOT_UTF8),
        (wide.as_bytes(), codes::FILE_TOO_LARGE),
    ] {
        let found = table(bytes).unwrap_err();
        assert_eq!(found[0].code, code, "{:?}", &bytes[..bytes.len().min(20)]);
        assert!(found[0].help.is_some());
    }
}
