//! `prereg/registration.yaml`: the promise, as it was written.

use super::Located;
use super::codebook::{VariableSpec, variable};
use super::contingency::{ContingencySpec, contingency};
use super::derived::{DerivedSpec, derived};
use super::exclusion::{ExclusionSpec, exclusion};
use super::fields::{Fields, Findings, entries, number, scalar, text};
use super::hypothesis::{FamilySpec, HypothesisSpec, family, hypothesis};
use super::imputation::{ImputationSpec, imputation};
use super::model::{ModelSpec, TestSpec, model, test};
use super::yaml::{Node, Yaml};
use crate::diagnostic::{Place, codes};

/// Names in the order written.
pub type Named<T> = Vec<(Located<String>, T)>;

/// A registration as written: every name unresolved, every formula text.
#[derive(Clone, Debug)]
pub struct Registration {
    pub at: Place,
    pub study: StudySpec,
    pub design: DesignSpec,
    pub variables: Named<VariableSpec>,
    pub derived: Named<DerivedSpec>,
    pub exclusions: Vec<ExclusionSpec>,
    pub missing: Named<Located<String>>,
    pub imputation: Option<ImputationSpec>,
    pub models: Named<ModelSpec>,
    pub tests: Named<TestSpec>,
    pub families: Named<FamilySpec>,
    pub hypotheses: Named<HypothesisSpec>,
    pub contingencies: Vec<ContingencySpec>,
    pub exploratory: Option<String>,
    /// The file as a tree, from which a branch is read.
    pub tree: Node,
}

#[derive(Clone, Debug, Default)]
pub struct StudySpec {
    pub id: Option<Located<String>>,
    pub title: Option<Located<String>>,
    pub note: Option<Located<String>>,
    pub authors: Vec<String>,
    pub registry_name: Option<Located<String>>,
    pub registry_url: Option<Located<String>>,
    pub registered: Option<Located<String>>,
    pub timing: Option<Located<String>>,
    pub documents: Vec<Located<String>>,
}

#[derive(Clone, Debug, Default)]
pub struct DesignSpec {
    pub kind: Option<Located<String>>,
    pub unit: Option<Located<String>>,
    pub target: Option<Located<u64>>,
    pub minimum: Option<Located<u64>>,
    pub maximum: Option<Located<u64>>,
    pub counted: Option<Located<String>>,
    pub from: Option<Located<String>>,
    pub to: Option<Located<String>>,
    pub stopping_rule: Option<Located<String>>,
    /// Who the sample stands for, and who supplies it.
    pub population: Option<Located<String>>,
    pub provider: Option<Located<String>>,
    pub allocation: Option<Located<String>>,
    pub expected: Named<ExpectedSpec>,
    pub forbidden: Vec<Named<Located<String>>>,
}

/// What the authors expect of one variable.
#[derive(Clone, Debug)]
pub struct ExpectedSpec {
    pub at: Place,
    pub base: Option<Located<f64>>,
    pub mean: Option<Located<f64>>,
    pub sd: Option<Located<f64>>,
    pub effects: Named<Located<f64>>,
    pub shares: Named<Located<f64>>,
}

const KEYS: [&str; 14] = [
    "asregistered",
    "study",
    "design",
    "variables",
    "derived",
    "exclusions",
    "missing",
    "imputation",
    "models",
    "tests",
    "families",
    "hypotheses",
    "contingencies",
    "exploratory",
];

/// Reads a registration, reporting everything that is wrong with its form.
pub fn read(root: &Node, found: &Findings) -> Registration {
    let top = Fields::open(root, &root.at.file, &KEYS, found);
    version(&top, found);
    for (key, help) in [
        ("study", "give the study at least an `id` and its `timing`"),
        ("design", "say what `kind` of design it is"),
        (
            "variables",
            "list the codebook: every column that the plan may touch",
        ),
        ("models", "name the models that the tests use"),
        ("tests", "name the tests"),
        (
            "hypotheses",
            "state the hypotheses and when each counts as corroborated",
        ),
    ] {
        top.require(key, help);
    }
    Registration {
        at: root.at.clone(),
        study: study(&top, found),
        design: design(&top, found),
        variables: named(&top, "variables", found, variable),
        derived: named(&top, "derived", found, derived),
        exclusions: top
            .list("exclusions")
            .iter()
            .map(|node| exclusion(node, found))
            .collect(),
        imputation: top.node("imputation").map(|node| imputation(node, found)),
        missing: top
            .entries_of("missing")
            .into_iter()
            .filter_map(|(k, v)| Some((k.clone(), text(v, &format!("missing.{}", k.value), found)?)))
            .collect(),
        models: named(&top, "models", found, model),
        tests: named(&top, "tests", found, test),
        families: named(&top, "families", found, family),
        hypotheses: named(&top, "hypotheses", found, hypothesis),
        contingencies: top
            .list("contingencies")
            .iter()
            .map(|node| contingency(node, found))
            .collect(),
        tree: root.clone(),
        exploratory: top.text("exploratory").map(|t| t.value),
    }
}

/// `asregistered: 1` must stand in both files.
pub(super) fn version(top: &Fields<'_>, found: &Findings) {
    if !top.require(
        "asregistered",
        "begin the file with `asregistered: 1`, the format's version",
    ) {
        return;
    }
    if let Some(version) = top.number("asregistered").filter(|v| v.value != 1.0) {
        found.error(
            codes::OUT_OF_DOMAIN,
            &version.at,
            format!("format version {} is not known", version.value),
            "this program reads version 1",
        );
    }
}

fn named<T>(
    top: &Fields<'_>,
    key: &str,
    found: &Findings,
    read: impl Fn(&Node, &str, &Findings) -> T,
) -> Named<T> {
    top.entries_of(key)
        .into_iter()
        .map(|(name, node)| (name.clone(), read(node, &format!("{key}.{}", name.value), found)))
        .collect()
}

fn study(top: &Fields<'_>, found: &Findings) -> StudySpec {
    let keys = [
        "id",
        "title",
        "note",
        "authors",
        "registry",
        "timing",
        "documents",
    ];
    let Some(study) = top.open_at("study", &keys) else {
        return StudySpec::default();
    };
    study.require("id", "a short name of the study, such as `alliance-cohesion`");
    study.require(
        "timing",
        "one of before_collection, during_collection, before_access, after_access: when was this written?",
    );
    let registry = study.open_at("registry", &["name", "url", "registered"]);
    StudySpec {
        id: study.text("id"),
        title: study.text("title"),
        note: study.text("note"),
        authors: study
            .list("authors")
            .iter()
            .filter_map(|node| author(node, found))
            .collect(),
        registry_name: registry.as_ref().and_then(|r| r.text("name")),
        registry_url: registry.as_ref().and_then(|r| r.text("url")),
        registered: registry.as_ref().and_then(|r| r.date("registered")),
        timing: study.text("timing"),
        documents: study.texts("documents"),
    }
}

fn author(node: &Node, found: &Findings) -> Option<String> {
    let author = Fields::open(node, "study.authors", &["name", "orcid"], found);
    author.require("name", "an author has a `name`");
    let name = author.text("name")?.value;
    Some(match author.text("orcid") {
        Some(orcid) => format!("{name} ({})", orcid.value),
        None => name,
    })
}

fn design(top: &Fields<'_>, found: &Findings) -> DesignSpec {
    let keys = ["kind", "unit", "sample", "allocation", "expected", "forbidden"];
    let Some(design) = top.open_at("design", &keys) else {
        return DesignSpec::default();
    };
    design.require(
        "kind",
        "one of between_subjects, factorial_vignette, conjoint, within_subjects, observational",
    );
    let sample_keys = [
        "target",
        "minimum",
        "maximum",
        "counted",
        "collected",
        "stopping_rule",
        "population",
        "provider",
    ];
    let sample = design.open_at("sample", &sample_keys);
    let sample = sample.as_ref();
    let window = sample.and_then(|s| s.open_at("collected", &["from", "to"]));
    if let Some(window) = &window {
        window.require("from", "the first day of collection, YYYY-MM-DD");
        window.require("to", "the last day of collection, YYYY-MM-DD");
    }
    DesignSpec {
        kind: design.text("kind"),
        unit: design.text("unit"),
        target: sample.and_then(|s| s.count("target")),
        minimum: sample.and_then(|s| s.count("minimum")),
        maximum: sample.and_then(|s| s.count("maximum")),
        counted: sample.and_then(|s| s.text("counted")),
        from: window.as_ref().and_then(|w| w.date("from")),
        to: window.as_ref().and_then(|w| w.date("to")),
        stopping_rule: sample.and_then(|s| s.text("stopping_rule")),
        population: sample.and_then(|s| s.text("population")),
        provider: sample.and_then(|s| s.text("provider")),
        allocation: design.text("allocation"),
        expected: design
            .entries_of("expected")
            .into_iter()
            .map(|(name, node)| {
                (
                    name.clone(),
                    expected(node, &format!("design.expected.{}", name.value), found),
                )
            })
            .collect(),
        forbidden: design
            .list("forbidden")
            .iter()
            .map(|node| cell(node, found))
            .collect(),
    }
}

fn expected(node: &Node, what: &str, found: &Findings) -> ExpectedSpec {
    let fields = Fields::open(node, what, &["base", "mean", "sd", "effects", "shares"], found);
    let numbers = |key: &str| {
        fields
            .entries_of(key)
            .into_iter()
            .filter_map(|(k, v)| Some((k.clone(), number(v, &format!("{what}.{key}.{}", k.value), found)?)))
            .collect()
    };
    ExpectedSpec {
        at: node.at.clone(),
        base: fields.number("base"),
        mean: fields.number("mean"),
        sd: fields.number("sd"),
        effects: numbers("effects"),
        shares: numbers("shares"),
    }
}

fn cell(node: &Node, found: &Findings) -> Named<Located<String>> {
    if !matches!(node.value, Yaml::Map(_)) {
        found.error(
            codes::WRONG_TYPE,
            &node.at,
            format!(
                "design.forbidden: expected a mapping, found {}",
                node.value.kind()
            ),
            "write a cell as {factor: level, factor: level}",
        );
        return Vec::new();
    }
    entries(node, "design.forbidden", found)
        .into_iter()
        .filter_map(|(k, v)| Some((k.clone(), scalar(v, "design.forbidden", found)?)))
        .collect()
}
