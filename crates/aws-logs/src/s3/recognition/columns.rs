//! Objects whose first line shows columns that AWS's logs have.

use loki_push::Timestamp;
use memchr::memchr;

use super::{Recognised, plausible};
use crate::s3::format::{Format, Framing, Time};
use crate::s3::time;
use crate::s3::types::{FLOW_LOG, GLOBAL_ACCELERATOR, is_accelerator_header, is_flow_log_header};

/// The length of seconds since 1970 with milliseconds, from 2001 to 2286: `1772600767.123`.
const SECONDS_LEN: usize = 14;

/// Recognises real-time logs of CloudFront, whose first field is the time and ends in a tab ("Real-time log
/// configuration fields").
pub(super) fn real_time_log(beginning: &[u8]) -> Recognised {
    if beginning.len() <= SECONDS_LEN {
        return Recognised::NotYet;
    }
    match leading_seconds(beginning) {
        Some(_) => Recognised::As(Format::new(Framing::Lines, Time::Fixed(leading_seconds))),
        None => Recognised::Text,
    }
}

/// Returns the time with which a line of a real-time log begins.
fn leading_seconds(line: &[u8]) -> Option<Timestamp> {
    let (first, rest) = line.split_at_checked(SECONDS_LEN)?;
    (rest.first() == Some(&b'\t') && first.get(SECONDS_LEN - 4) == Some(&b'.')).then_some(())?;
    plausible(time::fractional_epoch(first))
}

/// Recognises flow logs of VPC, of transit gateways and of Global Accelerator by their header.
pub(super) fn flow_log(beginning: &[u8], ends_here: bool) -> Recognised {
    let line = match memchr(b'\n', beginning) {
        Some(end) => beginning.get(..end).unwrap_or_default(),
        None if ends_here => beginning,
        None if beginning.iter().all(|byte| is_of_header(*byte)) => return Recognised::NotYet,
        None => return Recognised::Text,
    };
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if is_flow_log_header(line) {
        return Recognised::As(FLOW_LOG.format());
    }
    if is_accelerator_header(line) {
        return Recognised::As(GLOBAL_ACCELERATOR.format());
    }
    Recognised::Text
}

fn is_of_header(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b' ' | b'-' | b'_' | b'\r')
}
