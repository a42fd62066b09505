"""Our export to SBML, models and scenarios: libSBML finds no errors, and others replay it to the same curves.

Usage: exporting.py --insilin BINARY

* Models: every shipped one by `insilin convert MODEL -o x.xml`, simulated by libRoadRunner and COPASI, held against insilin's
  own run of the text.
* Scenarios: every shipped one by `insilin convert SCENARIO -o replay.xml`, each arm, and of what is varied the first, the
  middle and the last value, held against `insilin run`. With more than 500 expanded entries the first 7 days.

Ends with 1 when libSBML finds an error, or a peer that runs an export disagrees with insilin (`agreement`), unless the
third computation is with insilin. What a peer refuses is listed with its message.
"""

import csv
import glob
import os
import re
import subprocess
import sys
import tempfile
import tomllib

import libsbml
import numpy

import agreement
import antimony_reading
import runners
import third
from common import TOP, arguments

POINTS = 1010
MOST_ENTRIES = 500
PEERS = (("libRoadRunner", runners.roadrunner), ("COPASI", runners.copasi))


def main():
    options = arguments(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        tasks = [Model(path) for path in paths("*.ant")] + [replay for path in paths("*.toml") for replay in
                                                            replays(options.insilin, path, folder)]
        results = [check(options.insilin, task, folder) for task in agreement.progress(tasks, lambda task: task.name)]
    head = ("export", "columns", "errors of libSBML", "libRoadRunner", "COPASI", "third", "verdict")
    agreement.table(head, [result["cells"] for result in results])
    told = [(result["cells"][0], name, message) for result in results for name, message in result["told"].items()]
    if told:
        agreement.table(("export", "refused by", "message"), told)
    return 0 if all(result["kept"] for result in results) else 1


def paths(pattern):
    folder = "scenarios" if pattern.endswith("toml") else "**"
    return sorted(glob.glob(os.path.join(TOP, "models", folder, pattern), recursive=True))


class Model:
    """A model by itself."""

    def __init__(self, path):
        self.path, self.name, self.end, self.options = path, os.path.relpath(path, TOP), 100.0, []

    def ours(self, binary, export):
        kinds = antimony_reading.declared(export)
        return runners.insilin(binary, self.path, list(kinds), self.end, 100), set()


class Replay:
    """One arm of a scenario, with one value of what it varies; `table` holds insilin's own run."""

    def __init__(self, path, arm, varied, table, until):
        self.path, self.table = path, table
        self.name = " ".join(filter(None, (os.path.relpath(path, TOP), arm, varied and f"at {varied}")))
        self.end = float(table["time"][-1])
        self.options = [part for option, value in (("--arm", arm), ("--varied", varied), ("--until", until)) if value
                        for part in (option, value)]

    def ours(self, binary, export):
        model = libsbml.readSBMLFromFile(export).getModel()
        concentrations = {s.getId() for s in model.getListOfSpecies() if not s.getHasOnlySubstanceUnits()}
        kinds = antimony_reading.declared(export)
        return {id: self.table[id] for id in kinds if id in self.table}, concentrations & set(self.table)


def replays(binary, path, folder):
    """All arms and the values looked at of a scenario, each with insilin's table."""
    with open(path, "rb") as file:
        scenario = tomllib.load(file)
    labels = [arm["label"] for arm in scenario.get("arm", [])] or [None]
    out = os.path.join(folder, os.path.basename(path) + ".run")
    until = run_scenario(binary, path, out)
    for at, label in enumerate(labels):
        single = os.path.join(out, "trajectory.csv")
        table_path = single if os.path.exists(single) else glob.glob(os.path.join(out, f"trajectory-{at + 1}-*.csv"))[0]
        for varied, table in tables(table_path):
            yield Replay(path, label, varied, table, until)


def run_scenario(binary, path, out):
    """Runs it; "7 d" when its expanded form is long and only that much was run."""
    command = [binary, "run", path, "--rtol", "1e-9", "--atol", "1e-12", "--no-figures", "--quiet", "--out", out]
    command += ["--points", str(POINTS)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(out, "scenario.toml"), "rb") as file:
        expanded = tomllib.load(file)
    entries = max([len(expanded.get("protocol", []))] + [len(arm.get("protocol", [])) for arm in expanded.get("arm", [])])
    if entries <= MOST_ENTRIES:
        return None
    subprocess.run(command + ["--end", "7 d"], check=True, stdout=subprocess.DEVNULL)
    return "7 d"


def tables(path):
    """`(varied value, columns)`: one of each, or three of a family."""
    with open(path) as file:
        rows = list(csv.reader(file))
    head = [re.sub(r" \[.*\]$", "", cell) for cell in rows[0]]
    numbers = numpy.array([[float(cell or "nan") for cell in row] for row in rows[1:]])
    if head[0] == "time":
        return [(None, dict(zip(head, numbers.T)))]
    values = list(dict.fromkeys(numbers[:, 0]))
    chosen = dict.fromkeys((values[0], values[len(values) // 2], values[-1]))
    return [(repr(float(value)), dict(zip(head[1:], numbers[numbers[:, 0] == value][:, 1:].T))) for value in chosen]


def check(binary, task, folder):
    """Exports, lets libSBML and the peers have it, and compares."""
    export, told = os.path.join(folder, "export.xml"), {}
    command = [binary, "convert", task.path, "-o", export, *task.options]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode != 0:
        message = f"exit code {ended.returncode}: {runners.diagnosed(ended.stderr)}"
        cells = (task.name, "–", "–", "–", "–", "", "not exported")
        return {"cells": cells, "told": {"insilin": message}, "kept": False}
    errors = libsbml_errors(export)
    ours, concentrations = task.ours(binary, export)
    kinds = {id: kind for id, kind in antimony_reading.declared(export).items() if id in ours}
    case = (export, list(ours), task.end, len(next(iter(ours.values()))) - 1)
    offs = {}
    for name, runner in PEERS:
        theirs, told[name] = tried(runner, *case, concentrations)
        offs[name] = agreement.worst(ours, theirs, kinds) if theirs else None
    wrong = [name for name, found in offs.items() if found and not agreement.agrees(found[0])]
    judge = decide(ours, case, concentrations, kinds, told) if wrong or not any(offs.values()) else None
    right = not wrong and any(offs.values()) or bool(judge and agreement.agrees(judge[0]))
    shown = lambda found: f"{found[0]:.1e} ({found[1]})" if found else "refuses"
    verdict = "agrees" if right and not wrong else ("the third is with insilin" if right else "disagrees")
    cells = (task.name, len(ours), len(errors), *map(shown, offs.values()), shown(judge) if judge else "", verdict)
    told = {name: message for name, message in told.items() if message}
    told.update({"libSBML": errors[0]} if errors else {})
    return {"cells": cells, "told": told, "kept": right and not errors}


def libsbml_errors(path):
    """What libSBML finds wrong, consistency of units aside, which it only warns of."""
    document = libsbml.readSBMLFromFile(path)
    document.checkConsistency()
    found = [document.getError(at) for at in range(document.getNumErrors())]
    return [runners.one_line(error.getMessage()) for error in found if error.getSeverity() >= libsbml.LIBSBML_SEV_ERROR]


def tried(runner, *case):
    try:
        return runner(*case), None
    except runners.Refused as refused:
        return None, str(refused)


def decide(ours, case, concentrations, kinds, told):
    """insilin's difference to the third computation, species as amounts for both where sizes are at hand."""
    judged, told["third"] = tried(third.isolated, *case)
    if judged is None:
        return None
    model = libsbml.readSBMLFromFile(case[0]).getModel()
    for id in concentrations:
        size = model.getSpecies(id).getCompartment()
        volume = judged.get(size, ours.get(size, model.getCompartment(size).getSize()))
        judged[id] = judged[id] / volume
    return agreement.worst(ours, judged, kinds)


if __name__ == "__main__":
    sys.exit(main())
