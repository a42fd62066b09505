//! A family of curves: one for each value of an axis, coloured by it.

use super::in_readable_time;
use crate::render::{Axis, Bundle, Figure, Panel, Strand};

/// Most curves that are drawn: more lie on top of each other and only make the file large.
pub(super) const MOST_CURVES: usize = 300;

/// One curve of a family.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// What it was computed for, in the unit of the swept axis.
    pub value: f64,
    /// Its values along the common x, in the unit of the y axis; `None` for a run that failed.
    pub y: Option<Vec<f64>>,
}

/// Curves over a common `x`, coloured by the value that each was computed for, the lowest drawn first.
///
/// * `x`, `y` — the axes; of a time axis the unit may change to one that reads well
/// * `swept` — the axis that was varied, linear or logarithmic: the colour bar
/// * `along` — positions that all curves share, in the unit of `x`
///
/// Of more than 300 curves that many are drawn, evenly by rank of their value, the first and the last among them; the
/// legend says so, and how many runs failed.
pub fn family(
    title: &str,
    (x, y): (Axis, Axis),
    swept: Axis,
    along: &[f64],
    members: &[Member],
) -> Figure {
    let mut whole: Vec<(f64, &Vec<f64>)> = members
        .iter()
        .filter_map(|member| Some((member.value, member.y.as_ref()?)))
        .collect();
    whole.sort_by(|one, other| one.0.total_cmp(&other.0));
    let chosen = evenly(whole.len(), MOST_CURVES);
    let strand = |&at: &usize| Strand {
        x: along.to_vec(),
        y: whole[at].1.clone(),
        value: whole[at].0,
    };
    let bundle = Bundle {
        label: said(members.len(), members.len() - whole.len(), chosen.len()),
        strands: chosen.iter().map(strand).collect(),
        ..Bundle::default()
    };
    let panel = Panel {
        x,
        y,
        bundles: vec![bundle],
        colours: Some(swept),
        ..Panel::default()
    };
    let mut figure = Figure::new(title, vec![panel]);
    in_readable_time(&mut figure);
    figure
}

/// Indices of at most `most` of `n` things, evenly, the first and the last among them.
pub(super) fn evenly(n: usize, most: usize) -> Vec<usize> {
    if n <= most {
        return (0..n).collect();
    }
    (0..most).map(|at| at * (n - 1) / (most - 1)).collect()
}

/// How many runs there are, have failed and are drawn.
pub(super) fn said(n: usize, failed: usize, drawn: usize) -> String {
    let mut words = format!("{n} runs");
    if failed > 0 {
        words.push_str(&format!(", {failed} of them failed"));
    }
    if drawn < n - failed {
        words.push_str(&format!(", {drawn} drawn"));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_family_is_thinned_evenly_and_says_so() {
        let member = |at: i32| Member {
            value: f64::from(999 - at),
            y: (at != 500).then(|| vec![f64::from(at); 2]),
        };
        let members: Vec<Member> = (0..1000).map(member).collect();
        let axes = || (Axis::new("time", "min"), Axis::new("glucose", "mmol/L"));
        let dose = Axis::new("dose", "g");
        let figure = family("", axes(), dose, &[0.0, 60.0], &members);
        let strands = &figure.panels[0].bundles[0].strands;
        let ends = (strands[0].value, strands[strands.len() - 1].value);
        assert_eq!((strands.len(), ends), (300, (0.0, 999.0)));
        assert!(strands.windows(2).all(|pair| pair[0].value < pair[1].value));
        let label = &figure.panels[0].bundles[0].label;
        assert_eq!(label, "1000 runs, 1 of them failed, 300 drawn");
    }
}
