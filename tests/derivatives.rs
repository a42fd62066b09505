//! The derivatives that the integrators rely on, checked on every shipped model: Jacobian, ∂f/∂t and ∂f/∂p against
//! central differences of f, and the linear algebra against its own residual, all as the tape runs them.

use std::path::{Path, PathBuf};

use insilin::compile::program::Program;
use insilin::compile::{Options, ParameterDerivatives, compile};
use insilin::diag::{ReadFailure, SourceFile, SourceMap, Sources};
use insilin::kernel::Tape;
use insilin::model::lower::load;
use insilin::solve::{At, Dynamics, NoPast};

/// Step of the differences, relative to the point.
const STEP: f64 = 1e-5;
/// Allowed relative error of a central difference: its truncation, with room for the curvature of steep terms.
const TRUNCATION: f64 = 1e-4;
/// Allowed error from rounding, relative to the size of the terms that f is summed from, per unit of `STEP`.
const ROUNDING: f64 = 1e-14;

/// Files beside each other.
struct Folder(PathBuf);

impl Sources for Folder {
    fn read(&self, name: &str, _importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        let text = std::fs::read_to_string(self.0.join(name));
        let text = text.map_err(|error| ReadFailure::Io(error.to_string()))?;
        Ok(SourceFile {
            name: name.to_owned(),
            text,
        })
    }
}

/// All model files below `folder`, in order.
fn models(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder of models can be read");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry can be read").path())
        .collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(models(&path));
        } else if path.extension().is_some_and(|extension| extension == "ant") {
            found.push(path);
        }
    }
    found
}

fn program_of(path: &Path) -> Program {
    let folder = Folder(path.parent().expect("a file has a folder").to_owned());
    let name = path
        .file_name()
        .expect("a file has a name")
        .to_string_lossy();
    let model = match load(&name, &folder, &mut SourceMap::new()) {
        Ok(model) => model.value,
        Err(findings) => panic!("{name}: {findings:?}"),
    };
    let options = Options {
        parameter_derivatives: ParameterDerivatives::All,
        ..Options::default()
    };
    match compile(&model, &[], &options) {
        Ok(program) => program.value,
        Err(findings) => panic!("{name}: {findings:?}"),
    }
}

/// A program with the point at which it is looked at.
struct Bench<'p> {
    program: &'p Program,
    tape: Tape<'p, f64>,
    t: f64,
    y: Vec<f64>,
    p: Vec<f64>,
}

impl<'p> Bench<'p> {
    fn new(program: &'p Program) -> Self {
        let mut bench = Self {
            program,
            tape: Tape::new(program),
            t: 0.0,
            y: vec![0.0; program.states.len()],
            p: program.parameters.iter().map(|slot| slot.value).collect(),
        };
        let computed = bench.run(&program.initial_parameters);
        for (slot, value) in program.initial_parameter_slots.iter().zip(computed) {
            bench.p[*slot] = value;
        }
        // Inputs without a value of their own: any will do here.
        for value in &mut bench.p {
            if value.is_nan() {
                *value = 1.0;
            }
        }
        bench.y = bench.run(&program.initial_states);
        bench
    }

    fn run(&mut self, block: &insilin::compile::program::Block) -> Vec<f64> {
        let mut out = vec![0.0; block.outputs.len()];
        let at = At {
            t: self.t,
            y: &self.y,
            p: &self.p,
            past: &NoPast,
        };
        self.tape.run_block(block, &at, &mut out);
        out
    }

    /// Leaves the start, where many states are 0 and many terms with them, and the kinks that lie there.
    fn move_off(&mut self, seed: usize) {
        self.t = 0.37 + seed as f64;
        for (i, (value, state)) in self.y.iter_mut().zip(&self.program.states).enumerate() {
            let share = 0.2 + 0.1 * ((i * 7 + seed * 3) % 11) as f64;
            *value = *value * (0.7 + 0.05 * share) + 0.013 * share * state.nominal;
        }
    }

    /// `(f(x + h) − f(x − h)) / 2h` by something that `set` puts to `x`, with the bound of its error per row.
    fn difference(&mut self, point: f64, set: impl Fn(&mut Self, f64)) -> Vec<f64> {
        let step = STEP * if point == 0.0 { 1.0 } else { point.abs() };
        let derivative = &self.program.derivative;
        set(self, point + step);
        let above = self.run(derivative);
        set(self, point - step);
        let below = self.run(derivative);
        set(self, point);
        let pairs = above.iter().zip(&below);
        pairs
            .map(|(above, below)| (above - below) / (2.0 * step))
            .collect()
    }

    fn jacobian(&mut self) -> Vec<Vec<f64>> {
        let n = self.y.len();
        let mut dense = vec![vec![0.0; n]; n];
        let values = self.run(&self.program.jacobian);
        for ((row, column), value) in self.program.pattern.entries().zip(values) {
            dense[row][column] = value;
        }
        dense
    }
}

/// Compares one column of derivatives. `sizes` are the sizes of the terms per row, `point` where it was taken.
#[track_caller]
fn compare(what: &str, symbolic: &[f64], numeric: &[f64], sizes: &[f64], point: f64) {
    let reach = if point == 0.0 { 1.0 } else { point.abs() };
    for (row, (symbolic, numeric)) in symbolic.iter().zip(numeric).enumerate() {
        let bound = TRUNCATION * symbolic.abs() + ROUNDING * sizes[row] / (STEP * reach);
        let difference = (symbolic - numeric).abs();
        assert!(
            difference <= bound,
            "{what}, row {row}: {symbolic} but differences give {numeric} (± {bound})"
        );
    }
}

fn check_derivatives(name: &str, bench: &mut Bench<'_>) {
    let dense = bench.jacobian();
    let (y, p, t) = (bench.y.clone(), bench.p.clone(), bench.t);
    let derivative = bench.run(&bench.program.derivative);
    let sizes: Vec<f64> = (dense.iter().zip(&derivative))
        .map(|(row, rate)| {
            rate.abs()
                + row
                    .iter()
                    .zip(&y)
                    .map(|(slope, y)| (slope * y).abs())
                    .sum::<f64>()
        })
        .collect();
    for (column, point) in y.iter().enumerate() {
        let numeric = bench.difference(*point, |bench, value| bench.y[column] = value);
        let symbolic: Vec<f64> = dense.iter().map(|row| row[column]).collect();
        let what = format!("{name}: by {}", bench.program.states[column].id);
        compare(&what, &symbolic, &numeric, &sizes, *point);
    }
    let symbolic = bench.run(&bench.program.time_derivative);
    let numeric = bench.difference(t, |bench, value| bench.t = value);
    compare(&format!("{name}: by time"), &symbolic, &numeric, &sizes, t);
    for (slot, point) in p.iter().enumerate() {
        let symbolic = bench.run(&bench.program.parameter_derivatives[slot]);
        let numeric = bench.difference(*point, |bench, value| bench.p[slot] = value);
        let what = format!("{name}: by {}", bench.program.parameters[slot].id);
        compare(&what, &symbolic, &numeric, &sizes, *point);
    }
}

#[test]
fn derivatives_of_every_shipped_model_match_differences() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    let found = models(&root);
    assert!(found.len() >= 6, "the models are found");
    for path in found {
        let name = path
            .file_name()
            .expect("a file has a name")
            .to_string_lossy()
            .into_owned();
        let program = program_of(&path);
        for seed in 0..3 {
            let mut bench = Bench::new(&program);
            bench.move_off(seed);
            check_derivatives(&name, &mut bench);
        }
    }
}

#[test]
fn linear_systems_of_every_shipped_model_are_solved() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for path in models(&root) {
        let program = program_of(&path);
        let mut bench = Bench::new(&program);
        bench.move_off(1);
        let stored = bench.run(&program.jacobian);
        let dense = bench.jacobian();
        let n = program.states.len();
        // From steps that barely see the system to steps much longer than its fast parts.
        for shift in [1e4, 10.0, 0.1, 1e-3] {
            let b: Vec<f64> = (0..n).map(|i| 1.0 + (i % 5) as f64).collect();
            let mut x = b.clone();
            assert!(bench.tape.factor(&stored, shift), "{path:?} at {shift}");
            bench.tape.solve(&mut x);
            for row in 0..n {
                let products = dense[row].iter().zip(&x).map(|(slope, x)| slope * x);
                let diagonal = shift * program.states[row].mass * x[row];
                let size = diagonal.abs() + products.clone().map(f64::abs).sum::<f64>() + b[row];
                let residual = (diagonal - products.sum::<f64>() - b[row]).abs();
                assert!(
                    residual <= 1e-10 * size,
                    "{path:?} at {shift}, row {row}: {residual} of {size}"
                );
            }
        }
    }
}

#[test]
fn moieties_of_every_shipped_model_stay_along_its_flow() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("models");
    for path in models(&root) {
        let program = program_of(&path);
        let mut bench = Bench::new(&program);
        bench.move_off(2);
        let rates = bench.run(&program.derivative);
        for moiety in &program.moieties {
            let terms = moiety
                .terms
                .iter()
                .map(|(state, factor)| factor * rates[*state]);
            let size: f64 = terms.clone().map(f64::abs).sum();
            assert!(
                terms.sum::<f64>().abs() <= 1e-12 * size.max(f64::MIN_POSITIVE),
                "{path:?}"
            );
        }
    }
}
