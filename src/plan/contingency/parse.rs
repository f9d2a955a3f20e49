//! Reading a condition: `smallest_cell(us_response, action) < 20 and not refused(approval)`.

use super::{Condition, Fact};
use crate::plan::expression::Comparison;
use crate::plan::text::{Cursor, Token, Unreadable, tokens};

/// A condition, and every name in it that something must have, with the character at which it stands.
pub fn parse(text: &str) -> Result<(Condition, Vec<(Name, usize)>), Unreadable> {
    let tokens = tokens(text)?;
    let mut cursor = Cursor::new(&tokens, text);
    let mut names = Vec::new();
    let condition = alternatives(&mut cursor, &mut names)?;
    cursor.at_end()?;
    Ok((condition, names))
}

/// What a name in a condition must be the name of.
#[derive(Clone, Debug, PartialEq)]
pub enum Name {
    Factor(String),
    Variable(String),
    Model(String),
    LinearModel(String),
    FactorialModel(String),
}

fn alternatives(cursor: &mut Cursor<'_>, names: &mut Vec<(Name, usize)>) -> Result<Condition, Unreadable> {
    let mut parts = vec![conjunction(cursor, names)?];
    while word(cursor, "or") {
        parts.push(conjunction(cursor, names)?);
    }
    Ok(if parts.len() == 1 {
        parts.remove(0)
    } else {
        Condition::Or(parts)
    })
}

fn conjunction(cursor: &mut Cursor<'_>, names: &mut Vec<(Name, usize)>) -> Result<Condition, Unreadable> {
    let mut parts = vec![negation(cursor, names)?];
    while word(cursor, "and") {
        parts.push(negation(cursor, names)?);
    }
    Ok(if parts.len() == 1 {
        parts.remove(0)
    } else {
        Condition::And(parts)
    })
}

/// As in expressions, `AND` is `and`.
fn word(cursor: &mut Cursor<'_>, word: &str) -> bool {
    cursor.take_word(word) || cursor.take_word(&word.to_uppercase())
}

fn negation(cursor: &mut Cursor<'_>, names: &mut Vec<(Name, usize)>) -> Result<Condition, Unreadable> {
    if word(cursor, "not") {
        let inner = cursor.nested(|c| negation(c, names))?;
        return Ok(Condition::Not(Box::new(inner)));
    }
    if cursor.take('(') {
        let inner = cursor.nested(|c| alternatives(c, names))?;
        cursor.expect(')')?;
        return Ok(inner);
    }
    comparison(cursor, names)
}

fn comparison(cursor: &mut Cursor<'_>, names: &mut Vec<(Name, usize)>) -> Result<Condition, Unreadable> {
    let at = cursor.offset();
    let Some(Token::Word(fact)) = cursor.advance() else {
        return Err(Unreadable::new(FACTS, at));
    };
    let fact = match fact.as_str() {
        "rows" => Fact::Rows,
        "refused" => return Ok(Condition::Refused(one(cursor, names, Name::Model)?)),
        "smallest_cell" => {
            let mut factors = arguments(cursor, names, Name::Factor)?;
            factors.sort();
            factors.dedup();
            Fact::SmallestCell(factors)
        }
        "share_missing" => Fact::ShareMissing(one(cursor, names, Name::Variable)?),
        "max_leverage" => Fact::MaxLeverage(one(cursor, names, Name::LinearModel)?),
        "levene" => Fact::Levene(one(cursor, names, Name::FactorialModel)?),
        _ => return Err(Unreadable::new(FACTS, at)),
    };
    let op = operator(cursor)?;
    let at = cursor.offset();
    let value = match cursor.advance() {
        Some(Token::Number(value)) => *value,
        _ => return Err(Unreadable::new("a fact is compared with a number", at)),
    };
    let (highest, why) = match fact {
        Fact::Rows | Fact::SmallestCell(_) => (9e15, "a count of rows"),
        Fact::ShareMissing(_) => (1.0, "a share between 0 and 1"),
        Fact::MaxLeverage(_) => (1.0, "a leverage between 0 and 1"),
        Fact::Levene(_) => (1.0, "a p-value between 0 and 1"),
    };
    if value > highest {
        return Err(Unreadable::new(format!("{fact} is {why}, and never {value}"), at));
    }
    Ok(Condition::Compare { fact, op, value })
}

const FACTS: &str = "expected a fact here: rows, smallest_cell(factor, …), share_missing(variable), max_leverage(model), levene(model) or refused(model)";

fn operator(cursor: &mut Cursor<'_>) -> Result<Comparison, Unreadable> {
    let at = cursor.offset();
    let (less, equal, greater) = (cursor.take('<'), cursor.take('='), cursor.take('>'));
    match (less, equal, greater) {
        (true, true, false) => Ok(Comparison::LessOrEqual),
        (true, false, true) => Ok(Comparison::NotEqual),
        (true, false, false) => Ok(Comparison::Less),
        (false, true, false) => Ok(Comparison::Equal),
        (false, false, true) if cursor.take('=') => Ok(Comparison::GreaterOrEqual),
        (false, false, true) => Ok(Comparison::Greater),
        _ => Err(Unreadable::new("expected <, <=, >, >=, = or <> here", at)),
    }
}

fn one(
    cursor: &mut Cursor<'_>,
    names: &mut Vec<(Name, usize)>,
    kind: fn(String) -> Name,
) -> Result<String, Unreadable> {
    let at = cursor.offset();
    let mut all = arguments(cursor, names, kind)?;
    match (all.pop(), all.is_empty()) {
        (Some(name), true) => Ok(name),
        _ => Err(Unreadable::new("expected one name in parentheses", at)),
    }
}

fn arguments(
    cursor: &mut Cursor<'_>,
    names: &mut Vec<(Name, usize)>,
    kind: fn(String) -> Name,
) -> Result<Vec<String>, Unreadable> {
    cursor.expect('(')?;
    let mut found = Vec::new();
    loop {
        let at = cursor.offset();
        match cursor.advance() {
            Some(Token::Word(name) | Token::Quoted(name)) => {
                names.push((kind(name.clone()), at));
                found.push(name.clone());
            }
            _ => return Err(Unreadable::new("expected a name here", at)),
        }
        if !cursor.take(',') {
            break;
        }
    }
    cursor.expect(')')?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_shows() {
        for text in [
            "smallest_cell(action, us_response) < 20",
            "rows >= 100 and not refused(approval)",
            "(share_missing(age) > 0.1 or levene(approval) < 0.05) and max_leverage(approval) = 1",
            "not (rows < 10 and rows <> 5)",
        ] {
            let (condition, _) = parse(text).unwrap();
            assert_eq!(condition.to_string(), text);
            assert_eq!(parse(&condition.to_string()).unwrap().0, condition);
        }
        let shuffled = parse("smallest_cell(us_response, action) < 20.0").unwrap().0;
        assert_eq!(shuffled.to_string(), "smallest_cell(action, us_response) < 20");
        assert_eq!(
            parse("NOT refused(a) OR rows < 3").unwrap().0,
            parse("not refused(a) or rows < 3").unwrap().0
        );
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for text in [
            "",
            "rows",
            "rows < x",
            "rows(a) < 3",
            "rows < 3 4",
            "smallest_cell() < 3",
            "smallest_cell < 3",
            "share_missing(a, b) < 0.5",
            "share_missing(a) > 10",
            "levene(m) > 5",
            "refused(m) < 1",
            "system(ls) < 3",
            "age < 30",
            "rows < -1",
            "rows =< 3",
            "rows < 3 and",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"not ".repeat(5000)).is_err());
        assert!(parse(&"(".repeat(5000)).is_err());
    }
}
