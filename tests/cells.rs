//! What is said of cells, over all fixtures: none is changed without an account of it, and none that identifies
//! people is published.

#[allow(dead_code, reason = "other tests use the rest of the fixtures")]
mod fixtures;

use asregistered::data::{self, Column};
use asregistered::plan::{Plan, Role};
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::pipeline::Reading;
use asregistered::spec::{pipeline, yaml};
use asregistered::{report, run};
use fixtures::{root, run_changed};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn studies() -> Vec<(String, String)> {
    let folders = |path: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path());
        let mut names: Vec<String> = entries
            .filter(|p| p.is_dir())
            .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let slugs = folders(&root()).into_iter().filter(|slug| slug != "base");
    slugs
        .flat_map(|slug| {
            folders(&root().join(&slug))
                .into_iter()
                .map(move |name| (slug.clone(), name))
        })
        .collect()
}

fn lowered(registration: &Path) -> asregistered::plan::Lowered {
    match run::check(registration) {
        Ok(checked) => checked.lowered,
        Err(failure) => panic!("{}: {:#?}", registration.display(), failure.diagnostics),
    }
}

/// The fields of a line, which may stand in quotes.
fn fields(line: &str) -> Vec<&str> {
    let mut quoted = false;
    let at_comma = |c: char| {
        quoted ^= c == '"';
        c == ',' && !quoted
    };
    line.split(at_comma).map(|f| f.trim_matches('"')).collect()
}

/// Whether a typed cell is the cell of the file as it stands.
fn as_it_stands(column: &Column, row: usize, raw: &str, plan: &Plan, name: &str) -> bool {
    let time = plan.variables.get(name).is_some_and(|v| v.role == Role::Time);
    match column {
        Column::Number(values) => values[row].map_or(raw.is_empty(), |v| raw.parse() == Ok(v)),
        Column::Factor { levels, codes } => codes[row].map_or(raw.is_empty(), |c| levels[c as usize] == raw),
        Column::Text(texts) => match &texts[row] {
            None => raw.is_empty(),
            Some(text) if time => text.replace('T', " ") == raw.replace('T', " "),
            Some(text) => text == raw,
        },
    }
}

#[test]
fn no_cell_is_changed_without_a_line_that_says_how_many() {
    let (mut compared, mut changed) = (0, 0);
    for (slug, name) in studies() {
        let of = format!("{slug}/{name}");
        let folder = root().join(&slug).join(&name);
        let file = folder.join("pipeline.yaml");
        let source = Source::read(&file, "pipeline.yaml", 1 << 20).unwrap();
        let found = Findings::default();
        let read = pipeline::read(&yaml::parse(&source).unwrap(), &found);
        let (data, registration) = (read.data.as_ref().unwrap(), read.registration.as_ref().unwrap());
        let low = lowered(&folder.join(&registration.value));
        let path: PathBuf = folder.join(&data.path.value);
        let table = data::read(&Source::read(&path, "data", 1 << 20).unwrap(), &data.reading).unwrap();
        let Ok(collected) = data::collect(&table, "data", &data.mapping, &low.plan, &low.wording) else {
            continue;
        };
        let mut told: BTreeMap<&str, u64> = BTreeMap::new();
        // A mapping to what the cell says anyway is told, and changes nothing.
        for facts in collected.cells.iter().filter(|f| f.to.as_ref() != Some(&f.from)) {
            *told.entry(&facts.variable).or_default() += facts.count;
        }
        // The file by itself, without the reader.
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.lines().map(fields);
        let head = lines.next().unwrap();
        let rows: Vec<Vec<&str>> = lines.collect();
        for (variable, column) in &collected.sample.columns {
            let raw = data
                .mapping
                .columns
                .get(variable)
                .map_or(variable.as_str(), |c| c.value.as_str());
            let field = head.iter().position(|h| *h == raw).unwrap();
            let apart = (0..rows.len())
                .filter(|row| !as_it_stands(column, *row, rows[*row][field].trim(), &low.plan, variable))
                .count() as u64;
            assert_eq!(
                apart,
                told.get(variable.as_str()).copied().unwrap_or(0),
                "{of}: {variable}"
            );
            compared += rows.len();
            changed += apart;
        }
        // What stays is what was collected.
        let analysed = data::analyse(&collected, &low.plan).sample;
        let keep: Vec<bool> = collected
            .sample
            .lines
            .iter()
            .map(|l| analysed.lines.contains(l))
            .collect();
        let kept = collected.sample.filter(&keep);
        for (variable, column) in &kept.columns {
            assert_eq!(
                Some(column.as_ref()),
                analysed.column(variable),
                "{of}: {variable}"
            );
        }
    }
    assert!(
        compared > 50_000 && changed > 100,
        "{compared} cells, {changed} changed"
    );
}

#[test]
fn the_record_has_the_account_of_the_cells() {
    let run = run_changed("recoded", "fires", &|pipeline| pipeline).unwrap();
    let source = &run.inputs.data;
    let low = lowered(&root().join("base/registration.yaml"));
    let pipeline = Source::read(&root().join("recoded/fires/pipeline.yaml"), "p", 1 << 20).unwrap();
    let read = pipeline::read(&yaml::parse(&pipeline).unwrap(), &Findings::default());
    let table = data::read(source, &Reading::default()).unwrap();
    let mapping = &read.data.as_ref().unwrap().mapping;
    let collected = data::collect(&table, &source.name, mapping, &low.plan, &low.wording).unwrap();
    assert!(!collected.cells.is_empty());
    assert_eq!(run.record.observed.cells, collected.cells);
}

/// Whatever is published of a run.
fn published(run: &run::Run) -> String {
    let html = report::html(&run.record, &run.wording).unwrap();
    let tables = [
        report::tests_csv(&run.record),
        report::deviations_csv(&run.record),
    ];
    format!("{html}{}{}", report::record_json(&run.record), tables.concat())
}

#[test]
fn who_answered_is_in_no_record_report_or_table() {
    let repeated = [
        ("unit-repeated", "fires"),
        ("exclusion-changed", "fires-kept"),
        ("recoded", "fires"),
    ];
    for (slug, name) in repeated {
        let run = run_changed(slug, name, &|pipeline| pipeline).unwrap();
        let text = published(&run);
        for row in 1..=120 {
            let id = format!("R_{row:03}");
            assert!(!text.contains(&id), "{slug}/{name} publishes {id}");
        }
        if slug == "unit-repeated" {
            assert!(!run.record.observed.collection.repeated_units.is_empty());
            assert!(text.contains("(as line "), "the rows are named by their lines");
        }
    }
}

#[test]
fn ids_that_do_not_match_their_pattern_are_named_by_line_alone() {
    let study = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        asregistered::source::write_whole(&study.path().join(name), text.as_bytes()).unwrap();
    };
    let base = |name: &str| std::fs::read_to_string(root().join("base").join(name)).unwrap();
    let id = "respondent: {role: id, label: Response}";
    let registration = base("registration.yaml");
    assert!(registration.contains(id));
    let patterned = id.replace("Response}", "Response, pattern: \"R_[0-9]{3}\"}");
    write("registration.yaml", &registration.replace(id, &patterned));
    write("questionnaire.md", &base("questionnaire.md"));
    write("data.csv", &base("data.csv").replace("R_017,", "Ann-Example,"));
    write(
        "pipeline.yaml",
        "asregistered: 1\nregistration: registration.yaml\nlock: lock.json\ndata: {path: data.csv, provenance: simulated}\n",
    );
    let (registration, lock) = (
        study.path().join("registration.yaml"),
        study.path().join("lock.json"),
    );
    fixtures::lock_at(&registration, &lock, "2024-10-15T12:00:00Z");
    let run = run::run(&study.path().join("pipeline.yaml")).unwrap();
    let facts = &run.record.observed.codebook[0];
    assert_eq!((facts.rows[0].line, facts.count), (18, 1));
    assert!(!published(&run).contains("Ann-Example"));
}
