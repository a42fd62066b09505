//! Names, notes, terms and attributes.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::Annotation;
use crate::model::qualifiers::usual_keyword;
use crate::model::text::formula_text;
use crate::syntax::antimony::tree::{self, AttributeValue};
use crate::syntax::expr::ExprKind;

use super::builder::Builder;
use super::draft::{Draft, Element, Role};

/// Attributes that describe uncertainty or chemistry: kept as written, without effect on numbers.
pub const KEPT: [&str; 20] = [
    "mean",
    "stdev",
    "standardDeviation",
    "coefficientOfVariation",
    "kurtosis",
    "median",
    "mode",
    "sampleSize",
    "skewness",
    "standardError",
    "variance",
    "confidenceInterval",
    "credibleInterval",
    "interquartileRange",
    "range",
    "distribution",
    "externalParameter",
    "charge",
    "chemicalFormula",
    "notes",
];

/// Attributes that count: the ontology term, and numbers of compartments and species.
const COUNTED: [&str; 3] = ["sboTerm", "spatialDimensions", "conversionFactor"];

/// Every attribute that is understood.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    COUNTED.into_iter().chain(KEPT)
}

const LAYOUT: [&str; 24] = [
    "position",
    "size",
    "width",
    "height",
    "color",
    "fillcolor",
    "linecolor",
    "bordercolor",
    "linewidth",
    "shape",
    "font",
    "fontsize",
    "fontstyle",
    "fontcolor",
    "background",
    "style",
    "species_end",
    "rxn_end",
    "b1",
    "b2",
    "layout",
    "autolayout",
    "maxnumconnectededges",
    "fillcolour",
];

/// Whether an attribute is about drawing.
pub(super) fn is_layout(path: &tree::Path) -> bool {
    let drawn = |part: &tree::Ident| {
        let lower = part.text.to_lowercase();
        LAYOUT.contains(&lower.as_str()) || lower.starts_with("align_")
    };
    path.parts.iter().skip(1).any(drawn)
}

/// Whether the last part of a path is an attribute we know.
pub(super) fn is_known(path: &tree::Path) -> bool {
    let Some(last) = path.parts.last() else {
        return false;
    };
    let own = [
        "sboTerm",
        "conversionFactor",
        "spatialDimensions",
        "constant",
        "fast",
    ];
    let same = |known: &&str| known.eq_ignore_ascii_case(&last.text);
    own.iter().any(same) || KEPT.iter().any(same) || is_layout(path)
}

/// `model` inside of a module, or its name where nothing in it is called so.
fn is_module(builder: &Builder<'_>, path: &tree::Path) -> bool {
    let [one] = path.parts.as_slice() else {
        return false;
    };
    let own_name = one.text == builder.draft.id && !builder.draft.names.contains_key(&one.text);
    one.text == "model" || own_name
}

/// `x is "name"`.
pub(super) fn display_name(builder: &mut Builder<'_>, target: &tree::Path, name: &tree::Text) {
    if is_module(builder, target) {
        builder.draft.display.clone_from(&name.text);
        return;
    }
    if let Some(id) = builder.path(target) {
        let id = builder.draft.representative(id);
        builder.draft.elements[id].display.clone_from(&name.text);
    }
}

fn kept(keyword: &str, values: Vec<String>) -> Annotation {
    Annotation {
        keyword: usual_keyword(keyword).to_string(),
        values,
    }
}

fn texts(annotation: &tree::Annotation) -> Vec<String> {
    annotation.values.iter().map(|v| v.text.clone()).collect()
}

/// `x keyword "…"`.
pub(super) fn terms(builder: &mut Builder<'_>, annotation: &tree::Annotation) {
    if is_module(builder, &annotation.target) {
        module_terms(&mut builder.draft, annotation);
        return;
    }
    let Some(id) = builder.path(&annotation.target) else {
        return;
    };
    let id = builder.draft.representative(id);
    let element = &mut builder.draft.elements[id];
    if annotation.keyword.eq_ignore_ascii_case("sboTerm") {
        element.sbo = annotation.values.first().and_then(|v| sbo_number(&v.text));
        return;
    }
    element
        .annotations
        .push(kept(&annotation.keyword, texts(annotation)));
}

/// `model keyword "…"`, or the same by the module's name.
pub(super) fn module_terms(draft: &mut Draft, annotation: &tree::Annotation) {
    draft
        .annotations
        .push(kept(&annotation.keyword, texts(annotation)));
}

/// `x.attribute = value`.
pub(super) fn attribute(
    builder: &mut Builder<'_>,
    path: &tree::Path,
    value: &AttributeValue,
    span: Span,
) {
    if let AttributeValue::Formula(formula) = value
        && builder.draft.names.contains_key(&path.dotted())
    {
        // The path reaches an element of a submodule after all.
        if let Some(id) = builder.path(path) {
            builder.assign(id, tree::AssignmentKind::Initial, Some(formula), span);
        }
        return;
    }
    if is_layout(path) {
        return;
    }
    let Some((owner, name)) = split(path) else {
        return;
    };
    let own_name = owner == builder.draft.id && !builder.draft.names.contains_key(&owner);
    if owner == "model" || own_name {
        model_attribute(builder, name, value, span);
        return;
    }
    let Some(id) = builder.named(&owner, path.span) else {
        return;
    };
    let id = builder.draft.representative(id);
    if name.eq_ignore_ascii_case("conversionFactor") {
        if let Some(factor) = factor_of(builder, value) {
            builder.draft.elements[id].conversion_factor = Some(factor);
        }
        return;
    }
    let element = &mut builder.draft.elements[id];
    if !element_attribute(element, name, value) {
        let told = refused(&owner, name);
        builder.found.push(told.at(span));
    }
}

/// Why an attribute is not taken: no such name, or no such value.
fn refused(owner: &str, name: &str) -> Diagnostic {
    let code = "model/unknown-attribute";
    if name.eq_ignore_ascii_case("sboTerm") {
        let told = Diagnostic::error(code, format!("this is no ontology term for `{owner}`"));
        return told.hint(format!("write its number: `{owner}.sboTerm = SBO:0000247`"));
    }
    if name.eq_ignore_ascii_case("spatialDimensions") {
        let told = Diagnostic::error(
            code,
            format!("this is no number of dimensions for `{owner}`"),
        );
        return told.hint("write 3, 2, 1 or 0");
    }
    let told = Diagnostic::error(code, format!("`{owner}` has no attribute `{name}`"));
    super::builder::with_near(told, crate::diag::did_you_mean(name, names()))
}

fn split(path: &tree::Path) -> Option<(String, &str)> {
    let (last, owner) = path.parts.split_last()?;
    let owner: Vec<&str> = owner.iter().map(|part| part.text.as_str()).collect();
    Some((owner.join("."), &last.text))
}

fn element_attribute(element: &mut Element, name: &str, value: &AttributeValue) -> bool {
    if name.eq_ignore_ascii_case("sboTerm") {
        element.sbo = sbo_of(value);
        return element.sbo.is_some();
    }
    if name.eq_ignore_ascii_case("spatialDimensions") {
        element.dimensions = number_of(value);
        return element.dimensions.is_some();
    }
    if name.eq_ignore_ascii_case("constant") || name.eq_ignore_ascii_case("fast") {
        element.fixed = number_of(value) == Some(1.0);
        return true;
    }
    let Some(known) = KEPT.iter().find(|known| known.eq_ignore_ascii_case(name)) else {
        return false;
    };
    element.annotations.push(kept(known, written(value)));
    true
}

fn model_attribute(builder: &mut Builder<'_>, name: &str, value: &AttributeValue, span: Span) {
    if name.eq_ignore_ascii_case("conversionFactor") {
        if let Some(factor) = factor_of(builder, value) {
            builder.draft.conversion_factor = Some(factor);
        }
        return;
    }
    if !name.eq_ignore_ascii_case("sboTerm") {
        let told = Diagnostic::error(
            "model/unknown-attribute",
            format!("a model has no attribute `{name}`"),
        );
        builder.found.push(told.at(span));
        return;
    }
    set_module_sbo(&mut builder.draft, value);
}

/// `name.sboTerm = …` outside of the module called `name`.
pub(super) fn module_attribute(
    draft: &mut Draft,
    path: &tree::Path,
    value: &AttributeValue,
    found: &mut Diagnostics,
) {
    let is_sbo = path
        .parts
        .get(1)
        .is_some_and(|part| part.text.eq_ignore_ascii_case("sboTerm"));
    if is_sbo {
        set_module_sbo(draft, value);
    } else if !is_layout(path) {
        let told = Diagnostic::error(
            "model/unknown-attribute",
            format!(
                "`{}` is a module, and has no such attribute",
                path.parts[0].text
            ),
        );
        found.push(told.at(path.span));
    }
}

fn set_module_sbo(draft: &mut Draft, value: &AttributeValue) {
    if let Some(number) = sbo_of(value) {
        let text = format!("SBO:{number:07}");
        draft.annotations.push(kept("sboTerm", vec![text]));
    }
}

fn factor_of(builder: &mut Builder<'_>, value: &AttributeValue) -> Option<usize> {
    let AttributeValue::Formula(formula) = value else {
        return None;
    };
    match &formula.kind {
        ExprKind::Symbol(name) => {
            let id = builder.named(name, formula.span)?;
            builder.set_role(id, Role::Parameter, formula.span);
            Some(id)
        }
        _ => {
            let told = Diagnostic::error(
                "model/conversion-factor",
                "a conversion factor must be the name of a parameter",
            );
            builder.found.push(told.at(formula.span));
            None
        }
    }
}

fn number_of(value: &AttributeValue) -> Option<f64> {
    use crate::syntax::expr::Constant;
    match value {
        AttributeValue::Formula(formula) => match &formula.kind {
            ExprKind::Constant(Constant::True) => Some(1.0),
            ExprKind::Constant(Constant::False) => Some(0.0),
            _ => super::builder::plain_number(formula),
        },
        AttributeValue::Word(word) if word.text == "true" => Some(1.0),
        _ => None,
    }
}

fn sbo_of(value: &AttributeValue) -> Option<u32> {
    match value {
        AttributeValue::Word(word) | AttributeValue::Text(word) => sbo_number(&word.text),
        value => {
            let number = number_of(value)?;
            let whole = (0.0..1e7).contains(&number) && number == number.trunc();
            whole.then_some(number as u32)
        }
    }
}

fn sbo_number(text: &str) -> Option<u32> {
    let digits = text.trim().trim_start_matches("SBO:");
    digits.trim().parse().ok()
}

fn written(value: &AttributeValue) -> Vec<String> {
    match value {
        AttributeValue::Text(text) | AttributeValue::Word(text) => vec![text.text.clone()],
        AttributeValue::Formula(formula) => vec![formula_text(formula, &String::clone)],
        AttributeValue::List(values) => values.iter().flat_map(written).collect(),
    }
}
