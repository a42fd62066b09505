"""When two trajectories agree, and how the checks show it.

Two columns agree when |a - b| <= 1e-5 max|b| at all times; b is the peer's. A difference below 1e-13 of the largest value
of the column's kind is rounding, as in a net rate whose two parts cancel: `BOUND` times `SILENCE`.
"""

import sys

import numpy

BOUND = 1e-5
SILENCE = 1e-8


def difference(ours, theirs, scale=0.0):
    """Largest |a - b| over max|b|; `scale` is the largest value of the column's kind.
    NaN must meet NaN, an infinity the same one."""
    finite = numpy.isfinite(theirs)
    if not numpy.array_equal(ours[~finite], theirs[~finite], equal_nan=True):
        return numpy.inf
    off = numpy.abs(ours - theirs)[finite].max(initial=0.0)
    size = numpy.abs(theirs[finite]).max(initial=0.0)
    size = max(size, SILENCE * scale)
    if off == 0:
        return 0.0
    return off / size if size > 0 and numpy.isfinite(off) else numpy.inf


def worst(ours, theirs, kinds):
    """The largest difference over all columns and the id that has it; `kinds` gives each id's kind."""
    scales = {}
    for id, values in theirs.items():
        finite = numpy.abs(values[numpy.isfinite(values)])
        scales[kinds[id]] = max(scales.get(kinds[id], 0.0), finite.max(initial=0.0))
    found = [(difference(ours[id], theirs[id], scales[kinds[id]]), id) for id in theirs]
    return max(found, default=(0.0, "–"))


def agrees(off):
    return off <= BOUND


def shown(off):
    return "–" if off is None else f"{off:.1e}"


def table(head, rows):
    """Prints a table in Markdown."""
    print("\n| " + " | ".join(head) + " |")
    print("|" + " --- |" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")


def progress(items, name):
    """The items one by one, told on standard error."""
    for at, item in enumerate(items):
        print(f"\r\033[K{at + 1} of {len(items)}: {name(item)}", end="", file=sys.stderr, flush=True)
        yield item
    print("\r\033[K", end="", file=sys.stderr, flush=True)
