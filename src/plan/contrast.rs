//! Contrasts: linear combinations of a factor's levels, `mean(a, b) - c` or `0.5 a + 0.5 b - c`.

use super::text::{Cursor, Token, Unreadable, tokens};
use std::collections::BTreeMap;

/// Level → weight. Levels that cancel are not in it.
pub type Weights = BTreeMap<String, f64>;

/// Reads a contrast.
pub fn parse(text: &str) -> Result<Weights, Unreadable> {
    let tokens = tokens(text)?;
    let mut cursor = Cursor::new(&tokens, text);
    let mut weights = Weights::new();
    sum(&mut cursor, 1.0, &mut weights)?;
    cursor.at_end()?;
    let largest = weights.values().fold(0.0f64, |m, w| m.max(w.abs()));
    weights.retain(|_, w| w.abs() > largest * 1e-12);
    if weights.is_empty() {
        return Err(Unreadable::new("the weights cancel: nothing is compared", 0));
    }
    Ok(weights)
}

/// Whether the weights sum to zero, but for rounding.
pub fn sums_to_zero(weights: &Weights) -> bool {
    let total: f64 = weights.values().sum();
    let size: f64 = weights.values().map(|w| w.abs()).sum();
    total.abs() <= 1e-9 * size
}

/// The contrast in words, as an author would write it.
pub fn words(weights: &Weights) -> String {
    let side = |positive: bool| -> Option<String> {
        let levels: Vec<(&String, f64)> = weights
            .iter()
            .filter(|(_, w)| (**w > 0.0) == positive)
            .map(|(l, w)| (l, w.abs()))
            .collect();
        let (_, first) = levels.first()?;
        let total: f64 = levels.iter().map(|(_, w)| w).sum();
        let equal = levels.iter().all(|(_, w)| (w - first).abs() <= 1e-12);
        Some(if levels.len() == 1 && (total - 1.0).abs() <= 1e-12 {
            levels.iter().map(|(l, _)| l.to_string()).collect()
        } else if equal && (total - 1.0).abs() <= 1e-9 {
            format!(
                "mean({})",
                levels
                    .iter()
                    .map(|(l, _)| l.as_str())
                    .collect::<Vec<_>>()
                    .join(", ")
            )
        } else {
            let parts: Vec<String> = levels.iter().map(|(l, w)| format!("{w} {l}")).collect();
            if positive {
                parts.join(" + ")
            } else {
                parts.join(" - ")
            }
        })
    };
    match (side(true), side(false)) {
        (Some(plus), Some(minus)) => format!("{plus} - {minus}"),
        (Some(plus), None) => plus,
        (None, minus) => format!("-{}", minus.unwrap_or_default()),
    }
}

fn sum(cursor: &mut Cursor<'_>, factor: f64, weights: &mut Weights) -> Result<(), Unreadable> {
    let mut sign = if cursor.take('-') { -1.0 } else { 1.0 };
    loop {
        for (level, weight) in product(cursor)? {
            *weights.entry(level).or_insert(0.0) += factor * sign * weight;
        }
        if cursor.take('+') {
            sign = 1.0;
        } else if cursor.take('-') {
            sign = -1.0;
        } else {
            return Ok(());
        }
    }
}

/// `0.5 a`, `0.5 * a`, `(a + b) / 2`
fn product(cursor: &mut Cursor<'_>) -> Result<Weights, Unreadable> {
    let factor = match cursor.peek() {
        Some(Token::Number(n)) => {
            let n = *n;
            cursor.advance();
            if cursor.take('/') { n / divisor(cursor)? } else { n }
        }
        _ => 1.0,
    };
    cursor.take('*');
    let mut weights = operand(cursor)?;
    let divisor = if cursor.take('/') { divisor(cursor)? } else { 1.0 };
    for weight in weights.values_mut() {
        *weight *= factor / divisor;
    }
    Ok(weights)
}

fn divisor(cursor: &mut Cursor<'_>) -> Result<f64, Unreadable> {
    let offset = cursor.offset();
    match cursor.advance() {
        Some(Token::Number(n)) if *n != 0.0 => Ok(*n),
        _ => Err(Unreadable::new(
            "expected a number other than 0 to divide by",
            offset,
        )),
    }
}

fn operand(cursor: &mut Cursor<'_>) -> Result<Weights, Unreadable> {
    let offset = cursor.offset();
    if cursor.take('(') {
        let mut weights = Weights::new();
        cursor.nested(|inner| sum(inner, 1.0, &mut weights))?;
        cursor.expect(')')?;
        return Ok(weights);
    }
    match cursor.advance() {
        Some(Token::Word(name)) if name == "mean" && cursor.take('(') => mean(cursor),
        Some(Token::Word(level) | Token::Quoted(level)) => Ok(BTreeMap::from([(level.clone(), 1.0)])),
        _ => Err(Unreadable::new(
            "expected a level's name here (in quotes if it is a number)",
            offset,
        )),
    }
}

fn mean(cursor: &mut Cursor<'_>) -> Result<Weights, Unreadable> {
    let mut all: Vec<Weights> = Vec::new();
    loop {
        let mut weights = Weights::new();
        cursor.nested(|inner| sum(inner, 1.0, &mut weights))?;
        all.push(weights);
        if !cursor.take(',') {
            break;
        }
    }
    cursor.expect(')')?;
    let share = 1.0 / all.len() as f64;
    let mut mean = Weights::new();
    for (level, weight) in all.into_iter().flatten() {
        *mean.entry(level).or_insert(0.0) += share * weight;
    }
    Ok(mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights(text: &str) -> Vec<(String, f64)> {
        parse(text).unwrap().into_iter().collect()
    }

    #[test]
    fn spellings_of_one_contrast_are_one() {
        let expected = vec![
            ("a".to_owned(), 0.5),
            ("b".to_owned(), 0.5),
            ("c".to_owned(), -1.0),
        ];
        for text in [
            "mean(a, b) - c",
            "0.5 a + 0.5 b - c",
            "0.5*a + 0.5*b - c",
            "(a + b)/2 - c",
            "-c + 1/2 a + 1/2 b",
        ] {
            assert_eq!(weights(text), expected, "{text}");
        }
        assert_eq!(
            weights("'1' - '0'"),
            vec![("0".to_owned(), -1.0), ("1".to_owned(), 1.0)]
        );
        assert!(sums_to_zero(&parse("mean(a, b, c) - d").unwrap()));
        assert!(!sums_to_zero(&parse("a + b - c").unwrap()));
    }

    #[test]
    fn words_read_as_written() {
        for text in ["mean(a, b) - c", "a - b", "a"] {
            assert_eq!(words(&parse(text).unwrap()), text);
        }
        assert_eq!(words(&parse("2 a - b - c").unwrap()), "2 a - 1 b - 1 c");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "", "a -", "a - a", "mean()", "mean(a", "1 - 0", "a b", "a / 0", "a * b",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
