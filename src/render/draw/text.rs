//! The embedded font: how wide words are, and where lines break.

use std::sync::Once;

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBColor, TextStyle, register_font,
};

use super::scene::{Anchor, Text};
use crate::render::Rgb;

/// Family as SVG readers see it; the embedded font is registered under the same name.
pub(super) const FAMILY: &str = "DejaVu Sans, sans-serif";
/// Distance between baselines, in ems.
pub(super) const LEADING: f64 = 1.35;

/// Ascent less descent of DejaVu Sans per em (1901 + 483 of 2048 units): what plotters calls a font's size, in ems.
pub(super) const SIZE_PER_EM: f64 = 2384.0 / 2048.0;

static REGISTERED: Once = Once::new();

/// The font at plotters' `size`. Registers the embedded faces the first time.
fn font(size: f64, bold: bool) -> FontDesc<'static> {
    REGISTERED.call_once(|| {
        let faces = [
            (FontStyle::Normal, dejavu::sans::regular()),
            (FontStyle::Bold, dejavu::sans::bold()),
        ];
        for (style, bytes) in faces {
            assert!(
                register_font(FAMILY, style, bytes).is_ok(),
                "the embedded font is well formed"
            );
        }
    });
    let style = if bold {
        FontStyle::Bold
    } else {
        FontStyle::Normal
    };
    FontDesc::new(FontFamily::Name(FAMILY), size, style)
}

/// Style of `text` for a backend, anchored at the top, at plotters' `size`.
pub(super) fn style(text: &Text, size: f64) -> TextStyle<'static> {
    let turn = if text.upwards {
        FontTransform::Rotate270
    } else {
        FontTransform::None
    };
    let Rgb(red, green, blue) = text.colour;
    let side = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let font = font(size, text.bold).transform(turn);
    let color = RGBColor(red, green, blue).to_backend_color();
    TextStyle {
        font,
        color,
        pos: Pos::new(side, VPos::Top),
    }
}

/// Width of `words` in pixels at `size` pixels per em.
pub(super) fn width(words: &str, size: f64, bold: bool) -> f64 {
    // plotters rounds to whole pixels: measure large, then scale down.
    const MEASURED_AT: f64 = 1000.0;
    let ((left, _), (right, _)) = font(MEASURED_AT * SIZE_PER_EM, bold)
        .layout_box(words)
        .expect("the font is registered above");
    f64::from(right - left) * size / MEASURED_AT
}

/// `words` in lines of at most `room` pixels, broken at blanks; the last of `most` lines ends in `…` when text is left.
pub(super) fn wrap(words: &str, size: f64, bold: bool, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size, bold) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    if lines.len() > most {
        let rest = lines.split_off(most.max(1)).join(" ");
        let last = lines.last_mut().expect("at least one line is kept");
        last.push(' ');
        last.push_str(&rest);
    }
    // A single word may be wider than the room, and so may the last line now.
    lines
        .into_iter()
        .map(|line| shorten(&line, size, bold, room))
        .collect()
}

/// `words` cut to `room` pixels, ending in `…` when cut.
pub(super) fn shorten(words: &str, size: f64, bold: bool, room: f64) -> String {
    if width(words, size, bold) <= room {
        return words.into();
    }
    let mut kept: Vec<char> = words.chars().collect();
    while kept.len() > 1 {
        kept.pop();
        let cut = format!("{}…", kept.iter().collect::<String>().trim_end());
        if width(&cut, size, bold) <= room {
            return cut;
        }
    }
    "…".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font_file() {
        // Advance of DejaVu Sans: `0` 1303 and `M` 1767 of 2048 units per em.
        assert!((width("0", 20.48, false) - 13.03).abs() < 0.05);
        assert!((width("MM", 20.48, false) - 2.0 * 17.67).abs() < 0.05);
    }

    #[test]
    fn lines_break_at_blanks_and_the_last_one_is_cut() {
        let lines = wrap(
            "plasma glucose in the morning after an overnight fast",
            12.0,
            false,
            120.0,
            2,
        );
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        assert!(lines.iter().all(|line| width(line, 12.0, false) <= 120.0));
    }
}
