//! Which levels of a factor a test compares.

use super::{Frame, Quantity, Setting, Term};

impl Quantity {
    /// Whether the estimand is of this level: it weighs it, sets it, or is of all levels of the factor.
    pub fn compares(&self, factor: &str, level: &str) -> bool {
        let of_terms = |terms: &[Term]| terms.iter().any(|t| t.columns().any(|c| c == factor));
        match self {
            Quantity::Contrast {
                of,
                weights,
                across,
                frame,
                ..
            } => {
                let outer = across.get(factor).is_some_and(|w| w.contains_key(level));
                of == factor && weights.contains_key(level) || outer || frame.sets(factor, level)
            }
            Quantity::Margin {
                of,
                level: own,
                frame,
                ..
            } => of == factor && own == level || frame.sets(factor, level),
            Quantity::Slope { frame, .. } => frame.sets(factor, level),
            Quantity::Joint { terms, .. } | Quantity::ProportionalOdds { terms } => of_terms(terms),
            Quantity::Anova { term, .. } => of_terms(std::slice::from_ref(term)),
            Quantity::Coefficient { term } => term.split(':').any(|p| p == format!("{factor}[{level}]")),
            Quantity::Parameter { .. } => false,
        }
    }
}

impl Frame {
    fn sets(&self, factor: &str, level: &str) -> bool {
        let at = matches!(self.at.get(factor), Some(Setting::Level(l)) if l == level);
        at || self.by.get(factor).is_some_and(|l| l == level)
    }
}
