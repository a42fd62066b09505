//! What a protocol does, put in order: intervals and single changes to stops.

use indexmap::IndexMap;

use crate::diag::Span;
use crate::model::Symbol;
use crate::syntax::expr::Expr;

use super::super::{Action, Change, Clamp, Entry, Protocol, Stop};
use super::context::Context;
use super::flow;

/// What a protocol does, target by target, before it is put in order.
#[derive(Default)]
pub(super) struct Plan {
    pub held: IndexMap<Symbol, Vec<Interval>>,
    pub flows: IndexMap<Symbol, Vec<Interval>>,
    pub sets: IndexMap<Symbol, Span>,
    pub edges: Vec<Edge>,
    pub clamps: Vec<Clamp>,
    pub entries: Vec<Entry>,
}

/// `[from, to)` of one target, by one entry.
#[derive(Clone, Copy)]
pub(super) struct Interval {
    pub from: f64,
    pub to: f64,
    /// None for a clamp, which finds its own values.
    pub value: Option<f64>,
    pub span: Span,
    /// Position of the entry in the file.
    pub order: usize,
}

/// One change with what decides its turn: ends come before beginnings, then the order of the file.
pub(super) struct Edge {
    pub time: f64,
    pub begins: bool,
    pub order: usize,
    pub action: Action,
}

impl Plan {
    /// Puts everything in order: ends come before beginnings, then the order of the file.
    pub fn finish(mut self, context: &mut Context) -> Protocol {
        self.edges_of_holds();
        self.edges_of_flows(context);
        let order = |edge: &Edge| (edge.begins, edge.order);
        // Stable: the steps of one entry stay in their order.
        self.edges
            .sort_by(|a, b| a.time.total_cmp(&b.time).then(order(a).cmp(&order(b))));
        let mut stops: Vec<Stop> = Vec::new();
        for edge in self.edges {
            flow::may_change(&mut context.model, edge.action.target);
            match stops.last_mut() {
                Some(stop) if stop.time == edge.time => stop.actions.push(edge.action),
                _ => stops.push(Stop {
                    time: edge.time,
                    actions: vec![edge.action],
                }),
            }
        }
        for clamp in &self.clamps {
            flow::may_change(&mut context.model, clamp.actuator);
        }
        let end = context.axis.end;
        // A run without duration has its one instant all the same.
        let within =
            stops.partition_point(|stop| stop.time < end || stop.time == context.axis.start);
        let later = stops.split_off(within);
        Protocol {
            stops,
            later,
            clamps: self.clamps,
            entries: self.entries,
        }
    }

    /// A hold begins with its value; its end restores, but where the next begins.
    fn edges_of_holds(&mut self) {
        for (&target, intervals) in &self.held {
            for (at, interval) in intervals.iter().enumerate() {
                let Some(value) = interval.value else {
                    continue;
                };
                let mut edge = |time, begins, change| {
                    let action = Action {
                        target,
                        change,
                        span: interval.span,
                    };
                    self.edges.push(Edge {
                        time,
                        begins,
                        order: interval.order,
                        action,
                    });
                };
                edge(interval.from, true, Change::Set(Expr::number(value)));
                let taken_over = intervals
                    .get(at + 1)
                    .is_some_and(|next| next.from == interval.to);
                if !taken_over {
                    edge(interval.to, false, Change::Restore);
                }
            }
        }
    }

    /// At every edge of a flow into a state the hidden parameter takes the sum of the flows that are on.
    fn edges_of_flows(&mut self, context: &mut Context) {
        for (&target, intervals) in &self.flows {
            let hidden = flow::add_inflow(&mut context.model, target);
            for (time, sum, by) in sums(intervals) {
                let change = Change::Set(Expr::number(sum));
                let action = Action {
                    target: hidden,
                    change,
                    span: by.span,
                };
                self.edges.push(Edge {
                    time,
                    begins: false,
                    order: by.order,
                    action,
                });
            }
        }
    }
}

/// The sum of what is on from each edge on, with an interval that has the edge.
fn sums(intervals: &[Interval]) -> Vec<(f64, f64, Interval)> {
    let ends = |interval: &Interval| [(interval.from, *interval), (interval.to, *interval)];
    let mut edges: Vec<(f64, Interval)> = intervals.iter().flat_map(ends).collect();
    edges.sort_by(|a, b| a.0.total_cmp(&b.0));
    edges.dedup_by(|later, earlier| later.0 == earlier.0);
    let mut waiting = intervals.to_vec();
    waiting.sort_by(|a, b| a.from.total_cmp(&b.from));
    let mut waiting = waiting.into_iter().peekable();
    let mut on: Vec<Interval> = Vec::new();
    let mut sums = Vec::new();
    for (time, by) in edges {
        on.retain(|interval| interval.to > time);
        while let Some(begun) = waiting.next_if(|interval| interval.from <= time) {
            on.push(begun);
        }
        on.sort_by_key(|interval| interval.order);
        // Summed anew at each edge in the order of the file: what was added is gone without a trace when it ends.
        let sum: f64 = on.iter().filter_map(|interval| interval.value).sum();
        sums.push((time, sum + 0.0, by));
    }
    sums
}
