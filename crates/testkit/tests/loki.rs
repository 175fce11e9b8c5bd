//! A real Loki takes both bodies and gives back what was in them, per tenant.

#![allow(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use http::Request;
use loki_push::{Batch, Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp};
use testkit::loki::{Loki, QueriedEntry, QueriedStream};
use testkit::loopback;

const TIME_NS: i128 = 1_600_000_000_123_000_000;

async fn push(loki: &Loki, tenant: &str, encoding: Encoding) {
    let labels = Arc::new(LabelSet::from_iter([("__aws_log_type", "x"), ("tenant", tenant)]));
    let mut batch = Batch::new(encoding, None, &Buffers::new(1024));
    for (millis, line, metadata) in [(0, "first", None), (1, "sécond \"2\"", Some(("trace", "abc")))] {
        let entry = Entry {
            labels: Arc::clone(&labels),
            timestamp: Timestamp::from_unix_millis(1_600_000_000_123 + millis).unwrap(),
            line: Cow::Borrowed(line),
            metadata: metadata
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into_iter()
                .collect(),
        };
        batch.add(&entry, ItemId(0));
    }
    let request = Request::post(loki.push_url())
        .header("Content-Type", encoding.content_type())
        .header("X-Scope-OrgID", tenant)
        .body(batch.pack().unwrap().body().bytes.clone())
        .unwrap();
    let answer = loopback::send(request).await.unwrap();
    assert_eq!(answer.status(), 204, "{:?}", answer.body());
}

#[tokio::test]
#[ignore = "needs a real Loki: crates/testkit/loki/install"]
async fn both_bodies_are_stored_per_tenant() {
    let started = std::time::Instant::now();
    let loki = Loki::start().await;
    println!("ready after {:?}", started.elapsed());

    push(&loki, "blue", Encoding::Protobuf).await;
    push(&loki, "green", Encoding::Json).await;

    for tenant in ["blue", "green"] {
        let streams = loki
            .query_range(
                tenant,
                r#"{__aws_log_type="x"}"#,
                TIME_NS - 1_000_000_000,
                TIME_NS + 3_600_000_000_000,
                1000,
            )
            .await;
        let entry = |nanos, line: &str, metadata: &[(&str, &str)]| QueriedEntry {
            timestamp_ns: TIME_NS + nanos,
            line: line.to_owned(),
            metadata: map(metadata),
        };
        assert_eq!(
            streams,
            [QueriedStream {
                labels: map(&[("__aws_log_type", "x"), ("tenant", tenant)]),
                entries: vec![
                    entry(0, "first", &[]),
                    entry(1_000_000, "sécond \"2\"", &[("trace", "abc")]),
                ],
            }]
        );
    }
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
