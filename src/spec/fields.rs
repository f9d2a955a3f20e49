//! A closed mapping: it knows its keys, and says of every other one where it stands and what was meant.

use super::Located;
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Code, Diagnostic, Place, codes, nearest};
use std::cell::RefCell;

/// What is found wrong while reading, all of it.
#[derive(Default)]
pub struct Findings(RefCell<Vec<Diagnostic>>);

impl Findings {
    pub fn add(&self, diagnostic: Diagnostic) {
        self.0.borrow_mut().push(diagnostic);
    }

    pub fn error(&self, code: Code, at: &Place, message: impl Into<String>, help: impl Into<String>) {
        self.add(Diagnostic::error(code, message).at(at.clone()).help(help));
    }

    pub fn has_errors(&self) -> bool {
        crate::diagnostic::any_error(&self.0.borrow())
    }

    /// Takes over what another reading of the same study brought up: what was said before is not said again.
    pub fn absorb(&self, other: Findings, keep: impl Fn(&Diagnostic) -> bool) {
        for diagnostic in other.into_vec() {
            let said = |d: &Diagnostic| d.code == diagnostic.code && d.message == diagnostic.message;
            let known = self.0.borrow().iter().any(said);
            if !known && keep(&diagnostic) {
                self.add(diagnostic);
            }
        }
    }

    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0.into_inner()
    }
}

/// A mapping whose keys are known.
pub struct Fields<'n> {
    /// What the mapping is, for messages: `models.approval`.
    what: String,
    at: &'n Place,
    entries: Vec<(&'n Located<String>, &'n Node)>,
    found: &'n Findings,
}

/// The entries of a mapping, each key once; duplicates and non-mappings are reported.
pub fn entries<'n>(node: &'n Node, what: &str, found: &'n Findings) -> Vec<(&'n Located<String>, &'n Node)> {
    let pairs = match &node.value {
        Yaml::Map(pairs) => pairs,
        Yaml::Null => return Vec::new(),
        other => {
            wrong_type(found, &node.at, what, "a mapping", other);
            return Vec::new();
        }
    };
    let mut kept: Vec<(&Located<String>, &Node)> = Vec::new();
    for (key, value) in pairs {
        if let Some((first, _)) = kept.iter().find(|(k, _)| k.value == key.value) {
            found.error(
                codes::DUPLICATE_KEY,
                &key.at,
                format!(
                    "`{}` stands twice in {what}; it stood first at {}",
                    key.value, first.at
                ),
                "keep one of the two",
            );
        } else {
            kept.push((key, value));
        }
    }
    kept
}

fn wrong_type(found: &Findings, at: &Place, what: &str, expected: &str, value: &Yaml) {
    let help = match value {
        Yaml::Text(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
            format!("write {text} without quotes if it is the number")
        }
        Yaml::Number(number) => format!("write \"{number}\" with quotes if it is text"),
        _ => format!("write {expected} here"),
    };
    found.error(
        codes::WRONG_TYPE,
        at,
        format!("{what}: expected {expected}, found {}", value.kind()),
        help,
    );
}

impl<'n> Fields<'n> {
    /// Reads a mapping with these keys and no others.
    pub fn open(node: &'n Node, what: &str, allowed: &[&str], found: &'n Findings) -> Fields<'n> {
        let mut kept = entries(node, what, found);
        kept.retain(|(key, _)| {
            let known = allowed.contains(&key.value.as_str());
            if !known {
                let help = match nearest(&key.value, allowed.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the keys here are: {}", allowed.join(", ")),
                };
                found.error(
                    codes::UNKNOWN_KEY,
                    &key.at,
                    format!("{what} has no key `{}`", key.value),
                    help,
                );
            }
            known
        });
        Fields {
            what: what.to_owned(),
            at: &node.at,
            entries: kept,
            found,
        }
    }

    pub fn at(&self) -> &'n Place {
        self.at
    }

    /// `models.approval.vcov`
    pub fn path(&self, key: &str) -> String {
        if self.what.ends_with("yaml") {
            key.to_owned()
        } else {
            format!("{}.{key}", self.what)
        }
    }

    /// The value of a key; an explicit null counts as absent.
    pub fn node(&self, key: &str) -> Option<&'n Node> {
        self.entries
            .iter()
            .find(|(k, _)| k.value == key)
            .map(|(_, v)| *v)
            .filter(|v| v.value != Yaml::Null)
    }

    /// The place of a key itself.
    pub fn key(&self, key: &str) -> Option<&'n Located<String>> {
        self.entries.iter().find(|(k, _)| k.value == key).map(|(k, _)| *k)
    }

    /// Reports the key's absence, with what to write. A blank text says as little.
    pub fn require(&self, key: &str, help: &str) -> bool {
        let blank = |node: &Node| matches!(&node.value, Yaml::Text(text) if text.trim().is_empty());
        if self.node(key).is_some_and(|node| !blank(node)) {
            return true;
        }
        let at = self.key(key).map_or(self.at, |k| &k.at);
        self.found.error(
            codes::MISSING_KEY,
            at,
            format!("{} lacks `{key}`", self.what),
            help,
        );
        false
    }

    fn wrong<T>(&self, key: &str, node: &Node, expected: &str) -> Option<T> {
        wrong_type(self.found, &node.at, &self.path(key), expected, &node.value);
        None
    }

    pub fn text(&self, key: &str) -> Option<Located<String>> {
        let node = self.node(key)?;
        match &node.value {
            Yaml::Text(text) => Some(Located {
                value: text.clone(),
                at: node.at.clone(),
            }),
            _ => self.wrong(key, node, "text"),
        }
    }

    pub fn number(&self, key: &str) -> Option<Located<f64>> {
        let node = self.node(key)?;
        match node.value {
            Yaml::Number(value) if value.is_finite() => Some(Located {
                value,
                at: node.at.clone(),
            }),
            _ => self.wrong(key, node, "a number"),
        }
    }

    /// A whole number that is not negative.
    pub fn count(&self, key: &str) -> Option<Located<u64>> {
        let number = self.number(key)?;
        if number.value < 0.0 || number.value.fract() != 0.0 || number.value > 9e15 {
            self.found.error(
                codes::OUT_OF_DOMAIN,
                &number.at,
                format!("{}: {} is not a count", self.path(key), number.value),
                "write a whole number, 0 or more",
            );
            return None;
        }
        Some(Located {
            value: number.value as u64,
            at: number.at,
        })
    }

    pub fn truth(&self, key: &str) -> Option<Located<bool>> {
        let node = self.node(key)?;
        match node.value {
            Yaml::Truth(value) => Some(Located {
                value,
                at: node.at.clone(),
            }),
            _ => self.wrong(key, node, "true or false"),
        }
    }

    /// A date, YYYY-MM-DD.
    pub fn date(&self, key: &str) -> Option<Located<String>> {
        let text = self.text(key)?;
        if text.value.parse::<jiff::civil::Date>().is_err() || text.value.len() != 10 {
            self.found.error(
                codes::OUT_OF_DOMAIN,
                &text.at,
                format!("{}: '{}' is not a date", self.path(key), text.value),
                "write it as YYYY-MM-DD",
            );
            return None;
        }
        Some(text)
    }

    pub fn texts(&self, key: &str) -> Vec<Located<String>> {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        match &node.value {
            Yaml::List(items) => items.iter().filter_map(|item| self.item(key, item)).collect(),
            _ => {
                self.wrong::<()>(key, node, "a list of names");
                Vec::new()
            }
        }
    }

    fn item(&self, key: &str, item: &Node) -> Option<Located<String>> {
        match &item.value {
            Yaml::Text(text) => Some(Located {
                value: text.clone(),
                at: item.at.clone(),
            }),
            _ => self.wrong(key, item, "a name"),
        }
    }

    pub fn list(&self, key: &str) -> &'n [Node] {
        let Some(node) = self.node(key) else { return &[] };
        match &node.value {
            Yaml::List(items) => items,
            _ => {
                self.wrong::<()>(key, node, "a list");
                &[]
            }
        }
    }

    /// One of a closed set of words.
    pub fn word<T: Copy>(&self, key: &str, words: &[(&str, T)]) -> Option<Located<T>> {
        let text = self.text(key)?;
        word(&text, &self.path(key), words, self.found)
    }

    /// A nested closed mapping.
    pub fn open_at(&self, key: &str, allowed: &[&str]) -> Option<Fields<'n>> {
        Some(Fields::open(
            self.node(key)?,
            &self.path(key),
            allowed,
            self.found,
        ))
    }

    /// A nested mapping whose keys are names.
    pub fn entries_of(&self, key: &str) -> Vec<(&'n Located<String>, &'n Node)> {
        self.node(key)
            .map(|node| entries(node, &self.path(key), self.found))
            .unwrap_or_default()
    }
}

/// One of a closed set of words, or a finding that names the nearest.
pub fn word<T: Copy>(
    text: &Located<String>,
    what: &str,
    words: &[(&str, T)],
    found: &Findings,
) -> Option<Located<T>> {
    if let Some((_, value)) = words.iter().find(|(w, _)| *w == text.value) {
        return Some(Located {
            value: *value,
            at: text.at.clone(),
        });
    }
    let names: Vec<&str> = words.iter().map(|(w, _)| *w).collect();
    let help = match nearest(&text.value, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? The words here are: {}", names.join(", ")),
        None => format!("the words here are: {}", names.join(", ")),
    };
    found.error(
        codes::UNKNOWN_WORD,
        &text.at,
        format!("{what}: unknown word '{}'", text.value),
        help,
    );
    None
}

/// A scalar as text: what was written, a number in its shortest form.
pub fn scalar(node: &Node, what: &str, found: &Findings) -> Option<Located<String>> {
    let value = match &node.value {
        Yaml::Text(text) => text.clone(),
        Yaml::Number(number) => number.to_string(),
        other => {
            wrong_type(found, &node.at, what, "one value", other);
            return None;
        }
    };
    Some(Located {
        value,
        at: node.at.clone(),
    })
}

/// A text or nothing, reported if it is anything else.
pub fn text(node: &Node, what: &str, found: &Findings) -> Option<Located<String>> {
    match &node.value {
        Yaml::Text(text) => Some(Located {
            value: text.clone(),
            at: node.at.clone(),
        }),
        other => {
            wrong_type(found, &node.at, what, "text", other);
            None
        }
    }
}

/// A finite number, reported if it is anything else.
pub fn number(node: &Node, what: &str, found: &Findings) -> Option<Located<f64>> {
    match node.value {
        Yaml::Number(value) if value.is_finite() => Some(Located {
            value,
            at: node.at.clone(),
        }),
        ref other => {
            wrong_type(found, &node.at, what, "a number", other);
            None
        }
    }
}
