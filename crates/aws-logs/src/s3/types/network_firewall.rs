//! Alert, flow and TLS logs of Network Firewall.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, epoch_value, iso_member};
use crate::s3::json::Members;
use crate::s3::key::scan::{is_number, is_region, leading_name};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static NETWORK_FIREWALL: LogType = LogType {
    token: "s3_network_firewall",
    matcher: log,
    framing: Framing::Lines,
    time: Time::Fixed(event_time),
    docs: Docs {
        title: "Network Firewall alert, flow and TLS logs",
        src: Some("firewall"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/network-firewall/<alert, flow or tls>/<region>/<firewall>/..."],
        example: "AWSLogs/111122223333/network-firewall/alert/eu-west-1/edge/2026/03/04/05/111122223333_network-firewall_alert_eu-west-1_edge_20260304T0505Z_0a1b2c3d.log.gz",
        time: "`event.timestamp`, then `event_timestamp`",
        page: Some("https://docs.aws.amazon.com/network-firewall/latest/developerguide/logging-s3.html"),
    },
};

const SERVICE: &str = "network-firewall";
const KINDS: [&str; 3] = ["alert", "flow", "tls"];

/// Matches `[prefix/]AWSLogs/<account>/network-firewall/<kind>/<region>/<firewall>/<folders of the
/// time>/<account>_network-firewall_<kind>_<region>_<firewall>_<time>_<hash>.log.gz` (Network Firewall
/// developer guide, "Sending AWS Network Firewall logs to Amazon Simple Storage Service").
fn log<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let &[kind, region, firewall, ref time @ ..] = &*vended.folders else {
            return None;
        };
        let mut parts = vended.file.split('_');
        (vended.service == SERVICE
            && KINDS.contains(&kind)
            && is_region(region)
            && !firewall.is_empty()
            && leading_name(firewall) == firewall
            && (3..=5).contains(&time.len())
            && time.iter().all(|folder| is_number(folder))
            && parts.next().is_some_and(is_number)
            && parts.next() == Some(SERVICE)
            && parts.next() == Some(kind)
            && parts.next() == Some(region)
            && parts.next() == Some(firewall)
            && parts.next().is_some())
        .then_some(Found::Log {
            src: firewall,
            owner: vended.account,
        })
    })
}

/// Returns the time of the event, which has microseconds, or otherwise that of the record in seconds.
fn event_time(record: &[u8]) -> Option<Timestamp> {
    let mut seconds = None;
    for (name, value) in Members::of(record) {
        match name {
            b"event" => {
                if let Some(time) = iso_member(value, "timestamp") {
                    return Some(time);
                }
            }
            b"event_timestamp" if seconds.is_none() => seconds = epoch_value(value),
            _ => {}
        }
    }
    seconds
}
