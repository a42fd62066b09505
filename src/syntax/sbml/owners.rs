//! Which named element a finding lies in: a trigger has no id, its event has.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::diag::{Diagnostic, Diagnostics, SourceId, Span};

use super::xml::cut;

/// Elements that everything lies in: to name them would help nobody.
const TOO_WIDE: [&str; 3] = ["sbml", "model", "modelDefinition"];

/// Attributes that name an element, the first that it has.
const NAMES: [&str; 3] = ["id", "variable", "symbol"];

/// An element with a name.
struct Owner {
    /// From its start tag to its end.
    from: usize,
    to: usize,
    /// Its start tag.
    tag: Span,
    /// What it is called, with the kind of element before.
    kind: String,
    name: String,
    is_id: bool,
}

/// Adds to each finding the innermost named element around its place, where its message does not name it.
///
/// * `text` — the file that `source` is; findings in other files stay as they are
pub fn with_owners(mut found: Diagnostics, text: &str, source: SourceId) -> Diagnostics {
    if found.is_empty() {
        return found;
    }
    let owners = owners(text, source);
    for finding in &mut found.0 {
        if let Some(span) = finding.span.filter(|span| span.source == source) {
            let at = span.start as usize;
            let around = owners.iter().filter(|o| o.from < at && at < o.to);
            if let Some(owner) = around.max_by_key(|owner| owner.from) {
                add(finding, owner);
            }
        }
    }
    found
}

fn add(finding: &mut Diagnostic, owner: &Owner) {
    let name = format!("`{}`", cut(&owner.name));
    let is_told = finding.labels.iter().any(|label| label.span == owner.tag);
    if is_told || finding.message.contains(&name) {
        return;
    }
    let of = if owner.is_id { "" } else { "of " };
    let words = format!("within the {} {of}{name}", owner.kind);
    *finding = finding.clone().label(owner.tag, words);
}

/// All elements with a name that hold something, as far as the text is XML.
fn owners(text: &str, source: SourceId) -> Vec<Owner> {
    let mut reader = Reader::from_str(text);
    let place = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(0);
    let (mut open, mut all) = (Vec::new(), Vec::new());
    loop {
        let from = place(&reader);
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let span = Span::new(source, from, place(&reader));
                open.push(owner(&tag, from, text.len(), span));
            }
            Ok(Event::End(_)) => {
                let owner: Option<Owner> = open.pop().flatten();
                all.extend(owner.map(|owner| Owner { to: from, ..owner }));
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    all.extend(open.into_iter().flatten());
    all
}

fn owner(tag: &BytesStart<'_>, from: usize, to: usize, span: Span) -> Option<Owner> {
    let kind = tag.local_name().as_ref().to_string();
    if TOO_WIDE.contains(&kind.as_str()) {
        return None;
    }
    let value = |name: &str| {
        let found = tag.try_get_attribute(name).ok().flatten()?;
        Some(found.value.as_ref().trim().to_string())
    };
    let name = NAMES.iter().find_map(|name| Some((*name, value(name)?)))?;
    Some(Owner {
        from,
        to,
        tag: span,
        kind,
        is_id: name.0 == "id",
        name: name.1,
    })
}
