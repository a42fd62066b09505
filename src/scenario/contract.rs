//! The input contract: the names by which the world reaches a body, whatever model the body is.
//!
//! It is the file `models/contract.toml`; `docs/inputs.md` shows it as a page.

use std::sync::OnceLock;

use indexmap::IndexMap;

use crate::diag::{Diagnostics, SourceMap, render_all};
use crate::units::{Unit, parse_unit};

use super::raw::table::{Node, Table, document};

/// The agreed names, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contract {
    /// Names keep their meaning within a version.
    pub version: u32,
    /// What is done to a body.
    pub inputs: IndexMap<String, Agreed>,
    /// What is read off one: meaning and unit.
    pub outputs: IndexMap<String, (String, String)>,
}

/// One agreed input.
#[derive(Clone, Debug, PartialEq)]
pub struct Agreed {
    /// What it is, in words.
    pub meaning: String,
    /// Whether it is given at once (an amount) rather than held (a level).
    pub amount: bool,
    /// Unit of the numbers below.
    pub unit: Unit,
    /// The unit as written; empty for pure numbers.
    pub unit_text: String,
    /// What people meet; a value outside of it earns a warning.
    pub range: (f64, f64),
    /// A value beyond it is a mistake.
    pub limit: (f64, f64),
    /// Value of a level while nothing is done, where there is one.
    pub rest: Option<f64>,
}

impl Agreed {
    /// The unit in words.
    pub fn unit_shown(&self) -> &str {
        if self.unit_text.is_empty() {
            "no unit"
        } else {
            &self.unit_text
        }
    }
}

const TEXT: &str = include_str!("../../models/contract.toml");

/// The contract of this version.
pub fn contract() -> &'static Contract {
    static READ: OnceLock<Contract> = OnceLock::new();
    READ.get_or_init(|| {
        let mut map = SourceMap::new();
        let source = map.add("contract.toml", TEXT);
        let mut findings = Diagnostics::new();
        let read = document(TEXT, source, "the contract", &mut findings, contract_of);
        match read.flatten() {
            Some(contract) if findings.0.is_empty() => contract,
            _ => panic!(
                "the shipped contract is read in the tests: {}",
                render_all(&findings, &map)
            ),
        }
    })
}

fn contract_of(root: Table, findings: &mut Diagnostics) -> Option<Contract> {
    root.refuse_unknown(&["version", "inputs", "outputs"], findings);
    let version = root
        .require("version", "version = 1", findings)?
        .number(findings)?;
    let inputs = root.require("inputs", "[inputs.NAME]", findings)?;
    let outputs = root.require("outputs", "[outputs.NAME]", findings)?;
    Some(Contract {
        version: version.value as u32,
        inputs: named(&inputs, agreed, findings)?,
        outputs: named(&outputs, output, findings)?,
    })
}

fn named<T>(
    node: &Node,
    read: fn(&Table, &mut Diagnostics) -> Option<T>,
    findings: &mut Diagnostics,
) -> Option<IndexMap<String, T>> {
    let section = node.table("this section", findings)?;
    let mut all = IndexMap::new();
    for node in section.nodes() {
        let table = node.table("this name", findings)?;
        all.insert(node.key.to_string(), read(&table, findings)?);
    }
    Some(all)
}

fn agreed(table: &Table, findings: &mut Diagnostics) -> Option<Agreed> {
    table.refuse_unknown(
        &["meaning", "kind", "unit", "range", "limit", "rest"],
        findings,
    );
    let meaning = text(table, "meaning", findings)?;
    let kind = text(table, "kind", findings)?;
    let unit_text = text(table, "unit", findings)?;
    let unit = if unit_text.is_empty() {
        Ok(Unit::ONE)
    } else {
        parse_unit(&unit_text)
    };
    Some(Agreed {
        meaning,
        amount: kind == "amount",
        unit: unit.ok()?,
        unit_text,
        range: pair(table, "range", findings)?,
        limit: pair(table, "limit", findings)?,
        rest: table
            .get("rest")
            .and_then(|node| node.number(findings))
            .map(|rest| rest.value),
    })
}

fn output(table: &Table, findings: &mut Diagnostics) -> Option<(String, String)> {
    Some((
        text(table, "meaning", findings)?,
        text(table, "unit", findings)?,
    ))
}

fn text(table: &Table, key: &str, findings: &mut Diagnostics) -> Option<String> {
    Some(table.require(key, key, findings)?.text(findings)?.value)
}

fn pair(table: &Table, key: &str, findings: &mut Diagnostics) -> Option<(f64, f64)> {
    let items = table.require(key, key, findings)?.list(findings)?;
    match items.as_slice() {
        [low, high] => Some((low.number(findings)?.value, high.number(findings)?.value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_contract_is_whole_and_its_numbers_are_in_order() {
        let contract = contract();
        assert_eq!(contract.version, 1);
        assert!(contract.inputs.len() > 50 && contract.outputs.len() > 15);
        for (name, agreed) in &contract.inputs {
            let (range, limit) = (agreed.range, agreed.limit);
            assert!(
                limit.0 <= range.0 && range.0 < range.1 && range.1 <= limit.1,
                "{name}"
            );
            assert!(
                agreed
                    .rest
                    .is_none_or(|rest| limit.0 <= rest && rest <= limit.1),
                "{name}"
            );
            assert!(!(agreed.amount && agreed.rest.is_some()), "{name}");
        }
        for (name, (_, unit)) in &contract.outputs {
            assert!(unit.is_empty() || parse_unit(unit).is_ok(), "{name}");
        }
    }
}
