//! Estimates of several completed data sets as one.

/// What repeated imputations say together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pooled {
    pub estimate: f64,
    pub std_error: f64,
    /// Infinite where nothing but the normal is left.
    pub df: f64,
    /// The fraction of information that is missing.
    pub missing_information: f64,
}

/// Q̄; T = Ū + (1 + 1/m)B; λ = (1 + 1/m)B/T (Rubin 1987, doi:10.1002/9780470316696), with Barnard and Rubin's (1999,
/// doi:10.1093/biomet/86.4.948) degrees of freedom ν = 1/(1/ν_m + 1/ν_obs), ν_m = (m − 1)/λ² and
/// ν_obs = (ν + 1)/(ν + 3) · ν(1 − λ) of ν complete ones, which may be infinite.
///
/// mice's `pool`, `tests/oracle/imputation.R`; as there λ is at least 1e-4. The fraction of missing information is
/// (r + 2/(ν + 3))/(r + 1), r = (1 + 1/m)B/Ū. `of` are an estimate and its variance from each of m ≥ 2 data sets.
pub fn pool(of: &[(f64, f64)], complete_df: f64) -> Pooled {
    let m = of.len() as f64;
    let estimate = of.iter().map(|(q, _)| q).sum::<f64>() / m;
    let within = of.iter().map(|(_, u)| u).sum::<f64>() / m;
    let between = of.iter().map(|(q, _)| (q - estimate).powi(2)).sum::<f64>() / (m - 1.0);
    let added = (1.0 + 1.0 / m) * between;
    let total = within + added;
    let lambda = (added / total).max(1e-4);
    let of_draws = (m - 1.0) / (lambda * lambda);
    let df = if complete_df.is_infinite() {
        of_draws
    } else {
        let observed = (complete_df + 1.0) / (complete_df + 3.0) * complete_df * (1.0 - lambda);
        of_draws * observed / (of_draws + observed)
    };
    let increase = added / within;
    Pooled {
        estimate,
        std_error: total.sqrt(),
        df,
        missing_information: (increase + 2.0 / (df + 3.0)) / (increase + 1.0),
    }
}
