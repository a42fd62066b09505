//! What a run starts from, symbol by symbol.

use indexmap::IndexMap;

use crate::compile::program::Target;
use crate::model::{Model, Symbol};
use crate::solve::NoPast;

use super::evaluator::Evaluator;
use super::failure::Failure;
use super::options::Options;
use super::plan::Experiment;
use super::start;

/// Values of a run's first moment, each in its symbol's own meaning and unit.
#[derive(Clone, Debug, Default)]
pub struct StartValues {
    /// Everything, as it is before anything happens: the steady state where the run starts from one, with what the
    /// protocol holds from the start.
    pub start: IndexMap<Symbol, f64>,
    /// What the protocol changes, as it restores it.
    pub restored: IndexMap<Symbol, f64>,
}

impl Experiment {
    /// The values that a run of this experiment starts from.
    ///
    /// * `model` — the model that was compiled
    ///
    /// # Errors
    /// When no consistent or steady start is found.
    pub fn start_values(&self, model: &Model, options: &Options) -> Result<StartValues, Failure> {
        let mut evaluator = Evaluator::new(&self.program, options);
        let machine = start::machine(self, &[], options, &mut evaluator)?;
        let base = start::parameters(self, &mut evaluator, &[]);
        let mut values = |p: &[f64]| -> IndexMap<Symbol, f64> {
            self.values(model, &mut evaluator, &machine.y, p)
        };
        let (start, unheld) = (values(&machine.p), values(&base));
        let restored = self.program.targets.iter().filter_map(|target| {
            let from = match target.target {
                Target::State(_) => &start,
                Target::Parameter(_) => &unheld,
            };
            Some((target.symbol, *from.get(&target.symbol)?))
        });
        Ok(StartValues {
            restored: restored.collect(),
            start,
        })
    }

    fn values(
        &self,
        model: &Model,
        evaluator: &mut Evaluator<'_>,
        y: &[f64],
        p: &[f64],
    ) -> IndexMap<Symbol, f64> {
        let program = &self.program;
        let mut row = vec![0.0; program.quantities.len()];
        evaluator.values(&program.observe, self.from, y, p, &NoPast, &mut row);
        let written = program.quantities.iter().map(|quantity| quantity.symbol);
        let mut values: IndexMap<Symbol, f64> = written.zip(row).collect();
        // What stays as it is has no column.
        let by_id: IndexMap<&str, f64> = program
            .parameters
            .iter()
            .zip(p)
            .map(|(slot, value)| (slot.id.as_str(), *value))
            .collect();
        for symbol in model.symbols() {
            if let Some(value) = by_id.get(model.identity(symbol).id.as_str()) {
                values.entry(symbol).or_insert(*value);
            }
        }
        values
    }
}
