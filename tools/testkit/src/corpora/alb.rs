//! Access logs, after "Access log entries" in the user guide for application load balancers.

use std::fmt::Write;

use super::draw::Draw;

pub(super) fn line(draw: &mut Draw, out: &mut String) {
    let now = draw.tick();
    let (date, micros) = (now.civil('T'), now.subsec_micros());
    let (kind, version) =
        [("https", "HTTP/1.1"), ("h2", "HTTP/2.0"), ("h2", "HTTP/2.0")][draw.number(0..3) as usize];
    let (client, port, target) = (draw.client(), draw.port(), draw.inner_host());
    let (millis, status) = (draw.small(900), draw.status());
    let (received, sent) = (draw.number(40..2_000), draw.small(60_000));
    let (method, path, agent) = (draw.method(), draw.path(), draw.agent());
    let (trace_time, trace) = (now.unix_seconds(), draw.hex(24));
    let (rule, connection) = (draw.number(0..6), draw.hex(32));
    let received_at = now.civil('T');
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{kind} {date}.{micros:06}Z app/shop/0a1b2c3d4e5f6071 {client}:{port} {target}:8080 0.000 0.{millis:03} 0.000 {status} {status} {received} {sent} \"{method} https://shop.example.com:443{path} {version}\" \"{agent}\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.3 arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef \"Root=1-{trace_time:08x}-{trace}\" \"shop.example.com\" \"arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012\" {rule} {received_at}.{micros:06}Z \"forward\" \"-\" \"-\" \"{target}:8080\" \"{status}\" \"-\" \"-\" TID_{connection}"
    );
}
