"""Kubota et al. 2012 (doi 10.1016/j.molcel.2012.04.018), written from the published equations; insulin is held."""
import numpy as np

STATES = ["IR_pro", "IR", "IR_ins", "IR_ins_pS", "IR_pS", "AKT", "AKT_p", "mTOR", "mTOR_p", "X", "X_p", "S6K", "S6K_p",
          "GSK3b", "GSK3b_p", "FOXO1", "FOXO1_p", "G6Pase_mRNA"]


class Cell:
    insulin = 0.0  # nmol/L

    def initial(self):
        return np.array([46.22225, 46.22225, 0, 0, 0, 4.33812, 0, 0.09592, 0, 14.99133, 0, 2.77699, 0, 10.56415, 0, 0.43571, 0,
                         38.54029])

    def rhs(self, t, y):
        proIR, IR, p1, p1p2, p2, AKT, pAKT, mTOR, pmTOR, X, pX, S6K, pS6K, GSK, pGSK, FOX, pFOX, G6Pase = y
        ins = self.insulin
        synthesis = 0.0478 * proIR - 0.0478 * IR
        bind = 7.78161 * IR * ins - 1.61148 * p1
        bind2 = 0.36303 * ins * p2 - 0.40813 * p1p2
        p1_to_p1p2 = 4e-5 * p1 * pmTOR - 0.28443 * p1p2
        IR_to_p2 = 9.93311 * IR * pmTOR - 1e-5 * p2
        akt = 0.0092 * p1 * AKT - 7.70619 * pAKT
        mtor = 0.41968 * mTOR * pAKT - 0.12433 * pmTOR
        x = 0.00105 * pmTOR * X - 0.00146 * pX
        s6k = 0.00752 * pmTOR * S6K - 1.95498 * pX * pS6K
        gsk = 2.97538 * pAKT * GSK - 0.9246 * pGSK
        fox = 4.59698 * pAKT * FOX - 0.15172 * pFOX
        return np.array([-synthesis, synthesis - bind - IR_to_p2, bind - 0.00792 * p1 - p1_to_p1p2,
                         p1_to_p1p2 - 0.0949 * p1p2 + bind2, IR_to_p2 - 1e-5 * p2 - bind2,
                         -akt, akt, -mtor, mtor, -x, x, -s6k, s6k, -gsk, gsk, -fox, fox, 4.86146 * FOX - 0.05496 * G6Pase])


def make(folder):
    """10 nmol/L of insulin for 2 h, then 2 h without; prints what ORIGIN.md and the head of the model quote."""
    import common as c
    cell = Cell()
    times = np.unique(np.concatenate([np.arange(0, 5, 0.25), np.arange(5, 60, 2.5), np.arange(60, 125, 5), np.arange(120, 130, 1.0),
                                      np.arange(130, 241, 10.0)]))

    def insulin(t):
        cell.insulin = 10.0 if t < 120 else 0.0

    def run(method):
        return c.integrate(cell.rhs, cell.initial(), times, stops=[120.0], set_input=insulin, method=method)

    y = run("Radau")
    print("Radau - LSODA:", c.difference(y, run("LSODA")))
    c.write(folder / "trajectory.csv", ["time", *STATES], [[t, *row] for t, row in zip(times, y)])
    grid = np.arange(0, 481, 1.0)
    for dose in (0.01, 0.1, 1.0, 10.0, 100.0):
        cell.insulin = dose
        z = c.integrate(cell.rhs, cell.initial(), grid, rtol=1e-10, atol=1e-12)
        s6k = z[:, STATES.index("S6K_p")]
        print(dose, "G6Pase at 60, 480:", z[60, -1], z[480, -1], "S6K_p max", s6k.max(), "at", grid[s6k.argmax()], "240:", s6k[240])
    cell.insulin = 0.0
    print("without insulin:", np.abs(cell.rhs(0.0, cell.initial())).max())
    points = []
    for label, nM, state in (("rest", 0.0, cell.initial()), ("start_10nM", 10.0, cell.initial()),
                             ("after_30_min", 10.0, y[list(times).index(30)]), ("washout_10_min", 0.0, y[list(times).index(130)])):
        cell.insulin = nM
        state = c.round_state(state)
        points.append((label, dict(insulin=nM), state, cell.rhs(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
