"""Plasma cortisol over the day, written from its description: a cosine rise and fall between nadir and peak, and what adds to it.

Time in minutes after the start of the run, cortisol in nmol/L. The curve of a usual day is known in closed form; secretion is
what makes first-order clearance follow it.
"""
import numpy as np
from scipy.integrate import solve_ivp

STATES = ["cortisol", "stress_drive", "sleep_lost", "sleep_seen"]
UG_PER_DL = 27.59  # nmol/L
NADIR, PEAK = 52.421, 427.645  # 1.9 and 15.5 ug/dL
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


def run(day, times, holds=(), method="DOP853"):
    """`holds`: (what, value, from, to), rest otherwise. States at the times; restarts at every edge of a hold and every jump."""
    edges = {e for _, _, a, b in holds for e in (a, b)}
    for k in range(int(times[-1] // DAY) + 2):
        edges |= {k * DAY + j - 60 * day.clock_hour for j in JUMPS}
    # Every row is the end of an integration, because interpolation between steps holds fewer digits.
    stops = sorted({*times, *[e for e in edges if times[0] < e < times[-1]]})
    y, rows = day.initial(), {times[0]: day.initial()}
    for a, b in zip(stops[:-1], stops[1:]):
        for what in ("stress", "infusion", "asleep"):
            setattr(day, what, next((v for w, v, start, end in holds if w == what and start <= a < end), 0.0))
        day.quality = next((v for w, v, start, end in holds if w == "quality" and start <= a < end), 1.0)

        def inside(t, y):
            # The last stage may not look across the edge.
            return day.rhs(min(t, b - 1e-9 * (b - a)), y)

        r = solve_ivp(inside, (a, b), y, method=method, rtol=1e-11, atol=1e-11)
        assert r.success, r.message
        y = rows[b] = r.y[:, -1]
    return np.array([rows[t] for t in times])


# Three days from midnight: a usual night, a night from 04:00 to 08:00 of which the last hour is poor, a usual night; a stressor
# on the third afternoon, then an infusion.
DONE = [("asleep", 1.0, 0, 420), ("asleep", 1.0, 1680, 1920), ("quality", 0.5, 1860, 1920), ("asleep", 1.0, 2820, 3300),
        ("stress", 1.0, 3840, 3855), ("infusion", 2.0, 4020, 4200)]


def evening_mean(y, times, day):
    among = (times >= day * DAY + EVENING) & (times <= day * DAY + LATE)
    return np.trapezoid(y[among, 0], times[among]) / (LATE - EVENING)


def make(folder):
    import common as c
    times = np.arange(0, 3 * DAY + 1, 15.0)
    y = run(Day(), times, DONE)
    print("DOP853 - Radau:", c.difference(y, run(Day(), times, DONE, method="Radau")))
    c.write(folder / "trajectory.csv", ["time", *STATES, "usual"], [[t, *row, Day().usual(t)[0]] for t, row in zip(times, y)])
    points = []
    for label, clock, inputs, state in (("midnight", 0, (0, 0, 1, 0), Day().initial()), ("falling", 15, (1, 0, 1, 2), np.array([420.0, 0.5, 60.0, 1.0])),
                                        ("evening", 20, (0, 0, 1, 0), np.array([130.0, 0.1, 200.0, 1.0])),
                                        ("asleep", 5, (0, 1, 0.7, 0), np.array([950.0, 0.2, -30.0, 0.4]))):
        day = Day(float(clock))
        day.stress, day.asleep, day.quality, day.infusion = map(float, inputs)
        named = dict(clock_hour=day.clock_hour, stress_acute=day.stress, sleep_asleep=day.asleep, sleep_quality=day.quality, cortisol_infusion=day.infusion)
        points.append((label, named, state, day.rhs(0.0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
    fine = np.arange(0, 3 * DAY + 1, 5.0)
    usual = run(Day(), fine)
    print("mean", np.trapezoid(usual[:, 0], fine) / fine[-1], "evening", evening_mean(usual, fine, 1))
    nights = [("asleep", 1.0, 0, 420), ("asleep", 1.0, 2 * DAY - 60, 2 * DAY + 420)]
    short = run(Day(), fine, [*nights, ("asleep", 1.0, 1680, 1920)])
    none = run(Day(), fine, nights)
    for what, y in (("short", short), ("none", none)):
        print("evening after a night", what, evening_mean(y, fine, 1) / evening_mean(usual, fine, 1))
    minutes = np.arange(0, 301, 1.0)
    calm, stressed = run(Day(16.0), minutes), run(Day(16.0), minutes, [("stress", 1.0, 0, 15)])
    rise = stressed[:, 0] - calm[:, 0]
    print("15 min of a severe stressor at 16:00 add", rise.max(), "at", rise.argmax())
    hours = np.arange(0, DAY + 1, 60.0)
    print("24 h of 2 ug/kg/min add ug/dL", (run(Day(8.0), hours, [("infusion", 2.0, 0, DAY)])[-1, 0] - run(Day(8.0), hours)[-1, 0]) / UG_PER_DL)
