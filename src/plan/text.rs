//! What the three small grammars (formula, contrast, decision rule) share: words, numbers, signs and places.

use crate::diagnostic::Place;
use crate::spec::Located;

/// The deepest nesting of parentheses that is read.
pub const DEPTH_LIMIT: usize = 32;

/// What could not be read, and at which character.
#[derive(Clone, Debug, PartialEq)]
pub struct Unreadable {
    pub message: String,
    pub offset: usize,
}

impl Unreadable {
    pub fn new(message: impl Into<String>, offset: usize) -> Self {
        Unreadable {
            message: message.into(),
            offset,
        }
    }

    /// The character's place in the file, where the text stands on one line as it was written.
    pub fn place(&self, text: &Located<String>) -> Place {
        let mut place = text.at.clone();
        let before: String = place.text.chars().take(place.column.saturating_sub(1)).collect();
        let rest = place.text.strip_prefix(before.as_str()).unwrap_or_default();
        let quoted = usize::from(rest.starts_with(['"', '\'']));
        let body = rest.get(quoted..).unwrap_or_default();
        if body.starts_with(text.value.as_str()) {
            place.column += quoted + self.offset;
            place.width = 1;
        }
        place
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    Word(String),
    /// Text in quotes or backticks: a name, whatever it is made of.
    Quoted(String),
    Number(f64),
    Sign(char),
    /// `%in%`
    In,
}

/// The tokens of a text, each with the character it begins at.
pub fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Unreadable> {
    let characters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&c) = characters.get(at) {
        let rest = characters.get(at..).unwrap_or_default();
        let (token, length) = if c.is_whitespace() {
            at += 1;
            continue;
        } else if matches!(c, '\'' | '"' | '`') {
            quoted(rest, c).ok_or_else(|| Unreadable::new("a quote is not closed", at))?
        } else if c.is_ascii_digit() || (c == '.' && rest.get(1).is_some_and(char::is_ascii_digit)) {
            number(rest).ok_or_else(|| Unreadable::new("a number cannot be read", at))?
        } else if begins_word(c) {
            let word: String = rest.iter().take_while(|c| continues_word(**c)).collect();
            let length = word.chars().count();
            (Token::Word(word), length)
        } else if rest.starts_with(&['%', 'i', 'n', '%']) {
            (Token::In, 4)
        } else {
            (Token::Sign(c), 1)
        };
        found.push((token, at));
        at += length;
    }
    Ok(found)
}

fn begins_word(c: char) -> bool {
    c.is_alphabetic() || c == '_' || c == '.'
}

fn continues_word(c: char) -> bool {
    begins_word(c) || c.is_alphanumeric()
}

fn quoted(rest: &[char], quote: char) -> Option<(Token, usize)> {
    let inner: String = rest.iter().skip(1).take_while(|c| **c != quote).collect();
    let length = inner.chars().count() + 2;
    (rest.get(length - 1) == Some(&quote)).then_some((Token::Quoted(inner), length))
}

fn number(rest: &[char]) -> Option<(Token, usize)> {
    let mut digits: String = rest
        .iter()
        .take_while(|c| c.is_ascii_digit() || **c == '.')
        .collect();
    let after = rest.get(digits.len()..).unwrap_or_default();
    if matches!(after.first(), Some('e' | 'E')) {
        let sign = usize::from(matches!(after.get(1), Some('+' | '-')));
        let power: String = after
            .iter()
            .skip(1 + sign)
            .take_while(|c| c.is_ascii_digit())
            .collect();
        if !power.is_empty() {
            digits.extend(after.iter().take(1 + sign));
            digits.push_str(&power);
        }
    }
    let value: f64 = digits.parse().ok()?;
    value.is_finite().then_some((Token::Number(value), digits.len()))
}

/// A place in the tokens.
pub struct Cursor<'t> {
    tokens: &'t [(Token, usize)],
    position: usize,
    end: usize,
    depth: usize,
}

impl<'t> Cursor<'t> {
    pub fn new(tokens: &'t [(Token, usize)], text: &str) -> Self {
        Cursor {
            tokens,
            position: 0,
            end: text.chars().count(),
            depth: 0,
        }
    }

    pub fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.position).map(|(t, _)| t)
    }

    pub fn after(&self) -> Option<&'t Token> {
        self.tokens.get(self.position + 1).map(|(t, _)| t)
    }

    pub fn advance(&mut self) -> Option<&'t Token> {
        let token = self.peek();
        self.position += 1;
        token
    }

    /// The character at which the next token begins.
    pub fn offset(&self) -> usize {
        self.tokens.get(self.position).map_or(self.end, |(_, at)| *at)
    }

    pub fn take(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        if found {
            self.position += 1;
        }
        found
    }

    pub fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(w)) if w == word);
        if found {
            self.position += 1;
        }
        found
    }

    pub fn expect(&mut self, sign: char) -> Result<(), Unreadable> {
        let offset = self.offset();
        if self.take(sign) {
            Ok(())
        } else {
            Err(Unreadable::new(format!("expected `{sign}` here"), offset))
        }
    }

    pub fn at_end(&self) -> Result<(), Unreadable> {
        if self.peek().is_none() {
            Ok(())
        } else {
            Err(Unreadable::new("this cannot follow here", self.offset()))
        }
    }

    /// Whether a parenthesis opens here that has the sign in it, outside of further ones.
    pub fn encloses(&self, sign: char) -> bool {
        let mut depth = 0usize;
        for (token, _) in self.tokens.iter().skip(self.position) {
            match token {
                Token::Sign('(') => depth += 1,
                Token::Sign(')') => depth = depth.saturating_sub(1),
                Token::Sign(c) if depth == 1 && *c == sign => return true,
                _ => {}
            }
            if depth == 0 {
                return false;
            }
        }
        false
    }

    /// Reads what stands between parentheses, to a bounded depth.
    pub fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unreadable>,
    ) -> Result<T, Unreadable> {
        if self.depth == DEPTH_LIMIT {
            return Err(Unreadable::new("nested too deeply", self.offset()));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}
