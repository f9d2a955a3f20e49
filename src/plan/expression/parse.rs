//! Reading an expression: sqlparser's syntax tree, of which a short list of forms is let through.

use super::{Comparison, Expr, Operator};
use sqlparser::ast::{self, BinaryOperator, UnaryOperator};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

/// An expression longer than this is refused unread.
const LENGTH_LIMIT: usize = 20_000;
/// The deepest nesting that is read.
const DEPTH_LIMIT: usize = 40;

/// Why an expression could not be read, and at which character, if that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpressionError {
    pub message: String,
    pub offset: Option<usize>,
}

fn refuse<T>(message: impl Into<String>) -> Result<T, ExpressionError> {
    Err(ExpressionError {
        message: message.into(),
        offset: None,
    })
}

impl Expr {
    /// Reads an SQL scalar expression.
    pub fn parse(text: &str) -> Result<Expr, ExpressionError> {
        if text.len() > LENGTH_LIMIT {
            return refuse("the expression is too long");
        }
        let dialect = GenericDialect {};
        let mut parser = Parser::new(&dialect)
            .with_recursion_limit(DEPTH_LIMIT)
            .try_with_sql(text)
            .map_err(|e| syntax(&e))?;
        let tree = parser.parse_expr().map_err(|e| syntax(&e))?;
        let next = parser.peek_token();
        if next.token != Token::EOF {
            let offset = (next.span.start.line == 1)
                .then(|| usize::try_from(next.span.start.column.saturating_sub(1)).ok())
                .flatten();
            return Err(ExpressionError {
                message: format!("`{}` cannot follow here", next.token),
                offset,
            });
        }
        lower(&tree, 0)
    }
}

/// sqlparser puts the place into the text of its message.
fn syntax(error: &sqlparser::parser::ParserError) -> ExpressionError {
    let said = error.to_string();
    let said = said.trim_start_matches("sql parser error: ");
    let (message, place) = said.split_once(" at Line: ").unwrap_or((said, ""));
    let offset = place
        .split_once("Column: ")
        .filter(|(line, _)| line.trim_end_matches(", ") == "1")
        .and_then(|(_, column)| column.trim().parse::<usize>().ok())
        .map(|column| column.saturating_sub(1));
    ExpressionError {
        message: message.to_owned(),
        offset,
    }
}

/// Whether a column's name can stand without quotes.
pub(super) fn is_plain(name: &str) -> bool {
    let mut characters = name.chars();
    let first = characters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let reserved = [
        "and", "or", "not", "is", "in", "null", "between", "true", "false", "case", "like",
    ];
    first
        && characters.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !reserved.contains(&name.to_ascii_lowercase().as_str())
        && Parser::new(&GenericDialect {})
            .try_with_sql(name)
            .and_then(|mut p| p.parse_expr())
            .is_ok_and(|e| matches!(e, ast::Expr::Identifier(_)))
}

fn lower(tree: &ast::Expr, depth: usize) -> Result<Expr, ExpressionError> {
    if depth > 4 * DEPTH_LIMIT {
        return refuse("nested too deeply");
    }
    let below = |t: &ast::Expr| lower(t, depth + 1);
    match tree {
        ast::Expr::Nested(inner) => below(inner),
        ast::Expr::Identifier(name) => Ok(Expr::Column(name.value.clone())),
        ast::Expr::CompoundIdentifier(parts) => {
            let names: Vec<&str> = parts.iter().map(|p| p.value.as_str()).collect();
            Ok(Expr::Column(names.join(".")))
        }
        ast::Expr::Value(value) => literal(&value.value),
        ast::Expr::UnaryOp { op, expr } => match (op, below(expr)?) {
            (UnaryOperator::Not, inner) => Ok(Expr::Not(Box::new(inner))),
            (UnaryOperator::Minus, Expr::Number(number)) => Ok(Expr::Number(-number)),
            (UnaryOperator::Plus, inner) => Ok(inner),
            (UnaryOperator::Minus, inner) => Ok(Expr::Arithmetic {
                op: Operator::Subtract,
                left: Box::new(Expr::Number(0.0)),
                right: Box::new(inner),
            }),
            (other, _) => refuse(format!("the operator {other} cannot be used here")),
        },
        ast::Expr::BinaryOp { left, op, right } => binary(below(left)?, op, below(right)?),
        ast::Expr::IsNull(inner) => Ok(Expr::IsNull(Box::new(below(inner)?))),
        ast::Expr::IsNotNull(inner) => Ok(Expr::Not(Box::new(Expr::IsNull(Box::new(below(inner)?))))),
        ast::Expr::In {
            expr,
            target: ast::InTarget::List(list),
            negated,
            global: false,
        } => {
            let list = list.iter().map(below).collect::<Result<_, _>>()?;
            Ok(negate(
                Expr::In {
                    value: Box::new(below(expr)?),
                    list,
                },
                *negated,
            ))
        }
        ast::Expr::Between {
            expr,
            negated,
            low,
            high,
        } => {
            let at_least = compare(Comparison::GreaterOrEqual, below(expr)?, below(low)?);
            let at_most = compare(Comparison::LessOrEqual, below(expr)?, below(high)?);
            Ok(negate(Expr::And(flattened(at_least, at_most, true)), *negated))
        }
        other => refuse(format!(
            "`{other}` is not allowed: expressions have comparisons, arithmetic, AND, OR, NOT, IN, BETWEEN and IS NULL"
        )),
    }
}

fn literal(value: &ast::Value) -> Result<Expr, ExpressionError> {
    match value {
        ast::Value::Number(digits, _) => match digits.to_string().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Expr::Number(number)),
            _ => refuse(format!("{digits} is not a number")),
        },
        ast::Value::SingleQuotedString(text) => Ok(Expr::Text(text.clone())),
        ast::Value::Null => Ok(Expr::Null),
        ast::Value::Boolean(_) => refuse("a comparison is written out: x = 1, not x = TRUE"),
        other => refuse(format!("{other} is not allowed here")),
    }
}

fn binary(left: Expr, op: &BinaryOperator, right: Expr) -> Result<Expr, ExpressionError> {
    let arithmetic = |op| Expr::Arithmetic {
        op,
        left: Box::new(left.clone()),
        right: Box::new(right.clone()),
    };
    Ok(match op {
        BinaryOperator::Eq => compare(Comparison::Equal, left, right),
        BinaryOperator::NotEq => compare(Comparison::NotEqual, left, right),
        BinaryOperator::Lt => compare(Comparison::Less, left, right),
        BinaryOperator::LtEq => compare(Comparison::LessOrEqual, left, right),
        BinaryOperator::Gt => compare(Comparison::Greater, left, right),
        BinaryOperator::GtEq => compare(Comparison::GreaterOrEqual, left, right),
        BinaryOperator::And => Expr::And(flattened(left, right, true)),
        BinaryOperator::Or => Expr::Or(flattened(left, right, false)),
        BinaryOperator::Plus => arithmetic(Operator::Add),
        BinaryOperator::Minus => arithmetic(Operator::Subtract),
        BinaryOperator::Multiply => arithmetic(Operator::Multiply),
        BinaryOperator::Divide => arithmetic(Operator::Divide),
        other => return refuse(format!("the operator {other} cannot be used here")),
    })
}

/// `5 < x` is `x > 5`: the literal stands on the right.
fn compare(op: Comparison, left: Expr, right: Expr) -> Expr {
    let literal = |e: &Expr| matches!(e, Expr::Number(_) | Expr::Text(_) | Expr::Null);
    if !literal(&left) || literal(&right) {
        return Expr::Compare {
            op,
            left: Box::new(left),
            right: Box::new(right),
        };
    }
    let mirrored = match op {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    };
    Expr::Compare {
        op: mirrored,
        left: Box::new(right),
        right: Box::new(left),
    }
}

fn negate(expression: Expr, negated: bool) -> Expr {
    if negated {
        Expr::Not(Box::new(expression))
    } else {
        expression
    }
}

/// `a AND b AND c` is one list, however it was bracketed and in whatever order it was written.
fn flattened(left: Expr, right: Expr, and: bool) -> Vec<Expr> {
    let mut parts = Vec::new();
    for side in [left, right] {
        match side {
            Expr::And(inner) if and => parts.extend(inner),
            Expr::Or(inner) if !and => parts.extend(inner),
            other => parts.push(other),
        }
    }
    parts.sort_by_cached_key(ToString::to_string);
    parts
}
