//! The times of lines that have none of their own.

use loki_push::Timestamp;

/// The numbers of an object's lines that have no time of their own, by the origin of the time they were
/// given. Empty lines and lines of objects of unknown type are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GuessedTimes {
    /// The number of lines with the time of the nearest line before them.
    pub before: u64,
    /// The number of lines before the first time, which were given that time.
    pub after: u64,
    /// The number of lines that were given the time when the object was written, because no other was near.
    pub last_modified: u64,
}

impl GuessedTimes {
    /// Returns the number of lines that were given a time.
    pub fn total(self) -> u64 {
        self.before + self.after + self.last_modified
    }
}

/// The origin of the time of a line that has none of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The time when the object was written, as no line of the object has a time.
    NoTimes,
    /// The nearest line before it.
    Before,
    /// The first line that has a time.
    After(Timestamp),
    /// The time when the object was written.
    LastModified,
}

/// The time of the next line that has none of its own.
#[derive(Debug)]
pub(super) struct Times {
    /// The time of the nearest previous line that has one, or the time when the object was written.
    pub(super) nearest: Timestamp,
    /// The number of lines so far that were given a time. It is never reset, so that two equal lines with the
    /// same neighbour have different times.
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

    /// Returns the time of the next line that has none of its own.
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
