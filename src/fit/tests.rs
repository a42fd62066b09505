use super::*;
use crate::math;

fn free(name: &str, start: f64, lower: f64, upper: f64, scale: Scale) -> Free {
    Free {
        name: name.to_string(),
        start,
        lower,
        upper,
        scale,
    }
}

/// Fits a formula to points.
fn fit(
    free: &[Free],
    points: &[(f64, f64)],
    formula: impl Fn(&[f64], f64) -> f64,
) -> Result<Fit, FitError> {
    let one = |p: &Vec<f64>| Some(points.iter().map(|(x, y)| formula(p, *x) - y).collect());
    least_squares(free, Errors::Estimated, &mut |sets: &[Vec<f64>]| {
        sets.iter().map(one).collect()
    })
}

fn near(found: f64, expected: f64, relative: f64) {
    assert!(
        (found - expected).abs() <= relative * expected.abs(),
        "{found} is not {expected}"
    );
}

/// NIST StRD Misra1a, certified values: <https://www.itl.nist.gov/div898/strd/nls/data/misra1a.shtml>.
#[test]
fn a_certified_fit_is_found_with_its_standard_errors() {
    let points = [
        (77.6, 10.07),
        (114.9, 14.73),
        (141.1, 17.94),
        (190.8, 23.93),
        (239.9, 29.61),
        (289.0, 35.18),
        (332.8, 40.02),
        (378.4, 44.82),
        (434.8, 50.76),
        (477.3, 55.05),
        (536.8, 61.01),
        (593.1, 66.40),
        (689.1, 75.47),
        (760.0, 81.78),
    ];
    let wanted = [
        free("b1", 500.0, 1.0, 1e4, Scale::Log),
        free("b2", 1e-4, 1e-6, 1e-1, Scale::Log),
    ];
    let model = |b: &[f64], x: f64| b[0] * (1.0 - math::exp(-b[1] * x));
    let fit = fit(&wanted, &points, model).unwrap();
    assert!(fit.is_identified());
    near(fit.parameters[0].value, 238.942_129_18, 1e-6);
    near(fit.parameters[1].value, 5.501_564_318_1e-4, 1e-6);
    near(fit.parameters[0].standard_error, 2.707_007_523_7, 1e-3);
    near(fit.parameters[1].standard_error, 7.266_868_889_5e-6, 1e-3);
    near(fit.sum_of_squares(), 0.124_551_388_94, 1e-6);
    assert_eq!(fit.degrees_of_freedom, 12);
}

#[test]
fn a_straight_line_has_the_covariance_of_the_textbook() {
    // y = a + b x at x = 0, 1, 2, 3 with residuals that leave s² = 0.02 / 2.
    let points = [(0.0, 1.05), (1.0, 2.95), (2.0, 4.95), (3.0, 7.05)];
    let wanted = [
        free("a", 0.0, -10.0, 10.0, Scale::Linear),
        free("b", 0.0, -10.0, 10.0, Scale::Linear),
    ];
    let fit = fit(&wanted, &points, |p, x| p[0] + p[1] * x).unwrap();
    near(fit.parameters[0].value, 1.0, 1e-7);
    near(fit.parameters[1].value, 2.0, 1e-7);
    near(fit.sum_of_squares(), 0.01, 1e-6);
    // Variance of the slope s²/Σ(x − x̄)² with s² = 0.005; of the intercept s²(1/4 + x̄²/5).
    near(
        fit.parameters[1].standard_error,
        (0.005_f64 / 5.0).sqrt(),
        1e-5,
    );
    near(
        fit.parameters[0].standard_error,
        (0.005_f64 * 0.7).sqrt(),
        1e-5,
    );
    near(fit.correlation[0][1], -1.5 / 3.5_f64.sqrt(), 1e-5);
    let reach = 4.3027 * (0.005_f64 / 5.0).sqrt();
    near(fit.parameters[1].interval.1, 2.0 + reach, 1e-5);
}

#[test]
fn a_parameter_that_the_data_want_beyond_its_bound_ends_there_and_is_said_to() {
    let points: Vec<(f64, f64)> = (0..8).map(|x| (f64::from(x), 3.0 * f64::from(x))).collect();
    let wanted = [free("slope", 1.0, 0.5, 2.0, Scale::Linear)];
    let fit = fit(&wanted, &points, |p, x| p[0] * x).unwrap();
    near(fit.parameters[0].value, 2.0, 1e-5);
    assert_eq!(fit.parameters[0].verdict, Verdict::AtBound);
    assert!(fit.parameters[0].standard_error.is_nan());
    assert!(!fit.is_identified());
}

#[test]
fn parameters_that_only_act_together_are_not_identified() {
    let points: Vec<(f64, f64)> = (1..9).map(|x| (f64::from(x), 6.0 * f64::from(x))).collect();
    let wanted = [
        free("a", 1.0, 0.1, 100.0, Scale::Log),
        free("b", 1.0, 0.1, 100.0, Scale::Log),
    ];
    let fit = fit(&wanted, &points, |p, x| p[0] * p[1] * x).unwrap();
    near(fit.parameters[0].value * fit.parameters[1].value, 6.0, 1e-6);
    assert!(fit.condition > 1e8, "{}", fit.condition);
    assert!(
        fit.parameters
            .iter()
            .all(|one| one.verdict == Verdict::Uncertain)
    );
}

#[test]
fn what_cannot_be_fitted_is_refused_with_its_reason() {
    let wanted = [free("a", 1.0, 2.0, 1.0, Scale::Linear)];
    let refused = fit(&wanted, &[(0.0, 0.0), (1.0, 1.0)], |p, _| p[0]);
    assert_eq!(refused, Err(FitError::Bounds("a".to_string())));
    let log = [free("a", 1.0, 0.0, 1.0, Scale::Log)];
    let refused = fit(&log, &[(0.0, 0.0), (1.0, 1.0)], |p, _| p[0]);
    assert_eq!(refused, Err(FitError::Bounds("a".to_string())));
    let wanted = [free("a", 1.0, 0.5, 2.0, Scale::Linear)];
    let few = fit(&wanted, &[(0.0, 1.0)], |p, _| p[0]).unwrap_err();
    assert_eq!(few.to_string(), "1 points do not determine 1 parameters");
    let undefined = fit(&wanted, &[(0.0, 1.0), (1.0, 1.0)], |_, _| f64::NAN);
    assert_eq!(undefined, Err(FitError::NotFinite));
}
