//! What an attempt does besides its loops over states: checks, and sums over the Jacobian.

use crate::math::{Lane, LaneMask};

/// Where x solves (shift M − J) x = b with a componentwise backward error of at most `bound` in all rows.
///
/// The error is |b − W x| ÷ (|b| + |W| |x|): 1e-16 or so after a good factorisation, 1 after a useless one, whatever
/// the units of the rows. Nothing that is not finite is a solution.
pub fn is_solution<L: Lane>(
    system: &Sparse<'_, L>,
    shift: L,
    x: &[L],
    b: &[L],
    bound: f64,
) -> L::Mask {
    L::vectorize(
        #[inline(always)]
        || {
            let tiny = L::splat(f64::MIN_POSITIVE);
            let bound = L::splat(bound);
            let mut solved = L::Mask::splat(true);
            let rows = system.row_starts.windows(2).zip(system.mass);
            for (((ends, mass), x_row), b) in rows.zip(x).zip(b) {
                let shifted = shift * L::splat(*mass) * *x_row;
                let mut residual = *b - shifted;
                let mut size = b.abs() + shifted.abs();
                let places = ends[0]..ends[1];
                for (entry, column) in system.jacobian[places.clone()]
                    .iter()
                    .zip(&system.columns[places])
                {
                    let term = *entry * x[*column];
                    residual = residual + term;
                    size = size + term.abs();
                }
                // No division: one per row would cost more than the rest of it. Infinities are no sizes to compare with.
                let small = residual.abs().le(bound * (size + tiny));
                solved = solved.and(small).and(size.lt(L::splat(f64::INFINITY)));
            }
            solved
        },
    )
}

/// A Jacobian by rows and the diagonal of M.
pub struct Sparse<'a, L> {
    /// The diagonal of M.
    pub mass: &'a [f64],
    /// Row starts, n + 1.
    pub row_starts: &'a [usize],
    /// Column of each entry.
    pub columns: &'a [usize],
    /// The entries.
    pub jacobian: &'a [L],
}

/// max |y″| ÷ (atol + rtol |y|) over the differential states, with y″ = J f + ∂f/∂t.
///
/// `f` is the derivative; on algebraic rows it is no rate of change and is left out.
#[inline(always)]
pub fn scaled_curvature<L: Lane>(
    system: &Sparse<'_, L>,
    rtol: f64,
    atol: &[f64],
    y: &[L],
    f: &[L],
    time_derivative: &[L],
) -> L {
    let tiny = L::splat(f64::MIN_POSITIVE);
    let mut worst = L::splat(0.0);
    for i in 0..y.len() {
        if system.mass[i] == 0.0 {
            continue;
        }
        let mut curvature = time_derivative[i];
        for place in system.row_starts[i]..system.row_starts[i + 1] {
            let column = system.columns[place];
            curvature =
                curvature + system.jacobian[place] * f[column] * L::splat(system.mass[column]);
        }
        let scale = L::splat(atol[i]) + L::splat(rtol) * y[i].abs() + tiny;
        worst = worst.max(curvature.abs() / scale);
    }
    worst
}

/// The lanes in which all values are finite.
#[inline(always)]
pub fn finite<L: Lane>(values: &[L]) -> L::Mask {
    L::vectorize(
        #[inline(always)]
        || {
            // Infinity times zero is NaN, and NaN stays NaN in a sum.
            let sum = values
                .iter()
                .fold(L::splat(0.0), |sum, value| sum + *value * L::splat(0.0));
            sum.is_nan().not()
        },
    )
}

/// In the lanes of `accepted`, moves to the new state; `start` gets where all lanes stood.
pub fn accept<L: Lane>(accepted: L::Mask, new: &[L], y: &mut [L], start: &mut [L]) {
    L::vectorize(
        #[inline(always)]
        || {
            for ((y, new), start) in y.iter_mut().zip(new).zip(start) {
                *start = *y;
                *y = L::select(accepted, *new, *y);
            }
        },
    );
}

/// Number of the first state that is not finite in `lane`, if any.
pub fn first_not_finite<L: Lane>(values: &[L], lane: usize) -> Option<usize> {
    values.iter().position(|v| !v.lane(lane).is_finite())
}

/// The mask of the lanes for which `f` is true.
#[inline(always)]
pub fn mask_of<L: Lane>(mut f: impl FnMut(usize) -> bool) -> L::Mask {
    let bits = (0..L::WIDTH).fold(0, |bits, lane| bits | (u32::from(f(lane)) << lane));
    L::Mask::from_bits(bits)
}
