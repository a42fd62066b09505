"""What an SBML file declares: the ids to compare, with their kinds, by libSBML."""

import libsbml


def kinds(path):
    """`{id: kind}` of all that has a value over time: species, and compartments, parameters and reactions."""
    model = libsbml.readSBMLFromFile(path).getModel()
    if model is None:
        return {}
    found = {}
    lists = (("species", model.getListOfSpecies()), ("compartment", model.getListOfCompartments()),
             ("parameter", model.getListOfParameters()), ("reaction", model.getListOfReactions()))
    for kind, things in lists:
        found.update({thing.getId(): kind for thing in things if moves(thing, kind)})
    return found


def moves(thing, kind):
    if kind == "species":
        return True
    if kind == "reaction":
        # A fast reaction is at equilibrium: its law says where, not how fast it goes.
        return thing.getKineticLaw() is not None and not (thing.isSetFast() and thing.getFast())
    return not thing.getConstant()


def declarations(path):
    """`{id: (kind, flags)}` of species, compartments, parameters, reactions and events."""
    model = libsbml.readSBMLFromFile(path).getModel()
    found = {}
    for s in model.getListOfSpecies():
        found[s.getId()] = ("species", s.getCompartment(), s.getHasOnlySubstanceUnits(), s.getBoundaryCondition())
    for c in model.getListOfCompartments():
        found[c.getId()] = ("compartment", c.getConstant())
    for p in model.getListOfParameters():
        found[p.getId()] = ("parameter", p.getConstant())
    for r in model.getListOfReactions():
        sides = (r.getListOfReactants(), r.getListOfProducts())
        found[r.getId()] = ("reaction", r.getReversible(), *(sorted((x.getSpecies(), x.getStoichiometry()) for x in side
                                                                    if not x.getId()) for side in sides))
    for e in model.getListOfEvents():
        trigger = e.getTrigger()
        targets = sorted(a.getVariable() for a in e.getListOfEventAssignments())
        found[e.getId()] = ("event", trigger.getInitialValue(), trigger.getPersistent(), e.getUseValuesFromTriggerTime(),
                            e.isSetDelay(), e.isSetPriority(), targets)
    return found


def set_ids(path):
    """Ids that rules or events set."""
    model = libsbml.readSBMLFromFile(path).getModel()
    assigned = (a.getVariable() for e in model.getListOfEvents() for a in e.getListOfEventAssignments())
    return {rule.getVariable() for rule in model.getListOfRules()} | set(assigned)


def different(one, other, passed_over=()):
    """What two files declare differently, in words: what counts, and flags `constant` of what nothing sets."""
    first, second = declarations(one), declarations(other)
    moving = set_ids(one) | set_ids(other)
    counts, idle = [], []
    for id in sorted((set(first) | set(second)) - set(passed_over)):
        a, b = first.get(id), second.get(id)
        if a != b:
            is_flag = a and b and a[0] == b[0] and a[0] in ("parameter", "compartment") and id not in moving
            (idle if is_flag else counts).append(f"`{id}` {a} against {b}")
    return "; ".join(counts[:3]), "; ".join(idle[:3])
