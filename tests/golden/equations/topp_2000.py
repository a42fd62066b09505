"""Topp, Promislow, deVries, Miura, Finegood 2000 (doi 10.1006/jtbi.2000.2150), written from the published equations.

Days, mg/dL, uU/mL, mg.
"""
import numpy as np

STATES = ["G", "I", "beta_mass"]


class Body:
    SI = 0.72

    def rhs(self, t, y):
        G, I, b = y
        secretion = b * 43.2 * G**2 / (20000 + G**2)
        return np.array([864 - (1.44 + self.SI * I) * G, secretion - 432 * I, (-0.06 + 0.84e-3 * G - 0.24e-5 * G**2) * b])


def make(folder):
    import common as c
    body, times = Body(), np.unique(np.concatenate([np.arange(0, 5, 0.1), np.arange(5, 401, 5.0)]).round(6))
    start = np.array([250, 2.8, 37.0])
    y = c.integrate(body.rhs, start, times)
    print("Radau - LSODA:", c.difference(y, c.integrate(body.rhs, start, times, method="LSODA")), "day 400:", y[-1])
    c.write(folder / "trajectory.csv", ["time", *STATES, "I_plasma"], [[t, *row, 6 * row[1]] for t, row in zip(times, y)])
    points = []
    for label, SI, state in (("rest", 0.72, [100.0, 10.0, 300.0]), ("start", 0.72, start), ("resistant", 0.3, c.round_state(y[40])),
                             ("lost", 0.72, [600.0, 0.5, 2.0])):
        body.SI, state = SI, np.array(state)
        points.append((label, dict(SI=SI), state, body.rhs(0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
