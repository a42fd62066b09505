//! The search itself.

use std::cell::RefCell;

use levenberg_marquardt::{LeastSquaresProblem, LevenbergMarquardt};
use nalgebra::storage::Owned;
use nalgebra::{DMatrix, DVector, Dyn};

use super::{FitError, Free, Residuals, bounds};

/// Step of the central differences in the unbounded number, whose whole range is π. Truncation is some 1e-6 of the derivative;
/// a model that is computed to 1e-7 adds 1e-4, far less than anybody reads off a standard error.
const STEP: f64 = 1e-3;

/// Sum of squares, parameters and gradient are settled to this.
const TOLERANCE: f64 = 1e-8;

/// Where the search ended.
pub struct Outcome {
    /// Unbounded numbers, one per parameter.
    pub u: Vec<f64>,
    /// Residuals there.
    pub residuals: Vec<f64>,
    /// Their derivatives by the unbounded numbers.
    pub jacobian: DMatrix<f64>,
    /// Whether it is a minimum.
    pub converged: bool,
    /// Computed sets of residuals.
    pub evaluations: usize,
}

/// Looks for the minimum.
///
/// # Errors
/// When points are too few, or the model has no finite answer at the start or around the end.
pub fn minimise(free: &[Free], residuals: &mut Residuals<'_>) -> Result<Outcome, FitError> {
    let start = free.iter().map(bounds::start);
    let problem = Problem {
        free,
        u: DVector::from_iterator(free.len(), start),
        model: RefCell::new(Model {
            residuals,
            evaluations: 0,
        }),
    };
    let first = problem.residuals().ok_or(FitError::NotFinite)?;
    if first.len() <= free.len() {
        return Err(FitError::TooFewPoints {
            points: first.len(),
            parameters: free.len(),
        });
    }
    let search = LevenbergMarquardt::new()
        .with_tol(TOLERANCE)
        .with_patience(50);
    let (ended, report) = search.minimize(problem);
    let (Some(residuals), Some(jacobian)) = (ended.residuals(), ended.jacobian()) else {
        return Err(FitError::NotFinite);
    };
    // Residuals from differences have a floor: when no better can be told, it is a minimum as far as they go.
    let flat = matches!(
        report.termination,
        levenberg_marquardt::TerminationReason::NoImprovementPossible(_)
    );
    Ok(Outcome {
        u: ended.u.iter().copied().collect(),
        residuals: residuals.iter().copied().collect(),
        jacobian,
        converged: report.termination.was_successful() || flat,
        evaluations: ended.model.into_inner().evaluations,
    })
}

struct Problem<'a, 'r> {
    free: &'a [Free],
    u: DVector<f64>,
    // The minimiser asks through a shared reference; a model that is run needs to be its own.
    model: RefCell<Model<'a, 'r>>,
}

struct Model<'a, 'r> {
    residuals: &'a mut Residuals<'r>,
    evaluations: usize,
}

impl Problem<'_, '_> {
    /// Residuals at several places, each finite or none.
    fn at(&self, places: &[DVector<f64>]) -> Vec<Option<DVector<f64>>> {
        let value = |(free, u): (&Free, &f64)| bounds::unscaled(free, bounds::inward(free, *u));
        let sets: Vec<Vec<f64>> = places
            .iter()
            .map(|u| self.free.iter().zip(u.iter()).map(value).collect())
            .collect();
        let mut model = self.model.borrow_mut();
        model.evaluations += sets.len();
        let finite = |residuals: Option<Vec<f64>>| {
            let residuals = residuals?;
            let all = residuals.iter().all(|residual| residual.is_finite());
            all.then(|| DVector::from_vec(residuals))
        };
        (model.residuals)(&sets).into_iter().map(finite).collect()
    }
}

impl LeastSquaresProblem<f64, Dyn, Dyn> for Problem<'_, '_> {
    type ResidualStorage = Owned<f64, Dyn>;
    type JacobianStorage = Owned<f64, Dyn, Dyn>;
    type ParameterStorage = Owned<f64, Dyn>;

    fn set_params(&mut self, u: &DVector<f64>) {
        self.u.copy_from(u);
    }

    fn params(&self) -> DVector<f64> {
        self.u.clone()
    }

    fn residuals(&self) -> Option<DVector<f64>> {
        self.at(std::slice::from_ref(&self.u)).pop().flatten()
    }

    fn jacobian(&self) -> Option<DMatrix<f64>> {
        let moved = |at: usize, by: f64| {
            let mut u = self.u.clone();
            u[at] += by;
            u
        };
        let pairs = (0..self.u.len()).flat_map(|at| [moved(at, STEP), moved(at, -STEP)]);
        let residuals = self.at(&pairs.collect::<Vec<_>>());
        let residuals: Vec<DVector<f64>> = residuals.into_iter().collect::<Option<_>>()?;
        let columns = residuals
            .chunks(2)
            .map(|pair| (&pair[0] - &pair[1]) / (2.0 * STEP));
        Some(DMatrix::from_columns(&columns.collect::<Vec<_>>()))
    }
}
