//! Scanners for the times that AWS writes in log lines. An impossible date or time is not accepted.

mod access_log;
mod civil;
mod epoch;
mod iso;
mod written;

pub(crate) use access_log::bracketed as bracketed_access_log;
pub(crate) use epoch::{epoch, fractional_epoch};
pub(crate) use iso::{date_and_time, iso, log4j};
pub(crate) use written::weekday_and_date;

const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// Returns the number of the month with this name of three letters, counted from 1.
fn month(name: &[u8]) -> Option<u32> {
    (1..)
        .zip(MONTHS)
        .find(|(_, month)| *month == name)
        .map(|(number, _)| number)
}

/// Parses a number of a few digits, if all bytes are digits.
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0_u32, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| u32::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// Parses `+hhmm` or `-hhmm`, with or without a colon, as seconds east of Greenwich.
fn offset(zone: &[u8]) -> Option<i64> {
    let (sign, hours, minutes) = match zone {
        [sign, hours @ .., b':', m1, m2] if hours.len() == 2 => (sign, hours, [*m1, *m2]),
        [sign, hours @ .., m1, m2] if hours.len() == 2 => (sign, hours, [*m1, *m2]),
        _ => return None,
    };
    let (hours, minutes) = (number(hours)?, number(&minutes)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = i64::from(hours * 3600 + minutes * 60);
    match sign {
        b'+' => Some(seconds),
        b'-' => Some(-seconds),
        _ => None,
    }
}
