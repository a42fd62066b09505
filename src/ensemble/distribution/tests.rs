use super::*;

const SHARES: [f64; 5] = [0.001, 0.1, 0.5, 0.8, 0.99];

fn truncated(base: Distribution, from: f64, to: f64) -> Distribution {
    let base = Box::new(base);
    Distribution::Truncated { base, from, to }
}

/// Quantiles at [`SHARES`], mean and standard deviation of scipy 1.17 (moments of truncated ones by its `quad`).
#[track_caller]
fn check(distribution: &Distribution, quantiles: [f64; 5], mean: f64, sd: f64) {
    distribution.check().unwrap();
    let near = |found: f64, expected: f64| {
        let error = (found - expected).abs();
        assert!(
            error <= 1e-11 * expected.abs(),
            "{found}, {expected}: {distribution:?}"
        );
    };
    for (u, expected) in SHARES.into_iter().zip(quantiles) {
        near(distribution.quantile(u), expected);
        near(distribution.probability(expected), u);
    }
    near(distribution.mean(), mean);
    near(distribution.sd(), sd);
}

#[test]
fn uniform() {
    let whole = Distribution::Uniform {
        from: -2.0,
        to: 3.0,
    };
    check(
        &whole,
        [-1.995, -1.5, 0.5, 2.0, 2.95],
        0.5,
        1.443_375_672_974_064_3,
    );
}

#[test]
fn log_uniform() {
    let whole = Distribution::LogUniform {
        from: 0.1,
        to: 100.0,
    };
    let quantiles = [
        0.100_693_166_885_180_43,
        0.199_526_231_496_888,
        3.162_277_660_168_379_5,
        25.118_864_315_095_81,
        93.325_430_079_699_17,
    ];
    check(
        &whole,
        quantiles,
        14.462_006_247_378_289,
        22.686_422_987_815_316,
    );
    let quantiles = [
        1.002_305_238_077_899_8,
        1.258_925_411_794_167,
        3.162_277_660_168_379_5,
        6.309_573_444_801_938,
        9.772_372_209_558_105,
    ];
    let part = truncated(whole, 1.0, 10.0);
    check(
        &part,
        quantiles,
        3.908_650_337_129_266_5,
        2.493_998_676_076_279_3,
    );
}

#[test]
fn normal() {
    let whole = Distribution::Normal { mean: 5.0, sd: 2.0 };
    let quantiles = [
        -1.180_464_612_335_626_4,
        2.436_896_868_910_799_3,
        5.0,
        6.683_242_467_145_829,
        9.652_695_748_081_682,
    ];
    check(&whole, quantiles, 5.0, 2.0);
    let quantiles = [
        4.003_926_110_091_061,
        4.376_860_613_416_572,
        5.793_742_350_179_089,
        7.176_045_861_935_655,
        9.923_336_629_820_172,
    ];
    let part = truncated(whole, 4.0, f64::INFINITY);
    check(
        &part,
        quantiles,
        6.018_320_867_674_069,
        1.394_525_633_606_449,
    );
}

#[test]
fn log_normal() {
    let whole = Distribution::LogNormal {
        median: 100.0,
        gsd: 1.5,
    };
    let quantiles = [
        28.565_189_035_568_515,
        59.474_386_561_916_16,
        100.0,
        140.670_212_225_508_2,
        256.832_232_070_625_54,
    ];
    check(
        &whole,
        quantiles,
        108.567_398_334_704_83,
        45.893_071_240_393_36,
    );
    let quantiles = [
        50.137_381_628_723_496,
        60.375_255_628_146_3,
        86.341_430_693_102_57,
        104.963_869_069_912_18,
        119.156_365_201_703_84,
    ];
    let part = truncated(whole, 50.0, 120.0);
    check(
        &part,
        quantiles,
        86.256_527_003_877_68,
        18.660_371_169_737_87,
    );
}

#[test]
fn triangular() {
    let whole = Distribution::Triangular {
        from: 2.0,
        mode: 4.0,
        to: 10.0,
    };
    let quantiles = [
        2.126_491_106_406_735,
        3.264_911_064_067_352,
        5.101_020_514_433_644,
        6.901_613_323_034_066,
        9.307_179_676_972_45,
    ];
    check(
        &whole,
        quantiles,
        5.333_333_333_333_334,
        1.699_673_171_197_595,
    );
    let quantiles = [
        3.004_821_708_894_999_3,
        3.402_378_931_197_509,
        4.477_319_491_406_369,
        5.330_952_988_028_5,
        5.963_912_785_877_886,
    ];
    let part = truncated(whole, 3.0, 6.0);
    check(
        &part,
        quantiles,
        4.505_747_126_436_782,
        0.811_179_972_354_602_6,
    );
}

#[test]
fn a_log_normal_distribution_by_its_mean_has_that_mean() {
    let found = Distribution::log_normal_of(108.567_398_334_704_83, 45.893_071_240_393_36);
    let Distribution::LogNormal { median, gsd } = found else {
        panic!("log-normal");
    };
    assert!((median - 100.0).abs() < 1e-10 && (gsd - 1.5).abs() < 1e-12);
}

#[test]
fn parameters_that_make_no_distribution_are_named() {
    let message = |wrong: Distribution| wrong.check().unwrap_err().message;
    let from_zero = Distribution::LogUniform { from: 0.0, to: 1.0 };
    assert_eq!(message(from_zero), "the lower end 0 must be above 0");
    let flat = Distribution::Normal { mean: 1.0, sd: 0.0 };
    assert_eq!(message(flat), "sd 0 must be above 0 and finite");
    let narrow = Distribution::LogNormal {
        median: 5.0,
        gsd: 1.0,
    };
    assert_eq!(message(narrow), "gsd 1 must be above 1 and finite");
    let outside = Distribution::Triangular {
        from: 0.0,
        mode: 3.0,
        to: 2.0,
    };
    assert_eq!(message(outside), "the mode 3 must lie from 0 to 2");
    let nothing = truncated(Distribution::Normal { mean: 0.0, sd: 1.0 }, 9.0, 10.0);
    assert!(message(nothing).contains("lies from 9 to 10"));
    let endless = Distribution::Uniform {
        from: 0.0,
        to: f64::INFINITY,
    };
    assert_eq!(message(endless), "both ends must be finite, not 0 and inf");
}
