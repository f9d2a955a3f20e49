//! Models fitted again on R's own resamples, percentiles of given draws, jackknife errors by loops, and successes in
//! trials by `glm(cbind(s, f) ~ .)`.
//!
//! Tolerances: 1e-9 relative for least squares and percentiles, 1e-6 (of the coefficient's size) for what iterations give.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use asregistered::estimate::resample::{bca, percentile, refit};
use asregistered::{design, estimate, inference};
use reference::{SURVEY, analyse, near, read, shared};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

type Rows = BTreeMap<(String, String), Vec<(String, f64)>>;

/// (case, draw) → terms with their values.
fn expected() -> Rows {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/refits.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut rows = Rows::new();
    for line in text.lines().skip(2) {
        let cells: Vec<&str> = line.split(',').collect();
        let value = (cells[2].to_owned(), cells[3].parse().unwrap());
        rows.entry((cells[0].into(), cells[1].into()))
            .or_default()
            .push(value);
    }
    rows
}

/// The survey with numbers of trials and of successes among them, in a file of its own.
fn with_trials(folder: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(shared("oracles/data_1502.csv")?).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
    let (age, contribution) = (at("age"), at("contribution"));
    let mut out = format!("{},trials,wins\n", text.lines().next().unwrap());
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| -> u32 { cells[at].parse().unwrap() };
        let trials = 1 + number(age) % 4 + number(contribution);
        out.push_str(&format!("{line},{trials},{}\n", number(contribution).min(trials)));
    }
    let path = folder.join("trials.csv");
    std::fs::write(&path, out).unwrap();
    Some(path)
}

fn registration(models: &str) -> String {
    let survey = SURVEY
        .replace("republican]", "republican], reference: democrat")
        .replace(
            "levels: [formal, none]",
            "levels: [formal, none], reference: formal",
        )
        .replace(
            "  count_y: {role: outcome}\n",
            "  count_y: {role: outcome}\n  wins: {role: outcome}\n  trials: {role: outcome}\n",
        );
    let names: Vec<&str> = models
        .lines()
        .map(|l| l.split(':').next().unwrap().trim())
        .collect();
    let mut text = format!("{survey}models:\n{models}tests:\n");
    for name in &names {
        text.push_str(&format!(
            "  T.{name}: {{model: {name}, joint: treaty, alpha: 0.05}}\n"
        ));
    }
    text.push_str(&format!(
        "hypotheses: {{H: {{statement: s, status: primary, corroborated_if: T.{}}}}}\n",
        names[0]
    ));
    text
}

const TERMS: &str = "treaty + age + hawkishness";

#[test]
fn every_estimator_fitted_again_on_rs_resamples() {
    let folder = tempfile::tempdir().unwrap();
    let Some(csv) = with_trials(folder.path()) else {
        return;
    };
    let mut models = String::new();
    for (id, estimator, formula, more) in [
        ("logit", "logit", format!("approve ~ {TERMS}"), ""),
        ("probit", "probit", format!("approve ~ {TERMS}"), ""),
        ("cloglog", "cloglog", format!("approve ~ {TERMS}"), ""),
        ("poisson", "poisson", format!("count_y ~ {TERMS}"), ""),
        ("trials", "logit", format!("wins ~ {TERMS}"), ", trials: trials"),
        ("ols", "ols", format!("approval ~ {TERMS}"), ""),
        (
            "weighted",
            "ols",
            format!("approval ~ {TERMS}"),
            ", weights: {column: weight, kind: probability}",
        ),
        ("means", "difference_in_means", "approval ~ treaty".into(), ""),
        ("absorbed", "ols", format!("approval ~ {TERMS} | state"), ""),
        (
            "ordered_logit",
            "ordered_logit",
            format!("approval ~ {TERMS}"),
            "",
        ),
        (
            "ordered_probit",
            "ordered_probit",
            format!("approval ~ {TERMS}"),
            "",
        ),
        ("multinomial", "multinomial", format!("party ~ {TERMS}"), ""),
    ] {
        models.push_str(&format!("  {id}: {{estimator: {estimator}, formula: \"{formula}\", vcov: bootstrap, bootstrap: {{draws: 100, kind: pairs}}{more}}}\n"));
    }
    let (plan, sample) = read(&registration(&models), &csv);
    let mut compared = 0;
    for (id, model) in &plan.models {
        let design = design::build(&plan, model, &sample).unwrap();
        let n = design.rows() as u64;
        for r in 1..=3u64 {
            let mut times = vec![0.0; design.rows()];
            for j in 0..n {
                let at = (7919 * j * (r + 1) + 104_729 * r + 31 * j * j % 1009) % n;
                times[at as usize] += 1.0;
            }
            let found = refit(&design, model, &times).unwrap();
            let reference = &expected()[&(id.clone(), r.to_string())];
            assert_eq!(found.len(), reference.len(), "{id}");
            let tolerance = if model.estimator.is_likelihood() {
                1e-6
            } else {
                1e-9
            };
            for (found, (term, value)) in found.iter().zip(reference) {
                near(*found, *value, tolerance, &format!("{id}, draw {r}, {term}"));
                compared += 1;
            }
        }
    }
    assert!(compared > 150, "only {compared} coefficients were compared");
}

#[test]
fn percentiles_are_those_of_boot() {
    let mut compared = 0;
    for ((case, level), ends) in expected() {
        let Some(m) = case.strip_prefix("percentile.") else {
            continue;
        };
        let m: u32 = m.parse().unwrap();
        let draws: Vec<f64> = (1..=m)
            .map(|i| f64::from(i).sin() * f64::from(i).sqrt())
            .collect();
        let (low, high) = percentile(&draws, level.parse().unwrap()).unwrap();
        near(low, ends[0].1, 1e-9, &format!("{case} {level}"));
        near(high, ends[1].1, 1e-9, &format!("{case} {level}"));
        compared += 2;
    }
    assert_eq!(compared, 8);
    assert_eq!(percentile(&[f64::NAN], 0.95), None);
}

#[test]
fn corrected_percentiles_are_those_of_boot() {
    let rows = expected();
    let mut compared = 0;
    for ((case, level), ends) in &rows {
        let Some(m) = case.strip_prefix("bca.").and_then(|m| m.parse::<u32>().ok()) else {
            continue;
        };
        let draws: Vec<f64> = (1..=m)
            .map(|i| f64::from(i).sin() * f64::from(i).sqrt())
            .collect();
        let skewed: Vec<f64> = (1..=40)
            .map(|i| (f64::from(i) * 1.7).sin() + 1.0)
            .map(|v| v.powi(3))
            .collect();
        let mean = skewed.iter().sum::<f64>() / 40.0;
        let influences: Vec<f64> = skewed.iter().map(|v| v - mean).collect();
        let (low, high) = bca(&draws, 1.5, &influences, level.parse().unwrap()).unwrap();
        near(low, ends[0].1, 1e-9, &format!("{case} {level}"));
        near(high, ends[1].1, 1e-9, &format!("{case} {level}"));
        compared += 2;
    }
    assert_eq!(compared, 8);
    assert_eq!(bca(&[1.0, 2.0], 0.5, &[1.0, -1.0], 0.95), None);
    assert_eq!(bca(&[1.0, 2.0], 1.5, &[0.0, 0.0], 0.95), None);
    let Some(csv) = shared("oracles/data_1502.csv") else {
        return;
    };
    let model = |intervals: &str| {
        format!(
            "  {intervals}: {{estimator: ols, formula: weight ~ 1, subset: age >= 80, vcov: bootstrap, bootstrap: {{draws: 20000, kind: pairs, intervals: {intervals}}}}}\n"
        )
    };
    let test = |id: &str| {
        format!("  T.{id}: {{model: {id}, coefficient: (Intercept), alternative: two_sided, alpha: 0.05}}\n")
    };
    let text = format!(
        "{}models:\n{}{}tests:\n{}{}hypotheses: {{H: {{statement: s, status: primary, corroborated_if: T.bca}}}}\n",
        SURVEY.replace("\n  weight: {role: weight}", "\n  weight: {role: outcome}"),
        model("bca"),
        model("percentile"),
        test("bca"),
        test("percentile")
    );
    let (plan, sample) = read(&text, &csv);
    let design = design::build(&plan, &plan.models["bca"], &sample).unwrap();
    let fit = estimate::fit(&design, &plan.models["bca"], [0; 32]).unwrap();
    let draws = fit.draws.unwrap();
    let found = draws.without.unwrap().influences(&|b| b[0]);
    let influences = &rows[&(String::from("influences"), String::from("0"))];
    assert_eq!(found.len(), influences.len());
    for (found, (row, value)) in found.iter().zip(influences) {
        assert!(
            (found - value).abs() < 1e-9,
            "influence of row {row}: {found} {value}"
        );
    }
    let outcomes = analyse(&text, &csv);
    let (own, plain) = (&outcomes.tests["T.bca"], &outcomes.tests["T.percentile"]);
    assert_eq!(own.note, None);
    assert_eq!(
        own.interval.as_deref(),
        Some("corrected percentiles of 20000 draws")
    );
    let ends = &rows[&(String::from("bca.mean"), String::from("0"))];
    let (low, high) = (own.conf_low.unwrap(), own.conf_high.unwrap());
    // The ends are off by the draws' own error; without the correction they would be off by far more.
    let width = ends[1].1 - ends[0].1;
    let off = |low: f64, high: f64| ((low - ends[0].1).abs() + (high - ends[1].1).abs()) / width;
    assert!(off(low, high) < 0.05, "{low} {high} {ends:?}");
    let (low, high) = (plain.conf_low.unwrap(), plain.conf_high.unwrap());
    assert!(off(low, high) > 0.08, "{low} {high} {ends:?}");
}

#[test]
fn the_jackknife_of_every_model_is_the_loop() {
    let folder = tempfile::tempdir().unwrap();
    let Some(csv) = with_trials(folder.path()) else {
        return;
    };
    let models = format!(
        "  jackknife.logit: {{estimator: logit, formula: approve ~ {TERMS}, vcov: jackknife, subset: age >= 70}}
  jackknife.state: {{estimator: logit, formula: approve ~ {TERMS}, vcov: jackknife, cluster: state}}
  jackknife.absorbed: {{estimator: ols, formula: \"approval ~ {TERMS} | state\", vcov: jackknife, subset: age >= 70}}
  means: {{estimator: difference_in_means, formula: approval ~ treaty, vcov: jackknife}}
  neyman: {{estimator: difference_in_means, formula: approval ~ treaty, vcov: HC2}}
"
    );
    let outcomes = analyse(&registration(&models), &csv);
    let mut compared = 0;
    for ((case, _), terms) in expected()
        .into_iter()
        .filter(|((c, _), _)| c.starts_with("jackknife"))
    {
        let model = &outcomes.models[&case];
        assert_eq!(model.note, None, "{case}");
        let tolerance = if case == "jackknife.absorbed" { 1e-9 } else { 1e-6 };
        for (term, error) in terms {
            let c = model.coefficients.iter().find(|c| c.term == term).unwrap();
            near(c.std_error, error, tolerance, &format!("{case} {term}"));
            compared += 1;
        }
    }
    assert_eq!(compared, 11);
    // Within arms, the jackknife is Neyman's variance.
    let error = |id: &str| outcomes.models[id].coefficients[1].std_error;
    near(error("means"), error("neyman"), 1e-9, "within arms");
}

#[test]
fn successes_in_trials_are_those_of_glm() {
    let folder = tempfile::tempdir().unwrap();
    let Some(csv) = with_trials(folder.path()) else {
        return;
    };
    let mut models = String::new();
    for link in ["logit", "probit", "cloglog"] {
        for (vcov, more) in [("classical", ""), ("HC0", ""), ("CR0", ", cluster: state")] {
            models.push_str(&format!("  {link}.{vcov}: {{estimator: {link}, formula: wins ~ {TERMS}, trials: trials, vcov: {vcov}, information: expected{more}}}\n"));
        }
    }
    let outcomes = analyse(&registration(&models), &csv);
    let mut compared = 0;
    for ((case, what), terms) in expected() {
        let Some(link) = case.strip_prefix("trials.") else {
            continue;
        };
        let vcov = if what == "coef" || what == "loglik" {
            "classical"
        } else {
            &what
        };
        let model = &outcomes.models[&format!("{link}.{vcov}")];
        assert_eq!(model.note, None);
        assert_eq!(model.trials.as_deref(), Some("trials"));
        for (term, value) in terms {
            let said = format!("{case} {what} {term}");
            if what == "loglik" {
                near(model.log_likelihood.unwrap(), value, 1e-9, &said);
            } else {
                let c = model.coefficients.iter().find(|c| c.term == term).unwrap();
                near(
                    if what == "coef" { c.estimate } else { c.std_error },
                    value,
                    1e-6,
                    &said,
                );
            }
            compared += 1;
        }
    }
    assert_eq!(compared, 51);
}

#[test]
fn draws_that_cannot_be_fitted_are_counted_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rare.csv");
    let write = |rare: usize| {
        let mut csv = String::from("approve,treaty,age,state,weight\n");
        for i in 0..60 {
            let treaty = if i < rare { "none" } else { "formal" };
            csv.push_str(&format!(
                "{},{treaty},{},{},1\n",
                (i * 7 + i / 3) % 2,
                20 + (i * 13) % 50,
                i % 9
            ));
        }
        std::fs::write(&path, csv).unwrap();
    };
    let models = "  m: {estimator: logit, formula: approve ~ treaty, vcov: bootstrap, bootstrap: {draws: 200, kind: pairs, intervals: percentile}}\n";
    let run = || {
        let (plan, sample) = read(
            &registration(models).replace("us_response: {role: factor", "unused: {role: factor"),
            &path,
        );
        inference::analyse(&plan, &sample, [0; 32]).models["m"].clone()
    };
    write(12);
    let some = run();
    let draws = some.draws.clone().unwrap_or_else(|| panic!("{:?}", some.note));
    assert_eq!(some.note, None);
    assert!(draws.failed > 0 && draws.failed <= 10, "{draws:?}");
    for c in &some.coefficients {
        assert!(c.conf_low < c.estimate && c.estimate < c.conf_high);
        // Percentiles are not symmetric about the estimate.
        assert!((c.conf_low + c.conf_high - 2.0 * c.estimate).abs() > 1e-6);
    }
    write(2);
    let most = run();
    let note = most.note.unwrap();
    assert!(
        note.starts_with("E015") && note.contains("of 200 bootstrap draws cannot be fitted"),
        "{note}"
    );
}
