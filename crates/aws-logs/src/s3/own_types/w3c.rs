//! Lines of fields whose columns a header names: the W3C extended format, and a line with the names alone.

use std::sync::Arc;

use super::delimited::Delimited;
use super::time::Timing;
use crate::s3::format::{Layout, Read};
use crate::s3::w3c::{Columns, Names};

/// The layout of an object's lines, as far as it is known.
#[derive(Debug)]
pub(super) struct W3c {
    time: Option<Arc<Timing>>,
    header: Header,
}

#[derive(Clone, Copy, Debug)]
enum Header {
    /// Only empty lines and directives without names were read.
    Ahead,
    /// `#Fields` named the columns.
    Fields { columns: Split, time: Option<usize> },
    /// The first line named the columns.
    Line { columns: Delimited, time: Option<usize> },
}

/// The way in which lines are split into fields.
#[derive(Clone, Copy, Debug)]
enum Split {
    /// At the delimiter of the header.
    Known(Delimited),
    /// The header has spaces between the names, and the lines may have another delimiter.
    Unknown(Columns),
}

impl W3c {
    pub(super) fn new(time: Option<Arc<Timing>>) -> Self {
        Self {
            time,
            header: Header::Ahead,
        }
    }

    /// Reads a directive of the W3C extended format, if the line is one.
    fn directive(&mut self, line: &[u8]) -> Option<Read> {
        if !is_directive(line) || !self.may_be_directive() {
            return None;
        }
        let Some(names) = Names::of(line) else {
            return Some(Read::Header);
        };
        let fields = names.text();
        let (columns, time) = match Delimited::of_header(fields) {
            Some(columns) => (
                Split::Known(columns),
                self.column(|name| columns.position(fields, name)),
            ),
            None => (
                Split::Unknown(names.columns()),
                self.column(|name| names.position(name)),
            ),
        };
        self.header = Header::Fields { columns, time };
        Some(self.header_read(time))
    }

    /// Returns whether a line can be a directive: the first lines, and later ones where no client writes the first
    /// field. A client could hide its lines otherwise, or name other columns.
    fn may_be_directive(&self) -> bool {
        match &self.header {
            Header::Ahead => true,
            Header::Fields { columns, time } => {
                *time == Some(0) || matches!(columns, Split::Unknown(columns) if columns.begin_with_own())
            }
            Header::Line { .. } => false,
        }
    }

    fn column(&self, position: impl FnOnce(&str) -> Option<usize>) -> Option<usize> {
        self.time.as_ref()?.column().and_then(position)
    }

    /// Returns the result of reading a header in which the time is in this column.
    fn header_read(&self, time: Option<usize>) -> Read {
        match (self.time_column(), time) {
            (Some(_), None) => Read::NoColumn,
            _ => Read::Header,
        }
    }
}

impl Layout for W3c {
    fn read(&mut self, line: &[u8]) -> Read {
        if line.first() == Some(&b'#')
            && let Some(read) = self.directive(line)
        {
            return read;
        }
        let field = match &self.header {
            Header::Ahead if line.is_empty() => return Read::Line(None),
            Header::Ahead => {
                let line = line.strip_prefix("\u{feff}".as_bytes()).unwrap_or(line);
                let columns = Delimited::of_line(line);
                let time = self.column(|name| columns.position(line, name));
                self.header = Header::Line { columns, time };
                return self.header_read(time);
            }
            Header::Fields {
                columns: Split::Unknown(columns),
                time: Some(time),
            } => columns.field(line, *time),
            Header::Fields {
                columns: Split::Known(columns),
                time: Some(time),
            }
            | Header::Line {
                columns,
                time: Some(time),
            } => columns.field(line, *time),
            _ => None,
        };
        let time = self.time.as_ref();
        Read::Line(time.and_then(|time| time.of(line, |_, _| field.map(super::delimited::unquoted))))
    }

    fn has_times(&self) -> bool {
        self.time.is_some()
    }

    fn time_column(&self) -> Option<&str> {
        self.time.as_ref()?.column()
    }
}

/// Returns whether the line is a directive of the W3C extended log file format.
fn is_directive(line: &[u8]) -> bool {
    const DIRECTIVES: [&str; 7] = [
        "#Version:",
        "#Fields:",
        "#Software:",
        "#Start-Date:",
        "#End-Date:",
        "#Date:",
        "#Remark:",
    ];
    DIRECTIVES
        .iter()
        .any(|directive| line.starts_with(directive.as_bytes()))
}
