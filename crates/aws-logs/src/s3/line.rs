//! The lines of the bytes that are there.

use std::borrow::Cow;
use std::ops::Range;

use loki_push::Timestamp;
use simdutf8::compat::from_utf8;

use super::buffer::Unread;
use super::format::{Format, Read, Splitter};
use super::lines::next_line;
use super::{AccessLog, ObjectError};
use crate::lossy;
use crate::text_check::{self, PROBED};

/// Bytes that are checked to be UTF-8 at a time: more lines than one, and few enough that the nearest cache still
/// has them when they are searched and encoded.
const CHECKED: usize = 16 << 10;

/// One line of an object, or one record of its JSON array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line without its line break, the record as it is written; invalid UTF-8 replaced. May be empty.
    pub text: Cow<'a, str>,
    /// The line's own time. If that cannot be read: the time the object was written, plus as many
    /// nanoseconds as there are lines (header and empty ones too) or records before it, so that
    /// lines keep their order and equal ones stay apart.
    pub timestamp: Timestamp,
    /// In access-log mode, the value of the label `status_code`.
    pub status_code: Option<&'a str>,
}

/// Gives the lines that are complete, one after the other.
#[derive(Debug)]
pub struct Lines<'a> {
    unread: Unread<'a>,
    progress: &'a mut Progress,
    /// Bytes from there on that are known to be UTF-8: they are checked once for many lines.
    text: (usize, &'a str),
}

/// How far an object was read.
#[derive(Debug)]
pub(crate) struct Progress {
    format: Format,
    access_log: Option<AccessLog>,
    last_modified: Timestamp,
    /// Lines or records so far.
    index: u64,
    end: End,
    /// Bytes that a line or record may have.
    pub(crate) longest: usize,
    /// Whether it is still to be seen if the object is text.
    probing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// More may come.
    Ahead,
    /// The object is complete.
    Clean,
    /// The rest of the object is missing.
    Aborted,
    /// An error was reported.
    Failed,
}

impl Progress {
    pub(crate) fn new(format: Format, access_log: Option<AccessLog>, last_modified: Timestamp) -> Self {
        Self {
            probing: true,
            format,
            access_log,
            last_modified,
            index: 0,
            longest: usize::MAX,
            end: End::Ahead,
        }
    }

    /// Notes how the object ends. What is known already stays.
    pub(crate) fn end_as(&mut self, end: End) {
        if self.end == End::Ahead {
            self.end = end;
        }
    }
}

impl<'a> Lines<'a> {
    pub(crate) fn new(unread: Unread<'a>, progress: &'a mut Progress) -> Self {
        Self {
            unread,
            progress,
            text: (0, ""),
        }
    }

    /// The next line; none until more is fed, and none at the end.
    ///
    /// # Errors
    /// Once, after the good lines: when the object is not what its type says or, after
    /// [`finish`](super::ObjectReader::finish), is cut short. Then there are no more lines.
    pub fn next_line(&mut self) -> Result<Option<Line<'a>>, ObjectError> {
        let (record, timestamp) = match self.advance() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(None),
            Err(error) => {
                self.progress.end = End::Failed;
                return Err(error);
            }
        };
        let bytes = self.unread.get(record.clone());
        Ok(Some(Line {
            text: self.text(record),
            timestamp,
            status_code: self
                .progress
                .access_log
                .map(|log| log.status(&self.progress.format.layout, bytes)),
        }))
    }

    fn advance(&mut self) -> Result<Option<(Range<usize>, Timestamp)>, ObjectError> {
        if self.progress.end == End::Failed || (self.progress.probing && !self.probe()?) {
            return Ok(None);
        }
        while let Some(record) = self.next_record()? {
            let progress = &mut *self.progress;
            let index = progress.index;
            progress.index += 1;
            match progress.format.layout.read(self.unread.get(record.clone())) {
                Read::Header => {}
                Read::Line(time) => {
                    let timestamp = time.unwrap_or_else(|| progress.last_modified.plus_nanos(index));
                    return Ok(Some((record, timestamp)));
                }
            }
        }
        Ok(None)
    }

    fn next_record(&mut self) -> Result<Option<Range<usize>>, ObjectError> {
        let clean_end = self.progress.end == End::Clean;
        let record = match &mut self.progress.format.splitter {
            Splitter::Lines => next_line(&mut self.unread, clean_end),
            Splitter::Array(scanner) => {
                let record = scanner.next_record(&mut self.unread)?;
                if record.is_none() && clean_end {
                    scanner.finish(&self.unread)?;
                }
                record
            }
        };
        let len = match &record {
            Some(record) => record.len(),
            // It may end in a carriage return, which does not count.
            None => self.unread.kept_len().saturating_sub(1),
        };
        if len > self.progress.longest {
            return Err(ObjectError::TooLong {
                limit: self.progress.longest,
                offset: self.unread.offset(),
            });
        }
        Ok(record)
    }

    /// Returns whether the object's first bytes are all there. Then they are text: binary data is an error, whatever the
    /// key says.
    fn probe(&mut self) -> Result<bool, ObjectError> {
        let unseen = self.unread.unseen();
        if unseen.len() < PROBED && self.progress.end == End::Ahead {
            return Ok(false);
        }
        text_check::check(unseen)?;
        self.progress.probing = false;
        Ok(true)
    }

    /// The bytes as text.
    fn text(&mut self, line: Range<usize>) -> Cow<'a, str> {
        let (from, text) = self.text;
        if line.end > from + text.len() {
            let end = self.unread.bytes().len().min(line.end.max(line.start + CHECKED));
            self.text = (line.start, valid_prefix(&self.unread.bytes()[line.start..end]));
        }
        let (from, text) = self.text;
        // Slices of text begin and end between characters, as lines and records do.
        match text.get(line.start - from..line.end - from) {
            Some(text) => Cow::Borrowed(text),
            None => lossy(self.unread.get(line)),
        }
    }
}

/// As much of the bytes as is UTF-8 from the start on.
fn valid_prefix(bytes: &[u8]) -> &str {
    match from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}
