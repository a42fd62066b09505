//! Morris's screening: which inputs matter, from few runs.

use super::resample::{middle_95, resampled};
use super::sampler::{DesignError, check_dims, check_points};
use crate::math::Stream;

/// Draws with replacement behind an interval.
const DRAWS: usize = 1000;

/// Trajectories through a grid in the unit cube, each changing every input once, one after the other.
///
/// With `p` levels the grid's coordinates are the middles (i + ½)/p of `p` slices, and a step goes over p/2 of them, so ½:
/// the grid of the source, i/(p − 1), has the ends 0 and 1, where quantiles of many distributions are infinite.
/// Source: Morris 1991, Technometrics 33:161–174.
#[derive(Clone, Debug)]
pub struct Morris {
    dims: usize,
    trajectories: u64,
    levels: u32,
    seed: u64,
}

/// What is known of one input's elementary effects: changes of the output over a change of the input's share from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Mean, µ.
    pub mean: f64,
    /// Mean size, µ*: how much the input matters.
    pub absolute_mean: f64,
    /// Standard deviation, σ: how much that depends on where one is. NaN with less than two effects.
    pub deviation: f64,
    /// 95 % interval of the mean size, by drawing effects with replacement. NaN with less than two.
    pub interval: (f64, f64),
    /// Effects that could be computed; the others touch a run that failed.
    pub used: usize,
}

/// One trajectory.
struct Walk {
    /// Level of each input before its change.
    before: Vec<u32>,
    /// Level after it.
    after: Vec<u32>,
    /// Which change comes when: place of each input.
    place: Vec<usize>,
}

impl Morris {
    /// A design of that many trajectories over `dims` inputs on a grid of `levels`, an even number (4 is usual).
    ///
    /// # Errors
    /// No input or trajectory, too many to count the runs, an odd number of levels or none.
    pub fn new(
        dims: usize,
        trajectories: u64,
        levels: u32,
        seed: u64,
    ) -> Result<Self, DesignError> {
        check_dims(dims, u32::MAX as usize)?;
        check_points(trajectories, 1, u64::from(u32::MAX))?;
        if levels < 2 || !levels.is_multiple_of(2) {
            return Err(DesignError::Levels { asked: levels });
        }
        Ok(Self {
            dims,
            trajectories,
            levels,
            seed,
        })
    }

    /// Number of runs: one more than there are inputs, for each trajectory.
    pub fn n_runs(&self) -> u64 {
        self.trajectories * (self.dims as u64 + 1)
    }

    /// The point of a run, in (0, 1)ᵈ; the runs of a trajectory follow each other.
    ///
    /// # Panics
    /// When there is no such run, or `out` is not as long as there are inputs.
    pub fn point(&self, run: u64, out: &mut [f64]) {
        assert!(run < self.n_runs(), "run {run} of {}", self.n_runs());
        assert_eq!(out.len(), self.dims, "one number for each input");
        let per_walk = self.dims as u64 + 1;
        let (walk, step) = (self.walk(run / per_walk), (run % per_walk) as usize);
        for (dim, x) in out.iter_mut().enumerate() {
            let changed = walk.place[dim] < step;
            let level = if changed {
                walk.after[dim]
            } else {
                walk.before[dim]
            };
            *x = (f64::from(level) + 0.5) / f64::from(self.levels);
        }
    }

    fn walk(&self, trajectory: u64) -> Walk {
        let mut stream = Stream::numbered(self.seed, "morris-trajectory", trajectory);
        let half = self.levels / 2;
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for _ in 0..self.dims {
            let low = stream.below(half as usize) as u32;
            let up = stream.below(2) == 1;
            before.push(if up { low } else { low + half });
            after.push(if up { low + half } else { low });
        }
        // Fisher and Yates: each order of the changes is as likely as any other.
        let mut place: Vec<usize> = (0..self.dims).collect();
        for last in (1..self.dims).rev() {
            place.swap(last, stream.below(last + 1));
        }
        Walk {
            before,
            after,
            place,
        }
    }

    /// Effects of each input, in the inputs' order, from one output of every run; NaN stands for a run that failed.
    ///
    /// # Panics
    /// When there are not as many outputs as runs.
    pub fn effects(&self, outputs: &[f64]) -> Vec<Effect> {
        assert_eq!(
            outputs.len() as u64,
            self.n_runs(),
            "one output for each run"
        );
        let mut effects = vec![Vec::new(); self.dims];
        for (trajectory, outputs) in outputs.chunks(self.dims + 1).enumerate() {
            let walk = self.walk(trajectory as u64);
            for (dim, effects) in effects.iter_mut().enumerate() {
                let place = walk.place[dim];
                let change = outputs[place + 1] - outputs[place];
                let up = walk.after[dim] > walk.before[dim];
                let effect = if up { change / 0.5 } else { change / -0.5 };
                if effect.is_finite() {
                    effects.push(effect);
                }
            }
        }
        let effects = effects.iter().enumerate();
        effects
            .map(|(dim, effects)| self.summary(dim, effects))
            .collect()
    }

    fn summary(&self, dim: usize, effects: &[f64]) -> Effect {
        let used = effects.len();
        let mean = mean_of(effects);
        let sizes: Vec<f64> = effects.iter().map(|effect| effect.abs()).collect();
        let squares = effects
            .iter()
            .map(|effect| (effect - mean) * (effect - mean));
        let mut interval = (f64::NAN, f64::NAN);
        let mut deviation = f64::NAN;
        if used >= 2 {
            deviation = (squares.sum::<f64>() / (used - 1) as f64).sqrt();
            let mut stream = Stream::numbered(self.seed, "morris-interval", dim as u64);
            let mean = |times: &[u32]| vec![weighted_mean(&sizes, times)];
            interval = middle_95(resampled(used, DRAWS, &mut stream, mean).remove(0));
        }
        Effect {
            mean,
            absolute_mean: mean_of(&sizes),
            deviation,
            interval,
            used,
        }
    }
}

fn mean_of(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn weighted_mean(values: &[f64], times: &[u32]) -> f64 {
    let sum: f64 = values
        .iter()
        .zip(times)
        .map(|(value, times)| value * f64::from(*times))
        .sum();
    sum / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::super::testing::ishigami;
    use super::*;

    fn outputs(design: &Morris, function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        let output = |run| {
            let mut point = vec![0.0; design.dims];
            design.point(run, &mut point);
            function(&point)
        };
        (0..design.n_runs()).map(output).collect()
    }

    #[test]
    fn each_run_of_a_trajectory_changes_one_input_by_a_half_and_stays_on_the_grid() {
        let design = Morris::new(5, 20, 4, 3).unwrap();
        let (mut before, mut point) = ([0.0; 5], [0.0; 5]);
        let mut firsts = [0; 5];
        for run in 0..design.n_runs() {
            design.point(run, &mut point);
            assert!(
                point
                    .iter()
                    .all(|x| [0.125, 0.375, 0.625, 0.875].contains(x))
            );
            if run % 6 > 0 {
                let change = |dim: &usize| point[*dim] != before[*dim];
                let changed: Vec<usize> = (0..5).filter(change).collect();
                assert_eq!(changed.len(), 1);
                assert_eq!((point[changed[0]] - before[changed[0]]).abs(), 0.5);
                firsts[changed[0]] += usize::from(run % 6 == 1);
            }
            before = point;
        }
        // Of 20 first changes each input has 4 on average; that one has none has a probability of 1 %.
        assert!(firsts.iter().all(|count| *count > 0), "{firsts:?}");
    }

    #[test]
    fn a_line_has_its_slopes_as_effects_without_spread() {
        let slopes = [3.0, -2.0, 0.0, 0.5];
        let design = Morris::new(4, 10, 6, 1).unwrap();
        let line = |x: &[f64]| x.iter().zip(slopes).map(|(x, slope)| x * slope).sum();
        let effects = design.effects(&outputs(&design, line));
        for (effect, slope) in effects.iter().zip(slopes) {
            assert!((effect.mean - slope).abs() < 1e-14, "{effect:?}");
            assert!((effect.absolute_mean - slope.abs()).abs() < 1e-14);
            assert!(effect.deviation < 1e-14);
            assert!((effect.interval.1 - effect.interval.0).abs() < 1e-14);
            assert_eq!(effect.used, 10);
        }
    }

    #[test]
    fn the_inputs_of_ishigami_are_ordered_and_told_apart_as_known() {
        // On four levels x₂ acts as 7·sin²: its effects are one size with both signs, µ is 0. x₃ acts only with x₁.
        let design = Morris::new(3, 200, 4, 2).unwrap();
        let effects = design.effects(&outputs(&design, ishigami));
        let exact = exact_sizes(4);
        for (effect, exact) in effects.iter().zip(exact) {
            let (low, high) = effect.interval;
            // An interval may miss at 95 %, one of twice its width does not; x₂'s has no width but rounding errors.
            let slack = 0.5 * (high - low) + 1e-12;
            assert!(
                low - slack <= exact && exact <= high + slack,
                "{effect:?}, {exact}"
            );
            assert!(high - low < 0.35 * exact.max(1.0), "{effect:?}");
        }
        assert!(effects[0].absolute_mean > effects[2].absolute_mean);
        assert!(effects[2].mean.abs() < effects[2].deviation / 5.0);
    }

    /// Mean sizes of the effects over all of the grid, one by one.
    fn exact_sizes(levels: u32) -> [f64; 3] {
        let at = |level: u32| (f64::from(level) + 0.5) / f64::from(levels);
        let half = levels / 2;
        let mut sums = [0.0; 3];
        for (low, a, b) in (0..half)
            .flat_map(|low| (0..levels).flat_map(move |a| (0..levels).map(move |b| (low, a, b))))
        {
            for (dim, sum) in sums.iter_mut().enumerate() {
                let with = |level: u32| {
                    let mut point = [at(a), at(b), at(b)];
                    point[(dim + 1) % 3] = at(a);
                    point[(dim + 2) % 3] = at(b);
                    point[dim] = at(level);
                    ishigami(&point)
                };
                *sum += ((with(low + half) - with(low)) / 0.5).abs();
            }
        }
        sums.map(|sum| sum / f64::from(half * levels * levels))
    }

    #[test]
    fn effects_that_touch_a_failed_run_are_left_out_and_counted() {
        let design = Morris::new(3, 4, 4, 1).unwrap();
        let mut outputs = outputs(&design, |x| x[0] + 2.0 * x[1] + 3.0 * x[2]);
        // The first run of the first trajectory is touched by one effect, a run in the middle of the second by two.
        outputs[0] = f64::NAN;
        outputs[4 + 1] = f64::NAN;
        let effects = design.effects(&outputs);
        let used: usize = effects.iter().map(|effect| effect.used).sum();
        assert_eq!(used, 12 - 3);
        for (effect, slope) in effects.iter().zip([1.0, 2.0, 3.0]) {
            assert!((effect.mean - slope).abs() < 1e-14, "{effect:?}");
        }
        let nothing = design.effects(&[f64::NAN; 16]);
        assert!(
            nothing
                .iter()
                .all(|effect| effect.used == 0 && effect.mean.is_nan())
        );
    }

    #[test]
    fn odd_levels_are_refused() {
        let refused = Morris::new(3, 4, 5, 1).unwrap_err();
        assert_eq!(refused, DesignError::Levels { asked: 5 });
    }
}
