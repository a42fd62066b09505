//! Where a function known at five even points seems to pass through zero and come back between two of them.

/// Points of a window.
pub(super) const POINTS: usize = 5;

/// Dips of one function in one window, at most: a polynomial of degree 4 has three extrema.
pub(super) const MOST: usize = 3;

/// An extremum that stays this share of the function's range away from zero is looked at all the same: the function is
/// no polynomial (chosen by feel; a look costs one evaluation).
const NEAR: f64 = 0.02;

/// The polynomial through five even points leaves the range of its values by less than this share of it: half of the
/// largest value of the sum of |Lagrange polynomials|, 2.208, less a half.
const OVERSHOOT: f64 = 0.61;

/// Halvings of an interval in search of an extremum: the place is known to 1e-12 of the window, and the value there, flat
/// as it is, to the last place.
const HALVINGS: usize = 40;

/// Adds the places, as shares of the window, of the extrema of the polynomial through `values` that reach zero, or nearly,
/// between two values of one sign.
pub(super) fn find(values: &[f64; POINTS], places: &mut Vec<f64>) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let range = high - low;
    // No numbers, nothing that moves, or too far off.
    if !(range > 0.0 && range.is_finite()) || low.max(-high) > OVERSHOOT * range {
        return;
    }
    let polynomial = through(values);
    let slope = derived(&polynomial);
    let mut from = 0.0;
    let ends = [turns(&slope), [Some((POINTS - 1) as f64), None]];
    for to in ends.as_flattened().iter().flatten().copied() {
        if let Some(s) = zero(&slope, from, to) {
            let before = values[(s as usize).min(POINTS - 2)];
            let after = values[(s as usize).min(POINTS - 2) + 1];
            let reach = value(&polynomial, s) * before.signum();
            if before * after > 0.0 && reach <= NEAR * range {
                places.push(s / (POINTS - 1) as f64);
            }
        }
        from = to;
    }
}

/// Coefficients, constant first, of the polynomial with these values at 0, 1, 2, 3, 4.
fn through(values: &[f64; POINTS]) -> [f64; POINTS] {
    let [a, b, c, d, e] = *values;
    // Newton's forward differences, multiplied out.
    let first = b - a;
    let second = c - 2.0 * b + a;
    let third = d - 3.0 * c + 3.0 * b - a;
    let fourth = e - 4.0 * d + 6.0 * c - 4.0 * b + a;
    [
        a,
        first - second / 2.0 + third / 3.0 - fourth / 4.0,
        second / 2.0 - third / 2.0 + 11.0 * fourth / 24.0,
        third / 6.0 - fourth / 4.0,
        fourth / 24.0,
    ]
}

fn derived(c: &[f64; POINTS]) -> [f64; 4] {
    [c[1], 2.0 * c[2], 3.0 * c[3], 4.0 * c[4]]
}

/// Horner's rule, constant first.
fn value(coefficients: &[f64], s: f64) -> f64 {
    let from_highest = coefficients.iter().rev();
    from_highest.fold(0.0, |sum, coefficient| sum * s + coefficient)
}

/// Where a polynomial of degree 3 turns within the window, rising.
fn turns(c: &[f64; 4]) -> [Option<f64>; 2] {
    // 3 c3 s² + 2 c2 s + c1 = 0, by the form that loses no digits.
    let (a, b, c) = (3.0 * c[3], c[2], c[1]);
    let root = (b * b - a * c).sqrt();
    if root.is_nan() {
        return [None, None];
    }
    let q = -(b + root.copysign(b));
    let (one, other) = (q / a, c / q);
    let inside = |s: f64| (0.0 < s && s < (POINTS - 1) as f64).then_some(s);
    let (one, other) = (inside(one), inside(other));
    match (one, other) {
        (Some(first), Some(second)) if first > second => [other, one],
        _ => [one, other],
    }
}

/// The zero of a polynomial that rises or falls throughout `[from, to]`.
fn zero(c: &[f64], mut from: f64, mut to: f64) -> Option<f64> {
    let sign = value(c, from).signum();
    if value(c, to) * sign >= 0.0 {
        return None;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (from + to);
        if value(c, middle) * sign > 0.0 {
            from = middle;
        } else {
            to = middle;
        }
    }
    Some(0.5 * (from + to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(g: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut places = Vec::new();
        find(&std::array::from_fn(|at| g(at as f64 / 4.0)), &mut places);
        places
    }

    #[test]
    fn the_polynomial_has_the_values_that_it_was_made_from() {
        let values = [3.0, -1.0, 4.0, 1.0, -5.0];
        let polynomial = through(&values);
        for (at, expected) in values.into_iter().enumerate() {
            assert!((value(&polynomial, at as f64) - expected).abs() < 1e-12);
        }
    }

    #[test]
    fn dips_of_a_polynomial_of_degree_four_are_found_where_they_are() {
        // Minima at 0.1 and 0.9, both just below zero, between values above it.
        let g = |t: f64| (t - 0.1) * (t - 0.1) * (t - 0.9) * (t - 0.9) - 1e-9;
        let places = found(g);
        assert_eq!(places.len(), 2, "{places:?}");
        assert!((places[0] - 0.1).abs() < 1e-8 && (places[1] - 0.9).abs() < 1e-8);
        assert_eq!(found(|t| -g(t)), places);
    }

    #[test]
    fn what_stays_away_from_zero_or_crosses_it_plainly_is_no_dip() {
        assert!(found(|t| 1.0 + t * t).is_empty());
        assert!(found(|t| t - 0.4).is_empty());
        assert!(found(|_| 2.0).is_empty());
        assert!(found(|t| if t < 0.5 { f64::NAN } else { 1.0 }).is_empty());
        assert!(found(|t| (t - 0.3) * (t - 0.3) + 0.2).is_empty());
    }
}
