//! The latent distribution of ordered models: probabilities of intervals and their derivatives, without cancellation.
//!
//! Both distributions are symmetric, so an interval above zero is taken from its mirror image below it.

use crate::estimate::tails;

/// The distribution of the latent variable's error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latent {
    /// Ordered logit.
    Logistic,
    /// Ordered probit.
    Normal,
}

impl Latent {
    /// P(a < Z ≤ b). The ends may be infinite; a ≤ b.
    pub fn between(self, a: f64, b: f64) -> f64 {
        if a + b > 0.0 {
            return self.between(-b, -a);
        }
        if a == f64::NEG_INFINITY {
            return self.below(b);
        }
        match self {
            // F(b) − F(a) = F(b) (1 − F(a)) (1 − e^(a − b))
            Latent::Logistic => self.below(b) * self.below(-a) * -(a - b).exp_m1(),
            Latent::Normal => self.below(b) - self.below(a),
        }
    }

    /// F(z)
    pub fn below(self, z: f64) -> f64 {
        match self {
            Latent::Logistic if z >= 0.0 => 1.0 / (1.0 + (-z).exp()),
            Latent::Logistic => z.exp() / (1.0 + z.exp()),
            Latent::Normal => tails::normal_sf(-z),
        }
    }

    /// F′(z), 0 at infinity.
    pub fn density(self, z: f64) -> f64 {
        match self {
            Latent::Logistic => self.below(z) * self.below(-z),
            Latent::Normal => (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt(),
        }
    }

    /// F″(z), 0 at infinity.
    pub fn curvature(self, z: f64) -> f64 {
        match self {
            _ if z.is_infinite() => 0.0,
            Latent::Logistic => self.density(z) * (self.below(-z) - self.below(z)),
            Latent::Normal => -z * self.density(z),
        }
    }

    /// Where a share of the distribution lies below, nearly: a start for iterations. 0 < `share` < 1.
    pub fn near_quantile(self, share: f64) -> f64 {
        let logit = (share / (1.0 - share)).ln();
        match self {
            Latent::Logistic => logit,
            // The normal's slope against the logistic's at the centre.
            Latent::Normal => logit * (std::f64::consts::PI / 8.0).sqrt(),
        }
    }
}
