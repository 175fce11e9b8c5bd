//! The format of objects: how they are cut into records, and where the time of a record is.

use std::fmt::Debug;

use loki_push::Timestamp;

use super::documents::DocumentScanner;
use super::json::{Members, string};
use super::own_types::CsvScanner;
use super::recognition::Recognition;
use super::records::{RecordScanner, Shape};
use super::time;

/// The format of objects: their framing, and the position of the time in a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant {
    pub(crate) framing: Framing,
    pub(crate) time: Time,
}

impl Variant {
    /// Returns the format of an object that has not been read yet.
    pub(crate) fn format(&self) -> Format {
        Format::new(self.framing, self.time)
    }
}

/// The way in which objects are cut into records.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Framing {
    /// Each line is a record.
    Lines,
    /// The objects are JSON documents, and their records are the elements of the array with this name.
    Array(&'static str),
    /// As [`Array`](Self::Array), or the documents are arrays of records themselves.
    ArrayOrList(&'static str),
    /// The objects are JSON documents, and each is a record.
    Documents,
    /// As [`Documents`](Self::Documents), until something else follows a document. From there on each line is a
    /// record.
    DocumentsOrLines,
    /// The objects are JSON documents, and each is a delivery of a CloudWatch Logs subscription filter.
    Deliveries,
}

/// The position of the time in a record.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Time {
    /// The records are any text, without a known time.
    Untimed,
    /// The records are any text. If the first one shows a known form, the object has that format instead.
    ByFirstRecord,
    /// At a fixed position, where this function reads it.
    Fixed(fn(&[u8]) -> Option<Timestamp>),
    /// At a position that depends on earlier lines, such as a header. The function returns the layout at the
    /// start of an object.
    Layout(fn() -> Box<dyn Layout>),
}

/// The layout of an object's lines, as far as it is known. It changes when a header is read.
pub(crate) trait Layout: Debug + Send + Sync {
    /// Returns whether the line is a header, and its time otherwise.
    fn read(&mut self, line: &[u8]) -> Read;

    /// Returns the field at the position of the HTTP status, for the logs of access-log mode that have one.
    /// The line must have been read before.
    fn status<'a>(&self, _line: &'a [u8]) -> Option<&'a [u8]> {
        None
    }

    /// Returns whether lines can have a time. If not, all are given the time when the object was written.
    fn has_times(&self) -> bool {
        true
    }

    /// Returns the name of the column with the time, if a header must name it.
    fn time_column(&self) -> Option<&str> {
        None
    }
}

/// The result of reading a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// A header with the names of columns, which is not shipped.
    Header,
    /// A header that does not name the column with the time, so that no line has one.
    NoColumn,
    /// A line, and its time if it has a valid one.
    Line(Option<Timestamp>),
}

/// The content of an object's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Each record is a line of log with a time.
    Lines,
    /// Each record is a delivery of a CloudWatch Logs subscription filter, whose log events have their own
    /// times and labels.
    Deliveries,
}

/// The format of one object, which changes when a header is read.
#[derive(Debug)]
pub(crate) struct Format {
    pub(crate) content: Content,
    pub(crate) splitter: Splitter,
    /// Whether what is not a JSON document is cut into lines instead of being an error.
    pub(crate) lines_may_follow: bool,
    pub(crate) times: RecordTimes,
    /// The recognition of the object's format, while it is not decided.
    pub(crate) recognition: Option<Recognition>,
}

/// The state of cutting an object into records.
#[derive(Debug)]
pub(crate) enum Splitter {
    Lines,
    Records(RecordScanner),
    Documents(DocumentScanner),
    Csv(CsvScanner),
}

/// The state of finding the times of an object's records.
#[derive(Debug)]
pub(crate) enum RecordTimes {
    Untimed,
    Fixed(fn(&[u8]) -> Option<Timestamp>),
    Layout(Box<dyn Layout>),
}

impl Format {
    pub(crate) fn new(framing: Framing, time: Time) -> Self {
        Self {
            recognition: matches!(time, Time::ByFirstRecord).then(Recognition::new),
            ..Self::with_times(framing, RecordTimes::new(time))
        }
    }

    /// Returns the format of an object whose lines have this layout.
    pub(crate) fn with_layout(framing: Framing, layout: Box<dyn Layout>) -> Self {
        Self::with_times(framing, RecordTimes::Layout(layout))
    }

    /// Returns the format of an object whose records are lines of log.
    pub(crate) fn of_lines(splitter: Splitter, times: RecordTimes) -> Self {
        Self {
            content: Content::Lines,
            splitter,
            lines_may_follow: false,
            times,
            recognition: None,
        }
    }

    fn with_times(framing: Framing, times: RecordTimes) -> Self {
        Self {
            content: match framing {
                Framing::Deliveries => Content::Deliveries,
                _ => Content::Lines,
            },
            splitter: match framing {
                Framing::Lines => Splitter::Lines,
                Framing::Array(name) => Splitter::Records(RecordScanner::new(Shape::Array, name.into())),
                Framing::ArrayOrList(name) => {
                    Splitter::Records(RecordScanner::new(Shape::ArrayOrList, name.into()))
                }
                Framing::Documents | Framing::DocumentsOrLines | Framing::Deliveries => {
                    Splitter::Records(RecordScanner::new(Shape::Documents, "".into()))
                }
            },
            lines_may_follow: matches!(framing, Framing::DocumentsOrLines),
            times,
            recognition: None,
        }
    }
}

impl RecordTimes {
    /// Returns the state at the start of an object.
    pub(crate) fn new(time: Time) -> Self {
        match time {
            Time::Untimed | Time::ByFirstRecord => Self::Untimed,
            Time::Fixed(time) => Self::Fixed(time),
            Time::Layout(start) => Self::Layout(start()),
        }
    }

    pub(crate) fn read(&mut self, record: &[u8]) -> Read {
        match self {
            Self::Untimed => Read::Line(None),
            Self::Fixed(time) => Read::Line(time(record)),
            Self::Layout(layout) => layout.read(record),
        }
    }

    /// Returns the field at the position of the HTTP status, as [`Layout::status`] does.
    pub(crate) fn status<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::Untimed | Self::Fixed(_) => None,
            Self::Layout(layout) => layout.status(line),
        }
    }

    /// Returns whether lines can have a time.
    pub(crate) fn exist(&self) -> bool {
        match self {
            Self::Untimed => false,
            Self::Fixed(_) => true,
            Self::Layout(layout) => layout.has_times(),
        }
    }

    /// Returns the name of the column with the time, as [`Layout::time_column`] does.
    pub(crate) fn column(&self) -> &str {
        match self {
            Self::Untimed | Self::Fixed(_) => None,
            Self::Layout(layout) => layout.time_column(),
        }
        .unwrap_or_default()
    }
}

/// Returns the ISO 8601 time in a member of the object itself, not of a nested one.
pub(crate) fn iso_member(object: &[u8], name: &str) -> Option<Timestamp> {
    time::iso(string(Members::of(object).find(name)?)?)
}

/// Returns the time of a JSON value that is a number since the epoch, or a string with one.
pub(crate) fn epoch_value(value: &[u8]) -> Option<Timestamp> {
    time::epoch(string(value).unwrap_or(value))
}

/// Returns the time in a member of the object itself: a number since the epoch, or an ISO 8601 time.
pub(crate) fn instant_member(object: &[u8], name: &str) -> Option<Timestamp> {
    let value = Members::of(object).find(name)?;
    epoch_value(value).or_else(|| time::iso(string(value)?))
}

/// Returns the time in a member of the object itself that is a number since the epoch.
pub(crate) fn epoch_member(object: &[u8], name: &str) -> Option<Timestamp> {
    time::epoch(Members::of(object).find(name)?)
}
