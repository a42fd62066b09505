"""Karin, Raz, Tendler, Bar, Korem Kohanim, Milo, Alon 2020 (doi 10.15252/msb.20209510), written from the published equations.

All states are scaled by their own rates, as in the paper; time in days. MR(x) = 1/x, GR(x) = 1/(1 + (x/KGR)^n).
"""
import numpy as np
from scipy.optimize import brentq

STATES = ["CRH", "ACTH", "cortisol", "pituitary_mass", "adrenal_mass"]
HALF_LIVES = [4 / 1440, 20 / 1440, 80 / 1440, 20.0, 30.0]  # days: CRH, ACTH, cortisol, pituitary, adrenal
KGR, N = 4.0, 3.0
MEAN = 240.0  # nmol/L, plasma cortisol that is 1 at rest
ACUTE = 20.0  # drive of the hypothalamus added by a severe acute stressor
UNIT_INFUSION = 0.84  # ug/kg/min that adds as much cortisol as secretion at rest


class Axis:
    def __init__(self):
        self.load, self.acute, self.infusion = 1.0, 0.0, 0.0
        self.rates = np.log(2) / np.array(HALF_LIVES)
        # At rest CRH = ACTH = 1, so GR/x3 = 1, P GR = 1 and A = x3.
        self.rest = brentq(lambda x: x * (1 + (x / KGR)**N) - 1, 0.5, 1, xtol=1e-15, rtol=1e-15)

    def initial(self):
        return np.array([1.0, 1.0, self.rest, 1 / self.rest, self.rest])

    def rhs(self, t, y):
        x1, x2, x3, P, A = y
        u = self.load + ACUTE * self.acute
        GR = 1 / (1 + (x3 / KGR)**N)
        q = self.rates
        return np.array([q[0] * (u * GR / x3 - x1), q[1] * (x1 * P * GR - x2), q[2] * (x2 * A + self.infusion / UNIT_INFUSION - x3),
                         q[3] * P * (x1 - 1), q[4] * A * (x2 - 1)])

    def observables(self, y):
        return [MEAN * y[2] / self.rest]


def make(folder):
    """Sixty days of doubled load, then the usual one; prints the figures that ORIGIN.md and the tests quote."""
    import common as c
    axis = Axis()
    times = np.unique(np.concatenate([np.arange(0, 1, 0.05), np.arange(1, 60, 1.0), 60 + np.arange(0, 1, 0.05), np.arange(61, 201, 1.0)]).round(6))

    def load(t):
        axis.load = 2.0 if t < 60 else 1.0

    y = c.integrate(axis.rhs, axis.initial(), times, stops=[60], set_input=load)
    other = c.integrate(axis.rhs, axis.initial(), times, stops=[60], set_input=load, method="LSODA", rtol=1e-11)
    print("rest", repr(axis.rest), "Radau - LSODA:", c.difference(y, other))
    c.write(folder / "trajectory.csv", ["time", *STATES, "cortisol_plasma"], [[t, *row, *axis.observables(row)] for t, row in zip(times, y)])
    points = []
    for label, inputs, state in (("rest", (1, 0, 0), axis.initial()), ("load", (1.5, 0, 0), c.round_state(y[3])),
                                 ("stressor_and_infusion", (1, 0.8, 2), c.round_state(y[list(times).index(30)])),
                                 ("recovery", (1, 0, 0), c.round_state(y[list(times).index(90)]))):
        axis.load, axis.acute, axis.infusion = map(float, inputs)
        points.append((label, dict(stress_load=axis.load, stress_acute=axis.acute, cortisol_infusion=axis.infusion), state, axis.rhs(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
    for u, at in ((1.5, [0.5, 5, 30, 100, 400]), (2.0, [0.5, 5, 30, 100, 400])):
        axis.load, axis.acute, axis.infusion = u, 0, 0
        step = c.integrate(axis.rhs, axis.initial(), [0, *at])
        print("load", u, "cortisol", dict(zip(at, (step[1:, 2] / axis.rest).round(4))))
    at = [61, 75, 90, 120, 150]
    rows = [list(times).index(t) for t in at]
    print("recovery", dict(zip(at, (y[rows, 2] / axis.rest).round(4))), "ACTH", dict(zip(at, y[rows, 1].round(4))))
    axis.load = 1.0

    def stressor(t):
        axis.acute = 1.0 if t < 15 / 1440 else 0.0

    fine = np.arange(0, 181) / 1440
    acute = c.integrate(axis.rhs, axis.initial(), fine, stops=[15 / 1440], set_input=stressor)[:, 2] / axis.rest
    print("15 min of a severe stressor: cortisol", acute.max(), "at", acute.argmax(), "min; 90 min", acute[90])
    axis.acute, axis.infusion = 0.0, 2.0
    print("24 h of 2 ug/kg/min: cortisol", c.integrate(axis.rhs, axis.initial(), [0, 1])[1, 2] / axis.rest, "wanted", 37 / 14)
