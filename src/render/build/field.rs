//! A number over two axes: heat maps and contour maps.

use crate::render::{Axis, Field, FieldLook, Figure, Panel, Threshold};

/// One number for every pair of two axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Axis of the columns, linear or logarithmic.
    pub x: Axis,
    /// Values along it, rising, in its unit.
    pub at_x: Vec<f64>,
    /// Axis of the rows, linear or logarithmic.
    pub y: Axis,
    /// Values along it, rising, in its unit.
    pub at_y: Vec<f64>,
    /// What the numbers are, linear or logarithmic: the colour bar.
    pub value: Axis,
    /// The numbers, row by row from the first of `at_y`; `None` for a run that failed.
    pub cells: Vec<Option<f64>>,
}

/// One cell for every pair, coloured by its number; cells without one are grey and hatched.
///
/// * `levels` — about how many contour lines at round numbers lie on it; 0 for none
/// * `thresholds` — levels with a thick line and words of their own, such as `7.8 mmol/L`
pub fn heat_map(title: &str, grid: &Grid, levels: usize, thresholds: &[Threshold]) -> Figure {
    map(title, grid, FieldLook::Cells, levels, thresholds)
}

/// Contours at about `levels` round numbers, straight lines between neighbours.
///
/// * `filled` — whether the bands between them are coloured
/// * `thresholds` — as in [`heat_map`]
pub fn contour_map(
    title: &str,
    grid: &Grid,
    filled: bool,
    levels: usize,
    thresholds: &[Threshold],
) -> Figure {
    let look = if filled {
        FieldLook::Bands
    } else {
        FieldLook::Lines
    };
    map(title, grid, look, levels, thresholds)
}

fn map(
    title: &str,
    grid: &Grid,
    look: FieldLook,
    levels: usize,
    thresholds: &[Threshold],
) -> Figure {
    let failed = grid
        .cells
        .iter()
        .filter(|cell| !cell.is_some_and(f64::is_finite))
        .count();
    let n = grid.cells.len();
    let field = Field {
        x: grid.at_x.clone(),
        y: grid.at_y.clone(),
        cells: grid.cells.clone(),
        look,
        levels,
        thresholds: thresholds.to_vec(),
        missing: format!("no value ({failed} of {n} runs)"),
    };
    let lines = look == FieldLook::Lines;
    let panel = Panel {
        // Lines that are labelled need no colours, but their caption has to stand somewhere.
        title: if lines {
            grid.value.caption()
        } else {
            String::new()
        },
        x: grid.x.clone(),
        y: grid.y.clone(),
        field: Some(field),
        colours: Some(grid.value.clone()),
        ..Panel::default()
    };
    Figure::new(title, vec![panel])
}
