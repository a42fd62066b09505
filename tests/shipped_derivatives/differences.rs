//! Symbolic derivatives against differences of values.
//!
//! Central differences over steps that shrink fourfold, extrapolated to no step at all; the entry of the table whose
//! neighbours agree best is taken, and their disagreement is its error (Ridders 1982, Adv Eng Softw 4:75–76). A step over
//! a switch of the model (a root that changes its sign) says nothing and ends the table.

use insilin::compile::program::Program;
use insilin::kernel::Tape;
use insilin::solve::Dynamics;

use crate::for_each_model;
use crate::support::program::{Place, derivative};

/// Share of an entry that may be wrong on top of the error of the difference.
const RELATIVE: f64 = 1e-6;
/// First step as a share of the moved number; and by what each following one is shorter.
const FIRST: f64 = 1e-2;
const SHRINK: f64 = 4.0;
const LEVELS: usize = 10;

/// What is moved.
#[derive(Clone, Copy, Debug)]
enum Moved {
    State(usize),
    Parameter(usize),
    Time,
}

impl Moved {
    fn number(self, place: &mut Place) -> &mut f64 {
        match self {
            Self::State(at) => &mut place.y[at],
            Self::Parameter(at) => &mut place.p[at],
            Self::Time => &mut place.t,
        }
    }

    fn scale(self, program: &Program, place: &Place) -> f64 {
        let value = *self.number(&mut place.clone());
        match self {
            Self::State(at) if value == 0.0 => program.states[at].nominal,
            _ if value == 0.0 => 1.0,
            _ => value.abs(),
        }
    }
}

/// A derivative by differences and how far it can be trusted.
#[derive(Clone, Copy)]
struct Estimate {
    value: f64,
    error: f64,
}

/// Central differences of all states' derivatives at every usable step, longest first.
struct Differences {
    rows: Vec<Vec<f64>>,
    /// The distance between the two sides.
    widths: Vec<f64>,
    /// States whose derivative was the same, bit for bit, on both sides of every step, switches or not.
    untouched: Vec<bool>,
}

fn differences(
    program: &Program,
    tape: &mut Tape<'_, f64>,
    place: &Place,
    moved: Moved,
) -> Differences {
    let mut found = Differences {
        rows: Vec::new(),
        widths: Vec::new(),
        untouched: vec![true; place.y.len()],
    };
    let mut step = FIRST * moved.scale(program, place);
    for _ in 0..LEVELS {
        let (mut above, mut below) = (place.clone(), place.clone());
        *moved.number(&mut above) += step;
        *moved.number(&mut below) -= step;
        // The step that was taken, after rounding.
        let width = *moved.number(&mut above) - *moved.number(&mut below);
        let [up, down] = [&above, &below].map(|place| derivative(tape, place));
        for (state, untouched) in found.untouched.iter_mut().enumerate() {
            *untouched &= up[state].to_bits() == down[state].to_bits();
        }
        if same_side(program, tape, &above, &below) {
            found.widths.push(width);
            found.rows.push(
                up.iter()
                    .zip(&down)
                    .map(|(up, down)| (up - down) / width)
                    .collect(),
            );
        }
        step /= SHRINK;
    }
    found
}

/// Whether no switch lies between two places.
fn same_side(program: &Program, tape: &mut Tape<'_, f64>, above: &Place, below: &Place) -> bool {
    let signs = [above, below].map(|place| {
        let mut roots = vec![0.0; program.roots.outputs.len()];
        tape.roots(&place.at(), &mut roots);
        roots
            .iter()
            .map(|&root| (root > 0.0, root < 0.0))
            .collect::<Vec<_>>()
    });
    signs[0] == signs[1]
}

/// Extrapolates differences whose steps shrink by [`SHRINK`]; none when every step met a switch.
///
/// * `rounding` — how far off each value of the derivative may be that went into the differences
fn extrapolated(differences: &[f64], widths: &[f64], rounding: f64) -> Option<Estimate> {
    let mut best: Option<Estimate> = None;
    let mut last: Vec<f64> = Vec::new();
    for (&difference, width) in differences.iter().zip(widths) {
        let mut row = vec![difference];
        let mut power = SHRINK * SHRINK;
        for (order, &before) in last.iter().enumerate() {
            let better = (row[order] * power - before) / (power - 1.0);
            let error = (better - row[order]).abs().max((better - before).abs()) + rounding / width;
            if best.is_none_or(|best| error < best.error) {
                best = Some(Estimate {
                    value: better,
                    error,
                });
            }
            row.push(better);
            power *= SHRINK * SHRINK;
        }
        last = row;
    }
    best
}

/// How many entries were compared, and how many of those with a difference of little worth.
#[derive(Default)]
struct Count {
    compared: usize,
    vague: usize,
}

impl Count {
    fn compare(&mut self, what: impl Fn() -> String, symbolic: f64, estimate: Estimate) {
        let bound = RELATIVE * symbolic.abs() + 10.0 * estimate.error;
        let off = (symbolic - estimate.value).abs();
        assert!(
            off <= bound,
            "{} is {symbolic:e}, by differences {:e} ± {bound:e}",
            what(),
            estimate.value
        );
        self.compared += 1;
        self.vague += usize::from(bound > 1e-3 * estimate.value.abs() && estimate.value != 0.0);
    }

    /// Fails when the comparison was of little worth.
    fn finish(&self, what: &str) {
        assert!(self.compared > 0, "{what}: nothing was compared");
        let (vague, all) = (self.vague, self.compared);
        // At a steady start an entry may be nothing but rounding, which counts for much in a model of few.
        assert!(
            vague <= all.div_ceil(20),
            "{what}: {vague} of {all} differences are known to less than three digits"
        );
    }
}

/// Compares a column of derivatives, given by state, with its differences. Nothing where a switch is in the way.
///
/// States for which `symbolic` has no entry must not notice the move at all.
fn compare_column(
    at: (&str, &Program, &Place),
    moved: Moved,
    symbolic: &[Option<f64>],
    count: &mut Count,
) {
    let (path, program, place) = at;
    let mut tape = Tape::<f64>::new(program);
    let found = differences(program, &mut tape, place, moved);
    let sizes = sizes(program, &mut tape, place);
    for (state, symbolic) in symbolic.iter().enumerate() {
        let what = || {
            format!(
                "{path}, t = {}: d({}')/d({moved:?})",
                place.t, program.states[state].id
            )
        };
        let Some(symbolic) = *symbolic else {
            assert!(
                found.untouched[state],
                "{} is outside of the pattern and not zero",
                what()
            );
            continue;
        };
        let column: Vec<f64> = found.rows.iter().map(|row| row[state]).collect();
        if let Some(estimate) = extrapolated(&column, &found.widths, f64::EPSILON * sizes[state]) {
            count.compare(what, symbolic, estimate);
        } else {
            // A start may lie on a switch; the other place shows what cannot be seen there.
            assert!(place.t == 0.0, "{} cannot be seen for a switch", what());
        }
    }
}

/// For each state the size of the terms in its derivative, which its rounding is a share of.
///
/// Terms of first order, told by what they would lose without a state or parameter.
fn sizes(program: &Program, tape: &mut Tape<'_, f64>, place: &Place) -> Vec<f64> {
    let mut sizes: Vec<f64> = derivative(tape, place)
        .iter()
        .map(|rate| rate.abs())
        .collect();
    let mut add = |state: usize, term: f64| {
        if term.is_finite() {
            sizes[state] += term.abs();
        }
    };
    let mut jacobian = vec![0.0; program.pattern.columns.len()];
    tape.jacobian(&place.at(), &mut jacobian);
    for ((row, column), slope) in program.pattern.entries().zip(jacobian) {
        add(row, slope * place.y[column]);
    }
    let mut slopes = vec![0.0; place.y.len()];
    for (slot, value) in place.p.iter().enumerate() {
        tape.parameter_derivative(&place.at(), slot, &mut slopes);
        for (state, slope) in slopes.iter().enumerate() {
            add(state, slope * value);
        }
    }
    sizes
}

#[test]
fn jacobians_are_the_slopes_of_the_derivatives_and_their_patterns_are_complete() {
    for_each_model(|path, program, places| {
        let mut count = Count::default();
        for place in places {
            let mut values = vec![0.0; program.pattern.columns.len()];
            Tape::<f64>::new(program).jacobian(&place.at(), &mut values);
            let n = program.states.len();
            let mut columns = vec![vec![None; n]; n];
            for ((row, column), value) in program.pattern.entries().zip(values) {
                columns[column][row] = Some(value);
            }
            for (state, column) in columns.iter().enumerate() {
                compare_column(
                    (path, program, place),
                    Moved::State(state),
                    column,
                    &mut count,
                );
            }
        }
        count.finish(path);
    });
}

#[test]
fn derivatives_by_parameter_are_the_slopes_of_the_derivatives() {
    for_each_model(|path, program, places| {
        let mut count = Count::default();
        for place in places {
            let mut tape = Tape::<f64>::new(program);
            for slot in 0..program.parameters.len() {
                let mut column = vec![0.0; program.states.len()];
                tape.parameter_derivative(&place.at(), slot, &mut column);
                let column: Vec<Option<f64>> = column.into_iter().map(Some).collect();
                compare_column(
                    (path, program, place),
                    Moved::Parameter(slot),
                    &column,
                    &mut count,
                );
            }
        }
        count.finish(path);
    });
}

#[test]
fn derivatives_by_time_are_the_slopes_of_the_derivatives() {
    for_each_model(|path, program, places| {
        let mut count = Count::default();
        for place in places {
            let mut column = vec![0.0; program.states.len()];
            Tape::<f64>::new(program).time_derivative(&place.at(), &mut column);
            let column: Vec<Option<f64>> = column.into_iter().map(Some).collect();
            compare_column((path, program, place), Moved::Time, &column, &mut count);
        }
        count.finish(path);
    });
}
