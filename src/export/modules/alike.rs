//! Whether parts of a flat model are still what they are in the submodule that they come from.

use indexmap::IndexMap;

use crate::model::hierarchy::{Module, Submodel};
use crate::model::{
    Event, ExprKind, Formula, Identity, Model, Reaction, SpeciesReference, Stoichiometry, Symbol,
};
use crate::units::{Unit, base_unit};

/// A submodule beside the flat model around it.
pub(super) struct Instance<'a> {
    pub submodel: &'a Submodel,
    pub inner: &'a Model,
    pub outer: &'a Model,
    /// Outer symbols of inner ones.
    pub same: IndexMap<Symbol, Symbol>,
}

impl<'a> Instance<'a> {
    pub(super) fn new(submodel: &'a Submodel, module: &'a Module, outer: &'a Model) -> Self {
        let inner = &module.model;
        let by_id: IndexMap<&str, Symbol> = outer
            .symbols()
            .map(|symbol| (outer.identity(symbol).id.as_str(), symbol))
            .collect();
        let pairs = inner.symbols().filter_map(|symbol| {
            let id = submodel.same.get(&inner.identity(symbol).id)?;
            Some((symbol, *by_id.get(id.as_str())?))
        });
        let mut same: IndexMap<Symbol, Symbol> = pairs.collect();
        place_of_the_placeless(inner, outer, &mut same);
        Self {
            submodel,
            inner,
            outer,
            same,
        }
    }

    fn is_same(&self, inner: Symbol, outer: Symbol) -> bool {
        self.same.get(&inner) == Some(&outer)
    }

    fn is_same_place(&self, inner: Option<usize>, outer: Option<usize>) -> bool {
        match (inner, outer) {
            (None, None) => true,
            (Some(inner), Some(outer)) => {
                self.is_same(Symbol::Compartment(inner), Symbol::Compartment(outer))
            }
            _ => false,
        }
    }

    fn is_same_factor(&self, inner: Option<usize>, outer: Option<usize>) -> bool {
        match (inner, outer) {
            (None, None) => true,
            (Some(inner), Some(outer)) => {
                self.is_same(Symbol::Parameter(inner), Symbol::Parameter(outer))
            }
            _ => false,
        }
    }

    /// Whether two formulas say the same, each of its own model.
    pub(super) fn formula(&self, inner: &Formula, outer: &Formula) -> bool {
        let kinds = match (&inner.kind, &outer.kind) {
            (ExprKind::Number(one, inner), ExprKind::Number(other, outer)) => {
                let units = (unit(inner, self.inner), unit(outer, self.outer));
                one.to_bits() == other.to_bits() && units.0 == units.1
            }
            (ExprKind::Symbol(inner), ExprKind::Symbol(outer)) => self.is_same(*inner, *outer),
            (ExprKind::Constant(one), ExprKind::Constant(other)) => one == other,
            (ExprKind::Call(one, _), ExprKind::Call(other, _)) => one == other,
            (ExprKind::User(one, _), ExprKind::User(other, _)) => {
                one == other || self.submodel.same.get(one) == Some(other)
            }
            _ => false,
        };
        let (inner, outer) = (inner.arguments(), outer.arguments());
        kinds
            && inner.len() == outer.len()
            && inner.iter().zip(outer).all(|(a, b)| self.formula(a, b))
    }

    fn formulas(&self, inner: Option<&Formula>, outer: Option<&Formula>) -> bool {
        match (inner, outer) {
            (None, None) => true,
            (Some(inner), Some(outer)) => self.formula(inner, outer),
            _ => false,
        }
    }

    fn identity(&self, inner: &Identity, outer: &Identity) -> bool {
        inner.name == outer.name
            && inner.sbo == outer.sbo
            && self.inner.annotations.get(&inner.id) == self.outer.annotations.get(&outer.id)
    }

    /// Whether a symbol is what it is in the submodule, rules and start formulas apart.
    pub(super) fn symbol(&self, inner: Symbol, outer: Symbol) -> bool {
        let (a, b) = (self.inner, self.outer);
        let described = self.identity(a.identity(inner), b.identity(outer));
        described
            && match (inner, outer) {
                (Symbol::Compartment(inner), Symbol::Compartment(outer)) => {
                    let (a, b) = (&a.compartments[inner], &b.compartments[outer]);
                    bits(a.size) == bits(b.size)
                        && a.dimensions == b.dimensions
                        && a.constant == b.constant
                        && a.unit == b.unit
                }
                (Symbol::Parameter(inner), Symbol::Parameter(outer)) => {
                    let (a, b) = (&a.parameters[inner], &b.parameters[outer]);
                    bits(a.value) == bits(b.value)
                        && a.constant == b.constant
                        && a.input == b.input
                        && a.unit == b.unit
                }
                (Symbol::Stoichiometry(inner), Symbol::Stoichiometry(outer)) => {
                    let (a, b) = (&a.stoichiometries[inner], &b.stoichiometries[outer]);
                    bits(a.value) == bits(b.value) && a.constant == b.constant
                }
                (Symbol::Species(inner), Symbol::Species(outer)) => self.species(inner, outer),
                (Symbol::Reaction(inner), Symbol::Reaction(outer)) => {
                    self.reaction(&a.reactions[inner], &b.reactions[outer])
                }
                _ => false,
            }
    }

    fn species(&self, inner: usize, outer: usize) -> bool {
        let (a, b) = (&self.inner.species[inner], &self.outer.species[outer]);
        let factors = (
            a.conversion_factor.or(self.inner.conversion_factor),
            b.conversion_factor.or(self.outer.conversion_factor),
        );
        self.is_same_place(Some(a.compartment), Some(b.compartment))
            && a.initial == b.initial
            && a.only_substance_units == b.only_substance_units
            && a.boundary == b.boundary
            && a.constant == b.constant
            && a.substance_unit == b.substance_unit
            && self.is_same_factor(factors.0, factors.1)
    }

    fn reaction(&self, inner: &Reaction, outer: &Reaction) -> bool {
        let modifiers = inner.modifiers.len() == outer.modifiers.len()
            && inner.modifiers.iter().zip(&outer.modifiers).all(|(a, b)| {
                a.1 == b.1 && self.is_same(Symbol::Species(a.0), Symbol::Species(b.0))
            });
        modifiers
            && inner.reversible == outer.reversible
            && inner.fast == outer.fast
            && self.is_same_place(inner.compartment, outer.compartment)
            && self.side(&inner.reactants, &outer.reactants)
            && self.side(&inner.products, &outer.products)
            && self.formulas(inner.rate.as_ref(), outer.rate.as_ref())
    }

    fn side(&self, inner: &[SpeciesReference], outer: &[SpeciesReference]) -> bool {
        let alike = |(a, b): (&SpeciesReference, &SpeciesReference)| {
            let many = match (&a.stoichiometry, &b.stoichiometry) {
                (Stoichiometry::Number(a), Stoichiometry::Number(b)) => a == b,
                (Stoichiometry::Named(a), Stoichiometry::Named(b)) => {
                    self.is_same(Symbol::Stoichiometry(*a), Symbol::Stoichiometry(*b))
                }
                _ => false,
            };
            many && self.is_same(Symbol::Species(a.species), Symbol::Species(b.species))
        };
        inner.len() == outer.len() && inner.iter().zip(outer).all(alike)
    }

    /// Whether an event is what it is in the submodule.
    pub(super) fn event(&self, inner: &Event, outer: &Event) -> bool {
        let assignments = inner.assignments.len() == outer.assignments.len()
            && inner.assignments.iter().zip(&outer.assignments).all(
                |((target, value), (other, outer))| {
                    self.is_same(*target, *other) && self.formula(value, outer)
                },
            );
        assignments
            && self.identity(&inner.identity, &outer.identity)
            && inner.initial_value == outer.initial_value
            && inner.persistent == outer.persistent
            && inner.values_from_trigger_time == outer.values_from_trigger_time
            && self.formula(&inner.trigger, &outer.trigger)
            && self.formulas(inner.delay.as_ref(), outer.delay.as_ref())
            && self.formulas(inner.priority.as_ref(), outer.priority.as_ref())
    }
}

/// The compartment that species without one of their own get is no element of a module: it is found by who is in it.
fn place_of_the_placeless(inner: &Model, outer: &Model, same: &mut IndexMap<Symbol, Symbol>) {
    let mut places = IndexMap::new();
    for (at, species) in inner.species.iter().enumerate() {
        let place = Symbol::Compartment(species.compartment);
        if let (false, Some(Symbol::Species(other))) =
            (same.contains_key(&place), same.get(&Symbol::Species(at)))
        {
            let other = Symbol::Compartment(outer.species[*other].compartment);
            places.entry(place).or_insert(other);
        }
    }
    same.extend(places);
}

fn unit(name: &Option<String>, model: &Model) -> Option<Unit> {
    let name = name.as_ref()?;
    let defined = model.unit_definitions.get(name).copied();
    defined.or_else(|| base_unit(name))
}

fn bits(value: Option<f64>) -> Option<u64> {
    value.map(f64::to_bits)
}
