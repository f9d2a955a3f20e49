//! The page: every section's view, in the order in which a sceptical reader asks.

use super::figures::{self, Figure, Panels};
use super::{
    ReportError, arms, collected, contents, contingencies, design, evidence, exploratory, hypotheses, mixed,
    number, raking, recorded, reliability, twin, words,
};
use crate::digest::Digest;
use crate::plan::{Vcov, Wording};
use crate::record::{MarginKind, MarginTable, ModelRecord, Provenance, Record, Verdict};
use serde::Serialize;
use tera::{Context, Tera};

const STYLE: &str = include_str!("templates/style.css");
const SCRIPT: &str = include_str!("templates/script.js");

#[derive(Serialize)]
struct Page<'a> {
    style_hash: String,
    style: &'a str,
    script_hash: String,
    script: &'a str,
    title: &'a str,
    authors: String,
    registry: String,
    note: Option<&'a str>,
    verdict: &'a str,
    verdict_class: &'static str,
    verdict_mark: &'static str,
    why: String,
    contents: Vec<contents::Entry>,
    tallies: Vec<contents::Tally>,
    /// Four groups of four characters, to compare by eye.
    fingerprint: Option<Vec<String>>,
    simulated: bool,
    not_checked: Vec<(String, String)>,
    hypotheses: Vec<hypotheses::Hypothesis>,
    margins: Vec<Panels>,
    effects: Vec<Panels>,
    deviations: Vec<evidence::DeviationView>,
    line: Option<Figure>,
    curve: Option<twin::CurveView>,
    timeline: Vec<evidence::Event>,
    recorded: Vec<String>,
    chart: Figure,
    flow: Vec<evidence::FlowRow>,
    arms: Vec<arms::ArmsView>,
    collected: String,
    reading: collected::Reading,
    design: design::Design,
    tests: Vec<hypotheses::Row>,
    models: Vec<ModelView>,
    exploratory: Option<exploratory::Section>,
    claims: Option<super::claims::Section>,
    /// Set when the manuscript says what the run did not find.
    claims_fail: Option<String>,
    contingencies: Vec<contingencies::Contingency>,
    raked: Vec<raking::Weight>,
    scores: Vec<reliability::Score>,
    conventions: &'a [String],
    /// What it is of, the digest, and its hexadecimal digits if it is a file's.
    digests: Vec<(&'static str, String, Option<String>)>,
    version: String,
    record: String,
}

#[derive(Serialize)]
pub(super) struct ModelView {
    id: String,
    /// Whether it is the data of a test that needs no model.
    direct: bool,
    formula: String,
    about: String,
    note: Option<String>,
    rows: Vec<[String; 5]>,
    random: Vec<mixed::Row>,
}

/// The whole report as one self-contained HTML file.
pub fn html(record: &Record, wording: &Wording) -> Result<String, ReportError> {
    let mut tera = Tera::default();
    tera.add_raw_templates([
        ("arms.html", include_str!("templates/arms.html")),
        ("claims.html", include_str!("templates/claims.html")),
        ("coefficients.html", include_str!("templates/coefficients.html")),
        ("contingencies.html", include_str!("templates/contingencies.html")),
        ("curve.html", include_str!("templates/curve.html")),
        ("exploratory.html", include_str!("templates/exploratory.html")),
        ("design.html", include_str!("templates/design.html")),
        ("figure.html", include_str!("templates/figure.html")),
        ("picture.html", include_str!("templates/picture.html")),
        ("losses.html", include_str!("templates/losses.html")),
        ("raking.html", include_str!("templates/raking.html")),
        ("reliability.html", include_str!("templates/reliability.html")),
        ("panels.html", include_str!("templates/panels.html")),
        ("report.html", include_str!("templates/report.html")),
    ])?;
    Ok(tera.render("report.html", &Context::from_serialize(&page(record, wording)?)?)?)
}

/// Every figure as files of its own: a name, and what is in it.
pub fn figures(record: &Record, wording: &Wording) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let page = page(record, wording)?;
    let mut all: Vec<&Figure> = Vec::new();
    for hypothesis in &page.hypotheses {
        all.extend(hypothesis.forests.iter().chain(&hypothesis.ladders));
    }
    all.extend(page.margins.iter().chain(&page.effects).map(|p| &p.figure));
    all.extend(page.line.iter().chain([&page.chart]));
    all.extend(page.design.love.iter().map(|l| &l.figure));
    let mut files: Vec<(String, Vec<u8>)> = all.into_iter().flat_map(Figure::files).collect();
    // A family that two hypotheses share is drawn with each.
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.dedup_by(|a, b| a.0 == b.0);
    Ok(files)
}

fn page<'a>(record: &'a Record, wording: &'a Wording) -> Result<Page<'a>, ReportError> {
    let observed = &record.observed;
    let title = |t: &MarginTable| figures::margin_title(t, wording);
    let of_kind = |kind: MarginKind| -> Vec<Panels> {
        let tables = observed.margins.iter().filter(|t| t.kind == kind);
        tables
            .map(|t| {
                let mut panels = figures::panels(t, averaged(record, &t.model), wording);
                // Two models may estimate the same margins.
                if observed.margins.iter().filter(|o| title(o) == title(t)).count() > 1 {
                    panels.figure.title.push_str(&format!(", in model {}", t.model));
                }
                panels
            })
            .collect()
    };
    let registry = wording.registry.as_ref().map(|r| {
        let url = r.url.as_deref().map(|u| format!(", {u}")).unwrap_or_default();
        let date = r
            .registered
            .as_deref()
            .map(|d| format!(", {d}"))
            .unwrap_or_default();
        format!("{}{url}{date}", r.name)
    });
    Ok(Page {
        style_hash: base64(&Digest::of(STYLE.as_bytes()).seed()),
        style: STYLE,
        script_hash: base64(&Digest::of(SCRIPT.as_bytes()).seed()),
        script: SCRIPT,
        title: &wording.title,
        authors: wording.authors.join(", "),
        registry: registry.unwrap_or_default(),
        note: wording.note.as_deref(),
        verdict: words::verdict(record),
        verdict_class: match record.verdict {
            Verdict::AsRegistered => "good",
            Verdict::DeviatesDisclosed => "disclosed",
            Verdict::DeviatesUndisclosed => "bad",
            Verdict::NotCheckable => "unknown",
        },
        verdict_mark: match record.verdict {
            Verdict::AsRegistered => "\u{25CF}",
            Verdict::DeviatesDisclosed => "\u{25B2}",
            Verdict::DeviatesUndisclosed => "\u{25A0}",
            Verdict::NotCheckable => "\u{25CB}",
        },
        why: words::why(record),
        contents: contents::contents(record),
        tallies: contents::tallies(record),
        fingerprint: observed
            .lock
            .as_ref()
            .map(|l| l.fingerprint.split(' ').map(str::to_owned).collect()),
        simulated: observed.provenance == Provenance::Simulated,
        not_checked: record
            .not_checked
            .iter()
            .map(|n| (n.of.clone(), n.why.clone()))
            .collect(),
        hypotheses: hypotheses::hypotheses(record, wording),
        margins: of_kind(MarginKind::Margin),
        effects: of_kind(MarginKind::Effect),
        deviations: evidence::deviations(record),
        line: evidence::line(record, wording),
        curve: record.curve.as_ref().map(twin::curve),
        timeline: evidence::timeline(record, wording),
        recorded: recorded::recorded(record),
        chart: evidence::chart(record, wording),
        flow: evidence::flow(record, wording),
        arms: arms::arms(record, wording),
        collected: number::count(observed.collection.rows),
        reading: collected::reading(record),
        design: design::design(record, wording),
        tests: tests(record),
        models: models(&observed.models),
        exploratory: exploratory::section(&observed.exploratory),
        claims: super::claims::section(record),
        claims_fail: record
            .claims
            .as_ref()
            .filter(|c| c.failing() > 0)
            .map(super::claims::sentence),
        contingencies: contingencies::contingencies(record),
        raked: raking::weights(record, wording),
        scores: reliability::scores(record, wording),
        conventions: &observed.conventions,
        digests: digests(record),
        version: format!("{} {}", record.tool.name, record.tool.version),
        // Inside a script element only `<` could end it.
        record: serde_json::to_string(record)?.replace('<', "\\u003c"),
    })
}

fn tests(record: &Record) -> Vec<hypotheses::Row> {
    let tests = record.observed.tests.iter();
    tests
        .map(|test| hypotheses::Row {
            branches: contingencies::in_force(record, &test.id),
            ..hypotheses::row(test)
        })
        .collect()
}

/// Whether a model's margins are averages over the analysed rows; a conjoint's are over what the design drew.
fn averaged(record: &Record, model: &str) -> bool {
    let found = record.observed.models.iter().find(|m| m.id == model);
    found.is_none_or(|m| m.estimator != "marginal_mean")
}

/// Estimator, variance, weights, clusters, rows: what a reader needs to fit it again.
fn about(model: &ModelRecord) -> String {
    let estimator = match model.estimator.as_str() {
        "ols" => String::from("OLS"),
        "amce" => String::from("AMCE by least squares"),
        "mixed" => String::from("linear mixed model"),
        other => other.replace('_', " "),
    };
    if model.vcov == Vcov::None.word() {
        return format!("{estimator}, n = {}", number::count(model.n));
    }
    let mut parts = vec![estimator, model.vcov.clone()];
    parts.extend(model.weights.iter().map(|w| format!("weighted by {w}")));
    if let (Some(effective), Some(effect)) = (model.effective_n, model.design_effect) {
        parts.push(format!(
            "effective n = {}, design effect of the weights = {}",
            number::decimals(effective, 1),
            number::short(effect)
        ));
    }
    if !model.clusters.is_empty() {
        parts.push(format!("clustered by {}", model.clusters.join(" and ")));
    }
    parts.extend(model.trials.iter().map(|t| format!("successes in {t} trials")));
    if let Some(imputed) = &model.imputed {
        let cells = imputed.cells.iter();
        let cells: Vec<String> = cells
            .map(|c| format!("{} of {}", number::count(c.cells), c.variable))
            .collect();
        parts.push(format!(
            "pooled over {} imputations ({})",
            number::count(imputed.draws),
            cells.join(", ")
        ));
    }
    if let Some(draws) = &model.draws {
        let asked = number::count(draws.asked);
        parts.push(match draws.failed {
            0 => format!("{asked} draws"),
            failed => format!(
                "{asked} draws, {} of which could not be fitted",
                number::count(failed)
            ),
        });
    }
    parts.push(format!("n = {}", number::count(model.n)));
    match &model.mixed {
        Some(random) => parts.push(mixed::about(random)),
        None => parts.push(format!("residual df = {}", number::degrees(&[model.df_residual]))),
    }
    parts.extend(model.r_squared.map(|r| format!("R² = {}", number::estimate(r))));
    parts.extend(
        model
            .log_likelihood
            .filter(|_| model.mixed.is_none())
            .map(|l| format!("log likelihood = {}", number::estimate(l))),
    );
    if model.dropped_weight > 0 {
        parts.push(format!(
            "{} rows of weight zero left out",
            number::count(model.dropped_weight)
        ));
    }
    parts.extend(model.lists.iter().map(|l| {
        let (none, all, rows) = (number::count(l.none), number::count(l.all), number::count(l.rows));
        format!(
            "{}: {none} of {rows} count nothing, {all} all {} items",
            l.list, l.items
        )
    }));
    parts.join(", ")
}

pub(super) fn models(models: &[ModelRecord]) -> Vec<ModelView> {
    models
        .iter()
        .map(|m| ModelView {
            id: m.id.clone(),
            direct: m.vcov == Vcov::None.word(),
            formula: m.formula.clone(),
            about: about(m),
            note: m.note.clone(),
            random: mixed::rows(m),
            rows: m
                .coefficients
                .iter()
                .map(|c| {
                    [
                        c.term.clone(),
                        number::estimate(c.estimate),
                        number::estimate(c.std_error),
                        format!(
                            "{} to {}",
                            number::estimate(c.conf_low),
                            number::estimate(c.conf_high)
                        ),
                        number::p_value(c.p_value),
                    ]
                })
                .collect(),
        })
        .collect()
}

pub(super) fn digests(record: &Record) -> Vec<(&'static str, String, Option<String>)> {
    let d = &record.observed.digests;
    let of_file = |what, digest: &Digest| {
        let text = digest.to_string();
        let hex = text.trim_start_matches("sha256:").to_owned();
        (what, text, Some(hex))
    };
    let mut all = vec![
        of_file("registration", &d.registration),
        ("plan", d.plan.to_string(), None),
        ("plan as requested", d.requested_plan.to_string(), None),
        of_file("pipeline", &d.pipeline),
        of_file("data", &d.data),
    ];
    if let Some(lock) = &d.lock {
        all.insert(0, ("lock", lock.to_string(), None));
    }
    all
}

/// A style's or script's hash as the Content-Security-Policy writes it.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |g, b| (g << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for position in 0..4 {
            let letter = LETTERS
                .get((group >> (18 - 6 * position)) as usize & 63)
                .copied()
                .unwrap_or(b'=');
            out.push(if position <= chunk.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_the_standard_says() {
        // RFC 4648, section 10.
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}
