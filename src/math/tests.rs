//! Errors against references of 60 digits, special values, and the same bits in every pack.

use super::*;

/// The largest error of `f` in units in the last place of the exact result, and where.
///
/// A line of the table: the argument (two for `pow`) and the double nearest to the result as bit patterns,
/// then what that double lacks in units of its last place.
fn worst(table: &str, f: impl Fn(&[f64]) -> f64) -> (f64, Vec<f64>) {
    let mut worst = (0.0, Vec::new());
    for line in table.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let (rest, numbers) = words.split_last().unwrap();
        let numbers: Vec<f64> = numbers
            .iter()
            .map(|word| f64::from_bits(u64::from_str_radix(word, 16).unwrap()))
            .collect();
        let (nearest, arguments) = numbers.split_last().unwrap();
        let rest: f64 = rest.parse().unwrap();
        let error = ((f(arguments) - nearest) / last_place(*nearest) - rest).abs();
        if error.is_nan() || error > worst.0 {
            worst = (
                if error.is_nan() { f64::INFINITY } else { error },
                arguments.to_vec(),
            );
        }
    }
    worst
}

fn last_place(x: f64) -> f64 {
    let exponent = ((x.abs().to_bits() >> 52) as i32 - 1075).max(-1074);
    if exponent >= -1022 {
        f64::from_bits(((exponent + 1023) as u64) << 52)
    } else {
        f64::from_bits(1 << (exponent + 1074))
    }
}

macro_rules! error_bounds {
    ($($test:ident: $f:ident, $bound:expr;)*) => {$(
        #[test]
        fn $test() {
            let table = include_str!(concat!("../../tests/golden/math/", stringify!($f), ".txt"));
            assert!(table.lines().count() >= 300, "the table is whole");
            let (error, at) = worst(table, |x| $f(x[0]));
            assert!(error <= $bound, "{} is off by {error} units at {at:?}", stringify!($f));
        }
    )*};
}

error_bounds! {
    exp_is_within_its_bound: exp, 1.0;
    ln_is_within_its_bound: ln, 1.0;
    log10_is_within_its_bound: log10, 1.0;
    sin_is_within_its_bound: sin, 1.0;
    cos_is_within_its_bound: cos, 1.0;
    tan_is_within_its_bound: tan, 2.0;
    asin_is_within_its_bound: asin, 2.0;
    acos_is_within_its_bound: acos, 2.0;
    atan_is_within_its_bound: atan, 1.0;
    sinh_is_within_its_bound: sinh, 2.0;
    cosh_is_within_its_bound: cosh, 2.0;
    tanh_is_within_its_bound: tanh, 2.0;
    asinh_is_within_its_bound: asinh, 2.0;
    acosh_is_within_its_bound: acosh, 2.0;
    atanh_is_within_its_bound: atanh, 2.0;
}

#[test]
fn pow_is_within_its_bound() {
    let table = include_str!("../../tests/golden/math/pow.txt");
    assert!(table.lines().count() >= 900, "the table is whole");
    let (error, at) = worst(table, |x| pow(x[0], x[1]));
    assert!(error <= 1.0, "pow is off by {error} units at {at:?}");
}
