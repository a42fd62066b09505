"""Measures insilin and libRoadRunner side by side and prints tables in Markdown.

Usage: peers.py --insilin BINARY --ours JSON [--repeats N]     (run.sh makes both and calls this)

* start to figures: the two programs as processes, one after the other, N times; medians. Ours draws and writes its
  figures, the other simulates only.
* reading and compiling: text to a model that can run, in a process that is already up. Ours was measured by
  `benches/trajectories.rs --json` just before.
* one trajectory: the same stimulus, end and 421 points, once at equal relative tolerance and with the same absolute
  tolerance for each state (a thousandth of the relative one times the nominal size that insilin gives the state), once
  at equal error: each tool takes the tolerance of 1e-4 ... 1e-8 at which it is fastest while its rms error stays below.

Error is |y - r| / max(|r|, 1e-3 max|r|) over all states and points, against insilin's own run at 1e-12; the last table
shows how far libRoadRunner at its tightest is from that reference, which it has no part in.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time

import antimony
import numpy
import roadrunner

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
MEAL_MODEL = os.path.join(TOP, "models", "published", "dalla_man_2007.ant")
MEAL_SCENARIO = os.path.join(TOP, "models", "scenarios", "mixed-meal.toml")
START_GOAL = 5
LOAD_GOAL = 20
EQUAL = (1e-6, 1e-8)
BOUNDS = (1e-5, 1e-6, 1e-7)


def main():
    arguments = read_arguments()
    roadrunner.Logger.disableLogging()
    with open(arguments.ours) as file:
        # The models for timing alone are bench.py's.
        cases = [case for case in json.load(file) if not case["timing"]]
    heading(arguments)
    start_to_figures(arguments)
    models = reading_and_compiling(cases, arguments.repeats)
    trajectories(cases, models, arguments.repeats)
    references(cases, models)


def read_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--insilin", required=True)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--repeats", type=int, default=7)
    return parser.parse_args()


def heading(arguments):
    version = subprocess.run([arguments.insilin, "--version"], capture_output=True, text=True, check=True)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{datetime.date.today()}, {processor()}, {os.cpu_count()} cores, load {load}; {version.stdout.strip()}, "
          f"libRoadRunner {roadrunner.__version__}, libAntimony {antimony.__version__}, Python {platform.python_version()}")


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.processor()


def start_to_figures(arguments):
    fresh = [sys.executable, os.path.join(HERE, "fresh.py"), MEAL_MODEL]
    ours, peer = [], []
    with tempfile.TemporaryDirectory() as folder:
        # The first round warms the disk cache and is not counted.
        for at in range(arguments.repeats + 1):
            # Each time a new folder: over older files some file systems wait for the disk.
            out = os.path.join(folder, str(at))
            ours.append(timed_process([arguments.insilin, "run", MEAL_SCENARIO, "--out", out, "--quiet"]))
            peer.append(timed_process(fresh))
        figures = [name for name in os.listdir(out) if name.endswith((".png", ".svg"))]
    ours, peer = statistics.median(ours[1:]), statistics.median(peer[1:])
    print("\n| start to end of process | ms |\n| --- | --- |")
    print(f"| insilin: mixed meal run, {len(figures)} files of figures and the data written | {ours:.0f} |")
    print(f"| libRoadRunner: imported, model loaded, simulated, nothing drawn | {peer:.0f} |")
    print(f"| ratio (goal: {START_GOAL}) | {peer / ours:.1f} |")


def timed_process(command):
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - begin) * 1e3


def reading_and_compiling(cases, repeats):
    print("\n| text to runnable model | states | insilin, ms | libRoadRunner, ms | of which Antimony to SBML | ratio |")
    print("| --- | --- | --- | --- | --- | --- |")
    models = {}
    for case in cases:
        times = []
        for _ in range(max(3, repeats // 2)):
            begin = time.perf_counter()
            sbml = to_sbml(case["model"])
            middle = time.perf_counter()
            models[case["model"]] = roadrunner.RoadRunner(sbml)
            end = time.perf_counter()
            times.append(((end - begin) * 1e3, (middle - begin) * 1e3))
        peer, reading = (statistics.median(column) for column in zip(*times))
        print(f"| {case['model']} | {len(case['states'])} | {case['load_ms']:.2f} | {peer:.0f} | {reading:.0f} | "
              f"{peer / case['load_ms']:.0f} |")
    print(f"\nGoal: {LOAD_GOAL}.")
    return models


def to_sbml(name):
    """The model as one flat SBML text, as `RoadRunner` takes it."""
    antimony.clearPreviousLoads()
    if antimony.loadAntimonyFile(path_of(name)) < 0:
        raise RuntimeError(antimony.getLastError())
    return antimony.getSBMLString(name)


def path_of(name):
    for folder, _, files in os.walk(os.path.join(TOP, "models")):
        if f"{name}.ant" in files:
            return os.path.join(folder, f"{name}.ant")
    raise FileNotFoundError(name)


def trajectories(cases, models, repeats):
    peers = {(case["model"], ours["rtol"]): peer_run(models, case, ours["rtol"], repeats)
             for case in cases for ours in case["runs"]}
    print("\n| one trajectory, equal tolerance | rtol | insilin, ms | max error | rms error | libRoadRunner, ms | max error | "
          "rms error | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for case in cases:
        for ours in (ours for ours in case["runs"] if ours["rtol"] in EQUAL):
            peer = peers[case["model"], ours["rtol"]]
            print(f"| {case['model']} | {ours['rtol']:g} | {cells(ours)} | {cells(peer)} | {peer['ms'] / ours['ms']:.1f} |")
    print("\n| one trajectory, equal rms error | at most | insilin at | ms | libRoadRunner at | ms | ratio |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for case in cases:
        for bound in BOUNDS:
            ours = fastest(case["runs"], bound)
            peer = fastest([peers[case["model"], run["rtol"]] for run in case["runs"]], bound)
            if ours and peer:
                print(f"| {case['model']} | {bound:g} | {ours['rtol']:g} | {ours['ms']:.2f} | {peer['rtol']:g} | "
                      f"{peer['ms']:.2f} | {peer['ms'] / ours['ms']:.1f} |")
            else:
                print(f"| {case['model']} | {bound:g} | {reached(ours)} | – | {reached(peer)} | – | – |")


def peer_run(models, case, rtol, repeats):
    """As one entry of `runs` in our JSON; times and errors are NaN when it fails."""
    try:
        milliseconds, values = run(models[case["model"]], case, rtol, repeats)
        largest, root = error(values, case)
    except RuntimeError:
        milliseconds, largest, root = float("nan"), float("nan"), float("nan")
    return {"rtol": rtol, "ms": milliseconds, "max": largest, "rms": root}


def cells(done):
    return f"{done['ms']:.2f} | {done['max']:.1e} | {done['rms']:.1e}"


def fastest(runs, bound):
    return min((done for done in runs if done["rms"] <= bound), key=lambda done: done["ms"], default=None)


def reached(done):
    return f"{done['rtol']:g}" if done else "not reached"


def run(runner, case, rtol, repeats):
    """Median time in ms of one simulation after a reset, and the states at the points, one column each."""
    integrator = runner.getIntegrator()
    integrator.setValue("relative_tolerance", rtol)
    for state in case["states"]:
        integrator.setIndividualTolerance(state["id"], 1e-3 * rtol * state["nominal"])
    integrator.setValue("maximum_num_steps", 1_000_000)
    runner.timeCourseSelections = [selection(runner, state) for state in case["states"]]
    times = []
    for _ in range(repeats + 1):
        runner.resetAll()
        if case["stimulus"]:
            runner[case["stimulus"]["id"]] = case["stimulus"]["value"]
        begin = time.perf_counter()
        values = runner.simulate(0, case["end"], case["intervals"] + 1)
        times.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(times[1:]), numpy.array(values)


def selection(runner, state):
    species = set(runner.model.getFloatingSpeciesIds())
    return f"[{state['id']}]" if state["id"] in species and not state["amount"] else state["id"]


def error(values, case):
    reference = numpy.array([state["reference"] for state in case["states"]]).T
    largest = numpy.abs(reference).max(0)
    moved = largest > 0
    off = numpy.abs(values - reference)[:, moved] / numpy.maximum(numpy.abs(reference)[:, moved], 1e-3 * largest[moved])
    return off.max(), float(numpy.sqrt((off * off).mean()))


def references(cases, models):
    print("\n| libRoadRunner at 1e-11 against insilin at 1e-12 | max | rms |\n| --- | --- | --- |")
    for case in cases:
        try:
            _, values = run(models[case["model"]], case, 1e-11, 1)
            print("| {} | {:.1e} | {:.1e} |".format(case["model"], *error(values, case)))
        except RuntimeError as failure:
            print(f"| {case['model']} | fails: {str(failure).splitlines()[0][:60]} | – |")


if __name__ == "__main__":
    main()
