//! The format of a type of object: the kind of its records, and the position of their time.

use loki_push::Timestamp;

use super::cloudfront::CloudFront;
use super::flow_log::FlowLog;
use super::json::{Members, string};
use super::load_balancer::LoadBalancer;
use super::records::RecordScanner;
use super::time;

/// The format of an object. It changes when a header is read, so each object has its own.
#[derive(Clone, Debug)]
pub(crate) struct Format {
    pub(crate) splitter: Splitter,
    pub(crate) layout: Layout,
}

/// The kind of the records.
#[derive(Clone, Debug)]
pub(crate) enum Splitter {
    Lines,
    Array(RecordScanner),
}

/// The layout of a record.
#[derive(Clone, Debug)]
pub(crate) enum Layout {
    /// A layout without a header, with the time at a fixed position.
    Fixed(fn(&[u8]) -> Option<Timestamp>),
    LoadBalancer(LoadBalancer),
    FlowLog(FlowLog),
    CloudFront(CloudFront),
    /// Lines of any text, without a known time.
    Untimed,
}

/// The result of reading a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// A header with the names of columns, which is not shipped.
    Header,
    /// A line, and its time if it has a valid one.
    Line(Option<Timestamp>),
}

impl Layout {
    pub(crate) fn read(&mut self, record: &[u8]) -> Read {
        match self {
            Self::Fixed(time) => Read::Line(time(record)),
            Self::LoadBalancer(load_balancer) => load_balancer.read(record),
            Self::FlowLog(flow_log) => flow_log.read(record),
            Self::CloudFront(cloudfront) => cloudfront.read(record),
            Self::Untimed => Read::Line(None),
        }
    }

    /// Returns the field at the position of the HTTP status, for the logs of access-log mode that have one.
    /// The line must have been read before.
    pub(crate) fn status<'a>(&self, line: &'a [u8]) -> Option<&'a [u8]> {
        match self {
            Self::LoadBalancer(load_balancer) => load_balancer.status(line),
            Self::CloudFront(cloudfront) => cloudfront.status(line),
            Self::Fixed(_) | Self::FlowLog(_) | Self::Untimed => None,
        }
    }
}

impl Format {
    /// The format of all logs of load balancers.
    pub(crate) const LOAD_BALANCER: Self = Self::lines(Layout::LoadBalancer(LoadBalancer::Start));
    pub(crate) const FLOW_LOG: Self = Self::lines(Layout::FlowLog(FlowLog::DEFAULT));
    pub(crate) const CLOUDTRAIL: Self = Self::array("Records", |record| json_time(record, "eventTime"));
    pub(crate) const CONFIG: Self = Self::array("configurationItems", |record| {
        json_time(record, "configurationItemCaptureTime")
    });
    pub(crate) const CLOUDFRONT: Self = Self::lines(Layout::CloudFront(CloudFront::WithoutHeader));
    pub(crate) const WAF: Self = Self::lines(Layout::Fixed(|line| {
        time::epoch(Members::of(line).find("timestamp")?)
    }));
    pub(crate) const GUARDDUTY: Self = Self::lines(Layout::Fixed(guardduty));
    pub(crate) const KAFKA_BROKER: Self = Self::lines(Layout::Fixed(time::log4j));
    pub(crate) const S3_ACCESS: Self = Self::lines(Layout::Fixed(time::bracketed_access_log));
    pub(crate) const TEXT: Self = Self::lines(Layout::Untimed);

    const fn lines(layout: Layout) -> Self {
        Self {
            splitter: Splitter::Lines,
            layout,
        }
    }

    const fn array(name: &'static str, time: fn(&[u8]) -> Option<Timestamp>) -> Self {
        Self {
            splitter: Splitter::Array(RecordScanner::new(name)),
            layout: Layout::Fixed(time),
        }
    }
}

/// Returns the time of the last change of a finding, which has no other time.
fn guardduty(finding: &[u8]) -> Option<Timestamp> {
    json_time(finding, "updatedAt")
        .or_else(|| json_time(finding, "createdAt"))
        .or_else(|| json_time(Members::of(finding).find("service")?, "eventLastSeen"))
}

/// Returns the time in a member of the object itself, not of a nested one.
fn json_time(object: &[u8], name: &str) -> Option<Timestamp> {
    time::iso(string(Members::of(object).find(name)?)?)
}
