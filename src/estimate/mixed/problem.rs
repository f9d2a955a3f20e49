//! What the deviance needs of the data: cross products of Z, X and y, taken once.
//!
//! X = QR and y is replaced by its least-squares residuals, so that sums of squares do not cancel; columns of Z
//! are scaled by powers of two. The factor with the most columns is eliminated group by group, the others in one
//! dense system.

use super::Term;
use crate::plan::Likelihood;
use std::collections::BTreeMap;

/// A term's place in its factor and in θ.
pub(super) struct Part {
    pub term: usize,
    pub q: usize,
    pub correlated: bool,
    /// Its first column among the factor's.
    pub column: usize,
    /// Its first entry of θ.
    pub theta: usize,
}

impl Part {
    /// (row, column) of Λ for each entry of this term's θ.
    pub fn places(&self) -> Vec<(usize, usize)> {
        if self.correlated {
            (0..self.q)
                .flat_map(|j| (j..self.q).map(move |i| (i, j)))
                .collect()
        } else {
            (0..self.q).map(|j| (j, j)).collect()
        }
    }

    /// Λ of this term, q × q by rows, from the whole of θ.
    pub fn lambda(&self, theta: &[f64]) -> Vec<f64> {
        let mut lambda = vec![0.0; self.q * self.q];
        for (offset, (i, j)) in self.places().into_iter().enumerate() {
            lambda[i * self.q + j] = theta[self.theta + offset];
        }
        lambda
    }
}

/// A grouping factor with all terms on it.
pub(super) struct Factor {
    pub codes: Vec<usize>,
    pub groups: usize,
    pub q: usize,
    pub parts: Vec<Part>,
}

impl Factor {
    /// Λ of one group, q × q.
    pub fn lambda(&self, theta: &[f64]) -> Vec<f64> {
        let mut lambda = vec![0.0; self.q * self.q];
        for part in &self.parts {
            for (offset, (i, j)) in part.places().into_iter().enumerate() {
                lambda[(part.column + i) * self.q + part.column + j] = theta[part.theta + offset];
            }
        }
        lambda
    }
}

/// Z₁ᵍ′Z₂ for one group of a later factor.
pub(super) struct Cross {
    pub factor: usize,
    /// Its first column of the dense system.
    pub column: usize,
    /// q₁ × q.
    pub values: Vec<f64>,
}

/// The cross products of a model. W = [Q r], n × (k + 1).
pub(super) struct Problem {
    pub likelihood: Likelihood,
    pub n: usize,
    pub k: usize,
    /// The least-squares coefficients.
    pub origin: Vec<f64>,
    /// R of X = QR, by rows.
    pub r: Vec<f64>,
    pub ww: Vec<f64>,
    /// The first is eliminated group by group.
    pub factors: Vec<Factor>,
    /// For each entry of θ, what its row of Λ was multiplied by.
    pub scale: Vec<f64>,
    /// For each group of the first factor, Z′Z and Z′W.
    pub zz: Vec<Vec<f64>>,
    pub zw: Vec<Vec<f64>>,
    pub cross: Vec<Vec<Cross>>,
    /// Columns of the later factors, their Z′Z and Z′W.
    pub m: usize,
    pub rest: Vec<f64>,
    pub rest_w: Vec<f64>,
}

/// Least squares with X = QR.
pub(super) struct Fixed {
    pub coefficients: Vec<f64>,
    pub residuals: Vec<f64>,
    pub q: Vec<Vec<f64>>,
    pub r: Vec<f64>,
}

impl Fixed {
    /// Gram–Schmidt, each column twice (Giraud, Langou & Rozložník 2005, doi:10.1016/j.camwa.2005.08.009).
    pub fn new(x: &[Vec<f64>], coefficients: Vec<f64>, residuals: Vec<f64>) -> Fixed {
        let k = x.len();
        let (mut q, mut r): (Vec<Vec<f64>>, _) = (Vec::new(), vec![0.0; k * k]);
        for (j, column) in x.iter().enumerate() {
            let mut v = column.clone();
            for _ in 0..2 {
                for (i, known) in q.iter().enumerate() {
                    let share = super::matrix::dot(known, &v);
                    r[i * k + j] += share;
                    v.iter_mut().zip(known).for_each(|(v, q)| *v -= share * q);
                }
            }
            let norm = super::matrix::dot(&v, &v).sqrt();
            r[j * k + j] = norm;
            v.iter_mut().for_each(|v| *v /= norm);
            q.push(v);
        }
        Fixed {
            coefficients,
            residuals,
            q,
            r,
        }
    }
}

/// Terms on the same grouping, gathered; the factor with the most columns first.
pub(super) fn factors(terms: &[Term]) -> Vec<Factor> {
    let mut found: Vec<Factor> = Vec::new();
    let mut theta = 0;
    for (term, t) in terms.iter().enumerate() {
        let mut seen = BTreeMap::new();
        let mut codes = Vec::with_capacity(t.codes.len());
        for code in &t.codes {
            let next = seen.len();
            codes.push(*seen.entry(*code).or_insert(next));
        }
        let place = found.iter().position(|f| f.codes == codes).unwrap_or(found.len());
        if place == found.len() {
            found.push(Factor {
                codes,
                groups: seen.len(),
                q: 0,
                parts: Vec::new(),
            });
        }
        let factor = &mut found[place];
        let part = Part {
            term,
            q: t.columns.len(),
            correlated: t.correlated,
            column: factor.q,
            theta,
        };
        theta += part.places().len();
        factor.q += part.q;
        factor.parts.push(part);
    }
    found.sort_by_key(|f| std::cmp::Reverse(f.groups * f.q));
    found
}

/// Multiplications of one evaluation of the deviance: those of the dense system, and of what enters it.
pub(super) fn work(factors: &[Factor]) -> f64 {
    let Some((first, later)) = factors.split_first() else {
        return 0.0;
    };
    let m: usize = later.iter().map(|f| f.groups * f.q).sum();
    let mut met = vec![0.0; first.groups];
    for f in later {
        let mut pairs: Vec<(usize, usize)> =
            first.codes.iter().copied().zip(f.codes.iter().copied()).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs.iter().for_each(|(g, _)| met[*g] += f.q as f64);
    }
    let entering: f64 = met.iter().map(|v| v * v * first.q as f64).sum();
    (m as f64).powi(3) / 6.0 + 0.5 * entering
}

impl Problem {
    pub fn new(likelihood: Likelihood, fixed: Fixed, terms: &[Term], factors: Vec<Factor>) -> Problem {
        let (n, k) = (fixed.residuals.len(), fixed.q.len());
        let w: Vec<&[f64]> = fixed
            .q
            .iter()
            .chain([&fixed.residuals])
            .map(Vec::as_slice)
            .collect();
        let ww = w
            .iter()
            .flat_map(|a| w.iter().map(|b| super::matrix::dot(a, b)))
            .collect();
        let norms: Vec<Vec<f64>> = factors.iter().map(|f| norms(f, terms)).collect();
        let scale = scales(&factors, &norms);
        let z: Vec<Vec<Vec<f64>>> = factors
            .iter()
            .zip(&norms)
            .map(|(f, norms)| rows_of(f, norms, terms))
            .collect();
        let m = factors.iter().skip(1).map(|f| f.groups * f.q).sum();
        let (groups, q) = factors.first().map_or((0, 0), |f| (f.groups, f.q));
        let mut problem = Problem {
            likelihood,
            n,
            k,
            origin: fixed.coefficients,
            r: fixed.r,
            ww,
            scale,
            zz: vec![vec![0.0; q * q]; groups],
            zw: vec![vec![0.0; q * (k + 1)]; groups],
            cross: Vec::new(),
            m,
            rest: vec![0.0; m * m],
            rest_w: vec![0.0; m * (k + 1)],
            factors,
        };
        problem.gather(&z, &w);
        problem
    }

    /// Sums the products of each row.
    fn gather(&mut self, z: &[Vec<Vec<f64>>], w: &[&[f64]]) {
        let groups = self.zz.len();
        let mut cross: Vec<BTreeMap<(usize, usize), Vec<f64>>> = vec![BTreeMap::new(); groups];
        for i in 0..self.n {
            let row: Vec<f64> = w.iter().map(|c| c[i]).collect();
            let (first, g) = (&z[0][i], self.factors[0].codes[i]);
            add_outer(&mut self.zz[g], first, first);
            add_outer(&mut self.zw[g], first, &row);
            // Where this row stands in the dense system: factor, first column, values.
            let mut later = Vec::new();
            let mut start = 0;
            for (f, factor) in self.factors.iter().enumerate().skip(1) {
                later.push((f, start + factor.codes[i] * factor.q, &z[f][i]));
                start += factor.groups * factor.q;
            }
            for (f, column, values) in &later {
                let sums = cross[g]
                    .entry((*f, *column))
                    .or_insert_with(|| vec![0.0; first.len() * values.len()]);
                add_outer(sums, first, values);
                for (a, value) in values.iter().enumerate() {
                    let width = row.len();
                    let into = &mut self.rest_w[(column + a) * width..(column + a + 1) * width];
                    into.iter_mut().zip(&row).for_each(|(s, v)| *s += value * v);
                    for (_, other, others) in &later {
                        for (b, v) in others.iter().enumerate() {
                            self.rest[(column + a) * self.m + other + b] += value * v;
                        }
                    }
                }
            }
        }
        let named = |((factor, column), values)| Cross {
            factor,
            column,
            values,
        };
        self.cross = cross
            .into_iter()
            .map(|c| c.into_iter().map(named).collect())
            .collect();
    }
}

fn add_outer(sums: &mut [f64], a: &[f64], b: &[f64]) {
    for (row, a) in sums.chunks_exact_mut(b.len()).zip(a) {
        row.iter_mut().zip(b).for_each(|(s, b)| *s += a * b);
    }
}

/// For each column of a factor, a power of two near the root of its mean sum of squares a group.
fn norms(factor: &Factor, terms: &[Term]) -> Vec<f64> {
    let columns = factor.parts.iter().flat_map(|p| &terms[p.term].columns);
    columns
        .map(|c| {
            let largest = c.iter().fold(0.0f64, |m, v| m.max(v.abs()));
            let squares: f64 = c.iter().map(|v| (v / largest).powi(2)).sum();
            (largest * (squares / factor.groups as f64).sqrt())
                .log2()
                .round()
                .exp2()
        })
        .collect()
}

fn scales(factors: &[Factor], norms: &[Vec<f64>]) -> Vec<f64> {
    let mut placed: Vec<(usize, f64)> = Vec::new();
    for (factor, norms) in factors.iter().zip(norms) {
        for part in &factor.parts {
            for (offset, (i, _)) in part.places().into_iter().enumerate() {
                placed.push((part.theta + offset, norms[part.column + i]));
            }
        }
    }
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, scale)| scale).collect()
}

/// For each row, its scaled values of a factor's columns.
fn rows_of(factor: &Factor, norms: &[f64], terms: &[Term]) -> Vec<Vec<f64>> {
    let columns: Vec<&Vec<f64>> = factor.parts.iter().flat_map(|p| &terms[p.term].columns).collect();
    (0..factor.codes.len())
        .map(|i| columns.iter().zip(norms).map(|(c, norm)| c[i] / norm).collect())
        .collect()
}
