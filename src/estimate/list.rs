//! List experiments: the difference between the mean counts of a list with and without the sensitive item.
//!
//! τ = ȳ_treated − ȳ_control estimates the share of whom the sensitive item is true (Blair & Imai 2012,
//! doi:10.1093/pan/mpr048); its error is that of a difference in means. Held to R's `t.test` and to estimatr
//! (`tests/experiments.rs`). Counts at the ends of the scale are where answers may be liars': floor and ceiling effects.

use crate::design::{Design, Input, Refusal};
use crate::diagnostic::codes;

/// Rows of a list at the ends of what can be counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Ends {
    pub list: String,
    /// The largest count: J for the control list, J + 1 for the others.
    pub most: u64,
    pub rows: u64,
    pub none: u64,
    pub all: u64,
}

/// # Errors
/// E014 for a count that is no whole number from 0 to the length of its list, with its line.
pub fn possible(design: &Design, items: u64) -> Result<(), Refusal> {
    for (row, (code, y)) in lists(design).zip(&design.y).enumerate() {
        let most = longest(items, code) as f64;
        if y.fract() != 0.0 || !(0.0..=most).contains(y) {
            let line = design.lines.get(row).copied().unwrap_or(0);
            let message = format!("the count on line {line} is {y}: its list has {most} items");
            return Err(Refusal::new(codes::BAD_OUTCOME, message));
        }
    }
    Ok(())
}

/// For each list, the control list first, how many rows count nothing and everything.
pub fn ends(design: &Design, items: u64) -> Vec<Ends> {
    let Some(Input::Levels { names, .. }) = design.inputs.values().next() else {
        return Vec::new();
    };
    let of_list = |(code, name): (usize, &String)| {
        let most = longest(items, code as u32);
        let rows = lists(design).zip(&design.y).filter(|(c, _)| *c as usize == code);
        let counts: Vec<f64> = rows.map(|(_, y)| *y).collect();
        let at = |end: f64| counts.iter().filter(|y| **y == end).count() as u64;
        Ends {
            list: name.clone(),
            most,
            rows: counts.len() as u64,
            none: at(0.0),
            all: at(most as f64),
        }
    };
    names.iter().enumerate().map(of_list).collect()
}

/// The reference level is the control list.
fn longest(items: u64, code: u32) -> u64 {
    items + u64::from(code > 0)
}

fn lists(design: &Design) -> impl Iterator<Item = u32> + '_ {
    let codes: &[u32] = match design.inputs.values().next() {
        Some(Input::Levels { codes, .. }) => codes,
        _ => &[],
    };
    codes.iter().copied()
}
