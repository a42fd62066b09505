"""A third computation: a small interpreter of flat SBML that shares nothing with the programs compared.

Read by libSBML, integrated by SciPy: by the first of `WAYS`, a method and its relative tolerance, that gets through.
Branches of formulas are held fixed within a step and located by bisection on the dense output, so that jumps and kinks cost
no accuracy; events have delays, priorities, persistence and initial values as SBML means them. A fast reaction goes `FAST`
times as fast as its law says: that is off by about one in `FAST`. Algebraic rules, delays in formulas and rates of change
as symbols are not read: `Unreadable`.

By hand: third.py MODEL.xml END INTERVALS ID [ID ...]
"""

import collections
import heapq
import sys
import warnings

import libsbml
import numpy
from scipy.integrate import LSODA, Radau

import formulas
import runners
from formulas import Formulas, Unreadable, names_in

WAYS = ((Radau, 1e-11), (LSODA, 1e-12), (Radau, 1e-9))
TINY = 1e-18
LOOKS = 8
FAST = 1e8
PATIENCE = 240  # seconds of processor time


def columns(path, ids, end, intervals):
    """As the functions of `runners`."""
    times = [end * at / intervals for at in range(intervals + 1)]
    for kind, rtol in WAYS:
        try:
            rows = Run(Model(path), kind, rtol).rows(times, ids)
            return {id: rows[:, at] for at, id in enumerate(ids)}
        except Failed as failed:
            failure = failed
    raise failure


def isolated(*case):
    """The same in a process of its own, which may take a while."""
    return runners.isolated(columns, *case, patience=PATIENCE)


class Failed(Exception):
    """The integrator gives up."""


class Model:
    """A flat model as Python functions: `derivative`, `branches`, `values`, and its events."""

    def __init__(self, path):
        document = libsbml.readSBMLFromFile(path)
        self.document, self.sbml = document, document.getModel()
        if self.sbml is None:
            raise Unreadable("no model")
        for converter in ("promoteLocalParameters", "expandFunctionDefinitions"):
            properties = libsbml.ConversionProperties()
            properties.addOption(converter, True)
            document.convert(properties)
        self.formulas = Formulas(lambda id: f"v_{id}")
        self.collect()
        self.compile()

    def collect(self):
        model = self.sbml
        self.species = {s.getId(): s for s in model.getListOfSpecies()}
        self.rules, self.rates = {}, {}
        for rule in model.getListOfRules():
            if rule.isAlgebraic():
                raise Unreadable("algebraic rule")
            (self.rates if rule.isRate() else self.rules)[rule.getVariable()] = rule.getMath()
        self.starts = {a.getSymbol(): a.getMath() for a in model.getListOfInitialAssignments()}
        self.reactions = {r.getId(): r.getKineticLaw().getMath() for r in model.getListOfReactions() if r.getKineticLaw()}
        self.fast = {r.getId() for r in model.getListOfReactions() if r.isSetFast() and r.getFast()}
        self.references()
        self.changes()
        self.order()

    def references(self):
        """Stoichiometries: `(reaction, species, sign, value or name)`."""
        self.sides, self.named = [], {}
        for reaction in self.sbml.getListOfReactions():
            sides = ((reaction.getListOfReactants(), -1), (reaction.getListOfProducts(), 1))
            for reference, sign in ((reference, sign) for side, sign in sides for reference in side):
                value = reference.getStoichiometry()
                value = 1.0 if numpy.isnan(value) else value
                if reference.isSetStoichiometryMath():
                    name = f"stoichiometry_{len(self.sides)}"
                    self.rules[name] = reference.getStoichiometryMath().getMath()
                    self.named[name] = value
                elif reference.getId():
                    name = reference.getId()
                    self.named[name] = value
                else:
                    name = None
                self.sides.append((reaction.getId(), reference.getSpecies(), sign, name or value))

    def changes(self):
        """Which species reactions move: their states are amounts."""
        self.moved = {}
        for reaction, species, sign, amount in self.sides:
            entity = self.species[species]
            if reaction in self.reactions and not entity.getBoundaryCondition() and not entity.getConstant():
                self.moved.setdefault(species, []).append((reaction, sign, amount))

    def order(self):
        """States, and plain values that stay or that events change."""
        self.states = list(self.moved) + [id for id in self.rates if id not in self.moved]
        self.kept = []
        for id in self.all_ids():
            if id not in self.states and id not in self.rules and id not in self.reactions:
                self.kept.append(id)

    def all_ids(self):
        model = self.sbml
        for things in (model.getListOfCompartments(), model.getListOfSpecies(), model.getListOfParameters()):
            yield from (thing.getId() for thing in things)
        yield from self.named

    def holds_amount(self, id):
        """Whether the kept number of a species is an amount while its symbol is a concentration."""
        return id in self.species and id not in self.rates and not self.is_amount(id)

    def is_amount(self, id):
        entity = self.species[id]
        if entity.getHasOnlySubstanceUnits():
            return True
        return self.sbml.getCompartment(entity.getCompartment()).getSpatialDimensionsAsDouble() == 0

    def compile(self):
        self.define()
        lines = self.sorted_lines(self.definitions)
        rates = [self.rate(id) for id in self.states]
        self.events = [Event(self, event) for event in self.sbml.getListOfEvents()]
        branches = self.formulas.branches
        outputs = {id: f"v_{id}" for id in self.definitions}
        for id in self.species:
            compartment = self.species[id].getCompartment()
            outputs[id] = f"v_{id}" if self.is_amount(id) else f"(v_{id} * v_{compartment})"
        self.outputs = list(outputs)
        head = "def {}(t, y, k, c):\n    " + "\n    ".join(lines or ["pass"]) + "\n    return "
        text = head.format("derivative") + f"[{', '.join(rates)}]\n"
        text += head.format("values") + f"[{', '.join(outputs.values())}]\n"
        text += self.branch_function(branches)
        for at, event in enumerate(self.events):
            text += head.format(f"event_{at}") + event.source() + "\n"
        scope = dict(formulas.SCOPE)
        exec(text, scope)
        self.derivative, self.values, self.branches = scope["derivative"], scope["values"], scope["branches"]
        for at, event in enumerate(self.events):
            event.function = scope[f"event_{at}"]

    def define(self):
        """Each symbol's source and what it reads."""
        define = {}
        for at, id in enumerate(self.states):
            define[id] = self.from_number(id, f"y[{at}]")
        for at, id in enumerate(self.kept):
            define[id] = self.from_number(id, f"k[{at}]")
        for id, tree in {**self.rules, **self.reactions}.items():
            define[id] = (self.formulas.source(tree), names_in(tree))
        self.definitions = define

    def from_number(self, id, source):
        if not self.holds_amount(id):
            return source, set()
        compartment = self.species[id].getCompartment()
        return f"divide({source}, v_{compartment})", {compartment}

    def sorted_lines(self, definitions):
        """`v_id = source`, each after what it reads."""
        lines, done, open_ones = [], set(), set()

        def visit(id):
            if id in done or id not in definitions:
                return
            if id in open_ones:
                raise Unreadable(f"`{id}` is defined by itself")
            open_ones.add(id)
            source, reads = definitions[id]
            for other in sorted(reads):
                visit(other)
            done.add(id)
            lines.append(f"v_{id} = {source}")
        for id in definitions:
            visit(id)
        return lines

    def rate(self, id):
        if id in self.rates:
            return self.formulas.source(self.rates[id])
        factor = self.species[id].getConversionFactor() or self.sbml.getConversionFactor()
        terms = [f"{sign * (FAST if reaction in self.fast else 1)} * "
                 f"{f'v_{amount}' if isinstance(amount, str) else repr(amount)} * v_{reaction}"
                 for reaction, sign, amount in self.moved[id]]
        total = f"({' + '.join(terms)})"
        return f"v_{factor} * {total}" if factor else total

    def branch_function(self, branches):
        """All branches at a state: later ones may hold earlier ones, and definitions too, so a few rounds settle them."""
        lines = self.sorted_lines(self.definitions)
        body = [f"c = list(c) if c else [0] * {len(branches)}", f"for _ in range({min(len(branches), 4) + 1}):"]
        body += ["    " + line for line in lines] + ["    old = list(c)"]
        body += [f"    c[{at}] = {source}" for at, source in enumerate(branches)] + ["    if c == old: break"]
        return "def branches(t, y, k, c):\n    " + "\n    ".join(body) + "\n    return c\n"

    def start(self):
        """Values of all symbols at time 0, by initial assignments, rules and given numbers."""
        define = dict(self.definitions)
        for id in self.states + self.kept:
            define[id] = self.given(id)
        for id, tree in self.starts.items():
            define[id] = (self.formulas.source(tree), names_in(tree))
        lines = self.sorted_lines(define)
        pairs = ", ".join(f"{id!r}: v_{id}" for id in define)
        branches = "\n    ".join(f"c[{at}] = {source}" for at, source in enumerate(self.formulas.branches)) or "pass"
        text = ("def start(t, c):\n    " + "\n    ".join(lines) + f"\n    {branches}\n    return {{{pairs}}}\n")
        scope = dict(formulas.SCOPE)
        exec(text, scope)
        fixed = [0] * len(self.formulas.branches)
        for _ in range(4):
            found = scope["start"](0.0, fixed)
        return found

    def given(self, id):
        model = self.sbml
        if id in self.species:
            return self.given_species(id)
        if id in self.named:
            return repr(self.named[id]), set()
        thing = model.getParameter(id) or model.getCompartment(id)
        value = thing.getValue() if model.getParameter(id) else thing.getSize()
        return ("math.nan" if numpy.isnan(value) else repr(value)), set()

    def given_species(self, id):
        entity = self.species[id]
        compartment = entity.getCompartment()
        if entity.isSetInitialAmount():
            value = repr(entity.getInitialAmount())
            return (value, set()) if self.is_amount(id) else (f"divide({value}, v_{compartment})", {compartment})
        if entity.isSetInitialConcentration():
            value = repr(entity.getInitialConcentration())
            return (f"{value} * v_{compartment}", {compartment}) if self.is_amount(id) else (value, set())
        return "math.nan", set()

    def number_of(self, id, value, values):
        """What is kept for a symbol that takes a value."""
        if not self.holds_amount(id):
            return value
        return value * values[self.species[id].getCompartment()]


class Event:
    """An event: its sources, and its function of the state that gives trigger, delay, priority and assignments."""

    def __init__(self, model, event):
        source = lambda part: model.formulas.source(part.getMath()) if part and part.getMath() else None
        trigger = event.getTrigger()
        self.trigger = source(trigger) or "False"
        self.delay = source(event.getDelay()) or "0.0"
        self.priority = source(event.getPriority()) or "-math.inf"
        self.targets = [a.getVariable() for a in event.getListOfEventAssignments() if a.getMath()]
        self.assigned = [source(a) for a in event.getListOfEventAssignments() if a.getMath()]
        is_old = event.getLevel() < 3
        self.initial = True if is_old else trigger.getInitialValue()
        self.persistent = True if is_old else trigger.getPersistent()
        self.early = event.getUseValuesFromTriggerTime()

    def source(self):
        lazily = [f"(lambda: {part})" for part in (self.delay, self.priority)]
        return f"(bool({self.trigger}), {lazily[0]}, {lazily[1]}, lambda: [{', '.join(self.assigned)}])"


class Run:
    """A model moving through time."""

    def __init__(self, model, kind, rtol):
        self.model, self.kind, self.rtol = model, kind, rtol
        values = model.start()
        number = lambda id: float(model.number_of(id, values[id], values))
        self.y = numpy.array([number(id) for id in model.states])
        self.k = [number(id) for id in model.kept]
        self.t = 0.0
        self.c = model.branches(0.0, self.y, self.k, None)
        self.queue, self.count = [], 0
        self.held = [event.initial for event in model.events]
        self.happen()

    def rows(self, times, ids):
        """Values of ids at rising times; at the time of an event those after it."""
        self.places = [self.model.outputs.index(id) for id in ids]
        self.pending, self.found = collections.deque(times), []
        self.write(self.t)
        while self.pending:
            self.integrate(min([times[-1]] + [due for due, *_ in self.queue]))
            self.happen()
            self.write(self.t)
        return numpy.array(self.found)

    def write(self, to, dense=None):
        """The rows that are due before `to`, and at `to` when it is the present."""
        while self.pending and (self.pending[0] < to or (dense is None and self.pending[0] <= to)):
            time = self.pending.popleft()
            state = self.y if dense is None else dense(time)
            values = self.model.values(time, state, self.k, self.c)
            self.found.append([float(values[at]) for at in self.places])

    def integrate(self, stop):
        """To `stop`, or to the first change of a branch on the way."""
        if stop <= self.t:
            return
        if not self.model.states:
            self.without_states(stop)
            return
        solver, known = self.solver(stop), self.c
        while solver.status == "running":
            told = solver.step()
            if solver.status == "failed":
                raise Failed(f"integration fails at {solver.t:g}: {told}")
            if self.look(solver.dense_output(), solver.t_old, solver.t, known):
                return
            self.t, self.y = solver.t, solver.y.copy()

    def without_states(self, stop):
        if not self.look(lambda time: self.y, self.t, stop, self.c, 1000):
            self.t = stop

    def look(self, dense, before, after, known, looks=LOOKS):
        """Moves to just behind the first change of a branch within a step, if there is one."""
        branches = lambda time: self.model.branches(time, dense(time), self.k, known)
        low = before
        for at in range(1, looks + 1):
            high = after if at == looks else before + (after - before) * at / looks
            if branches(high) != known:
                while True:
                    middle = (low + high) / 2
                    if middle in (low, high):
                        break
                    low, high = (low, middle) if branches(middle) != known else (middle, high)
                self.write(high, dense)
                self.t, self.y = high, numpy.array(dense(high))
                self.c = branches(high)
                return True
            low = high
        self.write(after, dense)
        return False

    def solver(self, stop):
        derivative, k, c = self.model.derivative, self.k, self.c
        function = lambda t, y: derivative(t, y, k, c)
        size = numpy.maximum(numpy.abs(self.y), 1e-3 * numpy.abs(self.y).max(initial=0.0))
        atol = numpy.maximum(1e-3 * self.rtol * size, TINY)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return self.kind(function, self.t, self.y, stop, rtol=self.rtol, atol=atol)

    def happen(self):
        """Fires and executes events until nothing more is due now."""
        self.c = self.model.branches(self.t, self.y, self.k, self.c)
        self.fire()
        while self.queue and self.queue[0][0] <= self.t:
            self.execute()
            self.c = self.model.branches(self.t, self.y, self.k, self.c)
            self.fire()

    def state_of(self, event):
        return event.function(self.t, self.y, self.k, self.c)

    def fire(self):
        for at, event in enumerate(self.model.events):
            holds, delay, _, assigned = self.state_of(event)
            if holds and not self.held[at]:
                self.count += 1
                early = assigned() if event.early else None
                heapq.heappush(self.queue, (self.t + float(delay()), self.count, at, early))
            if not holds and not event.persistent:
                self.queue = [entry for entry in self.queue if entry[2] != at]
                heapq.heapify(self.queue)
            self.held[at] = holds

    def execute(self):
        due = [entry for entry in self.queue if entry[0] <= self.t]
        first = max(due, key=lambda entry: (self.state_of(self.model.events[entry[2]])[2](), -entry[1]))
        self.queue.remove(first)
        heapq.heapify(self.queue)
        event = self.model.events[first[2]]
        new = first[3] if event.early else self.state_of(event)[3]()
        self.assign(dict(zip(event.targets, new)))

    def assign(self, new):
        model = self.model
        now = dict(zip(model.outputs, model.values(self.t, self.y, self.k, self.c)))
        sizes = {id: new.get(id, now[id]) for id in now}
        for id, value in new.items():
            number = float(model.number_of(id, value, sizes))
            if id in model.states:
                self.y[model.states.index(id)] = number
            else:
                self.k[model.kept.index(id)] = number


if __name__ == "__main__":
    path, end, intervals, *ids = sys.argv[1:]
    found = columns(path, ids, float(end), int(intervals))
    for row in zip(*found.values()):
        print(*(f"{value:.12g}" for value in row), sep=",")
