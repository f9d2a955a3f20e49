//! Bases of one number: natural and B-splines as R's `splines` package has them, and R's orthogonal `poly()`.

use crate::plan::text::{Cursor, Token, Unreadable};
use serde::{Deserialize, Serialize};

/// A spline with more columns than this is refused.
const COLUMN_LIMIT: u8 = 50;
/// Of a B-spline, where nothing is written.
const CUBIC: u8 = 3;

/// Several columns made of one number, whose span is what the formula promises.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// `ns(x, 3)`: a cubic spline that is a line beyond its boundary.
    Natural {
        knots: Knots,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        boundary: Option<(Real, Real)>,
    },
    /// `bs(x, 4, degree = 3)`: a piecewise polynomial without its constant.
    BSpline {
        degree: u8,
        knots: Knots,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        boundary: Option<(Real, Real)>,
    },
    /// `poly(x, 2)`: polynomials that are orthonormal over the analysed rows.
    Orthogonal { degree: u8 },
}

/// Where the pieces of a spline meet, within its boundary.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Knots {
    /// This many, at quantiles of the analysed rows.
    Quantiles(u8),
    /// Registered ones, ascending.
    At(Vec<Real>),
}

/// A finite number.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Real(pub f64);

impl PartialEq for Real {
    fn eq(&self, other: &Real) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Real {}

impl PartialOrd for Real {
    fn partial_cmp(&self, other: &Real) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Real {
    fn cmp(&self, other: &Real) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Knots {
    fn count(&self) -> u8 {
        match self {
            Knots::Quantiles(count) => *count,
            Knots::At(all) => all.len() as u8,
        }
    }
}

impl Basis {
    /// How many columns it has.
    pub fn width(&self) -> u8 {
        match self {
            Basis::Natural { knots, .. } => knots.count().saturating_add(1),
            Basis::BSpline { degree, knots, .. } => knots.count().saturating_add(*degree),
            Basis::Orthogonal { degree } => *degree,
        }
    }

    pub(super) fn write(&self, column: &str, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, knots, degree, boundary) = match self {
            Basis::Orthogonal { degree } => return write!(f, "poly({column}, {degree})"),
            Basis::Natural { knots, boundary } => ("ns", knots, CUBIC, boundary),
            Basis::BSpline {
                degree,
                knots,
                boundary,
            } => ("bs", knots, *degree, boundary),
        };
        write!(f, "{name}({column}, ")?;
        match knots {
            Knots::Quantiles(_) => write!(f, "{}", self.width())?,
            Knots::At(all) => {
                let all: Vec<String> = all.iter().map(|k| k.0.to_string()).collect();
                write!(f, "knots = c({})", all.join(", "))?;
            }
        }
        if degree != CUBIC {
            write!(f, ", degree = {degree}")?;
        }
        if let Some((low, high)) = boundary {
            write!(f, ", Boundary.knots = c({}, {})", low.0, high.0)?;
        }
        f.write_str(")")
    }
}

/// What a spline's call says so far.
#[derive(Default)]
struct Written {
    df: Option<u8>,
    degree: Option<u8>,
    knots: Option<Vec<Real>>,
    boundary: Option<(Real, Real)>,
}

/// `, 3, degree = 2, knots = c(30, 50), Boundary.knots = c(18, 90)`
pub(super) fn spline(cursor: &mut Cursor<'_>, natural: bool, at: usize) -> Result<Basis, Unreadable> {
    let mut written = Written::default();
    let mut first = true;
    while cursor.take(',') {
        argument(cursor, natural, first, &mut written)?;
        first = false;
    }
    let degree = written.degree.unwrap_or(CUBIC);
    // A natural spline without interior knots is a line; a B-spline without them a polynomial.
    let least = if natural { 1 } else { degree };
    let knots = match (written.df, written.knots) {
        (Some(df), None) if df < least => {
            let message = format!("a spline of degree {degree} has {least} columns at least");
            return Err(Unreadable::new(message, at));
        }
        (Some(df), None) => Knots::Quantiles(df - least),
        (None, Some(knots)) => Knots::At(knots),
        _ => {
            let message = "a spline needs its degrees of freedom or its knots, and not both: ns(x, 3), ns(x, knots = c(30, 50))";
            return Err(Unreadable::new(message, at));
        }
    };
    let boundary = written.boundary;
    if let (Knots::At(all), Some((low, high))) = (&knots, boundary)
        && all.iter().any(|k| *k <= low || *k >= high)
    {
        return Err(Unreadable::new("the knots stand between the boundary knots", at));
    }
    Ok(match natural {
        true => Basis::Natural { knots, boundary },
        false => Basis::BSpline {
            degree,
            knots,
            boundary,
        },
    })
}

fn argument(
    cursor: &mut Cursor<'_>,
    natural: bool,
    first: bool,
    written: &mut Written,
) -> Result<(), Unreadable> {
    let offset = cursor.offset();
    let name = match (cursor.peek(), cursor.after()) {
        (Some(Token::Word(name)), Some(Token::Sign('='))) => {
            cursor.advance();
            cursor.advance();
            name.as_str()
        }
        (Some(Token::Number(_)), _) if first => "df",
        _ => {
            let message =
                "write what it is: ns(x, 3), bs(x, 4, degree = 3), knots = c(…), Boundary.knots = c(…)";
            return Err(Unreadable::new(message, offset));
        }
    };
    match name {
        "df" if written.df.is_none() => written.df = Some(whole(cursor, COLUMN_LIMIT)?),
        "degree" if !natural && written.degree.is_none() => written.degree = Some(whole(cursor, 9)?),
        "knots" if written.knots.is_none() => written.knots = Some(numbers(cursor)?),
        "Boundary.knots" if written.boundary.is_none() => {
            let [low, high] = numbers(cursor)?[..] else {
                return Err(Unreadable::new("there are two boundary knots", offset));
            };
            written.boundary = Some((low, high));
        }
        "intercept" if cursor.take_word("FALSE") => {}
        "intercept" => {
            let message = "the intercept is the formula's own: leave it out of the spline";
            return Err(Unreadable::new(message, offset));
        }
        _ => {
            let known = if natural { "" } else { "degree, " };
            let message = format!("a spline has df, {known}knots and Boundary.knots, each once");
            return Err(Unreadable::new(message, offset));
        }
    }
    Ok(())
}

fn whole(cursor: &mut Cursor<'_>, most: u8) -> Result<u8, Unreadable> {
    let offset = cursor.offset();
    match cursor.advance() {
        Some(Token::Number(n)) if n.fract() == 0.0 && (1.0..=f64::from(most)).contains(n) => Ok(*n as u8),
        _ => Err(Unreadable::new(
            format!("this is a whole number from 1 to {most}"),
            offset,
        )),
    }
}

/// `c(30, 50)` or `40`, ascending.
fn numbers(cursor: &mut Cursor<'_>) -> Result<Vec<Real>, Unreadable> {
    let offset = cursor.offset();
    if !cursor.take_word("c") {
        return Ok(vec![number(cursor)?]);
    }
    cursor.expect('(')?;
    let mut all = vec![number(cursor)?];
    while cursor.take(',') {
        all.push(number(cursor)?);
    }
    cursor.expect(')')?;
    if all.len() > usize::from(COLUMN_LIMIT) {
        return Err(Unreadable::new(format!("at most {COLUMN_LIMIT} knots"), offset));
    }
    match all.is_sorted_by(|a, b| a < b) {
        true => Ok(all),
        false => Err(Unreadable::new("knots ascend, each once", offset)),
    }
}

fn number(cursor: &mut Cursor<'_>) -> Result<Real, Unreadable> {
    let offset = cursor.offset();
    let negative = cursor.take('-');
    match cursor.advance() {
        // Without the sign of zero: 0 and -0 are one knot.
        Some(Token::Number(n)) => Ok(Real(if negative { 0.0 - n } else { *n })),
        _ => Err(Unreadable::new("expected a number here", offset)),
    }
}

/// `, raw`, `, raw = TRUE`, `, raw = FALSE` or nothing.
pub(super) fn is_raw(cursor: &mut Cursor<'_>) -> Result<bool, Unreadable> {
    if !cursor.take(',') {
        return Ok(false);
    }
    let offset = cursor.offset();
    if !cursor.take_word("raw") {
        return Err(Unreadable::new(
            "write poly(x, 2) or poly(x, 2, raw = TRUE)",
            offset,
        ));
    }
    if !cursor.take('=') || cursor.take_word("TRUE") {
        return Ok(true);
    }
    match cursor.take_word("FALSE") {
        true => Ok(false),
        false => Err(Unreadable::new(
            "write raw = TRUE or raw = FALSE",
            cursor.offset(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::Formula;

    #[test]
    fn spellings_are_one_and_meanings_differ() {
        for (text, expected) in [
            ("y ~ ns(a, df = 3)", "y ~ ns(a, 3)"),
            ("y ~ ns(a,1)", "y ~ ns(a, 1)"),
            ("y ~ bs(a, 4, degree = 3, intercept = FALSE)", "y ~ bs(a, 4)"),
            ("y ~ bs(a, degree = 2, df = 2)", "y ~ bs(a, 2, degree = 2)"),
            (
                "y ~ b * ns(a, knots = c(-1, 2.5), Boundary.knots = c(-9, 9))",
                "y ~ b + ns(a, knots = c(-1, 2.5), Boundary.knots = c(-9, 9)) + b:ns(a, knots = c(-1, 2.5), Boundary.knots = c(-9, 9))",
            ),
            ("y ~ bs(a, knots = 0)", "y ~ bs(a, knots = c(0))"),
            ("y ~ bs(a, knots = -0)", "y ~ bs(a, knots = c(0))"),
            ("y ~ poly(a, 2, raw = FALSE)", "y ~ poly(a, 2)"),
        ] {
            let formula = Formula::parse(text).unwrap();
            assert_eq!(formula.to_string(), expected, "{text}");
            assert_eq!(Formula::parse(expected).unwrap(), formula, "{text}");
            let json = serde_json::to_string(&formula).unwrap();
            assert_eq!(serde_json::from_str::<Formula>(&json).unwrap(), formula, "{json}");
        }
        let parse = |t: &str| Formula::parse(t).unwrap();
        for (one, other) in [
            ("y ~ ns(a, 3)", "y ~ bs(a, 3)"),
            ("y ~ ns(a, 3)", "y ~ ns(a, 4)"),
            ("y ~ ns(a, 3)", "y ~ ns(a, 3, Boundary.knots = c(0, 1))"),
            ("y ~ bs(a, knots = c(1, 2))", "y ~ bs(a, knots = c(1, 3))"),
            ("y ~ poly(a, 2)", "y ~ poly(a, 2, raw)"),
        ] {
            assert_ne!(parse(one), parse(other), "{one}");
        }
    }

    #[test]
    fn what_is_no_spline_is_said_where() {
        for (text, offset) in [
            ("y ~ ns(a)", 4),
            ("y ~ ns(a, 3, 2)", 13),
            ("y ~ bs(a, 2)", 4),
            ("y ~ ns(a, 0)", 10),
            ("y ~ ns(a, 51)", 10),
            ("y ~ ns(a, 3, knots = c(1, 2))", 4),
            ("y ~ ns(a, knots = c(2, 1))", 18),
            ("y ~ ns(a, knots = c(1, 1))", 18),
            ("y ~ ns(a, knots = c(1, 9), Boundary.knots = c(1, 9))", 4),
            ("y ~ ns(a, 3, Boundary.knots = c(1, 2, 3))", 13),
            ("y ~ ns(a, 3, degree = 2)", 13),
            ("y ~ ns(a, 3, intercept = TRUE)", 13),
            ("y ~ bs(a, 3, df = 3)", 13),
        ] {
            assert_eq!(Formula::parse(text).unwrap_err().offset, offset, "{text}");
        }
    }
}
