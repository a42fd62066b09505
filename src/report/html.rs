//! A page as HTML.

use super::links::{escaped, linked};
use super::{Block, Page, Picture, Section, Table};
use crate::render::DISCLAIMER;

/// How the page looks, on a screen and on paper.
const STYLE: &str = include_str!("style.css");

/// Nothing but what the file itself holds: no script, no request.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// The page as one HTML file that opens anywhere and asks for nothing.
///
/// Every text of the page is escaped; drawings are taken as they are.
/// ```
/// # use insilin::report::{Page, html};
/// let page = Page { title: "<script>".into(), ..Page::default() };
/// assert!(!html(&page).contains("<script>"));
/// ```
pub fn html(page: &Page) -> String {
    let mut out = Writer::default();
    let title = escaped(&page.title);
    out.line("<!DOCTYPE html>");
    out.line("<html lang=\"en\">");
    out.line("<head>");
    out.line("<meta charset=\"utf-8\">");
    out.line(&format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">"
    ));
    out.line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    out.line("<meta name=\"referrer\" content=\"no-referrer\">");
    out.line("<meta name=\"color-scheme\" content=\"light dark\">");
    out.line(&format!(
        "<meta name=\"generator\" content=\"{}\">",
        escaped(&page.program)
    ));
    out.line(&format!("<title>{title}</title>"));
    // Browsers ask for an icon unless there is one.
    out.line("<link rel=\"icon\" href=\"data:,\">");
    out.line(&format!("<style>\n{STYLE}</style>"));
    out.line("</head>");
    out.line("<body>");
    out.line("<a class=\"skip\" href=\"#content\">Skip to the content</a>");
    head(&mut out, page);
    contents(&mut out, &page.sections);
    out.line("<main id=\"content\" tabindex=\"-1\">");
    for (at, section) in page.sections.iter().enumerate() {
        write_section(&mut out, at, section);
    }
    out.line("</main>");
    out.line(&format!(
        "<footer><p>{}</p><p>Made by {}.</p></footer>",
        escaped(DISCLAIMER),
        escaped(&page.program)
    ));
    out.line("</body>");
    out.line("</html>");
    out.text
}

/// The text so far, and how many figures and tables it holds.
#[derive(Default)]
struct Writer {
    text: String,
    figures: usize,
    tables: usize,
}

impl Writer {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }
}

fn head(out: &mut Writer, page: &Page) {
    out.line("<header>");
    out.line(&format!("<h1>{}</h1>", escaped(&page.title)));
    if !page.question.is_empty() {
        out.line(&format!(
            "<p class=\"question\">{}</p>",
            escaped(&page.question)
        ));
    }
    out.line(&format!("<p class=\"notice\">{}</p>", escaped(DISCLAIMER)));
    out.line("</header>");
}

fn contents(out: &mut Writer, sections: &[Section]) {
    if sections.len() < 2 {
        return;
    }
    out.line("<nav aria-label=\"Contents\">");
    out.line("<ol>");
    for (at, section) in sections.iter().enumerate() {
        let title = escaped(&section.title);
        out.line(&format!(
            "<li><a href=\"#part-{}\">{title}</a></li>",
            at + 1
        ));
    }
    out.line("</ol>");
    out.line("</nav>");
}

fn write_section(out: &mut Writer, at: usize, section: &Section) {
    let id = format!("part-{}", at + 1);
    out.line(&format!("<section aria-labelledby=\"{id}\">"));
    out.line(&format!("<h2 id=\"{id}\">{}</h2>", escaped(&section.title)));
    blocks(out, &section.blocks);
    out.line("</section>");
}

fn blocks(out: &mut Writer, blocks: &[Block]) {
    for block in blocks {
        write_block(out, block);
    }
}

fn write_block(out: &mut Writer, block: &Block) {
    match block {
        Block::Heading(words) => out.line(&format!("<h3>{}</h3>", escaped(words))),
        Block::Text(words) => out.line(&format!("<p>{}</p>", linked(words))),
        Block::List(points) => {
            out.line("<ul>");
            for point in points {
                out.line(&format!("<li>{}</li>", linked(point)));
            }
            out.line("</ul>");
        }
        Block::Facts(facts) => {
            out.line("<dl>");
            for (name, said) in facts {
                out.line(&format!(
                    "<dt>{}</dt><dd>{}</dd>",
                    escaped(name),
                    linked(said)
                ));
            }
            out.line("</dl>");
        }
        Block::Table(table) => write_table(out, table),
        Block::Figure(picture) => write_figure(out, picture),
        // Long lines scroll: who has only keys must be able to get there.
        Block::Code(text) => out.line(&format!(
            "<pre tabindex=\"0\"><code>{}</code></pre>",
            escaped(text)
        )),
        Block::Folded(words, inside) => {
            out.line(&format!("<details><summary>{}</summary>", escaped(words)));
            blocks(out, inside);
            out.line("</details>");
        }
    }
}

fn write_table(out: &mut Writer, table: &Table) {
    out.tables += 1;
    let id = format!("table-{}", out.tables);
    out.line(&format!(
        "<div class=\"scroll\" role=\"region\" aria-labelledby=\"{id}\" tabindex=\"0\">"
    ));
    out.line("<table>");
    let caption = escaped(&table.caption);
    out.line(&format!(
        "<caption id=\"{id}\">Table {}. {caption}</caption>",
        out.tables
    ));
    let class = |numbers: bool| if numbers { " class=\"number\"" } else { "" };
    out.text.push_str("<thead><tr>");
    for head in &table.heads {
        let words = escaped(&head.words);
        out.text.push_str(&format!(
            "<th scope=\"col\"{}>{words}</th>",
            class(head.numbers)
        ));
    }
    out.line("</tr></thead>");
    out.line("<tbody>");
    for row in &table.rows {
        out.text.push_str("<tr>");
        for (at, head) in table.heads.iter().enumerate() {
            let words = linked(row.get(at).map_or("", String::as_str));
            let class = class(head.numbers);
            out.text.push_str(&match at {
                0 => format!("<th scope=\"row\"{class}>{words}</th>"),
                _ => format!("<td{class}>{words}</td>"),
            });
        }
        out.line("</tr>");
    }
    out.line("</tbody>");
    out.line("</table>");
    out.line("</div>");
}

fn write_figure(out: &mut Writer, picture: &Picture) {
    out.figures += 1;
    let n = out.figures;
    out.line("<figure>");
    // On a narrow screen the drawing keeps a size at which it can be read, and scrolls.
    out.line(&format!(
        "<div class=\"scroll\" role=\"region\" aria-label=\"Figure {n}, scrolls sideways on a narrow screen\" tabindex=\"0\">"
    ));
    out.line(&format!(
        "<div class=\"plot\" role=\"img\" aria-label=\"{}\">",
        escaped(&picture.words)
    ));
    out.line(picture.svg.trim_end());
    out.line("</div></div>");
    let caption = escaped(&picture.caption);
    out.line(&format!("<figcaption>Figure {n}. {caption}</figcaption>"));
    out.line(&format!(
        "<details><summary>Figure {n} in words</summary><p>{}</p></details>",
        escaped(&picture.words)
    ));
    out.line("</figure>");
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";

    fn hostile() -> Page {
        let text = || HOSTILE.to_string();
        let mut table = Table::new(HOSTILE, &[HOSTILE, "#n"]);
        table.push([HOSTILE, HOSTILE]);
        let picture = Picture {
            svg: "<svg></svg>".to_string(),
            caption: text(),
            words: text(),
        };
        let blocks = vec![
            Block::Heading(text()),
            Block::Text(text()),
            Block::List(vec![text()]),
            Block::Facts(vec![(text(), text())]),
            Block::Table(table),
            Block::Figure(picture),
            Block::Code(text()),
            Block::Folded(text(), vec![Block::Text(text())]),
        ];
        let section = Section::new(HOSTILE, blocks);
        Page {
            title: text(),
            question: text(),
            sections: vec![section.clone(), section],
            program: text(),
        }
    }

    #[test]
    fn no_text_of_a_page_becomes_markup_or_leaves_its_attribute() {
        let page = html(&hostile());
        assert!(page.matches("&lt;script&gt;").count() > 20);
        assert!(!page.contains("<script") && !page.contains("<img"));
        // Between quotes of an attribute stands no quote of the text.
        assert!(!page.contains("\"\""), "an attribute ended early");
    }

    #[test]
    fn headings_descend_and_every_link_within_the_page_leads_somewhere() {
        let page = html(&hostile());
        assert_eq!(page.matches("<h1>").count(), 1);
        for at in page.match_indices("href=\"#").map(|(at, _)| at) {
            let target = page[at + 7..].split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
        }
    }

    #[test]
    fn a_short_row_ends_in_empty_cells() {
        let mut table = Table::new("t", &["a", "#b"]);
        table.push(["x"]);
        let mut out = Writer::default();
        write_table(&mut out, &table);
        assert!(
            out.text
                .contains("<tr><th scope=\"row\">x</th><td class=\"number\"></td></tr>")
        );
    }
}
