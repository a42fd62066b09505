//! Events and constraints.

use crate::model::Event;

use super::Writer;
use super::xml::{Element, flag};

impl Writer<'_> {
    pub(super) fn events(&self) -> Vec<Element> {
        let events = self.model.events.iter().zip(&self.ids.events);
        events
            .map(|(event, id)| self.event(event, id.as_deref()))
            .collect()
    }

    fn event(&self, event: &Event, id: Option<&str>) -> Element {
        let part = |tag: &str, formula| Element::new(tag).holding(self.math(formula));
        let trigger = Element::new("trigger")
            .with("initialValue", flag(event.initial_value))
            .with("persistent", flag(event.persistent))
            .holding(self.math(&event.trigger));
        let assignments = event.assignments.iter().map(|(symbol, value)| {
            Element::new("eventAssignment")
                .with("variable", self.ids.symbol(*symbol))
                .holding(self.math(value))
        });
        self.head("event", &event.identity, id)
            .with(
                "useValuesFromTriggerTime",
                flag(event.values_from_trigger_time),
            )
            .holding(trigger)
            .holding_all(event.priority.as_ref().map(|p| part("priority", p)))
            .holding_all(event.delay.as_ref().map(|delay| part("delay", delay)))
            .list("listOfEventAssignments", assignments.collect())
    }

    pub(super) fn constraints(&mut self) -> Vec<Element> {
        let ids = self.ids.constraints.clone();
        let mut written = Vec::with_capacity(ids.len());
        for (constraint, id) in self.model.constraints.iter().zip(ids) {
            let id = self.only_version_2(id, "constraint");
            let element = Element::new("constraint")
                .maybe("metaid", self.referred("constraint", &constraint.id))
                .maybe("id", id);
            written.push(element.holding(self.math(&constraint.condition)));
        }
        written
    }
}
