//! Hierarchical models of SBML: what is read, what they mean when put together, and what is said when they cannot be.

#[path = "hierarchy/factors.rs"]
mod factors;
#[path = "hierarchy/files.rs"]
mod files;
#[path = "hierarchy/limits.rs"]
mod limits;
#[path = "hierarchy/messages.rs"]
mod messages;
#[path = "hierarchy/names.rs"]
mod names;
#[path = "hierarchy/replaced.rs"]
mod replaced;
#[path = "simulate/support.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod support;
#[path = "hierarchy/text.rs"]
mod text;
