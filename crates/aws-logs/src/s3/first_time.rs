//! The lines before the first line with a time.
//!
//! They are given that time, so they are held back in the buffer until it is known.

use std::ops::{ControlFlow, Range};
use std::vec;

use loki_push::Timestamp;

use super::ObjectError;
use super::line::{End, Lines, Progress, Timed};
use super::times::Origin;

/// The number of bytes of an object, from its first line without a time on, in which the first time is
/// searched. They are held in memory; a line that begins after them is not considered.
pub const WINDOW: usize = 64 << 10;

/// The next step in the reading of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The first line is read.
    Seeking,
    /// A line with a time is searched; the lines before it are held back.
    Holding,
    /// The lines that were held back are returned.
    Releasing,
    /// A line with a time is searched beyond the window; no lines are held back.
    Waiting,
    /// A line with a time was found, and lines are returned directly.
    Steady,
    /// An error was reported, and nothing follows.
    Failed,
}

/// The lines that are held back. Ranges are relative to the first of them, because bytes move when the buffer
/// is fed.
#[derive(Debug, Default)]
pub(super) struct Held {
    lines: Vec<Range<usize>>,
    released: vec::IntoIter<Range<usize>>,
    /// The first time of the object, if it was found within the window.
    first: Option<Timestamp>,
    /// The cause that ended the hold, which is returned after the lines.
    last: Option<Last>,
}

/// A cause that ends a hold.
#[derive(Debug)]
pub(super) enum Last {
    /// A line with a time of its own.
    Line(Range<usize>, Timestamp),
    /// An error in the object.
    Error(ObjectError),
}

impl Lines<'_> {
    /// Performs what is due before the next record is read, or returns a line that needs no reading.
    #[cold]
    pub(super) fn before_record(&mut self) -> Result<ControlFlow<Option<Timed>>, ObjectError> {
        if self.progress.phase == Phase::Failed
            || (self.progress.probing && !self.probe()?)
            || !self.recognise()
        {
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

    /// Returns whether the next line begins beyond the window.
    pub(super) fn holds_enough(&self) -> bool {
        self.progress.phase == Phase::Holding && self.unread.held_len() > WINDOW
    }

    /// Handles the first line with a time, after lines without one.
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

    /// Decides what happens to the lines that are held back if no record follows them, or none is complete
    /// yet.
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
                // The object will be read again, and the lines are then given a time that is not known yet.
                self.end_hold();
                Ok(None)
            }
        }
    }

    /// Returns the first line that was held back.
    #[cold]
    pub(super) fn release(&mut self, last: Option<Last>) -> Result<Option<Timed>, ObjectError> {
        let held = &mut self.progress.held;
        held.released = std::mem::take(&mut held.lines).into_iter();
        held.last = last;
        self.progress.phase = Phase::Releasing;
        self.next_released()
    }

    /// Returns the next line that was held back, and finally the cause that ended the hold.
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

    /// Drops the lines that are held back, and returns the cause that ended the hold.
    fn end_hold(&mut self) -> Option<Last> {
        self.unread.end_hold();
        self.progress.phase = Phase::Waiting;
        std::mem::take(&mut self.progress.held).last
    }
}
