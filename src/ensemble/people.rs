//! Virtual people as points of a design: person i is the same whoever else is asked for.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span, Warned, did_you_mean};
use crate::math::Stream;
use crate::model::Symbol;
use crate::scenario::Arm;
use crate::scenario::population::{self, Derived, PERSON, Population, Role, Shape, Trait};
use crate::scenario::subject::{Follower, PERSON_NAMES, Person, followers};
use crate::scenario::sweep::{Axis, Form, Target, Value, Values};
use crate::syntax::expr::Expr;

use super::copula::{Copula, CopulaError, of_rank_correlation};
use super::distribution::Distribution;
use super::points::Points;

/// People drawn from a population.
#[derive(Clone, Debug)]
pub struct People {
    /// One column for each: traits, then what follows from who the person is, then what is derived.
    pub axes: Vec<Axis>,
    count: u64,
    seed: u64,
    /// In the traits' order.
    distributions: Vec<Distribution>,
    copula: Copula,
    /// How each column gets its value.
    steps: Vec<Step>,
    /// Who stands in the middle.
    person: Person,
    /// Plain parameters of the model, in its own units.
    constants: IndexMap<String, f64>,
}

/// How a column gets its value.
#[derive(Clone, Debug)]
enum Step {
    /// The next draw.
    Drawn,
    /// From the person, by the rule of the model's author.
    Follows(Follower),
    /// From what stands before.
    Derived(Expr<String>),
}

impl People {
    /// So many people of a population, on the model of an arm.
    ///
    /// * `arm` — of a scenario whose subject is the population's
    ///
    /// # Errors
    /// Distributions that are none, correlations that cannot be together, names that nothing has.
    pub fn new(
        population: &Population,
        arm: &Arm,
        count: u64,
        seed: u64,
    ) -> Result<Warned<Self>, Diagnostics> {
        let mut findings = Diagnostics::new();
        let distributions = distributions(&population.traits, &mut findings);
        let copula = copula(population, &mut findings);
        let subject = arm.subject.as_ref();
        let mut people = Self {
            axes: Vec::new(),
            count,
            seed,
            distributions,
            copula,
            steps: Vec::new(),
            person: subject.map_or_else(Person::default, |subject| subject.person.clone()),
            constants: constants(arm),
        };
        people.columns(population, arm, &mut findings);
        findings.into_result(people)
    }

    fn columns(&mut self, population: &Population, arm: &Arm, findings: &mut Diagnostics) {
        for one in &population.traits {
            self.column(&one.role, &one.unit, one.span, Step::Drawn);
        }
        self.followers(population, arm, findings);
        for (at, derived) in population.derived.iter().enumerate() {
            self.refuse_unknown(derived, &population.derived[at..], findings);
            let step = Step::Derived(derived.formula.clone());
            self.column(&derived.role, &derived.unit, derived.span, step);
        }
    }

    fn column(&mut self, role: &Role, unit: &str, span: Span, step: Step) {
        let target = match role {
            Role::Quantity(name) => Target::Quantity(name.clone()),
            Role::Person(_) | Role::Alone(_) => Target::Column,
        };
        let form = match unit {
            "" => Form::Bare,
            unit => Form::Unit(unit.to_string()),
        };
        self.axes.push(Axis {
            name: role.name().to_string(),
            target,
            form,
            // Every number has a place in a distribution, and none is listed.
            values: Values::Between(f64::NEG_INFINITY, f64::INFINITY),
            log: false,
            span,
        });
        self.steps.push(step);
    }

    /// What follows for the model from the numbers of a person that vary.
    fn followers(&mut self, population: &Population, arm: &Arm, findings: &mut Diagnostics) {
        let varied: Vec<(&str, Span)> = population
            .traits
            .iter()
            .filter_map(|one| match &one.role {
                Role::Person(name) => Some((name.as_str(), one.span)),
                _ => None,
            })
            .collect();
        let own = |id: &str| {
            let traits = population.traits.iter().map(|one| &one.role);
            let derived = population.derived.iter().map(|one| &one.role);
            traits.chain(derived).any(|role| role.name() == id)
        };
        let all: Vec<Follower> = followers(arm)
            .into_iter()
            .filter(|one| !own(&one.id))
            .collect();
        for (name, span) in &varied {
            if !all.iter().any(|one| one.needs(name)) {
                let message = format!("nothing in the model follows from `{name}` of a person");
                let found = Diagnostic::note("population/no-effect", message).at(*span);
                findings.push(found.hint("it is kept as a column; clinical tests may dose by it"));
            }
        }
        for one in all {
            if let Some((_, span)) = varied.iter().find(|(name, _)| one.needs(name)) {
                let (role, unit) = (Role::Quantity(one.id.clone()), one.unit_text.clone());
                self.column(&role, &unit, *span, Step::Follows(one));
            }
        }
    }

    /// Refuses names that nothing has, or that only something later in the file has.
    fn refuse_unknown(&self, derived: &Derived, later: &[Derived], findings: &mut Diagnostics) {
        let columns = self.axes.iter().map(|axis| axis.name.as_str());
        let constants = self.constants.keys().map(String::as_str);
        let is_later = |name: &str| later.iter().any(|one| one.role.name() == name);
        let known: Vec<&str> = columns
            .chain(constants)
            .chain(PERSON_NAMES.iter().copied())
            .filter(|name| !is_later(name))
            .collect();
        for (name, span) in derived.names() {
            if known.contains(&name.as_str()) {
                continue;
            }
            let message = if is_later(&name) {
                format!("`{name}` is derived only later in the file")
            } else {
                format!("`{name}` is neither a trait nor a plain parameter of the model")
            };
            let found = Diagnostic::error("population/formula", message).at(span);
            let near = did_you_mean(&name, known.iter().copied()).filter(|_| !is_later(&name));
            findings.push(match near {
                Some(near) => found.hint(format!("did you mean `{near}`?")),
                None => found.hint(
                    "what stands before it in the file can be used, and parameters with a plain number",
                ),
            });
        }
    }

    /// Who a point is: the subject with the numbers of the person that vary.
    pub fn person(&self, point: &[Value]) -> Person {
        let mut person = self.person.clone();
        for (axis, value) in self.axes.iter().zip(point) {
            let known = PERSON.iter().any(|(name, _)| *name == axis.name);
            if let (true, Target::Column, Value::Number(value)) = (known, &axis.target, value) {
                set(&mut person, &axis.name, *value);
            }
        }
        person
    }

    /// Random numbers of a person's own, under a name.
    pub fn stream(&self, name: &str, at: u64) -> Stream {
        Stream::numbered(self.seed, name, at)
    }

    fn value(&self, step: &Step, point: &[Value], draw: f64) -> f64 {
        let mut unsaid = Diagnostics::new();
        match step {
            Step::Drawn => draw,
            Step::Follows(follower) => follower.value(&self.person(point)).unwrap_or(f64::NAN),
            Step::Derived(formula) => {
                let person = self.person(point);
                let known = |name: &str| {
                    let column = self.axes.iter().position(|axis| axis.name == name);
                    match column.and_then(|at| point.get(at)) {
                        Some(Value::Number(value)) => Some(*value),
                        _ => person
                            .value(name)
                            .or_else(|| self.constants.get(name).copied()),
                    }
                };
                population::evaluate(formula, &known, &mut unsaid).unwrap_or(f64::NAN)
            }
        }
    }
}

impl Points for People {
    fn count(&self) -> u64 {
        self.count
    }

    fn point(&self, at: u64) -> Vec<Value> {
        let mut stream = self.stream("people", at);
        let mut shares: Vec<f64> = self
            .distributions
            .iter()
            .map(|_| stream.uniform())
            .collect();
        self.copula.apply(&mut shares);
        let draws = self.distributions.iter().zip(shares);
        let mut draws = draws.map(|(distribution, share)| distribution.quantile(share));
        let mut point = Vec::with_capacity(self.axes.len());
        for (axis, step) in self.axes.iter().zip(&self.steps) {
            let draw = match step {
                Step::Drawn => draws.next().unwrap_or(f64::NAN),
                _ => f64::NAN,
            };
            let value = axis.form.settled(self.value(step, &point, draw));
            point.push(Value::Number(value));
        }
        point
    }
}

fn set(person: &mut Person, name: &str, value: f64) {
    match name {
        "age" => person.age = Some(value),
        "mass" => person.mass = Some(value),
        "height" => person.height = Some(value),
        "fat" => person.fat = Some(value / 100.0),
        _ => person.fitness = Some(value),
    }
}

/// The parameters that have a plain number, each in its own unit.
fn constants(arm: &Arm) -> IndexMap<String, f64> {
    let model = &arm.model;
    let computed = |symbol: Symbol| {
        let assigned = &model.initial_assignments;
        model.rule_of(symbol).is_some() || assigned.iter().any(|one| one.symbol == symbol)
    };
    let plain = model.parameters.iter().enumerate().filter_map(|(at, one)| {
        let value = one.value.filter(|_| !computed(Symbol::Parameter(at)))?;
        Some((one.identity.id.clone(), value))
    });
    plain.collect()
}

fn distributions(traits: &[Trait], findings: &mut Diagnostics) -> Vec<Distribution> {
    let one = |one: &Trait| {
        let distribution = distribution(one);
        let ends = match (&one.role, &distribution) {
            // A person's numbers are above 0, whatever a tail says.
            (Role::Person(_), _) => (Some(one.low.unwrap_or(0.0)), one.high),
            _ => (one.low, one.high),
        };
        let distribution = match ends {
            (None, None) => distribution,
            (low, high) => Distribution::Truncated {
                base: Box::new(distribution),
                from: low.unwrap_or(f64::NEG_INFINITY),
                to: high.unwrap_or(f64::INFINITY),
            },
        };
        if let Err(error) = distribution.check() {
            let message = format!("`{}` has no such distribution: {error}", one.role.name());
            let found = Diagnostic::error("population/distribution", message).at(one.span);
            findings
                .push(found.hint("docs/populations.md shows each distribution with its numbers"));
        }
        distribution
    };
    traits.iter().map(one).collect()
}

fn distribution(one: &Trait) -> Distribution {
    match one.shape {
        Shape::Normal { mean, sd } => Distribution::Normal { mean, sd },
        Shape::LogNormal { median, gsd } => Distribution::LogNormal { median, gsd },
        Shape::Uniform { from, to } => Distribution::Uniform { from, to },
        Shape::LogUniform { from, to } => Distribution::LogUniform { from, to },
        Shape::Triangular { from, mode, to } => Distribution::Triangular { from, mode, to },
    }
}

fn independent(n: usize) -> Vec<Vec<f64>> {
    let row = |at: usize| (0..n).map(|to| f64::from(u8::from(at == to))).collect();
    (0..n).map(row).collect()
}

fn copula(population: &Population, findings: &mut Diagnostics) -> Copula {
    let n = population.traits.len();
    let mut matrix = independent(n);
    for one in &population.correlations {
        let (a, b) = one.pair;
        matrix[a][b] = of_rank_correlation(one.rank);
        matrix[b][a] = matrix[a][b];
    }
    Copula::new(&matrix).unwrap_or_else(|error| {
        findings.push(impossible(population, &error));
        Copula::new(&independent(n)).expect("independent numbers are possible")
    })
}

/// Names the pair at which it fails, at the place where its correlation, or one of its first, was written.
fn impossible(population: &Population, error: &CopulaError) -> Diagnostic {
    let (a, b) = error.pair().unwrap_or((0, 0));
    let name = |at: usize| population.traits[at].role.name();
    let of = |pair: (usize, usize)| pair == (a, b) || pair == (b, a);
    let touches = |pair: (usize, usize)| pair.0 == a || pair.1 == a;
    let all = &population.correlations;
    let written = all.iter().find(|one| of(one.pair));
    let written = written.or_else(|| all.iter().find(|one| touches(one.pair)));
    let message = format!(
        "the correlation of `{}` and `{}` does not go with the others: {error}",
        name(a),
        name(b)
    );
    let span = written.map_or(population.span, |one| one.span);
    let found = Diagnostic::error("population/correlation", message).at(span);
    found.hint("bring it, or another one of the two, nearer to 0")
}
