"""Integration and output shared by the golden cases. Needs NumPy and SciPy only, nothing of this repository."""
import csv
import numpy as np
from scipy.integrate import solve_ivp


def integrate(f, y0, times, stops=(), rtol=1e-11, atol=1e-13, method="Radau", set_input=None):
    """States at `times` (rows). Restarts exactly at each stop, after calling `set_input(stop)`.

    A row at a stop holds the value before the input changes (states do not jump here).
    """
    times = np.asarray(times, float)
    edges = [times[0], *[s for s in stops if times[0] < s < times[-1]], times[-1]]
    y, rows = np.asarray(y0, float), {times[0]: np.asarray(y0, float)}
    for a, b in zip(edges[:-1], edges[1:]):
        if set_input:
            set_input(a)
        inside = times[(times > a) & (times <= b)]
        grid = np.unique(np.append(inside, b))
        r = solve_ivp(f, (a, b), y, method=method, t_eval=grid, rtol=rtol, atol=atol)
        assert r.success, r.message
        for t, col in zip(r.t, r.y.T):
            rows[t] = col
        y = r.y[:, -1]
    return np.array([rows[t] for t in times])


def number(x):
    """Twelve significant digits: three more than the integration is worth."""
    return x if isinstance(x, str) else format(float(x), ".12g")


def write(path, header, rows):
    with open(path, "w", newline="") as out:
        w = csv.writer(out, lineterminator="\n")
        w.writerow(header)
        w.writerows([[number(v) for v in row] for row in rows])


def round_state(y, digits=6):
    """The state as it will stand in the file, so that the derivative belongs to the printed numbers."""
    return np.array([float(format(v, f".{digits}g")) for v in y])


def write_derivatives(path, names, points):
    """`points`: (label, {input: value}, state, derivative). The state has to be printable without loss."""
    rows = []
    for label, inputs, y, dy in points:
        rows += [[label, "input", k, v, ""] for k, v in inputs.items()]
        for name, v, d in zip(names, y, dy):
            rows.append([label, "state", name, repr(float(v)), repr(float(d))])
    write(path, ["point", "kind", "name", "value", "derivative"], rows)


def difference(a, b):
    """Largest difference of two sets of rows, relative to the largest value of each column."""
    scale = np.maximum(np.abs(a).max(axis=0), 1e-300)
    return float((np.abs(a - b) / scale).max())
