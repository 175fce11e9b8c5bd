//! The real binary and a real Loki, whose content is checked with queries.
//!
//! Install Loki with `tools/testkit/loki/install`, then run the tests with `--ignored`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;
use testkit::compress::gzip;
use testkit::events::cloudwatch_event;
use testkit::loki::{Loki, QueriedEntry, QueriedStream};
use testkit::receiver::{Answer, Receiver};
use testkit::s3::{Object, S3};
use testkit::s3_samples::s3_samples;

use crate::support::kinesis::{delivery, record, text_offset};
use crate::support::msk::{self, MSK_KEY};
use crate::support::{ALB_KEY, BUCKET, GROUP, OWNER, alb_line, event, function, reading_from, s3_event};

const START_NS: i128 = 1_700_000_000_000_000_000;
/// 2026-03-04T00:00:00Z, the day of the sample objects.
const DAY_NS: i128 = 1_772_582_400_000_000_000;
const HOUR_NS: i128 = 3_600_000_000_000;
const QUERY: &str = r#"{__aws_log_type="cloudwatch"}"#;

async fn query(loki: &Loki, tenant: &str) -> Vec<QueriedStream> {
    loki.query_range(tenant, QUERY, START_NS, START_NS + HOUR_NS, 5000)
        .await
}

#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
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

/// An object of every type, announced twice, as AWS may: Loki keeps one copy of each line.
#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn objects_come_out_as_they_went_in_and_once() {
    let (loki, s3) = (Loki::start().await, S3::start().await);
    let function = function().env("WRITE_ADDRESS", loki.push_url());
    for (number, sample) in s3_samples().into_iter().enumerate() {
        // A tenant for each, because types share labels.
        let tenant = format!("tenant-{number}");
        let mut lambda = reading_from(&s3, function.clone())
            .env("UNKNOWN_S3_TYPE", "text")
            .env("TENANT_ID", &tenant)
            .start()
            .await;
        s3.put(BUCKET, &sample.key, sample.object());
        for _ in 0..2 {
            let invocation = lambda.invoke(s3_event(&[&sample.key])).await;
            assert_eq!(invocation.response()["entries"], sample.lines.len());
        }
        let streams = loki
            .query_range(&tenant, &sample.labels, DAY_NS, DAY_NS + 24 * HOUR_NS, 100)
            .await;
        // The order of entries with equal times is not defined.
        let mut expected = sample.lines;
        expected.sort();
        let mut stored: Vec<(i128, String)> = streams
            .into_iter()
            .flat_map(|stream| stream.entries)
            .map(|entry| (entry.timestamp_ns, entry.line))
            .collect();
        stored.sort();
        assert_eq!(stored, expected, "{}", sample.key);
    }
}

/// The events that are shipped as lines are delivered twice.
#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn records_and_events_come_out_as_they_went_in_and_once() {
    const AT: i128 = 1_772_600_767_000_000_000;
    let loki = Loki::start().await;
    let subscription = delivery("g", "zipped").replace("\"timestamp\":5", "\"timestamp\":1772600767000");
    let records = [
        record("1", &gzip(subscription.as_bytes())),
        record("2", b"a line\na line"),
    ];
    let state_change = r#"{"id":"e-1","detail-type":"EC2 Instance State-change Notification","source":"aws.ec2","time":"2026-03-04T05:06:07Z","detail":{"state":"running"}}"#;
    let function = function()
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "blue");
    let mut lambda = function.start().await;
    for _ in 0..2 {
        lambda
            .invoke(json!({"Records": records}).to_string())
            .await
            .response();
        lambda.invoke(state_change).await.response();
    }
    let first = AT + 125_000_000 + text_offset("2");
    for (query, expected) in [
        (
            r#"{__aws_cloudwatch_log_group="g", __aws_log_type="kinesis"}"#,
            vec![(AT, "zipped")],
        ),
        // Two lines that are equal are two lines.
        (
            r#"{__aws_cloudwatch_log_group="", __aws_log_type="kinesis"}"#,
            vec![(first, "a line"), (first + 1, "a line")],
        ),
        (
            r#"{__aws_eventbridge_source="aws.ec2"}"#,
            vec![(AT, state_change)],
        ),
    ] {
        let streams = loki
            .query_range("blue", query, DAY_NS, DAY_NS + 24 * HOUR_NS, 10)
            .await;
        let entries = streams.iter().flat_map(|stream| &stream.entries);
        let stored: Vec<(i128, &str)> = entries.map(|entry| (entry.timestamp_ns, &*entry.line)).collect();
        assert_eq!(stored, expected, "{query}");
    }
}

/// Loki keeps only one of two entries with the same time and line.
#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn equal_messages_of_one_time_are_all_stored_and_once() {
    let loki = Loki::start().await;
    let mut lambda = function()
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "blue")
        .start()
        .await;
    let (first, second) = (1_700_000_000_123, 1_700_000_000_124);
    let events = [
        (first, "retry"),
        (first, "retry"),
        (second, "retry"),
        (first, "retry"),
    ];
    let event = cloudwatch_event(GROUP, "s", OWNER, &events);
    for _ in 0..2 {
        assert_eq!(lambda.invoke(event.clone()).await.response()["entries"], 4);
    }
    let streams = query(&loki, "blue").await;
    let entries = streams.iter().flat_map(|stream| &stream.entries);
    let times: Vec<i128> = entries
        .filter(|entry| entry.line == "retry")
        .map(|entry| entry.timestamp_ns)
        .collect();
    let (first, second) = (i128::from(first) * 1_000_000, i128::from(second) * 1_000_000);
    assert_eq!(times, [first, first + 1, first + 2, second]);
}

/// Loki keeps only one of several entries with the same stream, time and line.
#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn equal_lines_of_one_millisecond_are_all_stored() {
    let loki = Loki::start().await;
    let records: Vec<_> = (0..500)
        .map(|number| record(&number.to_string(), b"heartbeat"))
        .collect();
    let function = function()
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "blue");
    let mut lambda = function.start().await;
    // Twice, the second time in two batches.
    for batch in [&records[..], &records[..123], &records[123..]] {
        let event = json!({"Records": batch}).to_string();
        assert_eq!(lambda.invoke(event).await.response()["entries"], batch.len());
    }
    let selector = r#"{__aws_log_type="kinesis"}"#;
    let end = DAY_NS + 24 * HOUR_NS;
    assert_eq!(loki.count("blue", selector, 24 * 3_600, end).await, 500);
}

#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn access_log_mode_is_queried_by_source_and_status() {
    let (loki, s3) = (Loki::start().await, S3::start().await);
    let function = function()
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "blue")
        .env("ALB_LOG_S3", "elasticloadbalancing");
    let mut lambda = reading_from(&s3, function).start().await;
    let (good, bad) = (alb_line(1, "200"), alb_line(2, "502"));
    s3.put(
        BUCKET,
        ALB_KEY,
        Object::new(gzip(format!("{good}\n{bad}\n").as_bytes())),
    );
    lambda.invoke(s3_event(&[ALB_KEY])).await.response();
    let query = r#"{source="alb", status_code="502"}"#;
    let streams = loki
        .query_range("blue", query, DAY_NS, DAY_NS + 24 * HOUR_NS, 10)
        .await;
    let labels = [("source", "alb"), ("status_code", "502")];
    let expected = QueriedStream {
        labels: labels
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        entries: vec![QueriedEntry {
            timestamp_ns: 1_772_600_767_000_002_000,
            line: bad,
            metadata: BTreeMap::new(),
        }],
    };
    assert_eq!(streams, [expected]);
}

#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn what_loki_refuses_is_reported_in_its_words() {
    let loki = Loki::start().await;
    // Without the tenant that Loki requires.
    let mut lambda = function().env("WRITE_ADDRESS", loki.push_url()).start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let message = &invocation.error().error_message;
    assert!(
        message.contains("status 401 (Unauthorized): no org id"),
        "{message}"
    );
}

/// Starts a receiver that forwards pushes to the real Loki, but responds with 500 to those that contain `id=0 ` while
/// `fails` is set.
async fn failing_in_front_of(loki: &Loki, fails: &Arc<AtomicBool>) -> Receiver {
    let receiver = Receiver::start().await;
    let fails = Arc::clone(fails);
    let url = loki.push_url();
    receiver.answer_with(move |push, _| {
        if fails.load(Ordering::Relaxed) && push.entries().any(|entry| entry.line.contains("id=0 ")) {
            return Answer::status(500);
        }
        // The function sends the same push there.
        Answer::status(307).header("Location", &url)
    });
    receiver
}

/// Returns lines of a load balancer from `from` to `to` o'clock, a minute apart.
fn hours(from: usize, to: usize) -> String {
    let line = |minute: usize| {
        let time = format!("T{:02}:{:02}:07", minute / 60, minute % 60);
        alb_line(minute, "200").replace("T05:06:07", &time) + "\n"
    };
    (from * 60..to * 60).map(line).collect()
}

/// Loki rejects a line that is more than an hour older than its stream's newest.
#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn after_a_failed_push_a_redelivery_puts_everything_in() {
    let later = ALB_KEY.replace("2et2e1mx", "later");
    for (objects, lines) in [
        (vec![(ALB_KEY.to_owned(), hours(0, 6))], 360),
        (vec![(ALB_KEY.to_owned(), hours(0, 1)), (later, hours(3, 6))], 240),
    ] {
        let (loki, s3) = (Loki::start().await, S3::start().await);
        let fails = Arc::new(AtomicBool::new(true));
        let receiver = failing_in_front_of(&loki, &fails).await;
        let function = function()
            .env("WRITE_ADDRESS", receiver.url())
            .env("TENANT_ID", "blue")
            .env("BATCH_SIZE", "6000")
            .env("MAX_RETRIES", "2")
            .env("MIN_BACKOFF", "1ms")
            .env("REPORT_BATCH_ITEM_FAILURES", "true");
        let mut lambda = reading_from(&s3, function).start().await;
        let messages = objects.iter().enumerate().map(|(number, (key, text))| {
            s3.put(BUCKET, key, text.clone());
            json!({"messageId": format!("m-{number}"), "eventSource": "aws:sqs", "body": s3_event(&[key])})
        });
        let event = json!({"Records": messages.collect::<Vec<_>>()}).to_string();
        let first = lambda.invoke(event.clone()).await;
        let failed = first.response()["batchItemFailures"].as_array().unwrap().len();
        assert_eq!(failed, objects.len());
        fails.store(false, Ordering::Relaxed);
        let second = lambda.invoke(event).await;
        assert_eq!(second.response(), &json!({"batchItemFailures": []}));
        let selector = r#"{__aws_log_type="s3_lb"}"#;
        let end = DAY_NS + 24 * HOUR_NS;
        assert_eq!(loki.count("blue", selector, 24 * 3_600, end).await, lines);
    }
}

/// Each of the object's 40,000 lines has its own stream.
#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn forty_thousand_streams_are_delivered() {
    let (loki, s3) = (Loki::start().await, S3::start().await);
    let line = |number: usize| alb_line(number, &format!("{}", 10_000 + number)) + "\n";
    s3.put(BUCKET, ALB_KEY, (0..40_000).map(line).collect::<String>());
    let stages = r#"[{"regex":{"expression":" 0.000 (?P<status>[0-9]+) "}},{"labels":{"status":null}}]"#;
    let function = function()
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "blue")
        .env("LOKI_STAGE_CONFIGS", stages);
    let mut lambda = reading_from(&s3, function).start().await;
    lambda.set_timeout(std::time::Duration::from_secs(120));
    let invocation = lambda.invoke(s3_event(&[ALB_KEY])).await;
    assert_eq!(invocation.response()["entries"], 40_000);
}

/// One entry with a time three hours later made Loki reject all following entries of the stream.
#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn a_stack_trace_does_not_cost_the_object() {
    let (loki, s3) = (Loki::start().await, S3::start().await);
    let text = msk::object_with_stack_trace();
    s3.put(
        BUCKET,
        MSK_KEY,
        Object::new(gzip(text.as_bytes())).last_modified(msk::WRITTEN),
    );
    // A tenant for each, because Loki would reject stored entries again that are an hour older than the newest.
    for (tenant, batch_size, concurrency) in [("blue", "1048576", "4"), ("green", "50000", "1")] {
        let function = function()
            .env("WRITE_ADDRESS", loki.push_url())
            .env("TENANT_ID", tenant)
            .env("BATCH_SIZE", batch_size)
            .env("PUSH_CONCURRENCY", concurrency);
        let mut lambda = reading_from(&s3, function).start().await;
        lambda.set_timeout(std::time::Duration::from_secs(120));
        let invocation = lambda.invoke(s3_event(&[MSK_KEY])).await;
        let summary = invocation.response();
        assert_eq!(
            (
                &summary["entries"],
                &summary["rejected"],
                &summary["times_guessed"]
            ),
            (&json!(msk::LINES), &json!(0), &json!(msk::WITHOUT_TIME))
        );
        let selector = r#"{__aws_log_type="s3_msk"}"#;
        // The first line has the time of midnight, and a range excludes its first instant.
        let end = DAY_NS + 12 * HOUR_NS;
        assert_eq!(loki.count(tenant, selector, 24 * 3_600, end).await, msk::LINES);
        // The stack trace and the line before it, within a microsecond.
        let error = DAY_NS + 3 * HOUR_NS;
        let around = loki.query_range(
            tenant,
            selector,
            error - 1_000_000_000,
            error + 1_000_000_000,
            100,
        );
        let mut entries: Vec<(i128, String)> = around
            .await
            .into_iter()
            .flat_map(|stream| stream.entries)
            .map(|entry| (entry.timestamp_ns, entry.line))
            .collect();
        entries.sort();
        let at = entries
            .iter()
            .position(|(_, line)| line.contains(" ERROR "))
            .unwrap();
        let (error, trace) = (&entries[at], &entries[at + 1..at + 4]);
        let trace: Vec<(i128, &str)> = trace
            .iter()
            .map(|(time, line)| (time - error.0, line.as_str()))
            .collect();
        assert_eq!(
            trace,
            [
                (1, "java.lang.IllegalStateException: x"),
                (2, "\tat kafka.server.A.b(A.scala:1)"),
                (3, "Caused by: java.io.IOException: y"),
            ]
        );
    }
}

/// Ten thousand log streams in one stream, each found by its structured metadata, and so are account and region.
#[tokio::test]
#[ignore = "needs a real Loki: tools/testkit/loki/install"]
async fn log_streams_are_found_by_structured_metadata() {
    const COUNT: usize = 10_000;
    const AT: i128 = 1_772_600_767_000_000_000;
    let loki = Loki::start().await;
    let mut lambda = function()
        .env("WRITE_ADDRESS", loki.push_url())
        .env("TENANT_ID", "blue")
        .env(
            "STRUCTURED_METADATA",
            "log_stream,account,region,event_id,kinesis_sequence",
        )
        .start()
        .await;
    lambda.set_timeout(std::time::Duration::from_secs(120));
    let records = (0..COUNT).map(|number| {
        let data = json!({
            "messageType": "DATA_MESSAGE", "owner": OWNER, "logGroup": GROUP, "logStream": format!("s-{number}"),
            "logEvents": [{
                "id": format!("{number:056}"), "timestamp": 1_772_600_767_000_i64 + (number % 1_000) as i64,
                "message": format!("line {number}"),
                "extractedFields": {"@aws.account": "111122223333", "@aws.region": "eu-central-1"},
            }],
        });
        record(&number.to_string(), data.to_string().as_bytes())
    });
    let event = json!({"Records": records.collect::<Vec<_>>()}).to_string();
    assert_eq!(lambda.invoke(event).await.response()["entries"], COUNT);
    let selector = r#"{__aws_log_type="kinesis"}"#;
    let (begin, end) = (AT - 1_000_000_000, AT + 10_000_000_000);
    assert_eq!(loki.count("blue", selector, 3_600, end).await, COUNT);
    for number in [0, 4_711, COUNT - 1] {
        let query = format!(
            r#"{selector} | aws_log_stream="s-{number}" | aws_account="111122223333" | aws_region="eu-central-1""#
        );
        let streams = loki.query_range("blue", &query, begin, end, 100).await;
        let lines: Vec<&String> = streams
            .iter()
            .flat_map(|stream| &stream.entries)
            .map(|entry| &entry.line)
            .collect();
        assert_eq!(lines, [&format!("line {number}")]);
        assert_eq!(
            streams[0].entries[0].metadata["aws_kinesis_sequence"],
            number.to_string()
        );
    }
    let labels = loki.query_range("blue", selector, begin, end, 5_000).await;
    let streams: std::collections::BTreeSet<_> = labels
        .iter()
        .map(|stream| {
            let own = stream.labels.iter().filter(|(name, _)| name.starts_with("__aws"));
            own.map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
        })
        .collect();
    // Loki may have split it into shards.
    assert_eq!(streams.len(), 1, "one stream");
}
