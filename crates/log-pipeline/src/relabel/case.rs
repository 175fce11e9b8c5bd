//! Case mapping as in Go: each character becomes one character, whatever its neighbours are.

/// Changes text to lower case. `İ` becomes `i`, and `Σ` becomes `σ` at the end of a word, too.
pub(crate) fn lower(text: &str) -> String {
    text.chars().map(lower_char).collect()
}

/// Changes text to upper case. `ß` and other characters whose upper case has several characters stay as they are.
pub(crate) fn upper(text: &str) -> String {
    text.chars().map(upper_char).collect()
}

/// Returns the lower-case form of a character.
fn lower_char(char: char) -> char {
    match char {
        // `İ` is the only character with two in Unicode's full mapping, which the standard library uses.
        'İ' => 'i',
        _ => single(char.to_lowercase()).unwrap_or(char),
    }
}

/// Returns the upper-case form of a character.
fn upper_char(char: char) -> char {
    let code_point = u32::from(char);
    let simple = match code_point {
        // Greek letters with iota subscript are two letters in the full mapping and one in the simple mapping.
        0x1F80..=0x1F87 | 0x1F90..=0x1F97 | 0x1FA0..=0x1FA7 => char::from_u32(code_point + 8),
        0x1FB3 | 0x1FC3 | 0x1FF3 => char::from_u32(code_point + 9),
        _ => single(char.to_uppercase()),
    };
    simple.unwrap_or(char)
}

/// Returns the only character of a mapping, or `None` if it has several.
fn single(mut mapped: impl ExactSizeIterator<Item = char>) -> Option<char> {
    match mapped.len() {
        1 => mapped.next(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each character that Go's `unicode.ToLower` or `unicode.ToUpper` changes, with both results.
    const GO: &str = include_str!("../../tests/data/go-case.json");

    /// Returns whether the character has a case mapping in Unicode 17 but not in Go's Unicode 15.
    fn is_newer_than_go(code_point: u32) -> bool {
        matches!(code_point, 0x19B | 0x264 | 0x1C89 | 0x1C8A | 0xA7CB..=0xA7DC | 0x10D50..=0x10D85 | 0x16EA0..=0x16ED3)
    }

    #[test]
    fn every_character_is_mapped_as_in_go() {
        let go: Vec<(u32, u32, u32)> = serde_json::from_str(GO).unwrap();
        let mut go = go.into_iter().peekable();
        for char in '\0'..=char::MAX {
            let code_point = u32::from(char);
            let (_, lower, upper) = go
                .next_if(|row| row.0 == code_point)
                .unwrap_or((code_point, code_point, code_point));
            if !is_newer_than_go(code_point) {
                assert_eq!(u32::from(lower_char(char)), lower, "{char}");
                assert_eq!(u32::from(upper_char(char)), upper, "{char}");
            }
        }
        assert_eq!(go.next(), None);
    }

    #[test]
    fn words_are_mapped_character_by_character() {
        assert_eq!(lower("ΟΔΥΣΣΕΥΣ İI"), "οδυσσευσ ii");
        assert_eq!(upper("straße ŉ ﬁ"), "STRAßE ŉ ﬁ");
    }
}
