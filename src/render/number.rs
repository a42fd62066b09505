//! Numbers for people.

/// `value` to `digits` significant digits, without trailing zeros, for tables and messages.
///
/// Plain decimals from 0.0001 up to a million, `1.2e-7` beyond; `–` for NaN, `∞` for infinity, never `-0`.
/// Integers below a million are written in full even when they have more digits than asked.
/// ```
/// # use insilin::render::number::significant;
/// assert_eq!(significant(157.3846, 4), "157.4");
/// assert_eq!(significant(66.0, 4), "66");
/// assert_eq!(significant(123456.7, 4), "123457"); // no false zeros
/// assert_eq!(significant(1.5e-9, 4), "1.5e-9");
/// assert_eq!(significant(f64::NAN, 4), "–");
/// ```
pub fn significant(value: f64, digits: usize) -> String {
    let Some((mantissa, exponent)) = rounded(value, digits) else {
        return not_finite(value);
    };
    if (-4..6).contains(&exponent) {
        let decimals = usize::try_from(digits as i32 - 1 - exponent).unwrap_or(0);
        trimmed(&format!("{value:.decimals$}"))
    } else {
        format!("{}e{exponent}", trimmed(&mantissa))
    }
}

/// Exponent of the leading digit of `value` rounded to 15 digits: 2 for 157.4, −3 for 0.001; 0 for 0 and what is not finite.
/// ```
/// # use insilin::render::number::decade;
/// assert_eq!((decade(999.0), decade(1000.0), decade(-0.02)), (2, 3, -2));
/// ```
pub fn decade(value: f64) -> i32 {
    rounded(value, 15).map_or(0, |(_, exponent)| exponent)
}

/// Mantissa as text and exponent after rounding to `digits`; `None` when not finite.
fn rounded(value: f64, digits: usize) -> Option<(String, i32)> {
    if !value.is_finite() {
        return None;
    }
    let decimals = digits.saturating_sub(1);
    let text = format!("{value:.decimals$e}");
    let (mantissa, exponent) = text.split_once('e').expect("the `e` format has an `e`");
    Some((
        mantissa.into(),
        exponent.parse().expect("the exponent is an integer"),
    ))
}

fn not_finite(value: f64) -> String {
    let text = if value.is_nan() {
        "–"
    } else if value > 0.0 {
        "∞"
    } else {
        "-∞"
    };
    text.into()
}

/// Without trailing zeros after the point, and without the sign of zero.
fn trimmed(text: &str) -> String {
    let text = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    };
    if text == "-0" {
        "0".into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_magnitudes_have_no_exponent() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (91.76, "91.76"),
            (0.012345, "0.01235"),
            (0.00012, "0.00012"),
            (999.96, "1000"),
            (12345.6, "12346"),
            (-254.26, "-254.3"),
            (100.0, "100"),
        ];
        for (value, text) in cases {
            assert_eq!(significant(value, 4), text, "{value}");
        }
    }

    #[test]
    fn extreme_magnitudes_have_one() {
        assert_eq!(significant(1e12, 4), "1e12");
        assert_eq!(significant(-6.02214e23, 4), "-6.022e23");
        assert_eq!(significant(1e-300, 4), "1e-300");
        assert_eq!(significant(f64::NEG_INFINITY, 4), "-∞");
    }
}
