//! Dates and times of day as ISO 8601 writes them.

/// The number of seconds in a day.
pub(crate) const DAY: i64 = 86_400;
/// The first second of the year 1, and the last one of the year 9999, which have four digits.
const SHOWN: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// Returns whether the year of this time, in seconds since 1970, has four digits.
pub(crate) fn can_show(seconds: i64) -> bool {
    SHOWN.contains(&seconds)
}

/// Appends the date this many days after 1970-01-01.
pub(crate) fn date(days: i64, to: &mut Vec<u8>) {
    // "civil_from_days" in Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms": years begin in March.
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    padded(year, 4, to);
    to.push(b'-');
    padded(month, 2, to);
    to.push(b'-');
    padded(day, 2, to);
}

/// Appends a time of day, with `digits` digits of a fraction.
pub(crate) fn time_of_day(seconds: i64, fraction: i64, digits: u32, to: &mut Vec<u8>) {
    padded(seconds / 3_600, 2, to);
    to.push(b':');
    padded(seconds / 60 % 60, 2, to);
    to.push(b':');
    padded(seconds % 60, 2, to);
    to.push(b'.');
    padded(fraction, digits, to);
}

/// Appends a number that is not negative, with zeros before it.
fn padded(number: i64, digits: u32, to: &mut Vec<u8>) {
    for digit in (0..digits).rev() {
        let digit = number / 10_i64.pow(digit) % 10;
        // Below ten.
        to.push(b'0' + digit as u8);
    }
}
