//! Names beside points, and lines to read by.

use super::geometry::{clip, dashes};
use super::level::overlaps;
use super::panel::Frame;
use super::scene::{AXIS, Anchor, Point, Rect, SOFT_INK, Scene, Shape, Text, WHITE};
use super::series::DOT_RADIUS;
use super::text::width;
use crate::render::{Dash, Panel};

const SIZE: f64 = 11.5;
const NOTE_SIZE: f64 = 11.0;
/// Directions in which a name is tried, the best first: right, above, left, below, then between them.
const AROUND: [Point; 12] = [
    (1.0, 0.0),
    (0.0, -1.0),
    (-1.0, 0.0),
    (0.0, 1.0),
    (0.8, -0.7),
    (0.8, 0.7),
    (-0.8, -0.7),
    (-0.8, 0.7),
    (0.4, -1.0),
    (0.4, 1.0),
    (-0.4, -1.0),
    (-0.4, 1.0),
];
/// Distances from the point to its name, in pixels; a far one gets a line to it.
const DISTANCES: [f64; 9] = [7.0, 14.0, 24.0, 36.0, 50.0, 66.0, 84.0, 105.0, 130.0];
const NEAR: f64 = 15.0;

/// What names keep clear of: boxes always, lines where they can.
pub(super) struct Taken {
    boxes: Vec<Rect>,
    lines: Vec<Vec<Point>>,
}

impl Taken {
    fn covers(&self, place: &Rect) -> bool {
        self.boxes.iter().any(|other| overlaps(place, other))
    }

    fn crosses(&self, place: &Rect) -> bool {
        self.lines.iter().any(|line| !clip(line, place).is_empty())
    }
}

/// Draws the guides of a panel with their words; gives what they take.
pub(super) fn guides(scene: &mut Scene, panel: &Panel, frame: &Frame) -> Taken {
    let mut taken = Taken {
        boxes: Vec::new(),
        lines: Vec::new(),
    };
    let mut labels = Vec::new();
    for guide in &panel.guides {
        let (Some(from), Some(to)) = (
            frame.point(guide.from.0, guide.from.1),
            frame.point(guide.to.0, guide.to.1),
        ) else {
            continue;
        };
        let Some(path) = clip(&[from, to], &frame.plot).into_iter().next() else {
            continue;
        };
        for points in dashes(&path, Dash::Dashed, 1.2) {
            scene.push(Shape::Line {
                points,
                width: 1.2,
                colour: AXIS,
            });
        }
        labels.push((path.clone(), guide.label.as_str()));
        taken.lines.push(path);
    }
    for (path, label) in labels.iter().filter(|(_, label)| !label.is_empty()) {
        if let Some(place) = beside(path, label, &frame.plot, &taken) {
            let at = (place.left, place.bottom - 3.0);
            let text = Text::new(at, *label, NOTE_SIZE);
            scene.push(Shape::Text(text.coloured(SOFT_INK)));
            taken.boxes.push(place);
        }
    }
    taken
}

/// A box for words above a guide, as near to its end as they clear the edges of the plot and all other lines.
fn beside(path: &[Point], words: &str, plot: &Rect, taken: &Taken) -> Option<Rect> {
    let (wide, high) = (width(words, NOTE_SIZE, false), NOTE_SIZE + 3.0);
    let (from, to) = (path[0], path[path.len() - 1]);
    let at = |share: f64| {
        (
            to.0 + share * (from.0 - to.0),
            to.1 + share * (from.1 - to.1),
        )
    };
    let places = (0..60).map(|step| at(0.01 * f64::from(step)));
    let places = places.map(|(x, y)| Rect {
        left: x - 3.0 - wide,
        right: x - 3.0,
        top: y - 2.0 - high,
        bottom: y - 2.0,
    });
    let free = |place: &Rect| {
        let within = place.left > plot.left && place.top > plot.top + 2.0;
        within && place.right < plot.right - 2.0 && !taken.covers(place) && !taken.crosses(place)
    };
    places.into_iter().find(free)
}

/// Draws the names of a panel. Those that find no place are left out and counted above the plot.
///
/// * `taken` — what names must keep clear of beside points and each other
pub(super) fn draw(scene: &mut Scene, panel: &Panel, frame: &Frame, mut taken: Taken) {
    taken.boxes.extend(points(panel, frame));
    let mut left_out = 0;
    for name in &panel.names {
        let at = frame.point(name.at.0, name.at.1);
        let Some(at) = at.filter(|at| frame.holds(*at)) else {
            continue;
        };
        let Some((place, distance)) = find(at, &name.words, &frame.plot, &taken) else {
            left_out += 1;
            continue;
        };
        if distance > NEAR {
            leader(scene, at, &place);
        }
        if taken.crosses(&place) {
            // A line to read by must not strike through words.
            scene.push(place.fill(WHITE, 0.85));
        }
        let foot = (0.5 * (place.left + place.right), place.bottom - 3.5);
        let text = Text::new(foot, name.words.as_str(), SIZE).anchored(Anchor::Middle);
        scene.push(Shape::Text(text));
        taken.boxes.push(place);
    }
    if left_out > 0 {
        let words = format!("no room for {left_out} of {} names", panel.names.len());
        let at = (frame.plot.right, frame.plot.top - 6.0);
        let text = Text::new(at, words, NOTE_SIZE).anchored(Anchor::End);
        scene.push(Shape::Text(text.coloured(SOFT_INK)));
    }
}

/// Boxes of the points of a panel and of their error bars.
fn points(panel: &Panel, frame: &Frame) -> Vec<Rect> {
    let mut boxes = Vec::new();
    for series in &panel.series {
        for (index, (&x, &y)) in series.x.iter().zip(&series.y).enumerate() {
            let Some(at) = frame.point(x, y) else {
                continue;
            };
            let reach = |half: Option<&f64>, end: &dyn Fn(f64) -> Option<f64>, at: f64| {
                let half = half.copied().filter(|half| half.is_finite());
                let ends = half.map(|half| [end(half), end(-half)]);
                let far = ends.into_iter().flatten().flatten();
                far.fold(DOT_RADIUS + 1.0, |far, end| far.max((end - at).abs()))
            };
            let aside = reach(series.x_spread.get(index), &|d| frame.x_of(x + d), at.0);
            let along = reach(series.spread.get(index), &|d| frame.y_of(y + d), at.1);
            let dot = DOT_RADIUS + 1.0;
            // A cross of two bars, not the box around it.
            boxes.extend([(aside, dot), (dot, along)].map(|(w, h)| Rect {
                left: at.0 - w,
                right: at.0 + w,
                top: at.1 - h,
                bottom: at.1 + h,
            }));
        }
    }
    boxes
}

/// Place for `words` as near to `at` as they can be, and how far that is.
///
/// Lines to read by are crossed only when there is no place near without.
fn find(at: Point, words: &str, plot: &Rect, taken: &Taken) -> Option<(Rect, f64)> {
    let near = DISTANCES.into_iter().filter(|&distance| distance < 30.0);
    let tries = near.map(|distance| (distance, false));
    let tries = tries.chain(DISTANCES.map(|distance| (distance, true)));
    let (half, high) = (0.5 * width(words, SIZE, false), 0.5 * (SIZE + 3.0));
    for (distance, crossing) in tries {
        for (dx, dy) in AROUND {
            // From the point to the nearest edge of the box, then to its middle.
            let middle = (
                at.0 + dx * distance + dx.signum() * half * f64::from(u8::from(dx.abs() > 0.5)),
                at.1 + dy * distance + dy.signum() * high * f64::from(u8::from(dy.abs() > 0.5)),
            );
            let place = Rect {
                left: middle.0 - half,
                right: middle.0 + half,
                top: middle.1 - high,
                bottom: middle.1 + high,
            };
            let within = place.left >= plot.left + 2.0
                && place.right <= plot.right - 1.0
                && place.top >= plot.top
                && place.bottom <= plot.bottom - 2.0;
            if within && !taken.covers(&place) && (crossing || !taken.crosses(&place)) {
                return Some((place, distance));
            }
        }
    }
    None
}

/// A thin line from a point to the nearest place on the box of its name.
fn leader(scene: &mut Scene, at: Point, place: &Rect) {
    let to = (
        at.0.clamp(place.left, place.right),
        at.1.clamp(place.top, place.bottom),
    );
    scene.push(Shape::Line {
        points: vec![at, to],
        width: 0.8,
        colour: SOFT_INK,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::draw::scale;
    use crate::render::{Axis, Colour, Name, Series, SeriesKind};

    #[test]
    fn names_of_a_crowd_cover_neither_each_other_nor_the_points() {
        let place = |at: i32| (f64::from(at * 37 % 41), f64::from(at * 23 % 29));
        let at: Vec<(f64, f64)> = (0..25).map(place).collect();
        let (x, y) = at.iter().copied().unzip();
        let panel = Panel {
            x: Axis {
                range: Some((-2.0, 44.0)),
                ..Axis::default()
            },
            series: vec![Series::new("", SeriesKind::Points, x, y, Colour::Series(0))],
            names: at
                .iter()
                .map(|&at| Name {
                    at,
                    words: format!("parameter {:.0}", at.0),
                })
                .collect(),
            ..Panel::default()
        };
        let frame = Frame {
            plot: Rect {
                left: 0.0,
                top: 0.0,
                right: 700.0,
                bottom: 400.0,
            },
            x: scale::horizontal(&panel),
            y: scale::vertical(&panel, 5),
            x_ticks: vec![],
            y_ticks: vec![],
            right: 700.0,
            left: 0.0,
            caption_lines: 1,
            labelled_x: false,
        };
        let mut scene = Scene::new();
        let taken = guides(&mut scene, &panel, &frame);
        draw(&mut scene, &panel, &frame, taken);
        let words = scene.iter().filter_map(|shape| match shape {
            Shape::Text(text) if text.words.starts_with("parameter") => Some(text),
            _ => None,
        });
        let boxes = words.map(|text| {
            let half = 0.5 * width(&text.words, SIZE, false);
            // Capitals reach three quarters of an em above the baseline, tails a quarter below.
            Rect {
                left: text.at.0 - half,
                right: text.at.0 + half,
                top: text.at.1 - 0.75 * SIZE,
                bottom: text.at.1 + 0.25 * SIZE,
            }
        });
        let boxes: Vec<Rect> = boxes.collect();
        assert_eq!(boxes.len(), 25);
        let apart = |a: &Rect, b: &Rect| {
            a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top
        };
        for (index, one) in boxes.iter().enumerate() {
            assert!(
                boxes[..index].iter().all(|other| apart(one, other)),
                "{one:?}"
            );
            for (x, y) in at.iter().filter_map(|&(x, y)| frame.point(x, y)) {
                let inside = one.left < x && x < one.right && one.top < y && y < one.bottom;
                assert!(!inside, "{one:?} covers a point");
            }
        }
    }
}
