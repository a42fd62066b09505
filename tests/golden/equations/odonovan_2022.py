"""O'Donovan et al. 2022 (MODEL2212300001), written from the published equations, symbols as there.

The window of the integral term is here the chain of three stages that the model uses, and, for the comparison that
ORIGIN.md quotes, the delay of the publication by the method of steps.
"""
import numpy as np
from scipy.integrate import solve_ivp

STATES = ["M_gut", "G", "G_lag1", "G_lag2", "G_lag3", "I", "I_remote", "I_fat1", "I_fat2", "I_fat3", "NEFA", "TG_lymph1",
          "TG_lymph2", "TG_lymph3", "TG", "t_glucose", "t_fat"]
START = 0.01


class Person:
    BW, Gb, Ib, TG0, NEFA0 = 84.2, 5.0, 18.0, 1.3, 0.33
    k1, k2, k3, k4, k5, k6, k7, k8 = 0.0105, 0.28, 0.00607, 0.000235, 0.0424, 2.2975, 1.15, 7.27
    k9, k10, sigma, KM, EGPb = 0.0383, 0.284, 1.4, 13.2, 0.043
    spill, k11, ATL, KATL, k12, tauLPL = 30.0, 0.00045, 0.215, 0.0385, 0.0713, 208.88
    k13, k14, k15, k16 = 0.0088, 0.0163, 1e-5, 0.0119
    fG, fTG, VG, VTG, taui, taud, Gth, c1, window = 0.005551, 0.00113, 0.242857, 0.06, 31.0, 3.0, 9.0, 0.1, 30.0

    def __init__(self, DG=0.0, DTG=0.0):
        self.DG, self.DTG = DG, DTG

    def initial(self):
        Gb, Ib = self.Gb, self.Ib
        return np.array([0, Gb, Gb, Gb, Gb, Ib, 0, Ib, Ib, Ib, self.NEFA0, 0, 0, 0, self.TG0, START, START], float)

    def emptying(self, k, t, D):
        s = self.sigma
        return s * k**s * t**(s - 1) * np.exp(-(k * t)**s) * D

    def flows(self, y):
        MG, G, Id1 = y[0], y[1], y[6]
        Gliv = self.EGPb - self.k4 * Id1 - self.k3 * (G - self.Gb)
        Ggut = self.k2 * self.fG / (self.VG * self.BW) * MG
        Uii = self.EGPb * (self.KM + self.Gb) / self.Gb * G / (self.KM + G)
        Uid = self.k5 * Id1 * G / (self.KM + G)
        Uren = self.c1 / (self.VG * self.BW) * (G - self.Gth) if G > self.Gth else 0.0
        return Gliv, Ggut, Uii, Uid, Uren

    def observables(self, y):
        Gliv, Ggut, Uii, Uid, _ = self.flows(y)
        per_kg = self.VG / self.fG
        return dict(Ra=Ggut * per_kg, EGP=Gliv * per_kg, Rd=(Uii + Uid) * per_kg, I_plasma=6.9444 * y[5])

    def rhs(self, t, y, leaving=None, integral=None):
        MG, G, L1, L2, L3, I, Id1, Id2, Id3, Id4, NEFA, T1, T2, T3, TG, tG, tTG = y
        third = self.window / 3
        integral = third * (L1 + L2 + L3 - 3 * self.Gb) if integral is None else integral
        Gliv, Ggut, Uii, Uid, Uren = self.flows(y)
        dG = Gliv + Ggut - Uii - Uid - Uren
        Ipnc = self.k6 * (G - self.Gb) + self.k7 / self.taui * (integral + self.Gb) + self.k8 * self.taud * dG
        LPL = self.k11 * TG * Id4
        chain = 3 / self.tauLPL
        # The clocks stand still while less than 1e-6 mg is in the stomach.
        clocks = [1.0 if D * np.exp(-(k * t)**self.sigma) > 1e-6 else 0.0 for k, t, D in ((self.k1, tG, self.DG), (self.k13, tTG, self.DTG))]
        return np.array([self.emptying(self.k1, tG, self.DG) - self.k2 * MG, dG, (G - L1) / third, (L1 - L2) / third, (L2 - L3) / third,
                         Ipnc - self.k7 * self.Gb / (self.taui * self.Ib) * I - self.k9 * (I - self.Ib),
                         self.k9 * (I - self.Ib) - self.k10 * Id1,
                         chain * (I - Id2), chain * (Id2 - Id3), chain * (Id3 - Id4),
                         3 * self.spill / 100 * (self.Ib / Id2) * LPL + self.ATL / (1 + self.KATL * Id2**2) - self.k12 * NEFA,
                         self.emptying(self.k13, tTG, self.DTG) - self.k14 * T1, self.k14 * (T1 - T2), self.k14 * (T2 - T3),
                         self.k16 - self.k15 * (Id4 - self.Ib) + self.k14 * self.fTG / (self.VTG * self.BW) * T3 - LPL, *clocks])


def delayed(person, end):
    """The same with the window as published, Gint' = G(t) - G(t - 30), by the method of steps; one more state, Gint."""
    past, y, out = [], np.append(person.initial(), 0.0), []
    for n in range(int(end / person.window)):
        a, b = n * person.window, (n + 1) * person.window

        def before(t):
            return past[-1](t - person.window)[1] if past else person.Gb

        def f(t, z):
            return np.append(person.rhs(t, z[:-1], integral=z[-1]), z[1] - before(t))

        r = solve_ivp(f, (a, b), y, method="Radau", rtol=1e-9, atol=1e-11, dense_output=True)
        past.append(r.sol)
        y = r.y[:, -1]
        out.append(r.sol)
    return lambda t: out[min(int(t // person.window), len(out) - 1)](t)


def make(folder):
    """75 g of glucose and 60 g of fat at time 0; prints what ORIGIN.md and the head of the model quote."""
    import common as c
    p = Person(75000.0, 60000.0)
    times = np.unique(np.concatenate([np.arange(0, 20, 1.0), np.arange(20, 120, 5.0), np.arange(120, 481, 10.0)]))
    # The clock of emptying grows to 480: an absolute tolerance of 1e-12 is far below what any state needs.
    y = c.integrate(p.rhs, p.initial(), times, atol=1e-12)
    print("Radau - LSODA:", c.difference(y, c.integrate(p.rhs, p.initial(), times, atol=1e-12, method="LSODA")))
    fine = np.arange(0, 480.01, 0.1)
    z = c.integrate(p.rhs, p.initial(), fine, rtol=1e-10, atol=1e-11)
    for name, pick in (("G", np.argmax), ("I", np.argmax), ("NEFA", np.argmin), ("TG", np.argmax)):
        column = z[:, STATES.index(name)]
        print(name, pick.__name__, column[pick(column)], "at", fine[pick(column)])
    late = z[1000:, STATES.index("NEFA")]
    print("NEFA rebound", late.max(), "at", fine[1000 + late.argmax()])
    true = delayed(p, 480.0)
    window = np.array([true(t)[:-1] for t in np.arange(0, 480, 1.0)])
    chain = z[:4800:10]
    for name in ("G", "I", "NEFA", "TG"):
        k = STATES.index(name)
        print("chain - delay", name, np.abs(window[:, k] - chain[:, k]).max())
    rest = c.integrate(Person().rhs, p.initial(), np.array([0, 60.0, 480.0]))
    print("fasting TG at 0, 60, 480:", rest[:, STATES.index("TG")], "NEFA", rest[:, STATES.index("NEFA")], "G", rest[:, 1])
    names = ["Ra", "EGP", "Rd", "I_plasma"]
    c.write(folder / "trajectory.csv", ["time", *STATES, *names],
            [[t, *row, *[p.observables(row)[o] for o in names]] for t, row in zip(times, y)])
    points = []
    high = y[list(times).index(60)].copy()
    high[1] = 10.5
    for label, DG, DTG, state in (("fasting", 0.0, 0.0, p.initial()), ("meal_20_min", 75000.0, 60000.0, y[list(times).index(20)]),
                                  ("meal_240_min", 75000.0, 60000.0, y[list(times).index(240)]),
                                  ("above_renal_threshold", 75000.0, 60000.0, high)):
        state = c.round_state(state)
        q = Person(DG, DTG)
        points.append((label, dict(D_glucose=DG, D_fat=DTG), state, q.rhs(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
