"""One simulation by each program: columns over evenly spaced times, or why there are none.

Each function takes an SBML file (`insilin` an Antimony file, too), ids, the end of the run and the number of intervals,
and gives `{id: values}`; times are `end * i / intervals`. A species' column is its amount, a compartment's its size, a
reaction's its rate. `Refused` carries what the program said.

* insilin: `insilin sbml-test`, which integrates at a relative tolerance of 1e-9
* libRoadRunner, CVODE, and COPASI, LSODA: at the first of `TOLERANCES`, relative and absolute, that gets them through
"""

import multiprocessing
import os
import resource
import signal
import subprocess
import tempfile
import time

import numpy

TOLERANCES = ((1e-11, 1e-20), (1e-11, 1e-15), (1e-10, 1e-12))
MOST_STEPS = 200_000
PATIENCE = 20  # seconds of processor time: the machine may be busy


class Refused(Exception):
    """The program gives no numbers; its message says why."""


def insilin(binary, model, ids, end, intervals):
    """Columns by `insilin sbml-test`."""
    with tempfile.TemporaryDirectory() as folder:
        settings, out = os.path.join(folder, "settings.txt"), os.path.join(folder, "out.csv")
        with open(settings, "w") as file:
            names = ", ".join(ids)
            file.write(f"start: 0\nduration: {end!r}\nsteps: {intervals}\nvariables: {names}\namount: {names}\n"
                       "concentration:\nabsolute: 0\nrelative: 0\n")
        command = [binary, "sbml-test", model, settings, "-o", out]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=20 * PATIENCE)
        except subprocess.TimeoutExpired as late:
            raise Refused("no end") from late
        if ended.returncode != 0:
            raise Refused(f"exit code {ended.returncode}: {diagnosed(ended.stderr)}")
        return read_table(out, ids)


def diagnosed(said):
    """What was found wrong, one line: the findings, without drawn source lines and without warnings."""
    lines = [line.strip() for line in said.splitlines()]
    wrong = [line for line in lines if line.startswith(("error", "unsupported"))]
    return "; ".join(dict.fromkeys(wrong)) or (lines[0] if lines else "nothing said")


def read_table(path, ids):
    with open(path) as file:
        next(file)
        rows = [[float(cell) for cell in line.split(",")] for line in file]
    table = numpy.array(rows)
    return {id: table[:, at + 1] for at, id in enumerate(ids)}


def roadrunner(model, ids, end, intervals, concentrations=()):
    """Columns by libRoadRunner; species in `concentrations` are no amounts."""
    return first_that_runs(roadrunner_at, model, ids, end, intervals, concentrations)


def copasi(model, ids, end, intervals, concentrations=()):
    """Columns by COPASI; species in `concentrations` are no amounts."""
    return first_that_runs(copasi_at, model, ids, end, intervals, concentrations)


def first_that_runs(runner, model, ids, end, intervals, concentrations):
    for tolerances in TOLERANCES:
        try:
            return isolated(runner, model, ids, end, intervals, concentrations, *tolerances)
        except Refused as refused:
            last = refused
    raise last


def roadrunner_at(model, ids, end, intervals, concentrations, rtol, atol):
    runner = load_roadrunner(model)
    integrator = runner.getIntegrator()
    integrator.setValue("relative_tolerance", rtol)
    integrator.setValue("absolute_tolerance", atol)
    integrator.setValue("maximum_num_steps", MOST_STEPS)
    runner.timeCourseSelections = ["time"] + [f"[{id}]" if id in concentrations else id for id in ids]
    table = numpy.array(runner.simulate(0, end, intervals + 1))
    if table.shape[0] != intervals + 1 or abs(table[-1, 0] - end) > 1e-9 * max(1, abs(end)):
        raise Refused(f"stops at {table[-1, 0]:g}")
    return {id: table[:, at + 1] for at, id in enumerate(ids)}


def load_roadrunner(model):
    import roadrunner as library
    library.Logger.disableLogging()
    return library.RoadRunner(model)


def copasi_at(model, ids, end, intervals, concentrations, rtol, atol):
    loaded = load_copasi(model)
    run = copasi_run(loaded, ids, end, intervals, rtol, atol, concentrations)
    table = run()
    return {id: table[:, at] for at, id in enumerate(ids)}


def load_copasi(model):
    import COPASI
    loaded = COPASI.CRootContainer.addDatamodel()
    try:
        done = loaded.importSBML(model)
    except Exception as failure:
        raise Refused(copasi_message() or str(failure)) from failure
    if not done:
        raise Refused(copasi_message() or "the import fails")
    return loaded


def copasi_message():
    """The first error among what COPASI has said, else the last of all; what was said is forgotten."""
    import COPASI
    blocks = COPASI.CCopasiMessage.getAllMessageText().split("\n>")
    COPASI.CCopasiMessage.clearDeque()
    errors = [block for block in blocks if block.lstrip(">").startswith(("ERROR", "EXCEPTION"))]
    text = (errors or blocks[-1:] or [""])[0]
    return " ".join(text.split("<", 1)[-1].split())


def copasi_run(loaded, ids, end, intervals, rtol, atol, concentrations=()):
    """A function that simulates a loaded model and gives its table, one column per id.

    Species are amounts, but for those in `concentrations`. The function's `milliseconds` is what its last run took without
    the table, which Python makes number by number; with `False` it makes none.
    """
    import COPASI
    model = loaded.getModel()
    model.compileIfNecessary()
    names, scales = [], []
    for id in ids:
        name, volume = copasi_object(model, id)
        volume = None if id in concentrations else volume
        names += [COPASI.CRegisteredCommonName(each) for each in (name, volume) if each is not None]
        scales.append(volume is not None)
    task = loaded.getTask("Time-Course")
    task.setMethodType(COPASI.CTaskEnum.Method_deterministic)
    problem, method = task.getProblem(), task.getMethod()
    problem.setDuration(end)
    problem.setStepNumber(intervals)
    problem.setOutputStartTime(0)
    problem.setTimeSeriesRequested(False)
    method.getParameter("Relative Tolerance").setDblValue(rtol)
    method.getParameter("Absolute Tolerance").setDblValue(atol)
    method.getParameter("Max Internal Steps").setUIntValue(MOST_STEPS)

    def run(with_table=True):
        # A handler keeps what it has seen: each run gets its own.
        handler = COPASI.CDataHandler()
        for name in names:
            handler.addDuringName(name)
        loaded.addInterface(handler)
        begin = time.perf_counter()
        try:
            if not task.initializeRaw(COPASI.CCopasiTask.OUTPUT_UI) or not task.processRaw(True):
                raise Refused(copasi_message() or "the simulation fails")
            task.restore()
        finally:
            loaded.removeInterface(handler)
        run.milliseconds = (time.perf_counter() - begin) * 1e3
        return copasi_table(handler, scales, intervals) if with_table else None
    return run


def copasi_table(handler, scales, intervals):
    """One column per id: concentrations times volumes where `scales` says so."""
    raw = numpy.array([list(handler.getNthRow(at)) for at in range(handler.getNumRowsDuring())])
    if raw.shape[0] != intervals + 1:
        raise Refused(f"{raw.shape[0]} rows instead of {intervals + 1}")
    columns, at = [], 0
    for scaled in scales:
        columns.append(raw[:, at] * raw[:, at + 1] if scaled else raw[:, at])
        at += 2 if scaled else 1
    return numpy.array(columns).T.reshape(raw.shape[0], len(scales))


def copasi_object(model, id):
    """Common names of what holds an id's value: for species the concentration, and the volume that it is of."""
    for things in (model.getMetabolites(), model.getCompartments(), model.getModelValues(), model.getReactions()):
        for thing in (things.get(at) for at in range(things.size())):
            if thing.getSBMLId() == id:
                return copasi_names(thing)
    raise Refused(f"nothing has the id {id}")


def copasi_names(thing):
    if hasattr(thing, "getConcentrationReference"):
        return thing.getConcentrationReference().getCN(), thing.getCompartment().getValueReference().getCN()
    reference = thing.getFluxReference() if hasattr(thing, "getFluxReference") else thing.getValueReference()
    return reference.getCN(), None


def isolated(function, *arguments, patience=PATIENCE):
    """The result of a call in a process of its own: crashes and endless runs become refusals."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=answer, args=(there, function, arguments, patience))
    process.start()
    there.close()
    try:
        done, value = here.recv()
    except EOFError:
        process.join()
        late = process.exitcode == -signal.SIGXCPU
        raise Refused(f"no end within {patience} s" if late else f"crashes with {process.exitcode}") from None
    finally:
        process.kill()
        process.join()
    if not done:
        raise Refused(value)
    return value


def answer(pipe, function, arguments, patience):
    resource.setrlimit(resource.RLIMIT_CPU, (patience, patience + 5))
    # The libraries write to the standard streams of the process on their own.
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    try:
        pipe.send((True, function(*arguments)))
    except Exception as failure:
        pipe.send((False, one_line(str(failure) or type(failure).__name__)))


def one_line(text, most=240):
    line = " ".join(text.split())
    return line if len(line) <= most else line[:most - 1] + "…"
