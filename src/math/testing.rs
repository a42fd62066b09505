//! What the tests of every lane type share: numbers of all kinds, and the comparison with plain `f64`.

use super::*;

/// Bit for bit the same, or both NaN.
pub(crate) fn same(x: f64, y: f64) -> bool {
    x.to_bits() == y.to_bits() || (x.is_nan() && y.is_nan())
}

/// 2⁻⁵³: makes a fraction of 53 random bits.
const EPSILON: f64 = f64::EPSILON / 2.0;

/// Repeatable numbers (xorshift64*).
pub(crate) struct Numbers(u64);

const SPECIAL: [f64; 20] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    3.0,
    -3.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MAX,
    f64::MIN,
    f64::MIN_POSITIVE,
    5e-324,
    -5e-324,
    1e22,
    709.8,
    -745.2,
    170.0,
];

impl Numbers {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    pub(crate) fn word(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Any bit pattern, a special value, or a number of everyday size.
    pub(crate) fn any(&mut self) -> f64 {
        let word = self.word();
        match self.word() % 8 {
            0 => SPECIAL[(word % 20) as usize],
            1 | 2 => f64::from_bits(word),
            3 => (word % 64) as f64 - 20.0,
            4 => ((word >> 11) as f64 * EPSILON - 0.5) * 1500.0,
            _ => ((word >> 11) as f64 * EPSILON - 0.5) * 8.0,
        }
    }

    pub(crate) fn pack<L: Lane>(&mut self) -> L {
        L::from_fn(|_| self.any())
    }
}

/// Asserts that every operation and function of `L` gives in each lane what `f64` gives alone.
///
/// `numbers` is how many numbers go through each.
pub(crate) fn check_lane_type<L: Lane>(numbers: usize) {
    let mut source = Numbers::new(1);
    for _ in 0..numbers / L::WIDTH {
        let (x, y) = (source.pack::<L>(), source.pack::<L>());
        check_arithmetic(x, y);
        check_bits(x, y);
        check_masks(x, y);
        check_functions(x, y);
    }
    check_moves::<L>(&mut source);
}

fn check_unary<L: Lane>(name: &str, x: L, f: impl Fn(L) -> L, alone: impl Fn(f64) -> f64) {
    check_binary(name, x, x, |x, _| f(x), |x, _| alone(x));
}

fn check_binary<L: Lane>(
    name: &str,
    x: L,
    y: L,
    f: impl Fn(L, L) -> L,
    alone: impl Fn(f64, f64) -> f64,
) {
    let got = L::vectorize(
        #[inline(always)]
        || f(x, y),
    );
    for i in 0..L::WIDTH {
        let (x, y) = (x.lane(i), y.lane(i));
        let expected = alone(x, y);
        assert!(
            same(got.lane(i), expected),
            "{name}({x:e}, {y:e}) in lane {i}: {:e}, not {expected:e}",
            got.lane(i)
        );
    }
}

macro_rules! unary {
    ($x:expr; $($f:ident)*) => {$( check_unary(stringify!($f), $x, |x| x.$f(), |x| Lane::$f(x)); )*};
}
macro_rules! binary {
    ($x:expr, $y:expr; $($f:ident)*) => {$( check_binary(stringify!($f), $x, $y, |x, y| x.$f(y), |x, y| Lane::$f(x, y)); )*};
}
macro_rules! functions {
    ($x:expr; $($f:ident)*) => {$( check_unary(stringify!($f), $x, $f::<L>, $f::<f64>); )*};
}

fn check_arithmetic<L: Lane>(x: L, y: L) {
    check_binary("add", x, y, |x, y| x + y, |x, y| x + y);
    check_binary("sub", x, y, |x, y| x - y, |x, y| x - y);
    check_binary("mul", x, y, |x, y| x * y, |x, y| x * y);
    check_binary("div", x, y, |x, y| x / y, |x, y| x / y);
    check_unary("neg", x, |x| -x, |x| -x);
    unary!(x; sqrt abs floor ceil trunc);
    binary!(x, y; min max copysign rem);
}

fn check_bits<L: Lane>(x: L, y: L) {
    let pattern = 0x0123_4567_89ab_cdef;
    check_unary(
        "bits_and",
        x,
        |x| x.bits_and(pattern),
        |x| x.bits_and(pattern),
    );
    check_unary("bits_or", x, |x| x.bits_or(pattern), |x| x.bits_or(pattern));
    check_unary(
        "bits_add",
        x,
        |x| x.bits_add(pattern),
        |x| x.bits_add(pattern),
    );
    check_binary("bits_xor", x, y, |x, y| x.bits_xor(y), |x, y| x.bits_xor(y));
    check_unary(
        "bits_shl",
        x,
        |x| x.bits_shl::<52>(),
        |x| x.bits_shl::<52>(),
    );
    check_unary(
        "bits_shr",
        x,
        |x| x.bits_shr::<52>(),
        |x| x.bits_shr::<52>(),
    );
}

fn check_masks<L: Lane>(x: L, y: L) {
    type OfLanes<L> = fn(L, L) -> <L as Lane>::Mask;
    type Alone = fn(f64, f64) -> bool;
    let comparisons: [(OfLanes<L>, Alone); 7] = [
        (L::lt, |x, y| x < y),
        (L::le, |x, y| x <= y),
        (L::gt, |x, y| x > y),
        (L::ge, |x, y| x >= y),
        (L::eq, |x, y| x == y),
        (L::ne, |x, y| x != y),
        (L::same_bits, |x, y| x.to_bits() == y.to_bits()),
    ];
    for (of_lanes, alone) in comparisons {
        let mask = of_lanes(x, y);
        let picked = L::select(mask, x, y);
        for i in 0..L::WIDTH {
            let (x, y) = (x.lane(i), y.lane(i));
            assert_eq!(mask.bit(i), alone(x, y), "comparison of {x} and {y}");
            assert!(same(picked.lane(i), if alone(x, y) { x } else { y }));
        }
    }
    check_mask_logic::<L>(x.lt(y), x.gt(L::splat(0.0)));
}

fn check_mask_logic<L: Lane>(a: L::Mask, b: L::Mask) {
    let every = L::Mask::splat(true).bits();
    assert_eq!(every, u32::MAX >> (32 - L::WIDTH));
    assert_eq!(L::Mask::splat(false).bits(), 0);
    assert_eq!(a.and(b).bits(), a.bits() & b.bits());
    assert_eq!(a.or(b).bits(), a.bits() | b.bits());
    assert_eq!(a.not().bits(), !a.bits() & every);
    assert_eq!(a.any(), a.bits() != 0);
    assert_eq!(a.all(), a.bits() == every);
    assert_eq!(L::Mask::from_bits(a.bits() | !every).bits(), a.bits());
}

fn check_functions<L: Lane>(x: L, y: L) {
    functions!(x; exp ln log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh factorial);
    check_binary("pow", x, y, pow::<L>, pow::<f64>);
}

fn check_moves<L: Lane>(source: &mut Numbers) {
    let numbers: Vec<f64> = (0..L::WIDTH + 2).map(|_| source.any()).collect();
    let pack = L::load(&numbers);
    let mut back = vec![7.0; L::WIDTH + 1];
    pack.store(&mut back);
    for i in 0..L::WIDTH {
        assert!(same(pack.lane(i), numbers[i]) && same(back[i], numbers[i]));
        let changed = pack.with_lane(i, 42.0);
        for (j, &number) in numbers.iter().enumerate().take(L::WIDTH) {
            assert!(same(changed.lane(j), if i == j { 42.0 } else { number }));
        }
        assert!(same(pack.map(|x| x + 1.0).lane(i), numbers[i] + 1.0));
        assert_eq!(pack.is_nan().bit(i), numbers[i].is_nan());
    }
    assert_eq!(back[L::WIDTH], 7.0, "a store writes its width and no more");
    assert!((0..L::WIDTH).all(|i| L::splat(2.5).lane(i) == 2.5));
}
