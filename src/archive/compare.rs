//! A record against the record of a re-run, number by number.

use crate::diagnostic::{Diagnostic, Place, codes};
use serde_json::Value;

/// Relative tolerance of estimates and their kin: processors may differ in the last digits.
pub(super) const RELATIVE: f64 = 1e-9;
/// Tolerance of p-values and Bayes factors on the log scale.
pub(super) const LOG_P: f64 = 1e-6;

/// Every difference, each with its path in the record.
pub(super) fn compare(recorded: &Value, rerun: &Value, file: &str) -> (usize, Vec<Diagnostic>) {
    let mut walk = Walk {
        numbers: 0,
        found: Vec::new(),
        file,
    };
    walk.values("", "", recorded, rerun);
    (walk.numbers, walk.found)
}

struct Walk<'a> {
    numbers: usize,
    found: Vec<Diagnostic>,
    file: &'a str,
}

impl Walk<'_> {
    fn values(&mut self, path: &str, key: &str, recorded: &Value, rerun: &Value) {
        match (recorded, rerun) {
            (Value::Object(a), Value::Object(b)) => {
                let mut keys: Vec<&String> =
                    a.keys().chain(b.keys().filter(|k| !a.contains_key(*k))).collect();
                keys.sort();
                for key in keys {
                    let null = Value::Null;
                    let inner = if path.is_empty() {
                        key.clone()
                    } else {
                        format!("{path}.{key}")
                    };
                    self.values(
                        &inner,
                        key,
                        a.get(key).unwrap_or(&null),
                        b.get(key).unwrap_or(&null),
                    );
                }
            }
            (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
                for (position, (a, b)) in a.iter().zip(b).enumerate() {
                    let name = a.get("id").or_else(|| a.get("term")).and_then(Value::as_str);
                    let name = name.map_or_else(|| position.to_string(), str::to_owned);
                    self.values(&format!("{path}[{name}]"), key, a, b);
                }
            }
            (Value::Number(a), Value::Number(b)) => {
                self.numbers += 1;
                let (a, b) = (a.as_f64().unwrap_or(f64::NAN), b.as_f64().unwrap_or(f64::NAN));
                if !close(key, a, b) {
                    self.differs(
                        codes::NUMBER_MISMATCH,
                        format!("{path}: the record says {a}, the re-run {b}"),
                    );
                }
            }
            (a, b) if a == b => {}
            (a, b) => {
                let short = |v: &Value| v.to_string().chars().take(60).collect::<String>();
                let message = format!("{path}: the record says {}, the re-run {}", short(a), short(b));
                self.differs(codes::RECORD_MISMATCH, message);
            }
        }
    }

    fn differs(&mut self, code: crate::diagnostic::Code, message: String) {
        self.found
            .push(Diagnostic::error(code, message).at(Place::file(self.file)));
    }
}

fn close(key: &str, a: f64, b: f64) -> bool {
    if a == b {
        return true;
    }
    if matches!(key, "p_value" | "p_adjusted") {
        return a > 0.0 && b > 0.0 && (a.ln() - b.ln()).abs() <= LOG_P;
    }
    // What a claim is held to may be a p.
    if key == "found" {
        return (a - b).abs() <= LOG_P * a.abs().max(b.abs());
    }
    if key == "log_bf10" {
        return (a - b).abs() <= LOG_P;
    }
    (a - b).abs() <= RELATIVE * a.abs().max(b.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_what_differs_and_forgives_rounding() {
        let record = json!({"tests": [{"id": "H1", "estimate": 0.5, "p_value": 1e-200, "state": "as_registered"}], "log_bf10": 1e-9});
        let same = json!({"tests": [{"id": "H1", "estimate": 0.5 + 1e-12, "p_value": 1.0000001e-200, "state": "as_registered"}], "log_bf10": -1e-9});
        assert_eq!(compare(&record, &same, "r").1, []);
        let other = json!({"tests": [{"id": "H1", "estimate": 0.5001, "p_value": 2e-200, "state": "deviated"}], "log_bf10": 1e-5});
        let found = compare(&record, &other, "r").1;
        assert_eq!(found.len(), 4);
        assert!(found[1].message.starts_with("tests[H1].estimate"), "{found:?}");
        assert_eq!(
            compare(&record, &json!({"tests": [], "log_bf10": 0.0}), "r")
                .1
                .len(),
            1
        );
    }
}
