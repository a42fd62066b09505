//! Patterns that tell fills apart where colours do not: in print, in grey, for every kind of colour vision.

use super::scene::{Point, Scene, Shape};
use crate::render::{Colour, HappeningKind, Rgb};

/// How a fill is hatched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    Plain,
    Rising,
    Falling,
    Crossed,
    Upright,
    Level,
}

impl Pattern {
    pub fn of(kind: HappeningKind) -> Self {
        match kind {
            HappeningKind::Bout => Self::Rising,
            HappeningKind::Stress => Self::Crossed,
            HappeningKind::Practice => Self::Level,
            HappeningKind::Infusion => Self::Upright,
            HappeningKind::Dose => Self::Falling,
            HappeningKind::Meal
            | HappeningKind::Sleep
            | HappeningKind::Phase
            | HappeningKind::Other => Self::Plain,
        }
    }

    /// That of a filled series, which goes with its colour; repeats after five.
    pub fn of_series(colour: Colour) -> Self {
        const ORDER: [Pattern; 5] = [
            Pattern::Plain,
            Pattern::Rising,
            Pattern::Falling,
            Pattern::Crossed,
            Pattern::Upright,
        ];
        match colour {
            Colour::Series(index) => ORDER[index % ORDER.len()],
            _ => Self::Plain,
        }
    }

    /// Across which directions its lines lie, as unit vectors.
    fn normals(self) -> &'static [Point] {
        const SLOPE: f64 = std::f64::consts::FRAC_1_SQRT_2;
        const RISING: Point = (SLOPE, SLOPE);
        const FALLING: Point = (SLOPE, -SLOPE);
        match self {
            Self::Plain => &[],
            Self::Rising => &[RISING],
            Self::Falling => &[FALLING],
            Self::Crossed => &[RISING, FALLING],
            Self::Upright => &[(1.0, 0.0)],
            Self::Level => &[(0.0, 1.0)],
        }
    }

    /// Draws the lines of the pattern within an outline, `spacing` pixels apart.
    pub fn draw(self, scene: &mut Scene, outline: &[Point], spacing: f64, colour: Rgb) {
        for &normal in self.normals() {
            let across = outline.iter().map(|at| dot(*at, normal));
            let (low, high) = across.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| {
                (low.min(at), high.max(at))
            });
            let first = (low / spacing).ceil() as i64;
            let last = (high / spacing).floor() as i64;
            for step in first..=last {
                // Half a step away from where edges of whole pixels lie.
                let level = (step as f64 + 0.37) * spacing;
                lines_at(scene, outline, normal, level, colour);
            }
        }
    }
}

/// The parts within the outline of one line, `level` away from the origin across `normal`.
fn lines_at(scene: &mut Scene, outline: &[Point], normal: Point, level: f64, colour: Rgb) {
    let along = (-normal.1, normal.0);
    let mut crossings: Vec<f64> = Vec::new();
    for (from, to) in outline.iter().zip(outline.iter().cycle().skip(1)) {
        let (before, after) = (dot(*from, normal) - level, dot(*to, normal) - level);
        if (before <= 0.0) != (after <= 0.0) {
            let share = before / (before - after);
            let (start, end) = (dot(*from, along), dot(*to, along));
            crossings.push(start + share * (end - start));
        }
    }
    crossings.sort_by(f64::total_cmp);
    for pair in crossings.chunks_exact(2) {
        let point = |at: f64| {
            (
                level * normal.0 + at * along.0,
                level * normal.1 + at * along.1,
            )
        };
        scene.push(Shape::Line {
            points: vec![point(pair[0]), point(pair[1])],
            width: 1.0,
            colour,
        });
    }
}

fn dot(at: Point, direction: Point) -> f64 {
    at.0 * direction.0 + at.1 * direction.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hatching_stays_within_its_outline() {
        let outline = [(3.0, 2.0), (50.0, 2.0), (50.0, 13.0), (3.0, 13.0)];
        for pattern in [
            Pattern::Rising,
            Pattern::Falling,
            Pattern::Crossed,
            Pattern::Upright,
            Pattern::Level,
        ] {
            let mut scene = Scene::new();
            pattern.draw(&mut scene, &outline, 5.0, Rgb(0, 0, 0));
            assert!(scene.len() > 1, "{pattern:?}");
            for shape in scene {
                let Shape::Line { points, .. } = shape else {
                    panic!("hatching is lines");
                };
                assert!(points.iter().all(|&(x, y)| {
                    (2.999..=50.001).contains(&x) && (1.999..=13.001).contains(&y)
                }));
            }
        }
    }
}
