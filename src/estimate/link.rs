//! Links of generalised linear models: the mean and its derivatives by the linear predictor.

use super::tails;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Identity,
    Logit,
    Probit,
    Cloglog,
    Log,
}

impl Link {
    /// μ(η)
    pub fn mean(self, eta: f64) -> f64 {
        match self {
            Link::Identity => eta,
            Link::Logit => logistic(eta),
            Link::Probit => tails::normal_sf(-eta),
            Link::Cloglog => -(-eta.exp()).exp_m1(),
            Link::Log => eta.exp(),
        }
    }

    /// dμ/dη
    pub fn slope(self, eta: f64) -> f64 {
        match self {
            Link::Identity => 1.0,
            Link::Logit => logistic(eta) * logistic(-eta),
            Link::Probit => normal_density(eta),
            Link::Cloglog => (eta - eta.exp()).exp(),
            Link::Log => eta.exp(),
        }
    }

    /// d²μ/dη²
    pub fn curvature(self, eta: f64) -> f64 {
        match self {
            Link::Identity => 0.0,
            Link::Logit => self.slope(eta) * (logistic(-eta) - logistic(eta)),
            Link::Probit => -eta * normal_density(eta),
            Link::Cloglog => self.slope(eta) * (1.0 - eta.exp()),
            Link::Log => eta.exp(),
        }
    }
}

fn logistic(eta: f64) -> f64 {
    if eta >= 0.0 {
        1.0 / (1.0 + (-eta).exp())
    } else {
        eta.exp() / (1.0 + eta.exp())
    }
}

/// φ(z)
pub fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt()
}
