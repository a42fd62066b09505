"""Bergman, Ider, Bowden, Cobelli 1979 (Am J Physiol 236:E667-E677), the minimal model of glucose disappearance, symbols as there.

Minutes, mg/dL, pmol/L. X is p3/p2 = SI times remote insulin above basal.
"""
import numpy as np

STATES = ["G_plasma", "X_insulin", "I_plasma"]
P1, P2, P3, VG, GB, IB = 0.02, 0.03, 0.03 * 1.0e-4, 1.7, 90.0, 60.0
# Rise of insulin per minute and glucose infusion (mg/kg/min), from a minute on.
DONE = [(0, 60.0, 0.0), (5, -12.0, 0.0), (25, 0.0, 0.0), (60, 0.0, 2.0), (120, -0.5, 0.0)]


def rhs(t, y, slope, infusion):
    G, X, I = y
    return np.array([-(P1 + X) * G + P1 * GB + infusion / VG, -P2 * X + P3 * (I - IB), slope])


def make(folder):
    """300 mg/kg of glucose at once, then what DONE says."""
    import common as c
    times = np.unique(np.concatenate([np.arange(0, 30, 1.0), np.arange(30, 181, 5.0)]))
    start = np.array([GB + 300 / VG, 0.0, IB])
    now = [0.0, 0.0]

    def set_input(t):
        now[:] = [row for row in DONE if t >= row[0]][-1][1:]

    def f(t, y):
        return rhs(t, y, *now)

    stops = [row[0] for row in DONE[1:]]
    y = c.integrate(f, start, times, stops=stops, set_input=set_input)
    other = c.integrate(f, start, times, stops=stops, set_input=set_input, method="DOP853")
    print("Radau - DOP853:", c.difference(y, other), "180 min:", y[-1])
    c.write(folder / "trajectory.csv", ["time", *STATES], [[t, *row] for t, row in zip(times, y)])
    points = []
    for label, slope, infusion, state in (("start", 60.0, 0.0, c.round_state(start)), ("after_20_min", -12.0, 0.0, c.round_state(y[20])),
                                          ("infusion", 0.0, 2.0, c.round_state(y[list(times).index(90)]))):
        points.append((label, dict(insulin_slope=slope, glucose_infusion=infusion), state, rhs(0, state, slope, infusion)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
