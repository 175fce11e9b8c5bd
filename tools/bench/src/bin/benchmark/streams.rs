//! Measures one S3 object whose lines a `labels` stage distributes over streams, from one to tens of thousands.

use std::time::Duration;

use serde_json::json;
use testkit::compress::{Level, gzip_at};
use testkit::receiver::Receiver;
use testkit::s3::S3;

use crate::report::{Limit, Report, Row};
use crate::statistics::median;
use crate::{floor, function};

const BUCKET: &str = "logs";
const KEY: &str = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz";
const LINES: usize = 150_000;
/// The number of streams and the name of the row, for each row.
const STREAMS: [(usize, &str); 4] = [
    (1, "alb, 1 stream"),
    (100, "alb, 100 streams"),
    (3_000, "alb, 3,000 streams"),
    (40_000, "alb, 40,000 streams"),
];
/// The stages that turn the target in a line into a label.
const STAGES: &str = r#"[{"regex":{"expression":" target=(?P<target>[0-9]+) "}},{"labels":{"target":null}}]"#;
/// The function's timeout, longer than any object takes.
const TIMEOUT: Duration = Duration::from_secs(900);
/// The limit of the CPU time with the most streams, in multiples of that with one.
const LIMIT: f64 = 3.0;

/// The cost of one invocation.
struct Cost {
    cpu: Duration,
    wall: Duration,
    peak: u64,
    pushes: usize,
    /// The floor of the same object, measured right before.
    floor: Duration,
}

/// Measures each number of streams. Each round measures all of them one after the other, so that the ratio is of
/// measurements that are close in time.
pub(crate) async fn measure(rounds: usize, settings: &[(String, String)], report: &mut Report) {
    let objects = STREAMS.map(|(streams, _)| object(streams));
    let mut costs: [Vec<Cost>; STREAMS.len()] = Default::default();
    for _ in 0..rounds {
        for (object, costs) in objects.iter().zip(&mut costs) {
            costs.push(ship(object.clone(), settings).await);
        }
    }
    for ((_, name), costs) in STREAMS.iter().zip(&costs) {
        report.row(&Row {
            name,
            receiver: Duration::ZERO,
            cpu: median(costs.iter().map(|cost| cost.cpu)),
            floor: median(costs.iter().map(|cost| cost.floor)),
            ratio: median(costs.iter().map(|cost| ratio(cost.cpu, cost.floor))),
            wall: median(costs.iter().map(|cost| cost.wall)),
            bytes: (LINES * line(0, 0).len()) as u64,
            peak: costs.iter().map(|cost| cost.peak).max().unwrap_or_default(),
            pushes: median(costs.iter().map(|cost| cost.pushes)),
            lines: LINES,
        });
    }
    let [one, .., most] = &costs;
    let ratios = one.iter().zip(most).map(|(one, most)| ratio(most.cpu, one.cpu));
    report.limit(Limit::time_at_most(
        "CPU with 40,000 streams, times that with one",
        median(ratios),
        LIMIT,
    ));
}

async fn ship(object: Vec<u8>, settings: &[(String, String)]) -> Cost {
    let floor = floor::of_object(&object);
    let (receiver, s3) = (Receiver::counting().await, S3::start().await);
    s3.put(BUCKET, KEY, object);
    let mut lambda = function::release(settings)
        .env("WRITE_ADDRESS", receiver.url())
        .env("AWS_ENDPOINT_URL_S3", s3.url())
        .env("LOKI_STAGE_CONFIGS", STAGES)
        .timeout(TIMEOUT)
        .start()
        .await;
    lambda.wait_until_ready().await.unwrap();
    let record = json!({
        "eventSource": "aws:s3",
        "awsRegion": "eu-west-1",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": BUCKET}, "object": {"key": KEY}},
    });
    let invocation = lambda.invoke(json!({"Records": [record]}).to_string()).await;
    assert_eq!(invocation.response()["entries"], LINES, "{:?}", invocation.logs);
    // Each line arrives once, and all lines differ.
    assert_eq!(
        (receiver.accepted_count(), receiver.distinct_count()),
        (LINES, LINES)
    );
    Cost {
        cpu: lambda.cpu_time(),
        wall: invocation.elapsed,
        peak: lambda.peak_resident_bytes(),
        pushes: receiver.requests(),
        floor,
    }
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// Returns an object with lines of a load balancer, distributed in turn over this many streams.
fn object(streams: usize) -> Vec<u8> {
    let lines: String = (0..LINES).map(|number| line(number, number % streams)).collect();
    gzip_at(Level::default(), lines.as_bytes())
}

/// Returns a line. All lines have the same length.
fn line(number: usize, stream: usize) -> String {
    format!(
        "https 2026-03-04T05:06:07.{number:06}Z app/shop/0a1b2c3d4e5f6071 203.0.113.7:50111 10.0.3.4:8080 0.001 0.012 0.000 200 200 712 1534 \"GET https://shop.example.com:443/cart?id={number:06} HTTP/1.1\" \"curl/8.5.0 target={stream:05} \" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/0123456789abcdef \"Root=1-65e5a1b2-0123456789abcdef01{number:06}\"\n"
    )
}
