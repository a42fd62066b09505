//! Statements of a module to its draft.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::syntax::antimony::tree::{self, StatementKind};

use super::builder::Builder;
use super::draft::{
    Draft, DraftConstraint, DraftEquation, DraftEvent, DraftInteraction, DraftParticipant,
    DraftReaction, DraftStoichiometry, Formula, Id, Role,
};
use super::library::Library;
use super::{annotate, functions, units};

/// Puts a module together.
pub(super) fn build(
    name: &str,
    ports: &[tree::Path],
    statements: &[&tree::Statement],
    library: &Library,
    found: &mut Diagnostics,
) -> Draft {
    let mut builder = Builder {
        draft: Draft {
            id: name.to_string(),
            ..Draft::default()
        },
        library,
        found,
        unit_sources: units::Sources::collect(statements),
        submodules: submodule_names(statements),
    };
    builder.define_units();
    // Submodules first: what refers into them may stand before them.
    for statement in statements {
        if let StatementKind::Submodule(submodule) = &statement.kind {
            super::instance::add(&mut builder, submodule, statement.span);
        }
    }
    for statement in statements {
        builder.statement(statement);
    }
    builder.draft.ports = ports.iter().filter_map(|port| builder.path(port)).collect();
    warn_of_odd_statements(&mut builder, statements);
    builder.draft
}

fn submodule_names(statements: &[&tree::Statement]) -> indexmap::IndexSet<String> {
    let name = |statement: &&tree::Statement| match &statement.kind {
        StatementKind::Submodule(submodule) => {
            submodule.place.as_ref().map(|place| place.name.dotted())
        }
        _ => None,
    };
    statements.iter().filter_map(name).collect()
}

/// The single name that an annotating statement is about.
pub(super) fn annotated_name(statement: &tree::Statement) -> Option<&str> {
    let path = match &statement.kind {
        StatementKind::DisplayName { target, .. } => target,
        StatementKind::Annotation(annotation) => &annotation.target,
        StatementKind::Attribute { path, .. } => {
            return (path.parts.len() > 1).then(|| path.parts[0].text.as_str());
        }
        _ => return None,
    };
    match path.parts.as_slice() {
        [one] => Some(&one.text),
        _ => None,
    }
}

/// Applies a statement that annotates a finished module by its name.
pub(super) fn annotate(draft: &mut Draft, statement: &tree::Statement, found: &mut Diagnostics) {
    match &statement.kind {
        StatementKind::DisplayName { name, .. } => draft.display = name.text.clone(),
        StatementKind::Annotation(annotation) => annotate::module_terms(draft, annotation),
        StatementKind::Attribute { path, value } => {
            annotate::module_attribute(draft, path, value, found);
        }
        _ => {}
    }
}

/// One message for all statements of a kind that is read but has no meaning here.
fn warn_of_odd_statements(builder: &mut Builder<'_>, statements: &[&tree::Statement]) {
    let layout = statements.iter().find(|statement| match &statement.kind {
        StatementKind::Attribute { path, .. } => annotate::is_layout(path),
        _ => false,
    });
    if let Some(first) = layout {
        let told = Diagnostic::warning("model/layout", "positions and colours are not kept");
        builder.found.push(told.at(first.span));
    }
}

impl Builder<'_> {
    fn statement(&mut self, statement: &tree::Statement) {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Reaction(reaction) => self.reaction(reaction, span),
            StatementKind::Interaction(interaction) => self.interaction(interaction),
            StatementKind::Assignment {
                target,
                kind,
                value,
            } => self.assignment(target, *kind, value.as_ref(), span),
            StatementKind::Declaration(declaration) => self.declaration(declaration, span),
            StatementKind::HasUnit { target, unit } => {
                if let Some(id) = self.place(target) {
                    self.has_unit(id, unit, span);
                }
            }
            StatementKind::Synchronise {
                left,
                right,
                factor,
                ..
            } => self.synchronise_paths(left, right, factor.as_ref(), span),
            StatementKind::DisplayName { target, name } => {
                annotate::display_name(self, target, name);
            }
            StatementKind::Delete(paths) => {
                for path in paths {
                    super::instance::delete(self, path);
                }
            }
            StatementKind::Event(event) => self.event(event, span),
            StatementKind::Algebraic { name, value } => self.equation(name.as_ref(), value, span),
            StatementKind::Constraint { name, condition } => {
                self.constraint(name.as_ref(), condition);
            }
            StatementKind::Annotation(annotation) => annotate::terms(self, annotation),
            StatementKind::Attribute { path, value } => {
                annotate::attribute(self, path, value, span)
            }
            // Submodules and units were read first; the reader has spoken of what is out of scope.
            StatementKind::Submodule(_)
            | StatementKind::UnitDefinition { .. }
            | StatementKind::OutOfScope { .. } => {}
        }
    }

    /// The element of a name, put into its compartment.
    pub(super) fn place(&mut self, place: &tree::Place) -> Option<Id> {
        let id = self.path(&place.name)?;
        if let Some(path) = &place.compartment {
            self.put_in(id, path);
        }
        Some(id)
    }

    fn put_in(&mut self, id: Id, path: &tree::Path) {
        let Some(compartment) = self.path(path) else {
            return;
        };
        self.set_role(compartment, Role::Compartment, path.span);
        let id = self.draft.representative(id);
        self.draft.elements[id].compartment = Some(compartment);
    }

    /// A name given before a colon, or a fresh one.
    fn name_or_fresh(
        &mut self,
        place: Option<&tree::Place>,
        prefix: &'static str,
        span: Span,
    ) -> Option<Id> {
        match place {
            Some(place) => self.place(place),
            None => {
                let name = self.draft.fresh_name(prefix);
                Some(self.draft.element(&name, span))
            }
        }
    }

    fn assignment(
        &mut self,
        target: &tree::Place,
        kind: tree::AssignmentKind,
        value: Option<&tree::Formula>,
        span: Span,
    ) {
        if let Some(value) = value {
            let initial = kind == tree::AssignmentKind::Initial;
            if initial && units::is_model_wide(target, value) {
                return;
            }
            let dotted = target.name.dotted();
            let is_attribute = target.name.parts.len() > 1
                && !self.draft.names.contains_key(&dotted)
                && annotate::is_known(&target.name);
            if initial && is_attribute {
                let value = tree::AttributeValue::Formula(value.clone());
                annotate::attribute(self, &target.name, &value, span);
                return;
            }
        }
        if let Some(id) = self.place(target) {
            self.assign(id, kind, value, span);
        }
    }

    fn declaration(&mut self, declaration: &tree::Declaration, span: Span) {
        let role = match declaration.kind {
            Some(tree::DeclaredKind::Species) => Some(Role::Species),
            Some(tree::DeclaredKind::Compartment) => Some(Role::Compartment),
            Some(tree::DeclaredKind::Formula) => Some(Role::Parameter),
            Some(tree::DeclaredKind::Reaction) => Some(Role::Reaction),
            None => declaration.substance_only.then_some(Role::Species),
        };
        for entry in &declaration.entries {
            let Some(id) = self.place(&entry.place) else {
                continue;
            };
            let place = entry.place.name.span;
            if let Some(role) = role {
                self.set_role(id, role, place);
            }
            let kept = self.draft.representative(id);
            let element = &mut self.draft.elements[kept];
            element.constant = declaration.constant.or(element.constant);
            element.substance_only |= declaration.substance_only;
            if let Some((kind, value)) = &entry.value {
                let span = value.as_ref().map_or(place, |value| place.to(value.span));
                self.assign(id, *kind, value.as_ref(), span);
            }
            if let Some(unit) = &entry.unit {
                self.has_unit(id, unit, span);
            }
        }
    }

    fn reaction(&mut self, written: &tree::Reaction, span: Span) {
        let Some(id) = self.name_or_fresh(written.place.as_ref(), "_J", span) else {
            return;
        };
        let place = written.place.as_ref().map_or(span, |place| place.name.span);
        self.set_role(id, Role::Reaction, place);
        if let Some(compartment) = &written.compartment {
            self.put_in(id, compartment);
        }
        let reactants = self.participants(&written.reactants);
        let products = self.participants(&written.products);
        let id = self.draft.representative(id);
        self.forget_reaction(id, span);
        self.draft.reactions.push(DraftReaction {
            element: id,
            reactants,
            products,
            reversible: written.reversible,
            inherited: false,
        });
        if let Some(rate) = written.rate.as_ref().and_then(|rate| self.formula(rate)) {
            self.set_initial(id, rate, span);
        }
    }

    /// A reaction written a second time replaces the first one.
    fn forget_reaction(&mut self, id: Id, span: Span) {
        let again = std::mem::replace(&mut self.draft.elements[id].written, true);
        if !again {
            return;
        }
        let before = self.draft.reactions.iter().position(|r| r.element == id);
        let Some(before) = before else { return };
        let old = self.draft.reactions.remove(before);
        let element = &mut self.draft.elements[id];
        element.initial = None;
        if !old.inherited {
            let told = Diagnostic::warning(
                "model/duplicate",
                format!(
                    "reaction `{}` is written twice; the last one counts",
                    element.name
                ),
            );
            let told = told.label(element.role_span, "written here before");
            self.found.push(told.at(span));
        }
    }

    fn participants(&mut self, written: &[tree::Participant]) -> Vec<DraftParticipant> {
        let mut participants = Vec::with_capacity(written.len());
        for participant in written {
            let Some(species) = self.path(&participant.species) else {
                continue;
            };
            self.set_role(species, Role::Species, participant.species.span);
            let stoichiometry = match &participant.stoichiometry {
                tree::Stoichiometry::One => Some(DraftStoichiometry::Number(1.0)),
                tree::Stoichiometry::Number(value) => {
                    self.check_stoichiometry(*value, participant.species.span);
                    Some(DraftStoichiometry::Number(*value))
                }
                tree::Stoichiometry::Symbol(path) => self.stoichiometry(path),
            };
            if let Some(stoichiometry) = stoichiometry {
                participants.push(DraftParticipant {
                    species,
                    stoichiometry,
                });
            }
        }
        participants
    }

    fn check_stoichiometry(&mut self, value: f64, span: Span) {
        if !value.is_finite() {
            let told = Diagnostic::error("model/stoichiometry", "a stoichiometry must be finite");
            self.found.push(told.at(span));
        }
    }

    fn stoichiometry(&mut self, path: &tree::Path) -> Option<DraftStoichiometry> {
        let id = self.path(path)?;
        self.set_role(id, Role::Parameter, path.span);
        Some(DraftStoichiometry::Symbol(id))
    }

    fn interaction(&mut self, written: &tree::Interaction) {
        let element = written.place.as_ref().and_then(|place| {
            let id = self.place(place)?;
            self.set_role(id, Role::Interaction, place.name.span);
            Some(id)
        });
        let mut all = |paths: &[tree::Path], role: Role| -> Vec<(Id, Span)> {
            let mut ids = Vec::new();
            for path in paths {
                if let Some(id) = self.path(path) {
                    self.set_role(id, role, path.span);
                    ids.push((id, path.span));
                }
            }
            ids
        };
        let sources = all(&written.sources, Role::Species);
        let targets = all(&written.targets, Role::Reaction);
        let sbo = match written.kind {
            tree::InteractionKind::Activates => 459,
            tree::InteractionKind::Inhibits => 20,
            tree::InteractionKind::Influences => 19,
        };
        self.draft.interactions.push(DraftInteraction {
            element,
            sources,
            targets,
            sbo,
        });
    }

    fn synchronise_paths(
        &mut self,
        left: &tree::Path,
        right: &tree::Path,
        factor: Option<&tree::Path>,
        span: Span,
    ) {
        let (Some(left), Some(right)) = (self.path(left), self.path(right)) else {
            return;
        };
        let factor = match factor {
            None => None,
            Some(path) => match self.path(path) {
                Some(id) => Some(super::draft::Factor::Symbol(id)),
                None => return,
            },
        };
        self.synchronise(left, right, factor, span);
    }

    fn event(&mut self, written: &tree::Event, span: Span) {
        let Some(id) = self.name_or_fresh(written.place.as_ref(), "_E", span) else {
            return;
        };
        let place = written.place.as_ref().map_or(span, |place| place.name.span);
        self.set_role(id, Role::Event, place);
        let optional = |builder: &mut Self, formula: &Option<tree::Formula>| -> Option<Formula> {
            formula
                .as_ref()
                .and_then(|formula| builder.formula(formula))
        };
        let delay = optional(self, &written.delay);
        let priority = optional(self, &written.priority);
        let mut flag = |formula: &Option<tree::Formula>, what: &str| -> Option<bool> {
            formula
                .as_ref()
                .and_then(|formula| self.flag(formula, what))
        };
        let persistent = flag(&written.persistent, "persistent").unwrap_or(true);
        let initial_value = flag(&written.initially, "t0");
        let from_trigger = flag(&written.from_trigger, "fromTrigger").unwrap_or(true);
        let assignments = self.event_assignments(&written.assignments);
        let Some(trigger) = self.formula(&written.trigger) else {
            return;
        };
        self.draft.events.push(DraftEvent {
            element: id,
            trigger,
            delay,
            priority,
            persistent,
            initial_value,
            from_trigger,
            assignments,
        });
    }

    fn event_assignments(
        &mut self,
        written: &[(tree::Path, tree::Formula)],
    ) -> Vec<(Id, Formula, Span)> {
        let mut assignments: Vec<(Id, Formula, Span)> = Vec::new();
        for (target, value) in written {
            let (Some(id), Some(value)) = (self.path(target), self.formula(value)) else {
                continue;
            };
            let kept = self.draft.representative(id);
            if assignments.iter().any(|(other, ..)| *other == kept) {
                let told = Diagnostic::error(
                    "model/event-target",
                    format!("the event sets `{}` twice", target.dotted()),
                );
                self.found.push(told.at(target.span));
                continue;
            }
            let value = self.draft.value_for_representative(id, value);
            assignments.push((kept, value, target.span));
        }
        assignments
    }

    fn equation(&mut self, name: Option<&tree::Path>, value: &tree::Formula, span: Span) {
        let id = match name {
            Some(path) => self.path(path),
            None => {
                let name = self.draft.fresh_name("_alg");
                Some(self.draft.element(&name, span))
            }
        };
        let Some(id) = id else { return };
        self.set_role(id, Role::Algebraic, name.map_or(span, |path| path.span));
        if let Some(formula) = self.formula(value) {
            let order = self.draft.next_rule();
            self.draft.equations.push(DraftEquation {
                element: id,
                formula,
                order,
            });
        }
    }

    fn constraint(&mut self, name: Option<&tree::Path>, condition: &tree::Formula) {
        let element = name.and_then(|path| {
            let id = self.path(path)?;
            self.set_role(id, Role::Constraint, path.span);
            Some(id)
        });
        if let Some(condition) = self.formula(condition) {
            self.draft
                .constraints
                .push(DraftConstraint { element, condition });
        }
    }

    /// Checks the calls of a formula that has just been resolved.
    pub(super) fn check_calls(&mut self, formula: &Formula) {
        functions::check_calls(formula, &self.library.functions, self.found);
    }
}
