//! A real Loki stores both body formats and returns their content, for each tenant.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use http::Request;
use loki_push::{Batch, Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp};
use testkit::loki::{Loki, QueriedEntry, QueriedStream};
use testkit::loopback;
use testkit::receiver::Receiver;

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
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
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

/// Pushes an entry for each stream and second, and returns status and text.
async fn push_at(url: String, entries: &[(&str, i64)]) -> (u16, String) {
    let mut batch = Batch::new(Encoding::Protobuf, None, &Buffers::new(1024));
    for (stream, seconds) in entries {
        let entry = Entry {
            labels: Arc::new(LabelSet::from_iter([("a", *stream), ("zone", "\"x\", y")])),
            timestamp: Timestamp::from_unix_millis(1_600_000_000_120 + seconds * 1_000).unwrap(),
            line: Cow::Owned(format!("{stream} {seconds}")),
            metadata: Vec::new(),
        };
        batch.add(&entry, ItemId(0));
    }
    let request = Request::post(url)
        .header("Content-Type", Encoding::Protobuf.content_type())
        .header("X-Scope-OrgID", "rules")
        .body(batch.pack().unwrap().body().bytes.clone())
        .unwrap();
    let answer = loopback::send(request).await.unwrap();
    (
        answer.status().as_u16(),
        String::from_utf8(answer.body().to_vec()).unwrap(),
    )
}

#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn the_receiver_keeps_lokis_rules() {
    let (loki, receiver) = (Loki::start().await, Receiver::start().await);
    receiver.keep_lokis_rules();
    let many: Vec<(&str, i64)> = (0..12).map(|second| ("x", second)).collect();
    let pushes: [&[(&str, i64)]; 8] = [
        &[("x", 0), ("x", 3_600)],
        &[("x", 7_200)],
        // Entries exactly an hour behind, more than that, and not at all.
        &[("x", 3_600), ("x", 3_599), ("x", 7_000)],
        // A repetition of the last entry is ignored, however old it is.
        &[("x", 20_000), ("x", 7_000)],
        &[("x", 20_000)],
        &many,
        // Only the refusal of the last stream is in the response.
        &[("x", 5), ("y", 5)],
        &[("y", 6), ("x", 6)],
    ];
    for push in pushes {
        let expected = push_at(loki.push_url(), push).await;
        let (status, text) = push_at(receiver.url(), push).await;
        println!("{status} {text}");
        // The kit's Loki is configured not to add this label.
        let text = text.replace(r#" service_name="unknown_service","#, "");
        assert_eq!((status, text), expected, "{push:?}");
    }
    let seconds = 86_400;
    let end = TIME_NS + i128::from(seconds) * 1_000_000_000;
    let stored = loki.count("rules", r#"{zone=~".+"}"#, 2 * seconds, end).await;
    assert_eq!(receiver.stored_count(), stored);
    assert_eq!(receiver.stored().len(), stored);
}
