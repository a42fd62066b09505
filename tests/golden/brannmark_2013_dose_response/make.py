"""python3 make.py: writes table.csv and ec50.csv beside itself."""
import pathlib
import sys
from scipy.optimize import brentq

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "equations"))
import common as c
import brannmark_2013 as m

DOSES = [0, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 100]  # nmol/L
OBSERVABLES = ["mTORC1_a", "GLUT4_pm", *m.OBSERVABLES]


def after(cell, nM, times):
    cell.insulin = nM
    rows = c.integrate(cell.rhs, cell.start, [0, *times], rtol=1e-9, atol=1e-12)[1:]
    return [[y[m.STATES.index("mTORC1_a")], y[m.STATES.index("GLUT4_pm")], *cell.observe(y)] for y in rows]


table, halves = [], []
for t2d, model in ((False, "brannmark_2013"), (True, "brannmark_2013_t2d")):
    cell = m.Cell(t2d)
    for nM in DOSES:
        for t, row in zip((10, 30), after(cell, nM, (10, 30))):
            table.append([model, nM, t, *row])
    low, high = after(cell, 0, [10])[0], after(cell, 100, [10])[0]
    for i, name in enumerate(OBSERVABLES):
        half = brentq(lambda x: after(cell, 10**x, [10])[0][i] - (low[i] + high[i]) / 2, -3, 1.9, xtol=1e-7)
        halves.append([model, name, 10**half])
c.write(HERE / "table.csv", ["model", "insulin_nM", "time_min", *OBSERVABLES], table)
c.write(HERE / "ec50.csv", ["model", "observable", "ec50_nM"], halves)
