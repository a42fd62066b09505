//! The lane types that this processor has, found at run time, and the choice among them.

#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "vector instructions; sound because only `with_lanes` hands the type out, after a look at the processor"
)]
mod avx2;
#[cfg(target_arch = "x86_64")]
#[expect(
    unsafe_code,
    reason = "vector instructions; sound because only `with_lanes` hands the type out, after a look at the processor"
)]
mod avx512;
#[cfg(any(target_arch = "x86_64", test))]
mod pair;

#[cfg(target_arch = "x86_64")]
use std::any::TypeId;

use crate::math::{Lane, Pack};

/// One way to hold a pack. All give the same bits; they differ in width and speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneKind {
    /// Plain `f64`.
    Single,
    /// Four in an array, on any machine.
    Portable4,
    /// Eight in an array, on any machine.
    Portable8,
    /// Four in a 256-bit register.
    Avx2x4,
    /// Eight in two 256-bit registers.
    Avx2x8,
    /// Eight in a 512-bit register.
    Avx512x8,
}

impl LaneKind {
    /// Every kind, slowest first within a width.
    pub const ALL: [Self; 6] = [
        Self::Single,
        Self::Portable4,
        Self::Portable8,
        Self::Avx2x4,
        Self::Avx2x8,
        Self::Avx512x8,
    ];

    /// How many numbers a pack of this kind holds.
    pub fn width(self) -> usize {
        match self {
            Self::Single => 1,
            Self::Portable4 | Self::Avx2x4 => 4,
            Self::Portable8 | Self::Avx2x8 | Self::Avx512x8 => 8,
        }
    }

    /// Whether this processor can run it.
    pub fn is_available(self) -> bool {
        match self {
            Self::Single | Self::Portable4 | Self::Portable8 => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2x4 | Self::Avx2x8 => std::is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512x8 => std::is_x86_feature_detected!("avx512f"),
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }

    /// The fastest kind of a width that this processor can run.
    ///
    /// Panics for widths other than 1, 4 and 8.
    pub fn best(width: usize) -> Self {
        Self::ALL
            .into_iter()
            .rfind(|kind| kind.width() == width && kind.is_available())
            .expect("packs hold 1, 4 or 8 numbers, and each width has a portable kind")
    }
}

/// Work that is the same for every lane type.
///
/// A closure cannot be generic, hence a trait. Its hot loops enter [`Lane::vectorize`] themselves.
pub trait LaneJob {
    /// What the work gives.
    type Output;
    /// Does it with packs of type `L`.
    fn run<L: Lane>(self) -> Self::Output;
}

/// Runs a job with the fastest packs of a width (1, 4 or 8) that this processor has.
pub fn with_best_lanes<J: LaneJob>(width: usize, job: J) -> J::Output {
    with_lanes(LaneKind::best(width), job)
}

/// Runs a job with packs of one kind, which must be available.
pub fn with_lanes<J: LaneJob>(kind: LaneKind, job: J) -> J::Output {
    assert!(
        kind.is_available(),
        "this processor lacks the instructions for {kind:?}"
    );
    match kind {
        LaneKind::Single => job.run::<f64>(),
        LaneKind::Portable4 => job.run::<Pack<4>>(),
        LaneKind::Portable8 => job.run::<Pack<8>>(),
        #[cfg(target_arch = "x86_64")]
        LaneKind::Avx2x4 => job.run::<avx2::F64x4>(),
        #[cfg(target_arch = "x86_64")]
        LaneKind::Avx2x8 => job.run::<pair::Pair<avx2::F64x4>>(),
        #[cfg(target_arch = "x86_64")]
        LaneKind::Avx512x8 => job.run::<avx512::F64x8>(),
        #[cfg(not(target_arch = "x86_64"))]
        _ => unreachable!("kinds that are not available were refused above"),
    }
}

/// Whether a type is known to be `WIDTH` numbers side by side and nothing else, so that generated code may work on it.
#[cfg(target_arch = "x86_64")]
pub(super) fn is_plain<L: Lane>() -> bool {
    let plain = [
        TypeId::of::<f64>(),
        TypeId::of::<Pack<4>>(),
        TypeId::of::<Pack<8>>(),
        TypeId::of::<avx2::F64x4>(),
        TypeId::of::<pair::Pair<avx2::F64x4>>(),
        TypeId::of::<avx512::F64x8>(),
    ];
    plain.contains(&TypeId::of::<L>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::testing::check_lane_type;

    struct Check;

    impl LaneJob for Check {
        type Output = usize;
        fn run<L: Lane>(self) -> usize {
            check_lane_type::<L>(100_000);
            L::WIDTH
        }
    }

    #[test]
    fn every_lane_type_of_this_processor_gives_the_bits_of_single_numbers() {
        for kind in LaneKind::ALL.into_iter().filter(|kind| kind.is_available()) {
            assert_eq!(with_lanes(kind, Check), kind.width());
        }
    }

    #[test]
    fn a_pair_of_portable_packs_gives_the_bits_of_single_numbers() {
        check_lane_type::<pair::Pair<Pack<4>>>(20_000);
    }

    #[test]
    fn the_best_kind_has_the_width_asked_for() {
        for width in [1, 4, 8] {
            assert_eq!(LaneKind::best(width).width(), width);
        }
    }
}
