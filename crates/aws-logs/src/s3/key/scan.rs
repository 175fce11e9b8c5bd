//! Small scanners for parts of keys.

/// Returns whether the text consists of one digit or more.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the letters, digits and hyphens at the start of the text, of which upstream's sources consist.
pub(crate) fn leading_name(text: &str) -> &str {
    let end = text
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        .count();
    &text[..end]
}

/// Returns whether the text looks like `us-east-1` or `us-gov-east-1`.
pub(crate) fn is_region(text: &str) -> bool {
    let parts = text.split('-').count();
    (3..=4).contains(&parts)
        && text
            .split('-')
            .all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !part.is_empty())
        && text.ends_with(|last: char| last.is_ascii_digit())
}

/// Returns what follows the pattern, in which `0` stands for any digit, if the text begins with it.
pub(crate) fn after_pattern<'t>(text: &'t str, pattern: &str) -> Option<&'t str> {
    let (head, rest) = text.split_at_checked(pattern.len())?;
    head.bytes()
        .zip(pattern.bytes())
        .all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            _ => byte == wanted,
        })
        .then_some(rest)
}

/// Removes one number and the separator after it.
pub(crate) fn after_number(text: &str, separator: char) -> Option<&str> {
    let (number, rest) = text.split_once(separator)?;
    is_number(number).then_some(rest)
}

/// Returns whether the text is a UUID with hyphens.
pub(crate) fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
