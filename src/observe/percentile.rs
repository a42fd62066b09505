//! Quantiles of many runs, at one time after the other.

/// The value below which the share `share` of `sorted` lies, in the unit of the values: straight lines between ranks.
///
/// * `sorted` — rising, finite
/// * `share` — 0 … 1
///
/// NaN when there is no value or `share` is not within its range. The quantile of type 7, as numpy, pandas and R have it.
/// Source: Hyndman & Fan 1996, Am Stat 50:361–365, definition 7.
/// ```
/// # use insilin::observe::percentile::quantile;
/// assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.5), 2.5);
/// assert_eq!(quantile(&[10.0, 20.0], 0.05), 10.5);
/// ```
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return f64::NAN;
    };
    if !(0.0..=1.0).contains(&share) {
        return f64::NAN;
    }
    let place = share * last as f64;
    let below = (place.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let (low, high) = (sorted[below], sorted[above]);
    low + (place - below as f64) * (high - low)
}

/// Percentiles of many runs along one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// Runs that count.
    pub n: usize,
    /// Runs that do not: failed ones, and those with a value that is not finite.
    pub failed: usize,
    /// The percentages asked for.
    pub percents: Vec<f64>,
    /// For each percentage its curve, one value per point; NaN when no run counts.
    pub curves: Vec<Vec<f64>>,
}

/// Percentiles over runs at each point of an axis that all runs share.
///
/// * `runs` — the values of each run, `None` for a failed one; all of those that are there have one length
/// * `percents` — each within 0 … 100
///
/// A run counts wholly or not at all, so that every point has the same people in it: a run of another length than the
/// first, or with a value that is not finite, is a failed one.
pub fn bands<'a>(runs: impl IntoIterator<Item = Option<&'a [f64]>>, percents: &[f64]) -> Bands {
    let mut kept: Vec<&[f64]> = Vec::new();
    let (mut failed, mut length) = (0, None);
    for run in runs {
        let fits = run.filter(|run| {
            *length.get_or_insert(run.len()) == run.len() && run.iter().all(|y| y.is_finite())
        });
        match fits {
            Some(run) => kept.push(run),
            None => failed += 1,
        }
    }
    let n_points = length.unwrap_or(0);
    let mut curves = vec![Vec::with_capacity(n_points); percents.len()];
    let mut here = Vec::with_capacity(kept.len());
    for at in 0..n_points {
        here.clear();
        here.extend(kept.iter().map(|run| run[at]));
        here.sort_by(f64::total_cmp);
        for (curve, percent) in curves.iter_mut().zip(percents) {
            curve.push(quantile(&here, 0.01 * percent));
        }
    }
    Bands {
        n: kept.len(),
        failed,
        percents: percents.to_vec(),
        curves,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_numpy() {
        // numpy 1.26: numpy.percentile([3.1, 0.2, 7.7, 4.4, 4.5, 9.0, 1.3], [5, 25, 50, 75, 95, 37.5])
        let mut values = [3.1, 0.2, 7.7, 4.4, 4.5, 9.0, 1.3];
        values.sort_by(f64::total_cmp);
        let expected = [
            (0.05, 0.53),
            (0.25, 2.2),
            (0.5, 4.4),
            (0.75, 6.1),
            (0.95, 8.61),
            (0.375, 3.425),
        ];
        for (share, expected) in expected {
            let found = quantile(&values, share);
            assert!((found - expected).abs() < 1e-12, "{share}: {found}");
        }
        assert_eq!(quantile(&values, 0.0), 0.2);
        assert_eq!(quantile(&values, 1.0), 9.0);
        assert!(quantile(&[], 0.5).is_nan() && quantile(&values, 1.1).is_nan());
    }

    #[test]
    fn failed_runs_are_left_out_and_counted() {
        let (one, two, three) = ([1.0, 10.0], [2.0, 20.0], [3.0, 30.0]);
        let broken = [4.0, f64::NAN];
        let runs: [Option<&[f64]>; 5] = [Some(&one), None, Some(&broken), Some(&three), Some(&two)];
        let bands = bands(runs, &[0.0, 50.0, 75.0]);
        assert_eq!((bands.n, bands.failed), (3, 2));
        assert_eq!(
            bands.curves,
            [vec![1.0, 10.0], vec![2.0, 20.0], vec![2.5, 25.0]]
        );
    }

    #[test]
    fn without_a_run_there_is_no_percentile() {
        let none = bands([None, None], &[50.0]);
        assert_eq!((none.n, none.failed), (0, 2));
        assert_eq!(none.curves, [Vec::<f64>::new()]);
    }
}
