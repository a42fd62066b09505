"""The SBML Test Suite as a measure of speed: load and simulate, beside libRoadRunner and COPASI, in one run.

Usage: suite.py --insilin BINARY --ours JSON     (JSON is what `cargo bench --bench sbml_suite -- --json` prints)

Every time course of `SBML_TEST_SUITE`, one after the other in one process, one thread, by each program. Load: from the
file to something that can run; simulate: from there to the table that the settings ask for. Scored by the suite's rule
|c - u| <= absolute + relative |c|. Each program integrates at one of `TOLERANCES`; --ladder shows how many cases pass at
which, and the time that takes. Times are those on the wall and those of the processor, which other work on the machine
disturbs less. Ends with 1 when ours, load and simulate together, takes more than a tenth of the faster peer's processor
time over the cases that all pass.
"""

import json
import multiprocessing
import os
import sys
import time

import numpy

import agreement
import runners
from common import arguments

GOAL = 10
LADDER = ((1e-7, 1e-12), (1e-9, 1e-15), (1e-11, 1e-18))
TOLERANCES = {"libRoadRunner": (1e-9, 1e-15), "COPASI": (1e-9, 1e-15)}
PATIENCE = 120
LEVELS = ("l3v2", "l3v1", "l2v5", "l2v4", "l2v3", "l2v2", "l2v1")


def main():
    options = arguments(__doc__, ("--ours", ""), ("--ladder", 0))
    cases = read_cases()
    if cases is None:
        print("\nSuite: SBML_TEST_SUITE names no folder with the suite; nothing measured.")
        return 0
    if options.ladder:
        return ladder(cases)
    with open(options.ours) as file:
        ours = {entry["id"]: (entry["passed"], entry["load"], entry["simulate"]) for entry in json.load(file)}
    results = {"insilin": ours}
    for name, tolerances in TOLERANCES.items():
        results[name] = measured(name, cases, tolerances)
    return report(results, len(cases))


class Case:
    """One case's files and settings."""

    def __init__(self, folder, id):
        self.id, base = id, os.path.join(folder, id, id)
        self.model = next(path for level in LEVELS if os.path.isfile(path := f"{base}-sbml-{level}.xml"))
        settings = pairs(f"{base}-settings.txt")
        words = lambda key: [word.strip() for word in settings.get(key, "").split(",") if word.strip()]
        self.start, self.duration = float(settings["start"]), float(settings["duration"])
        self.steps = int(settings["steps"])
        self.variables, self.concentrations = words("variables"), set(words("concentration"))
        self.absolute, self.relative = float(settings["absolute"]), float(settings["relative"])
        self.results = f"{base}-results.csv"

    def passes(self, table):
        with open(self.results) as file:
            rows = [line.split(",") for line in file if line.strip()][1:]
        wanted = numpy.array([[float(cell) for cell in row[1:]] for row in rows])
        if table.shape != wanted.shape:
            return False
        exact = ~numpy.isfinite(wanted)
        with numpy.errstate(invalid="ignore"):
            near = numpy.abs(wanted - table) <= self.absolute + self.relative * numpy.abs(wanted)
        return bool(near[~exact].all()) and numpy.array_equal(wanted[exact], table[exact], equal_nan=True)


def pairs(path):
    with open(path) as file:
        lines = [line.split(":", 1) for line in file if ":" in line]
    return {key.strip(): value.strip() for key, value in reversed(lines)}


def read_cases():
    root = os.environ.get("SBML_TEST_SUITE", "")
    inner = os.path.join(root, "cases")
    folder = inner if os.path.isdir(inner) else root
    if not os.path.isdir(folder):
        return None
    ids = sorted(id for id in os.listdir(folder) if os.path.isfile(os.path.join(folder, id, f"{id}-tags.txt")))
    return [Case(folder, id) for id in ids
            if pairs(os.path.join(folder, id, f"{id}-tags.txt")).get("testType") == "TimeCourse"]


def measured(name, cases, tolerances):
    """`{id: (passed, load, simulate)}` as `cost` gives them; a crash or an endless case counts as not passed."""
    found, at = {}, 0
    while at < len(cases):
        context = multiprocessing.get_context("fork")
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(there, name, cases[at:], tolerances))
        process.start()
        there.close()
        try:
            while at < len(cases) and here.poll(PATIENCE):
                found[cases[at].id] = here.recv()
                at += 1
                print(f"\r\033[K{name}: {at} of {len(cases)}", end="", file=sys.stderr, flush=True)
            lost = at < len(cases)
        except EOFError:
            lost = True
        if lost:
            found[cases[at].id] = (False, None, None)
            at += 1
        process.kill()
        process.join()
    return found


def work(pipe, name, cases, tolerances):
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    prepare = {"libRoadRunner": with_roadrunner, "COPASI": with_copasi}[name]
    attempt(prepare, cases[0], tolerances)
    for case in cases:
        pipe.send(attempt(prepare, case, tolerances))


def attempt(prepare, case, tolerances):
    """Whether a case passes, and its costs."""
    try:
        begin = now()
        simulate = prepare(case, tolerances)
        middle = now()
        table = simulate()
        end = now()
        return case.passes(table), cost(begin, middle), cost(middle, end)
    except Exception:
        return False, None, None


def now():
    return time.perf_counter(), time.process_time()


def cost(begin, end):
    """Time on the wall and of the processor, ms."""
    return {"wall": (end[0] - begin[0]) * 1e3, "processor": (end[1] - begin[1]) * 1e3}


def with_roadrunner(case, tolerances):
    runner = runners.load_roadrunner(case.model)
    integrator = runner.getIntegrator()
    integrator.setValue("relative_tolerance", tolerances[0])
    integrator.setValue("absolute_tolerance", tolerances[1])
    runner.timeCourseSelections = [f"[{id}]" if id in case.concentrations else id for id in case.variables]
    return lambda: numpy.array(runner.simulate(case.start, case.start + case.duration, case.steps + 1))


def with_copasi(case, tolerances):
    loaded = runners.load_copasi(case.model)
    run = runners.copasi_run(loaded, case.variables, case.duration, case.steps, *tolerances, case.concentrations)

    def simulate():
        table = run()
        remove(loaded)
        return table
    return simulate


def remove(loaded):
    import COPASI
    COPASI.CRootContainer.removeDatamodel(loaded)


def ladder(cases):
    """How many cases each peer passes at which tolerance, and the processor time that takes."""
    rows = []
    for name in TOLERANCES:
        for tolerances in LADDER:
            found = measured(name, cases, tolerances)
            passed = [id for id, entry in found.items() if entry[0]]
            times = [f"{seconds(found, passed, part, 'processor'):.1f}" for part in (1, 2)]
            rows.append((name, *tolerances, len(passed), *times))
    agreement.table(("program", "relative", "absolute", "passed", "load, s", "simulate, s"), rows)
    return 0


def seconds(found, ids, part, clock):
    """Sum over cases of one part, 1 to load and 2 to simulate."""
    return sum(found[id][part][clock] for id in ids) / 1e3


def report(results, n_cases):
    names = list(results)
    passed = {name: {id for id, entry in results[name].items() if entry[0]} for name in names}
    everyone = sorted(set.intersection(*passed.values()))
    print(f"\nLoad {', '.join(f'{load:.1f}' for load in os.getloadavg())}.")
    head = ("passed", "load, s", "simulate, s", "together, s", "load, processor s", "simulate", "together")
    rows = [(name, f"{len(passed[name])} of {n_cases}", *costs(results[name], passed[name])) for name in names]
    agreement.table(("over the cases that each passes", *head), rows)
    rows = [(name, len(everyone), *costs(results[name], everyone)) for name in names]
    agreement.table(("over the cases that all pass", *head), rows)
    for name in names[1:]:
        shared = sorted(passed["insilin"] & passed[name])
        ratio = together(results[name], shared) / together(results["insilin"], shared)
        print(f"\nOver the {len(shared)} cases that {name} and insilin pass, it takes {ratio:.1f} times our processor time.")
    faster = min(together(results[name], everyone) for name in names[1:])
    ratio = faster / together(results["insilin"], everyone)
    print(f"\nOver the cases that all pass, the faster of them takes {ratio:.1f} times our processor time (goal: {GOAL}).")
    return 0 if ratio >= GOAL else 1


def costs(found, ids):
    sums = [seconds(found, ids, part, clock) for clock in ("wall", "processor") for part in (1, 2)]
    return [f"{value:.2f}" for value in (sums[0], sums[1], sums[0] + sums[1], sums[2], sums[3], sums[2] + sums[3])]


def together(found, ids):
    return seconds(found, ids, 1, "processor") + seconds(found, ids, 2, "processor")


if __name__ == "__main__":
    sys.exit(main())
