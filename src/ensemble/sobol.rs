//! Sobol's sequence with the direction numbers of Joe and Kuo, plain or scrambled by a seed; any point at any time.
//!
//! The numbers come with the crate `sobol` (BSD-3-Clause; they do not change, so it matters little that its last release is
//! of 2020). Looked at besides: `sobol_burley` (256 dimensions, 2¹⁶ points, 32-bit floats), `sobol-qmc` (a fork that
//! brings `statrs` and its linear algebra). Its iterator is not used, since it goes forward only.

use sobol::Sobol;
use sobol::params::JoeKuoD6;

use crate::math::Stream;

/// Most dimensions of a sequence.
pub(super) const MOST_DIMS: usize = 1000;
/// Bits of a coordinate, and so the logarithm of the most points.
const BITS: u32 = 52;

/// The sequence.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    /// For each dimension the number that each bit of the (Gray-coded) index adds, in its upper 52 bits.
    directions: Vec<Vec<u64>>,
    /// For each dimension what is added to all points; none in the plain sequence.
    shifts: Option<Vec<u64>>,
}

impl Sequence {
    /// The sequence in up to 1000 dimensions, scrambled when there is a seed.
    ///
    /// Scrambling is a random lower triangular matrix and a digital shift per dimension: each point is then uniform in
    /// (0, 1)ᵈ, all together stay as even as before.
    /// Source: Joe and Kuo 2008, SIAM Journal on Scientific Computing 30:2635–2654 (`new-joe-kuo-6`); Matoušek 1998,
    /// Journal of Complexity 14:527–556.
    pub fn new(dims: usize, seed: Option<u64>) -> Self {
        let numbers = JoeKuoD6::standard();
        let mut directions =
            Sobol::<u64>::init_direction_vals::<u32>(dims, BITS as usize, &numbers);
        let shifts = seed.map(|seed| {
            let mut shifts = Vec::with_capacity(dims);
            for (dim, numbers) in directions.iter_mut().enumerate() {
                let mut stream = Stream::numbered(seed, "sobol", dim as u64);
                scramble(numbers, &mut stream);
                shifts.push(stream.next());
            }
            shifts
        });
        Self { directions, shifts }
    }

    /// Coordinates of the point of that index, below 2⁵², in the order of the reference program (Gray code).
    ///
    /// In the plain sequence the point 0 is the origin; all others, and all points of a scrambled one, lie within (0, 1)ᵈ.
    pub fn point(&self, index: u64, out: &mut [f64]) {
        let scale = (1_u64 << BITS) as f64;
        let gray = index ^ (index >> 1);
        for (dim, (x, numbers)) in out.iter_mut().zip(&self.directions).enumerate() {
            let mut bits = 0;
            let mut rest = gray;
            while rest != 0 {
                bits ^= numbers[rest.trailing_zeros() as usize];
                rest &= rest - 1;
            }
            // The middle of a scrambled point's cell, whose bits beyond the 52nd are random.
            let (bits, within) = match &self.shifts {
                Some(shifts) => (bits ^ shifts[dim], 0.5),
                None => (bits, 0.0),
            };
            *x = ((bits >> (u64::BITS - BITS)) as f64 + within) / scale;
        }
    }
}

/// Multiplies direction numbers by a random lower triangular matrix of bits with a diagonal of ones.
fn scramble(numbers: &mut [u64], stream: &mut Stream) {
    // Bit 63 is the first digit; each digit takes itself and some of those before it.
    let rows: Vec<u64> = (0..BITS)
        .map(|digit| {
            let own = 1 << (u64::BITS - 1 - digit);
            let before = if digit == 0 {
                0
            } else {
                u64::MAX << (u64::BITS - digit)
            };
            own | (stream.next() & before)
        })
        .collect();
    for number in numbers {
        let digit = |row: &u64| u64::from((row & *number).count_ones() & 1);
        let mixed = rows.iter().fold(0, |bits, row| bits << 1 | digit(row));
        *number = mixed << (u64::BITS - BITS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_points_are_the_published_ones() {
        // Output of the program that Joe and Kuo publish with their numbers (`sobol 10 3 new-joe-kuo-6.21201`).
        let published = [
            [0.0, 0.0, 0.0],
            [0.5, 0.5, 0.5],
            [0.75, 0.25, 0.25],
            [0.25, 0.75, 0.75],
            [0.375, 0.375, 0.625],
            [0.875, 0.875, 0.125],
            [0.625, 0.125, 0.875],
            [0.125, 0.625, 0.375],
            [0.1875, 0.3125, 0.9375],
            [0.6875, 0.8125, 0.4375],
        ];
        let sequence = Sequence::new(3, None);
        for (index, expected) in published.iter().enumerate() {
            let mut point = [9.0; 3];
            sequence.point(index as u64, &mut point);
            assert_eq!(point, *expected, "{index}");
        }
    }

    #[test]
    fn far_points_in_many_dimensions_are_those_of_scipy() {
        // scipy 1.17 (`stats.qmc.Sobol(1000, scramble=False)`), which has the same direction numbers.
        let sequence = Sequence::new(1000, None);
        let mut point = vec![0.0; 1000];
        for (index, at, expected) in SCIPY {
            sequence.point(index, &mut point);
            assert_eq!(at.map(|dim| point[dim]), expected, "{index}");
        }
    }

    const SCIPY: [(u64, [usize; 4], [f64; 4]); 2] = [
        (
            1000,
            [1, 7, 499, 999],
            [0.0966796875, 0.8994140625, 0.2548828125, 0.2001953125],
        ),
        (
            123456,
            [1, 7, 499, 999],
            [
                0.18274688720703125,
                0.46405792236328125,
                0.9188308715820312,
                0.9606246948242188,
            ],
        ),
    ];

    #[test]
    fn every_scrambled_dimension_keeps_one_point_in_each_cell() {
        let sequence = Sequence::new(20, Some(3));
        let mut seen = vec![[false; 256]; 20];
        let mut point = [0.0; 20];
        for index in 0..256 {
            sequence.point(index, &mut point);
            for (seen, x) in seen.iter_mut().zip(point) {
                assert!(x > 0.0 && x < 1.0);
                seen[(x * 256.0) as usize] = true;
            }
        }
        assert!(seen.iter().flatten().all(|seen| *seen));
    }

    #[test]
    fn seeds_give_different_points() {
        let first = |seed| {
            let mut point = [0.0; 5];
            Sequence::new(5, Some(seed)).point(0, &mut point);
            point
        };
        assert_eq!(first(1), first(1));
        assert!(first(1).iter().zip(first(2)).all(|(a, b)| *a != b));
    }
}
