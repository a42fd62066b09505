//! Points of a design by their number: any of them at any time, in constant memory.

use crate::diag::Diagnostic;
use crate::scenario::sweep::{Axis, Sampling, Scheme, Sweep, Value};

use super::morris::Morris;
use super::sampler::{self, DesignError, Sampler};
use super::variance::Saltelli;

/// The points of a design.
pub trait Points: Sync {
    /// How many there are.
    fn count(&self) -> u64;
    /// A value for each axis, in the axes' order; `at` is below the count.
    fn point(&self, at: u64) -> Vec<Value>;
}

/// The points of a sweep.
///
/// # Errors
/// When there are more than can be counted, or than the design has.
pub fn points(sweep: &Sweep) -> Result<Box<dyn Points + '_>, Box<Diagnostic>> {
    match sweep.scheme {
        Scheme::Grid => match Grid::new(&sweep.groups) {
            Some(grid) => Ok(Box::new(grid)),
            None => {
                let message = "the grid has more points than can be counted";
                let found = Diagnostic::error("sweep/too-many", message).at(sweep.span);
                let hint = "take fewer values, or draw points: `design = \"sobol\"`";
                Err(Box::new(found.hint(hint)))
            }
        },
        Scheme::Sampled {
            sampling,
            runs,
            seed,
        } => match Sampled::new(&sweep.groups, sampling, runs, seed) {
            Ok(sampled) => Ok(Box::new(sampled)),
            Err(error) => {
                let message = format!("the design cannot have {error}");
                let found = Diagnostic::error("sweep/too-many", message).at(sweep.span);
                let hint = "take fewer axes or runs, or draw points: `design = \"random\"`";
                Err(Box::new(found.hint(hint)))
            }
        },
    }
}

/// Points drawn from all of the space; axes that move together share a draw.
pub struct Sampled<'a> {
    groups: &'a [Vec<Axis>],
    draws: Draws,
}

/// Where the shares of a point come from.
#[derive(Clone, Debug)]
pub enum Draws {
    /// Points that fill the space.
    Filling(Sampler),
    /// Walks for elementary effects.
    Walks(Morris),
    /// Rows for shares of the variance.
    Rows(Saltelli),
}

/// Levels of the grid of walks: the usual number.
const LEVELS: u32 = 4;

impl Draws {
    /// So many points (walks, base rows) over so many axes.
    ///
    /// # Errors
    /// When the design has no such number of points or axes.
    pub fn new(sampling: Sampling, dims: usize, runs: u64, seed: u64) -> Result<Self, DesignError> {
        let filling = |kind| Ok(Self::Filling(Sampler::new(kind, dims, runs, Some(seed))?));
        match sampling {
            Sampling::Random => filling(sampler::Sampling::Random),
            Sampling::LatinHypercube => filling(sampler::Sampling::LatinHypercube),
            Sampling::Sobol => filling(sampler::Sampling::Sobol),
            Sampling::Morris => Ok(Self::Walks(Morris::new(dims, runs, LEVELS, seed)?)),
            Sampling::Saltelli => Ok(Self::Rows(Saltelli::new(dims, runs, Some(seed))?)),
        }
    }

    /// How many points there are.
    pub fn count(&self) -> u64 {
        match self {
            Self::Filling(sampler) => sampler.count(),
            Self::Walks(morris) => morris.n_runs(),
            Self::Rows(saltelli) => saltelli.n_runs(),
        }
    }

    /// The shares of a point.
    pub fn point(&self, at: u64, shares: &mut [f64]) {
        match self {
            Self::Filling(sampler) => sampler.point(at, shares),
            Self::Walks(morris) => morris.point(at, shares),
            Self::Rows(saltelli) => saltelli.point(at, shares),
        }
    }
}

impl<'a> Sampled<'a> {
    /// So many points.
    ///
    /// # Errors
    /// When the design has no such number of points or axes.
    pub fn new(
        groups: &'a [Vec<Axis>],
        sampling: Sampling,
        runs: u64,
        seed: u64,
    ) -> Result<Self, DesignError> {
        let draws = Draws::new(sampling, groups.len(), runs, seed)?;
        Ok(Self { groups, draws })
    }
}

impl Points for Sampled<'_> {
    fn count(&self) -> u64 {
        self.draws.count()
    }

    fn point(&self, at: u64) -> Vec<Value> {
        let mut shares = vec![0.0; self.groups.len()];
        self.draws.point(at, &mut shares);
        let values = self.groups.iter().zip(shares).flat_map(|(group, share)| {
            let value = move |axis: &Axis| axis.values.at_share(share, &axis.form, axis.log);
            group.iter().map(value).collect::<Vec<_>>()
        });
        values.collect()
    }
}

/// Every value of every group of axes with every other; the last group changes fastest.
#[derive(Clone, Debug)]
pub struct Grid<'a> {
    groups: &'a [Vec<Axis>],
    lengths: Vec<u64>,
}

impl<'a> Grid<'a> {
    /// The grid of groups whose axes have listed values; none when it has more points than can be counted.
    ///
    /// # Panics
    /// When the values of an axis are not listed.
    pub fn new(groups: &'a [Vec<Axis>]) -> Option<Self> {
        let length = |group: &Vec<Axis>| {
            let first = group.first().and_then(|axis| axis.values.len());
            first.expect("a grid takes listed values") as u64
        };
        let lengths: Vec<u64> = groups.iter().map(length).collect();
        lengths
            .iter()
            .try_fold(1_u64, |product, length| product.checked_mul(*length))?;
        Some(Self { groups, lengths })
    }
}

impl Points for Grid<'_> {
    fn count(&self) -> u64 {
        self.lengths.iter().product()
    }

    fn point(&self, at: u64) -> Vec<Value> {
        let mut rest = at;
        let mut places = vec![0; self.lengths.len()];
        for (place, length) in places.iter_mut().zip(&self.lengths).rev() {
            *place = (rest % length) as usize;
            rest /= length;
        }
        let values = self.groups.iter().zip(places).flat_map(|(group, place)| {
            let values = group.iter().map(move |axis| axis.values.at(place));
            values.collect::<Vec<_>>()
        });
        values.collect()
    }
}
