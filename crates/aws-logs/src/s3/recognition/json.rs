//! Objects that begin with a JSON object.

use memchr::memchr;

use super::{Recognised, plausible};
use crate::cloudwatch::is_delivery_type;
use crate::s3::format::{Format, Framing, Layout, Read, RecordTimes, Time, iso_member};
use crate::s3::json::{Members, ValueScanner, is_space, string};
use crate::s3::object_type::DELIVERIES;
use crate::s3::types::{
    BEDROCK, CLIENT_VPN, CLOUDFRONT, CLOUDTRAIL_LIST, CONFIG, CONFIG_NOTIFICATION, GUARDDUTY, LOAD_BALANCER,
    NETWORK_FIREWALL, R53_RESOLVER, S3_ACCESS, VERIFIED_ACCESS, VPC_LATTICE, WAF, event_or_window,
};

/// The times of the types whose records are JSON objects. Those with special names come first, because a record
/// that has one of these may have another `timestamp` or `time`, too.
static TIMES: [&Time; 14] = [
    &CLOUDTRAIL_LIST.time,
    &R53_RESOLVER.time,
    &NETWORK_FIREWALL.time,
    &VPC_LATTICE.time,
    &CLIENT_VPN.time,
    &CONFIG.time,
    &CONFIG_NOTIFICATION.time,
    &S3_ACCESS.time,
    &WAF.time,
    &BEDROCK.time,
    &CLOUDFRONT.time,
    &LOAD_BALANCER.time,
    &VERIFIED_ACCESS.time,
    &GUARDDUTY.time,
];

/// Recognises deliveries of CloudWatch Logs, arrays of records of CloudTrail and Config, and records with a
/// time in one of the members that the logs of AWS have.
pub(super) fn recognise(beginning: &[u8], ends_here: bool) -> Recognised {
    let end = ValueScanner::new().scan(beginning);
    let (first, rest) = beginning.split_at(end.unwrap_or(beginning.len()));
    // Deliveries and arrays can be longer than the part of an object that is looked at.
    if let Some(format) = container(first) {
        return Recognised::As(format);
    }
    if end.is_none() {
        return Recognised::NotYet;
    }
    if memchr(b'\n', first).is_some() {
        // Pretty-printed records stay lines, as in other sources.
        return Recognised::Text;
    }
    let Some(times) = TIMES.into_iter().find_map(|time| JsonTimes::of(*time, first)) else {
        return Recognised::Text;
    };
    match framing(rest, ends_here) {
        Some(framing) => Recognised::As(Format::with_layout(framing, Box::new(times))),
        None if rest.iter().all(|byte| is_space(*byte)) => Recognised::NotYet,
        None => Recognised::Text,
    }
}

/// Returns the framing of records of which the first is followed by `rest`: lines, or documents without line
/// breaks between them, as Amazon Data Firehose concatenates what producers send.
fn framing(rest: &[u8], ends_here: bool) -> Option<Framing> {
    match rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')) {
        Some(b'\n') => Some(Framing::Lines),
        Some(b'{') => Some(Framing::DocumentsOrLines),
        None if ends_here => Some(Framing::Lines),
        _ => None,
    }
}

/// Returns the format of a document that contains log events or records: a delivery of CloudWatch Logs, or an
/// array of CloudTrail or Config. The document may be incomplete.
///
/// The members are looked at in their order, and the first that decides ends the search, so that bytes that
/// come later change nothing.
fn container(document: &[u8]) -> Option<Format> {
    // `None` until the first member of the name is known.
    let (mut has_type, mut has_group, mut has_events) = (None, None, None);
    let mut members = Members::of(document);
    let mut index = 0;
    while let Some((name, value, is_complete)) = members.next_or_part() {
        match name {
            b"messageType" if is_complete => {
                has_type.get_or_insert(string(value).is_some_and(is_delivery_type));
            }
            b"logGroup" if is_complete => {
                has_group.get_or_insert(string(value).is_some());
            }
            b"logEvents" => {
                has_events.get_or_insert(value.starts_with(b"["));
            }
            // CloudTrail writes no other member before it. Other arrays of this name, such as events of S3, have
            // no event id.
            b"Records" if index == 0 => {
                let event = first_element(value);
                if event.is_some_and(|event| has_id(event) && plausible(event_or_window(event)).is_some()) {
                    return Some(CLOUDTRAIL_LIST.format());
                }
            }
            b"configurationItems" => {
                let time =
                    first_element(value).and_then(|item| iso_member(item, "configurationItemCaptureTime"));
                if plausible(time).is_some() {
                    return Some(CONFIG.format());
                }
            }
            _ => {}
        }
        if (has_type, has_group, has_events) == (Some(true), Some(true), Some(true)) {
            return Some(DELIVERIES.format());
        }
        index += 1;
    }
    None
}

/// Returns the first element of an array, if it is an object and complete.
fn first_element(array: &[u8]) -> Option<&[u8]> {
    let elements = array.strip_prefix(b"[")?.trim_ascii_start();
    elements.starts_with(b"{").then_some(())?;
    elements.get(..ValueScanner::new().scan(elements)?)
}

/// Returns whether the event has an id. Aggregated events write its name differently.
fn has_id(event: &[u8]) -> bool {
    Members::of(event).any(|(name, _)| matches!(name, b"eventID" | b"eventId"))
}

/// The times of records that are JSON objects, in the member that one type has. Other lines have no time: they would
/// be data of anyone.
#[derive(Debug)]
struct JsonTimes(RecordTimes);

impl JsonTimes {
    /// Returns these times, if the first record has one.
    fn of(time: Time, first: &[u8]) -> Option<Self> {
        let mut times = Self(RecordTimes::new(time));
        matches!(times.read(first), Read::Line(Some(_))).then_some(times)
    }
}

impl Layout for JsonTimes {
    fn read(&mut self, line: &[u8]) -> Read {
        if line.first() != Some(&b'{') {
            return Read::Line(None);
        }
        match self.0.read(line) {
            Read::Line(time) => Read::Line(plausible(time)),
            Read::Header | Read::NoColumn => Read::Line(None),
        }
    }
}
