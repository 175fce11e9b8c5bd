//! Objects whose records are lines.

use std::ops::Range;

use memchr::memchr;

use super::buffer::Unread;

/// Returns the next line, of any length, without its line break. Lines are split as by Go's
/// `bufio.ScanLines`, which upstream uses: at each line feed, with one carriage return before it removed.
///
/// At the `end` of the object, the remaining bytes are a line too.
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
