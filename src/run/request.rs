//! The request: the registration as it stands, with the pipeline's departures.

use crate::diagnostic::{Diagnostic, Severity, codes, nearest};
use crate::plan::lower::Places;
use crate::plan::{Lowered, lower};
use crate::spec::fields::Findings;
use crate::spec::yaml::Node;
use crate::spec::{Located, departures, registration};

/// What is requested, and where its departures stand.
pub(super) struct Requested {
    pub low: Lowered,
    /// The registration with the departures, as a tree.
    pub root: Node,
    pub departures: Places,
}

pub(super) fn request(
    root: &Node,
    written: &Lowered,
    analysis: Option<&Node>,
    found: &Findings,
    pipeline: &str,
) -> Requested {
    let Some(analysis) = analysis else {
        return Requested {
            low: written.clone(),
            root: root.clone(),
            departures: Places::new(),
        };
    };
    let (rest, removed) = departures::split(analysis, &["tests", "models"]);
    let merged = departures::without_leftovers(departures::apply(root, &rest), &rest);
    let own = Findings::default();
    let mut low = lower(&registration::read(&merged, &own), &own);
    // What stands in the registration was said already.
    found.absorb(own, |d| d.severity == Severity::Error || in_file(d, pipeline));
    for (section, name) in removed.iter().filter(|(section, _)| section == "tests") {
        if low.plan.tests.remove(&name.value).is_none() {
            absent(section, name, written.plan.tests.keys(), found);
        }
    }
    for (section, name) in removed.iter().filter(|(section, _)| section == "models") {
        if let Some((test, _)) = low.plan.tests.iter().find(|(_, t)| t.model == name.value) {
            found.error(
                codes::UNKNOWN_MODEL,
                &name.at,
                format!("models.{} is taken out, but the test {test} needs it", name.value),
                "take its tests out as well, or give them another model",
            );
        } else if low.plan.models.remove(&name.value).is_none() {
            absent(section, name, written.plan.models.keys(), found);
        }
    }
    Requested {
        low,
        root: merged,
        departures: departures::places(analysis),
    }
}

/// Something is taken out that is not there: most likely it is misspelt, and what was meant stays in.
fn absent<'a>(
    section: &str,
    name: &Located<String>,
    known: impl Iterator<Item = &'a String>,
    found: &Findings,
) {
    let (code, what) = match section {
        "tests" => (codes::UNKNOWN_TEST, "test"),
        _ => (codes::UNKNOWN_MODEL, "model"),
    };
    let help = match nearest(&name.value, known.map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => String::from("remove the entry"),
    };
    let message = format!(
        "analysis.{section}: there is no {what} `{}` to take out",
        name.value
    );
    found.error(code, &name.at, message, help);
}

pub(super) fn in_file(diagnostic: &Diagnostic, file: &str) -> bool {
    diagnostic.at.as_ref().is_some_and(|place| place.file == file)
}
