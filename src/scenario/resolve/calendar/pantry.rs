//! The table of foods, plates and menus, read when an entry first asks for them.

use std::rc::Rc;

use crate::diag::{Diagnostics, Span};

use super::super::super::foods::{self, FOODS_FILE, Foods, MENUS_FILE, Menus, PLATES_FILE, Plates};
use super::super::super::raw::At;
use super::super::models::Library;

/// What there is to eat.
#[derive(Debug, Default)]
pub(in crate::scenario::resolve) struct Pantry {
    foods: Option<Rc<Foods>>,
    plates: Option<Rc<Plates>>,
    menus: Option<Rc<Menus>>,
}

fn file(name: &str, span: Span) -> At<String> {
    At {
        value: name.to_string(),
        span,
    }
}

/// The foods; what is wrong with their table is reported where it is read first.
pub(super) fn foods(library: &mut Library, span: Span, findings: &mut Diagnostics) -> Rc<Foods> {
    if let Some(known) = &library.pantry.foods {
        return known.clone();
    }
    let text = library.text_with_id(&file(FOODS_FILE, span), findings);
    let read = text.map(|(file, source)| foods::read(&file.text, source, findings));
    let read = Rc::new(read.unwrap_or_default());
    library.pantry.foods = Some(read.clone());
    read
}

/// The plates.
pub(super) fn plates(library: &mut Library, span: Span, findings: &mut Diagnostics) -> Rc<Plates> {
    if let Some(known) = &library.pantry.plates {
        return known.clone();
    }
    let foods = foods(library, span, findings);
    let text = library.text_with_id(&file(PLATES_FILE, span), findings);
    let read = text.map(|(file, source)| foods::read_plates(&file.text, source, &foods, findings));
    let read = Rc::new(read.unwrap_or_default());
    library.pantry.plates = Some(read.clone());
    read
}

/// The menus.
pub(super) fn menus(library: &mut Library, span: Span, findings: &mut Diagnostics) -> Rc<Menus> {
    if let Some(known) = &library.pantry.menus {
        return known.clone();
    }
    let foods = foods(library, span, findings);
    let plates = plates(library, span, findings);
    let text = library.text_with_id(&file(MENUS_FILE, span), findings);
    let read = text
        .map(|(file, source)| foods::read_menus(&file.text, source, (&foods, &plates), findings));
    let read = Rc::new(read.unwrap_or_default());
    library.pantry.menus = Some(read.clone());
    read
}
