"""All cases, by topic."""

from . import kinetics, rules  # noqa: F401
from .case import CASES as ALL  # noqa: F401
