//! Shapes → SVG text, through plotters' SVG backend.

use plotters::backend::SVGBackend;
use plotters::prelude::{Color, DrawingBackend, RGBColor, ShapeStyle};

use super::scene::{Point, Scene, Shape, Text};
use super::text;
use crate::render::{Figure, Rgb};

/// plotters writes whole numbers: it draws ten times as large, and the view box scales back.
const FINE: f64 = 10.0;
/// plotters' SVG backend divides a font's size by this to get an em.
const SIZE_PER_EM: f64 = 1.24;
/// plotters' SVG backend puts the baseline this many ems below the top anchor.
const ASCENT: f64 = 0.76;

/// The scene as a whole SVG document, titled for screen readers.
pub(super) fn write(scene: &Scene, figure: &Figure) -> String {
    let (width, height) = figure.size;
    let fine = (width * FINE as u32, height * FINE as u32);
    let mut text = String::new();
    {
        let mut backend = SVGBackend::with_string(&mut text, fine);
        for shape in scene {
            draw(&mut backend, shape);
        }
        backend.present().expect("writing to a string never fails");
    }
    let (_, body) = text
        .split_once('>')
        .expect("the document opens with its root element");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" role=\"img\" stroke-linejoin=\"round\">\n<title>{}</title>{body}",
        fine.0,
        fine.1,
        escaped(&figure.title),
    )
}

fn draw(backend: &mut SVGBackend, shape: &Shape) {
    let done = match shape {
        Shape::Line {
            points,
            width,
            colour,
        } => {
            let style =
                ShapeStyle::from(solid(*colour)).stroke_width((width * FINE).round() as u32);
            backend.draw_path(points.iter().map(fine), &style)
        }
        Shape::Fill {
            points,
            colour,
            alpha,
        } => backend.fill_polygon(
            points.iter().map(fine),
            &ShapeStyle::from(solid(*colour).mix(*alpha)),
        ),
        Shape::Disc {
            centre,
            radius,
            colour,
        } => {
            let style = ShapeStyle::from(solid(*colour)).filled();
            backend.draw_circle(fine(centre), (radius * FINE).round() as u32, &style, true)
        }
        Shape::Text(words) => {
            let em = words.size * FINE;
            let style = text::style(words, em * SIZE_PER_EM);
            backend.draw_text(&words.words, &style, fine(&top_of(words)))
        }
    };
    done.expect("writing to a string never fails");
}

/// Where the top anchor lies for the baseline to be where it is wanted.
fn top_of(text: &Text) -> Point {
    let up = ASCENT * text.size;
    if text.upwards {
        (text.at.0 - up, text.at.1)
    } else {
        (text.at.0, text.at.1 - up)
    }
}

fn fine(point: &Point) -> (i32, i32) {
    (
        (point.0 * FINE).round() as i32,
        (point.1 * FINE).round() as i32,
    )
}

fn solid(Rgb(red, green, blue): Rgb) -> RGBColor {
    RGBColor(red, green, blue)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
