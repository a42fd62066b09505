"""Random Antimony models, the same for the same seed: small networks whose values stay finite.

Drawn are: compartments of several sizes, substance-only and boundary species, laws of many forms with all kinds of
stoichiometries, functions, assignment and rate rules, branches, initial assignments, events with delays, priorities and
every option, units, submodels with ports, renamed, deleted and replaced parts and conversions of time and extent.

By hand: random_models.py SEED prints one.
"""

import random
import re
import sys

FUNCTIONS = """function hill(x, K, n)
  x^n/(K^n + x^n)
end

function saturate(V, x, K)
  V*x/(K + x)
end

"""


def text(seed):
    """The model of a seed."""
    return Writer(random.Random(seed)).text()


class Writer:
    def __init__(self, draw):
        self.draw = draw
        self.lines = []
        self.parameters = []

    def text(self):
        head, submodels = FUNCTIONS if self.chance(0.6) else "", ""
        self.has_functions = bool(head)
        if self.chance(0.4):
            submodels = self.submodule()
        self.main(bool(submodels))
        body = "\n".join("  " + line for line in self.lines)
        return f"{head}{submodels}model *main()\n{body}\nend\n"

    def main(self, has_submodule):
        self.compartments()
        self.species_list()
        self.units()
        self.inputs()
        for at in range(self.draw.randint(2, 7)):
            self.reaction(at)
        self.rules()
        for at in range(self.draw.choice([0, 0, 1, 2, 3])):
            self.event(at)
        if has_submodule:
            self.instances()

    def chance(self, share):
        return self.draw.random() < share

    def value(self, low=0.2, high=3.0):
        return f"{self.draw.uniform(low, high):.3g}"

    def say(self, line):
        self.lines.append(line + self.draw.choice(["", ";"]))

    def parameter(self, low=0.2, high=2.0):
        """A new parameter with a value, sometimes by a formula of older ones."""
        id = f"k{len(self.parameters)}"
        if self.parameters and self.chance(0.2):
            self.say(f"{id} = {self.value(0.3, 0.9)}*{self.draw.choice(self.parameters)} + {self.value(0.1, 0.3)}")
        else:
            self.say(f"{id} = {self.value(low, high)}")
        self.parameters.append(id)
        return id

    def compartments(self):
        self.places = [f"c{at}" for at in range(self.draw.randint(1, 3))]
        for place in self.places:
            self.say(f"compartment {place} = {self.value(0.5, 3)}")

    def species_list(self):
        self.species, self.fixed, self.ruled, self.amounts, self.place_of = [], [], [], set(), {}
        for at in range(self.draw.randint(3, 7)):
            id, place = f"S{at}", self.draw.choice(self.places)
            word = "substanceOnly species" if self.chance(0.25) else "species"
            is_fixed = at > 2 and self.chance(0.2)
            start = self.value(0.5, 8) if at == 0 or self.chance(0.7) else None
            mark = "$" if is_fixed else ""
            is_ruled = is_fixed and self.chance(0.5)
            start = None if is_ruled else start
            self.say(f"{word} {mark}{id} in {place}" + (f" = {start}" if start else ""))
            if not start and not is_ruled:
                self.start_of(id, place, word != "species")
            (self.fixed if is_fixed else self.species).append(id)
            self.ruled += [id] if is_ruled else []
            self.place_of[id] = place
            if word != "species":
                self.amounts.add(id)

    def start_of(self, id, place, is_amount):
        other = self.draw.choice(["S0", "2.5"])
        forms = [f"{id} = {self.value(0.2, 0.8)}*{other} + 0.3", f"{id} = {self.value(0.5, 4)}"]
        if not is_amount:
            forms.append(f"{id} = {self.value(0.5, 4)}/{place}")
        self.say(self.draw.choice(forms))

    def units(self):
        self.has_units = self.chance(0.3)
        if not self.has_units:
            return
        self.say("unit per_min = 1/(60 second)")
        self.say("unit time_unit = 60 second")
        if self.chance(0.5):
            self.say("unit mM = 1e-3 mole/litre")
            self.say(f"noted = {self.value()} mM")
        id = self.parameter()
        self.say(f"{id} has per_min")

    def inputs(self):
        """Things that rules drive; laws may use them."""
        self.drivers = []
        forms = ["1 + 0.5*sin({0}*time)", "{0} + piecewise(0.5, time < 4, 0.1)", "max({0}, 1.2 - 0.1*time)",
                 "piecewise({0}, (time >= 3) && (time < 7), 0.2)", "exp(-{0}*time) + 0.1", "{0}*(1 + tanh(time - 5))",
                 "{0} + 0.1*floor(time/2.5)", "abs(time - 6)*0.2 + {0}", "sqrt(1 + {0}*time)", "ln(2 + {0}) + log10(5)",
                 "{0} + 0.05*(time - 4*floor(time/4))", "min({0}, 0.3 + time/10)", "(time > 2.5)*{0} + 0.2"]
        if self.has_units:
            # Time has a unit then, and these take pure numbers.
            forms = [form for form in forms if not re.search(r"(sin|exp|tanh)\(", form)]
        for at in range(self.draw.randint(0, 2)):
            self.say(f"u{at} := " + self.draw.choice(forms).format(self.parameter(0.2, 1.5)))
            self.drivers.append(f"u{at}")
        for id in self.ruled:
            self.say(f"{id} := " + self.draw.choice(forms).format(self.parameter(0.2, 1.5)))

    def reaction(self, at):
        left = self.draw.sample(self.species + self.fixed, self.draw.choice([0, 1, 1, 1, 2]))
        rest = [id for id in self.species if id not in left]
        right = self.draw.sample(rest, min(len(rest), self.draw.choice([0, 1, 1, 2])))
        if not left and not right:
            right = [self.species[0]]
        number = lambda id: self.draw.choice(["", "", "", "2 ", "1.5 "]) + ("$" if id in self.fixed else "") + id
        sides = [" + ".join(number(id) for id in side) for side in (left, right)]
        name = self.draw.choice([f"J{at}: ", f"J{at}: ", ""])
        if name and self.chance(0.15):
            name = f"J{at} in {self.draw.choice(self.places)}: "
        law = self.law(left, right)
        self.say(f"{name}{sides[0]} {self.draw.choice(['->', '=>'])} {sides[1]}; {law}")

    def law(self, left, right):
        """Falls with its reactants, so that nothing turns negative."""
        place = self.place_of[(left or right)[0]]
        k, drive = self.parameter(0.05, 0.6), self.draw.choice(["", "", *(f"{u}*" for u in self.drivers)])
        if not left:
            return f"{place}*{drive}{k}/(1 + {right[0]})"
        product = "*".join(left)
        forms = [f"{place}*{drive}{k}*{product}", f"{place}*{drive}{k}*{product}/({self.parameter()} + {product})"]
        if self.has_functions:
            forms += [f"saturate({place}*{drive}{k}, {product}, {self.parameter()})",
                      f"{drive}{k}*{place}*hill({product}, {self.parameter()}, {self.draw.choice(['2', '3', '1.5'])})"]
        modifier = self.draw.choice(self.species + self.fixed)
        forms.append(f"{place}*{drive}{k}*{product}/(1 + {modifier}^2)")
        if right and len(left) == len(right) == 1:
            forms.append(f"{place}*({drive}{k}*{product} - {self.parameter(0.02, 0.3)}*{right[0]})")
        return self.draw.choice(forms)

    def rules(self):
        if self.chance(0.4):
            self.say(f"total := {' + '.join(self.species)}")
        if self.chance(0.3):
            k = self.parameter()
            self.say("w = " + self.value())
            self.say(f"w' = {self.value()} - {k}*w" + self.draw.choice(["", f" + 0.1*{self.species[0]}"]))
        if self.chance(0.2):
            place = self.draw.choice(self.places)
            self.say(f"species R in {place} = {self.value()}")
            self.say(f"R' = -{self.parameter()}*R + 0.2*{self.species[0]}")
        if self.chance(0.15):
            self.say("var n0; n0 = 2; n0' = -0.05*n0")
            self.say(f"Jn: {self.species[0]} -> n0 {self.species[1]}; 0.1*{self.species[0]}")

    def event(self, at):
        watched = self.draw.choice(self.species)
        triggers = [f"time > {self.value(0.5, 9)}", f"time >= {self.draw.randint(1, 9)}", f"{watched} < {self.value(0.3, 3)}",
                    f"{watched} > {self.value(1, 6)}", f"(time > {self.value(1, 4)}) && ({watched} > {self.value(0.2, 1)})",
                    f"sin(time) > {self.value(0.2, 0.8)}"]
        triggers = triggers[:-1] if self.has_units else triggers
        delay = f"{self.value(0.2, 2)} after " if self.chance(0.3) else ""
        options = []
        if self.chance(0.3):
            options.append(f"priority = {self.draw.randint(0, 9) + at * 10}")
        for option in ("persistent", "t0", "fromTrigger"):
            if self.chance(0.25):
                options.append(f"{option} = {self.draw.choice(['true', 'false'])}")
        self.say(f"var e{at}; e{at} = 0")
        targets = [f"e{at} = e{at} + {self.value()}"]
        if self.chance(0.6):
            bounded = self.draw.choice([self.value(0.5, 5), f"{watched}/2 + 0.3"])
            targets.append(f"{self.draw.choice(self.species)} = {bounded}")
        head = ", ".join([f"{delay}{self.draw.choice(triggers)}", *options])
        self.say(f"E{at}: at {head}: {', '.join(targets)}")

    def submodule(self):
        self.sub_has_rate = self.chance(0.5)
        rate = "  level = 1; level' = 0.3 - 0.2*level;\n" if self.sub_has_rate else ""
        return ("model cell(G, k_in)\n  compartment v = 1.5;\n  species G in v = 4, P in v = 0.5;\n"
                "  up: G -> P; v*k_in*G;\n  down: P -> ; v*k_out*P;\n  leak: P -> G; 0.01*v*P;\n"
                f"  k_in = 0.3; k_out = 0.2;\n  share := P/(G + P);\n{rate}end\n\n")

    def instances(self):
        more = [", timeconv = 2", ", extentconv = 0.5", ", timeconv = 3, extentconv = 2"]
        self.say(f"A: cell(){self.draw.choice(['', '', *more])}")
        if self.chance(0.6):
            self.say("B: cell()")
            self.draw.choice([lambda: self.shared(), lambda: self.say("A.k_out is B.k_out"), lambda: None])()
        if self.chance(0.3):
            self.say("delete A.leak")
        if self.chance(0.4):
            self.say(f"A.k_in = {self.value(0.1, 0.6)}")
        if self.sub_has_rate and self.chance(0.3):
            self.say(f"A.level' = {self.value(0.1, 0.3)} - 0.5*A.level")
        if self.chance(0.3):
            self.say("A.P is seen_P")
            self.say(f"seen := seen_P + {self.species[0]}")
        elif self.chance(0.05):
            # libAntimony refuses a formula with a name of a submodel that it has not met before.
            self.say(f"seen := A.P + {self.species[0]}")

    def shared(self):
        self.say("A.v is B.v")
        self.say("A.G is B.G")


if __name__ == "__main__":
    print(text(int(sys.argv[1])))
