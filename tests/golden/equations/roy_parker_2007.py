"""Roy, Parker 2007 (PMC2769581), written from the published equations, symbols as there.

u3 counts from rest, which is 8 % of VO2max. The steps of u3 are taken exactly: between them every right-hand side is
smooth but for the one instant at which the summed exercise passes its threshold, which is known in closed form.
"""
import numpy as np

STATES = ["VO2_active", "I", "X", "G", "G_production", "G_uptake", "I_removal", "G_glycogen", "work_done"]
REST = 8.0


class Person:
    W, Gb, Ib, VolG = 70.0, 80.0, 15.2, 117.0
    p1, p2, p3, p4, n = 0.035, 0.05, 2.8e-5, 0.098, 0.142
    a1, a2, a3, a4, a5, a6 = 0.00158, 0.056, 0.00195, 0.0485, 0.00125, 0.075
    k, T1 = 0.0108, 6.0

    def __init__(self):
        self.activity, self.glucose, self.insulin = 0.0, 0.0, 0.0  # % of VO2max, mg/kg/min, pmol/kg/min
        self.past_threshold = None  # None: told by A itself

    def initial(self):
        return np.array([0, self.Ib, 0, self.Gb, 0, 0, 0, 0, 0], float)

    def threshold(self):
        u3 = max(self.activity - REST, 0.0)
        return -1.1521 * u3**2 + 87.471 * u3

    def rhs(self, t, y):
        PV, I, X, G, Gprod, Gup, Ie, Ggly, A = y
        u3 = max(self.activity - REST, 0.0)
        u1 = self.Ib * self.n / self.p4 + self.insulin * self.W / 6.0
        past = A >= self.threshold() if self.past_threshold is None else self.past_threshold
        return np.array([-0.8 * PV + 0.8 * u3,
                         -self.n * I + self.p4 * u1 - Ie,
                         -self.p2 * X + self.p3 * (I - self.Ib),
                         -self.p1 * (G - self.Gb) - X * G + self.W / self.VolG * (Gprod - Ggly - Gup) + self.glucose * self.W / self.VolG,
                         self.a1 * PV - self.a2 * Gprod,
                         self.a3 * PV - self.a4 * Gup,
                         self.a5 * PV - self.a6 * Ie,
                         (self.k if past else 0.0) if u3 > 0 else -Ggly / self.T1,
                         u3 if u3 > 0 else -A / 0.001])


def make(folder):
    """One hour at 40 % above rest, one hour after it; prints what ORIGIN.md and the head of the model quote."""
    import common as c
    p = Person()
    times = np.unique(np.concatenate([np.arange(0, 10, 0.5), np.arange(10, 121, 2.5)]))
    p.activity = 48.0
    cross = p.threshold() / 40.0

    def bout(t):
        p.activity = 48.0 if t < 60 else 0.0
        p.past_threshold = t >= cross

    def run(method):
        return c.integrate(p.rhs, p.initial(), times, stops=[cross, 60.0], set_input=bout, method=method)

    y = run("Radau")
    print("threshold passed at", cross, "Radau - LSODA:", c.difference(y, run("LSODA")))
    c.write(folder / "trajectory.csv", ["time", *STATES], [[t, *row] for t, row in zip(times, y)])
    for u3 in (30.0, 40.0, 60.0):
        q = Person()
        q.activity = u3 + REST
        at = q.threshold() / u3

        def one(t):
            q.past_threshold = t >= at
        z = c.integrate(q.rhs, q.initial(), np.array([0, 60.0]), stops=[at], set_input=one)[-1]
        print("u3", u3, "falls from", at, dict(zip(STATES, z.round(4))))
    p.past_threshold = None
    points = []
    for label, inputs, state in (("rest", (0.0, 0.0, 0.0), p.initial()), ("start_48", (48.0, 0.0, 0.0), p.initial()),
                                 ("bout_50_min", (48.0, 0.0, 0.0), y[list(times).index(50)]),
                                 ("after_2_min_infusions", (0.0, 2.5, 1.2), y[list(times).index(62.5)]),
                                 ("above_76_percent", (90.0, 0.0, 0.0), y[list(times).index(10)])):
        p.activity, p.glucose, p.insulin = inputs
        state = c.round_state(state)
        held = dict(activity_aerobic=inputs[0], glucose_infusion=inputs[1], insulin_infusion=inputs[2])
        points.append((label, held, state, p.rhs(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
