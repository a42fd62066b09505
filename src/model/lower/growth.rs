//! How large functions become with all functions that they call.
//!
//! Later rooms read the body of a function wherever it is called. Functions that each call another one twice double with
//! every step, so that a short text could keep a machine busy for years.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics};
use crate::model::{Formula, FunctionDefinition};
use crate::syntax::expr::ExprKind;

/// Operations of one function with all that it calls, at most; functions that people write have some dozens.
const LARGEST: u64 = 100_000;

/// Levels of one function with all that it calls, at most: later rooms walk them recursively.
const DEEPEST: usize = 400;

/// Functions that call functions, at most; the compiler follows no more.
const MOST_CALLS: usize = 100;

/// Size of a function with all that it calls.
#[derive(Clone, Copy, Default)]
struct Extent {
    size: u64,
    depth: usize,
    calls: usize,
}

type Functions = IndexMap<String, FunctionDefinition>;

/// Reports the first function that is too large, or that calls too deep.
pub(super) fn refuse(functions: &Functions, found: &mut Diagnostics) {
    let Some(order) = callees_first(functions) else {
        // They call each other in a circle, which has been told.
        return;
    };
    let mut extents = vec![Extent::default(); functions.len()];
    for at in order {
        let extent = extent(&functions[at].body, functions, &extents);
        extents[at] = extent;
        let too = if extent.size > LARGEST {
            format!("makes more than {LARGEST} operations")
        } else if extent.depth > DEEPEST || extent.calls > MOST_CALLS {
            format!("is more than {DEEPEST} levels or {MOST_CALLS} calls deep")
        } else {
            continue;
        };
        let (name, function) = functions.get_index(at).expect("an index of its own order");
        let told = Diagnostic::error(
            "model/function-growth",
            format!("the function `{name}` {too} with the functions that it calls"),
        );
        found.push(
            told.at(function.span)
                .hint("give what is computed more than once to a function as an argument"),
        );
        return;
    }
}

fn extent(formula: &Formula, functions: &Functions, known: &[Extent]) -> Extent {
    let mut whole = Extent::default();
    for part in formula.arguments() {
        let inner = extent(part, functions, known);
        whole.size = whole.size.saturating_add(inner.size);
        whole.depth = whole.depth.max(inner.depth);
        whole.calls = whole.calls.max(inner.calls);
    }
    if let ExprKind::User(name, _) = &formula.kind
        && let Some(at) = functions.get_index_of(name)
    {
        whole.size = whole.size.saturating_add(known[at].size);
        whole.depth = whole.depth.max(known[at].depth);
        whole.calls = whole.calls.max(known[at].calls + 1);
    }
    whole.size = whole.size.saturating_add(1);
    whole.depth += 1;
    whole
}

/// Positions of all functions, each behind those that it calls; none when there is a circle.
fn callees_first(functions: &Functions) -> Option<Vec<usize>> {
    let mut callers = vec![Vec::new(); functions.len()];
    let mut open = vec![0usize; functions.len()];
    for (at, function) in functions.values().enumerate() {
        function.body.walk(&mut |part| {
            if let ExprKind::User(name, _) = &part.kind
                && let Some(called) = functions.get_index_of(name)
            {
                callers[called].push(at);
                open[at] += 1;
            }
        });
    }
    let mut order: Vec<usize> = (0..functions.len()).filter(|&at| open[at] == 0).collect();
    let mut next = 0;
    while let Some(&at) = order.get(next) {
        next += 1;
        for &caller in &callers[at] {
            open[caller] -= 1;
            if open[caller] == 0 {
                order.push(caller);
            }
        }
    }
    (order.len() == functions.len()).then_some(order)
}
