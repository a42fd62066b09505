//! Points of a design by their number: any of them at any time, in constant memory.

use crate::scenario::sweep::{Axis, Value};

/// The points of a design.
pub trait Points: Sync {
    /// How many there are.
    fn count(&self) -> u64;
    /// A value for each axis, in the axes' order; `at` is below the count.
    fn point(&self, at: u64) -> Vec<Value>;
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
