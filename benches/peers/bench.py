"""One trajectory and sweeps by insilin, libRoadRunner and COPASI; prints tables in Markdown.

Usage: bench.py --insilin BINARY --ours JSON --sweeps JSON [--repeats N]     (run.sh makes the three and calls this)

* one trajectory: the same model, stimulus, end and points. Each program at relative tolerances of 1e-4 ... 1e-8; then, for
  each bound on the rms error, each at the setting where it is fastest while its error stays below. The absolute tolerance
  of insilin and libRoadRunner is a thousandth of the relative one times the nominal size that insilin gives each state.
  For both others two absolute tolerances for all states are tried besides, 1e-3 and 1e-6 of the relative one: in the
  second table they may take the best of all.
* sweeps: the sets of `benches/sweeps.rs`, states written down at all points, one and two workers. The others: one process
  per worker, which loads the model once; libRoadRunner with `reset` and `setValue` per set. The error of a tolerance is
  that of the model's own constants.

Error is |y - r| / max(|r|, 1e-3 max|r|) over all states and points, against insilin's own run at 1e-12.
"""

import argparse
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import roadrunner

import peers
from runners import copasi_run, load_copasi

BOUNDS = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
SINGLE_GOAL, SWEEP_GOAL = 5, 10
SWEEP_BOUNDS = (1e-4, 1e-5, 1e-6, 1e-7)
WORKERS = (1, 2)
# The others do a part of the sets: enough for a rate.
SHARES = {"libRoadRunner": 4, "COPASI": 16}
MODELS = os.path.join(peers.TOP, "benches", "models")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--insilin", required=True)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--sweeps", required=True)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    # CVODE writes its warnings past Python; our own words still get out.
    sys.stderr = os.fdopen(os.dup(2), "w")
    silence()
    with open(arguments.ours) as file:
        cases = json.load(file)
    with open(arguments.sweeps) as file:
        sweeps = json.load(file)
    peers.heading(arguments)
    with tempfile.TemporaryDirectory() as folder:
        files = {case["model"]: sbml_file(case, folder, arguments.insilin) for case in cases}
        found = {case["model"]: trajectories(case, files[case["model"]], arguments.repeats) for case in cases}
        equal_tolerance(cases, found)
        equal_error(cases, found)
        by_name = {case["model"]: case for case in cases}
        many(sweeps, by_name, files, found)


def sbml_file(case, folder, insilin):
    """The model as flat SBML, which both others read."""
    path = os.path.join(folder, case["model"] + ".xml")
    if case["timing"]:
        # libAntimony refuses events that assign to parts of a module.
        source = os.path.join(MODELS, case["model"] + ".ant")
        subprocess.run([insilin, "convert", source, "-o", path, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    else:
        with open(path, "w") as file:
            file.write(peers.to_sbml(case["model"]))
    return path


def trajectories(case, path, repeats):
    """Per program a list of runs: relative tolerance, which absolute one, ms, largest and rms error."""
    ours = [dict(done, atol="nominal") for done in case["runs"]]
    found = {"insilin": ours, "libRoadRunner": [], "COPASI": []}
    runner = roadrunner.RoadRunner(path)
    for rtol in (done["rtol"] for done in ours):
        for name, scale in (("nominal", None), ("1e-3", 1e-3), ("1e-6", 1e-6)):
            atol = None if scale is None else scale * rtol
            found["libRoadRunner"].append(measured(rtol, name, case, lambda: by_roadrunner(runner, case, rtol, atol, repeats)))
            if atol is not None:
                found["COPASI"].append(measured(rtol, name, case, lambda: by_copasi(path, case, rtol, atol, repeats)))
    return found


def measured(rtol, atol, case, run):
    try:
        milliseconds, values = run()
        largest, root = peers.error(values, case)
        return {"rtol": rtol, "atol": atol, "ms": milliseconds, "max": largest, "rms": root}
    except Exception as failure:  # whatever a program says, the others go on
        print(f"{case['model']} at {rtol:g}: {str(failure).splitlines()[0][:90]}", file=sys.stderr)
        return {"rtol": rtol, "atol": atol, "ms": float("nan"), "max": float("nan"), "rms": float("nan")}


def by_roadrunner(runner, case, rtol, atol, repeats):
    prepare_roadrunner(runner, case, rtol, atol)
    return timed(lambda: simulate_roadrunner(runner, case), repeats)


def prepare_roadrunner(runner, case, rtol, atol):
    integrator = runner.getIntegrator()
    integrator.setValue("relative_tolerance", rtol)
    integrator.setValue("maximum_num_steps", 1_000_000)
    if atol is None:
        for state in case["states"]:
            integrator.setIndividualTolerance(state["id"], 1e-3 * rtol * state["nominal"])
    else:
        integrator.setValue("absolute_tolerance", atol)
    runner.timeCourseSelections = [peers.selection(runner, state) for state in case["states"]]


def simulate_roadrunner(runner, case):
    runner.reset(roadrunner.SelectionRecord.ALL)
    if case["stimulus"]:
        runner[case["stimulus"]["id"]] = case["stimulus"]["value"]
    begin = time.perf_counter()
    values = runner.simulate(0, case["end"], case["intervals"] + 1)
    return (time.perf_counter() - begin) * 1e3, numpy.array(values)


def by_copasi(path, case, rtol, atol, repeats):
    loaded = load_copasi(path)
    run = prepare_copasi(loaded, case, rtol, atol)

    def simulate():
        values = run()
        return run.milliseconds, values
    return timed(simulate, repeats)


def prepare_copasi(loaded, case, rtol, atol):
    if case["stimulus"]:
        set_copasi(loaded, {case["stimulus"]["id"]: case["stimulus"]["value"]})
    ids = [state["id"] for state in case["states"]]
    concentrations = [state["id"] for state in case["states"] if not state["amount"]]
    return copasi_run(loaded, ids, case["end"], case["intervals"], rtol, atol, concentrations)


def set_copasi(loaded, values):
    """Start values by id."""
    import COPASI
    model, changed = loaded.getModel(), COPASI.ObjectStdVector()
    for things in (model.getMetabolites(), model.getModelValues()):
        for thing in (things.get(at) for at in range(things.size())):
            if thing.getSBMLId() in values:
                if hasattr(thing, "setInitialConcentration"):
                    thing.setInitialConcentration(values[thing.getSBMLId()])
                    changed.append(thing.getInitialConcentrationReference())
                else:
                    thing.setInitialValue(values[thing.getSBMLId()])
                    changed.append(thing.getInitialValueReference())
    model.updateInitialValues(changed)


def timed(simulate, repeats):
    """Median of the times and the last values; long runs are repeated less."""
    times, begin = [], time.perf_counter()
    simulate()
    while len(times) < repeats and (not times or time.perf_counter() - begin < 5):
        milliseconds, values = simulate()
        times.append(milliseconds)
    return statistics.median(times), values


def equal_tolerance(cases, found):
    print("\n| one trajectory, equal relative tolerance | rtol | insilin, ms | max | rms | libRoadRunner, ms | max | rms | "
          "COPASI, ms | max | rms |\n| --- |" + " --- |" * 10)
    for case in cases:
        runs = found[case["model"]]
        for ours in runs["insilin"]:
            cells = [peers.cells(ours)]
            for name, atol in (("libRoadRunner", "nominal"), ("COPASI", "1e-3")):
                same = [run for run in runs[name] if run["rtol"] == ours["rtol"] and run["atol"] == atol]
                cells.append(peers.cells(same[0]))
            print(f"| {case['model']} | {ours['rtol']:g} | {' | '.join(cells)} |")


def equal_error(cases, found):
    print("\n| one trajectory, equal rms error | at most | insilin at | ms | libRoadRunner at | ms | ratio | COPASI at | ms | "
          "ratio |\n| --- |" + " --- |" * 9)
    for case in cases:
        for bound in BOUNDS:
            best = {name: peers.fastest(runs, bound) for name, runs in found[case["model"]].items()}
            ours, cells = best["insilin"], []
            for name in ("libRoadRunner", "COPASI"):
                cells.append(against(best[name], ours))
            mine = f"{ours['rtol']:g} | {ours['ms']:.3f}" if ours else "not reached | –"
            print(f"| {case['model']} | {bound:g} | {mine} | {' | '.join(cells)} |")
    print(f"\nGoal: {SINGLE_GOAL}.")


def against(theirs, ours):
    if not theirs:
        return "not reached | – | –"
    ratio = f"{theirs['ms'] / ours['ms']:.1f}" if ours else "–"
    return f"{theirs['rtol']:g}, {theirs['atol']} | {theirs['ms']:.2f} | {ratio}"


def many(sweeps, cases, files, found):
    rates = {}
    print("\n| sweep | program | rtol, atol | workers | trajectories/s | failed | peak memory per process, MB |")
    print("| --- |" + " --- |" * 6)
    for sweep in sweeps:
        name = sweep["model"]
        case, path = cases[name], files[name]
        for done in sweep["runs"]:
            rates[name, "insilin", done["rtol"], "nominal", done["workers"]] = done["per_second"]
            show(name, "insilin", f"{done['rtol']:g}", done["workers"], done["per_second"], done["failed"], sweep["memory_mb"])
        for program, worker in (("libRoadRunner", roadrunner_worker), ("COPASI", copasi_worker)):
            for rtol, atol in settings(found[name][program]):
                for workers in WORKERS:
                    rows = sweep["factors"][: max(4, len(sweep["factors"]) // SHARES[program])]
                    rate, failed, memory = peer_sweep(worker, path, case, sweep["swept"], rows, rtol, atol, workers)
                    rates[name, program, rtol, atol, workers] = rate
                    show(name, program, f"{rtol:g}, {atol}", workers, rate, f"{failed} of {len(rows)}", memory)
    ratios(sweeps, found, rates)


def show(*cells):
    texts = [f"{cell:.0f}" if isinstance(cell, float) and cell >= 10 else f"{cell:.1f}" if isinstance(cell, float) else str(cell)
             for cell in cells]
    print("| " + " | ".join(texts) + " |", flush=True)


def settings(runs):
    """The settings at which one trajectory was fastest for some bound."""
    best = [peers.fastest(runs, bound) for bound in SWEEP_BOUNDS]
    return list(dict.fromkeys((run["rtol"], run["atol"]) for run in best if run))


def peer_sweep(worker, path, case, swept, rows, rtol, atol, workers):
    """Trajectories per second by processes side by side, failures, and the largest process, MB."""
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        jobs = [(path, case, swept, rows[at::workers], rtol, atol) for at in range(workers)]
        done = pool.map(worker, jobs, chunksize=1)
    return len(rows) / max(each[0] for each in done), sum(each[1] for each in done), max(each[2] for each in done)


def roadrunner_worker(job):
    path, case, swept, rows, rtol, atol = job
    silence()
    runner = roadrunner.RoadRunner(path)
    prepare_roadrunner(runner, case, rtol, None if atol == "nominal" else float(atol) * rtol)
    base = [runner.getValue(id) for id in swept]
    attempt(lambda: simulate_roadrunner(runner, case))

    def one(row):
        runner.reset(roadrunner.SelectionRecord.ALL)
        for id, value, factor in zip(swept, base, row):
            runner.setValue(id, value * factor)
        runner.simulate(0, case["end"], case["intervals"] + 1)
    return over(rows, one)


def copasi_worker(job):
    path, case, swept, rows, rtol, atol = job
    silence()
    loaded = load_copasi(path)
    run = prepare_copasi(loaded, case, rtol, float(atol) * rtol)
    things = loaded.getModel().getModelValues()
    values = {thing.getSBMLId(): thing.getInitialValue() for thing in (things.get(at) for at in range(things.size()))}
    attempt(run)

    def one(row):
        set_copasi(loaded, {id: values[id] * factor for id, factor in zip(swept, row)})
        run(with_table=False)
    return over(rows, one)


def silence():
    roadrunner.Logger.disableLogging()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def over(rows, one):
    """Seconds for all rows, how many fail, and the memory of this process at most, MB."""
    begin = time.perf_counter()
    failed = sum(not attempt(lambda: one(row)) for row in rows)
    return time.perf_counter() - begin, failed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def attempt(call):
    try:
        call()
        return True
    except Exception:  # a failure is a number here
        return False


def ratios(sweeps, found, rates):
    print("\n| sweep, equal rms error of the model's own constants | at most | workers | insilin, 1/s | libRoadRunner, 1/s | "
          "ratio | COPASI, 1/s | ratio |\n| --- |" + " --- |" * 7)
    for name in (sweep["model"] for sweep in sweeps):
        for bound in SWEEP_BOUNDS:
            for workers in WORKERS:
                best = {program: fastest_rate(found[name][program], rates, name, program, bound, workers)
                        for program in found[name]}
                ours = best.pop("insilin")
                cells = [f"{rate:.1f} | {ours / rate:.1f}" if rate and ours else "not reached | –" for rate in best.values()]
                mine = f"{ours:.0f}" if ours else "not reached"
                print(f"| {name} | {bound:g} | {workers} | {mine} | {' | '.join(cells)} |")
    print(f"\nGoal: {SWEEP_GOAL} with two workers.")


def fastest_rate(runs, rates, name, program, bound, workers):
    keys = [(name, program, run["rtol"], run["atol"], workers) for run in runs if run["rms"] <= bound]
    return max((rates[key] for key in keys if key in rates), default=None)


if __name__ == "__main__":
    main()
