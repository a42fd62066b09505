//! What tests of shipped models share: the files of `models/`, tables of numbers, reference data outside of the package.
#![allow(dead_code, reason = "each test file uses its part")]

#[cfg(feature = "cli")]
pub mod command;
pub mod files;
pub mod json_schema;
pub mod numbers;
pub mod outside;
pub mod ports;
pub mod program;
#[cfg(feature = "cli")]
pub mod sbml;
pub mod shared;
pub mod table;
