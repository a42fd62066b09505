//! Before any trajectory: the derivative at stated states.

use crate::cases::CASES;
use crate::support::ports::check_derivatives;

#[test]
fn derivatives_are_those_of_the_published_equations() {
    CASES.iter().for_each(check_derivatives);
}
