//! A long curve day by day.

use super::curve;

/// One day of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    /// Its part of the curve: from here, in the unit of time.
    pub from: f64,
    /// To here, in the unit of time.
    pub to: f64,
    /// Mean over that time, in the unit of the values.
    pub mean: f64,
    /// Lower end of the spread, in the unit of the values.
    pub low: f64,
    /// Upper end of the spread, in the unit of the values.
    pub high: f64,
}

/// What the spread of a day is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DaySpread {
    /// Smallest and largest value.
    Extremes,
    /// Values that the curve lies below for these percentages of the time, the lower first, each within 0 … 100.
    Percentiles(f64, f64),
}

/// The days of a curve with straight lines between its samples.
///
/// * `time` — ascending; equal neighbours are a jump
/// * `values` — one per time
/// * `midnight` — the time of any midnight, in the unit of `time`
/// * `day` — length of a day in that unit, > 0
///
/// The first and the last day may be cut; those of which less than half was seen are left out, unless no other is there.
/// A day with a value that is not finite has a mean that is not either.
pub fn days(time: &[f64], values: &[f64], midnight: f64, day: f64, spread: DaySpread) -> Vec<Day> {
    let (Some(&first), Some(&last)) = (time.first(), time.last()) else {
        return Vec::new();
    };
    let start = ((first - midnight) / day).floor();
    let count = ((last - midnight) / day - start).ceil().max(0.0) as usize;
    let parts = (0..count).map(|index| {
        let from = midnight + day * (start + index as f64);
        one(
            time,
            values,
            (from.max(first), (from + day).min(last)),
            spread,
        )
    });
    let all: Vec<Day> = parts.collect();
    let whole = |seen: &Day| seen.to - seen.from >= 0.5 * day;
    if all.iter().any(whole) {
        all.into_iter().filter(whole).collect()
    } else {
        all
    }
}

fn one(time: &[f64], values: &[f64], (from, to): (f64, f64), spread: DaySpread) -> Day {
    let (time, values) = within(time, values, from, to);
    let (low, high) = match spread {
        DaySpread::Extremes => (curve::minimum(&values), curve::peak(&values)),
        DaySpread::Percentiles(low, high) => (
            percentile(&time, &values, low),
            percentile(&time, &values, high),
        ),
    };
    Day {
        from,
        to,
        mean: curve::mean(&time, &values),
        low,
        high,
    }
}

/// The part of the curve from `from` to `to`, its ends on the lines between samples.
fn within(time: &[f64], values: &[f64], from: f64, to: f64) -> (Vec<f64>, Vec<f64>) {
    let first = time.partition_point(|&t| t < from);
    let last = time.partition_point(|&t| t <= to);
    let (mut times, mut cut) = (Vec::new(), Vec::new());
    if time.get(first) != Some(&from) {
        times.push(from);
        cut.push(curve::value_at(time, values, from));
    }
    times.extend_from_slice(&time[first..last]);
    cut.extend_from_slice(&values[first..last]);
    if times.last() != Some(&to) {
        times.push(to);
        cut.push(curve::value_at(time, values, to));
    }
    (times, cut)
}

/// The value that the curve lies below for `percent` of its time.
fn percentile(time: &[f64], values: &[f64], percent: f64) -> f64 {
    let length = time[time.len() - 1] - time[0];
    let (mut low, mut high) = (curve::minimum(values), curve::peak(values));
    // Halved until what is left is far less than a pixel.
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if curve::duration_below(time, values, middle) < 0.01 * percent * length {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From 0 to 24 within a day, in hours, for three days.
    fn saw() -> (Vec<f64>, Vec<f64>) {
        let time = vec![0.0, 24.0, 24.0, 48.0, 48.0, 72.0];
        (time, vec![0.0, 24.0, 0.0, 24.0, 0.0, 24.0])
    }

    #[test]
    fn a_straight_rise_has_its_middle_as_mean_and_its_shares_as_percentiles() {
        let (time, values) = saw();
        let found = days(
            &time[..2],
            &values[..2],
            0.0,
            24.0,
            DaySpread::Percentiles(10.0, 75.0),
        );
        assert_eq!(found.len(), 1);
        let day = found[0];
        assert!((day.mean - 12.0).abs() < 1e-12);
        assert!((day.low - 2.4).abs() < 1e-9, "{}", day.low);
        assert!((day.high - 18.0).abs() < 1e-9, "{}", day.high);
    }

    #[test]
    fn days_are_cut_at_midnight_wherever_the_samples_lie() {
        let time: Vec<f64> = (0..=100).map(f64::from).collect();
        let found = days(&time, &time, -10.0, 24.0, DaySpread::Extremes);
        // Midnights at -10, 14, 38, 62, 86: the first 14 h and the last 14 h are more than half of a day.
        let ends: Vec<(f64, f64)> = found.iter().map(|day| (day.low, day.high)).collect();
        assert_eq!(
            ends,
            [
                (0.0, 14.0),
                (14.0, 38.0),
                (38.0, 62.0),
                (62.0, 86.0),
                (86.0, 100.0)
            ]
        );
        assert!(
            found
                .iter()
                .all(|day| (day.mean - 0.5 * (day.from + day.to)).abs() < 1e-9)
        );
    }

    #[test]
    fn a_day_of_which_little_was_seen_is_left_out() {
        let time: Vec<f64> = (0..=49).map(f64::from).collect();
        assert_eq!(days(&time, &time, 0.0, 24.0, DaySpread::Extremes).len(), 2);
        assert_eq!(
            days(&time[..5], &time[..5], 0.0, 24.0, DaySpread::Extremes).len(),
            1
        );
        assert_eq!(days(&[], &[], 0.0, 24.0, DaySpread::Extremes), []);
    }
}
