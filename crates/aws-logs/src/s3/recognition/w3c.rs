//! Objects that begin with a header in the W3C extended format.

use memchr::memchr;

use super::{Recognised, plausible};
use crate::s3::format::{Format, Framing, Layout, Read};
use crate::s3::w3c::{Columns, Names, TimeColumns, is_directive};

/// Recognises a header whose `#Fields` line names a column with the time.
pub(super) fn recognise(beginning: &[u8], ends_here: bool) -> Recognised {
    let mut rest = beginning;
    loop {
        let end = match memchr(b'\n', rest) {
            Some(end) => end,
            None if ends_here => rest.len(),
            None => return Recognised::NotYet,
        };
        let line = rest.get(..end).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(names) = Names::of(line) {
            return match TimeColumns::named(names) {
                TimeColumns::Nowhere => Recognised::Text,
                _ => Recognised::As(Format::with_layout(Framing::Lines, Box::new(W3c::default()))),
            };
        }
        if !is_directive(line) {
            return Recognised::Text;
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

/// The layout of an object, as far as it is known.
#[derive(Debug, Default)]
struct W3c {
    /// The `#Fields` line.
    fields: Vec<u8>,
    columns: Option<(Columns, TimeColumns)>,
    /// Whether a line that is not part of the header was read.
    is_past_header: bool,
}

impl Layout for W3c {
    /// Reads the header at the beginning. A later line is a header only if it repeats the `#Fields` line, as in
    /// concatenated objects: any other can be what a client sent.
    fn read(&mut self, line: &[u8]) -> Read {
        if line.first() == Some(&b'#') {
            if self.is_past_header {
                if line == self.fields {
                    return Read::Header;
                }
            } else if is_directive(line) {
                if let Some(names) = Names::of(line) {
                    self.fields = line.to_vec();
                    self.columns = Some((names.columns(), TimeColumns::named(names)));
                }
                return Read::Header;
            }
        }
        self.is_past_header = true;
        let time = self.columns.and_then(|(columns, time)| time.of(columns, line));
        Read::Line(plausible(time))
    }
}
