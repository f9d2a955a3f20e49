//! The authors' analysed file beside the rows that the requested rules give, and what its rows do to the results.

use super::Failure;
use super::gather::Gathered;
use super::observe::{Results, Settled};
use super::rows::Data;
use crate::data::{self, Ours, Replayed};
use crate::deviation::Twins;
use crate::inference;
use crate::plan::Wording;
use crate::record::AnalysedFacts;

/// Reads and compares the file, if the pipeline names one.
pub(super) fn replay(
    study: &Gathered,
    settled: &Settled,
    wording: &Wording,
    data: &Data,
) -> Result<Option<Replayed>, Failure> {
    let spec = study.pipeline.data.as_ref().and_then(|d| d.analysed.as_ref());
    let Some((spec, source)) = spec.zip(study.inputs.analysed.as_ref()) else {
        return Ok(None);
    };
    let table = data::read(source, &spec.reading)?;
    let ours = Ours {
        collected: &data.requested.collected.sample,
        kept: &data.requested.analysed.sample,
        plan: &settled.requested,
        wording,
    };
    Ok(Some(data::replay(&table, source, spec, &ours)?))
}

/// The registered tests on the rows that the authors analysed, where these are others.
pub(super) fn effects(
    replayed: &Replayed,
    settled: &Settled,
    data: &Data,
    results: &Results,
    seed: [u8; 32],
    twins: &mut Twins,
) {
    let facts: &AnalysedFacts = &replayed.facts;
    let found = [("D016", &facts.absent), ("D077", &facts.kept)];
    let codes: Vec<&str> = found
        .iter()
        .filter(|(_, rows)| rows.count > 0)
        .map(|(code, _)| *code)
        .collect();
    if codes.is_empty() {
        return;
    }
    let mut collected = data.promised().collected.clone();
    let keep: Vec<bool> = collected
        .sample
        .lines
        .iter()
        .map(|line| replayed.lines.contains(line))
        .collect();
    collected.sample = collected.sample.filter(&keep);
    let mut plan = settled.promised.clone();
    plan.exclusions.clear();
    let analysed = data::analyse(&collected, &plan);
    let with = inference::analyse(&settled.promised, &analysed.sample, seed);
    twins.of_rows(&codes, results.promised(), &with);
}
