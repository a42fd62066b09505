"""Published models: insilin beside libRoadRunner and COPASI on every SBML file of the reference models.

Usage: published.py --insilin BINARY     ($INSILIN_SHARED/reference-models holds the files; published.csv their spans)

* A file that a peer can run is read and simulated by insilin, and all columns agree by the rule of `agreement`.
* A file that is broken gets a diagnostic of insilin: exit code and message are shown.
* Where a peer disagrees, or runs what insilin refuses, the third computation decides.

Ends with 1 when insilin refuses what a peer runs right, or agrees neither with a peer nor with the third computation.
"""

import csv
import os
import sys

import agreement
import runners
import sbml_ids
import third
from common import arguments, shared

INTERVALS = 400
HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = (("libRoadRunner", runners.roadrunner), ("COPASI", runners.copasi))


def main():
    options = arguments(__doc__)
    folder = shared("reference-models")
    if folder is None:
        print("\nPublished models: $INSILIN_SHARED/reference-models is not there; nothing compared.")
        return 0
    with open(os.path.join(HERE, "published.csv")) as file:
        known = {row["file"]: row for row in csv.DictReader(file)}
    found = sorted(files(folder))
    rows = [compare(options.insilin, folder, known.get(name, {"file": name, "end": "100", "code": ""}))
            for name in agreement.progress(found, str)]
    agreement.table(("published model", "to", "columns", "insilin", "libRoadRunner", "COPASI", "third", "verdict"),
                    [row["cells"] for row in rows])
    refusals(rows)
    kept = [row for row in rows if row["kept"]]
    print(f"\n{len(kept)} of {len(rows)} files: as promised.")
    missing = sorted(set(known) - set(found))
    if missing:
        print(f"\nNot in the folder: {', '.join(missing)}.")
    return 0 if len(kept) == len(rows) and not missing else 1


def files(folder):
    for path, _, names in os.walk(folder):
        yield from (os.path.relpath(os.path.join(path, name), folder) for name in names if name.endswith(".xml"))


def compare(binary, folder, entry):
    """All there is to say about one file."""
    path, end = os.path.join(folder, entry["file"]), float(entry["end"])
    kinds = sbml_ids.kinds(path)
    told, results = {}, {}
    everyone = (("insilin", lambda *case: runners.insilin(binary, *case)), *PEERS)
    for name, runner in everyone:
        results[name], told[name] = tried(runner, path, list(kinds), end, INTERVALS)
    ours = results["insilin"]
    offs = {name: off(ours, results[name], kinds) for name, _ in PEERS}
    judge = None
    if needs_third(results, offs):
        judge, told["third"] = tried(third.isolated, path, list(kinds), end, INTERVALS)
    judged = {name: off(results[name], judge, kinds) for name in results}
    kept, verdict = verdict_of(results, offs, judged, told, entry)
    cells = [entry["file"], f"{end:g}", len(kinds), "runs" if ours else "refuses"]
    cells += [shown(offs[name], told[name]) for name, _ in PEERS]
    cells += [shown(judged["insilin"], told.get("third")) if "third" in told else "", verdict]
    return {"cells": cells, "kept": kept, "told": told, "file": entry["file"]}


def tried(runner, *case):
    try:
        return runner(*case), None
    except runners.Refused as refused:
        return None, str(refused)


def off(ours, theirs, kinds):
    return agreement.worst(ours, theirs, kinds) if ours and theirs else None


def needs_third(results, offs):
    """When a peer disagrees, or one side alone runs the file."""
    if results["insilin"] is None:
        return any(results[name] for name, _ in PEERS)
    found = [found for found in offs.values() if found]
    return not found or not all(right(found) for found in found)


def right(found):
    return found is not None and bool(agreement.agrees(found[0]))


def verdict_of(results, offs, judged, told, entry):
    runs = [name for name, _ in PEERS if results[name]]
    if results["insilin"] is None:
        return refused_verdict(runs, judged, told, entry)
    wrong = [name for name in runs if not right(offs[name])]
    if runs and not wrong:
        return True, "agrees"
    if right(judged["insilin"]):
        others = f", not with {' and '.join(wrong)}" if wrong else ""
        return True, f"the third computation is with insilin{others}"
    return False, "disagrees"


def refused_verdict(runs, judged, told, entry):
    diagnosed = told["insilin"].startswith(("exit code 2", "exit code 3")) and entry["code"] in told["insilin"]
    if not diagnosed or not entry["code"]:
        return False, "refused without the diagnostic that is listed"
    wrong = [name for name in runs if judged[name] and not right(judged[name])]
    if len(wrong) < len(runs):
        return False, f"refused, but {' and '.join(name for name in runs if name not in wrong)} runs it"
    off = [f"; {name} is off by {judged[name][0]:.1e}" for name in wrong]
    return True, "diagnosed" + "".join(off)


def shown(found, told):
    if found is None:
        return "refuses" if told else "–"
    return f"{agreement.shown(found[0])} ({found[1]})"


def refusals(rows):
    entries = [(row["file"], name, message) for row in rows for name, message in row["told"].items() if message]
    if entries:
        agreement.table(("file", "refused by", "message"), entries)


if __name__ == "__main__":
    sys.exit(main())
