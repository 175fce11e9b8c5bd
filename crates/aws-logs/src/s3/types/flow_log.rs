//! VPC and transit gateway flow logs, whose columns the user chooses and the object's header names.

use std::hash::{DefaultHasher, Hasher};

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::fields::split;
use crate::s3::format::{Framing, Layout, Read, Time, instant_member};
use crate::s3::json::Members;
use crate::s3::key::scan::leading_name;
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::time;
use crate::word_search::nth_field;

pub(crate) static FLOW_LOG: LogType = LogType {
    token: "s3_vpc_flow",
    matcher: records,
    framing: Framing::Lines,
    time: Time::Layout(|| Box::new(FlowLog::DEFAULT)),
    docs: Docs {
        title: "VPC and transit gateway flow logs (text, Parquet), hive-style keys too",
        src: Some("flow log id"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/vpcflowlogs/<region>/yyyy/mm/dd/..."],
        example: "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz",
        time: "`start`, found through the header or by the column's name",
        page: Some("https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html"),
    },
};

/// The service in keys.
const SERVICE: &str = "vpcflowlogs";
/// The index of `start` in the default format, in which objects without a header are read too: `version
/// account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action
/// log-status` (VPC user guide, "Flow log records").
const DEFAULT_START: usize = 10;

/// The names of all fields, up to version 10 of VPC flow logs ("Flow log records" in the VPC user guide) and
/// version 6 of transit gateway flow logs ("Transit Gateway Flow Logs records").
const NAMES: [&[u8]; 60] = [
    b"account-id",
    b"action",
    b"az-id",
    b"bytes",
    b"dstaddr",
    b"dstport",
    b"ecs-cluster-arn",
    b"ecs-cluster-name",
    b"ecs-container-id",
    b"ecs-container-instance-arn",
    b"ecs-container-instance-id",
    b"ecs-second-container-id",
    b"ecs-service-name",
    b"ecs-task-arn",
    b"ecs-task-definition-arn",
    b"ecs-task-id",
    b"encryption-status",
    b"end",
    b"flow-direction",
    b"instance-id",
    b"interface-id",
    b"log-status",
    b"packets",
    b"packets-lost-blackhole",
    b"packets-lost-mtu-exceeded",
    b"packets-lost-no-route",
    b"packets-lost-ttl-expired",
    b"pkt-dst-aws-service",
    b"pkt-dstaddr",
    b"pkt-src-aws-service",
    b"pkt-srcaddr",
    b"protocol",
    b"region",
    b"reject-reason",
    b"resource-id",
    b"resource-type",
    b"srcaddr",
    b"srcport",
    b"start",
    b"sublocation-id",
    b"sublocation-type",
    b"subnet-id",
    b"tcp-flags",
    b"tgw-attachment-id",
    b"tgw-dst-az-id",
    b"tgw-dst-eni",
    b"tgw-dst-subnet-id",
    b"tgw-dst-vpc-account-id",
    b"tgw-dst-vpc-id",
    b"tgw-id",
    b"tgw-pair-attachment-id",
    b"tgw-src-az-id",
    b"tgw-src-eni",
    b"tgw-src-subnet-id",
    b"tgw-src-vpc-account-id",
    b"tgw-src-vpc-id",
    b"traffic-path",
    b"type",
    b"version",
    b"vpc-id",
];

/// The least number of names in a header that is told by its words alone.
const LEAST_NAMES: usize = 4;

/// Matches
/// `[prefix/]AWSLogs/<account>/vpcflowlogs/<region>/yyyy/mm/dd/[hh/]<account>_vpcflowlogs_<region>_<flow
/// log>_...`, also with hive-style folders (VPC user guide, "Publish flow logs to Amazon S3").
fn records<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        vended
            .dated()
            .filter(|(_, between)| vended.service == SERVICE && between.is_empty())?;
        let src = leading_name(vended.file_after(vended.file, SERVICE)?);
        (!src.is_empty()).then_some(Found::Log {
            src,
            owner: vended.account,
        })
    })
}

/// The format of an object's lines, as far as it is known.
#[derive(Clone, Copy, Debug)]
struct FlowLog {
    time_column: Option<usize>,
    /// The hash of the header at the start of the object.
    header: Option<u64>,
    /// Whether only empty lines were read so far.
    at_start: bool,
}

impl Layout for FlowLog {
    fn read(&mut self, line: &[u8]) -> Read {
        // Most records begin with a number. The brace is the character after "z".
        if line.first().is_some_and(|first| matches!(first, b'a'..=b'{'))
            && let Some(read) = self.read_other(line)
        {
            return read;
        }
        self.at_start &= line.is_empty();
        // The time is `-` if there was no traffic.
        Read::Line(
            self.time_column
                .and_then(|column| time::epoch(nth_field(line, b' ', column)?)),
        )
    }
}

impl FlowLog {
    const DEFAULT: Self = Self {
        time_column: Some(DEFAULT_START),
        header: None,
        at_start: true,
    };

    /// Reads a header or a row of Parquet. Not inlined, to keep the loop over records small.
    #[cold]
    #[inline(never)]
    fn read_other(&mut self, line: &[u8]) -> Option<Read> {
        if line.first() == Some(&b'{') {
            return Some(Read::Line(row_time(line)));
        }
        self.read_header(line).then_some(Read::Header)
    }

    /// Reads the names of the columns, if the line is a header.
    fn read_header(&mut self, line: &[u8]) -> bool {
        if !is_header(line, self.at_start, self.header) {
            return false;
        }
        if self.at_start {
            self.header = Some(hash(line));
            self.at_start = false;
        }
        let column = |name: &[u8]| fields(line).position(|field| field == name);
        // A custom format without `start` may still have the other end of the interval.
        self.time_column = column(b"start").or_else(|| column(b"end"));
        true
    }
}

/// Returns the time of a row of Parquet, from the columns that a header would name.
fn row_time(row: &[u8]) -> Option<Timestamp> {
    match Members::of(row).find("start") {
        Some(_) => instant_member(row, "start"),
        None => instant_member(row, "end"),
    }
}

/// Returns whether the line is a header. All of its words must be known names; at the start of the object,
/// where AWS writes the header, half of them are enough, because it may name newer fields too. Objects that
/// were concatenated repeat it.
///
/// A record can consist of such words as well, for example with ECS clusters and services that users named
/// `prod` or `end`.
fn is_header(line: &[u8], at_start: bool, first: Option<u64>) -> bool {
    if !fields(line).all(is_name) {
        return false;
    }
    let count = fields(line).count();
    let known = fields(line).filter(|field| NAMES.contains(field)).count();
    known == count || (at_start && known * 2 >= count) || first == Some(hash(line))
}

/// Returns whether the line is certainly a header, in an object of unknown type: all of its words are names, and
/// one of them is that of the time.
pub(crate) fn is_flow_log_header(line: &[u8]) -> bool {
    fields(line).count() >= LEAST_NAMES
        && fields(line).all(|field| NAMES.contains(&field))
        && fields(line).any(|field| matches!(field, b"start" | b"end"))
}

fn hash(line: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(line);
    hasher.finish()
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
