"""python3 make.py: writes table.csv and ec50.csv beside itself."""
import pathlib
import sys
from scipy.optimize import brentq

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "equations"))
import common as c
import sedaghat_2002 as m

DOSES = [0, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]  # nmol/L
OBSERVABLES = ["IR_bound", "IR_pY", "IRS1_pY_total", "IRS1_pY_PI3K", "PIP3", "AKT_p", "PKCz_p", "GLUT4_pm"]


def observe(cell, y):
    v = dict(zip(cell.states, y))
    v["IR_pY"] = v["IR_pm_pY_ins2"] + v["IR_pm_pY_ins"]
    v["IR_bound"] = v["IR_pm_ins"] + v["IR_pY"]
    v["IRS1_pY_total"] = v["IRS1_pY"] + v["IRS1_pY_PI3K"]
    return [v[o] for o in OBSERVABLES]


def after(cell, nM, times):
    cell.insulin = nM * 1e-9
    start, f = cell.scaled()
    return [observe(cell, row) for row in c.integrate(f, start, [0, *times], rtol=1e-9, atol=1e-11)[1:]]


table, halves = [], []
for feedback, model in ((False, "sedaghat_2002"), (True, "sedaghat_2002_feedback")):
    cell = m.Cell(feedback)
    for nM in DOSES:
        for t, row in zip((15, 60), after(cell, nM, (15, 60))):
            table.append([model, nM, t, *row])
    low, high = after(cell, 0, [15])[0], after(cell, 100, [15])[0]
    for i, name in enumerate(OBSERVABLES):
        half = brentq(lambda x: after(cell, 10**x, [15])[0][i] - (low[i] + high[i]) / 2, -2.5, 1.9, xtol=1e-7)
        halves.append([model, name, 10**half])
c.write(HERE / "table.csv", ["model", "insulin_nM", "time_min", *OBSERVABLES], table)
c.write(HERE / "ec50.csv", ["model", "observable", "ec50_nM"], halves)
