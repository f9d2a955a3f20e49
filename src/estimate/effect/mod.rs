//! Effect sizes with intervals, one file each: standardised differences, shares of variance, ratios, associations.
//!
//! Where effectsize (R) inverts a noncentral distribution, so does this, to the last digit rather than by a search
//! that stops early. Intervals are two-sided. Held to effectsize, or base R where effectsize errs
//! (`tests/effect_sizes.rs`).

mod cohens_d;
mod cramers_v;
mod eta_squared;
mod glass_delta;
mod hedges_g;
mod odds_ratio;
mod omega_squared;
mod one_sample;
mod r;
mod risk_difference;
mod risk_ratio;

pub use cohens_d::cohens_d;
pub use cramers_v::cramers_v;
pub use eta_squared::{eta_squared, eta_squared_of_total};
pub use glass_delta::glass_delta;
pub use hedges_g::hedges_g;
pub use odds_ratio::{odds_ratio, odds_ratio_of_log};
pub use omega_squared::{omega_squared, omega_squared_of_total, partial_omega_squared};
pub use one_sample::{d_av, d_of_one, g_of_one};
pub use r::r;
pub use risk_difference::risk_difference;
pub use risk_ratio::{risk_ratio, risk_ratio_of_log};

use super::{noncentral, tails};
use crate::design::Refusal;
use crate::diagnostic::codes;

/// An effect size with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sized {
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

impl Sized {
    fn times(self, factor: f64) -> Sized {
        Sized {
            estimate: self.estimate * factor,
            low: self.low * factor,
            high: self.high * factor,
        }
    }
}

/// Two by two counts: events and others in the group of interest, events and others in the one it is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoByTwo {
    pub events: f64,
    pub others: f64,
    pub base_events: f64,
    pub base_others: f64,
}

impl TwoByTwo {
    fn risks(&self) -> (f64, f64) {
        let of = |events: f64, others: f64| events / (events + others);
        (
            of(self.events, self.others),
            of(self.base_events, self.base_others),
        )
    }
}

/// estimate = t √`unit`, its interval by the noncentralities of t with `df`.
fn by_noncentral_t(estimate: f64, unit: f64, df: f64, level: f64) -> Sized {
    let (t, p) = (estimate / unit.sqrt(), (1.0 - level) / 2.0);
    Sized {
        estimate,
        low: noncentral::t_noncentrality(t, df, p) * unit.sqrt(),
        high: -noncentral::t_noncentrality(-t, df, p) * unit.sqrt(),
    }
}

/// exp(log ± z · error).
fn by_log(log: f64, error: f64, level: f64) -> Sized {
    let width = tails::t_quantile((1.0 - level) / 2.0, f64::INFINITY) * error;
    Sized {
        estimate: log.exp(),
        low: (log - width).exp(),
        high: (log + width).exp(),
    }
}

fn undefined(message: &str) -> Refusal {
    Refusal::new(codes::NOT_DEFINED, message)
}
