//! Shapes → pixels → PNG. Lines and fills are covered here, smooth at every width; plotters draws the glyphs.

use std::ops::Range;

use plotters::backend::BitMapBackend;
use plotters::prelude::DrawingBackend;

use super::mask::Mask;
use super::png;
use super::scene::{Point, Scene, Shape, Text};
use super::stroke::Stroke;
use super::text::{self, SIZE_PER_EM};
use crate::render::Rgb;

/// The scene as PNG at `scale` pixels per unit.
pub(super) fn encode(scene: &Scene, size: (u32, u32), scale: f64) -> Vec<u8> {
    let pixels = |length: u32| (f64::from(length) * scale).round().max(1.0) as u32;
    let (width, height) = (pixels(size.0), pixels(size.1));
    let mut canvas = Canvas {
        pixels: vec![255; 3 * width as usize * height as usize],
        width,
        height,
        mask: Mask::default(),
    };
    for shape in scene {
        canvas.draw(shape, scale);
    }
    png::encode(&canvas.pixels, width, height)
}

struct Canvas {
    /// Three bytes per pixel, row by row from the top.
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    /// Coverage of the shape at hand, reused from shape to shape.
    mask: Mask,
}

impl Canvas {
    fn draw(&mut self, shape: &Shape, scale: f64) {
        let grown = |points: &[Point]| -> Vec<Point> {
            points.iter().map(|p| (p.0 * scale, p.1 * scale)).collect()
        };
        match shape {
            Shape::Line {
                points,
                width,
                colour,
            } => self.line(&grown(points), width * scale, (*colour, 1.0)),
            Shape::Thread {
                points,
                width,
                colour,
                alpha,
            } => self.line(&grown(points), width * scale, (*colour, *alpha)),
            Shape::Dots {
                centres,
                radius,
                colour,
                alpha,
            } => self.discs(&grown(centres), radius * scale, (*colour, *alpha)),
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
                let centre = (centre.0 * scale, centre.1 * scale);
                self.discs(&[centre], radius * scale, (*colour, 1.0));
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
        BitMapBackend::with_buffer(&mut self.pixels, (self.width, self.height))
            .draw_text(&text.words, &style, at)
            .expect("the font is registered and pixels are in memory");
    }

    /// Columns of pixels from `low` to `high`, cut to the page.
    fn columns(&self, low: f64, high: f64) -> Range<usize> {
        pixels_between(low, high, self.width)
    }

    /// Rows of pixels from `low` to `high`, cut to the page.
    fn rows(&self, low: f64, high: f64) -> Range<usize> {
        pixels_between(low, high, self.height)
    }

    /// Opens the mask over the box that `points` reach with `reach` around them; gives its columns and rows.
    fn open_around(&mut self, points: &[Point], reach: f64) -> (Range<usize>, Range<usize>) {
        let ends = |axis: fn(&Point) -> f64| {
            let low = points.iter().map(axis).fold(f64::INFINITY, f64::min);
            let high = points.iter().map(axis).fold(f64::NEG_INFINITY, f64::max);
            (low - reach, high + reach)
        };
        let ((left, right), (top, bottom)) = (ends(|p| p.0), ends(|p| p.1));
        let (columns, rows) = (self.columns(left, right), self.rows(top, bottom));
        self.mask.open(columns.clone(), rows.clone());
        (columns, rows)
    }

    /// Lays `colour` over the page as far as the mask covers it.
    fn blend(&mut self, colour: Rgb, alpha: f64) {
        let colour = [colour.0, colour.1, colour.2];
        let (pixels, width) = (&mut self.pixels, self.width as usize);
        self.mask.take(|row, column, coverage| {
            let at = row * width + column;
            let share = (256.0 * f64::from(coverage.min(1.0)) * alpha) as i32;
            for (old, new) in pixels[3 * at..3 * at + 3].iter_mut().zip(colour) {
                let old_level = i32::from(*old);
                // 256ths of a way between two bytes end between them.
                *old = (old_level + (i32::from(new) - old_level) * share / 256) as u8;
            }
        });
    }

    fn line(&mut self, points: &[Point], width: f64, (colour, alpha): (Rgb, f64)) {
        let points = snapped(points, width);
        let reach = 0.5 * width.max(1.0);
        self.open_around(&points, reach + 1.0);
        let last = points.len().saturating_sub(2);
        for (index, pair) in points.windows(2).enumerate() {
            let stroke = Stroke::new(pair[0], pair[1], reach, index == 0, index == last);
            self.cover(&stroke);
        }
        self.blend(colour, alpha * width.min(1.0));
    }

    /// Adds one stroke to the mask; where strokes meet, the greater coverage counts, so joints do not darken.
    fn cover(&mut self, stroke: &Stroke) {
        let ((left, top), (right, bottom)) = stroke.corners();
        let columns = self.columns(left, right);
        for y in self.rows(top, bottom) {
            let cells = self.mask.cells(y, columns.clone());
            for (x, cell) in columns.clone().zip(cells) {
                // A crowded line covers most of its pixels many times over.
                if *cell >= 1.0 {
                    continue;
                }
                let coverage = stroke.coverage((x as f64 + 0.5, y as f64 + 0.5)) as f32;
                *cell = cell.max(coverage);
            }
        }
    }

    /// Filled circles; where they overlap, the greater coverage counts.
    fn discs(&mut self, centres: &[Point], radius: f64, (colour, alpha): (Rgb, f64)) {
        self.open_around(centres, radius + 1.0);
        let reach = radius + 1.0;
        for centre in centres {
            let columns = self.columns(centre.0 - reach, centre.0 + reach);
            for row in self.rows(centre.1 - reach, centre.1 + reach) {
                let cells = self.mask.cells(row, columns.clone());
                for (column, cell) in columns.clone().zip(cells) {
                    let x = column as f64 + 0.5 - centre.0;
                    let y = row as f64 + 0.5 - centre.1;
                    let coverage = (radius + 0.5 - (x * x + y * y).sqrt()).clamp(0.0, 1.0) as f32;
                    *cell = cell.max(coverage);
                }
            }
        }
        self.blend(colour, alpha);
    }

    /// Gives all pixels of a rectangle one colour. A page begins with one that has millions, and no edge to smooth.
    fn paint(&mut self, low: Point, high: Point, colour: Rgb) {
        let columns = self.columns(low.0, high.0);
        for row in self.rows(low.1, high.1) {
            let start = row * self.width as usize;
            let bytes = 3 * (start + columns.start)..3 * (start + columns.end);
            for pixel in self.pixels[bytes].chunks_exact_mut(3) {
                pixel.copy_from_slice(&[colour.0, colour.1, colour.2]);
            }
        }
    }

    /// Fills by the even–odd rule, four scan lines per row of pixels, exact along each line.
    fn fill(&mut self, points: &[Point], colour: Rgb, alpha: f64) {
        const LINES: usize = 4;
        if let (Some((low, high)), true) = (whole_pixels(points), alpha >= 1.0) {
            return self.paint(low, high, colour);
        }
        // A crossing may lie beyond the corners by a rounding error.
        let (_, rows) = self.open_around(points, 1.0);
        let mut crossings: Vec<f64> = Vec::new();
        for row in rows {
            for line in 0..LINES {
                let y = row as f64 + (line as f64 + 0.5) / LINES as f64;
                crossings_at(points, y, &mut crossings);
                for pair in crossings.chunks_exact(2) {
                    let columns = self.columns(pair[0], pair[1]);
                    let start = columns.start as f64;
                    let cells = self.mask.cells(row, columns);
                    cover_row(cells, pair[0] - start, pair[1] - start, 1.0 / LINES as f32);
                }
            }
        }
        self.blend(colour, alpha);
    }
}

/// Upper left and lower right corner of an outline that is a rectangle of whole pixels.
fn whole_pixels(points: &[Point]) -> Option<(Point, Point)> {
    let &[low, (right, top), high, (left, bottom)] = points else {
        return None;
    };
    let upright = low == (left, top) && high == (right, bottom);
    let whole = [low.0, low.1, high.0, high.1]
        .iter()
        .all(|at| at.fract() == 0.0);
    (upright && whole && low.0 < high.0 && low.1 < high.1).then_some((low, high))
}

/// Pixels that touch `low` to `high`, of `count` that there are.
fn pixels_between(low: f64, high: f64, count: u32) -> Range<usize> {
    let within = |at: f64| at.clamp(0.0, f64::from(count)) as usize;
    let start = within(low.floor());
    start..within(high.ceil()).max(start)
}

/// Where the outline crosses the level `y`, rising.
fn crossings_at(points: &[Point], y: f64, crossings: &mut Vec<f64>) {
    crossings.clear();
    for (from, to) in points.iter().zip(points.iter().cycle().skip(1)) {
        if (from.1 <= y) != (to.1 <= y) {
            crossings.push(from.0 + (to.0 - from.0) * ((y - from.1) / (to.1 - from.1)));
        }
    }
    crossings.sort_by(f64::total_cmp);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_covered_in_part_at_both_ends() {
        let mut row = [0.0; 5];
        cover_row(&mut row, 0.75, 3.5, 1.0);
        assert_eq!(row, [0.25, 1.0, 1.0, 0.5, 0.0]);
    }

    #[test]
    fn only_upright_rectangles_of_whole_pixels_are_painted_without_a_mask() {
        let page = [(0.0, 0.0), (4.0, 0.0), (4.0, 3.0), (0.0, 3.0)];
        assert_eq!(whole_pixels(&page), Some(((0.0, 0.0), (4.0, 3.0))));
        let cut = page.map(|(x, y)| (x + 0.5, y));
        assert_eq!(whole_pixels(&cut), None);
        let leaning = [(0.0, 0.0), (4.0, 1.0), (4.0, 3.0), (0.0, 3.0)];
        assert_eq!(whole_pixels(&leaning), None);
    }
}
