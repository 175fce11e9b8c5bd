//! Lines that consist of fields.

use memchr::memchr_iter;

use crate::word_search::nth_field;

/// The delimiters between fields that CloudWatch's log delivery offers. Legacy logs of CloudFront have the
/// first, those of load balancers the second.
pub(crate) const DELIMITERS: [u8; 5] = *b"\t ,;|";

/// Returns the parts between the delimiters, which are one more than the delimiters.
pub(crate) fn split(line: &[u8], delimiter: u8) -> impl Iterator<Item = &[u8]> {
    let mut from = 0;
    memchr_iter(delimiter, line).chain([line.len()]).map(move |to| {
        let field = &line[from..to];
        from = to + 1;
        field
    })
}

/// Returns whether the byte is one of [`DELIMITERS`].
pub(crate) fn is_delimiter(byte: u8) -> bool {
    // In this form it compiles to a test of one bit.
    matches!(byte, b'\t' | b' ' | b',' | b';' | b'|')
}

/// Returns the index of the first delimiter. If AWS writes the first field, this is the line's delimiter:
/// AWS's times, addresses and names contain none of them.
pub(crate) fn first_delimiter(line: &[u8]) -> Option<usize> {
    line.iter().position(|byte| is_delimiter(*byte))
}

/// Returns the field with this number, counted from 0, if the line has exactly `count` fields.
///
/// A delimiter within a quoted field is part of the field. Between tabs, quotes have no meaning: control
/// characters are always encoded.
pub(crate) fn nth_of(line: &[u8], delimiter: u8, count: usize, number: usize) -> Option<&[u8]> {
    if delimiter == b'\t' {
        let fields = memchr_iter(delimiter, line).count() + 1;
        return (fields == count)
            .then(|| nth_field(line, delimiter, number))
            .flatten();
    }
    let (mut quoted, mut escaped) = (false, false);
    let (mut fields, mut from) = (0, 0);
    let mut found = None;
    for (at, &byte) in line.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if byte == delimiter && !quoted => {
                if fields == number {
                    found = Some(&line[from..at]);
                }
                fields += 1;
                from = at + 1;
            }
            _ => {}
        }
    }
    if fields == number {
        found = Some(&line[from..]);
    }
    found.filter(|_| fields + 1 == count && !quoted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_counts_only_where_the_number_of_fields_is_right() {
        for (line, delimiter, count, number, field) in [
            ("a\tb\tc", b'\t', 3, 1, Some("b")),
            ("a\tb\tc", b'\t', 2, 1, None),
            ("a\t\"b\tc", b'\t', 3, 2, Some("c")),
            ("a b c", b' ', 3, 0, Some("a")),
            ("a b c", b' ', 3, 2, Some("c")),
            ("a b c", b' ', 3, 3, None),
            (r#"a "b 200 x" c"#, b' ', 3, 2, Some("c")),
            (r#""b \" 200 x" c"#, b' ', 2, 1, Some("c")),
            (r#""b "" 200 x" c"#, b' ', 2, 1, Some("c")),
            (r#"a "b c"#, b' ', 2, 0, None),
            (r#"a "b c"#, b' ', 3, 2, None),
            ("", b' ', 1, 0, Some("")),
        ] {
            let found = nth_of(line.as_bytes(), delimiter, count, number);
            assert_eq!(
                found,
                field.map(str::as_bytes),
                "{line:?}, field {number} of {count}"
            );
        }
    }
}
