//! Exact fractions that notice when they outgrow their numbers.

/// A fraction in lowest terms with positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    over: i128,
    under: i128,
}

impl Ratio {
    /// 0
    pub(super) const ZERO: Self = Self { over: 0, under: 1 };
    /// 1
    pub(super) const ONE: Self = Self { over: 1, under: 1 };

    fn new(over: i128, under: i128) -> Option<Self> {
        let divisor = gcd(over, under);
        if divisor == 0 || under == 0 {
            return None;
        }
        let divisor = if under < 0 { -divisor } else { divisor };
        Some(Self {
            over: over / divisor,
            under: under / divisor,
        })
    }

    /// A number that is a fraction of moderate size; `None` for others, among them 0.1, which is none in binary.
    pub(super) fn from_f64(value: f64) -> Option<Self> {
        const LARGEST: f64 = 1e9;
        let mut under = 1.0;
        while value.is_finite() && under <= LARGEST {
            let over = value * under;
            if over.fract() == 0.0 && over.abs() <= LARGEST {
                return Self::new(over as i128, under as i128);
            }
            under *= 2.0;
        }
        None
    }

    /// The nearest number.
    pub(super) fn to_f64(self) -> f64 {
        self.over as f64 / self.under as f64
    }

    /// Whether it is below 0.
    pub(super) fn is_negative(self) -> bool {
        self.over < 0
    }

    /// `self · other`
    pub(super) fn times(self, other: Self) -> Option<Self> {
        let over = self.over.checked_mul(other.over)?;
        Self::new(over, self.under.checked_mul(other.under)?)
    }

    /// `self ÷ other`
    pub(super) fn over(self, other: Self) -> Option<Self> {
        let over = self.over.checked_mul(other.under)?;
        Self::new(over, self.under.checked_mul(other.over)?)
    }

    /// `self − other`
    pub(super) fn minus(self, other: Self) -> Option<Self> {
        let first = self.over.checked_mul(other.under)?;
        let second = other.over.checked_mul(self.under)?;
        Self::new(
            first.checked_sub(second)?,
            self.under.checked_mul(other.under)?,
        )
    }

    /// What makes all of `values` whole numbers without common divisor when multiplied; positive.
    pub(super) fn whole_scale(values: impl Iterator<Item = Self> + Clone) -> Option<Self> {
        let mut multiple: i128 = 1;
        for value in values.clone() {
            let shared = gcd(multiple, value.under);
            multiple = multiple.checked_mul(value.under / shared)?;
        }
        let mut divisor = 0;
        for value in values {
            divisor = gcd(divisor, value.over.checked_mul(multiple / value.under)?);
        }
        Self::new(multiple, divisor)
    }
}

fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    // 2¹²⁷ itself does not fit; products that large were refused by the checked operations before.
    i128::try_from(a).unwrap_or(0)
}
