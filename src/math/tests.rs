//! Errors against references of 60 digits, special values, and the same bits in every pack.

use super::testing::{Numbers, check_lane_type, same};
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
    tan_is_within_its_bound: tan, 3.0;
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

#[test]
fn pow_has_the_special_values_of_ieee_754() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    let cases = [
        (NAN, 0.0, 1.0),
        (NAN, -0.0, 1.0),
        (1.0, NAN, 1.0),
        (-1.0, INF, 1.0),
        (-1.0, -INF, 1.0),
        (0.0, 3.0, 0.0),
        (-0.0, 3.0, -0.0),
        (-0.0, 4.0, 0.0),
        (-0.0, 0.5, 0.0),
        (0.0, -3.0, INF),
        (-0.0, -3.0, -INF),
        (-0.0, -4.0, INF),
        (-0.0, -0.5, INF),
        (-0.0, -INF, INF),
        (0.5, INF, 0.0),
        (0.5, -INF, INF),
        (-2.0, INF, INF),
        (-2.0, -INF, 0.0),
        (INF, 0.5, INF),
        (INF, -0.5, 0.0),
        (-INF, 3.0, -INF),
        (-INF, 2.5, INF),
        (-INF, -3.0, -0.0),
        (-INF, -2.0, 0.0),
        (-2.0, 0.5, NAN),
        (-2.0, 3.0, -8.0),
        (-2.0, -1.0, -0.5),
        (2.0, 1e300, INF),
        (2.0, -1e300, 0.0),
        (NAN, 2.0, NAN),
        (2.0, NAN, NAN),
        (-1.0, 9_007_199_254_740_993.0, 1.0),
        (-1.0, 9_007_199_254_740_991.0, -1.0),
        (10.0, 22.0, 1e22),
        (3.0, 33.0, 5_559_060_566_555_523.0),
        (4.0, 0.5, 2.0),
    ];
    for (x, y, expected) in cases {
        assert!(
            same(pow(x, y), expected),
            "pow({x}, {y}) = {}, not {expected}",
            pow(x, y)
        );
    }
}

#[test]
fn special_arguments_have_their_special_values() {
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    type Case = (&'static str, fn(f64) -> f64, &'static [(f64, f64)]);
    let cases: &[Case] = &[
        (
            "exp",
            exp,
            &[
                (-INF, 0.0),
                (INF, INF),
                (NAN, NAN),
                (-746.0, 0.0),
                (709.8, INF),
                (-0.0, 1.0),
                (1e300, INF),
            ],
        ),
        (
            "ln",
            ln,
            &[
                (0.0, -INF),
                (-0.0, -INF),
                (-1.0, NAN),
                (INF, INF),
                (NAN, NAN),
                (1.0, 0.0),
                (-INF, NAN),
            ],
        ),
        (
            "log10",
            log10,
            &[
                (0.0, -INF),
                (-1.0, NAN),
                (INF, INF),
                (NAN, NAN),
                (1e-5, -5.0),
                (1e22, 22.0),
                (1e300, 300.0),
            ],
        ),
        (
            "sin",
            sin,
            &[
                (-0.0, -0.0),
                (0.0, 0.0),
                (INF, NAN),
                (-INF, NAN),
                (NAN, NAN),
            ],
        ),
        ("cos", cos, &[(-0.0, 1.0), (INF, NAN), (NAN, NAN)]),
        ("tan", tan, &[(-0.0, -0.0), (INF, NAN), (NAN, NAN)]),
        (
            "asin",
            asin,
            &[
                (-0.0, -0.0),
                (1.1, NAN),
                (-INF, NAN),
                (-1.0, -std::f64::consts::FRAC_PI_2),
                (NAN, NAN),
            ],
        ),
        (
            "acos",
            acos,
            &[
                (1.0, 0.0),
                (-1.0, std::f64::consts::PI),
                (1.1, NAN),
                (NAN, NAN),
            ],
        ),
        (
            "atan",
            atan,
            &[
                (-0.0, -0.0),
                (-INF, -std::f64::consts::FRAC_PI_2),
                (NAN, NAN),
            ],
        ),
        (
            "sinh",
            sinh,
            &[(-0.0, -0.0), (-INF, -INF), (711.0, INF), (NAN, NAN)],
        ),
        (
            "cosh",
            cosh,
            &[(-0.0, 1.0), (-INF, INF), (711.0, INF), (NAN, NAN)],
        ),
        (
            "tanh",
            tanh,
            &[(-0.0, -0.0), (-INF, -1.0), (1e300, 1.0), (NAN, NAN)],
        ),
        ("asinh", asinh, &[(-0.0, -0.0), (-INF, -INF), (NAN, NAN)]),
        (
            "acosh",
            acosh,
            &[(1.0, 0.0), (0.9, NAN), (-5.0, NAN), (INF, INF), (NAN, NAN)],
        ),
        (
            "atanh",
            atanh,
            &[
                (-0.0, -0.0),
                (-1.0, -INF),
                (1.1, NAN),
                (INF, NAN),
                (NAN, NAN),
            ],
        ),
        (
            "factorial",
            factorial,
            &[
                (-0.0, 1.0),
                (171.0, INF),
                (INF, INF),
                (0.5, NAN),
                (-1.0, NAN),
                (NAN, NAN),
            ],
        ),
    ];
    for (name, f, values) in cases {
        for &(x, expected) in *values {
            assert!(
                same(f(x), expected),
                "{name}({x}) = {}, not {expected}",
                f(x)
            );
        }
    }
}

#[test]
fn factorials_are_the_exact_products_rounded() {
    let mut exact: u128 = 1;
    for n in 1..=34_u32 {
        exact *= u128::from(n);
        assert_eq!(factorial(f64::from(n)), exact as f64, "{n}!");
    }
    // 170! = 7 257 415 615 307 998 967 396… (307 digits).
    assert_eq!(factorial(170.0), 7.257_415_615_307_999e306);
}

#[test]
fn factorials_grow_by_their_number() {
    for n in 1..=170_u32 {
        let ratio = factorial(f64::from(n)) / factorial(f64::from(n - 1));
        assert!((ratio / f64::from(n) - 1.0).abs() < 4e-16, "{n}!");
    }
}

#[test]
fn small_and_large_angles_agree_where_the_reductions_meet() {
    // One angle either side of the border, and the identity that binds them.
    for x in [1_647_098.9, 1_647_099.1, 1e9, 1e22, f64::MAX] {
        let (s, c) = (sin(x), cos(x));
        assert!((s * s + c * c - 1.0).abs() < 4e-16, "at {x}");
    }
    // sin(10²²), the textbook case of a reduction that needs every digit of π.
    assert!((sin(1e22) + 0.852_200_849_767_188_8).abs() < 1e-15);
}

#[test]
fn a_portable_pack_gives_the_bits_of_single_numbers() {
    check_lane_type::<f64>(100_000);
    check_lane_type::<Pack<4>>(100_000);
    check_lane_type::<Pack<8>>(100_000);
}

#[test]
fn odd_functions_are_odd_to_the_last_bit() {
    let mut numbers = Numbers::new(5);
    for _ in 0..20_000 {
        let x = numbers.any();
        for f in [sin, tan, asin, atan, sinh, tanh, asinh, atanh] as [fn(f64) -> f64; 8] {
            assert!(same(f(-x), -f(x)), "at {x}");
        }
    }
}
