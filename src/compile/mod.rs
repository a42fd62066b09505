//! Model to program: one flat list of operations that any back-end can run.

pub mod program;
