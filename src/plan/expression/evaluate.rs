//! SQL's three-valued logic: what is missing makes a comparison unknown, never true.

use super::{Comparison, Expr, Operator, Value};

impl Expr {
    /// Whether the expression is true of a row; nothing if that is unknown.
    pub fn truth<'a>(&'a self, value: &dyn Fn(&str) -> Value<'a>) -> Option<bool> {
        match self.evaluate(value) {
            Value::Truth(truth) => Some(truth),
            _ => None,
        }
    }

    pub fn evaluate<'a>(&'a self, value: &dyn Fn(&str) -> Value<'a>) -> Value<'a> {
        match self {
            Expr::Column(name) => value(name),
            Expr::Number(number) => Value::Number(*number),
            Expr::Text(text) => Value::Text(text),
            Expr::Null => Value::Missing,
            Expr::Compare { op, left, right } => {
                truth_value(compare(*op, &left.evaluate(value), &right.evaluate(value)))
            }
            Expr::Arithmetic { op, left, right } => {
                arithmetic(*op, &left.evaluate(value), &right.evaluate(value))
            }
            Expr::And(parts) => truth_value(all(parts.iter().map(|p| p.truth(value)))),
            Expr::Or(parts) => truth_value(any(parts.iter().map(|p| p.truth(value)))),
            Expr::Not(inner) => truth_value(inner.truth(value).map(|t| !t)),
            Expr::IsNull(inner) => Value::Truth(inner.evaluate(value) == Value::Missing),
            Expr::In { value: item, list } => {
                let item = item.evaluate(value);
                let equal = |l: &'a Expr| compare(Comparison::Equal, &item, &l.evaluate(value));
                truth_value(any(list.iter().map(equal)))
            }
        }
    }
}

fn truth_value<'a>(truth: Option<bool>) -> Value<'a> {
    truth.map_or(Value::Missing, Value::Truth)
}

fn all(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    any(truths.map(|t| t.map(|t| !t))).map(|t| !t)
}

fn any(truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(false);
    for truth in truths {
        match truth {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}

fn compare(op: Comparison, left: &Value<'_>, right: &Value<'_>) -> Option<bool> {
    let order = match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b)?,
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Truth(a), Value::Truth(b)) => a.cmp(b),
        _ => return None,
    };
    Some(op.holds(order))
}

fn arithmetic<'a>(op: Operator, left: &Value<'_>, right: &Value<'_>) -> Value<'a> {
    let (Value::Number(a), Value::Number(b)) = (left, right) else {
        return Value::Missing;
    };
    let result = match op {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
    };
    // As SQL says of a division by zero: the result is missing.
    if result.is_finite() {
        Value::Number(result)
    } else {
        Value::Missing
    }
}
