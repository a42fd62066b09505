//! Sobol's indices: which part of an output's variance comes from which input.

use super::resample::{resampled, spread};
use super::sampler::{DesignError, check_dims, check_points};
use super::sobol::{MOST_DIMS, Sequence};
use crate::math::Stream;

/// Draws with replacement behind an interval: its width is then known to 5 %.
const DRAWS: usize = 200;

/// Saltelli's design: base rows A and B, and A with one column from B, for each column.
///
/// The rows of A and B are the two halves of one Sobol sequence in twice as many dimensions, so that they, and the
/// indices, are at their best when the number of base rows is a power of two.
/// Source: Saltelli et al. 2010, Computer Physics Communications 181:259–270.
#[derive(Clone, Debug)]
pub struct Saltelli {
    dims: usize,
    base: u64,
    seed: u64,
    sequence: Sequence,
    /// Index of the first point of the sequence.
    from: u64,
}

/// An index with its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// The estimate. Small ones may come out below 0.
    pub value: f64,
    /// Estimate ± 1.96 standard deviations among rows drawn with replacement; somewhat too wide, because Sobol points are
    /// more even than the independent ones that such draws stand for. NaN with less than two rows.
    pub interval: (f64, f64),
}

/// What share of an output's variance each input accounts for, in the inputs' order.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// Alone: by how much the variance would fall, on average, if the input were known.
    pub first: Vec<Index>,
    /// With all its interactions: what would remain, on average, if all other inputs were known.
    pub total: Vec<Index>,
    /// Mean of the output over the base rows used.
    pub mean: f64,
    /// Variance of the output over the base rows used. Indices are NaN when it is 0.
    pub variance: f64,
    /// Base rows used.
    pub used: usize,
    /// Base rows left out since one of their runs failed. The indices are then those of the rest, which may be biased.
    pub dropped: usize,
}

/// The outputs of one base row: of A, of B, and of A with each column from B.
struct Row<'a> {
    a: f64,
    b: f64,
    mixed: &'a [f64],
}

impl Saltelli {
    /// A design of that many base rows; scrambled when there is a seed.
    ///
    /// # Errors
    /// No input or more than 500 (A and B share 1000 dimensions), less than two base rows or more than 2³².
    pub fn new(dims: usize, base: u64, seed: Option<u64>) -> Result<Self, DesignError> {
        check_dims(dims, MOST_DIMS / 2)?;
        check_points(base, 2, 1 << 32)?;
        Ok(Self {
            dims,
            base,
            seed: seed.unwrap_or(0),
            sequence: Sequence::new(2 * dims, seed),
            from: u64::from(seed.is_none()),
        })
    }

    /// Number of runs: for each base row two more than there are inputs.
    pub fn n_runs(&self) -> u64 {
        self.base * (self.dims as u64 + 2)
    }

    /// The point of a run, in (0, 1)ᵈ. The runs of a base row follow each other: A, B, then A with each column from B.
    ///
    /// # Panics
    /// When there is no such run, or `out` is not as long as there are inputs.
    pub fn point(&self, run: u64, out: &mut [f64]) {
        assert!(run < self.n_runs(), "run {run} of {}", self.n_runs());
        assert_eq!(out.len(), self.dims, "one number for each input");
        let per_row = self.dims as u64 + 2;
        let mut both = vec![0.0; 2 * self.dims];
        self.sequence.point(self.from + run / per_row, &mut both);
        let (a, b) = both.split_at(self.dims);
        match (run % per_row) as usize {
            0 => out.copy_from_slice(a),
            1 => out.copy_from_slice(b),
            mixed => {
                out.copy_from_slice(a);
                out[mixed - 2] = b[mixed - 2];
            }
        }
    }

    /// Indices of one output from its value in every run; NaN stands for a run that failed.
    ///
    /// First-order indices after Saltelli et al. 2010 (table 2, b), with outputs taken from their mean so that a large one
    /// costs no digits; total ones after Jansen 1999, Computer Physics Communications 117:35–43.
    ///
    /// # Panics
    /// When there are not as many outputs as runs.
    pub fn indices(&self, outputs: &[f64]) -> Indices {
        assert_eq!(
            outputs.len() as u64,
            self.n_runs(),
            "one output for each run"
        );
        let whole = |row: &&[f64]| row.iter().all(|output| output.is_finite());
        let rows = outputs.chunks(self.dims + 2).filter(whole);
        let rows: Vec<Row> = rows
            .map(|row| Row {
                a: row[0],
                b: row[1],
                mixed: &row[2..],
            })
            .collect();
        let sum: f64 = rows.iter().map(|row| row.a + row.b).sum();
        let mean = sum / (2 * rows.len()) as f64;
        let once = vec![1; rows.len()];
        let (estimates, variance) = self.estimate(&rows, mean, &once);
        let spreads = self.spreads(&rows, mean);
        let index = |at: usize| Index {
            value: estimates[at],
            interval: (
                estimates[at] - 1.96 * spreads[at],
                estimates[at] + 1.96 * spreads[at],
            ),
        };
        Indices {
            first: (0..self.dims).map(index).collect(),
            total: (self.dims..2 * self.dims).map(index).collect(),
            mean,
            variance,
            used: rows.len(),
            dropped: outputs.len() / (self.dims + 2) - rows.len(),
        }
    }

    /// First-order indices, then total ones, and the variance, of rows that count so many times each.
    ///
    /// * `centre` — a number near the outputs
    fn estimate(&self, rows: &[Row], centre: f64, times: &[u32]) -> (Vec<f64>, f64) {
        let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
        for (row, times) in rows.iter().zip(times) {
            let (a, b, times) = (row.a - centre, row.b - centre, f64::from(*times));
            n += times;
            sum += times * (a + b);
            squares += times * (a * a + b * b);
        }
        let mean = sum / (2.0 * n);
        let variance = squares / (2.0 * n) - mean * mean;
        let mut sums = vec![0.0; 2 * self.dims];
        for (row, times) in rows.iter().zip(times) {
            let (b, times) = (row.b - centre - mean, f64::from(*times));
            let (first, total) = sums.split_at_mut(self.dims);
            for ((first, total), mixed) in first.iter_mut().zip(total).zip(row.mixed) {
                let change = mixed - row.a;
                *first += times * b * change;
                *total += times * 0.5 * change * change;
            }
        }
        // Without variance there is nothing to share out.
        let scale = if variance > 0.0 {
            n * variance
        } else {
            f64::NAN
        };
        sums.iter_mut().for_each(|sum| *sum /= scale);
        (sums, variance)
    }

    fn spreads(&self, rows: &[Row], mean: f64) -> Vec<f64> {
        if rows.len() < 2 {
            return vec![f64::NAN; 2 * self.dims];
        }
        let mut stream = Stream::new(self.seed, "variance-intervals");
        let estimate = |times: &[u32]| self.estimate(rows, mean, times).0;
        let drawn = resampled(rows.len(), DRAWS, &mut stream, estimate);
        drawn.iter().map(|values| spread(values)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{g, ishigami};
    use super::*;

    fn outputs(design: &Saltelli, function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        let output = |run| {
            let mut point = vec![0.0; design.dims];
            design.point(run, &mut point);
            function(&point)
        };
        (0..design.n_runs()).map(output).collect()
    }

    /// How many indices lie in their intervals, whose halves are at most `reach`; all lie in intervals twice as wide.
    #[track_caller]
    fn covered(found: &[Index], exact: &[f64], reach: f64) -> usize {
        let mut covered = 0;
        for (input, (index, exact)) in found.iter().zip(exact).enumerate() {
            let half = (index.interval.1 - index.interval.0) / 2.0;
            let off = (index.value - exact).abs();
            assert!(off <= 2.0 * half, "{input}: {index:?}, {exact}");
            assert!(half <= reach, "{input}: {index:?}");
            covered += usize::from(off <= half);
        }
        covered
    }

    /// Indices from ten designs of 1024 base rows; of intervals of 95 % at least 92 % must cover.
    #[track_caller]
    fn assert_ten(function: impl Fn(&[f64]) -> f64, first: &[f64], total: &[f64], reach: f64) {
        let mut all = 0;
        for seed in std::iter::once(None).chain((1..10).map(Some)) {
            let design = Saltelli::new(first.len(), 1024, seed).unwrap();
            let indices = design.indices(&outputs(&design, &function));
            assert_eq!((indices.used, indices.dropped), (1024, 0));
            all += covered(&indices.first, first, reach);
            all += covered(&indices.total, total, reach);
        }
        let share = all as f64 / (20 * first.len()) as f64;
        assert!(share >= 0.92, "{share}");
    }

    /// First-order and total indices of Ishigami's function, a = 7, b = 0.1 (Sobol and Levitan 1999, Computer Physics
    /// Communications 117:52–61).
    fn exact_ishigami() -> ([f64; 3], [f64; 3], f64) {
        let (a, b, pi4) = (7.0, 0.1, 97.409_091_034_002_44);
        let first = 0.5 * (1.0 + b * pi4 / 5.0) * (1.0 + b * pi4 / 5.0);
        let second = a * a / 8.0;
        let both = b * b * pi4 * pi4 * 8.0 / 225.0;
        let variance = first + second + both;
        let share = |part: f64| part / variance;
        (
            [share(first), share(second), 0.0],
            [share(first + both), share(second), share(both)],
            variance,
        )
    }

    #[test]
    fn ishigami_within_the_intervals() {
        let (first, total, variance) = exact_ishigami();
        // The numbers that textbooks print.
        let printed = [0.3139, 0.4424, 0.0];
        assert!(first.iter().zip(printed).all(|(a, b)| (a - b).abs() < 5e-5));
        assert_ten(ishigami, &first, &total, 0.10);
        let design = Saltelli::new(3, 4096, Some(1)).unwrap();
        let indices = design.indices(&outputs(&design, ishigami));
        assert_eq!(covered(&indices.first, &first, 0.04), 3);
        assert_eq!(covered(&indices.total, &total, 0.05), 3);
        assert!(
            (indices.variance / variance - 1.0).abs() < 0.01,
            "{indices:?}"
        );
        // Mean a/2.
        assert!((indices.mean - 3.5).abs() < 0.02, "{indices:?}");
    }

    #[test]
    fn g_within_the_intervals() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
        let parts = a.map(|a| 1.0 / 3.0 / ((1.0 + a) * (1.0 + a)));
        let whole: f64 = parts.iter().map(|part| 1.0 + part).product();
        let variance = whole - 1.0;
        let first = parts.map(|part| part / variance);
        let total = parts.map(|part| part * whole / (1.0 + part) / variance);
        assert_ten(|x| g(&a, x), &first, &total, 0.10);
    }

    #[test]
    fn a_large_mean_costs_nothing() {
        let design = Saltelli::new(3, 512, Some(4)).unwrap();
        let plain = outputs(&design, ishigami);
        let lifted: Vec<f64> = plain.iter().map(|output| output + 1e6).collect();
        let (plain, lifted) = (design.indices(&plain), design.indices(&lifted));
        for (a, b) in plain.first.iter().zip(&lifted.first) {
            assert!((a.value - b.value).abs() < 1e-7, "{a:?}, {b:?}");
        }
    }

    #[test]
    fn a_row_with_a_failed_run_is_left_out_whole_and_counted() {
        let (first, total, _) = exact_ishigami();
        let design = Saltelli::new(3, 4096, Some(3)).unwrap();
        let mut outputs = outputs(&design, ishigami);
        (0..300).for_each(|row| outputs[row * 50] = f64::NAN);
        outputs[51] = f64::NAN;
        let indices = design.indices(&outputs);
        assert_eq!((indices.used, indices.dropped), (4096 - 300, 300));
        assert_eq!(covered(&indices.first, &first, 0.04), 3);
        assert_eq!(covered(&indices.total, &total, 0.05), 3);
    }

    #[test]
    fn an_output_that_never_changes_has_no_indices() {
        let design = Saltelli::new(2, 8, Some(3)).unwrap();
        let indices = design.indices(&[5.0; 32]);
        assert_eq!((indices.mean, indices.variance), (5.0, 0.0));
        assert!(indices.first.iter().all(|index| index.value.is_nan()));
        let failed = design.indices(&[f64::NAN; 32]);
        assert_eq!((failed.used, failed.dropped), (0, 8));
        assert!(failed.total.iter().all(|index| index.value.is_nan()));
    }

    #[test]
    fn a_design_is_made_of_two_rows_and_their_mixtures() {
        let design = Saltelli::new(2, 4, Some(6)).unwrap();
        let point = |run| {
            let mut point = [0.0; 2];
            design.point(run, &mut point);
            point
        };
        for row in 0..4 {
            let [a, b] = [point(4 * row), point(4 * row + 1)];
            assert_eq!(point(4 * row + 2), [b[0], a[1]]);
            assert_eq!(point(4 * row + 3), [a[0], b[1]]);
        }
        assert!(Saltelli::new(501, 4, None).is_err());
    }
}
