//! The loops over states of one attempt, each compiled for the lane type.

use super::tableau::{A, C, H, STAGES};
use crate::math::{Lane, LaneMask};

/// The increments of one state, one per stage.
pub type Increments<L> = [L; STAGES];

/// What the dense output of one state needs: y₀, y₁, k₁, k₂, k₃.
pub type Polynomial<L> = [L; 5];

/// The argument of a stage (counted from 0; not 0 itself) into `argument`, and Σ Cᵢⱼ uⱼ into `sum`.
///
/// For stages 6 and 7 `argument` must hold the argument of the stage before.
pub fn prepare<L: Lane>(
    stage: usize,
    y: &[L],
    u: &[Increments<L>],
    argument: &mut [L],
    sum: &mut [L],
) {
    match stage {
        1 => prepare_stage::<L, 1>(y, u, argument, sum),
        2 => prepare_stage::<L, 2>(y, u, argument, sum),
        3 => prepare_stage::<L, 3>(y, u, argument, sum),
        4 => prepare_stage::<L, 4>(y, u, argument, sum),
        5 => prepare_stage::<L, 5>(y, u, argument, sum),
        6 => prepare_stage::<L, 6>(y, u, argument, sum),
        7 => prepare_stage::<L, 7>(y, u, argument, sum),
        _ => unreachable!("stages 1 to 7 have an argument of their own"),
    }
}

fn prepare_stage<L: Lane, const S: usize>(
    y: &[L],
    u: &[Increments<L>],
    argument: &mut [L],
    sum: &mut [L],
) {
    L::vectorize(
        #[inline(always)]
        || {
            for (((argument, sum), y), u) in argument.iter_mut().zip(sum).zip(y).zip(u) {
                *argument = if S <= 5 {
                    weighted::<L, S, 5>(*y, &A[S.min(5)], u)
                } else {
                    *argument + u[S - 1]
                };
                *sum = weighted::<L, S, 7>(L::splat(0.0), &C[S], u);
            }
        },
    );
}

/// `start` + Σ over the first `S` of weight times increment.
#[inline(always)]
fn weighted<L: Lane, const S: usize, const N: usize>(
    start: L,
    weights: &[f64; N],
    u: &Increments<L>,
) -> L {
    let mut sum = start;
    for j in 0..S.min(N) {
        sum = sum + L::splat(weights[j]) * u[j];
    }
    sum
}

/// Completes the right-hand side of the first stage: f + h d ∂f/∂t.
pub fn first_right_side<L: Lane>(h_d: L, f: &[L], time_derivative: &[L], out: &mut [L]) {
    L::vectorize(
        #[inline(always)]
        || {
            for ((out, f), ft) in out.iter_mut().zip(f).zip(time_derivative) {
                *out = *f + h_d * *ft;
            }
        },
    );
}

/// Completes the right-hand side of a later stage: `out` holds f, and gets M Σ/h and h d ∂f/∂t added.
pub fn right_side<L: Lane>(
    h: L,
    d: f64,
    mass: &[f64],
    sum: &[L],
    time_derivative: &[L],
    out: &mut [L],
) {
    L::vectorize(
        #[inline(always)]
        || {
            let per_h = L::splat(1.0) / h;
            if d == 0.0 {
                for ((out, mass), sum) in out.iter_mut().zip(mass).zip(sum) {
                    *out = *out + L::splat(*mass) * (*sum * per_h);
                }
                return;
            }
            let h_d = h * L::splat(d);
            for (((out, mass), sum), ft) in out.iter_mut().zip(mass).zip(sum).zip(time_derivative) {
                *out = *out + L::splat(*mass) * (*sum * per_h) + h_d * *ft;
            }
        },
    );
}

/// Keeps the solution of a stage's system as its increment.
pub fn keep<L: Lane>(stage: usize, solution: &[L], u: &mut [Increments<L>]) {
    for (u, x) in u.iter_mut().zip(solution) {
        u[stage] = *x;
    }
}

/// The new state into `argument` (which holds the argument of the last stage), and the largest scaled error.
///
/// The error of a state counts against `atol + rtol · max(|y₀|, |y₁|)`. The norm is the largest, not the
/// root mean square: a state is then held to its tolerance however many idle ones share the model, and a
/// module added beside others does not loosen their steps. A state that is not finite gives NaN.
pub fn finish<L: Lane>(
    rtol: f64,
    atol: &[f64],
    y: &[L],
    u: &[Increments<L>],
    argument: &mut [L],
) -> L {
    L::vectorize(
        #[inline(always)]
        || {
            let rtol = L::splat(rtol);
            // Keeps a state that is exactly zero, with no absolute tolerance, from giving 0/0.
            let tiny = L::splat(f64::MIN_POSITIVE);
            let mut worst = L::splat(0.0);
            for (((new, atol), y), u) in argument.iter_mut().zip(atol).zip(y).zip(u) {
                let error = u[STAGES - 1];
                *new = *new + error;
                let scale = L::splat(*atol) + rtol * y.abs().max(new.abs()) + tiny;
                // An infinite state would scale its own error away: infinity times zero is NaN.
                worst = worst.max(error.abs() / scale + *new * L::splat(0.0));
            }
            worst
        },
    )
}

/// In the lanes of `accepted`, moves to the new state and keeps the dense output of the step.
pub fn accept<L: Lane>(
    accepted: L::Mask,
    new: &[L],
    u: &[Increments<L>],
    y: &mut [L],
    polynomials: &mut [Polynomial<L>],
) {
    L::vectorize(
        #[inline(always)]
        || {
            for (((y, new), u), polynomial) in y.iter_mut().zip(new).zip(u).zip(polynomials) {
                let zero = L::splat(0.0);
                let made = [
                    *y,
                    *new,
                    weighted::<L, 8, 8>(zero, &H[0], u),
                    weighted::<L, 8, 8>(zero, &H[1], u),
                    weighted::<L, 8, 8>(zero, &H[2], u),
                ];
                for (old, made) in polynomial.iter_mut().zip(made) {
                    *old = L::select(accepted, made, *old);
                }
                *y = L::select(accepted, *new, *y);
            }
        },
    );
}

/// The largest componentwise backward error of x as a solution of (shift M − J) x = b, over all rows.
///
/// |b − W x| ÷ (|b| + |W| |x|): 1e-16 or so after a good factorisation, 1 after a useless one, whatever
/// the units of the rows. NaN when anything is not finite.
pub fn backward_error<L: Lane>(system: &Sparse<'_, L>, shift: L, x: &[L], b: &[L]) -> L {
    L::vectorize(
        #[inline(always)]
        || {
            let tiny = L::splat(f64::MIN_POSITIVE);
            let mut worst = L::splat(0.0);
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
                worst = worst.max(residual.abs() / (size + tiny));
            }
            worst
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

/// Number of the first state that is not finite in `lane`, if any.
pub fn first_not_finite<L: Lane>(values: &[L], lane: usize) -> Option<usize> {
    values.iter().position(|v| !v.lane(lane).is_finite())
}

/// The mask of the lanes for which `f` is true.
pub fn mask_of<L: Lane>(mut f: impl FnMut(usize) -> bool) -> L::Mask {
    let bits = (0..L::WIDTH).fold(0, |bits, lane| bits | (u32::from(f(lane)) << lane));
    L::Mask::from_bits(bits)
}
