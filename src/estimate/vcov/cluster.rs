//! Cluster-robust variances: the influences of each cluster summed, then their outer products.
//!
//! V = M Σ_g X_g′W_g A_g e_g e_g′ A_g′ W_g X_g M with M = (X′WX)⁻¹.
//! CR0, CR1, CR1S: A = I (Liang & Zeger 1986, doi:10.1093/biomet/73.1.13) ·
//! CR2: A_g = [(I − H)_g (I − H)_g′]^(−1/2) (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018,
//! doi:10.1080/07350015.2016.1247004) · CR3: A_g = (I − H_gg)⁻¹.
//! Held to clubSandwich, estimatr, sandwich and statsmodels (`tests/oracle.rs`).

use super::satterthwaite::{BellMcCaffrey, ClusterMoments};
use crate::design::{Design, Refusal};
use crate::diagnostic::codes;
use crate::estimate::likelihood;
use crate::estimate::ols::Solution;
use crate::plan::Vcov;
use faer::linalg::solvers::Solve;
use faer::{Mat, Side};
use std::collections::BTreeMap;

/// An eigenvalue of (I − H)_g below this is a direction in which the cluster is fitted exactly.
const FITTED: f64 = 1e-10;
/// Larger clusters are refused: their adjustment is a dense matrix of this size squared.
const CLUSTER_LIMIT: usize = 5_000;

pub(super) fn summed(design: &Design, solution: &Solution, kind: Vcov) -> Result<Vec<Vec<f64>>, Refusal> {
    let influence: Vec<Vec<f64>> = solution
        .influence
        .iter()
        .zip(&solution.residuals)
        .map(|(row, e)| row.iter().map(|v| v * e).collect())
        .collect();
    let coefficients = solution.coefficients.len() + design.absorbed.df_beside_clusters;
    let (n, k) = (influence.len() as f64, coefficients as f64);
    likelihood::clustered(&influence, kind, &design.clusters, n, k)
}

/// A cluster's rows: W_g, e_g in the units of the data, and X_g in those of a basis in which X′WX = I, so that columns
/// far from zero or of very different sizes lose no digits. The adjustments A_g are the same in every basis.
struct Cluster {
    x: Mat<f64>,
    weights: Vec<f64>,
    residuals: Vec<f64>,
    first_line: u64,
}

fn clusters(design: &Design, solution: &Solution) -> Result<Vec<Cluster>, Refusal> {
    let [groups] = design.clusters.as_slice() else {
        return Err(Refusal::new(codes::FEW_CLUSTERS, "the rows have no clusters"));
    };
    let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (row, group) in groups.iter().enumerate() {
        rows.entry(*group).or_default().push(row);
    }
    if rows.len() < 2 {
        return Err(Refusal::new(codes::FEW_CLUSTERS, "all rows are in one cluster"));
    }
    let weight = |row: usize| design.weights.get(row).copied().unwrap_or(1.0);
    let mut all = Vec::new();
    for members in rows.values() {
        if members.len() > CLUSTER_LIMIT {
            let message = format!("a cluster has more than {CLUSTER_LIMIT} rows");
            return Err(Refusal::new(codes::NOT_DEFINED, message));
        }
        all.push(Cluster {
            x: Mat::from_fn(members.len(), design.x.len(), |i, j| {
                solution.basis[members[i]][j] / weight(members[i]).sqrt()
            }),
            weights: members.iter().map(|r| weight(*r)).collect(),
            residuals: members
                .iter()
                .map(|r| solution.residuals[*r] / weight(*r).sqrt())
                .collect(),
            first_line: members
                .first()
                .and_then(|r| design.lines.get(*r))
                .copied()
                .unwrap_or(0),
        });
    }
    Ok(all)
}

/// From coefficients of the basis to those of the columns.
fn from_basis(solution: &Solution) -> Mat<f64> {
    let k = solution.coefficients.len();
    Mat::from_fn(k, k, |i, j| solution.from_basis[i][j])
}

/// CR2 and what its Satterthwaite degrees of freedom need.
///
/// # Errors
/// E003 for a cluster that is fitted exactly; E012 for fewer than two clusters.
pub(super) fn bias_reduced(
    design: &Design,
    solution: &Solution,
) -> Result<(Vec<Vec<f64>>, BellMcCaffrey), Refusal> {
    let all = clusters(design, solution)?;
    let (back, k) = (from_basis(solution), solution.coefficients.len());
    // X′W²X over all rows
    let mut squares = Mat::<f64>::zeros(k, k);
    for cluster in &all {
        let scaled = Mat::from_fn(cluster.x.nrows(), k, |i, j| {
            cluster.weights[i] * cluster.x[(i, j)]
        });
        squares += scaled.transpose() * &scaled;
    }
    let mut meat = Mat::<f64>::zeros(k, k);
    let mut moments = Vec::with_capacity(all.len());
    for cluster in &all {
        let n = cluster.x.nrows();
        let hat = &cluster.x * Mat::from_fn(k, n, |j, i| cluster.x[(i, j)] * cluster.weights[i]);
        let spread = &cluster.x * &squares * cluster.x.transpose();
        let target = Mat::from_fn(n, n, |i, j| {
            f64::from(u8::from(i == j)) - hat[(i, j)] - hat[(j, i)] + spread[(i, j)]
        });
        let adjustment = inverse_root(&target, cluster)?;
        // A_g W_g X_g
        let adjusted = &adjustment * Mat::from_fn(n, k, |i, j| cluster.weights[i] * cluster.x[(i, j)]);
        let e = Mat::from_fn(n, 1, |i, _| cluster.residuals[i]);
        let score = adjusted.transpose() * &e;
        meat += &score * score.transpose();
        let weighted = Mat::from_fn(n, k, |i, j| cluster.weights[i] * cluster.x[(i, j)]);
        moments.push(ClusterMoments {
            own: adjusted.transpose() * &adjusted,
            plain: cluster.x.transpose() * &adjusted,
            weighted: weighted.transpose() * &adjusted,
        });
    }
    let matrix = &back * meat * back.transpose();
    Ok((rows(&matrix), BellMcCaffrey::new(back, squares, moments)))
}

/// The symmetric inverse square root; directions that are fitted exactly are left out, as clubSandwich does.
fn inverse_root(target: &Mat<f64>, cluster: &Cluster) -> Result<Mat<f64>, Refusal> {
    let n = target.nrows();
    let failed = || {
        Refusal::new(
            codes::NOT_FINITE,
            "the eigenvalues of a cluster's adjustment cannot be computed",
        )
    };
    let eigen = target.self_adjoint_eigen(Side::Lower).map_err(|_| failed())?;
    let (u, s) = (eigen.U(), eigen.S().column_vector());
    if (0..n).all(|i| s[i] < FITTED) {
        let message = format!(
            "the cluster whose first row is on line {} is fitted exactly: CR2 is not defined",
            cluster.first_line
        );
        return Err(Refusal::new(codes::LEVERAGE_ONE, message));
    }
    let scaled = Mat::from_fn(n, n, |i, j| {
        if s[j] < FITTED {
            0.0
        } else {
            u[(i, j)] / s[j].sqrt()
        }
    });
    Ok(scaled * u.transpose())
}

/// CR3.
///
/// # Errors
/// E003 for a cluster that is fitted exactly; E012 for fewer than two clusters.
pub(super) fn jackknifed(design: &Design, solution: &Solution) -> Result<Vec<Vec<f64>>, Refusal> {
    let moves = moves(design, solution)?;
    Ok(likelihood::outer(&moves))
}

/// β − β₍g₎ for each cluster: M X_g′W_g (I − H_gg)⁻¹ e_g. Without clusters, every row is one.
fn moves(design: &Design, solution: &Solution) -> Result<Vec<Vec<f64>>, Refusal> {
    let each: Vec<Vec<u32>>;
    let rows_alone;
    let design = if design.clusters.is_empty() {
        each = vec![(0..design.rows() as u32).collect()];
        rows_alone = Design {
            clusters: each,
            ..design.clone()
        };
        &rows_alone
    } else {
        design
    };
    let (back, k) = (from_basis(solution), solution.coefficients.len());
    clusters(design, solution)?
        .iter()
        .map(|cluster| {
            let n = cluster.x.nrows();
            let hat = &cluster.x * Mat::from_fn(k, n, |j, i| cluster.x[(i, j)] * cluster.weights[i]);
            let left = Mat::from_fn(n, n, |i, j| f64::from(u8::from(i == j)) - hat[(i, j)]);
            let lu = left.partial_piv_lu();
            if (0..n).any(|i| lu.U()[(i, i)].abs() < FITTED) {
                let message = format!(
                    "without the rows of line {} the model cannot be fitted: this variance is not defined",
                    cluster.first_line
                );
                return Err(Refusal::new(codes::LEVERAGE_ONE, message));
            }
            let adjusted = lu.solve(&Mat::from_fn(n, 1, |i, _| cluster.residuals[i]));
            let score: Vec<f64> = (0..k)
                .map(|j| {
                    (0..n)
                        .map(|i| cluster.weights[i] * cluster.x[(i, j)] * adjusted[(i, 0)])
                        .sum::<f64>()
                })
                .collect();
            Ok((0..k)
                .map(|a| (0..k).map(|b| back[(a, b)] * score[b]).sum())
                .collect())
        })
        .collect()
}

fn rows(matrix: &Mat<f64>) -> Vec<Vec<f64>> {
    (0..matrix.nrows())
        .map(|i| (0..matrix.ncols()).map(|j| matrix[(i, j)]).collect())
        .collect()
}
