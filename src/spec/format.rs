//! How a data file is written: its format, and what a text file is made of.

use schemars::JsonSchema;
use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Csv,
    Qualtrics,
    Stata,
    Spss,
    Parquet,
    Arrow,
    Excel,
    Limesurvey,
    Redcap,
}

impl Format {
    pub const ALL: [(&'static str, Format); 9] = [
        ("csv", Format::Csv),
        ("qualtrics", Format::Qualtrics),
        ("stata", Format::Stata),
        ("spss", Format::Spss),
        ("parquet", Format::Parquet),
        ("arrow", Format::Arrow),
        ("excel", Format::Excel),
        ("limesurvey", Format::Limesurvey),
        ("redcap", Format::Redcap),
    ];

    pub fn word(self) -> &'static str {
        Format::ALL
            .iter()
            .find(|(_, f)| *f == self)
            .map_or("", |(w, _)| w)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Holds Latin-1's characters.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    pub const ALL: [(&'static str, Encoding); 5] = [
        ("utf-8", Encoding::Utf8),
        ("utf-16le", Encoding::Utf16Le),
        ("utf-16be", Encoding::Utf16Be),
        ("windows-1252", Encoding::Windows1252),
        ("latin-1", Encoding::Windows1252),
    ];
}

/// The character between two fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Separator {
    Comma,
    Semicolon,
    Tab,
    Pipe,
}

impl Separator {
    pub const ALL: [(&'static str, Separator); 4] = [
        ("comma", Separator::Comma),
        ("semicolon", Separator::Semicolon),
        ("tab", Separator::Tab),
        ("pipe", Separator::Pipe),
    ];

    pub fn word(self) -> &'static str {
        Separator::ALL
            .iter()
            .find(|(_, s)| *s == self)
            .map_or("", |(w, _)| w)
    }

    pub fn byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Semicolon => b';',
            Separator::Tab => b'\t',
            Separator::Pipe => b'|',
        }
    }
}

/// The character before a number's fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decimal {
    Point,
    Comma,
}

impl Decimal {
    pub const ALL: [(&'static str, Decimal); 2] = [("point", Decimal::Point), ("comma", Decimal::Comma)];
}
