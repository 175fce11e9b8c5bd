//! The real binary, a real Loki, and what a query gives back.
//!
//! Install it with `crates/testkit/loki/install`, then run with `--ignored`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeMap;

use support::{GROUP, OWNER, event, function};
use testkit::loki::{Loki, QueriedEntry, QueriedStream};

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
