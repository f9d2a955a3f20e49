//! `derived: {w: {rake: …, trim: …}}`: weights that are raked to registered margins.

use super::Lowering;
use super::codebook::Columns;
use crate::diagnostic::codes;
use crate::plan::{Derivation, Margins, Trim};
use crate::spec::Located;
use crate::spec::derived::DerivedSpec;
use crate::spec::registration::Named;
use std::collections::BTreeMap;

pub(super) fn rake(
    path: &str,
    spec: &DerivedSpec,
    to: &Named<Named<Located<f64>>>,
    trim: &[Located<f64>],
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<Derivation> {
    if to.is_empty() {
        low.found.error(
            codes::MISSING_KEY,
            &spec.at,
            format!("{path}.rake names no factor"),
            "write the shares of its levels: {gender: {woman: 0.51, man: 0.49}}",
        );
    }
    let mut margins = Margins::new();
    for (factor, shares) in to {
        margins.insert(factor.value.clone(), margin(path, factor, shares, columns, low)?);
    }
    let trim = match trim {
        [] => None,
        [lower, upper] if 0.0 <= lower.value && lower.value < 1.0 && upper.value > 1.0 => Some(Trim {
            low: lower.value,
            high: upper.value,
        }),
        [first, ..] => {
            low.found.error(
                codes::OUT_OF_DOMAIN,
                &first.at,
                format!("{path}.trim: two bounds around 1, which is the mean of the weights"),
                "such as trim: [0.3, 3]",
            );
            return None;
        }
    };
    (!margins.is_empty()).then_some(Derivation::Rake { to: margins, trim })
}

/// Every level has a share: what is not named would be weighted away in silence.
fn margin(
    path: &str,
    factor: &Located<String>,
    shares: &Named<Located<f64>>,
    columns: &Columns<'_>,
    low: &mut Lowering<'_>,
) -> Option<BTreeMap<String, f64>> {
    if !columns.require(&factor.value, &factor.at, path, low) {
        return None;
    }
    let mut margin = BTreeMap::new();
    for (level, share) in shares {
        let level = columns.level(&factor.value, &level.value, &level.at, path, low)?;
        margin.insert(level, share.value);
    }
    let levels = columns.variable(&factor.value).map(|v| v.levels.names.as_slice());
    let levels = levels.unwrap_or_default();
    let total: f64 = margin.values().sum();
    let whole = levels.iter().all(|l| margin.contains_key(l)) && (total - 1.0).abs() <= 1e-9;
    if levels.is_empty() || !whole || margin.values().any(|share| *share <= 0.0) {
        low.found.error(
            codes::OUT_OF_DOMAIN,
            &factor.at,
            format!(
                "{path}.rake.{}: {} of {} levels have shares, which sum to {total}",
                factor.value,
                margin.len(),
                levels.len()
            ),
            "give every level a share above 0, summing to 1; leave other rows out by an exclusion",
        );
        return None;
    }
    Some(margin)
}
