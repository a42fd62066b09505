"""The Antimony texts that the checks go through: snippets, listings, shipped models and random ones."""

import glob
import os
import re

import random_models
from common import TOP, shared

RANDOM = 240
SEED = 20_000
STIMULI = {"sedaghat": "insulin = 100", "brannmark": "insulin = 10", "dalla_man": "Q_sto1 = 78000"}


class Text:
    """One model as text; `path` is set for a file, whose imports are followed, and `end` is how far to run it."""

    def __init__(self, name, text, end, path=None):
        self.name, self.text, self.end, self.path = name, text, end, path


def all_texts(count=RANDOM):
    return snippets() + listings() + shipped() + driven() + generated(count)


def snippets():
    """One construct of the language each."""
    found = {}
    for folder in ("snippets", "antimony_snippets"):
        with open(os.path.join(TOP, "tests", folder, "mod.rs")) as file:
            pairs = re.findall(r'"(s\d+)",\s*r#+"(.*?)"#+', file.read(), re.DOTALL)
        found.update({f"{folder}/{name}": text for name, text in pairs})
    return [Text(name, text, 10.0) for name, text in found.items()]


def listings():
    """Published models as text, without a name around them."""
    path = shared("literature/signalling-model-listings.md")
    if path is None:
        print("\nListings: $INSILIN_SHARED/literature/signalling-model-listings.md is not there.")
        return []
    with open(path) as file:
        page = file.read()
    parts = re.findall(r"^## ([^\n]*)\n+```\n(.*?)```", page, re.DOTALL | re.MULTILINE)
    return [Text("listing: " + title.split("(")[0].split("—")[0].strip(), text, 60.0) for title, text in parts]


def shipped():
    paths = sorted(glob.glob(os.path.join(TOP, "models", "**", "*.ant"), recursive=True))
    return [Text(os.path.relpath(path, TOP), None, 100.0, path) for path in paths]


def driven():
    """Shipped models as submodels of a text that sets what moves them: `STIMULI`, the same as in the benches.

    The texts import from a folder `published` beside them.
    """
    found = []
    for path in sorted(glob.glob(os.path.join(TOP, "models", "published", "*.ant"))):
        module = os.path.splitext(os.path.basename(path))[0]
        stimulus = next((line for start, line in STIMULI.items() if module.startswith(start)), None)
        if stimulus:
            text = f'import "published/{module}.ant"\nmodel *driven()\n  A: {module}();\n  A.{stimulus};\nend\n'
            found.append(Text(f"driven: {module}", text, 60.0))
    return found


def generated(count):
    return [Text(f"random {seed}", random_models.text(seed), 12.0) for seed in range(SEED, SEED + count)]
