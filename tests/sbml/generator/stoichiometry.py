"""Stoichiometries that are named, computed, moved; conversion factors; elements without formulas; fast reactions."""

from mpmath import exp, mpf, sqrt

from .case import case
from .kinetics import vessel
from .model import Model

CONSTANT, VARIABLE = "AssignedConstantStoichiometry", "AssignedVariableStoichiometry"
PARAMETER = "NonConstantParameter InitialValueReassigned"


def named():
    m = vessel("3.1")
    m.species("A", amount=8)
    m.species("B", amount=0)
    m.variable("x")
    m.parameter("k", 0.5)
    m.reaction("J", "A -> n=3:B", "k * A")
    m.assign("x", "n * 10")
    case("named_stoichiometry_in_a_formula", "A stoichiometry's id in a formula is its value.", "closed form: A = 8 exp(-t/2), B = 3 (8 - A)", m,
         {"A": lambda t: 8 * exp(-t / 2), "B": lambda t: 24 - 24 * exp(-t / 2), "x": 30, "n": 3},
         "NonUnityStoichiometry SpeciesReferenceInMath " + PARAMETER, amount="A B")

    m = vessel("3.2")
    m.species("A", amount=9)
    m.species("B", amount=0)
    m.parameter("p", 2)
    m.parameter("k", 1)
    m.initial("n", "p + 1")
    m.initial("q", "n / 2")
    m.reaction("J", "n:A -> q:B", "k")
    case("stoichiometry_by_initial_assignment", "Stoichiometries from a chain of initial assignments.", "closed form: n = 3, q = 1.5", m,
         {"A": lambda t: 9 - 3 * t, "B": lambda t: 3 * t / 2, "n": 3, "q": 1.5},
         f"{CONSTANT} InitialValueReassigned NonUnityStoichiometry SpeciesReferenceInMath", amount="A B", duration=3)

    m = vessel("3.1")
    m.species("B", amount=0)
    m.reaction("J", "-> n:B", "2")
    m.assign("n", "time")
    case("stoichiometry_by_assignment_rule", "A stoichiometry that a rule moves with time.", "closed form: dB/dt = 2 t", m,
         {"B": lambda t: t**2, "n": lambda t: t}, f"{VARIABLE} InitialValueReassigned", amount="B")

    m = vessel("3.2", 2)
    m.species("S", concentration=1)
    m.parameter("k", 0.5)
    m.reaction("J", "-> n:S", "k")
    m.assign("n", "S")
    case("stoichiometry_by_its_own_species", "A stoichiometry that is the concentration of its species.",
         "closed form: 2 dS/dt = k S", m, {"S": lambda t: exp(t / 4)}, f"{VARIABLE} InitialValueReassigned NonUnityCompartment",
         concentration="S")

    m = vessel("3.1")
    m.species("B", amount=0)
    m.reaction("J", "-> n=1:B", "1")
    m.rate("n", "n / 2")
    case("stoichiometry_by_rate_rule", "A stoichiometry that a rate rule moves.", "closed form: n = exp(t/2), B = 2 (n - 1)", m,
         {"n": lambda t: exp(t / 2), "B": lambda t: 2 * exp(t / 2) - 2}, VARIABLE, amount="B", duration=5)

    m = vessel("3.2")
    m.species("B", amount=0)
    m.reaction("J", "-> n=1:B", "1")
    m.event("B > 2.25", {"n": "n + 2"}, delay="0.5")
    case("stoichiometry_by_event", "A delayed event changes a stoichiometry.", "closed form: t up to 2.75, then 2.75 + 3 (t - 2.75)", m,
         {"B": lambda t: t if t < 2.75 else 2.75 + 3 * (t - 2.75), "n": lambda t: 1 if t < 2.75 else 3},
         f"{VARIABLE} EventUsesTriggerTimeValues", amount="B")

    m = vessel("3.2")
    m.species("B", amount=4)
    m.variable("y", 1)
    m.reaction("J", "n:B ->", "1")
    m.rate("y", "0.5")
    m.algebraic("n - 2 * y + B - B")
    case("stoichiometry_by_algebraic_rule", "A stoichiometry that an algebraic rule gives.", "closed form: n = 2 + t, B = 4 - 2 t - t^2/2", m,
         {"n": lambda t: 2 + t, "B": lambda t: 4 - 2 * t - t**2 / 2}, f"{VARIABLE} {PARAMETER} SpeciesReferenceInMath", amount="B",
         duration=4)

    m = vessel("3.1")
    m.species("A", amount=1)
    m.species("B", amount=0)
    m.reaction("J", "n=2:A + q=1:A -> p=3:B", "0.25 * n * A")
    case("named_twice_for_one_species", "Two named references to one species; the law reads one.", "closed form: dA/dt = -1.5 A, B = 1 - A", m,
         {"A": lambda t: exp(-3 * t / 2), "B": lambda t: 1 - exp(-3 * t / 2)}, "NonUnityStoichiometry SpeciesReferenceInMath", amount="A B",
         duration=4)

    m = vessel("3.1")
    m.species("A", amount=5)
    m.species("B", amount=0)
    m.reaction("J", "n=2:A -> B", "n", local={"n": 0.5})
    case("local_parameter_shadows_a_stoichiometry", "A local parameter named as a stoichiometry.", "closed form: A = 5 - 2 * 0.5 t", m,
         {"A": lambda t: 5 - t, "B": lambda t: t / 2}, "LocalParameters NonUnityStoichiometry", amount="A B", duration=4)

    m = vessel("3.2", 2)
    m.species("B", concentration=1, boundary=True)
    m.species("S", amount=0)
    m.variable("r")
    m.reaction("J", "n:B -> n2:S", "1")
    m.assign("n", "3")
    m.assign("n2", "n * B")
    m.assign("r", "J * n2")
    case("stoichiometry_of_a_boundary_species", "Stoichiometries by rules, one of a boundary species, one that reads the other.",
         "closed form: S = 3 t, B stays", m, {"B": 2, "S": lambda t: 3 * t, "r": 3},
         f"{CONSTANT} BoundaryCondition SpeciesReferenceInMath NonUnityCompartment NonUnityStoichiometry {PARAMETER}", amount="B S")


def level_2():
    m = vessel("2.1")
    m.species("A", amount=12)
    m.species("B", amount=0)
    m.parameter("p", 2)
    m.reaction("J", "A -> B", "0.25", stoichiometry_math={"A": "p * 2", "B": "p / 4"})
    case("stoichiometry_math_of_constants", "Computed stoichiometries of level 2.", "closed form: A = 12 - t, B = t/8", m,
         {"A": lambda t: 12 - t, "B": lambda t: t / 8}, f"{CONSTANT} NonUnityStoichiometry", amount="A B")

    m = vessel("2.4", 2)
    m.species("B", concentration=1)
    m.variable("p", 1)
    m.reaction("J", "-> B", "2", stoichiometry_math={"B": "p * time"})
    m.event("time > 2.5", {"p": "3"})
    jump = lambda t: 2 + t**2 if t < 2.5 else 2 + 6.25 + 3 * (t**2 - 6.25)
    case("stoichiometry_math_of_time_and_parameter", "A computed stoichiometry that moves with time and with an event.",
         "closed form: dB/dt = 2 p t", m, {"B": jump}, f"{VARIABLE} NonConstantParameter NonUnityCompartment", amount="B")

    m = vessel("2.3")
    m.species("A", amount=1)
    m.species("B", amount=0)
    m.function("double", "x", "2 * x")
    m.reaction("J", "A -> B", "0.5 * A", stoichiometry_math={"B": "double(A)"})
    case("stoichiometry_math_with_function", "A computed stoichiometry by a function of a species.",
         "closed form: A = exp(-t/2), dB/dt = A^2, B = 1 - exp(-t)", m, {"A": lambda t: exp(-t / 2), "B": lambda t: 1 - exp(-t)}, VARIABLE,
         amount="A B")


def conversion():
    factors = "ConversionFactors"
    m = Model("3.1", conversionFactor="c")
    m.compartment("C", 2)
    m.species("A", concentration=3)
    m.species("B", amount=0)
    m.parameter("c", 4)
    m.parameter("k", 0.25)
    m.reaction("J", "A -> 2 B", "k * A")
    case("conversion_factor_of_the_model", "The model's factor turns extent into substance for every species.",
         "closed form: dA/dt = -4 k A / 2 (amount), B = 2 (6 - A)", m,
         {"A": lambda t: 6 * exp(-t / 2), "B": lambda t: 12 - 12 * exp(-t / 2), "J": lambda t: mpf(3) / 4 * exp(-t / 2)},
         f"{factors} NonUnityCompartment NonUnityStoichiometry", amount="A B")

    m = Model("3.2", conversionFactor="c")
    m.compartment("C", 1)
    m.species("A", amount=10)
    m.species("B", amount=0, factor="d")
    m.species("P", amount=1, boundary=True, factor="d")
    m.parameter("c", 2)
    m.parameter("d", 0.5)
    m.reaction("J", "A + P -> B", "1")
    case("conversion_factor_of_a_species", "A species' own factor replaces the model's; a boundary species takes no notice.",
         "closed form: A = 10 - 2 t, B = t/2", m, {"A": lambda t: 10 - 2 * t, "B": lambda t: t / 2, "P": 1}, f"{factors} BoundaryCondition",
         amount="A B P", duration=4)

    m = Model("3.1")
    m.compartment("C", 4)
    m.species("A", amount=8, only=True, factor="c")
    m.species("B", amount=8, factor="c")
    m.parameter("c", 2)
    m.reaction("J", "A ->", "0.25 * A")
    m.reaction("K", "B ->", "0.25 * B")
    case("conversion_factor_of_an_amount", "A factor for a species that means an amount, beside one that means a concentration.",
         "closed form: dA/dt = -A/2; dB/dt = -2 * 0.25 * B/4", m, {"A": lambda t: 8 * exp(-t / 2), "B": lambda t: 8 * exp(-t / 8)},
         f"{factors} HasOnlySubstanceUnits NonUnityCompartment", amount="A B")

    m = Model("3.2", conversionFactor="c")
    m.compartment("C", 1)
    m.species("A", amount=0)
    m.parameter("c")
    m.parameter("d", 3)
    m.initial("c", "d + 1")
    m.reaction("J", "-> n:A", "1")
    m.assign("n", "time")
    case("conversion_factor_and_moving_stoichiometry", "A factor by initial assignment times a stoichiometry by rule.",
         "closed form: dA/dt = 4 t", m, {"A": lambda t: 2 * t**2}, f"{factors} {VARIABLE} InitialValueReassigned", amount="A")

    m = Model("3.1", conversionFactor="c")
    m.compartment("C", 1)
    m.species("A", amount=1)
    m.variable("x", 0)
    m.parameter("c", 5)
    m.rate("A", "1")
    m.rate("x", "1")
    m.event("time > 2.5", {"A": "10"})
    case("conversion_factor_leaves_rules_and_events", "A factor belongs to reactions alone, not to rules and events.",
         "closed form: 1 + t, then 10 + (t - 2.5)", m, {"A": lambda t: 1 + t if t < 2.5 else 10 + t - 2.5, "x": lambda t: t},
         f"{factors} NonConstantParameter", amount="A")

    m = Model("3.2", conversionFactor="c")
    m.compartment("C", 1, constant=False)
    m.species("A", concentration=2)
    m.parameter("c", 2)
    m.variable("r")
    m.rate("C", "1")
    m.reaction("J", "-> A", "3")
    m.assign("r", "rateOf(A)")
    case("conversion_factor_and_rate_of", "A factor, a growing compartment and the rate of a concentration.",
         "closed form: n = 2 + 6 t, V = 1 + t, r = (6 V - n) / V^2", m,
         {"A": lambda t: (2 + 6 * t) / (1 + t), "r": lambda t: (6 * (1 + t) - 2 - 6 * t) / (1 + t) ** 2},
         f"{factors} NonConstantCompartment {PARAMETER}", concentration="A")


def without_formulas():
    nothing = "NoMathML"
    m = vessel("3.2", 2)
    m.species("S", concentration=3)
    m.variable("x", 4)
    m.variable("y", 5)
    m.variable("z", 6)
    m.parameter("p", 7)
    m.assign("x", None)
    m.rate("y", None)
    m.initial("p", None)
    m.initial("S", None)
    m.algebraic(None)
    case("rules_without_formulas", "Rules and initial assignments without formulas say nothing: attributes count.", "by reasoning", m,
         {"S": 6, "x": 4, "y": 5, "z": 6, "p": 7}, f"{nothing} NonConstantParameter NonUnityCompartment", amount="S")

    m = Model("3.2")
    for name in ["x", "y", "z", "w"]:
        m.variable(name, 0)
    m.event("", {"x": "1"})
    m.event(None, {"x": "2"})
    m.event("time > 1.5", {"y": "1"}, delay="")
    m.event("time > 2.5", {"z": None, "w": "1"}, priority="")
    case("events_without_formulas", "Events whose trigger, delay, priority or assignment has no formula.",
         "by reasoning: no trigger, no event; no delay, at once; no assignment, no change", m,
         {"x": 0, "y": lambda t: 1 if t > 1.5 else 0, "z": 0, "w": lambda t: 1 if t > 2.5 else 0}, f"{nothing} NonConstantParameter")

    m = vessel("3.2")
    m.species("S", amount=3)
    m.species("P", amount=1)
    m.parameter("k", 0.5)
    m.function("f", "x", None)
    m.constraint(None)
    m.reaction("J", "S -> P", "")
    m.reaction("K", "P ->", "k * P")
    case("law_function_and_constraint_without_formulas", "A kinetic law, a function and a constraint without formulas.",
         "closed form: the reaction stands still, P = exp(-t/2)", m, {"S": 3, "P": lambda t: exp(-t / 2)}, nothing, amount="S P")

    m = vessel("3.2")
    m.species("S", amount=0)
    m.assign("n", None)
    m.initial("q", None)
    m.reaction("J", "-> n=2:S", "1")
    m.reaction("K", "-> q=3:S", "1")
    case("stoichiometry_rules_without_formulas", "A rule and an initial assignment without formulas for stoichiometries.",
         "closed form: S = 5 t", m, {"S": lambda t: 5 * t, "n": 2}, f"{nothing} NonUnityStoichiometry", amount="S")

    m = Model("3.2")
    m.lists["Parameters"].append("")
    m.compartment("C", 1)
    m.species("S", amount=2)
    m.lists["Events"].append("")
    m.lists["Rules"].append("")
    case("empty_lists", "Lists with nothing in them.", "by reasoning", m, {"S": 2, "C": 1}, amount="S")

    m = Model("3.1")
    m.variable("x", 1)
    m.rate("x", "-x")
    m.constraint("x > 0.5")
    case("constraint_that_is_violated", "A constraint tells when results are outside of what the model is meant for; it changes none.",
         "closed form: exp(-t)", m, {"x": lambda t: exp(-t)}, "NonConstantParameter", duration=3)


def fast():
    m = vessel("2.1")
    m.species("A", amount=3)
    m.species("B", amount=0)
    m.parameter("f", 2)
    m.parameter("r", 1)
    m.reaction("J", "A -> B", "f * A - r * B", fast=True, reversible=True)
    case("fast_equilibrium", "A fast reaction alone is at its equilibrium from the start on.", "closed form: B = 2 A, A + B = 3", m,
         {"A": 1, "B": 2}, "FastReaction ReversibleReaction", amount="A B")

    m = vessel("2.4", 2)
    m.species("A", concentration=2)
    m.species("B", concentration=0)
    m.species("P", amount=0)
    m.parameter("k", 0.5)
    m.reaction("J", "A -> B", "(3 * A - B) * C", fast=True)
    m.reaction("K", "B -> P", "k * B * C")
    pool = lambda t: 4 * exp(-mpf(3) / 8 * t)
    case("fast_equilibrium_with_slow_drain", "A slow reaction drains a pool that stays in equilibrium.",
         "closed form: total T = 4 exp(-0.5 * 3/4 t), A = T/4, B = 3 T/4", m,
         {"A": lambda t: pool(t) / 4, "B": lambda t: 3 * pool(t) / 4, "P": lambda t: 4 - pool(t)}, "FastReaction NonUnityCompartment",
         amount="A B P")

    m = vessel("3.1")
    m.species("A", amount=4)
    m.species("B", amount=0)
    m.reaction("J", "A -> B", "A - B", fast=True)
    m.event("time > 2.5", {"A": "A + 2"})
    case("fast_equilibrium_after_an_event", "An event disturbs an equilibrium, which is there again at once.", "closed form: half each", m,
         {"A": lambda t: 2 if t < 2.5 else 3, "B": lambda t: 2 if t < 2.5 else 3}, "FastReaction", amount="A B")

    m = vessel("3.1")
    for name, amount in [("A", 7), ("B", 0), ("D", 0)]:
        m.species(name, amount=amount)
    m.parameter("k", 0.7)
    m.reaction("J", "A -> B", "2 * A - B", fast=True)
    m.reaction("K", "B -> D", "2 * B - D", fast=True)
    m.reaction("L", "D ->", "k * D")
    pool3 = lambda t: 7 * exp(-mpf(0.7) * 4 / 7 * t)
    case("two_fast_reactions_in_a_row", "Two fast reactions share a pool that a slow one drains.",
         "closed form: A : B : D = 1 : 2 : 4, total 7 exp(-0.4 t)", m,
         {"A": lambda t: pool3(t) / 7, "B": lambda t: 2 * pool3(t) / 7, "D": lambda t: 4 * pool3(t) / 7},
         "FastReaction MultipleFastReactions", amount="A B D")

    m = vessel("2.3")
    m.species("A", amount=6)
    m.species("D", amount=0)
    m.reaction("J", "2 A -> D", "A * A - 4 * D", fast=True)
    case("fast_dimerisation", "A fast reaction of second order: the equilibrium that the flow tends to.",
         "closed form: A^2 = 4 D and A + 2 D = 6, so A^2 + 2 A - 12 = 0", m,
         {"A": sqrt(mpf(13)) - 1, "D": (7 - sqrt(mpf(13))) / 2}, "FastReaction NonUnityStoichiometry", amount="A D")

    m = vessel("2.5")
    m.species("B", amount=2, boundary=True)
    m.species("A", amount=0)
    m.species("P", amount=0)
    m.parameter("k", 0.5)
    m.reaction("J", "B -> A", "B - 2 * A", fast=True)
    m.reaction("K", "A -> P", "k * A")
    case("fast_reaction_from_a_boundary", "A boundary species feeds a fast reaction.", "closed form: A = 1, P = t/2", m,
         {"B": 2, "A": 1, "P": lambda t: t / 2}, "FastReaction BoundaryCondition", amount="B A P")

    m = vessel("3.1")
    m.species("A", amount=6)
    m.species("B", amount=0)
    m.variable("k", 1)
    m.reaction("J", "A -> B", "k * A - B", fast=True)
    m.rate("k", "1")
    case("fast_equilibrium_that_moves", "An equilibrium constant that a rate rule moves.", "closed form: A = 6 / (2 + t)", m,
         {"A": lambda t: 6 / (2 + t), "B": lambda t: 6 - 6 / (2 + t)}, "FastReaction NonConstantParameter", amount="A B")


for build in [named, level_2, conversion, without_formulas, fast]:
    build()
