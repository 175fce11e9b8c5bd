//! Logs in the W3C extended format, in which a `#Fields` line names the columns.

use loki_push::Timestamp;

use super::fields::{DELIMITERS, first_delimiter, is_delimiter, nth_of};
use super::time;
use crate::word_search::nth_field;

/// Columns that AWS writes itself, and that often precede the columns with data from clients ("Standard
/// logging reference" of CloudFront, "Access log entries" of Elastic Load Balancing). All other columns are
/// treated as data from clients.
const OWN: [&[u8]; 35] = [
    b"DistributionId",
    b"asn",
    b"c-country",
    b"c-ip",
    b"c-port",
    b"clientIp",
    b"clientPort",
    b"client_ip",
    b"client_port",
    b"connectionId",
    b"connectionStatus",
    b"date",
    b"distributionId",
    b"elb",
    b"elb_status_code",
    b"eventTimestamp",
    b"ip_address",
    b"listener",
    b"listener_port",
    b"request_processing_time",
    b"response_processing_time",
    b"sc-bytes",
    b"sc-status",
    b"serverIp",
    b"target_port",
    b"target_processing_time",
    b"target_status_code",
    b"time",
    b"time-taken",
    b"time-to-first-byte",
    b"timestamp",
    b"timestamp(ms)",
    b"type",
    b"version",
    b"x-edge-location",
];

/// The names in a `#Fields` line. Their delimiter may differ from that of the fields in the lines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a>(&'a [u8]);

impl<'a> Names<'a> {
    /// Returns the names, if the line is a `#Fields` line.
    pub(crate) fn of(line: &'a [u8]) -> Option<Self> {
        line.strip_prefix(b"#Fields:").map(Self)
    }

    /// Returns the names as written, without the white space around them.
    pub(crate) fn text(self) -> &'a [u8] {
        self.0.trim_ascii()
    }

    fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        self.0
            .split(|byte| is_delimiter(*byte))
            .filter(|name| !name.is_empty())
    }

    /// Returns the index of the column with this name, counted from 0.
    pub(crate) fn position(self, wanted: &str) -> Option<usize> {
        self.iter().position(|name| name == wanted.as_bytes())
    }

    /// Returns the information that is needed to find a field in the lines.
    pub(crate) fn columns(self) -> Columns {
        Columns {
            count: self.iter().count(),
            own: self.iter().take_while(|name| OWN.contains(name)).count(),
        }
    }
}

/// The columns of the lines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    count: usize,
    /// The number of leading columns that contain no data from clients.
    own: usize,
}

impl Columns {
    /// Returns whether the first column contains no data from clients.
    pub(crate) fn begin_with_own(&self) -> bool {
        self.own > 0
    }

    /// Returns the line's field in this column, counted from 0.
    ///
    /// The header does not state the delimiter, and data from clients can contain delimiters. Up to the first
    /// field with data from a client, the first delimiter is the right one. Beyond it, the line must have as
    /// many fields as the header has names, or a client could shift the fields of AWS.
    pub(crate) fn field<'a>(&self, line: &'a [u8], column: usize) -> Option<&'a [u8]> {
        if self.own == 0 {
            let mut fitting = DELIMITERS
                .into_iter()
                .filter_map(|delimiter| nth_of(line, delimiter, self.count, column));
            return fitting.next().filter(|_| fitting.next().is_none());
        }
        let Some(at) = first_delimiter(line) else {
            return (column == 0).then_some(line);
        };
        if column < self.own {
            nth_field(line, line[at], column)
        } else {
            nth_of(line, line[at], self.count, column)
        }
    }
}

/// The columns that contain the time.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TimeColumns {
    DateAndTime {
        date: usize,
        time: usize,
    },
    /// One of [`INSTANTS`].
    Instant {
        column: usize,
    },
    /// The header names no time.
    Nowhere,
}

/// The fields that are a time by themselves: of CloudFront's standard logs v2 and real-time logs ("Real-time log
/// configuration fields"), of its connection logs ("Observability using connection logs"), and of load balancers.
const INSTANTS: [&str; 4] = ["timestamp(ms)", "timestamp", "eventTimestamp", "time"];

impl TimeColumns {
    pub(crate) fn named(names: Names<'_>) -> Self {
        if let (Some(date), Some(time)) = (names.position("date"), names.position("time")) {
            return Self::DateAndTime { date, time };
        }
        match INSTANTS.iter().find_map(|name| names.position(name)) {
            Some(column) => Self::Instant { column },
            None => Self::Nowhere,
        }
    }

    /// Returns the time in these columns of the line.
    pub(crate) fn of(self, columns: Columns, line: &[u8]) -> Option<Timestamp> {
        match self {
            Self::DateAndTime { date, time } => {
                time::date_and_time(columns.field(line, date)?, columns.field(line, time)?)
            }
            Self::Instant { column } => instant(columns.field(line, column)?),
            Self::Nowhere => None,
        }
    }
}

/// Returns the time of a field of [`INSTANTS`].
pub(crate) fn instant(field: &[u8]) -> Option<Timestamp> {
    time::epoch(field)
        .or_else(|| time::fractional_epoch(field))
        .or_else(|| time::iso(field))
}

/// Returns whether the line is one of the directives of the W3C extended log file format. A number sign alone
/// does not make a header, or lines could be lost.
pub(crate) fn is_directive(line: &[u8]) -> bool {
    const DIRECTIVES: [&[u8]; 7] = [
        b"#Version",
        b"#Fields",
        b"#Software",
        b"#Start-Date",
        b"#End-Date",
        b"#Date",
        b"#Remark",
    ];
    let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
    name.len() < line.len() && DIRECTIVES.contains(&name)
}
