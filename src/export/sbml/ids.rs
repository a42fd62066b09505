//! How everything is called in the document: ids as SBML takes them, each once.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Model, Rule, Symbol};

use super::super::names::plain;

/// Written ids.
pub(super) struct Ids {
    symbols: IndexMap<Symbol, String>,
    functions: IndexMap<String, String>,
    /// Per event; none for one that has no name of its own.
    pub events: Vec<Option<String>>,
    /// Per algebraic rule, in order.
    pub algebraic: Vec<Option<String>>,
    /// Per constraint.
    pub constraints: Vec<Option<String>>,
    /// The model's, if it has one.
    pub model: Option<String>,
    taken: Taken,
}

impl Ids {
    /// Ids of a model; those that had to change are told.
    pub(super) fn new(model: &Model, found: &mut Diagnostics) -> Self {
        let wanted = || {
            let symbols = model.symbols().map(|s| model.identity(s).id.as_str());
            symbols.chain(model.functions.keys().map(String::as_str))
        };
        // What is an id already keeps its name, whatever stands before it in the lists.
        let mut taken = Taken::default();
        for id in wanted().filter(|id| plain(id) == **id) {
            taken.reserved.insert(id.to_string(), ());
        }
        let functions = model.functions.keys();
        let functions = functions.map(|id| (id.clone(), taken.give(id, found)));
        let functions = functions.collect();
        let symbols = model.symbols();
        let symbols = symbols.map(|s| (s, taken.give(&model.identity(s).id, found)));
        let symbols = symbols.collect();
        let events = model.events.iter();
        let events = events.map(|event| taken.optional(&event.identity.id, "event ", found));
        let events = events.collect();
        let algebraic = model.rules.iter().filter_map(|rule| match rule {
            Rule::Algebraic(id, _) => Some(id),
            _ => None,
        });
        let algebraic = algebraic.map(|id| taken.optional(id, "rule ", found));
        let algebraic = algebraic.collect();
        let constraints = model.constraints.iter();
        let constraints = constraints.map(|c| taken.optional(&c.id, "", found));
        let constraints = constraints.collect();
        let own = taken.optional(&model.id, "", found);
        Self {
            symbols,
            functions,
            events,
            algebraic,
            constraints,
            model: own,
            taken,
        }
    }

    /// The id of a symbol.
    pub(super) fn symbol(&self, symbol: Symbol) -> &str {
        &self.symbols[&symbol]
    }

    /// The id of a function.
    pub(super) fn function(&self, name: &str) -> &str {
        &self.functions[name]
    }

    /// An id like `base` that nothing has yet.
    pub(super) fn free(&mut self, base: &str) -> String {
        self.taken.free(base)
    }
}

#[derive(Default)]
struct Taken {
    reserved: IndexMap<String, ()>,
    given: IndexMap<String, ()>,
}

impl Taken {
    /// The id itself where it is one and nobody has it, else one like it.
    fn give(&mut self, id: &str, found: &mut Diagnostics) -> String {
        if plain(id) == id && !self.given.contains_key(id) {
            self.given.insert(id.to_string(), ());
            return id.to_string();
        }
        let given = self.free(&plain(id));
        let message = format!("`{id}` is called `{given}` in the file");
        let told = Diagnostic::warning("export/renamed", message);
        found.push(told.hint("ids of SBML are letters, digits and underscores, each once"));
        given
    }

    /// As [`Taken::give`]; none where the name is one that a reader made up, `event 1` for the first.
    fn optional(&mut self, id: &str, made_up: &str, found: &mut Diagnostics) -> Option<String> {
        let number = id.strip_prefix(made_up).filter(|_| !made_up.is_empty());
        let is_made_up = number.is_some_and(|number| number.parse::<usize>().is_ok());
        if id.is_empty() || is_made_up {
            return None;
        }
        if self.reserved.contains_key(id) {
            let given = self.free(&plain(id));
            let message = format!("`{id}` is called `{given}` in the file");
            found.push(Diagnostic::warning("export/renamed", message));
            return Some(given);
        }
        Some(self.give(id, found))
    }

    fn free(&mut self, base: &str) -> String {
        let is_free = |id: &String| !self.reserved.contains_key(id) && !self.given.contains_key(id);
        let mut names =
            std::iter::once(base.to_string()).chain((2..).map(|number| format!("{base}_{number}")));
        let id = names
            .find(is_free)
            .expect("numbers do not run out before names do");
        self.given.insert(id.clone(), ());
        id
    }
}
