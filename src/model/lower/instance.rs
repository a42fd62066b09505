//! Submodules: copying a finished module in, binding its ports, deleting parts of it.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Span, did_you_mean};
use crate::syntax::antimony::tree;
use crate::syntax::expr::Expr;

use super::builder::{Builder, with_near};
use super::draft::{
    Alias, Conversion, Draft, DraftParticipant, DraftStoichiometry, Element, Factor, Id, Instance,
    Move, Role, RuleKind, Setting,
};
use super::functions;
use super::units::{MODEL_WIDE, free_unit_name, model_wide};

/// Adds an instance of a module.
pub(super) fn add(builder: &mut Builder<'_>, written: &tree::Submodule, span: Span) {
    let Some(module) = module_of(builder, written) else {
        return;
    };
    let name = match &written.place {
        Some(place) => place.name.dotted(),
        None => builder.draft.fresh_name("_sys"),
    };
    let place = written.place.as_ref().map_or(span, |place| place.name.span);
    let id = builder.draft.element(&name, place);
    builder.set_role(id, Role::Submodule, place);
    if let Some(place) = &written.place {
        builder.place(place);
    }
    let conversion = Conversion {
        time: factor(builder, written.time_conversion.as_ref()),
        extent: factor(builder, written.extent_conversion.as_ref()),
    };
    let offset = copy(builder, module, &name, conversion, span);
    builder.draft.instances.push(Instance {
        name,
        module: module.id.clone(),
        offset,
    });
    bind(builder, module, written, offset);
}

fn module_of<'a>(builder: &mut Builder<'a>, written: &tree::Submodule) -> Option<&'a Draft> {
    let library = builder.library;
    let name = &written.module;
    if let Some(module) = library.modules.get(&name.text) {
        return Some(module);
    }
    let told = match library.announced.get(&name.text) {
        Some(place) => Diagnostic::error(
            "model/module-order",
            format!("module `{}` is used before it is defined", name.text),
        )
        .label(*place, "defined here")
        .hint("move its definition before its use; a module cannot contain itself"),
        None => {
            let told = Diagnostic::error(
                "model/unknown-module",
                format!("there is no module `{}`", name.text),
            );
            let known = library.modules.keys().map(String::as_str);
            with_near(told, did_you_mean(&name.text, known))
        }
    };
    builder.found.push(told.at(name.span));
    None
}

fn factor(builder: &mut Builder<'_>, written: Option<&tree::Argument>) -> Option<Factor> {
    match written? {
        tree::Argument::Symbol(path) => builder.path(path).map(Factor::Symbol),
        tree::Argument::Number(value, span) => {
            if !(value.is_finite() && *value > 0.0) {
                let told = Diagnostic::error(
                    "model/conversion-factor",
                    "a conversion factor must be positive and finite",
                );
                builder.found.push(told.at(*span));
                return None;
            }
            (*value != 1.0).then_some(Factor::Number(*value))
        }
    }
}

/// Copies all of `module` under the name `name`; gives the id of its first element.
fn copy(
    builder: &mut Builder<'_>,
    module: &Draft,
    name: &str,
    conversion: Conversion,
    span: Span,
) -> usize {
    let unit_names = merge_units(builder, module, name);
    merge_model_units(builder, module, name, conversion, span);
    let draft = &mut builder.draft;
    let offset = draft.elements.len();
    let is_reaction: Vec<bool> = (0..module.elements.len())
        .map(|id| module.elements[module.representative(id)].role == Role::Reaction)
        .collect();
    let moving = Move {
        offset,
        conversion,
        unit_names: &unit_names,
        is_reaction: &is_reaction,
    };
    for element in &module.elements {
        let mut moved = move_element(element, name, &moving);
        if moved.role == Role::Species && moved.conversion_factor.is_none() {
            moved.conversion_factor = module.conversion_factor.map(|id| id + offset);
        }
        if let Some(rule) = &mut moved.rule {
            rule.order += draft.n_rules;
        }
        draft.names.insert(moved.name.clone(), draft.elements.len());
        draft.elements.push(moved);
    }
    move_processes(draft, module, &moving);
    draft.n_rules += module.n_rules;
    offset
}

fn move_element(element: &Element, prefix: &str, moving: &Move<'_>) -> Element {
    let offset = moving.offset;
    let mut moved = element.clone();
    moved.name = format!("{prefix}.{}", element.name);
    moved.compartment = element.compartment.map(|id| id + offset);
    moved.conversion_factor = element.conversion_factor.map(|id| id + offset);
    for id in &mut moved.other_compartments {
        *id += offset;
    }
    moved.same_as = element.same_as.map(|alias| Alias {
        target: alias.target + offset,
        scale: alias
            .scale
            .map(|(factor, times)| (shift(factor, offset), times)),
    });
    let is_rate = element.role == Role::Reaction;
    if let Some(initial) = &mut moved.initial {
        *initial = Setting {
            formula: if is_rate {
                moving.extent_rate(&initial.formula)
            } else {
                moving.plain(&initial.formula)
            },
            span: initial.span,
            inherited: true,
        };
    }
    if let Some(rule) = &mut moved.rule {
        rule.setting.inherited = true;
        rule.setting.formula = match rule.kind {
            RuleKind::Assignment => moving.plain(&rule.setting.formula),
            RuleKind::Rate => moving.rate(&rule.setting.formula),
        };
    }
    moved
}

fn shift(factor: Factor, offset: usize) -> Factor {
    match factor {
        Factor::Number(value) => Factor::Number(value),
        Factor::Symbol(id) => Factor::Symbol(id + offset),
    }
}

fn move_processes(draft: &mut Draft, module: &Draft, moving: &Move<'_>) {
    let offset = moving.offset;
    let shifted = |ids: &[(Id, Span)]| -> Vec<(Id, Span)> {
        ids.iter().map(|(id, span)| (id + offset, *span)).collect()
    };
    for reaction in &module.reactions {
        let mut moved = reaction.clone();
        moved.element += offset;
        moved.inherited = true;
        for participant in moved.reactants.iter_mut().chain(&mut moved.products) {
            *participant = shift_participant(*participant, offset);
        }
        draft.reactions.push(moved);
    }
    for event in &module.events {
        let mut moved = event.clone();
        moved.element += offset;
        moved.trigger = moving.plain(&event.trigger);
        moved.delay = event.delay.as_ref().map(|delay| moving.duration(delay));
        moved.priority = event.priority.as_ref().map(|p| moving.plain(p));
        for (id, value, _) in &mut moved.assignments {
            *id += offset;
            *value = moving.plain(value);
        }
        draft.events.push(moved);
    }
    for equation in &module.equations {
        let mut moved = equation.clone();
        moved.element += offset;
        moved.order += draft.n_rules;
        moved.formula = moving.plain(&equation.formula);
        draft.equations.push(moved);
    }
    for constraint in &module.constraints {
        let mut moved = constraint.clone();
        moved.element = constraint.element.map(|id| id + offset);
        moved.condition = moving.plain(&constraint.condition);
        draft.constraints.push(moved);
    }
    for interaction in &module.interactions {
        let mut moved = interaction.clone();
        moved.element = interaction.element.map(|id| id + offset);
        moved.sources = shifted(&interaction.sources);
        moved.targets = shifted(&interaction.targets);
        draft.interactions.push(moved);
    }
}

fn shift_participant(participant: DraftParticipant, offset: usize) -> DraftParticipant {
    DraftParticipant {
        species: participant.species + offset,
        stoichiometry: match participant.stoichiometry {
            DraftStoichiometry::Number(value) => DraftStoichiometry::Number(value),
            DraftStoichiometry::Symbol(id) => DraftStoichiometry::Symbol(id + offset),
        },
    }
}

/// Brings the module's unit definitions in; those that mean something else here get the submodule's name in front.
fn merge_units(builder: &mut Builder<'_>, module: &Draft, name: &str) -> IndexMap<String, String> {
    let mut renamed = IndexMap::new();
    let units = &mut builder.draft.units;
    for (unit_name, unit) in &module.units {
        match units.get(unit_name) {
            Some(known) if known == unit => {}
            None => {
                units.insert(unit_name.clone(), *unit);
            }
            Some(_) => {
                let mut new_name = format!("{}_{unit_name}", name.replace('.', "_"));
                if units.get(&new_name).is_some_and(|known| known != unit) {
                    new_name = free_unit_name(units, &new_name);
                }
                units.insert(new_name.clone(), *unit);
                renamed.insert(unit_name.clone(), new_name);
            }
        }
    }
    renamed
}

/// The holding model takes over what it does not say itself; clocks that differ are pointed out.
fn merge_model_units(
    builder: &mut Builder<'_>,
    module: &Draft,
    name: &str,
    conversion: Conversion,
    span: Span,
) {
    let mut theirs = module.model_units.clone();
    for word in MODEL_WIDE {
        let Some(Some(inner)) = model_wide(&mut theirs, word).copied() else {
            continue;
        };
        let Some(outer) = model_wide(&mut builder.draft.model_units, word) else {
            continue;
        };
        match outer {
            None => *outer = Some(inner),
            Some(outer) if word == "time_unit" && conversion.time.is_none() => {
                if outer.same(&inner) {
                    continue;
                }
                let ratio = inner.factor / outer.factor;
                let told = Diagnostic::warning(
                    "units/submodule-time",
                    format!("the submodule `{name}` counts time in another unit than this model"),
                );
                let hint = format!("convert it: `{name}: {}(), timeconv = {ratio}`", module.id);
                builder.found.push(told.at(span).hint(hint));
            }
            Some(_) => {}
        }
    }
}

fn bind(builder: &mut Builder<'_>, module: &Draft, written: &tree::Submodule, offset: usize) {
    let (given, offered) = (written.arguments.len(), module.ports.len());
    if given > offered {
        let told = Diagnostic::error(
            "model/argument-count",
            format!(
                "module `{}` exports {}, and {} given",
                module.id,
                functions::counted(offered, "name"),
                match given {
                    1 => "1 argument is".to_string(),
                    _ => format!("{given} arguments are"),
                }
            ),
        );
        builder.found.push(told.at(written.module.span));
    }
    for (port, argument) in module.ports.iter().zip(&written.arguments) {
        let (outer, span) = match argument {
            tree::Argument::Symbol(path) => (builder.path(path), path.span),
            tree::Argument::Number(value, span) => {
                let name = builder.draft.fresh_name("_ant");
                let id = builder.draft.element(&name, *span);
                builder.set_role(id, Role::Parameter, *span);
                builder.set_initial(id, Expr::number(*value), *span);
                (Some(id), *span)
            }
        };
        if let Some(outer) = outer {
            builder.synchronise(port + offset, outer, None, span);
        }
    }
}

/// `delete path`.
pub(super) fn delete(builder: &mut Builder<'_>, path: &tree::Path) {
    let dotted = path.dotted();
    let known = builder.draft.names.get(&dotted).copied();
    let Some(id) = known.or_else(|| builder.named(&dotted, path.span)) else {
        return;
    };
    let draft = &mut builder.draft;
    let mut gone = indexmap::IndexSet::from([draft.representative(id)]);
    if draft.elements[id].role == Role::Submodule {
        let prefix = format!("{dotted}.");
        // What is synchronised with something outside of the submodule stays.
        let inside = |id: &Id| draft.elements[*id].name.starts_with(&prefix);
        gone.extend((0..draft.elements.len()).filter(inside));
    }
    for &id in &gone {
        draft.elements[id].deleted = Some(path.span);
    }
    let is_gone = |id: Id| gone.contains(&id);
    draft.reactions.retain(|r| !is_gone(r.element));
    draft.events.retain(|e| !is_gone(e.element));
    draft.equations.retain(|e| !is_gone(e.element));
    draft
        .constraints
        .retain(|c| !c.element.is_some_and(is_gone));
    draft
        .interactions
        .retain(|i| !i.element.is_some_and(is_gone));
}
