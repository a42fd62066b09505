"""Dalla Man, Rizza, Cobelli 2007 (doi 10.1109/TBME.2007.893506), written from the published equations, symbols as there."""
import numpy as np
from scipy.optimize import brentq

NORMAL = dict(BW=78, VG=1.88, k1=.065, k2=.079, VI=.05, m1=.190, m2=.484, m4=.194, m5=.0304, m6=.6471, HEb=.6,
              kmax=.0558, kmin=.0080, kabs=.057, kgri=.0558, f=.90, b=.82, d=.010, kp1=2.70, kp2=.0021, kp3=.009,
              kp4=.0618, ki=.0079, Fcns=1., Vm0=2.50, Vmx=.047, Km0=225.59, p2U=.0331, K=2.30, alpha=.050, beta=.11,
              gamma=.5, ke1=.0005, ke2=339.)
T2D = dict(BW=91, VG=1.49, k1=.042, k2=.071, VI=.04, m1=.379, m2=.673, m4=.269, m5=.0526, m6=.8118, HEb=.6,
           kmax=.0465, kmin=.0076, kabs=.023, kgri=.0465, f=.90, b=.68, d=.09, kp1=3.09, kp2=.0007, kp3=.005,
           kp4=.0786, ki=.0066, Fcns=1., Vm0=4.65, Vmx=.034, Km0=466.21, p2U=.0840, K=.99, alpha=.013, beta=.05,
           gamma=.5, ke1=.0007, ke2=269.)
WIDTH = 1e-4  # mg/dL/min, of the smooth positive part
STATES = ["G_mass_plasma", "G_mass_tissue", "I_mass_liver", "I_mass_plasma", "I_delay", "I_delayed", "X_insulin",
          "I_mass_portal", "Y_secretion", "Q_sto1", "Q_sto2", "Q_gut"]
OBSERVABLES = ["G_plasma", "I_plasma", "EGP", "Ra", "Uid", "U_total", "E_renal", "S_insulin"]


class Subject:
    """One subject. `basal` solves the fasting state by root finding, so that no closed form is trusted."""

    def __init__(self, parameters, dose=78000., width=WIDTH):
        self.p, self.dose, self.width = parameters, dose, width
        self.glucose_infusion = self.insulin_infusion = 0.0
        self.basal()

    def basal(self):
        p = self.p
        self.Sb = (p["m6"] - p["HEb"]) / p["m5"]
        # Il' = 0 and Ip' = 0 at HE = HEb, S = Sb: two linear equations.
        m3 = p["HEb"] * p["m1"] / (1 - p["HEb"])
        matrix = np.array([[-(p["m1"] + m3), p["m2"]], [p["m1"], -(p["m2"] + p["m4"])]])
        self.Il, self.Ip = np.linalg.solve(matrix, [-self.Sb, 0.0])
        self.Ib, self.Ipo = self.Ip / p["VI"], self.Sb / p["gamma"]

        def tissue(Gp):
            return brentq(lambda Gt: p["k1"] * Gp - p["k2"] * Gt - p["Vm0"] * Gt / (p["Km0"] + Gt), 0, 1e5, xtol=1e-13, rtol=1e-15)

        def balance(Gp):
            EGP = p["kp1"] - p["kp2"] * Gp - p["kp3"] * self.Ib - p["kp4"] * self.Ipo
            return EGP - p["Fcns"] - p["k1"] * Gp + p["k2"] * tissue(Gp)

        self.Gp = brentq(balance, 1, 1000, xtol=1e-13, rtol=1e-15)
        self.Gt = tissue(self.Gp)
        self.Gb = self.Gp / p["VG"]

    def initial(self):
        return np.array([self.Gp, self.Gt, self.Il, self.Ip, self.Ib, self.Ib, 0, self.Ipo, 0, 0, 0, 0])

    def flows(self, y):
        p = self.p
        Gp, Gt, Il, Ip, I1, Id, X, Ipo, Y, q1, q2, qg = y
        return dict(G_plasma=Gp / p["VG"], I_plasma=Ip / p["VI"],
                    EGP=max(p["kp1"] - p["kp2"] * Gp - p["kp3"] * Id - p["kp4"] * Ipo, 0.0),
                    Ra=p["f"] * p["kabs"] * qg / p["BW"],
                    Uid=(p["Vm0"] + p["Vmx"] * X) * Gt / (p["Km0"] + Gt),
                    U_total=p["Fcns"] + (p["Vm0"] + p["Vmx"] * X) * Gt / (p["Km0"] + Gt),
                    E_renal=p["ke1"] * (Gp - p["ke2"]) if Gp > p["ke2"] else 0.0,
                    S_insulin=p["gamma"] * Ipo)

    def rhs(self, t, y):
        p, v = self.p, self.flows(y)
        Gp, Gt, Il, Ip, I1, Id, X, Ipo, Y, q1, q2, qg = y
        HE = max(p["m6"] - p["m5"] * v["S_insulin"], 0.0)
        m3 = HE * p["m1"] / (1 - HE)
        dGp = v["EGP"] + v["Ra"] + self.glucose_infusion - p["Fcns"] - v["E_renal"] - p["k1"] * Gp + p["k2"] * Gt
        slope = dGp / p["VG"]
        rise = max(slope, 0.0) if self.width == 0 else (slope + np.sqrt(slope**2 + self.width**2) - self.width) / 2
        excess = p["beta"] * (v["G_plasma"] - self.Gb)
        dY = -p["alpha"] * (Y - excess) if excess >= -self.Sb else -p["alpha"] * (Y + self.Sb)
        D, stomach = self.dose, q1 + q2
        a, c = 5 / (2 * D * (1 - p["b"])), 5 / (2 * D * p["d"])
        kempt = p["kmin"] + (p["kmax"] - p["kmin"]) / 2 * (np.tanh(a * (stomach - p["b"] * D)) - np.tanh(c * (stomach - p["d"] * D)) + 2)
        return np.array([dGp, -v["Uid"] + p["k1"] * Gp - p["k2"] * Gt,
                         -(p["m1"] + m3) * Il + p["m2"] * Ip + v["S_insulin"],
                         -(p["m2"] + p["m4"]) * Ip + p["m1"] * Il + self.insulin_infusion,
                         -p["ki"] * (I1 - v["I_plasma"]), -p["ki"] * (Id - I1), -p["p2U"] * X + p["p2U"] * (v["I_plasma"] - self.Ib),
                         -p["gamma"] * Ipo + Y + p["K"] * rise + self.Sb, dY,
                         -p["kgri"] * q1, -kempt * q2 + p["kgri"] * q1, -p["kabs"] * qg + kempt * q2])


def make(parameters, folder):
    """Writes derivatives.csv and trajectory.csv of a 78 g meal and prints the checks that ORIGIN.md quotes."""
    import common as c
    s = Subject(parameters)
    times = np.arange(0, 421, 5.0)
    start = s.initial()
    start[STATES.index("Q_sto1")] = s.dose
    y = c.integrate(s.rhs, start, times, atol=1e-12)
    other = c.integrate(s.rhs, start, times, atol=1e-12, method="LSODA")
    sharp = Subject(parameters, width=0.0)
    print("Radau - LSODA:", c.difference(y, other))
    print("smooth - sharp positive part:", c.difference(y, c.integrate(sharp.rhs, start, times, rtol=1e-9, atol=1e-10)))
    fine = c.integrate(s.rhs, start, np.arange(0, 420.05, 0.1), atol=1e-12)
    for name in ("G_plasma", "I_plasma", "Ra"):
        curve = [s.flows(row)[name] for row in fine]
        print(name, "max", max(curve), "at", 0.1 * int(np.argmax(curve)))
    c.write(folder / "trajectory.csv", ["time", *STATES, *OBSERVABLES],
            [[t, *row, *[s.flows(row)[o] for o in OBSERVABLES]] for t, row in zip(times, y)])
    points = [("fasting", dict(Dose=78000., glucose_infusion=0., insulin_infusion=0.), s.initial())]
    points.append(("meal_40_min", points[0][1], c.round_state(y[8])))
    points.append(("meal_120_min_infusions", dict(Dose=78000., glucose_infusion=2.5, insulin_infusion=6.), c.round_state(y[24])))
    # Every clipped branch at once: no liver output, no hepatic extraction, static secretion at its floor.
    low = start.copy()
    low[[0, 1, 5, 7, 9]] = 80., 60., 400., 60., 50000.
    points.append(("clipped", dict(Dose=50000., glucose_infusion=0., insulin_infusion=0.), c.round_state(low)))
    rows = []
    for label, inputs, state in points:
        s.dose, s.glucose_infusion, s.insulin_infusion = inputs.values()
        rows.append((label, inputs, state, s.rhs(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, rows)
