"""Hierarchical models: submodels, replacements, deletions, ports, conversion factors, external definitions."""

from mpmath import exp, mpf

from .case import case
from .model import Model

OUTPUT = "comp:SubmodelOutput"


def decaying(id="decay", level="3.2", **more):
    """A species S that decays with k in a compartment C."""
    m = Model(level, id=id, **more)
    m.compartment("C", 1)
    m.species("S", amount=4)
    m.parameter("k", 0.5)
    m.reaction("J", "S ->", "k * S")
    return m


def ramp(id="ramp"):
    """A parameter x that grows by one per time unit, from one."""
    m = Model("3.2", id=id)
    m.variable("x", 1)
    m.rate("x", "1", metaid="growth")
    return m


def hierarchy(*definitions, level="3.2"):
    m = Model(level, id="whole")
    for definition in definitions:
        m.define(definition)
    return m


def instances():
    m = hierarchy(decaying())
    m.submodel("A", "decay")
    case("comp_one_submodel", "A model that only holds an instance of another.", "closed form: 4 exp(-t/2)", m,
         {"A__S": lambda t: 4 * exp(-t / 2), "A__k": 0.5, "A__J": lambda t: 2 * exp(-t / 2)}, OUTPUT, amount="A__S")

    m = hierarchy(decaying(level="3.1"), level="3.1")
    m.submodel("A", "decay")
    m.submodel("B", "decay")
    m.parameter("fast", 1, inner=m.replaces({"submodelRef": "B", "idRef": "k"}))
    case("comp_two_instances", "Two instances of one definition, one with another rate constant.",
         "closed form: 4 exp(-t/2) and 4 exp(-t)", m, {"A__S": lambda t: 4 * exp(-t / 2), "B__S": lambda t: 4 * exp(-t)}, OUTPUT,
         amount="A__S B__S", duration=5)

    m = hierarchy(decaying())
    m.parameter("k", 9)
    m.variable("S", 1)
    m.variable("x")
    m.submodel("A", "decay")
    m.rate("S", "k")
    m.assign("x", "S * k")
    case("comp_ids_of_both_levels", "Ids of the submodel are other ids than those of the whole.", "closed form: S = 1 + 9 t, A's S = 4 exp(-t/2)",
         m, {"S": lambda t: 1 + 9 * t, "x": lambda t: 9 + 81 * t, "A__S": lambda t: 4 * exp(-t / 2)},
         OUTPUT + " NonConstantParameter InitialValueReassigned", amount="A__S")

    inner = decaying("inner")
    middle = Model("3.2", id="middle")
    middle.submodel("I", "inner")
    middle.variable("y", 0)
    middle.rate("y", "2")
    m = hierarchy(inner, middle)
    m.submodel("M", "middle")
    case("comp_three_levels", "A submodel in a submodel.", "closed form", m,
         {"M__I__S": lambda t: 4 * exp(-t / 2), "M__y": lambda t: 2 * t}, OUTPUT + " NonConstantParameter", amount="M__I__S")

    outside = decaying("decay", level="3.2")
    m = Model("3.2", id="whole")
    m.external("there", "decay.xml", outside)
    m.submodel("A", "there")
    m.parameter("k", 0.25, inner=m.replaces({"submodelRef": "A", "idRef": "k"}))
    case("comp_external_definition", "A definition in a file of its own.", "closed form: 4 exp(-t/4)", m, {"A__S": lambda t: 4 * exp(-t / 4)},
         OUTPUT, amount="A__S")


def replacements():
    producer = Model("3.2", id="producer")
    producer.compartment("C", 1)
    producer.species("P", amount=0)
    producer.reaction("make", "-> P", "C * 3")
    consumer = decaying("consumer")
    m = hierarchy(producer, consumer)
    m.submodel("A", "producer")
    m.submodel("B", "consumer")
    m.compartment("V", 2, inner=m.replaces({"submodelRef": "A", "idRef": "C"}, {"submodelRef": "B", "idRef": "C"}))
    m.species("X", amount=2, compartment="V", inner=m.replaces({"submodelRef": "A", "idRef": "P"}, {"submodelRef": "B", "idRef": "S"}))
    case("comp_species_of_two_submodels", "A species that stands for one of each submodel, in a compartment that does the same.",
         "closed form: dX/dt = 6 - 0.5 X/2, X = 24 - 22 exp(-t/4)", m, {"X": lambda t: 24 - 22 * exp(-t / 4)}, "NonUnityCompartment", amount="X")

    inside = decaying("inside")
    inside.port("rate_port", "k")
    inside.port("species_port", "S")
    m = hierarchy(inside)
    m.compartment("C", 1)
    m.submodel("A", "inside")
    m.parameter("p", 1, inner=m.replaces({"submodelRef": "A", "portRef": "rate_port"}))
    m.variable("x")
    m.assign("x", "2 * T")
    m.species("T", amount=3, inner=m.replaces({"submodelRef": "A", "portRef": "species_port"}))
    case("comp_ports", "A parameter and a species replaced through ports.", "closed form: 3 exp(-t)", m,
         {"T": lambda t: 3 * exp(-t), "x": lambda t: 6 * exp(-t)}, "NonConstantParameter InitialValueReassigned", amount="T", duration=5)

    m = hierarchy(ramp())
    m.submodel("A", "ramp")
    m.variable("y", 100, inner=m.replaced_by(submodelRef="A", idRef="x"))
    m.variable("z")
    m.assign("z", "2 * y")
    case("comp_replaced_by", "A parameter gives way to the submodel's.", "closed form: y = 1 + t, z = 2 y", m,
         {"y": lambda t: 1 + t, "z": lambda t: 2 + 2 * t}, "NonConstantParameter InitialValueReassigned")

    lower = ramp("lower")
    middle = Model("3.2", id="middle")
    middle.submodel("L", "lower")
    m = hierarchy(lower, middle)
    m.submodel("M", "middle")
    m.variable("top", 5, inner=m.replaces({"submodelRef": "M", "idRef": "L", "within": {"idRef": "x"}}))
    case("comp_replacement_two_levels_down", "A parameter of a submodel's submodel, replaced from above.", "closed form: 5 + t", m,
         {"top": lambda t: 5 + t}, "NonConstantParameter")

    happening = Model("3.2", id="happening")
    happening.variable("x", 0)
    happening.parameter("when", 9)
    happening.event("time > when", {"x": "x + 2"}, delay="1")
    m = hierarchy(happening)
    m.submodel("A", "happening")
    m.variable("y", 1, inner=m.replaces({"submodelRef": "A", "idRef": "x"}))
    m.parameter("at", 2.5, inner=m.replaces({"submodelRef": "A", "idRef": "when"}))
    case("comp_event_on_what_is_replaced", "The submodel's event moves the parameter that replaces its own, at the whole's time.",
         "by reasoning: 3 from 3.5 on", m, {"y": lambda t: 3 if t > 3.5 else 1}, "NonConstantParameter EventUsesTriggerTimeValues")

    first = Model("3.2", id="first")
    first.parameter("a")
    first.parameter("b", 3)
    first.initial("a", "2 * b")
    m = hierarchy(first)
    m.submodel("A", "first")
    m.parameter("c", inner=m.replaces({"submodelRef": "A", "idRef": "b"}))
    m.parameter("d", inner=m.replaces({"submodelRef": "A", "idRef": "a"}))
    m.parameter("e")
    m.initial("c", "5")
    m.initial("e", "d + 1")
    case("comp_chain_of_initial_assignments", "Initial assignments that read each other across the border.", "by reasoning: c = 5, d = 10, e = 11",
         m, {"c": 5, "d": 10, "e": 11}, "InitialValueReassigned")

    ruled = Model("3.2", id="ruled")
    ruled.variable("a")
    ruled.variable("b", 0)
    ruled.assign("a", "2 * b")
    m = hierarchy(ruled)
    m.submodel("A", "ruled")
    m.variable("c", inner=m.replaces({"submodelRef": "A", "idRef": "b"}))
    m.variable("d")
    m.assign("c", "time + 1")
    m.assign("d", "a + c")
    m.variable("a", inner=m.replaced_by(submodelRef="A", idRef="a"))
    case("comp_chain_of_rules", "Rules that read each other across the border.", "closed form: c = t + 1, a = 2 c, d = 3 c", m,
         {"a": lambda t: 2 * t + 2, "c": lambda t: t + 1, "d": lambda t: 3 * t + 3}, "NonConstantParameter InitialValueReassigned")

    using = Model("3.2", id="using")
    using.function("f", "x", "x + 1")
    using.variable("x")
    using.assign("x", "f(time)")
    m = hierarchy(using)
    m.function("f", "x", "100 * x")
    m.submodel("A", "using")
    m.variable("y")
    m.assign("y", "f(2)")
    case("comp_functions_of_one_name", "A function of the whole and one of the submodel by the same name.", "closed form: 200, t + 1", m,
         {"y": 200, "A__x": lambda t: t + 1}, OUTPUT + " NonConstantParameter InitialValueReassigned")

    reacting = decaying("reacting")
    reacting.variable("flow")
    reacting.assign("flow", "J * 10")
    m = hierarchy(reacting)
    m.submodel("A", "reacting")
    m.compartment("C", 1, inner=m.replaces({"submodelRef": "A", "idRef": "C"}))
    m.species("S", amount=10, inner=m.replaces({"submodelRef": "A", "idRef": "S"}))
    m.reaction("K", "S ->", "1", inner=m.replaces({"submodelRef": "A", "idRef": "J"}))
    case("comp_replaced_reaction", "A reaction replaced by another, and a rule that reads it.", "closed form: S = 10 - t, flow = 10", m,
         {"S": lambda t: 10 - t, "A__flow": 10}, OUTPUT + " NonConstantParameter InitialValueReassigned", amount="S", duration=8)


def deletions():
    m = hierarchy(ramp())
    m.submodel("A", "ramp", inner=m.deletion(metaIdRef="growth"))
    case("comp_deleted_rule", "A submodel without its rate rule.", "by reasoning: x stays 1", m, {"A__x": 1}, OUTPUT + " NonConstantParameter")

    happening = Model("3.2", id="happening")
    happening.variable("x", 0)
    happening.event("time > 1.5", {"x": "x + 2"}, id="E")
    happening.event("time > 2.5", {"x": "x + 10"}, id="F")
    happening.port("first", "E")
    m = hierarchy(happening)
    m.submodel("A", "happening", inner=m.deletion(portRef="first"))
    case("comp_deleted_event", "A submodel without one of its events, named through a port.", "by reasoning: 10 from 2.5 on", m,
         {"A__x": lambda t: 10 if t > 2.5 else 0}, OUTPUT + " NonConstantParameter")

    m = hierarchy(decaying())
    m.submodel("A", "decay", inner=m.deletion(idRef="J"))
    m.compartment("C", 1, inner=m.replaces({"submodelRef": "A", "idRef": "C"}))
    m.species("S", amount=8, inner=m.replaces({"submodelRef": "A", "idRef": "S"}))
    m.reaction("K", "S ->", "0.25 * S")
    case("comp_deleted_reaction", "A submodel's reaction deleted and another written in its place.", "closed form: 8 exp(-t/4)", m,
         {"S": lambda t: 8 * exp(-t / 4)}, amount="S")

    lower = ramp("lower")
    middle = Model("3.2", id="middle")
    middle.submodel("L", "lower")
    m = hierarchy(lower, middle)
    m.submodel("M", "middle", inner=m.deletion(idRef="L", within={"metaIdRef": "growth"}))
    case("comp_deletion_two_levels_down", "A rule of a submodel's submodel, deleted from above.", "by reasoning: x stays 1", m,
         {"M__L__x": 1}, OUTPUT + " NonConstantParameter")


def factors():
    m = hierarchy(ramp())
    m.parameter("per_thousand", 1000)
    m.submodel("A", "ramp")
    m.variable("y", 500, inner=m.replaces({"submodelRef": "A", "idRef": "x", "conversionFactor": "per_thousand"}))
    case("comp_conversion_factor_of_a_rate", "What replaces counts a thousand for one: the submodel's rate rule is scaled.",
         "closed form: y = 500 + 1000 t", m, {"y": lambda t: 500 + 1000 * t}, "comp:ConversionFactor NonConstantParameter")

    reader = Model("3.2", id="reader")
    reader.parameter("x", 1)
    reader.variable("y")
    reader.assign("y", "3 * x")
    m = hierarchy(reader)
    m.parameter("ten", 10)
    m.submodel("A", "reader")
    m.parameter("z", 50, inner=m.replaces({"submodelRef": "A", "idRef": "x", "conversionFactor": "ten"}))
    m.variable("w", inner=m.replaces({"submodelRef": "A", "idRef": "y", "conversionFactor": "ten"}))
    case("comp_conversion_factor_of_what_is_read", "The submodel reads what replaces divided by the factor, and gives its own times the factor.",
         "by reasoning: x = 50/10, y = 15, w = 150", m, {"w": 150, "z": 50}, "comp:ConversionFactor NonConstantParameter InitialValueReassigned")

    m = hierarchy(ramp())
    m.parameter("slow", 4)
    m.submodel("A", "ramp", timeConversionFactor="slow")
    case("comp_time_factor_of_a_rate_rule", "Four of the whole's time units are one of the submodel's.", "closed form: 1 + t/4", m,
         {"A__x": lambda t: 1 + t / 4}, OUTPUT + " comp:TimeConversionFactor NonConstantParameter")

    timed = Model("3.2", id="timed")
    for name in ["x", "y"]:
        timed.variable(name, 0)
    timed.variable("z")
    timed.event("time > 2.25", {"x": "time * 2"}, delay="1")
    timed.assign("z", "time + 1")
    m = hierarchy(timed)
    m.parameter("half", 0.5)
    m.submodel("A", "timed", timeConversionFactor="half")
    case("comp_time_factor_of_time_and_delay", "Time in formulas, triggers and delays of a submodel that runs twice as fast.",
         "closed form: z = 2 t + 1; triggered at 1.125, acts at 1.625 with 4.5", m,
         {"A__z": lambda t: 2 * t + 1, "A__x": lambda t: mpf(4.5) if t > 1.625 else 0},
         OUTPUT + " comp:TimeConversionFactor NonConstantParameter InitialValueReassigned EventUsesTriggerTimeValues", duration=5)

    past = Model("3.2", id="past")
    past.variable("x", 0)
    past.variable("y")
    past.variable("r")
    past.rate("x", "3")
    past.assign("y", "delay(x, 1)")
    past.assign("r", "rateOf(x)")
    m = hierarchy(past)
    m.parameter("double", 2)
    m.submodel("A", "past", timeConversionFactor="double")
    case("comp_time_factor_of_delay_and_rate_of", "The past and rates of change are in the submodel's time.",
         "closed form: x = 1.5 t; y = x(t - 2); r = 3", m,
         {"A__x": lambda t: 3 * t / 2, "A__y": lambda t: max(3 * (t - 2) / 2, 0), "A__r": 3},
         OUTPUT + " comp:TimeConversionFactor NonConstantParameter InitialValueReassigned")

    counted = decaying("counted")
    counted.variable("flow")
    counted.assign("flow", "J")
    m = hierarchy(counted)
    m.parameter("many", 6)
    m.parameter("slow", 2)
    m.submodel("A", "counted", extentConversionFactor="many", timeConversionFactor="slow")
    case("comp_extent_and_time_factor", "A submodel's reaction in other units of extent and of time; a rule still reads the submodel's own rate.",
         "closed form: law times 6/2: S = 4 exp(-1.5 t), flow = 2 exp(-1.5 t)", m,
         {"A__S": lambda t: 4 * exp(-3 * t / 2), "A__flow": lambda t: 2 * exp(-3 * t / 2)},
         OUTPUT + " comp:ExtentConversionFactor comp:TimeConversionFactor NonConstantParameter InitialValueReassigned", amount="A__S",
         duration=4)

    m = hierarchy(decaying("counted"))
    m.parameter("many", 3)
    m.submodel("A", "counted", extentConversionFactor="many")
    case("comp_extent_factor", "A submodel's reaction in other units of extent.", "closed form: 4 exp(-1.5 t)", m,
         {"A__S": lambda t: 4 * exp(-3 * t / 2)}, OUTPUT + " comp:ExtentConversionFactor", amount="A__S", duration=4)

    lower = ramp("lower")
    middle = Model("3.2", id="middle")
    middle.parameter("three", 3)
    middle.variable("y", 0)
    middle.rate("y", "1")
    middle.submodel("L", "lower", timeConversionFactor="three")
    m = hierarchy(lower, middle)
    m.parameter("two", 2)
    m.submodel("M", "middle", timeConversionFactor="two")
    case("comp_time_factors_multiply", "Time factors of two levels.", "closed form: t/2 and 1 + t/6", m,
         {"M__y": lambda t: t / 2, "M__L__x": lambda t: 1 + t / 6}, OUTPUT + " comp:TimeConversionFactor NonConstantParameter")

    m = hierarchy(decaying("amounts"))
    m.compartment("C", 1, inner=m.replaces({"submodelRef": "A", "idRef": "C"}))
    m.parameter("thousand", 1000)
    m.submodel("A", "amounts")
    m.species("T", amount=3000, inner=m.replaces({"submodelRef": "A", "idRef": "S", "conversionFactor": "thousand"}))
    case("comp_conversion_factor_of_a_species", "A factor changes what the submodel's law reads, not the extent of its reaction.",
         "closed form: the law is 0.5 T/1000, T = 3000 exp(-t/2000)", m,
         {"T": lambda t: 3000 * exp(-t / 2000), "A__J": lambda t: mpf(3) / 2 * exp(-t / 2000)},
         OUTPUT + " comp:ConversionFactor", amount="T")


for build in [instances, replacements, deletions, factors]:
    build()
