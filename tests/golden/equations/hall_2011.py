"""Hall and others 2011 (doi 10.1016/S0140-6736(11)60812-X), written from the equations of the web appendix. Days, kg, kJ.

Expenditure is found by root finding on the appendix' balance, so that no closed form is trusted.
"""
import numpy as np
from scipy.optimize import brentq

STATES = ["fat_mass", "lean_mass", "glycogen", "extracellular_fluid", "adaptation"]
OBSERVABLES = ["body_mass", "fat_free_mass", "expenditure"]
KCAL, MET, CHO = 4.184, 100.416, 16.736
RHO_G, RHO_F, RHO_L = 17600.0, 39500.0, 7600.0


class Body:
    def __init__(self, mass=100.0, height=1.78, age=45.0, male=1, PAL=1.5):
        self.mass, self.PAL_start = mass, PAL
        self.rmr = KCAL * (9.99 * mass + 625 * height - 4.92 * age + (5 if male else -161))
        self.EI0 = self.rmr * PAL
        slope, offset = (37.31, 103.94) if male else (39.96, 102.01)
        fat = mass * (0.14 * age + slope * np.log(mass / height**2) - offset) / 100
        self.ecf = 0.025 * age + 9.57 * height + 0.191 * mass - 12.4 if male else -4 + 5.98 * height + 0.167 * mass
        self.start = np.array([fat, mass - fat - self.ecf - 3.7 * 0.5, 0.5, self.ecf, 0.0])
        self.kG = 0.5 * self.EI0 / 0.5**2
        self.inputs()
        # K makes the start a balance.
        self.K = 0.0
        self.K = self.EI0 - self.upkeep(self.start)

    def inputs(self, energy=None, carbohydrate=None, sodium=4000.0, PAL=None, met=1.0):
        self.energy = self.EI0 if energy is None else energy
        self.CI = 0.5 * self.energy if carbohydrate is None else CHO * carbohydrate
        self.sodium, self.PAL, self.met = sodium, self.PAL_start if PAL is None else PAL, met

    def weight(self, y):
        return y[0] + y[1] + y[3] + 3.7 * y[2]

    def upkeep(self, y):
        delta = (0.9 * self.PAL - 1) * self.rmr / self.mass + MET * (self.met - 1)
        return self.K + 13 * y[0] + 92 * y[1] + delta * self.weight(y) + 0.1 * (self.energy - self.EI0) + y[4]

    def tissue(self, y, expenditure):
        """dF/dt and dL/dt at an expenditure."""
        C = 10.4 * RHO_L / RHO_F
        p = C / (C + y[0])
        left = self.energy - expenditure - (self.CI - self.kG * y[2]**2)
        return (1 - p) * left / RHO_F, p * left / RHO_L

    def expenditure(self, y):
        def excess(E):
            dF, dL = self.tissue(y, E)
            return self.upkeep(y) + 750 * dF + 960 * dL - E
        return brentq(excess, -1e6, 1e6, xtol=1e-9, rtol=1e-14)

    def rhs(self, t, y):
        dF, dL = self.tissue(y, self.expenditure(y))
        dECF = (self.sodium - 4000 - 3000 * (y[3] - self.ecf) - 4000 * (1 - self.CI / (0.5 * self.EI0))) / 3220
        return np.array([dF, dL, (self.CI - self.kG * y[2]**2) / RHO_G, dECF, (0.14 * (self.energy - self.EI0) - y[4]) / 14])

    def observables(self, y):
        return [self.weight(y), self.weight(y) - y[0], self.expenditure(y)]


# What is done: from a day on.
DONE = [(0, {}), (30, dict(energy=7700.0)), (200, dict(energy=7700.0, carbohydrate=60.0, sodium=2300.0)),
        (300, dict(energy=7700.0, carbohydrate=60.0, sodium=2300.0, PAL=1.7)), (400, dict(energy=11000.0, PAL=1.7)),
        (500, dict(energy=11000.0, PAL=1.7, met=6.0)), (500.0625, dict(energy=11000.0, PAL=1.7))]


def make(folder):
    import common as c
    body = Body()
    times = np.unique(np.concatenate([np.arange(0, 30, 10.0), np.arange(30, 40, 1.0), np.arange(40, 200, 10.0), np.arange(200, 210, 1.0),
                                      np.arange(210, 500, 10.0), np.arange(500, 500.1, 0.015625), np.arange(505, 731, 15.0)]).round(6))

    def set_input(t):
        body.inputs(**[inputs for at, inputs in DONE if t >= at][-1])

    stops = [at for at, _ in DONE[1:]]
    y = c.integrate(body.rhs, body.start, times, stops=stops, set_input=set_input, atol=1e-11)
    other = c.integrate(body.rhs, body.start, times, stops=stops, set_input=set_input, atol=1e-11, method="LSODA")
    print("Radau - LSODA:", c.difference(y, other), "start", body.EI0, body.start)
    rows = []
    for t, row in zip(times, y):
        set_input(t)
        rows.append([t, *row, *body.observables(row)])
    c.write(folder / "trajectory.csv", ["time", *STATES, *OBSERVABLES], rows)
    points = []
    for label, inputs, state in (("start", {}, body.start), ("deficit", dict(energy=7700.0), c.round_state(y[list(times).index(35)])),
                                 ("low_carbohydrate", dict(energy=7700.0, carbohydrate=60.0, sodium=2300.0), c.round_state(y[list(times).index(203)])),
                                 ("running", dict(energy=11000.0, PAL=1.7, met=9.8), c.round_state(y[-1]))):
        body.inputs(**inputs)
        named = dict(diet_energy=body.energy, diet_carbohydrate=inputs.get("carbohydrate", -1.0), diet_sodium=body.sodium, PAL=body.PAL,
                     activity_met=body.met)
        points.append((label, named, state, body.rhs(0, state)))
    c.write_derivatives(folder / "derivatives.csv", STATES, points)
    for what, person, change in (("man", Body(), -500), ("man", Body(), 500), ("woman", Body(85, 1.65, 45, 0), -500), ("bw", Body(90, 1.8, 40), -500)):
        person.inputs(energy=person.EI0 + KCAL * change)
        at = [0, 30, 180, 364, 365, 730, 1095]
        print(what, change, dict(zip(at, [person.weight(row) for row in c.integrate(person.rhs, person.start, at)])))
    body.inputs(PAL=1.7)
    print("PAL 1.7", body.weight(c.integrate(body.rhs, body.start, [0, 365])[-1]))
