//! Conversions between days since the epoch and dates of the proleptic Gregorian calendar.

/// The number of seconds of a day.
pub(crate) const SECONDS_PER_DAY: i64 = 86_400;

/// The days before each month of a common year. The thirteenth value is the length of the year.
pub(crate) const DAYS_BEFORE: [i64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/// The names of the months.
pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The names of the weekdays from Sunday on, in the order of [`weekday`].
pub(crate) const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Returns whether the year has a February 29.
pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Returns the number of days of the month (1 to 12).
pub(crate) fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the number of days from 1970-01-01 to that date. Months beyond 12 and days beyond the month's end carry
/// over, as in Go's `Date`.
///
/// The calculation starts the year in March, so that the leap day is its last day.
pub(crate) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let months = month.saturating_sub(3);
    let year = year.saturating_add(months.div_euclid(12));
    let from_march = months.rem_euclid(12);
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    // From March on, the months have 31, 30, 31, 30 and 31 days again and again: 153 days in five months.
    let day_of_year = (153 * from_march + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    // 0000-03-01 is 719468 days before the epoch.
    era.saturating_mul(146_097)
        .saturating_add(day_of_era - 719_468 - 1)
        .saturating_add(day)
}

/// Returns the year, month and day that many days after 1970-01-01.
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// Returns the weekday of that many days after 1970-01-01; 0 is Sunday.
pub(crate) fn weekday(days: i64) -> usize {
    // The epoch was a Thursday. The remainder is 0 to 6, so the cast loses nothing.
    days.saturating_add(4).rem_euclid(7) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_800_years_follows_the_one_before() {
        let first = days_from_civil(1600, 1, 1);
        let mut expected = (1600, 1, 1);
        for days in first..first + 2 * 146_097 {
            assert_eq!(civil_from_days(days), expected);
            assert_eq!(days_from_civil(expected.0, expected.1, expected.2), days);
            let (year, month, day) = expected;
            expected = if day < days_in(month, year) {
                (year, month, day + 1)
            } else if month < 12 {
                (year, month + 1, 1)
            } else {
                (year + 1, 1, 1)
            };
        }
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        assert_eq!(weekday(0), 4);
    }

    #[test]
    fn months_and_days_carry_over() {
        assert_eq!(days_from_civil(2023, 2, 29), days_from_civil(2023, 3, 1));
        assert_eq!(days_from_civil(2023, 14, 1), days_from_civil(2024, 2, 1));
        assert_eq!(days_from_civil(2024, 0, 31), days_from_civil(2023, 12, 31));
    }

    #[test]
    fn no_number_of_days_is_too_large() {
        for days in [i64::MIN, i64::MAX] {
            let (year, month, day) = civil_from_days(days);
            days_from_civil(year, month, day);
            days_from_civil(days, days, days);
        }
    }
}
