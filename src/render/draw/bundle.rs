//! Bundles of thin curves and clouds of dots.

use super::colour_bar::Colours;
use super::geometry::{clip, straightened};
use super::panel::Frame;
use super::scene::{Point, Rect, SOFT_INK, Scene, Shape, WHITE};
use super::series::dot;
use crate::render::{Bundle, Cloud, Colour, Panel, Rgb, Strand};

/// How far the line may be from what is drawn of it, in pixels.
const NEAR: f64 = 0.25;
/// Line of the curve that stands out.
pub(super) const PICKED: f64 = 3.0;
/// Radius of a dot of a cloud.
pub(super) const DOT: f64 = 2.3;
pub(super) const DOT_ALPHA: f64 = 0.75;
/// Half of the length of the strokes of a cross.
const CROSS: f64 = 3.0;

/// Draws the bundles of `panel`; says whether there was anything to draw.
pub(super) fn draw(scene: &mut Scene, panel: &Panel, frame: &Frame) -> bool {
    let colours = Colours::new(panel);
    let before = scene.len();
    for bundle in &panel.bundles {
        let (width, alpha) = look(bundle);
        let rgb = |strand: &Strand| colour(bundle, strand, colours.as_ref());
        let view = view(frame);
        for (index, strand) in bundle.strands.iter().enumerate() {
            let Some(colour) = rgb(strand).filter(|_| bundle.picked != Some(index)) else {
                continue;
            };
            let pale = bundle.picked.is_some();
            let colour = if pale { colour.lightened(0.72) } else { colour };
            for points in paths(strand, frame, &view) {
                scene.push(thread(points, width, colour, alpha));
            }
        }
        let picked = bundle.picked.and_then(|index| bundle.strands.get(index));
        if let Some((strand, colour)) = picked.and_then(|strand| Some((strand, rgb(strand)?))) {
            let paths = paths(strand, frame, &view);
            for (width, colour) in [(PICKED + 2.0, WHITE), (PICKED, colour)] {
                let paths = paths.iter().cloned();
                scene.extend(paths.map(|points| thread(points, width, colour, 1.0)));
            }
        }
    }
    scene.len() > before
}

fn thread(points: Vec<Point>, width: f64, colour: Rgb, alpha: f64) -> Shape {
    if alpha < 1.0 {
        Shape::Thread {
            points,
            width,
            colour,
            alpha,
        }
    } else {
        Shape::Line {
            points,
            width,
            colour,
        }
    }
}

fn colour(bundle: &Bundle, strand: &Strand, colours: Option<&Colours>) -> Option<Rgb> {
    match bundle.colour {
        Some(colour) => Some(colour.rgb()),
        None => colours?.of(strand.value),
    }
}

/// Width and opacity of the lines of a bundle: the more there are, the less each weighs.
pub(super) fn look(bundle: &Bundle) -> (f64, f64) {
    let n = bundle.strands.len() as f64;
    let width: f64 = match bundle.strands.len() {
        0..=15 => 2.0,
        16..=60 => 1.5,
        _ => 1.0,
    };
    match bundle.colour {
        Some(_) => (width.min(1.2), (16.0 / n.max(1.0)).clamp(0.18, 0.6)),
        None => (width, 1.0),
    }
}

/// What may be drawn on: half a line beyond the plot, and no further than what is shown already.
fn view(frame: &Frame) -> Rect {
    Rect {
        top: frame.plot.top - 1.0,
        bottom: frame.plot.bottom + 1.0,
        left: frame.plot.left,
        right: frame.right,
    }
}

fn paths(strand: &Strand, frame: &Frame, view: &Rect) -> Vec<Vec<Point>> {
    let points = strand.x.iter().zip(&strand.y);
    let points: Vec<Option<Point>> = points.map(|(&x, &y)| frame.point(x, y)).collect();
    let runs = points.split(|point| point.is_none());
    let whole = runs.map(|run| run.iter().flatten().copied().collect::<Vec<Point>>());
    whole
        .flat_map(|run| clip(&straightened(&run, NEAR), view))
        .collect()
}

/// Draws the clouds of `panel`; says whether there was anything to draw.
pub(super) fn clouds(scene: &mut Scene, panel: &Panel, frame: &Frame) -> bool {
    let colours = Colours::new(panel);
    let before = scene.len();
    for cloud in &panel.clouds {
        let mut seen: Vec<(Rgb, Vec<Point>)> = Vec::new();
        for (index, (&x, &y)) in cloud.x.iter().zip(&cloud.y).enumerate() {
            let Some(at) = frame.point(x, y).filter(|at| shown(frame, *at)) else {
                continue;
            };
            let value = cloud.value.get(index);
            let colour = match value {
                Some(&value) => colours.as_ref().and_then(|colours| colours.of(value)),
                None => Some(Colour::Series(0).rgb()),
            };
            let Some(colour) = colour else { continue };
            match seen.iter_mut().find(|(there, _)| *there == colour) {
                Some((_, dots)) => dots.push(at),
                None => seen.push((colour, vec![at])),
            }
        }
        scene.extend(seen.into_iter().map(|(colour, centres)| Shape::Dots {
            centres: apart(centres),
            radius: DOT,
            colour,
            alpha: DOT_ALPHA,
        }));
        for at in crossed(cloud, frame) {
            cross(scene, at);
        }
    }
    scene.len() > before
}

fn shown(frame: &Frame, at: Point) -> bool {
    frame.holds(at) && at.0 <= frame.right + 0.5
}

/// Dots without those that lie on top of another, at a pixel.
fn apart(mut centres: Vec<Point>) -> Vec<Point> {
    let cell = |at: &Point| (at.0.floor() as i64, at.1.floor() as i64);
    centres.sort_by_key(cell);
    centres.dedup_by_key(|at| cell(at));
    centres
}

/// Whether a cloud has positions without a value.
pub(super) fn is_missing(cloud: &Cloud) -> bool {
    cloud.y.iter().any(|y| !y.is_finite())
}

/// Where crosses stand for what has no value.
fn crossed<'a>(cloud: &'a Cloud, frame: &'a Frame) -> impl Iterator<Item = Point> + 'a {
    let without = cloud.x.iter().zip(&cloud.y).filter(|(_, y)| !y.is_finite());
    let bottom = frame.plot.bottom - CROSS - 2.0;
    without.filter_map(move |(&x, _)| Some((frame.x_of(x)?, bottom)).filter(|at| shown(frame, *at)))
}

/// A small cross: no value.
pub(super) fn cross(scene: &mut Scene, (x, y): Point) {
    for turn in [1.0, -1.0] {
        scene.push(Shape::Line {
            points: vec![(x - CROSS, y - turn * CROSS), (x + CROSS, y + turn * CROSS)],
            width: 1.2,
            colour: SOFT_INK,
        });
    }
}

/// Draws a dot where a line that grows has come to.
pub(super) fn head(scene: &mut Scene, path: &[Point], frame: &Frame, colour: Rgb) {
    let growing = frame.right < frame.plot.right - 0.5;
    if let Some(&end) = path.last().filter(|_| growing)
        && (end.0 - frame.right).abs() < 0.5
    {
        dot(scene, end, 4.0, colour);
    }
}
