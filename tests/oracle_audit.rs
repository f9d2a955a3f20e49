//! Every block of the shared oracle files is compared by a test that is named here, or there is a reason why not.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// Nothing where the reference files are not: CI has them.
fn oracles() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/oracles");
    assert!(
        folder.exists() || std::env::var_os("CI").is_none(),
        "CI must have the oracles"
    );
    folder.exists().then_some(folder)
}

/// Where a block is compared, or why it is not.
enum Held {
    /// A file of `tests/` and a test in it.
    In(&'static str, &'static str),
    Not(&'static str),
}
use Held::{In, Not};

const OLS: Held = In("oracle", "coefficients_errors_and_p_values_under_every_weighting");
const SECOND: Held = In("oracle", "contrasts_corrections_and_joint_tests");
const FITS: Held = In("likelihood", "coefficients_and_errors");
const ORDERED: Held = In("ordered", "ordered_models_are_those_of_clm");
const MARGINS: Held = In("likelihood", "margins_effects_and_slopes");
const ESTIMATED: Held = In("edges", "what_can_be_estimated_is_what_others_get");
const REFUSED: Held = In("edges", "what_cannot_be_estimated_is_refused_in_words");
const ADJUSTED: Held = In("multiplicity", "as_p_adjust_and_multipletests");
const PAIRS: Held = In("direct", "two_groups_of_the_survey");
const SMALL: Held = In("direct", "small_groups_tied_and_exact");
const SEVERAL: Held = In("direct", "several_groups_and_tables");
const TIES: Held = In("direct_shared", "other_treatments_of_ties_and_continuity");
const FISHER: Held = In("direct_shared", "fishers_exact_test");
const PROPORTION: Held = In("direct_shared", "one_proportion");
const NIST: Held = In("oracle", "nist_certified_values");
const PACKAGE: Held =
    Not("a package's own factor under another's name; the textbook's error is held beside it");
const PEERS: Held = Not("what the references say of each other");

/// File, case, quantity (`*` for any run of characters), and where it is held; the first that matches counts.
#[rustfmt::skip]
const RULES: &[(&str, &str, &str, Held)] = &[
    ("01", "arm/*", "kish_deff_neff", Not("no registered quantity: the variance under weights is")),
    ("01", "arm/*", "*", In("shared_oracles", "means_of_the_arms")),
    ("01", "*", "n_k_dfresid_sigma_r2_adjr2", In("oracle", "fit_statistics")),
    ("01", "*", "overall_F_classical", In("shared_oracles", "the_rest_of_least_squares")),
    ("01", "*", "vcov_HC2_flat", In("shared_oracles", "the_rest_of_least_squares")),
    ("01", "*", "df_satt_CR2_state", In("shared_oracles", "the_rest_of_least_squares")),
    ("01", "*", "p_z_HC*", In("shared_oracles", "the_rest_of_least_squares")),
    ("01", "*", "df_resid", In("shared_oracles", "the_rest_of_least_squares")),
    ("01", "*", "df_resid_psu", Not("survey refers clustered coefficients to G − k, this to G − 1, as Stata")),
    ("01", "*", "se_CR1p_state", Not("clubSandwich's CR1p is no registered variance")),
    ("01", "*", "df_satt_CR1S_state", Not("CR1S is referred to G − 1; Satterthwaite's belong to CR2")),
    ("01", "*", "p_satt_CR1S_state", Not("CR1S is referred to G − 1; Satterthwaite's belong to CR2")),
    ("01", "*", "se_sandwich_HC2_cadjustF_state", Not("sandwich's CR2 without its factor is no registered variance")),
    ("01", "*", "*_pyfixest_default", PACKAGE),
    ("01", "*", "*", OLS),
    ("02", "pooled_contrast_size_arm_weights/*", "*", In("nested", "pooled_arms_weighed_by_their_rows")),
    ("02", "*", "CR2_state_Naive-Fp", Not("another df of the same statistic, which nobody registers")),
    ("02", "*", "*", SECOND),
    ("03", "*", "lr_chi2_*", In("nested", "ratios_of_interactions_in_the_shared_oracle")),
    ("03", "*", "p_z_classical*", In("likelihood", "registered_variances_joint_tests_and_contrasts")),
    ("03", "*", "wald_chi2_*", In("likelihood", "registered_variances_joint_tests_and_contrasts")),
    ("03", "*", "pooled_contrast_HC0_z", In("likelihood", "registered_variances_joint_tests_and_contrasts")),
    ("03", "*", "loglik_null_dev_aic", In("likelihood", "registered_variances_joint_tests_and_contrasts")),
    ("03", "*", "se_HC*_glm_hat", Not("HC2 and HC3 are refused outside linear models (S032)")),
    ("03", "*", "se_statsmodels_HC*_label", Not("statsmodels' HC0 under other names")),
    ("03", "*", "se_statsmodels_GLM_cluster_default_state", Not("statsmodels' CR1S under another name")),
    ("03", "*", "se_classical_*fixest_default", PACKAGE),
    ("03", "*", "df_resid", Not("likelihoods are referred to the normal distribution")),
    ("03", "*", "*", FITS),
    ("04", "*", "gradient_norm_at_statsmodels_solution", PEERS),
    ("04", "*", "proportional_odds_LR_nominal_test", In("nested", "proportional_odds_of_approval_by_arms")),
    ("04", "logistic/approval_arms_pweight", "*", In("ordered", "weighted_ordered_logit_is_that_of_clm_and_survey")),
    ("04", "*", "*", ORDERED),
    ("05", "o*it/*", "*", In("categories", "probabilities_of_an_ordered_outcome")),
    ("05", "*", "average_prediction_by_observed_*", In("shared_oracles", "the_rest_of_margins")),
    ("05", "*", "*_p_z", In("shared_oracles", "the_rest_of_margins")),
    ("05", "*", "*_observed_information", In("shared_oracles", "the_rest_of_margins")),
    ("05", "*", "emmeans_proportional*", In("shared_oracles", "the_rest_of_margins")),
    ("05", "*", "python_avg_predictions_variables_returns_one_grand_mean", PEERS),
    ("05", "*", "*_default_wts_on_svyglm", Not("an unweighted average of weighted predictions is no registered quantity")),
    ("05", "*", "*", MARGINS),
    ("06", "small_data", "*", SMALL),
    ("06", "*", "cohens_d_hedges_g", In("shared_oracles", "standardised_differences")),
    ("06", "*", "permutation_diff_means_scipy_two_sided(2*min tail)", Not("scipy's twice the smaller tail; registered is |difference|")),
    ("06", "*", "fisher_*", FISHER),
    ("06", "proportion_*", "*", PROPORTION),
    ("06", "*", "table_rowmajor", SEVERAL),
    ("06", "attention_1_x_us_response", "*", In("shared_oracles", "attention_by_arm")),
    ("06", "*", "chisq_gof_equal", In("direct_shared", "the_allocation_of_the_arms")),
    ("06", "*", "chisq_*", SEVERAL),
    ("06", "*_by_*", "*", SEVERAL),
    ("06", "approval_any_vs_status_quo", "*", In("shared_oracles", "any_action_against_none")),
    ("06", "*", "mannwhitney_normal_no_continuity*", TIES),
    ("06", "*", "mannwhitney_exact_conditional_on_ties", TIES),
    ("06", "*", "permutation_*", TIES),
    ("06", "*", "welch_ci90", TIES),
    ("06", "small_*", "*", SMALL),
    ("06", "approval_*", "*", PAIRS),
    ("07", "westfall_young_small", "*_statistic", In("shared_oracles", "permuted_families")),
    ("07", "westfall_young_small", "*_raw_perm_p", In("shared_oracles", "permuted_families")),
    ("07", "westfall_young_small", "*_singlestep", Not("the registered correction steps down, which is never weaker")),
    ("07", "westfall_young_small", "*", In("multiplicity", "westfall_young_by_complete_enumeration")),
    ("07", "romano_wolf_fixed_matrix", "stepdown_p_c/B", Not("p is (c + 1)/(B + 1) here: it is never zero")),
    ("07", "romano_wolf_fixed_matrix", "*", In("multiplicity", "romano_wolf_on_a_fixed_matrix_and_near_it_on_data")),
    ("07", "n_larger_than_length", "*", In("shared_oracles", "permuted_families")),
    ("07", "*", "fdr", Not("R's other name of BH")),
    ("07", "*", "tsbh", Not("its first stage is tested; registered is Benjamini, Krieger and Yekutieli's")),
    ("07", "*", "*", ADJUSTED),
    ("08", "*", "ols_HC2_pyfixest_default", PACKAGE),
    ("08", "missing_outcome_and_covariate", "*", ESTIMATED),
    ("08", "leverage_one_dummy", "*", ESTIMATED),
    ("08", "outcome_offset_1e9", "*", In("edges", "an_offset_of_a_billion_costs_no_digits")),
    ("08", "unused_factor_level", "*", In("edges", "levels_that_nobody_has_leave_the_others")),
    ("08", "cluster_g_all1", "*", REFUSED),
    ("08", "cluster_*", "*", ESTIMATED),
    ("08", "weights_w_neg", "*", REFUSED),
    ("08", "weights_*", "svyglm", In("edges", "weights_of_zero_and_none_are_surveys")),
    ("08", "weights_*", "*", ESTIMATED),
    ("08", "logit_*", "firth_logit", Not("Firth's penalty is another estimator, which is not offered")),
    ("08", "logit_*", "ame", Not("of a fit that has no maximum, which is refused")),
    ("08", "logit_*", "detect", Not("the peer has no such function in this version")),
    ("08", "ologit_*", "*", In("edges", "small_ordered_outcomes")),
    ("08", "welch_*", "*", In("edges", "groups_of_one_constants_and_ties")),
    ("08", "mannwhitney_*", "*", In("edges", "groups_of_one_constants_and_ties")),
    ("08", "kruskal_*", "*", In("edges", "groups_of_one_constants_and_ties")),
    ("08", "chisq_*", "*", In("edges", "groups_of_one_constants_and_ties")),
    ("08", "cregg_*", "*", In("edges", "marginal_means_of_a_small_file")),
    ("08", "single_level_factor", "*", REFUSED),
    ("08", "n_*", "*", REFUSED),
    ("08", "infinite_outcome", "*", In("edges", "infinite_values_are_refused_as_they_are_read")),
    ("08", "near_collinear_1e-9", "*", In("edges", "nearly_collinear_columns_are_told")),
    ("08", "*", "*", REFUSED),
    ("09", "*", "peer_LRE", PEERS),
    ("09", "*", "certified_vs_exact_min_LRE", PEERS),
    ("09", "*", "exact_*", NIST),
    ("09", "*", "*", NIST),
];

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text
            .strip_prefix(head)
            .is_some_and(|tail| (0..=tail.len()).any(|at| tail.get(at..).is_some_and(|t| fits(rest, t)))),
    }
}

#[test]
fn every_block_is_held_or_has_a_reason() {
    let Some(folder) = oracles() else { return };
    let mut used = vec![false; RULES.len()];
    let (mut blocks, mut open) = (0, Vec::new());
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json"))
        .collect();
    files.sort();
    for file in files {
        let oracle: Value = serde_json::from_slice(&std::fs::read(folder.join(&file)).unwrap()).unwrap();
        let cases = oracle.get("cases").or(oracle.get("datasets")).unwrap();
        for (case, quantities) in cases.as_object().unwrap() {
            for quantity in quantities.as_object().unwrap().keys() {
                blocks += 1;
                let rule = RULES
                    .iter()
                    .position(|(of, c, q, _)| file.starts_with(of) && fits(c, case) && fits(q, quantity));
                match rule {
                    Some(at) => used[at] = true,
                    None => open.push(format!("{file}: {case}: {quantity}")),
                }
            }
        }
    }
    assert!(open.is_empty(), "in no list: {open:#?}");
    assert!(blocks > 1000, "{blocks}");
    for ((of, case, quantity, held), used) in RULES.iter().zip(used) {
        assert!(used, "{of} {case} {quantity}: no block is left for it");
        let (file, name) = match held {
            In(file, name) => (file, name),
            Not(reason) => {
                assert!(reason.contains(' '), "{of} {case} {quantity}: no reason is given");
                continue;
            }
        };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/{file}.rs"));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.contains(&format!("#[test]\nfn {name}()")),
            "tests/{file}.rs has no test `{name}`"
        );
    }
}
