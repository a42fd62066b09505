//! `a is b`: two elements become one.

use crate::diag::{Diagnostic, Span};

use super::builder::Builder;
use super::draft::{Alias, Element, Factor, Id, Role, RuleKind, Setting, scale};
use crate::syntax::expr::Expr;

/// Makes `left` and `right` one element; what `right` says counts where both say something.
///
/// The name with fewer parts stays, the right one when they are alike. `factor` is that of `left * factor is right`.
pub(super) fn synchronise(
    builder: &mut Builder<'_>,
    left: Id,
    right: Id,
    factor: Option<Factor>,
    span: Span,
) {
    let (left, right) = (
        builder.draft.representative(left),
        builder.draft.representative(right),
    );
    if left == right {
        return;
    }
    if !compatible(builder, left, right, span) {
        return;
    }
    let depth = |id: Id| builder.draft.elements[id].name.matches('.').count();
    let (goes, stays) = if depth(left) < depth(right) {
        (right, left)
    } else {
        (left, right)
    };
    // value(right) = value(left) · factor; an alias says the same from the side of the one that goes.
    let factor_of_goes = factor.map(|factor| (factor, goes == right));
    if builder.draft.elements[left].written || builder.draft.elements[right].written {
        keep_one_reaction(builder, left, right, stays);
    }
    let gone = builder.draft.elements[goes].clone();
    let merged = merge(builder, &gone, goes == right, factor_of_goes, stays, span);
    builder.draft.elements[stays] = merged;
    builder.draft.elements[goes].same_as = Some(Alias {
        target: stays,
        scale: factor_of_goes,
    });
}

fn compatible(builder: &mut Builder<'_>, left: Id, right: Id, span: Span) -> bool {
    let elements = &builder.draft.elements;
    let (a, b) = (&elements[left], &elements[right]);
    let told = if a.role == Role::Submodule || b.role == Role::Submodule {
        Some("a submodule cannot be synchronised as a whole".to_string())
    } else if a.role == b.role || a.role == Role::Unknown || b.role == Role::Unknown {
        None
    } else {
        Some(format!(
            "`{}` is {} and `{}` is {}: they cannot be the same",
            a.name,
            a.role.word(),
            b.name,
            b.role.word()
        ))
    };
    match told {
        None => true,
        Some(told) => {
            let told = Diagnostic::error("model/two-roles", told).at(span);
            builder.found.push(told.hint("synchronise their elements"));
            false
        }
    }
}

/// Of two reactions the right one's text counts; the one that is kept belongs to the element that stays.
fn keep_one_reaction(builder: &mut Builder<'_>, left: Id, right: Id, stays: Id) {
    let reactions = &mut builder.draft.reactions;
    if reactions.iter().any(|reaction| reaction.element == right) {
        reactions.retain(|reaction| reaction.element != left);
    }
    for reaction in reactions {
        if reaction.element == left || reaction.element == right {
            reaction.element = stays;
        }
    }
}

/// `stays` with what `gone` has to add.
fn merge(
    builder: &mut Builder<'_>,
    gone: &Element,
    gone_counts: bool,
    factor: Option<(Factor, bool)>,
    stays: Id,
    span: Span,
) -> Element {
    let kept = builder.draft.elements[stays].clone();
    // Values of the one that goes are expressed in terms of the one that stays: value(stays) = value(gone) / or · factor.
    let convert = |setting: &Setting| {
        let mut setting = setting.clone();
        if let Some((factor, times)) = factor {
            let factor = match factor {
                Factor::Number(value) => Expr::number(value),
                Factor::Symbol(id) => Expr::symbol(id),
            };
            setting.formula = scale(setting.formula, factor, !times);
        }
        setting
    };
    let mut gone = gone.clone();
    gone.initial = gone.initial.as_ref().map(convert);
    if let Some(rule) = &mut gone.rule {
        rule.setting = convert(&rule.setting);
    }
    let name = kept.name.clone();
    let span_of_kept = kept.span;
    let (strong, weak) = if gone_counts {
        (gone, kept)
    } else {
        (kept, gone)
    };
    let mut merged = join(builder, strong, weak, span);
    merged.name = name;
    merged.span = span_of_kept;
    merged
}

fn join(builder: &mut Builder<'_>, strong: Element, weak: Element, span: Span) -> Element {
    let mut joined = strong;
    if joined.role == Role::Unknown {
        joined.role = weak.role;
        joined.role_span = weak.role_span;
    }
    join_values(builder, &mut joined, &weak, span);
    joined.constant = joined.constant.or(weak.constant);
    joined.boundary |= weak.boundary;
    joined.substance_only |= weak.substance_only;
    joined.fixed |= weak.fixed;
    joined.written |= weak.written;
    joined.other_compartments.extend(weak.other_compartments);
    match (joined.compartment, weak.compartment) {
        (None, other) => joined.compartment = other,
        (Some(_), Some(other)) => joined.other_compartments.push(other),
        (Some(_), None) => {}
    }
    joined.unit = joined.unit.or(weak.unit);
    joined.dimensions = joined.dimensions.or(weak.dimensions);
    if joined.display.is_empty() {
        joined.display = weak.display;
    }
    joined.sbo = joined.sbo.or(weak.sbo);
    for annotation in weak.annotations {
        if !joined.annotations.contains(&annotation) {
            joined.annotations.push(annotation);
        }
    }
    joined.conversion_factor = joined.conversion_factor.or(weak.conversion_factor);
    joined.same_as = None;
    joined
}

fn join_values(builder: &mut Builder<'_>, joined: &mut Element, weak: &Element, span: Span) {
    let is_assignment = |kind: Option<RuleKind>| kind == Some(RuleKind::Assignment);
    let strong_kind = joined.rule.as_ref().map(|rule| rule.kind);
    let weak_kind = weak.rule.as_ref().map(|rule| rule.kind);
    match (strong_kind, weak_kind) {
        (Some(a), Some(b)) if a != b => {
            let told = Diagnostic::error(
                "model/two-rules",
                format!(
                    "`{}` and `{}` have rules of different kinds: they cannot be the same",
                    weak.name, joined.name
                ),
            );
            builder.found.push(told.at(span));
        }
        (None, Some(RuleKind::Assignment)) if joined.initial.is_some() => {
            let told = Diagnostic::warning(
                "model/rule-dropped",
                format!(
                    "the rule of `{}` is dropped: `{}` has a value of its own",
                    weak.name, joined.name
                ),
            );
            let hint = format!("remove the value of `{}` to keep the rule", joined.name);
            builder.found.push(told.at(span).hint(hint));
        }
        (None, Some(_)) => joined.rule = weak.rule.clone(),
        _ => {}
    }
    let final_kind = joined.rule.as_ref().map(|rule| rule.kind);
    if joined.initial.is_none() && !is_assignment(final_kind) {
        joined.initial = weak.initial.clone();
    }
}
