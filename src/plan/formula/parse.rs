//! Reading a formula: `y ~ a * b + (c + d)^2 - 1`.

use super::side::{Side, Terms};
use super::{Atom, Basis, Formula, Function, Term, basis, random};
use crate::plan::text::{Cursor, Token, Unreadable, tokens};

/// A formula that expands to more terms than this is refused.
const TERM_LIMIT: usize = 500;

impl Formula {
    pub fn parse(text: &str) -> Result<Formula, Unreadable> {
        let tokens = tokens(text)?;
        let mut cursor = Cursor::new(&tokens, text);
        let outcome = match cursor.advance() {
            Some(Token::Word(name) | Token::Quoted(name)) => name.clone(),
            _ => return Err(Unreadable::new("a formula begins with the outcome's name", 0)),
        };
        if cursor.peek() == Some(&Token::Sign('(')) {
            return Err(Unreadable::new(
                "an outcome cannot be transformed in the formula: derive it",
                0,
            ));
        }
        let less = match cursor.take('-') {
            true => Some(variable(&mut cursor)?),
            false => None,
        };
        cursor.expect('~')?;
        let begins = cursor.offset();
        let mut side = Side::with_intercept();
        sum(&mut cursor, &mut side)?;
        let absorbed = absorbed(&mut cursor)?;
        cursor.at_end()?;
        let random = random::distinct(std::mem::take(&mut side.random), begins)?;
        let (intercept, mut terms) = side.products();
        terms.sort_by_key(|t| t.0.len());
        Ok(Formula {
            outcome,
            less,
            intercept,
            terms,
            random,
            absorbed,
        })
    }

    /// One term as it stands in `joint:`, such as `us_response:treaty`.
    pub fn parse_terms(text: &str) -> Result<Vec<Term>, Unreadable> {
        let tokens = tokens(text)?;
        let mut cursor = Cursor::new(&tokens, text);
        let mut side = Side::default();
        sum(&mut cursor, &mut side)?;
        side.fixed_alone(0)?;
        cursor.at_end()?;
        Ok(side.products().1)
    }
}

/// `| firm + year`
fn absorbed(cursor: &mut Cursor<'_>) -> Result<Vec<String>, Unreadable> {
    let mut names = std::collections::BTreeSet::new();
    if cursor.take('|') {
        names.insert(variable(cursor)?);
        while cursor.take('+') {
            names.insert(variable(cursor)?);
        }
    }
    Ok(names.into_iter().collect())
}

/// `a + b - c`, into `side`.
pub(super) fn sum(cursor: &mut Cursor<'_>, side: &mut Side) -> Result<(), Unreadable> {
    let mut adding = !cursor.take('-');
    loop {
        let offset = cursor.offset();
        if let Some(random) = random::read(cursor)? {
            if !adding {
                return Err(Unreadable::new("a random term cannot be taken out", offset));
            }
            side.random.extend(random);
        } else {
            for (term, present) in product(cursor)? {
                // `+ 0` takes the intercept out and `- 0` puts it in, as in R.
                change(&mut side.terms, term, adding == present);
            }
        }
        if side.terms.len() + side.random.len() > TERM_LIMIT {
            return Err(Unreadable::new("the formula has too many terms", offset));
        }
        if cursor.take('+') {
            adding = true;
        } else if cursor.take('-') {
            adding = false;
        } else {
            return Ok(());
        }
    }
}

fn change(terms: &mut Terms, term: Vec<Atom>, present: bool) {
    let position = terms.iter().position(|t| same(t, &term));
    match (position, present) {
        (None, true) => terms.push(term),
        (Some(position), false) => {
            terms.remove(position);
        }
        _ => {}
    }
}

fn same(a: &[Atom], b: &[Atom]) -> bool {
    a.len() == b.len() && a.iter().all(|atom| b.contains(atom))
}

/// Terms with whether they are put in or, for `0`, taken out.
type Signed = Vec<(Vec<Atom>, bool)>;

/// `a * b`, `a / b`
fn product(cursor: &mut Cursor<'_>) -> Result<Signed, Unreadable> {
    let mut left = interaction(cursor)?;
    loop {
        let offset = cursor.offset();
        if cursor.take('*') {
            let right = interaction(cursor)?;
            let both = cross(&left, &right, offset)?;
            left.extend(right);
            left.extend(both);
        } else if cursor.take('/') {
            let right = interaction(cursor)?;
            let nested: Signed = vec![(union_of(&left), true)];
            left.extend(cross(&nested, &right, offset)?);
        } else {
            return Ok(unique(left));
        }
    }
}

/// `a:b`, `a %in% b`
fn interaction(cursor: &mut Cursor<'_>) -> Result<Signed, Unreadable> {
    let mut left = power(cursor)?;
    loop {
        let offset = cursor.offset();
        let nested = cursor.peek() == Some(&Token::In);
        if nested {
            cursor.advance();
        } else if !cursor.take(':') {
            return Ok(left);
        }
        let right = power(cursor)?;
        left = cross(&left, &right, offset)?;
    }
}

/// `(a + b)^2`
fn power(cursor: &mut Cursor<'_>) -> Result<Signed, Unreadable> {
    let base = operand(cursor)?;
    let offset = cursor.offset();
    if !cursor.take('^') {
        return Ok(base);
    }
    let exponent = match cursor.advance() {
        Some(Token::Number(n)) if n.fract() == 0.0 && (1.0..=10.0).contains(n) => *n as usize,
        _ => return Err(Unreadable::new("a power is a whole number from 1 to 10", offset)),
    };
    let mut all = base.clone();
    let mut last = base.clone();
    for _ in 1..exponent {
        last = cross(&last, &base, offset)?;
        all.extend(last.clone());
        all = unique(all);
    }
    Ok(all)
}

fn operand(cursor: &mut Cursor<'_>) -> Result<Signed, Unreadable> {
    let offset = cursor.offset();
    if cursor.take('(') {
        let mut side = Side::default();
        cursor.nested(|inner| sum(inner, &mut side))?;
        side.fixed_alone(offset)?;
        cursor.expect(')')?;
        return Ok(side.terms.into_iter().map(|t| (t, true)).collect());
    }
    match cursor.advance() {
        Some(Token::Number(n)) if *n == 1.0 => Ok(vec![(Vec::new(), true)]),
        Some(Token::Number(n)) if *n == 0.0 => Ok(vec![(Vec::new(), false)]),
        Some(Token::Word(name)) if cursor.peek() == Some(&Token::Sign('(')) => call(cursor, name, offset),
        Some(Token::Word(name) | Token::Quoted(name)) => Ok(vec![(vec![Atom::Variable(name.clone())], true)]),
        _ => Err(Unreadable::new("expected a variable's name here", offset)),
    }
}

fn call(cursor: &mut Cursor<'_>, name: &str, offset: usize) -> Result<Signed, Unreadable> {
    cursor.expect('(')?;
    let column = variable(cursor)?;
    let one = |atom: Atom| vec![(vec![atom], true)];
    let found = match name {
        "factor" => one(Atom::Factor(column)),
        "I" => one(power_of(cursor, column)?),
        "poly" => polynomial(cursor, column)?,
        "ns" | "bs" => {
            let basis = basis::spline(cursor, name == "ns", offset)?;
            one(Atom::Basis { basis, column })
        }
        _ => {
            let known = Function::NAMED.iter().find(|(known, _)| *known == name);
            let Some((_, function)) = known else {
                let message = "a formula knows factor(), log(), sqrt(), exp(), scale(), I(x^2), poly(x, 2), ns(x, 3) and bs(x, 4)";
                return Err(Unreadable::new(
                    format!("`{name}()` is none of them: {message}"),
                    offset,
                ));
            };
            one(Atom::Function {
                function: *function,
                column,
            })
        }
    };
    cursor.expect(')')?;
    Ok(found)
}

pub(super) fn variable(cursor: &mut Cursor<'_>) -> Result<String, Unreadable> {
    let offset = cursor.offset();
    match cursor.advance() {
        Some(Token::Word(name) | Token::Quoted(name)) => Ok(name.clone()),
        _ => Err(Unreadable::new("expected a variable's name here", offset)),
    }
}

/// The `^2` of `I(x^2)`.
fn power_of(cursor: &mut Cursor<'_>, column: String) -> Result<Atom, Unreadable> {
    let offset = cursor.offset();
    if !cursor.take('^') {
        return Err(Unreadable::new("I() holds a power, as in I(x^2)", offset));
    }
    Ok(power_atom(whole(cursor)?, &column))
}

/// `, 2`: one orthogonal basis; `, 2, raw` or `, 2, raw = TRUE`: the powers from 1 on.
fn polynomial(cursor: &mut Cursor<'_>, column: String) -> Result<Signed, Unreadable> {
    cursor.expect(',')?;
    let degree = whole(cursor)?;
    if !basis::is_raw(cursor)? {
        let basis = Basis::Orthogonal { degree };
        return Ok(vec![(vec![Atom::Basis { basis, column }], true)]);
    }
    Ok((1..=degree)
        .map(|power| (vec![power_atom(power, &column)], true))
        .collect())
}

fn whole(cursor: &mut Cursor<'_>) -> Result<u8, Unreadable> {
    let offset = cursor.offset();
    match cursor.advance() {
        Some(Token::Number(n)) if n.fract() == 0.0 && (1.0..=9.0).contains(n) => Ok(*n as u8),
        _ => Err(Unreadable::new("a power is a whole number from 1 to 9", offset)),
    }
}

fn power_atom(power: u8, column: &str) -> Atom {
    match power {
        1 => Atom::Variable(column.to_owned()),
        _ => Atom::Function {
            function: Function::Power(power),
            column: column.to_owned(),
        },
    }
}

fn union_of(terms: &Signed) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for atom in terms.iter().flat_map(|(t, _)| t) {
        if !atoms.contains(atom) {
            atoms.push(atom.clone());
        }
    }
    atoms
}

fn cross(left: &Signed, right: &Signed, offset: usize) -> Result<Signed, Unreadable> {
    let mut all = Signed::new();
    for (a, _) in left {
        for (b, _) in right {
            if a.is_empty() || b.is_empty() {
                return Err(Unreadable::new(
                    "the intercept cannot be in an interaction",
                    offset,
                ));
            }
            all.push((union_of(&vec![(a.clone(), true), (b.clone(), true)]), true));
        }
        if all.len() > TERM_LIMIT {
            return Err(Unreadable::new("the formula has too many terms", offset));
        }
    }
    Ok(unique(all))
}

fn unique(terms: Signed) -> Signed {
    let mut kept = Signed::new();
    for term in terms {
        if !kept.iter().any(|(t, _)| same(t, &term.0)) {
            kept.push(term);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Formula::parse(text).unwrap().to_string()
    }

    #[test]
    fn expands_as_r_does() {
        // The right-hand sides are attr(terms(...), "term.labels") of R 4.2.
        for (text, expected) in [
            ("y ~ a * b", "y ~ a + b + a:b"),
            ("y ~ a*(b + c)", "y ~ a + b + c + a:b + a:c"),
            ("y ~ (a + b + c)^2", "y ~ a + b + c + a:b + a:c + b:c"),
            ("y ~ a * b - a:b", "y ~ a + b"),
            ("y ~ a / b", "y ~ a + a:b"),
            ("y ~ a + b %in% a", "y ~ a + b:a"),
            ("y ~ a + a", "y ~ a"),
            ("y ~ a - 1", "y ~ 0 + a"),
            ("y ~ 0 + a", "y ~ 0 + a"),
            ("y ~ 1", "y ~ 1"),
            ("y ~ a:b + a", "y ~ a + a:b"),
            ("y ~ factor(a) * b", "y ~ factor(a) + b + factor(a):b"),
            ("y ~ -1 + a + 1", "y ~ a"),
            ("y ~ log(a) * b", "y ~ log(a) + b + log(a):b"),
            (
                "y ~ b * poly(a, 2, raw = TRUE)",
                "y ~ b + a + I(a^2) + b:a + b:I(a^2)",
            ),
            ("y ~ a + I(a^2)", "y ~ a + I(a^2)"),
            ("y ~ a | c + b", "y ~ a | b + c"),
            ("y ~ scale(a) + sqrt(b)", "y ~ scale(a) + sqrt(b)"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn spelling_does_not_matter_and_meaning_does() {
        let parse = |t: &str| Formula::parse(t).unwrap();
        assert_eq!(parse("y ~ a * b"), parse("y ~ b + a + b:a"));
        assert_ne!(parse("y ~ a * b"), parse("y ~ a + b"));
        assert_ne!(parse("y ~ a"), parse("y ~ a - 1"));
        assert_ne!(parse("y ~ a"), parse("z ~ a"));
        assert_ne!(parse("y ~ a"), parse("y ~ factor(a)"));
        assert_ne!(parse("y ~ a"), parse("y ~ log(a)"));
        assert_eq!(parse("y ~ poly(a, 3, raw)"), parse("y ~ I(a^3) + a + I(a^2)"));
    }

    #[test]
    fn what_cannot_be_read_is_said_where() {
        for (text, offset) in [
            ("~ a", 0),
            ("y a", 2),
            ("y ~ a +", 7),
            ("y ~ tan(a)", 4),
            ("y ~ poly(a, 2, cooked)", 15),
            ("y ~ a b", 6),
            ("y ~ (a", 6),
            ("y ~ a^x", 5),
            ("y ~ a |", 7),
            ("y ~ a | b:c", 9),
        ] {
            assert_eq!(Formula::parse(text).unwrap_err().offset, offset, "{text}");
        }
        assert!(Formula::parse(&format!("y ~ {}a{}", "(".repeat(1000), ")".repeat(1000))).is_err());
        assert!(Formula::parse("y ~ (a+b+c+d+e+f+g+h+i+j+k+l+m+n+o+p)^10").is_err());
    }
}
