//! Fast reactions: to their equilibrium whenever something changes, and a watch over it while they stay there.
//!
//! Which equilibrium: the one that the fast reactions alone, the slow ones standing still, run into from the present
//! amounts. It is followed there as a flow in a time of its own, so that of several the right one is found and amounts
//! stay positive where the laws keep them so.

use crate::compile::program::Program;
use crate::solve::balanced::Direction;
use crate::solve::consistent::{Place, make_consistent};
use crate::solve::part::Part;
use crate::solve::steady::{Stability, SteadyControl, SteadyFailure, stability, steady_state};
use crate::solve::{At, Control, Dynamics, Past};

use super::evaluator::{Evaluator, inconsistent};
use super::failure::{Failure, shown};

/// Corrections below this share of an extent's size are rounding: the reactions are at equilibrium already.
const AT_REST: f64 = 1e-9;
/// Below this share Newton's method is safe to find the equilibrium that is nearest.
const NEAR: f64 = 1e-3;
/// Beyond this share after an accepted step the step has lost the equilibrium.
const LOST: f64 = 1e-2;
/// Newton steps towards a double zero: fewer than would round what is left to nothing.
const HALVINGS: usize = 40;
/// Slopes of a law up to this are none: the program adds a slope of 1e-200 to every law (see `compile`).
const NO_SLOPE: f64 = 1e-199;
/// Share of its size by which an extent is moved to see whether a law without slope is zero all around.
const PROBE: f64 = 1e-3;

/// Time, states, parameters and past of one run.
pub struct Here<'a> {
    /// Time.
    pub t: f64,
    /// States.
    pub y: &'a mut [f64],
    /// Parameters.
    pub p: &'a [f64],
    /// For delayed values.
    pub past: &'a dyn Past,
}

impl Here<'_> {
    pub fn place(&self) -> Place<'_, f64> {
        Place {
            t: self.t,
            p: self.p,
            past: self.past,
        }
    }

    pub fn at(&self) -> At<'_, f64> {
        At {
            t: self.t,
            y: self.y,
            p: self.p,
            past: self.past,
        }
    }
}

/// Moves the extents into the amounts.
pub fn look(evaluator: &mut Evaluator<'_>, here: &mut Here<'_>) {
    let fast = &evaluator.program().fast;
    let mut amounts = vec![0.0; fast.moved.len()];
    evaluator.values(
        &fast.amounts,
        here.t,
        here.y,
        here.p,
        here.past,
        &mut amounts,
    );
    for (state, amount) in fast.moved.iter().zip(amounts) {
        here.y[*state] = amount;
    }
    for extent in &fast.extents {
        here.y[*extent] = 0.0;
    }
}

/// Brings the fast reactions to their equilibrium; whether that moved anything.
///
/// # Errors
/// When they come to no rest, or to one that the laws do not determine.
pub fn settle(evaluator: &mut Evaluator<'_>, here: &mut Here<'_>) -> Result<bool, Failure> {
    look(evaluator, here);
    let running = running(evaluator, here)?;
    if running.is_empty() {
        return consistent(evaluator, here).map(|()| false);
    }
    let program = evaluator.program();
    let (rows, mass) = part_rows(program, &running);
    let control = part_control(evaluator.control(), &rows);
    let place = Place {
        t: here.t,
        p: here.p,
        past: here.past,
    };
    let mut part = Part::new(evaluator.tape(), place, here.y, rows.clone(), mass);
    let mut x = part.state();
    make_consistent::<f64, _>(&mut part, &control.control, 0, place, &mut x).map_err(
        |mut bad| {
            bad.row = rows[bad.row];
            inconsistent(program, here.t, &bad)
        },
    )?;
    let share = share_off(&mut part, &control.control, &x);
    let mut moved = false;
    if share > AT_REST {
        let wanted = SteadyControl {
            newton_first: share < NEAR,
            ..control.clone()
        };
        let found = steady_state(&mut part, &wanted, here.p, here.t, &x);
        x = found
            .map_err(|why| no_rest(&why, program, here.t, &rows))?
            .y;
        moved = true;
    }
    x = halved(&mut part, &control.control, x);
    if part.is_singular(&x) {
        return Err(undetermined(program, here.t, running[0]));
    }
    for (row, x) in rows.iter().zip(x) {
        here.y[*row] = x;
    }
    look(evaluator, here);
    Ok(moved)
}

/// Looks after an accepted step, and checks that the fast reactions still are at an equilibrium that attracts.
///
/// # Errors
/// When they are not.
pub fn watch(evaluator: &mut Evaluator<'_>, here: &mut Here<'_>) -> Result<(), Failure> {
    let program = evaluator.program();
    let extents = program.fast.extents.iter();
    let control = evaluator.control();
    let is_moved = |&extent: &usize| here.y[extent].abs() > AT_REST * size(control, extent);
    let has_moved = extents.filter(|extent| is_moved(extent)).count() > 0;
    look(evaluator, here);
    let running = running(evaluator, here)?;
    if running.is_empty() {
        return Ok(());
    }
    let (rows, mass) = part_rows(program, &running);
    let control = part_control(evaluator.control(), &rows);
    let place = here.place();
    let mut part = Part::new(evaluator.tape(), place, here.y, rows.clone(), mass);
    let x = part.state();
    let share = share_off(&mut part, &control.control, &x);
    if share > LOST || share.is_nan() {
        return Err(lost(program, here.t, running[0]));
    }
    let attracts = stability(&mut part, &control, here.p, here.t, &x) != Stability::Unstable;
    if has_moved && !attracts {
        return Err(repels(program, here.t, running[0]));
    }
    let x = halved(&mut part, &control.control, x);
    for (row, x) in rows.iter().zip(x) {
        here.y[*row] = x;
    }
    look(evaluator, here);
    Ok(())
}

/// For each extent that runs, how much of it goes to which state.
///
/// # Errors
/// As [`settle`].
pub fn directions(
    evaluator: &mut Evaluator<'_>,
    here: &Here<'_>,
) -> Result<Vec<Direction>, Failure> {
    let running = running(evaluator, here)?;
    let fast = &evaluator.program().fast;
    let mut direction = |extent: usize| {
        let mut y = vec![0.0; here.y.len()];
        y[extent] = 1.0;
        let mut amounts = vec![0.0; fast.moved.len()];
        evaluator.values(&fast.amounts, here.t, &y, here.p, here.past, &mut amounts);
        let amounts = fast.moved.iter().copied().zip(amounts);
        (
            extent,
            amounts.filter(|(_, amount)| *amount != 0.0).collect(),
        )
    };
    Ok(running.into_iter().map(&mut direction).collect())
}

/// The extents whose laws have a value or a slope. The others stand still: their laws are zero all around.
fn running(evaluator: &mut Evaluator<'_>, here: &Here<'_>) -> Result<Vec<usize>, Failure> {
    let slopes = slopes(evaluator, here);
    let mut running = Vec::with_capacity(slopes.len());
    for (extent, has_slope) in slopes {
        if has_slope || value(evaluator, here, extent) != 0.0 {
            running.push(extent);
        } else if is_flat_here_only(evaluator, here, extent) {
            return Err(undetermined(evaluator.program(), here.t, extent));
        }
    }
    Ok(running)
}

/// For each extent whether its law changes with any extent or algebraic unknown.
pub fn slopes(evaluator: &mut Evaluator<'_>, here: &Here<'_>) -> Vec<(usize, bool)> {
    let extents = &evaluator.program().fast.extents;
    let tape = evaluator.tape();
    let mut entries = vec![0.0; tape.columns().len()];
    tape.jacobian(&here.at(), &mut entries);
    let has_slope = |extent: usize| {
        let mut places = tape.row_starts()[extent]..tape.row_starts()[extent + 1];
        places.any(|at| {
            let is_unknown = tape.mass()[tape.columns()[at]] == 0.0;
            is_unknown && (entries[at].abs() > NO_SLOPE || entries[at].is_nan())
        })
    };
    extents
        .iter()
        .map(|&extent| (extent, has_slope(extent)))
        .collect()
}

fn value(evaluator: &mut Evaluator<'_>, here: &Here<'_>, row: usize) -> f64 {
    let mut f = vec![0.0; here.y.len()];
    evaluator.tape().derivative(&here.at(), &mut f);
    f[row]
}

/// Whether a law without value and slope has a value at other extents: `k (a − b)²` at its zero, not `0 · a`.
fn is_flat_here_only(evaluator: &mut Evaluator<'_>, here: &Here<'_>, extent: usize) -> bool {
    let step = PROBE * size(evaluator.control(), extent);
    [-step, step].into_iter().any(|step| {
        let mut y = here.y.to_vec();
        y[extent] += step;
        let aside = Here {
            t: here.t,
            y: &mut y,
            p: here.p,
            past: here.past,
        };
        value(evaluator, &aside, extent).abs() > NO_SLOPE * step.abs()
    })
}

/// The algebraic unknowns of rules and the running extents, with masses for the flow into equilibrium.
fn part_rows(program: &Program, running: &[usize]) -> (Vec<usize>, Vec<f64>) {
    let is_extent = |row: &usize| program.fast.extents.contains(row);
    let rows = 0..program.states.len();
    let rows: Vec<usize> = rows
        .filter(|row| program.states[*row].mass == 0.0)
        .filter(|row| !is_extent(row) || running.contains(row))
        .collect();
    let mass = rows.iter().map(|row| f64::from(u8::from(is_extent(row))));
    let mass = mass.collect();
    (rows, mass)
}

fn part_control(control: &Control, rows: &[usize]) -> SteadyControl {
    let atol = rows.iter().map(|row| control.atol[*row]).collect();
    SteadyControl::new(Control::new(control.rtol, atol), Vec::new())
}

/// The size below which an extent does not matter to the relative tolerance.
fn size(control: &Control, state: usize) -> f64 {
    control.atol[state] / control.rtol + f64::MIN_POSITIVE
}

/// The largest Newton correction of the part, as a share of the size of its state.
fn share_off(
    part: &mut Part<'_, impl Dynamics<f64> + ?Sized>,
    control: &Control,
    x: &[f64],
) -> f64 {
    let Some(correction) = part.correction(x) else {
        return f64::INFINITY;
    };
    let states = correction.iter().zip(x).enumerate();
    states.fold(0.0, |most, (at, (correction, x))| {
        f64::max(most, correction.abs() / (x.abs() + size(control, at)))
    })
}

/// Where Newton's method halves its correction each time, as at the double zero at which two reactants have used each
/// other up, goes on to where the slope that is left does not matter; elsewhere gives `x` back.
///
/// The stages of a step reach about 10⁸ times as far as the distance to such a zero.
fn halved(
    part: &mut Part<'_, impl Dynamics<f64> + ?Sized>,
    control: &Control,
    mut x: Vec<f64>,
) -> Vec<f64> {
    let size = |correction: &[f64]| {
        let parts = correction.iter().enumerate();
        parts.fold(0.0, |most, (at, c)| {
            f64::max(most, c.abs() / size(control, at))
        })
    };
    let Some(mut correction) = part.correction(&x) else {
        return x;
    };
    for _ in 0..HALVINGS {
        let next: Vec<f64> = x.iter().zip(&correction).map(|(x, c)| x + c).collect();
        let Some(following) = part.correction(&next) else {
            return x;
        };
        let ratio = size(&following) / size(&correction);
        if !(0.4..=0.6).contains(&ratio) {
            return x;
        }
        (x, correction) = (next, following);
    }
    x
}

/// Moves the algebraic states of rules alone.
fn consistent(evaluator: &mut Evaluator<'_>, here: &mut Here<'_>) -> Result<(), Failure> {
    let program = evaluator.program();
    let control = evaluator.control().clone();
    let place = Place {
        t: here.t,
        p: here.p,
        past: here.past,
    };
    make_consistent::<f64, _>(evaluator.tape(), &control, 0, place, here.y)
        .map_err(|bad| inconsistent(program, here.t, &bad))
}

fn no_rest(why: &SteadyFailure, program: &Program, t: f64, rows: &[usize]) -> Failure {
    let extents = &program.fast.extents;
    let (row, why) = match *why {
        SteadyFailure::NotFinite { state } => (rows[state], "its law is not a finite number"),
        SteadyFailure::Oscillates { state, .. } => (rows[state], "it goes to and fro"),
        SteadyFailure::NotSettled { state, .. } => (rows[state], "it runs on and on"),
        SteadyFailure::Repelling => (extents[0], "any push leads away from where it stands"),
        SteadyFailure::Flow(_) | SteadyFailure::Delays => {
            (extents[0], "its law cannot be followed there")
        }
    };
    failure(program, t, row, &format!("finds no equilibrium: {why}"))
}

fn undetermined(program: &Program, t: f64, row: usize) -> Failure {
    let why = "is at an equilibrium that the laws do not determine: they have no slope there, or two reactions compete";
    failure(program, t, row, why)
}

/// The integrator found no step along which an extent goes on smoothly.
pub fn lost(program: &Program, t: f64, row: usize) -> Failure {
    failure(program, t, row, "leaves its equilibrium abruptly")
}

fn repels(program: &Program, t: f64, row: usize) -> Failure {
    failure(
        program,
        t,
        row,
        "is at an equilibrium that attracts no longer",
    )
}

fn failure(program: &Program, t: f64, row: usize, why: &str) -> Failure {
    let state = &program.states[row];
    Failure {
        t,
        code: "simulate/fast-reaction",
        message: format!(
            "the fast reaction `{}` {why}, at time {}",
            state.id,
            shown(t)
        ),
        state: Some(state.id.clone()),
        span: Some(state.span),
        hint:
            "give it a large finite rate instead: `fast = false` and a larger constant in its law"
                .to_string(),
    }
}
