//! Where an axis has its ticks and what they say.

use super::number::decade;

/// A tick: where, and what stands there (empty for a minor tick).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// Position, in the unit of the axis.
    pub at: f64,
    /// Text; empty for a minor tick.
    pub label: String,
}

/// Steps that read well below one decade: 1, 2, 2.5, 5.
const DECIMAL: [f64; 4] = [1.0, 2.0, 2.5, 5.0];
/// Steps for minutes and seconds.
const SIXTIETHS: [f64; 14] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 180.0, 240.0, 360.0, 720.0, 1440.0,
];
/// Steps for hours.
const HOURS: [f64; 11] = [1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 48.0, 72.0, 96.0, 168.0];
/// Steps for days.
const DAYS: [f64; 8] = [1.0, 2.0, 7.0, 14.0, 28.0, 56.0, 84.0, 182.0];
/// Steps for weeks.
const WEEKS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 13.0, 26.0, 52.0, 104.0, 208.0];
/// Steps of a clock, in hours.
const CLOCK: [f64; 10] = [0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0];

/// Smallest readable step that puts at most `most` intervals on a span; follows the clock for units of time.
pub(super) fn step(span: f64, most: usize, unit: &str) -> f64 {
    let least = span / most.max(1) as f64;
    let clock: &[f64] = match unit {
        "min" | "s" => &SIXTIETHS,
        "h" => &HOURS,
        "d" | "day" | "days" => &DAYS,
        "weeks" => &WEEKS,
        _ => &[],
    };
    if least > 0.5
        && let Some(step) = clock.iter().find(|&&step| step >= least)
    {
        return *step;
    }
    let unit = ten_to(decade(least));
    // A hair of slack: a span that is meant to be a whole number of steps may be a rounding error longer.
    let fits = |factor: &&f64| **factor * unit >= least * (1.0 - 1e-9);
    DECIMAL.iter().find(fits).copied().unwrap_or(10.0) * unit
}

/// Ticks of a linear axis from `low` to `high` at multiples of `step`.
pub(super) fn linear(low: f64, high: f64, step: f64) -> Vec<Tick> {
    let slack = 1e-6 * step;
    let first = ((low - slack) / step).ceil();
    let count = (((high + slack) / step).floor() - first).clamp(-1.0, 1000.0) as i64;
    // Multiples of the step, never sums of it: no 0.30000000000000004, no 1e-17 for zero.
    let at: Vec<f64> = (0..=count).map(|i| (first + i as f64) * step).collect();
    let labels = linear_labels(&at, step);
    at.into_iter()
        .zip(labels)
        .map(|(at, label)| Tick { at, label })
        .collect()
}

/// Ticks of a clock from `low` to `high` hours after a midnight, with at most `most` intervals: `06:00`.
pub(super) fn clock(low: f64, high: f64, most: usize) -> Vec<Tick> {
    let least = (high - low) / most.max(1) as f64;
    let longest = CLOCK[CLOCK.len() - 1] * (least / 24.0).ceil().max(1.0);
    let step = CLOCK.iter().find(|&&step| step >= least * (1.0 - 1e-9));
    let mut ticks = linear(low, high, step.copied().unwrap_or(longest));
    for tick in &mut ticks {
        let minutes = (tick.at * 60.0).round().rem_euclid(1440.0) as u32;
        tick.label = format!("{:02}:{:02}", minutes / 60, minutes % 60);
    }
    ticks
}

fn linear_labels(at: &[f64], step: f64) -> Vec<String> {
    let largest = at
        .iter()
        .fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let exponent = decade(largest);
    if largest == 0.0 || (-3..6).contains(&exponent) {
        let decimals = decimals_of(step);
        return at.iter().map(|&value| fixed(value, decimals)).collect();
    }
    let unit = ten_to(exponent);
    let decimals = decimals_of(step / unit);
    let label = |&value: &f64| match value {
        0.0 => "0".to_string(),
        _ => format!(
            "{}×{}",
            fixed(value / unit, decimals),
            power_of_ten(exponent)
        ),
    };
    at.iter().map(label).collect()
}

/// Decimals that tell neighbours at this step apart: 2 for 0.25.
fn decimals_of(step: f64) -> usize {
    let text = format!("{step:.3e}");
    let (mantissa, exponent) = text.split_once('e').expect("the `e` format has an `e`");
    let exponent: i32 = exponent.parse().expect("the exponent is an integer");
    let digits = mantissa
        .trim_end_matches('0')
        .trim_end_matches('.')
        .len()
        .saturating_sub(2);
    usize::try_from(digits as i32 - exponent)
        .unwrap_or(0)
        .min(12)
}

/// Ticks of a logarithmic axis, `0 < low < high`, with at most about `most` labels; minor ticks at 2…9 where they fit.
pub(super) fn logarithmic(low: f64, high: f64, most: usize) -> Vec<Tick> {
    let (first, last) = (decade(low), decade(high));
    let decades = usize::try_from(last - first).unwrap_or(0) + 1;
    let every = decades.div_ceil(most.max(1)).max(1) as i32;
    // Within two decades the powers of ten alone are too few to read from.
    let narrow = decades <= 2 || high < 80.0 * low;
    let labelled: &[i32] = if narrow && most > 4 { &[1, 2, 5] } else { &[1] };
    let plain = (-4..=4).contains(&first) && (-4..=4).contains(&last);
    let mut ticks = Vec::new();
    for exponent in first..=last {
        for factor in 1..10 {
            let at = format!("{factor}e{exponent}")
                .parse()
                .expect("a digit, `e` and an integer are a number");
            let major = labelled.contains(&factor) && (exponent - first).rem_euclid(every) == 0;
            // Just outside by rounding still counts: the ends of a range are often powers of ten.
            if at < low * (1.0 - 1e-9)
                || at > high * (1.0 + 1e-9)
                || !(major || every == 1 && decades <= 8)
            {
                continue;
            }
            let label = if major {
                log_label(factor, exponent, plain)
            } else {
                String::new()
            };
            ticks.push(Tick { at, label });
        }
    }
    ticks
}

fn log_label(factor: i32, exponent: i32, plain: bool) -> String {
    match (plain, factor) {
        (true, _) => fixed(
            f64::from(factor) * ten_to(exponent),
            usize::try_from(-exponent).unwrap_or(0),
        ),
        (false, 1) => power_of_ten(exponent),
        (false, _) => format!("{factor}×{}", power_of_ten(exponent)),
    }
}

/// 10 to the power of `exponent`, correctly rounded.
pub(super) fn ten_to(exponent: i32) -> f64 {
    format!("1e{exponent}")
        .parse()
        .expect("digits after an `e` are a number")
}

/// `value` with exactly `decimals` decimals, a real minus sign, and never `−0`: for axes.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().any(|c| c.is_ascii_digit() && c != '0') => {
            format!("−{digits}")
        }
        Some(digits) => digits.into(),
        None => text,
    }
}

/// `10ⁿ` in superscript digits.
pub(super) fn power_of_ten(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let raise = |c: char| c.to_digit(10).map_or('⁻', |digit| DIGITS[digit as usize]);
    format!(
        "10{}",
        exponent.to_string().chars().map(raise).collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, most: usize, unit: &str) -> Vec<String> {
        linear(low, high, step(high - low, most, unit))
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    #[test]
    fn linear_axes_read_as_people_write_them() {
        let cases: [(f64, f64, usize, &str, &[&str]); 9] = [
            (0.0, 200.0, 5, "mg/dL", &["0", "50", "100", "150", "200"]),
            (
                0.0,
                420.0,
                8,
                "min",
                &["0", "60", "120", "180", "240", "300", "360", "420"],
            ),
            (
                0.0,
                24.0,
                9,
                "h",
                &["0", "3", "6", "9", "12", "15", "18", "21", "24"],
            ),
            (
                0.0,
                84.0,
                7,
                "d",
                &["0", "14", "28", "42", "56", "70", "84"],
            ),
            (0.0, 0.3, 3, "", &["0.0", "0.1", "0.2", "0.3"]),
            (-1.0, 1.0, 4, "", &["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
            (0.0, 1.0, 4, "", &["0.00", "0.25", "0.50", "0.75", "1.00"]),
            (
                0.0,
                2e12,
                4,
                "",
                &["0", "0.5×10¹²", "1.0×10¹²", "1.5×10¹²", "2.0×10¹²"],
            ),
            (0.0, 3e-12, 3, "", &["0", "1×10⁻¹²", "2×10⁻¹²", "3×10⁻¹²"]),
        ];
        for (low, high, most, unit, expected) in cases {
            assert_eq!(labels(low, high, most, unit), expected, "{low} to {high}");
        }
    }

    #[test]
    fn a_clock_reads_as_clocks_do() {
        let labels = |low, high, most| -> Vec<String> {
            let ticks = clock(low, high, most).into_iter();
            ticks.map(|tick| tick.label).collect()
        };
        assert_eq!(
            labels(0.0, 24.0, 6),
            [
                "00:00", "04:00", "08:00", "12:00", "16:00", "20:00", "00:00"
            ]
        );
        assert_eq!(
            labels(6.0, 30.0, 4),
            ["06:00", "12:00", "18:00", "00:00", "06:00"]
        );
        assert_eq!(labels(12.2, 13.1, 4), ["12:15", "12:30", "12:45", "13:00"]);
        assert_eq!(labels(0.0, 72.0, 3).len(), 4);
    }

    #[test]
    fn zero_is_exactly_zero_on_an_axis_that_crosses_it() {
        assert!(
            linear(-0.3, 0.3, 0.1)
                .iter()
                .any(|tick| tick.at == 0.0 && tick.label == "0.0")
        );
    }

    #[test]
    fn a_dose_axis_has_plain_powers_of_ten_and_minor_ticks() {
        let ticks = logarithmic(1e-3, 1e2, 8);
        let labels: Vec<&str> = ticks
            .iter()
            .map(|t| t.label.as_str())
            .filter(|label| !label.is_empty())
            .collect();
        assert_eq!(labels, ["0.001", "0.01", "0.1", "1", "10", "100"]);
        assert_eq!(ticks.len(), 5 * 9 + 1);
    }

    #[test]
    fn a_wide_dose_axis_is_thinned() {
        let labels: Vec<String> = logarithmic(1e-12, 1e12, 6)
            .into_iter()
            .map(|tick| tick.label)
            .collect();
        assert_eq!(labels, ["10⁻¹²", "10⁻⁷", "10⁻²", "10³", "10⁸"]);
    }

    #[test]
    fn a_narrow_dose_axis_labels_two_and_five() {
        let labels: Vec<String> = logarithmic(1.0, 20.0, 6)
            .into_iter()
            .map(|t| t.label)
            .filter(|label| !label.is_empty())
            .collect();
        assert_eq!(labels, ["1", "2", "5", "10", "20"]);
    }

    #[test]
    fn axis_numbers_have_a_real_minus_and_no_negative_zero() {
        assert_eq!(fixed(-0.25, 2), "−0.25");
        assert_eq!(fixed(-0.0001, 2), "0.00");
        assert_eq!(power_of_ten(-12), "10⁻¹²");
    }
}
