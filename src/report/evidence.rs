//! Sections 4 and 5: the deviations with their evidence, the timeline, the flow of rows.

use super::figures::{self, Figure, Moment, Station};
use super::paper::Table;
use super::{number, twin, words};
use crate::plan::Wording;
use crate::record::{Deviation, Numbers, Record};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct DeviationView {
    code: String,
    slug: String,
    category: String,
    mark: &'static str,
    word: &'static str,
    of: String,
    message: Vec<words::Piece>,
    registered: String,
    registered_at: String,
    executed: String,
    executed_at: String,
    tests: String,
    hypotheses: String,
    disclosure: Option<DisclosureView>,
    effects: Vec<EffectView>,
    /// What all departures together did to the verdicts of the hypotheses it bears on.
    verdicts: String,
    alone: Option<twin::AloneView>,
}

#[derive(Serialize)]
struct DisclosureView {
    reason: String,
    decided: String,
    explanation: String,
    impact: String,
}

#[derive(Serialize)]
struct EffectView {
    test: String,
    as_registered: String,
    as_requested: String,
    flips: bool,
}

pub(super) fn deviations(record: &Record) -> Vec<DeviationView> {
    record.deviations.iter().map(|d| deviation(d, record)).collect()
}

fn deviation(d: &Deviation, record: &Record) -> DeviationView {
    let (mark, word) = words::mark(d);
    let text = |t: &Option<String>| t.clone().unwrap_or_else(|| String::from("\u{2013}"));
    DeviationView {
        code: d.code.clone(),
        slug: d.slug.clone(),
        category: d.category.clone(),
        mark,
        word,
        of: d.of.clone(),
        message: words::pieces(&d.message),
        registered: text(&d.registered),
        registered_at: d
            .registered_at
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        executed: text(&d.executed),
        executed_at: d.at.first().map(ToString::to_string).unwrap_or_default(),
        tests: d.tests.join(", "),
        hypotheses: d.hypotheses.join(", "),
        disclosure: d.disclosure.as_ref().map(|d| DisclosureView {
            reason: d.reason.replace('_', " "),
            decided: d.decided.replace('_', " "),
            explanation: d.explanation.clone(),
            impact: d.impact.clone(),
        }),
        verdicts: verdicts(d, record),
        effects: d
            .effects
            .iter()
            .map(|e| EffectView {
                test: e.test.clone(),
                as_registered: numbers(&e.as_registered),
                as_requested: numbers(&e.as_requested),
                flips: e.verdict_flips,
            })
            .collect(),
        alone: d.alone.as_ref().map(twin::alone),
    }
}

/// What all departures together did to the verdicts of the hypotheses that a deviation bears on.
pub(super) fn verdicts(d: &Deviation, record: &Record) -> String {
    let flipped: Vec<&str> = record
        .observed
        .hypotheses
        .iter()
        .filter(|h| d.hypotheses.contains(&h.id) && words::flipped(h))
        .map(|h| h.id.as_str())
        .collect();
    if !flipped.is_empty() {
        format!("{} flips", flipped.join(", "))
    } else if d.hypotheses.is_empty() {
        String::from("\u{2013}")
    } else {
        String::from("stay")
    }
}

pub(super) fn numbers(n: &Numbers) -> String {
    let p = n
        .p_value
        .map(number::p_equals)
        .unwrap_or_else(|| String::from("not run"));
    let own = match (n.estimate, n.std_error) {
        (Some(b), Some(se)) => format!("{} ({}), {p}", number::estimate(b), number::estimate(se)),
        _ => p,
    };
    let size = n
        .effect_size
        .map(|e| format!(", effect size {}", number::estimate(e)));
    let factor = n.log_bf10.map(|l| format!(", BF₁₀ = {}", number::factor(l)));
    format!("{own}{}{}", size.unwrap_or_default(), factor.unwrap_or_default())
}

#[derive(Serialize)]
pub(super) struct Event {
    when: String,
    what: String,
}

impl Event {
    pub fn line(&self) -> String {
        format!("{}: {}", self.when, self.what)
    }
}

/// The flow of rows as a table of a paper.
pub(super) fn flow_table(record: &Record, wording: &Wording) -> Table {
    let rows = flow(record, wording)
        .into_iter()
        .map(|s| vec![s.step, s.dropped, s.rows]);
    Table {
        name: "flow",
        caption: format!(
            "Flow of rows, from {} collected",
            number::count(record.observed.collection.rows)
        ),
        head: vec![("Step", false), ("Left out", true), ("Rows", true)],
        rows: rows.collect(),
        note: String::new(),
    }
}

/// From the registration to the last response. The author's clock is named where it is all there is.
pub(super) fn timeline(record: &Record, wording: &Wording) -> Vec<Event> {
    let mut events = Vec::new();
    let mut add = |when: &str, what: String| {
        events.push(Event {
            when: when.replace('T', " "),
            what,
        })
    };
    if let Some((registry, date)) = wording
        .registry
        .as_ref()
        .and_then(|r| Some((r, r.registered.as_ref()?)))
    {
        add(
            date,
            format!(
                "Registered publicly with {}, as the registration states",
                registry.name
            ),
        );
    }
    if let Some(lock) = &record.observed.lock {
        add(
            &lock.first_locked_at,
            String::from("Locked, by the author’s clock"),
        );
        for amendment in &lock.amendments {
            let reason = amendment.reason.clone().unwrap_or_default();
            add(
                &amendment.locked_at,
                format!("Amended, by the author’s clock: {reason}"),
            );
        }
    }
    if let (Some(first), Some(last)) = (
        &record.observed.collection.first,
        &record.observed.collection.last,
    ) {
        add(first, String::from("First response in the data"));
        add(last, String::from("Last response in the data"));
    }
    events.sort_by(|a, b| a.when.cmp(&b.when));
    events
}

#[derive(Serialize)]
pub(super) struct FlowRow {
    step: String,
    dropped: String,
    rows: String,
}

/// The rows that stayed at each step, under the plan as requested.
pub(super) fn flow(record: &Record, wording: &Wording) -> Vec<FlowRow> {
    let steps = record.observed.flow.iter().map(|s| FlowRow {
        step: match wording.reasons.get(&s.step) {
            Some(reason) => format!("{} ({reason})", s.step),
            None => s.step.clone(),
        },
        dropped: s.dropped.map(number::count).unwrap_or_default(),
        rows: number::count(s.rows),
    });
    let models = record.observed.models.iter().map(|m| FlowRow {
        step: format!("analysed in model {}", m.id),
        dropped: number::count(m.dropped_missing),
        rows: number::count(m.n),
    });
    steps.chain(models).collect()
}

/// The flow of rows as a chart: boxes of the middle, and who left between them.
pub(super) fn chart(record: &Record, wording: &Wording) -> Figure {
    let rows = |n: u64| format!("n = {}", number::count(n));
    let steps = &record.observed.flow;
    let mut stations: Vec<Station> = Vec::new();
    for (position, step) in steps.iter().enumerate() {
        let next = steps.get(position + 1);
        stations.push(Station {
            stays: vec![
                if position == 0 {
                    String::from("Collected")
                } else {
                    String::from("Kept")
                },
                rows(step.rows),
            ],
            leaves: next.map(|next| {
                let reason = wording.reasons.get(&next.step).unwrap_or(&next.step);
                vec![
                    format!("Left out: {}", next.step),
                    reason.clone(),
                    rows(next.dropped.unwrap_or(0)),
                ]
            }),
        });
    }
    if let Some(last) = stations.last_mut() {
        let mut seen: Vec<(u64, u64, Vec<&str>)> = Vec::new();
        for model in &record.observed.models {
            match seen
                .iter_mut()
                .find(|(n, d, _)| (*n, *d) == (model.n, model.dropped_missing))
            {
                Some((_, _, ids)) => ids.push(&model.id),
                None => seen.push((model.n, model.dropped_missing, vec![&model.id])),
            }
        }
        last.stays.extend(seen.iter().map(|(n, dropped, ids)| {
            format!(
                "Analysed in {}: {}, {} missing",
                ids.join(", "),
                rows(*n),
                number::count(*dropped)
            )
        }));
    }
    figures::flow(&stations)
}

/// The timeline as a figure.
pub(super) fn line(record: &Record, wording: &Wording) -> Option<Figure> {
    let observed = &record.observed;
    let mut moments = Vec::new();
    let at = |what: &str, from| Moment {
        what: what.to_owned(),
        from,
        to: None,
    };
    let registered = wording.registry.as_ref().and_then(|r| r.registered.as_deref());
    moments.extend(registered.map(|date| at("Registered publicly", date)));
    if let Some(lock) = &observed.lock {
        moments.push(at("Locked", &lock.first_locked_at));
        moments.extend(lock.amendments.iter().map(|a| at("Amended", &a.locked_at)));
    }
    if let (Some(first), Some(last)) = (&observed.collection.first, &observed.collection.last) {
        moments.push(Moment {
            what: String::from("Responses, first to last"),
            from: first,
            to: Some(last),
        });
    }
    figures::timeline(&moments)
}
