//! One self-contained page: sections as plain values first, HTML then.
//!
//! [`html`] writes a [`Page`] as one file that needs nothing else: no network, no script, figures inside. The builders
//! [`words`] (a figure told to those who do not see it), [`calendar`] (what was done when) and [`facts`] (what the
//! model's author says about it) make the parts.

pub mod calendar;
pub mod facts;
mod html;
mod links;
mod page;
pub mod words;

pub use html::html;
pub use page::{Block, Head, Page, Picture, Section, Table};
