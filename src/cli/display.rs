//! Units as people read them: a trajectory's columns in SI or clinic units.

use insilin::model::{Model, Symbol};
use insilin::trajectory::{Measured, Trajectory};
use insilin::units::{self, Unit};

use super::args::UnitSystem;

/// Substances whose clinic unit is not the SI unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Substance {
    Glucose,
    Insulin,
    Cortisol,
}

/// Terms that name a substance, as models annotate their species and observables.
const TERMS: [(&str, Substance); 7] = [
    ("CHEBI:17234", Substance::Glucose),
    ("CHEBI:4167", Substance::Glucose),
    ("CHEBI:15903", Substance::Glucose),
    ("P01308", Substance::Insulin),
    ("CHEBI:145810", Substance::Insulin),
    ("CHEBI:5931", Substance::Insulin),
    ("CHEBI:17650", Substance::Cortisol),
];

impl Substance {
    fn of(model: &Model, id: &str) -> Option<Self> {
        let annotations = model.annotations.get(id)?;
        let values = annotations.iter().flat_map(|annotation| &annotation.values);
        let found = values.filter_map(|value| {
            let plain = value.replace("%3A", ":");
            TERMS
                .iter()
                .find(|(term, _)| plain.ends_with(term))
                .map(|(_, substance)| *substance)
        });
        found.into_iter().next()
    }

    /// g/mol.
    fn molar_mass(self) -> f64 {
        match self {
            Self::Glucose => 180.156,
            // Human insulin; conversions of units of activity do not use it.
            Self::Insulin => 5808.0,
            Self::Cortisol => 362.46,
        }
    }

    fn display_unit(self, system: UnitSystem) -> &'static str {
        match (self, system) {
            (Self::Glucose, UnitSystem::Si) => "mmol/L",
            (Self::Glucose, UnitSystem::Clinic) => "mg/dL",
            (Self::Insulin, UnitSystem::Si) => "pmol/L",
            (Self::Insulin, UnitSystem::Clinic) => "µU/mL",
            (Self::Cortisol, UnitSystem::Si) => "nmol/L",
            (Self::Cortisol, UnitSystem::Clinic) => "µg/dL",
        }
    }
}

/// The trajectory with concentrations of known substances in the display units asked for.
pub fn trajectory(
    mut trajectory: Trajectory,
    model: &Model,
    system: Option<UnitSystem>,
) -> Trajectory {
    let Some(system) = system else {
        return trajectory;
    };
    for at in 0..trajectory.columns.len() {
        let id = trajectory.columns[at].id.clone();
        let Some((factor, unit)) = conversion(model, &id, system) else {
            continue;
        };
        trajectory
            .data
            .column_mut(at)
            .mapv_inplace(|value| value * factor);
        trajectory.columns[at].unit = unit.to_string();
    }
    trajectory
}

/// Factor and name of the display unit of a quantity, if it has one.
fn conversion(model: &Model, id: &str, system: UnitSystem) -> Option<(f64, &'static str)> {
    let symbol = model.symbol(id)?;
    let unit = model.unit_of(symbol)?;
    let substance = Substance::of(model, id)?;
    let name = substance.display_unit(system);
    if substance == Substance::Insulin && system == UnitSystem::Clinic {
        // 1 µU/mL is 6.0 pmol/L.
        let picomolar = units::conversion_factor(&unit, &units::parse_unit("pmol/L").ok()?)?;
        return Some((picomolar / 6.0, name));
    }
    let target = units::parse_unit(name).ok()?;
    let same = units::conversion_factor(&unit, &target);
    same.or_else(|| units::conversion_factor_by_mass(&unit, &target, substance.molar_mass()))
        .map(|f| (f, name))
}

/// The measured series in the unit of the trajectory's column; none when it cannot be converted.
pub fn measured(series: &Measured, trajectory: &Trajectory, model: &Model) -> Option<Measured> {
    let column = trajectory.column(&series.observable)?;
    if column.unit == series.unit {
        return Some(series.clone());
    }
    let (from, to) = (
        units::parse_unit(&series.unit).ok()?,
        units::parse_unit(&column.unit).ok()?,
    );
    let molar_mass = Substance::of(model, &series.observable).map(Substance::molar_mass);
    let by_mass = |mass| units::conversion_factor_by_mass(&from, &to, mass);
    let factor = units::conversion_factor(&from, &to).or_else(|| by_mass(molar_mass?))?;
    Some(series.scaled(factor, column.unit.clone()))
}

/// Factor from one displayed unit of a quantity of a model to another, through its molar mass where its substance is
/// known; none when they measure different things.
pub fn factor_of(model: &Model, id: &str, from: &str, to: &str) -> Option<f64> {
    // A quantity without a unit is a pure number or one whose unit nobody declared: it may be anything.
    if from.is_empty() != to.is_empty() {
        return None;
    }
    let by_mass = || {
        let molar_mass = Substance::of(model, id)?.molar_mass();
        let (from, to) = (units::parse_unit(from).ok()?, units::parse_unit(to).ok()?);
        units::conversion_factor_by_mass(&from, &to, molar_mass)
    };
    factor(from, to).or_else(by_mass)
}

/// Factor from one displayed unit to another; 1 when the first is empty or both are the same.
pub fn factor(from: &str, to: &str) -> Option<f64> {
    if from == to || from.is_empty() {
        return Some(1.0);
    }
    units::conversion_factor(&displayed(from)?, &displayed(to)?)
}

/// A unit as displayed; areas under curves show the unit of time behind a dot.
fn displayed(text: &str) -> Option<Unit> {
    match text.rsplit_once('·') {
        Some((left, right)) => {
            let unit = units::parse_unit(left).ok()?;
            Some(unit.times(units::parse_unit(right).ok()?))
        }
        None => units::parse_unit(text).ok(),
    }
}

/// Display text of a symbol's unit; empty when undeclared.
pub fn unit_text(model: &Model, symbol: Symbol) -> String {
    model
        .unit_of(symbol)
        .map_or_else(String::new, |unit| unit.display(&model.unit_definitions))
}
