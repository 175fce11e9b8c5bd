//! Instants with a time zone: Go's `time.Time`.

use std::borrow::Cow;

use crate::civil::{SECONDS_PER_DAY, civil_from_days, days_from_civil, weekday};
use crate::location::Location;

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// The zone of a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Zone {
    /// A zone with its rules, or UTC.
    Location(Location),
    /// A fixed offset, as it was parsed.
    Fixed {
        /// The abbreviation, such as `PST` or `GMT+3`; it may be empty.
        abbreviation: String,
        /// The offset in seconds east of UTC.
        offset: i32,
    },
}

/// An instant with nanosecond precision and its zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Time {
    seconds: i64,
    nanos: u32,
    zone: Zone,
}

impl Time {
    /// Returns the time with that many seconds since the epoch and nanoseconds after that second. Nanoseconds of a
    /// whole second carry over.
    pub fn new(seconds: i64, nanos: u32, zone: Zone) -> Self {
        Self {
            seconds: seconds.saturating_add(i64::from(nanos / NANOS_PER_SECOND)),
            nanos: nanos % NANOS_PER_SECOND,
            zone,
        }
    }

    /// Returns the time in UTC.
    pub fn utc(seconds: i64, nanos: u32) -> Self {
        Self::new(seconds, nanos, Zone::Location(Location::UTC))
    }

    /// Returns the seconds since the epoch, rounded down.
    pub fn unix_seconds(&self) -> i64 {
        self.seconds
    }

    /// Returns the nanoseconds after [`unix_seconds`](Self::unix_seconds), below 1,000,000,000.
    pub fn subsec_nanos(&self) -> u32 {
        self.nanos
    }

    /// Returns the nanoseconds since the epoch.
    pub fn unix_nanos(&self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS_PER_SECOND) + i128::from(self.nanos)
    }

    /// Returns the zone of the time.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Returns the same instant in another zone.
    #[must_use]
    pub fn in_zone(self, zone: Zone) -> Self {
        Self { zone, ..self }
    }

    /// Returns the time that many nanoseconds later, or earlier if the number is negative.
    #[must_use]
    pub fn plus_nanos(self, nanos: i64) -> Self {
        let per_second = i64::from(NANOS_PER_SECOND);
        // Both parts are below a second, so neither the cast nor the sum can overflow.
        let subsec = self.nanos + nanos.rem_euclid(per_second) as u32;
        let seconds = self.seconds.saturating_add(nanos.div_euclid(per_second));
        Self::new(seconds, subsec, self.zone)
    }

    /// Returns the year in the time's zone.
    pub fn year(&self) -> i64 {
        civil_from_days(self.local_days()).0
    }

    /// Returns the month in the time's zone, from 1 to 12.
    pub fn month(&self) -> u8 {
        // The month is 1 to 12, so the cast keeps it.
        civil_from_days(self.local_days()).1 as u8
    }

    /// Adds years, months and days to the date in the time's zone and keeps the time of day, as Go's `AddDate` does.
    /// A date that does not exist carries over: February 29 of a common year is March 1.
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

    /// Returns the instant at which the clocks of the zone show that local time, which is given in seconds since the
    /// epoch as if it were UTC. Where a clock change makes the local time ambiguous or skips it, the choice is Go's:
    /// it takes the offset in force at the local time read as UTC, and then the offset in force at the instant that
    /// results.
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

    /// Returns the offset at this time, in seconds east of UTC.
    fn offset(&self) -> i32 {
        match &self.zone {
            Zone::Fixed { offset, .. } => *offset,
            Zone::Location(location) => location.offset_at(self.seconds),
        }
    }

    /// Returns the local time in seconds since the epoch as if it were UTC.
    fn local_seconds(&self) -> i64 {
        self.seconds.saturating_add(i64::from(self.offset()))
    }

    /// Returns the local date in days since the epoch.
    fn local_days(&self) -> i64 {
        self.local_seconds().div_euclid(SECONDS_PER_DAY)
    }

    /// Returns the fields of the local date and time.
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

/// The fields of a time as clocks and calendars show them.
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
