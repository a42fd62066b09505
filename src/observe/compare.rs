//! Two runs side by side: one number against another, one curve against another, and how much difference is allowed.

use super::curve::value_at;

/// A number beside the one that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// What it is compared with.
    pub reference: f64,
    /// The number, in the unit of the reference.
    pub value: f64,
}

impl Change {
    /// Value less reference, in their unit; NaN when one of them is.
    pub fn difference(self) -> f64 {
        self.value - self.reference
    }

    /// Value over reference, dimensionless; NaN when the reference is zero or one of them is NaN.
    /// ```
    /// # use insilin::observe::Change;
    /// assert_eq!(Change { reference: 160.0, value: 120.0 }.ratio(), 0.75);
    /// assert!(Change { reference: 0.0, value: 1.0 }.ratio().is_nan());
    /// ```
    pub fn ratio(self) -> f64 {
        if self.reference == 0.0 {
            f64::NAN
        } else {
            self.value / self.reference
        }
    }

    /// Distance of the two; zero when both are undefined or both the same infinity, infinite when one alone is undefined.
    fn distance(self) -> f64 {
        distance(self.reference, self.value)
    }
}

/// How far a number may lie from the one that it is compared with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Allowance {
    /// A share of the reference's magnitude, of its range for curves: 0.05 for 5 %.
    Relative(f64),
    /// A distance, in the unit of what is compared.
    Absolute(f64),
}

impl Allowance {
    /// Distance over allowed distance: up to 1 is within. Infinite when something differs and nothing may.
    /// ```
    /// # use insilin::observe::{Allowance, Change};
    /// let change = Change { reference: 100.0, value: 110.0 };
    /// assert!((Allowance::Relative(0.05).excess(change) - 2.0).abs() < 1e-12);
    /// assert!((Allowance::Absolute(20.0).excess(change) - 0.5).abs() < 1e-12);
    /// ```
    pub fn excess(self, change: Change) -> f64 {
        over(change.distance(), self.allowed(change.reference.abs()))
    }

    /// The same for a whole curve, whose differences are measured against [`Deviation::scale`].
    pub fn excess_of(self, deviation: &Deviation) -> f64 {
        over(deviation.largest.abs(), self.allowed(deviation.scale))
    }

    fn allowed(self, of: f64) -> f64 {
        match self {
            Self::Relative(share) => share * of,
            Self::Absolute(distance) => distance,
        }
    }
}

/// How far one curve leaves another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// The largest difference, value less reference, in their unit; infinite where one alone is no number.
    pub largest: f64,
    /// When, in the unit of time; the first time of several alike.
    pub at: f64,
    /// Root of the mean squared difference over time, in the unit of the values; NaN where one alone is no number.
    pub rms: f64,
    /// What the largest difference is measured against, in the unit of the values: the reference's range over the time
    /// that both share, its largest magnitude where it is flat.
    pub scale: f64,
}

impl Deviation {
    /// The largest difference as a share of [`Deviation::scale`], signed; zero where nothing differs.
    pub fn relative(&self) -> f64 {
        if self.largest == 0.0 {
            0.0
        } else {
            self.largest / self.scale
        }
    }
}

/// Below this share of its magnitude the range of a curve is rounding, and the curve flat.
const FLAT: f64 = 1e-9;

/// How far a curve leaves a reference over the time that both share; none when they share no time.
///
/// Both are lines between their points; they are compared at every point of either. At a jump the values after it count.
/// * `reference`, `other` — times, ascending, and as many values, in the same units
/// ```
/// # use insilin::observe::deviation;
/// let found = deviation((&[0.0, 2.0], &[0.0, 4.0]), (&[0.0, 1.0, 2.0], &[0.0, 3.0, 4.0])).unwrap();
/// assert_eq!((found.largest, found.at, found.relative()), (1.0, 1.0, 0.25));
/// ```
pub fn deviation(reference: (&[f64], &[f64]), other: (&[f64], &[f64])) -> Option<Deviation> {
    let start = reference.0.first()?.max(*other.0.first()?);
    let end = reference.0.last()?.min(*other.0.last()?);
    if start > end {
        return None;
    }
    let times = shared_times(reference.0, other.0, start, end);
    let wanted = sampled(reference, &times);
    let found = sampled(other, &times);
    let mut largest: (f64, f64) = (0.0, start);
    for ((&time, &wanted), &found) in times.iter().zip(&wanted).zip(&found) {
        let distance = distance(wanted, found);
        if distance > largest.0.abs() {
            let signed = found - wanted;
            let difference = if signed.is_finite() { signed } else { distance };
            largest = (difference, time);
        }
    }
    Some(Deviation {
        largest: largest.0,
        at: largest.1,
        rms: root_mean_square(&times, &wanted, &found),
        scale: scale(&wanted),
    })
}

/// Every time of either list between two ends, rising, each once.
fn shared_times(left: &[f64], right: &[f64], start: f64, end: f64) -> Vec<f64> {
    let mut times: Vec<f64> = left.iter().chain(right).copied().collect();
    times.retain(|time| (start..=end).contains(time));
    times.sort_by(f64::total_cmp);
    times.dedup();
    times
}

fn sampled((time, values): (&[f64], &[f64]), at: &[f64]) -> Vec<f64> {
    // Most comparisons are between runs on one grid, where nothing has to be looked up.
    if time == at {
        return values.to_vec();
    }
    at.iter().map(|&at| value_at(time, values, at)).collect()
}

fn distance(reference: f64, value: f64) -> f64 {
    match (reference.is_nan(), value.is_nan()) {
        (true, true) => 0.0,
        (false, false) if reference == value => 0.0,
        (false, false) => (value - reference).abs(),
        _ => f64::INFINITY,
    }
}

fn over(distance: f64, allowed: f64) -> f64 {
    if distance == 0.0 {
        0.0
    } else if allowed.is_finite() && allowed > 0.0 {
        distance / allowed
    } else {
        f64::INFINITY
    }
}

fn scale(values: &[f64]) -> f64 {
    let finite = || values.iter().copied().filter(|value| value.is_finite());
    let low = finite().fold(f64::INFINITY, f64::min);
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    let magnitude = low.abs().max(high.abs());
    if high - low > FLAT * magnitude {
        high - low
    } else if magnitude.is_finite() {
        magnitude
    } else {
        0.0
    }
}

fn root_mean_square(times: &[f64], reference: &[f64], other: &[f64]) -> f64 {
    let squared = |(&reference, &other): (&f64, &f64)| {
        let distance = distance(reference, other);
        distance * distance
    };
    let squared: Vec<f64> = reference.iter().zip(other).map(squared).collect();
    super::curve::mean(times, &squared).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn two_undefined_numbers_agree_and_one_alone_never_does() {
        let excess =
            |reference, value| Allowance::Relative(0.5).excess(Change { reference, value });
        assert_eq!(excess(NAN, NAN), 0.0);
        assert_eq!(excess(NAN, 1.0), f64::INFINITY);
        assert_eq!(excess(1.0, NAN), f64::INFINITY);
    }

    #[test]
    fn from_zero_no_share_is_far_enough_but_a_distance_may_be() {
        let change = Change {
            reference: 0.0,
            value: 1.0,
        };
        assert_eq!(Allowance::Relative(0.05).excess(change), f64::INFINITY);
        assert_eq!(Allowance::Absolute(2.0).excess(change), 0.5);
        let same = Change {
            reference: 0.0,
            value: 0.0,
        };
        assert_eq!(Allowance::Relative(0.0).excess(same), 0.0);
    }

    #[test]
    fn curves_on_different_grids_are_compared_at_the_points_of_both() {
        // y = t² by two chords against one: they part most at the middle, by 1 − 2 = −1.
        let found = deviation(
            (&[0.0, 2.0], &[0.0, 4.0]),
            (&[0.0, 1.0, 2.0], &[0.0, 1.0, 4.0]),
        )
        .unwrap();
        assert_eq!((found.largest, found.at, found.scale), (-1.0, 1.0, 4.0));
        assert_eq!(found.relative(), -0.25);
    }

    #[test]
    fn only_the_time_that_both_share_counts() {
        let found = deviation((&[0.0, 10.0], &[0.0, 10.0]), (&[5.0, 20.0], &[5.0, 20.0])).unwrap();
        assert_eq!((found.largest, found.scale), (0.0, 5.0));
        assert_eq!(
            deviation((&[0.0, 1.0], &[0.0, 0.0]), (&[2.0, 3.0], &[0.0, 0.0])),
            None
        );
        assert_eq!(deviation((&[], &[]), (&[2.0], &[0.0])), None);
    }

    #[test]
    fn a_flat_reference_is_measured_by_its_size() {
        let found = deviation((&[0.0, 1.0], &[5.0, 5.0]), (&[0.0, 1.0], &[5.0, 5.5])).unwrap();
        assert_eq!((found.scale, found.relative()), (5.0, 0.1));
        let zero = deviation((&[0.0, 1.0], &[0.0, 0.0]), (&[0.0, 1.0], &[0.0, 0.5])).unwrap();
        assert_eq!(zero.relative(), f64::INFINITY);
        assert_eq!(Allowance::Relative(0.1).excess_of(&zero), f64::INFINITY);
        assert_eq!(Allowance::Absolute(1.0).excess_of(&zero), 0.5);
    }

    #[test]
    fn a_gap_in_one_curve_alone_is_an_infinite_difference() {
        let whole = (&[0.0, 1.0, 2.0][..], &[1.0, 2.0, 3.0][..]);
        let found = deviation(whole, (whole.0, &[1.0, NAN, 3.0])).unwrap();
        assert_eq!((found.largest, found.at), (f64::INFINITY, 1.0));
        let both = (whole.0, &[1.0, NAN, 3.0][..]);
        assert_eq!(deviation(both, both).unwrap().largest, 0.0);
    }

    #[test]
    fn the_mean_difference_is_weighted_by_time() {
        // 2 apart for nine tenths of the time, then closing: the trapezoids of the square are 9 · 4 and 1 · (4 + 0) / 2.
        let found = deviation(
            (&[0.0, 9.0, 10.0], &[0.0, 0.0, 0.0]),
            (&[0.0, 9.0, 10.0], &[2.0, 2.0, 0.0]),
        )
        .unwrap();
        assert!((found.rms - (38.0_f64 / 10.0).sqrt()).abs() < 1e-12);
    }
}
