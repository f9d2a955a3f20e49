//! Random mutations of the reference study's registration: what changes its meaning has a rule, what does not has none.

use asregistered::deviation::{self, RULES};
use asregistered::plan::lower::Places;
use asregistered::plan::{Plan, lower};
use asregistered::source::Source;
use asregistered::spec::fields::Findings;
use asregistered::spec::registration;
use asregistered::spec::yaml::{self, Node, Yaml};
use std::collections::BTreeSet;

/// Knuth's MMIX generator.
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Draw {
        Draw(seed.wrapping_mul(2).wrapping_add(1))
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

pub fn parsed(text: &str) -> Node {
    let source = Source::from_bytes(
        "registration.yaml".into(),
        "registration.yaml",
        text.as_bytes().to_vec(),
    );
    yaml::parse(&source).unwrap_or_else(|d| panic!("{d:?}\n{text}"))
}

pub fn plan(text: &str) -> Plan {
    let found = Findings::default();
    let plan = lower(&registration::read(&parsed(text), &found), &found).plan;
    let errors = found.into_vec();
    assert!(
        !asregistered::diagnostic::any_error(&errors),
        "{errors:#?}\n{text}"
    );
    plan
}

/// The rules that name a change, and how many changes no rule names.
pub fn named(before: &Plan, after: &Plan) -> BTreeSet<&'static str> {
    let changes = deviation::diff(before, after, &Places::new(), &Places::new());
    let rule = |change| RULES.iter().find(|r| (r.claims)(change)).unwrap().slug;
    changes.iter().map(rule).collect()
}

/// A mutation that changes the meaning: what stands in the registration, what takes its place, and the rule that must say so.
pub fn meaningful(draw: &mut Draw) -> (String, String, &'static str) {
    let pair = |a: &str, b: &str, slug| (a.to_owned(), b.to_owned(), slug);
    let number = 1 + draw.below(40);
    match draw.below(24) {
        0 => {
            let model = *draw.one(&[
                "approval ~ us_response",
                "contribution ~ action",
                "capability + treaty)",
            ]);
            let vcov = *draw.one(&["HC0", "HC1", "HC3", "HC4", "classical"]);
            (
                format!("{model}, vcov: HC2"),
                format!("{model}, vcov: {vcov}"),
                "vcov-changed",
            )
        }
        1 => {
            let more = *draw.one(&[
                "age",
                "duration",
                "hawkishness",
                "age + duration",
                "log(duration)",
            ]);
            let model = *draw.one(&["approval ~ us_response", "contribution ~ action"]);
            (
                format!("formula: {model},"),
                format!("formula: {model} + {more},"),
                "covariate-added",
            )
        }
        2 => {
            let by = *draw.one(&["age", "hawkishness", "regime", "duration"]);
            let model = *draw.one(&["approval ~ us_response", "contribution ~ action"]);
            (
                format!("formula: {model},"),
                format!("formula: {model} * {by},"),
                "interaction-added",
            )
        }
        3 => pair(
            "(regime + capability + treaty), vcov",
            "(regime + capability + treaty) + regime:capability, vcov",
            "interaction-added",
        ),
        4 => (
            String::from("reduce_aid - status_quo, alternative: greater, alpha: 0.05"),
            format!(
                "reduce_aid - status_quo, alternative: greater, alpha: 0.{:02}",
                if number == 5 { 41 } else { number }
            ),
            "alpha-changed",
        ),
        5 => {
            let level = *draw.one(&["rival_weapons", "refuse_troops", "no_sanctions"]);
            let (to, slug) = *draw.one(&[
                ("greater", "direction-changed"),
                ("two_sided", "alternative-changed"),
            ]);
            let test = format!("contrast: {level} - underspending, alternative: ");
            (format!("{test}less"), format!("{test}{to}"), slug)
        }
        6 => {
            let level = *draw.one(&["denounce", "sanctions", "reduce_aid", "terminate"]);
            let other = *draw.one(&[
                "0.5 denounce + 0.5 terminate",
                "mean(sanctions, terminate)",
                "0.3 denounce + 0.7 sanctions",
            ]);
            (
                format!("contrast: {level} - status_quo,"),
                format!("contrast: \"{other} - status_quo\","),
                "estimand-changed",
            )
        }
        7 => {
            let to = *draw.one(&["bonferroni", "none", "hochberg"]);
            let family = *draw.one(&["H1.terminate]", "H2.no_sanctions]", "H3.treaty.joint]"]);
            (
                format!("{family}, adjust: holm"),
                format!("{family}, adjust: {to}"),
                "correction-changed",
            )
        }
        8 => pair(
            "tests: [H1.denounce, H1.sanctions,",
            "tests: [H1.sanctions,",
            "family-changed",
        ),
        9 => (
            String::from("minimum: 1500"),
            format!("minimum: {}", 1400 + number),
            "design-changed",
        ),
        10 => (
            String::from("drop_if: passed_check = 'failed'"),
            format!("drop_if: passed_check = 'failed' or duration < {number}"),
            "exclusion-changed",
        ),
        11 => (
            String::from("exclusions:\n"),
            format!("exclusions:\n  - {{id: speeders, drop_if: duration < {number}}}\n"),
            "exclusion-added",
        ),
        12 => pair(
            "  - {id: unfinished, drop_if: finished = 'unfinished', reason: incomplete response}\n",
            "",
            "exclusion-dropped",
        ),
        13 => {
            let (from, to) = *draw.one(&[
                ("reference: weak", "reference: strong"),
                ("reference: autocracy", "reference: democracy"),
                ("reference: no_treaty", "reference: formal"),
            ]);
            pair(from, to, "reference-changed")
        }
        14 => (
            String::from("scale: {min: 18, max: 99}"),
            format!(
                "scale: {{min: 18, max: {}}}",
                60 + if number == 39 { 41 } else { number }
            ),
            "scale-changed",
        ),
        15 => {
            let to = *draw.one(&["[hawk_2]", "[hawk_1, hawk_3]", "[]", "[hawk_3, hawk_2]"]);
            (
                String::from("reverse: [hawk_1]"),
                format!("reverse: {to}"),
                "reverse-coding-changed",
            )
        }
        16 => {
            let (from, to) = *draw.one(&[
                ("at_least: 2}", "at_least: 3}"),
                ("mean_of: [hawk_1, hawk_2, hawk_3]", "mean_of: [hawk_1, hawk_2]"),
                ("mean_of: [hawk_1", "sum_of: [hawk_1"),
            ]);
            pair(from, to, "derivation-changed")
        }
        17 => {
            let (from, to) = *draw.one(&[
                ("outcome: drop_from_test", "outcome: fail"),
                ("covariate: indicator", "covariate: drop_from_test"),
                ("covariate: indicator", "covariate: drop_from_study"),
            ]);
            pair(from, to, "missing-rule-changed")
        }
        18 => pair("status: secondary", "status: primary", "status-changed"),
        19 => {
            let (from, to) = *draw.one(&[
                ("H1.any and all(arms)", "H1.any and any(arms)"),
                ("at_least(2, demands)", "at_least(1, demands)"),
                ("all(moderators)\n", "any(moderators)\n"),
            ]);
            pair(from, to, "decision-rule-changed")
        }
        20 => pair(
            "contribution ~ action, vcov",
            "approval ~ action, vcov",
            "outcome-changed",
        ),
        21 => (
            String::from("vcov: HC2}\n  contribution"),
            format!("vcov: HC2, subset: age >= {}}}\n  contribution", 18 + number),
            "subset-changed",
        ),
        22 => (
            String::from("minimum: 1500"),
            format!("minimum: 1500\n    provider: panel {number}"),
            "population-or-provider-changed",
        ),
        _ => {
            let statement = format!("Citizens prefer measure {number}.");
            (
                String::from(
                    "Citizens of the dominant partner prefer any corrective measure against an uncooperative ally to the status quo.",
                ),
                statement,
                "plan-changed",
            )
        }
    }
}

/// The same registration written by somebody else: keys in another order, values quoted otherwise, comments, labels,
/// equivalent formulas, contrasts and rules.
pub fn rewritten(text: &str, draw: &mut Draw) -> String {
    let same = [
        (
            "us_response * (regime + capability + treaty)",
            "(treaty + capability + regime) * us_response",
        ),
        (
            "us_response * (regime + capability + treaty)",
            "us_response + regime + capability + treaty + us_response:regime + capability:us_response + us_response:treaty",
        ),
        (
            "us_response * (regime + capability + treaty)",
            "us_response * regime + us_response * capability + treaty * us_response",
        ),
        ("approval ~ us_response,", "approval ~ 1 + us_response,"),
        (
            "mean(denounce, sanctions, reduce_aid, terminate) - status_quo\n    alternative",
            "0.25 terminate + 0.25 denounce + 0.25 reduce_aid + 0.25 sanctions - status_quo\n    alternative",
        ),
        ("H1.any and all(arms)", "all(arms) and H1.any"),
        (
            "H1.any and all(arms)",
            "(H1.any) and H1.terminate and H1.reduce_aid and H1.sanctions and H1.denounce",
        ),
        (
            "not any(moderators) and not any(moderators_joint)",
            "not (any(moderators) or any(moderators_joint))",
        ),
        (
            "drop_if: passed_check = 'failed'",
            "drop_if: ('failed' = passed_check)",
        ),
        ("[hawk_1, hawk_2, hawk_3]", "[hawk_3, hawk_1, hawk_2]"),
        ("alpha: 0.05", "alpha: 5e-2"),
        ("label: Age in years", "label: Age of the respondent"),
        ("label: Democracy", "label: A democracy"),
        (
            "{autocracy: Not a democracy, democracy: Democracy}",
            "{democracy: Democratic, autocracy: Autocratic}",
        ),
        ("title: The Politics of Alliance Cohesion", "title: Another title"),
        (
            "tests: [H1.denounce, H1.sanctions,",
            "tests: [H1.sanctions, H1.denounce,",
        ),
    ];
    let mut text = text.to_owned();
    for _ in 0..1 + draw.below(5) {
        let (from, to) = *draw.one(&same);
        text = text.replacen(from, to, 1);
    }
    match draw.below(3) {
        0 => text,
        _ => {
            let mut out = String::new();
            written(&parsed(&text), 0, draw, &mut out);
            out
        }
    }
}

fn written(node: &Node, depth: usize, draw: &mut Draw, out: &mut String) {
    let Yaml::Map(entries) = &node.value else {
        out.push_str(&format!(" {}\n", flow(node, draw)));
        return;
    };
    let mut order: Vec<usize> = (0..entries.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, draw.below(i + 1));
    }
    if depth > 0 {
        out.push('\n');
    }
    for position in order {
        let (key, value) = &entries[position];
        if draw.below(6) == 0 {
            out.push_str("# a remark: of no consequence\n");
        }
        out.push_str(&" ".repeat(2 * depth));
        out.push_str(&format!("{}:", quoted(&key.value, draw)));
        // Without a `reference` the first level is one.
        let small = (depth > 1 && draw.below(2) == 0) || key.value == "levels";
        if small {
            out.push_str(&format!(" {}\n", flow(value, draw)));
        } else {
            written(value, depth + 1, draw, out);
        }
    }
}

fn flow(node: &Node, draw: &mut Draw) -> String {
    match &node.value {
        Yaml::Null => String::from("null"),
        Yaml::Truth(truth) => truth.to_string(),
        Yaml::Number(number) => number.to_string(),
        Yaml::Text(text) => quoted(text, draw),
        Yaml::List(items) => format!(
            "[{}]",
            items.iter().map(|i| flow(i, draw)).collect::<Vec<_>>().join(", ")
        ),
        Yaml::Map(entries) => {
            let entries: Vec<String> = entries
                .iter()
                .map(|(k, v)| format!("{}: {}", quoted(&k.value, draw), flow(v, draw)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

fn quoted(text: &str, draw: &mut Draw) -> String {
    if draw.below(2) == 0 {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
