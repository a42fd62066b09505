//! Names as both languages take them.

/// The id with all but letters, digits and underscores replaced, no digit first: `column 0` as `column_0`.
pub(super) fn plain(id: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut plain: String = id.chars().map(|c| if fits(c) { c } else { '_' }).collect();
    if plain.is_empty() || plain.starts_with(|c: char| c.is_ascii_digit()) {
        plain.insert(0, '_');
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn an_id_is_letters_digits_and_underscores_no_digit_first() {
        assert_eq!(plain("column 0"), "column_0");
        assert_eq!(plain("2x"), "_2x");
        assert_eq!(plain("k_1"), "k_1");
        assert_eq!(plain("µ"), "_");
    }
}
