//! Whether an expression makes sense of the codebook, and levels by the names they are registered under.

use super::{Comparison, Expr};

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Number,
    /// Level names with their labels.
    Levels(Vec<(String, String)>),
    Text,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    UnknownColumn(String),
    UnknownLevel {
        column: String,
        level: String,
        known: Vec<String>,
    },
    TypeMismatch(String),
}

type Columns<'a> = &'a dyn Fn(&str) -> Option<Kind>;

impl Expr {
    /// Checks the expression against the codebook and rewrites each level to its registered name.
    pub fn resolve(&mut self, columns: Columns<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !self.is_condition() {
            problems.push(Problem::TypeMismatch(format!(
                "`{self}` is neither true nor false"
            )));
        }
        self.condition(columns, &mut problems);
        problems
    }

    /// The same of an expression that gives a number.
    pub fn resolve_number(&mut self, columns: Columns<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        let kind = self.kind(columns, &mut problems);
        if problems.is_empty() && kind != Some(Kind::Number) {
            problems.push(Problem::TypeMismatch(format!("`{self}` is not a number")));
        }
        problems
    }

    fn condition(&mut self, columns: Columns<'_>, problems: &mut Vec<Problem>) {
        match self {
            Expr::And(parts) | Expr::Or(parts) => {
                for part in parts {
                    part.expect_condition(columns, problems);
                }
            }
            Expr::Not(inner) => inner.expect_condition(columns, problems),
            Expr::IsNull(inner) => {
                inner.kind(columns, problems);
            }
            Expr::Compare { op, left, right } => comparison(*op, left, right, columns, problems),
            Expr::In { value, list } => {
                for item in list {
                    comparison(Comparison::Equal, value, item, columns, problems);
                }
            }
            other => {
                other.kind(columns, problems);
            }
        }
    }

    fn expect_condition(&mut self, columns: Columns<'_>, problems: &mut Vec<Problem>) {
        if !self.is_condition() {
            problems.push(Problem::TypeMismatch(format!(
                "`{self}` is neither true nor false"
            )));
        }
        self.condition(columns, problems);
    }

    /// What a scalar is; nothing if that was reported or is NULL.
    fn kind(&mut self, columns: Columns<'_>, problems: &mut Vec<Problem>) -> Option<Kind> {
        match self {
            Expr::Column(name) => {
                let kind = columns(name);
                let unknown = Problem::UnknownColumn(name.clone());
                if kind.is_none() && !problems.contains(&unknown) {
                    problems.push(unknown);
                }
                kind
            }
            Expr::Number(_) => Some(Kind::Number),
            Expr::Text(_) => Some(Kind::Text),
            Expr::Null => None,
            Expr::Arithmetic { left, right, .. } => {
                for side in [left, right] {
                    if matches!(side.kind(columns, problems), Some(Kind::Levels(_) | Kind::Text)) {
                        problems.push(Problem::TypeMismatch(format!("`{side}` is not a number")));
                    }
                }
                Some(Kind::Number)
            }
            other => {
                problems.push(Problem::TypeMismatch(format!(
                    "`{other}` is a condition, not a value"
                )));
                None
            }
        }
    }
}

fn comparison(
    op: Comparison,
    left: &mut Expr,
    right: &mut Expr,
    columns: Columns<'_>,
    problems: &mut Vec<Problem>,
) {
    let kinds = (left.kind(columns, problems), right.kind(columns, problems));
    if matches!((&*left, &*right), (Expr::Null, _) | (_, Expr::Null)) {
        problems.push(Problem::TypeMismatch(String::from(
            "a comparison with NULL is never true: write IS NULL",
        )));
        return;
    }
    let (Some(a), Some(b)) = kinds else { return };
    match (a, b) {
        (Kind::Levels(levels), _) if is_literal(right) => against_level(op, left, right, &levels, problems),
        (_, Kind::Levels(levels)) if is_literal(left) => against_level(op, right, left, &levels, problems),
        (Kind::Number, Kind::Number) | (Kind::Text, Kind::Text) => {}
        (Kind::Levels(a), Kind::Levels(b)) if a == b && is_equality(op) => {}
        _ => problems.push(Problem::TypeMismatch(format!(
            "`{left}` and `{right}` are of different kinds"
        ))),
    }
}

fn is_literal(expression: &Expr) -> bool {
    matches!(expression, Expr::Number(_) | Expr::Text(_))
}

fn is_equality(op: Comparison) -> bool {
    matches!(op, Comparison::Equal | Comparison::NotEqual)
}

/// A literal beside a factor is one of its levels, by name or by a label that only one level has.
fn against_level(
    op: Comparison,
    column: &Expr,
    literal: &mut Expr,
    levels: &[(String, String)],
    problems: &mut Vec<Problem>,
) {
    if !is_equality(op) {
        let message = format!("the levels of `{column}` have no order: use = or <>");
        problems.push(Problem::TypeMismatch(message));
        return;
    }
    let written = match literal {
        Expr::Text(text) => text.clone(),
        Expr::Number(number) => number.to_string(),
        _ => return,
    };
    let labelled: Vec<&String> = levels
        .iter()
        .filter(|(_, label)| *label == written)
        .map(|(name, _)| name)
        .collect();
    if levels.iter().any(|(name, _)| *name == written) {
        *literal = Expr::Text(written);
    } else if let ([name], Expr::Text(_)) = (labelled.as_slice(), &*literal) {
        *literal = Expr::Text((*name).clone());
    } else {
        problems.push(Problem::UnknownLevel {
            column: column.to_string(),
            level: written,
            known: levels.iter().map(|(name, _)| name.clone()).collect(),
        });
    }
}
