//! The program, put together from the nodes of a model.

use super::Options;
use super::derivative::Differentiator;
use super::emit::{Counts, Emitter, Handle, Hoisting, Wanted, emit};
use super::equations::rule_formula;
use super::events::{EventDraft, TargetDraft};
use super::fold;
use super::graph::{Graph, Leaf, Node};
use super::lu::{self, LuConstants};
use super::meaning::{Key, Meaning};
use super::moieties;
use super::nominal;
use super::program::{
    Block, Delay, FastReactions, LuProgram, Moiety, ParameterSlot, Pattern, Program, Quantity,
    State,
};
use super::roles::{Content, Equation, Role, StateRole};
use super::roots::{Root, Roots};
use super::tangent::{self, Directions, Moving, TangentDraft};
use crate::diag::{Diagnostic, Span};
use crate::model::{Formula, InitialValue, Symbol};

/// Nodes of the program and the handles of its blocks.
struct Draft {
    wanted: Wanted,
    derivative: Handle,
    pattern: Pattern,
    entries: Vec<Node>,
    jacobian: Handle,
    time_derivative: Handle,
    parameter_derivatives: Vec<Option<Handle>>,
    delays: Vec<DelayDraft>,
    roots: Handle,
    root_list: Vec<Root>,
    root_times: Vec<Option<Handle>>,
    events: Vec<EventDraft>,
    fast: (FastReactions, Handle),
    targets: Vec<TargetDraft>,
    initial_parameters: Handle,
    initial_parameter_slots: Vec<usize>,
    initial_states: Handle,
    starts: Vec<Node>,
    observe: Handle,
    quantities: Vec<Quantity>,
    extras: Vec<Handle>,
    n_slots: usize,
    directions: Option<Directions>,
    tangents: Option<TangentDraft>,
}

/// Handles of one past value.
struct DelayDraft {
    lag: Handle,
    value: Handle,
    before: Option<Handle>,
    constant_lag: Option<f64>,
}

/// The program of a model; none when findings with errors were noted.
pub(super) fn program(
    meaning: &mut Meaning<'_>,
    extras: &[Formula],
    options: &Options,
) -> Option<Program> {
    let draft = draft(meaning, extras, options);
    let constants = LuConstants {
        zero: Graph::ZERO,
        minus_one: meaning.graph.constant(-1.0),
    };
    if meaning.findings.has_errors() {
        return None;
    }
    let mut moieties = moieties::find(meaning.model, &meaning.roles);
    let mut states = states(meaning, &draft, &moieties);
    let mut parameters = parameters(meaning);
    if let Some(directions) = &draft.directions {
        moieties = tangent::with_moieties(moieties, states.len());
        states = tangent::with_states(states);
        parameters.extend(directions.extra_slots(&parameters));
    }
    match written(meaning, draft, constants, &states) {
        Ok(program) => Some(Program {
            parameters,
            moieties,
            states,
            ..program
        }),
        Err(singular) => {
            meaning.findings.push(undetermined(&states[singular.row]));
            None
        }
    }
}

/// The program as far as it consists of operations.
fn written(
    meaning: &Meaning<'_>,
    draft: Draft,
    constants: LuConstants,
    states: &[State],
) -> Result<Program, lu::Singular> {
    let counts = Counts {
        parameters: draft.n_slots,
        states: states.len(),
        past: meaning.delays.len(),
    };
    let extra = [constants.zero, constants.minus_one];
    let (mut emitter, hoist, blocks) = emit(&meaning.graph, &draft.wanted, counts, &extra);
    let lu = linear_algebra(&mut emitter, constants, &draft, states)?;
    Ok(Program {
        ops: emitter.ops,
        op_spans: emitter.spans,
        constants: emitter.constants,
        layout: emitter.layout,
        hoist,
        lu,
        ..finish(draft, &blocks)
    })
}

fn linear_algebra(
    emitter: &mut Emitter<'_>,
    constants: LuConstants,
    draft: &Draft,
    states: &[State],
) -> Result<LuProgram, lu::Singular> {
    let is_zero: Vec<bool> = draft
        .entries
        .iter()
        .map(|entry| *entry == Graph::ZERO)
        .collect();
    let mass: Vec<f64> = states.iter().map(|state| state.mass).collect();
    let spans: Vec<Span> = states.iter().map(|state| state.span).collect();
    lu::emit(emitter, constants, &draft.pattern, &is_zero, &mass, &spans)
}

fn undetermined(state: &State) -> Diagnostic {
    Diagnostic::error(
        "compile/undetermined",
        format!(
            "the algebraic rules do not determine all their unknowns, `{}` among them",
            state.id
        ),
    )
    .at(state.span)
    .hint("each unknown needs an algebraic rule that contains it and that no other unknown uses up")
}

fn finish(draft: Draft, blocks: &[Block]) -> Program {
    let block = |handle: Handle| blocks[handle.0].clone();
    let delay = |delay: DelayDraft| Delay {
        lag: block(delay.lag),
        value: block(delay.value),
        before: delay.before.map(block),
        constant_lag: delay.constant_lag,
    };
    let derivatives = draft.parameter_derivatives.into_iter();
    Program {
        delays: draft.delays.into_iter().map(delay).collect(),
        derivative: block(draft.derivative),
        pattern: draft.pattern,
        jacobian: block(draft.jacobian),
        time_derivative: block(draft.time_derivative),
        parameter_derivatives: derivatives
            .map(|at| at.map(block).unwrap_or_default())
            .collect(),
        roots: block(draft.roots),
        root_is_time_only: draft
            .root_list
            .iter()
            .map(|root| root.is_time_only)
            .collect(),
        root_time_solutions: draft
            .root_times
            .into_iter()
            .map(|at| at.map(block))
            .collect(),
        targets: draft
            .targets
            .into_iter()
            .map(|target| target.finish(blocks))
            .collect(),
        events: draft
            .events
            .into_iter()
            .map(|event| event.finish(blocks))
            .collect(),
        fast: FastReactions {
            amounts: block(draft.fast.1),
            ..draft.fast.0
        },
        initial_parameters: block(draft.initial_parameters),
        initial_parameter_slots: draft.initial_parameter_slots,
        initial_states: block(draft.initial_states),
        observe: block(draft.observe),
        quantities: draft.quantities,
        extras: draft.extras.into_iter().map(block).collect(),
        tangents: draft.tangents.map(|tangents| tangents.finish(blocks)),
        ..Program::default()
    }
}

fn draft(meaning: &mut Meaning<'_>, extras: &[Formula], options: &Options) -> Draft {
    let mut wanted = Wanted::default();
    let mut flows = flows(meaning);
    let mut roots = Roots::default();
    roots.add(&mut meaning.graph, &flows);
    let events = meaning.model.events.iter();
    let events: Vec<EventDraft> = events
        .map(|event| meaning.event(event, &mut wanted, &mut roots))
        .collect();
    let fast = fast(meaning, &flows, &mut wanted, &mut roots);
    let targets = targets(meaning, options, &mut wanted);
    let (mut initial_parameter_slots, mut computed) = initial_parameters(meaning);
    let mut starts = starts(meaning);
    let (mut quantities, mut observed) = quantities(meaning, options.observed.as_deref());
    let extra = |formula| meaning.formula(formula, "an extra formula");
    let extra_nodes: Vec<Node> = extras.iter().map(extra).collect();
    let extras = extra_nodes.iter();
    let extras = extras.map(|node| wanted.add(vec![*node], Hoisting::Ask));
    let extras = extras.collect();
    let delays = delays(meaning, &mut wanted, &mut roots);
    let root_list: Vec<Root> = roots.all().copied().collect();
    let root_times = root_list.iter().map(|root| {
        let time = root.time?;
        Some(wanted.add(vec![time], Hoisting::Use))
    });
    let root_times = root_times.collect();
    let directions = Directions::new(meaning, options);
    let tangents = directions.as_ref().map(|directions| {
        tangent::refuse(meaning);
        let moving = Moving {
            roots: &root_list
                .iter()
                .map(|root| root.function)
                .collect::<Vec<_>>(),
            steps: roots.steps(&mut meaning.graph, &flows),
            events: &events,
            extras: &extra_nodes,
            targets: targets.iter().map(|target| target.scale_nodes).collect(),
        };
        let graph = &mut meaning.graph;
        let draft = TangentDraft::new(directions, graph, &mut wanted, moving);
        let of_flows = tangent::of_flows(directions, graph, &meaning.roles.states, &flows);
        flows.extend(of_flows);
        starts.extend(directions.held(graph, &starts));
        observed.extend(directions.held(graph, &observed));
        quantities.extend_from_within(..);
        let (slots, nodes) = directions.of_slots(graph, &initial_parameter_slots, &computed);
        initial_parameter_slots.extend(slots);
        computed.extend(nodes);
        draft
    });
    let n_slots = meaning.roles.slots.len();
    let n_slots = directions.as_ref().map_or(n_slots, Directions::n_all_slots);
    let (pattern, entries, by_time, by_parameter) = derivatives(meaning, options, &flows, n_slots);
    let by_parameter = by_parameter.into_iter();
    Draft {
        derivative: wanted.add(flows, Hoisting::Ask),
        pattern,
        jacobian: wanted.add(entries.clone(), Hoisting::Ask),
        entries,
        time_derivative: wanted.add(by_time, Hoisting::Ask),
        parameter_derivatives: by_parameter
            .map(|nodes| nodes.map(|nodes| wanted.add(nodes, Hoisting::Use)))
            .collect(),
        delays,
        roots: wanted.add(
            root_list.iter().map(|root| root.function).collect(),
            Hoisting::Ask,
        ),
        root_list,
        root_times,
        events,
        fast,
        targets,
        initial_parameters: wanted.add(computed, Hoisting::Without),
        initial_parameter_slots,
        initial_states: wanted.add(starts.clone(), Hoisting::Use),
        starts,
        observe: wanted.add(observed, Hoisting::Ask),
        quantities,
        extras,
        n_slots,
        directions,
        tangents,
        wanted,
    }
}

/// dy/dt, or the residual of an algebraic rule or fast reaction, per state.
fn flows(meaning: &mut Meaning<'_>) -> Vec<Node> {
    let states = meaning.roles.states.clone();
    let mut flows = Vec::with_capacity(states.len());
    for (at, state) in states.iter().enumerate() {
        let id = &meaning.model.identity(state.symbol).id;
        let user = format!("the rate of change of `{id}`");
        flows.push(match state.equation {
            Equation::Algebraic(rule) => match rule_formula(meaning.model, rule) {
                Some(formula) => meaning.formula(formula, "an algebraic rule"),
                None => Graph::ZERO,
            },
            Equation::Fast(extent) => meaning.imbalance(extent, at),
            Equation::Rule(_) | Equation::Reactions => {
                meaning.user = Some(user);
                meaning.demand(Key::Flow(at))
            }
        });
    }
    flows
}

/// What a run needs to know of fast reactions besides their rows.
fn fast(
    meaning: &mut Meaning<'_>,
    flows: &[Node],
    wanted: &mut Wanted,
    roots: &mut Roots,
) -> (FastReactions, Handle) {
    let states = meaning.roles.states.clone();
    let mut fast = FastReactions::default();
    let (mut amounts, mut balances) = (Vec::new(), Vec::new());
    for (at, state) in states.iter().enumerate() {
        if let Equation::Fast(_) = state.equation {
            fast.extents.push(at);
            balances.push(flows[at]);
        } else if !meaning.roles.extents_of(state.symbol).is_empty() {
            fast.moved.push(at);
            meaning.demand(Key::Value(state.symbol));
            amounts.push(meaning.amount(state.symbol, at));
        }
    }
    fast.roots = roots.add(&mut meaning.graph, &balances);
    (fast, wanted.add(amounts, Hoisting::Ask))
}

fn targets(meaning: &mut Meaning<'_>, options: &Options, wanted: &mut Wanted) -> Vec<TargetDraft> {
    let changed = options.targets.iter();
    let mut targets: Vec<TargetDraft> = changed
        .filter_map(|symbol| meaning.changed_target(*symbol, wanted))
        .collect();
    let starts = options.starts.iter();
    targets.extend(starts.filter_map(|symbol| meaning.start_target(*symbol, wanted)));
    targets
}

/// Slots whose value is computed at the start, and the nodes of the values.
fn initial_parameters(meaning: &mut Meaning<'_>) -> (Vec<usize>, Vec<Node>) {
    let mut slots = Vec::new();
    let mut nodes = Vec::new();
    for at in 0..meaning.roles.slots.len() {
        let slot = meaning.roles.slots[at];
        let is_start = slot.content == Content::Start || meaning.roles.is_start_given(slot.symbol);
        if is_start || !meaning.is_computed_at_start(slot.symbol) {
            continue;
        }
        let id = &meaning.model.identity(slot.symbol).id;
        meaning.user = Some(format!("the start value of `{id}`"));
        meaning.demand(Key::Start(slot.symbol));
        slots.push(at);
        nodes.push(meaning.start_as_stored(slot.symbol, slot.content == Content::Amount));
    }
    (slots, nodes)
}

/// Start values of the states.
fn starts(meaning: &mut Meaning<'_>) -> Vec<Node> {
    (0..meaning.roles.states.len())
        .map(|at| {
            let StateRole { symbol, equation } = meaning.roles.states[at];
            if matches!(equation, Equation::Fast(_)) {
                return Graph::ZERO;
            }
            meaning.user = Some("its equation".to_owned());
            meaning.demand(Key::Start(symbol));
            meaning.start_of_state(at)
        })
        .collect()
}

/// What is written down: what was asked for, else all named quantities but parameters that stay as they are.
fn quantities(
    meaning: &mut Meaning<'_>,
    observed: Option<&[Symbol]>,
) -> (Vec<Quantity>, Vec<Node>) {
    let mut quantities = Vec::new();
    let mut nodes = Vec::new();
    for symbol in meaning.model.symbols() {
        let is_plain = matches!(symbol, Symbol::Parameter(_) | Symbol::Stoichiometry(_))
            && matches!(meaning.roles.of(symbol), Role::Slot(_))
            && meaning.roles.is_constant(symbol);
        if observed.map_or(is_plain, |observed| !observed.contains(&symbol)) {
            continue;
        }
        let id = meaning.model.identity(symbol).id.clone();
        meaning.user = None;
        nodes.push(meaning.demand(Key::Value(symbol)));
        quantities.push(Quantity { id, symbol });
    }
    (quantities, nodes)
}

/// Blocks of the past values. A lag may change branch like any formula, so its roots count.
fn delays(meaning: &mut Meaning<'_>, wanted: &mut Wanted, roots: &mut Roots) -> Vec<DelayDraft> {
    let mut delays = Vec::new();
    for &(lag, value, before) in &meaning.delays {
        roots.add(&mut meaning.graph, &[lag]);
        let mut want = |node| wanted.add(vec![node], Hoisting::Ask);
        delays.push(DelayDraft {
            lag: want(lag),
            value: want(value),
            before: (before != value).then(|| want(before)),
            constant_lag: meaning.graph.number(lag),
        });
    }
    delays
}

type Derivatives = (Pattern, Vec<Node>, Vec<Node>, Vec<Option<Vec<Node>>>);

/// The Jacobian with its pattern, ∂f/∂t, and ∂f/∂p of the slots asked for.
fn derivatives(
    meaning: &mut Meaning<'_>,
    options: &Options,
    flows: &[Node],
    n_slots: usize,
) -> Derivatives {
    let graph = &mut meaning.graph;
    let mut differentiator = Differentiator::new(graph, flows);
    let n = flows.len();
    let mut rows: Vec<Vec<(usize, Node)>> = vec![Vec::new(); n];
    for column in 0..n {
        for (row, node) in differentiator.by_leaf(graph, Leaf::State(column), flows) {
            rows[row].push((column, node));
        }
    }
    let (pattern, entries) = with_diagonal(rows);
    let mut dense = |graph: &mut Graph, leaf: Leaf| {
        let mut column = vec![Graph::ZERO; n];
        for (row, node) in differentiator.by_leaf(graph, leaf, flows) {
            column[row] = node;
        }
        column
    };
    let by_time = dense(graph, Leaf::Time);
    let by_parameter = (0..n_slots).map(|slot| {
        let slot_role = meaning.roles.slots.get(slot)?;
        let id = &meaning.model.identity(slot_role.symbol).id;
        let is_wanted = options.parameter_derivatives.includes(id);
        is_wanted.then(|| dense(graph, Leaf::Parameter(slot)))
    });
    let by_parameter = by_parameter.collect();
    (pattern, entries, by_time, by_parameter)
}

fn with_diagonal(rows: Vec<Vec<(usize, Node)>>) -> (Pattern, Vec<Node>) {
    let mut pattern = Pattern {
        n: rows.len(),
        row_starts: vec![0],
        columns: Vec::new(),
    };
    let mut entries = Vec::new();
    for (row, mut found) in rows.into_iter().enumerate() {
        if let Err(at) = found.binary_search_by_key(&row, |(column, _)| *column) {
            found.insert(at, (row, Graph::ZERO));
        }
        for (column, node) in found {
            pattern.columns.push(column);
            entries.push(node);
        }
        pattern.row_starts.push(entries.len());
    }
    (pattern, entries)
}

fn parameters(meaning: &mut Meaning<'_>) -> Vec<ParameterSlot> {
    (0..meaning.roles.slots.len())
        .map(|at| {
            let symbol = meaning.roles.slots[at].symbol;
            ParameterSlot {
                id: meaning.model.identity(symbol).id.clone(),
                value: slot_value(meaning, at),
            }
        })
        .collect()
}

/// The model's number for a slot, in the slot's terms; NaN when there is none or only a formula gives it.
fn slot_value(meaning: &Meaning<'_>, slot: usize) -> f64 {
    let slot = meaning.roles.slots[slot];
    let plain = meaning.plain_value(slot.symbol).unwrap_or(f64::NAN);
    let Symbol::Species(at) = slot.symbol else {
        return plain;
    };
    let species = &meaning.model.species[at];
    let size = meaning.model.compartments[species.compartment]
        .size
        .unwrap_or(f64::NAN);
    let is_amount = species.only_substance_units || slot.content == Content::Amount;
    match species.initial {
        Some(InitialValue::Amount(_)) if !is_amount => plain / size,
        Some(InitialValue::Concentration(_)) if is_amount => plain * size,
        _ => plain,
    }
}

fn states(meaning: &Meaning<'_>, draft: &Draft, moieties: &[Moiety]) -> Vec<State> {
    let starts = &draft.starts[..meaning.roles.states.len()];
    let values = fold::evaluate(&meaning.graph, starts, |leaf| match leaf {
        Leaf::Parameter(slot) => slot_value(meaning, slot),
        Leaf::Time => 0.0,
        Leaf::State(_) | Leaf::Past(_) => f64::NAN,
    });
    let sizes = nominal::sizes(&meaning.roles, &values, moieties);
    let roles = meaning.roles.states.iter().zip(sizes);
    roles
        .map(|(role, nominal)| State {
            id: meaning.model.identity(role.symbol).id.clone(),
            mass: mass(role.equation),
            nominal,
            span: equation_span(meaning, role.symbol, role.equation),
        })
        .collect()
}

/// 1 for a state that is integrated, 0 for an algebraic one.
pub(super) fn mass(equation: Equation) -> f64 {
    match equation {
        Equation::Rule(_) | Equation::Reactions => 1.0,
        Equation::Algebraic(_) | Equation::Fast(_) => 0.0,
    }
}

fn equation_span(meaning: &Meaning<'_>, symbol: Symbol, equation: Equation) -> Span {
    match (equation, symbol) {
        (Equation::Rule(rule) | Equation::Algebraic(rule), _) => rule_formula(meaning.model, rule)
            .map(|formula| formula.span)
            .unwrap_or_default(),
        (Equation::Fast(extent), _) => {
            let reaction = &meaning.model.reactions[meaning.roles.extents[extent].reaction];
            let law = reaction.rate.as_ref().map(|law| law.span);
            law.unwrap_or(reaction.identity.span)
        }
        (Equation::Reactions, Symbol::Species(species)) => {
            let first = meaning.roles.participations[species].first();
            let reaction = first.map(|part| &meaning.model.reactions[part.reaction]);
            reaction
                .map(|reaction| reaction.identity.span)
                .unwrap_or_default()
        }
        (Equation::Reactions, _) => Span::default(),
    }
}
