//! The love plot of an assigned factor: standardised differences of each covariate, an arm a dot.

use super::Figure;
use super::strips::{Frame, Strip, StripMark, strips};
use crate::plan::Wording;
use crate::record::BalanceFacts;
use crate::report::number;
use serde::Serialize;

/// Beyond which a difference is often called an imbalance (Austin 2009, doi:10.1002/sim.3697).
const NEGLIGIBLE: f64 = 0.1;

#[derive(Serialize)]
pub(in crate::report) struct LovePlot {
    #[serde(flatten)]
    pub figure: Figure,
    rows: Vec<TableRow>,
}

#[derive(Serialize)]
struct TableRow {
    covariate: String,
    arm: String,
    mean: String,
    mean_reference: String,
    difference: String,
}

/// Nothing where nothing was measured before treatment.
pub(in crate::report) fn love(factor: &str, facts: &[&BalanceFacts], wording: &Wording) -> Option<LovePlot> {
    let reference = &facts.first()?.reference;
    let mut rows: Vec<Strip> = Vec::new();
    for one in facts {
        let label = covariate(one, wording);
        let Some(difference) = one.difference else {
            continue;
        };
        let arm = wording.level(factor, &one.level);
        let mark = StripMark {
            at: difference,
            span: None,
            hollow: false,
            tip: format!("{label}, {arm}: {}", number::estimate(difference)),
        };
        match rows.iter_mut().find(|r| r.label == label) {
            Some(row) => row.marks.push(mark),
            None => rows.push(Strip {
                label,
                marks: vec![mark],
                null: Some(0.0),
                band: Some((-NEGLIGIBLE, NEGLIGIBLE)),
                flat: true,
                ..Strip::default()
            }),
        }
    }
    rows.first()?;
    for row in &mut rows {
        let largest = row.marks.iter().map(|m| m.at.abs()).fold(0.0, f64::max);
        row.value = format!("≤ {}", number::short(largest));
    }
    let frame = Frame {
        unit: "Standardised difference from the reference",
        ticks: None,
        values: 64.0,
        include: None,
    };
    let (wide, narrow) = strips(&rows, &frame);
    let of = wording.variable(factor);
    let against = wording.level(factor, reference);
    let figure = Figure {
        name: format!("balance-{factor}"),
        title: format!("Balance over {of}"),
        description: format!(
            "Standardised differences of {} covariates between the arms of {of}. The table below has the same numbers.",
            rows.len()
        ),
        note: format!(
            "A dot is an arm against “{against}”; the pale band is ±{NEGLIGIBLE}. Means of numbers, shares of categories, on the analysed rows."
        ),
        wide,
        narrow,
    };
    Some(LovePlot {
        figure,
        rows: facts.iter().map(|one| table_row(one, wording)).collect(),
    })
}

fn covariate(facts: &BalanceFacts, wording: &Wording) -> String {
    let name = wording.variable(&facts.covariate);
    match &facts.category {
        Some(category) => format!("{name}: {}", wording.level(&facts.covariate, category)),
        None => name.to_owned(),
    }
}

fn table_row(facts: &BalanceFacts, wording: &Wording) -> TableRow {
    let shown = |v: Option<f64>| v.map_or_else(|| String::from("\u{2013}"), number::estimate);
    TableRow {
        covariate: covariate(facts, wording),
        arm: wording.level(&facts.factor, &facts.level).to_owned(),
        mean: shown(facts.mean),
        mean_reference: shown(facts.mean_reference),
        difference: shown(facts.difference),
    }
}
