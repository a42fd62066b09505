//! A model as flat Antimony text that reads back to the same model.
//!
//! Names are declared first, in the order of the model's lists, because a name's place is that of its first mention;
//! rules, reactions and events follow in their own order. Units stand before values: a number in another unit than its
//! element's is a formula.

use indexmap::{IndexMap, IndexSet};

use crate::model::hierarchy::Hierarchy;
use crate::model::lower::KEPT_ATTRIBUTES;
use crate::model::text::{formula_text, number_text};
use crate::model::{
    Annotation, Event, ExprKind, Formula, FunctionDefinition, Identity, InitialValue, Model,
    Reaction, Rule, SpeciesReference, Stoichiometry, Symbol,
};
use crate::syntax::antimony::words;

use super::antimony_units::Units;
use super::modules::{Deleted, Inner, Path, parts};
use super::names::plain;

/// Widest line of a list of names.
const WIDTH: usize = 100;

/// The whole model as Antimony text; reading it gives the model back, but for places in the text.
///
/// Names that are words of the language get an underscore behind them, as libantimony writes them; what is no name at all
/// (`event 1`) has its other characters replaced. Three attributes
/// that plain Antimony lacks are written in our own spelling where a model needs them: `c.spatialDimensions = 2`,
/// `S.constant = true`, `J.fast = true`. An event that does nothing is left out.
/// ```
/// # use insilin::diag::{MemorySources, SourceMap};
/// # use insilin::model::lower::load;
/// let sources = MemorySources::new([("decay.ant", "A -> ; k*A\nA = 10; k = 0.1")]);
/// let model = load("decay.ant", &sources, &mut SourceMap::new()).unwrap().value;
/// let text = insilin::export::antimony(&model);
/// assert!(text.contains("_J0: A -> ; k*A;"));
/// ```
pub fn antimony(model: &Model) -> String {
    let mut writer = Writer::new(model);
    writer.functions(&model.functions);
    writer.module("*", &[], &[]);
    writer.out
}

/// Modules as Antimony text, each with what it has of its own and what it does to its submodules.
///
/// Elements of submodules that a module changes, mentions or makes one are its own and stand for those; rules and events
/// that it has otherwise are removed. Time and extent that a submodule counts otherwise are written out in the formulas
/// of the module around it.
pub fn antimony_modules(hierarchy: &Hierarchy) -> String {
    let parts = parts(hierarchy);
    let mut functions = IndexMap::new();
    for part in parts.values() {
        functions.extend(part.model.functions.clone());
    }
    let mut text = String::new();
    for (name, part) in &parts {
        let mut writer = Writer::new(&part.model);
        if text.is_empty() {
            writer.functions(&functions);
        }
        let star = if *name == hierarchy.main { "*" } else { "" };
        writer.module(star, &part.ports, &part.submodels);
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&writer.out);
    }
    text
}

struct Writer<'a> {
    model: &'a Model,
    out: String,
    /// Written names by symbol order: species, compartments, parameters, stoichiometries, reactions.
    taken: IndexSet<String>,
    units: Units<'a>,
    /// Ids of elements that stand for others in submodules.
    replacing: IndexSet<String>,
    indent: &'static str,
}

impl<'a> Writer<'a> {
    fn new(model: &'a Model) -> Self {
        let symbols = model.symbols().map(|symbol| &model.identity(symbol).id);
        let events = model.events.iter().map(|event| &event.identity.id);
        Self {
            model,
            out: String::new(),
            taken: symbols.chain(events).cloned().collect(),
            units: Units::new(model),
            replacing: IndexSet::new(),
            indent: if is_bare(model) { "" } else { "  " },
        }
    }

    /// * `star` — `*` for the module that is meant
    fn module(&mut self, star: &str, ports: &[String], submodels: &[Inner]) {
        let replaced = submodels.iter().flat_map(|inner| &inner.replaced);
        self.replacing = replaced.map(|(id, _)| id.clone()).collect();
        self.open(star, ports);
        let body = self.out.len();
        self.declarations();
        self.submodels(submodels);
        self.reactions();
        self.rules();
        self.events();
        self.constraints();
        self.units();
        self.values();
        self.descriptions();
        self.unit_definitions(body);
        self.close();
    }

    /// Whether elements of submodules are made one with an element: what it does not say, they would.
    fn stands_for_others(&self, id: &str) -> bool {
        self.replacing.contains(id)
    }

    /// Submodules, what goes from them, and what the module's own elements stand for.
    fn submodels(&mut self, submodels: &[Inner]) {
        self.section("submodules", submodels.is_empty());
        for inner in submodels {
            self.line(&format!("{}: {}();", inner.name, self.id(&inner.module)));
            // What is said about an element goes before the element.
            let is_element = |deleted: &&Deleted| matches!(deleted, Deleted::Element(_));
            let (elements, statements): (Vec<&Deleted>, Vec<&Deleted>) =
                inner.deleted.iter().partition(is_element);
            for deleted in statements.into_iter().chain(elements) {
                let text = self.deletion(inner, deleted);
                self.line(&text);
            }
            for (id, path) in &inner.replaced {
                self.line(&format!("{} is {};", self.path(inner, path), self.id(id)));
            }
        }
    }

    fn deletion(&self, inner: &Inner, deleted: &Deleted) -> String {
        match deleted {
            Deleted::Assignment(path) => format!("{} := ;", self.path(inner, path)),
            Deleted::Rate(path) => format!("{}' = ;", self.path(inner, path)),
            Deleted::Start(path) => format!("{} = ;", self.path(inner, path)),
            Deleted::Element(path) | Deleted::Algebraic(path) | Deleted::Constraint(path) => {
                format!("delete {};", self.path(inner, path))
            }
        }
    }

    fn path(&self, inner: &Inner, path: &Path) -> String {
        let mut parts = vec![inner.name.clone()];
        parts.extend(path.below.iter().cloned());
        parts.push(self.id(&path.id));
        parts.join(".")
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(self.indent);
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn section(&mut self, title: &str, empty: bool) {
        if !empty {
            self.out.push('\n');
            self.line(&format!("// {title}"));
        }
    }

    /// An id as it can be written: words of the language get an underscore.
    fn id(&self, id: &str) -> String {
        let mut written = plain(id);
        while words::is_keyword(&written)
            || words::is_reserved(&written)
            || (written != id && self.taken.contains(&written))
        {
            written.push('_');
        }
        written
    }

    fn symbol(&self, symbol: Symbol) -> String {
        self.id(&self.model.identity(symbol).id)
    }

    fn formula(&self, formula: &Formula) -> String {
        self.formula_with(formula, &|symbol| self.symbol(*symbol))
    }

    fn formula_with(&self, formula: &Formula, name: &dyn Fn(&Symbol) -> String) -> String {
        formula_text(&self.with_names(formula), name)
    }

    /// The formula with units and functions as they are called in the text.
    fn with_names(&self, formula: &Formula) -> Formula {
        let all = |arguments: &[Formula]| arguments.iter().map(|a| self.with_names(a)).collect();
        let kind = match &formula.kind {
            ExprKind::Number(value, Some(unit)) => {
                ExprKind::Number(*value, Some(self.units.antimony(unit)))
            }
            ExprKind::Call(function, arguments) => ExprKind::Call(*function, all(arguments)),
            ExprKind::User(name, arguments) => ExprKind::User(self.id(name), all(arguments)),
            kind => kind.clone(),
        };
        Formula::new(formula.span, kind)
    }

    fn functions(&mut self, functions: &IndexMap<String, FunctionDefinition>) {
        for (name, function) in functions {
            let arguments: Vec<String> = function.arguments.iter().map(|a| self.id(a)).collect();
            let body = self.formula_with(&function.body, &|symbol| match symbol {
                Symbol::Argument(at) => arguments[*at].clone(),
                symbol => self.symbol(*symbol),
            });
            let name = self.id(name);
            let head = format!("function {name}({})", arguments.join(", "));
            self.out.push_str(&format!("{head}\n  {body}\nend\n\n"));
        }
    }

    fn open(&mut self, star: &str, ports: &[String]) {
        if !is_bare(self.model) {
            let id = self.id(&self.model.id);
            let ports: Vec<String> = ports.iter().map(|port| self.id(port)).collect();
            let ports = ports.join(", ");
            self.out.push_str(&format!("model {star}{id}({ports})\n"));
        }
    }

    fn close(&mut self) {
        if !is_bare(self.model) {
            self.out.push_str("end\n");
        }
        // libantimony takes a model's display name only from outside of it.
        if !self.model.name.is_empty() {
            let id = match self.model.id.as_str() {
                "" => BARE.to_string(),
                id => self.id(id),
            };
            let name = quoted(&self.model.name);
            self.out.push_str(&format!("{id} is {name};\n"));
        }
    }

    fn declarations(&mut self) {
        let model = self.model;
        self.section("compartments and species", model.compartments.is_empty());
        let compartments = model.compartments.iter().map(|c| {
            let head = match (c.constant, self.stands_for_others(&c.identity.id)) {
                (true, true) => "const compartment",
                (true, false) => "compartment",
                (false, _) => "var compartment",
            };
            (head, self.id(&c.identity.id))
        });
        let compartments = compartments.collect();
        self.list(compartments);
        let species: Vec<(&str, String)> = model
            .species
            .iter()
            .map(|species| {
                let head = if species.only_substance_units {
                    "substanceOnly species"
                } else {
                    "species"
                };
                let dollar = if species.boundary { "$" } else { "" };
                let compartment = Symbol::Compartment(species.compartment);
                let id = self.id(&species.identity.id);
                (
                    head,
                    format!("{dollar}{id} in {}", self.symbol(compartment)),
                )
            })
            .collect();
        self.list(species);
        let (parameters, numbers) = (&model.parameters, &model.stoichiometries);
        self.section("parameters", parameters.is_empty() && numbers.is_empty());
        let head = |id: &str, constant: bool| match (constant, self.stands_for_others(id)) {
            (true, true) => "const formula",
            (true, false) => "formula",
            (false, _) => "var formula",
        };
        let parameters = parameters.iter().map(|p| {
            let id = &p.identity.id;
            (head(id, p.constant), self.id(id))
        });
        let numbers = numbers.iter().map(|n| {
            let id = &n.identity.id;
            (head(id, n.constant), self.id(id))
        });
        let all = parameters.chain(numbers).collect();
        self.list(all);
    }

    /// `head a, b, c;` for every run of entries with one head.
    fn list(&mut self, entries: Vec<(&str, String)>) {
        let mut line = String::new();
        let mut head_before = "";
        for (head, entry) in entries {
            let fits = line.len() + entry.len() + 2 <= WIDTH;
            if head == head_before && fits && !line.is_empty() {
                line.push_str(", ");
                line.push_str(&entry);
                continue;
            }
            if !line.is_empty() {
                self.line(&format!("{line};"));
            }
            line = format!("{head} {entry}");
            head_before = head;
        }
        if !line.is_empty() {
            self.line(&format!("{line};"));
        }
    }

    fn reactions(&mut self) {
        self.section("reactions", self.model.reactions.is_empty());
        for reaction in &self.model.reactions {
            let text = self.reaction(reaction);
            self.line(&text);
        }
        for reaction in &self.model.reactions {
            for &(species, sbo) in &reaction.modifiers {
                let sign = match sbo {
                    459 => "-o",
                    20 => "-|",
                    0 => continue,
                    _ => "-(",
                };
                let species = self.symbol(Symbol::Species(species));
                let reaction = self.id(&reaction.identity.id);
                self.line(&format!("{species} {sign} {reaction};"));
            }
        }
    }

    fn reaction(&self, reaction: &Reaction) -> String {
        let mut text = self.id(&reaction.identity.id);
        if let Some(compartment) = reaction.compartment {
            text.push_str(" in ");
            text.push_str(&self.symbol(Symbol::Compartment(compartment)));
        }
        text.push_str(": ");
        if !reaction.reactants.is_empty() {
            text.push_str(&self.side(&reaction.reactants));
            text.push(' ');
        }
        text.push_str(if reaction.reversible { "-> " } else { "=> " });
        text.push_str(&self.side(&reaction.products));
        text.push(';');
        if let Some(rate) = &reaction.rate {
            text.push(' ');
            text.push_str(&self.formula(rate));
            text.push(';');
        }
        text
    }

    fn side(&self, participants: &[SpeciesReference]) -> String {
        let written: Vec<String> = participants
            .iter()
            .map(|participant| {
                let species = self.symbol(Symbol::Species(participant.species));
                match participant.stoichiometry {
                    Stoichiometry::Number(1.0) => species,
                    Stoichiometry::Number(value) => format!("{} {species}", number_text(value)),
                    Stoichiometry::Named(at) => {
                        format!("{} {species}", self.symbol(Symbol::Stoichiometry(at)))
                    }
                }
            })
            .collect();
        written.join(" + ")
    }

    fn rules(&mut self) {
        self.section("rules", self.model.rules.is_empty());
        for rule in &self.model.rules {
            let text = match rule {
                Rule::Assignment(symbol, formula) => {
                    format!("{} := {};", self.symbol(*symbol), self.formula(formula))
                }
                Rule::Rate(symbol, formula) => {
                    format!("{}' = {};", self.symbol(*symbol), self.formula(formula))
                }
                Rule::Algebraic(id, formula) => {
                    format!("{}: 0 = {};", self.id(id), self.formula(formula))
                }
            };
            self.line(&text);
        }
    }

    fn events(&mut self) {
        let does_something = |event: &&Event| !event.assignments.is_empty();
        let events: Vec<&Event> = self.model.events.iter().filter(does_something).collect();
        self.section("events", events.is_empty());
        for event in events {
            let text = self.event(event);
            self.line(&text);
        }
    }

    fn event(&self, event: &Event) -> String {
        let mut text = format!("{}: at ", self.id(&event.identity.id));
        if let Some(delay) = &event.delay {
            text.push_str(&format!("{} after ", self.formula(delay)));
        }
        text.push_str(&self.formula(&event.trigger));
        if let Some(priority) = &event.priority {
            text.push_str(&format!(", priority = {}", self.formula(priority)));
        }
        let options = [
            ("t0", event.initial_value),
            ("persistent", event.persistent),
            ("fromTrigger", event.values_from_trigger_time),
        ];
        for (name, value) in options {
            if !value {
                text.push_str(&format!(", {name} = false"));
            }
        }
        let assignments: Vec<String> = event
            .assignments
            .iter()
            .map(|(symbol, value)| format!("{} = {}", self.symbol(*symbol), self.formula(value)))
            .collect();
        format!("{text}: {};", assignments.join(", "))
    }

    fn constraints(&mut self) {
        self.section("constraints", self.model.constraints.is_empty());
        for constraint in &self.model.constraints {
            let name = match constraint.id.as_str() {
                "" => String::new(),
                id => format!(" {}", self.id(id)),
            };
            let condition = self.formula(&constraint.condition);
            self.line(&format!("constraint{name}: {condition};"));
        }
    }

    fn units(&mut self) {
        let model = self.model;
        let mut lines = Vec::new();
        for compartment in &model.compartments {
            if let Some(unit) = compartment.unit {
                let name = self.units.name(unit);
                lines.push((&compartment.identity.id, self.units.antimony(&name)));
            }
        }
        for species in &model.species {
            if let Some(unit) = self.units.of_species(species) {
                lines.push((&species.identity.id, self.units.antimony(&unit)));
            }
        }
        for parameter in &model.parameters {
            if let Some(unit) = parameter.unit {
                let name = self.units.name(unit);
                lines.push((&parameter.identity.id, self.units.antimony(&name)));
            }
        }
        self.section("units", lines.is_empty());
        for (id, unit) in lines {
            self.line(&format!("{} has {unit};", self.id(id)));
        }
    }

    fn values(&mut self) {
        let mut lines = Vec::new();
        // A start formula takes precedence, and two values would be a duplicate.
        let starts = self.model.initial_assignments.iter();
        let mut by_formula: IndexSet<Symbol> = starts.map(|start| start.symbol).collect();
        // A rule gives the value at the start too.
        by_formula.extend(self.model.rules.iter().filter_map(|rule| match rule {
            Rule::Assignment(symbol, _) => Some(*symbol),
            _ => None,
        }));
        for symbol in self.model.symbols() {
            if by_formula.contains(&symbol) {
                continue;
            }
            if let Some(value) = self.plain_value(symbol) {
                lines.push(format!("{} = {value};", self.symbol(symbol)));
            }
        }
        for start in &self.model.initial_assignments {
            let value = self.formula(&start.value);
            lines.push(format!("{} = {value};", self.symbol(start.symbol)));
        }
        self.section("values at the start", lines.is_empty());
        for line in lines {
            self.line(&line);
        }
    }

    fn plain_value(&self, symbol: Symbol) -> Option<String> {
        let model = self.model;
        match symbol {
            Symbol::Compartment(at) => model.compartments[at].size.map(number_text),
            Symbol::Parameter(at) => model.parameters[at].value.map(number_text),
            Symbol::Stoichiometry(at) => model.stoichiometries[at].value.map(number_text),
            Symbol::Species(at) => {
                let species = &model.species[at];
                let size = || self.symbol(Symbol::Compartment(species.compartment));
                match (species.initial?, species.only_substance_units) {
                    (InitialValue::Amount(v), true) | (InitialValue::Concentration(v), false) => {
                        Some(number_text(v))
                    }
                    (InitialValue::Amount(v), false) => {
                        Some(format!("{}/{}", number_text(v), size()))
                    }
                    (InitialValue::Concentration(v), true) => {
                        Some(format!("{}*{}", number_text(v), size()))
                    }
                }
            }
            Symbol::Reaction(_) | Symbol::Argument(_) => None,
        }
    }

    fn descriptions(&mut self) {
        let mut lines = Vec::new();
        self.model_descriptions(&mut lines);
        for compartment in &self.model.compartments {
            if compartment.dimensions != 3.0 {
                let id = self.id(&compartment.identity.id);
                let dimensions = number_text(compartment.dimensions);
                lines.push(format!("{id}.spatialDimensions = {dimensions};"));
            }
        }
        for species in &self.model.species {
            let id = self.id(&species.identity.id);
            if species.constant {
                lines.push(format!("{id}.constant = true;"));
            }
            if let Some(factor) = species.conversion_factor {
                let factor = self.symbol(Symbol::Parameter(factor));
                lines.push(format!("{id}.conversionFactor = {factor};"));
            }
        }
        for reaction in self.model.reactions.iter().filter(|reaction| reaction.fast) {
            lines.push(format!("{}.fast = true;", self.id(&reaction.identity.id)));
        }
        let identities: Vec<&Identity> = self
            .model
            .symbols()
            .map(|symbol| self.model.identity(symbol))
            .chain(self.model.events.iter().map(|event| &event.identity))
            .collect();
        for identity in identities {
            let id = self.id(&identity.id);
            if !identity.name.is_empty() {
                lines.push(format!("{id} is {};", quoted(&identity.name)));
            }
            if let Some(sbo) = identity.sbo {
                lines.push(format!("{id}.sboTerm = SBO:{sbo:07};"));
            }
        }
        for (id, annotations) in &self.model.annotations {
            let is_model = *id == self.model.id;
            let owner = if is_model {
                self.self_name()
            } else {
                self.id(id)
            };
            lines.extend(annotations.iter().map(|a| annotation(&owner, a)));
        }
        self.section("names and annotations", lines.is_empty());
        for line in lines {
            self.line(&line);
        }
    }

    fn model_descriptions(&self, lines: &mut Vec<String>) {
        if let Some(factor) = self.model.conversion_factor {
            let factor = self.symbol(Symbol::Parameter(factor));
            lines.push(format!("model.conversionFactor = {factor};"));
        }
    }

    /// How the model speaks of itself.
    fn self_name(&self) -> String {
        if is_bare(self.model) {
            BARE.to_string()
        } else {
            "model".to_string()
        }
    }

    /// Definitions are known last, because formulas and elements may need new ones, but stand first.
    fn unit_definitions(&mut self, place: usize) {
        let lines = self.units.definitions();
        if lines.is_empty() {
            return;
        }
        let mut text = format!("{}// units of the model\n", self.indent);
        for line in lines {
            text.push_str(&format!("{}{line}\n", self.indent));
        }
        self.out.insert_str(place, &text);
    }
}

/// Id of the model made of statements outside of any module.
const BARE: &str = "__main";

/// Whether the model's statements stand outside of any module.
fn is_bare(model: &Model) -> bool {
    model.id == BARE || model.id.is_empty()
}

fn annotation(owner: &str, annotation: &Annotation) -> String {
    let keyword = annotation.keyword.as_str();
    if keyword == "sboTerm" {
        return format!("{owner}.sboTerm = {};", annotation.values.join(""));
    }
    let is_attribute = KEPT_ATTRIBUTES.contains(&keyword) && keyword != "notes";
    if !is_attribute {
        let values: Vec<String> = annotation.values.iter().map(|v| quoted(v)).collect();
        return format!("{owner} {keyword} {};", values.join(", "));
    }
    match annotation.values.as_slice() {
        [value] if keyword == "chemicalFormula" => {
            format!("{owner}.{keyword} = {};", quoted(value))
        }
        [value] => format!("{owner}.{keyword} = {value};"),
        values => format!("{owner}.{keyword} = {{{}}};", values.join(", ")),
    }
}

/// A text in quotes; in triple back-ticks when it has quotes or several lines.
fn quoted(text: &str) -> String {
    if text.contains(['"', '\n', '\r', '\\']) {
        // Three back-ticks would end the text: no spelling of the language keeps them.
        format!("```{}```", text.replace("```", "'''"))
    } else {
        format!("\"{text}\"")
    }
}
