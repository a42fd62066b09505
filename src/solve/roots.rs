//! Where root functions change sign within a step.

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
/// Share of the span between the first two and the last two looks: it shows which way a function goes at the ends.
const EDGE: f64 = 1.0 / 1024.0;
/// A function that turns between looks is followed there while a parabola expects it below this share of its value at
/// the looks around (chosen by feel): what turns farther from zero does not change its sign.
const NEAR: f64 = 0.25;
/// A turn is found when the parabola expects no less than this share of the lowest value seen.
const TURNED: f64 = 0.99;
/// Guard for following a function that touches zero.
const MAX_TRIES_TO_TURN: usize = 20;
/// Guard against a loop without end; bisection from any step needs less than 64, and every third try bisects.
const MAX_TRIES: usize = 400;

/// Finds the first change of sign of any of `n` functions of time over `[from, to]`.
///
/// A search keeps its buffers between calls, one number per function each.
#[derive(Clone, Debug)]
pub struct RootSearch {
    earlier: Vec<f64>,
    low: Vec<f64>,
    high: Vec<f64>,
    middle: Vec<f64>,
}

impl RootSearch {
    /// A search among `n` functions.
    pub fn new(n: usize) -> Self {
        Self {
            earlier: vec![0.0; n],
            low: vec![0.0; n],
            high: vec![0.0; n],
            middle: vec![0.0; n],
        }
    }

    /// The first crossing in `(from, to]`, or none.
    ///
    /// * `interior` — number of equally spaced points inside at which the functions are looked at besides the ends; when
    ///   there are any, a smooth function that turns near zero between looks is followed to where it turns, so that a
    ///   pulse which rises and falls within the step is seen however short it is
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
        g(from, &mut self.low);
        let mut times = [f64::NAN, from];
        for high in looks(from, to, interior) {
            g(high, &mut self.high);
            let [earlier, low] = times;
            if let Some(dip) = self.dip([earlier, low, high], g) {
                g(dip, &mut self.high);
                if dip < low {
                    std::mem::swap(&mut self.earlier, &mut self.low);
                }
                return Some(self.close_in(if dip < low { earlier } else { low }, dip, g));
            }
            if first_changed(&self.low, &self.high).is_some() {
                return Some(self.close_in(low, high, g));
            }
            times = [low, high];
            std::mem::swap(&mut self.earlier, &mut self.low);
            std::mem::swap(&mut self.low, &mut self.high);
        }
        None
    }

    /// The first time found between three looks at which a function has another sign than at all three of them.
    fn dip(&mut self, times: [f64; 3], g: &mut dyn FnMut(f64, &mut [f64])) -> Option<f64> {
        if times[0].is_nan() {
            return None;
        }
        let mut first: Option<f64> = None;
        for function in 0..self.low.len() {
            let looks = [&self.earlier, &self.low, &self.high];
            let values = looks.map(|look| look[function]);
            if let Some(t) = self.follow(function, times, values, g) {
                first = Some(first.map_or(t, |first| first.min(t)));
            }
        }
        first
    }

    /// Follows a function of one sign, nearer to zero at the second of three times than at the others, to where it turns:
    /// by parabolas through three points, until it has changed its sign or is seen to turn before.
    fn follow(
        &mut self,
        function: usize,
        mut t: [f64; 3],
        values: [f64; 3],
        g: &mut dyn FnMut(f64, &mut [f64]),
    ) -> Option<f64> {
        let sign = if values[1] < 0.0 { -1.0 } else { 1.0 };
        let mut v = values.map(|value| sign * value);
        if !v.iter().all(|&value| value > 0.0) {
            return None;
        }
        for _ in 0..MAX_TRIES_TO_TURN {
            let (at, expected) = turn(t, v)?;
            let is_near = expected < NEAR * v[0].max(v[2]) && expected < TURNED * v[1];
            if !is_near || at == t[1] {
                return None;
            }
            g(at, &mut self.middle);
            let here = sign * self.middle[function];
            if here <= 0.0 {
                return Some(at);
            }
            (t, v) = around(t, v, at, here)?;
        }
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

/// Times at which a step is looked at, its beginning apart.
fn looks(from: f64, to: f64, interior: usize) -> impl Iterator<Item = f64> {
    let pieces = interior + 1;
    let edge = |share: f64| (interior > 0).then_some(share);
    let inner = (1..pieces).map(move |piece| piece as f64 / pieces as f64);
    let shares = edge(EDGE).into_iter().chain(inner).chain(edge(1.0 - EDGE));
    let inside = shares.map(move |share| from + share * (to - from));
    inside
        .filter(move |t| from < *t && *t < to)
        .chain(std::iter::once(to))
}

/// Where the parabola through three points is lowest, and its value there; none when the middle one is not the lowest.
fn turn(t: [f64; 3], v: [f64; 3]) -> Option<(f64, f64)> {
    let is_lowest = v[1] <= v[0] && v[1] <= v[2];
    let [left, right] = [t[1] - t[0], t[2] - t[1]];
    let [fall, rise] = [(v[1] - v[0]) / left, (v[2] - v[1]) / right];
    let bend = (rise - fall) / (left + right);
    // The slope at the middle point, of the parabola.
    let slope = fall + bend * left;
    let at = t[1] - slope / (2.0 * bend);
    let is_inside = is_lowest && bend > 0.0 && t[0] < at && at < t[2];
    is_inside.then_some((at, v[1] - slope * slope / (4.0 * bend)))
}

/// The three points around the lowest of four; none when the new one is no number.
fn around(t: [f64; 3], v: [f64; 3], at: f64, here: f64) -> Option<([f64; 3], [f64; 3])> {
    let (t, v) = if at < t[1] {
        ([t[0], at, t[1], t[2]], [v[0], here, v[1], v[2]])
    } else {
        ([t[0], t[1], at, t[2]], [v[0], v[1], here, v[2]])
    };
    let start = usize::from(v[2] < v[1]);
    let three = |of: [f64; 4]| [of[start], of[start + 1], of[start + 2]];
    (!here.is_nan()).then(|| (three(t), three(v)))
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
    fn a_smooth_function_that_turns_beyond_zero_between_looks_is_seen_however_briefly() {
        for top in [0.05, 0.3, 0.499, 0.62, 0.9997, 0.0004] {
            let width = 1e-6;
            let wave = |t: f64| [math::cos(3.0 * (t - top)) - math::cos(3.0 * width), 1.0];
            let (found, calls) = find(0.0, 1.0, 3, wave);
            let found = found.unwrap_or_else(|| panic!("nothing at {top}"));
            assert_eq!(found.function, 0);
            // The slope of the wave there carries the rounding of its value, 1e-16, to 1e-11 of time.
            assert!((found.after - (top - width)).abs() < 1e-10, "{found:?}");
            assert!(calls < 200, "{calls} evaluations");
        }
    }

    #[test]
    fn a_function_that_turns_before_zero_is_left_alone() {
        let near = |t: f64| [(t - 0.37) * (t - 0.37) + 1e-9];
        let (found, calls) = find(0.0, 1.0, 3, near);
        assert_eq!(found, None);
        assert!(calls < 12, "{calls} evaluations");
        let (found, calls) = find(0.0, 1.0, 3, |t| [2.0 + t, 3.0 + math::cos(t)]);
        assert_eq!((found, calls), (None, 7));
    }

    #[test]
    fn of_a_pulse_and_a_crossing_the_earlier_one_wins() {
        let pulse = |top: f64| move |t: f64| 1e-8 - (t - top) * (t - top);
        for (top, crossing) in [(0.3, 0.4), (0.3, 0.32), (0.3, 0.27)] {
            let found = find(0.0, 1.0, 3, |t| [t - crossing, pulse(top)(t)])
                .0
                .unwrap();
            let first = (top - 1e-4_f64).min(crossing);
            assert!((found.after - first).abs() < 1e-12, "{found:?}");
        }
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
