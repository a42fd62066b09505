//! Figure → shapes → SVG text or PNG bytes.
//!
//! [`layout`] turns a figure into shapes with exact positions, once for both formats. Text is measured with the embedded
//! font, so nothing depends on the machine. plotters measures text and draws the glyphs of the PNG.

mod bitmap;
mod bundle;
mod colour_bar;
mod contour;
mod field;
mod geometry;
mod heat;
mod lanes;
mod layout;
mod legend;
mod level;
mod lying;
mod mask;
mod names;
mod panel;
mod pattern;
mod png;
mod scale;
mod scene;
mod series;
mod sign;
mod stroke;
mod svg;
mod text;
mod thin;

use super::Figure;

/// The figure as SVG, text kept as text in DejaVu Sans (any sans-serif where that is missing).
pub fn to_svg(figure: &Figure) -> String {
    svg::write(&layout::scene(figure), figure)
}

/// The figure as PNG, `scale` pixels per pixel of its size: 1 for a screen, 2 or 3 for print.
///
/// # Panics
/// When `scale` is not within 0.25 … 8.
pub fn to_png(figure: &Figure, scale: f64) -> Vec<u8> {
    assert!(
        (0.25..=8.0).contains(&scale),
        "scale {scale} lies within 0.25 … 8"
    );
    bitmap::encode(&layout::scene(figure), figure.size, scale)
}
