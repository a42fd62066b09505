//! Heat strips: many quantities over time at a glance.

use super::{Arm, BuildError, Happenings, add_happenings, shared_axis, time_axis};
use crate::render::number::significant;
use crate::render::{ColourBar, Figure, Panel, Strip};

/// What the colours of a row span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HeatScale {
    /// The row's own range, over all arms.
    Own,
    /// The range of all rows, which share a unit.
    Common,
    /// Given ends, low then high, in the rows' unit.
    Given(f64, f64),
}

/// One row per column, one panel per group and arm.
///
/// # Errors
/// When a column is missing, or rows of one scale differ in unit.
pub fn heat(
    title: &str,
    arms: &[Arm],
    groups: &[Vec<&str>],
    happenings: &Happenings,
    scale: HeatScale,
) -> Result<Figure, BuildError> {
    let mut panels = Vec::new();
    let mut rows = 0;
    for group in groups {
        if scale != HeatScale::Own {
            shared_axis(arms, group)?;
        }
        let ranges = ranges(arms, group, scale)?;
        for arm in arms {
            let mut panel = heat_panel(arm, group, &ranges)?;
            panel.colour_bar = Some(colour_bar(arms, group, &ranges, scale)?);
            panel.title = arm.label.to_string();
            add_happenings(&mut panel, happenings, panels.is_empty());
            rows += group.len();
            panels.push(panel);
        }
    }
    let mut figure = Figure::new(title, panels);
    let extra = 60 * u32::try_from(figure.panels.len()).expect("far fewer panels than u32 holds");
    let rows = u32::try_from(rows).expect("far fewer rows than u32 holds");
    figure.size.1 = 140 + extra + 34 * rows;
    super::in_readable_time(&mut figure);
    Ok(figure)
}

/// Lightest and darkest value of each row.
fn ranges(arms: &[Arm], ids: &[&str], scale: HeatScale) -> Result<Vec<(f64, f64)>, BuildError> {
    if let HeatScale::Given(low, high) = scale {
        return Ok(vec![(low, high); ids.len()]);
    }
    let mut own = Vec::with_capacity(ids.len());
    for id in ids {
        let mut range = (f64::INFINITY, f64::NEG_INFINITY);
        for arm in arms {
            let view = arm.trajectory.view(id).ok_or_else(|| super::unknown(id))?;
            let finite = view.iter().filter(|value| value.is_finite());
            range = finite.fold(range, |(low, high), &value| {
                (low.min(value), high.max(value))
            });
        }
        own.push(range);
    }
    if scale == HeatScale::Common {
        let all = own.iter().copied();
        let widest = all.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        own.fill(widest.unwrap_or((0.0, 1.0)));
    }
    Ok(own)
}

fn heat_panel(arm: &Arm, ids: &[&str], ranges: &[(f64, f64)]) -> Result<Panel, BuildError> {
    let trajectory = arm.trajectory;
    let mut panel = Panel {
        x: time_axis(trajectory),
        ..Panel::default()
    };
    for (id, &range) in ids.iter().zip(ranges) {
        let column = trajectory.column(id).ok_or_else(|| super::unknown(id))?;
        panel.strips.push(Strip {
            label: column.label.clone(),
            note: words(range, &column.unit),
            x: trajectory.time.clone(),
            values: trajectory.values(id).unwrap_or_default(),
            range,
        });
    }
    // The first row is on top, and categories are counted from below.
    let names = panel.strips.iter().rev().map(|strip| strip.label.clone());
    panel.y.categories = names.collect();
    Ok(panel)
}

fn words((low, high): (f64, f64), unit: &str) -> String {
    let ends = format!("{} – {}", significant(low, 3), significant(high, 3));
    format!("{ends} {unit}").trim_end().to_string()
}

fn colour_bar(
    arms: &[Arm],
    ids: &[&str],
    ranges: &[(f64, f64)],
    scale: HeatScale,
) -> Result<ColourBar, BuildError> {
    if scale == HeatScale::Own {
        return Ok(ColourBar {
            low: "lowest".into(),
            high: "highest of its row (range at the right)".into(),
        });
    }
    let (_, columns) = shared_axis(arms, ids)?;
    let (low, high) = ranges.first().copied().ok_or(BuildError::Empty)?;
    // Values beyond a given end have its colour.
    let (below, above) = match ranges_reach(arms, ids)? {
        (least, most) if scale != HeatScale::Common => (
            if least < low { "≤ " } else { "" },
            if most > high { "≥ " } else { "" },
        ),
        _ => ("", ""),
    };
    let high = format!("{above}{} {}", significant(high, 3), columns[0].unit);
    Ok(ColourBar {
        low: format!("{below}{}", significant(low, 3)),
        high: high.trim_end().into(),
    })
}

fn ranges_reach(arms: &[Arm], ids: &[&str]) -> Result<(f64, f64), BuildError> {
    let all = ranges(arms, ids, HeatScale::Common)?;
    all.first().copied().ok_or(BuildError::Empty)
}
