//! Connection logs of Client VPN.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::format::{Framing, Time};
use crate::s3::json::{Members, string};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;
use crate::s3::time;

pub(crate) static CLIENT_VPN: LogType = LogType {
    token: "s3_client_vpn",
    matcher: log,
    framing: Framing::Lines,
    time: Time::Fixed(connection_time),
    docs: Docs {
        title: "Client VPN connection logs",
        src: Some("endpoint, if the key names it"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/ClientVPN/<region>/yyyy/mm/dd/... (not documented by AWS)"],
        example: "AWSLogs/111122223333/ClientVPN/eu-west-1/2026/03/04/111122223333_ClientVPN_eu-west-1_cvpn-endpoint-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz",
        time: "`connection-end-time`, then `connection-start-time`",
        page: Some("https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/connection-logging.html"),
    },
};

/// The names of the service that are accepted. AWS's documentation describes the records only.
const SERVICES: [&str; 4] = ["ClientVPN", "ClientVpn", "client-vpn", "clientvpn"];

/// Matches `[prefix/]AWSLogs/<account>/ClientVPN/<region>/yyyy/mm/dd/<account>_ClientVPN_<region>_
/// [<endpoint>_]...`, the layout of other logs that CloudWatch Logs delivers. It was not confirmed.
fn log<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| vended.log_of_service(&SERVICES, "cvpn-endpoint-"))
}

/// Returns the end of the connection, or its start while it is open or if it was refused.
fn connection_time(record: &[u8]) -> Option<Timestamp> {
    let mut start = None;
    for (name, value) in Members::of(record) {
        match name {
            b"connection-end-time" => {
                if let Some(end) = utc(value) {
                    return Some(end);
                }
            }
            b"connection-start-time" if start.is_none() => start = utc(value),
            _ => {}
        }
    }
    start
}

/// Parses `"yyyy-mm-dd hh:mm:ss"` in UTC.
fn utc(value: &[u8]) -> Option<Timestamp> {
    let (date, time_of_day) = string(value)?.split_at_checked(10)?;
    time::date_and_time(date, time_of_day.strip_prefix(b" ")?)
}
