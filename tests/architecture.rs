//! The walls of the house, read off its `use` lines.
//!
//! A room imports only rooms above it; one foreign crate lives in one room; only `cli/` prints and reads the clock.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The rooms, from the first to the last. `diagnostic`, `digest` and `source` are open to all.
const ROOMS: [&str; 16] = [
    "spec",
    "plan",
    "lock",
    "simulate",
    "data",
    "design",
    "estimate",
    "inference",
    "record",
    "deviation",
    "claims",
    "report",
    "export",
    "archive",
    "run",
    "cli",
];
const OPEN: [&str; 3] = ["diagnostic", "digest", "source"];

/// Imports that go against the order, each with the reason it is allowed.
const ALLOWED: [(&str, &str, &str); 5] = [
    ("lock", "record", "a lock states its facts in the record's types"),
    (
        "data",
        "record",
        "the flow and the codebook's findings are written in the record's types",
    ),
    (
        "inference",
        "record",
        "outcomes are written in the record's types",
    ),
    ("archive", "run", "to verify a bundle is to run it again"),
    (
        "deviation",
        "spec",
        "disclosures are matched as they were written",
    ),
];

/// Foreign crate → the only rooms that may name it.
const CRATES: [(&str, &[&str]); 19] = [
    ("serde_saphyr", &["spec"]),
    ("sqlparser", &["plan"]),
    ("polars", &["data"]),
    ("polars_io", &["data"]),
    ("polars_arrow_format", &["data"]),
    ("dta", &["data"]),
    ("ambers", &["data"]),
    ("arrow", &["data"]),
    ("calamine", &["data"]),
    ("encoding_rs", &["data"]),
    ("faer", &["design", "estimate"]),
    ("statrs", &["estimate"]),
    ("tera", &["report"]),
    ("clap", &["cli"]),
    ("pdf_writer", &["report"]),
    ("indicatif", &["cli"]),
    ("zip", &["archive", "claims", "data"]),
    ("quick_xml", &["claims"]),
    ("html_escape", &["claims"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

fn files() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&root).unwrap().to_owned();
            let first = inside
                .components()
                .next()
                .unwrap()
                .as_os_str()
                .to_string_lossy()
                .into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            (first.trim_end_matches(".rs").to_owned(), inside, text)
        })
        .collect()
}

/// The source without comments, so that prose may name any room.
fn code(text: &str) -> String {
    text.lines()
        .filter(|l| !l.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn words_after<'a>(text: &'a str, prefix: &str) -> Vec<&'a str> {
    text.match_indices(prefix)
        .map(|(at, _)| {
            let rest = &text[at + prefix.len()..];
            &rest[..rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len())]
        })
        .collect()
}

#[test]
fn a_room_imports_only_rooms_above_it() {
    let order: BTreeMap<&str, usize> = ROOMS.iter().enumerate().map(|(i, r)| (*r, i)).collect();
    let mut checked = 0;
    let mut wrong = Vec::new();
    for (room, path, text) in files() {
        if matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        for named in words_after(&code(&text), "crate::") {
            if named == room || OPEN.contains(&named) || !order.contains_key(named) {
                continue;
            }
            checked += 1;
            let above = !OPEN.contains(&room.as_str()) && order.get(named) < order.get(room.as_str());
            let allowed = ALLOWED.iter().any(|(from, to, _)| *from == room && *to == named);
            if !above && !allowed {
                wrong.push(format!("{} imports {named}", path.display()));
            }
        }
    }
    assert!(checked > 30, "only {checked} imports were seen");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_foreign_crate_lives_in_its_room() {
    let mut wrong = Vec::new();
    let mut seen = BTreeMap::new();
    for (room, path, text) in files() {
        let code = code(&text);
        for (name, rooms) in CRATES {
            if code.contains(&format!("{name}::")) {
                *seen.entry(name).or_insert(0) += 1;
                if !rooms.contains(&room.as_str()) {
                    wrong.push(format!("{} names {name}", path.display()));
                }
            }
        }
    }
    assert!(seen.len() >= 8, "{seen:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_cli_prints_and_reads_the_clock() {
    let banned = [
        "println!",
        "print!",
        "eprintln!",
        "std::io::stdout",
        "std::io::stderr",
        "::now()",
        "std::env::",
    ];
    for (room, path, text) in files() {
        if room == "cli" {
            continue;
        }
        let code = code(&text);
        let body = code.split("#[cfg(test)]").next().unwrap_or_default();
        for word in banned {
            assert!(!body.contains(word), "{} has {word}", path.display());
        }
    }
}

#[test]
fn deviation_never_sees_data() {
    for (room, path, text) in files() {
        if room == "deviation" {
            assert!(
                !code(&text).contains("crate::data"),
                "{} reads data",
                path.display()
            );
        }
    }
}

#[test]
fn files_stay_short_and_have_a_name_of_their_own() {
    for (_, path, text) in files() {
        assert!(
            text.lines().count() <= 400,
            "{} has {} lines",
            path.display(),
            text.lines().count()
        );
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        for nobody in [
            "util", "utils", "helper", "helpers", "common", "types", "errors", "misc",
        ] {
            assert_ne!(stem, nobody, "{}", path.display());
        }
    }
}

#[test]
fn nothing_unsafe_and_the_whole_run_on_one_page() {
    let all = files();
    let text = |name: &str| all.iter().find(|(_, p, _)| p == Path::new(name)).map(|f| &f.2);
    assert!(text("lib.rs").unwrap().contains("#![forbid(unsafe_code)]"));
    assert!(text("run/mod.rs").unwrap().lines().count() <= 120);
}
