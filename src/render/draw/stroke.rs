//! One straight piece of a line, and how much of a pixel it covers.

use super::scene::Point;

/// A straight stroke with blunt ends at the ends of its path and round ones where it meets the next.
pub(super) struct Stroke {
    from: Point,
    to: Point,
    direction: Point,
    length: f64,
    reach: f64,
    blunt: (bool, bool),
}

impl Stroke {
    pub fn new(from: Point, to: Point, reach: f64, blunt_start: bool, blunt_end: bool) -> Self {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        let direction = if length > 0.0 {
            (dx / length, dy / length)
        } else {
            (1.0, 0.0)
        };
        Self {
            from,
            to,
            direction,
            length,
            reach,
            blunt: (blunt_start, blunt_end),
        }
    }

    /// Upper left and lower right corner of a box with all that it covers.
    pub fn corners(&self) -> (Point, Point) {
        let reach = self.reach + 1.0;
        let (a, b) = (self.from, self.to);
        (
            (a.0.min(b.0) - reach, a.1.min(b.1) - reach),
            (a.0.max(b.0) + reach, a.1.max(b.1) + reach),
        )
    }

    /// Share of the pixel around `at` that the stroke covers, about.
    pub fn coverage(&self, at: Point) -> f64 {
        let (x, y) = (at.0 - self.from.0, at.1 - self.from.1);
        let along = x * self.direction.0 + y * self.direction.1;
        let aside = (x * self.direction.1 - y * self.direction.0).abs();
        let beyond = (-along).max(along - self.length);
        let blunt = if along < 0.5 * self.length {
            self.blunt.0
        } else {
            self.blunt.1
        };
        if blunt || beyond <= 0.0 {
            (self.reach + 0.5 - aside).clamp(0.0, 1.0)
                * if blunt {
                    (0.5 - beyond).clamp(0.0, 1.0)
                } else {
                    1.0
                }
        } else {
            (self.reach + 0.5 - (aside * aside + beyond * beyond).sqrt()).clamp(0.0, 1.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stroke_covers_its_width_and_ends_where_the_line_ends() {
        let stroke = Stroke::new((0.0, 0.0), (10.0, 0.0), 1.0, true, true);
        assert_eq!(stroke.coverage((5.0, 0.0)), 1.0);
        assert_eq!(stroke.coverage((5.0, 1.0)), 0.5);
        assert_eq!(stroke.coverage((10.0, 0.0)), 0.5);
        assert_eq!(stroke.coverage((11.0, 0.0)), 0.0);
    }
}
