//! Case mapping as in Go: each character becomes one character, whatever its neighbours are.

/// Changes text to lower case as Go's `strings.ToLower` does. `İ` becomes `i`, and `Σ` becomes `σ` at the end of a word,
/// too.
///
/// ```
/// assert_eq!(go_text::to_lower("ΟΔΟΣ İ"), "οδοσ i");
/// ```
pub fn to_lower(text: &str) -> String {
    text.chars().map(lower_char).collect()
}

/// Changes text to upper case as Go's `strings.ToUpper` does. `ß` and other characters whose upper case has several
/// characters stay as they are.
///
/// ```
/// assert_eq!(go_text::to_upper("straße"), "STRAßE");
/// ```
pub fn to_upper(text: &str) -> String {
    text.chars().map(upper_char).collect()
}

/// Returns the lower-case form of a character, as Go's `unicode.ToLower` does.
pub fn lower_char(char: char) -> char {
    match char {
        // `İ` is the only character with two in Unicode's full mapping, which the standard library uses.
        'İ' => 'i',
        _ => single(char.to_lowercase()).unwrap_or(char),
    }
}

/// Returns the upper-case form of a character, as Go's `unicode.ToUpper` does.
pub fn upper_char(char: char) -> char {
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

    #[test]
    fn words_are_mapped_character_by_character() {
        assert_eq!(to_lower("ΟΔΥΣΣΕΥΣ İI"), "οδυσσευσ ii");
        assert_eq!(to_upper("straße ŉ ﬁ"), "STRAßE ŉ ﬁ");
    }
}
