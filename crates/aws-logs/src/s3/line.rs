//! The complete lines of the bytes that were fed.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use loki_push::Timestamp;
use simdutf8::compat::from_utf8;

use super::buffer::Unread;
use super::first_time::{Held, Phase};
use super::format::{Content, Format, Read, Splitter};
use super::lines::next_line;
use super::recognition::Recognised;
use super::times::{Origin, Times};
use super::{AccessLog, ObjectError};
use crate::lossy;
use crate::text_check::{self, PROBED};

/// The largest number of bytes that are checked to be UTF-8 at a time: several lines, but few enough to stay
/// in the L1 cache until they are searched and encoded.
const CHECKED: usize = 16 << 10;

/// A line of an object, or a record of its JSON array or a document, as [`Lines::content`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The line without its line break, or the record as written; invalid UTF-8 is replaced. It may be empty.
    pub text: Cow<'a, str>,
    /// The line's own time. A line without a valid time is given the time of the nearest previous line that
    /// has one, plus its index in nanoseconds. The index counts the object's lines without a time from 1, so
    /// that lines keep their order and equal lines stay distinct. Lines before the first time are given that
    /// time, if its line begins within the first [`WINDOW`](super::WINDOW) bytes of lines; otherwise they are
    /// given the time when the object was written. Empty lines are not counted.
    ///
    /// Lines of an object of unknown type are given the time when the object was written, plus one nanosecond
    /// for each previous line.
    pub timestamp: Timestamp,
    /// The value of the label `status_code` in access-log mode.
    pub status_code: Option<&'a str>,
}

/// The lines that are complete, in their order.
#[derive(Debug)]
pub struct Lines<'a> {
    pub(super) unread: Unread<'a>,
    pub(super) progress: &'a mut Progress,
    /// A start position and the bytes from there on that are known to be UTF-8. They are checked once for
    /// many lines.
    text: (usize, &'a str),
    /// The number of bytes that are checked next. It begins with a single line and doubles up to [`CHECKED`],
    /// so that whoever takes one line and no more does not pay for the check of many.
    check: usize,
}

/// A line or record, and its time.
pub(super) type Timed = (Range<usize>, Timestamp);

/// The progress of reading an object.
#[derive(Debug)]
pub(crate) struct Progress {
    format: Format,
    access_log: Option<AccessLog>,
    pub(super) times: Times,
    pub(super) phase: Phase,
    pub(super) held: Held,
    pub(super) end: End,
    /// The longest line or record that is accepted, in bytes.
    pub(crate) longest: usize,
    /// Whether the object must still be checked to be text.
    pub(super) probing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// More bytes may follow.
    Ahead,
    /// The object is complete.
    Clean,
    /// The rest of the object is broken.
    Aborted,
    /// The rest of the object exists, but could not be read.
    Interrupted,
}

impl Progress {
    pub(crate) fn new(format: Format, access_log: Option<AccessLog>, last_modified: Timestamp) -> Self {
        Self {
            probing: true,
            format,
            access_log,
            times: Times::new(last_modified),
            phase: Phase::Seeking,
            held: Held::default(),
            longest: usize::MAX,
            end: End::Ahead,
        }
    }

    /// Stores how the object ends, unless that is already known.
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
            check: 1,
        }
    }

    /// Returns the next line, or `None` until more is fed and at the end.
    ///
    /// # Errors
    /// Returns an error once, after the valid lines, if the object does not match its type or, after
    /// [`finish`](super::ObjectReader::finish), is cut short. No lines follow it.
    pub fn next_line(&mut self) -> Result<Option<Line<'a>>, ObjectError> {
        let (record, timestamp) = match self.advance() {
            Ok(Some(line)) => line,
            Ok(None) => return Ok(None),
            Err(error) => {
                self.progress.phase = Phase::Failed;
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
                .map(|log| log.status(&self.progress.format.times, bytes)),
        }))
    }

    /// Returns what the records are, of which the last one was returned by [`next_line`](Self::next_line).
    /// Before the first one it is not known for each type.
    #[inline]
    pub fn content(&self) -> Content {
        self.progress.format.content
    }

    fn advance(&mut self) -> Result<Option<Timed>, ObjectError> {
        if self.progress.phase != Phase::Steady
            && let ControlFlow::Break(line) = self.before_record()?
        {
            return Ok(line);
        }
        loop {
            let record = match self.next_record() {
                Ok(Some(record)) => record,
                Err(_) if self.progress.format.lines_may_follow => {
                    self.progress.format.lines_may_follow = false;
                    self.progress.format.splitter = Splitter::Lines;
                    continue;
                }
                none if self.progress.phase == Phase::Holding => {
                    return self.no_record_while_holding(none.err());
                }
                none => return none.map(|_| None),
            };
            match self.progress.format.times.read(self.unread.get(record.clone())) {
                Read::Header => {}
                Read::NoColumn => return Err(self.no_column()),
                Read::Line(Some(time)) if self.progress.phase == Phase::Steady => {
                    self.progress.times.nearest = time;
                    return Ok(Some((record, time)));
                }
                Read::Line(Some(time)) => return self.first_time(record, time),
                Read::Line(None) => {
                    if let Some(line) = self.without_time(record) {
                        return Ok(Some(line));
                    }
                }
            }
            // Only headers and lines that are held back get here.
            if self.holds_enough() {
                return self.release(None);
            }
        }
    }

    /// Gives a line without a time the nearest one, or holds it back while none is known. Not inlined, to
    /// keep the loop over lines with a time small.
    #[inline(never)]
    fn without_time(&mut self, record: Range<usize>) -> Option<Timed> {
        let origin = match self.progress.phase {
            _ if !self.progress.format.times.exist() => {
                // This format has no times to search for.
                self.progress.phase = Phase::Steady;
                Origin::NoTimes
            }
            Phase::Seeking | Phase::Holding => {
                self.hold(record);
                return None;
            }
            Phase::Steady => Origin::Before,
            _ => Origin::LastModified,
        };
        let timestamp = self.progress.times.take_over(origin, record.is_empty());
        Some((record, timestamp))
    }

    /// Returns the next record. After an error, the bytes that are not part of a record are unseen again.
    fn next_record(&mut self) -> Result<Option<Range<usize>>, ObjectError> {
        let clean_end = self.progress.end == End::Clean;
        let record = match &mut self.progress.format.splitter {
            Splitter::Lines => next_line(&mut self.unread, clean_end),
            Splitter::Records(scanner) => {
                let record = scanner.next_record(&mut self.unread)?;
                if record.is_none()
                    && clean_end
                    && let Err(error) = scanner.finish(&self.unread)
                {
                    self.unread.put_back(None);
                    return Err(error);
                }
                record
            }
            Splitter::Documents(scanner) => scanner.next_record(&mut self.unread, self.progress.end)?,
            Splitter::Csv(scanner) => scanner.next_record(&mut self.unread, clean_end)?,
        };
        let len = match &record {
            Some(record) => record.len(),
            // The last byte may be a carriage return, which does not count.
            None => self.unread.kept_len().saturating_sub(1),
        };
        if len > self.progress.longest {
            let error = ObjectError::TooLong {
                limit: self.progress.longest,
                offset: self.unread.offset(),
            };
            self.unread.put_back(record);
            return Err(error);
        }
        Ok(record)
    }

    #[cold]
    fn no_column(&self) -> ObjectError {
        ObjectError::NoColumn {
            column: self.progress.format.times.column().to_owned(),
            offset: self.unread.offset(),
        }
    }

    /// Returns whether enough of the object is there to check that it is text. Binary data are an error,
    /// whatever the key looks like.
    pub(super) fn probe(&mut self) -> Result<bool, ObjectError> {
        let unseen = self.unread.unseen();
        if unseen.len() < PROBED && self.progress.end == End::Ahead {
            return Ok(false);
        }
        text_check::check(unseen)?;
        self.progress.probing = false;
        Ok(true)
    }

    /// Returns whether the object's format is known, or known not to be recognisable.
    pub(super) fn recognise(&mut self) -> bool {
        let Progress { format, end, .. } = &mut *self.progress;
        let Some(recognition) = &mut format.recognition else {
            return true;
        };
        match recognition.of(self.unread.unseen(), *end) {
            Recognised::NotYet => return false,
            Recognised::Text => format.recognition = None,
            Recognised::As(known) => *format = known,
        }
        true
    }

    /// Returns the bytes of a line as text.
    fn text(&mut self, line: Range<usize>) -> Cow<'a, str> {
        let (from, text) = self.text;
        if line.end > from + text.len() {
            let end = self
                .unread
                .bytes()
                .len()
                .min(line.end.max(line.start + self.check));
            self.text = (line.start, valid_prefix(&self.unread.bytes()[line.start..end]));
            self.check = CHECKED.min(2 * (end - line.start));
        }
        let (from, text) = self.text;
        // Slices begin and end on character boundaries, as lines and records do.
        match text.get(line.start - from..line.end - from) {
            Some(text) => Cow::Borrowed(text),
            None => lossy(self.unread.get(line)),
        }
    }
}

/// Returns the longest prefix that is UTF-8.
fn valid_prefix(bytes: &[u8]) -> &str {
    match from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
    }
}
