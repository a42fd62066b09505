"""Ha, Satin, Sherman 2016 (doi 10.1210/en.2015-1564), human set, written from the published equations.

Days, mg/dL, uU/mL, mg. Two logistic steps far from their middle overflow harmlessly in double precision.
"""
import numpy as np

STATES = ["G", "I", "beta_mass", "gamma_shift", "sigma", "SI"]
START = np.array([99.7664, 9.025, 1000.423, -0.00666, 536.67, 0.8])
OBSERVABLES = ["I_plasma", "ISR", "proliferation", "apoptosis"]


def hill(x, half, n):
    return x**n / (half**n + x**n)


class Body:
    target, rate, R0 = 0.18, 0.00756, 864.0

    def parts(self, y):
        G, I, b, gamma, sigma, SI = y
        M = hill(G, 150, 2)
        ISR = sigma * hill(M + gamma, 1.2, 2)
        return M, ISR, 4.55 * hill(ISR, 41.77, 4), 9 * hill(M, 0.44, 6) + 0.8

    def rhs(self, t, y):
        G, I, b, gamma, sigma, SI = y
        M, ISR, P, A = self.parts(y)
        M_low = hill(G - 75, 150, 2)
        ISR_low = sigma * hill(M_low + gamma, 1.2, 2)
        gain = 600 / (1 + np.exp(-(ISR_low - 0.1) / 0.1))
        share = 1 - 1 / (1 + 0.2 * np.exp(-(M_low - 0.2) / 0.02))
        return np.array([self.R0 - (1.44 + SI * I) * G, b * ISR / 5 - 700 * I, (P - A) * b / 8570,
                         (0.2 / (1 + np.exp(-(G - 99.9))) - 0.1 - gamma) / 2.14, (share * gain + 3 - sigma) / 249.9,
                         self.rate * (self.target - SI)])

    def observables(self, y):
        _, ISR, P, A = self.parts(y)
        return [6 * y[1], ISR, P, A]


def make(folder):
    import common as c
    body = Body()
    times = np.unique(np.concatenate([np.arange(0, 2, 0.1), np.arange(2, 1100, 20.0), np.arange(1100, 1120, 1.0), np.arange(1120, 1801, 20.0)]).round(6))

    def rescue(at, target, rate):
        def set_input(t):
            body.target, body.rate = (target, rate) if t >= at else (0.18, 0.00756)
        return set_input

    early = rescue(1100, 0.468, 0.014)
    y = c.integrate(body.rhs, START, times, stops=[1100], set_input=early)
    print("Radau - LSODA:", c.difference(y, c.integrate(body.rhs, START, times, stops=[1100], set_input=early, method="LSODA")))
    c.write(folder / "trajectory.csv", ["time", *STATES, *OBSERVABLES], [[t, *row, *body.observables(row)] for t, row in zip(times, y)])
    points = []
    for label, inputs, state in (("start", (0.18, 0.00756, 864), START), ("ill", (0.18, 0.00756, 864), c.round_state(y[list(times).index(1102)])),
                                 ("rescued", (0.468, 0.014, 864), c.round_state(y[list(times).index(1400)])),
                                 ("surgery", (0.18, 0.00756, 340), np.array([160.0, 12.0, 930.0, 0.1, 400.0, 0.19]))):
        body.target, body.rate, body.R0 = map(float, inputs)
        points.append((label, dict(SI_target=body.target, SI_rate=body.rate, R0=body.R0), state, body.rhs(0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
    body.R0 = 864.0
    end = 1799.986
    for at, target, rate in ((1100, 0.468, 0.014), (1400, 0.468, 0.014), (300, 0.245, 0.028)):
        print("raised at", at, c.integrate(body.rhs, START, [0, end], stops=[at], set_input=rescue(at, target, rate))[-1])
    print("left alone", c.integrate(body.rhs, START, [0, 180, 365, 730, 1100, 1400], set_input=rescue(1e9, 0, 0))[:, 0])
