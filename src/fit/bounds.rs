//! A bounded parameter as a number that may be anything.

use super::{FitError, Free, Scale};
use crate::math;

/// A start at a bound would stay there, because the derivative is zero: this share of the range keeps it inside.
const INSIDE: f64 = 1e-3;

/// Nearer to a bound than this share of the range, a parameter is at it.
const AT_BOUND: f64 = 1e-5;

/// # Errors
/// When start, bounds and scale of a parameter do not go together.
pub fn check(free: &Free) -> Result<(), FitError> {
    let finite = [free.start, free.lower, free.upper];
    let rising = free.lower < free.upper && (free.scale == Scale::Linear || free.lower > 0.0);
    if finite.iter().all(|number| number.is_finite()) && rising {
        Ok(())
    } else {
        Err(FitError::Bounds(free.name.clone()))
    }
}

/// A value on the parameter's scale, on which search, differences and intervals are.
pub fn scaled(free: &Free, value: f64) -> f64 {
    match free.scale {
        Scale::Linear => value,
        Scale::Log => math::ln(value),
    }
}

/// The value of a number on the parameter's scale.
pub fn unscaled(free: &Free, scaled: f64) -> f64 {
    match free.scale {
        Scale::Linear => scaled,
        Scale::Log => math::exp(scaled),
    }
}

fn ends(free: &Free) -> (f64, f64) {
    (scaled(free, free.lower), scaled(free, free.upper))
}

/// Where the search starts.
pub fn start(free: &Free) -> f64 {
    let (low, high) = ends(free);
    let start = free.start.clamp(free.lower, free.upper);
    let share = (scaled(free, start) - low) / (high - low);
    math::asin(2.0 * share.clamp(INSIDE, 1.0 - INSIDE) - 1.0)
}

/// On the parameter's scale, from the unbounded number.
pub fn inward(free: &Free, u: f64) -> f64 {
    let (low, high) = ends(free);
    low + (high - low) * (1.0 + math::sin(u)) / 2.0
}

/// Derivative of [`inward`].
pub fn slope(free: &Free, u: f64) -> f64 {
    let (low, high) = ends(free);
    (high - low) * math::cos(u) / 2.0
}

/// Whether the unbounded number stands for a bound.
pub fn is_at_bound(free: &Free, u: f64) -> bool {
    let (low, high) = ends(free);
    let share = (inward(free, u) - low) / (high - low);
    !(AT_BOUND..=1.0 - AT_BOUND).contains(&share)
}
