//! Drawing with replacement: how far a number from a sample may be off (Efron 1979, Annals of Statistics 7:1–26).

use crate::math::Stream;

/// Statistics of `draws` samples drawn from `n` things with replacement, by statistic.
///
/// * `statistics` — takes how many times each thing was drawn
pub(super) fn resampled(
    n: usize,
    draws: usize,
    stream: &mut Stream,
    mut statistics: impl FnMut(&[u32]) -> Vec<f64>,
) -> Vec<Vec<f64>> {
    let mut times = vec![0; n];
    let mut all: Vec<Vec<f64>> = Vec::new();
    for _ in 0..draws {
        times.fill(0);
        for _ in 0..n {
            times[stream.below(n)] += 1;
        }
        let one = statistics(&times);
        all.resize_with(one.len(), Vec::new);
        all.iter_mut().zip(one).for_each(|(all, one)| all.push(one));
    }
    all
}

/// The interval that 95 % of the values lie in, as many below it as above.
pub(super) fn middle_95(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let place = share * (values.len() - 1) as f64;
        let (low, part) = (place as usize, place.fract());
        let high = (low + 1).min(values.len() - 1);
        values[low] + part * (values[high] - values[low])
    };
    (at(0.025), at(0.975))
}

/// Standard deviation of the values.
pub(super) fn spread(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares = values.iter().map(|value| (value - mean) * (value - mean));
    (squares.sum::<f64>() / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_drawn_numbers_spreads_like_its_standard_error() {
        // Of 0, 1, …, 99 the variance is (100² − 1)/12, so the standard error of the mean 2.887.
        let mean = |times: &[u32]| {
            let sum: f64 = times
                .iter()
                .enumerate()
                .map(|(i, t)| i as f64 * f64::from(*t))
                .sum();
            vec![sum / 100.0]
        };
        let means = resampled(100, 4000, &mut Stream::new(1, "test"), mean).remove(0);
        // The relative error of a standard deviation from 4000 values is 1/√8000, 1.1 %; four of them.
        assert!(
            (spread(&means) / 2.887 - 1.0).abs() < 0.045,
            "{}",
            spread(&means)
        );
        let (low, high) = middle_95(means);
        assert!((low - 49.5 + 1.96 * 2.887).abs() < 0.4, "{low}");
        assert!((high - 49.5 - 1.96 * 2.887).abs() < 0.4, "{high}");
    }

    #[test]
    fn the_middle_is_interpolated() {
        let (low, high) = middle_95((0..=100).map(f64::from).collect());
        assert!((low - 2.5).abs() < 1e-12 && (high - 97.5).abs() < 1e-12);
    }
}
