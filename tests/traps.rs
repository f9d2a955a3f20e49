//! Where a number would be wrong without anybody noticing: promises that do not go together are refused before any data
//! are seen, and what has a number has the one that other programs give.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use asregistered::inference::Outcomes;
use reference::{analyse, close_p, lowered};

const HEAD: &str = "
asregistered: 1
study: {id: traps, timing: after_access}
design: {kind: between_subjects, allocation: complete}
variables:
  y: {role: outcome}
  b: {role: outcome}
  z: {role: factor, levels: [c, t], reference: c, probability: equal}
  m: {role: factor, levels: [lo, mid, hi], reference: lo}
  x: {role: covariate}
  firm: {role: cluster}
missing: {outcome: fail, covariate: fail, factor: fail, cluster: fail}
";

/// A registration of one model and tests on it, T the first.
fn registration(model: &str, tests: &[&str], families: &str) -> String {
    let mut text = format!("{HEAD}models: {{m: {{{model}}}}}\ntests:\n");
    for (test, name) in tests.iter().zip(["T", "U", "V"]) {
        text.push_str(&format!("  {name}: {{model: m, {test}}}\n"));
    }
    format!("{text}{families}hypotheses: {{H: {{statement: s, status: primary, corroborated_if: T}}}}\n")
}

fn run(model: &str, tests: &[&str], header: &str, rows: &[String]) -> Outcomes {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("data.csv");
    std::fs::write(&csv, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
    analyse(&registration(model, tests, ""), &csv)
}

const EFFECT: &str = "of: z, contrast: t - c, alternative: two_sided, alpha: 0.05";

#[test]
fn what_does_not_go_together_is_refused_before_the_data() {
    let redrawn = format!("{EFFECT}, randomization: {{draws: 999, statistic: t}}");
    let by = format!("{EFFECT}, average: balanced, by: {{m: hi}}");
    let margin_by = "of: z, margin: t, alternative: two_sided, average: balanced, by: {m: hi}, alpha: 0.05";
    let sum = "of: z, contrast: t + c, null: 1, alternative: two_sided, alpha: 0.05";
    let one = "of: z, contrast: t, null: 1, alternative: two_sided, alpha: 0.05";
    let half = EFFECT.replace("0.05", "0.025");
    let wolf = "families: {f: {tests: [T, U], adjust: romano_wolf, draws: 999}}\n";
    let young = "families: {f: {tests: [T, U], adjust: westfall_young, draws: 999}}\n";
    let gate = "families:\n  first: {tests: [T], adjust: none}\n  next: {tests: [U], adjust: none, gate: {family: first, open_if: all}}\n";
    let order = "families: {f: {tests: [U, T], adjust: fixed_sequence}}\n";
    let plain = "estimator: ols, formula: y ~ z, vcov: HC2";
    for (model, tests, families, words) in [
        // A replicate that knows no such errors would compute others.
        (
            "estimator: ols, formula: y ~ z, vcov: jackknife",
            vec![redrawn.as_str()],
            "",
            "HC0",
        ),
        (
            "estimator: ols, formula: y ~ z, vcov: HC4",
            vec![EFFECT, EFFECT],
            wolf,
            "HC0",
        ),
        (
            "estimator: ols, formula: y ~ z, vcov: jackknife",
            vec![EFFECT, EFFECT],
            young,
            "HC0",
        ),
        // A balanced grid has no rows to choose.
        (
            "estimator: ols, formula: y ~ z * m, vcov: HC2",
            vec![by.as_str()],
            "",
            "balanced",
        ),
        (
            "estimator: ols, formula: y ~ z * m, vcov: HC2",
            vec![margin_by],
            "",
            "balanced",
        ),
        // Within fixed effects there is no level, leverage is not that of the whole model, and only means are linear.
        (
            "estimator: ols, formula: y ~ z | firm, vcov: HC1",
            vec![one],
            "",
            "absorbed",
        ),
        (
            "estimator: ols, formula: y ~ z | firm, vcov: HC2",
            vec![EFFECT],
            "",
            "absorbed",
        ),
        (
            "estimator: ols, formula: y ~ z | firm, vcov: HC3",
            vec![EFFECT],
            "",
            "absorbed",
        ),
        (
            "estimator: ols, formula: y ~ z | firm, vcov: CR2, cluster: m",
            vec![EFFECT],
            "",
            "absorbed",
        ),
        (
            "estimator: difference_in_means, formula: y ~ z | firm, vcov: HC2",
            vec![EFFECT],
            "",
            "absorbed",
        ),
        (
            "estimator: logit, formula: b ~ z | firm, vcov: HC1",
            vec![EFFECT],
            "",
            "absorbed",
        ),
        (
            "estimator: ordered_logit, formula: b ~ z | firm, vcov: HC1",
            vec![EFFECT],
            "",
            "absorbed",
        ),
        // Tests that wait for others at another level would be reached past one that did not reject.
        (plain, vec![half.as_str(), EFFECT], gate, "alpha"),
        (plain, vec![EFFECT, half.as_str()], order, "alpha"),
        // Two groups are compared, not added.
        (
            "estimator: student_t, formula: y ~ z, vcov: none",
            vec![sum],
            "",
            "a - b",
        ),
    ] {
        let (_, found) = lowered(&registration(model, &tests, families));
        let told = |d: &asregistered::diagnostic::Diagnostic| {
            d.code.id == "S032"
                && format!("{} {}", d.message, d.help.as_deref().unwrap_or("")).contains(words)
        };
        assert!(found.iter().any(told), "{model} {tests:?} {families}: {found:#?}");
    }
    // The same with what does go together.
    let at = format!("{EFFECT}, average: balanced, at: {{m: hi}}");
    for (model, tests, families) in [
        (
            "estimator: ols, formula: y ~ z, vcov: HC3",
            vec![redrawn.as_str()],
            "",
        ),
        (
            "estimator: ols, formula: y ~ z, vcov: HC4",
            vec![redrawn.as_str()],
            "",
        ),
        (
            "estimator: ols, formula: y ~ z * m, vcov: HC2",
            vec![at.as_str()],
            "",
        ),
        (
            "estimator: ols, formula: y ~ z | firm, vcov: HC1",
            vec![EFFECT],
            "",
        ),
        (plain, vec![EFFECT, EFFECT], gate),
        (plain, vec![EFFECT, EFFECT], order),
    ] {
        let (_, found) = lowered(&registration(model, &tests, families));
        assert!(
            !asregistered::diagnostic::any_error(&found),
            "{model}: {found:#?}"
        );
    }
}

/// R 4.2.2: x <- 100 + 1:m; y <- 1:n, with the `swaps` smallest of x below everybody;
/// wilcox.test(x, y, alternative = "greater")$p.value.
#[test]
fn ranks_have_their_digits_in_both_tails() {
    for (m, n, swaps, expected) in [
        (30, 30, 0, 8.455_616_946_072e-18),
        (49, 49, 0, 3.925_014_596_482e-29),
        (49, 49, 1, 4.285_115_060_636e-23),
        (45, 49, 3, 1.924_004_278_806e-16),
    ] {
        let mut rows = Vec::new();
        for i in 1..=m {
            let y = if i <= swaps { -i } else { 100 + i };
            rows.push(format!("{y},t"));
        }
        rows.extend((1..=n).map(|i| format!("{i},c")));
        let sides = ["greater", "less", "two_sided"].map(|side| EFFECT.replace("two_sided", side));
        let turned = EFFECT.replace("t - c", "c - t").replace("two_sided", "less");
        let ranks = "estimator: mann_whitney, formula: y ~ z, vcov: none";
        let tests: Vec<&str> = sides.iter().map(String::as_str).collect();
        let outcomes = run(ranks, &tests, "y,z", &rows);
        let p = |name: &str| outcomes.tests[name].p_value.unwrap();
        let what = format!("{m} {n} {swaps}");
        close_p(p("T"), expected, &what);
        close_p(p("V"), 2.0 * expected, &what);
        let mirrored = run(ranks, &[&turned], "y,z", &rows);
        close_p(mirrored.tests["T"].p_value.unwrap(), expected, &what);
        assert!(p("U") <= 1.0 && p("U") > 0.9);
    }
}

/// Rows that anybody can make again: y, z, x, firm.
fn made(offset: f64) -> Vec<String> {
    let row = |i: i64| {
        let (x, z) = ((i * 37) % 101 - 50, if (i * i) % 5 < 2 { "t" } else { "c" });
        let y = f64::from(u8::from(z == "t")) + 0.01 * x as f64 + ((i * 7919) % 13) as f64 / 4.0;
        format!("{y},{z},{:?},{}", offset + x as f64 * 1000.0, i % 11)
    };
    (0..121).map(row).collect()
}

#[test]
fn a_covariate_far_from_zero_changes_nothing() {
    let redrawn = format!("{EFFECT}, randomization: {{draws: 499, statistic: t}}");
    for (vcov, test) in [
        ("CR2, cluster: firm", EFFECT),
        ("CR2, cluster: firm", "joint: [z, x], alpha: 0.05"),
        ("CR3, cluster: firm", EFFECT),
        ("jackknife", EFFECT),
        ("bootstrap, bootstrap: {draws: 200, kind: pairs}", EFFECT),
        ("HC3", redrawn.as_str()),
    ] {
        let model = format!("estimator: ols, formula: y ~ z + x, vcov: {vcov}");
        // A day in seconds, and the same day in seconds since 1970.
        let near = run(&model, &[test], "y,z,x,firm", &made(0.0)).tests["T"].clone();
        let far = run(&model, &[test], "y,z,x,firm", &made(1.7e9)).tests["T"].clone();
        assert_eq!((&near.note, &far.note), (&None, &None), "{vcov}");
        close_p(far.p_value.unwrap(), near.p_value.unwrap(), vcov);
        for (a, b) in far.df.iter().flatten().zip(near.df.iter().flatten()) {
            assert!(
                (a - b).abs() < 1e-6 * b,
                "{vcov}: {a} degrees of freedom are not {b}"
            );
        }
        let (a, b) = (far.statistic.unwrap(), near.statistic.unwrap());
        assert!((a - b).abs() < 1e-6 * b.abs(), "{vcov}: {a} is not {b}");
    }
}

/// R 4.2.2: glm(b ~ z + x, binomial, control = glm.control(1e-14, 200)).
#[test]
fn a_row_far_out_is_no_separation() {
    let mut rows: Vec<String> = (0..200i64)
        .map(|i| {
            let z = if i % 3 == 0 { "t" } else { "c" };
            format!(
                "{},{z},{:?}",
                u8::from((i * i + 3 * i) % 7 < 3),
                ((i * 37) % 200) as f64 / 200.0
            )
        })
        .collect();
    rows.push(String::from("1,c,1000000"));
    let link = format!("{EFFECT}, scale: link");
    for (estimator, estimate, error) in LOGIT_FAR {
        let model =
            format!("estimator: {estimator}, formula: b ~ z + x, vcov: classical, information: expected");
        let test = run(&model, &[&link], "b,z,x", &rows).tests["T"].clone();
        assert_eq!(test.note, None);
        reference::near(test.estimate.unwrap(), estimate, 1e-6, estimator);
        reference::near(test.std_error.unwrap(), error, 1e-6, estimator);
    }
}

const LOGIT_FAR: [(&str, f64, f64); 3] = [
    ("logit", -0.010_471_940_304, 0.332_125_004_901),
    ("probit", -0.006_284_337_046_56, 0.199_286_210_816),
    ("cloglog", -0.008_898_115_291_12, 0.282_287_416_122),
];

/// A cell whose outcome never varies has no finite odds, whether its rows are a level, a cell or a line, and whichever
/// category they are in.
#[test]
fn a_cell_without_variation_is_separated() {
    for estimator in ["logit", "probit", "cloglog"] {
        for (always, formula, test) in [
            (
                "1",
                "b ~ z * m",
                "of: z, contrast: t - c, average: observed, scale: response, alternative: two_sided, alpha: 0.05",
            ),
            (
                "0",
                "b ~ z * m",
                "of: z, contrast: t - c, average: observed, scale: link, alternative: two_sided, alpha: 0.05",
            ),
            (
                "1",
                "b ~ z * m + x",
                "of: z, contrast: t - c, average: balanced, scale: link, alternative: two_sided, alpha: 0.05",
            ),
            (
                "0",
                "b ~ z:m + x - 1",
                "of: z, contrast: t - c, average: observed, scale: link, alternative: two_sided, alpha: 0.05",
            ),
        ] {
            let rows: Vec<String> = (0..120)
                .map(|i| {
                    let (z, m) = (["t", "c"][i % 2], ["lo", "mid", "hi"][(i / 2) % 3]);
                    let free = ["0", "1"][(i * i / 3) % 2];
                    let b = if (z, m) == ("t", "hi") { always } else { free };
                    format!("{b},{z},{m},{}", (i * 31) % 17)
                })
                .collect();
            let model = format!("estimator: {estimator}, formula: {formula}, vcov: classical");
            let found = run(&model, &[test], "b,z,m,x", &rows).tests["T"].clone();
            assert!(
                found.note.as_ref().is_some_and(|n| n.contains("E010")),
                "{estimator} {formula} {always}: {found:?}"
            );
        }
    }
}

#[test]
fn an_outcome_that_does_not_vary_has_no_test() {
    let link = format!("{EFFECT}, scale: link");
    let constant: Vec<String> = (0..40)
        .map(|i| format!("1,{},{}", ["t", "c"][i % 2], i % 5))
        .collect();
    for estimator in ["logit", "probit", "cloglog"] {
        let model = format!("estimator: {estimator}, formula: b ~ z, vcov: classical");
        let note = run(&model, &[&link], "b,z,firm", &constant).tests["T"]
            .note
            .clone();
        assert!(
            note.as_ref()
                .is_some_and(|n| n.contains("E004") && n.contains("1 in every row")),
            "{note:?}"
        );
    }
    // The same in every row of a firm: what is left of it within firms is rounding.
    let within: Vec<String> = (0..40)
        .map(|i| {
            format!(
                "{},{},{}",
                [0.1, 0.2, 0.3, 0.7, 1.1][i % 5],
                ["t", "c"][(i / 5) % 2],
                i % 5
            )
        })
        .collect();
    let model = "estimator: ols, formula: y ~ z | firm, vcov: HC1";
    let note = run(model, &[EFFECT], "y,z,firm", &within).tests["T"].note.clone();
    assert!(
        note.as_ref()
            .is_some_and(|n| n.contains("E004") && n.contains("fixed effects")),
        "{note:?}"
    );
}

#[test]
fn an_outcome_is_never_imputed_whatever_the_codebook_calls_it() {
    let text = registration("estimator: ols, formula: x ~ z, vcov: HC2", &[EFFECT], "")
        .replace("covariate: fail", "covariate: indicator")
        .replace("outcome: fail", "outcome: drop_from_test");
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("data.csv");
    let rows = [
        "1,1,c,lo,1",
        "1,1,c,lo,2",
        "1,1,t,hi,5",
        "1,1,t,hi,7",
        "1,1,t,hi,",
    ];
    let rows: Vec<String> = rows.iter().map(|r| format!("{r},1")).collect();
    std::fs::write(&csv, format!("y,b,z,m,x,firm\n{}\n", rows.join("\n"))).unwrap();
    let test = &analyse(&text, &csv).tests["T"];
    assert_eq!((test.n, test.dropped_missing), (Some(4), Some(1)));
    assert_eq!(test.estimate, Some(4.5));
    let (_, found) = lowered(&text.replace("outcome: drop_from_test, ", ""));
    assert!(found.iter().any(|d| d.code.id == "S023"), "{found:#?}");
}
