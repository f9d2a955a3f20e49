//! Random terms as lme4 writes them: `(1 + x | g)`, `(x || g)`, `(0 + x | g)`, nested `(1 | a/b)`.
//!
//! `||` and `/` are spellings: `(x || g)` is `(1 | g) + (0 + x | g)`, `(1 | a/b)` is `(1 | a) + (1 | a:b)`
//! (Bates, Mächler, Bolker & Walker 2015, Table 2, doi:10.18637/jss.v067.i01).

use super::parse::{sum, variable};
use super::side::Side;
use super::{Atom, Term};
use crate::plan::text::{Cursor, Unreadable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Effects that vary from group to group, correlated with each other and independent of other terms' effects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandomTerm {
    /// The columns whose combinations of values are the groups. Sorted.
    pub group: Vec<String>,
    pub intercept: bool,
    /// Sorted.
    pub terms: Vec<Term>,
}

impl RandomTerm {
    /// `a:b`
    pub fn grouping(&self) -> String {
        self.group.join(":")
    }

    pub(super) fn key(&self) -> (Vec<String>, bool, Vec<Vec<Atom>>) {
        let terms = self.terms.iter().map(Term::canonical).collect();
        (self.group.clone(), !self.intercept, terms)
    }

    /// An effect that both have by the same groups: `1` or a term.
    fn shared(&self, other: &RandomTerm) -> Option<String> {
        if self.group != other.group {
            return None;
        }
        let both = self.intercept && other.intercept;
        let term = self.terms.iter().find(|t| other.terms.contains(t));
        both.then(|| String::from("1")).or(term.map(Term::to_string))
    }
}

impl std::fmt::Display for RandomTerm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = vec![String::from(if self.intercept { "1" } else { "0" })];
        parts.extend(self.terms.iter().map(Term::to_string));
        write!(f, "({} | {})", parts.join(" + "), self.grouping())
    }
}

/// The random terms that begin here, if a parenthesis with a `|` does.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Option<Vec<RandomTerm>>, Unreadable> {
    if !cursor.encloses('|') {
        return Ok(None);
    }
    let offset = cursor.offset();
    cursor.expect('(')?;
    let mut side = Side::with_intercept();
    cursor.nested(|inner| sum(inner, &mut side))?;
    side.fixed_alone(offset)?;
    cursor.expect('|')?;
    let split = cursor.take('|');
    let groups = groups(cursor)?;
    cursor.expect(')')?;
    let (intercept, mut terms) = side.products();
    terms.sort_by_key(|t| (t.0.len(), t.canonical()));
    if !intercept && terms.is_empty() {
        return Err(Unreadable::new("no effect varies by the group", offset));
    }
    let blocks: Vec<(bool, Vec<Term>)> = if split {
        let own = terms.into_iter().map(|t| (false, vec![t]));
        intercept
            .then(|| (true, Vec::new()))
            .into_iter()
            .chain(own)
            .collect()
    } else {
        vec![(intercept, terms)]
    };
    let each = |group: &BTreeSet<String>| -> Vec<RandomTerm> {
        let of = |(intercept, terms): &(bool, Vec<Term>)| RandomTerm {
            group: group.iter().cloned().collect(),
            intercept: *intercept,
            terms: terms.clone(),
        };
        blocks.iter().map(of).collect()
    };
    Ok(Some(groups.iter().flat_map(each).collect()))
}

/// `a`, `a:b`, `a/b`: the groupings that it stands for, the widest first.
fn groups(cursor: &mut Cursor<'_>) -> Result<Vec<BTreeSet<String>>, Unreadable> {
    let mut all: Vec<BTreeSet<String>> = Vec::new();
    loop {
        let mut group = all.last().cloned().unwrap_or_default();
        group.insert(variable(cursor)?);
        while cursor.take(':') {
            group.insert(variable(cursor)?);
        }
        all.push(group);
        if !cursor.take('/') {
            return Ok(all);
        }
    }
}

/// Sorted, each effect by each grouping once: two terms with the same would share one variance between them.
pub(super) fn distinct(mut random: Vec<RandomTerm>, offset: usize) -> Result<Vec<RandomTerm>, Unreadable> {
    random.sort_by_key(RandomTerm::key);
    for (position, term) in random.iter().enumerate() {
        let others = random.iter().skip(position + 1);
        if let Some((effect, other)) = others.filter_map(|o| Some((term.shared(o)?, o))).next() {
            let message = format!(
                "{term} and {other} both let `{effect}` vary by {}",
                term.grouping()
            );
            return Err(Unreadable::new(message, offset));
        }
    }
    Ok(random)
}

#[cfg(test)]
mod tests {
    use crate::plan::Formula;

    #[test]
    fn expands_as_lme4_does() {
        // The right-hand sides are lme4 1.1-31's findbars(), each with its intercept written out, sorted.
        for (text, expected) in [
            ("y ~ x + (1 | g)", "y ~ x + (1 | g)"),
            ("y ~ (x | g)", "y ~ 1 + (1 + x | g)"),
            ("y ~ x + (1 + x || g)", "y ~ x + (1 | g) + (0 + x | g)"),
            ("y ~ x + (x || g)", "y ~ x + (1 | g) + (0 + x | g)"),
            ("y ~ x + (0 + x | g)", "y ~ x + (0 + x | g)"),
            ("y ~ x + (x - 1 | g)", "y ~ x + (0 + x | g)"),
            ("y ~ 0 + (1 | b) + x + (1 | a)", "y ~ 0 + x + (1 | a) + (1 | b)"),
            ("y ~ x + (1 | a/b)", "y ~ x + (1 | a) + (1 | a:b)"),
            ("y ~ (1 | b:a) + (1 | a)", "y ~ 1 + (1 | a) + (1 | a:b)"),
            ("y ~ x*z + (x*z | g)", "y ~ x + z + x:z + (1 + x + z + x:z | g)"),
            ("y ~ x + (1 | a/b/c)", "y ~ x + (1 | a) + (1 | a:b) + (1 | a:b:c)"),
            ("y ~ x + (1 | g) | f", "y ~ x + (1 | g) | f"),
            ("y ~ (a + b)^2 + (1 | g)", "y ~ a + b + a:b + (1 | g)"),
        ] {
            assert_eq!(Formula::parse(text).unwrap().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn spelling_does_not_matter_and_meaning_does() {
        let parse = |t: &str| Formula::parse(t).unwrap();
        let plain = parse("y ~ x + (1 + x | a) + (1 | b)");
        assert_eq!(plain, parse("y ~ (1 | b) + (x | a) + x"));
        assert_eq!(parse("y ~ x + (x + z | a)"), parse("y ~ x + (1 + z + x | a)"));
        for other in [
            "y ~ x + (1 | a) + (1 | b)",
            "y ~ x + (x || a) + (1 | b)",
            "y ~ x + (0 + x | a) + (1 | b)",
            "y ~ x + (1 + x | b) + (1 | a)",
            "y ~ x + (1 + x | a)",
            "y ~ x",
        ] {
            assert_ne!(plain, parse(other), "{other}");
        }
        let json = serde_json::to_string(&plain).unwrap();
        assert_eq!(serde_json::from_str::<Formula>(&json).unwrap(), plain);
        assert!(!serde_json::to_string(&parse("y ~ x")).unwrap().contains("random"));
    }

    #[test]
    fn what_is_no_random_term_is_said_where() {
        for (text, offset) in [
            ("y ~ x - (1 | g)", 8),
            ("y ~ (0 | g)", 4),
            ("y ~ ((1 | g))", 4),
            ("y ~ ((1 | g) + x | h)", 4),
            ("y ~ x + (1 | g) + (1 | g)", 4),
            ("y ~ x + (1 | g) + (1 + x | g)", 4),
            ("y ~ (1 | )", 9),
            ("y ~ (1 | g", 10),
            ("y ~ (1 | g + h)", 11),
            ("y ~ (1 | g) * x", 12),
            ("y ~ x * (1 | g)", 11),
        ] {
            assert_eq!(Formula::parse(text).unwrap_err().offset, offset, "{text}");
        }
        assert!(Formula::parse_terms("(1 | g)").is_err());
    }
}
