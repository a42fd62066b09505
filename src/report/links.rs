//! Text for HTML: nothing in it can become markup, and the only links are those to dois.

/// Text between tags or in a quoted attribute.
///
/// Characters that HTML does not allow are shown as `�`.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            c if c.is_control() || is_direction(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// Signs that turn the direction of what follows, so that a text would read otherwise than it is.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Text between tags in which dois are links.
pub(super) fn linked(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, doi, after)) = next_doi(rest) {
        out.push_str(&escaped(before));
        let (shown, target) = (escaped(doi), percent_encoded(doi));
        out.push_str(&format!(
            "<a href=\"https://doi.org/{target}\" rel=\"noreferrer noopener\">{shown}</a>"
        ));
        rest = after;
    }
    out.push_str(&escaped(rest));
    out
}

/// The first doi of a text, with what stands before and after it.
fn next_doi(text: &str) -> Option<(&str, &str, &str)> {
    let starts = text.match_indices("10.").map(|(at, _)| at);
    let mut found = starts.filter_map(|at| {
        let free = !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '.');
        let length = doi_length(&text[at..]).filter(|_| free)?;
        Some((&text[..at], &text[at..at + length], &text[at + length..]))
    });
    found.next()
}

/// Bytes of the doi that a text begins with: `10.`, four to nine digits, a stroke, a name.
fn doi_length(text: &str) -> Option<usize> {
    let digits = text[3..].bytes().take_while(u8::is_ascii_digit).count();
    let name_at = 3 + digits + 1;
    if !(4..=9).contains(&digits) || text.as_bytes().get(name_at - 1) != Some(&b'/') {
        return None;
    }
    let name = &text[name_at..];
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._;()/:".contains(c);
    let end = name.find(|c| !allowed(c)).unwrap_or(name.len());
    let mut name = name[..end].trim_end_matches(['.', ';', ':', '/', '-']);
    // A bracket that the sentence opened closes it.
    while name.ends_with(')') && name.matches(')').count() > name.matches('(').count() {
        name = name[..name.len() - 1].trim_end_matches(['.', ';', ':']);
    }
    (!name.is_empty()).then_some(name_at + name.len())
}

fn percent_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'/' | b':' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_markup() {
        assert_eq!(
            escaped("<script>alert('&\"')</script>"),
            "&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"
        );
        assert_eq!(
            escaped("a\u{0}b\u{202E}c\u{1b}[31m"),
            "a\u{FFFD}b\u{FFFD}c\u{FFFD}[31m"
        );
    }

    #[test]
    fn a_doi_is_a_link_without_the_sign_behind_it() {
        let link = |doi: &str| {
            format!("<a href=\"https://doi.org/{doi}\" rel=\"noreferrer noopener\">{doi}</a>")
        };
        assert_eq!(
            linked("(doi 10.1109/TBME.2007.893506), solved"),
            format!("(doi {}), solved", link("10.1109/TBME.2007.893506"))
        );
        assert_eq!(
            linked("doi:10.1000/a.b."),
            format!("doi:{}.", link("10.1000/a.b"))
        );
        assert!(linked("10.1016/S0140-6736(97)1").contains("S0140-6736%2897%291\""));
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "javascript:alert(1)",
            "https://example.org/",
            "10.5 mM",
            "110.1000/x",
            "10.1000/",
        ] {
            assert!(!linked(text).contains("href"), "{text}");
        }
        // What would leave the attribute ends the doi.
        let hostile = linked("10.1000/x\"onclick=alert(1)");
        assert!(
            hostile.contains("href=\"https://doi.org/10.1000/x\" rel"),
            "{hostile}"
        );
        assert!(hostile.contains("&quot;onclick"), "{hostile}");
    }
}
