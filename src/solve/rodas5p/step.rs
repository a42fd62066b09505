//! How long a step is: control by the error, the first step, and where it must end.

/// Share of the step that would just meet the tolerance.
const SAFETY: f64 = 0.9;
/// A rejected step shrinks to no less than this share.
const MIN_SHRINK: f64 = 0.2;
/// A step grows to no more than this multiple.
const MAX_GROW: f64 = 6.0;
/// Floor of the remembered error, so that one lucky step does not hold the next ones back: 0.01 to the 1/5.
const MEMORY_FLOOR: f64 = 0.398;
/// Growth below this is not worth it when the step before was rejected.
const AFTER_REJECTION: f64 = 1.0;
/// A step that would leave less than this share of itself is stretched to the stop.
const STRETCH: f64 = 1.01;

/// The size of the last accepted step and the fifth root of its error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Memory {
    /// Step size, > 0.
    pub h: f64,
    /// Scaled error to the power 1/5, floored.
    pub root: f64,
}

impl Memory {
    /// What to remember of an accepted step.
    pub fn of(h: f64, root: f64) -> Self {
        Self {
            h,
            root: root.max(MEMORY_FLOOR),
        }
    }
}

/// Factor for the step after one that was accepted.
///
/// * `root` — scaled error to the power 1 over the order of the estimate plus one, > 0
/// * `before` — the step accepted before this one, if any
///
/// Predictive control: the second estimate extrapolates the trend of the error, and the smaller wins, so
/// that a rising error shortens the step before it is rejected. Returns a factor in
/// \[0.2, 6\], at most 1 right after a rejection.
/// Source: Gustafsson 1994, ACM Trans Math Softw 20:496–517; constants from the code RODAS of Hairer and
/// Wanner, *Solving Ordinary Differential Equations II*, 2nd ed., IV.8 and appendix.
/// ```
/// # use insilin::solve::rodas5p::step::{after_accepted, Memory};
/// let calm = Some(Memory { h: 1.0, root: 0.9 });
/// let rising = Some(Memory { h: 1.0, root: 0.5 });
/// assert!(after_accepted(1.0, 0.9, rising, false) < after_accepted(1.0, 0.9, calm, false));
/// ```
pub fn after_accepted(h: f64, root: f64, before: Option<Memory>, after_rejection: bool) -> f64 {
    let plain = SAFETY / root;
    let predicted = before.map_or(plain, |before| {
        SAFETY * (h / before.h) * before.root / (root * root)
    });
    let limit = if after_rejection {
        AFTER_REJECTION
    } else {
        MAX_GROW
    };
    plain.min(predicted).clamp(MIN_SHRINK, limit)
}

/// Factor for the step after one that was rejected for its error; `root` as in [`after_accepted`].
///
/// The first step of all is a guess, so its rejection says little about by how much: it shrinks tenfold.
pub fn after_rejected(root: f64, first: bool) -> f64 {
    if first {
        0.1
    } else {
        (SAFETY / root).clamp(MIN_SHRINK, SAFETY)
    }
}

/// Factor for the step after one that met numbers that are not finite, or a singular matrix.
pub const AFTER_NOT_FINITE: f64 = 0.1;

/// Where a step goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// Its length: `end − t` as a floating-point number.
    pub h: f64,
    /// Its end, after t.
    pub end: f64,
}

/// The step to take from `t` when the control wants `wanted` and it must not be longer than `longest`.
///
/// It ends exactly at `stop` when that is in reach (stretched by up to 1 %), and goes half the way
/// when it would leave a sliver. Its length is a difference of times, so rounding in t + h cannot make the
/// state's time and the time of the clock drift apart. `shortest` is the floor but for a step that ends
/// at the stop.
///
/// Needs t < stop; `stop`, `wanted` and `longest` may be infinite, not all three.
pub fn place(t: f64, stop: f64, wanted: f64, longest: f64, shortest: f64) -> Step {
    let remaining = stop - t;
    if remaining <= (STRETCH * wanted).min(longest) {
        return Step {
            h: remaining,
            end: stop,
        };
    }
    let h = wanted.min(longest);
    let h = if remaining < 2.0 * h {
        0.5 * remaining
    } else {
        h
    };
    let end = t + h.max(shortest).max(f64::MIN_POSITIVE);
    let end = if end > t { end } else { t.next_up() };
    if end >= stop {
        Step {
            h: remaining,
            end: stop,
        }
    } else {
        Step { h: end - t, end }
    }
}

/// The first step, from the largest second derivative in units of the tolerance.
///
/// * `curvature` — max |y″| ÷ (atol + rtol |y|), ≥ 0
///
/// 1/√(rtol · curvature) is the time in which the fastest state, moving on at this curvature, changes by its own
/// size. If all derivatives scale with that time T, the local error of the method is about (h/T)⁵ in
/// units of the state, and h makes it a hundredth of the tolerance. Unlike the usual start it does not
/// depend on the unit of time, and it needs no further evaluation, as J and ∂f/∂t are at hand. Infinite for
/// straight motion.
pub fn first(curvature: f64, rtol: f64, fifth_root: f64) -> f64 {
    fifth_root / (rtol * curvature).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_in_reach_is_hit_exactly() {
        let step = place(0.1, 0.3, 0.199, f64::INFINITY, 0.0);
        assert_eq!(step.end.to_bits(), 0.3f64.to_bits());
        assert_eq!(step.h, 0.3 - 0.1);
    }

    #[test]
    fn the_way_to_a_stop_is_halved_rather_than_leaving_a_sliver() {
        assert_eq!(place(0.0, 1.0, 0.9, f64::INFINITY, 0.0).h, 0.5);
        assert_eq!(place(0.0, 1.0, 0.4, f64::INFINITY, 0.0).h, 0.4);
    }

    #[test]
    fn the_longest_step_is_never_stretched() {
        assert!(place(0.0, 1.0, 5.0, 0.995, 0.0).h <= 0.995);
        assert_eq!(place(0.0, 1.0, 5.0, 1.0, 0.0).end, 1.0);
    }

    #[test]
    fn a_step_too_small_for_the_clock_still_advances_it() {
        let step = place(1.0, 2.0, 1e-30, f64::INFINITY, 0.0);
        assert_eq!(step.end, 1.0f64.next_up());
    }

    #[test]
    fn a_step_without_end_is_placed() {
        assert_eq!(
            place(0.0, f64::INFINITY, 2.0, f64::INFINITY, 0.0),
            Step { h: 2.0, end: 2.0 }
        );
    }

    #[test]
    fn an_error_at_the_tolerance_shortens_and_a_small_one_lengthens() {
        assert_eq!(after_accepted(1.0, 1.0, None, false), 0.9);
        assert_eq!(after_accepted(1.0, 0.01, None, false), 6.0);
        assert_eq!(after_accepted(1.0, 0.01, None, true), 1.0);
        assert_eq!(after_rejected(1e9, false), 0.2);
        assert_eq!(after_rejected(1.01, true), 0.1);
    }
}
