//! Trees as one line per statement, so that tests can state what a text means.

pub mod meanings;

use insilin::syntax::antimony::tree::*;
use insilin::syntax::expr::ExprKind;

/// One line per item or statement, statements of modules indented.
pub fn written(file: &File) -> String {
    file.items.iter().map(item).collect()
}

fn item(item: &Item) -> String {
    match item {
        Item::Import(text) => format!("import {:?}\n", text.text),
        Item::Statement(statement) => format!("{}\n", kind(&statement.kind)),
        Item::Function(function) => {
            let names: Vec<&str> = function.arguments.iter().map(|a| a.text.as_str()).collect();
            let body = function.body.as_ref().map_or("?".to_string(), formula);
            format!(
                "function {}({}) {body}\n",
                function.name.text,
                names.join(", ")
            )
        }
        Item::Module(module) => {
            let star = if module.main { "*" } else { "" };
            let body: String = module
                .statements
                .iter()
                .map(|s| format!("  {}\n", kind(&s.kind)))
                .collect();
            format!(
                "model {star}{}({})\n{body}",
                module.name.text,
                paths(&module.ports)
            )
        }
    }
}

/// A formula in prefix form: `(Plus a 1)`.
pub fn formula(expr: &Formula) -> String {
    let called = |head: String| {
        let all: String = expr
            .arguments()
            .iter()
            .map(|a| format!(" {}", formula(a)))
            .collect();
        format!("({head}{all})")
    };
    match &expr.kind {
        ExprKind::Number(value, None) => format!("{value}"),
        ExprKind::Number(value, Some(unit)) => format!("{value}[{unit}]"),
        ExprKind::Symbol(name) => name.clone(),
        ExprKind::Constant(constant) => format!("{constant:?}"),
        ExprKind::Call(function, _) => called(format!("{function:?}")),
        ExprKind::User(name, _) => called(name.clone()),
    }
}

fn path(path: &Path) -> String {
    format!("{}{}", if path.boundary { "$" } else { "" }, path.dotted())
}

fn paths(all: &[Path]) -> String {
    let all: Vec<String> = all.iter().map(path).collect();
    all.join(", ")
}

fn place(place: &Place) -> String {
    match &place.compartment {
        Some(compartment) => format!("{} in {}", path(&place.name), path(compartment)),
        None => path(&place.name),
    }
}

fn label(label: &Option<Place>) -> String {
    label
        .as_ref()
        .map_or(String::new(), |label| format!("{}: ", place(label)))
}

fn optional(value: &Option<Formula>) -> String {
    value.as_ref().map_or("nothing".to_string(), formula)
}

fn sign(kind: AssignmentKind) -> &'static str {
    match kind {
        AssignmentKind::Initial => "=",
        AssignmentKind::Rule => ":=",
        AssignmentKind::Rate => "'=",
    }
}

fn side(participants: &[Participant]) -> String {
    let one = |participant: &Participant| match &participant.stoichiometry {
        Stoichiometry::One => path(&participant.species),
        Stoichiometry::Number(n) => format!("{n} {}", path(&participant.species)),
        Stoichiometry::Symbol(n) => format!("{}*{}", path(n), path(&participant.species)),
    };
    let all: Vec<String> = participants.iter().map(one).collect();
    all.join(" + ")
}

fn argument(argument: &Argument) -> String {
    match argument {
        Argument::Symbol(name) => path(name),
        Argument::Number(number, _) => format!("{number}"),
    }
}

fn texts(all: &[Text]) -> String {
    let all: Vec<String> = all.iter().map(|text| format!("{:?}", text.text)).collect();
    all.join(", ")
}

fn attribute(value: &AttributeValue) -> String {
    match value {
        AttributeValue::Formula(value) => formula(value),
        AttributeValue::Text(text) => format!("{:?}", text.text),
        AttributeValue::Word(text) => format!("<{}>", text.text),
        AttributeValue::List(all) => {
            let all: Vec<String> = all.iter().map(attribute).collect();
            format!("{{{}}}", all.join(", "))
        }
    }
}

fn kind(kind: &StatementKind) -> String {
    match kind {
        StatementKind::Reaction(r) => {
            let arrow = if r.reversible { "->" } else { "=>" };
            let inside = r
                .compartment
                .as_ref()
                .map_or(String::new(), |c| format!(" in {}", path(c)));
            let rate = optional(&r.rate);
            format!(
                "{}{} {arrow} {}; {rate}{inside}",
                label(&r.place),
                side(&r.reactants),
                side(&r.products)
            )
        }
        StatementKind::Interaction(i) => {
            format!(
                "{}{} {:?} {}",
                label(&i.place),
                paths(&i.sources),
                i.kind,
                paths(&i.targets)
            )
        }
        StatementKind::Assignment {
            target,
            kind,
            value,
        } => {
            format!("{} {} {}", place(target), sign(*kind), optional(value))
        }
        StatementKind::Declaration(d) => declaration(d),
        StatementKind::Submodule(s) => submodule(s),
        StatementKind::HasUnit { target, unit } => {
            format!("{} has {}", place(target), formula(unit))
        }
        StatementKind::Synchronise {
            left,
            right,
            factor,
            divided,
        } => {
            let factor = factor
                .as_ref()
                .map_or(String::new(), |f| format!(" by {}", path(f)));
            format!(
                "{} is {}{factor}{}",
                path(left),
                path(right),
                if *divided { " (divided)" } else { "" }
            )
        }
        StatementKind::DisplayName { target, name } => {
            format!("{} named {:?}", path(target), name.text)
        }
        StatementKind::Delete(all) => format!("delete {}", paths(all)),
        StatementKind::Event(e) => event(e),
        StatementKind::UnitDefinition { name, unit } => {
            format!("unit {} = {}", name.text, optional(unit))
        }
        StatementKind::Algebraic { name, value } => {
            let name = name
                .as_ref()
                .map_or(String::new(), |name| format!("{}: ", path(name)));
            format!("{name}0 = {}", formula(value))
        }
        StatementKind::Constraint { name, condition } => {
            let name = name.as_ref().map_or(String::new(), path);
            format!("constraint {name}: {}", formula(condition))
        }
        StatementKind::Annotation(a) => {
            format!("{} {} {}", path(&a.target), a.keyword, texts(&a.values))
        }
        StatementKind::Attribute { path: owner, value } => {
            format!("{} set {}", path(owner), attribute(value))
        }
        StatementKind::OutOfScope { what } => format!("out of scope: {what}"),
    }
}

fn declaration(d: &Declaration) -> String {
    let mut text = String::new();
    for (word, present) in [
        ("var ", d.constant == Some(false)),
        ("const ", d.constant == Some(true)),
        ("substanceOnly ", d.substance_only),
    ] {
        text.push_str(if present { word } else { "" });
    }
    if let Some(kind) = d.kind {
        text.push_str(&format!("{kind:?} "));
    }
    let entry = |e: &Declared| {
        let value = e.value.as_ref().map_or(String::new(), |(kind, v)| {
            format!(" {} {}", sign(*kind), optional(v))
        });
        let unit = e
            .unit
            .as_ref()
            .map_or(String::new(), |unit| format!(" has {}", formula(unit)));
        format!("{}{value}{unit}", place(&e.place))
    };
    let all: Vec<String> = d.entries.iter().map(entry).collect();
    format!("declare {text}{}", all.join(", "))
}

fn submodule(s: &Submodule) -> String {
    let all: Vec<String> = s.arguments.iter().map(argument).collect();
    let option = |name: &str, value: &Option<Argument>| {
        value.as_ref().map_or(String::new(), |value| {
            format!(", {name} {}", argument(value))
        })
    };
    format!(
        "{}{}({}){}{}",
        label(&s.place),
        s.module.text,
        all.join(", "),
        option("time", &s.time_conversion),
        option("extent", &s.extent_conversion)
    )
}

fn event(e: &Event) -> String {
    let delay = e
        .delay
        .as_ref()
        .map_or(String::new(), |delay| format!("{} after ", formula(delay)));
    let options = [
        ("priority", &e.priority),
        ("persistent", &e.persistent),
        ("t0", &e.initially),
        ("fromTrigger", &e.from_trigger),
    ];
    let options: String = options
        .iter()
        .filter_map(|(name, value)| {
            value
                .as_ref()
                .map(|value| format!(", {name} {}", formula(value)))
        })
        .collect();
    let all: Vec<String> = e
        .assignments
        .iter()
        .map(|(p, f)| format!("{} = {}", path(p), formula(f)))
        .collect();
    format!(
        "{}at {delay}{}{options}: {}",
        label(&e.place),
        formula(&e.trigger),
        all.join(", ")
    )
}
