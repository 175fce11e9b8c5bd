//! An object's bytes become lines.

use std::borrow::Cow;
use std::ops::Range;

use loki_push::Timestamp;
use memchr::memchr;

use super::buffer::Buffer;
use super::format::{Format, Read, Splitter};
use super::lines::next_line;
use super::{AccessLog, ObjectError};
use crate::lossy;

/// How much of an object tells whether it is text.
const PROBED: usize = 8192;

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

/// Cuts one object into lines, holding no more of it than what was fed since the last line.
///
/// Feed it a block, then take lines until there is none, and so on. What the lines are does not depend
/// on how the bytes are cut into blocks.
#[derive(Debug)]
pub struct ObjectReader {
    buffer: Buffer,
    format: Format,
    access_log: Option<AccessLog>,
    last_modified: Timestamp,
    /// Lines or records so far.
    index: u64,
    end: End,
    /// Whether it is still to be seen if the object is text.
    probing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// More may come.
    Ahead,
    /// The object is complete.
    Clean,
    /// The rest of the object is missing.
    Aborted,
    /// An error was reported.
    Failed,
}

impl ObjectReader {
    pub(crate) fn new(format: Format, access_log: Option<AccessLog>, last_modified: Timestamp) -> Self {
        Self {
            buffer: Buffer::default(),
            probing: format.text_only,
            format,
            access_log,
            last_modified,
            index: 0,
            end: End::Ahead,
        }
    }

    /// Takes the next block of decompressed bytes.
    pub fn feed(&mut self, block: &[u8]) {
        self.space().extend_from_slice(block);
    }

    /// Where the next block may be appended without a copy. What is there already must stay.
    pub fn space(&mut self) -> &mut Vec<u8> {
        self.buffer.space()
    }

    /// The object was read to its end: a last line without a line break is a line.
    pub fn finish(&mut self) {
        self.end_as(End::Clean);
    }

    /// The rest of the object is not to be had: the lines that are complete remain to be taken, half a
    /// line is dropped.
    pub fn abort(&mut self) {
        self.end_as(End::Aborted);
    }

    fn end_as(&mut self, end: End) {
        if self.end == End::Ahead {
            self.end = end;
        }
    }

    /// The next line; none until more is fed, and none at the end.
    ///
    /// # Errors
    /// Once, after the good lines: when the object is not what its type says or, after
    /// [`finish`](Self::finish), is cut short. Then there are no more lines.
    pub fn next_line(&mut self) -> Result<Option<Line<'_>>, ObjectError> {
        let (record, timestamp) = match self.advance() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(None),
            Err(error) => {
                self.end = End::Failed;
                return Err(error);
            }
        };
        let bytes = self.buffer.get(record);
        Ok(Some(Line {
            text: lossy(bytes),
            timestamp,
            status_code: self.access_log.map(|log| log.status(bytes)),
        }))
    }

    fn advance(&mut self) -> Result<Option<(Range<usize>, Timestamp)>, ObjectError> {
        if self.end == End::Failed || (self.probing && !self.probe()?) {
            return Ok(None);
        }
        while let Some(record) = self.next_record()? {
            let index = self.index;
            self.index += 1;
            match self.format.layout.read(self.buffer.get(record.clone())) {
                Read::Header => {}
                Read::Line(time) => {
                    let timestamp = time.unwrap_or_else(|| self.last_modified.plus_nanos(index));
                    return Ok(Some((record, timestamp)));
                }
            }
        }
        Ok(None)
    }

    fn next_record(&mut self) -> Result<Option<Range<usize>>, ObjectError> {
        let clean_end = self.end == End::Clean;
        match &mut self.format.splitter {
            Splitter::Lines => Ok(next_line(&mut self.buffer, clean_end)),
            Splitter::Array(scanner) => {
                let record = scanner.next_record(&mut self.buffer)?;
                if record.is_none() && clean_end {
                    scanner.finish(&self.buffer)?;
                }
                Ok(record)
            }
        }
    }

    /// Whether the object's first bytes are all there, and are text.
    ///
    /// Binary formats have zero bytes early on, text has none: better no line at all than one of them.
    fn probe(&mut self) -> Result<bool, ObjectError> {
        let unseen = self.buffer.unseen();
        if unseen.len() < PROBED && self.end == End::Ahead {
            return Ok(false);
        }
        let first = &unseen[..unseen.len().min(PROBED)];
        if memchr(0, first).is_some() {
            return Err(ObjectError::NotText { probed: first.len() });
        }
        self.probing = false;
        Ok(true)
    }
}
