//! Tables and figures from trajectories and metrics.
//!
//! A figure is first a plain value ([`Figure`]: panels, axes, series), made by hand or by the builders in [`build`], and
//! then text or bytes: `to_svg` and `to_png` (feature `figures`) draw the same layout with the same embedded font, and
//! the same figure always gives the same bytes. [`table`] and [`number`] write for the terminal.

pub mod build;
#[cfg(feature = "figures")]
mod draw;
mod figure;
mod frames;
mod happening;
mod many;
pub mod number;
mod palette;
pub mod table;
#[cfg(feature = "figures")]
mod ticks;

#[cfg(feature = "figures")]
pub use draw::{to_png, to_svg};
pub use figure::{Axis, ColourBar, Dash, Figure, Panel, Series, SeriesKind, Strip};
pub use frames::{frame_name, frames};
pub use happening::{Band, HappeningKind, Mark, Naming};
pub use many::{Bundle, Cloud, Field, FieldLook, Guide, Lying, Name, RowPart, Strand, Threshold};
pub use palette::{Colour, Rgb, heat, heat_line};
pub use table::Table;

/// The line that stands wherever results are printed or drawn.
pub const DISCLAIMER: &str = "Simulated average physiology for teaching and research; not diagnosis, advice or \
                              prediction for any person.";
