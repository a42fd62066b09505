//! Puts statements of one module into its draft: names, roles, values, rules.

use crate::diag::{Diagnostic, Diagnostics, Span, did_you_mean};
use crate::syntax::antimony::tree;
use crate::syntax::expr::{Expr, ExprKind};

use super::annotate;
use super::draft::{Draft, DraftRule, Formula, Id, Role, RuleKind, Setting};
use super::library::Library;
use super::units;

/// One module while its statements are read.
pub(super) struct Builder<'a> {
    /// What has been put together so far.
    pub draft: Draft,
    /// Modules and functions defined before.
    pub library: &'a Library,
    /// What is to be said.
    pub found: &'a mut Diagnostics,
    /// Unit definitions of the module as written.
    pub unit_sources: units::Sources<'a>,
    /// Names of the module's submodules, also of those not read yet.
    pub submodules: indexmap::IndexSet<String>,
}

impl Builder<'_> {
    /// The element that a path names, made when it is a plain new name.
    pub(super) fn path(&mut self, path: &tree::Path) -> Option<Id> {
        let id = self.named(&path.dotted(), path.span)?;
        if path.boundary {
            let kept = self.draft.representative(id);
            self.draft.elements[kept].boundary = true;
        }
        Some(id)
    }

    /// The element with a dotted name.
    pub(super) fn named(&mut self, dotted: &str, span: Span) -> Option<Id> {
        let Some((head, _)) = dotted.split_once('.') else {
            return Some(self.draft.element(dotted, span));
        };
        let Some(&id) = self.draft.names.get(dotted) else {
            self.unknown_path(dotted, head, span);
            return None;
        };
        if let Some(deleted) = self.draft.elements[id].deleted {
            let told = Diagnostic::error("model/deleted", format!("`{dotted}` has been deleted"));
            self.found
                .push(told.at(span).label(deleted, "deleted here"));
            return None;
        }
        Some(id)
    }

    fn unknown_path(&mut self, dotted: &str, head: &str, span: Span) {
        let is_submodule = self
            .draft
            .names
            .get(head)
            .is_some_and(|&id| self.draft.elements[id].role == Role::Submodule);
        if !is_submodule {
            if self.submodules.contains(head) {
                // Its own statement has already said what is wrong with it.
                return;
            }
            let told = self.no_submodule(dotted, head).at(span);
            self.found.push(told);
            return;
        }
        let prefix = format!("{head}.");
        let inside = self.draft.names.keys().filter(|n| n.starts_with(&prefix));
        let near = did_you_mean(dotted, inside.map(String::as_str));
        let told = Diagnostic::error(
            "model/unknown-element",
            format!("there is no `{dotted}`: the submodule `{head}` does not have it"),
        );
        self.found.push(with_near(told.at(span), near));
    }

    fn no_submodule(&self, dotted: &str, head: &str) -> Diagnostic {
        let told = Diagnostic::error(
            "model/unknown-submodule",
            format!("`{head}` in `{dotted}` is not a submodule"),
        );
        let near = did_you_mean(head, self.submodules.iter().map(String::as_str));
        let part = dotted.rsplit('.').next().unwrap_or(dotted);
        let attribute = did_you_mean(part, annotate::names());
        match (near, attribute) {
            (None, Some(attribute)) => told.hint(format!("did you mean `{head}.{attribute}`?")),
            (None, None) if self.draft.names.contains_key(head) => {
                told.hint("an element has no parts; it has attributes, such as `sboTerm`")
            }
            _ => with_near(told, near),
        }
    }

    /// Says that an element has a role; refuses a second, different one.
    pub(super) fn set_role(&mut self, id: Id, role: Role, span: Span) {
        let id = self.draft.representative(id);
        let element = &mut self.draft.elements[id];
        if element.role == Role::Unknown {
            element.role = role;
            element.role_span = span;
            return;
        }
        if element.role == role {
            return;
        }
        let told = Diagnostic::error(
            "model/two-roles",
            format!(
                "`{}` is {} here and {} elsewhere",
                element.name,
                role.word(),
                element.role.word()
            ),
        );
        let elsewhere = format!("{} here", element.role.word());
        self.found
            .push(told.at(span).label(element.role_span, elsewhere));
    }

    /// A written formula over the elements of the draft; `None` when a name in it means nothing.
    pub(super) fn formula(&mut self, written: &tree::Formula) -> Option<Formula> {
        // A name that fails must not hide the next one: all are looked up.
        let mut failed = false;
        let resolved: Result<Formula, ()> = written.try_map(&mut |name, span| {
            let id = self.named(name, span);
            failed |= id.is_none();
            Ok(ExprKind::Symbol(id.unwrap_or(0)))
        });
        let resolved = resolved.ok().filter(|_| !failed)?;
        self.check_unit_names(&resolved);
        self.check_calls(&resolved);
        Some(resolved)
    }

    fn check_unit_names(&mut self, formula: &Formula) {
        let mut names = Vec::new();
        formula.walk(&mut |part| {
            if let ExprKind::Number(_, Some(unit)) = &part.kind {
                names.push((unit.clone(), part.span));
            }
        });
        for (name, span) in names {
            self.unit_named(&name, span);
        }
    }

    /// `x = value`, `x := value` or `x' = value`; a missing value removes the construct.
    pub(super) fn assign(
        &mut self,
        id: Id,
        kind: tree::AssignmentKind,
        value: Option<&tree::Formula>,
        span: Span,
    ) {
        let Some(value) = value else {
            self.remove_value(id, kind);
            return;
        };
        let Some(formula) = self.formula(value) else {
            return;
        };
        let formula = self.draft.value_for_representative(id, formula);
        let id = self.draft.representative(id);
        match kind {
            tree::AssignmentKind::Initial => self.set_initial(id, formula, span),
            tree::AssignmentKind::Rule => self.set_rule(id, RuleKind::Assignment, formula, span),
            tree::AssignmentKind::Rate => self.set_rule(id, RuleKind::Rate, formula, span),
        }
    }

    fn remove_value(&mut self, id: Id, kind: tree::AssignmentKind) {
        let id = self.draft.representative(id);
        let element = &mut self.draft.elements[id];
        let gone = match kind {
            tree::AssignmentKind::Initial => {
                element.initial = None;
                return;
            }
            tree::AssignmentKind::Rule => RuleKind::Assignment,
            tree::AssignmentKind::Rate => RuleKind::Rate,
        };
        if element.rule.as_ref().is_some_and(|rule| rule.kind == gone) {
            element.rule = None;
        }
    }

    /// Gives the representative `id` a start value, or a reaction its rate.
    pub(super) fn set_initial(&mut self, id: Id, mut formula: Formula, span: Span) {
        let element = &self.draft.elements[id];
        if let Some(rule) = element
            .rule
            .as_ref()
            .filter(|rule| rule.kind == RuleKind::Assignment)
        {
            let told = rule_and_value(&element.name, rule.setting.inherited);
            let told = told.at(span).label(rule.setting.span, "its rule");
            self.found.push(told);
            return;
        }
        self.warn_of_duplicate(id, self.draft.elements[id].initial.clone(), span);
        if self.draft.elements[id].role != Role::Reaction {
            self.take_unit_of_number(id, &mut formula);
        }
        let inherited = false;
        self.draft.elements[id].initial = Some(Setting {
            formula,
            span,
            inherited,
        });
    }

    /// `x = 5 mM` gives `x` its unit, unless it has one.
    fn take_unit_of_number(&mut self, id: Id, formula: &mut Formula) {
        let ExprKind::Number(_, unit) = &mut formula.kind else {
            return;
        };
        let Some(name) = unit.clone() else { return };
        if self.draft.elements[id].unit.is_some() {
            return;
        }
        if let Some(found) = self.unit_named(&name, formula.span) {
            self.draft.elements[id].unit = Some((found, formula.span));
            *unit = None;
        }
    }

    /// Gives the representative `id` a rule.
    pub(super) fn set_rule(&mut self, id: Id, kind: RuleKind, formula: Formula, span: Span) {
        let element = &self.draft.elements[id];
        if let Some(other) = element.rule.as_ref().filter(|rule| rule.kind != kind) {
            let told = Diagnostic::error(
                "model/two-rules",
                format!(
                    "`{}` has an assignment rule and a rate rule: it can have only one of them",
                    element.name
                ),
            );
            let told = told.at(span).label(other.setting.span, "the other rule");
            let blank = match other.kind {
                RuleKind::Assignment => format!("`{} := ;`", element.name),
                RuleKind::Rate => format!("`{}' = ;`", element.name),
            };
            self.found
                .push(told.hint(format!("remove the other one first: {blank}")));
            return;
        }
        if kind == RuleKind::Assignment && !self.clear_initial_for_rule(id, span) {
            return;
        }
        let before = self.draft.elements[id].rule.take();
        self.warn_of_duplicate(id, before.as_ref().map(|rule| rule.setting.clone()), span);
        let order = match &before {
            Some(rule) => rule.order,
            None => self.draft.next_rule(),
        };
        let setting = Setting {
            formula,
            span,
            inherited: false,
        };
        self.draft.elements[id].rule = Some(DraftRule {
            kind,
            setting,
            order,
        });
    }

    /// A submodule's start value makes room for an outer rule; one of the same module conflicts with it.
    fn clear_initial_for_rule(&mut self, id: Id, span: Span) -> bool {
        let element = &mut self.draft.elements[id];
        match &element.initial {
            Some(initial) if !initial.inherited => {
                let told = rule_and_value(&element.name, false)
                    .at(span)
                    .label(initial.span, "its value");
                self.found.push(told);
                false
            }
            _ => {
                element.initial = None;
                true
            }
        }
    }

    fn warn_of_duplicate(&mut self, id: Id, before: Option<Setting>, span: Span) {
        let Some(before) = before.filter(|setting| !setting.inherited) else {
            return;
        };
        let name = &self.draft.elements[id].name;
        let told = Diagnostic::warning(
            "model/duplicate",
            format!("`{name}` is set twice; the last one counts"),
        );
        self.found
            .push(told.at(span).label(before.span, "set here before"));
    }

    /// Makes `left` and `right` one element: `right` (or the one with the outer name) stays, and what `right` says counts.
    ///
    /// `scale` is the factor of `left * factor is right`.
    pub(super) fn synchronise(
        &mut self,
        left: Id,
        right: Id,
        factor: Option<super::draft::Factor>,
        span: Span,
    ) {
        super::synchronise::synchronise(self, left, right, factor, span);
    }

    /// The value of an option that must be known before the start.
    pub(super) fn flag(&mut self, written: &tree::Formula, what: &str) -> Option<bool> {
        use crate::syntax::expr::Constant;
        match &written.kind {
            ExprKind::Constant(Constant::True) => Some(true),
            ExprKind::Constant(Constant::False) => Some(false),
            ExprKind::Number(value, None) => Some(*value != 0.0),
            _ => {
                let told = Diagnostic::error(
                    "model/event-option",
                    format!("`{what}` of an event must be `true` or `false`"),
                );
                self.found.push(told.at(written.span));
                None
            }
        }
    }
}

fn rule_and_value(name: &str, inherited: bool) -> Diagnostic {
    let told = Diagnostic::error(
        "model/rule-and-value",
        format!("`{name}` has a value at the start and a rule that holds at all times"),
    );
    if inherited {
        told.hint(format!(
            "remove the rule of the submodule first: `{name} := ;`"
        ))
    } else {
        told.hint("keep one of `=` and `:=`")
    }
}

/// Adds "did you mean" when a name is near.
pub(super) fn with_near(told: Diagnostic, near: Option<&str>) -> Diagnostic {
    match near {
        Some(near) => told.hint(format!("did you mean `{near}`?")),
        None => told,
    }
}

/// The plain number that a formula is, without unit: a number, an infinity, or the opposite of one.
pub(super) fn plain_number<S>(formula: &Expr<S>) -> Option<f64> {
    use crate::syntax::expr::{Constant, Function};
    match &formula.kind {
        ExprKind::Number(value, None) => Some(*value),
        ExprKind::Constant(Constant::Infinity) => Some(f64::INFINITY),
        ExprKind::Constant(Constant::NotANumber) => Some(f64::NAN),
        ExprKind::Call(Function::Negate, arguments) => plain_number(arguments.first()?).map(|v| -v),
        _ => None,
    }
}
