"""One case: a model, what to report, and the numbers that are right."""

from dataclasses import dataclass, field

from mpmath import mp, mpf

mp.dps = 30

CASES = []


@dataclass
class Case:
    name: str
    synopsis: str
    source: str
    model: object
    expected: dict
    tags: list = field(default_factory=list)
    amount: list = field(default_factory=list)
    concentration: list = field(default_factory=list)
    duration: float = 10
    steps: int = 10
    relative: float = 1e-6
    absolute: float = 1e-9

    def times(self):
        return [mpf(row) * mpf(self.duration) / self.steps for row in range(self.steps + 1)]

    def settings(self):
        pairs = {"start": 0, "duration": self.duration, "steps": self.steps, "variables": ", ".join(self.expected),
                 "absolute": self.absolute, "relative": self.relative, "amount": ", ".join(self.amount),
                 "concentration": ", ".join(self.concentration)}
        return "".join(f"{key}: {value}".rstrip() + "\n" for key, value in pairs.items())

    def tags_text(self):
        reported = [("Amount", self.amount), ("Concentration", self.concentration)]
        test_tags = set(self.tags) | {tag for tag, names in reported if names}
        level, version = self.model.level
        pairs = {"synopsis": self.synopsis, "componentTags": ", ".join(sorted(self.model.tags)),
                 "testTags": ", ".join(sorted(test_tags)), "testType": "TimeCourse", "levels": f"{level}.{version}",
                 "source": self.source}
        return "".join(f"{key}: {value}".rstrip() + "\n" for key, value in pairs.items())

    def results(self):
        lines = [",".join(["time", *self.expected])]
        for time in self.times():
            values = [value(time) if callable(value) else value for value in self.expected.values()]
            lines.append(",".join(number(value) for value in [time, *values]))
        return "\n".join(lines) + "\n"


def number(value):
    value = float(value)
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "INF" if value > 0 else "-INF"
    return repr(value)


def case(name, synopsis, source, model, expected, tags="", amount="", concentration="", **more):
    """Adds a case; `expected` maps ids to a constant or a function of time; lists are words parted by spaces."""
    CASES.append(Case(name, synopsis, source, model, expected, tags.split(), amount.split(), concentration.split(), **more))
