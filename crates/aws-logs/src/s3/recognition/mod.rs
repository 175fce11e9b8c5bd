//! The recognition of objects whose keys say nothing about their type, with `UNKNOWN_S3_TYPE=text`.
//!
//! The first record decides how all of the object is read. What it decides is only the framing and the time of
//! the entries: an object that merely looks like a log of AWS is shipped as completely as other text.

mod columns;
mod json;
mod w3c;

use loki_push::Timestamp;

use super::WINDOW;
use super::format::Format;
use super::line::End;

/// The number of bytes after which recognition is tried first. Each further attempt waits for twice as many,
/// so that the time is linear however an object is cut into blocks.
const FIRST_ATTEMPT: usize = 1 << 10;

/// Times before 2001 are not accepted: small numbers are rather durations or counters, and Loki would refuse
/// such an entry.
const EARLIEST: i64 = 1_000_000_000;

/// The recognition of one object, of which no record has been read yet.
#[derive(Debug)]
pub(crate) struct Recognition {
    /// The number of bytes at which the next attempt is worth its time.
    next_attempt: usize,
}

/// The result of an attempt to recognise an object.
#[derive(Debug)]
pub(crate) enum Recognised {
    /// More bytes are needed.
    NotYet,
    /// The object is text without a known form.
    Text,
    /// The object has this format.
    As(Format),
}

impl Recognition {
    pub(crate) const fn new() -> Self {
        Self {
            next_attempt: FIRST_ATTEMPT,
        }
    }

    /// Decides by the beginning of the object, of which only the first [`WINDOW`] bytes count. The result does
    /// not depend on how many bytes are there when it is asked.
    pub(crate) fn of(&mut self, beginning: &[u8], end: End) -> Recognised {
        if beginning.len() < self.next_attempt && end == End::Ahead {
            return Recognised::NotYet;
        }
        self.next_attempt = beginning.len().saturating_mul(2).min(WINDOW);
        let beyond = beginning.len() >= WINDOW;
        // An object that is broken from here on will be so at every reading. One that was interrupted will be
        // read again, and its rest may decide.
        let ends_here = !beyond && matches!(end, End::Clean | End::Aborted);
        match recognise(beginning.get(..WINDOW).unwrap_or(beginning), ends_here) {
            Recognised::NotYet if beyond || ends_here => Recognised::Text,
            recognised => recognised,
        }
    }
}

/// Decides by the beginning of an object, which is the whole object if it `ends_here`. Whatever is decided by a
/// part of the beginning is also decided by all of it.
fn recognise(beginning: &[u8], ends_here: bool) -> Recognised {
    match beginning.first() {
        Some(b'{') => json::recognise(beginning, ends_here),
        Some(b'#') => w3c::recognise(beginning, ends_here),
        Some(b'0'..=b'9') => columns::real_time_log(beginning),
        Some(b'a'..=b'z') => columns::flow_log(beginning, ends_here),
        Some(_) => Recognised::Text,
        None => Recognised::NotYet,
    }
}

/// Returns the time if it can be that of a log.
fn plausible(time: Option<Timestamp>) -> Option<Timestamp> {
    time.filter(|time| time.seconds() >= EARLIEST)
}
