//! Shapes → SVG text.
//!
//! Coordinates are whole tenths of a pixel, each relative to the one before; neighbours of one look are one element.

use std::fmt::Write;

use super::scene::{Anchor, Point, Scene, Shape, Text};
use super::text::FAMILY;
use crate::render::{Figure, Rgb};

/// Everything is drawn ten times as large, and the view box scales back.
const FINE: f64 = 10.0;

/// The scene as a whole SVG document, titled for screen readers.
pub(super) fn write(scene: &Scene, figure: &Figure) -> String {
    let (width, height) = figure.size;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {} {}\" role=\"img\" font-family=\"{FAMILY}\" stroke-linejoin=\"round\">\n\
         <title>{}</title>\n",
        f64::from(width) * FINE,
        f64::from(height) * FINE,
        escaped(&figure.title),
    );
    let mut rest = scene.as_slice();
    while let Some(first) = rest.first() {
        let alike = rest.iter().take_while(|shape| joins(first, shape)).count();
        draw(&mut out, first, &rest[..alike.max(1)]);
        rest = &rest[alike.max(1)..];
    }
    out.push_str("</svg>\n");
    out
}

/// Whether two shapes can be one path.
fn joins(one: &Shape, other: &Shape) -> bool {
    match (one, other) {
        (
            Shape::Line { width, colour, .. },
            Shape::Line {
                width: other_width,
                colour: other_colour,
                ..
            },
        ) => width == other_width && colour == other_colour,
        (
            Shape::Thread {
                width,
                colour,
                alpha,
                ..
            },
            Shape::Thread {
                width: other_width,
                colour: other_colour,
                alpha: other_alpha,
                ..
            },
        ) => (width, colour, alpha) == (other_width, other_colour, other_alpha),
        // Only what covers all below it may be one path: overlaps of veils are darker.
        (
            Shape::Fill { colour, alpha, .. },
            Shape::Fill {
                colour: other_colour,
                alpha: other_alpha,
                ..
            },
        ) => colour == other_colour && *alpha >= 1.0 && *other_alpha >= 1.0,
        _ => false,
    }
}

fn draw(out: &mut String, first: &Shape, alike: &[Shape]) {
    match first {
        Shape::Line { width, colour, .. } => {
            let (colour, width) = (hex(*colour), whole(*width));
            element(
                out,
                "path",
                &format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" d=\""),
            );
            for shape in alike {
                if let Shape::Line { points, .. } = shape {
                    path(out, points);
                }
            }
            out.push_str("\"/>\n");
        }
        Shape::Thread {
            width,
            colour,
            alpha,
            ..
        } => threads(out, (*width, *colour, *alpha), alike),
        Shape::Fill { colour, alpha, .. } => {
            element(
                out,
                "path",
                &format!("fill=\"{}\"{} d=\"", hex(*colour), opacity(*alpha)),
            );
            for shape in alike {
                if let Shape::Fill { points, .. } = shape {
                    path(out, points);
                    out.push('z');
                }
            }
            out.push_str("\"/>\n");
        }
        Shape::Dots {
            centres,
            radius,
            colour,
            alpha,
        } => dots(out, centres, *radius, &hex(*colour), *alpha),
        Shape::Disc {
            centre,
            radius,
            colour,
        } => {
            let ((x, y), radius) = (fine(centre), whole(*radius));
            let place = format!("cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"");
            element(
                out,
                "circle",
                &format!("{place} fill=\"{}\"/>\n", hex(*colour)),
            );
        }
        Shape::Text(text) => words(out, text),
    }
}

/// Lines of one look, each an element of its own: where they cross they are darker.
fn threads(out: &mut String, (width, colour, alpha): (f64, Rgb, f64), alike: &[Shape]) {
    let (colour, width) = (hex(colour), whole(width));
    let look =
        format!("stroke=\"{colour}\" stroke-width=\"{width}\" stroke-opacity=\"{alpha:.2}\"");
    element(out, "g", &format!("fill=\"none\" {look}>\n"));
    for shape in alike {
        if let Shape::Thread { points, .. } = shape {
            element(out, "path", "d=\"");
            path(out, points);
            out.push_str("\"/>\n");
        }
    }
    out.push_str("</g>\n");
}

/// Circles as round ends of lines without length: a tenth of the bytes.
fn dots(out: &mut String, centres: &[Point], radius: f64, colour: &str, alpha: f64) {
    let width = whole(2.0 * radius);
    let look =
        format!("stroke-width=\"{width}\" stroke-opacity=\"{alpha:.2}\" stroke-linecap=\"round\"");
    element(out, "path", &format!("stroke=\"{colour}\" {look} d=\""));
    for centre in centres {
        let (x, y) = fine(centre);
        write!(out, "M{x} {y}h0").expect("a string takes all writes");
    }
    out.push_str("\"/>\n");
}

fn element(out: &mut String, name: &str, rest: &str) {
    write!(out, "<{name} {rest}").expect("a string takes all writes");
}

/// A path that begins with an absolute place and goes on by steps.
fn path(out: &mut String, points: &[Point]) {
    let mut last: Option<(i64, i64)> = None;
    for point in points {
        let (x, y) = fine(point);
        match last {
            None => write!(out, "M{x} {y}l"),
            Some((before_x, before_y)) => write!(out, "{} {} ", x - before_x, y - before_y),
        }
        .expect("a string takes all writes");
        last = Some((x, y));
    }
    while out.ends_with(' ') {
        out.pop();
    }
}

fn words(out: &mut String, text: &Text) {
    let ((x, y), size) = (fine(&text.at), whole(text.size));
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let weight = if text.bold {
        " font-weight=\"bold\""
    } else {
        ""
    };
    let turn = if text.upwards {
        format!(" transform=\"rotate(270 {x} {y})\"")
    } else {
        String::new()
    };
    let fill = hex(text.colour);
    let look = format!("font-size=\"{size}\"{weight}{anchor} fill=\"{fill}\"{turn}");
    let said = escaped(&text.words);
    element(
        out,
        "text",
        &format!("x=\"{x}\" y=\"{y}\" {look}>{said}</text>\n"),
    );
}

fn opacity(alpha: f64) -> String {
    if alpha < 1.0 {
        format!(" fill-opacity=\"{alpha}\"")
    } else {
        String::new()
    }
}

fn fine(point: &Point) -> (i64, i64) {
    (whole(point.0), whole(point.1))
}

fn whole(length: f64) -> i64 {
    (length * FINE).round() as i64
}

fn hex(Rgb(red, green, blue): Rgb) -> String {
    format!("#{red:02X}{green:02X}{blue:02X}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lead_to_the_rounded_place_of_every_point_without_drift() {
        let points: Vec<Point> = (0..1000)
            .map(|at| (0.033 * f64::from(at), 5.0 - 0.0171 * f64::from(at)))
            .collect();
        let mut out = String::new();
        path(&mut out, &points);
        let (start, steps) = out.split_once('l').expect("a place, then steps");
        assert_eq!(start, "M0 50");
        let steps: Vec<i64> = steps.split(' ').map(|step| step.parse().unwrap()).collect();
        let sum = |skip: usize| steps.iter().skip(skip).step_by(2).sum::<i64>();
        // The last point is (32.967, -12.0829).
        assert_eq!((sum(0), 50 + sum(1)), (330, -121));
    }

    #[test]
    fn words_are_escaped() {
        assert_eq!(escaped("a < b & c > d"), "a &lt; b &amp; c &gt; d");
    }
}
