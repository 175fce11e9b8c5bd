//! Which characters Go regards as printable.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Returns whether a character is printable, as Go's `strconv.IsPrint` does: letters, marks, numbers, punctuation,
/// symbols and the ASCII space.
#[inline]
pub fn is_print(char: char) -> bool {
    match char {
        ' '..='~' => true,
        '\0'..='\x7f' => false,
        _ => is_print_beyond_ascii(char),
    }
}

/// Looks the category of the character up in a table.
fn is_print_beyond_ascii(char: char) -> bool {
    matches!(
        char.general_category_group(),
        GeneralCategoryGroup::Letter
            | GeneralCategoryGroup::Mark
            | GeneralCategoryGroup::Number
            | GeneralCategoryGroup::Punctuation
            | GeneralCategoryGroup::Symbol
    )
}
