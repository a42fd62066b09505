//! Draft to model: what stays gets its symbol, its flat id and its place in a list.

use indexmap::{IndexMap, IndexSet};

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::model::{
    Compartment, Constraint, Identity, Model, NamedStoichiometry, Parameter, Species, Symbol,
};
use crate::syntax::expr::ExprKind;
use crate::units::{Unit, base_unit};

use super::draft::{Draft, DraftStoichiometry, Element, Id, Role, RuleKind};
use super::library::Library;
use super::names::flat_ids;
use super::references::References;

/// The model of a draft.
pub(super) fn finish(draft: &Draft, library: &Library, found: &mut Diagnostics) -> Model {
    let mut finish = Finish::new(draft, library, found);
    finish.make_symbols();
    finish.fill_values();
    finish.reactions();
    finish.rules();
    finish.events();
    finish.rest();
    finish.model
}

pub(super) struct Finish<'a> {
    pub draft: &'a Draft,
    pub found: &'a mut Diagnostics,
    pub model: Model,
    pub references: References<'a>,
    /// Flat id of every element that stays.
    pub ids: Vec<String>,
    /// Elements that stand before a participant.
    stoichiometries: IndexSet<Id>,
    /// Elements that events change.
    event_targets: IndexSet<Id>,
    /// Elements in algebraic rules.
    in_equations: IndexSet<Id>,
    /// Elements that take part in a reaction, with where the first one stands.
    pub participants: IndexMap<Id, Span>,
    /// Compartment of the last placed reaction of each participant.
    reaction_compartments: IndexMap<Id, Id>,
    /// The implicit compartment, once something needs it.
    default_compartment: Option<usize>,
}

impl<'a> Finish<'a> {
    fn new(draft: &'a Draft, library: &Library, found: &'a mut Diagnostics) -> Self {
        let model = Model {
            id: draft.id.clone(),
            name: draft.display.clone(),
            units: draft.model_units.clone(),
            unit_definitions: draft.units.clone(),
            functions: library.functions.clone(),
            ..Model::default()
        };
        let kept = |id: Id| draft.representative(id);
        let mut stoichiometries = IndexSet::new();
        let mut participants = IndexMap::new();
        let mut reaction_compartments = IndexMap::new();
        for reaction in &draft.reactions {
            for participant in reaction.reactants.iter().chain(&reaction.products) {
                let place = draft.elements[reaction.element].role_span;
                participants
                    .entry(kept(participant.species))
                    .or_insert(place);
                if let Some(compartment) = draft.elements[reaction.element].compartment {
                    reaction_compartments.insert(kept(participant.species), compartment);
                }
                if let DraftStoichiometry::Symbol(id) = participant.stoichiometry {
                    stoichiometries.insert(kept(id));
                }
            }
        }
        let targets = draft.events.iter().flat_map(|event| &event.assignments);
        let event_targets = targets.map(|(id, ..)| kept(*id)).collect();
        let mut in_equations = IndexSet::new();
        for equation in &draft.equations {
            equation.formula.walk(&mut |part| {
                if let ExprKind::Symbol(id) = part.kind {
                    in_equations.insert(kept(id));
                }
            });
        }
        Self {
            references: References {
                draft,
                symbols: vec![None; draft.elements.len()],
                told: IndexSet::new(),
            },
            ids: flat_ids(draft, library, found),
            draft,
            found,
            model,
            stoichiometries,
            event_targets,
            in_equations,
            participants,
            reaction_compartments,
            default_compartment: None,
        }
    }

    pub(super) fn staying(&self) -> Vec<Id> {
        (0..self.draft.elements.len())
            .filter(|&id| is_staying(&self.draft.elements[id]))
            .collect()
    }

    /// Gives every element that has a value its place in a list of the model.
    fn make_symbols(&mut self) {
        let staying = self.staying();
        let of_role = |role: Role| -> Vec<Id> {
            let draft = self.draft;
            let has = |id: &Id| draft.elements[*id].role == role;
            staying.iter().copied().filter(has).collect()
        };
        let compartments = of_role(Role::Compartment);
        let species = of_role(Role::Species);
        let mut reactions = Vec::new();
        for reaction in &self.draft.reactions {
            reactions.push(reaction.element);
        }
        for &id in &compartments {
            self.add_compartment(id);
        }
        for (at, &id) in species.iter().enumerate() {
            self.references.symbols[id] = Some(Symbol::Species(at));
        }
        for (at, &id) in reactions.iter().enumerate() {
            self.references.symbols[id] = Some(Symbol::Reaction(at));
        }
        for &id in &staying {
            if matches!(
                self.draft.elements[id].role,
                Role::Unknown | Role::Parameter
            ) {
                self.add_parameter(id);
            }
        }
        for &id in &species {
            self.add_species(id);
        }
        self.unwritten_reactions(&staying);
        self.stray_values(&staying);
    }

    /// A value or rule of something that has none.
    fn stray_values(&mut self, staying: &[Id]) {
        for &id in staying {
            let element = &self.draft.elements[id];
            let valued = matches!(
                element.role,
                Role::Unknown
                    | Role::Parameter
                    | Role::Species
                    | Role::Compartment
                    | Role::Reaction
            );
            let initial = element.initial.as_ref().map(|initial| initial.span);
            let span = initial.or(element.rule.as_ref().map(|rule| rule.setting.span));
            if let (false, Some(span)) = (valued, span) {
                let word = element.role.word();
                let told = Diagnostic::error(
                    "model/two-roles",
                    format!("`{}` is {word}, which has no value", element.name),
                );
                let told = told
                    .at(span)
                    .label(element.role_span, format!("{word} here"));
                self.found.push(told);
                self.references.told.insert(id);
            }
        }
    }

    fn unwritten_reactions(&mut self, staying: &[Id]) {
        for &id in staying {
            let element = &self.draft.elements[id];
            if element.role == Role::Reaction && self.references.symbols[id].is_none() {
                let told = Diagnostic::error(
                    "model/no-reaction",
                    format!("reaction `{}` is named but never written", element.name),
                );
                let hint = format!(
                    "write it, `{}: A -> B; k*A`, or leave its name out",
                    element.name
                );
                self.found.push(told.at(element.role_span).hint(hint));
                self.references.told.insert(id);
            }
        }
    }

    pub(super) fn identity(&mut self, id: Id) -> Identity {
        let element = &self.draft.elements[id];
        if !element.annotations.is_empty() {
            let annotations = element.annotations.clone();
            self.model
                .annotations
                .insert(self.ids[id].clone(), annotations);
        }
        Identity {
            id: self.ids[id].clone(),
            name: element.display.clone(),
            span: element.span,
            sbo: element.sbo,
        }
    }

    fn add_compartment(&mut self, id: Id) {
        let element = &self.draft.elements[id];
        let identity = self.identity(id);
        let constant = self.is_constant(id);
        self.references.symbols[id] = Some(Symbol::Compartment(self.model.compartments.len()));
        self.model.compartments.push(Compartment {
            identity,
            size: None,
            dimensions: element.dimensions.unwrap_or(3.0),
            constant,
            unit: element.unit.map(|(unit, _)| unit),
        });
    }

    fn add_parameter(&mut self, id: Id) {
        let element = &self.draft.elements[id];
        let identity = self.identity(id);
        let constant = self.is_constant(id);
        if self.stoichiometries.contains(&id) {
            let at = self.model.stoichiometries.len();
            self.references.symbols[id] = Some(Symbol::Stoichiometry(at));
            self.model.stoichiometries.push(NamedStoichiometry {
                identity,
                value: None,
                constant,
            });
            return;
        }
        let driven = element.rule.is_some()
            || self.event_targets.contains(&id)
            || self.in_equations.contains(&id);
        self.references.symbols[id] = Some(Symbol::Parameter(self.model.parameters.len()));
        self.model.parameters.push(Parameter {
            identity,
            value: None,
            constant,
            input: element.constant == Some(false) && !driven,
            unit: element.unit.map(|(unit, _)| unit),
        });
    }

    fn is_constant(&mut self, id: Id) -> bool {
        let element = &self.draft.elements[id];
        let by_event = self.event_targets.contains(&id);
        if element.constant != Some(true) {
            return element.constant.is_none() && element.rule.is_none() && !by_event;
        }
        if let Some(rule) = &element.rule {
            let told = Diagnostic::error(
                "model/constant-changed",
                format!("`{}` is `const` and has a rule", element.name),
            );
            let told = told.at(rule.setting.span).label(element.span, "named here");
            self.found
                .push(told.hint("declare it `var`, or remove the rule"));
        } else if by_event {
            let told = Diagnostic::warning(
                "model/constant-changed",
                format!("`{}` is `const` and an event changes it", element.name),
            );
            self.found
                .push(told.at(element.span).hint("declare it `var`"));
        }
        !by_event
    }

    fn add_species(&mut self, id: Id) {
        let element = &self.draft.elements[id];
        let compartment = self.compartment_of(id);
        let identity = self.identity(id);
        let ruled = element
            .rule
            .as_ref()
            .is_some_and(|rule| rule.kind == RuleKind::Assignment);
        self.check_rule_of_participant(id);
        self.warn_of_two_compartments(id, compartment);
        let conversion_factor = element
            .conversion_factor
            .and_then(|factor| self.parameter(factor, element.span));
        let unit = element.unit.map(|(unit, _)| unit);
        let substance_unit = match unit {
            Some(unit) if !element.substance_only => {
                Some(unit.times(self.volume_unit(compartment)))
            }
            unit => unit,
        };
        self.model.species.push(Species {
            identity,
            compartment,
            initial: None,
            only_substance_units: element.substance_only,
            boundary: element.boundary || element.constant == Some(true) || ruled || element.fixed,
            constant: element.fixed,
            conversion_factor,
            substance_unit,
        });
    }

    /// Synchronised from modules with compartments of their own: only one of them counts.
    fn warn_of_two_compartments(&mut self, id: Id, compartment: usize) {
        let element = &self.draft.elements[id];
        let symbol = |other: &Id| self.references.symbols[self.draft.representative(*other)];
        let other = element.other_compartments.iter().find(|other| {
            symbol(other).is_some_and(|other| other != Symbol::Compartment(compartment))
        });
        let Some(&other) = other else { return };
        let kept = self.model.compartments[compartment].identity.id.clone();
        let other = self.ids[self.draft.representative(other)].clone();
        let told = Diagnostic::warning(
            "model/two-compartments",
            format!(
                "`{}` sits in `{kept}` and, synchronised, in `{other}`",
                element.name
            ),
        );
        let hint = format!("only `{kept}` counts; make them one: `{other} is {kept}`");
        self.found.push(told.at(element.span).hint(hint));
    }

    fn volume_unit(&self, compartment: usize) -> Unit {
        volume_unit(&self.model, compartment)
    }

    fn check_rule_of_participant(&mut self, id: Id) {
        let element = &self.draft.elements[id];
        let (Some(rule), Some(place)) = (&element.rule, self.participants.get(&id)) else {
            return;
        };
        if element.boundary || element.constant == Some(true) {
            return;
        }
        let told = Diagnostic::error(
            "model/rule-and-reaction",
            format!("`{}` has a rule and takes part in a reaction", element.name),
        );
        let told = told.at(rule.setting.span).label(*place, "the reaction");
        self.found.push(told.hint(format!(
            "write `${}` if reactions are not to change it",
            element.name
        )));
    }

    /// Index of the parameter behind a conversion factor.
    fn parameter(&mut self, id: Id, span: Span) -> Option<usize> {
        match self.references.symbol(id, span, self.found)? {
            Symbol::Parameter(at) => Some(at),
            _ => {
                let told = Diagnostic::error(
                    "model/conversion-factor",
                    "a conversion factor must be a parameter",
                );
                self.found.push(told.at(span));
                None
            }
        }
    }

    /// Where a species sits: its own `in`, else that of its last reaction, else of its submodule, else the implicit one.
    fn compartment_of(&mut self, id: Id) -> usize {
        let element = &self.draft.elements[id];
        let found = element
            .compartment
            .or_else(|| self.reaction_compartments.get(&id).copied())
            .or_else(|| self.compartment_by_submodule(id));
        match found.map(|id| self.references.symbols[self.draft.representative(id)]) {
            Some(Some(Symbol::Compartment(at))) => at,
            Some(_) => {
                let place = element.compartment.unwrap_or(id);
                let name = &self.draft.elements[self.draft.representative(place)].name;
                let told = Diagnostic::error(
                    "model/deleted",
                    format!(
                        "the compartment `{name}` of `{}` is not there",
                        element.name
                    ),
                );
                self.found.push(told.at(element.span));
                0
            }
            None => self.implicit_compartment(),
        }
    }

    fn compartment_by_submodule(&self, id: Id) -> Option<Id> {
        let name = &self.draft.elements[id].name;
        let mut prefix = name.as_str();
        while let Some((head, _)) = prefix.rsplit_once('.') {
            let submodule = self.draft.names.get(head)?;
            if let Some(compartment) = self.draft.elements[*submodule].compartment {
                return Some(compartment);
            }
            prefix = head;
        }
        None
    }

    fn implicit_compartment(&mut self) -> usize {
        if let Some(at) = self.default_compartment {
            return at;
        }
        let named = |c: &Compartment| c.identity.id == "default_compartment";
        let at = match self.model.compartments.iter().position(named) {
            Some(at) => at,
            None => {
                self.model.compartments.push(implicit_compartment());
                self.model.compartments.len() - 1
            }
        };
        self.default_compartment = Some(at);
        at
    }

    fn rest(&mut self) {
        for constraint in &self.draft.constraints {
            let id = match constraint.element {
                Some(element) => self.identity(element).id,
                None => String::new(),
            };
            if let Some(condition) = self.references.formula(&constraint.condition, self.found) {
                self.model.constraints.push(Constraint { id, condition });
            }
        }
        if !self.draft.annotations.is_empty() {
            let annotations = self.draft.annotations.clone();
            self.model
                .annotations
                .insert(self.model.id.clone(), annotations);
        }
        if let Some(factor) = self.draft.conversion_factor {
            let span = self.draft.elements[factor].span;
            self.model.conversion_factor = self.parameter(factor, span);
        }
    }
}

/// Whether an element is part of the flat model.
pub(super) fn is_staying(element: &Element) -> bool {
    element.same_as.is_none() && element.deleted.is_none()
}

fn implicit_compartment() -> Compartment {
    Compartment {
        identity: Identity {
            id: "default_compartment".to_string(),
            ..Identity::default()
        },
        size: Some(1.0),
        dimensions: 3.0,
        constant: true,
        unit: None,
    }
}

/// The unit of a compartment's size: its own, the model's for its dimension, or litre.
pub(crate) fn volume_unit(model: &Model, compartment: usize) -> Unit {
    let litre = || base_unit("litre").expect("litre is a base unit");
    let Some(compartment) = model.compartments.get(compartment) else {
        return model.units.volume.unwrap_or_else(litre);
    };
    if let Some(unit) = compartment.unit {
        return unit;
    }
    match compartment.dimensions {
        1.0 => model
            .units
            .length
            .unwrap_or_else(|| Unit::base(Unit::METRE)),
        2.0 => {
            let metre = Unit::base(Unit::METRE);
            model.units.area.unwrap_or_else(|| metre.times(metre))
        }
        _ => model.units.volume.unwrap_or_else(litre),
    }
}
