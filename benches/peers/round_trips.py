"""Round trips: Antimony text to SBML and back keep the trajectories and what is declared.

Usage: round_trips.py --insilin BINARY [--random N]

Each text of `texts.py` goes through `insilin convert` to SBML, and that SBML to Antimony again. The text, the SBML and the
second text are simulated by insilin and must agree (`agreement`) in every id that the SBML declares; the SBML of the second
text declares the same species, parameters, compartments, reactions and events with the same flags. That our SBML means what
others make of it is `exporting.py`'s part.
"""

import os
import subprocess
import sys
import tempfile

import agreement
import antimony_reading
import runners
import sbml_ids
import texts
from common import TOP, arguments

# No time of the grid but the ends is one at which events are likely to happen.
INTERVALS = 61


def main():
    options = arguments(__doc__, ("--random", texts.RANDOM))
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(TOP, "models", "published"), os.path.join(folder, "published"))
        all_texts = agreement.progress(texts.all_texts(options.random), lambda text: text.name)
        results = [check(options.insilin, text, folder) for text in all_texts]
    groups = {}
    for group, verdict, _ in results:
        groups[group, verdict] = groups.get((group, verdict), 0) + 1
    agreement.table(("texts", "round trip", "how many"), [(*key, count) for key, count in sorted(groups.items())])
    worst = max(off for _, _, (off, _) in results)
    print(f"\nLargest difference: {worst:.1e}.")
    rows = [(name, verdict) for (_, verdict, (_, name)) in results if verdict not in KEPT]
    if rows:
        agreement.table(("text", "what is wrong"), rows)
    return 1 if rows else 0


# The last: a draw made at the start, which SBML core has no words for; the refusal names it.
KEPT = ("kept", "nothing to run on the way either", "random draws: refused")


def check(binary, text, folder):
    """`(group, verdict, (worst difference, name))`."""
    group = text.name.split("/")[0].split(":")[0].split(" ")[0]
    try:
        off, verdict = travel(binary, text, folder)
    except runners.Refused as refused:
        draws = "export/no-counterpart" in str(refused) and "draws at random" in str(refused)
        off, verdict = 0.0, KEPT[2] if draws else str(refused)
    return group, verdict, (off, text.name)


def travel(binary, text, folder):
    place = lambda name: os.path.join(folder, name)
    first = text.path or place("first.ant")
    if text.path is None:
        antimony_reading.write(first, text.text)
    convert(binary, first, place("first.xml"))
    missing = antimony_reading.without_value(place("first.xml"))
    if missing and text.path is None:
        antimony_reading.write(first, antimony_reading.completed(text.text, missing))
        convert(binary, first, place("first.xml"))
    convert(binary, place("first.xml"), place("second.ant"))
    convert(binary, place("second.ant"), place("second.xml"))
    lost = [*filter(None, sbml_ids.different(place("first.xml"), place("second.xml")))]
    if lost:
        raise runners.Refused(f"declared differently: {'; '.join(lost)}")
    return compare(binary, [first, place("first.xml"), place("second.ant")], text.end)


def convert(binary, one, other):
    ended = subprocess.run([binary, "convert", one, "-o", other], capture_output=True, text=True)
    if ended.returncode != 0:
        raise runners.Refused(f"{os.path.basename(one)} to {os.path.basename(other)}: {runners.diagnosed(ended.stderr)}")


def compare(binary, paths, end):
    kinds = antimony_reading.declared(paths[1])
    tables, told = [], []
    for path in paths:
        try:
            tables.append(runners.insilin(binary, path, list(kinds), end, INTERVALS))
        except runners.Refused as refused:
            told.append(str(refused))
    if not tables:
        return 0.0, KEPT[1]
    if told:
        raise runners.Refused(f"one way runs, another does not: {told[0]}")
    off = max(agreement.worst(table, tables[0], kinds)[0] for table in tables[1:])
    return off, KEPT[0] if agreement.agrees(off) else f"differs by {off:.1e}"


if __name__ == "__main__":
    sys.exit(main())
