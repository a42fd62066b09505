//! Student's t.

/// The number of standard errors that a two-sided 95 % confidence interval reaches, for so many degrees of freedom.
///
/// Exact to 1e-4. Infinite for 0 degrees of freedom.
/// Source: tables for up to 5 degrees; beyond them the expansion about the normal quantile of Abramowitz and Stegun 1964,
/// *Handbook of Mathematical Functions*, 26.7.5.
/// ```
/// # use insilin::fit::two_sided_95;
/// assert!((two_sided_95(10) - 2.2281).abs() < 1e-4);
/// assert!((two_sided_95(1_000_000) - 1.9600).abs() < 1e-4);
/// ```
pub fn two_sided_95(degrees_of_freedom: usize) -> f64 {
    const FEW: [f64; 6] = [f64::INFINITY, 12.7062, 4.3027, 3.1824, 2.7764, 2.5706];
    if let Some(few) = FEW.get(degrees_of_freedom) {
        return *few;
    }
    let (n, z) = (degrees_of_freedom as f64, 1.959_963_984_540_054_f64);
    let z2 = z * z;
    let first = z * (z2 + 1.0) / 4.0;
    let second = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    let third = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    let fourth = z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0;
    z + (first + (second + (third + fourth / n) / n) / n) / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        // Fisher and Yates, *Statistical Tables*: the column of 5 %.
        for (degrees, quantile) in [
            (4, 2.7764),
            (6, 2.4469),
            (8, 2.3060),
            (20, 2.0860),
            (60, 2.0003),
        ] {
            assert!((two_sided_95(degrees) - quantile).abs() < 2e-4, "{degrees}");
        }
    }
}
