//! VPC and transit gateway flow logs: columns that the user chooses, named by the object's header.

use super::fields::split;
use super::format::Read;
use super::time;
use crate::near::nth_field;

/// Where `start` is in the default format, which is also how objects without a header are read:
/// `version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end
/// action log-status` (VPC user guide, "Flow log records").
const DEFAULT_START: usize = 10;

/// Names of which every header has one; no value is written like any of them.
const NAMES: [&[u8]; 28] = [
    b"account-id",
    b"action",
    b"az-id",
    b"bytes",
    b"dstaddr",
    b"dstport",
    b"end",
    b"flow-direction",
    b"instance-id",
    b"interface-id",
    b"log-status",
    b"packets",
    b"pkt-dstaddr",
    b"pkt-srcaddr",
    b"protocol",
    b"region",
    b"reject-reason",
    b"resource-type",
    b"srcaddr",
    b"srcport",
    b"start",
    b"subnet-id",
    b"tcp-flags",
    b"tgw-id",
    b"traffic-path",
    b"type",
    b"version",
    b"vpc-id",
];

/// Knows in which column the time is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FlowLog {
    time_column: Option<usize>,
}

impl FlowLog {
    pub(crate) const DEFAULT: Self = Self {
        time_column: Some(DEFAULT_START),
    };

    pub(crate) fn read(&mut self, line: &[u8]) -> Read {
        if is_header(line) {
            let column = |name: &[u8]| fields(line).position(|field| field == name);
            // A custom format without `start` may still have the other end of the interval.
            self.time_column = column(b"start").or_else(|| column(b"end"));
            return Read::Header;
        }
        // `-` where there was no traffic to give times to.
        Read::Line(
            self.time_column
                .and_then(|column| time::epoch(nth_field(line, b' ', column)?)),
        )
    }
}

fn is_header(line: &[u8]) -> bool {
    line.first().is_some_and(u8::is_ascii_lowercase)
        && fields(line).all(is_name)
        && fields(line).any(|field| NAMES.contains(&field))
}

fn is_name(field: &[u8]) -> bool {
    field.first().is_some_and(u8::is_ascii_lowercase)
        && field
            .iter()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
}

fn fields(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    split(line, b' ')
}
