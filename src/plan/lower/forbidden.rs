//! `design.forbidden`: restricted cells, resolved against the codebook and against the probabilities.

use super::Lowering;
use super::codebook::Columns;
use crate::diagnostic::{Place, codes};
use crate::plan::Probability;
use crate::plan::restriction::{self, Cell};
use crate::spec::Located;
use crate::spec::registration::{Named, Registration};
use std::collections::BTreeSet;

/// The cells, sorted: their order means nothing.
pub(super) fn cells(written: &Registration, columns: &Columns<'_>, low: &mut Lowering<'_>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut whole = true;
    for spec in &written.design.forbidden {
        match cell(spec, columns, low) {
            Some((_, at)) if cells.iter().any(|c| Some(c) == cell_of(spec).as_ref()) => {
                let help = "keep one of the two";
                low.found.error(
                    codes::DUPLICATE_KEY,
                    at,
                    "design.forbidden: this cell stands twice",
                    help,
                );
            }
            Some((found, _)) => cells.push(found),
            None => whole = false,
        }
    }
    cells.sort();
    let first = written.design.forbidden.first().and_then(|c| c.first());
    if let (Some((factor, _)), true) = (first, whole) {
        low.place("design.forbidden", &factor.at);
        drawn_again(written, &factor.at, low);
        remaining(&cells, &factor.at, columns, low);
    }
    cells
}

fn cell_of(spec: &Named<Located<String>>) -> Option<Cell> {
    Some(
        spec.iter()
            .map(|(f, l)| (f.value.clone(), l.value.clone()))
            .collect(),
    )
}

/// A cell with its place: two or more assigned factors at levels that can occur.
fn cell<'s>(
    spec: &'s Named<Located<String>>,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) -> Option<(Cell, &'s Place)> {
    let (first, _) = spec.first()?;
    let mut cell = Cell::new();
    let mut good = true;
    for (factor, level) in spec {
        let path = "design.forbidden";
        let known = columns.require(&factor.value, &factor.at, path, low)
            && columns
                .level(&factor.value, &level.value, &level.at, path, low)
                .is_some();
        good &= known && occurs(factor, level, columns, low);
        cell.insert(factor.value.clone(), level.value.clone());
    }
    if spec.len() < 2 {
        low.found.error(
            codes::INCOMPATIBLE,
            &first.at,
            "design.forbidden: a cell of one factor is the whole of a level",
            "name two or more factors; a level that never occurs has `probability: 0`, or is no level",
        );
        good = false;
    }
    good.then_some((cell, &first.at))
}

/// What is restricted was assigned, and with a probability above zero.
fn occurs(
    factor: &Located<String>,
    level: &Located<String>,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) -> bool {
    let probability = columns
        .variable(&factor.value)
        .and_then(|v| v.probability.as_ref());
    let (at, message, help) = match probability {
        None => (
            &factor.at,
            format!(
                "design.forbidden: `{}` has no registered `probability`",
                factor.value
            ),
            "restrict what was assigned: write how the factor was drawn before the restriction",
        ),
        Some(p) if p.never(&level.value) => (
            &level.at,
            format!(
                "design.forbidden: `{}` of `{}` has probability 0 already",
                level.value, factor.value
            ),
            "remove the cell: it forbids what cannot occur",
        ),
        Some(_) => return true,
    };
    low.found.error(codes::INCOMPATIBLE, at, message, help);
    false
}

/// Only independent draws can be repeated until a cell is allowed.
fn drawn_again(written: &Registration, at: &Place, low: &mut Lowering<'_>) {
    match &written.design.allocation {
        Some(word) if word.value != "independent" => low.found.error(
            codes::INCOMPATIBLE,
            &word.at,
            format!("a {} allocation with forbidden cells is not defined", word.value),
            "write `allocation: independent`: every profile is drawn by itself, and again while its cell is forbidden",
        ),
        _ => low.convention(
            at,
            String::from(
                "profiles in forbidden cells are drawn again: the registered probabilities are those before the restriction",
            ),
            "the shares that the data are held to follow from both, in proportion",
        ),
    }
}

/// Every level must be left with something, and what restricts each other must be few enough to look at.
fn remaining(cells: &[Cell], at: &Place, columns: &Columns<'_>, low: &Lowering<'_>) {
    let factors: BTreeSet<&str> = cells.iter().flat_map(|c| c.keys().map(String::as_str)).collect();
    for factor in factors {
        let tied = restriction::linked(cells, factor);
        if restriction::combinations(&tied, columns.variables()) > restriction::LIMIT {
            let names: Vec<&str> = tied.into_iter().collect();
            low.found.error(
                codes::OUT_OF_DOMAIN,
                at,
                format!(
                    "design.forbidden ties {} to each other: more than {} combinations",
                    names.join(", "),
                    restriction::LIMIT
                ),
                "restrict fewer factors by each other",
            );
            return;
        }
        let own = columns.variable(factor).and_then(|v| v.probability.as_ref());
        let (Some(own), Some(Probability::Same(shares))) =
            (own, restriction::shares(cells, factor, columns.variables()))
        else {
            continue;
        };
        for (level, share) in &shares {
            let could = !own.never(level);
            if could && (*share <= 0.0 || share.is_nan()) {
                low.found.error(
                    codes::INCOMPATIBLE,
                    at,
                    format!("design.forbidden leaves nothing of the level `{level}` of `{factor}`"),
                    "a forbidden cell must not be the whole of a level: give the level probability 0 instead",
                );
            }
        }
    }
}
