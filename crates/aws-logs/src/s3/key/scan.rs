//! Small scans over parts of keys.

/// One digit or more, and nothing else.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What of the text's start is letters, digits and hyphens: upstream's sources are made of them.
pub(super) fn leading_name(text: &str) -> &str {
    let end = text
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        .count();
    &text[..end]
}

/// Like `us-east-1` or `us-gov-east-1`.
pub(super) fn is_region(text: &str) -> bool {
    let parts = text.split('-').count();
    (3..=4).contains(&parts)
        && text
            .split('-')
            .all(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !part.is_empty())
        && text.ends_with(|last: char| last.is_ascii_digit())
}

/// Whether the text begins as the pattern says, in which `0` is any digit, and what follows.
pub(super) fn after_pattern<'t>(text: &'t str, pattern: &str) -> Option<&'t str> {
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
pub(super) fn after_number(text: &str, separator: char) -> Option<&str> {
    let (number, rest) = text.split_once(separator)?;
    is_number(number).then_some(rest)
}
