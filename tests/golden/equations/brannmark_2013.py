"""Brannmark et al. 2013 (doi 10.1074/jbc.M112.432062), written as sums of the published reaction rates."""
import numpy as np

STATES = ["IR", "IR_ins", "IR_pY", "IR_in_pY", "IR_in", "IRS1", "IRS1_pY", "IRS1_pY_pS307", "IRS1_pS307", "X", "X_p", "PKB",
          "PKB_pT308", "PKB_pS473", "PKB_pT308_pS473", "mTORC1", "mTORC1_a", "mTORC2", "mTORC2_a", "AS160", "AS160_p",
          "GLUT4_in", "GLUT4_pm", "S6K", "S6K_p", "S6", "S6_p"]
# Start at rest, from the public encodings BIOMD0000000448 and BIOMD0000000449.
NORMAL = [99.8737104842408, 0, 0.00186253217635894, 0.0188430465801578, 0.105583925473107, 82.9671997523599,
          0.00119481841136737, 0.327454355438396, 16.7041510257561, 99.9983336594667, 0.00166634053318549, 68.1806649661901,
          13.2964849666951, 16.8171941560617, 1.70566051030056, 86.5002472240273, 13.4997527759726, 99.8478148461591,
          0.152185153840861, 83.8141018591099, 16.1858981408903, 73.476121253771, 26.523878746229, 99.2731987219547,
          0.72680127804522, 92.7596420796038, 7.24035792039603]
T2D = [49.9344643421136, 0, 0.000931221500588088, 0.011815001204792, 0.0527894351383809, 86.2418960059256,
       0.00095272377217019, 0.00891531075576947, 13.7482359094757, 99.9986712896423, 0.00132871035763352, 78.0219322115859,
       12.2197372437326, 9.6963389945784, 0.061992532897245, 96.927052256569, 3.07294774343092, 99.9045223943705,
       0.0954776056294795, 95.4699007486273, 4.53009925137289, 45.4119141649757, 4.5880858350243, 99.8296860066098,
       0.170313993390069, 98.2037625421647, 1.79623745783512]
OBSERVABLES = ["IR_pY_signal", "IRS1_pY_signal", "IRS1_pS307_signal", "PKB_pT308_signal", "PKB_pS473_signal",
               "AS160_p_signal", "S6K_p_signal", "S6_p_signal", "glucose_uptake"]


class Cell:
    def __init__(self, t2d):
        self.diabetes = 0.15 if t2d else 1.0
        self.start = np.array(T2D if t2d else NORMAL, float)
        self.insulin = 0.0  # nmol/L

    def rhs(self, t, y):
        (IR, IRins, IRp, IRip, IRi, IRS1, IRS1p, IRS1p307, IRS1307, X, Xp, PKB, P308, P473, P308473, mTORC1, mTORC1a, mTORC2,
         mTORC2a, AS160, AS160p, GLUT4, GLUT4m, S6K, S6Kp, S6, S6p) = y
        v1a, v1basal, v1c, v1d = IR * 0.6331 * self.insulin, 0.03683 * IR, IRins * 0.8768, IRp * 31.01
        v1e, v1g, v1r = IRip * 1840 * Xp, IRp * 1944, IRi * 0.5471
        v2a, v2b, v2c = IRS1 * 3.227 * IRip, IRS1p * 3424, IRS1p * 5759 * mTORC1a * self.diabetes
        v2d, v2f, v2basal, v2g = IRS1p307 * 280.8, IRS1p307 * 2.913, IRS1 * 0.04228, IRS1307 * 0.2671
        v3a, v3b = X * 0.001377 * IRS1p, Xp * 0.09876
        v4a, v4b, v4c = 5790 * PKB * IRS1p, 34.8 * P308, 4.456 * P308 * mTORC2a
        v4e, v4f, v4h = 42.84 * P473 * IRS1p307, 143.6 * P308473, 0.5361 * P473
        v5a, v5b = mTORC1 * (1.842 * P308473 + 0.05506 * P308), mTORC1a * 24.83
        v5c, v5d = mTORC2 * 0.08575 * IRip, 1.06 * mTORC2a
        v6f = AS160 * (2.652 * P308473 + 36.93 * P473**2.137 / (30.54**2.137 + P473**2.137))
        v6b, v7f, v7b = AS160p * 65.18, GLUT4 * 50.98 * AS160p, GLUT4m * 2286
        v9f1 = S6K * 0.1298 * mTORC1a**0.9855 / (5873**0.9855 + mTORC1a**0.9855)
        v9b1, v9f2, v9b2 = S6Kp * 0.04441, S6 * 3.329 * S6Kp, S6p * 31
        return np.array([
            -v1a - v1basal + v1g + v1r, v1a - v1c, v1basal + v1c - v1d - v1g, v1d - v1e, v1e - v1r,
            v2b - v2a - v2basal + v2g, v2a - v2b - v2c + v2d, v2c - v2d - v2f, v2f + v2basal - v2g,
            v3b - v3a, v3a - v3b,
            v4b + v4h - v4a, v4a - v4b - v4c, v4f - v4e - v4h, v4c + v4e - v4f,
            v5b - v5a, v5a - v5b, v5d - v5c, v5c - v5d,
            v6b - v6f, v6f - v6b, v7b - v7f, v7f - v7b, v9b1 - v9f1, v9f1 - v9b1, v9b2 - v9f2, v9f2 - v9b2])

    def observe(self, y):
        v = dict(zip(STATES, y))
        return [5.2022 * (v["IR_pY"] + v["IR_in_pY"]), 0.37615 * (v["IRS1_pY"] + v["IRS1_pY_pS307"]),
                0.058663 * (v["IRS1_pY_pS307"] + v["IRS1_pS307"]), 0.043564 * (v["PKB_pT308"] + v["PKB_pT308_pS473"]),
                0.012996 * (v["PKB_pS473"] + v["PKB_pT308_pS473"]), 0.026656 * v["AS160_p"], 0.74654 * v["S6K_p"],
                0.11494 * v["S6_p"], 724.2 * v["GLUT4_pm"] * 0.05 + 7042 * 0.05]


def make(t2d, folder):
    """Writes both files of 10 nmol/L from 0 to 30 min and prints what ORIGIN.md quotes."""
    import common as c
    cell = Cell(t2d)
    cell.insulin = 10.0
    times = np.unique(np.concatenate([[0, 0.02, 0.05], np.arange(0.1, 1, 0.1), np.arange(1, 5, 0.25), np.arange(5, 31, 1)]).round(6))
    y = c.integrate(cell.rhs, cell.start, times)
    print("Radau - LSODA:", c.difference(y, c.integrate(cell.rhs, cell.start, times, method="LSODA")))
    print("uptake at 0, 2, 30 min:", [float(cell.observe(y[list(times).index(t)])[-1]) for t in (0, 2, 30)])
    c.write(folder / "trajectory.csv", ["time", *STATES, *OBSERVABLES], [[t, *row, *cell.observe(row)] for t, row in zip(times, y)])
    points = []
    for label, nM, state in (("rest", 0.0, cell.start), ("start_10nM", 10.0, cell.start),
                             ("after_5_min", 10.0, c.round_state(y[list(times).index(5)]))):
        cell.insulin = nM
        points.append((label, dict(insulin=nM, glucose_2DG=0.05), state, cell.rhs(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
