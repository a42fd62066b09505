"""MathML to Python source, with everything that jumps or kinks taken out as a branch.

A branch is a comparison, a rounding or a choice of `abs`, `min` and `max`. In the source it stands as `c[i]`: the caller
holds the branches of a step fixed, so that the integrator meets smooth functions only, and looks for the times at which
they change. Function definitions must have been expanded before.
"""

import math

import libsbml as sbml

COMPARISONS = {sbml.AST_RELATIONAL_EQ: "==", sbml.AST_RELATIONAL_NEQ: "!=", sbml.AST_RELATIONAL_LT: "<",
               sbml.AST_RELATIONAL_LEQ: "<=", sbml.AST_RELATIONAL_GT: ">", sbml.AST_RELATIONAL_GEQ: ">="}
CONSTANTS = {sbml.AST_CONSTANT_E: "math.e", sbml.AST_CONSTANT_PI: "math.pi", sbml.AST_CONSTANT_TRUE: "True",
             sbml.AST_CONSTANT_FALSE: "False", sbml.AST_NAME_TIME: "t", sbml.AST_NAME_AVOGADRO: "6.02214179e23"}
PLAIN = {"exp": "exp", "ln": "ln", "sin": "math.sin", "cos": "math.cos", "tan": "math.tan", "sinh": "math.sinh",
         "cosh": "math.cosh", "tanh": "math.tanh", "arcsin": "math.asin", "arccos": "math.acos", "arctan": "math.atan",
         "arcsinh": "math.asinh", "arccosh": "math.acosh", "arctanh": "math.atanh", "factorial": "factorial",
         "sec": "1/math.cos", "csc": "1/math.sin", "cot": "1/math.tan", "sech": "1/math.cosh", "csch": "1/math.sinh",
         "coth": "1/math.tanh"}
ROUNDED = {"floor": "math.floor", "ceiling": "math.ceil"}


class Unreadable(Exception):
    """A construct that this reader lacks."""


class Formulas:
    """Turns trees into source; `branches` grows by one source text for each branch met."""

    def __init__(self, name):
        self.name = name
        self.branches = []

    def branch(self, source):
        if source not in self.branches:
            self.branches.append(source)
        return f"c[{self.branches.index(source)}]"

    def source(self, node):
        """Python source of a formula's value."""
        kind = node.getType()
        parts = [self.source(node.getChild(at)) for at in range(node.getNumChildren())
                 ] if kind != sbml.AST_FUNCTION_PIECEWISE else []
        if node.isNumber():
            return number(node)
        if kind in CONSTANTS:
            return CONSTANTS[kind]
        if kind == sbml.AST_NAME:
            return self.name(node.getName())
        if kind in COMPARISONS:
            pairs = zip(parts, parts[1:])
            return "(" + " and ".join(self.branch(f"({a}) {COMPARISONS[kind]} ({b})") for a, b in pairs) + ")"
        if kind in (sbml.AST_PLUS, sbml.AST_TIMES):
            return joined(parts, " + ", "0.0") if kind == sbml.AST_PLUS else joined(parts, " * ", "1.0")
        if kind == sbml.AST_MINUS:
            return f"(-{parts[0]})" if len(parts) == 1 else f"({parts[0]} - {parts[1]})"
        if kind == sbml.AST_DIVIDE:
            return f"divide({parts[0]}, {parts[1]})"
        if kind in (sbml.AST_POWER, sbml.AST_FUNCTION_POWER):
            return f"power({parts[0]}, {parts[1]})"
        if kind == sbml.AST_FUNCTION_PIECEWISE:
            return self.piecewise(node)
        return self.call(node.getName(), kind, parts)

    def piecewise(self, node):
        parts = [self.source(node.getChild(at)) for at in range(node.getNumChildren())]
        text = parts.pop() if len(parts) % 2 else "math.nan"
        for value, condition in reversed(list(zip(parts[::2], parts[1::2]))):
            text = f"({value} if {condition} else {text})"
        return text

    def call(self, name, kind, parts):
        if kind == sbml.AST_FUNCTION_ROOT:
            return f"power({parts[-1]}, 1.0/({parts[0] if len(parts) > 1 else 2.0}))"
        if kind == sbml.AST_FUNCTION_LOG:
            return f"(ln({parts[-1]}) / ln({parts[0] if len(parts) > 1 else 10.0}))"
        if kind == sbml.AST_FUNCTION_ABS:
            return f"({parts[0]} if {self.branch(f'({parts[0]}) >= 0')} else -({parts[0]}))"
        if kind in (sbml.AST_FUNCTION_MAX, sbml.AST_FUNCTION_MIN):
            text, sign = parts[0], ">=" if kind == sbml.AST_FUNCTION_MAX else "<="
            for other in parts[1:]:
                text = f"({text} if {self.branch(f'({text}) {sign} ({other})')} else {other})"
            return text
        if name in ROUNDED:
            return self.branch(f"{ROUNDED[name]}({parts[0]})")
        if name in PLAIN:
            return f"({PLAIN[name]}({parts[0]}))"
        if kind in (sbml.AST_LOGICAL_AND, sbml.AST_LOGICAL_OR):
            return joined([f"bool({p})" for p in parts], " and " if kind == sbml.AST_LOGICAL_AND else " or ",
                          str(kind == sbml.AST_LOGICAL_AND))
        if kind == sbml.AST_LOGICAL_NOT:
            return f"(not {parts[0]})"
        if kind == sbml.AST_LOGICAL_XOR:
            return f"(({joined([f'bool({p})' for p in parts], ' + ', '0')}) % 2 == 1)"
        if kind == sbml.AST_LOGICAL_IMPLIES:
            return f"((not {parts[0]}) or bool({parts[1]}))"
        if kind == sbml.AST_FUNCTION_QUOTIENT:
            return self.branch(f"math.trunc({parts[0]} / {parts[1]})")
        if kind == sbml.AST_FUNCTION_REM:
            return f"({parts[0]} - ({parts[1]}) * {self.branch(f'math.trunc({parts[0]} / {parts[1]})')})"
        raise Unreadable(f"`{name}` is not read here")


def joined(parts, operator, empty):
    return "(" + operator.join(parts) + ")" if parts else empty


def number(node):
    value = node.getValue()
    if math.isnan(value):
        return "math.nan"
    if math.isinf(value):
        return "math.inf" if value > 0 else "-math.inf"
    return f"({value!r})"


def names_in(node):
    """Ids that a formula reads."""
    found = {node.getName()} if node.getType() == sbml.AST_NAME else set()
    for at in range(node.getNumChildren()):
        found |= names_in(node.getChild(at))
    return found


def divide(a, b):
    if b == 0:
        return math.nan if a == 0 or math.isnan(a) else math.copysign(math.inf, a)
    return a / b


def power(a, b):
    try:
        value = a ** b
    except ZeroDivisionError:
        return math.inf
    except OverflowError:
        return math.inf
    return math.nan if isinstance(value, complex) else value


def exp(a):
    return math.exp(a) if a < 709.7 else math.inf


def ln(a):
    return math.log(a) if a > 0 else (-math.inf if a == 0 else math.nan)


def factorial(a):
    return math.gamma(a + 1)


SCOPE = {"math": math, "divide": divide, "power": power, "exp": exp, "ln": ln, "factorial": factorial}
