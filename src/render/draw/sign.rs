//! The sign of each kind of happening: a small filled shape with a white rim.

use super::scene::{Point, Scene, Shape, WHITE};
use crate::render::{Colour, HappeningKind};

/// Half of the height of a sign, in pixels.
pub(super) const REACH: f64 = 5.0;

/// Draws the sign of `kind` around `centre`.
pub(super) fn draw(scene: &mut Scene, kind: HappeningKind, centre: Point) {
    for (reach, colour) in [(REACH + 1.3, WHITE), (REACH, Colour::Happening(kind).rgb())] {
        scene.push(match outline(kind) {
            Some(corners) => Shape::Fill {
                points: corners
                    .iter()
                    .map(|(x, y)| (centre.0 + reach * x, centre.1 + reach * y))
                    .collect(),
                colour,
                alpha: 1.0,
            },
            None => Shape::Disc {
                centre,
                radius: 0.85 * reach,
                colour,
            },
        });
    }
}

/// Corners on a square from −1 to 1, y downwards; none for a disc.
fn outline(kind: HappeningKind) -> Option<&'static [Point]> {
    const DOWN: [Point; 3] = [(-1.0, -0.85), (1.0, -0.85), (0.0, 1.0)];
    const UP: [Point; 3] = [(-1.0, 0.85), (1.0, 0.85), (0.0, -1.0)];
    const SQUARE: [Point; 4] = [(-0.8, -0.8), (0.8, -0.8), (0.8, 0.8), (-0.8, 0.8)];
    const DIAMOND: [Point; 4] = [(0.0, -1.1), (0.9, 0.0), (0.0, 1.1), (-0.9, 0.0)];
    const STAR: [Point; 8] = [
        (0.0, -1.2),
        (0.32, -0.32),
        (1.2, 0.0),
        (0.32, 0.32),
        (0.0, 1.2),
        (-0.32, 0.32),
        (-1.2, 0.0),
        (-0.32, -0.32),
    ];
    const FLAG: [Point; 4] = [(-0.25, -1.0), (0.25, -1.0), (0.25, 1.0), (-0.25, 1.0)];
    match kind {
        HappeningKind::Meal | HappeningKind::Other => Some(&DOWN),
        HappeningKind::Bout => Some(&SQUARE),
        HappeningKind::Stress => Some(&STAR),
        HappeningKind::Dose => Some(&DIAMOND),
        HappeningKind::Infusion => Some(&UP),
        HappeningKind::Phase => Some(&FLAG),
        HappeningKind::Sleep | HappeningKind::Practice => None,
    }
}
