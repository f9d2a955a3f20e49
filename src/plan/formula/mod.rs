//! Wilkinson's formulas as R reads them, reduced to the set of terms they expand to.
//!
//! `a * b` and `a + b + a:b` mean the same and compare as equal; the order in which an author wrote the
//! variables is kept for names alone (`us_response[denounce]:regime[democracy]`).
//!
//! Wilkinson & Rogers (1973), doi:10.2307/2346786; R's `formula` and `terms.formula`.

mod basis;
mod parse;
mod random;
mod side;

pub use basis::{Basis, Knots};
pub use random::RandomTerm;

use serde::{Deserialize, Serialize};

/// `outcome ~ terms`, with or without an intercept; of pairs `outcome - less ~ 1`.
#[derive(Clone, Debug)]
pub struct Formula {
    pub outcome: String,
    /// What is taken off the outcome in the same row: `post - pre ~ 1`.
    pub less: Option<String>,
    pub intercept: bool,
    /// Main effects first, then interactions by order; within an order as written.
    pub terms: Vec<Term>,
    /// What varies by group in a mixed model. Sorted.
    pub random: Vec<RandomTerm>,
    /// Factors absorbed as fixed effects: what stands after `|`. Sorted.
    pub absorbed: Vec<String>,
}

/// A product of variables; one alone is a main effect.
#[derive(Clone, Debug)]
pub struct Term(pub Vec<Atom>);

/// What a term is a product of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Atom {
    /// A column as the codebook types it: a factor is treatment-coded, a number enters as it is.
    Variable(String),
    /// `factor(x)`: a numeric column whose distinct values are levels, the smallest the reference.
    Factor(String),
    /// `log(x)`: a function of a numeric column.
    Function { function: Function, column: String },
    /// `ns(x, 3)`: several columns made of a numeric one.
    Basis { basis: Basis, column: String },
}

/// A function of one number. `scale` is by the mean and the standard deviation of the analysed rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    Log,
    Sqrt,
    Exp,
    Scale,
    /// `I(x^k)`, k from 2.
    Power(u8),
}

impl Function {
    pub const NAMED: [(&'static str, Function); 4] = [
        ("log", Function::Log),
        ("sqrt", Function::Sqrt),
        ("exp", Function::Exp),
        ("scale", Function::Scale),
    ];
}

impl Atom {
    /// The column it reads.
    pub fn column(&self) -> &str {
        match self {
            Atom::Variable(name) | Atom::Factor(name) => name,
            Atom::Function { column, .. } | Atom::Basis { column, .. } => column,
        }
    }
}

impl std::fmt::Display for Atom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Atom::Variable(name) => f.write_str(name),
            Atom::Factor(name) => write!(f, "factor({name})"),
            Atom::Function {
                function: Function::Power(power),
                column,
            } => write!(f, "I({column}^{power})"),
            Atom::Function { function, column } => {
                let name = Function::NAMED.iter().find(|(_, known)| known == function);
                write!(f, "{}({column})", name.map_or("", |(name, _)| name))
            }
            Atom::Basis { basis, column } => basis.write(column, f),
        }
    }
}

impl Term {
    fn canonical(&self) -> Vec<Atom> {
        let mut atoms = self.0.clone();
        atoms.sort();
        atoms
    }

    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Atom::column)
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Term) -> bool {
        self.canonical() == other.canonical()
    }
}

impl std::fmt::Display for Term {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts: Vec<String> = self.0.iter().map(Atom::to_string).collect();
        f.write_str(&parts.join(":"))
    }
}

impl Serialize for Term {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.canonical().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Term, D::Error> {
        Ok(Term(Vec::deserialize(deserializer)?))
    }
}

#[derive(PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CanonicalFormula {
    outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    less: Option<String>,
    intercept: bool,
    terms: Vec<Vec<Atom>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    random: Vec<RandomTerm>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    absorbed: Vec<String>,
}

impl Formula {
    fn canonical(&self) -> CanonicalFormula {
        let mut terms: Vec<Vec<Atom>> = self.terms.iter().map(Term::canonical).collect();
        terms.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        let mut random = self.random.clone();
        random.sort_by_key(RandomTerm::key);
        CanonicalFormula {
            outcome: self.outcome.clone(),
            less: self.less.clone(),
            intercept: self.intercept,
            terms,
            random,
            absorbed: self.absorbed.clone(),
        }
    }

    /// Whether a column stands before the tilde.
    pub fn is_outcome(&self, column: &str) -> bool {
        self.outcome == column || self.less.as_deref() == Some(column)
    }

    /// Every column that the formula reads, the outcome first, each once.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns = vec![self.outcome.as_str()];
        columns.extend(self.less.as_deref());
        let varying = self
            .random
            .iter()
            .flat_map(|r| r.terms.iter().flat_map(Term::columns));
        let fixed = self.terms.iter().flat_map(Term::columns);
        for name in fixed.chain(varying).chain(self.groupings()) {
            if !columns.contains(&name) {
                columns.push(name);
            }
        }
        columns
    }

    /// The columns that tell groups apart and enter no product: of random terms, and absorbed ones.
    pub fn groupings(&self) -> impl Iterator<Item = &str> {
        let random = self.random.iter().flat_map(|r| &r.group);
        random.chain(&self.absorbed).map(String::as_str)
    }
}

impl PartialEq for Formula {
    fn eq(&self, other: &Formula) -> bool {
        self.canonical() == other.canonical()
    }
}

impl Serialize for Formula {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.canonical().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Formula {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Formula, D::Error> {
        let c = CanonicalFormula::deserialize(deserializer)?;
        Ok(Formula {
            outcome: c.outcome,
            less: c.less,
            intercept: c.intercept,
            terms: c.terms.into_iter().map(Term).collect(),
            random: c.random,
            absorbed: c.absorbed,
        })
    }
}

impl std::fmt::Display for Formula {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts: Vec<String> = self.terms.iter().map(Term::to_string).collect();
        if parts.is_empty() {
            parts.push(String::from(if self.intercept { "1" } else { "0" }));
        } else if !self.intercept {
            parts.insert(0, String::from("0"));
        }
        parts.extend(self.random.iter().map(RandomTerm::to_string));
        f.write_str(&self.outcome)?;
        if let Some(less) = &self.less {
            write!(f, " - {less}")?;
        }
        write!(f, " ~ {}", parts.join(" + "))?;
        if self.absorbed.is_empty() {
            return Ok(());
        }
        write!(f, " | {}", self.absorbed.join(" + "))
    }
}
