//! CloudFront logs, after "Standard log file fields" in CloudFront's developer guide.

use std::fmt::Write;

use super::draw::Draw;

pub(super) const HEADER: &str = "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len sc-range-start sc-range-end\n";

const EDGES: [&str; 8] = [
    "FRA60-P1", "CDG50-C1", "LHR61-P3", "IAD12-P2", "DUB56-P1", "AMS58-P2", "MXP63-P1", "ARN56-P1",
];

pub(super) fn line(draw: &mut Draw, out: &mut String) {
    let now = draw.tick().civil('\t');
    let (edge, client, port) = (draw.one(&EDGES), draw.client(), draw.port());
    let (sent, received) = (draw.small(80_000), draw.number(40..900));
    let (method, path, status) = (draw.method(), draw.path(), draw.status());
    // CloudFront encodes spaces.
    let agent = draw.agent().replace(' ', "%20");
    let query = if draw.one_in(3) {
        format!("id={}", draw.number(1..500_000))
    } else {
        "-".to_owned()
    };
    let result = draw.one(&["Hit", "Hit", "Hit", "Miss", "RefreshHit", "Error"]);
    let request = draw.hex(54);
    let millis = draw.small(900);
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{now}\t{edge}\t{sent}\t{client}\t{method}\td111111abcdef8.cloudfront.net\t{path}\t{status}\thttps://www.example.com/\t{agent}\t{query}\t-\t{result}\t{request}==\twww.example.com\thttps\t{received}\t0.{millis:03}\t-\tTLSv1.3\tTLS_AES_128_GCM_SHA256\t{result}\tHTTP/2.0\t-\t-\t{port}\t0.{millis:03}\t{result}\ttext/html\t{sent}\t-\t-"
    );
}
