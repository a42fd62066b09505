//! The `insilin` program.

fn main() {}
