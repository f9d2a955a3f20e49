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
fn an_account_of_many_values_stays_short_and_counts_them_all() {
    let mut text = String::from("person,when,arm,mood,age\n");
    for row in 0..5000 {
        text.push_str(&format!("p{row},2024-11-04,level {row},1,33\n"));
    }
    let cells = collect("x.csv", text.into_bytes()).cells;
    assert_eq!(cells.len(), 101);
    assert_eq!(cells.iter().map(|c| c.count).sum::<u64>(), 5000);
    let rest = cells.last().unwrap();
    assert_eq!((rest.values, rest.to.as_deref()), (Some(4900), None));
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

fn file(name: &str) -> Vec<u8> {
    std::fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/formats")
            .join(name),
    )
    .unwrap()
}

/// The columns, and which rows of the file they come from, counted from one.
fn columns(
    name: &str,
    read: &Collected,
    first: u64,
) -> std::collections::BTreeMap<String, std::sync::Arc<Column>> {
    let lines: Vec<u64> = (first..first + 5).collect();
    assert_eq!(read.sample.lines, lines, "{name}");
    read.sample.columns.clone()
}

#[test]
fn files_of_other_programs_are_the_same_sample() {
    let plain = collect("plain.csv", PLAIN.into()).sample.columns;
    for name in [
        "pandas_114.dta",
        "pandas_117.dta",
        "pandas_118.dta",
        "pandas_119.dta",
        "readstat_8.dta",
        "readstat_10.dta",
        "readstat_12.dta",
        "readstat_15.dta",
        "haven_14.dta",
        "haven_15.dta",
        "plain.sav",
        "rows.sav",
        "compressed.zsav",
        "haven.sav",
        "haven.zsav",
        "pyarrow.parquet",
        "narrow.parquet",
        "pyarrow.arrow",
    ] {
        let read = collect(name, file(name));
        assert_eq!(columns(name, &read, 1), plain, "{name}");
    }
    let read = collect("openpyxl.xlsx", file("openpyxl.xlsx"));
    assert_eq!(
        columns("openpyxl.xlsx", &read, 2),
        plain,
        "rows as a spreadsheet numbers them"
    );
}

#[test]
fn labels_of_the_file_are_levels_and_told() {
    let read = collect("haven.sav", file("haven.sav"));
    let told: Vec<(CellRule, &str, Option<&str>, u64)> = read
        .cells
        .iter()
        .map(|c| (c.rule, c.from.as_str(), c.to.as_deref(), c.count))
        .collect();
    assert_eq!(
        told,
        [
            (CellRule::FileLabel, "1", Some("control"), 2),
            (CellRule::FileLabel, "2", Some("treated"), 3),
        ]
    );
}

#[test]
fn what_a_file_declares_missing_is_missing_and_told() {
    for (name, expected) in [
        ("extended.dta", vec![("age", ".a")]),
        ("declared.sav", vec![("age", "999"), ("mood", "-77")]),
    ] {
        let read = collect(name, file(name));
        let plain = collect("plain.csv", PLAIN.into()).sample.columns;
        assert_eq!(columns(name, &read, 1), plain, "{name}");
        let told: Vec<(&str, &str)> = read
            .cells
            .iter()
            .filter(|c| c.rule == CellRule::FileMissing && c.to.is_none() && c.count == 1)
            .map(|c| (c.variable.as_str(), c.from.as_str()))
            .collect();
        assert_eq!(told, expected, "{name}");
    }
}

#[test]
fn a_moment_that_a_file_declares_missing_is_missing() {
    let read = collect("dated.sav", file("dated.sav"));
    let Some(Column::Text(when)) = read.sample.column("when") else {
        panic!("no times")
    };
    let when: Vec<Option<&str>> = when.iter().map(Option::as_deref).collect();
    assert_eq!(
        when,
        [
            Some("2024-11-03T08:00:00"),
            Some("2024-11-04T19:30:00"),
            Some("2024-11-06T08:00:00"),
            None,
            Some("2024-11-03T08:00:00")
        ]
    );
    let told = read.cells.iter().find(|c| c.variable == "when").unwrap();
    assert_eq!((told.rule, told.count), (CellRule::FileMissing, 1));
}

#[test]
fn a_workbook_of_several_sheets_is_asked_which() {
    let source = Source::from_bytes("sheets.xlsx".into(), "sheets.xlsx", file("sheets.xlsx"));
    let refused = data::read(&source, &Reading::default()).unwrap_err();
    let help = refused[0].help.as_deref().unwrap();
    assert!(help.contains("About, Responses"), "{help}");
    let at = asregistered::diagnostic::Place::file("p.yaml");
    let sheet = |name: &str| Reading {
        sheet: Some(asregistered::spec::Located {
            value: name.to_owned(),
            at: at.clone(),
        }),
        ..Reading::default()
    };
    assert_eq!(data::read(&source, &sheet("Responses")).unwrap().names.len(), 6);
    assert!(data::read(&source, &sheet("Reponses")).is_err());
}

#[test]
fn truncated_and_corrupted_files_give_a_diagnostic() {
    let whole = [
        "pandas_117.dta",
        "readstat_15.dta",
        "plain.sav",
        "compressed.zsav",
        "pyarrow.parquet",
        "pyarrow.arrow",
        "openpyxl.xlsx",
    ];
    let mut refused = 0;
    for name in whole {
        let bytes = file(name);
        let cuts = (1..bytes.len())
            .step_by(1 + bytes.len() / 60)
            .map(|at| bytes[..at].to_vec());
        let flips = (0..bytes.len()).step_by(1 + bytes.len() / 150).flat_map(|at| {
            [0xFF, 0x00, bytes[at] ^ 0x10].map(|byte| {
                let mut changed = bytes.clone();
                changed[at] = byte;
                changed
            })
        });
        for bytes in cuts.chain(flips) {
            let source = Source::from_bytes(name.into(), name, bytes);
            if let Err(found) = data::read(&source, &Reading::default()) {
                assert!(found.iter().all(|d| d.help.is_some() && d.at.is_some()), "{name}");
                refused += 1;
            }
        }
    }
    assert!(refused > 1000, "{refused}");
}

#[test]
fn a_formula_without_its_value_is_refused_not_missing() {
    let source = Source::from_bytes("formula.xlsx".into(), "formula.xlsx", file("formula.xlsx"));
    let refused = data::read(&source, &Reading::default()).map(|_| ()).unwrap_err();
    assert!(
        refused[0]
            .message
            .contains("a formula without its value in row 2"),
        "{refused:#?}"
    );
}

#[test]
fn a_long_string_that_the_file_does_not_hold_is_refused_not_missing() {
    let mut bytes = file("pandas_118.dta");
    let place = bytes.windows(3).position(|w| w == b"GSO").unwrap();
    // The row by which the first of them is referred to.
    bytes[place + 7] ^= 0x40;
    let source = Source::from_bytes("lost.dta".into(), "lost.dta", bytes);
    let refused = data::read(&source, &Reading::default()).map(|_| ()).unwrap_err();
    assert!(refused[0].message.contains("long string"), "{refused:#?}");
}

const EXPORTS: [&str; 6] = [
    "german",
    "utf16",
    "qualtrics_text",
    "qualtrics_values",
    "redcap",
    "limesurvey",
];

fn exports() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/studies/exports")
}

/// The rows that a study's own pipeline analyses.
fn analysed(folder: &Path) -> (data::Sample, Vec<asregistered::record::CellFacts>) {
    let source = |name: &str| Source::read(&folder.join(name), name, 1 << 20).unwrap();
    let found = Findings::default();
    let pipeline =
        asregistered::spec::pipeline::read(&yaml::parse(&source("pipeline.yaml")).unwrap(), &found);
    let written = registration::read(&yaml::parse(&source("registration.yaml")).unwrap(), &found);
    let lowered = plan::lower(&written, &found);
    let problems = found.into_vec();
    assert!(!asregistered::diagnostic::any_error(&problems), "{problems:#?}");
    let spec = pipeline.data.unwrap();
    let file = source(&spec.path.value);
    let table = data::read(&file, &spec.reading).unwrap();
    let files: Vec<Source> = spec.shape.join.iter().map(|j| source(&j.path.value)).collect();
    let joined = spec.shape.join.iter().zip(&files);
    let joined: Vec<data::Joined<'_>> = joined
        .map(|(spec, source)| data::Joined { spec, source })
        .collect();
    let table = data::shape(table, &file.name, &spec.shape, &joined).unwrap_or_else(|e| panic!("{e:#?}"));
    let collected = data::collect(&table, &file.name, &spec.mapping, &lowered.plan, &lowered.wording)
        .unwrap_or_else(|e| panic!("{e:#?}"));
    (data::analyse(&collected, &lowered.plan).sample, collected.cells)
}

/// A typed cell as R's `write.csv` writes it.
fn written(sample: &data::Sample, name: &str, row: usize) -> String {
    use asregistered::plan::expression::Value;
    match sample.value(name, row) {
        Value::Number(n) => n.to_string(),
        Value::Text(t) => t.replace('T', " "),
        Value::Truth(t) => t.to_string(),
        Value::Missing => String::new(),
    }
}

#[test]
fn one_study_from_six_platforms_is_one_sample() {
    let expected = Source::read(&exports().join("expected.csv"), "expected.csv", 1 << 20).unwrap();
    let expected = data::read(&expected, &Reading::default()).unwrap();
    for folder in EXPORTS {
        let (sample, _) = analysed(&exports().join(folder));
        assert_eq!(sample.rows(), 60, "{folder}");
        assert_eq!(same_cells(&sample, &expected), 600, "{folder}");
    }
}

/// Holds a sample to a table of R's, cell by cell and row by row.
fn same_cells(sample: &data::Sample, expected: &data::Table) -> usize {
    let mut compared = 0;
    for (position, name) in expected.names.iter().enumerate() {
        for (row, cell) in expected.column(position).unwrap().iter().enumerate() {
            let cell = cell.replace('T', " ");
            assert_eq!(written(sample, name, row), cell, "{name} of row {row}");
            compared += 1;
        }
    }
    compared
}

/// Holds a record's tests to estimates, errors and p-values of R's.
fn same_tests(record: &asregistered::record::Record, expected: &str) {
    for line in expected.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let mut tests = record.observed.tests.iter();
        let test = tests.find(|t| t.id == cells[0].trim_matches('"')).unwrap();
        let found = [test.result.estimate, test.result.std_error, test.result.p_value];
        for (found, expected) in found.into_iter().zip(&cells[1..]) {
            let (found, expected) = (found.unwrap(), expected.parse::<f64>().unwrap());
            assert!((found / expected - 1.0).abs() < 1e-9, "{line}: {found}");
        }
    }
}

#[test]
fn every_export_runs_as_it_stands_and_gives_what_r_gives() {
    let expected = std::fs::read_to_string(exports().join("expected_tests.csv")).unwrap();
    for folder in EXPORTS {
        let run = asregistered::run::run(&exports().join(folder).join("pipeline.yaml")).unwrap();
        let codes: Vec<&str> = run.record.deviations.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, ["D048"], "{folder}");
        same_tests(&run.record, &expected);
        let flagged: Vec<(&str, u64, u64)> = run
            .record
            .observed
            .flagged
            .iter()
            .map(|f| (f.meaning.as_str(), f.rows, f.analysed))
            .collect();
        let qualtrics = folder.starts_with("qualtrics");
        let marked = [
            ("a preview", 1, 0),
            ("a preview", 2, 0),
            ("a test", 1, 0),
            ("a test", 1, 0),
            ("spam", 1, 0),
        ];
        let mut sorted = flagged.clone();
        sorted.sort_unstable();
        assert_eq!(
            sorted,
            if qualtrics { marked.to_vec() } else { Vec::new() },
            "{folder}"
        );
    }
}

#[test]
fn what_checkboxes_are_read_as_is_told_for_every_row() {
    let (_, cells) = analysed(&exports().join("redcap"));
    let told = |variable: &str| {
        let of = cells
            .iter()
            .filter(|c| c.variable == variable && c.rule == CellRule::Checkboxes);
        of.map(|c| (c.from.as_str(), c.to.as_deref(), c.count))
            .collect::<Vec<_>>()
    };
    for variable in ["news", "news_tv"] {
        assert_eq!(
            told(variable).iter().map(|(_, _, n)| n).sum::<u64>(),
            60,
            "{variable}"
        );
    }
    assert!(
        told("news")
            .iter()
            .any(|(from, to, _)| (*from, *to) == ("ticked: 1, 2", Some("several")))
    );
    assert!(
        told("news")
            .iter()
            .any(|(from, to, _)| (*from, *to) == ("no tick", None))
    );
    assert!(
        told("news_tv")
            .iter()
            .any(|(from, to, _)| (*from, *to) == ("no tick", Some("0")))
    );
}

/// Reads a text file by a pipeline's `data:` and shapes it.
fn shaped(text: &str, spec: &str) -> Result<data::Table, Vec<asregistered::diagnostic::Diagnostic>> {
    let pipeline = format!(
        "asregistered: 1\nregistration: r.yaml\ndata:\n  path: x.csv\n  provenance: collected\n{spec}"
    );
    let found = Findings::default();
    let written = Source::from_bytes("p.yaml".into(), "p.yaml", pipeline.into());
    let request = asregistered::spec::pipeline::read(&yaml::parse(&written).unwrap(), &found);
    let problems = found.into_vec();
    if asregistered::diagnostic::any_error(&problems) {
        return Err(problems);
    }
    let spec = request.data.unwrap();
    let source = Source::from_bytes("x.csv".into(), "x.csv", text.into());
    data::shape(data::read(&source, &spec.reading)?, "x.csv", &spec.shape, &[])
}

fn cells(table: &data::Table, name: &str) -> Vec<String> {
    let position = table.names.iter().position(|n| n == name).unwrap();
    table
        .column(position)
        .unwrap()
        .iter()
        .map(|c| c.to_owned())
        .collect()
}

#[test]
fn a_mark_that_may_mean_either_is_asked_about() {
    let one = |of: &str| format!("  checkboxes: {{v: {{of: \"{of}\", choice: 2, none: unchecked}}}}\n");
    for (text, spec, words) in [
        ("Q5_1,Q5_2\n1,\n-99,-99\n", one("Q5_{choice}"), "line 3: '-99'"),
        ("Q5\n\"1,2\"\n-99\n", one("Q5"), "line 3: '-99'"),
        ("Q5_1,Q5_2\nRadio,\n", one("Q5_{choice}"), "line 2: 'Radio'"),
        ("Q5_0,Q5_2\n0,\n,2\n", one("Q5_{choice}"), "line 2: '0'"),
    ] {
        let refused = shaped(text, &spec).map(|_| ()).unwrap_err();
        assert_eq!(refused[0].code.id, "A017", "{text}");
        assert!(refused[0].message.contains(words), "{refused:#?}");
    }
    let refused = shaped("Q5_1\n1\n", &one("Q5_{choice}")).map(|_| ()).unwrap_err();
    assert!(refused[0].message.contains("no column `Q5_2`"), "{refused:#?}");
    let told = "  checkboxes: {v: {of: \"Q5_{choice}\", choice: 2, none: missing, ticked: [Radio], unticked: [-99]}}\n";
    let table = shaped("Q5_1,Q5_2,Q5_2_TEXT\n-99,-99,x\nRadio,,\n,Radio,\n0,1,y\n", told).unwrap();
    assert_eq!(cells(&table, "v"), ["", "0", "1", "1"]);
    let spelt = shaped("Q5\n\"1,3\"\n", &one("Q5")).unwrap();
    assert!(
        spelt.warnings.iter().any(|w| w.code.id == "A008"),
        "{:#?}",
        spelt.warnings
    );
    let commas =
        "  checkboxes: {v: {of: Q5, choices: {\"TV, at home\": a, Web: b}, several: c, none: missing}}\n";
    let table = shaped("Q5\n\"TV, at home\"\n\"Web,TV, at home\"\n", commas).unwrap();
    assert_eq!(cells(&table, "v"), ["a", "c"]);
}

#[test]
fn previews_that_are_analysed_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let from = exports().join("qualtrics_values");
    for name in ["values.csv", "pipeline.yaml"] {
        std::fs::copy(from.join(name), folder.path().join(name)).unwrap();
    }
    let registered = std::fs::read_to_string(from.join("registration.yaml")).unwrap();
    let start = registered.find("exclusions:").unwrap();
    let end = registered.find("missing: {outcome").unwrap();
    let text = format!("{}{}", &registered[..start], &registered[end..]);
    asregistered::source::write_whole(&folder.path().join("registration.yaml"), text.as_bytes()).unwrap();
    let run = asregistered::run::run(&folder.path().join("pipeline.yaml")).unwrap();
    let told: Vec<&str> = run
        .diagnostics
        .iter()
        .filter(|d| d.code.id == "A016")
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(
        told.iter()
            .any(|m| m.contains("1 of 1 responses that values.csv marks as spam (`Status` is '8')")),
        "{told:#?}"
    );
}

#[test]
fn formats_that_are_not_read_are_named_with_a_way_out() {
    for (name, bytes, what, help) in [
        ("df.rds", &b"\x1F\x8B\x08\0"[..], "an R object", "write.csv(df"),
        ("df.RData", b"RDX3\nX\n", "an R workspace", "haven::write_dta"),
        (
            "old.xls",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "an old Excel workbook",
            ".xlsx",
        ),
        ("survey.zip", b"PK\x03\x04", "a zip archive", "unpack"),
        ("x.csv.gz", b"\x1F\x8B\x08\0", "compressed (gzip)", "unpack"),
        ("x.sas7bdat", b"\0\0\0\0", "a SAS file", "read_sas"),
    ] {
        let source = Source::from_bytes(name.into(), name, bytes.to_vec());
        let refused = data::read(&source, &Reading::default()).map(|_| ()).unwrap_err();
        assert!(refused[0].message.contains(what), "{refused:#?}");
        assert!(refused[0].help.as_deref().unwrap().contains(help), "{refused:#?}");
    }
}

fn shapes(folder: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/studies/shapes")
        .join(folder)
}

#[test]
fn wide_rows_become_what_reshape_and_merge_make_of_them() {
    for (folder, count, rows) in [("conjoint", 8, 240), ("panel", 6, 150)] {
        let (sample, _) = analysed(&shapes(folder));
        assert_eq!(sample.rows(), rows, "{folder}");
        let expected = Source::read(&shapes(folder).join("expected.csv"), "expected.csv", 1 << 20).unwrap();
        let expected = data::read(&expected, &Reading::default()).unwrap();
        // R writes the levels as the file does; here they have registered names.
        let named = |name: &str, row: usize| {
            let written = written(&sample, name, row);
            let label = [
                ("man", "Male"),
                ("woman", "Female"),
                ("left", "Left"),
                ("right", "Right"),
            ];
            label
                .into_iter()
                .find(|(level, _)| *level == written)
                .map_or(written, |(_, label)| label.to_owned())
        };
        let mut compared = 0;
        for (position, name) in expected
            .names
            .iter()
            .enumerate()
            .filter(|(_, n)| sample.column(n).is_some())
        {
            for (row, cell) in expected.column(position).unwrap().iter().enumerate() {
                assert_eq!(named(name, row), cell, "{folder}: {name} of row {row}");
                compared += 1;
            }
        }
        assert_eq!(compared, count * rows, "{folder}");
        // Each row leads back to the line that it is made of.
        let of_one = rows
            / sample
                .lines
                .iter()
                .collect::<std::collections::BTreeSet<_>>()
                .len();
        let lines: Vec<u64> = (0..rows).map(|row| (row / of_one) as u64 + 2).collect();
        assert_eq!(sample.lines, lines, "{folder}");
    }
}

#[test]
fn shaped_studies_run_as_they_stand_and_give_what_r_gives() {
    for folder in ["conjoint", "panel"] {
        let run = asregistered::run::run(&shapes(folder).join("pipeline.yaml"))
            .unwrap_or_else(|f| panic!("{f:#?}"));
        let codes: Vec<&str> = run.record.deviations.iter().map(|d| d.code.as_str()).collect();
        assert_eq!(codes, ["D048"], "{folder}: {:#?}", run.record.deviations);
        same_tests(
            &run.record,
            &std::fs::read_to_string(shapes(folder).join("expected_tests.csv")).unwrap(),
        );
        let shape = &run.record.observed.shape;
        let long = shape.long.as_ref().unwrap();
        let joined: Vec<(u64, u64, u64)> = shape
            .joined
            .iter()
            .map(|j| (j.matched, j.unmatched, j.unused))
            .collect();
        let told = run.diagnostics.iter().filter(|d| d.code.id == "A019").count();
        match folder {
            "conjoint" => {
                assert_eq!((long.rows_of_file, long.rows), (40, 240));
                assert!(
                    joined[0].1 > 0 && joined[0].0 + joined[0].1 == 40 && joined[0].2 == 1,
                    "{joined:?}"
                );
                assert_eq!(told, 1);
            }
            _ => {
                assert_eq!(joined, [(40, 10, 1), (38, 12, 0)]);
                assert_eq!(long.columns[1].absent, ["trust_2"]);
                assert_eq!(told, 2);
            }
        }
    }
}

#[test]
fn a_choice_is_told_for_every_cell() {
    let (_, cells) = analysed(&shapes("conjoint"));
    let told: Vec<(&str, Option<&str>)> = cells
        .iter()
        .filter(|c| c.rule == CellRule::Chosen)
        .map(|c| (c.from.as_str(), c.to.as_deref()))
        .collect();
    let all = [
        ("Candidate 1", Some("0")),
        ("Candidate 1", Some("1")),
        ("Candidate 2", Some("0")),
        ("Candidate 2", Some("1")),
        ("Neither", Some("0")),
    ];
    assert_eq!(told, all);
    // Two respondents did not answer the last task; each of its two profiles has no choice then.
    let count: u64 = cells
        .iter()
        .filter(|c| c.rule == CellRule::Chosen)
        .map(|c| c.count)
        .sum();
    assert_eq!(count, 240 - 2 * 2);
}

#[test]
fn what_rows_cannot_be_made_of_is_said() {
    let wide = "id,y_1,y_2,c_1,c_2,n-1,n-2,l-1,l-2\n1,3,4,1,2,Age,Sex,old,m\n2,5,6,9,1,Sex,Sex,f,f\n";
    for (spec, code, words) in [
        (
            "{rows: {t: 2}, columns: {y: 'y_{w}'}}",
            "S009",
            "`w` is none of data.long.rows",
        ),
        (
            "{rows: {t: 2}, columns: {y: y_1}}",
            "S009",
            "one column for every row",
        ),
        ("{rows: {t: 3}, columns: {y: 'y_{t}'}}", "A003", "no column `y_3`"),
        (
            "{rows: {t: [1, 1]}, columns: {y: 'y_{t}'}}",
            "S008",
            "different values",
        ),
        ("{rows: {t: 0}, columns: {y: 'y_{t}'}}", "S008", "neither a count"),
        (
            "{rows: {t: 100, p: 100}, columns: {y: 'y_{t}'}}",
            "S010",
            "10000 rows",
        ),
        ("{rows: {t: 2}, columns: {id: 'y_{t}'}}", "A004", "a column `id`"),
        ("{rows: {t: 2}, columns: {t: 'y_{t}'}}", "A004", "`t` twice"),
        (
            "{rows: {t: 2}, chosen: {c: {of: 'c_{t}', by: t}}}",
            "A017",
            "line 3: '9'",
        ),
        (
            "{rows: {t: 2}, chosen: {c: {of: 'c_{t}', by: t, means: {9: 7}}}}",
            "S009",
            "no value of `t`",
        ),
        (
            "{rows: {t: 1}, attributes: {names: 'n-{attribute}', levels: 'l-{attribute}', of: {age: Age}}}",
            "A017",
            "line 3",
        ),
        (
            "{rows: {t: 2}, may_be_absent: [z], columns: {y: 'y_{t}'}}",
            "S009",
            "no column `z`",
        ),
    ] {
        let refused = shaped(wide, &format!("  long: {spec}\n"))
            .map(|_| ())
            .unwrap_err();
        let found = refused.iter().find(|d| d.code.id == code);
        assert!(
            found.is_some_and(|d| d.message.contains(words)),
            "{spec}: {refused:#?}"
        );
    }
    let table = shaped(wide, "  long: {rows: {t: [2, 1]}, columns: {y: 'y_{t}'}, chosen: {c: {of: 'c_{t}', by: t, means: {9: missing}}}}\n").unwrap();
    assert_eq!(cells(&table, "y"), ["4", "3", "6", "5"]);
    assert_eq!(cells(&table, "c"), ["1", "1", "0", ""]);
    assert_eq!(cells(&table, "id"), ["1", "1", "2", "2"]);
}

#[test]
fn a_join_that_would_be_a_guess_is_refused() {
    let run = |here: &str, there: &str, join: &str| {
        let folder = tempfile::tempdir().unwrap();
        let from = shapes("panel");
        let put = |name: &str, text: &str| {
            asregistered::source::write_whole(&folder.path().join(name), text.as_bytes()).unwrap();
        };
        put(
            "registration.yaml",
            &std::fs::read_to_string(from.join("registration.yaml")).unwrap(),
        );
        put("a.csv", here);
        put("b.csv", there);
        put(
            "pipeline.yaml",
            &format!(
                "asregistered: 1\nregistration: registration.yaml\ndata:\n  path: a.csv\n  provenance: simulated\n  join: [{join}]\n"
            ),
        );
        let found = asregistered::run::run(&folder.path().join("pipeline.yaml"))
            .map(|_| ())
            .unwrap_err();
        found
            .diagnostics
            .into_iter()
            .filter(|d| d.severity == asregistered::diagnostic::Severity::Error)
            .map(|d| format!("{} {}", d.code.id, d.message))
            .collect::<Vec<_>>()
    };
    let here = "id,wave,mood,trust,birth\nx,1,1,1,1950\ny,1,2,2,1951\ny,2,2,2,1951\n";
    for (there, join, words) in [
        (
            "id,z\nx,1\nx,2\n",
            "{path: b.csv, by: id, matches: many_to_one}",
            "A018 1 rows of b.csv repeat",
        ),
        (
            "id,z\nx,1\ny,2\n",
            "{path: b.csv, by: id, matches: one_to_one}",
            "A018 1 rows of a.csv repeat",
        ),
        (
            "id,z\nq,1\n",
            "{path: b.csv, by: id, matches: many_to_one}",
            "A018 no row of a.csv has a partner",
        ),
        (
            "id,mood\nx,1\n",
            "{path: b.csv, by: id, matches: many_to_one}",
            "A004 b.csv has columns that the data have as well: mood",
        ),
        (
            "key,z\nx,1\n",
            "{path: b.csv, by: id, matches: many_to_one}",
            "A003 b.csv has no column `id`",
        ),
        (
            "id,z\nx,1\n",
            "{path: b.csv, by: id, matches: one_to_many}",
            "S009",
        ),
        (
            "id,z\nx,1\n",
            "{path: b.csv, by: id}",
            "S007 data.join lacks `matches`",
        ),
        (
            "id,z\nx,1\n",
            "{path: c.csv, by: id, matches: one_to_one}",
            "S001",
        ),
    ] {
        let found = run(here, there, join);
        assert!(found.iter().any(|m| m.starts_with(words)), "{join}: {found:#?}");
    }
}

#[test]
fn an_edited_joined_file_is_an_edit_of_the_data() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "registration.yaml",
        "pipeline.yaml",
        "responses.csv",
        "countries.csv",
    ] {
        std::fs::copy(shapes("conjoint").join(name), folder.path().join(name)).unwrap();
    }
    let path = folder.path().join("countries.csv");
    let edited = std::fs::read_to_string(&path).unwrap().replace("52.1", "52.2");
    asregistered::source::write_whole(&path, edited.as_bytes()).unwrap();
    let run = asregistered::run::run(&folder.path().join("pipeline.yaml")).unwrap();
    let found = run.record.deviations.iter().find(|d| d.code == "D047").unwrap();
    assert_eq!(found.of, "data.join[0].sha256");
}

/// The cells of a column as the reader gives them.
fn raw(name: &str, column: &str) -> Vec<String> {
    let source = Source::from_bytes(name.into(), name, file(name));
    let table = data::read(&source, &Reading::default()).unwrap_or_else(|e| panic!("{name}: {e:#?}"));
    cells(&table, column)
}

fn refused(name: &str, bytes: Vec<u8>) -> asregistered::diagnostic::Diagnostic {
    let source = Source::from_bytes(name.into(), name, bytes);
    let found = data::read(&source, &Reading::default()).map(|_| ()).unwrap_err();
    found.into_iter().next().unwrap()
}

#[test]
fn calendars_are_read_as_their_programs_show_them() {
    let excel = [
        "1900-01-01",
        "1900-02-28",
        "1900-03-01",
        "18:00:00",
        "2025-10-13T12:00:00",
    ];
    assert_eq!(raw("calendar.xlsx", "when"), excel);
    for name in ["leap_day.xlsx", "negative.xlsx", "beyond.xlsx"] {
        let refused = refused(name, file(name));
        assert!(refused.message.contains("a date in row 2"), "{refused:#?}");
    }
    let moments = ["2024-11-04T10:00:00", "1970-01-01T00:00:00"];
    assert_eq!(raw("clocks.dta", "exact"), moments);
    assert_eq!(raw("clocks.dta", "plain"), moments);
    assert_eq!(raw("clocks.dta", "month"), ["778", "120"]);
    assert_eq!(raw("clocks.dta", "quarter"), ["259", "40"]);
}

/// Types a file by a codebook of two variables.
fn typed(
    name: &str,
    bytes: Vec<u8>,
    variables: &str,
    mapping: &Mapping,
) -> Result<Collected, Vec<asregistered::diagnostic::Diagnostic>> {
    let text = format!(
        "asregistered: 1\nstudy: {{id: s, timing: after_access}}\ndesign: {{kind: observational}}\nvariables: {{mood: {{role: outcome}}, {variables}}}\n\
         missing: {{outcome: drop_from_test}}\nmodels: {{m: {{estimator: one_sample_t, formula: mood ~ 1, vcov: none}}}}\n\
         tests: {{t: {{model: m, parameter: mean, alternative: two_sided, null: 0, alpha: 0.05}}}}\n\
         hypotheses: {{H: {{statement: s, status: primary, corroborated_if: t}}}}\n"
    );
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", text.into());
    let found = Findings::default();
    let lowered = plan::lower(
        &registration::read(&yaml::parse(&source).unwrap(), &found),
        &found,
    );
    let problems = found.into_vec();
    assert!(!asregistered::diagnostic::any_error(&problems), "{problems:#?}");
    let source = Source::from_bytes(name.into(), name, bytes);
    let table = data::read(&source, &Reading::default())?;
    data::collect(&table, name, mapping, &lowered.plan, &lowered.wording)
}

#[test]
fn identifiers_that_were_rounded_are_refused() {
    let person = "person: {role: id}";
    for name in ["ids.dta", "ids.sav", "ids.xlsx", "ids.parquet"] {
        let refused = typed(name, file(name), person, &Mapping::default())
            .map(|_| ())
            .unwrap_err();
        assert_eq!(refused[0].code.id, "A020", "{name}: {refused:#?}");
        typed(name, file(name), "other: {role: covariate}", &Mapping::default())
            .unwrap_or_else(|e| panic!("{name}: {e:#?}"));
    }
    typed(
        "whole_ids.parquet",
        file("whole_ids.parquet"),
        person,
        &Mapping::default(),
    )
    .unwrap();
    let cut = "person,mood\n9.0072E+15,1\n5E10,2\n".as_bytes().to_vec();
    let refused = typed("cut.csv", cut, person, &Mapping::default())
        .map(|_| ())
        .unwrap_err();
    assert!(
        refused[0].message.contains("1 identifiers") && refused[0].message.contains("line 2"),
        "{refused:#?}"
    );
}

#[test]
fn a_level_that_the_file_declares_missing_is_asked_about() {
    let arm =
        "arm: {role: covariate, levels: {control: Kontrolle, treated: Größere Dosis}, reference: control}";
    let mapping = |text: &str| {
        let text = format!(
            "asregistered: 1\nregistration: r.yaml\ndata:\n  path: x\n  provenance: collected\n  {text}\n"
        );
        let source = Source::from_bytes("p.yaml".into(), "p.yaml", text.into());
        asregistered::spec::pipeline::read(&yaml::parse(&source).unwrap(), &Findings::default())
            .data
            .unwrap()
            .mapping
    };
    let bytes = || file("collision.sav");
    let refused = typed("collision.sav", bytes(), arm, &Mapping::default())
        .map(|_| ())
        .unwrap_err();
    assert_eq!(refused[0].code.id, "A011");
    assert!(refused[0].message.contains("'9'"), "{refused:#?}");
    for (said, third) in [
        ("values: {arm: {9: treated}}", Some(1)),
        ("missing_codes: {arm: [9]}", None),
    ] {
        let read = typed("collision.sav", bytes(), arm, &mapping(said)).unwrap();
        let Some(Column::Factor { codes, .. }) = read.sample.column("arm") else {
            panic!("no arms")
        };
        assert_eq!(codes, &[Some(0), Some(1), third], "{said}");
        let told: u64 = read.cells.iter().filter(|c| c.from == "9").map(|c| c.count).sum();
        assert_eq!(told, 1, "{said}");
    }
}

#[test]
fn a_column_that_holds_no_cells_is_refused_only_where_it_is_meant() {
    let bytes = || file("nested.parquet");
    typed(
        "nested.parquet",
        bytes(),
        "other: {role: covariate}",
        &Mapping::default(),
    )
    .unwrap();
    for (name, what) in [("tags", "lists"), ("who", "records")] {
        let refused = typed(
            "nested.parquet",
            bytes(),
            &format!("{name}: {{role: covariate}}"),
            &Mapping::default(),
        )
        .map(|_| ())
        .unwrap_err();
        assert!(
            refused[0]
                .message
                .contains(&format!("column `{name}` holds {what}")),
            "{refused:#?}"
        );
    }
    let decimals = typed(
        "decimal.parquet",
        file("decimal.parquet"),
        "other: {role: covariate}",
        &Mapping::default(),
    );
    let refused = decimals.map(|_| ()).unwrap_err();
    assert!(
        refused[0].message.contains("`mood` holds decimals"),
        "{refused:#?}"
    );
    let times = typed(
        "times.parquet",
        file("times.parquet"),
        "at: {role: text}",
        &Mapping::default(),
    );
    let refused = times.map(|_| ()).unwrap_err();
    assert!(refused[0].message.contains("`at` holds time"), "{refused:#?}");
}

#[test]
fn small_files_that_claim_very_much_are_refused_before_they_are_unpacked() {
    for name in ["many.parquet", "many.arrow"] {
        let refused = refused(name, file(name));
        assert_eq!(refused.code.id, "S002", "{refused:#?}");
    }
    let mut bomb = std::io::Cursor::new(Vec::new());
    let mut writer = zip::ZipWriter::new(&mut bomb);
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    writer.start_file("xl/sharedStrings.xml", options).unwrap();
    let text = vec![b'a'; 1 << 20];
    for _ in 0..80 {
        std::io::Write::write_all(&mut writer, &text).unwrap();
    }
    writer.finish().unwrap();
    let bytes = bomb.into_inner();
    assert!(bytes.len() < 1 << 18, "{}", bytes.len());
    let refused_book = refused("bomb.xlsx", bytes);
    assert_eq!(refused_book.code.id, "S002", "{refused_book:#?}");
    assert!(
        refused_book.message.contains("far more than it weighs"),
        "{refused_book:#?}"
    );
    let mut long = file("pandas_118.dta");
    let place = long.windows(3).position(|w| w == b"GSO").unwrap();
    long[place + 16..place + 20].copy_from_slice(&u32::MAX.to_le_bytes());
    let refused_long = refused("long.dta", long);
    assert!(
        refused_long.message.contains("4294967295 bytes"),
        "{refused_long:#?}"
    );
}

#[test]
fn a_pattern_that_would_cost_much_is_no_pattern() {
    for pattern in ["(a{500}){500}", "((((a{50}){50}){50}){50}){50}"] {
        let text = format!(
            "asregistered: 1\nstudy: {{id: s}}\nvariables: {{x: {{role: id, pattern: '{pattern}'}}}}\n"
        );
        let source = Source::from_bytes("r.yaml".into(), "r.yaml", text.into());
        let found = Findings::default();
        plan::lower(
            &registration::read(&yaml::parse(&source).unwrap(), &found),
            &found,
        );
        let found = found.into_vec();
        assert!(
            found
                .iter()
                .any(|d| d.code.id == "S010" && d.message.contains("pattern")),
            "{pattern}: {found:#?}"
        );
    }
}
