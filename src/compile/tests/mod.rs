//! Tests of whole programs, by what they make sure of.

mod derivatives;
mod fast;
mod linear_algebra;
mod meaning;
mod refusals;
mod switches;
