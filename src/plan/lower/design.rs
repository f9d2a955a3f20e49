//! `study:` and `design:`.

use super::Lowering;
use super::codebook::Columns;
use super::forbidden;
use crate::diagnostic::codes;
use crate::plan::{
    Allocation, Counted, DesignKind, DesignPlan, Expectation, Expectations, Plan, Role, StudyPlan, Timing,
    Window,
};
use crate::spec::registration::{ExpectedSpec, Registration};

pub(super) fn study(written: &Registration, low: &mut Lowering<'_>) -> StudyPlan {
    let study = &written.study;
    let timing = low.word(
        "study.timing",
        &study.timing,
        &[
            ("before_collection", Timing::BeforeCollection),
            ("during_collection", Timing::DuringCollection),
            ("before_access", Timing::BeforeAccess),
            ("after_access", Timing::AfterAccess),
        ],
        &[],
    );
    StudyPlan {
        id: low.keep("study.id", &study.id).unwrap_or_default(),
        timing: timing.unwrap_or(Timing::BeforeCollection),
        registered: low.keep("study.registered", &study.registered),
    }
}

pub(super) fn design(written: &Registration, columns: &Columns<'_>, low: &mut Lowering<'_>) -> DesignPlan {
    let design = &written.design;
    let kind = low.word(
        "design.kind",
        &design.kind,
        &[
            ("between_subjects", DesignKind::BetweenSubjects),
            ("factorial_vignette", DesignKind::FactorialVignette),
            ("conjoint", DesignKind::Conjoint),
            ("within_subjects", DesignKind::WithinSubjects),
            ("observational", DesignKind::Observational),
        ],
        &[],
    );
    let kind = kind.unwrap_or(DesignKind::Observational);
    if let Some(unit) = &design.unit {
        columns.require(&unit.value, &unit.at, "design.unit", low);
    }
    DesignPlan {
        kind,
        unit: low.keep("design.unit", &design.unit),
        target: low.keep("design.target", &design.target),
        minimum: low.keep("design.minimum", &design.minimum),
        maximum: low.keep("design.maximum", &design.maximum),
        counted: counted(written, low),
        collected: window(written, low),
        stopping_rule: low.keep("design.stopping_rule", &design.stopping_rule),
        population: low.keep("design.population", &design.population),
        provider: low.keep("design.provider", &design.provider),
        forbidden: forbidden::cells(written, columns, low),
        allocation: allocation(written, kind, low),
    }
}

fn counted(written: &Registration, low: &mut Lowering<'_>) -> Counted {
    let design = &written.design;
    let words = [
        ("before_exclusions", Counted::BeforeExclusions),
        ("after_exclusions", Counted::AfterExclusions),
    ];
    low.word("design.counted", &design.counted, &words, &[])
        .unwrap_or_else(|| {
            let sized = design
                .minimum
                .as_ref()
                .or(design.target.as_ref())
                .or(design.maximum.as_ref());
            if let (Some(size), None) = (sized, &design.counted) {
                low.convention(
                    &size.at,
                    String::from("the sample size counts rows before exclusions"),
                    "write `counted: before_exclusions` or `after_exclusions` beside it",
                );
            }
            Counted::BeforeExclusions
        })
}

fn window(written: &Registration, low: &mut Lowering<'_>) -> Option<Window> {
    let (from, to) = (written.design.from.as_ref()?, written.design.to.as_ref()?);
    low.place("design.collected", &from.at);
    if from.value > to.value {
        low.found.error(
            codes::OUT_OF_DOMAIN,
            &to.at,
            format!(
                "collection ends on {} before it begins on {}",
                to.value, from.value
            ),
            "exchange the two dates",
        );
    }
    Some(Window {
        from: from.value.clone(),
        to: to.value.clone(),
    })
}

/// Blocks and clusters are columns: exactly one variable has the role.
fn grouped(written: &Registration, allocation: Allocation, low: &Lowering<'_>) {
    let role = match allocation {
        Allocation::Blocked => "block",
        Allocation::Clustered => "cluster",
        _ => return,
    };
    let has_role = written
        .variables
        .iter()
        .filter(|(_, v)| v.role.as_ref().is_some_and(|r| r.value == role));
    let count = has_role.count();
    if let (Some(at), true) = (&written.design.allocation, count != 1) {
        low.found.error(
            codes::MISSING_KEY,
            &at.at,
            format!(
                "the allocation is {} but {count} variables have the role {role}",
                at.value
            ),
            format!("give exactly one variable `role: {role}`"),
        );
    }
}

fn allocation(written: &Registration, kind: DesignKind, low: &mut Lowering<'_>) -> Allocation {
    let words = [
        ("independent", Allocation::Independent),
        ("complete", Allocation::Complete),
        ("blocked", Allocation::Blocked),
        ("clustered", Allocation::Clustered),
    ];
    let known = low.word("design.allocation", &written.design.allocation, &words, &[]);
    if let Some(allocation) = known {
        grouped(written, allocation, low);
        return allocation;
    }
    let assigned = written.variables.iter().find(|(_, v)| v.probability.is_some());
    match (assigned, kind, &written.design.allocation) {
        (Some((name, _)), DesignKind::Observational, _) => {
            low.found.error(
                codes::OUT_OF_DOMAIN,
                &name.at,
                format!(
                    "`{}` has a probability, but the design is observational",
                    name.value
                ),
                "remove the probability, or correct `design.kind`",
            );
            Allocation::None
        }
        (Some((name, _)), _, None) => {
            low.convention(
                &name.at,
                String::from("every factor is drawn independently of the others"),
                "write `allocation: independent` under `design`",
            );
            Allocation::Independent
        }
        _ => Allocation::None,
    }
}

/// What the authors expect of each variable, where it is said.
pub(super) fn expected(written: &Registration, plan: &Plan, low: &mut Lowering<'_>) -> Expectations {
    let mut all = Expectations::new();
    for (name, spec) in &written.design.expected {
        let Some(variable) = plan.variables.get(&name.value) else {
            low.unknown(
                codes::UNKNOWN_VARIABLE,
                &name.value,
                &name.at,
                format!("design.expected: there is no variable `{}`", name.value),
                plan.variables.keys().map(String::as_str),
            );
            continue;
        };
        if variable.role == Role::Factor && variable.probability.is_some() {
            low.found.error(
                codes::EXPECTATION,
                &name.at,
                format!("`{}` is assigned by its probability", name.value),
                "remove it from `expected`",
            );
            continue;
        }
        places(&name.value, spec, low);
        if let Some(expectation) = expectation(&name.value, spec, plan, low) {
            all.insert(name.value.clone(), expectation);
        }
    }
    all
}

/// Where each number stands, so that one that was changed after the lock is shown.
fn places(name: &str, spec: &ExpectedSpec, low: &mut Lowering<'_>) {
    let path = format!("design.expected.{name}");
    low.place(path.clone(), &spec.at);
    for (key, number) in [("base", &spec.base), ("mean", &spec.mean), ("sd", &spec.sd)] {
        low.keep(format!("{path}.{key}"), number);
    }
    for (level, share) in &spec.shares {
        low.place(format!("{path}.{}", level.value), &share.at);
    }
    for (coefficient, effect) in &spec.effects {
        low.place(format!("{path}.effects.{}", coefficient.value), &effect.at);
    }
}

fn expectation(name: &str, spec: &ExpectedSpec, plan: &Plan, low: &Lowering<'_>) -> Option<Expectation> {
    match (&spec.base, &spec.mean, &spec.sd, spec.shares.is_empty()) {
        (Some(base), None, Some(sd), true) if sd.value >= 0.0 => Some(Expectation::Linear {
            base: base.value,
            sd: sd.value,
            effects: spec
                .effects
                .iter()
                .map(|(k, v)| (k.value.clone(), v.value))
                .collect(),
        }),
        (None, Some(mean), Some(sd), true) if sd.value >= 0.0 && spec.effects.is_empty() => {
            Some(Expectation::Normal {
                mean: mean.value,
                sd: sd.value,
            })
        }
        (None, None, None, false) if spec.effects.is_empty() => shares(name, spec, plan, low),
        _ => {
            low.found.error(
                codes::EXPECTATION,
                &spec.at,
                format!("design.expected.{name} is none of the three forms"),
                "write {base, sd, effects: {coefficient: value}}, {mean, sd}, or {shares: {level: probability}}",
            );
            None
        }
    }
}

fn shares(name: &str, spec: &ExpectedSpec, plan: &Plan, low: &Lowering<'_>) -> Option<Expectation> {
    let levels = plan
        .variables
        .get(name)
        .map(|v| v.levels.names.clone())
        .unwrap_or_default();
    let mut total = 0.0;
    for (level, share) in &spec.shares {
        total += share.value;
        if !levels.contains(&level.value) {
            low.unknown(
                codes::UNKNOWN_LEVEL,
                &level.value,
                &level.at,
                format!("`{name}` has no level `{}`", level.value),
                levels.iter().map(String::as_str),
            );
        }
    }
    if (total - 1.0).abs() > 1e-9 || spec.shares.iter().any(|(_, s)| s.value < 0.0) {
        low.found.error(
            codes::OUT_OF_DOMAIN,
            &spec.at,
            format!("the shares of design.expected.{name} sum to {total}, not 1"),
            "correct the shares",
        );
        return None;
    }
    Some(Expectation::Shares(
        spec.shares
            .iter()
            .map(|(k, v)| (k.value.clone(), v.value))
            .collect(),
    ))
}
