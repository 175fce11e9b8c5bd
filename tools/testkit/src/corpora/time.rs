//! The times of records.

use std::fmt;

const DAY: u64 = 86_400_000_000;

/// A time in microseconds after 2026-03-04T00:00:00Z, always within March 2026.
#[derive(Clone, Copy)]
pub(super) struct Instant(u64);

/// A date and a time of day, and the character between them.
pub(super) struct Civil(Instant, char);

impl Instant {
    /// The time 2026-03-04T05:06:07Z.
    pub(super) const FIRST: Self = Self(18_367_000_000);
    const SECONDS_AT_MIDNIGHT: u64 = 1_772_582_400;

    pub(super) fn add_micros(&mut self, micros: u64) {
        self.0 = (self.0 + micros) % (27 * DAY);
    }

    pub(super) fn subsec_micros(self) -> u64 {
        self.0 % 1_000_000
    }

    pub(super) fn unix_seconds(self) -> u64 {
        Self::SECONDS_AT_MIDNIGHT + self.0 / 1_000_000
    }

    pub(super) fn unix_millis(self) -> u64 {
        Self::SECONDS_AT_MIDNIGHT * 1_000 + self.0 / 1_000
    }

    /// Formats the time as `2026-03-04T05:06:07`, with `between` in place of the `T`.
    pub(super) fn civil(self, between: char) -> Civil {
        Civil(self, between)
    }
}

impl fmt::Display for Civil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Instant(micros), between) = self;
        let (day, second) = (4 + micros / DAY, micros % DAY / 1_000_000);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(f, "2026-03-{day:02}{between}{hour:02}:{minute:02}:{second:02}")
    }
}
