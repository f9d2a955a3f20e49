//! The only place where a float becomes text for people: the field's conventions, one formatter for all.

/// Three decimals with a true minus sign, never "−0.000".
pub(super) fn estimate(value: f64) -> String {
    decimals(value, 3)
}

/// Two decimals, for sentences.
pub(super) fn short(value: f64) -> String {
    decimals(value, 2)
}

/// Two decimals with its sign, for differences in sentences.
pub(super) fn signed(value: f64) -> String {
    let text = decimals(value, 2);
    if value > 0.0 && !text.starts_with('\u{2212}') {
        format!("+{text}")
    } else {
        text
    }
}

/// A statistic: a count is shown whole.
pub(super) fn statistic(value: f64, places: usize) -> String {
    if value.fract() == 0.0 {
        decimals(value, 0)
    } else {
        decimals(value, places)
    }
}

pub(super) fn decimals(value: f64, places: usize) -> String {
    let size = value.abs();
    let text = if size != 0.0 && (size >= 1e7 || size < 0.5 * 10f64.powi(-(places as i32)) / 100.0) {
        format!("{value:.2e}")
    } else {
        format!("{value:.places$}")
    };
    let zero = text
        .trim_start_matches('-')
        .chars()
        .all(|c| matches!(c, '0' | '.'));
    if zero {
        text.trim_start_matches('-').to_owned()
    } else {
        text.replace('-', "\u{2212}")
    }
}

/// "< .001", or three digits without the leading zero; "p = .043".
pub(super) fn p_value(p: f64) -> String {
    if p < 0.001 {
        return String::from("< .001");
    }
    let text = format!("{p:.3}");
    text.strip_prefix('0').map_or(text.clone(), str::to_owned)
}

/// "p < .001" or "p = .043".
pub(super) fn p_equals(p: f64) -> String {
    if p < 0.001 {
        String::from("p < .001")
    } else {
        format!("p = {}", p_value(p))
    }
}

/// A count with thousands apart.
pub(super) fn count(value: u64) -> String {
    let digits: Vec<char> = value.to_string().chars().rev().collect();
    let groups: Vec<String> = digits.chunks(3).map(|c| c.iter().rev().collect()).collect();
    groups.into_iter().rev().collect::<Vec<_>>().join(",")
}

/// A Bayes factor from its logarithm, to three digits; powers of ten where it is very large or small.
pub(super) fn factor(ln: f64) -> String {
    let power = ln / std::f64::consts::LN_10;
    let value = ln.exp();
    if (-3.0..4.0).contains(&power) {
        let places = if value >= 99.95 {
            0
        } else if value >= 9.995 {
            1
        } else if value >= 0.9995 {
            2
        } else {
            3
        };
        return format!("{value:.places$}");
    }
    let mut exponent = power.floor();
    let mut digits = format!("{:.2}", 10f64.powf(power - exponent));
    if digits == "10.00" {
        digits = String::from("1.00");
        exponent += 1.0;
    }
    format!("{digits}e{exponent}").replace('-', "\u{2212}")
}

/// Degrees of freedom: whole where they are whole.
pub(super) fn degrees(values: &[f64]) -> String {
    let one = |v: &f64| {
        if v.fract() == 0.0 {
            count(*v as u64)
        } else {
            decimals(*v, 1)
        }
    };
    values.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A confidence level as a percentage.
pub(super) fn percent(level: f64) -> String {
    let value = level * 100.0;
    if (value - value.round()).abs() < 1e-9 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions() {
        assert_eq!(estimate(-0.0001), "0.000");
        assert_eq!(estimate(-1.23456), "\u{2212}1.235");
        assert_eq!(p_value(0.0432), ".043");
        assert_eq!(p_value(1.0), "1.000");
        assert_eq!(p_equals(4e-15), "p < .001");
        assert_eq!(signed(0.94), "+0.94");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(degrees(&[4.0, 1482.0]), "4, 1,482");
        assert_eq!(percent(0.95), "95");
        assert_eq!(factor(12.34f64.ln()), "12.3");
        assert_eq!(factor(1234.2f64.ln()), "1234");
        assert_eq!(factor(0.11f64.ln()), "0.110");
        assert_eq!(factor(2512.0), "8.87e1090");
        assert_eq!(factor(-2512.0), "1.13e\u{2212}1091");
    }
}
