//! The deviance profiled over β and σ, as a function of θ (Bates et al. 2015, eqs 34 and 41).
//!
//! ML: ln|Λ′Z′ZΛ + I| + n(1 + ln(2πr²/n)); REML: the same with n − k for n, and + ln|R_X|².

use super::matrix::{cholesky, ln_det, solve_lower, solve_lower_transposed, times, times_transposed};
use super::problem::Problem;
use crate::plan::Likelihood;
use std::f64::consts::TAU;

/// The model at one θ.
pub(super) struct Profile {
    pub deviance: f64,
    /// The penalised residual sum of squares r².
    pub pwrss: f64,
    pub sigma: f64,
    /// k × k lower: LL′ = Q′V⁻¹Q, V = I + ZΛΛ′Z′.
    pub factor: Vec<f64>,
    /// Q′V⁻¹Q's solution for the residuals of least squares.
    pub shift: Vec<f64>,
}

impl Problem {
    /// Degrees of freedom of r²: n, or n − k under REML.
    pub fn df(&self) -> f64 {
        match self.likelihood {
            Likelihood::Ml => self.n as f64,
            Likelihood::Reml => (self.n - self.k) as f64,
        }
    }

    /// The profile at a scaled θ. Nothing where a pivot is lost to rounding.
    pub fn profile(&self, theta: &[f64]) -> Option<Profile> {
        let (k, width) = (self.k, self.k + 1);
        let (ln_det_z, reduced) = self.eliminate(theta)?;
        let mut factor = vec![0.0; k * k];
        for i in 0..k {
            for j in 0..k {
                factor[i * k + j] = reduced[i * width + j];
            }
        }
        cholesky(&mut factor, k)?;
        let mut shift: Vec<f64> = (0..k).map(|j| reduced[k * width + j]).collect();
        solve_lower(&factor, k, &mut shift, 1);
        let explained: f64 = shift.iter().map(|v| v * v).sum();
        let pwrss = reduced[k * width + k] - explained;
        solve_lower_transposed(&factor, k, &mut shift);
        if pwrss.is_nan() || pwrss <= 0.0 {
            return None;
        }
        let df = self.df();
        let mut deviance = ln_det_z + df * (1.0 + (TAU * pwrss / df).ln());
        if self.likelihood == Likelihood::Reml {
            let ln_r: f64 = (0..k).map(|j| self.r[j * k + j].ln()).sum();
            deviance += ln_det(&factor, k) + 2.0 * ln_r;
        }
        deviance.is_finite().then(|| Profile {
            deviance,
            pwrss,
            sigma: (pwrss / df).sqrt(),
            factor,
            shift,
        })
    }

    /// ln|Λ′Z′ZΛ + I| and W′V⁻¹W, (k + 1) × (k + 1), its lower triangle.
    fn eliminate(&self, theta: &[f64]) -> Option<(f64, Vec<f64>)> {
        let (m, width) = (self.m, self.k + 1);
        let lambdas: Vec<Vec<f64>> = self.factors.iter().map(|f| f.lambda(theta)).collect();
        let q = self.factors.first()?.q;
        let first = lambdas.first()?;
        let mut sum = 0.0;
        let mut ww = self.ww.clone();
        let (mut dense, mut right) = self.dense(&lambdas);
        for (group, zz) in self.zz.iter().enumerate() {
            let mut block = times_transposed(first, q, &times(zz, q, first, q), q);
            (0..q).for_each(|j| block[j * q + j] += 1.0);
            cholesky(&mut block, q)?;
            sum += ln_det(&block, q);
            let mut u = times_transposed(first, q, &self.zw[group], width);
            solve_lower(&block, q, &mut u, width);
            subtract_gram(&mut ww, &u, width);
            let entering: Vec<(usize, usize, Vec<f64>)> = self.cross[group]
                .iter()
                .map(|c| {
                    let own = self.factors[c.factor].q;
                    let right = times(&c.values, q, &lambdas[c.factor], own);
                    let mut block_c = times_transposed(first, q, &right, own);
                    solve_lower(&block, q, &mut block_c, own);
                    (c.column, own, block_c)
                })
                .collect();
            for (column, own, values) in &entering {
                for a in 0..*own {
                    let row = column + a;
                    for (other, others, factor) in entering.iter().filter(|e| e.0 <= *column) {
                        for b in 0..*others {
                            let gained: f64 =
                                (0..q).map(|s| values[s * own + a] * factor[s * others + b]).sum();
                            dense[row * m + other + b] -= gained;
                        }
                    }
                    for c in 0..width {
                        let gained: f64 = (0..q).map(|s| values[s * own + a] * u[s * width + c]).sum();
                        right[row * width + c] -= gained;
                    }
                }
            }
        }
        if m > 0 {
            cholesky(&mut dense, m)?;
            sum += ln_det(&dense, m);
            solve_lower(&dense, m, &mut right, width);
            subtract_gram(&mut ww, &right, width);
        }
        Some((sum, ww))
    }

    /// Λ₂′Z₂′Z₂Λ₂ + I and Λ₂′Z₂′W of the later factors.
    fn dense(&self, lambdas: &[Vec<f64>]) -> (Vec<f64>, Vec<f64>) {
        let (m, width) = (self.m, self.k + 1);
        let (mut dense, mut right) = (self.rest.clone(), self.rest_w.clone());
        let mut start = 0;
        for (factor, lambda) in self.factors.iter().zip(lambdas).skip(1) {
            let q = factor.q;
            for group in 0..factor.groups {
                let rows = start + group * q..start + (group + 1) * q;
                let scaled = times_transposed(lambda, q, &dense[rows.start * m..rows.end * m], m);
                dense[rows.start * m..rows.end * m].copy_from_slice(&scaled);
                let scaled = times_transposed(lambda, q, &right[rows.start * width..rows.end * width], width);
                right[rows.start * width..rows.end * width].copy_from_slice(&scaled);
            }
            start += factor.groups * q;
        }
        for row in dense.chunks_exact_mut(m.max(1)) {
            let mut start = 0;
            for (factor, lambda) in self.factors.iter().zip(lambdas).skip(1) {
                let (q, end) = (factor.q, start + factor.groups * factor.q);
                let scaled = times(&row[start..end], factor.groups, lambda, q);
                row[start..end].copy_from_slice(&scaled);
                start = end;
            }
        }
        (0..m).for_each(|j| dense[j * m + j] += 1.0);
        (dense, right)
    }

    /// The fixed effects' variance over σ², k × k by rows: (X′V⁻¹X)⁻¹ = R⁻¹(LL′)⁻¹R⁻¹′.
    pub fn unscaled_vcov(&self, profile: &Profile) -> Vec<f64> {
        let k = self.k;
        // Column j of L⁻¹R⁻¹′, whose Gram matrix this is.
        let transposed: Vec<f64> = (0..k * k).map(|e| self.r[(e % k) * k + e / k]).collect();
        let mut root = vec![0.0; k * k];
        (0..k).for_each(|j| root[j * k + j] = 1.0);
        solve_lower(&transposed, k, &mut root, k);
        solve_lower(&profile.factor, k, &mut root, k);
        let entry = |a: usize, b: usize| (0..k).map(|s| root[s * k + a] * root[s * k + b]).sum();
        (0..k * k).map(|e| entry(e / k, e % k)).collect()
    }

    /// β = β₀ + R⁻¹ shift.
    pub fn coefficients(&self, profile: &Profile) -> Vec<f64> {
        let k = self.k;
        let mut change = profile.shift.clone();
        for j in (0..k).rev() {
            let known: f64 = (j + 1..k).map(|c| self.r[j * k + c] * change[c]).sum();
            change[j] = (change[j] - known) / self.r[j * k + j];
        }
        self.origin.iter().zip(change).map(|(b, c)| b + c).collect()
    }
}

/// A − U′U, `u` of `width` columns; all of A.
fn subtract_gram(a: &mut [f64], u: &[f64], width: usize) {
    for row in u.chunks_exact(width) {
        for (i, v) in row.iter().enumerate() {
            let into = &mut a[i * width..(i + 1) * width];
            into.iter_mut().zip(row).for_each(|(s, w)| *s -= v * w);
        }
    }
}
