//! The solvers on problems whose answers are known.

#[path = "solvers/explicit.rs"]
mod explicit;
#[path = "solvers/known.rs"]
mod known;
#[path = "solvers/lanes.rs"]
mod lanes;
#[path = "solvers/order.rs"]
mod order;
#[path = "solvers/steady.rs"]
mod steady;
#[path = "solvers/toys.rs"]
mod toys;
