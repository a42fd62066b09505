"""All cases, by topic."""

from . import events, hierarchy, kinetics, rules, stoichiometry, symbols  # noqa: F401
from .case import CASES as ALL  # noqa: F401
