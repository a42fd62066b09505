//! How far numbers of many people lie apart, and whether published numbers lie apart as far.

use crate::math::exp;
use crate::observe::percentile::quantile;

/// Shares at which percentiles are told.
pub const SHARES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// The spread of one number between people.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// People with a finite value.
    pub n: usize,
    /// Arithmetic mean; NaN of nobody.
    pub mean: f64,
    /// Standard deviation with n − 1 below the line; NaN of fewer than two.
    pub sd: f64,
    /// 5th, 25th, 50th, 75th and 95th percentile; NaN of nobody.
    pub percentiles: [f64; 5],
}

impl Spread {
    /// Coefficient of variation, SD over mean; NaN for a mean of zero.
    pub fn cv(&self) -> f64 {
        if self.mean == 0.0 {
            return f64::NAN;
        }
        self.sd / self.mean.abs()
    }
}

/// The spread of values, in their order of persons; what is not finite does not count.
///
/// ```
/// # use insilin::ensemble::spread;
/// let found = spread([1.0, 2.0, 3.0, 4.0, f64::NAN]);
/// assert_eq!((found.n, found.mean, found.percentiles[2]), (4, 2.5, 2.5));
/// ```
pub fn spread(values: impl IntoIterator<Item = f64>) -> Spread {
    let mut values: Vec<f64> = values.into_iter().filter(|x| x.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let mean = values.iter().sum::<f64>() / n as f64;
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    let sd = if n > 1 {
        (squares / (n - 1) as f64).sqrt()
    } else {
        f64::NAN
    };
    Spread {
        n,
        mean,
        sd,
        percentiles: SHARES.map(|share| quantile(&values, share)),
    }
}

/// A simulated spread beside a published one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Simulated standard deviation over the published one.
    pub sd_ratio: f64,
    /// Between these two that ratio would lie 19 times of 20 if both were samples of one normal distribution; none where the
    /// number of persons was not published.
    pub chance: Option<(f64, f64)>,
    /// Simulated mean less the published one, in the unit of both; none where no mean was published.
    pub mean_difference: Option<f64>,
    /// That difference over its standard error; none where the number of persons was not published.
    pub mean_z: Option<f64>,
}

impl Comparison {
    /// Whether the spread is as wide as the published one, as far as so many people can tell; none where that is not known.
    pub fn is_alike(&self) -> Option<bool> {
        let (low, high) = self.chance?;
        Some((low..=high).contains(&self.sd_ratio))
    }
}

/// Lays a spread beside a published mean, standard deviation and number of persons, in the same unit.
///
/// The logarithm of a sample's standard deviation has the variance 1 / (2 (n − 1)) in a normal population, whence the range
/// of chance of the ratio; distributions with longer tails vary more.
/// Source: Kendall and Stuart 1977, *The Advanced Theory of Statistics*, vol. 1, 4th ed., chapter 10 (standard errors).
pub fn compare(found: &Spread, mean: Option<f64>, sd: f64, n: Option<f64>) -> Comparison {
    let both = n.filter(|n| *n > 1.0 && found.n > 1);
    let chance = both.map(|n| {
        let variance = 0.5 / (n - 1.0) + 0.5 / (found.n as f64 - 1.0);
        let width = TWO_SIDED_95 * variance.sqrt();
        (exp(-width), exp(width))
    });
    let mean_difference = mean.map(|mean| found.mean - mean);
    let error = both.map(|n| (sd * sd / n + found.sd * found.sd / found.n as f64).sqrt());
    Comparison {
        sd_ratio: found.sd / sd,
        chance,
        mean_difference,
        mean_z: mean_difference.zip(error).map(|(off, error)| off / error),
    }
}

/// Quantile of the normal distribution that leaves 2.5 % on each side.
const TWO_SIDED_95: f64 = 1.959_963_984_540_054;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads_are_those_of_the_textbook() {
        // 2, 4, 4, 4, 5, 5, 7, 9: mean 5, sum of squares 32, sample variance 32/7.
        let found = spread([9.0, 2.0, 4.0, 5.0, 4.0, 7.0, 4.0, 5.0, f64::INFINITY]);
        assert_eq!((found.n, found.mean), (8, 5.0));
        assert!((found.sd - (32.0_f64 / 7.0).sqrt()).abs() < 1e-14);
        // numpy.percentile(x, [5, 25, 50, 75, 95]) by hand: places 0.35, 1.75, 3.5, 5.25, 6.65 among the sorted.
        let expected = [2.7, 4.0, 4.5, 5.5, 8.3];
        for (a, b) in found.percentiles.iter().zip(expected) {
            assert!((a - b).abs() < 1e-14, "{a} {b}");
        }
        assert!((found.cv() - found.sd / 5.0).abs() < 1e-15);
    }

    #[test]
    fn nobody_has_no_spread() {
        let none = spread([f64::NAN]);
        assert_eq!(none.n, 0);
        assert!(none.mean.is_nan() && none.sd.is_nan() && none.percentiles[0].is_nan());
        assert!(spread([3.0]).sd.is_nan());
    }

    #[test]
    fn a_comparison_says_by_how_much_it_misses() {
        let found = Spread {
            n: 101,
            mean: 150.0,
            sd: 18.0,
            percentiles: [0.0; 5],
        };
        let beside = compare(&found, Some(160.0), 36.0, Some(101.0));
        assert_eq!(beside.sd_ratio, 0.5);
        assert_eq!(beside.mean_difference, Some(-10.0));
        // Variance 2/200, so exp(±1.96 · 0.1) = 0.822 and 1.217.
        let (low, high) = beside.chance.unwrap();
        assert!((low - 0.8220).abs() < 1e-4 && (high - 1.2165).abs() < 1e-4);
        assert_eq!(beside.is_alike(), Some(false));
        // Standard error √((36² + 18²)/101) = 4.005.
        assert!((beside.mean_z.unwrap() + 2.4969).abs() < 1e-3);
        assert_eq!(compare(&found, None, 18.0, None).is_alike(), None);
        assert_eq!(
            compare(&found, None, 17.0, Some(20.0)).is_alike(),
            Some(true)
        );
    }
}
