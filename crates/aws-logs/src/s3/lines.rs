//! Objects whose records are lines.

use std::ops::Range;

use memchr::memchr;

use super::buffer::Unread;

/// The next line without its line break, as Go's `bufio.ScanLines` splits, which upstream uses: at
/// each line feed, less one carriage return before it. Of any length.
///
/// At the `end` of the object what is left is a line too.
pub(crate) fn next_line(unread: &mut Unread<'_>, end: bool) -> Option<Range<usize>> {
    let unseen = unread.unseen();
    let found = memchr(b'\n', unseen);
    unread.keep(found.unwrap_or(unseen.len()));
    if found.is_none() && !(end && unread.has_kept()) {
        return None;
    }
    let mut line = unread.take();
    unread.skip(usize::from(found.is_some()));
    if unread.get(line.clone()).last() == Some(&b'\r') {
        line.end -= 1;
    }
    Some(line)
}
