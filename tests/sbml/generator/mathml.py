"""Formulas in Python's syntax, written as MathML.

Beyond arithmetic: `time`, `avogadro`, `delay(x, d)` and `rateOf(x)` are the symbols of SBML; `piecewise(v1, c1, v2, c2, otherwise)`,
`root(degree, x)`, `log(base, x)`; `rational(1, 3)` and `enote(6, 23)` are exact numbers; a trailing underscore keeps a name of
MathML apart from a word of Python (`and_`, `not_`) and gives operators any number of arguments (`plus_()`, `times_(a, b, c)`).
"""

import ast
from decimal import Decimal

SYMBOLS = {
    "time": "http://www.sbml.org/sbml/symbols/time",
    "avogadro": "http://www.sbml.org/sbml/symbols/avogadro",
    "delay": "http://www.sbml.org/sbml/symbols/delay",
    "rateOf": "http://www.sbml.org/sbml/symbols/rateOf",
}
CONSTANTS = {"pi": "pi", "e_": "exponentiale", "inf": "infinity", "nan": "notanumber"}
OPERATORS = {
    ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divide", ast.Pow: "power",
    ast.And: "and", ast.Or: "or",
    ast.Lt: "lt", ast.LtE: "leq", ast.Gt: "gt", ast.GtE: "geq", ast.Eq: "eq", ast.NotEq: "neq",
}
FUNCTIONS = set(
    "abs exp ln floor ceiling factorial quotient rem max min implies xor and or not plus times minus divide power "
    "lt leq gt geq eq neq sin cos tan sec csc cot sinh cosh tanh sech csch coth "
    "arcsin arccos arctan arcsec arccsc arccot arcsinh arccosh arctanh arcsech arccsch arccoth".split()
)


def math(formula):
    """The `math` element of a formula."""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{body(formula)}</math>'


def function(arguments, formula):
    """The `math` element of a function definition."""
    bound = "".join(f"<bvar><ci>{name}</ci></bvar>" for name in arguments)
    lambda_ = f"<lambda>{bound}{body(formula)}</lambda>"
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{lambda_}</math>'


def body(formula):
    return element(ast.parse(str(formula), mode="eval").body)


def names(formula):
    """All names that a formula mentions."""
    return {node.id for node in ast.walk(ast.parse(str(formula))) if isinstance(node, ast.Name)}


def element(node):
    if isinstance(node, ast.Constant):
        return constant(node.value)
    if isinstance(node, ast.Name):
        return name(node.id)
    if isinstance(node, ast.UnaryOp):
        return unary(node)
    if isinstance(node, ast.BinOp):
        return apply(OPERATORS[type(node.op)], [node.left, node.right])
    if isinstance(node, ast.BoolOp):
        return apply(OPERATORS[type(node.op)], node.values)
    if isinstance(node, ast.Compare):
        operator, = {OPERATORS[type(op)] for op in node.ops}
        return apply(operator, [node.left, *node.comparators])
    if isinstance(node, ast.Call):
        return call(node.func.id, node.args)
    raise ValueError(ast.dump(node))


def constant(value):
    if isinstance(value, bool):
        return "<true/>" if value else "<false/>"
    if isinstance(value, int):
        return f'<cn type="integer">{value}</cn>'
    return f"<cn>{value!r}</cn>"


def name(word):
    if word in CONSTANTS:
        return f"<{CONSTANTS[word]}/>"
    return symbol(word) if word in SYMBOLS else f"<ci>{word}</ci>"


def symbol(word):
    return f'<csymbol encoding="text" definitionURL="{SYMBOLS[word]}">{word}</csymbol>'


def unary(node):
    if isinstance(node.op, ast.Not):
        return apply("not", [node.operand])
    if isinstance(node.operand, ast.Constant):
        return constant(-node.operand.value)
    return apply("minus", [node.operand])


def apply(operator, arguments, before=""):
    return f"<apply><{operator}/>{before}{''.join(map(element, arguments))}</apply>"


def call(word, arguments):
    if word == "piecewise":
        return piecewise(arguments)
    if word in ("rational", "enote"):
        kind = "rational" if word == "rational" else "e-notation"
        first, second = (Decimal(ast.unparse(argument)) for argument in arguments)
        return f'<cn type="{kind}">{first}<sep/>{second}</cn>'
    if word == "sqrt":
        return apply("root", arguments)
    if word == "log10":
        return apply("log", arguments)
    if word == "root":
        return apply("root", arguments[1:], f"<degree>{element(arguments[0])}</degree>")
    if word == "log":
        return apply("log", arguments[1:], f"<logbase>{element(arguments[0])}</logbase>")
    if word.rstrip("_") in FUNCTIONS:
        return apply(word.rstrip("_"), arguments)
    head = symbol(word) if word in SYMBOLS else f"<ci>{word}</ci>"
    return f"<apply>{head}{''.join(map(element, arguments))}</apply>"


def piecewise(arguments):
    pairs = zip(arguments[0::2], arguments[1::2])
    pieces = "".join(f"<piece>{element(value)}{element(condition)}</piece>" for value, condition in pairs)
    rest = f"<otherwise>{element(arguments[-1])}</otherwise>" if len(arguments) % 2 else ""
    return f"<piecewise>{pieces}{rest}</piecewise>"
