//! A printed number, and which unrounded ones it may stand for.
//!
//! d decimals stand for all x with |x − v| ≤ ½·10⁻ᵈ, both ends included: whichever way a tie was rounded, it is in.
//! A truncated number stands for v ≤ x < v + 10⁻ᵈ, mirrored below zero (Nuijten et al. 2016, doi:10.3758/s13428-015-0664-2).

use crate::spec::claims::Rounding;
use crate::spec::pipeline::Decimal;

/// A number with its relation to what it stands for: `0.71`, `< .001`.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    pub bound: Bound,
    pub value: f64,
    /// One unit in the last printed place.
    pub unit: f64,
    /// `***`, `†`: what stands behind the digits.
    pub mark: String,
    /// The digits as they are printed, with their bound.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Equals,
    Below,
    AtMost,
    Above,
    AtLeast,
}

/// How what was found lies to what is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Holds,
    /// Within one unit of the last place, but it would have been rounded to another digit.
    Misrounded,
    OtherSign,
    Differs,
}

/// Longer than any number in print.
const LENGTH: usize = 64;

impl Printed {
    /// Reads `−0.71***`, `(0.09)`, `[0.53`, `1,461`, `< .001`, `4.1 × 10^−15`, `71%`. Nothing if it is no single number.
    pub fn read(text: &str, decimal: Decimal) -> Option<Printed> {
        if text.len() > LENGTH {
            return None;
        }
        let plain: String = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '\u{2009}')
            .map(|c| {
                if matches!(c, '−' | '–' | '‒') {
                    '-'
                } else {
                    c
                }
            })
            .collect();
        let (bound, rest) = bound(&plain);
        let (mark, rest) = mark(rest);
        let inner = rest
            .trim_start_matches(['(', '['])
            .trim_end_matches([')', ']', ',', ';']);
        let (behind, inner) = mark_of(inner, mark);
        let (number, hundredths) = match inner.strip_suffix('%') {
            Some(number) => (number, true),
            None => (inner, false),
        };
        let (value, unit) = digits(number, decimal)?;
        let scale = if hundredths { 0.01 } else { 1.0 };
        Some(Printed {
            bound,
            value: value * scale,
            unit: unit * scale,
            mark: behind,
            text: shown(text),
        })
    }

    /// The lowest and the highest value that the digits stand for.
    pub fn interval(&self, rounding: Rounding) -> (f64, f64) {
        let (v, unit) = (self.value, self.unit);
        match rounding {
            Rounding::Nearest => (v - unit / 2.0, v + unit / 2.0),
            Rounding::Truncate if v > 0.0 => (v, v + unit),
            Rounding::Truncate if v < 0.0 => (v - unit, v),
            Rounding::Truncate => (v - unit, v + unit),
        }
    }

    /// Whether `found` may be what was printed.
    pub fn relation(&self, found: f64, rounding: Rounding) -> Relation {
        let slack = 1e-6 * self.unit + 1e-9 * self.value.abs();
        let within = |x: f64| {
            let (low, high) = self.interval(rounding);
            low - slack <= x && x <= high + slack
        };
        let holds = match self.bound {
            Bound::Equals if within(found) => return Relation::Holds,
            Bound::Equals => false,
            Bound::Below => found < self.value,
            Bound::AtMost => found <= self.value + slack,
            Bound::Above => found > self.value,
            Bound::AtLeast => found >= self.value - slack,
        };
        if holds {
            Relation::Holds
        } else if self.bound != Bound::Equals {
            Relation::Differs
        } else if (found - self.value).abs() < self.unit - slack {
            Relation::Misrounded
        } else if self.value != 0.0 && within(-found) {
            Relation::OtherSign
        } else {
            Relation::Differs
        }
    }
}

fn shown(text: &str) -> String {
    let text = text.trim().trim_start_matches(['p', 'P', ' ']);
    let text = text.strip_prefix('=').unwrap_or(text).trim();
    text.chars().filter(|c| *c != '^').collect()
}

fn bound(text: &str) -> (Bound, &str) {
    let text = text.strip_prefix(['p', 'P']).unwrap_or(text);
    for (sign, bound) in [
        ("<=", Bound::AtMost),
        (">=", Bound::AtLeast),
        ("≤", Bound::AtMost),
        ("≥", Bound::AtLeast),
        ("<", Bound::Below),
        (">", Bound::Above),
        ("=", Bound::Equals),
    ] {
        if let Some(rest) = text.strip_prefix(sign) {
            return (bound, rest);
        }
    }
    (Bound::Equals, text)
}

/// What stands behind the digits, and the text before it.
fn mark(text: &str) -> (String, &str) {
    let kept = text.trim_end_matches(['*', '†', '‡', '∗', '⁎', '+', '^']);
    let behind = text.get(kept.len()..).unwrap_or_default();
    (behind.replace(['∗', '⁎'], "*").replace('^', ""), kept)
}

fn mark_of(inner: &str, outer: String) -> (String, &str) {
    if outer.is_empty() {
        mark(inner)
    } else {
        (outer, inner)
    }
}

/// Value and unit of the last place.
fn digits(text: &str, decimal: Decimal) -> Option<(f64, f64)> {
    let (mantissa, exponent) = exponent(text)?;
    let (point, thousands) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let (negative, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = mantissa.split_once(point).unwrap_or((mantissa, ""));
    let whole = ungrouped(whole, thousands)?;
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(&whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let places = i32::try_from(fraction.len()).ok()?;
    let shown = format!("{whole}.{fraction}e{exponent}");
    let shown = if whole.is_empty() {
        format!("0{shown}")
    } else {
        shown
    };
    let value: f64 = shown.replace(".e", ".0e").parse().ok()?;
    let unit: f64 = format!("1e{}", exponent.checked_sub(places)?).parse().ok()?;
    (value.is_finite() && unit > 0.0).then_some((if negative { -value } else { value }, unit))
}

/// `4.1e-15`, `4.1×10^-15`, `4.1x10-15`.
fn exponent(text: &str) -> Option<(&str, i32)> {
    let power = |text: &str| -> Option<i32> {
        let text = text.trim_start_matches(['^', '{']).trim_end_matches('}');
        text.parse().ok().filter(|e: &i32| e.abs() <= 400)
    };
    for sign in ["×10", "x10", "*10", "·10"] {
        if let Some((mantissa, exponent)) = text.split_once(sign) {
            return Some((mantissa, power(exponent)?));
        }
    }
    match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => Some((mantissa, power(exponent)?)),
        None => Some((text, 0)),
    }
}

/// The digits without separators, which must stand before every third one.
fn ungrouped(whole: &str, separator: char) -> Option<String> {
    let mut groups = whole.split(separator);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    if rest.is_empty() {
        return Some(first.to_owned());
    }
    let grouped = (1..=3).contains(&first.len()) && rest.iter().all(|group| group.len() == 3);
    grouped.then(|| format!("{first}{}", rest.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Printed {
        Printed::read(text, Decimal::Point).unwrap()
    }

    #[test]
    fn reads_what_journals_print() {
        for (text, value, unit) in [
            ("0.71", 0.71, 0.01),
            ("\u{2212}.710***", -0.71, 0.001),
            ("(0.09)", 0.09, 0.01),
            ("[0.53,", 0.53, 0.01),
            ("0.89]", 0.89, 0.01),
            ("1,461", 1461.0, 1.0),
            ("4.1e-15", 4.1e-15, 1e-16),
            ("4.1 \u{d7} 10^\u{2212}15", 4.1e-15, 1e-16),
            ("71.5%", 0.715, 0.001),
            ("(-0.5)**", -0.5, 0.1),
            ("12", 12.0, 1.0),
        ] {
            let printed = read(text);
            assert!(
                (printed.value - value).abs() <= 1e-12 * value.abs(),
                "{text}: {printed:?}"
            );
            assert!((printed.unit - unit).abs() <= 1e-12 * unit, "{text}: {printed:?}");
            assert_eq!(printed.bound, Bound::Equals, "{text}");
        }
        assert_eq!(read("\u{2212}.710***").mark, "***");
        assert_eq!(read("< .001").bound, Bound::Below);
        assert_eq!(read("p \u{2264} .05").bound, Bound::AtMost);
        let comma = Printed::read("1.461,5", Decimal::Comma).unwrap();
        assert_eq!((comma.value, comma.unit), (1461.5, 0.1));
        for text in [
            "",
            "0,71",
            "1,46",
            "n.s.",
            "0.7.1",
            "1e999",
            "--1",
            "0.5 0.6",
            &"9".repeat(80),
        ] {
            assert_eq!(Printed::read(text, Decimal::Point), None, "{text}");
        }
    }

    #[test]
    fn both_ways_to_round_a_tie_hold_and_the_next_digit_does_not() {
        use Relation::{Differs, Holds, Misrounded, OtherSign};
        let nearest = |text: &str, found: f64| read(text).relation(found, Rounding::Nearest);
        for (text, found, relation) in [
            ("0.71", 0.705, Holds),
            ("0.71", 0.715, Holds),
            ("0.71", 0.7151, Misrounded),
            ("0.71", 0.7049, Misrounded),
            ("0.71", 0.7201, Differs),
            ("0.71", -0.712, OtherSign),
            ("-0.71", 0.712, OtherSign),
            ("0.00", -0.004, Holds),
            ("< .001", 0.000_999, Holds),
            ("< .001", 0.001, Differs),
            ("< .05", 0.0504, Differs),
            ("> .05", 0.0504, Holds),
            ("= .05", 0.0504, Holds),
        ] {
            assert_eq!(nearest(text, found), relation, "{text} of {found}");
        }
        let truncated = |text: &str, found: f64| read(text).relation(found, Rounding::Truncate);
        assert_eq!(truncated("0.71", 0.7199), Holds);
        assert_eq!(truncated("0.71", 0.709), Misrounded);
        assert_eq!(truncated("-0.71", -0.7199), Holds);
        assert_eq!(truncated("-0.71", -0.709), Misrounded);
    }
}
