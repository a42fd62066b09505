"""Assignment, rate and algebraic rules, initial assignments, compartments that change, functions."""

from mpmath import cos, exp, mpf, sin, sqrt

from .case import case
from .kinetics import vessel
from .model import Model

REASSIGNED = "NonConstantParameter InitialValueReassigned"


def assignments():
    m = Model("3.2")
    for id in ["a", "b", "d"]:
        m.variable(id)
    m.assign("a", "b + d")
    m.assign("b", "2 * d")
    m.assign("d", "time ** 2")
    case("rules_in_any_order", "Assignment rules written before what they read.", "closed form: d = t^2, b = 2 t^2, a = 3 t^2", m,
         {"a": lambda t: 3 * t**2, "b": lambda t: 2 * t**2, "d": lambda t: t**2}, REASSIGNED)

    m = vessel("3.1", 4)
    m.species("S", concentration=9)
    m.species("A", amount=5, only=True)
    m.assign("S", "1 + time")
    m.assign("A", "1 + time")
    case("rule_for_concentration_and_for_amount", "The same rule sets a concentration or an amount, by what the species means.",
         "closed form: amount of S = 4 (1 + t), amount of A = 1 + t", m, {"S": lambda t: 4 + 4 * t, "A": lambda t: 1 + t},
         "HasOnlySubstanceUnits NonUnityCompartment InitialValueReassigned", amount="S A")

    m = vessel("2.5", 1, constant=False)
    m.species("S", amount=6)
    m.assign("C", "1 + time / 2")
    case("compartment_by_rule_dilutes", "A compartment grows by a rule: amounts stay, concentrations fall.",
         "closed form: 6 / (1 + t/2)", m, {"S": lambda t: 6 / (1 + t / 2), "C": lambda t: 1 + t / 2},
         "NonConstantCompartment NonUnityCompartment InitialValueReassigned", concentration="S")

    m = vessel("3.2", 1, constant=False)
    m.species("S", concentration=3)
    m.species("T", amount=3)
    m.assign("C", "2 + time")
    case("concentration_times_size_of_a_rule", "An initial concentration counts with the size that the rule gives, not with the attribute.",
         "closed form: S holds 3 * 2, T holds 3", m, {"S": 6, "T": 3, "C": lambda t: 2 + t},
         "NonConstantCompartment NonUnityCompartment InitialValueReassigned", amount="S T")

    m = vessel("3.2")
    m.species("S", amount=1)
    m.reaction("J", "S ->", "x * S")
    m.variable("x")
    m.assign("x", "piecewise(0.5, time < 2.5, 0)")
    case("rate_constant_by_rule_stops", "A rate constant that a rule switches off.", "closed form: exp(-t/2) up to 2.5, then still", m,
         {"S": lambda t: exp(-min(t, 2.5) / 2)}, REASSIGNED, amount="S")


def rates():
    m = Model("2.1")
    m.variable("x", 1)
    m.variable("y", 0)
    m.rate("x", "y")
    m.rate("y", "-x")
    case("rate_rules_of_an_oscillator", "Two rate rules that turn a circle.", "closed form: x = cos t, y = -sin t", m,
         {"x": cos, "y": lambda t: -sin(t)}, "NonConstantParameter")

    m = vessel("2.3", 2)
    m.species("S", concentration=1)
    m.species("A", amount=1, only=True)
    m.rate("S", "0.5")
    m.rate("A", "0.5")
    case("rate_of_concentration_and_of_amount", "The same rate rule for a concentration and for an amount.",
         "closed form: amount of S = 2 (1 + t/2), amount of A = 1 + t/2", m, {"S": lambda t: 2 + t, "A": lambda t: 1 + t / 2},
         "HasOnlySubstanceUnits NonUnityCompartment", amount="S A")

    m = vessel("3.1", 2, constant=False)
    m.species("S", amount=6)
    m.parameter("g", 0.1)
    m.rate("C", "g * C")
    case("growing_compartment_dilutes", "A compartment that grows by a rate rule, nothing reacts.", "closed form: 3 exp(-t/10)", m,
         {"S": lambda t: 3 * exp(-mpf(0.1) * t), "C": lambda t: 2 * exp(mpf(0.1) * t)},
         "NonConstantCompartment NonUnityCompartment", concentration="S")

    m = vessel("2.4", 1, constant=False)
    m.species("S", concentration=2)
    m.rate("C", "1")
    m.rate("S", "0.5")
    case("rates_of_size_and_concentration", "Rate rules for a size and a concentration: the amount follows as their product.",
         "closed form: concentration 2 + t/2, size 1 + t, amount their product", m,
         {"S": lambda t: (2 + t / 2) * (1 + t), "C": lambda t: 1 + t}, "VolumeConcentrationRates NonConstantCompartment", amount="S")

    m = vessel("3.2", 1, constant=False)
    m.species("S", amount=2, only=True)
    m.variable("c")
    m.rate("C", "1")
    m.rate("S", "0.5")
    m.assign("c", "S / C")
    case("rates_of_size_and_amount", "Rate rules for a size and an amount: the concentration follows as their ratio.",
         "closed form: (2 + t/2) / (1 + t)", m, {"S": lambda t: (2 + t / 2) / (1 + t), "c": lambda t: (2 + t / 2) / (1 + t)},
         "HasOnlySubstanceUnits NonConstantCompartment " + REASSIGNED, concentration="S")

    m = vessel("3.2", 1, constant=False)
    m.species("S", concentration=2)
    m.variable("x")
    m.assign("C", "1 + time")
    m.rate("S", "-S / 2")
    m.assign("x", "S * C")
    case("rate_of_concentration_size_by_rule", "A rate rule holds for the concentration while a rule moves the size.",
         "closed form: concentration 2 exp(-t/2), amount that times 1 + t", m,
         {"S": lambda t: 2 * exp(-t / 2) * (1 + t), "x": lambda t: 2 * exp(-t / 2) * (1 + t)},
         "NonConstantCompartment InitialValueReassigned NonConstantParameter VolumeConcentrationRates", amount="S")

    m = vessel("3.1", 1, constant=False)
    m.species("S", concentration=4)
    m.parameter("k", 0.5)
    m.reaction("J", "S ->", "k * S * C")
    m.rate("C", "C / 4")
    case("reaction_in_a_growing_compartment", "A reaction takes amounts while the compartment grows.",
         "closed form: amount 4 exp(-t/2), size exp(t/4), concentration 4 exp(-3 t/4)", m,
         {"S": lambda t: 4 * exp(-3 * t / 4), "C": lambda t: exp(t / 4), "J": lambda t: 2 * exp(-t / 2)}, "NonConstantCompartment",
         concentration="S")

    m = vessel("3.2", 2)
    m.species("S", concentration=1, boundary=True)
    m.variable("x", 0)
    m.reaction("J", "S ->", "S")
    m.rate("S", "J")
    m.rate("x", "S")
    case("rate_rule_reads_a_reaction", "A rate rule that reads the rate of a reaction on its own boundary species.",
         "closed form: dS/dt = S, x = exp(t) - 1", m, {"S": lambda t: exp(t), "x": lambda t: exp(t) - 1, "J": exp},
         "BoundaryCondition NonUnityCompartment NonConstantParameter", concentration="S", duration=2)


def algebraic():
    m = vessel("2.2")
    m.species("A", amount=3)
    m.species("B", amount=0)
    m.variable("x")
    m.parameter("k", 0.5)
    m.reaction("J", "A -> B", "k * A")
    m.algebraic("x - A * A")
    case("algebraic_parameter_in_one_way", "An algebraic rule that gives a parameter from a species.", "closed form: x = 9 exp(-t)", m,
         {"A": lambda t: 3 * exp(-t / 2), "x": lambda t: 9 * exp(-t)}, REASSIGNED, amount="A")

    m = vessel("3.1")
    m.species("A", amount=1)
    m.species("B", amount=0)
    m.species("E", amount=4)
    m.parameter("k", 0.25)
    m.reaction("J", "A -> B", "k * A * E")
    m.algebraic("E + 2 * A - 6")
    case("algebraic_species_feeds_back", "A species that follows from a conservation law and speeds a reaction up.",
         "closed form: dA/dt = -k A (6 - 2 A), logistic: A = 3 / (1 + 2 exp(1.5 t))", m,
         {"A": lambda t: 3 / (1 + 2 * exp(mpf(1.5) * t)), "E": lambda t: 6 - 6 / (1 + 2 * exp(mpf(1.5) * t))}, "", amount="A E",
         duration=4)

    m = Model("3.2")
    m.variable("x", 1)
    m.variable("y", 3)
    m.rate("x", "1")
    m.algebraic("y * y - x - 3")
    case("algebraic_square_from_its_guess", "A quadratic rule whose start is inconsistent: the root on the guess's side is meant.",
         "closed form: y = sqrt(4 + t)", m, {"y": lambda t: sqrt(4 + t)}, REASSIGNED)

    m = Model("3.2")
    m.variable("x")
    m.variable("y")
    m.algebraic("x + y - time - 5")
    m.algebraic("x - y - 3 * time - 1")
    case("two_algebraic_rules_at_once", "Two rules that only together determine two parameters.", "closed form: x = 3 + 2 t, y = 2 - t", m,
         {"x": lambda t: 3 + 2 * t, "y": lambda t: 2 - t}, REASSIGNED)

    m = vessel("2.5", 2)
    m.species("S", concentration=5)
    m.species("R", amount=0)
    m.rate("R", "1")
    m.algebraic("S + R - 5")
    case("algebraic_concentration", "An algebraic rule between concentrations in a volume of two.", "closed form: amounts 2 (5 - t), 2 t", m,
         {"S": lambda t: 10 - 2 * t, "R": lambda t: 2 * t}, "NonUnityCompartment", amount="S R", duration=4)

    m = Model("3.1")
    m.variable("x")
    m.variable("y")
    m.parameter("a")
    m.parameter("b")
    m.initial("a", "2 * b")
    m.initial("b", "3")
    m.algebraic("x - a - time")
    m.assign("y", "x * b")
    case("algebraic_after_initial_assignments", "A chain of initial assignments feeds an algebraic rule, a rule reads that.",
         "closed form: x = 6 + t, y = 3 x", m, {"a": 6, "x": lambda t: 6 + t, "y": lambda t: 18 + 3 * t}, REASSIGNED)

    m = Model("3.2")
    m.variable("x")
    m.variable("y", 1)
    m.variable("z")
    m.rate("y", "-y")
    m.assign("z", "2 * y")
    m.algebraic("x * z - 4")
    m.event("time >= 1.5", {"y": "4"})
    case("algebraic_after_an_event", "An algebraic rule holds again at once after an event moves what it reads.",
         "closed form: y = exp(-t), then 4 exp(-(t - 1.5)); x = 2 / y", m,
         {"x": lambda t: 2 * exp(t) if t < 1.5 else exp(t - mpf(1.5)) / 2}, REASSIGNED, duration=4, steps=8)

    m = vessel("3.2", 1, constant=False)
    m.species("S", amount=6)
    m.variable("x", 0)
    m.rate("x", "1")
    m.algebraic("C - 1 - x")
    case("algebraic_compartment", "An algebraic rule that gives a compartment's size.", "closed form: size 1 + t, concentration 6 / (1 + t)",
         m, {"C": lambda t: 1 + t, "S": lambda t: 6 / (1 + t)}, "NonConstantCompartment NonConstantParameter InitialValueReassigned",
         concentration="S")

    m = vessel("3.1")
    m.species("S", amount=4)
    m.species("P", amount=0)
    m.variable("q")
    m.variable("k")
    m.reaction("J", "S -> P", "k * S")
    m.algebraic("k * (1 + S) - q")
    m.assign("q", "S + 1")
    case("algebraic_and_assignment_in_a_ring", "An algebraic rule reads a rule that reads the state; the law reads its solution.",
         "closed form: k = 1, S = 4 exp(-t)", m, {"S": lambda t: 4 * exp(-t), "k": 1, "q": lambda t: 1 + 4 * exp(-t)}, REASSIGNED,
         amount="S", duration=5)


def initials():
    m = Model("2.2")
    m.parameter("a", 9)
    m.parameter("b", 9)
    m.variable("d", 9)
    m.initial("a", "b + 1")
    m.initial("b", "d * 2")
    m.initial("d", "4")
    m.rate("d", "1")
    case("chain_of_initial_assignments", "Initial assignments read each other, in any order; attributes do not count.",
         "closed form: d = 4 + t, b = 8, a = 9", m, {"a": 9, "b": 8, "d": lambda t: 4 + t}, REASSIGNED)

    m = vessel("2.3", 4)
    m.species("S", concentration=1)
    m.species("A", amount=1, only=True)
    m.initial("S", "3")
    m.initial("A", "3")
    case("initial_concentration_and_amount", "An initial assignment gives a concentration or an amount, by what the species means.",
         "closed form: 3 * 4 and 3", m, {"S": 12, "A": 3}, "HasOnlySubstanceUnits NonUnityCompartment InitialValueReassigned",
         amount="S A")

    m = vessel("2.4", 1)
    m.species("S", concentration=2)
    m.species("T", amount=2)
    m.initial("C", "5")
    case("initial_size_scales_concentrations", "A size by initial assignment: initial concentrations count with it, amounts do not.",
         "closed form: S holds 2 * 5, T holds 2", m, {"S": 10, "T": 2, "C": 5}, "NonUnityCompartment InitialValueReassigned",
         amount="S T")

    m = vessel("3.2", 2)
    m.species("S", concentration=3)
    m.parameter("k", 0.5)
    m.variable("x")
    m.parameter("first")
    m.reaction("J", "S ->", "k * S * C")
    m.initial("first", "J + x")
    m.assign("x", "10 * S")
    case("initial_assignment_reads_rule_and_reaction", "An initial assignment reads a rule's value and a reaction's rate at the start.",
         "closed form: J = 3, x = 30, first = 33", m, {"first": 33, "x": lambda t: 30 * exp(-t / 2)},
         "NonUnityCompartment " + REASSIGNED, concentration="")

    m = Model("3.1")
    m.parameter("a", 3)
    m.variable("x")
    m.initial("x", "time + a")
    m.rate("x", "time")
    case("initial_assignment_reads_time", "Time in an initial assignment is that of the start.", "closed form: 3 + t^2/2", m,
         {"x": lambda t: 3 + t**2 / 2}, REASSIGNED)

    m = vessel("3.2", 2)
    m.species("S", amount=2)
    m.parameter("r")
    m.reaction("J", "-> S", "6")
    m.initial("r", "rateOf(S)")
    case("initial_assignment_reads_a_rate", "The rate of change at the start, in an initial assignment.", "closed form: 6 / 2", m,
         {"r": 3, "S": lambda t: 2 + 6 * t}, "InitialValueReassigned NonUnityCompartment", amount="S")


def functions():
    m = vessel("2.1")
    m.species("S", amount=1)
    m.parameter("k", 0.5)
    m.function("f", "x, y", "x * y")
    m.reaction("J", "S ->", "f(k, S)")
    case("function_as_rate_law", "A function of two arguments.", "closed form: exp(-t/2)", m, {"S": lambda t: exp(-t / 2)}, amount="S")

    m = Model("2.5")
    m.function("f", "x", "x + 1")
    m.function("g", "x", "f(f(x)) * 2")
    m.function("h", "x, y", "g(x) - f(y)")
    m.parameter("x", 100)
    m.variable("z")
    m.assign("z", "h(time, g(1))")
    case("nested_functions", "Functions of functions, and an argument named as a parameter.",
         "closed form: g(t) = 2 (t + 2), g(1) = 6, z = 2 t + 4 - 7", m, {"z": lambda t: 2 * t - 3}, REASSIGNED)

    m = Model("3.2")
    m.function("swap", "a, b", "a - b")
    m.function("outer", "b, a", "swap(a, b)")
    m.variable("z")
    m.parameter("a", 10)
    m.parameter("b", 1)
    m.assign("z", "outer(a, b + time)")
    case("arguments_are_not_captured", "Arguments of one name in both functions change places on the way.",
         "closed form: outer(10, 1 + t) = (1 + t) - 10", m, {"z": lambda t: t - 9}, REASSIGNED)

    m = Model("3.1")
    m.function("two", "", "2")
    m.function("between", "x, low, high", "x > low and x < high")
    m.variable("z")
    m.assign("z", "piecewise(two(), between(time, 2.5, 6.5), -two())")
    case("functions_without_arguments_and_of_truth", "A function without arguments and one whose value is true or false.",
         "closed form: 2 between 2.5 and 6.5, else -2", m, {"z": lambda t: 2 if 2.5 < t < 6.5 else -2}, REASSIGNED)

    m = Model("3.2")
    m.function("late", "x, limit", "x > limit")
    m.function("double", "x", "2 * x")
    m.variable("x", 1)
    m.rate("x", "1")
    m.event("late(x, 3.25)", {"x": "double(x)"}, delay="double(0.25)")
    case("functions_in_an_event", "Functions in a trigger, a delay and an assignment; the assignment uses the trigger's time.",
         "closed form: x = 1 + t passes 3.25 at 2.25; at 2.75 it becomes 6.5", m,
         {"x": lambda t: 1 + t if t < 2.75 else 6.5 + t - 2.75}, "EventUsesTriggerTimeValues NonConstantParameter")

    m = vessel("3.1", 2)
    m.species("S", concentration=1)
    m.function("half", "x", "x / 2")
    m.variable("y")
    m.variable("z", 1)
    m.initial("S", "half(8)")
    m.rate("z", "half(z)")
    m.algebraic("y - half(z)")
    case("functions_in_rules_and_initial_assignments", "Functions in an initial assignment, a rate rule and an algebraic rule.",
         "closed form: S = 4, z = exp(t/2), y = z/2", m, {"S": 4, "z": lambda t: exp(t / 2), "y": lambda t: exp(t / 2) / 2},
         "NonUnityCompartment " + REASSIGNED, concentration="S", duration=5)


for build in [assignments, rates, algebraic, initials, functions]:
    build()
