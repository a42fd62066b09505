"""Our reading of Antimony against libAntimony's, through the numbers that come out.

Usage: antimony_reading.py --insilin BINARY [--random N]

Texts: the language's snippets, published listings, shipped models, N random models (`random_models.py`, seeded).
libAntimony turns each into SBML, which libRoadRunner runs and insilin reads; insilin also reads the text itself. Every id
that libAntimony declares must be known to insilin's reading of the text and have the same values over time, constants
included (`agreement`); and what `insilin convert` makes of the text declares the same species, compartments, parameters,
reactions and events with the same flags (`sbml_ids`). Symbols that a snippet leaves without a value are given one, in the
text, for all programs.

A difference, or a model that libRoadRunner refuses, goes to the third computation (`third.py`).
Ends with 1 when insilin is wrong, or refuses what a peer reads.
"""

import os
import re
import subprocess
import sys
import tempfile

import libsbml

import agreement
import runners
import sbml_ids
import texts
import third
from common import TOP, arguments

# No time of the grid but the ends is one at which events are likely to happen.
INTERVALS = 61
# Parameters that libAntimony makes of the numbers after `timeconv =` and `extentconv =`: the text does not name them.
MADE = {"timeconv", "extentconv"}
# Understood, and refused for what it asks: a draw made once at the start is no trajectory to compare.
DRAWS = "compile/random-draw"


def main():
    options = arguments(__doc__, ("--random", texts.RANDOM))
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(TOP, "models", "published"), os.path.join(folder, "published"))
        all_texts = agreement.progress(texts.all_texts(options.random), lambda text: text.name)
        results = [compare(options.insilin, text, folder) for text in all_texts]
    summary(results)
    details(results)
    broken = [result for result in results if not result.kept]
    return 1 if broken else 0


class Result:
    """What was found for one text; `ours` and `read` are the worst differences of insilin's two ways."""

    def __init__(self, name):
        self.name, self.ours, self.read, self.judge, self.judge_read, self.declared = name, None, None, None, None, ""
        self.told, self.kept, self.verdict = {}, True, ""


def compare(binary, text, folder):
    result = Result(text.name)
    model, sbml = os.path.join(folder, "model.ant"), os.path.join(folder, "model.xml")
    try:
        path = prepare(text, model, sbml)
    except runners.Refused as refused:
        result.told["libAntimony"] = str(refused)
        result.verdict = "libAntimony refuses"
        return result
    kinds = declared(sbml)
    case = (list(kinds), text.end, INTERVALS)
    ours = attempt(result, "insilin", runners.insilin, binary, path, *case)
    read = attempt(result, "insilin, SBML", runners.insilin, binary, sbml, *case)
    peer = attempt(result, "libRoadRunner", runners.roadrunner, sbml, *case)
    result.declared, flags = declared_differently(binary, path, sbml, folder)
    result.ours, result.read = off(ours, peer, kinds), off(read, peer, kinds)
    if peer is None or not all(agreement.agrees(found[0]) for found in (result.ours, result.read) if found):
        judge(result, sbml, case, ours, read, kinds)
    decide(result, ours, read, peer)
    if result.declared:
        result.kept, result.verdict = False, "declared differently"
        result.told["declared by libAntimony against insilin"] = result.declared
    elif flags:
        result.verdict += "; `constant` differs where nothing sets it"
        result.told["declared by libAntimony against insilin"] = flags
    return result


def declared_differently(binary, path, sbml, folder):
    """What insilin's reading of a text declares unlike libAntimony's, as `sbml_ids.different`."""
    export = os.path.join(folder, "ours.xml")
    ended = subprocess.run([binary, "convert", path, "-o", export], capture_output=True, text=True)
    if ended.returncode != 0:
        said = runners.diagnosed(ended.stderr)
        return "" if "draws at random" in said else f"not converted: {said}", ""
    return sbml_ids.different(sbml, export, MADE)


def prepare(text, model, sbml):
    """Writes the text's SBML, and gives the path of the text that stands for the same model."""
    path = text.path or model
    if text.path is None:
        write(model, text.text)
        write(sbml, runners.isolated(to_sbml, model))
        missing = without_value(sbml)
        if missing:
            write(model, completed(text.text, missing))
    write(sbml, runners.isolated(to_sbml, path))
    return path


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def to_sbml(path):
    """The main module as one flat SBML text, by libAntimony."""
    import antimony
    if antimony.loadAntimonyFile(path) < 0:
        raise runners.Refused(antimony.getLastError())
    return antimony.getSBMLString(antimony.getMainModuleName())


def without_value(sbml):
    """Ids that nothing gives a value."""
    model = libsbml.readSBMLFromFile(sbml).getModel()
    given = {rule.getVariable() for rule in model.getListOfRules() if rule.isAssignment()}
    given |= {start.getSymbol() for start in model.getListOfInitialAssignments()}
    species = [s.getId() for s in model.getListOfSpecies() if not (s.isSetInitialAmount() or s.isSetInitialConcentration())]
    parameters = [p.getId() for p in model.getListOfParameters() if not p.isSetValue()]
    compartments = [c.getId() for c in model.getListOfCompartments() if not c.isSetSize()]
    return [id for id in species + parameters + compartments if id not in given]


def completed(text, missing):
    """The text with a value for each id, inside of the last module if the text has one."""
    submodels = re.findall(r"^\s*(\w+)\s*:\s*\w+\s*\(|;\s*(\w+)\s*:\s*\w+\s*\(", text, re.MULTILINE)
    submodels = [first or second for first, second in submodels]
    values = "".join(f"{in_text(id, submodels)} = {0.5 + 0.1 * at:.1f};\n" for at, id in enumerate(missing))
    head, end, tail = text.rpartition("\nend\n")
    has_module = end and ("model" in text or "module" in text)
    return f"{head}\n{values}end\n{tail}" if has_module else f"{text.rstrip()}\n{values}"


def in_text(id, submodels):
    """`A.x` for an id `A_x` of a submodel's element."""
    inside = [name for name in submodels if id.startswith(name + "_")]
    return f"{inside[0]}.{id[len(inside[0]) + 1:]}" if inside else id


def declared(sbml):
    """`{id: kind}` of everything with a value, constants too."""
    model = libsbml.readSBMLFromFile(sbml).getModel()
    lists = (("species", model.getListOfSpecies()), ("compartment", model.getListOfCompartments()),
             ("parameter", model.getListOfParameters()), ("reaction", model.getListOfReactions()))
    return {thing.getId(): kind for kind, things in lists for thing in things
            if thing.getId() not in MADE and (kind != "reaction" or thing.getKineticLaw() is not None)}


def attempt(result, name, runner, *case):
    try:
        return runner(*case)
    except runners.Refused as refused:
        result.told[name] = str(refused)
        return None


def off(one, other, kinds):
    return agreement.worst(one, other, kinds) if one and other else None


def judge(result, sbml, case, ours, read, kinds):
    judged = attempt(result, "third", third.isolated, sbml, *case)
    result.judge = off(ours, judged, kinds)
    result.judge_read = off(read, judged, kinds)


def decide(result, ours, read, peer):
    """Both ways of insilin must be right, or all programs refuse."""
    right = lambda found: found is not None and bool(agreement.agrees(found[0]))
    if ours is None and DRAWS in result.told["insilin"]:
        result.verdict = "random draws: not simulated"
    elif ours is None and read is None:
        result.kept, result.verdict = peer is None, "all refuse" if peer is None else "insilin refuses"
    elif ours is None or read is None:
        result.kept, result.verdict = False, "insilin refuses one of the two ways"
    elif right(result.ours) and right(result.read):
        result.verdict = "agrees"
    elif right(result.judge) and right(result.judge_read):
        result.verdict = "with the third" + ("" if peer is None else ", libRoadRunner is off")
    elif peer is None and result.judge is None:
        result.kept = bool(agreement.agrees(agreement.worst(ours, read, {id: "all" for id in ours})[0]))
        result.verdict = "both ways alike; no other program runs it" if result.kept else "the two ways differ"
    else:
        result.kept, result.verdict = False, "disagrees"


def summary(results):
    groups = {}
    for result in results:
        group = groups.setdefault(result.name.split("/")[0].split(":")[0].split(" ")[0], {})
        group[result.verdict] = group.get(result.verdict, 0) + 1
    rows = [(group, verdict, count) for group, verdicts in groups.items() for verdict, count in sorted(verdicts.items())]
    agreement.table(("texts", "verdict", "how many"), rows)


def details(results):
    worst = max((result for result in results if result.ours), key=lambda result: result.ours[0], default=None)
    if worst:
        print(f"\nLargest difference to libRoadRunner: {worst.ours[0]:.1e}, `{worst.ours[1]}` of {worst.name}.")
    shown = lambda found: f"{found[0]:.1e} ({found[1]})" if found else "–"
    rows = [(result.name, result.verdict, shown(result.ours), shown(result.read), shown(result.judge),
             "; ".join(f"{name}: {told}" for name, told in result.told.items()))
            for result in results if result.verdict != "agrees"]
    if rows:
        head = ("text", "verdict", "text – libRoadRunner", "SBML – libRoadRunner", "text – third", "messages")
        agreement.table(head, rows)


if __name__ == "__main__":
    sys.exit(main())
