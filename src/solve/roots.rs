//! Where root functions change sign within a step.

use super::dips::{self, POINTS};

/// A change of sign, closed in between two neighbouring times.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Crossing {
    /// The latest time found at which all functions have the signs they had before.
    pub before: f64,
    /// The earliest time found at which some function has another sign; `before` plus a few units in the last place.
    pub after: f64,
    /// The first function (by number) that has changed between the two.
    pub function: usize,
}

/// How close the two times of a [`Crossing`] come, in units in the last place of the larger |t|.
const CLOSE_ULPS: f64 = 2.0;
/// Guard against a loop without end; bisection from any step needs less than 64, and every third try bisects.
const MAX_TRIES: usize = 400;

/// Finds the first change of sign of any of `n` functions of time over `[from, to]`.
///
/// A search keeps its buffers between calls, one number per function each.
#[derive(Clone, Debug)]
pub struct RootSearch {
    low: Vec<f64>,
    high: Vec<f64>,
    middle: Vec<f64>,
    /// Values at the points of one window, function by function.
    window: Vec<[f64; POINTS]>,
    /// Where a function seems to dip through zero and back within the window, as a share of it.
    dips: Vec<f64>,
}

impl RootSearch {
    /// A search among `n` functions.
    pub fn new(n: usize) -> Self {
        Self {
            low: vec![0.0; n],
            high: vec![0.0; n],
            middle: vec![0.0; n],
            window: vec![[0.0; POINTS]; n],
            dips: Vec::with_capacity(dips::MOST * n),
        }
    }

    /// The first crossing in `(from, to]`, or none.
    ///
    /// * `interior` — number of equally spaced points inside at which the functions are looked at besides the ends. With
    ///   3, 7, 11 … a pulse that rises and falls between two of them is seen too if the function is near a polynomial of
    ///   degree 4 over four spacings, as the states of a step are; with other numbers only if it is longer than the
    ///   spacing
    /// * `g` — the functions at a time, into a slice of `n`
    ///
    /// Signs are negative, zero and positive, and every change counts: arriving at zero, leaving it, and
    /// passing through. A function that is not a number has no sign and takes no part there. Several functions that
    /// change between `before` and `after` count as one crossing: the caller looks at all of them at `after`.
    ///
    /// Found by the Illinois variant of false position on the function that seems to change first, with a
    /// bisection thrown in whenever three tries did not halve the interval (Dowell and Jarratt 1971, BIT 11:168–174).
    pub fn first(
        &mut self,
        from: f64,
        to: f64,
        interior: usize,
        g: &mut dyn FnMut(f64, &mut [f64]),
    ) -> Option<Crossing> {
        let pieces = interior + 1;
        let time = |piece: usize| {
            if piece == pieces {
                return to;
            }
            from + piece as f64 / pieces as f64 * (to - from)
        };
        g(from, &mut self.low);
        if pieces.is_multiple_of(POINTS - 1) {
            let mut windows = (0..pieces).step_by(POINTS - 1);
            return windows.find_map(|first| {
                let times = std::array::from_fn(|point| time(first + point));
                self.first_in_window(&times, g)
            });
        }
        let mut low = from;
        for piece in 1..=pieces {
            let high = time(piece);
            g(high, &mut self.high);
            if let Some(crossing) = self.advance(low, high, g) {
                return Some(crossing);
            }
            low = high;
        }
        None
    }

    /// The first crossing between five points, values at the first of which stand in `low`, as those at the last do
    /// afterwards if there is none.
    fn first_in_window(
        &mut self,
        times: &[f64; POINTS],
        g: &mut dyn FnMut(f64, &mut [f64]),
    ) -> Option<Crossing> {
        for (values, &value) in self.window.iter_mut().zip(&self.low) {
            values[0] = value;
        }
        for (point, &time) in times.iter().enumerate().skip(1) {
            g(time, &mut self.high);
            for (values, &value) in self.window.iter_mut().zip(&self.high) {
                values[point] = value;
            }
        }
        self.dips.clear();
        for values in &self.window {
            dips::find(values, &mut self.dips);
        }
        self.dips.sort_unstable_by(f64::total_cmp);
        let (mut low, mut next) = (times[0], 0);
        for (point, &time) in times.iter().enumerate().skip(1) {
            let share = point as f64 / (POINTS - 1) as f64;
            while let Some(&dip) = self.dips.get(next).filter(|dip| **dip < share) {
                next += 1;
                let high = times[0] + dip * (times[POINTS - 1] - times[0]);
                if low < high && high < time {
                    g(high, &mut self.high);
                    if let Some(crossing) = self.advance(low, high, g) {
                        return Some(crossing);
                    }
                    low = high;
                }
            }
            for (high, values) in self.high.iter_mut().zip(&self.window) {
                *high = values[point];
            }
            if let Some(crossing) = self.advance(low, time, g) {
                return Some(crossing);
            }
            low = time;
        }
        None
    }

    /// The crossing between two times, values at which stand in `low` and `high`; without one, those of `high` move to
    /// `low`.
    fn advance(
        &mut self,
        low: f64,
        high: f64,
        g: &mut dyn FnMut(f64, &mut [f64]),
    ) -> Option<Crossing> {
        if first_changed(&self.low, &self.high).is_some() {
            return Some(self.close_in(low, high, g));
        }
        std::mem::swap(&mut self.low, &mut self.high);
        None
    }

    /// Narrows `[low, high]`, over which some function changes its sign, to a few units in the last place.
    fn close_in(
        &mut self,
        mut low: f64,
        mut high: f64,
        g: &mut dyn FnMut(f64, &mut [f64]),
    ) -> Crossing {
        let mut weights = [1.0, 1.0];
        let mut moved_high = None;
        let mut width_before = [f64::INFINITY; 3];
        for _ in 0..MAX_TRIES {
            if high - low <= CLOSE_ULPS * spacing(low, high) {
                break;
            }
            let slow = high - low > 0.5 * width_before[0];
            let t = if slow {
                0.5 * (low + high)
            } else {
                self.guess(low, high, weights)
            };
            width_before = [width_before[1], width_before[2], high - low];
            if t <= low || t >= high {
                break;
            }
            g(t, &mut self.middle);
            let moves_high = first_changed(&self.low, &self.middle).is_some();
            // Illinois: an end that stays put twice has its value halved, which pulls the next guess towards it.
            let stays = if moved_high == Some(moves_high) {
                0.5
            } else {
                1.0
            };
            moved_high = Some(moves_high);
            if moves_high {
                high = t;
                std::mem::swap(&mut self.high, &mut self.middle);
                weights = [stays * weights[0], 1.0];
            } else {
                low = t;
                std::mem::swap(&mut self.low, &mut self.middle);
                weights = [1.0, stays * weights[1]];
            }
        }
        let function =
            first_changed(&self.low, &self.high).expect("the interval keeps a change of sign");
        Crossing {
            before: low,
            after: high,
            function,
        }
    }

    /// The earliest zero of the chords of the functions that change, kept inside the interval.
    fn guess(&self, low: f64, high: f64, weights: [f64; 2]) -> f64 {
        let mut share = 1.0f64;
        for (a, b) in self.low.iter().zip(&self.high) {
            if changed(*a, *b) {
                let (a, b) = (weights[0] * a, weights[1] * b);
                share = share.min(a / (a - b));
            }
        }
        // Neither end again: one unit in the last place inside, which is where a zero at an end must be looked for.
        let t = low + share * (high - low);
        t.max(low.next_up()).min(high.next_down())
    }
}

fn spacing(low: f64, high: f64) -> f64 {
    let size = low.abs().max(high.abs());
    size.next_up() - size
}

fn changed(a: f64, b: f64) -> bool {
    match (a.partial_cmp(&0.0), b.partial_cmp(&0.0)) {
        (Some(a), Some(b)) => a != b,
        _ => false,
    }
}

fn first_changed(a: &[f64], b: &[f64]) -> Option<usize> {
    a.iter().zip(b).position(|(a, b)| changed(*a, *b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math;

    /// The crossing and the number of evaluations.
    fn find<const N: usize>(
        from: f64,
        to: f64,
        interior: usize,
        g: impl Fn(f64) -> [f64; N],
    ) -> (Option<Crossing>, usize) {
        let mut calls = 0;
        let found = RootSearch::new(N).first(from, to, interior, &mut |t, out| {
            calls += 1;
            out.copy_from_slice(&g(t));
        });
        (found, calls)
    }

    #[test]
    fn a_simple_root_is_closed_in_to_two_units_in_the_last_place() {
        let (found, calls) = find(1.0, 2.0, 4, |t| [t * t - 2.0]);
        let found = found.unwrap();
        let root = std::f64::consts::SQRT_2;
        assert!(found.before <= root && root <= found.after);
        assert!(found.after - found.before <= 2.0 * f64::EPSILON);
        assert!(calls < 25, "{calls} evaluations");
    }

    #[test]
    fn the_first_of_several_roots_wins_whatever_its_number() {
        let (found, _) = find(0.0, 1.0, 0, |t| [t - 0.75, 0.25 - t, t - 0.5]);
        let found = found.unwrap();
        assert_eq!(found.function, 1);
        assert!(found.before <= 0.25 && 0.25 <= found.after);
    }

    #[test]
    fn a_pulse_inside_the_step_is_seen_when_it_is_longer_than_the_spacing() {
        let pulse = |t: f64| [0.15 - (t - 0.4).abs()];
        assert_eq!(find(0.0, 1.0, 0, pulse).0, None);
        let found = find(0.0, 1.0, 4, pulse).0.unwrap();
        assert!((found.after - 0.25).abs() < 1e-15);
    }

    #[test]
    fn a_short_pulse_of_a_smooth_function_is_seen_wherever_it_lies() {
        for centre in [0.03, 0.2, 0.45, 0.77, 0.98] {
            let pulse = |t: f64| [1e-8 - (t - centre) * (t - centre) * (1.0 + t)];
            let (found, calls) = find(0.0, 1.0, 3, pulse);
            let start = found.expect("seen").after;
            let half = 1e-4 / (1.0f64 + centre).sqrt();
            assert!((start - (centre - half)).abs() < 1e-7, "{start} {centre}");
            assert!(calls < 60, "{calls}");
            // One that stays below is none.
            let near = |t: f64| [-1e-8 - (t - centre) * (t - centre) * (1.0 + t)];
            assert_eq!(find(0.0, 1.0, 3, near).0, None);
        }
    }

    #[test]
    fn of_a_pulse_and_a_later_crossing_the_pulse_is_first() {
        let found = find(0.0, 1.0, 7, |t| [t - 0.9, 1e-8 - (t - 0.3) * (t - 0.3)]).0;
        let found = found.expect("seen");
        assert_eq!(found.function, 1);
        assert!((found.after - (0.3 - 1e-4)).abs() < 1e-9);
    }

    #[test]
    fn leaving_zero_is_seen_at_once_and_resting_on_it_never() {
        let (found, calls) = find(3.0, 4.0, 3, |t| [0.0, t - 3.0]);
        let found = found.unwrap();
        assert_eq!((found.function, found.before), (1, 3.0));
        assert!(found.after <= 3.0 + 4.0 * f64::EPSILON * 3.0);
        assert!(calls < 70, "{calls} evaluations");
        assert_eq!(find(3.0, 4.0, 3, |_| [0.0]).0, None);
    }

    #[test]
    fn arriving_at_zero_at_the_end_of_the_step_counts() {
        let found = find(0.0, 1.0, 2, |t| [1.0 - t]).0.unwrap();
        assert_eq!(found.after, 1.0);
    }

    #[test]
    fn flat_roots_and_jumps_are_closed_in_too() {
        let (flat, calls) = find(0.0, 1.0, 0, |t| [math::pow(t - 0.3, 9.0)]);
        let flat = flat.unwrap();
        // A ninth power rounds to a true zero nowhere near the root, so the sign is exact.
        assert!(
            flat.before <= 0.3 && 0.3 <= flat.after && calls < 200,
            "{calls}"
        );
        let (jump, calls) = find(0.0, 1.0, 0, |t| [if t < 0.7 { -1.0 } else { 1e-9 }]);
        assert_eq!(jump.unwrap().after, 0.7);
        assert!(calls < 220, "{calls}");
    }

    #[test]
    fn a_function_that_is_not_a_number_takes_no_part() {
        let found = find(0.0, 1.0, 0, |t| [f64::NAN, t - 0.5]).0.unwrap();
        assert_eq!(found.function, 1);
    }
}
