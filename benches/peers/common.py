"""What the checks share: their arguments and the folder of reference data."""

import argparse
import os

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def arguments(about, *more):
    """Arguments of a check; `more` are names of further options with their defaults."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--insilin", required=True)
    for name, default in more:
        parser.add_argument(name, type=type(default), default=default)
    return parser.parse_args()


def shared(name):
    """A file or folder of the reference data; none when it is not there."""
    root = os.environ.get("INSILIN_SHARED")
    path = os.path.join(root, name) if root else None
    return path if path and os.path.exists(path) else None
