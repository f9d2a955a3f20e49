//! From the data's files to the rows that are analysed, under both plans.

use super::gather::Gathered;
use super::{Failure, Plans};
use crate::data::{self, Analysed, Collected, Joined};
use crate::diagnostic::{Diagnostic, codes};
use crate::plan::{Plan, Wording};
use crate::record::{FlaggedFacts, ShapeFacts};

/// The rows under one plan.
pub(super) struct Rows {
    pub collected: Collected,
    pub analysed: Analysed,
}

/// The rows as requested, and as registered where that differs.
pub(super) struct Data {
    pub requested: Rows,
    pub promised: Option<Rows>,
    pub flagged: Vec<FlaggedFacts>,
    pub shape: ShapeFacts,
    pub table: data::Table,
    pub warnings: Vec<Diagnostic>,
}

impl Data {
    pub fn promised(&self) -> &Rows {
        self.promised.as_ref().unwrap_or(&self.requested)
    }
}

pub(super) fn collect(study: &Gathered, plans: &Plans<'_>, wording: &Wording) -> Result<Data, Failure> {
    let Some(spec) = &study.pipeline.data else {
        return Err(Failure::from(Diagnostic::error(
            codes::MISSING_KEY,
            "the pipeline names no data",
        )));
    };
    let source = &study.inputs.data;
    let joined = spec.shape.join.iter().zip(&study.inputs.joined);
    let joined: Vec<Joined<'_>> = joined.map(|(spec, source)| Joined { spec, source }).collect();
    let wanted = data::wanted(spec, [plans.requested, plans.promised]);
    let table = data::read_columns(source, &spec.reading, &wanted)?;
    let table = data::shape(table, &source.name, &spec.shape, &joined)?;
    let rows = |plan: &Plan| -> Result<Rows, Failure> {
        let collected = data::collect(&table, &source.name, &spec.mapping, plan, wording)?;
        let analysed = data::analyse(&collected, plan);
        Ok(Rows { collected, analysed })
    };
    let requested = rows(plans.requested)?;
    let promised = if plans.promised == plans.requested {
        None
    } else {
        Some(rows(plans.promised)?)
    };
    let mut warnings = table.warnings.clone();
    warnings.extend(requested.collected.warnings.iter().cloned());
    let flagged = data::flagged(&table, &requested.analysed.sample);
    warnings.extend(data::flagged_warnings(&flagged, &source.name));
    Ok(Data {
        requested,
        promised,
        flagged,
        shape: table.shape.clone(),
        table,
        warnings,
    })
}
