//! Contour lines on the page, and where their levels stand.

use super::scene::{INK, Point, Rect, Scene, Shape, Text, WHITE};
use super::text::width;

const SIZE: f64 = 11.0;
const PLAIN: f64 = 1.1;
const STRONG: f64 = 3.0;
/// A line shorter than this many widths of its words is not named.
const LEAST: f64 = 1.6;

/// All parts of one level.
pub(super) struct Line {
    pub paths: Vec<Vec<Point>>,
    pub label: String,
    pub strong: bool,
}

/// Draws `lines` with their words, the first of which find their place first.
///
/// * `coloured` — whether colours lie below, on which a line needs a white rim
pub(super) fn draw(scene: &mut Scene, lines: &[Line], plot: &Rect, coloured: bool) {
    let mut boxes: Vec<Rect> = Vec::new();
    let mut words: Vec<(Rect, &Line)> = Vec::new();
    for line in lines.iter().filter(|line| !line.label.is_empty()) {
        // Long parts of a thick line alone are named, and the longest part of a thin one.
        let mut paths: Vec<&Vec<Point>> = line.paths.iter().collect();
        paths.sort_by(|one, other| length(other).total_cmp(&length(one)));
        let most = if line.strong { 2 } else { 1 };
        for path in paths.into_iter().take(most) {
            if let Some(place) = place(path, line, plot, &boxes) {
                boxes.push(place);
                words.push((place, line));
            }
        }
    }
    for line in lines.iter().rev() {
        let (width, colour) = (if line.strong { STRONG } else { PLAIN }, INK);
        for (width, colour) in [(width + 2.0, WHITE), (width, colour)] {
            if colour == WHITE && !coloured {
                continue;
            }
            scene.extend(line.paths.iter().map(|path| Shape::Line {
                points: path.clone(),
                width,
                colour,
            }));
        }
    }
    for (place, line) in words {
        scene.push(place.fill(WHITE, 0.88));
        let at = (place.left + 3.0, place.bottom - 3.5);
        let text = Text::new(at, line.label.as_str(), SIZE);
        scene.push(Shape::Text(if line.strong { text.bold() } else { text }));
    }
}

fn length(path: &[Point]) -> f64 {
    path.windows(2).map(|pair| far(pair[0], pair[1])).sum()
}

fn far(a: Point, b: Point) -> f64 {
    ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).sqrt()
}

/// A box for the words of a line: on it, within the plot, off other words, best where the line is level and in its middle.
fn place(path: &[Point], line: &Line, plot: &Rect, taken: &[Rect]) -> Option<Rect> {
    let wide = width(&line.label, SIZE, line.strong) + 6.0;
    let high = SIZE + 5.0;
    let whole = length(path);
    if whole < LEAST * wide {
        return None;
    }
    let around = |(x, y): Point| Rect {
        left: x - 0.5 * wide,
        right: x + 0.5 * wide,
        top: y - 0.5 * high,
        bottom: y + 0.5 * high,
    };
    let free = |place: &Rect| {
        let within = place.left >= plot.left + 2.0
            && place.right <= plot.right - 2.0
            && place.top >= plot.top + 2.0
            && place.bottom <= plot.bottom - 2.0;
        within && !taken.iter().any(|other| overlaps(&wider(place), other))
    };
    let mut best: Option<(f64, Rect)> = None;
    let mut gone = 0.0;
    for pair in path.windows(2) {
        let piece = far(pair[0], pair[1]);
        let steps = (piece / 8.0).ceil().max(1.0) as usize;
        let slope = if piece > 0.0 {
            (pair[1].1 - pair[0].1).abs() / piece
        } else {
            1.0
        };
        for step in 0..steps {
            let share = step as f64 / steps as f64;
            let at = (
                pair[0].0 + share * (pair[1].0 - pair[0].0),
                pair[0].1 + share * (pair[1].1 - pair[0].1),
            );
            let off_middle = ((gone + share * piece) / whole - 0.5).abs();
            let (cost, place) = (slope + 1.5 * off_middle, around(at));
            if best.is_none_or(|(least, _)| cost < least) && free(&place) {
                best = Some((cost, place));
            }
        }
        gone += piece;
    }
    best.map(|(_, place)| place)
}

/// With room between the words of two lines.
fn wider(place: &Rect) -> Rect {
    Rect {
        left: place.left - 10.0,
        right: place.right + 10.0,
        ..*place
    }
}

/// Whether two boxes are closer than a few pixels.
pub(super) fn overlaps(one: &Rect, other: &Rect) -> bool {
    const APART: f64 = 2.0;
    one.left < other.right + APART
        && other.left < one.right + APART
        && one.top < other.bottom + APART
        && other.top < one.bottom + APART
}
