//! A large object of a load balancer's lines.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

/// The key of the object.
pub const LARGE_KEY: &str = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz";
pub const GIBIBYTE: u64 = 1 << 30;

/// Writes this many bytes of lines, gzipped, with `middle` in the middle. Returns the number of lines.
pub fn write_object(path: &Path, bytes: u64, middle: Option<&str>) -> usize {
    let mut gzip = GzEncoder::new(BufWriter::new(File::create(path).unwrap()), Compression::fast());
    let (mut written, mut lines, mut line) = (0, 0_u64, String::new());
    let mut middle = middle;
    while written < bytes {
        if written >= bytes / 2
            && let Some(middle) = middle.take()
        {
            gzip.write_all(middle.as_bytes()).unwrap();
            gzip.write_all(b"\n").unwrap();
            lines += 1;
        }
        line.clear();
        let (seconds, micros) = (lines / 1_000_000 % 60, lines % 1_000_000);
        let port = lines.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48;
        writeln!(
            line,
            "https 2026-03-04T05:06:{seconds:02}.{micros:06}Z app/shop/0a1b2c3d4e5f6071 203.0.113.{}:{port} 10.0.3.4:8080 0.001 0.{port} 0.000 200 200 {port} 1534 \"GET https://shop.example.com:443/cart?id={lines} HTTP/1.1\" \"Mozilla/5.0 (X11; Linux x86_64; rv:148.0) Gecko/20100101 Firefox/148.0\" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef \"Root=1-65e5a1b2-{port:08x}{lines:016x}\" \"shop.example.com\" \"session-reused\" 1 2026-03-04T05:06:07.110000Z \"forward\" \"-\" \"-\" \"10.0.3.4:8080\" \"200\" \"-\" \"-\" TID_0a1b2c3d4e5f \"-\" \"-\" \"-\"",
            port % 256,
        )
        .unwrap();
        gzip.write_all(line.as_bytes()).unwrap();
        written += line.len() as u64;
        lines += 1;
    }
    gzip.finish().unwrap().flush().unwrap();
    lines as usize
}
