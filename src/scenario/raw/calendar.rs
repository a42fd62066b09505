//! Entries of a calendar as written: what is done, when, on which days.

use crate::diag::{Diagnostic, Diagnostics, Span};

use super::super::MarkKind;
use super::entry::{self, Keys, kind_of, mark_kind};
use super::table::{At, Node, Scalar, Table};

/// One entry.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub doing: Doing,
    pub when: When,
    /// What figures write beside it.
    pub label: Option<At<String>>,
    /// Names its random draws, so that two calendars can share them.
    pub name: Option<At<String>>,
    pub span: Span,
}

/// When it happens and on which days.
#[derive(Clone, Debug, Default)]
pub(crate) struct When {
    /// `at` or `from`, or the value of the kind's key for sleep.
    pub from: Option<At<Scalar>>,
    /// `for`.
    pub length: Option<At<Scalar>>,
    pub to: Option<At<Scalar>>,
    pub days: Days,
}

/// Which days.
#[derive(Clone, Debug, Default)]
pub(crate) struct Days {
    pub repeat: Option<At<String>>,
    pub days: Option<At<Scalar>>,
    pub weeks: Option<At<Scalar>>,
    pub phase: Option<At<String>>,
}

/// What is done.
#[derive(Clone, Debug)]
pub(crate) enum Doing {
    Meal {
        courses: Vec<Course>,
        order: Order,
    },
    Plate {
        name: At<String>,
        size: Size,
        order: Order,
    },
    Menu {
        name: At<String>,
        size: Size,
    },
    Bout {
        mode: At<String>,
        effort: Effort,
    },
    Sleep {
        quality: Option<At<Scalar>>,
    },
    Stress {
        what: At<String>,
        level: Option<At<Scalar>>,
        load: Option<At<Scalar>>,
    },
    Practice {
        what: At<String>,
    },
    Dose {
        what: At<String>,
        amount: At<Scalar>,
    },
    Infusion {
        what: At<String>,
        rate: At<Scalar>,
    },
    Light {
        level: At<Scalar>,
    },
    Diet {
        parts: Vec<(&'static str, At<Scalar>)>,
    },
    Mark {
        label: At<String>,
        kind: MarkKind,
    },
    Block {
        name: At<String>,
    },
}

/// What is eaten together.
#[derive(Clone, Debug)]
pub(crate) enum Course {
    /// `"75 g"`: glucose.
    Glucose(At<Scalar>),
    /// `["180 g boiled lentils", …]`
    Foods(Vec<At<String>>, Span),
    /// `{ carbohydrate = "50 g", … }`
    Nutrients(Vec<(&'static str, At<Scalar>)>, Span),
}

/// In which order parts of a meal are eaten, and how far apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Order {
    pub order: Option<At<String>>,
    pub gap: Option<At<Scalar>>,
}

/// How large a plate or a day's menu is.
#[derive(Clone, Debug)]
pub(crate) enum Size {
    AsItIs,
    Energy(At<Scalar>),
    Scale(At<Scalar>),
}

/// How hard a bout is.
#[derive(Clone, Debug)]
pub(crate) enum Effort {
    Steady(Intensity),
    Resistance {
        sets: At<Scalar>,
        repetitions: At<Scalar>,
        load: At<Scalar>,
        exercises: Option<At<Scalar>>,
        met: Option<At<Scalar>>,
    },
    Intervals {
        rounds: At<f64>,
        work: Timed,
        rest: Timed,
        warm_up: Option<At<Scalar>>,
        cool_down: Option<At<Scalar>>,
    },
}

/// How long and how hard.
pub(crate) type Timed = (At<Scalar>, At<Scalar>);

/// As a multiple of the metabolic rate at rest, or as a share of the maximal oxygen uptake.
#[derive(Clone, Debug)]
pub(crate) enum Intensity {
    Met(At<Scalar>),
    Share(At<Scalar>),
}

/// Keys that say which days.
const DAYS: [&str; 4] = ["repeat", "days", "weeks", "phase"];
/// Keys that every entry but a block may have.
const ALL: [&str; 2] = ["label", "name"];
const INSTANT: [&str; 2] = ["at", "from"];
const INTERVAL: [&str; 4] = ["at", "from", "for", "to"];

/// Kinds of entry, each with the keys that it has beside those of when it happens; the first one makes it that kind.
pub(in crate::scenario) const KINDS: &[(&str, &[&str])] = &[
    ("meal", &["meal", "order", "gap"]),
    ("courses", &["courses", "gap"]),
    ("plate", &["plate", "energy", "scale", "order", "gap"]),
    ("menu", &["menu", "energy", "scale"]),
    (
        "bout",
        &[
            "bout",
            "met",
            "intensity",
            "sets",
            "repetitions",
            "load",
            "exercises",
            "rounds",
            "work",
            "work_intensity",
            "rest",
            "rest_intensity",
            "warm_up",
            "cool_down",
        ],
    ),
    ("sleep", &["sleep", "quality"]),
    ("stress", &["stress", "level", "load"]),
    ("practice", &["practice"]),
    ("dose", &["dose", "amount"]),
    ("infusion", &["infusion", "rate"]),
    ("light", &["light"]),
    ("diet", &["diet"]),
    ("mark", &["mark", "kind"]),
    ("block", &["block"]),
];

/// Nutrients of a meal by grams.
pub(in crate::scenario) const NUTRIENTS: &[&str] = &[
    "carbohydrate",
    "gi",
    "fibre",
    "protein",
    "fat",
    "saturated",
    "monounsaturated",
    "polyunsaturated",
    "omega3",
    "energy",
];

/// Parts of a diet per day, each the input `diet_PART`.
pub(in crate::scenario) const DIET: &[&str] =
    &["energy", "carbohydrate", "fat", "protein", "sodium"];

/// Keys of when it happens that a kind has.
pub(in crate::scenario) fn keys_of_when(kind: &str) -> Vec<&'static str> {
    let times: &[&str] = match kind {
        "menu" | "block" => &[],
        "meal" | "courses" | "plate" | "dose" => &INSTANT,
        "sleep" => &["for", "to"],
        _ => &INTERVAL,
    };
    let all: &[&str] = if kind == "block" { &[] } else { &ALL };
    times.iter().chain(&DAYS).chain(all).copied().collect()
}

/// Every item of the list under `calendar`.
pub(super) fn items(node: &Node, findings: &mut Diagnostics) -> Vec<Item> {
    let tables = node.tables("this entry", findings);
    tables
        .iter()
        .filter_map(|table| item(table, findings))
        .collect()
}

fn item(table: &Table, findings: &mut Diagnostics) -> Option<Item> {
    refuse_protocol(table, findings)?;
    let kind = kind_of(table, KINDS, findings)?;
    let (_, own) = KINDS.iter().find(|(name, _)| *name == kind)?;
    let known: Vec<&str> = own.iter().copied().chain(keys_of_when(kind)).collect();
    table.refuse_unknown(&known, findings);
    let mut keys = Keys { table, findings };
    let when = when(kind, &mut keys);
    let doing = doing(kind, &mut keys)?;
    let mut word = |key: &str| table.get(key).and_then(|node| node.text(keys.findings));
    Some(Item {
        label: word("label"),
        name: word("name"),
        doing,
        when: when?,
        span: table.span,
    })
}

/// Entries of a protocol say what they do to the model's own quantities, and belong there.
fn refuse_protocol(table: &Table, findings: &mut Diagnostics) -> Option<()> {
    let ours = |name: &str| KINDS.iter().any(|(kind, _)| *kind == name);
    if KINDS.iter().any(|(kind, _)| table.get(kind).is_some()) {
        return Some(());
    }
    let mut theirs = entry::KINDS.iter().filter(|(name, _)| !ours(name));
    let Some((name, node)) = theirs.find_map(|(name, _)| table.get(name).map(|node| (*name, node)))
    else {
        return Some(());
    };
    let message = format!("`{name}` is an entry of the protocol");
    let found = Diagnostic::error("scenario/entry", message).at(node.key_span);
    findings.push(found.hint("write it in `protocol = […]`, which may stand beside the calendar"));
    None
}

fn when(kind: &str, keys: &mut Keys) -> Option<When> {
    if let (Some(at), Some(from)) = (keys.table.get("at"), keys.table.get("from")) {
        let found = Diagnostic::error("scenario/entry", "this entry says both `at` and `from`");
        let found = found.at(from.key_span).label(at.key_span, "");
        keys.findings
            .push(found.hint("both say when it begins: leave one of them out"));
        return None;
    }
    if let (Some(length), Some(to)) = (keys.table.get("for"), keys.table.get("to")) {
        let found = Diagnostic::error("scenario/entry", "this entry says both `for` and `to`");
        let found = found.at(to.key_span).label(length.key_span, "");
        keys.findings.push(found.hint("leave one of them out"));
        return None;
    }
    let from = match kind {
        "sleep" => keys.optional("sleep"),
        _ => keys.optional("at").or_else(|| keys.optional("from")),
    };
    Some(When {
        from,
        length: keys.optional("for"),
        to: keys.optional("to"),
        days: days(keys),
    })
}

/// The keys that say which days.
pub(super) fn days(keys: &mut Keys) -> Days {
    let table = keys.table;
    Days {
        repeat: table
            .get("repeat")
            .and_then(|node| node.text(keys.findings)),
        days: keys.optional("days"),
        weeks: keys.optional("weeks"),
        phase: table.get("phase").and_then(|node| node.text(keys.findings)),
    }
}

fn doing(kind: &str, keys: &mut Keys) -> Option<Doing> {
    let named = |keys: &mut Keys, example: &str| keys.text(kind, example);
    Some(match kind {
        "meal" => Doing::Meal {
            courses: vec![course(&keys.table.get("meal")?, keys.findings)?],
            order: order(keys),
        },
        "courses" => Doing::Meal {
            courses: courses(keys)?,
            order: order(keys),
        },
        "plate" => Doing::Plate {
            name: named(keys, "plate = \"salmon-quinoa\"")?,
            size: size(keys)?,
            order: order(keys),
        },
        "menu" => Doing::Menu {
            name: named(keys, "menu = \"mediterranean\"")?,
            size: size(keys)?,
        },
        "bout" => Doing::Bout {
            mode: named(keys, "bout = \"walk\"")?,
            effort: effort(keys)?,
        },
        "sleep" => Doing::Sleep {
            quality: keys.optional("quality"),
        },
        "stress" => stress(keys)?,
        "practice" => Doing::Practice {
            what: named(keys, "practice = \"mindfulness\"")?,
        },
        "dose" => {
            let amount = keys.scalar("amount", "amount = \"100 mg\"");
            Doing::Dose {
                what: named(keys, "dose = \"testosterone\"")?,
                amount: amount?,
            }
        }
        "infusion" => {
            let rate = keys.scalar("rate", "rate = \"2 ug/kg/min\"");
            Doing::Infusion {
                what: named(keys, "infusion = \"cortisol\"")?,
                rate: rate?,
            }
        }
        "light" => Doing::Light {
            level: keys.scalar("light", "light = \"500 lux\"")?,
        },
        "diet" => Doing::Diet {
            parts: parts(&keys.table.get("diet")?, "the diet", DIET, keys.findings)?,
        },
        "mark" => Doing::Mark {
            label: named(keys, "mark = \"exam\"")?,
            kind: mark_kind(keys),
        },
        _ => Doing::Block {
            name: named(keys, "block = \"weekly-exercise\"")?,
        },
    })
}

fn course(node: &Node, findings: &mut Diagnostics) -> Option<Course> {
    if node.is_list() {
        return Some(Course::Foods(node.texts(findings)?, node.span));
    }
    if node.is_table() {
        let read = parts(node, "the meal", NUTRIENTS, findings)?;
        return Some(Course::Nutrients(read, node.span));
    }
    node.scalar(findings).map(Course::Glucose)
}

fn courses(keys: &mut Keys) -> Option<Vec<Course>> {
    let node = keys.table.get("courses")?;
    let items = node.list(keys.findings)?;
    if items.is_empty() {
        let found = Diagnostic::error("scenario/meal", "this meal has no course").at(node.span);
        keys.findings.push(
            found.hint("for example `courses = [[\"200 g broccoli\"], [\"150 g white rice\"]]`"),
        );
        return None;
    }
    items
        .iter()
        .map(|item| course(item, keys.findings))
        .collect()
}

/// Numbers under the keys of a table, in the order of `known`.
fn parts(
    node: &Node,
    what: &'static str,
    known: &[&'static str],
    findings: &mut Diagnostics,
) -> Option<Vec<(&'static str, At<Scalar>)>> {
    let table = node.table(what, findings)?;
    table.refuse_unknown(known, findings);
    let mut read = Vec::new();
    for key in known {
        if let Some(node) = table.get(key) {
            read.push((*key, node.scalar(findings)?));
        }
    }
    Some(read)
}

fn order(keys: &mut Keys) -> Order {
    Order {
        order: keys
            .table
            .get("order")
            .and_then(|node| node.text(keys.findings)),
        gap: keys.optional("gap"),
    }
}

fn size(keys: &mut Keys) -> Option<Size> {
    match (keys.table.get("energy"), keys.table.get("scale")) {
        (None, None) => Some(Size::AsItIs),
        (Some(energy), None) => energy.scalar(keys.findings).map(Size::Energy),
        (None, Some(scale)) => scale.scalar(keys.findings).map(Size::Scale),
        (Some(energy), Some(scale)) => {
            let message = "this entry says both `energy` and `scale`";
            let found = Diagnostic::error("scenario/entry", message).at(scale.key_span);
            let found = found.label(energy.key_span, "");
            keys.findings.push(found.hint("leave one of them out"));
            None
        }
    }
}

fn stress(keys: &mut Keys) -> Option<Doing> {
    let what = keys.text("stress", "stress = \"exam\"");
    let (level, load) = (keys.optional("level"), keys.optional("load"));
    if level.is_some() == load.is_some() {
        let message = "a stressor has either a `level` (acute) or a `load` (chronic)";
        let found = Diagnostic::error("scenario/entry", message).at(keys.table.span);
        keys.findings.push(found.hint(
            "`level = 0.8` for hours from 0 to 1, `load = 1.3` for weeks as a multiple of the usual",
        ));
        return None;
    }
    Some(Doing::Stress {
        what: what?,
        level,
        load,
    })
}

const STEADY: &[&str] = &["met", "intensity"];
const RESISTANCE: &[&str] = &["sets", "repetitions", "load", "exercises", "met"];
const INTERVALS: &[&str] = &[
    "rounds",
    "work",
    "work_intensity",
    "rest",
    "rest_intensity",
    "warm_up",
    "cool_down",
];

fn effort(keys: &mut Keys) -> Option<Effort> {
    let mode = keys.table.get("bout")?.text(&mut Diagnostics::new());
    if mode.is_some_and(|mode| mode.value == "resistance") {
        refuse_others(keys, "resistance", RESISTANCE)?;
        return resistance(keys);
    }
    if keys.table.get("rounds").is_some() {
        refuse_others(keys, "intervals", INTERVALS)?;
        return intervals(keys);
    }
    refuse_others(keys, "steady effort", STEADY)?;
    intensity(keys).map(Effort::Steady)
}

/// Keys of another form of bout would be passed over.
fn refuse_others(keys: &mut Keys, form: &str, own: &[&str]) -> Option<()> {
    let all = [STEADY, RESISTANCE, INTERVALS].concat();
    let mut strange = all.iter().filter(|key| !own.contains(key));
    let Some(node) = strange.find_map(|key| keys.table.get(key)) else {
        return Some(());
    };
    let message = format!("a bout of {form} has no `{}`", node.key);
    let found = Diagnostic::error("scenario/entry", message).at(node.key_span);
    let hint = format!("it has {}", super::listed(own));
    keys.findings.push(found.hint(hint));
    None
}

fn intensity(keys: &mut Keys) -> Option<Intensity> {
    match (keys.table.get("met"), keys.table.get("intensity")) {
        (Some(met), None) => met.scalar(keys.findings).map(Intensity::Met),
        (None, Some(share)) => share.scalar(keys.findings).map(Intensity::Share),
        (Some(met), Some(share)) => {
            let message = "this bout says both `met` and `intensity`";
            let found = Diagnostic::error("scenario/entry", message).at(share.key_span);
            keys.findings
                .push(found.label(met.key_span, "").hint("leave one of them out"));
            None
        }
        (None, None) => {
            let message = "this bout does not say how hard it is";
            let found = Diagnostic::error("scenario/missing", message).at(keys.table.span);
            keys.findings.push(found.hint(
                "for example `met = 3.5`, or `intensity = \"65 %VO2max\"`; intervals have `rounds`",
            ));
            None
        }
    }
}

fn resistance(keys: &mut Keys) -> Option<Effort> {
    let sets = keys.scalar("sets", "sets = 3");
    let repetitions = keys.scalar("repetitions", "repetitions = 10");
    let load = keys.scalar("load", "load = \"70 %1RM\"");
    let (exercises, met) = (keys.optional("exercises"), keys.optional("met"));
    Some(Effort::Resistance {
        sets: sets?,
        repetitions: repetitions?,
        load: load?,
        exercises,
        met,
    })
}

fn intervals(keys: &mut Keys) -> Option<Effort> {
    let rounds = keys.number("rounds", "rounds = 10");
    let work = keys.scalar("work", "work = \"1 min\"");
    let hard = keys.scalar("work_intensity", "work_intensity = \"90 %VO2max\"");
    let rest = keys.scalar("rest", "rest = \"2 min\"");
    let easy = keys.scalar("rest_intensity", "rest_intensity = \"35 %VO2max\"");
    let (warm_up, cool_down) = (keys.optional("warm_up"), keys.optional("cool_down"));
    Some(Effort::Intervals {
        rounds: rounds?,
        work: (work?, hard?),
        rest: (rest?, easy?),
        warm_up,
        cool_down,
    })
}
