//! Flow logs in the default format, after "Flow log records" in the VPC user guide.

use std::fmt::Write;

use super::draw::Draw;

pub(super) const HEADER: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n";

const INTERFACES: [&str; 6] = [
    "eni-0a1b2c3d4e5f60718",
    "eni-0b2c3d4e5f6071829",
    "eni-0c3d4e5f607182930",
    "eni-0d4e5f60718293041",
    "eni-0e5f6071829304152",
    "eni-0f607182930415263",
];

pub(super) fn line(draw: &mut Draw, out: &mut String) {
    let start = draw.tick().unix_seconds();
    let end = start + draw.number(1..60);
    let (interface, client, host) = (draw.one(&INTERFACES), draw.client(), draw.inner_host());
    let (port, packets) = (draw.port(), draw.small(200) + 1);
    let bytes = packets * draw.number(40..1_400);
    let service = draw.one(&["443", "443", "80", "22", "5432", "53"]);
    let protocol = draw.one(&["6", "6", "6", "17"]);
    let action = if draw.one_in(8) { "REJECT" } else { "ACCEPT" };
    let (from, to, from_port, to_port) = if draw.one_in(2) {
        (&client, &host, port.to_string(), service.to_owned())
    } else {
        (&host, &client, service.to_owned(), port.to_string())
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "2 111122223333 {interface} {from} {to} {from_port} {to_port} {protocol} {packets} {bytes} {start} {end} {action} OK"
    );
}
