"""Plasma cortisol over the day, written from its description: a cosine rise and fall between nadir and peak, and what adds to it.

Time in minutes after the start of the run, cortisol in nmol/L. The curve of a usual day is known in closed form; secretion is
what makes first-order clearance follow it.
"""
import numpy as np

STATES = ["cortisol", "stress_drive", "sleep_lost", "sleep_seen"]
UG_PER_DL = 27.59  # nmol/L
NADIR, PEAK = 1.9 * UG_PER_DL, 15.5 * UG_PER_DL
T_NADIR, T_PEAK = 18.0, 512.0  # minutes after midnight: 00:18 and 08:32
KE = np.log(2) / 66
DAY = 1440.0
BED, WAKE, EVENING, LATE = 23 * 60.0, 7 * 60.0, 18 * 60.0, 23 * 60.0
STRESS_MAX, CEILING, TAU_STRESS = 30.0, 900.0, 10.0
DEBT_MAX, DEBT_HALF, TAU_DEBT = 1.09, 48.0, DAY
SEEN = 1.0
VOLUME, MOLAR = 0.83, 0.36246  # L/kg, ug/nmol


class Day:
    def __init__(self, clock_hour=0.0):
        self.clock_hour, self.stress, self.infusion, self.asleep, self.quality = clock_hour, 0.0, 0.0, 0.0, 1.0

    def clock(self, t):
        return (60 * self.clock_hour + t) % DAY

    def usual(self, t):
        """Cortisol of a usual day and its slope per minute."""
        x = (self.clock(t) - T_NADIR) % DAY
        up, down = T_PEAK - T_NADIR, DAY - (T_PEAK - T_NADIR)
        if x < up:
            return (NADIR + (PEAK - NADIR) * (1 - np.cos(np.pi * x / up)) / 2, (PEAK - NADIR) * np.pi / 2 / up * np.sin(np.pi * x / up))
        x -= up
        return (NADIR + (PEAK - NADIR) * (1 + np.cos(np.pi * x / down)) / 2, -(PEAK - NADIR) * np.pi / 2 / down * np.sin(np.pi * x / down))

    def initial(self):
        return np.array([self.usual(0.0)[0], 0.0, 0.0, 0.0])

    def rhs(self, t, y):
        cortisol, drive, lost, seen = y
        clock = self.clock(t)
        usual, slope = self.usual(t)
        secretion = max(slope + KE * usual, 0.0)
        debt = max(lost, 0.0)
        if EVENING <= clock < LATE:
            secretion *= 1 + DEBT_MAX * debt / (debt + DEBT_HALF)
        secretion += STRESS_MAX * drive * max(1 - cortisol / CEILING, 0.0)
        night = 1.0 if clock >= BED or clock < WAKE else 0.0
        return np.array([secretion + self.infusion / (VOLUME * MOLAR) - KE * cortisol, (self.stress - drive) / TAU_STRESS,
                         seen * (night - self.asleep * self.quality) - lost / TAU_DEBT, SEEN * self.asleep * (1 - seen)])


# Where the right-hand side jumps within a day, by the clock.
JUMPS = [BED, WAKE, EVENING, LATE, T_NADIR, T_PEAK]


def run(day, times, holds=(), start=None):
    """`holds`: (what, value, from, to). States at the times; restarts at every edge and jump."""
    import common as c
    edges = {e for _, _, a, b in holds for e in (a, b)}
    for k in range(int(times[-1] // DAY) + 2):
        edges |= {k * DAY + j - 60 * day.clock_hour for j in JUMPS}

    def hold(t):
        for what, value, a, b in holds:
            rest = 1.0 if what == "quality" else 0.0
            if t >= a:
                setattr(day, what, value if t < b else rest)
        for what, value, a, b in holds:
            if a <= t < b:
                setattr(day, what, value)

    # The side of an edge matters: stages may not look across it.
    def rhs(a, b):
        return lambda t, y: day.rhs(min(max(t, a + 1e-9 * (b - a)), b - 1e-9 * (b - a)), y)

    from scipy.integrate import solve_ivp
    y, rows, stops = day.initial() if start is None else start, {}, sorted(e for e in edges if times[0] < e < times[-1])
    rows[times[0]] = y
    stops = [times[0], *stops, times[-1]]
    for a, b in zip(stops[:-1], stops[1:]):
        hold(a)
        inside = [t for t in times if a < t <= b]
        grid = sorted(set(inside) | {b})
        r = solve_ivp(day.rhs_of(a, b) if hasattr(day, "rhs_of") else rhs(a, b), (a, b), y, method="DOP853", t_eval=grid, rtol=1e-11, atol=1e-11)
        assert r.success, r.message
        rows.update({t: v for t, v in zip(r.t, r.y.T)})
        y = r.y[:, -1]
    return np.array([rows[t] for t in times])
