"""Phillips, Robinson 2007 (J Biol Rhythms 22:167), constants of 2008 (J Theor Biol 255:413), written from the published equations.

Hours, millivolts, nmol/L. `phase` is the time since the peak of the circadian drive. Keeping awake or asleep fixes what
the voltage of the monoaminergic group is drawn to.
"""
import numpy as np

STATES = ["V_v", "V_m", "H"]
PEAK = 16.25  # clock hour of the circadian peak


def firing(V):
    return 100.0 / (1 + np.exp(-(V - 10.0) / 3.0))


class Brain:
    vvm, vmv, A, vvc, vvh, mu, chi, c0, tau = -2.1, -1.8, 1.3, -2.9, 1.0, 4.4, 45.0, 4.5, 10 / 3600
    awake, asleep = 1.0, -15.0  # mV, when kept

    def __init__(self, clock=0.0):
        self.clock, self.sleep_asleep, self.wake_kept = clock, 0.0, 0.0

    def drive(self, t, H):
        return self.vvc * (self.c0 + np.cos(2 * np.pi * (t + self.clock - PEAK) / 24)) + self.vvh * H

    def rhs(self, t, y):
        Vv, Vm, H = y
        Qv, Qm = firing(Vv), firing(Vm)
        target = self.asleep if self.sleep_asleep > 0.5 else self.awake if self.wake_kept > 0.5 else self.A + self.vmv * Qv
        return np.array([(self.vvm * Qm + self.drive(t, H) - Vv) / self.tau, (target - Vm) / self.tau, (self.mu * Qm - H) / self.chi])

    def orbit(self):
        """The state at clock time 0 on the daily cycle."""
        from scipy.optimize import brentq
        from scipy.integrate import solve_ivp
        brain = Brain()
        y = np.array([3.0, -16.0, 14.5])
        for _ in range(60):
            y = solve_ivp(brain.rhs, (0, 24), y, method="Radau", rtol=1e-10, atol=1e-12).y[:, -1]

        def off(H):
            z = solve_ivp(brain.rhs, (0, 24), [y[0], y[1], H], method="Radau", rtol=1e-12, atol=1e-13).y[:, -1]
            return z[2] - H
        H = brentq(off, y[2] - 0.01, y[2] + 0.01, xtol=1e-12)
        end = solve_ivp(brain.rhs, (0, 24), [y[0], y[1], H], method="Radau", rtol=1e-12, atol=1e-13).y[:, -1]
        return np.array([float(format(v, ".12g")) for v in end])


def nights(t, y):
    """Times at which the firing of the monoaminergic group crosses 1 /s, and the share of time below."""
    asleep = firing(y[:, 1]) < 1.0
    at = np.flatnonzero(np.diff(asleep.astype(int))) + 1
    return [(round(float(t[i]), 2), "sleep" if asleep[i] else "wake") for i in at], float(asleep.mean())


def make(folder):
    """Five days from midnight, kept awake from 39 to 71 h; prints what ORIGIN.md and the head of the model quote."""
    import common as c
    brain = Brain()
    start = brain.orbit()
    print("orbit at midnight:", dict(zip(STATES, start)))
    fine = np.arange(0, 240.001, 0.01)
    free = c.integrate(brain.rhs, start, fine, rtol=1e-10, atol=1e-12)
    print("free:", nights(fine[:4800], free[:4800])[0], "hours asleep in ten days", 240 * nights(fine, free)[1],
          "H", free[:, 2].min(), free[:, 2].max(), "Vm", free[:, 1].min(), free[:, 1].max())
    before = Brain(clock=PEAK)
    z = c.integrate(before.rhs, np.array([-12.5, 0.0, 15.0]), fine, rtol=1e-10, atol=1e-12)
    print("published start, day 4 on:", 24 * nights(fine[9600:12000], z[9600:12000])[1], "h asleep")

    def kept(t):
        brain.wake_kept = 1.0 if 39 <= t < 71 else 0.0

    def run(times, method="Radau", rtol=1e-11):
        return c.integrate(brain.rhs, start, times, stops=[39.0, 71.0], set_input=kept, method=method, rtol=rtol, atol=1e-13)

    grid = np.arange(0, 120.001, 0.01)
    turns, _ = nights(grid, run(grid, rtol=1e-9))
    print("kept awake:", turns)
    # On the hour, but for the minutes in which the brain turns over: there a shift by a second is a millivolt.
    times = np.array([t for t in np.arange(0, 121, 1.0) if all(abs(t - at) > 0.4 for at, _ in turns)])
    y = run(times)
    print("rows", len(times), "Radau - LSODA:", c.difference(y, run(times, "LSODA")))
    names = ["drive", "Q_m"]
    c.write(folder / "trajectory.csv", ["time", *STATES, *names],
            [[t, *row, brain.drive(t, row[2]), firing(row[1])] for t, row in zip(times, y)])
    points = []
    for label, clock, asleep, awake, state in (("midnight", 0.0, 0.0, 0.0, start), ("published_start", PEAK, 0.0, 0.0, np.array([-12.5, 0.0, 15.0])),
                                               ("kept_awake", 23.0, 0.0, 1.0, y[list(times).index(60)]),
                                               ("put_to_sleep", 12.0, 1.0, 0.0, y[list(times).index(10)])):
        state = c.round_state(state)
        q = Brain(clock)
        q.sleep_asleep, q.wake_kept = asleep, awake
        points.append((label, dict(clock_hour=clock, sleep_asleep=asleep, wake_kept=awake), state, q.rhs(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
