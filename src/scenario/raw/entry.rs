//! Entries of a protocol as written.

use crate::diag::{Diagnostic, Diagnostics, Span};

use super::super::MarkKind;
use super::table::{At, Scalar, Table, listed, suggestion};

/// One entry.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub kind: EntryKind,
    pub span: Span,
}

/// What an entry says. Times are optional where the start or the end of the run is meant without them.
#[derive(Clone, Debug)]
pub(crate) enum EntryKind {
    Give {
        input: At<String>,
        amount: At<Scalar>,
        time: At<Scalar>,
        /// Written as `meal = …`.
        meal: bool,
    },
    Hold {
        target: At<String>,
        at: At<Scalar>,
        from: Option<At<Scalar>>,
        to: Option<At<Scalar>>,
    },
    Rate {
        target: At<String>,
        at: At<Scalar>,
        from: Option<At<Scalar>>,
        to: Option<At<Scalar>>,
    },
    Bolus {
        target: At<String>,
        amount: Given,
        time: At<Scalar>,
    },
    Set {
        target: At<String>,
        value: Given,
        from: Option<At<Scalar>>,
    },
    Clamp(Box<Clamp>),
    Mark {
        label: At<String>,
        kind: MarkKind,
        from: At<Scalar>,
        to: Option<At<Scalar>>,
    },
}

/// A value as a number or as a formula.
#[derive(Clone, Debug)]
pub(crate) enum Given {
    Value(At<Scalar>),
    Formula(At<String>),
}

/// A sampled controller.
#[derive(Clone, Debug)]
pub(crate) struct Clamp {
    pub measured: At<String>,
    pub target: At<Scalar>,
    pub actuator: At<String>,
    pub every: At<Scalar>,
    pub from: Option<At<Scalar>>,
    pub to: Option<At<Scalar>>,
    pub start: At<Scalar>,
    pub gain: At<f64>,
    pub integral: Option<At<f64>>,
    pub limits: (At<Scalar>, At<Scalar>),
}

/// Kinds of entry with all keys that each may have; the first one makes it that kind.
pub(in crate::scenario) const KINDS: &[(&str, &[&str])] = &[
    ("meal", &["meal", "time"]),
    ("give", &["give", "amount", "time"]),
    ("hold", &["hold", "at", "from", "to"]),
    ("rate", &["rate", "at", "from", "to"]),
    ("bolus", &["bolus", "amount", "formula", "time"]),
    ("set", &["set", "at", "formula", "from"]),
    (
        "clamp",
        &[
            "clamp", "target", "by", "every", "from", "to", "start", "gain", "integral", "limits",
        ],
    ),
    ("mark", &["mark", "kind", "from", "to"]),
];

/// One entry; none when its kind is not clear or a part that it cannot do without is missing.
pub(super) fn read(table: &Table, findings: &mut Diagnostics) -> Option<Entry> {
    let kind = kind_of(table, KINDS, findings)?;
    let (_, keys) = KINDS.iter().find(|(name, _)| *name == kind)?;
    table.refuse_unknown(keys, findings);
    let keys = Keys { table, findings };
    let kind = match kind {
        "meal" => meal(keys),
        "give" => give(keys),
        "hold" | "rate" => level(keys, kind),
        "bolus" => bolus(keys),
        "set" => set(keys),
        "clamp" => clamp(keys),
        _ => mark(keys),
    }?;
    let span = table.span;
    Some(Entry { kind, span })
}

/// The kind among `kinds` whose key the entry has; reports none and several.
pub(super) fn kind_of(
    table: &Table,
    kinds: &[(&'static str, &[&str])],
    findings: &mut Diagnostics,
) -> Option<&'static str> {
    let names: Vec<&'static str> = kinds.iter().map(|(name, _)| *name).collect();
    let mut present = names
        .iter()
        .filter_map(|&name| table.get(name).map(|node| (name, node)));
    let first = present.next();
    let second = present.next();
    match (first, second) {
        (Some((name, _)), None) => Some(name),
        (Some((one, node)), Some((other, other_node))) => {
            let message = format!("this entry says both `{one}` and `{other}`");
            let found = Diagnostic::error("scenario/entry", message).at(other_node.key_span);
            findings.push(found.label(node.key_span, "").hint("write two entries"));
            None
        }
        _ => {
            let found = Diagnostic::error("scenario/entry", "this entry does not say what is done");
            let near = table.nodes().into_iter().find_map(|node| {
                crate::diag::did_you_mean(node.key, names.iter().copied())
                    .map(|near| (node.key_span, suggestion(node.key, &[near])))
            });
            let (span, hint) = near
                .unwrap_or_else(|| (table.span, format!("one of {} begins it", listed(&names))));
            findings.push(found.at(span).hint(hint));
            None
        }
    }
}

/// Reads the keys of one entry.
pub(super) struct Keys<'t, 'a> {
    pub table: &'t Table<'a>,
    pub findings: &'t mut Diagnostics,
}

impl Keys<'_, '_> {
    pub fn text(&mut self, key: &str, example: &str) -> Option<At<String>> {
        let node = self.table.require(key, example, self.findings)?;
        node.text(self.findings)
    }

    pub fn scalar(&mut self, key: &str, example: &str) -> Option<At<Scalar>> {
        let node = self.table.require(key, example, self.findings)?;
        node.scalar(self.findings)
    }

    /// None where the key is absent, `Some(None)` never: a value of the wrong type has been reported and counts as absent.
    pub fn optional(&mut self, key: &str) -> Option<At<Scalar>> {
        self.table.get(key)?.scalar(self.findings)
    }

    pub fn number(&mut self, key: &str, example: &str) -> Option<At<f64>> {
        let node = self.table.require(key, example, self.findings)?;
        node.number(self.findings)
    }

    /// The value under `key` or the formula; exactly one of them.
    fn given(&mut self, key: &str, example: &str) -> Option<Given> {
        match (self.table.get(key), self.table.get("formula")) {
            (_, None) => self.scalar(key, example).map(Given::Value),
            (None, Some(node)) => node.text(self.findings).map(Given::Formula),
            (Some(value), Some(formula)) => {
                let message = format!("this entry says both `{key}` and `formula`");
                let found = Diagnostic::error("scenario/entry", message).at(formula.key_span);
                self.findings.push(
                    found
                        .label(value.key_span, "")
                        .hint("leave one of them out"),
                );
                None
            }
        }
    }
}

/// The input that `meal = …` gives.
pub(crate) const MEAL_INPUT: &str = "meal_glucose";

fn meal(mut keys: Keys) -> Option<EntryKind> {
    let amount = keys.scalar("meal", "meal = \"78 g\"");
    let time = keys.scalar("time", "time = 0");
    let amount = amount?;
    Some(EntryKind::Give {
        input: At {
            value: MEAL_INPUT.to_string(),
            span: amount.span,
        },
        amount,
        time: time?,
        meal: true,
    })
}

fn give(mut keys: Keys) -> Option<EntryKind> {
    let input = keys.text("give", "give = \"meal_glucose\"");
    let amount = keys.scalar("amount", "amount = \"78 g\"");
    let time = keys.scalar("time", "time = 0");
    Some(EntryKind::Give {
        input: input?,
        amount: amount?,
        time: time?,
        meal: false,
    })
}

fn level(mut keys: Keys, kind: &str) -> Option<EntryKind> {
    let target = keys.text(kind, "hold = \"insulin\"");
    let at = keys.scalar("at", "at = \"60 pmol/L\"");
    let (from, to) = (keys.optional("from"), keys.optional("to"));
    let (target, at) = (target?, at?);
    Some(if kind == "hold" {
        EntryKind::Hold {
            target,
            at,
            from,
            to,
        }
    } else {
        EntryKind::Rate {
            target,
            at,
            from,
            to,
        }
    })
}

fn bolus(mut keys: Keys) -> Option<EntryKind> {
    let target = keys.text("bolus", "bolus = \"glucose\"");
    let amount = keys.given("amount", "amount = \"10 g\"");
    let time = keys.scalar("time", "time = 0");
    Some(EntryKind::Bolus {
        target: target?,
        amount: amount?,
        time: time?,
    })
}

fn set(mut keys: Keys) -> Option<EntryKind> {
    let target = keys.text("set", "set = \"k\"");
    let value = keys.given("at", "at = \"3 1/min\"");
    let from = keys.optional("from");
    Some(EntryKind::Set {
        target: target?,
        value: value?,
        from,
    })
}

fn clamp(mut keys: Keys) -> Option<EntryKind> {
    let measured = keys.text("clamp", "clamp = \"G\"");
    let target = keys.scalar("target", "target = \"90 mg/dL\"");
    let actuator = keys.text("by", "by = \"glucose_infusion\"");
    let every = keys.scalar("every", "every = \"5 min\"");
    let start = keys.scalar("start", "start = \"0 mg/kg/min\"");
    let gain = keys.number("gain", "gain = 0.05");
    let integral = keys
        .table
        .get("integral")
        .and_then(|node| node.number(keys.findings));
    let limits = limits(&mut keys);
    let (from, to) = (keys.optional("from"), keys.optional("to"));
    Some(EntryKind::Clamp(Box::new(Clamp {
        measured: measured?,
        target: target?,
        actuator: actuator?,
        every: every?,
        from,
        to,
        start: start?,
        gain: gain?,
        integral,
        limits: limits?,
    })))
}

fn limits(keys: &mut Keys) -> Option<(At<Scalar>, At<Scalar>)> {
    let example = "limits = [\"0 mg/kg/min\", \"20 mg/kg/min\"]";
    let node = keys.table.require("limits", example, keys.findings)?;
    super::sections::pair(&node, keys.findings)
}

fn mark(mut keys: Keys) -> Option<EntryKind> {
    let label = keys.text("mark", "mark = \"breakfast\"");
    let from = keys.scalar("from", "from = 0");
    let to = keys.optional("to");
    let kind = mark_kind(&mut keys);
    Some(EntryKind::Mark {
        label: label?,
        kind,
        from: from?,
        to,
    })
}

/// `kind = "meal"`; other when nothing is said.
pub(super) fn mark_kind(keys: &mut Keys) -> MarkKind {
    let word = keys
        .table
        .get("kind")
        .and_then(|node| node.text(keys.findings));
    word.and_then(|word| super::one_of(&word, "kind", MarkKind::WORDS, keys.findings))
        .unwrap_or(MarkKind::Other)
}
