//! What a claim is about, found in the record by its name.

use crate::diagnostic::nearest;
use crate::record::{Coefficient, HypothesisRecord, ModelRecord, Record, TestRecord, TestResult};
use crate::spec::claims::About;

/// A place of the record.
#[derive(Clone, Copy, Debug)]
pub enum Target<'r> {
    Test {
        test: &'r TestRecord,
        result: &'r TestResult,
    },
    Hypothesis(&'r HypothesisRecord),
    Model(&'r ModelRecord),
    Term {
        model: &'r ModelRecord,
        coefficient: &'r Coefficient,
    },
}

/// The place that is named, or why there is none.
pub fn target<'r>(about: &About, record: &'r Record) -> Result<Target<'r>, String> {
    match about {
        About::Test(id) => {
            let test = tests(record).find(|t| t.id == id.value);
            let test = test.ok_or_else(|| absent("test", &id.value, tests(record).map(|t| t.id.as_str())))?;
            let result = &test.result;
            Ok(Target::Test { test, result })
        }
        About::Hypothesis(id) => {
            let all = &record.observed.hypotheses;
            let found = all.iter().find(|h| h.id == id.value);
            let found = found.map(Target::Hypothesis);
            found.ok_or_else(|| absent("hypothesis", &id.value, all.iter().map(|h| h.id.as_str())))
        }
        About::Model(id) => model(&id.value, record).map(Target::Model),
        About::Term { model: id, term } => {
            let model = model(&id.value, record)?;
            let all = &model.coefficients;
            let found = all.iter().find(|c| c.term == term.value);
            let coefficient = found.ok_or_else(|| {
                let missing = absent("term", &term.value, all.iter().map(|c| c.term.as_str()));
                format!("{missing} in the model {}", model.id)
            })?;
            Ok(Target::Term { model, coefficient })
        }
    }
}

/// The tests that the run knows: of the plan, and those that it explored.
pub fn tests(record: &Record) -> impl Iterator<Item = &TestRecord> {
    let observed = &record.observed;
    observed.tests.iter().chain(&observed.exploratory.tests)
}

/// The models, likewise.
pub fn models(record: &Record) -> impl Iterator<Item = &ModelRecord> {
    let observed = &record.observed;
    observed.models.iter().chain(&observed.exploratory.models)
}

fn model<'r>(id: &str, record: &'r Record) -> Result<&'r ModelRecord, String> {
    let found = models(record).find(|m| m.id == id);
    found.ok_or_else(|| absent("model", id, models(record).map(|m| m.id.as_str())))
}

fn absent<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = nearest(name, known).map(|near| format!(" (did you mean `{near}`?)"));
    format!("the run has no {what} `{name}`{}", near.unwrap_or_default())
}

/// What a claim is about, in words: the test, or `model: term`.
pub fn named(about: &About) -> String {
    match about {
        About::Test(id) | About::Hypothesis(id) | About::Model(id) => id.value.clone(),
        About::Term { model, term } => format!("{}: {}", model.value, term.value),
    }
}
