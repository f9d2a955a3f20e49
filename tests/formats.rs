//! Every reader yields the same sample for the same rows.

use asregistered::data::{self, Collected, Column};
use asregistered::plan::{self, Lowered};
use asregistered::record::CellRule;
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::pipeline::{Decimal, Encoding, Mapping, Reading};
use asregistered::spec::{registration, yaml};
use std::path::Path;

fn registered() -> Lowered {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats/registration.yaml");
    let source = Source::read(&path, "registration.yaml", 1 << 20).unwrap();
    let found = Findings::default();
    let written = registration::read(&yaml::parse(&source).unwrap(), &found);
    let lowered = plan::lower(&written, &found);
    let problems = found.into_vec();
    assert!(!asregistered::diagnostic::any_error(&problems), "{problems:#?}");
    lowered
}

fn collect(name: &str, bytes: Vec<u8>) -> Collected {
    let lowered = registered();
    let source = Source::from_bytes(name.into(), name, bytes);
    let table = data::read(&source, &Reading::default()).unwrap_or_else(|e| panic!("{name}: {e:#?}"));
    data::collect(&table, name, &Mapping::default(), &lowered.plan, &lowered.wording)
        .unwrap_or_else(|e| panic!("{name}: {e:#?}"))
}

/// Labels, fractions, letters outside ASCII, missing values, a quoted separator, a quoted line break.
const PLAIN: &str = "person,when,arm,mood,age,remark\n\
    Zoë,2024-11-04 10:00:00,control,-0.125,33,\"fine, thanks\"\n\
    b,2024-11-05 11:30:00,Größere Dosis,1.5,,\"two\nlines\"\n\
    c,2024-11-06 12:00:00,treated,,51,\n\
    d,,Kontrolle,2,18,\n\
    e,2024-11-07 08:15:30,treated,-3.75,99,x\n";

/// The same cells between other separators, with a decimal comma if it is wanted.
fn dialect(separator: char, comma: bool) -> String {
    let mut out = String::new();
    let mut quoted = false;
    for c in PLAIN.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => {
                out.push(separator);
                continue;
            }
            '.' if comma && !quoted => {
                out.push(',');
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    "\u{FEFF}"
        .encode_utf16()
        .chain(text.encode_utf16())
        .flat_map(unit)
        .collect()
}

#[test]
fn text_in_every_dialect_is_one_sample() {
    let plain = collect("plain.csv", PLAIN.into());
    assert_eq!(
        plain.sample.column("mood"),
        Some(&Column::Number(vec![
            Some(-0.125),
            Some(1.5),
            None,
            Some(2.0),
            Some(-3.75)
        ]))
    );
    assert_eq!(plain.sample.lines, [2, 3, 5, 6, 7]);
    let german = dialect(';', true);
    let latin = |text: &str| -> Vec<u8> {
        text.chars()
            .map(|c| u8::try_from(u32::from(c)).unwrap())
            .collect()
    };
    for (name, bytes, encoding, decimal) in [
        (
            "bom.csv",
            format!("\u{FEFF}{PLAIN}").into_bytes(),
            Encoding::Utf8,
            Decimal::Point,
        ),
        (
            "crlf.csv",
            PLAIN.replace('\n', "\r\n").into_bytes(),
            Encoding::Utf8,
            Decimal::Point,
        ),
        (
            "german.csv",
            german.clone().into_bytes(),
            Encoding::Utf8,
            Decimal::Comma,
        ),
        (
            "excel.csv",
            latin(&german.replace('\n', "\r\n")),
            Encoding::Windows1252,
            Decimal::Comma,
        ),
        (
            "tabs.tsv",
            dialect('\t', false).into_bytes(),
            Encoding::Utf8,
            Decimal::Point,
        ),
        (
            "qualtrics.tsv",
            utf16(&dialect('\t', false), u16::to_le_bytes),
            Encoding::Utf16Le,
            Decimal::Point,
        ),
        (
            "big.csv",
            utf16(&german, u16::to_be_bytes),
            Encoding::Utf16Be,
            Decimal::Comma,
        ),
        (
            "pipes.txt",
            dialect('|', false).into_bytes(),
            Encoding::Utf8,
            Decimal::Point,
        ),
    ] {
        let read = collect(name, bytes);
        assert_eq!(read.sample, plain.sample, "{name}");
        assert_eq!(read.cells, plain.cells, "{name}");
        assert_eq!(read.file.encoding, Some(encoding), "{name}");
        assert_eq!(read.file.decimal, Some(decimal), "{name}");
    }
}

#[test]
fn no_cell_is_changed_without_an_account() {
    let lowered = registered();
    let text = "person,when,arm,mood,age\na,2024-11-04,1,-99,33\nb,2024-11-04,Kontrolle,1,33\nc,2024-11-04,placebo,-99,3\n";
    let source = Source::from_bytes("x.csv".into(), "x.csv", text.into());
    let pipeline = "asregistered: 1\nregistration: r.yaml\ndata:\n  path: x.csv\n  provenance: collected\n  \
        values: {arm: {\"1\": treated}}\n  missing_codes: {mood: [-99]}\n";
    let found = Findings::default();
    let written = Source::from_bytes("p.yaml".into(), "p.yaml", pipeline.into());
    let request = asregistered::spec::pipeline::read(&yaml::parse(&written).unwrap(), &found);
    let spec = request.data.unwrap();
    let table = data::read(&source, &spec.reading).unwrap();
    let collected = data::collect(&table, "x.csv", &spec.mapping, &lowered.plan, &lowered.wording).unwrap();
    let told: Vec<(&str, CellRule, &str, Option<&str>, u64)> = collected
        .cells
        .iter()
        .map(|c| {
            (
                c.variable.as_str(),
                c.rule,
                c.from.as_str(),
                c.to.as_deref(),
                c.count,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("arm", CellRule::Mapped, "1", Some("treated"), 1),
            ("arm", CellRule::RegisteredLabel, "Kontrolle", Some("control"), 1),
            ("arm", CellRule::UnregisteredLevel, "placebo", None, 1),
            ("mood", CellRule::MissingCode, "-99", None, 2),
        ]
    );
    assert!(collected.warnings.is_empty(), "{:#?}", collected.warnings);
}
