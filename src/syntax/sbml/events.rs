//! Events.

use super::attribute::{Context, about};
use super::read::listed;
use super::tree::{Event, Formula};
use super::xml::Element;

impl Context<'_> {
    pub(super) fn event(&mut self, element: &Element) -> Event {
        let trigger = element.child("trigger");
        if trigger.is_none() && (self.level, self.version) < (3, 2) {
            let message = format!("{} has no trigger", about(element));
            let hint = "add `<trigger>` with the condition that sets it off";
            self.refuse("syntax/sbml-no-trigger", message, element.span, hint);
        }
        let mut part = |name: &str| -> Option<Formula> {
            let inner = element.child(name)?;
            self.needed_math(inner)
        };
        let condition = part("trigger");
        let delay = part("delay");
        let priority = part("priority");
        let mut flag = |name: &str| trigger.is_none_or(|inner| self.flag(inner, name, true));
        let initial_value = flag("initialValue");
        let persistent = flag("persistent");
        Event {
            head: self.head(element, "id"),
            trigger: condition,
            initial_value,
            persistent,
            delay,
            priority,
            values_from_trigger_time: self.flag(element, "useValuesFromTriggerTime", true),
            assignments: listed(element, "listOfEventAssignments", "eventAssignment")
                .filter_map(|assignment| self.assignment(assignment, "variable"))
                .collect(),
        }
    }
}
