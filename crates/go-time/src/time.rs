//! An instant and the zone it is seen in: what Go calls a `Time`.

use std::borrow::Cow;

use crate::civil::{SECONDS_PER_DAY, civil_from_days, days_from_civil, weekday};
use crate::location::Location;

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// The zone a time is seen in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zone {
    /// A named zone with its rules, or UTC.
    Location(Location),
    /// One offset, as it was read: the abbreviation may be empty.
    Fixed {
        /// `PST`, `GMT+3`.
        abbreviation: String,
        /// Seconds east of UTC.
        offset: i32,
    },
}

/// An instant to the nanosecond, and the zone it is seen in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    seconds: i64,
    nanos: u32,
    zone: Zone,
}

impl Time {
    /// Seconds since the epoch and the nanoseconds after that second; those of a second and more carry over.
    pub fn new(seconds: i64, nanos: u32, zone: Zone) -> Self {
        Self {
            seconds: seconds.saturating_add(i64::from(nanos / NANOS_PER_SECOND)),
            nanos: nanos % NANOS_PER_SECOND,
            zone,
        }
    }

    /// The same in UTC.
    pub fn utc(seconds: i64, nanos: u32) -> Self {
        Self::new(seconds, nanos, Zone::Location(Location::UTC))
    }

    /// Seconds since the epoch, rounded down.
    pub fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    /// Nanoseconds after [`unix_seconds`](Self::unix_seconds), below 1,000,000,000.
    pub fn subsec_nanos(&self) -> u32 {
        self.nanos
    }

    /// Nanoseconds since the epoch.
    pub fn unix_nanos(&self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS_PER_SECOND) + i128::from(self.nanos)
    }

    /// The zone it is seen in.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The same instant seen in another zone.
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    /// That many nanoseconds later, or earlier.
    #[must_use]
    pub fn plus_nanos(self, nanos: i64) -> Self {
        let per_second = i64::from(NANOS_PER_SECOND);
        // Both are below a second, so neither the cast nor the sum can overflow.
        let subsec = self.nanos + nanos.rem_euclid(per_second) as u32;
        let seconds = self.seconds.saturating_add(nanos.div_euclid(per_second));
        Self::new(seconds, subsec, self.zone)
    }

    /// The year in its zone.
    pub fn year(&self) -> i64 {
        civil_from_days(self.local_days()).0
    }

    /// The month in its zone, 1 to 12.
    pub fn month(&self) -> u8 {
        // 1 to 12.
        civil_from_days(self.local_days()).1 as u8
    }

    /// Go's `AddDate`: those fields of the date in its zone, carried over (February 29 of a year that has none is
    /// March 1), at the same time of day.
    #[must_use]
    pub fn add_date(self, years: i64, months: i64, days: i64) -> Self {
        let (year, month, day) = civil_from_days(self.local_days());
        let second_of_day = self.local_seconds().rem_euclid(SECONDS_PER_DAY);
        let date = days_from_civil(
            year.saturating_add(years),
            month.saturating_add(months),
            day.saturating_add(days),
        );
        let local = date.saturating_mul(SECONDS_PER_DAY).saturating_add(second_of_day);
        Self::from_local(local, self.nanos, self.zone)
    }

    /// The instant at which that zone's clocks show these seconds, counted as if they were UTC, in Go's reading:
    /// of two such instants the one with the offset in force an offset later; of none, one that is off by the gap.
    pub(crate) fn from_local(local: i64, nanos: u32, zone: Zone) -> Self {
        let offset = match &zone {
            Zone::Fixed { offset, .. } => i64::from(*offset),
            Zone::Location(location) => match i64::from(location.offset_at(local)) {
                0 => 0,
                guess => i64::from(location.offset_at(local.saturating_sub(guess))),
            },
        };
        Self::new(local.saturating_sub(offset), nanos, zone)
    }

    /// Seconds east of UTC at this time.
    fn offset(&self) -> i32 {
        match &self.zone {
            Zone::Fixed { offset, .. } => *offset,
            Zone::Location(location) => location.offset_at(self.seconds),
        }
    }

    fn local_seconds(&self) -> i64 {
        self.seconds.saturating_add(i64::from(self.offset()))
    }

    fn local_days(&self) -> i64 {
        self.local_seconds().div_euclid(SECONDS_PER_DAY)
    }

    pub(crate) fn fields(&self) -> Fields<'_> {
        let local = self.local_seconds();
        let days = local.div_euclid(SECONDS_PER_DAY);
        let (year, month, day) = civil_from_days(days);
        let second_of_day = local.rem_euclid(SECONDS_PER_DAY);
        Fields {
            year,
            month,
            day,
            year_day: days - days_from_civil(year, 1, 1) + 1,
            weekday: weekday(days),
            hour: second_of_day / 3600,
            minute: second_of_day / 60 % 60,
            second: second_of_day % 60,
            nanos: self.nanos,
            offset: self.offset(),
            abbreviation: match &self.zone {
                Zone::Fixed { abbreviation, .. } => Cow::Borrowed(abbreviation),
                Zone::Location(location) => location.abbreviation_at(self.seconds),
            },
        }
    }
}

/// A time as clocks and calendars show it.
pub(crate) struct Fields<'a> {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    pub(crate) year_day: i64,
    pub(crate) weekday: usize,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
    pub(crate) nanos: u32,
    pub(crate) offset: i32,
    pub(crate) abbreviation: Cow<'a, str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_added_as_go_does() {
        let february_29 = Time::from_local(
            days_from_civil(0, 2, 29) * SECONDS_PER_DAY,
            7,
            Zone::Location(Location::UTC),
        );
        assert_eq!((february_29.year(), february_29.month()), (0, 2));
        let in_2023 = february_29.clone().add_date(2023, 0, 0);
        assert_eq!(
            in_2023.unix_seconds(),
            days_from_civil(2023, 3, 1) * SECONDS_PER_DAY
        );
        let in_2024 = february_29.add_date(2024, 0, 0);
        assert_eq!(
            in_2024.unix_seconds(),
            days_from_civil(2024, 2, 29) * SECONDS_PER_DAY
        );
        assert_eq!(in_2024.subsec_nanos(), 7);
    }

    #[test]
    fn nanoseconds_go_both_ways() {
        let time = Time::utc(10, 1).plus_nanos(-2);
        assert_eq!((time.unix_seconds(), time.subsec_nanos()), (9, 999_999_999));
        assert_eq!(time.plus_nanos(1_000_000_001).unix_nanos(), 11_000_000_000);
        for nanos in [i64::MIN, i64::MAX] {
            let _ = Time::utc(i64::MAX, u32::MAX)
                .plus_nanos(nanos)
                .add_date(nanos, nanos, nanos)
                .year();
        }
    }
}
