//! One character for each thing that typesetters write in many.

use super::Text;

/// The text with plain minus signs, spaces, comparison signs, and letters out of their mathematical alphabets.
pub(super) fn normal(text: &Text) -> Text {
    let mut out = Text::default();
    for (c, line) in text.chars() {
        for plain in plain(c).chars() {
            out.push(plain, line);
        }
    }
    out
}

fn plain(c: char) -> String {
    let one = |c: char| String::from(c);
    match c {
        '\n' | '\t' => one(c),
        '\u{2212}' | '\u{2010}'..='\u{2015}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => one('-'),
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' => String::new(),
        c if c.is_whitespace() => one(' '),
        '≤' | '⩽' | '≦' => String::from("<="),
        '≥' | '⩾' | '≧' => String::from(">="),
        '＜' | '﹤' => one('<'),
        '＞' | '﹥' => one('>'),
        '＝' | '﹦' => one('='),
        '∗' | '⁎' | '＊' => one('*'),
        '²' => String::from("^2"),
        'Χ' | '𝜒' | '𝛘' | '𝝌' | '𝞆' => one('χ'),
        '𝜂' | '𝛈' | '𝜼' => one('η'),
        '𝛽' | '𝛃' | '𝜷' => one('β'),
        c => one(letter(c)),
    }
}

/// A letter or digit of a mathematical alphabet (U+1D400 to U+1D6A3, U+1D7CE to U+1D7FF) as a plain one.
fn letter(c: char) -> char {
    let offset = |from: u32, cycle: u32| (u32::from(c) - from) % cycle;
    let shifted = |base: u8, by: u32| u8::try_from(by).map_or(c, |by| char::from(base + by));
    match u32::from(c) {
        0x1D400..=0x1D6A3 => match offset(0x1D400, 52) {
            upper @ 0..26 => shifted(b'A', upper),
            lower => shifted(b'a', lower - 26),
        },
        0x1D7CE..=0x1D7FF => shifted(b'0', offset(0x1D7CE, 10)),
        0x210E => 'h',
        _ => c,
    }
}
