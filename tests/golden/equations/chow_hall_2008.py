"""Chow, Hall 2008 (doi 10.1371/journal.pcbi.1000045), written from the published equations. Days, kg, MJ."""
import numpy as np

STATES = ["fat_mass", "lean_mass"]
OBSERVABLES = ["body_mass", "expenditure"]


class Body:
    intake, met = 9.2, 1.0

    def expenditure(self, y):
        F, L = y
        return 0.14 * L + 0.05 * F + 1.55 + 0.100416 * (self.met - 1) * (F + L)

    def rhs(self, t, y):
        F, L = y
        p = 1 / (1 + 39.5 / 7.6 * F / 10.4)
        psi = 0.05 * (F - 0.4 * np.exp(L / 10.4)) / F
        imbalance = self.intake - self.expenditure(y)
        return np.array([((1 - p) * imbalance - psi) / 39.5, (p * imbalance + psi) / 7.6])


def make(folder):
    """The experiment of the public encoding: 9.2 MJ/d, and 10 kg of fat taken out at day 100."""
    import common as c
    body, start = Body(), np.array([50.0, 50.0])
    before, after = np.arange(0, 100, 5.0), np.arange(100, 2001, 20.0)

    def both(method):
        first = c.integrate(body.rhs, start, [*before, 100.0], method=method)
        second = c.integrate(body.rhs, first[-1] - [10, 0], after, method=method)
        return np.vstack([first[:-1], second])

    times, y = np.concatenate([before, after]), both("Radau")
    print("Radau - LSODA:", c.difference(y, both("LSODA")), "day 2000:", y[-1], y[-1].sum())
    c.write(folder / "trajectory.csv", ["time", *STATES, *OBSERVABLES], [[t, *row, row.sum(), body.expenditure(row)] for t, row in zip(times, y)])
    points = []
    for label, inputs, state in (("start", (9.2, 1), [50.0, 50.0]), ("balance", (11.05, 1), [50.0, 50.0]), ("walking", (9.2, 3.5), [25.0, 45.0]),
                                 ("lean", (14, 1), [8.0, 60.0])):
        body.intake, body.met = map(float, inputs)
        points.append((label, dict(diet_energy=body.intake, activity_met=body.met), np.array(state), body.rhs(0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
