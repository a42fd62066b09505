//! Published models give the numbers of their publications.
//!
//! Three kinds of reference: `tests/golden` (made from the published equations, by other programs; see the `ORIGIN.md` of
//! each case), figures from the publications and their public encodings, and trajectories outside of the package.

mod support;

#[path = "ports/cases.rs"]
mod cases;
#[path = "ports/derivatives.rs"]
mod derivatives;
#[path = "ports/doses.rs"]
mod doses;
#[path = "ports/figures.rs"]
mod figures;
#[path = "ports/outside.rs"]
mod outside;
#[path = "ports/trajectories.rs"]
mod trajectories;
