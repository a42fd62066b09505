//! What each element of core may hold, by level and version: attributes, and elements in their order.

/// First and last edition that knows a name; an edition is ten times the level plus the version.
pub(super) type Since = (u32, u32);

/// An element of core.
pub(super) struct Shape {
    /// Its name.
    pub name: &'static str,
    /// Attributes besides those that all elements have.
    pub attributes: &'static [(&'static str, Since)],
    /// Elements within, in order.
    pub children: &'static [(&'static str, Since)],
}

const ALL: Since = (21, 32);
const TWO: Since = (21, 25);
const FROM_2_2: Since = (22, 32);
const TYPES: Since = (22, 25);
const THREE: Since = (31, 32);

/// Attributes that all elements may have.
pub(super) const COMMON: [(&str, Since); 4] = [
    ("metaid", ALL),
    ("sboTerm", FROM_2_2),
    ("id", (32, 32)),
    ("name", (32, 32)),
];

/// Attributes that decide no number.
pub(super) const HARMLESS: [&str; 20] = [
    "metaid",
    "sboTerm",
    "name",
    "charge",
    "spatialSizeUnits",
    "substanceUnits",
    "timeUnits",
    "volumeUnits",
    "areaUnits",
    "lengthUnits",
    "extentUnits",
    "units",
    "compartmentType",
    "speciesType",
    "outside",
    "compartment",
    "offset",
    "reversible",
    "id",
    "encoding",
];

/// Values that an attribute may have where it is not known, since they say what holds without it.
pub(super) const IDLE: [(&str, &str); 5] = [
    ("fast", "false"),
    ("useValuesFromTriggerTime", "true"),
    ("initialValue", "true"),
    ("persistent", "true"),
    ("constant", "true"),
];

const NAMED: [(&str, Since); 2] = [("id", ALL), ("name", ALL)];
const MATH: [(&str, Since); 1] = [("math", ALL)];

/// A list of `$item`.
macro_rules! list {
    ($name:literal, $item:literal) => {
        Shape {
            name: $name,
            attributes: &[],
            children: &[($item, ALL)],
        }
    };
}

/// All elements of core.
pub(super) const SHAPES: &[Shape] = &[
    Shape {
        name: "sbml",
        attributes: &[("level", ALL), ("version", ALL)],
        children: &[("model", ALL)],
    },
    Shape {
        name: "model",
        attributes: &[
            ("id", ALL),
            ("name", ALL),
            ("substanceUnits", THREE),
            ("timeUnits", THREE),
            ("volumeUnits", THREE),
            ("areaUnits", THREE),
            ("lengthUnits", THREE),
            ("extentUnits", THREE),
            ("conversionFactor", THREE),
        ],
        children: &[
            ("listOfFunctionDefinitions", ALL),
            ("listOfUnitDefinitions", ALL),
            ("listOfCompartmentTypes", TYPES),
            ("listOfSpeciesTypes", TYPES),
            ("listOfCompartments", ALL),
            ("listOfSpecies", ALL),
            ("listOfParameters", ALL),
            ("listOfInitialAssignments", FROM_2_2),
            ("listOfRules", ALL),
            ("listOfConstraints", FROM_2_2),
            ("listOfReactions", ALL),
            ("listOfEvents", ALL),
        ],
    },
    list!("listOfFunctionDefinitions", "functionDefinition"),
    list!("listOfUnitDefinitions", "unitDefinition"),
    list!("listOfUnits", "unit"),
    list!("listOfCompartmentTypes", "compartmentType"),
    list!("listOfSpeciesTypes", "speciesType"),
    list!("listOfCompartments", "compartment"),
    list!("listOfSpecies", "species"),
    list!("listOfParameters", "parameter"),
    list!("listOfLocalParameters", "localParameter"),
    list!("listOfInitialAssignments", "initialAssignment"),
    Shape {
        name: "listOfRules",
        attributes: &[],
        children: &[
            ("assignmentRule", ALL),
            ("rateRule", ALL),
            ("algebraicRule", ALL),
        ],
    },
    list!("listOfConstraints", "constraint"),
    list!("listOfReactions", "reaction"),
    list!("listOfReactants", "speciesReference"),
    list!("listOfProducts", "speciesReference"),
    list!("listOfModifiers", "modifierSpeciesReference"),
    list!("listOfEvents", "event"),
    list!("listOfEventAssignments", "eventAssignment"),
    Shape {
        name: "functionDefinition",
        attributes: &NAMED,
        children: &MATH,
    },
    Shape {
        name: "unitDefinition",
        attributes: &NAMED,
        children: &[("listOfUnits", ALL)],
    },
    Shape {
        name: "unit",
        attributes: &[
            ("kind", ALL),
            ("exponent", ALL),
            ("scale", ALL),
            ("multiplier", ALL),
            ("offset", (21, 21)),
        ],
        children: &[],
    },
    Shape {
        name: "compartmentType",
        attributes: &NAMED,
        children: &[],
    },
    Shape {
        name: "speciesType",
        attributes: &NAMED,
        children: &[],
    },
    Shape {
        name: "compartment",
        attributes: &[
            ("id", ALL),
            ("name", ALL),
            ("spatialDimensions", ALL),
            ("size", ALL),
            ("units", ALL),
            ("constant", ALL),
            ("compartmentType", TYPES),
            ("outside", TWO),
        ],
        children: &[],
    },
    Shape {
        name: "species",
        attributes: &[
            ("id", ALL),
            ("name", ALL),
            ("compartment", ALL),
            ("initialAmount", ALL),
            ("initialConcentration", ALL),
            ("substanceUnits", ALL),
            ("hasOnlySubstanceUnits", ALL),
            ("boundaryCondition", ALL),
            ("constant", ALL),
            ("charge", TWO),
            ("spatialSizeUnits", (21, 22)),
            ("speciesType", TYPES),
            ("conversionFactor", THREE),
        ],
        children: &[],
    },
    Shape {
        name: "parameter",
        attributes: &[
            ("id", ALL),
            ("name", ALL),
            ("value", ALL),
            ("units", ALL),
            ("constant", ALL),
        ],
        children: &[],
    },
    Shape {
        name: "localParameter",
        attributes: &[("id", ALL), ("name", ALL), ("value", ALL), ("units", ALL)],
        children: &[],
    },
    Shape {
        name: "initialAssignment",
        attributes: &[("symbol", ALL)],
        children: &MATH,
    },
    Shape {
        name: "assignmentRule",
        attributes: &[("variable", ALL)],
        children: &MATH,
    },
    Shape {
        name: "rateRule",
        attributes: &[("variable", ALL)],
        children: &MATH,
    },
    Shape {
        name: "algebraicRule",
        attributes: &[],
        children: &MATH,
    },
    Shape {
        name: "constraint",
        attributes: &[],
        children: &[("math", ALL), ("message", ALL)],
    },
    Shape {
        name: "reaction",
        attributes: &[
            ("id", ALL),
            ("name", ALL),
            ("reversible", ALL),
            ("fast", (21, 31)),
            ("compartment", THREE),
        ],
        children: &[
            ("listOfReactants", ALL),
            ("listOfProducts", ALL),
            ("listOfModifiers", ALL),
            ("kineticLaw", ALL),
        ],
    },
    Shape {
        name: "speciesReference",
        attributes: &[
            ("id", FROM_2_2),
            ("name", FROM_2_2),
            ("species", ALL),
            ("stoichiometry", ALL),
            ("constant", THREE),
        ],
        children: &[("stoichiometryMath", TWO)],
    },
    Shape {
        name: "modifierSpeciesReference",
        attributes: &[("id", FROM_2_2), ("name", FROM_2_2), ("species", ALL)],
        children: &[],
    },
    Shape {
        name: "stoichiometryMath",
        attributes: &[],
        children: &MATH,
    },
    Shape {
        name: "kineticLaw",
        attributes: &[("timeUnits", (21, 21)), ("substanceUnits", (21, 21))],
        children: &[
            ("math", ALL),
            ("listOfParameters", TWO),
            ("listOfLocalParameters", THREE),
        ],
    },
    Shape {
        name: "event",
        attributes: &[
            ("id", ALL),
            ("name", ALL),
            ("timeUnits", (21, 22)),
            ("useValuesFromTriggerTime", (24, 32)),
        ],
        children: &[
            ("trigger", ALL),
            ("delay", ALL),
            ("priority", THREE),
            ("listOfEventAssignments", ALL),
        ],
    },
    Shape {
        name: "trigger",
        attributes: &[("initialValue", THREE), ("persistent", THREE)],
        children: &MATH,
    },
    Shape {
        name: "delay",
        attributes: &[],
        children: &MATH,
    },
    Shape {
        name: "priority",
        attributes: &[],
        children: &MATH,
    },
    Shape {
        name: "eventAssignment",
        attributes: &[("variable", ALL)],
        children: &MATH,
    },
];

/// The shape of an element of core.
pub(super) fn shape(name: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.name == name)
}
