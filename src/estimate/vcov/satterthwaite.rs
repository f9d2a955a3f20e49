//! Degrees of freedom of CR2: Satterthwaite's for one combination, Hotelling's T² approximation for several.
//!
//! For a combination c, p_g = (I − H)_g′ A_g W_g X_g M c and df = (Σ p_g′p_g)² / ΣΣ (p_g′p_h)²
//! (Bell & McCaffrey 2002). For q combinations, HTZ: η = q(q + 1)/Σ Var(d_st), F = (η − q + 1)/(ηq) · Q with q and
//! η − q + 1 degrees of freedom (Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004).
//! Held to clubSandwich and estimatr (`tests/oracle.rs`).

use faer::{Mat, Side};

/// Of one cluster, with E = A_g W_g X_g.
#[derive(Clone, Debug)]
pub(super) struct ClusterMoments {
    /// E′E
    pub own: Mat<f64>,
    /// X_g′E
    pub plain: Mat<f64>,
    /// X_g′W_g E
    pub weighted: Mat<f64>,
}

/// The moments of a bias-reduced variance under independent errors.
#[derive(Clone, Debug)]
pub struct BellMcCaffrey {
    /// From coefficients of the clusters' basis, in which M = I, to those of the columns.
    from_basis: Mat<f64>,
    /// X′W²X
    spread: Mat<f64>,
    clusters: Vec<ClusterMoments>,
}

/// Of one combination and one cluster, with u = X_g′E c and v = X_g′W_g E c.
struct Moved {
    plain: Vec<f64>,
    weighted: Vec<f64>,
    /// X′W²X u
    spread_plain: Vec<f64>,
    /// E′E c
    own: Vec<f64>,
}

/// What the p_g′p_h of several combinations are made of.
struct Products {
    /// Each combination in the basis.
    combined: Vec<Vec<f64>>,
    /// By combination and cluster.
    moved: Vec<Vec<Moved>>,
}

impl BellMcCaffrey {
    pub(super) fn new(from_basis: Mat<f64>, spread: Mat<f64>, clusters: Vec<ClusterMoments>) -> Self {
        BellMcCaffrey {
            from_basis,
            spread,
            clusters,
        }
    }

    /// Satterthwaite's degrees of freedom of the combination `row`.
    pub fn df(&self, row: &[f64]) -> f64 {
        let products = self.products(&[row.to_vec()]);
        let g = self.clusters.len();
        let mut trace = 0.0;
        let mut squares = 0.0;
        for a in 0..g {
            for b in 0..g {
                let product = self.product(&products, (0, a), (0, b));
                squares += product * product;
                if a == b {
                    trace += product;
                }
            }
        }
        trace * trace / squares
    }

    /// η of Hotelling's T² approximation for the combinations in `rows`; nothing if their variance is singular.
    pub fn eta(&self, rows: &[Vec<f64>]) -> Option<f64> {
        let (q, g) = (rows.len(), self.clusters.len());
        let rows = &self.unit(rows);
        let first = self.products(rows);
        let omega = Mat::from_fn(q, q, |s, t| {
            (0..g).map(|a| self.product(&first, (s, a), (t, a))).sum::<f64>()
        });
        let eigen = omega.self_adjoint_eigen(Side::Lower).ok()?;
        let (u, values) = (eigen.U(), eigen.S().column_vector());
        if (0..q).any(|i| values[i] <= 1e-12 * values[q - 1]) {
            return None;
        }
        let root = Mat::from_fn(q, q, |i, j| u[(i, j)] / values[j].sqrt()) * u.transpose();
        let standard: Vec<Vec<f64>> = (0..q)
            .map(|s| {
                (0..rows.first().map_or(0, Vec::len))
                    .map(|j| {
                        rows.iter()
                            .enumerate()
                            .map(|(t, row)| root[(s, t)] * row[j])
                            .sum()
                    })
                    .collect()
            })
            .collect();
        let products = self.products(&standard);
        let mut variance = 0.0;
        for a in 0..g {
            for b in 0..g {
                let block = Mat::from_fn(q, q, |s, t| self.product(&products, (s, a), (t, b)));
                for s in 0..q {
                    for t in 0..q {
                        variance += block[(s, s)] * block[(t, t)] + block[(s, t)] * block[(t, s)];
                    }
                }
            }
        }
        Some((q * (q + 1)) as f64 / variance)
    }

    /// The combinations, each with a variance of one, so that their units do not matter.
    fn unit(&self, rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let products = self.products(rows);
        let size = |s: usize| -> f64 {
            (0..self.clusters.len())
                .map(|a| self.product(&products, (s, a), (s, a)))
                .sum::<f64>()
                .sqrt()
        };
        let scaled = |(s, row): (usize, &Vec<f64>)| row.iter().map(|v| v / size(s)).collect();
        rows.iter().enumerate().map(scaled).collect()
    }

    fn products(&self, rows: &[Vec<f64>]) -> Products {
        let into = self.from_basis.transpose().to_owned();
        let combined: Vec<Vec<f64>> = rows.iter().map(|row| times(&into, row)).collect();
        let moved = |c: &Vec<f64>, cluster: &ClusterMoments| {
            let (plain, weighted) = (times(&cluster.plain, c), times(&cluster.weighted, c));
            Moved {
                spread_plain: times(&self.spread, &plain),
                own: times(&cluster.own, c),
                plain,
                weighted,
            }
        };
        Products {
            moved: combined
                .iter()
                .map(|c| self.clusters.iter().map(|cluster| moved(c, cluster)).collect())
                .collect(),
            combined,
        }
    }

    /// p_g′p_h of combination and cluster `left` with combination and cluster `right`.
    fn product(&self, of: &Products, left: (usize, usize), right: (usize, usize)) -> f64 {
        let ((s, g), (t, h)) = (left, right);
        let (one, other) = (&of.moved[s][g], &of.moved[t][h]);
        let own = if g == h {
            dot(&of.combined[s], &other.own)
        } else {
            0.0
        };
        own - dot(&one.plain, &other.weighted) - dot(&one.weighted, &other.plain)
            + dot(&one.plain, &other.spread_plain)
    }
}

fn times(matrix: &Mat<f64>, vector: &[f64]) -> Vec<f64> {
    (0..matrix.nrows())
        .map(|i| vector.iter().enumerate().map(|(j, v)| matrix[(i, j)] * v).sum())
        .collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
