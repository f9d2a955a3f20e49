//! p from the printed statistic and degrees of freedom.
//!
//! A rounded statistic stands for an interval, and so does its p: [p(|s| + ½u), p(|s| − ½u)]. A printed p agrees if some p in that
//! interval may be rounded to it, or lies within its bound; two-sided for t, z and r. Where it does not and would lead to another
//! decision at 5%, the decision is in error (Nuijten et al. 2016, doi:10.3758/s13428-015-0664-2).
//! Held to R's `pt`, `pf`, `pchisq`, `pnorm` and to statcheck (`tests/oracle/recomputed.py`).

use super::{Kind, Reported};
use crate::claims::printed::{Bound, Printed};
use crate::estimate::tails;
use crate::spec::claims::Rounding;
use serde::Serialize;

/// The level at which a decision is looked at.
const ALPHA: f64 = 0.05;

/// What the printed statistic gives.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Recomputed {
    /// Of the printed digits.
    pub p: f64,
    /// Of all statistics that round to them.
    pub low: f64,
    pub high: f64,
    pub agreement: Agreement,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    Agrees,
    /// A one-sided p agrees, and a one-sided test is spoken of or registered.
    AgreesOneSided,
    Differs,
    /// It differs, and so does the decision at 5%.
    DecidesOtherwise,
    /// There is no statistic to compute it from, and nothing in the run has this estimate and error.
    NotRecomputed,
}

/// Recomputes p. `directed` where the registered test is one-sided.
pub fn recompute(reported: &Reported, directed: bool) -> Recomputed {
    let s = &reported.statistic;
    let size = s.value.abs();
    let cap = if reported.kind == Kind::R {
        1.0
    } else {
        f64::INFINITY
    };
    let p = p_of(reported, size);
    let near = p_of(reported, (size - s.unit / 2.0).max(0.0));
    let far = p_of(reported, (size + s.unit / 2.0).min(cap));
    let (low, high) = match s.bound {
        Bound::Equals => (far, near),
        Bound::Above | Bound::AtLeast => (0.0, p),
        Bound::Below | Bound::AtMost => (p, 1.0),
    };
    let sides = matches!(reported.kind, Kind::T | Kind::Z | Kind::R);
    let agreement = if agrees(&reported.p, low, high) {
        Agreement::Agrees
    } else if sides && (directed || reported.one_sided) && one_sided(&reported.p, low, high) {
        Agreement::AgreesOneSided
    } else if decides(&reported.p) != Some(p <= ALPHA) && decides(&reported.p).is_some() {
        Agreement::DecidesOtherwise
    } else {
        Agreement::Differs
    };
    Recomputed {
        p,
        low,
        high,
        agreement,
    }
}

/// Whether a one-sided test may have that p, with its direction or against it.
fn one_sided(printed: &Printed, low: f64, high: f64) -> bool {
    agrees(printed, low / 2.0, high / 2.0) || agrees(printed, 1.0 - high / 2.0, 1.0 - low / 2.0)
}

/// Whether some p between these may be what is printed. No test has a p of zero.
fn agrees(printed: &Printed, low: f64, high: f64) -> bool {
    match printed.bound {
        Bound::Equals => {
            let (from, to) = printed.interval(Rounding::Nearest);
            let slack = 1e-6 * printed.unit;
            printed.value > 0.0 && from - slack <= high && low <= to + slack
        }
        Bound::Below => low < printed.value,
        Bound::AtMost => low <= printed.value,
        Bound::Above => high > printed.value,
        Bound::AtLeast => high >= printed.value,
    }
}

/// The decision at 5% that the printed p gives, if it gives one.
fn decides(printed: &Printed) -> Option<bool> {
    match printed.bound {
        Bound::Equals => Some(printed.value <= ALPHA),
        Bound::Below | Bound::AtMost => (printed.value <= ALPHA).then_some(true),
        Bound::Above | Bound::AtLeast => (printed.value >= ALPHA).then_some(false),
    }
}

/// The run's own p beside the printed one, where there is no statistic.
pub(super) fn beside_run(fits: bool, p: f64) -> Recomputed {
    Recomputed {
        p,
        low: p,
        high: p,
        agreement: if fits {
            Agreement::Agrees
        } else {
            Agreement::Differs
        },
    }
}

fn p_of(reported: &Reported, size: f64) -> f64 {
    let df = |position: usize| reported.df.get(position).map_or(f64::NAN, |df| df.value);
    match reported.kind {
        Kind::T => tails::t_two_sided(size, df(0)),
        Kind::Z => 2.0 * tails::normal_sf(size),
        Kind::R if size >= 1.0 => 0.0,
        Kind::R => tails::t_two_sided(size * (df(0) / (1.0 - size * size)).sqrt(), df(0)),
        Kind::F => tails::f_sf(size, df(0), df(1)),
        Kind::ChiSquared | Kind::Q => tails::chi2_sf(size, df(0)),
        Kind::Estimate => f64::NAN,
    }
}
