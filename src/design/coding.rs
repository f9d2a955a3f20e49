//! Terms to columns: treatment contrasts from the registered reference, full dummies where R puts them.
//!
//! R's rule (`terms.formula`, `model.matrix`): in a term, a factor is coded by contrasts if the term without
//! it is in the model, else by full dummies; without an intercept, the first factor has full dummies.

use super::Refusal;
use super::basis::Spanned;
use super::contrasts;
use super::function::Applied;
use super::missing::Handled;
use crate::data::{Column, Sample};
use crate::diagnostic::codes;
use crate::plan::{Atom, Formula, ModelPlan, Plan, Term};
use std::collections::BTreeMap;

/// A column of the design matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignColumn {
    /// As in `us_response[denounce]:regime[democracy]`.
    pub name: String,
    /// Its term's position in the formula; nothing for the intercept and for missing-value indicators.
    pub term: Option<usize>,
    /// What it is a product of; empty for the intercept.
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// 1 where the factor has this level.
    Level {
        atom: Atom,
        level: u32,
    },
    /// A column of another coding than treatment: a weight for each level.
    Coded {
        atom: Atom,
        name: String,
        weights: Vec<f64>,
    },
    Number {
        atom: Atom,
    },
    /// One of the columns of a basis, from zero.
    Basis {
        atom: Atom,
        column: usize,
    },
    /// 1 where the covariate was missing: column of the indicators by name.
    Missing {
        of: String,
        values: Vec<f64>,
    },
}

/// A variable's values in the analysed rows.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// The reference is the first level.
    Levels {
        names: Vec<String>,
        codes: Vec<u32>,
    },
    Numbers(Vec<f64>),
    /// Of a function: the numbers that it is taken of.
    Function {
        of: Vec<f64>,
        applied: Applied,
    },
    /// Of a basis: the numbers that it is taken of, and its columns in the analysed rows.
    Basis {
        of: Vec<f64>,
        spanned: Spanned,
        columns: Vec<Vec<f64>>,
    },
}

pub(super) fn input(
    plan: &Plan,
    sample: &Sample,
    atom: &Atom,
    handled: &Handled,
    empty: &mut BTreeMap<String, Vec<String>>,
) -> Result<Input, Refusal> {
    let name = atom.column();
    match (atom, sample.column(name)) {
        (_, Some(Column::Factor { levels, codes })) => {
            let reference = plan.variables.get(name).and_then(|v| v.reference.as_deref());
            let codes = handled
                .rows
                .iter()
                .filter_map(|row| codes.get(*row).copied().flatten());
            factor(name, levels, &codes.collect::<Vec<_>>(), reference, empty)
        }
        (Atom::Variable(_) | Atom::Function { .. } | Atom::Basis { .. }, Some(Column::Number(values))) => {
            let mean = handled.means.get(name).copied();
            let present = |row: &usize| values.get(*row).copied().flatten().or(mean);
            let of: Vec<f64> = handled.rows.iter().filter_map(present).collect();
            let function = match atom {
                Atom::Function { function, .. } => function,
                Atom::Basis { basis, .. } => {
                    let spanned = Spanned::new(basis, &of, atom)?;
                    let columns = spanned.columns(&of);
                    return Ok(Input::Basis { of, spanned, columns });
                }
                _ => return Ok(Input::Numbers(of)),
            };
            let lines: Vec<u64> = handled
                .rows
                .iter()
                .filter_map(|row| sample.lines.get(*row).copied())
                .collect();
            let applied = Applied::new(*function, &of, &lines, name)?;
            Ok(Input::Function { of, applied })
        }
        (Atom::Factor(_), Some(Column::Number(values))) => {
            let values: Vec<f64> = handled
                .rows
                .iter()
                .filter_map(|row| values.get(*row).copied().flatten())
                .collect();
            let mut distinct = values.clone();
            distinct.sort_by(f64::total_cmp);
            distinct.dedup();
            let code = |value: &f64| distinct.iter().position(|d| d == value).unwrap_or(0) as u32;
            let names: Vec<String> = distinct.iter().map(f64::to_string).collect();
            factor(
                name,
                &names,
                &values.iter().map(code).collect::<Vec<_>>(),
                None,
                empty,
            )
        }
        _ => Err(Refusal::new(
            codes::ESTIMAND_ABSENT,
            format!("`{name}` cannot be used in a model"),
        )),
    }
}

/// The levels that occur, the reference first.
fn factor(
    name: &str,
    levels: &[String],
    codes: &[u32],
    reference: Option<&str>,
    empty: &mut BTreeMap<String, Vec<String>>,
) -> Result<Input, Refusal> {
    let occurs = |code: usize| codes.iter().any(|c| *c as usize == code);
    let mut order: Vec<usize> = (0..levels.len()).filter(|code| occurs(*code)).collect();
    let absent: Vec<String> = levels
        .iter()
        .enumerate()
        .filter(|(code, _)| !order.contains(code))
        .map(|(_, level)| level.clone())
        .collect();
    if !absent.is_empty() {
        empty.insert(name.to_owned(), absent.clone());
    }
    if let Some(reference) = reference {
        if absent.iter().any(|l| l == reference) {
            return Err(Refusal::new(
                codes::LEVEL_EMPTY,
                format!("no analysed row has `{reference}`, the reference level of `{name}`"),
            ));
        }
        order.sort_by_key(|code| levels.get(*code).map(String::as_str) != Some(reference));
    }
    let place = |code: u32| order.iter().position(|c| *c == code as usize).unwrap_or(0) as u32;
    Ok(Input::Levels {
        names: order
            .iter()
            .filter_map(|code| levels.get(*code).cloned())
            .collect(),
        codes: codes.iter().map(|c| place(*c)).collect(),
    })
}

pub(super) fn columns(
    plan: &Plan,
    model: &ModelPlan,
    inputs: &BTreeMap<Atom, Input>,
    indicators: &BTreeMap<String, Vec<f64>>,
) -> Vec<DesignColumn> {
    let formula = &model.formula;
    let mut all = Vec::new();
    if formula.intercept {
        all.push(DesignColumn {
            name: String::from("(Intercept)"),
            term: None,
            parts: Vec::new(),
        });
    }
    let first_factor = formula.terms.iter().position(
        |t| matches!(t.0.as_slice(), [atom] if matches!(inputs.get(atom), Some(Input::Levels { .. }))),
    );
    for (position, term) in formula.terms.iter().enumerate() {
        let full_first = !formula.intercept && first_factor == Some(position);
        for parts in products(plan, model, term, inputs, full_first) {
            let names: Vec<String> = parts.iter().map(|p| part_name(p, inputs)).collect();
            all.push(DesignColumn {
                name: names.join(":"),
                term: Some(position),
                parts,
            });
        }
    }
    for (name, values) in indicators {
        let parts = vec![Part::Missing {
            of: name.clone(),
            values: values.clone(),
        }];
        all.push(DesignColumn {
            name: format!("{name} (missing)"),
            term: None,
            parts,
        });
    }
    all
}

/// Every column of a term, the first factor's levels varying fastest, as in R.
fn products(
    plan: &Plan,
    model: &ModelPlan,
    term: &Term,
    inputs: &BTreeMap<Atom, Input>,
    full_first: bool,
) -> Vec<Vec<Part>> {
    let mut columns: Vec<Vec<Part>> = vec![Vec::new()];
    for atom in &term.0 {
        let choices: Vec<Part> = match inputs.get(atom) {
            Some(Input::Levels { names, .. }) => {
                let full = full_first || !margin_present(&model.formula, term, atom);
                let coding = model.coding.get(atom.column()).filter(|_| !full);
                if let Some(coding) = coding {
                    let order = registered(plan, atom.column(), names);
                    columns = multiplied(&columns, &contrasts::columns(*coding, atom, names, &order));
                    continue;
                }
                let from = u32::from(!full);
                (from..names.len() as u32)
                    .map(|level| Part::Level {
                        atom: atom.clone(),
                        level,
                    })
                    .collect()
            }
            Some(Input::Basis { columns, .. }) => (0..columns.len())
                .map(|column| Part::Basis {
                    atom: atom.clone(),
                    column,
                })
                .collect(),
            _ => vec![Part::Number { atom: atom.clone() }],
        };
        columns = multiplied(&columns, &choices);
    }
    columns
}

/// Every column so far times every choice.
fn multiplied(columns: &[Vec<Part>], choices: &[Part]) -> Vec<Vec<Part>> {
    let with = |choice: &Part, column: &Vec<Part>| column.iter().cloned().chain([choice.clone()]).collect();
    choices
        .iter()
        .flat_map(|choice| columns.iter().map(move |column| with(choice, column)))
        .collect()
}

/// For each level in the design's order, its rank in the registered one.
fn registered(plan: &Plan, factor: &str, names: &[String]) -> Vec<usize> {
    let levels = plan
        .variables
        .get(factor)
        .map(|v| v.levels.names.as_slice())
        .unwrap_or_default();
    let place = |name: &String| levels.iter().position(|l| l == name).unwrap_or(usize::MAX);
    let rank = |name: &String| names.iter().filter(|other| place(other) < place(name)).count();
    names.iter().map(rank).collect()
}

/// Whether the term without this factor is in the model. The empty term counts as present.
fn margin_present(formula: &Formula, term: &Term, atom: &Atom) -> bool {
    let margin = Term(term.0.iter().filter(|a| *a != atom).cloned().collect());
    margin.0.is_empty() || formula.terms.contains(&margin)
}

fn part_name(part: &Part, inputs: &BTreeMap<Atom, Input>) -> String {
    match part {
        Part::Number { atom } => atom.to_string(),
        Part::Basis { atom, column } => format!("{atom}[{}]", column + 1),
        Part::Coded { atom, name, .. } => format!("{atom}[{name}]"),
        Part::Missing { .. } => String::from("(missing)"),
        Part::Level { atom, level } => {
            let name = match inputs.get(atom) {
                Some(Input::Levels { names, .. }) => names.get(*level as usize).cloned(),
                _ => None,
            };
            format!("{atom}[{}]", name.unwrap_or_default())
        }
    }
}
