//! Dopri5 and Dop853 of the crate `ode_solvers`, for problems that are not stiff: opt-in.
//!
//! One call covers one interval between stops. There are no algebraic rows, delays or roots here; the caller refuses
//! models that have them. Powers in that crate come from the C library, so the last digits are the same on one machine
//! only.

use std::cell::{Cell, RefCell};
use std::fmt;

use ode_solvers::continuous_output_model::ContinuousOutputModel;
use ode_solvers::dop_shared::{IntegrationError, OutputType, Stats, System};
use ode_solvers::{DVector, Dop853, Dopri5};

/// Which explicit Runge–Kutta pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExplicitMethod {
    /// Dormand–Prince 5(4), dense output of order 4.
    Dopri5,
    /// Dormand–Prince 8(5,3); values between steps by a step of its own, of order 8.
    Dop853,
}

/// What an explicit integration is to keep to.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplicitControl {
    /// Relative tolerance, > 0.
    pub rtol: f64,
    /// Absolute tolerance, as a share of the scale of each state.
    pub atol: f64,
    /// The nominal size of each state, > 0, in its units: y divided by it is what is integrated.
    pub scale: Vec<f64>,
    /// Longest step, in units of time; infinite for no bound.
    pub max_step: f64,
    /// Steps at most, rejected ones included.
    pub max_steps: u32,
}

impl ExplicitControl {
    /// The usual bounds at these tolerances.
    pub fn new(rtol: f64, atol: f64, scale: Vec<f64>) -> Self {
        Self {
            rtol,
            atol,
            scale,
            max_step: f64::INFINITY,
            max_steps: 100_000,
        }
    }
}

/// Why an explicit integration ended early. All but `NotFinite` are usual for stiff problems, and
/// [`Rodas5P`](crate::solve::Rodas5P) is the way out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExplicitFailure {
    /// Stability, not accuracy, limits the steps.
    Stiff {
        /// Where that was noticed.
        t: f64,
    },
    /// The error stays too large even in the shortest step.
    StepTooSmall {
        /// Where it happened.
        t: f64,
    },
    /// The bound on steps was reached.
    TooManySteps {
        /// How far it came.
        t: f64,
    },
    /// A derivative or a state is infinite or not a number.
    NotFinite {
        /// Where f was asked for.
        t: f64,
        /// The first state concerned.
        state: usize,
    },
}

impl fmt::Display for ExplicitFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stiff { t } => write!(
                out,
                "the problem turns stiff at t = {t}; Rodas5P is made for that"
            ),
            Self::StepTooSmall { t } => {
                write!(out, "no step is short enough at t = {t}; Rodas5P may go on")
            }
            Self::TooManySteps { t } => write!(
                out,
                "too many steps before t = {t}; Rodas5P may need far fewer"
            ),
            Self::NotFinite { t, state } => write!(out, "state {state} is not finite at t = {t}"),
        }
    }
}

/// What an explicit integration cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExplicitStatistics {
    /// Steps made.
    pub accepted: usize,
    /// Attempts that failed.
    pub rejected: usize,
    /// Evaluations of f.
    pub derivative_calls: usize,
}

/// f(t, y) into the last argument.
pub type Derivative<'a> = &'a mut dyn FnMut(f64, &[f64], &mut [f64]);

/// Integrates y′ = f(t, y) over `[from, to]`, `y` being the state at `from` and, afterwards, at `to`.
///
/// * `times` — rising times in `[from, to]`; `output` gets the number, the time and the state of each
///
/// What switches at `to` is not seen: f is asked for strictly before it. The integration itself does not depend
/// on `times`. On failure `y` is as it was. Stiffness is looked for every hundredth step
/// (Hairer, Nørsett, Wanner, *Solving Ordinary Differential Equations I*, 2nd ed., IV.2 of volume II).
pub fn integrate(
    method: ExplicitMethod,
    control: &ExplicitControl,
    f: Derivative<'_>,
    span: [f64; 2],
    y: &mut [f64],
    times: &[f64],
    output: &mut dyn FnMut(usize, f64, &[f64]),
) -> Result<ExplicitStatistics, ExplicitFailure> {
    assert_eq!(control.scale.len(), y.len(), "one scale per state");
    let [from, to] = span;
    if y.is_empty() || to <= from {
        times.iter().enumerate().for_each(|(k, t)| output(k, *t, y));
        return Ok(ExplicitStatistics::default());
    }
    let problem = Problem {
        f: RefCell::new(f),
        from,
        length: to - from,
        latest: to.next_down(),
        scale: &control.scale,
        buffers: RefCell::new((vec![0.0; y.len()], vec![0.0; y.len()])),
        not_finite: Cell::new(None),
    };
    let scaled = y.iter().zip(&control.scale).map(|(y, scale)| y / scale);
    let start = DVector::from_iterator(y.len() + 1, scaled.chain([0.0]));
    let mut work = Run {
        problem: &problem,
        control,
    };
    let solution = work.run(method, start)?;
    let mut state = y.to_vec();
    for (k, t) in times.iter().enumerate() {
        work.at(&solution, t - from, &mut state)?;
        output(k, *t, &state);
    }
    unscale(
        solution.states.last().expect("a solution has an end"),
        &control.scale,
        y,
    );
    Ok(solution.statistics)
}

/// The problem as the crate wants it: time from 0, states divided by their scale, and time itself as a last state
/// that runs from 0 to 1.
///
/// The time the crate hands to f is not used: in version 0.6.2 the twelfth node of Dop853 is 0 where it must be
/// 1, which spoils every f that depends on time. A state that is the time has the right value at every stage.
struct Problem<'a> {
    f: RefCell<Derivative<'a>>,
    from: f64,
    length: f64,
    latest: f64,
    scale: &'a [f64],
    buffers: RefCell<(Vec<f64>, Vec<f64>)>,
    /// The first place where f was not finite.
    not_finite: Cell<Option<(f64, usize)>>,
}

impl System<f64, DVector<f64>> for &Problem<'_> {
    fn system(&self, _x: f64, z: &DVector<f64>, dz: &mut DVector<f64>) {
        let (y, f) = &mut *self.buffers.borrow_mut();
        unscale(z, self.scale, y);
        let clock = y.len();
        let t = (self.from + z[clock] * self.length).min(self.latest);
        dz[clock] = 1.0 / self.length;
        (self.f.borrow_mut())(t, y, f);
        for ((dz, f), scale) in dz.iter_mut().zip(f.iter()).zip(self.scale) {
            *dz = f / scale;
        }
        if let Some(state) = f.iter().position(|f| !f.is_finite())
            && self.not_finite.get().is_none()
        {
            self.not_finite.set(Some((t, state)));
        }
    }

    fn solout(&mut self, _x: f64, _z: &DVector<f64>, _dz: &DVector<f64>) -> bool {
        self.not_finite.get().is_some()
    }
}

fn unscale(z: &DVector<f64>, scale: &[f64], y: &mut [f64]) {
    for ((y, z), scale) in y.iter_mut().zip(z).zip(scale) {
        *y = z * scale;
    }
}

/// Steps of one integration, times from 0.
struct Solution {
    times: Vec<f64>,
    states: Vec<DVector<f64>>,
    dense: Option<ContinuousOutputModel<f64, DVector<f64>>>,
    statistics: ExplicitStatistics,
}

struct Run<'a> {
    problem: &'a Problem<'a>,
    control: &'a ExplicitControl,
}

/// Makes a stepper; the two share their parameters but no type.
macro_rules! stepper {
    ($method:ident, $run:expr, $start:expr, $first:expr, [$beta:expr, $shrink:expr, $grow:expr]) => {{
        let control = $run.control;
        let longest = control.max_step.min($run.problem.length);
        $method::from_param(
            $run.problem,
            0.0,
            $run.problem.length,
            0.0,
            $start,
            control.rtol,
            control.atol,
            0.9,
            $beta,
            $shrink,
            $grow,
            longest,
            $first,
            control.max_steps,
            STIFFNESS_EVERY,
            OutputType::Sparse,
        )
    }};
}

/// How many accepted steps lie between two looks for stiffness.
const STIFFNESS_EVERY: u32 = 100;

impl Run<'_> {
    fn run(
        &mut self,
        method: ExplicitMethod,
        start: DVector<f64>,
    ) -> Result<Solution, ExplicitFailure> {
        match method {
            ExplicitMethod::Dopri5 => {
                let mut stepper = stepper!(Dopri5, self, start.clone(), 0.0, [0.04, 0.2, 10.0]);
                let mut dense = ContinuousOutputModel::new();
                let ended = stepper.integrate_with_continuous_output_model(&mut dense);
                let mut solution =
                    self.solution(ended, stepper.x_out(), stepper.y_out(), Some(dense))?;
                // With a continuous output the crate leaves the start out of its list of steps.
                solution.times.insert(0, 0.0);
                solution.states.insert(0, start);
                Ok(solution)
            }
            ExplicitMethod::Dop853 => {
                let mut stepper = stepper!(Dop853, self, start, 0.0, [0.0, 0.333, 6.0]);
                let ended = stepper.integrate();
                self.solution(ended, stepper.x_out(), stepper.y_out(), None)
            }
        }
    }

    fn solution(
        &self,
        ended: Result<Stats, IntegrationError>,
        times: &[f64],
        states: &[DVector<f64>],
        dense: Option<ContinuousOutputModel<f64, DVector<f64>>>,
    ) -> Result<Solution, ExplicitFailure> {
        // What is not finite goes first: the crate only sees steps that shrink without end.
        if let Some((t, state)) = self.problem.not_finite.get() {
            return Err(ExplicitFailure::NotFinite { t, state });
        }
        let stats = ended.map_err(|error| self.failure(&error))?;
        if let (Some(x), Some(z)) = (times.last(), states.last())
            && let Some(state) = z.iter().position(|z| !z.is_finite())
        {
            return Err(ExplicitFailure::NotFinite {
                t: self.problem.from + x,
                state,
            });
        }
        let statistics = ExplicitStatistics {
            accepted: stats.accepted_steps as usize,
            rejected: stats.rejected_steps as usize,
            derivative_calls: stats.num_eval as usize,
        };
        Ok(Solution {
            times: times.to_vec(),
            states: states.to_vec(),
            dense,
            statistics,
        })
    }

    fn failure(&self, error: &IntegrationError) -> ExplicitFailure {
        let from = self.problem.from;
        match error {
            IntegrationError::MaxNumStepReached { x, .. } => {
                ExplicitFailure::TooManySteps { t: from + x }
            }
            IntegrationError::StepSizeUnderflow { x } => {
                ExplicitFailure::StepTooSmall { t: from + x }
            }
            IntegrationError::StiffnessDetected { x } => ExplicitFailure::Stiff { t: from + x },
        }
    }

    /// The state at `x` after the start.
    fn at(&mut self, solution: &Solution, x: f64, y: &mut [f64]) -> Result<(), ExplicitFailure> {
        let index = solution
            .times
            .partition_point(|time| *time <= x)
            .saturating_sub(1);
        let (step_start, state) = (solution.times[index], &solution.states[index]);
        if x <= step_start || index + 1 == solution.times.len() {
            unscale(state, &self.control.scale, y);
            return Ok(());
        }
        if let Some(value) = solution.dense.as_ref().and_then(|dense| dense.evaluate(x)) {
            unscale(&value, &self.control.scale, y);
            return Ok(());
        }
        // The crate gives Dop853's dense output on a uniform grid only. A step from the last accepted state is shorter than
        // the one that was accepted from there, so it keeps the tolerance, at twelve evaluations.
        let mut f = |t: f64, y: &[f64], out: &mut [f64]| (self.problem.f.borrow_mut())(t, y, out);
        let part = Problem {
            f: RefCell::new(&mut f),
            from: self.problem.from + step_start,
            length: x - step_start,
            latest: self.problem.latest,
            scale: self.problem.scale,
            buffers: RefCell::new((vec![0.0; y.len()], vec![0.0; y.len()])),
            not_finite: Cell::new(None),
        };
        let run = Run {
            problem: &part,
            control: self.control,
        };
        let mut start = state.clone();
        start[y.len()] = 0.0;
        let mut stepper = stepper!(Dop853, run, start, part.length, [0.0, 0.333, 6.0]);
        let ended = stepper.integrate();
        let end = run.solution(ended, stepper.x_out(), stepper.y_out(), None)?;
        unscale(
            end.states.last().expect("a solution has an end"),
            &self.control.scale,
            y,
        );
        Ok(())
    }
}
