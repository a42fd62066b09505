//! Functions with known sensitivities.

use crate::math::sin;

/// Ishigami's function of shares, a = 7, b = 0.1: sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ with x in (−π, π).
///
/// Source: Ishigami and Homma 1990, First International Symposium on Uncertainty Modeling and Analysis, 398–403.
pub fn ishigami(shares: &[f64]) -> f64 {
    let x = |dim: usize| std::f64::consts::PI * (2.0 * shares[dim] - 1.0);
    let (second, third) = (sin(x(1)), x(2));
    sin(x(0)) * (1.0 + 0.1 * third * third * third * third) + 7.0 * second * second
}

/// Sobol's g function: the product of (|4x − 2| + a) / (1 + a).
///
/// Source: Saltelli and Sobol 1995, Reliability Engineering and System Safety 50:225–239.
pub fn g(a: &[f64], shares: &[f64]) -> f64 {
    let factor = |(a, x): (&f64, &f64)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a);
    a.iter().zip(shares).map(factor).product()
}
