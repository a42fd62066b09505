"""A model built call by call and written as SBML of any level and version from 2.1 to 3.2."""

import re
import xml.dom.minidom

from .mathml import function, math, names

NAMESPACES = {(2, 1): "http://www.sbml.org/sbml/level2", (3, 1): "http://www.sbml.org/sbml/level3/version1/core",
              (3, 2): "http://www.sbml.org/sbml/level3/version2/core"}
COMP = "http://www.sbml.org/sbml/level3/version1/comp/version1"
LISTS = ["FunctionDefinitions", "UnitDefinitions", "Compartments", "Species", "Parameters", "InitialAssignments", "Rules",
         "Constraints", "Reactions", "Events", "comp:Submodels", "comp:Ports"]


def attributes(**pairs):
    return "".join(f' {key}="{text(value)}"' for key, value in pairs.items() if value is not None)


def text(value):
    return str(value).lower() if isinstance(value, bool) else str(value)


class Model:
    """Lists of elements as text; `tags` collects the component tags that the elements stand for."""

    def __init__(self, level="3.2", id="case", **more):
        self.level = tuple(map(int, level.split(".")))
        self.id, self.more = id, more
        self.lists = {name: [] for name in LISTS}
        self.tags, self.species_ids = set(), []
        self.definitions, self.externals, self.files = [], [], {}

    @property
    def is_level_3(self):
        return self.level[0] == 3

    def add(self, list_name, tag, xml):
        self.lists[list_name].append(xml)
        if tag:
            self.tags.add(tag)

    def needed(self, **pairs):
        """Attributes that Level 3 requires and Level 2 has defaults for."""
        return attributes(**pairs) if self.is_level_3 else ""

    def formula(self, formula):
        """A `math` element; none at all for no formula."""
        if formula is None:
            return ""
        for word, tag in [("time", "CSymbolTime"), ("delay", "CSymbolDelay"), ("rateOf", "CSymbolRateOf"),
                          ("avogadro", "CSymbolAvogadro")]:
            if word in names(formula):
                self.tags.add(tag)
        return math(formula)

    def function(self, id, arguments, formula):
        xml = "" if formula is None else function(arguments.replace(",", " ").split(), formula)
        self.add("FunctionDefinitions", "FunctionDefinition", f'<functionDefinition id="{id}">{xml}</functionDefinition>')

    def unit(self, id, *units):
        """A unit definition of (kind, exponent, scale, multiplier)."""
        inner = "".join(f"<unit{attributes(kind=kind, exponent=exponent, scale=scale, multiplier=multiplier)}/>"
                        for kind, exponent, scale, multiplier in units)
        self.add("UnitDefinitions", None, f'<unitDefinition id="{id}"><listOfUnits>{inner}</listOfUnits></unitDefinition>')

    def compartment(self, id, size=1, constant=True, dimensions=None, inner="", **more):
        required = attributes(constant=constant) if self.is_level_3 or constant is False else ""
        dimensions = 3 if dimensions is None and self.is_level_3 else dimensions
        xml = f"<compartment{attributes(id=id, spatialDimensions=dimensions, size=size, **more)}{required}>{inner}</compartment>"
        self.add("Compartments", "Compartment", xml)

    def species(self, id, amount=None, concentration=None, compartment="C", boundary=False, constant=False, only=False,
                factor=None, inner="", **more):
        flags = {"hasOnlySubstanceUnits": only, "boundaryCondition": boundary, "constant": constant}
        if not self.is_level_3:
            flags = {key: value for key, value in flags.items() if value}
        start = {"initialAmount": amount, "initialConcentration": concentration, "conversionFactor": factor}
        xml = f"<species{attributes(id=id, compartment=compartment, **start, **flags, **more)}>{inner}</species>"
        self.species_ids.append(id)
        self.add("Species", "Species", xml)

    def parameter(self, id, value=None, constant=True, inner="", **more):
        required = attributes(constant=constant) if self.is_level_3 or constant is False else ""
        self.add("Parameters", "Parameter", f"<parameter{attributes(id=id, value=value, **more)}{required}>{inner}</parameter>")

    def variable(self, id, value=None, **more):
        self.parameter(id, value, constant=False, **more)

    def initial(self, symbol, formula, inner="", **more):
        xml = f"<initialAssignment{attributes(symbol=symbol, **more)}>{self.formula(formula)}{inner}</initialAssignment>"
        self.add("InitialAssignments", "InitialAssignment", xml)

    def assign(self, variable, formula, inner="", **more):
        xml = f"<assignmentRule{attributes(variable=variable, **more)}>{self.formula(formula)}{inner}</assignmentRule>"
        self.add("Rules", "AssignmentRule", xml)

    def rate(self, variable, formula, inner="", **more):
        xml = f"<rateRule{attributes(variable=variable, **more)}>{self.formula(formula)}{inner}</rateRule>"
        self.add("Rules", "RateRule", xml)

    def algebraic(self, formula, inner="", **more):
        xml = f"<algebraicRule{attributes(**more)}>{self.formula(formula)}{inner}</algebraicRule>"
        self.add("Rules", "AlgebraicRule", xml)

    def constraint(self, formula):
        self.add("Constraints", None, f"<constraint>{self.formula(formula)}</constraint>")

    def reaction(self, id, equation, law=None, local=(), fast=None, stoichiometry_math=(), inner="", law_inner="", **more):
        """A reaction from its equation: `A + 2 B -> n:C` names the reference to C `n`, `n=2:C` gives it a value too.

        `law=""` is a kinetic law without a formula, `law=None` no kinetic law.
        """
        left, right = equation.split("->")
        by_species = dict(stoichiometry_math)
        reactants, products = (self.references(side, by_species) for side in (left, right))
        modifiers = self.modifiers(equation, law, by_species, local)
        sides = "".join(f"<listOf{kind}>{''.join(items)}</listOf{kind}>" for kind, items in
                        [("Reactants", reactants), ("Products", products), ("Modifiers", modifiers)] if items)
        if self.level == (3, 1):
            fast = bool(fast)
        required = "" if "reversible" in more else self.needed(reversible=False)
        head = f"<reaction{attributes(id=id, fast=fast, **more)}{required}>"
        self.add("Reactions", "Reaction", f"{head}{sides}{self.kinetic_law(law, local, law_inner)}{inner}</reaction>")

    def references(self, side, by_species):
        return [self.reference(item.strip(), by_species) for item in side.split(" + ") if item.strip()]

    def reference(self, item, by_species):
        id, _, named = item.rpartition(":")
        id, _, value = id.partition("=")
        count, _, species = named.rpartition(" ")
        value = value or count or None
        if species in by_species:
            self.tags.add("StoichiometryMath")
            inner = f"<stoichiometryMath>{self.formula(by_species[species])}</stoichiometryMath>"
            return f'<speciesReference species="{species}">{inner}</speciesReference>'
        if self.is_level_3 and not id and value is None:
            value = 1
        constant = self.needed(constant=not id)
        return f"<speciesReference{attributes(id=id or None, species=species, stoichiometry=value)}{constant}/>"

    def modifiers(self, equation, law, by_species, local):
        mentioned = names(law or 0).union(*[names(formula) for formula in by_species.values()])
        mentioned -= set(dict(local)) | set(re.findall(r"\w+", equation))
        return [f'<modifierSpeciesReference species="{species}"/>' for species in self.species_ids if species in mentioned]

    def kinetic_law(self, law, local, inner):
        if law is None:
            return ""
        names_ = ("listOfLocalParameters", "localParameter") if self.is_level_3 else ("listOfParameters", "parameter")
        items = "".join(f"<{names_[1]}{attributes(id=id, value=value)}/>" for id, value in dict(local).items())
        list_ = f"<{names_[0]}>{items}</{names_[0]}>" if items else ""
        return f"<kineticLaw>{self.formula(law or None)}{list_}{inner}</kineticLaw>"

    def event(self, trigger, assignments, delay=None, priority=None, persistent=True, initial=True, trigger_values=True,
              id=None, inner="", **more):
        """An event; `delay=""`, `priority=""` and `trigger=""` are elements without a formula, `trigger=None` no trigger."""
        is_written = self.is_level_3 or (self.level >= (2, 4) and not trigger_values)
        flags = attributes(useValuesFromTriggerTime=trigger_values) if is_written else ""
        parts = self.trigger(trigger, persistent, initial) + self.part("priority", priority) + self.part("delay", delay)
        changes = "".join(f'<eventAssignment variable="{variable}">{self.formula(formula)}</eventAssignment>'
                          for variable, formula in assignments.items())
        changes = f"<listOfEventAssignments>{changes}</listOfEventAssignments>" if changes else ""
        self.add("Events", "EventNoDelay" if delay is None else "EventWithDelay",
                 f"<event{attributes(id=id, **more)}{flags}>{parts}{changes}{inner}</event>")
        if priority is not None:
            self.tags.add("EventPriority")

    def trigger(self, trigger, persistent, initial):
        if trigger is None:
            return ""
        return f"<trigger{self.needed(initialValue=initial, persistent=persistent)}>{self.formula(trigger or None)}</trigger>"

    def part(self, name, formula):
        return "" if formula is None else f"<{name}>{self.formula(formula or None)}</{name}>"

    def submodel(self, id, model, inner="", **more):
        pairs = attributes(**{f"comp:{key}": value for key, value in {"id": id, "modelRef": model, **more}.items()})
        self.add("comp:Submodels", "comp:Submodel", f"<comp:submodel{pairs}>{inner}</comp:submodel>")

    def deletion(self, **target):
        self.tags.add("comp:Deletion")
        return f"<comp:listOfDeletions>{self.pointer('deletion', **target)}</comp:listOfDeletions>"

    def port(self, id, reference):
        self.add("comp:Ports", "comp:Port", f'<comp:port comp:id="{id}" comp:idRef="{reference}"/>')

    def replaces(self, *targets):
        """Child of an element that takes the place of others; each target holds submodelRef and one kind of reference."""
        self.tags.add("comp:ReplacedElement")
        inner = "".join(self.pointer("replacedElement", **target) for target in targets)
        return f"<comp:listOfReplacedElements>{inner}</comp:listOfReplacedElements>"

    def replaced_by(self, **target):
        self.tags.add("comp:ReplacedBy")
        return self.pointer("replacedBy", **target)

    def pointer(self, element, within=None, **target):
        """A reference into a submodel; `within` is the reference's own child, a target inside a deeper submodel."""
        inner = ""
        if within:
            self.tags.add("comp:SBaseRef")
            inner = self.pointer("sBaseRef", **within)
        pairs = attributes(**{f"comp:{key}": value for key, value in target.items()})
        return f"<comp:{element}{pairs}>{inner}</comp:{element}>"

    def define(self, model):
        """Takes another model up as a definition that submodels instantiate."""
        self.definitions.append(model)
        self.tags |= model.tags | {"comp:ModelDefinition"}

    def external(self, id, file, model):
        """A definition that lies in a file of its own beside this one."""
        self.externals.append(f'<comp:externalModelDefinition comp:id="{id}" comp:source="{file}"/>')
        self.files[file] = model.document()
        self.tags |= model.tags | {"comp:ExternalModelDefinition"}

    def inside(self, element="model", **more):
        inner = ""
        for name, items in self.lists.items():
            if items:
                prefix, _, plural = name.rpartition(":")
                tag = f"{prefix}:listOf{plural}" if prefix else f"listOf{plural}"
                inner += f"<{tag}>{''.join(items)}</{tag}>"
        return f"<{element}{attributes(id=self.id, **self.more, **more)}>{inner}</{element}>"

    @property
    def is_hierarchical(self):
        return any(tag.startswith("comp:") for tag in self.tags)

    def document(self):
        level, version = self.level
        namespace = NAMESPACES.get(self.level, f"http://www.sbml.org/sbml/level2/version{version}")
        package = f' xmlns:comp="{COMP}" comp:required="true"' if self.is_hierarchical else ""
        inner = self.inside()
        if self.definitions:
            models = "".join(model.inside("comp:modelDefinition") for model in self.definitions)
            inner += f"<comp:listOfModelDefinitions>{models}</comp:listOfModelDefinitions>"
        if self.externals:
            inner += f"<comp:listOfExternalModelDefinitions>{''.join(self.externals)}</comp:listOfExternalModelDefinitions>"
        xml_ = f'<sbml xmlns="{namespace}" level="{level}" version="{version}"{package}>{inner}</sbml>'
        return pretty(xml_)


def pretty(text_):
    """Indented, with formulas' leaves on one line each."""
    document = xml.dom.minidom.parseString(text_)
    lines = document.documentElement.toprettyxml(indent="  ").splitlines()
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(line for line in lines if line.strip()) + "\n"
