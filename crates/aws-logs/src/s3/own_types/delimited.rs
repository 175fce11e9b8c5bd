//! Lines of fields with the delimiter of their header.

use crate::s3::fields::{nth_of, split};
use crate::s3::json;
use crate::word_search::nth_field;

/// The delimiters in the order in which a header is searched for them. Names can contain those that come later.
const DELIMITERS: [u8; 5] = *b"\t|;, ";

/// The columns of lines that have the delimiter of their header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delimited {
    delimiter: u8,
    count: usize,
}

impl Delimited {
    /// Returns the columns that the names in a `#Fields` line have, unless spaces separate them.
    pub(super) fn of_header(names: &[u8]) -> Option<Self> {
        let columns = Self::of_line(names);
        (columns.count > 1 && columns.delimiter != b' ').then_some(columns)
    }

    /// Returns the columns that a line of names has.
    pub(super) fn of_line(names: &[u8]) -> Self {
        let found = DELIMITERS.into_iter().find(|delimiter| names.contains(delimiter));
        let delimiter = found.unwrap_or(b'\t');
        Self {
            delimiter,
            count: split(names, delimiter).count(),
        }
    }

    /// Returns the index of the column with this name, counted from 0.
    pub(super) fn position(self, names: &[u8], wanted: &str) -> Option<usize> {
        split(names, self.delimiter).position(|name| unquoted(name.trim_ascii()) == wanted.as_bytes())
    }

    /// Returns the line's field in this column, counted from 0.
    ///
    /// The first field ends at the first delimiter. For any other, the line must have as many fields as the header, or
    /// text of a client could shift the fields.
    pub(super) fn field(self, line: &[u8], column: usize) -> Option<&[u8]> {
        match column {
            0 if !line.starts_with(b"\"") => nth_field(line, self.delimiter, 0),
            _ => nth_of(line, self.delimiter, self.count, column),
        }
    }
}

/// Returns the field without the quotes around it.
pub(super) fn unquoted(field: &[u8]) -> &[u8] {
    json::string(field).unwrap_or(field)
}
