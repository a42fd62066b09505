//! Shapes → pixels → PNG. Lines and fills are covered here, smooth at every width; plotters draws the glyphs.

use plotters::backend::BitMapBackend;
use plotters::prelude::{Color, DrawingBackend, RGBColor};

use super::png;
use super::scene::{Point, Scene, Shape, Text};
use super::text::{self, SIZE_PER_EM};
use crate::render::Rgb;

/// The scene as PNG at `scale` pixels per unit.
pub(super) fn encode(scene: &Scene, size: (u32, u32), scale: f64) -> Vec<u8> {
    let pixels = |length: u32| (f64::from(length) * scale).round().max(1.0) as u32;
    let (width, height) = (pixels(size.0), pixels(size.1));
    let mut buffer = vec![255; 3 * width as usize * height as usize];
    {
        let backend = BitMapBackend::with_buffer(&mut buffer, (width, height));
        let mut canvas = Canvas {
            backend,
            width: width as i32,
            height: height as i32,
            mask: Vec::new(),
        };
        for shape in scene {
            canvas.draw(shape, scale);
        }
    }
    png::encode(&buffer, width, height)
}

struct Canvas<'a> {
    backend: BitMapBackend<'a>,
    width: i32,
    height: i32,
    /// Coverage of the shape at hand, reused from shape to shape.
    mask: Vec<f32>,
}

/// Pixels from the first to before the second, on both axes.
struct Area {
    x: (i32, i32),
    y: (i32, i32),
}

impl Canvas<'_> {
    fn draw(&mut self, shape: &Shape, scale: f64) {
        let grown = |points: &[Point]| -> Vec<Point> {
            points.iter().map(|p| (p.0 * scale, p.1 * scale)).collect()
        };
        match shape {
            Shape::Line {
                points,
                width,
                colour,
            } => self.line(&grown(points), width * scale, *colour),
            Shape::Fill {
                points,
                colour,
                alpha,
            } => self.fill(&grown(points), *colour, *alpha),
            Shape::Disc {
                centre,
                radius,
                colour,
            } => {
                self.disc(
                    (centre.0 * scale, centre.1 * scale),
                    radius * scale,
                    *colour,
                );
            }
            Shape::Text(text) => self.text(text, scale),
        }
    }

    fn text(&mut self, text: &Text, scale: f64) {
        let size = text.size * scale * SIZE_PER_EM;
        let style = text::style(text, size);
        // plotters puts the baseline half a size below the top anchor.
        let up = 0.5 * size;
        let (x, y) = (text.at.0 * scale, text.at.1 * scale);
        let at = if text.upwards {
            (x - up, y)
        } else {
            (x, y - up)
        };
        let at = (at.0.round() as i32, at.1.round() as i32);
        self.backend
            .draw_text(&text.words, &style, at)
            .expect("the font is registered and pixels are in memory");
    }

    /// Pixels that `points` reach with `reach` around them, cut to the page, with a clear mask over them.
    fn area(&mut self, points: &[Point], reach: f64) -> Area {
        let ends = |axis: fn(&Point) -> f64, most: i32| {
            let low = points.iter().map(axis).fold(f64::INFINITY, f64::min) - reach;
            let high = points.iter().map(axis).fold(f64::NEG_INFINITY, f64::max) + reach;
            (
                (low.floor() as i32).clamp(0, most),
                (high.ceil() as i32 + 1).clamp(0, most),
            )
        };
        let area = Area {
            x: ends(|p| p.0, self.width),
            y: ends(|p| p.1, self.height),
        };
        self.mask.clear();
        self.mask.resize(
            ((area.x.1 - area.x.0) * (area.y.1 - area.y.0)) as usize,
            0.0,
        );
        area
    }

    /// Lays `colour` over the area as far as the mask covers it.
    fn blend(&mut self, area: &Area, colour: Rgb, alpha: f64) {
        let columns = (area.x.1 - area.x.0) as usize;
        for (index, &coverage) in self.mask.iter().enumerate() {
            if coverage > 1.0 / 512.0 {
                let at = (
                    area.x.0 + (index % columns) as i32,
                    area.y.0 + (index / columns) as i32,
                );
                let colour = RGBColor(colour.0, colour.1, colour.2)
                    .mix(f64::from(coverage.min(1.0)) * alpha);
                self.backend
                    .draw_pixel(at, colour.to_backend_color())
                    .expect("pixels are in memory");
            }
        }
    }

    fn line(&mut self, points: &[Point], width: f64, colour: Rgb) {
        let points = snapped(points, width);
        let reach = 0.5 * width.max(1.0);
        let area = self.area(&points, reach + 1.0);
        let last = points.len().saturating_sub(2);
        for (index, pair) in points.windows(2).enumerate() {
            let stroke = Stroke::new(pair[0], pair[1], reach, index == 0, index == last);
            self.cover(&area, &stroke);
        }
        self.blend(&area, colour, width.min(1.0));
    }

    /// Adds one stroke to the mask; where strokes meet, the greater coverage counts, so joints do not darken.
    fn cover(&mut self, area: &Area, stroke: &Stroke) {
        let columns = area.x.1 - area.x.0;
        let span = |a: f64, b: f64, (low, high): (i32, i32)| {
            let reach = stroke.reach + 1.0;
            let first = ((a.min(b) - reach).floor() as i32).clamp(low, high);
            (
                first,
                ((a.max(b) + reach).ceil() as i32 + 1).clamp(low, high),
            )
        };
        let (x0, x1) = span(stroke.from.0, stroke.to.0, area.x);
        let (y0, y1) = span(stroke.from.1, stroke.to.1, area.y);
        for y in y0..y1 {
            for x in x0..x1 {
                let coverage = stroke.coverage((f64::from(x) + 0.5, f64::from(y) + 0.5)) as f32;
                let cell = &mut self.mask[((y - area.y.0) * columns + x - area.x.0) as usize];
                *cell = cell.max(coverage);
            }
        }
    }

    fn disc(&mut self, centre: Point, radius: f64, colour: Rgb) {
        let area = self.area(&[centre], radius + 1.0);
        let columns = (area.x.1 - area.x.0) as usize;
        for (index, cell) in self.mask.iter_mut().enumerate() {
            let x = f64::from(area.x.0 + (index % columns) as i32) + 0.5 - centre.0;
            let y = f64::from(area.y.0 + (index / columns) as i32) + 0.5 - centre.1;
            *cell = (radius + 0.5 - (x * x + y * y).sqrt()).clamp(0.0, 1.0) as f32;
        }
        self.blend(&area, colour, 1.0);
    }

    /// Fills by the even–odd rule, four scan lines per row of pixels, exact along each line.
    fn fill(&mut self, points: &[Point], colour: Rgb, alpha: f64) {
        const LINES: i32 = 4;
        let area = self.area(points, 0.0);
        let columns = (area.x.1 - area.x.0) as usize;
        let mut crossings: Vec<f64> = Vec::new();
        for line in LINES * area.y.0..LINES * area.y.1 {
            let y = (f64::from(line) + 0.5) / f64::from(LINES);
            crossings.clear();
            for (from, to) in points.iter().zip(points.iter().cycle().skip(1)) {
                if (from.1 <= y) != (to.1 <= y) {
                    crossings.push(from.0 + (to.0 - from.0) * ((y - from.1) / (to.1 - from.1)));
                }
            }
            crossings.sort_by(f64::total_cmp);
            let start = (line / LINES - area.y.0) as usize * columns;
            let row = &mut self.mask[start..start + columns];
            for pair in crossings.chunks_exact(2) {
                let (left, right) = (pair[0] - f64::from(area.x.0), pair[1] - f64::from(area.x.0));
                cover_row(row, left, right, 1.0 / LINES as f32);
            }
        }
        self.blend(&area, colour, alpha);
    }
}

/// Adds `weight` to the cells from `left` to `right`, in part to those cut.
fn cover_row(row: &mut [f32], left: f64, right: f64, weight: f32) {
    let (left, right) = (left.max(0.0), right.min(row.len() as f64));
    for index in left.floor() as usize..(right.ceil().max(0.0) as usize).min(row.len()) {
        let covered = right.min(index as f64 + 1.0) - left.max(index as f64);
        row[index] += weight * covered.max(0.0) as f32;
    }
}

/// Thin level and upright lines moved onto whole pixels, where they are sharp.
fn snapped(points: &[Point], width: f64) -> Vec<Point> {
    let whole = width.round().max(1.0);
    let onto = |value: f64| {
        if whole % 2.0 == 1.0 {
            value.floor() + 0.5
        } else {
            value.round()
        }
    };
    let level = points.iter().all(|point| point.1 == points[0].1);
    let upright = points.iter().all(|point| point.0 == points[0].0);
    let place = |&(x, y): &Point| {
        (
            if upright { onto(x) } else { x },
            if level { onto(y) } else { y },
        )
    };
    points.iter().map(place).collect()
}

/// A straight stroke with blunt ends at the ends of its path and round ones where it meets the next.
struct Stroke {
    from: Point,
    to: Point,
    direction: Point,
    length: f64,
    reach: f64,
    blunt: (bool, bool),
}

impl Stroke {
    fn new(from: Point, to: Point, reach: f64, blunt_start: bool, blunt_end: bool) -> Self {
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

    /// Share of the pixel around `at` that the stroke covers, about.
    fn coverage(&self, at: Point) -> f64 {
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

    #[test]
    fn a_row_is_covered_in_part_at_both_ends() {
        let mut row = [0.0; 5];
        cover_row(&mut row, 0.75, 3.5, 1.0);
        assert_eq!(row, [0.25, 1.0, 1.0, 0.5, 0.0]);
    }
}
