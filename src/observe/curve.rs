//! Numbers from one curve: its points joined by straight lines.
//!
//! Every function takes `time` (ascending; equal neighbours are a jump) and `values` of the same length, and returns NaN
//! where the answer is not defined or a value that it needs is not finite. Extremes are those of the points: a peak
//! between two points is not guessed, so its error is set by the observation grid.

/// First value, in the unit of the values: the fasting value of a run that starts after a fast.
pub fn initial(values: &[f64]) -> f64 {
    finite(values.first().copied())
}

/// Last value, in the unit of the values.
pub fn last(values: &[f64]) -> f64 {
    finite(values.last().copied())
}

/// Largest value of the points, in the unit of the values.
pub fn peak(values: &[f64]) -> f64 {
    index_of_peak(values).map_or(f64::NAN, |index| values[index])
}

/// Smallest value of the points, in the unit of the values.
pub fn minimum(values: &[f64]) -> f64 {
    index_of_minimum(values).map_or(f64::NAN, |index| values[index])
}

/// Time from the first point to the first of the largest values, in the unit of time.
pub fn time_to_peak(time: &[f64], values: &[f64]) -> f64 {
    index_of_peak(values).map_or(f64::NAN, |index| time[index] - time[0])
}

/// Time from the first point to the first of the smallest values, in the unit of time.
pub fn time_of_minimum(time: &[f64], values: &[f64]) -> f64 {
    index_of_minimum(values).map_or(f64::NAN, |index| time[index] - time[0])
}

/// Value at time `at` on the line between the points beside it, in the unit of the values.
///
/// At a jump the value after it, as intervals are `[from, to)`. NaN outside the run.
/// ```
/// # use insilin::observe::curve::value_at;
/// assert_eq!(value_at(&[0.0, 10.0], &[90.0, 100.0], 2.5), 92.5);
/// assert!(value_at(&[0.0, 10.0], &[90.0, 100.0], 11.0).is_nan());
/// ```
pub fn value_at(time: &[f64], values: &[f64], at: f64) -> f64 {
    // The first time past `at`: everything before it is ≤ `at`, so the point before it is the last one at a jump.
    let after = time.partition_point(|&t| t <= at);
    if after == 0 || at.is_nan() {
        return f64::NAN;
    }
    let before = after - 1;
    if time[before] == at {
        return finite(Some(values[before]));
    }
    if after == time.len() {
        return f64::NAN;
    }
    let share = (at - time[before]) / (time[after] - time[before]);
    finite(Some(
        values[before] + share * (values[after] - values[before]),
    ))
}

/// Area between the curve and zero by trapezoids, negative below zero; unit of the values × unit of time.
/// ```
/// # use insilin::observe::curve::auc;
/// assert_eq!(auc(&[0.0, 1.0, 3.0], &[0.0, 2.0, 2.0]), 5.0); // a triangle of 1 and a rectangle of 4
/// ```
pub fn auc(time: &[f64], values: &[f64]) -> f64 {
    if time.is_empty() || !all_finite(values) {
        return f64::NAN;
    }
    segments(time, values)
        .map(|s| 0.5 * (s.start + s.end) * s.width)
        .sum()
}

/// Incremental area: the area above the first value, parts below it left out; unit of the values × unit of time.
///
/// Where the line crosses the first value, only the part above counts (a triangle).
/// Source: Wolever et al. 1991, American Journal of Clinical Nutrition 54:846–854.
/// ```
/// # use insilin::observe::curve::{iauc, net_iauc};
/// let (time, glucose) = ([0.0, 10.0, 20.0, 30.0], [5.0, 7.0, 3.0, 5.0]);
/// assert_eq!(iauc(&time, &glucose), 15.0); // a triangle 15 wide and 2 high
/// assert_eq!(net_iauc(&time, &glucose), 0.0); // the dip below takes it all back
/// ```
pub fn iauc(time: &[f64], values: &[f64]) -> f64 {
    if time.is_empty() || !all_finite(values) {
        return f64::NAN;
    }
    segments(time, values)
        .map(|s| s.area_above(values[0]))
        .sum()
}

/// Net incremental area: the area above the first value less the area below it; unit of the values × unit of time.
pub fn net_iauc(time: &[f64], values: &[f64]) -> f64 {
    let (Some(first), Some(end)) = (time.first(), time.last()) else {
        return f64::NAN;
    };
    auc(time, values) - values[0] * (end - first)
}

/// Mean over time (area ÷ duration, not the mean of the points), in the unit of the values.
///
/// For a run without duration, the value itself when there is one point, else NaN.
pub fn mean(time: &[f64], values: &[f64]) -> f64 {
    let (Some(first), Some(end)) = (time.first(), time.last()) else {
        return f64::NAN;
    };
    match values {
        [only] => finite(Some(*only)),
        _ if end > first => auc(time, values) / (end - first),
        _ => f64::NAN,
    }
}

/// Time from the first point until the curve first reaches half of its rise, on the line between points; unit of time.
///
/// The rise goes from the first value to the peak; NaN for a curve that never rises above its first value.
/// ```
/// # use insilin::observe::curve::half_rise;
/// assert_eq!(half_rise(&[0.0, 10.0, 20.0], &[1.0, 2.0, 4.0]), 12.5); // 2.5 is a quarter of the way from 2 to 4
/// ```
pub fn half_rise(time: &[f64], values: &[f64]) -> f64 {
    let top = peak(values);
    // A peak that is NaN compares false, so a series without an answer leaves here too.
    if top.partial_cmp(&initial(values)) != Some(std::cmp::Ordering::Greater) {
        return f64::NAN;
    }
    let half = values[0] + 0.5 * (top - values[0]);
    let reached = values
        .iter()
        .position(|&value| value >= half)
        .expect("the peak lies above half of the rise");
    let (t0, t1, y0, y1) = (
        time[reached - 1],
        time[reached],
        values[reached - 1],
        values[reached],
    );
    t0 + (t1 - t0) * ((half - y0) / (y1 - y0)) - time[0]
}

/// Total time that the curve spends above `threshold` (in the unit of the values), in the unit of time.
/// ```
/// # use insilin::observe::curve::duration_above;
/// assert_eq!(duration_above(&[0.0, 10.0, 20.0], &[6.0, 10.0, 6.0], 8.0), 10.0);
/// ```
pub fn duration_above(time: &[f64], values: &[f64], threshold: f64) -> f64 {
    if time.is_empty() || threshold.is_nan() || !all_finite(values) {
        return f64::NAN;
    }
    segments(time, values)
        .map(|s| s.time_above(threshold))
        .sum()
}

/// Total time that the curve spends below `threshold` (in the unit of the values), in the unit of time.
pub fn duration_below(time: &[f64], values: &[f64], threshold: f64) -> f64 {
    let mirrored: Vec<f64> = values.iter().map(|value| -value).collect();
    duration_above(time, &mirrored, -threshold)
}

/// A straight piece between two neighbouring points.
struct Segment {
    width: f64,
    start: f64,
    end: f64,
}

impl Segment {
    fn area_above(&self, level: f64) -> f64 {
        let (a, b) = (self.start - level, self.end - level);
        if a >= 0.0 && b >= 0.0 {
            0.5 * (a + b) * self.width
        } else {
            // At most one end is above: a triangle over the part that is.
            0.5 * a.max(b).max(0.0) * self.time_above(level)
        }
    }

    fn time_above(&self, level: f64) -> f64 {
        let (a, b) = (self.start - level, self.end - level);
        if a.min(b) >= 0.0 && a.max(b) > 0.0 {
            self.width
        } else if a <= 0.0 && b <= 0.0 {
            0.0
        } else {
            self.width * (a.max(b) / (a - b).abs())
        }
    }
}

fn segments<'a>(time: &'a [f64], values: &'a [f64]) -> impl Iterator<Item = Segment> + 'a {
    time.windows(2)
        .zip(values.windows(2))
        .map(|(t, y)| Segment {
            width: t[1] - t[0],
            start: y[0],
            end: y[1],
        })
}

fn index_of_peak(values: &[f64]) -> Option<usize> {
    index_of_best(values, |candidate, best| candidate > best)
}

fn index_of_minimum(values: &[f64]) -> Option<usize> {
    index_of_best(values, |candidate, best| candidate < best)
}

/// First index that no other beats; `None` for an empty series or one with a value that is not finite.
fn index_of_best(values: &[f64], beats: impl Fn(f64, f64) -> bool) -> Option<usize> {
    if values.is_empty() || !all_finite(values) {
        return None;
    }
    Some((1..values.len()).fold(0, |best, i| {
        if beats(values[i], values[best]) {
            i
        } else {
            best
        }
    }))
}

fn all_finite(values: &[f64]) -> bool {
    values.iter().all(|value| value.is_finite())
}

fn finite(value: Option<f64>) -> f64 {
    value.filter(|value| value.is_finite()).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trapezoids_integrate_a_parabola_with_their_known_error() {
        // ∫₀¹ t² = 1/3; the trapezoid rule is above it by h²/6 exactly.
        let time: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
        let values: Vec<f64> = time.iter().map(|t| t * t).collect();
        assert!((auc(&time, &values) - (1.0 / 3.0 + 1e-4 / 6.0)).abs() < 1e-14);
    }

    #[test]
    fn incremental_area_counts_only_what_lies_above_the_first_value() {
        // Worked by hand: rise 0→4 (area 20), fall 4→-4 crosses at the middle (area 10), then below.
        let (time, values) = ([0.0, 10.0, 20.0, 30.0], [10.0, 14.0, 6.0, 6.0]);
        assert_eq!(iauc(&time, &values), 30.0);
        assert_eq!(net_iauc(&time, &values), 20.0 + 0.0 - 40.0);
    }

    #[test]
    fn a_jump_adds_no_area_and_gives_the_value_after_it() {
        let (time, values) = ([0.0, 10.0, 10.0, 20.0], [1.0, 1.0, 3.0, 3.0]);
        assert_eq!(auc(&time, &values), 40.0);
        assert_eq!(value_at(&time, &values, 10.0), 3.0);
        assert_eq!(half_rise(&time, &values), 10.0);
    }

    #[test]
    fn times_count_from_the_start_of_the_run() {
        let (time, values) = ([-30.0, 0.0, 30.0], [5.0, 9.0, 4.0]);
        assert_eq!(time_to_peak(&time, &values), 30.0);
        assert_eq!(time_of_minimum(&time, &values), 60.0);
    }

    #[test]
    fn the_first_of_equal_peaks_counts() {
        assert_eq!(time_to_peak(&[0.0, 1.0, 2.0], &[1.0, 2.0, 2.0]), 1.0);
    }

    #[test]
    fn the_mean_weighs_by_time_not_by_points() {
        assert_eq!(mean(&[0.0, 1.0, 10.0], &[0.0, 10.0, 10.0]), 9.5);
        assert_eq!(mean(&[3.0], &[7.0]), 7.0);
    }

    #[test]
    fn time_above_and_below_a_threshold_share_the_run() {
        let (time, values) = ([0.0, 10.0, 40.0], [4.0, 8.0, 2.0]);
        assert_eq!(duration_above(&time, &values, 5.0), 7.5 + 15.0);
        assert_eq!(duration_below(&time, &values, 5.0), 2.5 + 15.0);
        assert_eq!(duration_above(&time, &values, 8.0), 0.0);
    }

    #[test]
    fn a_curve_that_only_falls_has_no_half_rise() {
        assert!(half_rise(&[0.0, 1.0], &[2.0, 1.0]).is_nan());
        assert!(half_rise(&[0.0, 1.0], &[2.0, 2.0]).is_nan());
    }

    #[test]
    fn nan_spoils_only_the_metrics_that_need_it() {
        let (time, values) = ([0.0, 1.0, 2.0, 3.0], [1.0, f64::NAN, 3.0, 5.0]);
        assert_eq!(initial(&values), 1.0);
        assert_eq!(value_at(&time, &values, 2.5), 4.0);
        assert!(value_at(&time, &values, 0.5).is_nan());
        for spoilt in [
            peak(&values),
            minimum(&values),
            auc(&time, &values),
            iauc(&time, &values),
        ] {
            assert!(spoilt.is_nan());
        }
        for spoilt in [
            mean(&time, &values),
            half_rise(&time, &values),
            duration_above(&time, &values, 2.0),
        ] {
            assert!(spoilt.is_nan());
        }
        assert!(peak(&[1.0, f64::INFINITY]).is_nan());
    }

    #[test]
    fn a_series_without_points_has_no_metric() {
        assert!(auc(&[], &[]).is_nan() && mean(&[], &[]).is_nan() && net_iauc(&[], &[]).is_nan());
        assert!(initial(&[]).is_nan() && peak(&[]).is_nan() && value_at(&[], &[], 0.0).is_nan());
    }
}
