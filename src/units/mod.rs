//! Dimensions, unit names and conversion; reads `"0.6 nM"`.

/// A unit: powers of the SI base kinds, times a factor.
///
/// The kinds are those of SBML: metre, kilogram, second, ampere, kelvin, mole, candela, and item apart from mole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Powers of metre, kilogram, second, ampere, kelvin, mole, candela, item. Halves occur (`sqrt`), so they are f64.
    pub powers: [f64; 8],
    /// How many coherent SI units one of this is.
    pub factor: f64,
}
