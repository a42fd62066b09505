"""Reactions, amounts and concentrations, compartments of every kind."""

from mpmath import exp, lambertw, mpf, tanh

from .case import case
from .model import Model

FIRST_ORDER = "closed form: dn/dt = -k n, n = n0 exp(-k t)"


def vessel(level="3.2", size=1, **more):
    model = Model(level)
    model.compartment("C", size, **more)
    return model


def decay():
    for level, size in [("2.1", 1), ("2.2", 2), ("2.3", 0.5), ("2.4", 4), ("2.5", 8), ("3.1", 0.25), ("3.2", 3)]:
        m = vessel(level, size)
        m.species("S", concentration=5)
        m.species("P", amount=0)
        m.parameter("k", 0.3)
        m.reaction("J", "S -> P", "k * S * C")
        case(f"decay_level_{level.replace('.', '_')}", f"First order decay in a volume of {size}, as written in level {level}.",
             FIRST_ORDER + f" with n0 = 5 * {size}", m,
             {"S": lambda t, size=size: 5 * size * exp(-0.3 * t), "P": lambda t, size=size: 5 * size * (1 - exp(-0.3 * t))},
             tags="" if size == 1 else "NonUnityCompartment", amount="S P")


def amounts_and_concentrations():
    m = vessel(size=0.5)
    m.species("S", amount=3)
    m.parameter("k", 0.2)
    m.reaction("J", "S ->", "k * S * C")
    case("amount_given_concentration_reported", "An initial amount in half a litre, reported as a concentration.",
         FIRST_ORDER + ", concentration n / 0.5", m, {"S": lambda t: 6 * exp(-0.2 * t)}, "NonUnityCompartment", concentration="S")

    m = vessel("2.4", 4)
    m.species("S", amount=8, only=True)
    m.species("T", amount=8)
    m.parameter("k", 0.1)
    m.reaction("J", "S ->", "k * S")
    m.reaction("K", "T ->", "k * T")
    m.variable("x")
    m.variable("y")
    m.assign("x", "S")
    m.assign("y", "T")
    case("only_substance_beside_concentration", "The same law for a species that means an amount and one that means a concentration.",
         "closed form: S amount 8 exp(-0.1 t); T obeys dn/dt = -0.1 n / 4; in formulas S is the amount and T the concentration", m,
         {"S": lambda t: 8 * exp(-0.1 * t), "T": lambda t: 8 * exp(-0.025 * t), "x": lambda t: 8 * exp(-0.1 * t),
          "y": lambda t: 2 * exp(-0.025 * t)}, "HasOnlySubstanceUnits NonUnityCompartment NonConstantParameter InitialValueReassigned",
         amount="S T")

    m = vessel("3.1", 4)
    m.species("A", concentration=2, only=True)
    m.species("B", amount=0)
    m.parameter("k", 0.1)
    m.reaction("J", "A -> B", "k * A")
    case("only_substance_from_concentration", "A species that means an amount but starts from a concentration.",
         FIRST_ORDER + " with n0 = 2 * 4; concentrations n / 4", m,
         {"A": lambda t: 2 * exp(-0.1 * t), "B": lambda t: 2 * (1 - exp(-0.1 * t))}, "HasOnlySubstanceUnits NonUnityCompartment",
         concentration="A B")

    m = vessel("2.3", 2)
    m.compartment("D", 5)
    m.species("A", concentration=3)
    m.species("B", concentration=1, compartment="D")
    m.parameter("p", 0.4)
    m.reaction("J", "A -> B", "p * (A - B)", reversible=True)
    equal, rate = mpf(11) / 7, mpf(0.4) * mpf(7) / 10
    case("diffusion_between_compartments", "Diffusion between volumes of 2 and 5: what leaves one as amount arrives as amount.",
         "closed form: d(A-B)/dt = -p (1/2 + 1/5) (A-B); both tend to (3*2 + 1*5) / 7", m,
         {"A": lambda t: equal + (3 - equal) * exp(-rate * t), "B": lambda t: equal + (1 - equal) * exp(-rate * t)},
         "MultiCompartment NonUnityCompartment ReversibleReaction", concentration="A B")


def orders():
    m = vessel("2.2")
    m.species("A", amount=2)
    m.species("B", amount=0.5)
    m.parameter("f", 0.7)
    m.parameter("r", 0.2)
    m.reaction("J", "A -> B", "f * A - r * B", reversible=True)
    level = mpf(2.5) * mpf(0.2) / (mpf(0.7) + mpf(0.2))
    case("reversible_first_order", "A reversible reaction tends to its equilibrium.",
         "closed form: A = A_eq + (A0 - A_eq) exp(-(f + r) t), A_eq = r (A0 + B0) / (f + r)", m,
         {"A": lambda t: level + (2 - level) * exp(-(mpf(0.7) + mpf(0.2)) * t),
          "B": lambda t: mpf(2.5) - level - (2 - level) * exp(-(mpf(0.7) + mpf(0.2)) * t)}, "ReversibleReaction", amount="A B")

    m = vessel("2.5", 2)
    m.species("A", concentration=1)
    m.species("D", amount=0)
    m.parameter("k", 0.25)
    m.reaction("J", "2 A -> D", "C * k * A ** 2")
    case("dimerisation", "Two of a kind become one: the law counts extents, the reactant goes twice as fast.",
         "closed form: dA/dt = -2 k A^2, A = A0 / (1 + 2 k A0 t); D = (A0 - A) / 2", m,
         {"A": lambda t: 1 / (1 + t / 2), "D": lambda t: (1 - 1 / (1 + t / 2)) / 2}, "NonUnityStoichiometry NonUnityCompartment",
         concentration="A D")

    m = vessel("3.1")
    m.species("S", concentration=4)
    m.species("P", concentration=0)
    m.parameter("V", 1.5)
    m.parameter("K", 0.5)
    m.reaction("J", "S -> P", "C * V * S / (K + S)")
    left = lambda t: (lambertw(8 * exp(8 - 3 * t)) / 2).real
    case("michaelis_menten", "A saturated enzyme that runs out of substrate.",
         "closed form: S = K W((S0/K) exp((S0 - V t) / K)), W the Lambert function", m,
         {"S": left, "P": lambda t: 4 - left(t)}, concentration="S P", duration=6, steps=12)

    m = vessel("3.2")
    m.species("S", amount=1)
    m.reaction("J", "S ->", "0.25")
    case("zeroth_order_below_zero", "A law that does not know its reactant takes it below zero.", "closed form: S = 1 - t / 4", m,
         {"S": lambda t: 1 - t / 4, "J": 0.25}, amount="S")

    m = vessel("2.1")
    for name, amount in [("A", 6), ("B", 0), ("D", 0)]:
        m.species(name, amount=amount)
    m.reaction("J", "A -> B", "a * A", local={"a": 1})
    m.reaction("K", "B -> D", "b * B", local={"b": 0.25})
    middle = lambda t: 8 * (exp(-t / 4) - exp(-t))
    case("chain_of_two_reactions", "A chain of two reactions.", "closed form (Bateman): B = 6 * 1 / (1/4 - 1) * (exp(-t) - exp(-t/4))", m,
         {"A": lambda t: 6 * exp(-t), "B": middle, "D": lambda t: 6 - 6 * exp(-t) - middle(t)}, "LocalParameters", amount="A B D")

    m = vessel("2.4")
    m.species("A", amount=1)
    m.species("E", amount=3)
    m.species("P", amount=0)
    m.parameter("k", 0.1)
    m.reaction("J", "A + E -> P + E", "k * A * E")
    m.reaction("K", "A -> A + 2 P", "k * A")
    case("catalyst_on_both_sides", "Species on both sides of an equation: only the difference counts.",
         "closed form: A = exp(-0.3 t); dP/dt = 0.3 A + 0.2 A, P = (5/3) (1 - exp(-0.3 t))", m,
         {"A": lambda t: exp(-mpf(0.1) * 3 * t), "E": 3, "P": lambda t: mpf(5) / 3 * (1 - exp(-mpf(0.1) * 3 * t))},
         "NonUnityStoichiometry", amount="A E P")

    m = vessel("3.2")
    m.species("A", amount=4)
    m.species("B", amount=0)
    m.parameter("k", 0.5)
    m.reaction("J", "A + A -> B + 0.5 B + 0 A", "k * A")
    case("species_listed_twice", "The same species in two references: their stoichiometries add.",
         "closed form: dA/dt = -2 k A, B = 1.5/2 (A0 - A)", m,
         {"A": lambda t: 4 * exp(-t), "B": lambda t: mpf(3) * (1 - exp(-t))}, "NonUnityStoichiometry", amount="A B", duration=5)

    m = vessel("3.1")
    m.species("A", amount=1)
    m.parameter("k", 2)
    m.reaction("J", "-> A", "k * A * (1 - A / 10)")
    case("logistic_growth", "Growth to a capacity.", "closed form: A = 10 / (1 + 9 exp(-2 t))", m,
         {"A": lambda t: 10 / (1 + 9 * exp(-2 * t))}, amount="A", duration=5)

    m = vessel("3.2", 2)
    m.species("A", concentration=1)
    m.species("M", concentration=3)
    m.parameter("k", 0.1)
    m.reaction("J", "A ->", "k * A * M * C")
    m.variable("flow")
    m.assign("flow", "J / C")
    case("modifier_and_reaction_in_a_formula", "A modifier in a law, and the reaction's id in a formula: its rate, extent per time.",
         "closed form: A = exp(-0.3 t); J = 0.6 A; flow = 0.3 A", m,
         {"A": lambda t: exp(-mpf(0.1) * 3 * t), "J": lambda t: mpf(0.1) * 6 * exp(-mpf(0.1) * 3 * t),
          "flow": lambda t: mpf(0.1) * 3 * exp(-mpf(0.1) * 3 * t)},
         "NonUnityCompartment NonConstantParameter InitialValueReassigned", concentration="A")


def boundaries():
    m = vessel("2.4", 2)
    m.species("B", concentration=3, boundary=True)
    m.species("P", amount=0)
    m.parameter("k", 0.5)
    m.reaction("J", "B -> P", "k * B * C")
    case("boundary_species_is_not_used_up", "A boundary species is a reactant that no reaction changes.",
         "closed form: P = 0.5 * 3 * 2 t", m, {"B": 6, "P": lambda t: 3 * t}, "BoundaryCondition NonUnityCompartment", amount="B P")

    m = vessel("3.2")
    m.species("B", amount=2, boundary=True, constant=True)
    m.species("D", amount=1, constant=True)
    m.species("P", amount=1)
    m.parameter("k", 0.5)
    m.reaction("J", "B -> P", "k * B - k * D * P")
    case("constant_boundary_and_constant_species", "Two constant species: a boundary that is a reactant, and one that is only read.",
         "closed form: dP/dt = 1 - P / 2, P = 2 - exp(-t / 2)", m, {"B": 2, "D": 1, "P": lambda t: 2 - exp(-t / 2)},
         "BoundaryCondition ConstantSpecies", amount="B D P")

    m = vessel("2.5")
    m.species("B", concentration=1, boundary=True)
    m.species("P", amount=0)
    m.reaction("J", "B -> P", "B")
    m.rate("B", "-B / 2")
    case("boundary_species_by_rate_rule", "A boundary species moved by a rate rule while a reaction reads it.",
         "closed form: B = exp(-t/2), P = 2 (1 - exp(-t/2))", m,
         {"B": lambda t: exp(-t / 2), "P": lambda t: 2 * (1 - exp(-t / 2))}, "BoundaryCondition", amount="B P")

    m = vessel("2.2", 2)
    m.species("B", amount=0, boundary=True)
    m.species("P", amount=0)
    m.parameter("k", 0.1)
    m.assign("B", "3 * time")
    m.reaction("J", "B -> P", "k * B")
    case("boundary_species_by_assignment", "A boundary species given by a rule: the rule's value is its concentration.",
         "closed form: amount of B = 2 * 3 t; P = 0.1 * 3 t^2 / 2", m, {"B": lambda t: 6 * t, "P": lambda t: mpf(0.1) * 3 * t * t / 2},
         "BoundaryCondition NonUnityCompartment InitialValueReassigned", amount="B P")

    m = vessel("3.2")
    m.species("B", amount=1, boundary=True)
    m.species("P", amount=0)
    m.parameter("k", 1)
    m.reaction("J", "B -> P", "k * B")
    m.event("time > 2.5", {"B": "3 * B"})
    case("boundary_species_by_event", "An event may move a boundary species.", "closed form: P = t, then 2.5 + 3 (t - 2.5)", m,
         {"B": lambda t: 1 if t < 2.5 else 3, "P": lambda t: t if t < 2.5 else 2.5 + 3 * (t - 2.5)}, "BoundaryCondition",
         amount="B P")


def dimensions():
    for name, level, size, of in [("two", "2.4", 3, 2), ("one", "2.2", 0.5, 1)]:
        m = vessel(level, size, dimensions=of)
        m.species("S", amount=6)
        m.parameter("k", 0.2)
        m.reaction("J", "S ->", "k * S * C")
        case(f"{name}_dimensional_compartment", f"A compartment of {name} dimension(s): concentrations are per its size.",
             FIRST_ORDER, m, {"S": lambda t, size=size: 6 / mpf(size) * exp(-0.2 * t), "C": size}, "NonUnityCompartment",
             concentration="S")

    m = Model("2.4")
    m.compartment("C", None, dimensions=0)
    m.species("S", amount=2, only=True)
    m.species("P", amount=0, only=True)
    m.parameter("k", 0.2)
    m.reaction("J", "S -> P", "k * S")
    case("point_compartment", "A compartment without dimensions and size holds amounts.", FIRST_ORDER, m,
         {"S": lambda t: 2 * exp(-0.2 * t), "P": lambda t: 2 - 2 * exp(-0.2 * t)}, "0D-Compartment HasOnlySubstanceUnits", amount="S P")

    m = Model("3.1")
    m.compartment("C", None, dimensions=0)
    m.species("S", amount=2, only=True)
    m.event("time >= 4.5", {"S": "S + 1"})
    m.rate("S", "-S / 4")
    case("point_compartment_with_event_and_rate", "A rate rule and an event on a species in a compartment without dimensions.",
         "closed form: 2 exp(-t/4); from 4.5 on (2 exp(-4.5/4) + 1) exp(-(t - 4.5)/4)", m,
         {"S": lambda t: 2 * exp(-t / 4) if t < 4.5 else (2 * exp(-mpf(4.5) / 4) + 1) * exp(-(t - 4.5) / 4)},
         "0D-Compartment HasOnlySubstanceUnits", amount="S")

    m = vessel("3.2", 2, dimensions="2.5")
    m.species("S", amount=6)
    m.parameter("k", 0.5)
    m.reaction("J", "S ->", "k * C")
    case("fractal_compartment", "A compartment of two and a half dimensions is as good as any.", "closed form: (6 - t) / 2", m,
         {"S": lambda t: (6 - t) / 2}, "NonUnityCompartment", concentration="S", duration=4)


def locals_():
    for level in ["2.1", "3.1"]:
        m = vessel(level)
        m.species("S", amount=1)
        m.parameter("k", 7)
        m.variable("x")
        m.reaction("J", "S ->", "k * S", local={"k": 0.5})
        m.assign("x", "k * S")
        case(f"local_parameter_shadows_parameter_{level.replace('.', '_')}", "A local parameter shadows a global one in its law alone.",
             "closed form: S = exp(-t/2), x = 7 S", m, {"S": lambda t: exp(-t / 2), "x": lambda t: 7 * exp(-t / 2)},
             "LocalParameters NonConstantParameter InitialValueReassigned", amount="S")

    m = vessel("3.2")
    m.species("S", amount=1)
    m.species("T", amount=1)
    m.reaction("J", "S ->", "T * S", local={"T": 0.5})
    m.reaction("K", "T ->", "J * T", local={"J": 0.25})
    case("local_parameters_shadow_species_and_reaction", "Local parameters named as a species and as a reaction.",
         "closed form: S = exp(-t/2), T = exp(-t/4)", m, {"S": lambda t: exp(-t / 2), "T": lambda t: exp(-t / 4)}, "LocalParameters",
         amount="S T")

    m = vessel("2.4", 2)
    m.species("S", amount=1)
    m.reaction("J", "S ->", "C * S", local={"C": 0.5})
    case("local_parameter_shadows_compartment", "A local parameter named as the compartment; the species is still divided by its size.",
         "closed form: dn/dt = -0.5 n / 2", m, {"S": lambda t: exp(-t / 4)}, "LocalParameters NonUnityCompartment", amount="S")

    m = vessel("3.2")
    m.species("S", amount=1)
    m.function("f", "x", "x * 2")
    m.parameter("k", 9)
    m.reaction("J", "S ->", "f(k) * S", local={"k": 0.25})
    case("local_parameter_as_argument", "A local parameter handed to a function.", "closed form: S = exp(-t/2)", m,
         {"S": lambda t: exp(-t / 2)}, "LocalParameters", amount="S")

    m = vessel("3.2")
    m.species("S", amount=0)
    m.parameter("k", 3)
    m.reaction("J", "-> S", "k", local={"k": 1})
    m.reaction("K", "-> S", "k", local={"k": 0.5})
    m.reaction("L", "-> S", "k")
    case("local_parameters_of_one_name", "Three reactions that each mean another parameter by the same name.", "closed form: S = 4.5 t", m,
         {"S": lambda t: mpf(4.5) * t, "J": 1, "K": 0.5, "L": 3}, "LocalParameters", amount="S")


def defaults():
    m = Model("2.2")
    m.compartment("C", 2)
    m.species("S", amount=1)
    m.parameter("k", 0.5)
    m.variable("x", 1)
    m.reaction("J", "S -> P", "k * S * C")
    m.species("P", amount=0)
    m.event("time > 2.5", {"x": "S"}, delay="1")
    m.rate("x", "0")
    half = lambda t: exp(-t / 2)
    case("defaults_of_level_2", "Attributes left out: stoichiometry one, reversible, not constant, values of the trigger's time.",
         "closed form: S = exp(-t/2) amount; x = S concentration at 2.5, from 3.5 on", m,
         {"S": half, "P": lambda t: 1 - half(t), "x": lambda t: 1 if t < 3.5 else half(mpf(2.5)) / 2},
         "DefaultValue EventUsesTriggerTimeValues NonUnityCompartment NonConstantParameter", amount="S P")

    m = Model("3.2")
    m.compartment("C", None)
    m.variable("x", 1)
    m.variable("y")
    m.parameter("z")
    m.initial("C", "2")
    m.initial("z", "3 * C")
    m.assign("y", "x * C + z")
    case("values_that_only_formulas_give", "No attribute has a value: initial assignments and rules have them all.",
         "closed form: C = 2, z = 6, y = 8", m, {"C": 2, "y": 8, "z": 6},
         "DefaultValue InitialValueReassigned NonConstantParameter NonUnityCompartment")

    m = Model("2.4")
    m.compartment("C", 1)
    m.species("S", amount=3)
    m.species("P", amount=0)
    m.parameter("x", 1)
    m.reaction("J", "S -> P", "tanh(x) * S")
    case("constant_by_default", "A parameter without `constant` is constant in level 2.", "closed form: S = 3 exp(-tanh(1) t)", m,
         {"S": lambda t: 3 * exp(-tanh(mpf(1)) * t), "x": 1}, "DefaultValue UncommonMathML", amount="S")


for build in [decay, amounts_and_concentrations, orders, boundaries, dimensions, locals_, defaults]:
    build()
