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
    return thing.getKineticLaw() is not None if kind == "reaction" else not thing.getConstant()
