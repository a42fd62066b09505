"""Symbols of SBML (time, delay, rates of change, Avogadro's number) and formulas of every kind."""

from mpmath import (acos, acosh, acot, acoth, acsc, acsch, asec, asech, asin, asinh, atan, atanh, ceil, cos, cosh, cot, coth, csc, csch,
                    exp, floor, log, mpf, pi, sec, sech, sin, sinh, sqrt, tan, tanh)

from .case import case
from .kinetics import vessel
from .model import Model

REASSIGNED = "NonConstantParameter InitialValueReassigned"
# The number that SBML fixes: the one of CODATA 2006 in Level 3 Version 1.
AVOGADRO = mpf("6.02214179e23")


def time():
    for level in ["2.1", "3.1"]:
        m = vessel(level)
        m.species("S", amount=0)
        m.reaction("J", "-> S", "2 * time")
        case(f"time_in_a_rate_law_{level.replace('.', '_')}", "Time in a rate law.", "closed form: t^2", m, {"S": lambda t: t**2}, amount="S")

    m = Model("2.4")
    m.unit("time", ("second", 1, 0, 60))
    m.unit("substance", ("mole", 1, -3, 1))
    m.compartment("C", 2)
    m.species("S", amount=1)
    m.parameter("k", 0.5)
    m.reaction("J", "S ->", "k * S * C + 0 * time")
    m.variable("x", 0)
    m.event("time > 2.5", {"x": "1"}, delay="2")
    case("units_change_no_number", "Minutes and millimoles as the model's units: numbers mean what they say.",
         "closed form: exp(-t/2); x at 4.5", m, {"S": lambda t: exp(-t / 2), "x": lambda t: 1 if t > 4.5 else 0},
         "NonUnityCompartment NonConstantParameter EventUsesTriggerTimeValues", amount="S")

    m = Model("3.2", timeUnits="hour", substanceUnits="micromole", extentUnits="item")
    m.unit("hour", ("second", 1, 0, 3600))
    m.unit("micromole", ("mole", 1, -6, 1))
    m.unit("per_hour", ("second", -1, 0, 3600))
    m.compartment("C", 1, units="litre")
    m.species("S", amount=1, substanceUnits="item")
    m.parameter("k", 0.5, units="per_hour")
    m.reaction("J", "S ->", "k * S")
    case("units_of_level_3_change_no_number", "Hours, items and micromoles that do not fit together convert nothing.",
         "closed form: exp(-t/2)", m, {"S": lambda t: exp(-t / 2)}, amount="S")


def delay():
    m = Model("3.1")
    m.variable("x", 1)
    m.variable("y")
    m.rate("x", "x / 2")
    m.assign("y", "delay(x, 2)")
    past = lambda t: exp((t - 2) / 2) if t > 2 else 1
    case("delay_of_a_state", "A state as it was two time units ago; before the start it had its first value.",
         "closed form: exp((t - 2)/2) after 2, 1 before", m, {"x": lambda t: exp(t / 2), "y": past}, REASSIGNED, duration=5)

    m = Model("3.2")
    m.variable("x", 1)
    m.rate("x", "-delay(x, 1)")
    def steps_(t):
        # x(t) = sum over n of (-1)^n (t - n + 1)^n / n!, n up to floor(t) + 1
        total, factorial = mpf(0), mpf(1)
        for n in range(int(t) + 2):
            factorial *= n or 1
            total += (-1) ** n * (t - n + 1) ** n / factorial
        return total
    case("delay_equation", "A delay differential equation, dx/dt = -x(t - 1) with x = 1 before the start.",
         "closed form (method of steps): sum (-1)^n (t - n + 1)^n / n!, n from 0 to floor(t) + 1", m, {"x": steps_}, "NonConstantParameter",
         duration=8, steps=16, relative=1e-5, absolute=1e-7)

    m = Model("2.5")
    m.variable("x", 2)
    m.variable("y")
    m.variable("z")
    m.rate("x", "1")
    m.assign("y", "delay(x * x, 1) + delay(3, 1)")
    m.assign("z", "delay(delay(x, 1), 1)")
    ramp = lambda t: 2 + max(t, 0)
    case("delay_of_an_expression", "The past of a product, of a number, and of a past.", "closed form: x = 2 + t from the start on", m,
         {"y": lambda t: ramp(t - 1) ** 2 + 3, "z": lambda t: ramp(t - 2)}, REASSIGNED)

    m = Model("3.1")
    m.variable("x")
    m.variable("y")
    m.variable("z")
    m.assign("x", "2 * time")
    m.assign("y", "delay(x, 3)")
    m.assign("z", "delay(time, 3)")
    case("delay_of_time_before_the_start", "The past of time and of a rule of time: both hold before the start too.",
         "closed form: y = 2 (t - 3), z = t - 3", m, {"y": lambda t: 2 * (t - 3), "z": lambda t: t - 3}, REASSIGNED)

    m = Model("3.2")
    m.variable("x", 9)
    m.variable("y")
    m.initial("x", "3 + time / 2")
    m.rate("x", "-1")
    m.assign("y", "delay(x, 1.5)")
    case("delay_before_the_start_by_initial_assignment", "Before the start, a variable has what its initial assignment gives at that time.",
         "closed form: 3 + (t - 1.5)/2 before 1.5, then 3 - (t - 1.5)", m,
         {"x": lambda t: 3 - t, "y": lambda t: 3 + (t - mpf(1.5)) / (2 if t < 1.5 else -1)}, REASSIGNED, duration=5)

    m = vessel("2.4")
    m.species("S", amount=1)
    m.species("P", amount=0)
    m.parameter("k", 0.5)
    m.parameter("lag", 1)
    m.reaction("J", "S ->", "k * S")
    m.reaction("K", "-> P", "delay(J, lag)")
    case("delay_of_a_reaction_rate", "A reaction as fast as another was one time unit ago.",
         "closed form: P = t/2 up to 1, then 1/2 + 1 - exp(-(t - 1)/2)", m,
         {"P": lambda t: t / 2 if t < 1 else mpf(1) / 2 + 1 - exp(-(t - 1) / 2)}, amount="P")

    m = Model("3.2")
    m.variable("x", 0)
    m.variable("y", 0)
    m.rate("x", "1")
    m.event("delay(x, 2) > 1.5", {"y": "x"})
    case("delay_in_a_trigger", "A trigger that watches the past.", "closed form: x was 1.5 two time units before 3.5", m,
         {"y": lambda t: mpf(3.5) if t > 3.5 else 0}, "DelayInTrigger NonConstantParameter")

    m = Model("3.1")
    m.variable("x", 0)
    m.variable("y", 0)
    m.variable("z", 0)
    m.rate("x", "1")
    m.event("x > 2.5", {"y": "delay(x, 1)"}, delay="2")
    m.event("x > 2.5", {"z": "delay(x, 1)"}, delay="2", trigger_values=False)
    case("delay_in_a_delayed_assignment", "The past in an assignment that waits, seen from the trigger's time or from the assignment's.",
         "closed form: 1.5 and 3.5 from 4.5 on", m,
         {"y": lambda t: mpf(1.5) if t > 4.5 else 0, "z": lambda t: mpf(3.5) if t > 4.5 else 0},
         "DelayInEventAssignment NonConstantParameter EventUsesTriggerTimeValues EventUsesAssignmentTimeValues")

    m = Model("3.2")
    m.variable("x", 0)
    m.variable("y")
    m.event("time >= 3.25", {"x": "5"})
    m.assign("y", "delay(x, 2.5)")
    case("delay_of_what_an_event_moves", "A jump is seen again when the delay has gone by.", "closed form: at 5.75", m,
         {"y": lambda t: 5 if t > 5.75 else 0}, REASSIGNED)

    m = Model("3.1")
    m.variable("x", 0)
    m.variable("y")
    m.rate("x", "1")
    m.assign("y", "delay(x, 0.5 + time / 2)")
    case("delay_that_grows", "A delay that is not constant.", "closed form: x at t/2 - 1/2, 0 before the start", m,
         {"y": lambda t: max(t / 2 - mpf(0.5), 0)}, REASSIGNED)


def rates_of_change():
    m = vessel("3.2", 2)
    m.species("S", concentration=4)
    m.species("A", amount=8, only=True)
    m.variable("r")
    m.variable("q")
    m.reaction("J", "S ->", "0.5 * S * C")
    m.reaction("K", "A ->", "0.5 * A")
    m.assign("r", "rateOf(S)")
    m.assign("q", "rateOf(A)")
    case("rate_of_concentration_and_of_amount_read", "The rate of change of a concentration and of an amount.",
         "closed form: r = -2 exp(-t/2), q = -4 exp(-t/2)", m, {"r": lambda t: -2 * exp(-t / 2), "q": lambda t: -4 * exp(-t / 2)},
         "HasOnlySubstanceUnits NonUnityCompartment " + REASSIGNED)

    m = vessel("3.2", 1, constant=False)
    m.species("S", amount=6)
    m.variable("r")
    m.variable("q")
    m.rate("C", "0.5")
    m.reaction("J", "-> S", "1")
    m.assign("r", "rateOf(S)")
    m.assign("q", "rateOf(C)")
    case("rate_of_concentration_while_the_size_changes", "A concentration changes with the amount and with the size.",
         "closed form: S = (6 + t)/(1 + t/2), r its derivative", m,
         {"S": lambda t: (6 + t) / (1 + t / 2), "r": lambda t: (1 + t / 2 - (6 + t) / 2) / (1 + t / 2) ** 2, "q": 0.5},
         "NonConstantCompartment " + REASSIGNED, concentration="S")

    m = Model("3.2")
    m.variable("x", 1)
    m.variable("y", 0)
    m.variable("r")
    m.parameter("k", 3)
    m.rate("x", "0.5 * x")
    m.rate("y", "rateOf(x) + rateOf(k)")
    m.assign("r", "rateOf(y) * 2")
    case("rate_of_in_a_rate_rule", "A rate of change in another, and one of a constant: zero.", "closed form: x = exp(t/2), y = x - 1, r = x", m,
         {"y": lambda t: exp(t / 2) - 1, "r": lambda t: exp(t / 2)}, REASSIGNED, duration=4)

    m = vessel("3.2")
    m.species("S", amount=1)
    m.variable("r", 0)
    m.reaction("J", "S ->", "S")
    m.event("rateOf(S) > -0.25", {"r": "rateOf(S) * 4"}, id="slow")
    case("rate_of_in_a_trigger", "A trigger that watches a rate of change.", "closed form: exp(-t) < 1/4 from 2 ln 2 on, r = -1", m,
         {"r": lambda t: -1 if t > 2 * log(mpf(2)) else 0}, "NonConstantParameter", duration=4, steps=8)

    m = vessel("3.2")
    m.species("S", amount=0)
    m.variable("r")
    m.variable("q")
    m.rate("n", "0.5")
    m.reaction("J", "-> n=1:S", "2")
    m.assign("r", "rateOf(n)")
    m.assign("q", "rateOf(S)")
    case("rate_of_a_stoichiometry", "The rate of change of a stoichiometry, and of the species that it moves.",
         "closed form: n = 1 + t/2, dS/dt = 2 n", m, {"n": lambda t: 1 + t / 2, "r": 0.5, "q": lambda t: 2 + t,
                                                       "S": lambda t: 2 * t + t**2 / 2},
         "SpeciesReferenceInMath AssignedVariableStoichiometry " + REASSIGNED, amount="S")

    m = vessel("3.2", 3)
    m.species("B", concentration=1, boundary=True)
    m.species("D", concentration=2, boundary=True)
    m.variable("r")
    m.variable("q")
    m.reaction("J", "B + D ->", "1")
    m.rate("B", "0.25")
    m.assign("r", "rateOf(B)")
    m.assign("q", "rateOf(D)")
    case("rate_of_boundary_species", "A boundary species changes by its rule, or not at all.", "closed form: 1/4 and 0", m, {"r": 0.25, "q": 0},
         "BoundaryCondition NonUnityCompartment " + REASSIGNED)


def avogadro():
    m = Model("3.1")
    m.variable("x")
    m.variable("y", 0)
    m.assign("x", "avogadro / 1e23")
    m.rate("y", "avogadro * 1e-24")
    case("avogadro_number", "Avogadro's number in rules.", "constant of the specification: 6.02214179e23", m,
         {"x": AVOGADRO / mpf("1e23"), "y": lambda t: AVOGADRO * mpf("1e-24") * t}, REASSIGNED)

    m = vessel("3.2")
    m.species("S", amount=3)
    m.parameter("molecules")
    m.reaction("J", "S ->", "avogadro * S / 1.204428358e24")
    m.initial("molecules", "S * avogadro * 1e-23")
    case("avogadro_in_law_and_initial_assignment", "Avogadro's number in an initial assignment and a rate law.",
         "closed form: k = 6.02214179e23 / 1.204428358e24 = 1/2", m, {"S": lambda t: 3 * exp(-t / 2), "molecules": 3 * AVOGADRO / mpf("1e23")},
         "InitialValueReassigned", amount="S")


def values(name, synopsis, level, formulas, tags="UncommonMathML", source="mpmath, 30 digits"):
    """A case of rules, each with its right value."""
    m = Model(level)
    m.variable("x", 0.5)
    m.rate("x", "0.1")
    for id, (formula, _) in formulas.items():
        m.variable(id)
        m.assign(id, formula)
    argument = lambda t: mpf(0.5) + mpf(0.1) * t
    expected = {id: (lambda t, value=value: value(argument(t))) for id, (_, value) in formulas.items()}
    case(name, synopsis, source, m, expected, f"{REASSIGNED} {tags}".strip(), duration=4, steps=4)


def mathml():
    functions = [("trigonometry", "2.1", dict(sin=sin, cos=cos, tan=tan, sec=sec, csc=csc, cot=cot), "x"),
                 ("inverse_trigonometry", "2.2", dict(arcsin=asin, arccos=acos, arctan=atan), "x"),
                 ("inverse_of_reciprocals", "2.3", dict(arcsec=asec, arccsc=acsc, arccot=acot), "x + 1"),
                 ("hyperbolic_functions", "2.4", dict(sinh=sinh, cosh=cosh, tanh=tanh, sech=sech, csch=csch, coth=coth), "x"),
                 ("inverse_hyperbolic_functions", "2.5", dict(arcsinh=asinh, arctanh=atanh, arcsech=asech, arccsch=acsch), "x"),
                 ("inverse_hyperbolic_functions_beyond_one", "3.1", dict(arccosh=acosh, arccoth=acoth), "x + 1"),
                 ("trigonometry_of_negative_numbers", "3.2", dict(arcsin=asin, arccos=acos, arctan=atan, arcsinh=asinh, arccsch=acsch,
                                                                  arctanh=atanh, tan=tan, cot=cot), "-x")]
    shift = {"x": lambda x: x, "x + 1": lambda x: x + 1, "-x": lambda x: -x}
    for name, level, which, argument in functions:
        formulas = {f"y_{id}": (f"{id}({argument})", lambda x, f=f, argument=argument: f(shift[argument](x))) for id, f in which.items()}
        values(name, f"Functions of MathML: {', '.join(which)}.", level, formulas)

    values("powers_roots_logarithms", "Powers, roots of a degree, logarithms to a base.", "2.4", {
        "power": ("power(x, 2.5)", lambda x: x ** mpf(2.5)), "negative": ("power(-x, 3)", lambda x: -x**3),
        "square": ("sqrt(x)", sqrt), "cube": ("root(3, x)", lambda x: x ** (mpf(1) / 3)),
        "ten": ("log10(x)", lambda x: log(x, 10)), "two": ("log(2, x)", lambda x: log(x, 2)), "natural": ("ln(x)", log),
        "computed": ("root(1 + x, log(x + 1, 7))", lambda x: (log(7) / log(x + 1)) ** (1 / (1 + x))), "zero": ("0 ** 0 * x", lambda x: x)})
    values("floor_ceiling_factorial", "Functions to whole numbers, of both signs, and the factorial.", "2.3", {
        "down": ("floor(x * 3)", lambda x: floor(x * 3)), "up": ("ceiling(x * 3)", lambda x: ceil(x * 3)),
        "down_below": ("floor(-x * 3)", lambda x: floor(-x * 3)), "up_below": ("ceiling(-x * 3)", lambda x: ceil(-x * 3)),
        "size": ("abs(-x)", lambda x: x), "product": ("factorial(5) + factorial(0)", lambda x: 121)})
    values("exact_numbers", "Numbers as fractions, with exponents, as constants.", "3.1", {
        "fraction": ("rational(1, 3) * x", lambda x: x / 3), "minus": ("rational(-3, 4) * x", lambda x: -x * 3 / 4),
        "large": ("enote(1.5, 3) * x", lambda x: 1500 * x), "small": ("enote(25, -4) * x", lambda x: x * 25 / 10000),
        "circle": ("pi * x", lambda x: pi * x), "euler": ("ln(e_) * x", lambda x: x), "base": ("e_ ** x", exp)})
    values("no_arguments_and_many", "Sums and products of none, one and four; and, or, xor of none, one and three.", "2.5", {
        "sum0": ("plus_() + x", lambda x: x), "sum1": ("plus_(x)", lambda x: x), "sum4": ("plus_(x, 1, x, 2)", lambda x: 2 * x + 3),
        "product0": ("times_() * x", lambda x: x), "product4": ("times_(x, 2, x, 2)", lambda x: 4 * x * x),
        "all0": ("piecewise(x, and_(), 0)", lambda x: x), "any0": ("piecewise(x, or_(), 0)", lambda x: 0),
        "odd0": ("piecewise(x, xor(), 0)", lambda x: 0), "odd1": ("piecewise(x, xor(x > 0), 0)", lambda x: x),
        "odd3": ("piecewise(x, xor(True, True, True), 0)", lambda x: x), "odd2": ("piecewise(x, xor(True, True, False), 0)", lambda x: 0)})
    values("chains_of_relations", "Relations of three arguments hold between each neighbours.", "3.2", {
        "rising": ("piecewise(1, lt(0, x, 0.75), 0)", lambda x: 1 if x < 0.75 else 0),
        "same": ("piecewise(1, eq(1, 1, 2), 0)", lambda x: 0), "falling": ("piecewise(1, geq(2, 2, 1), 0)", lambda x: 1),
        "other": ("piecewise(1, neq(1, 2), 0)", lambda x: 1), "most": ("piecewise(1, leq(0, 0, x), 0)", lambda x: 1),
        "down": ("piecewise(1, gt(3, 2, 2), 0)", lambda x: 0)})
    values("pieces_in_pieces", "The first piece whose condition holds counts; pieces within pieces and within conditions.", "2.2", {
        "first": ("piecewise(1, x > 0.65, 2, x > 0.55, 3)", lambda x: 1 if x > 0.65 else 2 if x > 0.55 else 3),
        "inner": ("piecewise(piecewise(10 * x, x < 0.65, 0), x < 0.75, -x)", lambda x: 10 * x if x < 0.65 else 0 if x < 0.75 else -x),
        "condition": ("piecewise(1, x > piecewise(0, False, 0.65), 0)", lambda x: 1 if x > 0.65 else 0),
        "only": ("piecewise(x)", lambda x: x)}, tags="")
    values("infinity_and_not_a_number", "Infinities and what is no number, in a table's cells.", "3.1", {
        "high": ("inf * x", lambda x: mpf("inf")), "low": ("-inf", lambda x: mpf("-inf")), "none": ("nan + x", lambda x: mpf("nan")),
        "between": ("piecewise(x, x < inf, 0)", lambda x: x), "no_piece": ("piecewise(1, x > 0.65)", lambda x: 1 if x > 0.65 else mpf("nan"))})
    values("quotient_and_remainder", "Whole quotients round to zero, remainders have the dividend's sign.", "3.2", {
        "q": ("quotient(7 * x, 2)", lambda x: floor(7 * x / 2)), "r": ("rem(7 * x, 2)", lambda x: 7 * x - 2 * floor(7 * x / 2)),
        "q_minus": ("quotient(-7, 2)", lambda x: -3), "r_minus": ("rem(-7, 2)", lambda x: -1), "r_divisor": ("rem(7, -2)", lambda x: 1),
        "q_divisor": ("quotient(7, -2)", lambda x: -3)}, tags="L3v2MathML")
    values("least_greatest_implies", "The least and the greatest of one, two and three; implication.", "3.2", {
        "least": ("min(x, 0.65)", lambda x: min(x, mpf(0.65))), "greatest": ("max(x, 0.65, 2 * x - 0.5)", lambda x: max(x, mpf(0.65), 2 * x - 0.5)),
        "single": ("max(x) + min(x)", lambda x: 2 * x), "holds": ("piecewise(1, implies(x > 1, False), 0)", lambda x: 1),
        "fails": ("piecewise(1, implies(x > 0, False), 0)", lambda x: 0), "late": ("piecewise(1, implies(x > 0.65, x > 0.75), 0)",
                                                                                  lambda x: 0 if 0.65 < x <= 0.75 else 1)}, tags="L3v2MathML")
    values("truth_as_number_and_back", "Truths as numbers and numbers as truths.", "3.2", {
        "two": ("True + True", lambda x: 2), "step": ("(x > 0.65) * 3", lambda x: 3 if x > 0.65 else 0),
        "number": ("piecewise(1, x - x, 2)", lambda x: 2), "small": ("piecewise(1, x / 10, 2)", lambda x: 1),
        "both": ("piecewise(1, 3 and -2, 0)", lambda x: 1), "neither": ("piecewise(1, not 0.5, 0)", lambda x: 0)},
        tags="BoolNumericSwap UncommonMathML")
    values("min_of_delayed_and_remainder_of_time", "Uses of Level 3 Version 2 operators with symbols.", "3.2", {
        "saw": ("rem(time, 1.5)", lambda x: (10 * (x - mpf(0.5))) % mpf(1.5)), "cap": ("min(delay(x, 1), 0.7)", lambda x: min(max(x - mpf(0.1), mpf(0.5)), mpf(0.7)))},
        tags="L3v2MathML")

    m = Model("3.2")
    m.variable("x", 0)
    m.variable("y", 0)
    m.variable("z", 0)
    m.rate("x", "time > 2.5")
    m.event("min(x, 3)", {"y": "y + 1"}, delay="time > 1")
    m.event("implies(time > 4.5, time > 6.5)", {"z": "z + (time > 5)"}, initial=True)
    case("truths_in_rates_delays_and_triggers", "A truth as a rate and as a delay, a number as a trigger.",
         "by reasoning: x = t - 2.5 after 2.5, nonzero just then; y one time unit later; z at 6.5", m,
         {"x": lambda t: max(t - 2.5, 0), "y": lambda t: 1 if t > 3.5 else 0, "z": lambda t: 1 if t > 6.5 else 0},
         "BoolNumericSwap L3v2MathML NonConstantParameter EventUsesTriggerTimeValues")

    m = vessel("3.1")
    m.species("S", amount=1)
    m.reaction("J", "S ->", "piecewise(0.5, S > 0.5, 0.25) * S")
    half = 2 * log(mpf(2))
    case("branch_on_a_state", "A rate constant that halves when the state has halved.", "closed form: exp(-t/2), then exp(-(t - 2 ln 2)/4) / 2",
         m, {"S": lambda t: exp(-t / 2) if t < half else exp(-(t - half) / 4) / 2}, amount="S")


for build in [time, delay, rates_of_change, avogadro, mathml]:
    build()
