//! `tests:`: estimands resolved against their model and the codebook.

use super::Lowering;
use super::alternative::{alternative, conf_level, noted};
use super::anova::anova;
use super::bayes_factor::{bayes_factor, decide};
use super::codebook::Columns;
use super::direct;
use super::effect_size::{self, effect_size};
use super::frame::frame;
use super::nested::{self, weighing};
use super::randomization::{Around, randomization};
use super::terms::{coefficient, joint};
use super::{conjoint, experiment, inverse};
use crate::diagnostic::codes;
use crate::plan::contrast::{self, Weights};
use crate::plan::{Average, Estimator, ModelPlan, Parameter, PlannedTest, Quantity};
use crate::spec::Located;
use crate::spec::model::{QuantitySpec, TestSpec};
use crate::spec::registration::Registration;
use std::collections::BTreeMap;

pub(super) fn tests(
    written: &Registration,
    columns: &Columns<'_>,
    models: &BTreeMap<String, ModelPlan>,
    low: &mut Lowering<'_>,
) -> BTreeMap<String, PlannedTest> {
    let mut all = BTreeMap::new();
    for (name, spec) in &written.tests {
        let path = format!("tests.{}", name.value);
        low.place(&path, &name.at);
        if let Some(test) = test(&path, spec, written, columns, models, low) {
            all.insert(name.value.clone(), test);
        }
    }
    all
}

fn test(
    path: &str,
    spec: &TestSpec,
    written: &Registration,
    columns: &Columns<'_>,
    models: &BTreeMap<String, ModelPlan>,
    low: &mut Lowering<'_>,
) -> Option<PlannedTest> {
    let model = spec.model.as_ref()?;
    low.place(format!("{path}.model"), &model.at);
    if !written.models.iter().any(|(m, _)| m.value == model.value) {
        let message = format!("{path}: there is no model `{}`", model.value);
        let known: Vec<&str> = written.models.iter().map(|(m, _)| m.value.as_str()).collect();
        low.unknown(codes::UNKNOWN_MODEL, &model.value, &model.at, message, known);
    }
    let fitted = models.get(&model.value);
    let alpha = in_domain(&format!("{path}.alpha"), &spec.alpha, low);
    let is_joint = matches!(
        spec.quantity,
        Some(QuantitySpec::Joint(_) | QuantitySpec::Anova(_) | QuantitySpec::ProportionalOdds(_))
    );
    let alternative = alternative(path, spec, is_joint, low);
    let conf_level = match &spec.conf_level {
        None => {
            if !is_joint {
                noted(path, spec, alternative, alpha, low);
            }
            Some(conf_level(alternative, alpha))
        }
        given => in_domain(&format!("{path}.conf_level"), given, low),
    };
    let null = low.keep(format!("{path}.null"), &spec.null);
    let quantity = quantity(path, spec, written, null.is_some(), columns, fitted, low)?;
    direct::fits(path, spec, &quantity, alternative, fitted, low)?;
    conjoint::quantity(path, spec, &quantity, fitted, columns, low)?;
    inverse::quantity(path, spec, &quantity, fitted, low)?;
    let around = Around {
        quantity: &quantity,
        alternative,
        model: fitted,
        variables: columns.variables(),
    };
    let randomization = randomization(path, spec, &around, low)?;
    let around = effect_size::Around {
        quantity: &quantity,
        alternative,
        null: null.unwrap_or(0.0),
        model: fitted,
        columns,
    };
    let effect_size = effect_size(path, spec, around, low);
    let bayes_factor = bayes_factor(path, spec, around, low);
    let decide = decide(path, spec, low);
    fitted?;
    let usual = direct::usual_null(&quantity, fitted);
    Some(PlannedTest {
        model: model.value.clone(),
        quantity,
        alternative: alternative?,
        null: null.unwrap_or(usual),
        alpha: alpha?,
        conf_level: conf_level?,
        randomization,
        effect_size: effect_size?,
        bayes_factor: bayes_factor?,
        decide: decide?,
    })
}

fn in_domain(path: &str, value: &Option<Located<f64>>, low: &mut Lowering<'_>) -> Option<f64> {
    let value = value.as_ref()?;
    low.place(path, &value.at);
    if value.value > 0.0 && value.value < 1.0 {
        return Some(value.value);
    }
    low.found.error(
        codes::OUT_OF_DOMAIN,
        &value.at,
        format!("{path}: {} is not between 0 and 1", value.value),
        "write it as a probability, such as 0.05",
    );
    None
}

fn quantity(
    path: &str,
    spec: &TestSpec,
    written: &Registration,
    null_given: bool,
    columns: &Columns<'_>,
    model: Option<&ModelPlan>,
    low: &mut Lowering<'_>,
) -> Option<Quantity> {
    let at_path = format!("{path}.quantity");
    match spec.quantity.as_ref()? {
        QuantitySpec::Contrast { contrast, of, across } => {
            low.place(&at_path, &contrast.at);
            let of = of.as_ref()?;
            in_model(path, of, model, columns, low);
            let weights = weights(path, contrast, &of.value, null_given, columns, low);
            let mut outer = BTreeMap::new();
            for (moderator, text) in across {
                in_model(&format!("{path}.across"), moderator, model, columns, low);
                let weights = weights_of(
                    &format!("{path}.across"),
                    text,
                    &moderator.value,
                    false,
                    columns,
                    low,
                );
                outer.insert(moderator.value.clone(), weights?);
            }
            if weights.as_ref().is_some_and(|w| !contrast::sums_to_zero(w)) && outer.is_empty() {
                has_levels(path, contrast, model, low)?;
            }
            let average = average(path, spec, &of.value, &outer, model, columns, low);
            Some(Quantity::Contrast {
                of: of.value.clone(),
                weights: weights?,
                weigh: weighing(path, spec, model, low)?,
                across: outer,
                average,
                frame: frame(path, spec, columns, model, low)?,
            })
        }
        QuantitySpec::Joint(texts) => {
            if let Some(first) = texts.first() {
                low.place(&at_path, &first.at);
            }
            let terms = joint(path, "joint", texts, model, low)?;
            let statistic = nested::statistic(path, spec, model, low)?;
            Some(Quantity::Joint { terms, statistic })
        }
        QuantitySpec::ProportionalOdds(texts) => {
            if let Some(first) = texts.first() {
                low.place(&at_path, &first.at);
            }
            let terms = joint(path, "proportional_odds", texts, model, low)?;
            nested::has_cutpoints(path, spec, model, low)?;
            Some(Quantity::ProportionalOdds { terms })
        }
        QuantitySpec::Coefficient(term) => {
            low.place(&at_path, &term.at);
            if model.is_some_and(|m| m.estimator == Estimator::Multinomial) {
                low.found.error(
                    codes::INCOMPATIBLE,
                    &term.at,
                    format!("{path}: a multinomial model has a coefficient for each category"),
                    "write a contrast with `category:` and `scale: link`",
                );
                return None;
            }
            let spec_of = |name: &str| {
                written
                    .models
                    .iter()
                    .find(|(m, _)| m.value == name)
                    .map(|(_, s)| s)
            };
            let of = spec.model.as_ref().and_then(|m| spec_of(&m.value));
            if of.is_some_and(experiment::has_effects_alone) {
                low.found.error(
                    codes::INCOMPATIBLE,
                    &term.at,
                    format!("{path}: a single coefficient of this estimator is no effect"),
                    "write a contrast of the treatment",
                );
                return None;
            }
            coefficient(path, term, columns, model, low)?;
            Some(Quantity::Coefficient {
                term: term.value.clone(),
            })
        }
        QuantitySpec::Margin { level, of } => {
            low.place(&at_path, &level.at);
            let of = of.as_ref()?;
            in_model(path, of, model, columns, low);
            has_levels(path, level, model, low)?;
            let resolved = columns.level(&of.value, &level.value, &level.at, path, low)?;
            let average = average(path, spec, &of.value, &BTreeMap::new(), model, columns, low);
            Some(Quantity::Margin {
                of: of.value.clone(),
                level: resolved,
                average,
                frame: frame(path, spec, columns, model, low)?,
            })
        }
        QuantitySpec::Slope(of) => {
            low.place(&at_path, &of.at);
            in_model(path, of, model, columns, low);
            columns
                .require_number(&of.value, &of.at, path, low)
                .then_some(())?;
            Some(Quantity::Slope {
                of: of.value.clone(),
                frame: frame(path, spec, columns, model, low)?,
            })
        }
        QuantitySpec::Parameter(word) => {
            let parameter = low.word(&at_path, &Some(word.clone()), &Parameter::ALL, &[])?;
            Some(Quantity::Parameter { parameter })
        }
        QuantitySpec::Anova(spec) => anova(path, spec, model, columns, low),
    }
}

/// Within absorbed fixed effects there are differences and no levels.
fn has_levels(path: &str, of: &Located<String>, model: Option<&ModelPlan>, low: &Lowering<'_>) -> Option<()> {
    let Some(model) = model.filter(|m| !m.formula.absorbed.is_empty()) else {
        return Some(());
    };
    low.found.error(
        codes::INCOMPATIBLE,
        &of.at,
        format!(
            "{path}: `{}` has no level of the outcome: it is absorbed",
            model.formula
        ),
        "write a contrast whose weights sum to zero: differences remain within the fixed effects",
    );
    None
}

pub(super) fn in_model(
    path: &str,
    factor: &Located<String>,
    model: Option<&ModelPlan>,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) {
    if !columns.require(&factor.value, &factor.at, path, low) {
        return;
    }
    let Some(model) = model else { return };
    if !model
        .formula
        .terms
        .iter()
        .any(|t| t.columns().any(|c| c == factor.value))
    {
        low.found.error(
            codes::UNKNOWN_VARIABLE,
            &factor.at,
            format!(
                "{path}: `{}` is not in the model `{}`",
                factor.value, model.formula
            ),
            "a contrast is between levels of a factor of its model",
        );
    }
}

fn weights(
    path: &str,
    text: &Located<String>,
    factor: &str,
    null_given: bool,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) -> Option<Weights> {
    weights_of(
        &format!("{path}.contrast"),
        text,
        factor,
        null_given,
        columns,
        low,
    )
}

fn weights_of(
    path: &str,
    text: &Located<String>,
    factor: &str,
    null_given: bool,
    columns: &Columns<'_>,
    low: &Lowering<'_>,
) -> Option<Weights> {
    let weights = match contrast::parse(&text.value) {
        Ok(weights) => weights,
        Err(error) => {
            low.found.error(
                codes::BAD_CONTRAST,
                &error.place(text),
                format!("{path}: {}", error.message),
                "contrasts are sums of levels: mean(a, b) - c, or 0.5 a + 0.5 b - c",
            );
            return None;
        }
    };
    if columns.kind(factor).is_some() {
        for level in weights.keys() {
            columns.level(factor, level, &text.at, path, low);
        }
    }
    if !null_given && !contrast::sums_to_zero(&weights) {
        let total: f64 = weights.values().sum();
        low.found.error(
            codes::CONTRAST_NOT_ZERO,
            &text.at,
            format!("{path}: the weights sum to {total}, not to zero"),
            "a comparison weighs its two sides alike: mean(a, b) - c; or say against what with `null:`",
        );
        return None;
    }
    Some(weights)
}

/// Which average is meant; asked for where it makes a difference.
fn average(
    path: &str,
    spec: &TestSpec,
    of: &str,
    across: &BTreeMap<String, Weights>,
    model: Option<&ModelPlan>,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Average {
    let words = [
        ("observed", Average::Observed),
        ("balanced", Average::Balanced),
        ("design", Average::Design),
    ];
    if let Some(average) = low.word(&format!("{path}.average"), &spec.average, &words, &[]) {
        return average;
    }
    let involved = |column: &str| column == of || across.contains_key(column);
    if let Some(convention) = conjoint::average(path, spec, &involved, model, columns, low) {
        return convention;
    }
    let is_margin = matches!(spec.quantity, Some(QuantitySpec::Margin { .. }));
    let curved = model.is_some_and(|m| m.estimator.is_likelihood());
    let matters = model.is_some_and(|m| {
        curved && m.formula.terms.len() > 1
            || m.formula.terms.iter().any(|t| {
                let touches = t.columns().filter(|c| involved(c)).count() > across.len();
                let others = t.columns().any(|c| !involved(c));
                others && (touches || is_margin)
            })
    });
    if matters && spec.average.is_none() {
        low.convention(
            &spec.at,
            format!("{path} is averaged over the observed sample"),
            "write `average: observed` or `average: balanced`: with this model they differ",
        );
    }
    Average::Observed
}
