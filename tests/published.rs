//! Real studies, from their shipped pipelines, against what others computed and printed.

mod reference;

use asregistered::record::{Record, Verdict};
use reference::{close, close_p, near, shared};
use std::path::Path;

fn record(study: &str) -> Record {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/studies")
        .join(study);
    let record = asregistered::run::run(&folder.join("pipeline.yaml"))
        .unwrap()
        .record;
    assert_eq!(
        record.verdict,
        Verdict::AsRegistered,
        "{study}: {:#?}",
        record.deviations
    );
    record
}

struct Row {
    model: String,
    term: String,
    /// Estimate, standard error, statistic, p.
    numbers: [f64; 4],
    n: u64,
}

/// The rows of a reference CSV whose fields may be quoted.
fn rows(path: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').map(|c| c.trim_matches('"')).collect();
            let [model, term, rest @ ..] = cells.as_slice() else {
                panic!("{line}")
            };
            let number = |i: usize| rest[i].parse().unwrap();
            Row {
                model: (*model).to_owned(),
                term: (*term).to_owned(),
                numbers: [number(0), number(1), number(2), number(3)],
                n: rest[4].parse().unwrap(),
            }
        })
        .collect()
}

fn compare(record: &Record, model: &str, term: &str, row: &Row, tolerance: f64) {
    let found = record.observed.models.iter().find(|m| m.id == model).unwrap();
    assert_eq!(found.n, row.n);
    let mut coefficients = found.coefficients.iter();
    let c = coefficients
        .find(|c| c.term == term)
        .unwrap_or_else(|| panic!("{model} has no {term}"));
    let what = format!("{model} {term}");
    near(c.estimate, row.numbers[0], tolerance, &what);
    near(c.std_error, row.numbers[1], tolerance, &what);
    near(c.statistic, row.numbers[2], tolerance, &what);
    let apart = (c.p_value.ln() - row.numbers[3].ln()).abs();
    assert!(
        apart < 1e-6f64.max(tolerance * 100.0),
        "{what}: p {:e} is not {:e}",
        c.p_value,
        row.numbers[3]
    );
}

#[test]
fn kirkland_coppock_conjoint() {
    let Some(reference) = shared("data/kirkland_coppock_2018/reference_r_cr1.csv") else {
        return;
    };
    let record = record("kirkland_coppock");
    let levels = [
        ("GenderMale", "Gender[male]"),
        ("RaceAsian", "Race[asian]"),
        ("RaceBlack", "Race[black]"),
        ("RaceHispanic", "Race[hispanic]"),
        ("JobAttorney", "Job[attorney]"),
        ("JobBusiness Executive", "Job[executive]"),
        ("JobPolice Officer", "Job[police]"),
        ("JobSmall Business Owner", "Job[owner]"),
        ("PoliticalCity Council Member", "Political[council]"),
        ("PoliticalState Legislator", "Political[legislator]"),
        ("PoliticalMayor", "Political[mayor]"),
        ("PoliticalRepresentative in Congress", "Political[congress]"),
        ("PartyDemocrat", "Party[democrat]"),
        ("PartyRepublican", "Party[republican]"),
        ("Age45", "Age[age45]"),
        ("Age55", "Age[age55]"),
        ("Age65", "Age[age65]"),
        ("npTRUE", "np"),
        ("repTRUE", "rep"),
        ("demcTRUE", "demc"),
    ];
    let part = |p: &str| {
        levels
            .iter()
            .find(|(r, _)| *r == p)
            .map_or(p, |(_, ours)| ours)
            .to_owned()
    };
    let rows = rows(&reference);
    assert_eq!(rows.len(), 68);
    for row in &rows {
        let term: Vec<String> = row.term.split(':').map(part).collect();
        let mut row = Row {
            model: String::new(),
            term: String::new(),
            ..*row
        };
        let (model, term) = (row_model(&rows, row.n), term.join(":"));
        // R referred these to n − k or to the normal; the p-value is held by the oracle instead.
        let found = record.observed.models.iter().find(|m| m.id == model).unwrap();
        row.numbers[3] = found
            .coefficients
            .iter()
            .find(|c| c.term == term)
            .unwrap()
            .p_value;
        compare(&record, model, &term, &row, 1e-9);
    }
}

#[test]
fn kirkland_coppock_component_effects_and_marginal_means() {
    if shared("data/kirkland_coppock_2018/conjoint.csv").is_none() {
        return;
    }
    let record = record("kirkland_coppock");
    let reference = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/kirkland_coppock.csv");
    let text = std::fs::read_to_string(reference).unwrap();
    let mut compared = 0;
    for line in text.lines().skip(2) {
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let number = |i: usize| cells[i].parse::<f64>().unwrap();
        let test = record.observed.tests.iter().find(|t| t.id == cells[0]).unwrap();
        close(test.result.estimate.unwrap(), number(1), line);
        close(test.result.std_error.unwrap(), number(2), line);
        close_p(test.result.p_value.unwrap(), number(3), line);
        compared += 1;
    }
    assert_eq!(compared, 14);
}

fn row_model(rows: &[Row], n: u64) -> &str {
    let row = rows.iter().find(|r| r.n == n).unwrap();
    row.model.split(' ').next().unwrap()
}

/// The authors' `.dta`, which lacks their derived columns, and the `.csv`: all but what names the file is the same.
#[test]
fn tomz_weeks_from_stata_is_tomz_weeks_from_text() {
    if shared("data/tomz_weeks_2021/tomz_weeks_2021_yougov.dta").is_none() {
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/studies/tomz_weeks_stata");
    let [stata, text] = ["pipeline.yaml", "csv.yaml"].map(|pipeline| {
        let record = asregistered::run::run(&folder.join(pipeline)).unwrap().record;
        assert_eq!(record.verdict, Verdict::AsRegistered, "{:#?}", record.deviations);
        assert_eq!(record.observed.tests.len(), 3);
        serde_json::to_value(&record).unwrap()
    });
    let (stata, text) = (stata.as_object().unwrap(), text.as_object().unwrap());
    assert!(stata.keys().eq(text.keys()));
    let differ: Vec<&String> = stata.keys().filter(|key| stata[*key] != text[*key]).collect();
    assert_eq!(
        differ,
        ["collection", "digests", "file"],
        "of all keys of the record"
    );
}

#[test]
fn tomz_weeks_by_every_model() {
    let Some(reference) = shared("data/tomz_weeks_2021/reference_r.csv") else {
        return;
    };
    let record = record("tomz_weeks");
    let mut compared = 0;
    for row in rows(&reference) {
        let (model, tolerance) = match row.model.as_str() {
            "OLS HC1 strike2~ally" => ("HC1.plain", 1e-9),
            "OLS HC1 strike~ally" => ("HC1.scale", 1e-9),
            "OLS HC1 strike2~ally+dem+ints+cost+factor(region)" => ("HC1.attributes", 1e-9),
            "OLS HC1 strike2~ally*(dem+ints+cost+factor(region))" => ("HC1.interactions", 1e-9),
            "OLS HC2 strike2~ally" => ("HC2.plain", 1e-9),
            "OLS HC2 strike~ally" => ("HC2.scale", 1e-9),
            "OLS HC2 strike2~ally+dem+ints+cost+factor(region)" => ("HC2.attributes", 1e-9),
            "OLS HC2 strike2~ally*(dem+ints+cost+factor(region))" => ("HC2.interactions", 1e-9),
            "WLS(pweight) HC1 strike2~ally+dem+ints+cost+factor(region)" => ("weighted", 1e-9),
            // R's errors stand on the weights of the last iteration but one, good to 3e-5 here.
            "logit fav~ally+dem+ints+cost+factor(region)" => ("logit", 1e-4),
            "ordered logit (ordinal::clm) pref~ally+dem+ints+cost+factor(region)" => ("ordered", 1e-6),
            _ => continue,
        };
        let part = |p: &str| match p.strip_prefix("factor(region)") {
            Some(level) if !level.is_empty() => format!("factor(region)[{level}]"),
            _ => p.to_owned(),
        };
        let term: Vec<String> = row.term.split(':').map(part).collect();
        compare(&record, model, &term.join(":"), &row, tolerance);
        compared += 1;
    }
    assert_eq!(compared, 79);
    let test = |id: &str| record.observed.tests.iter().find(|t| t.id == id).unwrap();
    let printed = |found: Option<f64>, digits: f64| assert_eq!((found.unwrap() * 1e3).round() / 1e3, digits);
    printed(test("ally.support_without").result.estimate, 46.488);
    printed(test("ally.support_without").result.std_error, 2.041);
    printed(test("ally.support_with").result.estimate, 79.568);
    printed(test("ally.by_level").result.estimate, 33.080);
    printed(test("ally.by_level").result.std_error, 2.621);
}

#[test]
fn petersen_under_every_clustering() {
    if shared("data/petersen_cl/PetersenCL.csv").is_none() {
        return;
    }
    let record = record("petersen");
    for (model, error) in [
        ("classical", 0.0285833),
        ("HC1", 0.0283952),
        ("firm", 0.0505957),
        ("year", 0.0333889),
        ("both", 0.0535610),
    ] {
        let found = record.observed.models.iter().find(|m| m.id == model).unwrap();
        let slope = found.coefficients.iter().find(|c| c.term == "x").unwrap();
        assert_eq!((slope.estimate * 1e7).round() / 1e7, 1.034_833_4, "{model}");
        assert_eq!((slope.std_error * 1e7).round() / 1e7, error, "{model}");
    }
    let two_way = record
        .observed
        .tests
        .iter()
        .find(|t| t.id == "slope.both")
        .unwrap();
    // The smaller number of clusters, ten years, less one.
    close(two_way.result.df.as_ref().unwrap()[0], 9.0, "df");
}
