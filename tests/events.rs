//! What happens during a run: events, protocols, switches, delays, and what is said when the numbers fail.

#[path = "simulate/equations.rs"]
mod equations;
#[path = "simulate/failures.rs"]
mod failures;
#[path = "simulate/order.rs"]
mod order;
#[path = "simulate/protocol.rs"]
mod protocol;
#[path = "simulate/runs.rs"]
mod runs;
#[path = "simulate/starts.rs"]
mod starts;
#[path = "simulate/support.rs"]
mod support;
#[path = "simulate/switches.rs"]
mod switches;
#[path = "simulate/triggers.rs"]
mod triggers;
