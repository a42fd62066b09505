//! Changing what the parts of a model are called.

use super::{ExprKind, Formula, Identity, Model, Rule};

impl Model {
    /// Every formula.
    pub fn formulas_mut(&mut self) -> Vec<&mut Formula> {
        let mut all: Vec<&mut Formula> = Vec::new();
        all.extend(self.functions.values_mut().map(|f| &mut f.body));
        all.extend(self.initial_assignments.iter_mut().map(|s| &mut s.value));
        all.extend(self.rules.iter_mut().map(|rule| match rule {
            Rule::Assignment(_, value) | Rule::Rate(_, value) | Rule::Algebraic(_, value) => value,
        }));
        all.extend(self.reactions.iter_mut().filter_map(|r| r.rate.as_mut()));
        all.extend(self.constraints.iter_mut().map(|c| &mut c.condition));
        for event in &mut self.events {
            all.push(&mut event.trigger);
            all.extend(event.delay.iter_mut().chain(&mut event.priority));
            all.extend(event.assignments.iter_mut().map(|(_, value)| value));
        }
        all
    }

    /// Gives everything but the model itself the name that `new` makes of its old one.
    ///
    /// * `new` — has to keep names apart that are apart
    pub fn rename(&mut self, new: &dyn Fn(&str) -> String) {
        for identity in self.identities_mut() {
            identity.id = new(&identity.id);
        }
        for rule in &mut self.rules {
            if let Rule::Algebraic(id, _) = rule {
                *id = new(id);
            }
        }
        for constraint in self.constraints.iter_mut().filter(|c| !c.id.is_empty()) {
            constraint.id = new(&constraint.id);
        }
        for formula in self.formulas_mut() {
            *formula = with_names(formula, new);
        }
        let functions = std::mem::take(&mut self.functions).into_iter();
        self.functions = functions
            .map(|(id, function)| (new(&id), function))
            .collect();
        let units = std::mem::take(&mut self.unit_definitions).into_iter();
        self.unit_definitions = units.map(|(id, unit)| (new(&id), unit)).collect();
        let own = self.id.clone();
        let annotations = std::mem::take(&mut self.annotations).into_iter();
        let annotations = annotations.map(|(id, all)| match id == own {
            true => (id, all),
            false => (new(&id), all),
        });
        self.annotations = annotations.collect();
    }

    fn identities_mut(&mut self) -> Vec<&mut Identity> {
        let mut all: Vec<&mut Identity> = Vec::new();
        all.extend(self.compartments.iter_mut().map(|c| &mut c.identity));
        all.extend(self.species.iter_mut().map(|s| &mut s.identity));
        all.extend(self.parameters.iter_mut().map(|p| &mut p.identity));
        all.extend(self.stoichiometries.iter_mut().map(|s| &mut s.identity));
        all.extend(self.reactions.iter_mut().map(|r| &mut r.identity));
        all.extend(self.events.iter_mut().map(|e| &mut e.identity));
        all
    }
}

/// The formula with its functions and units called otherwise.
fn with_names(formula: &Formula, new: &dyn Fn(&str) -> String) -> Formula {
    let all = |arguments: &[Formula]| arguments.iter().map(|a| with_names(a, new)).collect();
    let kind = match &formula.kind {
        ExprKind::Number(value, Some(unit)) => ExprKind::Number(*value, Some(new(unit))),
        ExprKind::Call(function, arguments) => ExprKind::Call(*function, all(arguments)),
        ExprKind::User(name, arguments) => ExprKind::User(new(name), all(arguments)),
        kind => kind.clone(),
    };
    Formula::new(formula.span, kind)
}
