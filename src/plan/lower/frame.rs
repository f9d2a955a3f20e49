//! `scale:`, `by:` and `at:`: on what scale and for whom a prediction is taken.

use super::Lowering;
use super::codebook::Columns;
use crate::diagnostic::codes;
use crate::plan::expression::Kind;
use crate::plan::{Estimator, Frame, ModelPlan, PredictionScale, Setting};
use crate::spec::model::{AtSpec, TestSpec};

pub(super) fn frame(
    path: &str,
    spec: &TestSpec,
    columns: &Columns<'_>,
    model: Option<&ModelPlan>,
    low: &mut Lowering<'_>,
) -> Option<Frame> {
    let mut frame = Frame {
        scale: scale(path, spec, model, low),
        ..Frame::default()
    };
    frame.category = category(path, spec, columns, model, frame.scale, low)?;
    if let (Some((factor, _)), Some("balanced")) =
        (spec.by.first(), spec.average.as_ref().map(|a| a.value.as_str()))
    {
        low.found.error(
            codes::INCOMPATIBLE,
            &factor.at,
            format!("{path}: `by` averages over rows, and a balanced grid has none"),
            "write `at:` to set the level on the grid, or `average: observed`",
        );
        return None;
    }
    for (factor, level) in &spec.by {
        low.place(format!("{path}.by"), &factor.at);
        super::test::in_model(path, factor, model, columns, low);
        let level = columns.level(&factor.value, &level.value, &level.at, path, low)?;
        frame.by.insert(factor.value.clone(), level);
    }
    for (column, value) in &spec.at_values {
        low.place(format!("{path}.at"), &column.at);
        super::test::in_model(path, column, model, columns, low);
        let has_levels = matches!(columns.kind(&column.value), Some(Kind::Levels(_)));
        let setting = match value {
            AtSpec::Number(number) if !has_levels => Setting::Number(number.value),
            AtSpec::Number(number) => {
                let text = number.value.to_string();
                Setting::Level(columns.level(&column.value, &text, &number.at, path, low)?)
            }
            AtSpec::Text(text) => {
                Setting::Level(columns.level(&column.value, &text.value, &text.at, path, low)?)
            }
        };
        frame.at.insert(column.value.clone(), setting);
    }
    Some(frame)
}

/// The category whose probability is meant: needed for a multinomial outcome, and for an ordered one without numbers.
fn category(
    path: &str,
    spec: &TestSpec,
    columns: &Columns<'_>,
    model: Option<&ModelPlan>,
    scale: PredictionScale,
    low: &mut Lowering<'_>,
) -> Option<Option<String>> {
    let Some(model) = model else { return Some(None) };
    let outcome = &model.formula.outcome;
    let has_levels = matches!(columns.kind(outcome), Some(Kind::Levels(_)));
    let ordered = model.estimator.is_ordered();
    let problem = match &spec.category {
        Some(_) if !model.estimator.is_categorical() => Some("this model's outcome has no categories"),
        Some(_) if ordered && scale == PredictionScale::Link => Some("the latent scale has no categories"),
        None if model.estimator == Estimator::Multinomial => Some("say of which category: `category:`"),
        None if ordered && has_levels && scale == PredictionScale::Response => {
            Some("say of which category: `category:`, or use `scale: link`")
        }
        _ => None,
    };
    if let Some(problem) = problem {
        let at = spec.category.as_ref().map_or(&spec.at, |c| &c.at);
        low.found.error(
            codes::INCOMPATIBLE,
            at,
            format!("{path}: {problem}"),
            "a probability is of one category; without one, an ordered outcome's numbers are averaged",
        );
        return None;
    }
    let Some(written) = &spec.category else {
        return Some(None);
    };
    low.place(format!("{path}.category"), &written.at);
    if has_levels {
        return columns
            .level(outcome, &written.value, &written.at, path, low)
            .map(Some);
    }
    Some(Some(written.value.clone()))
}

/// Which scale is meant; asked for where it makes a difference.
fn scale(path: &str, spec: &TestSpec, model: Option<&ModelPlan>, low: &mut Lowering<'_>) -> PredictionScale {
    let curved = model.is_some_and(|m| m.estimator.is_likelihood());
    let written = low.word(&format!("{path}.scale"), &spec.scale, &PredictionScale::ALL, &[]);
    match (&spec.scale, curved) {
        (Some(scale), false) if model.is_some() => low.found.error(
            codes::UNKNOWN_KEY,
            &scale.at,
            format!("{path}: a linear model has one scale"),
            "remove `scale`",
        ),
        (None, true) => low.convention(
            &spec.at,
            format!("{path} is on the response scale"),
            "write `scale: response` (probabilities, rates) or `scale: link` (log odds, log rates): they differ",
        ),
        _ => {}
    }
    written.unwrap_or_default()
}
