//! Contours of a field by marching squares: straight lines between nodes, a saddle decided by the mean of its corners.
//!
//! Source: Lorensen & Cline 1987, Computer Graphics 21:163–169, in two dimensions.

use std::collections::BTreeMap;

use super::geometry::straightened;
use super::scene::Point;

/// Numbers at the nodes of a grid whose nodes have places on the page.
pub(super) struct Nodes {
    /// Places of the columns, monotone.
    pub x: Vec<f64>,
    /// Places of the rows, monotone.
    pub y: Vec<f64>,
    /// Row by row; NaN for a node without a value.
    pub values: Vec<f64>,
}

/// An edge between two neighbouring nodes: column and row of the first, and whether it goes along x.
type Edge = (usize, usize, bool);

/// Edges of the square (column, row) in the order of its corners, the first from its first node along x.
fn edges(column: usize, row: usize) -> [Edge; 4] {
    [
        (column, row, true),
        (column + 1, row, false),
        (column, row + 1, true),
        (column, row, false),
    ]
}

impl Nodes {
    fn value(&self, column: usize, row: usize) -> f64 {
        self.values[row * self.x.len() + column]
    }

    /// Values at the corners of a square, round it.
    fn corners(&self, column: usize, row: usize) -> [f64; 4] {
        [
            self.value(column, row),
            self.value(column + 1, row),
            self.value(column + 1, row + 1),
            self.value(column, row + 1),
        ]
    }

    /// Where an edge crosses `level`; at its inner node when the other is out of the field.
    fn crossing(&self, (column, row, along): Edge, level: f64) -> Point {
        let (next_column, next_row) = if along {
            (column + 1, row)
        } else {
            (column, row + 1)
        };
        let (from, to) = (self.value(column, row), self.value(next_column, next_row));
        let share = match (from.is_finite(), to.is_finite()) {
            (true, true) => (level - from) / (to - from),
            (true, false) => 0.0,
            _ => 1.0,
        };
        let between = |a: f64, b: f64| a + share * (b - a);
        (
            between(self.x[column], self.x[next_column]),
            between(self.y[row], self.y[next_row]),
        )
    }

    /// Lines along which the field has the value `level`, open or closed; none through squares with a corner missing.
    pub fn lines(&self, level: f64) -> Vec<Vec<Point>> {
        let chains = chains(self.steps(level, |corners| corners.iter().all(|v| v.is_finite())));
        let place = |chain: Vec<Edge>| chain.into_iter().map(|e| self.crossing(e, level));
        let paths = chains.into_iter().map(|chain| place(chain).collect());
        paths.collect()
    }

    /// One outline around all of the field that is not below `level`, −∞ for the whole field; empty when nothing is.
    ///
    /// * `near` — how far from it what is given may be
    ///
    /// Its parts and their holes are joined by bridges that are walked there and back, and so cover nothing.
    pub fn outline(&self, level: f64, near: f64) -> Vec<Point> {
        let framed = self.framed();
        let chains = chains(framed.steps(level, |_| true));
        let mut outline: Vec<Point> = Vec::new();
        for chain in chains {
            let first = outline.first().copied();
            let part = chain.into_iter().map(|edge| framed.crossing(edge, level));
            let part: Vec<Point> = part.collect();
            outline.extend(straightened(&part, near));
            outline.extend(first);
        }
        outline
    }

    /// The same nodes with a row of missing ones around them, so that every outline is closed.
    fn framed(&self) -> Nodes {
        let wide = |places: &[f64]| -> Vec<f64> {
            let ends = (places.first().copied(), places.last().copied());
            let inner = places.iter().copied();
            ends.0.into_iter().chain(inner).chain(ends.1).collect()
        };
        let (columns, rows) = (self.x.len(), self.y.len());
        let mut values = vec![f64::NAN; (columns + 2) * (rows + 2)];
        for row in 0..rows {
            let start = (row + 1) * (columns + 2) + 1;
            let from = &self.values[row * columns..(row + 1) * columns];
            values[start..start + columns].copy_from_slice(from);
        }
        Nodes {
            x: wide(&self.x),
            y: wide(&self.y),
            values,
        }
    }

    /// Steps of the contour from edge to edge, all with what is not below the level on the same side.
    fn steps(&self, level: f64, counts: impl Fn(&[f64; 4]) -> bool) -> BTreeMap<Edge, Edge> {
        let mut steps = BTreeMap::new();
        for row in 0..self.y.len().saturating_sub(1) {
            for column in 0..self.x.len().saturating_sub(1) {
                let corners = self.corners(column, row);
                if counts(&corners) {
                    let edges = edges(column, row);
                    let pairs = pairs(&corners, level);
                    steps.extend(pairs.iter().map(|&(from, to)| (edges[from], edges[to])));
                }
            }
        }
        steps
    }
}

/// Through which edges of a square the contour enters and leaves.
///
/// Edge `i` goes from corner `i` to the next. The contour enters where, going round, the field falls below the level and
/// leaves where it rises again, so what is not below it lies on one side throughout.
fn pairs(corners: &[f64; 4], level: f64) -> Vec<(usize, usize)> {
    let high = corners.map(|value| value.is_finite() && value >= level);
    let falls = |edge: usize| high[edge] && !high[(edge + 1) % 4];
    let rises = |edge: usize| !high[edge] && high[(edge + 1) % 4];
    let falling: Vec<usize> = (0..4).filter(|&edge| falls(edge)).collect();
    // At a saddle there are two of each: the middle says whether the low corners or the high ones are cut off.
    let mean = 0.25 * corners.iter().sum::<f64>();
    let joined = falling.len() == 2 && mean.is_finite() && mean >= level;
    let nearest = |from: usize| {
        let forwards = (1..4).map(|step| (from + step) % 4);
        let backwards = (1..4).map(|step| (from + 4 - step) % 4);
        if falling.len() == 2 && !joined {
            backwards.into_iter().find(|&edge| rises(edge))
        } else {
            forwards.into_iter().find(|&edge| rises(edge))
        }
    };
    falling
        .iter()
        .filter_map(|&from| Some((from, nearest(from)?)))
        .collect()
}

/// Steps joined to paths; a closed one ends on the edge it begins with.
fn chains(mut steps: BTreeMap<Edge, Edge>) -> Vec<Vec<Edge>> {
    let entered: std::collections::BTreeSet<Edge> = steps.values().copied().collect();
    let open: Vec<Edge> = steps
        .keys()
        .filter(|edge| !entered.contains(edge))
        .copied()
        .collect();
    let mut chains = Vec::new();
    let mut starts = open.into_iter();
    while let Some(start) = starts.next().or_else(|| steps.keys().next().copied()) {
        let mut chain = vec![start];
        let mut at = start;
        while let Some(next) = steps.remove(&at) {
            chain.push(next);
            at = next;
        }
        chains.push(chain);
    }
    chains
}

#[cfg(test)]
mod tests {
    use super::*;

    /// x² + y² on a grid from −2 to 2 with `n` cells along each axis.
    fn bowl(n: usize) -> Nodes {
        let places: Vec<f64> = (0..=n).map(|i| -2.0 + 4.0 * i as f64 / n as f64).collect();
        let values = places
            .iter()
            .flat_map(|y| places.iter().map(move |x| x * x + y * y))
            .collect();
        Nodes {
            x: places.clone(),
            y: places,
            values,
        }
    }

    fn area(outline: &[Point]) -> f64 {
        let next = outline.iter().cycle().skip(1);
        0.5 * outline
            .iter()
            .zip(next)
            .map(|(a, b)| a.0 * b.1 - b.0 * a.1)
            .sum::<f64>()
            .abs()
    }

    #[test]
    fn the_contour_of_a_bowl_is_one_closed_circle() {
        let lines = bowl(40).lines(1.7);
        assert_eq!(lines.len(), 1);
        let circle = &lines[0];
        assert_eq!(circle.first(), circle.last());
        for (x, y) in circle {
            let radius = (x * x + y * y).sqrt();
            // Between nodes h apart a parabola is off its chord by at most h²/4, and the radius by h²/(8 r).
            assert!(
                (radius - 1.7_f64.sqrt()).abs() < 0.01 / 8.0 / 1.3 * 1.05,
                "{radius}"
            );
        }
        // Of a polygon inscribed within 0.1 % of the circle.
        let exact = std::f64::consts::PI * 1.7;
        assert!(
            (area(circle) - exact).abs() < 0.003 * exact,
            "{}",
            area(circle)
        );
    }

    #[test]
    fn an_outline_leaves_out_what_is_below_and_what_is_missing() {
        let mut bowl = bowl(40);
        let exact = 16.0 - std::f64::consts::PI * 1.7;
        let found = area(&bowl.outline(1.7, 0.0));
        assert!((found - exact).abs() < 0.003 * exact, "{found}");
        assert!((area(&bowl.outline(f64::NEG_INFINITY, 0.0)) - 16.0).abs() < 1e-12);
        assert!(bowl.outline(9.0, 0.0).is_empty());
        // One node in the middle takes its four half squares with it.
        bowl.values[20 * 41 + 20] = f64::NAN;
        let whole = area(&bowl.outline(f64::NEG_INFINITY, 0.0));
        assert!((whole - (16.0 - 2.0 * 0.01)).abs() < 1e-12, "{whole}");
    }

    #[test]
    fn a_contour_that_leaves_the_grid_ends_at_its_edge() {
        let lines = bowl(40).lines(5.0);
        assert_eq!(lines.len(), 4);
        for line in lines {
            for end in [line[0], line[line.len() - 1]] {
                assert!(end.0.abs() == 2.0 || end.1.abs() == 2.0, "{end:?}");
            }
        }
    }

    #[test]
    fn a_saddle_is_decided_by_the_mean_of_its_corners() {
        let saddle = |high: f64| Nodes {
            x: vec![0.0, 1.0],
            y: vec![0.0, 1.0],
            values: vec![high, 0.0, 0.0, high],
        };
        // Mean 1.5 above the level: the high corners are joined, so the low ones are cut off, and the other way round.
        let cut = |line: &[Point]| line.iter().map(|(x, y)| x - y).sum::<f64>().abs();
        for line in saddle(3.0).lines(1.0) {
            assert!(cut(&line) > 0.5, "{line:?}");
        }
        for line in saddle(1.5).lines(1.0) {
            assert!(cut(&line) < 0.5, "{line:?}");
        }
        assert_eq!(saddle(3.0).lines(1.0).len(), 2);
    }
}
