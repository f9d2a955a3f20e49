//! YAML as this program reads it, and the only place that knows which crate does.
//!
//! A file becomes a tree in which every key and value has its place, so that one reading reports
//! everything that is wrong with it. No anchors, aliases, merge keys, tags or second documents.

use super::Located;
use crate::diagnostic::{Diagnostic, Place, codes};
use crate::source::Source;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Location, Spanned};

/// The largest YAML file that is read.
pub const SIZE_LIMIT: u64 = 4 << 20;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub value: Yaml,
    pub at: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    Null,
    Truth(bool),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    /// In the order written, duplicates included.
    Map(Vec<(Located<String>, Node)>),
}

impl Yaml {
    /// What it is, for a message.
    pub fn kind(&self) -> String {
        match self {
            Yaml::Null => String::from("nothing"),
            Yaml::Truth(truth) => format!("`{truth}`"),
            Yaml::Number(number) => format!("the number {number}"),
            Yaml::Text(text) => {
                let short: String = text.chars().take(40).collect();
                format!(
                    "the text '{short}{}'",
                    if text.chars().count() > 40 { "…" } else { "" }
                )
            }
            Yaml::List(_) => String::from("a list"),
            Yaml::Map(_) => String::from("a mapping"),
        }
    }
}

/// Reads a whole file into a tree.
pub fn parse(source: &Source) -> Result<Node, Diagnostic> {
    let text = source.text()?;
    let place = Places {
        file: &source.name,
        lines: text.lines().collect(),
    };
    if text.bytes().any(|b| b == 0) {
        return Err(
            Diagnostic::error(codes::YAML_SYNTAX, format!("{} is a binary file", source.name))
                .at(Place::file(&source.name)),
        );
    }
    if text.trim().is_empty() {
        return Err(
            Diagnostic::error(codes::YAML_SYNTAX, format!("{} is empty", source.name))
                .at(Place::file(&source.name))
                .help("a study's files begin with `asregistered: 1`"),
        );
    }
    match serde_saphyr::from_str_with_options::<Spanned<Raw>>(text, options()) {
        Ok(raw) => Ok(place.node(raw)),
        Err(error) => Err(place.syntax(&error)),
    }
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 64,
            max_anchors: 0,
            max_aliases: 0,
            max_documents: 1,
        },
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        reject_unsupported_tags: true,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    }
}

enum Raw {
    Null,
    Truth(bool),
    Number(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    /// A key is nothing where YAML takes the word itself for nothing: `null:`.
    Map(Vec<(Spanned<Option<String>>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Truth(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Raw, E> {
        Ok(Raw::Number(value as f64))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Raw, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Raw::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Raw, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Raw::Map(map))
    }
}

struct Places<'a> {
    file: &'a str,
    lines: Vec<&'a str>,
}

impl Places<'_> {
    fn node(&self, raw: Spanned<Raw>) -> Node {
        let at = self.place(raw.referenced);
        let value = match raw.value {
            Raw::Null => Yaml::Null,
            Raw::Truth(truth) => Yaml::Truth(truth),
            Raw::Number(number) => Yaml::Number(number),
            Raw::Text(text) => Yaml::Text(text),
            Raw::List(items) => Yaml::List(items.into_iter().map(|i| self.node(i)).collect()),
            Raw::Map(entries) => Yaml::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let at = self.place(key.referenced);
                        let name = key.value.unwrap_or_else(|| bare(&at));
                        (Located { value: name, at }, self.node(value))
                    })
                    .collect(),
            ),
        };
        Node { value, at }
    }

    fn place(&self, location: Location) -> Place {
        let line = usize::try_from(location.line()).unwrap_or(1).max(1);
        let column = usize::try_from(location.column()).unwrap_or(1).max(1);
        let text = self.lines.get(line - 1).copied().unwrap_or_default();
        let rest = text.trim_end().chars().count().saturating_sub(column - 1);
        let width = usize::try_from(location.span().len())
            .unwrap_or(1)
            .clamp(1, rest.max(1));
        Place {
            file: self.file.to_owned(),
            line,
            column,
            width,
            text: text.to_owned(),
        }
    }

    fn syntax(&self, error: &serde_saphyr::Error) -> Diagnostic {
        let error = error.without_snippet();
        let at = error
            .location()
            .map_or_else(|| Place::file(self.file), |l| self.place(l));
        let said = error.to_string();
        let message = said.lines().next().unwrap_or_default().to_owned();
        Diagnostic::error(codes::YAML_SYNTAX, message).at(at).help(
            "this format is plain YAML: one document, mappings, lists, text, numbers; no anchors, aliases, merge keys or tags",
        )
    }
}

/// A plain key as it was written. The null hypothesis of a test is called `null:`, which YAML reads as no key.
fn bare(at: &Place) -> String {
    let written = at.text.chars().skip(at.column - 1);
    written
        .take_while(|c| !matches!(c, ':' | ',' | '{' | '}'))
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Node, Diagnostic> {
        parse(&Source::from_bytes(
            "x.yaml".into(),
            "x.yaml",
            text.as_bytes().to_vec(),
        ))
    }

    #[test]
    fn every_key_and_value_has_its_place() {
        let node = read("a: 1\nb:\n  - {c: \"0.05\", 'd': yes}\n").unwrap();
        let Yaml::Map(entries) = &node.value else {
            panic!("{node:?}")
        };
        assert_eq!((entries[1].0.at.line, entries[1].0.at.column), (2, 1));
        let Yaml::List(items) = &entries[1].1.value else {
            panic!()
        };
        let Yaml::Map(inner) = &items[0].value else {
            panic!()
        };
        assert_eq!(inner[0].1.value, Yaml::Text("0.05".into()));
        assert_eq!((inner[0].1.at.line, inner[0].1.at.column), (3, 9));
        assert_eq!(inner[1].1.value, Yaml::Text("yes".into()));
    }

    #[test]
    fn both_of_two_equal_keys_are_kept() {
        let Yaml::Map(entries) = read("a: 1\na: 2\n").unwrap().value else {
            panic!()
        };
        assert_eq!(entries.len(), 2);
    }

    #[test]
    fn a_date_is_text_and_numbers_are_numbers() {
        let Yaml::Map(entries) = read("d: 2024-11-01\ne: 1e-3\nz: 007\n1: x\nn: .nan\n")
            .unwrap()
            .value
        else {
            panic!()
        };
        assert_eq!(entries[0].1.value, Yaml::Text("2024-11-01".into()));
        assert_eq!(entries[1].1.value, Yaml::Number(0.001));
        assert_eq!(entries[2].1.value, Yaml::Text("007".into()));
        assert_eq!(entries[3].0.value, "1");
        assert_eq!(entries[4].1.value, Yaml::Text(".nan".into()));
    }

    #[test]
    fn a_key_may_be_called_null() {
        let Yaml::Map(entries) = read("null: 0\n\"null\": 1\n~: 2\na: {b: 1, null: 0.5}\n")
            .unwrap()
            .value
        else {
            panic!()
        };
        let keys: Vec<&str> = entries.iter().map(|(key, _)| key.value.as_str()).collect();
        assert_eq!(keys, ["null", "null", "~", "a"]);
        let Yaml::Map(inner) = &entries[3].1.value else {
            panic!()
        };
        assert_eq!(inner[1].0.value, "null");
        assert_eq!(inner[1].1.value, Yaml::Number(0.5));
    }

    #[test]
    fn bombs_and_depth_are_refused_with_a_place() {
        let deep = "[".repeat(10_000);
        for text in [
            "a: &x 1\nb: *x\n",
            "a: 1\n---\nb: 2\n",
            "a: !!python/object x\n",
            deep.as_str(),
            "<<: {a: 1}\n",
        ] {
            let found = read(text).unwrap_err();
            assert_eq!(found.code, codes::YAML_SYNTAX, "{text:.20}");
            assert!(found.at.is_some());
        }
    }
}
