"""Compares the tables with libRoadRunner and the models with libSBML: `python tests/sbml/cross_check.py [name …]`.

Neither decides what is expected: what differs is listed, and ORIGIN.md says why for each.
"""

import csv
import multiprocessing
import pathlib
import sys

import libsbml
import roadrunner

HERE = pathlib.Path(__file__).resolve().parent
roadrunner.Logger.disableLogging()


def settings(folder):
    lines = (folder / "settings.txt").read_text().splitlines()
    pairs = dict(line.split(":", 1) for line in lines)
    return {key: value.strip() for key, value in pairs.items()}


def words(text):
    return [word.strip() for word in text.split(",") if word.strip()]


def faults(folder):
    """What libSBML's validator finds, without units and advice on modelling practice."""
    document = libsbml.readSBMLFromFile(str(folder / "model.xml"))
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_UNITS_CONSISTENCY, False)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    document.checkConsistency()
    errors = [document.getError(at) for at in range(document.getNumErrors())]
    return [f"{error.getErrorId()} {error.getMessage().strip()[:300]}" for error in errors if error.getSeverity() >= 2]


def simulated(folder, told):
    runner = roadrunner.RoadRunner(str(folder / "model.xml"))
    runner.integrator.relative_tolerance = 1e-11
    runner.integrator.absolute_tolerance = 1e-14
    runner.integrator.maximum_num_steps = 200000
    concentrations = words(told["concentration"])
    names = [f"[{name}]" if name in concentrations else name for name in words(told["variables"])]
    runner.timeCourseSelections = ["time", *names]
    start, end = float(told["start"]), float(told["start"]) + float(told["duration"])
    return runner.simulate(start, end, int(told["steps"]) + 1)


def difference(folder):
    told = settings(folder)
    with open(folder / "results.csv") as file:
        expected = [[float(cell) for cell in row] for row in list(csv.reader(file))[1:]]
    got = simulated(folder, told)
    absolute, relative = float(told["absolute"]), float(told["relative"])
    for row, values in enumerate(expected):
        for column, value in enumerate(values):
            if not agrees(value, float(got[row][column]), absolute, relative):
                return f"row {row}, {got.colnames[column]}: {got[row][column]!r} instead of {value!r}"
    return ""


def agrees(expected, got, absolute, relative):
    if expected != expected or got != got:
        return expected != expected and got != got
    return expected == got or abs(expected - got) <= absolute + relative * abs(expected)


def report(name):
    folder = HERE / name
    found = [f"libSBML: {fault}" for fault in faults(folder)]
    try:
        different = difference(folder)
        found += [f"libRoadRunner: {different}"] if different else []
    except Exception as error:
        found.append("libRoadRunner refuses: " + str(error).strip().replace("\n", " ")[:160])
    return found


def guarded(name):
    """In a process of its own: some models end libRoadRunner's."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        try:
            return pool.apply_async(report, [name]).get(timeout=20)
        except multiprocessing.TimeoutError:
            return ["libRoadRunner: no end within 20 s"]


def main():
    names = sys.argv[1:] or sorted(tags.parent.name for tags in HERE.glob("*/tags.txt"))
    agreeing = 0
    for name in names:
        found = guarded(name)
        agreeing += not found
        for line in found:
            print(f"{name}: {line}", flush=True)
    print(f"{agreeing} of {len(names)} agree")


if __name__ == "__main__":
    main()
