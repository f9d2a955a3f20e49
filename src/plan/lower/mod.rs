//! From what was written to what it means: names resolved, grammars read, conventions filled in and said.

mod alternative;
mod analysis;
mod anova;
mod bayes_factor;
mod codebook;
mod compatible;
mod conjoint;
mod contingency;
mod correction;
mod derived;
mod design;
mod direct;
mod effect_size;
mod exclusion;
mod experiment;
mod forbidden;
mod frame;
mod hypothesis;
mod imputation;
mod inverse;
mod mixed;
mod model;
mod nested;
mod probability;
mod rake;
mod randomization;
mod terms;
mod test;
mod wording;

use super::{Expectations, Plan, Wording};
use crate::diagnostic::{Code, Diagnostic, Place, codes, nearest};
use crate::spec::Located;
use crate::spec::fields::Findings;
use crate::spec::registration::Registration;
use std::collections::BTreeMap;

/// Dotted path of a plan field (`models.approval.vcov`) → where its author wrote it.
pub type Places = BTreeMap<String, Place>;

/// A plan with the words for people and the places it was written in.
#[derive(Clone, Debug)]
pub struct Lowered {
    pub plan: Plan,
    pub wording: Wording,
    pub places: Places,
    pub expected: Expectations,
    /// What the registration left open, and the convention that was applied.
    pub conventions: Vec<String>,
}

/// Lowers a registration. The plan is whole only if no error was found.
pub fn lower(written: &Registration, found: &Findings) -> Lowered {
    let mut low = Lowering::new(found);
    let mut plan = plan(written, &mut low);
    plan.contingencies = contingency::contingencies(written, &plan, &mut low);
    hypothesis::unused(&plan, written, &low);
    Lowered {
        wording: wording::wording(written),
        expected: design::expected(written, &plan, &mut low),
        places: low.places,
        conventions: low.conventions,
        plan,
    }
}

/// The plan alone, without its contingencies.
fn lower_plan(written: &Registration, found: &Findings) -> Plan {
    plan(written, &mut Lowering::new(found))
}

fn plan(written: &Registration, low: &mut Lowering<'_>) -> Plan {
    let variables = codebook::variables(written, low);
    let derived = derived::derived(written, &variables, low);
    let columns = codebook::Columns::new(&variables, &derived, written);
    let exclusions = exclusion::exclusions(written, &columns, low);
    let missing = analysis::missing(written, low);
    let design = design::design(written, &columns, low);
    probability::by_block(written, &design, &columns, low);
    let models = model::models(written, &design, &columns, low);
    let tests = test::tests(written, &columns, &models, low);
    let families = hypothesis::families(written, low);
    let hypotheses = hypothesis::hypotheses(written, &families, low);
    let plan = Plan {
        study: design::study(written, low),
        design,
        variables,
        derived,
        exclusions,
        missing,
        imputation: imputation::imputation(written, low),
        models,
        tests,
        families,
        hypotheses,
        contingencies: Vec::new(),
    };
    analysis::missing_rules_present(&plan, written, low);
    imputation::supported(&plan, written, low);
    direct::without_indicators(&plan, written, low);
    derived::kept_after_exclusions(&plan, written, low);
    correction::resampled(&plan, written, low);
    correction::at_one_level(&plan, written, low);
    bayes_factor::uncorrected(&plan, written, low);
    plan
}

/// What every part of the lowering writes to.
struct Lowering<'a> {
    found: &'a Findings,
    places: Places,
    conventions: Vec<String>,
}

impl<'a> Lowering<'a> {
    fn new(found: &'a Findings) -> Lowering<'a> {
        Lowering {
            found,
            places: Places::new(),
            conventions: Vec::new(),
        }
    }

    fn place(&mut self, path: impl Into<String>, at: &Place) {
        self.places.insert(path.into(), at.clone());
    }

    /// Remembers a value's place and hands the value on.
    fn keep<T: Clone>(&mut self, path: impl Into<String>, value: &Option<Located<T>>) -> Option<T> {
        let value = value.as_ref()?;
        self.place(path, &value.at);
        Some(value.value.clone())
    }

    /// One of a closed set of words; absent or unknown gives nothing.
    fn word<T: Copy>(
        &mut self,
        path: &str,
        value: &Option<Located<String>>,
        words: &[(&str, T)],
        later: &[&str],
    ) -> Option<T> {
        let text = value.as_ref()?;
        self.place(path, &text.at);
        if later.contains(&text.value.as_str()) {
            self.found.error(
                codes::NOT_SUPPORTED,
                &text.at,
                format!("{path}: `{}` cannot be run by this version", text.value),
                "the program refuses rather than run something else than what was registered",
            );
            return None;
        }
        crate::spec::fields::word(text, path, words, self.found).map(|w| w.value)
    }

    /// Says that a convention filled a gap.
    fn convention(&mut self, at: &Place, message: String, help: &str) {
        self.found.add(
            Diagnostic::note(codes::CONVENTION, message.clone())
                .at(at.clone())
                .help(help),
        );
        self.conventions.push(message);
    }

    fn unknown<'c>(
        &self,
        code: Code,
        name: &str,
        at: &Place,
        message: String,
        known: impl IntoIterator<Item = &'c str> + Clone,
    ) {
        let help = match nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let names: Vec<&str> = known.into_iter().take(20).collect();
                if names.is_empty() {
                    String::from("there are none")
                } else {
                    format!("there are: {}", names.join(", "))
                }
            }
        };
        self.found.error(code, at, message, help);
    }
}
