//! The lines before the first one with a time.
//!
//! They take that time, so they are held back until it is known: in the buffer, where they are anyway.

use std::ops::{ControlFlow, Range};
use std::vec;

use loki_push::Timestamp;

use super::ObjectError;
use super::line::{End, Lines, Progress, Timed};
use super::times::Origin;

/// How many bytes of an object, from its first line without a time on, are searched for the first time. So much is held in
/// memory, and a line that begins further on does not count.
pub const WINDOW: usize = 64 << 10;

/// What comes next of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The first line.
    Seeking,
    /// A line with a time: those before it are held back.
    Holding,
    /// The lines that were held back.
    Releasing,
    /// A line with a time, which was not found in the window: nothing is held back.
    Waiting,
    /// Any line: there was one with a time.
    Steady,
    /// Nothing, as an error was reported.
    Failed,
}

/// The lines that are held back. Ranges count from the first of them, as bytes move when the buffer is fed.
#[derive(Debug, Default)]
pub(super) struct Held {
    lines: Vec<Range<usize>>,
    released: vec::IntoIter<Range<usize>>,
    /// The first time of the object, if it was found in the window.
    first: Option<Timestamp>,
    /// What ended the hold, and comes after them.
    last: Option<Last>,
}

/// What ends a hold.
#[derive(Debug)]
pub(super) enum Last {
    /// A line with a time of its own.
    Line(Range<usize>, Timestamp),
    /// What is wrong with the object.
    Error(ObjectError),
}

impl Lines<'_> {
    /// Does what is to be done before the next record is read, or gives the line that comes without reading.
    #[cold]
    pub(super) fn before_record(&mut self) -> Result<ControlFlow<Option<Timed>>, ObjectError> {
        if self.progress.phase == Phase::Failed || (self.progress.probing && !self.probe()?) {
            return Ok(ControlFlow::Break(None));
        }
        match self.progress.phase {
            Phase::Releasing => Ok(match self.next_released()? {
                Some(line) => ControlFlow::Break(Some(line)),
                None => ControlFlow::Continue(()),
            }),
            _ => Ok(ControlFlow::Continue(())),
        }
    }

    /// Holds a line back until the first time is known.
    pub(super) fn hold(&mut self, record: Range<usize>) {
        if self.progress.phase == Phase::Seeking {
            self.unread.hold(record.start);
            self.progress.phase = Phase::Holding;
        }
        let from = self.unread.held_from();
        let held = record.start - from..record.end - from;
        self.progress.held.lines.push(held);
    }

    /// Whether the next line begins beyond the window.
    pub(super) fn holds_enough(&self) -> bool {
        self.progress.phase == Phase::Holding && self.unread.held_len() > WINDOW
    }

    /// Takes a line with a time where the line before it had none.
    #[cold]
    pub(super) fn first_time(
        &mut self,
        record: Range<usize>,
        time: Timestamp,
    ) -> Result<Option<Timed>, ObjectError> {
        if self.progress.phase != Phase::Holding {
            self.progress.phase = Phase::Steady;
            self.progress.times.nearest = time;
            return Ok(Some((record, time)));
        }
        let from = self.unread.held_from();
        let record = record.start - from..record.end - from;
        let is_near = record.start <= WINDOW;
        self.progress.held.first = is_near.then_some(time);
        self.release(Some(Last::Line(record, time)))
    }

    /// Decides what becomes of the lines that are held back when no record follows them, or none yet.
    #[cold]
    pub(super) fn no_record_while_holding(
        &mut self,
        error: Option<ObjectError>,
    ) -> Result<Option<Timed>, ObjectError> {
        if let Some(error) = error {
            return self.release(Some(Last::Error(error)));
        }
        match self.progress.end {
            _ if self.holds_enough() => self.release(None),
            End::Ahead => Ok(None),
            End::Clean | End::Aborted => self.release(None),
            End::Interrupted => {
                // The object will be read again, and then they take a time that is not known yet.
                self.end_hold();
                Ok(None)
            }
        }
    }

    /// Gives the first line that was held back.
    #[cold]
    pub(super) fn release(&mut self, last: Option<Last>) -> Result<Option<Timed>, ObjectError> {
        let held = &mut self.progress.held;
        held.released = std::mem::take(&mut held.lines).into_iter();
        held.last = last;
        self.progress.phase = Phase::Releasing;
        self.next_released()
    }

    /// Gives the next line that was held back, then what ended the hold.
    fn next_released(&mut self) -> Result<Option<Timed>, ObjectError> {
        let from = self.unread.held_from();
        let in_buffer = |held: Range<usize>| held.start + from..held.end + from;
        let Progress { held, times, .. } = &mut *self.progress;
        if let Some(line) = held.released.next() {
            let origin = match held.first {
                Some(time) => Origin::After(time),
                None => Origin::LastModified,
            };
            let timestamp = times.take_over(origin, line.is_empty());
            return Ok(Some((in_buffer(line), timestamp)));
        }
        match self.end_hold() {
            Some(Last::Line(record, time)) => {
                self.progress.times.nearest = time;
                self.progress.phase = Phase::Steady;
                Ok(Some((in_buffer(record), time)))
            }
            Some(Last::Error(error)) => Err(error),
            None => Ok(None),
        }
    }

    /// Forgets the lines that were held back, and returns what ended the hold.
    fn end_hold(&mut self) -> Option<Last> {
        self.unread.end_hold();
        self.progress.phase = Phase::Waiting;
        std::mem::take(&mut self.progress.held).last
    }
}
