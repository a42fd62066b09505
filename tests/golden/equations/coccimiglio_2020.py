"""Coccimiglio, Clarke 2020 (doi 10.1371/journal.pcbi.1008079), written from the published equations, numbers of reactions as there.

Millimolar and seconds. Phosphorylated forms gain what the others lose.
"""
import numpy as np

STATES = ["ATP", "ADP", "AMP", "PCr", "AMPK", "AMPK_ATP", "AMPK_ADP", "AMPK_AMP", "AMPK_p", "AMPK_p_ATP", "AMPK_p_ADP", "AMPK_p_AMP"]


class Muscle:
    kGly, VforAK, KeqAK, kmt, kmd, kmm = 0.5, 14.66, 2.221, 0.27, 0.35, 0.32
    Vox, Kadp, nox = 0.5, 0.058, 2.568
    VforCK, Kb, Kia, Kib, Kiq, Kp, KeqCK, TCr = 100.0, 1.11, 0.135, 3.9, 3.5, 3.8, 177.0, 39.0
    rest, per_percent = 0.0015, 2.4e-4  # 1/s: use of ATP at rest, and its rise per % of VO2max

    def __init__(self, hydrolysis=0.0015, activity=0.0):
        self.hydrolysis, self.activity = hydrolysis, activity

    def published(self):
        return np.array([7.66, 0.0568, 4.44e-4, 22.1] + [0.075] * 8)

    def resting(self):
        """What the published start settles to at rest: the same totals."""
        from scipy.integrate import solve_ivp
        m = Muscle(self.rest, 0.0)
        y = solve_ivp(m.rhs, (0, 1e7), self.published(), method="Radau", rtol=1e-11, atol=1e-15).y[:, -1]
        return np.array([float(format(v, ".12g")) for v in y])

    def rhs(self, t, y):
        ATP, ADP, AMP, PCr, A, AT, AD, AM, P, PT, PD, PM = y
        r6, r7, r8 = 1.0 * ATP * A - 0.22 * AT, 1.5 * ADP * A - 0.00225 * AD, 1.5 * AMP * A - 0.00375 * AM
        r9, r10, r11 = 1.0 * ATP * P - 0.4 * PT, 1.5 * ADP * P - 0.00225 * PD, 1.0 * AMP * P - 0.00375 * PM
        r12, r14, r16, r18 = [V * s / (1.4 + s) for V, s in ((0.005, A), (0.005, AT), (0.0075, AD), (0.02, AM))]
        r13, r15, r17, r19 = [V * s / (0.067 + s) for V, s in ((0.01, P), (0.01, PT), (0.0001, PD), (0.0001, PM))]
        Jgly = self.kGly * ADP
        Jhyd = (self.hydrolysis + self.per_percent * self.activity) * ATP
        q = (ADP / self.Kadp)**self.nox
        Jox = self.Vox * q / (1 + q)
        tm = self.kmt * self.kmm
        den = 1 + ATP / self.kmt + AMP / self.kmm + ATP * AMP / tm + 2 * ADP / self.kmd + ADP**2 / self.kmd**2
        VrevAK = self.VforAK * self.kmd**2 / (self.KeqAK * tm)
        JAK = (self.VforAK * ATP * AMP / tm - VrevAK * ADP**2 / self.kmd**2) / den  # towards ADP
        Cr = self.TCr - PCr
        ab, qp = self.Kia * self.Kb, self.Kiq * self.Kp
        den = 1 + ADP / self.Kia + PCr / self.Kib + ATP / self.Kiq + ADP * PCr / ab + Cr * ATP / qp
        VrevCK = self.VforCK * qp / (self.KeqCK * ab)
        JCK = (VrevCK * ATP * Cr / qp - self.VforCK * ADP * PCr / ab) / den  # towards PCr
        return np.array([Jgly - JAK - Jhyd + Jox - JCK - r6 - r9,
                         -Jgly + 2 * JAK + Jhyd - Jox + JCK - r7 - r10,
                         -JAK - r8 - r11, JCK,
                         -r6 - r7 - r8 - r12 + r13, r6 - r14 + r15, r7 - r16 + r17, r8 - r18 + r19,
                         -r9 - r10 - r11 + r12 - r13, r9 + r14 - r15, r10 + r16 - r17, r11 + r18 - r19])


def share(y):
    return y[8:12].sum() / y[4:12].sum()


def make(folder):
    """One hour at 65 % of VO2max, two hours after it; prints what ORIGIN.md and the head of the model quote."""
    import common as c
    from scipy.integrate import solve_ivp
    m = Muscle()
    start = m.resting()
    print("resting state:", dict(zip(STATES, start)), "phosphorylated", share(start))
    print("totals: adenine", start[[0, 1, 2, 5, 6, 7, 9, 10, 11]].sum(), "AMPK", start[4:].sum(), "rates", np.abs(m.rhs(0, start)).max())
    for k in (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15):
        q = Muscle(k)
        z = solve_ivp(q.rhs, (0, 2e4), m.published(), method="Radau", rtol=1e-10, atol=1e-14).y[:, -1]
        print("hydrolysis", k, "PCr", z[3], "ADP", z[1], "share", share(z))
    # Minutes here, seconds in the table.
    times = np.unique(np.concatenate([np.arange(0, 5, 0.25), np.arange(5, 60, 2.5), np.arange(60, 65, 0.5), np.arange(65, 181, 5.0)]))

    def bout(t):
        m.activity = 65.0 if t < 60 else 0.0

    def run(method):
        return c.integrate(lambda t, y: 60 * m.rhs(60 * t, y), start, times, stops=[60.0], set_input=bout, method=method, atol=1e-15)

    y = run("Radau")
    print("Radau - LSODA:", c.difference(y, run("LSODA")))
    for t in (0, 60, 120, 180):
        row = y[list(times).index(t)]
        print("at", t, "PCr", row[3], "ADP", row[1], "AMP", row[2], "share", share(row))
    c.write(folder / "trajectory.csv", ["time", *STATES, "AMPK_p_share"], [[60 * t, *row, share(row)] for t, row in zip(times, y)])
    points = []
    for label, k, activity, state in (("published_start", 0.15, 0.0, m.published()), ("rest", 0.0015, 0.0, start),
                                      ("bout_10_min", 0.0015, 65.0, y[list(times).index(10)]),
                                      ("after_2_min", 0.0015, 0.0, y[list(times).index(62)])):
        state = c.round_state(state)
        q = Muscle(k, activity)
        points.append((label, dict(k_hydrolysis=k, activity_aerobic=activity), state, q.rhs(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
