//! Expressions over registered columns: SQL's scalar expressions, three-valued on missing values as SQL is.
//!
//! An expression is data. It is read by sqlparser and lowered to this small tree, so that nothing but
//! comparisons, arithmetic and logic can be said, and two spellings of one meaning compare as equal.

mod evaluate;
mod parse;
mod resolve;
#[cfg(test)]
mod tests;

pub use parse::ExpressionError;
pub use resolve::{Kind, Problem};

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A scalar expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expr {
    Column(String),
    Number(f64),
    Text(String),
    Null,
    Compare {
        op: Comparison,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Arithmetic {
        op: Operator,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    IsNull(Box<Expr>),
    /// True if the value equals one of the list; unknown as SQL's `IN` is.
    In {
        value: Box<Expr>,
        list: Vec<Expr>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    #[serde(rename = "=")]
    Equal,
    #[serde(rename = "<>")]
    NotEqual,
    #[serde(rename = "<")]
    Less,
    #[serde(rename = "<=")]
    LessOrEqual,
    #[serde(rename = ">")]
    Greater,
    #[serde(rename = ">=")]
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    #[serde(rename = "+")]
    Add,
    #[serde(rename = "-")]
    Subtract,
    #[serde(rename = "*")]
    Multiply,
    #[serde(rename = "/")]
    Divide,
}

/// A cell as an expression sees it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    Number(f64),
    Text(&'a str),
    Truth(bool),
    Missing,
}

impl Comparison {
    /// Whether two values that stand in this order satisfy it.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }

    pub(super) fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
        }
    }
}

impl Expr {
    /// Every column that the expression reads.
    pub fn columns(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.visit(&mut |e| {
            if let Expr::Column(name) = e {
                found.insert(name.clone());
            }
        });
        found
    }

    fn visit(&self, see: &mut dyn FnMut(&Expr)) {
        see(self);
        match self {
            Expr::Column(_) | Expr::Number(_) | Expr::Text(_) | Expr::Null => {}
            Expr::Compare { left, right, .. } | Expr::Arithmetic { left, right, .. } => {
                left.visit(see);
                right.visit(see);
            }
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|p| p.visit(see)),
            Expr::Not(inner) | Expr::IsNull(inner) => inner.visit(see),
            Expr::In { value, list } => {
                value.visit(see);
                list.iter().for_each(|l| l.visit(see));
            }
        }
    }

    /// Whether it is true, false or unknown of a row, and no number or text.
    pub fn is_condition(&self) -> bool {
        matches!(
            self,
            Expr::Compare { .. }
                | Expr::And(_)
                | Expr::Or(_)
                | Expr::Not(_)
                | Expr::IsNull(_)
                | Expr::In { .. }
        )
    }

    fn nested(&self) -> String {
        match self {
            Expr::Column(_) | Expr::Text(_) | Expr::Null => self.to_string(),
            Expr::Number(number) if *number >= 0.0 => self.to_string(),
            _ => format!("({self})"),
        }
    }
}

impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let chain =
            |parts: &[Expr], word: &str| parts.iter().map(Expr::nested).collect::<Vec<_>>().join(word);
        match self {
            Expr::Column(name) if parse::is_plain(name) => f.write_str(name),
            Expr::Column(name) => write!(f, "\"{}\"", name.replace('"', "\"\"")),
            Expr::Number(number) => write!(f, "{number}"),
            Expr::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Expr::Null => f.write_str("NULL"),
            Expr::Compare { op, left, right } => {
                write!(f, "{} {} {}", left.nested(), op.sign(), right.nested())
            }
            Expr::Arithmetic { op, left, right } => {
                write!(f, "{} {} {}", left.nested(), op.sign(), right.nested())
            }
            Expr::And(parts) => f.write_str(&chain(parts, " AND ")),
            Expr::Or(parts) => f.write_str(&chain(parts, " OR ")),
            Expr::Not(inner) => write!(f, "NOT {}", inner.nested()),
            Expr::IsNull(inner) => write!(f, "{} IS NULL", inner.nested()),
            Expr::In { value, list } => {
                let items: Vec<String> = list.iter().map(Expr::to_string).collect();
                write!(f, "{} IN ({})", value.nested(), items.join(", "))
            }
        }
    }
}
