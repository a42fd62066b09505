//! Documents written in few words.

use insilin::diag::{Diagnostics, MemorySources, SourceMap, Warned, render_all};
use insilin::model::{Model, lower};

use crate::support::Table;

/// The head of a document of Level 3 Version 2 with the package.
pub const HEAD: &str = "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version2/core\" level=\"3\" version=\"2\" \
    xmlns:comp=\"http://www.sbml.org/sbml/level3/version1/comp/version1\" comp:required=\"true\">";

/// A document: the content of its model, then definitions as (id, content).
pub fn document(main: &str, definitions: &[(&str, &str)]) -> String {
    let mut text = format!("{HEAD}\n<model id=\"main\">\n{main}\n</model>\n");
    if !definitions.is_empty() {
        text.push_str("<comp:listOfModelDefinitions>\n");
        for (id, content) in definitions {
            text.push_str(&format!(
                "<comp:modelDefinition id=\"{id}\">\n{content}\n</comp:modelDefinition>\n"
            ));
        }
        text.push_str("</comp:listOfModelDefinitions>\n");
    }
    text + "</sbml>\n"
}

/// A list called `listOf…` of the core.
pub fn list(of: &str, items: &[&str]) -> String {
    format!("<listOf{of}>{}</listOf{of}>", items.concat())
}

/// The submodels of a model: `id=definition`, then other attributes without their prefix.
pub fn submodels(items: &[&str]) -> String {
    let item = |item: &&str| {
        let mut words = item.split(' ');
        let (id, definition) = words.next().and_then(|w| w.split_once('=')).expect("a=b");
        let mut text = format!("<comp:submodel comp:id=\"{id}\" comp:modelRef=\"{definition}\"");
        for (name, value) in words.filter_map(|word| word.split_once('=')) {
            text.push_str(&format!(" comp:{name}=\"{value}\""));
        }
        text + "/>\n"
    };
    let items: String = items.iter().map(item).collect();
    format!("<comp:listOfSubmodels>{items}</comp:listOfSubmodels>")
}

/// A constant parameter with more within.
pub fn constant(id: &str, value: f64, more: &str) -> String {
    format!("<parameter id=\"{id}\" value=\"{value}\" constant=\"true\">{more}</parameter>")
}

/// A parameter that may change, with more within.
pub fn variable(id: &str, value: f64, more: &str) -> String {
    format!("<parameter id=\"{id}\" value=\"{value}\" constant=\"false\">{more}</parameter>")
}

/// Replaced elements: each the attributes of one without their prefix, `submodelRef=a idRef=x`.
pub fn replaces(items: &[&str]) -> String {
    let items: String = items
        .iter()
        .map(|item| format!("<comp:replacedElement {}/>\n", prefixed(item)))
        .collect();
    format!("<comp:listOfReplacedElements>{items}</comp:listOfReplacedElements>")
}

/// The element that replaces, by its attributes.
pub fn replaced_by(item: &str) -> String {
    format!("<comp:replacedBy {}/>", prefixed(item))
}

/// `a=b c=d` as attributes of the package.
pub fn prefixed(attributes: &str) -> String {
    let words = attributes
        .split(' ')
        .filter_map(|word| word.split_once('='));
    words
        .map(|(name, value)| format!("comp:{name}=\"{value}\" "))
        .collect()
}

pub fn math(inner: &str) -> String {
    format!("<math xmlns=\"http://www.w3.org/1998/Math/MathML\">{inner}</math>")
}

pub fn ci(name: &str) -> String {
    format!("<ci>{name}</ci>")
}

pub fn cn(value: f64) -> String {
    format!("<cn>{value}</cn>")
}

pub fn apply(operator: &str, parts: &[&str]) -> String {
    format!("<apply><{operator}/>{}</apply>", parts.concat())
}

pub fn time() -> String {
    symbol("time")
}

pub fn symbol(name: &str) -> String {
    format!(
        "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/{name}\">{name}</csymbol>"
    )
}

/// `rateOf` or `delay` of parts.
pub fn call(name: &str, parts: &[&str]) -> String {
    format!("<apply>{}{}</apply>", symbol(name), parts.concat())
}

pub fn assignment_rule(variable: &str, formula: &str) -> String {
    format!(
        "<assignmentRule variable=\"{variable}\">{}</assignmentRule>",
        math(formula)
    )
}

pub fn rate_rule(variable: &str, formula: &str) -> String {
    format!(
        "<rateRule variable=\"{variable}\">{}</rateRule>",
        math(formula)
    )
}

pub fn start_value(symbol: &str, formula: &str) -> String {
    format!(
        "<initialAssignment symbol=\"{symbol}\">{}</initialAssignment>",
        math(formula)
    )
}

/// An event without priority, with `delay` when it is not empty.
pub fn event(trigger: &str, delay: &str, variable: &str, formula: &str) -> String {
    let delay = match delay {
        "" => String::new(),
        delay => format!("<delay>{}</delay>", math(delay)),
    };
    format!(
        "<event useValuesFromTriggerTime=\"true\"><trigger initialValue=\"true\" persistent=\"true\">{}</trigger>{delay}\
         <listOfEventAssignments><eventAssignment variable=\"{variable}\">{}</eventAssignment></listOfEventAssignments></event>",
        math(trigger),
        math(formula)
    )
}

/// A compartment `c` of size 1 with species (amounts) of the given starts.
pub fn species(items: &[(&str, f64)], more: &str) -> String {
    let item = |(id, amount): &(&str, f64)| {
        format!(
            "<species id=\"{id}\" compartment=\"c\" initialAmount=\"{amount}\" hasOnlySubstanceUnits=\"true\" \
             boundaryCondition=\"false\" constant=\"false\">{more}</species>"
        )
    };
    let items: String = items.iter().map(item).collect();
    let compartment = "<compartment id=\"c\" size=\"1\" constant=\"true\"/>";
    list("Compartments", &[compartment]) + &list("Species", &[&items])
}

/// A reaction that makes `product` at a rate, with more within.
pub fn making(id: &str, product: &str, rate: &str, more: &str) -> String {
    format!(
        "<reaction id=\"{id}\" reversible=\"false\"><listOfProducts><speciesReference species=\"{product}\" \
         stoichiometry=\"1\" constant=\"true\"/></listOfProducts><kineticLaw>{}</kineticLaw>{more}</reaction>",
        math(rate)
    )
}

pub fn load(text: &str) -> Result<Warned<Model>, (Diagnostics, SourceMap)> {
    let sources = MemorySources::new([("m.xml", text)]);
    let mut map = SourceMap::new();
    lower::load("m.xml", &sources, &mut map).map_err(|findings| (findings, map))
}

pub fn model(text: &str) -> Model {
    match load(text) {
        Ok(loaded) => loaded.value,
        Err((findings, map)) => panic!("{}", render_all(&findings, &map)),
    }
}

/// Ids of a model's parameters, in order.
pub fn parameter_ids(model: &Model) -> Vec<&str> {
    let parameters = model.parameters.iter();
    parameters.map(|p| p.identity.id.as_str()).collect()
}

/// A run of a document over `[0, end]` with a row per unit of time.
pub fn run(text: &str, end: u32) -> Table {
    crate::support::run(text, &format!("time = {{ span = [0, {end}], every = 1 }}"))
}
