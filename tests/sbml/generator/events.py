"""Events: when they fire, in which order, with which values; delays, persistence, priorities, first instants."""

from mpmath import asin, exp, log, mpf, pi, sin

from .case import case
from .kinetics import vessel
from .model import Model

VARIABLE = "NonConstantParameter"


def steps(*pairs):
    """A value that jumps: pairs of a time and the value from then on, the first from the start."""
    def at(time):
        return [value for start, value in pairs if start <= time][-1]
    return at


def plain():
    m = vessel("2.1")
    m.species("S", amount=1)
    m.parameter("k", 0.5)
    m.reaction("J", "S ->", "k * S")
    m.event("S < 0.3", {"S": "S + 0.7"})
    period = 2 * log(mpf(10) / 3)
    def saw(t):
        rounds = int(t / period)
        return exp(-(t - rounds * period) / 2)
    case("trigger_on_a_state_again_and_again", "An event refills whenever the state falls below a threshold.",
         "closed form: S = exp(-t/2) restarts at 1 each 2 ln(10/3)", m, {"S": saw}, amount="S", relative=1e-5, absolute=1e-7)

    m = Model("2.2")
    m.variable("x", 1)
    m.variable("y", 2)
    m.event("time > 3.5", {"x": "y", "y": "x"})
    case("assignments_swap", "Two assignments of one event exchange values: both read what was before.", "by reasoning: 1, 2 become 2, 1",
         m, {"x": steps((0, 1), (3.5, 2)), "y": steps((0, 2), (3.5, 1))}, VARIABLE)

    m = vessel("2.3", 2)
    m.species("S", concentration=1)
    m.species("A", amount=1, only=True)
    m.event("time > 3.5", {"S": "3 * S", "A": "3 * A"})
    case("event_on_concentration_and_amount", "An event assigns to a concentration or to an amount, by what the species means.",
         "closed form: S from 2 to 6, A from 1 to 3", m, {"S": steps((0, 2), (3.5, 6)), "A": steps((0, 1), (3.5, 3))},
         "HasOnlySubstanceUnits NonUnityCompartment", amount="S A")

    m = vessel("3.1", 2, constant=False)
    m.species("S", concentration=3)
    m.species("A", amount=6, only=True)
    m.event("time > 3.5", {"C": "4"})
    case("event_on_a_compartment_keeps_amounts", "An event changes a size: amounts stay, concentrations change.",
         "closed form: concentrations 6 / C", m, {"S": steps((0, 3), (3.5, 1.5)), "A": steps((0, 3), (3.5, 1.5)),
                                                    "C": steps((0, 2), (3.5, 4))},
         "HasOnlySubstanceUnits NonConstantCompartment NonUnityCompartment", concentration="S A")

    m = vessel("3.2", 1, constant=False)
    m.species("S", concentration=3)
    m.event("time > 1.5", {"C": "4"}, id="grow")
    m.event("time > 3.5", {"S": "2"}, id="set")
    case("event_on_size_then_on_concentration", "A later event sets a concentration in the grown compartment.",
         "closed form: amount 3, then 2 * 4", m, {"S": steps((0, 3), (3.5, 8))}, "NonConstantCompartment NonUnityCompartment", amount="S",
         duration=5, steps=5)

    m = Model("2.5")
    m.variable("x", 0)
    m.variable("y", 0)
    m.rate("x", "1")
    m.event("x >= 2", {"x": "0", "y": "y + 1"})
    case("reset_by_its_own_trigger", "A clock that resets itself counts its rounds.", "closed form: x = t mod 2, y = floor(t/2)", m,
         {"x": lambda t: t - 2 * int(t / 2), "y": lambda t: int(t / 2)}, VARIABLE, duration=9.5, steps=19 * 2 + 1, absolute=1e-7)

    m = Model("3.1")
    m.variable("x", 0)
    m.event("sin(time) > 0.5", {"x": "x + 1"})
    crossings = [pi / 6 + 2 * pi * round_ for round_ in range(4)]
    case("trigger_on_a_wave_counts_rises", "A trigger fires when it becomes true, not while it is.",
         "closed form: one more at pi/6 + 2 pi n", m, {"x": lambda t: sum(1 for at in crossings if at <= t)}, VARIABLE + " UncommonMathML",
         duration=20, steps=20)

    m = Model("3.2")
    m.variable("x", 0)
    m.variable("y", 0)
    m.event("time >= 2 and time <= 4 or x > 5", {"y": "y + 1"})
    m.event("not (time < 6) ", {"x": "10"})
    case("trigger_of_conditions", "A trigger made of and, or, not: true in a window and again after another event.",
         "by reasoning: fires at 2 and at 6", m, {"y": steps((0, 0), (2, 1), (6, 2)), "x": steps((0, 0), (6, 10))}, VARIABLE)

    m = Model("3.2")
    m.variable("x", 0)
    m.event("time > 4.2 and time < 4.2000001", {"x": "x + 1"})
    m.event("time == 5", {"x": "x + 10"})
    case("pulse_of_time_is_not_missed", "Conditions true for a ten millionth of the time unit, and for an instant.",
         "by reasoning: 1 from 4.2 on, 11 from 5 on", m, {"x": steps((0, 0), (4.2, 1), (5, 11))}, VARIABLE)

    m = Model("3.2")
    m.variable("x", 0)
    m.variable("s", 0)
    m.variable("c", 1)
    m.rate("s", "c")
    m.rate("c", "-s")
    m.event("s > 0.99999", {"x": "x + 1"})
    tops = [asin(mpf("0.99999")) + 2 * pi * n for n in range(4)]
    case("pulse_of_a_state_is_not_missed", "An oscillating state that passes a threshold for a seven hundredth of its period.",
         "closed form: s = sin t passes 0.99999 for 0.009 around pi/2 + 2 pi n", m,
         {"s": sin, "x": lambda t: sum(1 for at in tops if at <= t)}, VARIABLE, duration=20, steps=20)

    m = Model("3.2")
    m.variable("x", 0)
    m.variable("y", 1)
    m.rate("x", "1")
    m.event("x > 2.25", {}, id="nothing")
    m.event("x > 3.25", {"y": "2"})
    case("event_without_assignments", "An event that does nothing does no harm.", "by reasoning", m,
         {"x": lambda t: t, "y": steps((0, 1), (3.25, 2))}, VARIABLE)

    m = vessel("3.2", 2)
    m.species("S", amount=4)
    m.variable("x", 0)
    m.reaction("J", "S ->", "0.5 * S * C")
    m.event("J < 1", {"x": "J"}, id="slow")
    moment = 2 * log(mpf(2))
    case("trigger_on_a_reaction_rate", "A trigger that watches the rate of a reaction, in a volume of two.",
         "closed form: amount 4 exp(-t/2), J = 0.5 * amount, below 1 from 2 ln 2 on", m,
         {"x": steps((0, 0), (moment, 1)), "J": lambda t: 2 * exp(-t / 2)}, VARIABLE + " NonUnityCompartment", duration=4, steps=8)


def delays():
    trigger, assignment = "EventUsesTriggerTimeValues", "EventUsesAssignmentTimeValues"
    m = Model("2.4")
    m.variable("x", 0)
    m.variable("y", 0)
    m.variable("z", 0)
    m.rate("x", "1")
    m.event("time > 1.5", {"y": "x"}, delay="2")
    m.event("time > 1.5", {"z": "x"}, delay="2", trigger_values=False)
    case("delay_with_values_of_either_time", "Two delayed events: one takes the values of the trigger's time, one those of the assignment's.",
         "closed form: y = 1.5, z = 3.5 from 3.5 on", m, {"y": steps((0, 0), (3.5, 1.5)), "z": steps((0, 0), (3.5, 3.5))},
         f"{VARIABLE} {trigger} {assignment}")

    m = Model("2.1")
    m.variable("x", 0)
    m.variable("y", 0)
    m.rate("x", "1")
    m.event("x > 1.25", {"y": "x + y"}, delay="x")
    case("delay_given_by_a_state", "A delay that is itself computed at the trigger's time.", "closed form: fires at 1.25, acts at 2.5 with 1.25",
         m, {"y": steps((0, 0), (2.5, 1.25))}, f"{VARIABLE} {trigger}")

    m = Model("3.1")
    m.variable("x", 0)
    m.event("sin(pi * (time - 0.25)) > 0", {"x": "x + 1"}, delay="4.5", trigger_values=False)
    # Rises at 0.25, 2.25, 4.25, …
    case("delayed_event_fires_again_while_waiting", "An event is triggered again while it waits: each time it acts.",
         "closed form: triggered at 1/4 + 2 n, acts 4.5 later", m,
         {"x": lambda t: sum(1 for n in range(9) if 4.75 + 2 * n <= t)}, f"{VARIABLE} {assignment} EventIsPersistent UncommonMathML")

    m = Model("3.2")
    m.variable("x", 0)
    m.variable("y", 0)
    m.rate("x", "1")
    m.event("time > 1.5", {"y": "x"}, delay="0", id="E")
    case("delay_of_zero", "A delay of zero acts at once.", "closed form: y = 1.5", m, {"y": steps((0, 0), (1.5, 1.5))},
         f"{VARIABLE} {trigger}", duration=5, steps=5)

    m = Model("3.2")
    for name in ["stays", "goes"]:
        m.variable(name, 0)
    m.event("time > 1.5 and time < 2.5", {"stays": "1"}, delay="2", persistent=True)
    m.event("time > 1.5 and time < 2.5", {"goes": "1"}, delay="2", persistent=False)
    case("trigger_turns_false_before_the_delay_ends", "A persistent event acts although its trigger has turned false; another is off.",
         "by reasoning: at 3.5 or not at all", m, {"stays": steps((0, 0), (3.5, 1)), "goes": 0},
         f"{VARIABLE} {trigger} EventIsPersistent EventIsNotPersistent")

    m = Model("3.1")
    m.variable("x", 0)
    m.event("sin(pi * (time - 0.25)) > 0", {"x": "x + 1"}, delay="0.625", persistent=False)
    m.variable("y", 0)
    m.event("sin(pi * (time - 0.25)) > 0", {"y": "y + 1"}, delay="1.125", persistent=False)
    case("cancelled_and_triggered_again", "A wave triggers two events: one's delay ends while the wave is up, the other's never does.",
         "by reasoning: up for 1 from 1/4 + 2 n; x acts at 7/8 + 2 n, y never", m,
         {"x": lambda t: sum(1 for n in range(6) if 0.875 + 2 * n <= t), "y": 0},
         f"{VARIABLE} {trigger} EventIsNotPersistent UncommonMathML", duration=10, steps=20)

    m = Model("3.2")
    m.variable("x", 0)
    m.variable("off", 0)
    m.event("time > 1.5 and off < 1", {"x": "1"}, delay="2", persistent=False)
    m.event("time > 2.5", {"off": "1"})
    case("another_event_cancels", "An event that waits is called off by another event's assignment.", "by reasoning: x stays 0", m,
         {"x": 0, "off": steps((0, 0), (2.5, 1))}, f"{VARIABLE} {trigger} EventIsNotPersistent")

    m = vessel("3.1", 2, constant=False)
    m.species("S", concentration=3)
    m.event("time > 1.5", {"S": "S + 1"}, delay="2")
    m.event("time > 2.5", {"C": "C * 2"})
    case("delayed_concentration_after_a_change_of_size", "A concentration of the trigger's time, assigned after the compartment grew.",
         "by reasoning: 4 is the concentration from 3.5 on, in a size of 4: an amount of 16", m,
         {"S": steps((0, 6), (3.5, 16))}, f"{trigger} NonConstantCompartment NonUnityCompartment", amount="S")

    m = Model("3.2")
    for name in ["x", "y", "z"]:
        m.variable(name, 0)
    m.event("time > 1.5", {"x": "x + 1"}, delay="1", priority="1")
    m.event("time > 2 - 0.25", {"y": "10 * x + 1"}, delay="0.75", priority="5", trigger_values=False)
    m.event("time > 2.5 - 0.125", {"z": "10 * x + 1"}, delay="0.125", priority="0", trigger_values=False)
    case("delays_end_together_by_priority", "Three delays that end at one instant: the higher priority acts first.",
         "by reasoning: at 2.5 y reads x before, z after it has changed", m,
         {"x": steps((0, 0), (2.5, 1)), "y": steps((0, 0), (2.5, 1)), "z": steps((0, 0), (2.5, 11))},
         f"{VARIABLE} {trigger} {assignment}", duration=7, steps=7)

    m = Model("3.2")
    m.variable("x", 1)
    m.variable("y", 0)
    m.event("time > 1.5", {"x": "2"}, delay="1")
    m.event("x > 1", {"y": "time"}, delay="x")
    case("a_delayed_event_triggers_another", "A delayed event's assignment triggers a second, whose delay reads it.",
         "by reasoning: x at 2.5, y = 2.5 (the trigger's time) at 4.5", m, {"y": steps((0, 0), (4.5, 2.5))}, f"{VARIABLE} {trigger}")

    m = vessel("2.4")
    m.species("S", amount=1)
    m.parameter("k", 0.5)
    m.reaction("J", "S ->", "k * S")
    m.event("S < 0.5", {"S": "S + 1"}, delay="1", trigger_values=False)
    first = 2 * log(mpf(2)) + 1
    left = exp(-first / 2) + 1
    second = first + 2 * log(2 * left) + 1
    again = left * exp(-(second - first) / 2) + 1
    case("delayed_refill", "A refill that comes one time unit after the level has fallen.",
         "closed form: exponentials between 2 ln 2 + 1 and the later refills", m,
         {"S": lambda t: exp(-t / 2) if t < first else left * exp(-(t - first) / 2) if t < second else again * exp(-(t - second) / 2)},
         assignment, amount="S", duration=7, steps=14)


def order():
    m = Model("3.1")
    for name in ["x", "y"]:
        m.variable(name, 1)
    m.event("time > 1.5", {"x": "x + 1"}, priority="2")
    m.event("time > 1.5", {"x": "x * 10"}, priority="1", trigger_values=False)
    m.event("time > 1.5", {"y": "y * 10"}, priority="1", trigger_values=False)
    m.event("time > 1.5", {"y": "y + 1"}, priority="2")
    case("priority_orders_simultaneous_events", "Events at one instant act by priority, whatever their order in the file.",
         "by reasoning: (1 + 1) * 10", m, {"x": steps((0, 1), (1.5, 20)), "y": steps((0, 1), (1.5, 20))},
         VARIABLE + " EventUsesAssignmentTimeValues EventUsesTriggerTimeValues")

    m = Model("3.2")
    m.variable("x", 1)
    m.event("time > 1.5", {"x": "x + 1"}, priority="2")
    m.event("time > 1.5", {"x": "x * 10"}, priority="1", trigger_values=True)
    case("simultaneous_events_with_values_of_the_trigger", "The later of two simultaneous events still uses what held when both triggered.",
         "by reasoning: x = 2 for no time, then 1 * 10", m, {"x": steps((0, 1), (1.5, 10))}, VARIABLE + " EventUsesTriggerTimeValues")

    m = Model("3.2")
    for name in ["x", "n"]:
        m.variable(name, 0)
    m.event("time > 1.5", {"x": "1", "n": "n + 1"}, priority="10", persistent=False)
    m.event("time > 1.5 and x < 1", {"x": "2", "n": "n + 1"}, priority="5", persistent=False)
    m.event("time > 1.5 and x < 1", {"n": "n + 10"}, priority="4", persistent=True, trigger_values=False)
    case("first_event_calls_the_second_off", "The first event makes the others' triggers false: the one that is not persistent falls away.",
         "by reasoning: n = 1 + 10, x = 1", m, {"x": steps((0, 0), (1.5, 1)), "n": steps((0, 0), (1.5, 11))},
         VARIABLE + " EventIsNotPersistent EventIsPersistent EventUsesTriggerTimeValues EventUsesAssignmentTimeValues")

    m = Model("3.1")
    m.variable("x", 0)
    m.variable("y", 0)
    m.variable("p", 1)
    m.event("time > 1.5", {"p": "-5", "x": "1"}, priority="10")
    m.event("time > 1.5", {"y": "10 * y + 1"}, priority="p", trigger_values=False)
    m.event("time > 1.5", {"y": "10 * y + 2"}, priority="0", trigger_values=False)
    case("priority_changes_meanwhile", "The first event lowers another's priority: priorities are read anew after each event.",
         "by reasoning: 2 acts before 1, y = 21", m, {"y": steps((0, 0), (1.5, 21))}, VARIABLE + " EventUsesAssignmentTimeValues EventUsesTriggerTimeValues")

    m = Model("3.2")
    m.variable("y", 0)
    m.event("time > 1.5", {"y": "10 * y + 1"}, priority="-1", trigger_values=False)
    m.event("time > 1.5", {"y": "10 * y + 2"}, priority="0.5", trigger_values=False)
    m.event("time > 1.5", {"y": "10 * y + 3"}, priority="-1.5", trigger_values=False)
    case("negative_and_fractional_priorities", "Priorities are numbers of any sign.", "by reasoning: 2, 1, 3", m,
         {"y": steps((0, 0), (1.5, 213))}, VARIABLE + " EventUsesAssignmentTimeValues")

    m = Model("3.1")
    for name in ["a", "b", "d"]:
        m.variable(name, 0)
    m.event("time > 1.5", {"a": "1"})
    m.event("a > 0.5", {"b": "b + a"})
    m.event("b > 0.5", {"d": "d + b", "a": "0"})
    case("cascade_at_one_instant", "An event triggers the next at the same time, that one a third.", "by reasoning: b = 1, d = 1, a = 0", m,
         {"a": 0, "b": steps((0, 0), (1.5, 1)), "d": steps((0, 0), (1.5, 1))}, VARIABLE)

    m = Model("3.2")
    for name in ["a", "y"]:
        m.variable(name, 0)
    m.event("time > 1.5", {"a": "1"}, priority="3")
    m.event("a > 0.5", {"y": "10 * y + 1"}, priority="2", trigger_values=False)
    m.event("time > 1.5", {"y": "10 * y + 2"}, priority="1", trigger_values=False)
    case("newly_triggered_event_by_its_priority", "An event triggered at this instant goes before one that waits with lower priority.",
         "by reasoning: 1 before 2", m, {"y": steps((0, 0), (1.5, 12))}, VARIABLE + " EventUsesAssignmentTimeValues EventUsesTriggerTimeValues")

    m = Model("3.2")
    m.variable("x", 0)
    m.variable("y", 0)
    m.variable("z", 0)
    m.rate("x", "1")
    m.event("x >= 2", {"x": "0"}, priority="5")
    m.event("x >= 2", {"y": "y + 1"}, priority="4", persistent=False)
    m.event("x >= 2", {"z": "z + 1"}, priority="4", persistent=True)
    case("reset_hides_the_threshold", "A reset makes the shared trigger false before the others act.",
         "by reasoning: only the persistent one counts, at 2, 4, …", m,
         {"y": 0, "z": lambda t: int(t / 2), "x": lambda t: t - 2 * int(t / 2)},
         VARIABLE + " EventIsPersistent EventIsNotPersistent EventUsesTriggerTimeValues", duration=9.5, steps=39, absolute=1e-7)


def first_instant():
    m = Model("3.1")
    for name in ["a", "b"]:
        m.variable(name, 0)
    m.event("time >= 0", {"a": "1"}, initial=False)
    m.event("time >= 0", {"b": "1"}, initial=True)
    case("true_at_the_start", "A trigger that is true at the start fires when it counts as false before, and does not otherwise.",
         "by reasoning: the row at 0 shows the state after the event", m, {"a": 1, "b": 0}, VARIABLE + " EventT0Firing")

    m = Model("3.2")
    m.variable("y", 0)
    m.variable("x", 5)
    m.event("x > 4", {"y": "10 * y + 1"}, initial=False, priority="1", trigger_values=False)
    m.event("x > 3", {"y": "10 * y + 2"}, initial=False, priority="2", trigger_values=False)
    m.event("x > 2", {"y": "10 * y + 3"}, initial=True, priority="3", trigger_values=False)
    case("true_at_the_start_by_priority", "Two events of the first instant act by priority, a third does not fire.",
         "by reasoning: 2 then 1", m, {"y": 21}, VARIABLE + " EventT0Firing EventUsesAssignmentTimeValues")

    m = Model("3.1")
    m.variable("x", 2)
    m.variable("y", 0)
    m.rate("x", "1")
    m.event("x >= 2", {"y": "x"}, initial=False, delay="1.25")
    case("true_at_the_start_with_delay", "An event of the first instant that waits.", "closed form: y = 2 from 1.25 on", m,
         {"y": steps((0, 0), (1.25, 2))}, VARIABLE + " EventT0Firing EventUsesTriggerTimeValues", duration=5)

    m = Model("3.2")
    m.variable("x", 1)
    m.variable("y", 0)
    m.parameter("k")
    m.initial("x", "3")
    m.initial("k", "2 * x")
    m.event("x > 2", {"x": "x + k", "y": "1"}, initial=False)
    case("first_instant_after_initial_assignments", "The first instant's triggers are read after initial assignments, which the event leaves alone.",
         "by reasoning: x = 3 + 6, k stays 6", m, {"x": 9, "k": 6, "y": 1}, VARIABLE + " EventT0Firing InitialValueReassigned")

    m = Model("3.1")
    m.variable("x", 1)
    m.variable("y", 0)
    m.event("x < 2", {"x": "3"}, initial=False)
    m.event("x > 2", {"y": "y + 1"}, initial=True)
    case("cascade_of_the_first_instant", "An event of the first instant makes another's trigger true: from false, so it fires.",
         "by reasoning: y counts one", m, {"x": 3, "y": 1}, VARIABLE + " EventT0Firing")

    m = Model("3.2")
    m.variable("x", 0)
    m.event("cos(time) > 0.5", {"x": "x + 1"}, initial=True)
    rises = [2 * pi * n - pi / 3 for n in range(1, 4)]
    case("true_before_the_start_then_rises", "A trigger counted as true before the start has to fall before it fires.",
         "closed form: 5 pi / 3 + 2 pi n", m, {"x": lambda t: sum(1 for at in rises if at <= t)}, VARIABLE + " UncommonMathML",
         duration=16, steps=16)

    m = Model("3.2")
    m.variable("x", 0)
    m.event("time >= 0", {"x": "1"}, initial=False, persistent=False, delay="1.25")
    m.event("time < 1", {"x": "x + 10"}, initial=False, persistent=False, delay="1.25")
    case("first_instant_not_persistent", "Two delayed events of the first instant, one of which is called off.", "by reasoning: 1", m,
         {"x": steps((0, 0), (1.25, 1))}, VARIABLE + " EventT0Firing EventIsNotPersistent EventUsesTriggerTimeValues", duration=5)


def equals():
    random = VARIABLE + " RandomEventExecution"
    m = Model("3.1")
    for name in ["x", "y", "sum"]:
        m.variable(name, 0)
    m.assign("sum", "x + y")
    m.event("time > 1.5", {"x": "1"}, priority="1", id="X")
    m.event("time > 1.5", {"y": "1"}, priority="1", id="Y")
    case("equal_priorities_on_different_variables", "Two events of equal priority whose order cannot be seen.", "by reasoning: 1, 1, 2", m,
         {"x": steps((0, 0), (1.5, 1)), "y": steps((0, 0), (1.5, 1)), "sum": steps((0, 0), (1.5, 2))}, random + " InitialValueReassigned")

    m = Model("3.2")
    for name in ["x", "y"]:
        m.variable(name, 0)
    m.event("time > 1.5 and y < 1", {"x": "1"}, priority="2", persistent=False)
    m.event("time > 1.5 and x < 1", {"y": "1"}, priority="2", persistent=False)
    m.variable("sum")
    m.assign("sum", "x + y")
    case("equal_priorities_that_exclude_each_other", "Whichever of two acts first calls the other off: just one acts.",
         "by reasoning: the sum is 1 in either order", m, {"sum": steps((0, 0), (1.5, 1))},
         random + " EventIsNotPersistent InitialValueReassigned")

    m = Model("3.2")
    m.variable("clock", 0)
    m.variable("heads", 0)
    m.variable("tails", 0)
    m.variable("total")
    m.variable("both")
    m.rate("clock", "1")
    m.assign("total", "heads + tails")
    m.assign("both", "piecewise(1, time > 60 and heads > 20 and tails > 20, 0)")
    for name in ["heads", "tails"]:
        m.event("clock >= 1", {"clock": "0", name: f"{name} + 1"}, priority="1", persistent=False)
    case("equal_priorities_are_drawn", "A coin thrown a hundred times: heads and tails both come up more than 20 times.",
         "by reasoning: 100 throws; fewer than 21 of one kind has a probability of 1e-9 with a fair coin", m,
         {"total": lambda t: int(t), "both": lambda t: 1 if t > 80 else 0}, random + " EventIsNotPersistent InitialValueReassigned",
         duration=100.5, steps=2, absolute=1e-7)

    m = Model("3.1")
    m.variable("x", 1)
    m.event("time > 1.5", {"x": "x * 2"}, priority="1", trigger_values=False)
    m.event("time > 1.5", {"x": "x * 3"}, priority="1", trigger_values=False)
    m.event("time > 1.5", {"x": "x * 5"}, trigger_values=False)
    case("equal_priorities_that_commute", "Three events, one without a priority, whose products commute.", "by reasoning: 30", m,
         {"x": steps((0, 1), (1.5, 30))}, random + " EventUsesAssignmentTimeValues")


for build in [plain, delays, order, first_instant, equals]:
    build()
