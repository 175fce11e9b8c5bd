//! Flow logs of Global Accelerator.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::fields::split;
use crate::s3::format::{Framing, Layout, Read, Time};
use crate::s3::key::scan::{is_number, is_region, leading_name};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::time;
use crate::word_search::nth_field;

pub(crate) static GLOBAL_ACCELERATOR: LogType = LogType {
    token: "s3_global_accelerator",
    matcher: records,
    framing: Framing::Lines,
    time: Time::Layout(|| Box::new(Columns { time: START })),
    docs: Docs {
        title: "Global Accelerator flow logs",
        src: Some("accelerator id"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/globalaccelerator/<region>/yyyy/mm/dd/..."],
        example: "AWSLogs/111122223333/globalaccelerator/us-west-2/2026/03/04/111122223333_globalaccelerator_0a1b2c3d-0000-4000-8000-000000000001_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz",
        time: "`start_time`, found through the header",
        page: Some(
            "https://docs.aws.amazon.com/global-accelerator/latest/dg/monitoring-global-accelerator.flow-logs.html",
        ),
    },
};

const SERVICE: &str = "globalaccelerator";
/// The index of `start_time`, in which objects without a header are read too: `version account_id
/// accelerator_id client_ip client_port accelerator_ip accelerator_port endpoint_ip endpoint_port protocol
/// ip_address_type packets bytes start_time end_time ...` (Global Accelerator developer guide, "Flow log
/// record syntax").
const START: usize = 13;

/// Matches `[prefix/]AWSLogs/<account>/globalaccelerator/<region>/yyyy/mm/dd/<account>_globalaccelerator_
/// <accelerator>_<flow log>_<time>_<hash>.log.gz`. AWS's documentation confirms the folders, but not the parts
/// of the file's name after the service.
fn records<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let (region, between) = vended.dated()?;
        let mut parts = vended.file.split('_');
        let named = vended.service == SERVICE
            && between.is_empty()
            && is_region(region)
            && parts.next().is_some_and(is_number)
            && parts.next() == Some(SERVICE);
        let accelerator = parts.next()?;
        (named
            && !accelerator.is_empty()
            && leading_name(accelerator) == accelerator
            && parts.next().is_some())
        .then_some(Found::Log {
            src: accelerator,
            owner: vended.account,
        })
    })
}

/// The column of the time.
#[derive(Clone, Copy, Debug)]
struct Columns {
    time: usize,
}

impl Layout for Columns {
    fn read(&mut self, line: &[u8]) -> Read {
        // Records begin with the number of their version.
        if line.first().is_some_and(u8::is_ascii_lowercase)
            && let Some(time) = time_column(line)
        {
            self.time = time;
            return Read::Header;
        }
        Read::Line(self.time(line))
    }
}

impl Columns {
    fn time(self, line: &[u8]) -> Option<Timestamp> {
        time::epoch(nth_field(line, b' ', self.time)?)
    }
}

/// Returns whether the line is certainly a header, in an object of unknown type.
pub(crate) fn is_accelerator_header(line: &[u8]) -> bool {
    split(line, b' ').any(|name| name == b"accelerator_id") && time_column(line).is_some()
}

/// Returns the index of the column with the start, or otherwise of that with the end, if the line is a header:
/// names in lower case.
fn time_column(line: &[u8]) -> Option<usize> {
    let is_name = |name: &[u8]| {
        name.first().is_some_and(u8::is_ascii_lowercase)
            && name
                .iter()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
    };
    let position = |wanted: &[u8]| split(line, b' ').position(|name| name == wanted);
    split(line, b' ')
        .all(is_name)
        .then(|| position(b"start_time").or_else(|| position(b"end_time")))
        .flatten()
}
