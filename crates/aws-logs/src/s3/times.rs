//! The times of lines that have none of their own.

use loki_push::Timestamp;

/// How many lines of an object took over a time, by where it came from. Empty lines, and those of an object of unknown
/// type, are not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GuessedTimes {
    /// Lines with the time of the nearest line before them.
    pub before: u64,
    /// Lines before the first time, which took that one.
    pub after: u64,
    /// Lines that took the time the object was written, since no other was near.
    pub last_modified: u64,
}

impl GuessedTimes {
    /// Returns the number of lines that took over a time.
    pub fn total(self) -> u64 {
        self.before + self.after + self.last_modified
    }
}

/// Where a line's time comes from when it has none of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// No line of the object has a time: the time the object was written.
    NoTimes,
    /// The nearest line before it.
    Before,
    /// The first line that has one.
    After(Timestamp),
    /// The time the object was written.
    LastModified,
}

/// The time that the next line without one takes over.
#[derive(Debug)]
pub(super) struct Times {
    /// The time of the nearest line before that has one; before there is one, the time the object was written.
    pub(super) nearest: Timestamp,
    /// Lines so far that took over a time. Never reset: with it two of them differ even where their lines are equal and
    /// both have the same neighbour.
    index: u64,
    pub(super) guessed: GuessedTimes,
}

impl Times {
    pub(super) fn new(last_modified: Timestamp) -> Self {
        Self {
            nearest: last_modified,
            index: 0,
            guessed: GuessedTimes::default(),
        }
    }

    /// Returns the time of the next line without one.
    pub(super) fn take_over(&mut self, origin: Origin, is_empty: bool) -> Timestamp {
        let (time, lines) = match origin {
            Origin::NoTimes => {
                let time = self.nearest.plus_nanos(self.index);
                self.index += 1;
                return time;
            }
            Origin::Before => (self.nearest, &mut self.guessed.before),
            Origin::After(time) => (time, &mut self.guessed.after),
            Origin::LastModified => (self.nearest, &mut self.guessed.last_modified),
        };
        if !is_empty {
            self.index += 1;
            *lines += 1;
        }
        time.plus_nanos(self.index)
    }
}
