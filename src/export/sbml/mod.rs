//! A model as SBML Level 3 core.
//!
//! `ids` says how everything is called, `xml` makes text of elements, `math` and `units` and `annotations` know their
//! parts; here is what SBML has lists for, in its order.

mod annotations;
mod composition;
mod happenings;
mod ids;
mod math;
mod quantities;
mod reactions;
mod refusals;
mod units;
mod xml;

use std::cell::RefCell;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Warned};
use crate::model::{Formula, Identity, InitialAssignment, Model, Rule, Symbol};
use crate::units::{Unit, base_unit};

use super::antimony_units::Units;
use super::names::plain;
pub use composition::sbml_modules;
pub(in crate::export) use refusals::formulas;

use ids::Ids;
use math::Named;
use xml::Element;

/// The whole model as an SBML document, Level 3 Version 2 core.
///
/// Reading it gives the model back. A model with fast reactions, which Version 2 no longer has, is written in Version 1.
/// Local parameters are global ones, as they are in a model; numbers are the shortest that read back to the same bits.
/// Attributes without a place in core (`x.mean = 3`) are kept in an annotation.
///
/// # Errors
/// What SBML core cannot say: random draws, rates of change of what a rule assigns.
/// ```
/// # use insilin::diag::{MemorySources, SourceMap};
/// # use insilin::model::lower::load;
/// let sources = MemorySources::new([("decay.ant", "A -> ; k*A\nA = 10; k = 0.1")]);
/// let model = load("decay.ant", &sources, &mut SourceMap::new()).unwrap().value;
/// let text = insilin::export::sbml(&model).unwrap().value;
/// assert!(text.contains("<reaction id=\"_J0\" reversible=\"true\">"));
/// ```
pub fn sbml(model: &Model) -> Result<Warned<String>, Diagnostics> {
    let found = refusals::refusals(model);
    if found.has_errors() {
        return Err(found);
    }
    let mut writer = Writer::new(model, version(&[model]), Frame::default(), found);
    let text = writer.document().document();
    writer.found.into_result(text)
}

/// The version of Level 3 that can say what the models say.
fn version(models: &[&Model]) -> u32 {
    let mut reactions = models.iter().flat_map(|model| &model.reactions);
    if reactions.any(|reaction| reaction.fast) {
        1
    } else {
        2
    }
}

/// What is around a model that is one of several.
#[derive(Default)]
struct Frame {
    /// What its `metaid`s begin with, to be unlike those of others; none when nothing refers to them.
    prefix: Option<String>,
    /// By id, what an element says about submodels.
    links: IndexMap<String, Vec<Element>>,
    /// What stands behind all lists.
    tail: Vec<Element>,
}

/// What a document needs beside what the model has.
#[derive(Default)]
struct Added {
    rules: Vec<Element>,
    starts: Vec<Element>,
    parameters: Vec<Element>,
}

struct Writer<'a> {
    model: &'a Model,
    ids: Ids,
    units: RefCell<Units<'a>>,
    /// Written id of each named unit.
    unit_ids: RefCell<IndexMap<String, String>>,
    /// Of Level 3.
    version: u32,
    frame: Frame,
    added: Added,
    found: Diagnostics,
}

impl<'a> Writer<'a> {
    fn new(model: &'a Model, version: u32, frame: Frame, mut found: Diagnostics) -> Self {
        Self {
            model,
            ids: Ids::new(model, &mut found),
            units: RefCell::new(Units::new(model)),
            unit_ids: RefCell::default(),
            version,
            frame,
            added: Added::default(),
            found,
        }
    }
}

impl Writer<'_> {
    fn document(&mut self) -> Element {
        let has_newer = refusals::has_functions_of_version_2(self.model);
        root(self.version, has_newer).holding(self.whole("model"))
    }

    fn core(&self) -> &'static str {
        core(self.version)
    }

    /// * `tag` — what the model is called in the document
    fn whole(&mut self, tag: &str) -> Element {
        let head = self.model_head(tag);
        // Reactions first: what they add stands in lists before theirs.
        let reactions = self.reactions();
        let functions = self.functions();
        let compartments = self.compartments();
        let species = self.species();
        let parameters = self.parameters();
        let starts = self.starts();
        let rules = self.rules();
        let constraints = self.constraints();
        let events = self.events();
        // Units last: by now it is known which of them have to be made.
        head.list("listOfFunctionDefinitions", functions)
            .list("listOfUnitDefinitions", self.unit_definitions())
            .list("listOfCompartments", compartments)
            .list("listOfSpecies", species)
            .list("listOfParameters", parameters)
            .list("listOfInitialAssignments", starts)
            .list("listOfRules", rules)
            .list("listOfConstraints", constraints)
            .list("listOfReactions", reactions)
            .list("listOfEvents", events)
            .holding_all(std::mem::take(&mut self.frame.tail))
    }

    /// A `metaid` that no other model of the document has.
    fn meta(&self, name: &str) -> String {
        match &self.frame.prefix {
            Some(prefix) => format!("{prefix}_{name}"),
            None => name.to_string(),
        }
    }

    /// The `metaid` by which other models refer to what has no id; none when there are no others.
    fn referred(&self, kind: &str, id: &str) -> Option<String> {
        self.frame.prefix.as_ref()?;
        Some(self.meta(&format!("{kind}_{id}")))
    }

    fn model_head(&mut self, tag: &str) -> Element {
        let model = self.model;
        let annotations = model.annotations.get(&model.id);
        let annotations = annotations.map_or(&[][..], Vec::as_slice);
        let (terms, described): (Vec<_>, Vec<_>) = annotations
            .iter()
            .cloned()
            .partition(|annotation| annotation.keyword == "sboTerm");
        let meta = self.meta("meta_of_the_model");
        let described = annotations::elements(&described, &meta);
        let wide = &model.units;
        let mut element = Element::new(tag)
            .maybe("metaid", (!described.is_empty()).then_some(meta))
            .maybe("id", self.ids.model.clone())
            .maybe("name", named(&model.name))
            .maybe("sboTerm", terms.first().map(|term| term.values.join("")));
        for (attribute, name, unit) in [
            ("substanceUnits", "substance", wide.substance),
            ("timeUnits", "time_unit", wide.time),
            ("volumeUnits", "volume", wide.volume),
            ("areaUnits", "area", wide.area),
            ("lengthUnits", "length", wide.length),
            ("extentUnits", "extent", wide.extent),
        ] {
            let id = unit.map(|unit| self.wide_unit(unit, name));
            element = element.maybe(attribute, id);
        }
        let factor = model.conversion_factor;
        let factor = factor.map(|at| self.ids.symbol(Symbol::Parameter(at)));
        element
            .maybe("conversionFactor", factor)
            .holding_all(described)
    }

    /// An element with what all of them may have: id, name, term, notes, annotation.
    fn head(&self, tag: &str, identity: &Identity, id: Option<&str>) -> Element {
        let annotations = self.model.annotations.get(&identity.id);
        let described = annotations.map(|kept| {
            let id = id.map_or_else(|| plain(&identity.id), str::to_string);
            let meta = self.meta(&format!("meta_{id}"));
            (annotations::elements(kept, &meta), meta)
        });
        let meta = described.as_ref().map(|(_, meta)| meta.as_str());
        Element::new(tag)
            .maybe("metaid", meta)
            .maybe("id", id)
            .maybe("name", named(&identity.name))
            .maybe("sboTerm", identity.sbo.map(term))
            .holding_all(described.into_iter().flat_map(|(elements, _)| elements))
            .holding_all(self.links(&identity.id))
    }

    /// What an element says about submodels.
    fn links(&self, id: &str) -> Option<Element> {
        let links = self.frame.links.get(id)?;
        Some(Element::new("comp:listOfReplacedElements").holding_all(links.iter().cloned()))
    }

    fn symbol_head(&self, tag: &str, symbol: Symbol) -> Element {
        let id = self.ids.symbol(symbol);
        self.head(tag, self.model.identity(symbol), Some(id))
    }

    fn math(&self, formula: &Formula) -> Element {
        math::math(formula, self, self.core())
    }

    fn functions(&self) -> Vec<Element> {
        let functions = self.model.functions.iter();
        functions
            .map(|(name, function)| {
                let names: Vec<String> = function.arguments.iter().map(|a| plain(a)).collect();
                let local = Arguments {
                    writer: self,
                    names: &names,
                };
                let lambda = math::lambda(&names, &function.body, &local, self.core());
                Element::new("functionDefinition")
                    .with("id", self.ids.function(name))
                    .holding(lambda)
            })
            .collect()
    }

    fn starts(&mut self) -> Vec<Element> {
        let assignments = self.model.initial_assignments.iter();
        let written = assignments.map(|InitialAssignment { symbol, value }| {
            let id = self.ids.symbol(*symbol);
            Element::new("initialAssignment")
                .maybe("metaid", self.referred("start", id))
                .with("symbol", id)
                .holding(self.math(value))
        });
        let mut written: Vec<Element> = written.collect();
        written.append(&mut self.added.starts);
        written
    }

    fn rules(&mut self) -> Vec<Element> {
        let mut algebraic = self.ids.algebraic.clone().into_iter();
        let mut written = Vec::with_capacity(self.model.rules.len());
        for rule in &self.model.rules {
            let element = match rule {
                Rule::Assignment(symbol, value) => {
                    let id = self.ids.symbol(*symbol);
                    Element::new("assignmentRule")
                        .maybe("metaid", self.referred("assignment", id))
                        .with("variable", id)
                        .holding(self.math(value))
                }
                Rule::Rate(symbol, value) => {
                    let id = self.ids.symbol(*symbol);
                    Element::new("rateRule")
                        .maybe("metaid", self.referred("rate", id))
                        .with("variable", id)
                        .holding(self.math(value))
                }
                Rule::Algebraic(name, value) => {
                    let id = algebraic.next().flatten();
                    let id = self.only_version_2(id, "algebraic rule");
                    Element::new("algebraicRule")
                        .maybe("metaid", self.referred("algebraic", &plain(name)))
                        .maybe("id", id)
                        .holding(self.math(value))
                }
            };
            written.push(element);
        }
        written.append(&mut self.added.rules);
        written
    }

    /// An id at an element that has none in Version 1.
    fn only_version_2(&mut self, id: Option<String>, of: &str) -> Option<String> {
        let id = id?;
        if self.version == 2 {
            return Some(id);
        }
        let message = format!("the name of the {of} `{id}` is lost");
        let told = Diagnostic::warning("export/name-lost", message);
        self.found.push(told.hint(
            "fast reactions are written in Level 3 Version 1, where rules and constraints have no names",
        ));
        None
    }

    // ---- units

    /// The id of a unit that the model has, SBML knows, or has to be made.
    fn unit(&self, unit: Unit) -> String {
        let name = self.units.borrow_mut().name(unit);
        self.named_unit(&name)
    }

    /// As [`Writer::unit`]; a definition that has to be made is called `name`.
    fn wide_unit(&self, unit: Unit, name: &str) -> String {
        let name = self.units.borrow_mut().name_or(unit, name);
        self.named_unit(&name)
    }

    /// The written id of a unit by its name in the model.
    fn named_unit(&self, name: &str) -> String {
        if let Some(id) = self.unit_ids.borrow().get(name) {
            return id.clone();
        }
        let is_defined = self.units.borrow().is_defined(name);
        if !is_defined && units::is_base(name) {
            return name.to_string();
        }
        if !is_defined && let Some(unit) = base_unit(name) {
            // A plural, or the American spelling.
            return self.unit(unit);
        }
        let mut id = plain(name);
        let mut ids = self.unit_ids.borrow_mut();
        while units::is_base(&id) || ids.values().any(|other| *other == id) {
            id.push('_');
        }
        ids.insert(name.to_string(), id.clone());
        id
    }

    fn unit_definitions(&self) -> Vec<Element> {
        let defined: Vec<(String, Unit)> = self.units.borrow().all();
        defined
            .into_iter()
            .map(|(name, unit)| units::definition(&self.named_unit(&name), unit))
            .collect()
    }
}

/// The root of a document, without its models.
///
/// * `has_newer` — whether formulas use what Version 2 brought
fn root(version: u32, has_newer: bool) -> Element {
    let root = Element::new("sbml")
        .with("xmlns", core(version))
        .with("level", "3")
        .with("version", version.to_string());
    if version > 1 || !has_newer {
        return root;
    }
    let package = "http://www.sbml.org/sbml/level3/version1/l3v2extendedmath/version1";
    root.with("xmlns:l3v2extendedmath", package)
        .with("l3v2extendedmath:required", "true")
}

fn core(version: u32) -> &'static str {
    if version == 1 {
        "http://www.sbml.org/sbml/level3/version1/core"
    } else {
        "http://www.sbml.org/sbml/level3/version2/core"
    }
}

fn named(name: &str) -> Option<String> {
    (!name.is_empty()).then(|| xml::printable(name))
}

fn term(number: u32) -> String {
    format!("SBO:{number:07}")
}

impl Named for Writer<'_> {
    fn symbol(&self, symbol: Symbol) -> String {
        self.ids.symbol(symbol).to_string()
    }

    fn function(&self, name: &str) -> String {
        self.ids.function(name).to_string()
    }

    fn unit(&self, name: &str) -> String {
        self.named_unit(name)
    }
}

/// Names within a function: its arguments come first.
struct Arguments<'a, 'm> {
    writer: &'a Writer<'m>,
    names: &'a [String],
}

impl Named for Arguments<'_, '_> {
    fn symbol(&self, symbol: Symbol) -> String {
        match symbol {
            Symbol::Argument(at) => self.names[at].clone(),
            symbol => self.writer.symbol(symbol),
        }
    }

    fn function(&self, name: &str) -> String {
        self.writer.function(name)
    }

    fn unit(&self, name: &str) -> String {
        self.writer.named_unit(name)
    }
}
