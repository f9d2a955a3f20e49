//! Held to SQLite's answers (`tests/oracle/expressions.py`) and to reading back what is shown.

use super::{Expr, Kind, Problem, Value};
use proptest::prelude::*;

fn value_of(text: &str) -> Value<'static> {
    match text {
        "1" => Value::Truth(true),
        "0" => Value::Truth(false),
        _ => Value::Missing,
    }
}

#[test]
fn three_valued_as_sqlite_is() {
    let cases = include_str!("../../../tests/oracle/expressions.csv");
    let mut compared = 0;
    for line in cases.lines().skip(1) {
        let parts: Vec<&str> = line.split('\t').collect();
        let [text, x, s, expected] = parts.as_slice() else {
            panic!("{line}")
        };
        let expression = Expr::parse(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        let columns = |name: &str| match name {
            "x" => x.parse().map_or(Value::Missing, Value::Number),
            _ if s.is_empty() => Value::Missing,
            _ => Value::Text(s),
        };
        assert_eq!(
            expression.evaluate(&columns),
            value_of(expected),
            "{text} with x={x} s={s}"
        );
        compared += 1;
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn spellings_of_one_condition_are_one() {
    let parse = |text: &str| Expr::parse(text).unwrap();
    assert_eq!(parse("5 < x AND y = 'a'"), parse("('a' = y) AND (x > 5)"));
    assert_ne!(parse("x > 5"), parse("x >= 5"));
}

#[test]
fn what_is_no_plain_expression_is_refused() {
    for text in [
        "",
        "x =",
        "x = 1;",
        "f(x) = 1",
        "x LIKE 'a'",
        "(SELECT 1) = 1",
        "CASE WHEN x=1 THEN 1 END = 1",
        "x = TRUE",
        "x || 'a' = 'b'",
        "x = 1 y",
        "x IN (SELECT 1)",
        "CAST(x AS INT) = 1",
        "x = $1",
        "EXISTS (SELECT 1)",
    ] {
        assert!(Expr::parse(text).is_err(), "{text}");
    }
    assert!(Expr::parse(&format!("{}x = 1{}", "(".repeat(5000), ")".repeat(5000))).is_err());
    assert!(Expr::parse(&vec!["x = 1"; 3000].join(" AND ")).is_err());
    assert!(Expr::parse(&vec!["x"; 3000].join(" + ")).is_err());
}

fn kinds(name: &str) -> Option<Kind> {
    match name {
        "age" => Some(Kind::Number),
        "check" => Some(Kind::Levels(vec![
            ("1".into(), "passed".into()),
            ("0".into(), "failed".into()),
        ])),
        "id" => Some(Kind::Text),
        _ => None,
    }
}

fn resolved(text: &str) -> Result<String, Vec<Problem>> {
    let mut expression = Expr::parse(text).unwrap();
    let problems = expression.resolve(&kinds);
    if problems.is_empty() {
        Ok(expression.to_string())
    } else {
        Err(problems)
    }
}

#[test]
fn levels_are_known_by_name_or_label() {
    assert_eq!(resolved("check = 'failed'").unwrap(), "check = '0'");
    assert_eq!(resolved("check = 0").unwrap(), "check = '0'");
    assert_eq!(
        resolved("check IN ('failed', '1')").unwrap(),
        "check IN ('0', '1')"
    );
    assert!(matches!(
        resolved("check = 'fail'").unwrap_err()[0],
        Problem::UnknownLevel { .. }
    ));
    assert!(matches!(
        resolved("check > 'failed'").unwrap_err()[0],
        Problem::TypeMismatch(_)
    ));
    assert!(matches!(
        resolved("age = 'x'").unwrap_err()[0],
        Problem::TypeMismatch(_)
    ));
    assert!(matches!(
        resolved("age").unwrap_err()[0],
        Problem::TypeMismatch(_)
    ));
    assert!(matches!(
        resolved("age = NULL").unwrap_err()[0],
        Problem::TypeMismatch(_)
    ));
    assert!(matches!(
        resolved("agee < 18").unwrap_err()[0],
        Problem::UnknownColumn(_)
    ));
    assert_eq!(
        resolved("NOT (age BETWEEN 18 AND 99) OR age IS NULL").unwrap(),
        "(NOT ((age <= 99) AND (age >= 18))) OR (age IS NULL)"
    );
}

fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("x = 1".to_owned()),
        Just("s <> 'it''s'".to_owned()),
        Just("\"odd name\" IS NOT NULL".to_owned()),
        Just("x IN (1, -2.5, NULL)".to_owned()),
        Just("x * (2 + x) / 3 - -1 >= 0".to_owned()),
        Just("s NOT IN ('a', 'b')".to_owned()),
        Just("x NOT BETWEEN 1 AND 2".to_owned()),
    ];
    leaf.prop_recursive(4, 20, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) AND ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) OR ({b})")),
            inner.prop_map(|a| format!("NOT ({a})")),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_shown_reads_back(text in expressions()) {
        let expression = Expr::parse(&text).unwrap();
        prop_assert_eq!(Expr::parse(&expression.to_string()).unwrap(), expression);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,60}") {
        let _ = Expr::parse(&text);
    }
}
