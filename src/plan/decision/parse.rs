//! Reading a decision rule: `H1.any and all(arms)`.

use super::{Member, Rule};
use crate::plan::text::{Cursor, Token, Unreadable, tokens};

/// Names that a rule may use.
pub struct Known<'a> {
    pub is_test: &'a dyn Fn(&str) -> bool,
    pub is_family: &'a dyn Fn(&str) -> bool,
}

/// A name that is neither a test nor a family.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownName {
    pub name: String,
    pub offset: usize,
}

/// Reads a rule. Names that are not known are collected, so that all can be reported at once.
pub fn parse(text: &str, known: &Known<'_>) -> Result<(Rule, Vec<UnknownName>), Unreadable> {
    let tokens = tokens(text)?;
    let mut cursor = Cursor::new(&tokens, text);
    let mut unknown = Vec::new();
    let rule = alternatives(&mut cursor, known, &mut unknown)?;
    cursor.at_end()?;
    Ok((rule, unknown))
}

fn alternatives(
    cursor: &mut Cursor<'_>,
    known: &Known<'_>,
    unknown: &mut Vec<UnknownName>,
) -> Result<Rule, Unreadable> {
    let mut rules = vec![conjunction(cursor, known, unknown)?];
    while cursor.take_word("or") {
        rules.push(conjunction(cursor, known, unknown)?);
    }
    Ok(single(rules, Rule::Or))
}

fn conjunction(
    cursor: &mut Cursor<'_>,
    known: &Known<'_>,
    unknown: &mut Vec<UnknownName>,
) -> Result<Rule, Unreadable> {
    let mut rules = vec![negation(cursor, known, unknown)?];
    while cursor.take_word("and") {
        rules.push(negation(cursor, known, unknown)?);
    }
    Ok(single(rules, Rule::And))
}

fn single(mut rules: Vec<Rule>, many: impl Fn(Vec<Rule>) -> Rule) -> Rule {
    match (rules.len(), rules.pop()) {
        (1, Some(rule)) => rule,
        (_, last) => {
            rules.extend(last);
            many(rules)
        }
    }
}

fn negation(
    cursor: &mut Cursor<'_>,
    known: &Known<'_>,
    unknown: &mut Vec<UnknownName>,
) -> Result<Rule, Unreadable> {
    if cursor.take_word("not") {
        let inner = cursor.nested(|c| negation(c, known, unknown))?;
        return Ok(Rule::Not(Box::new(inner)));
    }
    operand(cursor, known, unknown)
}

fn operand(
    cursor: &mut Cursor<'_>,
    known: &Known<'_>,
    unknown: &mut Vec<UnknownName>,
) -> Result<Rule, Unreadable> {
    let offset = cursor.offset();
    if cursor.take('(') {
        let rule = cursor.nested(|c| alternatives(c, known, unknown))?;
        cursor.expect(')')?;
        return Ok(rule);
    }
    let (name, called) = match cursor.advance() {
        Some(Token::Word(name)) => (name, cursor.take('(')),
        Some(Token::Quoted(name)) => (name, false),
        _ => return Err(Unreadable::new("expected a test's id here", offset)),
    };
    match (name.as_str(), called) {
        ("all", true) => Ok(Rule::All(members(cursor, known, unknown)?)),
        ("any", true) => Ok(Rule::Any(members(cursor, known, unknown)?)),
        ("at_least", true) => {
            let offset = cursor.offset();
            let count = match cursor.advance() {
                Some(Token::Number(n)) if n.fract() == 0.0 && (1.0..1e6).contains(n) => *n as u64,
                _ => {
                    return Err(Unreadable::new(
                        "`at_least` begins with a whole number, 1 or more",
                        offset,
                    ));
                }
            };
            cursor.expect(',')?;
            Ok(Rule::AtLeast {
                count,
                of: members(cursor, known, unknown)?,
            })
        }
        (other, true) => Err(Unreadable::new(
            format!("`{other}()` is none of all(), any(), at_least()"),
            offset,
        )),
        (name, false) if (known.is_test)(name) => Ok(Rule::Test(name.to_owned())),
        (name, false) if (known.is_family)(name) => Err(Unreadable::new(
            format!(
                "`{name}` is a family, which is neither true nor false: write all({name}) or any({name})"
            ),
            offset,
        )),
        (name, false) => {
            unknown.push(UnknownName {
                name: name.to_owned(),
                offset,
            });
            Ok(Rule::Test(name.to_owned()))
        }
    }
}

/// What stands between the parentheses of `all()`, the opening one already read.
fn members(
    cursor: &mut Cursor<'_>,
    known: &Known<'_>,
    unknown: &mut Vec<UnknownName>,
) -> Result<Vec<Member>, Unreadable> {
    let mut found = Vec::new();
    loop {
        found.push(match cursor.peek() {
            Some(Token::Word(name) | Token::Quoted(name)) if (known.is_family)(name) => {
                cursor.advance();
                Member::Family(name.clone())
            }
            _ => Member::Rule(cursor.nested(|c| alternatives(c, known, unknown))?),
        });
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

    fn read(text: &str) -> Result<(Rule, Vec<UnknownName>), Unreadable> {
        parse(
            text,
            &Known {
                is_test: &|t| t.starts_with('H'),
                is_family: &|f| f == "arms",
            },
        )
    }

    #[test]
    fn reads_back_what_it_shows() {
        for text in [
            "H1.any and all(arms)",
            "not H1.any",
            "(H1 or H2) and not (H3 and H4)",
            "at_least(2, H1, H2, arms)",
            "any(arms, not H2)",
        ] {
            let (rule, unknown) = read(text).unwrap();
            assert!(unknown.is_empty());
            assert_eq!(rule.to_string(), text);
            assert_eq!(read(&rule.to_string()).unwrap().0, rule);
        }
    }

    #[test]
    fn what_is_not_a_rule_is_refused() {
        for text in [
            "",
            "H1 and",
            "arms",
            "none(arms)",
            "all(",
            "at_least(0, arms)",
            "H1 H2",
            "not",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(read("x1 or x2").unwrap().1.len(), 2);
        assert!(read(&"not ".repeat(5000)).is_err());
    }
}
