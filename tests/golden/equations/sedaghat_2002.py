"""Sedaghat, Sherman, Quon 2002 (doi 10.1152/ajpendo.00571.2001), written from the published equations.

Symbols and units as in the paper (mol/L and percent); only the files are converted to percent throughout, where
1 pmol/L is 100 %. k9 uses the difference k9stim - k9basal. The feedback model takes three stages for the delay.
"""
import numpy as np

SYMBOLS = ["x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18",
           "x19", "x20", "x21"]
STATES = ["IR_pm", "IR_pm_ins", "IR_pm_pY_ins2", "IR_pm_pY_ins", "IR_in", "IR_in_pY_ins2", "IR_in_pY_ins", "IRS1",
          "IRS1_pY", "PI3K", "IRS1_pY_PI3K", "PIP3", "PIP2", "PI34P2", "AKT", "AKT_p", "PKCz", "PKCz_p", "GLUT4_in",
          "GLUT4_pm"]
FEEDBACK_STATES = ["IRS1_pS", "PKCz_p_stage1", "PKCz_p_stage2", "PKCz_p_delayed"]
MOLAR = 11  # the first eleven states are in mol/L
TO_PERCENT = 1e14  # 1e-12 mol/L is 100 %


class Cell:
    def __init__(self, feedback):
        self.feedback, self.insulin = feedback, 0.0  # insulin in mol/L
        self.states = STATES + (FEEDBACK_STATES if feedback else [])
        self.to_percent = np.ones(len(self.states))
        self.to_percent[:MOLAR] = TO_PERCENT
        if feedback:
            self.to_percent[len(STATES)] = TO_PERCENT

    def initial(self):
        y = [9e-13, 0, 0, 0, 1e-13, 0, 0, 1e-12, 0, 1e-13, 0, 0.31, 99.4, 0.29, 100, 0, 100, 0, 96, 4]
        return np.array(y + ([0.0] * 4 if self.feedback else []), float)

    def scaled(self):
        """Starting point and right-hand side in percent, on which an absolute tolerance means something."""
        s = self.to_percent
        return self.initial() * s, lambda t, z: self.rhs(t, z / s) * s

    def rhs(self, t, y):
        x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15, x16, x17, x18, x19, x20, x21 = y[:20]
        x1 = self.insulin
        k1 = k2 = 6e7
        km1 = km3 = 0.2
        km2, k3, km4 = 100 * km1, 2500.0, 0.003
        k4, k4p, km4p, km5, k6 = km4 / 9, 2.1e-3, 2.1e-4, 1.67e-18, 0.461
        IRp, k7 = 8.97e-13, 4.16
        km7, km8 = 2.5 / 7.45 * k7, 10.0
        k8 = km8 * 5 / 70.775 * 1e12
        k9stim = 1.39
        km9 = 94 / 3.1 * k9stim
        k9basal = 0.31 / 99.4 * km9
        km10 = 2.77
        k10 = 3.1 / 2.9 * km10
        km11 = km12 = 10 * np.log(2)
        km13 = 0.167
        k13 = 4 / 96 * km13
        km14 = 0.001155
        k14, APequil = 96 * km14, 100 / 11
        PTP = 1.0
        if self.feedback:
            PTP = 1 - 0.25 * x17 / APequil if x17 <= 400 / 11 else 0.0
        # Strictly above the limit in the paper; the start lies on it and leaves it upwards at once.
        k5 = (10 if (x6 + x7 + x8) * 1e13 > 1 - 1e-12 else 60) * km5
        k9 = (k9stim - k9basal) * x12 / 5e-15 + k9basal
        k11 = 0.1 * km11 * (x13 - 0.31) / (3.10 - 0.31)
        k12 = 0.1 * km12 * (x13 - 0.31) / (3.10 - 0.31)
        k13p = (40 / 60 - 4 / 96) * km13 * (0.2 * x17 + 0.8 * x19) / APequil
        d = [km1 * x3 + km3 * PTP * x5 - k1 * x1 * x2 + km4 * x6 - k4 * x2,
             k1 * x1 * x2 - km1 * x3 - k3 * x3,
             k2 * x1 * x5 - km2 * x4 + km4p * x7 - k4p * x4,
             k3 * x3 + km2 * x4 - k2 * x1 * x5 - km3 * PTP * x5 + km4p * x8 - k4p * x5,
             k5 - km5 * x6 + k6 * PTP * (x7 + x8) + k4 * x2 - km4 * x6,
             k4p * x4 - km4p * x7 - k6 * PTP * x7,
             k4p * x5 - km4p * x8 - k6 * PTP * x8,
             km7 * PTP * x10 - k7 * x9 * (x4 + x5) / IRp,
             k7 * x9 * (x4 + x5) / IRp + km8 * x12 - (km7 * PTP + k8 * x11) * x10,
             km8 * x12 - k8 * x10 * x11,
             k8 * x10 * x11 - km8 * x12,
             k9 * x14 + k10 * x15 - (km9 + km10) * x13,
             km9 * x13 - k9 * x14,
             km10 * x13 - k10 * x15,
             km11 * x17 - k11 * x16, k11 * x16 - km11 * x17,
             km12 * x19 - k12 * x18, k12 * x18 - km12 * x19,
             km13 * x21 - (k13 + k13p) * x20 + k14 - km14 * x20,
             (k13 + k13p) * x20 - km13 * x21]
        if self.feedback:
            x10a, z1, z2, z3 = y[20:]
            k7p = np.log(2) / 2
            a = 2.5 / 7.45 * 3.70e-13
            km7p = k7p * a / (6.27e-13 - a)
            PKC = 20 * z3**4 / (12**4 + z3**4)
            serine = k7p * PKC * x9 - km7p * x10a
            d[7] -= serine
            d += [serine, 2 * (x19 - z1), 2 * (z1 - z2), 2 * (z2 - z3)]
        return np.array(d)


def make(feedback, folder):
    """Writes both files of 100 nmol/L from 0 to 15 min, then none, and prints what ORIGIN.md quotes."""
    import common as c
    cell = Cell(feedback)
    start, f = cell.scaled()
    times = np.unique(np.concatenate([np.arange(0, 2, 0.1), np.arange(2, 10, 0.5), np.arange(10, 15, 1), np.arange(15, 20, 0.5),
                                      np.arange(20, 61, 2.0)]).round(6))

    def insulin(t):
        cell.insulin = 1e-7 if t < 15 else 0.0

    y = c.integrate(f, start, times, stops=[15], set_input=insulin)
    print("Radau - LSODA:", c.difference(y, c.integrate(f, start, times, stops=[15], set_input=insulin, method="LSODA")))
    print("GLUT4_pm at 1, 5, 15, 30, 60 min:", [float(y[list(times).index(t), cell.states.index("GLUT4_pm")]) for t in (1, 5, 15, 30, 60)])
    c.write(folder / "trajectory.csv", ["time", *cell.states], [[t, *row] for t, row in zip(times, y)])
    points = []
    for label, nM, state in (("rest", 0.0, start), ("start_100nM", 100.0, start), ("after_5_min", 100.0, y[list(times).index(5)]),
                             ("washout_20_min", 0.0, y[list(times).index(20)])):
        cell.insulin = nM * 1e-9
        state = c.round_state(state)
        points.append((label, dict(insulin=nM), state, f(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", cell.states, points)
