//! The real binary, a real Loki, and what a query gives back.
//!
//! Install it with `crates/testkit/loki/install`, then run with `--ignored`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;

use support::{BUCKET, GROUP, OWNER, event, function, reading_from, s3_event};
use testkit::events::gzip;
use testkit::loki::{Loki, QueriedEntry, QueriedStream};
use testkit::s3::{Object, S3};

const START_NS: i128 = 1_700_000_000_000_000_000;
const HOUR_NS: i128 = 3_600_000_000_000;
const QUERY: &str = r#"{__aws_log_type="cloudwatch"}"#;

async fn query(loki: &Loki, tenant: &str) -> Vec<QueriedStream> {
    loki.query_range(tenant, QUERY, START_NS, START_NS + HOUR_NS, 5000)
        .await
}

#[tokio::test]
#[ignore = "needs a real Loki: crates/testkit/loki/install"]
async fn events_come_out_as_they_went_in_for_each_tenant_and_encoding() {
    let loki = Loki::start().await;
    let lines = [
        "plain",
        "with\ttab, \"quotes\", é and \u{1f642}\n",
        "{\"json\": [1, 2]}",
    ];
    for (tenant, encoding) in [("blue", "protobuf"), ("green", "json")] {
        let mut lambda = function()
            .env("WRITE_ADDRESS", loki.push_url())
            .env("TENANT_ID", tenant)
            .env("PUSH_ENCODING", encoding)
            .env("EXTRA_LABELS", format!("quoted,a\"b\\c\u{a0}{tenant}"))
            .start()
            .await;
        // Twice, as AWS may deliver it: Loki keeps one copy.
        for _ in 0..2 {
            assert_eq!(lambda.invoke(event(&lines)).await.response()["entries"], 3);
        }
    }
    for tenant in ["blue", "green"] {
        let labels = [
            ("__aws_cloudwatch_log_group", GROUP),
            ("__aws_cloudwatch_owner", OWNER),
            ("__aws_log_type", "cloudwatch"),
            ("__extra_quoted", &format!("a\"b\\c\u{a0}{tenant}")),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let entries = (1_700_000_000_123..)
            .zip(lines)
            .map(|(millis, line)| QueriedEntry {
                timestamp_ns: millis * 1_000_000,
                line: line.to_owned(),
                metadata: BTreeMap::new(),
            });
        let expected = QueriedStream {
            labels: labels.into(),
            entries: entries.collect(),
        };
        assert_eq!(query(&loki, tenant).await, [expected], "{tenant}");
    }
    assert_eq!(query(&loki, "red").await, []);
}

/// A load balancer's log, CloudTrail and CloudFront, in and back.
#[tokio::test]
#[ignore = "needs a real Loki: crates/testkit/loki/install"]
async fn objects_come_out_as_they_went_in() {
    // 2026-03-04T05:06:07Z.
    const AT: i128 = 1_772_600_767_000_000_000;
    let (loki, s3) = (Loki::start().await, S3::start().await);
    let alb = "https 2026-03-04T05:06:07.000001Z app/shop/0a1b 203.0.113.7:50111 \"GET /?q=\\x22 HTTP/1.1\"";
    let trail = r#"{"eventTime":"2026-03-04T05:06:07Z","big":9007199254740993,"html":"<&>"}"#;
    let cloudfront = "2026-03-04\t05:06:07\tCDG50-C1\t2390";
    let rows = [
        (
            "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz",
            format!("{alb}\n"),
            [
                ("__aws_log_type", "s3_lb"),
                ("__aws_s3_lb", "shop"),
                ("__aws_s3_lb_owner", "111122223333"),
            ],
            (AT + 1000, alb),
        ),
        (
            "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz",
            format!(r#"{{"Records":[{trail}]}}"#),
            [
                ("__aws_log_type", "s3_cloudtrail"),
                ("__aws_s3_cloudtrail", "4jhzXFO2Jlvu2b3y"),
                ("__aws_s3_cloudtrail_owner", "111122223333"),
            ],
            (AT, trail),
        ),
        (
            "cdn/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz",
            format!("#Version: 1.0\n#Fields: date time x-edge-location sc-bytes\n{cloudfront}\n"),
            [
                ("__aws_log_type", "s3_cloudfront"),
                ("__aws_s3_cloudfront", "E2K2LNL5N3WR51"),
                ("__aws_s3_cloudfront_owner", "cdn"),
            ],
            (AT, cloudfront),
        ),
    ];
    let function = function()
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "blue");
    let mut lambda = reading_from(&s3, function).start().await;
    for (key, object, labels, (timestamp_ns, line)) in rows {
        s3.put(
            BUCKET,
            key,
            Object::new(gzip(object.as_bytes())).last_modified(1_772_601_000),
        );
        // Twice, as AWS may announce it.
        for _ in 0..2 {
            assert_eq!(lambda.invoke(s3_event(&[key])).await.response()["entries"], 1);
        }
        let query = format!(r#"{{__aws_log_type="{}"}}"#, labels[0].1);
        let expected = QueriedStream {
            labels: labels
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            entries: vec![QueriedEntry {
                timestamp_ns,
                line: line.to_owned(),
                metadata: BTreeMap::new(),
            }],
        };
        assert_eq!(
            loki.query_range("blue", &query, AT, AT + HOUR_NS, 10).await,
            [expected],
            "{key}"
        );
    }
}

#[tokio::test]
#[ignore = "needs a real Loki: crates/testkit/loki/install"]
async fn what_loki_refuses_is_reported_in_its_words() {
    let loki = Loki::start().await;
    // No tenant, where one is wanted.
    let mut lambda = function().env("WRITE_ADDRESS", loki.push_url()).start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let message = &invocation.error().error_message;
    assert!(
        message.contains("status 401 (Unauthorized): no org id"),
        "{message}"
    );
}
