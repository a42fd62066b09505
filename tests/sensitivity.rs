//! Local sensitivities against closed forms and, for whole models, against differences of accurate runs.

#[path = "sensitivity/closed_forms.rs"]
mod closed_forms;
#[path = "sensitivity/events.rs"]
mod events;
#[path = "sensitivity/moved.rs"]
mod moved;
#[path = "sensitivity/starts.rs"]
mod starts;
#[path = "simulate/support.rs"]
#[allow(dead_code)]
mod support;
