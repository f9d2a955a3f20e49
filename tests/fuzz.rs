//! Every reader and parser of files on what nobody would write: no panic, no hang, no unbounded memory.
//!
//! Inputs are seeds, mutated; one that makes a reader say something new becomes a seed itself. The stream is fixed, so
//! that a run can be repeated. Without more, each target gets a few inputs; for a long run:
//!
//!     FUZZ_SECONDS=60 cargo test --test fuzz                    # a target
//!     FUZZ_SECONDS=600 FUZZ_TARGET=parquet FUZZ_SEED=7 cargo test --test fuzz
//!
//! What fails is written to `target/fuzz/`, before it is tried, so that also an abort leaves its input behind.

#[allow(dead_code, reason = "other tests use the rest of the fixtures")]
mod fixtures;
mod hostile;

use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::pipeline::{Mapping, Reading};
use asregistered::spec::{pipeline, registration, yaml};
use asregistered::{archive, data, diagnostic, lock, plan};
use fixtures::run_fixture;
use hostile::{Target, attack};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files under a folder of `tests/` whose names end so.
fn files(folder: &str, ending: &str) -> Vec<Vec<u8>> {
    fn under(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                under(&path, ending, found);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    under(&root().join("tests").join(folder), ending, &mut found);
    found.sort();
    found.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn texts(seeds: &[&str]) -> Vec<Vec<u8>> {
    seeds.iter().map(|s| s.as_bytes().to_vec()).collect()
}

fn said(found: &[diagnostic::Diagnostic]) -> String {
    let line = |d: &diagnostic::Diagnostic| format!("{} {}", d.code.id, d.message);
    found.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn registered() -> plan::Lowered {
    let path = root().join("tests/formats/registration.yaml");
    let source = Source::read(&path, "registration.yaml", 1 << 20).unwrap();
    let found = Findings::default();
    plan::lower(
        &registration::read(&yaml::parse(&source).unwrap(), &found),
        &found,
    )
}

/// A data file: read whole, held to a codebook, looked through for personal data.
fn table(name: &'static str) -> impl Fn(&[u8]) -> String {
    let lowered = registered();
    move |bytes| {
        let source = Source::from_bytes(name.into(), name, bytes.to_vec());
        let table = match data::read(&source, &Reading::default()) {
            Ok(table) => table,
            Err(found) => return said(&found),
        };
        let personal = data::privacy(&table, name).len();
        let collected = data::collect(&table, name, &Mapping::default(), &lowered.plan, &lowered.wording);
        match collected {
            Ok(collected) => {
                let rows = data::analyse(&collected, &lowered.plan).sample.rows();
                format!("{personal} {}", said(&collected.warnings)) + if rows == 0 { "none" } else { "" }
            }
            Err(found) => said(&found),
        }
    }
}

fn registration_yaml(bytes: &[u8]) -> String {
    let source = Source::from_bytes("r.yaml".into(), "r.yaml", bytes.to_vec());
    let found = Findings::default();
    match yaml::parse(&source) {
        Ok(root) => {
            plan::lower(&registration::read(&root, &found), &found);
            said(&found.into_vec())
        }
        Err(refused) => said(&[refused]),
    }
}

fn pipeline_yaml(bytes: &[u8]) -> String {
    let source = Source::from_bytes("p.yaml".into(), "p.yaml", bytes.to_vec());
    let found = Findings::default();
    match yaml::parse(&source) {
        Ok(root) => {
            pipeline::read(&root, &found);
            said(&found.into_vec())
        }
        Err(refused) => said(&[refused]),
    }
}

fn lock_json(bytes: &[u8]) -> String {
    let source = Source::from_bytes("lock.json".into(), "lock.json", bytes.to_vec());
    lock::open(&source).map_or_else(|found| said(&found), |_| String::from("holds"))
}

fn bundle_zip(bytes: &[u8]) -> String {
    let verified = archive::verify(bytes);
    assert!(
        verified.holds() != Some(true)
            || archive::open(bytes).is_ok_and(|m| archive::pack(&m).unwrap() == bytes)
    );
    said(&verified.diagnostics)
}

/// One member changed, and the bundle sealed again: the run itself reads what the manifest vouches for.
fn sealed(bytes: &[u8], place: usize) -> String {
    let mut members = archive::open(&honest()).unwrap();
    let names: Vec<String> = members
        .keys()
        .filter(|n| !n.starts_with("manifest"))
        .cloned()
        .collect();
    members.insert(names[place % names.len()].clone(), bytes.to_vec());
    members.remove("manifest-sha256.txt");
    let lines = members
        .iter()
        .map(|(name, bytes)| format!("{}  {name}\n", asregistered::digest::Digest::of(bytes).hex()));
    let manifest: String = lines.collect();
    members.insert(String::from("manifest-sha256.txt"), manifest.into_bytes());
    said(&archive::verify(&archive::pack(&members).unwrap()).diagnostics)
}

fn honest() -> Vec<u8> {
    static BYTES: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    BYTES
        .get_or_init(|| archive::bundle(&run_fixture("unlocked-run", "quiet")).unwrap())
        .clone()
}

fn text(of: impl Fn(&str) -> String) -> impl Fn(&[u8]) -> String {
    move |bytes| of(&String::from_utf8_lossy(bytes))
}

/// A registration's small languages.
fn languages() -> Vec<Target> {
    use plan::{contingency, contrast, decision};
    let short = |text: String| text.chars().take(200).collect::<String>();
    vec![
        Target::new(
            "formula",
            texts(&[
                "y ~ a * b + I(x^2) + poly(x, 2)",
                "y ~ a | f + g",
                "y ~ x + (1 + x | g)",
                "y1 - y0 ~ 1",
            ]),
            &[
                "(", ")", " + ", " * ", ":", "~", "|", "log(", "factor(", "1", "-", "^", "ns(x, 3)",
            ],
            text(move |t| short(format!("{:?}", plan::Formula::parse(t)))),
        ),
        Target::new(
            "expression",
            texts(&[
                "a = 'x' AND NOT (b > 3.5 OR c IS NULL)",
                "d IN (1, 2, 'z')",
                "\"a b\" * 2 - -1 <> 1e9",
            ]),
            &[
                "(",
                ")",
                " AND ",
                " OR ",
                "NOT ",
                "'",
                "\"",
                "--",
                "/*",
                "IN (",
                " IS NULL",
                "CASE WHEN ",
                "SELECT ",
                "-",
            ],
            text(move |t| short(format!("{:?}", plan::Expr::parse(t).map(|e| e.to_string())))),
        ),
        Target::new(
            "contrast",
            texts(&["mean(a, b) - c", "0.5 * a + 0.5 * b - c", "a - b"]),
            &["mean(", ")", " - ", "+", "*", "1e308", "0.5", ","],
            text(move |t| short(format!("{:?}", contrast::parse(t)))),
        ),
        Target::new(
            "decision",
            texts(&["A and all(f)", "not (A or at_least(2, f))", "any(A, B) and not C"]),
            &[
                "(",
                ")",
                " and ",
                " or ",
                "not ",
                "all(",
                "any(",
                "at_least(2, ",
                "99999999999999999999",
            ],
            text(move |t| {
                let known = decision::Known {
                    is_test: &|name| name.len() < 3,
                    is_family: &|name| name == "f",
                };
                short(format!("{:?}", decision::parse(t, &known)))
            }),
        ),
        Target::new(
            "contingency",
            texts(&[
                "skewness(residuals(m)) > 1",
                "n(arm = 'x') < 20 and not p(T) < 0.05",
            ]),
            &[
                "(",
                ")",
                " and ",
                " or ",
                "not ",
                "<",
                ">=",
                "residuals(",
                "n(",
                "p(",
            ],
            text(move |t| short(format!("{:?}", contingency::parse(t)))),
        ),
    ]
}

fn documents() -> Vec<Target> {
    let words = &[
        ": ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "\n  ",
        "&a ",
        "*a",
        "!!",
        "|",
        ">-",
        "\"",
        "null",
        "~",
        ".nan",
        "1e400",
        "0x10",
        "-1",
        "99999999999999999999",
        "study:",
        "tests:",
        "models:",
        "derived:",
        "variables:",
        "levels:",
    ];
    let mut registrations = files("deviations", "registration.yaml");
    registrations.push(std::fs::read(root().join("prereg/registration.yaml")).unwrap());
    let members = archive::open(&honest()).unwrap();
    let locks = files("studies", "lock.json");
    let mut all = vec![
        Target::new("registration", registrations, words, registration_yaml),
        Target::new(
            "pipeline",
            files("deviations", "pipeline.yaml"),
            words,
            pipeline_yaml,
        ),
        Target::new(
            "lock",
            locks,
            &["{", "}", "[", "\"", "null", "1e999", "\\u0000", ":", ","],
            lock_json,
        ),
        Target::new(
            "bundle",
            vec![honest()],
            &["PK\u{1}\u{2}", "PK\u{3}\u{4}", "../", "/"],
            bundle_zip,
        ),
    ];
    let sealing = members.into_iter().filter(|(n, _)| !n.starts_with("manifest"));
    for (at, (name, bytes)) in sealing.enumerate() {
        let target: &'static str = Box::leak(format!("sealed {name}").into_boxed_str());
        all.push(
            Target::new(
                target,
                vec![bytes],
                &["\"", "0", "null", "{", "}", ","],
                move |bytes| sealed(bytes, at),
            )
            .slow(),
        );
    }
    all
}

fn tables() -> Vec<Target> {
    let seeds = |names: &[&str]| -> Vec<Vec<u8>> {
        names
            .iter()
            .map(|name| std::fs::read(root().join("tests/formats").join(name)).unwrap())
            .collect()
    };
    let plain = "person,when,arm,mood,age,remark\nZoë,2024-11-04 10:00:00,control,-0.125,33,\"fine, thanks\"\n\
        b,2024-11-05 11:30:00,Größere Dosis,1.5,,\"two\nlines\"\n";
    let qualtrics = "StartDate,Q1\nStart Date,\"How, in\nwords?\"\n\"{\"\"ImportId\"\":\"\"startDate\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\"\n\
        2024-11-04 10:00:00,5\n";
    let wide: Vec<u8> = "\u{FEFF}a;b\n1,5;größer\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let mut csv = texts(&[
        plain,
        qualtrics,
        "a;b\r\n1,5;2\r\n",
        "a\tb|c\n1\t2|3\n",
        "\u{FEFF}a,b\n1,2\n",
    ]);
    csv.push(wide);
    csv.push(b"name,gr\xF6\xDFe\nx,1\n".to_vec());
    let marks = &[
        ",",
        ";",
        "\t",
        "|",
        "\"",
        "\"\"",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
        "\u{FEFF}",
        "\0",
        "\u{FFFD}",
        "person,when,",
    ];
    let none = &["\0\0\0\0", "\u{1}"];
    let dta = [
        "pandas_114.dta",
        "pandas_117.dta",
        "pandas_118.dta",
        "readstat_8.dta",
        "haven_15.dta",
        "extended.dta",
    ];
    let xlsx = &[
        "<c r=\"A1\">",
        "<v>",
        "</row>",
        "&#0;",
        "&lol;",
        "t=\"s\"",
        "99999999999",
    ];
    vec![
        Target::new("csv", csv, marks, table("x.csv")),
        Target::new(
            "stata",
            seeds(&dta),
            &["<data>", "</data>", "<strls>GSO", "\0", "<N>"],
            table("x.dta"),
        )
        .claiming(),
        Target::new(
            "sav",
            seeds(&["plain.sav", "declared.sav", "dated.sav", "haven.sav"]),
            none,
            table("x.sav"),
        ),
        Target::new(
            "zsav",
            seeds(&["compressed.zsav", "haven.zsav"]),
            none,
            table("x.zsav"),
        ),
        Target::new(
            "parquet",
            seeds(&["pyarrow.parquet", "narrow.parquet"]),
            none,
            table("x.parquet"),
        ),
        Target::new("arrow", seeds(&["pyarrow.arrow"]), none, table("x.arrow")),
        Target::new(
            "excel",
            seeds(&["openpyxl.xlsx", "sheets.xlsx", "formula.xlsx"]),
            xlsx,
            table("x.xlsx"),
        ),
    ]
}

#[test]
fn nothing_hostile_panics_hangs_or_takes_the_memory() {
    let targets: Vec<Target> = tables()
        .into_iter()
        .chain(languages())
        .chain(documents())
        .collect();
    let failures: Vec<String> = targets.iter().flat_map(attack).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
