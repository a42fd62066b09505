//! The loops over states of one attempt, in two forms that give the same bits: packs of trajectories, one state after the
//! other, and packs of neighbouring states of one trajectory.
//!
//! Vectors are padded to whole packs; what stands in the padding is finite and tells nothing. Increments lie stage by
//! stage, each stage one padded vector, so that neighbouring states are neighbours in memory.

use std::marker::PhantomData;

use super::tableau::{A, C, H, STAGES};
use crate::math::Lane;

/// The loops over states.
pub trait Loops<L: Lane>: Send + Sync {
    /// Length of a vector of `n` states with its padding.
    fn padded(&self, n: usize) -> usize;

    /// The argument of a stage (counted from 0; not 0 itself) into `argument`, and Σ Cᵢⱼ uⱼ into `sum`.
    ///
    /// For stages 6 and 7 `argument` must hold the argument of the stage before.
    fn prepare(&self, stage: usize, y: &[L], u: &[L], argument: &mut [L], sum: &mut [L]);

    /// The right-hand side of the first stage: f + h d ∂f/∂t.
    fn first_right_side(&self, h_d: L, f: &[L], time_derivative: &[L], out: &mut [L]);

    /// Completes the right-hand side of a later stage: `out` holds f, and gets M Σ/h and h d ∂f/∂t added.
    fn right_side(&self, terms: &Terms<'_, L>, out: &mut [L]);

    /// The new state into `argument` (which holds the argument of the last stage), and the largest scaled error.
    ///
    /// The error of a state counts against `atol + rtol · max(|y₀|, |y₁|)`. The norm is the largest, not the
    /// root mean square: a state is then held to its tolerance however many idle ones share the model, and a
    /// module added beside others does not loosen their steps. A state that is not finite gives NaN.
    fn finish(&self, rtol: f64, atol: &[f64], y: &[L], error: &[L], argument: &mut [L]) -> L;

    /// What the dense output needs besides the states at both ends: k₁, k₂, k₃, one padded vector after the other.
    fn bends(&self, u: &[L], bends: &mut [L]);
}

/// What is added to the f of a stage.
pub struct Terms<'a, L> {
    /// Length of the step.
    pub h: L,
    /// The weight of ∂f/∂t.
    pub d: f64,
    /// The diagonal of M.
    pub mass: &'a [f64],
    /// Σ Cᵢⱼ uⱼ.
    pub sum: &'a [L],
    /// ∂f/∂t.
    pub time_derivative: &'a [L],
}

/// How a loop reads and writes its vectors.
trait Access: Send + Sync + 'static {
    /// What the vectors are of.
    type Element: Lane;
    /// What is computed with at a time.
    type Pack: Lane;
    /// How many elements a pack is.
    const STRIDE: usize;
    fn load(from: &[Self::Element], at: usize) -> Self::Pack;
    fn store(pack: Self::Pack, to: &mut [Self::Element], at: usize);
    /// An element for every state of a pack.
    fn every(element: Self::Element) -> Self::Pack;
    /// Numbers that are the same for all trajectories.
    fn numbers(from: &[f64], at: usize) -> Self::Pack;
    /// The largest over the states of a pack; NaN if one is.
    fn largest(pack: Self::Pack) -> Self::Element;
}

/// Packs of trajectories.
pub struct ByLanes<L>(PhantomData<L>);

/// Packs of states of one trajectory.
pub struct ByStates<W>(PhantomData<W>);

impl<L> Default for ByLanes<L> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<W> Default for ByStates<W> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<L: Lane> Access for ByLanes<L> {
    type Element = L;
    type Pack = L;
    const STRIDE: usize = 1;
    #[inline(always)]
    fn load(from: &[L], at: usize) -> L {
        from[at]
    }
    #[inline(always)]
    fn store(pack: L, to: &mut [L], at: usize) {
        to[at] = pack;
    }
    #[inline(always)]
    fn every(element: L) -> L {
        element
    }
    #[inline(always)]
    fn numbers(from: &[f64], at: usize) -> L {
        L::splat(from[at])
    }
    #[inline(always)]
    fn largest(pack: L) -> L {
        pack
    }
}

impl<W: Lane> Access for ByStates<W> {
    type Element = f64;
    type Pack = W;
    const STRIDE: usize = W::WIDTH;
    #[inline(always)]
    fn load(from: &[f64], at: usize) -> W {
        W::load(&from[at..])
    }
    #[inline(always)]
    fn store(pack: W, to: &mut [f64], at: usize) {
        pack.store(&mut to[at..]);
    }
    #[inline(always)]
    fn every(element: f64) -> W {
        W::splat(element)
    }
    #[inline(always)]
    fn numbers(from: &[f64], at: usize) -> W {
        W::load(&from[at..])
    }
    #[inline(always)]
    fn largest(pack: W) -> f64 {
        let mut numbers = [0.0; 8];
        pack.store(&mut numbers);
        let mut largest = numbers[0];
        for number in &numbers[1..W::WIDTH] {
            largest = Lane::max(largest, *number);
        }
        largest
    }
}

macro_rules! implement {
    ($by:ident<$type:ident>, $element:ty) => {
        impl<$type: Lane> Loops<$element> for $by<$type> {
            fn padded(&self, n: usize) -> usize {
                // A system without states still has its clock: one pack of nothing keeps the loops the same.
                n.max(1).next_multiple_of(<Self as Access>::STRIDE)
            }
            fn prepare(
                &self,
                stage: usize,
                y: &[$element],
                u: &[$element],
                argument: &mut [$element],
                sum: &mut [$element],
            ) {
                prepare::<Self>(stage, y, u, argument, sum);
            }
            fn first_right_side(
                &self,
                h_d: $element,
                f: &[$element],
                time_derivative: &[$element],
                out: &mut [$element],
            ) {
                first_right_side::<Self>(h_d, f, time_derivative, out);
            }
            fn right_side(&self, terms: &Terms<'_, $element>, out: &mut [$element]) {
                right_side::<Self>(terms, out);
            }
            fn finish(
                &self,
                rtol: f64,
                atol: &[f64],
                y: &[$element],
                error: &[$element],
                argument: &mut [$element],
            ) -> $element {
                finish::<Self>(rtol, atol, y, error, argument)
            }
            fn bends(&self, u: &[$element], bends: &mut [$element]) {
                let n = bends.len() / H.len();
                for (weights, bends) in H.iter().zip(bends.chunks_exact_mut(n)) {
                    bend::<Self>(weights, u, bends);
                }
            }
        }
    };
}

implement!(ByLanes<L>, L);
implement!(ByStates<W>, f64);

fn prepare<B: Access>(
    stage: usize,
    y: &[B::Element],
    u: &[B::Element],
    argument: &mut [B::Element],
    sum: &mut [B::Element],
) {
    match stage {
        1 => prepare_stage::<B, 1>(y, u, argument, sum),
        2 => prepare_stage::<B, 2>(y, u, argument, sum),
        3 => prepare_stage::<B, 3>(y, u, argument, sum),
        4 => prepare_stage::<B, 4>(y, u, argument, sum),
        5 => prepare_stage::<B, 5>(y, u, argument, sum),
        6 => prepare_stage::<B, 6>(y, u, argument, sum),
        7 => prepare_stage::<B, 7>(y, u, argument, sum),
        _ => unreachable!("stages 1 to 7 have an argument of their own"),
    }
}

fn prepare_stage<B: Access, const S: usize>(
    y: &[B::Element],
    u: &[B::Element],
    argument: &mut [B::Element],
    sum: &mut [B::Element],
) {
    B::Pack::vectorize(
        #[inline(always)]
        || {
            let n = argument.len();
            for at in (0..n).step_by(B::STRIDE) {
                let moved = if S <= 5 {
                    weighted::<B, S, 5>(B::load(y, at), &A[S.min(5)], u, n, at)
                } else {
                    B::load(argument, at) + B::load(u, (S - 1) * n + at)
                };
                B::store(moved, argument, at);
                let zero = B::Pack::splat(0.0);
                B::store(weighted::<B, S, 7>(zero, &C[S], u, n, at), sum, at);
            }
        },
    );
}

/// `start` + Σ over the first `S` stages of weight times increment, at place `at` of vectors of length `n`.
#[inline(always)]
fn weighted<B: Access, const S: usize, const N: usize>(
    start: B::Pack,
    weights: &[f64; N],
    u: &[B::Element],
    n: usize,
    at: usize,
) -> B::Pack {
    let mut sum = start;
    for (j, weight) in weights.iter().enumerate().take(S) {
        sum = sum + B::Pack::splat(*weight) * B::load(u, j * n + at);
    }
    sum
}

fn first_right_side<B: Access>(
    h_d: B::Element,
    f: &[B::Element],
    time_derivative: &[B::Element],
    out: &mut [B::Element],
) {
    B::Pack::vectorize(
        #[inline(always)]
        || {
            let h_d = B::every(h_d);
            for at in (0..out.len()).step_by(B::STRIDE) {
                let side = B::load(f, at) + h_d * B::load(time_derivative, at);
                B::store(side, out, at);
            }
        },
    );
}

fn right_side<B: Access>(terms: &Terms<'_, B::Element>, out: &mut [B::Element]) {
    B::Pack::vectorize(
        #[inline(always)]
        || {
            let h = B::every(terms.h);
            let (per_h, h_d) = (B::Pack::splat(1.0) / h, h * B::Pack::splat(terms.d));
            for at in (0..out.len()).step_by(B::STRIDE) {
                let mass = B::numbers(terms.mass, at);
                let mut side = B::load(out, at) + mass * (B::load(terms.sum, at) * per_h);
                if terms.d != 0.0 {
                    side = side + h_d * B::load(terms.time_derivative, at);
                }
                B::store(side, out, at);
            }
        },
    );
}

fn finish<B: Access>(
    rtol: f64,
    atol: &[f64],
    y: &[B::Element],
    error: &[B::Element],
    argument: &mut [B::Element],
) -> B::Element {
    B::Pack::vectorize(
        #[inline(always)]
        || {
            let rtol = B::Pack::splat(rtol);
            let zero = B::Pack::splat(0.0);
            // Keeps a state that is exactly zero, with no absolute tolerance, from giving 0/0.
            let tiny = B::Pack::splat(f64::MIN_POSITIVE);
            let mut worst = zero;
            for at in (0..argument.len()).step_by(B::STRIDE) {
                let error = B::load(error, at);
                let new = B::load(argument, at) + error;
                B::store(new, argument, at);
                let size = B::load(y, at).abs().max(new.abs());
                let scale = B::numbers(atol, at) + rtol * size + tiny;
                // An infinite state would scale its own error away: infinity times zero is NaN.
                worst = worst.max(error.abs() / scale + new * zero);
            }
            B::largest(worst)
        },
    )
}

fn bend<B: Access>(weights: &[f64; STAGES], u: &[B::Element], bends: &mut [B::Element]) {
    B::Pack::vectorize(
        #[inline(always)]
        || {
            let n = bends.len();
            for at in (0..n).step_by(B::STRIDE) {
                let zero = B::Pack::splat(0.0);
                let bend = weighted::<B, STAGES, STAGES>(zero, weights, u, n, at);
                B::store(bend, bends, at);
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::Pack;

    /// Numbers of either sign, seeded.
    fn numbers(n: usize, padded: usize, seed: u64) -> Vec<f64> {
        let mut state = seed;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        };
        (0..padded)
            .map(|at| if at < n { next() } else { 0.0 })
            .collect()
    }

    /// All that an attempt computes of `n` states, without the padding.
    fn attempt(loops: &dyn Loops<f64>, n: usize) -> (Vec<f64>, f64) {
        let padded = loops.padded(n);
        let vector = |seed| numbers(n, padded, seed);
        let (y, f, slope) = (vector(1), vector(2), vector(3));
        let u: Vec<f64> = (0..8).flat_map(|stage| vector(10 + stage)).collect();
        let (mut argument, mut sum, mut side) = (vector(4), vector(5), vector(6));
        let mass: Vec<f64> = (0..padded).map(|at| f64::from(at % 3 != 1)).collect();
        let mut found = Vec::new();
        loops.first_right_side(0.3, &f, &slope, &mut side);
        found.extend_from_slice(&side[..n]);
        for stage in 1..STAGES {
            loops.prepare(stage, &y, &u[..stage * padded], &mut argument, &mut sum);
            found.extend_from_slice(&argument[..n]);
            let terms = Terms {
                h: 0.7,
                d: if stage > 4 { 0.0 } else { 0.2 },
                mass: &mass,
                sum: &sum,
                time_derivative: &slope,
            };
            loops.right_side(&terms, &mut side);
            found.extend_from_slice(&side[..n]);
        }
        let atol = vec![1e-3; padded];
        let error = loops.finish(1e-2, &atol, &y, &u[7 * padded..], &mut argument);
        found.extend_from_slice(&argument[..n]);
        let mut bends = vec![0.0; 3 * padded];
        loops.bends(&u, &mut bends);
        for bend in bends.chunks_exact(padded) {
            found.extend_from_slice(&bend[..n]);
        }
        (found, error)
    }

    #[test]
    fn packs_of_states_give_the_bits_of_one_state_after_the_other() {
        for n in 1..20 {
            let (alone, error) = attempt(&ByLanes::<f64>::default(), n);
            let packs: [&dyn Loops<f64>; 3] = [
                &ByStates::<f64>::default(),
                &ByStates::<Pack<4>>::default(),
                &ByStates::<Pack<8>>::default(),
            ];
            for pack in packs {
                let (together, same) = attempt(pack, n);
                assert_eq!(error.to_bits(), same.to_bits(), "{n} states");
                let bits = |values: &[f64]| values.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&alone), bits(&together), "{n} states");
            }
        }
    }

    #[test]
    fn a_state_that_is_not_finite_shows_in_the_error_wherever_it_stands() {
        for at in 0..5 {
            for wrong in [f64::NAN, f64::INFINITY] {
                let mut argument = vec![1.0; 8];
                argument[at] = wrong;
                let loops = ByStates::<Pack<8>>::default();
                let error = loops.finish(1e-2, &[1.0; 8], &[1.0; 8], &[0.0; 8], &mut argument);
                assert!(error.is_nan(), "state {at}");
            }
        }
    }
}
