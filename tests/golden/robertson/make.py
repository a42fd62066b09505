"""python3 make.py: writes derivatives.csv and trajectory.csv beside itself (Robertson's stiff kinetics, k in 1/s)."""
import pathlib
import sys
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "equations"))
import common as c


def rhs(t, y):
    a, b, d = y
    slow, back, fast = 0.04 * a, 1e4 * b * d, 3e7 * b * b
    return np.array([-slow + back, slow - back - fast, fast])


start = np.array([1.0, 0.0, 0.0])
times = np.concatenate([[0.0], np.logspace(-5, 4, 46).round(9)])
times = np.unique(np.append(times, [0.4, 4, 40, 400, 4000, 10000]))
y = c.integrate(rhs, start, times, atol=1e-17)
print("Radau - LSODA:", c.difference(y, c.integrate(rhs, start, times, atol=1e-17, method="LSODA")))
print("at 40 s:", y[list(times).index(40)], "sum - 1:", np.abs(y.sum(axis=1) - 1).max())
c.write(HERE / "trajectory.csv", ["time", "y1", "y2", "y3"], [[t, *row] for t, row in zip(times, y)])
late = c.round_state(y[list(times).index(40)])
c.write_derivatives(HERE / "derivatives.csv", ["y1", "y2", "y3"], [("start", {}, start, rhs(0, start)), ("after_40_s", {}, late, rhs(0, late))])
