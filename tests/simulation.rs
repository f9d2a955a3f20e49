//! What a nominal level means: p-values uniform under the null, intervals that cover, families that keep their rate,
//! over samples drawn anew. Each bound is four Monte-Carlo standard errors wide.

#![expect(clippy::disallowed_methods, reason = "tests write their own data")]

mod reference;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use reference::analyse;

const SAMPLES: usize = 400;
const ROWS: usize = 120;

fn uniform(stream: &mut ChaCha8Rng) -> f64 {
    (stream.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

fn normal(stream: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| uniform(stream)).sum::<f64>() - 6.0
}

/// Four arms; errors twice as wide in the last; eight outcomes of which none differs between arms.
fn sample(stream: &mut ChaCha8Rng) -> String {
    let mut csv = String::from("y,b,arm,g\n");
    for row in 0..ROWS {
        let arm = row % 4;
        let spread = if arm == 3 { 2.0 } else { 1.0 };
        let y = 2.0 + spread * normal(stream);
        let b = u8::from(uniform(stream) < 0.4);
        csv.push_str(&format!("{y},{b},a{arm},{}\n", row / 4));
    }
    csv
}

const REGISTRATION: &str = "
asregistered: 1
study: {id: nominal, timing: after_access}
design: {kind: between_subjects}
variables:
  y: {role: outcome}
  b: {role: outcome}
  arm: {role: factor, levels: [a0, a1, a2, a3], reference: a0}
  g: {role: cluster}
missing: {outcome: fail, cluster: fail}
models:
  HC2: {estimator: ols, formula: y ~ arm, vcov: HC2}
  CR2: {estimator: ols, formula: y ~ arm, vcov: CR2, cluster: g}
  welch: {estimator: difference_in_means, formula: y ~ arm, vcov: HC2}
  logit: {estimator: logit, formula: b ~ arm, vcov: HC0}
  ranks: {estimator: mann_whitney, formula: y ~ arm, vcov: none}
  anova: {estimator: welch_anova, formula: y ~ arm, vcov: none}
tests:
  HC2: {model: HC2, of: arm, contrast: a3 - a0, alternative: two_sided, alpha: 0.05}
  CR2: {model: CR2, of: arm, contrast: a3 - a0, alternative: two_sided, alpha: 0.05}
  welch: {model: welch, of: arm, contrast: a3 - a0, alternative: greater, alpha: 0.05}
  logit: {model: logit, of: arm, contrast: a3 - a0, scale: response, average: observed, alternative: two_sided, alpha: 0.05}
  ranks: {model: ranks, of: arm, contrast: a1 - a0, alternative: two_sided, alpha: 0.05}
  anova: {model: anova, joint: arm, alpha: 0.05}
  f1: {model: HC2, of: arm, contrast: a1 - a0, alternative: two_sided, alpha: 0.05}
  f2: {model: HC2, of: arm, contrast: a2 - a0, alternative: two_sided, alpha: 0.05}
  f3: {model: HC2, of: arm, contrast: a2 - a1, alternative: two_sided, alpha: 0.05}
families:
  arms: {tests: [f1, f2, f3], adjust: holm}
hypotheses: {H: {statement: s, status: primary, corroborated_if: any(arms)}}
";

#[test]
fn a_level_is_kept() {
    let mut stream = ChaCha8Rng::from_seed([41; 32]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sample.csv");
    let singles = ["HC2", "CR2", "welch", "logit", "ranks", "anova"];
    let mut rejected = [0usize; 6];
    let mut halves = [0usize; 6];
    let mut covered = 0usize;
    let mut families = 0usize;
    for _ in 0..SAMPLES {
        std::fs::write(&path, sample(&mut stream)).unwrap();
        let outcomes = analyse(REGISTRATION, &path);
        for (at, id) in singles.iter().enumerate() {
            let p = outcomes.tests[*id].p_value.unwrap();
            rejected[at] += usize::from(p <= 0.05);
            halves[at] += usize::from(p <= 0.5);
        }
        let (low, high) = (
            outcomes.tests["HC2"].conf_low.unwrap(),
            outcomes.tests["HC2"].conf_high.unwrap(),
        );
        covered += usize::from(low <= 0.0 && 0.0 <= high);
        families += usize::from(
            ["f1", "f2", "f3"]
                .iter()
                .any(|id| outcomes.tests[*id].rejects == Some(true)),
        );
    }
    let n = SAMPLES as f64;
    let error = |share: f64| 4.0 * (share * (1.0 - share) / n).sqrt();
    for (at, id) in singles.iter().enumerate() {
        let (rate, half) = (rejected[at] as f64 / n, halves[at] as f64 / n);
        assert!((rate - 0.05).abs() < error(0.05), "{id} rejects {rate}");
        assert!(
            (half - 0.5).abs() < error(0.5),
            "{id}: {half} of p are below one half"
        );
    }
    let (rate, wrong) = (covered as f64 / n, families as f64 / n);
    assert!((rate - 0.95).abs() < error(0.95), "intervals cover {rate}");
    assert!(wrong < 0.05 + error(0.05), "a family errs {wrong}");
}
