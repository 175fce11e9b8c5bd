//! Lines made of fields.

use memchr::memchr_iter;

/// The parts between the delimiters; one more than there are delimiters.
pub(crate) fn split(line: &[u8], delimiter: u8) -> impl Iterator<Item = &[u8]> {
    let mut from = 0;
    memchr_iter(delimiter, line).chain([line.len()]).map(move |to| {
        let field = &line[from..to];
        from = to + 1;
        field
    })
}
