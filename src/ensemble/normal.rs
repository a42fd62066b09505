//! The standard normal distribution: its probability and its quantile.

#![allow(
    clippy::excessive_precision,
    reason = "coefficients and reference values are as published, not as rounded"
)]

use crate::math::exp;

/// Probability that a standard normal number is below `x`.
///
/// Relative error below 1e-13 for `x` > −30, and absolute error below 2e-16 everywhere; NaN gives NaN.
/// Source: Cody 1969, Mathematics of Computation 23:631–637, *Rational Chebyshev approximations for the error function*.
/// ```
/// # use insilin::ensemble::normal_probability;
/// assert!((normal_probability(1.96) - 0.975_002_104_851_779_6).abs() < 1e-15);
/// ```
pub fn probability(x: f64) -> f64 {
    let scaled = x.abs() * std::f64::consts::FRAC_1_SQRT_2;
    if scaled <= 0.46875 {
        return 0.5 + 0.5 * small_erf(x * std::f64::consts::FRAC_1_SQRT_2);
    }
    let tail = 0.5 * upper_erfc(scaled);
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// Density of the standard normal distribution at `x`.
pub fn density(x: f64) -> f64 {
    // 1 / √(2π)
    0.398_942_280_401_432_7 * exp(-0.5 * x * x)
}

/// The number that a standard normal number is below with probability `p`.
///
/// Relative error about 1e-16. −∞ for 0, ∞ for 1, NaN outside of [0, 1].
/// Source: Wichura 1988, Applied Statistics 37:477–484, algorithm AS 241 (PPND16).
/// ```
/// # use insilin::ensemble::normal_quantile;
/// assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-15);
/// ```
pub fn quantile(p: f64) -> f64 {
    let centred = p - 0.5;
    if centred.abs() <= 0.425 {
        let r = 0.180_625 - centred * centred;
        return centred * polynomial(&A, r) / polynomial(&B, r);
    }
    let tail = if centred < 0.0 { p } else { 1.0 - p };
    if tail.is_nan() || tail < 0.0 {
        return f64::NAN;
    }
    let size = if tail == 0.0 {
        f64::INFINITY
    } else {
        let r = (-crate::math::ln(tail)).sqrt();
        if r <= 5.0 {
            polynomial(&C, r - 1.6) / polynomial(&D, r - 1.6)
        } else {
            polynomial(&E, r - 5.0) / polynomial(&F, r - 5.0)
        }
    };
    if centred < 0.0 { -size } else { size }
}

/// Coefficients from the constant on.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// The error function for |x| ≤ 0.46875.
fn small_erf(x: f64) -> f64 {
    let square = x * x;
    x * polynomial(&ERF_P, square) / polynomial(&ERF_Q, square)
}

/// The complementary error function for x ≥ 0.46875.
fn upper_erfc(x: f64) -> f64 {
    if x > 27.5 {
        return 0.0;
    }
    let factor = if x <= 4.0 {
        polynomial(&ERFC_P, x) / polynomial(&ERFC_Q, x)
    } else {
        let r = 1.0 / (x * x);
        let rest = r * polynomial(&FAR_P, r) / polynomial(&FAR_Q, r);
        // 1 / √π
        (0.564_189_583_547_756_3 - rest) / x
    };
    // exp(−x²) of a square that is exact and of the small rest, so that rounding x² costs nothing.
    let coarse = (x * 16.0).trunc() / 16.0;
    let rest = (x - coarse) * (x + coarse);
    exp(-coarse * coarse) * exp(-rest) * factor
}

const A: [f64; 8] = [
    3.387_132_872_796_366_608,
    1.331_416_678_917_843_774_5e2,
    1.971_590_950_306_551_442_7e3,
    1.373_169_376_550_946_112_5e4,
    4.592_195_393_154_987_145_7e4,
    6.726_577_092_700_870_085_3e4,
    3.343_057_558_358_812_810_5e4,
    2.509_080_928_730_122_672_7e3,
];
const B: [f64; 8] = [
    1.0,
    4.231_333_070_160_091_125_2e1,
    6.871_870_074_920_579_083e2,
    5.394_196_021_424_751_107_7e3,
    2.121_379_430_158_659_586_7e4,
    3.930_789_580_009_271_061e4,
    2.872_908_573_572_194_267_4e4,
    5.226_495_278_852_854_561e3,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_9,
    5.769_497_221_460_691_405_5,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    2.417_807_251_774_506_117_7e-1,
    2.272_384_498_926_918_458_33e-2,
    7.745_450_142_783_414_076_4e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_4,
    6.897_673_349_851_000_045_5e-1,
    1.481_039_764_274_800_745_9e-1,
    1.519_866_656_361_645_719_66e-2,
    5.475_938_084_995_344_946e-4,
    1.050_750_071_644_416_843_24e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103_777_2,
    5.463_784_911_164_114_369_9,
    1.784_826_539_917_291_335_8,
    2.965_605_718_285_048_912_3e-1,
    2.653_218_952_657_612_309_3e-2,
    1.242_660_947_388_078_438_6e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const F: [f64; 8] = [
    1.0,
    5.998_322_065_558_879_376_9e-1,
    1.369_298_809_227_358_053_1e-1,
    1.487_536_129_085_061_485_25e-2,
    7.868_691_311_456_132_591e-4,
    1.846_318_317_510_054_681_8e-5,
    1.421_511_758_316_445_888_7e-7,
    2.044_263_103_389_939_785_64e-15,
];

const ERF_P: [f64; 5] = [
    3.209_377_589_138_469_47e3,
    3.774_852_376_853_020_21e2,
    1.138_641_541_510_501_56e2,
    3.161_123_743_870_565_6,
    1.857_777_061_846_031_53e-1,
];
const ERF_Q: [f64; 5] = [
    2.844_236_833_439_170_62e3,
    1.282_616_526_077_372_28e3,
    2.440_246_379_344_441_73e2,
    2.360_129_095_234_412_09e1,
    1.0,
];
const ERFC_P: [f64; 9] = [
    1.230_339_354_797_997_25e3,
    2.051_078_377_826_071_47e3,
    1.712_047_612_634_070_58e3,
    8.819_522_212_417_690_9e2,
    2.986_351_381_974_001_31e2,
    6.611_919_063_714_162_95e1,
    8.883_149_794_388_375_94,
    5.641_884_969_886_700_89e-1,
    2.153_115_354_744_038_46e-8,
];
const ERFC_Q: [f64; 9] = [
    1.230_339_354_803_749_42e3,
    3.439_367_674_143_721_64e3,
    4.362_619_090_143_247_16e3,
    3.290_799_235_733_459_63e3,
    1.621_389_574_566_690_19e3,
    5.371_811_018_620_098_58e2,
    1.176_939_508_913_124_99e2,
    1.574_492_611_070_983_47e1,
    1.0,
];
const FAR_P: [f64; 6] = [
    6.587_491_615_298_378_03e-4,
    1.608_378_514_874_227_66e-2,
    1.257_817_261_112_292_46e-1,
    3.603_448_999_498_044_39e-1,
    3.053_266_349_612_323_44e-1,
    1.631_538_713_730_209_78e-2,
];
const FAR_Q: [f64; 6] = [
    2.335_204_976_268_691_85e-3,
    6.051_834_131_244_131_91e-2,
    5.279_051_029_514_284_12e-1,
    1.872_952_849_923_467_25,
    2.568_520_192_289_822_42,
    1.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_thirty_digits() {
        // Newton's method on erfc, mpmath 1.3 with 30 digits.
        for (p, expected) in [
            (1e-300, -37.047_096_299_361_199_237),
            (1e-20, -9.262_340_089_798_407_579_6),
            (1e-10, -6.361_340_902_404_056_199_1),
            (1e-5, -4.264_890_793_922_824_610_2),
            (0.001, -3.090_232_306_167_813_535_4),
            (0.025, -1.959_963_984_540_054_211_8),
            (0.07, -1.475_791_028_179_170_685_6),
            (0.25, -0.674_489_750_196_081_743_2),
            (0.4, -0.253_347_103_135_799_741_32),
            (0.5, 0.0),
            (0.575, 0.189_118_426_272_792_376_79),
            (0.9, 1.281_551_565_544_600_593_5),
            (0.999, 3.090_232_306_167_813_277_8),
        ] {
            let found = quantile(p);
            let error = (found - expected).abs();
            assert!(
                error <= 4e-16 * f64::abs(expected),
                "{p}: {found}, {expected}"
            );
        }
        assert_eq!(quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(quantile(1.0), f64::INFINITY);
        assert!([-0.1, 1.1, f64::NAN].iter().all(|p| quantile(*p).is_nan()));
    }

    #[test]
    fn probabilities_are_those_of_thirty_digits() {
        // erfc of mpmath 1.3 with 30 digits.
        for (x, expected) in [
            (-20.0, 2.753_624_118_606_233_695_1e-89),
            (-10.0, 7.619_853_024_160_526_066e-24),
            (-6.0, 9.865_876_450_376_981_407e-10),
            (-5.7, 5.990_371_401_063_528_187_8e-9),
            (-3.0, 0.001_349_898_031_630_094_526_7),
            (-1.96, 0.024_997_895_148_220_436_213),
            (-0.6, 0.274_253_117_750_073_587_69),
            (-0.1, 0.460_172_162_722_971_016_33),
            (0.0, 0.5),
            (0.5, 0.691_462_461_274_013_103_64),
            (1.0, 0.841_344_746_068_542_948_59),
            (3.0, 0.998_650_101_968_369_905_47),
            (8.0, 0.999_999_999_999_999_377_9),
        ] {
            let found = probability(x);
            let error = (found - expected).abs();
            assert!(
                error <= 1e-13 * expected.min(2e-3),
                "{x}: {found}, {expected}"
            );
        }
        assert_eq!(probability(f64::NEG_INFINITY), 0.0);
        assert_eq!(probability(f64::INFINITY), 1.0);
        assert!(probability(f64::NAN).is_nan());
    }
}
