//! Calendar dates and times of day.

use loki_push::Timestamp;

use super::number;

/// The number of days from 0001-01-01 to 1970-01-01.
const DAYS_BEFORE_EPOCH: i64 = 719_162;
const DAYS_BEFORE_MONTH: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// A valid day of the Gregorian calendar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Date {
    days_since_epoch: i64,
}

impl Date {
    /// Returns the day, if the calendar has it.
    pub(super) fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        if !(1..=9999).contains(&year) || day == 0 || day > days_in_month(year, month)? {
            return None;
        }
        let (year, past_years) = (i64::from(year), i64::from(year) - 1);
        let leap_days = past_years / 4 - past_years / 100 + past_years / 400;
        let days_before_month = *DAYS_BEFORE_MONTH.get(month as usize - 1)?;
        let leap_day_passed = month > 2 && is_leap(year as u32);
        Some(Self {
            days_since_epoch: past_years * 365
                + leap_days
                + days_before_month
                + i64::from(leap_day_passed)
                + i64::from(day)
                - 1
                - DAYS_BEFORE_EPOCH,
        })
    }

    /// Parses `yyyy-mm-dd`.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
            return None;
        };
        Self::new(number(&[y1, y2, y3, y4])?, number(&[m1, m2])?, number(&[d1, d2])?)
    }

    /// Returns the instant of the time of day `hh:mm:ss` in a zone that is this many seconds ahead of UTC.
    pub(super) fn at(self, time_of_day: &[u8], nanos: u32, ahead_of_utc: i64) -> Option<Timestamp> {
        let &[h1, h2, b':', m1, m2, b':', s1, s2] = time_of_day else {
            return None;
        };
        let (hour, minute, second) = (number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = i64::from(hour * 3600 + minute * 60 + second);
        Timestamp::new(self.days_since_epoch * 86_400 + seconds - ahead_of_utc, nanos).ok()
    }
}

fn days_in_month(year: u32, month: u32) -> Option<u32> {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(28 + u32::from(is_leap(year))),
        _ => None,
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares with a day-by-day count whose rules are written differently.
    #[test]
    fn the_calendar_agrees_with_counting() {
        let mut expected = -DAYS_BEFORE_EPOCH;
        for year in 1..=9999 {
            let february = match (year % 400, year % 100, year % 4) {
                (0, _, _) => 29,
                (_, 0, _) => 28,
                (_, _, 0) => 29,
                _ => 28,
            };
            let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            for (month, length) in (1..).zip(lengths) {
                assert!(Date::new(year, month, 0).is_none());
                assert!(Date::new(year, month, length + 1).is_none());
                for day in 1..=length {
                    let date = Date::new(year, month, day).unwrap();
                    assert_eq!(date.days_since_epoch, expected, "{year}-{month}-{day}");
                    expected += 1;
                }
            }
        }
        // 9999-12-31 is the 2,932,896th day after the epoch.
        assert_eq!(expected, 2_932_897);
    }

    #[test]
    fn the_epoch_is_day_0() {
        assert_eq!(Date::new(1970, 1, 1).unwrap().days_since_epoch, 0);
        assert_eq!(Date::new(2000, 3, 1).unwrap().days_since_epoch, 11_017);
    }

    #[test]
    fn days_that_do_not_exist_are_rejected() {
        for text in [
            "0000-01-01",
            "2026-00-01",
            "2026-13-01",
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-1-01",
            "+026-01-01",
            "2026/01/01",
            "",
        ] {
            assert!(Date::parse(text.as_bytes()).is_none(), "{text}");
        }
        assert!(Date::parse(b"2000-02-29").is_some());
    }
}
