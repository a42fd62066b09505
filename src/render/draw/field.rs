//! A field over both axes: coloured cells, bands between contours, contour lines with their levels.

use super::colour_bar::Colours;
use super::contour::Nodes;
use super::geometry::{clip, clip_area, straightened};
use super::level::{self, Line};
use super::panel::Frame;
use super::pattern::Pattern;
use super::scale::cell_edges;
use super::scene::{Point, Rect, Scene, Shape, WHITE};
use crate::math::log10;
use crate::render::{Field, FieldLook, Panel, Rgb};

/// What stands where there is no value.
const BLANK: Rgb = Rgb(228, 228, 228);
const BLANK_LINE: Rgb = Rgb(170, 170, 170);
const HATCH: f64 = 7.0;
/// Cells narrower than this show no more and only make the file large.
const LEAST_CELL: f64 = 3.0;
/// How far a contour may be from what is drawn of it, in pixels.
const NEAR: f64 = 0.15;

/// Whether a value is missing at some node.
pub(super) fn is_missing(field: &Field) -> bool {
    field.cells.iter().any(|cell| finite(*cell).is_none())
}

/// Draws the field of `panel` within `frame`; says whether there was anything to draw.
pub(super) fn draw(scene: &mut Scene, panel: &Panel, frame: &Frame) -> bool {
    let (Some(field), Some(colours)) = (&panel.field, Colours::new(panel)) else {
        return false;
    };
    if field.cells.len() != field.x.len() * field.y.len() || field.cells.is_empty() {
        return false;
    }
    match field.look {
        FieldLook::Cells => cells(scene, panel, &coarse(field, &frame.plot), &colours, frame),
        FieldLook::Bands => bands(scene, field, &colours, frame),
        FieldLook::Lines => sheet(scene, field, &colours, frame),
    }
    true
}

/// Draws the contour lines of a field over all that lies below.
pub(super) fn contours(scene: &mut Scene, panel: &Panel, frame: &Frame) {
    let (Some(field), Some(colours)) = (&panel.field, Colours::new(panel)) else {
        return;
    };
    if field.cells.len() != field.x.len() * field.y.len() {
        return;
    }
    let nodes = nodes(field, &colours, frame);
    let line = |at: f64, label: &str, strong: bool| Line {
        paths: match place(at, &colours) {
            Some(level) => inside(nodes.lines(level), &frame.plot),
            None => Vec::new(),
        },
        label: label.to_string(),
        strong,
    };
    let levels = colours.levels(field.levels);
    let thresholds = field.thresholds.iter();
    let strong = thresholds.map(|threshold| line(threshold.level, &threshold.label, true));
    // Their words find their place first.
    let mut lines: Vec<Line> = strong.collect();
    let same = |at: f64| {
        let thresholds = field.thresholds.iter();
        thresholds
            .into_iter()
            .any(|threshold| threshold.level == at)
    };
    let plain = levels.iter().filter(|tick| !same(tick.at));
    lines.extend(plain.map(|tick| line(tick.at, &tick.label, false)));
    level::draw(scene, &lines, &frame.plot, field.look != FieldLook::Lines);
}

fn inside(paths: Vec<Vec<Point>>, plot: &Rect) -> Vec<Vec<Point>> {
    let paths = paths.iter().map(|path| straightened(path, NEAR));
    paths.flat_map(|path| clip(&path, plot)).collect()
}

fn finite(cell: Option<f64>) -> Option<f64> {
    cell.filter(|value| value.is_finite())
}

/// A value as contours see it: straight lines run between logarithms where colours are logarithmic.
fn place(value: f64, colours: &Colours) -> Option<f64> {
    colours.scale.share(value)?;
    Some(if colours.scale.is_log() {
        log10(value)
    } else {
        value
    })
}

fn nodes(field: &Field, colours: &Colours, frame: &Frame) -> Nodes {
    let value = |cell: &Option<f64>| finite(*cell).and_then(|value| place(value, colours));
    let places = |nodes: &[f64], place: &dyn Fn(f64) -> Option<f64>| -> Vec<f64> {
        let places = nodes.iter().map(|&node| place(node));
        places.map(|place| place.unwrap_or(f64::NAN)).collect()
    };
    Nodes {
        x: places(&field.x, &|x| frame.x_of(x)),
        y: places(&field.y, &|y| frame.y_of(y)),
        values: field
            .cells
            .iter()
            .map(|c| value(c).unwrap_or(f64::NAN))
            .collect(),
    }
}

/// The field with so few cells that each can be seen: neighbours become their mean.
fn coarse(field: &Field, plot: &Rect) -> Field {
    let block = |n: usize, length: f64| {
        let most = (length / LEAST_CELL).max(1.0) as usize;
        n.div_ceil(most).max(1)
    };
    let (wide, high) = (
        block(field.x.len(), plot.width()),
        block(field.y.len(), plot.height()),
    );
    if wide == 1 && high == 1 {
        return field.clone();
    }
    let middle = |nodes: &[f64], block: usize| -> Vec<f64> {
        let blocks = nodes.chunks(block);
        blocks
            .map(|nodes| 0.5 * (nodes[0] + nodes[nodes.len() - 1]))
            .collect()
    };
    let mut cells = Vec::new();
    for row in (0..field.y.len()).step_by(high) {
        for column in (0..field.x.len()).step_by(wide) {
            let rows = row..(row + high).min(field.y.len());
            let columns = column..(column + wide).min(field.x.len());
            let all = rows.flat_map(|row| columns.clone().map(move |at| (row, at)));
            let (mut sum, mut n) = (0.0, 0);
            for value in all.filter_map(|(row, at)| finite(field.cells[row * field.x.len() + at])) {
                (sum, n) = (sum + value, n + 1);
            }
            cells.push((n > 0).then(|| sum / f64::from(n)));
        }
    }
    Field {
        x: middle(&field.x, wide),
        y: middle(&field.y, high),
        cells,
        ..field.clone()
    }
}

fn cells(scene: &mut Scene, panel: &Panel, field: &Field, colours: &Colours, frame: &Frame) {
    let edges = |nodes: &[f64], log, place: &dyn Fn(f64) -> Option<f64>| -> Vec<f64> {
        let edges = cell_edges(nodes, log).into_iter();
        edges.map(|edge| place(edge).unwrap_or(f64::NAN)).collect()
    };
    let plot = &frame.plot;
    let limit = |at: f64, low: f64, high: f64| at.clamp(low, high);
    let x = edges(&field.x, panel.x.log, &|x| frame.x_of(x));
    let y = edges(&field.y, panel.y.log, &|y| frame.y_of(y));
    let mut drawn: Vec<(u32, Rect, Option<Rgb>)> = Vec::new();
    for row in 0..field.y.len() {
        let values = &field.cells[row * field.x.len()..][..field.x.len()];
        let looks: Vec<Option<Rgb>> = values
            .iter()
            .map(|cell| finite(*cell).and_then(|value| colours.of(value)))
            .collect();
        let mut start = 0;
        for end in 1..=looks.len() {
            if end < looks.len() && looks[end] == looks[start] {
                continue;
            }
            let rect = Rect {
                left: limit(x[start], plot.left, plot.right),
                right: limit(x[end] + 0.5, plot.left, plot.right),
                // Rows go upwards. Cells overlap by half a pixel: no hairline of paper between them.
                top: limit(y[row + 1] - 0.5, plot.top, plot.bottom),
                bottom: limit(y[row], plot.top, plot.bottom),
            };
            let order = finite(values[start]).and_then(|value| colours.share(value));
            let order = order.map_or(0, |share| 1 + (1e6 * share) as u32);
            if rect.width() > 0.0 && rect.height() > 0.0 {
                drawn.push((order, rect, looks[start]));
            }
            start = end;
        }
    }
    // Cells of one colour after each other become one element of an SVG file.
    drawn.sort_by_key(|(order, ..)| *order);
    for (_, rect, look) in drawn {
        match look {
            Some(colour) => scene.push(rect.fill(colour, 1.0)),
            None => blank(scene, &rect.corners()),
        }
    }
}

/// Grey with slanted lines: no value.
pub(super) fn blank(scene: &mut Scene, outline: &[Point]) {
    scene.push(Shape::Fill {
        points: outline.to_vec(),
        colour: BLANK,
        alpha: 1.0,
    });
    Pattern::Rising.draw(scene, outline, HATCH, BLANK_LINE);
}

/// Paper where there are values, when somewhere there are none.
fn sheet(scene: &mut Scene, field: &Field, colours: &Colours, frame: &Frame) {
    if is_missing(field) {
        blank(scene, &frame.plot.corners());
        let whole = nodes(field, colours, frame).outline(f64::NEG_INFINITY, NEAR);
        scene.push(Shape::Fill {
            points: clip_area(&whole, &frame.plot),
            colour: WHITE,
            alpha: 1.0,
        });
    }
}

fn bands(scene: &mut Scene, field: &Field, colours: &Colours, frame: &Frame) {
    let nodes = nodes(field, colours, frame);
    if is_missing(field) {
        blank(scene, &frame.plot.corners());
    }
    let levels = colours.levels(field.levels);
    let mut floors = vec![f64::NEG_INFINITY];
    floors.extend(levels.iter().filter_map(|tick| place(tick.at, colours)));
    // Each band is drawn over the whole of the one below: nothing shows between them.
    for (floor, (from, to)) in floors.into_iter().zip(colours.parts()) {
        let points = clip_area(&nodes.outline(floor, NEAR), &frame.plot);
        if points.len() > 2 {
            let colour = colours.ramp(0.5 * (from + to));
            scene.push(Shape::Fill {
                points,
                colour,
                alpha: 1.0,
            });
        }
    }
}
