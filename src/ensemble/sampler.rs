//! Points in the open unit cube by their number: random, stratified or evenly spread.

use std::fmt;

use super::permutation::Permutation;
use super::sobol::{MOST_DIMS, Sequence};
use crate::math::Stream;

/// Most points of a design: places and jitter of a Latin hypercube share the 53 bits of a number.
const MOST_POINTS: u64 = 1 << 40;

/// How points are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sampling {
    /// Independent and uniform.
    Random,
    /// One point in each of `n` equal slices of every dimension, otherwise independent.
    ///
    /// Source: McKay, Beckman, Conover 1979, Technometrics 21:239–245.
    LatinHypercube,
    /// Sobol's sequence, scrambled when there is a seed. At its best when `n` is a power of two.
    Sobol,
}

/// Why there is no such design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignError {
    /// There are no dimensions, or more than the sequence has numbers for.
    Dimensions {
        /// As asked for.
        asked: usize,
        /// The most that there may be.
        most: usize,
    },
    /// There are too few points or too many.
    Points {
        /// As asked for.
        asked: u64,
        /// The fewest that there may be.
        least: u64,
        /// The most that there may be.
        most: u64,
    },
    /// The levels of a Morris design are not an even number from 2 on.
    Levels {
        /// As asked for.
        asked: u32,
    },
}

impl fmt::Display for DesignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dimensions { asked, most } => {
                write!(f, "{asked} dimensions; there can be 1 to {most}")
            }
            Self::Points { asked, least, most } => {
                write!(f, "{asked} points; there can be {least} to {most}")
            }
            Self::Levels { asked } => {
                write!(f, "{asked} levels; an even number of at least 2 is needed")
            }
        }
    }
}

impl std::error::Error for DesignError {}

/// A design of `n` points in `dims` dimensions.
#[derive(Clone, Debug)]
pub struct Sampler {
    dims: usize,
    n: u64,
    seed: u64,
    way: Way,
}

#[derive(Clone, Debug)]
enum Way {
    Random,
    /// The order of the slices in each dimension.
    Latin(Vec<Permutation>),
    Sobol {
        sequence: Sequence,
        /// Index of the first point.
        from: u64,
    },
}

impl Sampler {
    /// The design. Its size in memory depends on `dims` alone.
    ///
    /// Without a seed, Sobol's sequence is the plain one, without its point in the origin; the other ways then take the
    /// seed 0. The first points of a random or a Sobol design do not depend on `n`.
    ///
    /// # Errors
    /// No dimension, more than 1000 dimensions of Sobol's sequence, no point or more than 2⁴⁰.
    pub fn new(
        kind: Sampling,
        dims: usize,
        n: u64,
        seed: Option<u64>,
    ) -> Result<Self, DesignError> {
        let most = if kind == Sampling::Sobol {
            MOST_DIMS
        } else {
            u32::MAX as usize
        };
        check_dims(dims, most)?;
        check_points(n, 1, MOST_POINTS)?;
        let way = match kind {
            Sampling::Random => Way::Random,
            Sampling::LatinHypercube => Way::Latin(orders(dims, n, seed.unwrap_or(0))),
            Sampling::Sobol => Way::Sobol {
                sequence: Sequence::new(dims, seed),
                from: u64::from(seed.is_none()),
            },
        };
        Ok(Self {
            dims,
            n,
            seed: seed.unwrap_or(0),
            way,
        })
    }

    /// Number of dimensions.
    pub fn dims(&self) -> usize {
        self.dims
    }

    /// Number of points.
    pub fn count(&self) -> u64 {
        self.n
    }

    /// Point of that number, each coordinate within (0, 1), never 0 or 1.
    ///
    /// # Panics
    /// When `run` is not below the number of points, or `out` is not as long as there are dimensions.
    pub fn point(&self, run: u64, out: &mut [f64]) {
        assert!(run < self.n, "point {run} of {}", self.n);
        assert_eq!(out.len(), self.dims, "one number for each dimension");
        match &self.way {
            Way::Random => {
                let mut stream = Stream::numbered(self.seed, "random-points", run);
                out.fill_with(|| stream.uniform());
            }
            Way::Latin(orders) => self.latin(orders, run, out),
            Way::Sobol { sequence, from } => sequence.point(from + run, out),
        }
    }

    fn latin(&self, orders: &[Permutation], run: u64, out: &mut [f64]) {
        let mut stream = Stream::numbered(self.seed, "latin-jitter", run);
        // As many bits of jitter as leave the sum with its slice exact: it never gets into the next slice.
        let bits = 52 - (u64::BITS - (self.n - 1).leading_zeros());
        let steps = (1_u64 << bits) as f64;
        for (x, order) in out.iter_mut().zip(orders) {
            let jitter = ((stream.next() >> (u64::BITS - bits)) as f64 + 0.5) / steps;
            *x = (order.at(run) as f64 + jitter) / self.n as f64;
        }
    }
}

fn orders(dims: usize, n: u64, seed: u64) -> Vec<Permutation> {
    let stream = |dim| Stream::numbered(seed, "latin-order", dim);
    (0..dims as u64)
        .map(|dim| Permutation::new(n, &mut stream(dim)))
        .collect()
}

pub(super) fn check_dims(asked: usize, most: usize) -> Result<(), DesignError> {
    if (1..=most).contains(&asked) {
        return Ok(());
    }
    Err(DesignError::Dimensions { asked, most })
}

pub(super) fn check_points(asked: u64, least: u64, most: u64) -> Result<(), DesignError> {
    if (least..=most).contains(&asked) {
        return Ok(());
    }
    Err(DesignError::Points { asked, least, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(kind: Sampling, dims: usize, n: u64, seed: Option<u64>) -> Vec<Vec<f64>> {
        let sampler = Sampler::new(kind, dims, n, seed).unwrap();
        // Backwards, since any order must do.
        let mut points: Vec<Vec<f64>> = (0..n)
            .rev()
            .map(|run| {
                let mut point = vec![0.0; dims];
                sampler.point(run, &mut point);
                point
            })
            .collect();
        points.reverse();
        points
    }

    /// Squared L2 star discrepancy (Warnock 1972): 0 would be perfectly even.
    fn discrepancy(points: &[Vec<f64>]) -> f64 {
        let n = points.len() as f64;
        let dims = points[0].len() as i32;
        let power = |base: f64| (0..dims).fold(1.0, |product, _| product * base);
        let single = |point: &Vec<f64>| point.iter().map(|x| 1.0 - x * x).product::<f64>();
        let pair = |a: &Vec<f64>, b: &Vec<f64>| {
            let factors = a.iter().zip(b).map(|(a, b)| 1.0 - a.max(*b));
            factors.product::<f64>()
        };
        let singles: f64 = points.iter().map(single).sum();
        let pairs = points
            .iter()
            .flat_map(|a| points.iter().map(move |b| pair(a, b)));
        power(1.0 / 3.0) - power(0.5) * 2.0 / n * singles + pairs.sum::<f64>() / (n * n)
    }

    #[test]
    fn a_latin_hypercube_has_one_point_in_each_slice_of_each_dimension() {
        for n in [1, 2, 7, 100, 1024] {
            let points = points(Sampling::LatinHypercube, 3, n, Some(9));
            for dim in 0..3 {
                let slice = |point: &Vec<f64>| (point[dim] * n as f64) as u64;
                let mut slices: Vec<u64> = points.iter().map(slice).collect();
                slices.sort_unstable();
                assert_eq!(slices, (0..n).collect::<Vec<_>>());
            }
            let inside = |x: &f64| *x > 0.0 && *x < 1.0;
            assert!(points.iter().flatten().all(inside));
        }
    }

    #[test]
    fn the_dimensions_of_a_latin_hypercube_are_independent() {
        // Correlation of independent columns: standard deviation 1/√(n − 1), here 0.022; five of them.
        let points = points(Sampling::LatinHypercube, 4, 2_000, Some(1));
        for (a, b) in [(0, 1), (0, 2), (1, 3), (2, 3)] {
            let product = |point: &Vec<f64>| (point[a] - 0.5) * (point[b] - 0.5);
            let correlation = points.iter().map(product).sum::<f64>() * 12.0 / 2_000.0;
            assert!(correlation.abs() < 0.112, "{a}, {b}: {correlation}");
        }
    }

    #[test]
    fn the_largest_latin_hypercube_stays_inside() {
        let sampler = Sampler::new(Sampling::LatinHypercube, 1, MOST_POINTS, Some(5)).unwrap();
        let mut point = [0.0];
        for run in [0, 1, MOST_POINTS / 2, MOST_POINTS - 1] {
            sampler.point(run, &mut point);
            assert!(point[0] > 0.0 && point[0] < 1.0);
        }
    }

    #[test]
    fn sobol_points_are_more_even_than_random_ones() {
        // Expected for random points: (2⁻ᵈ − 3⁻ᵈ)/n, here 1.05e-4; theirs must be within a factor of two or so.
        let random = discrepancy(&points(Sampling::Random, 3, 1024, Some(2)));
        assert!((0.5e-4..2.5e-4).contains(&random), "{random}");
        for seed in [None, Some(2)] {
            let sobol = discrepancy(&points(Sampling::Sobol, 3, 1024, seed));
            assert!(sobol < random / 50.0, "{sobol}, {random}");
        }
    }

    #[test]
    fn plain_sobol_points_begin_after_the_origin() {
        let points = points(Sampling::Sobol, 2, 3, None);
        assert_eq!(points, [[0.5, 0.5], [0.75, 0.25], [0.25, 0.75]]);
    }

    #[test]
    fn a_seed_fixes_the_points_and_another_one_changes_them() {
        for kind in [Sampling::Random, Sampling::LatinHypercube, Sampling::Sobol] {
            assert_eq!(points(kind, 2, 8, Some(1)), points(kind, 2, 8, Some(1)));
            assert_ne!(points(kind, 2, 8, Some(1)), points(kind, 2, 8, Some(2)));
        }
    }

    #[test]
    fn impossible_designs_are_refused() {
        let refusal = |kind, dims, n| Sampler::new(kind, dims, n, None).map(|_| ()).unwrap_err();
        let too_many = refusal(Sampling::Sobol, 1001, 8).to_string();
        assert_eq!(too_many, "1001 dimensions; there can be 1 to 1000");
        let none = DesignError::Points {
            asked: 0,
            least: 1,
            most: 1 << 40,
        };
        assert_eq!(refusal(Sampling::Random, 2, 0), none);
    }
}
