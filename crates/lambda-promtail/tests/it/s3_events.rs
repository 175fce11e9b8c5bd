//! Events that announce objects, in all envelopes, and objects that cannot be read.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::compress::{gzip, small_bzip2, zstd};
use testkit::lambda::Outcome;
use testkit::receiver::Receiver;
use testkit::s3::{Answer, S3, S3Store};

use crate::support;
use crate::support::setup::Setup;
use crate::support::{BUCKET, alb_line, pushing_to, reading_from, s3_event, s3_record};

/// A key with characters that S3 encodes in its notifications, and some that it does not.
const KEY: &str = "a dir+=%20/AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz";
const TRAIL: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz";
const CLOUDFRONT: &str = "cdn/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz";

/// Returns the lines of a load balancer's log.
fn alb(lines: usize) -> String {
    (0..lines).map(|number| alb_line(number, "200") + "\n").collect()
}

fn sqs(bodies: &[(&str, String)]) -> Value {
    let record = |(id, body): &(&str, String)| json!({"messageId": id, "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-1:1:q", "body": body});
    json!({"Records": bodies.iter().map(record).collect::<Vec<Value>>()})
}

fn sns(message: &str, source_key: &str) -> Value {
    json!({"Records": [{source_key: "aws:sns", "EventVersion": "1.0", "Sns": {"Type": "Notification", "MessageId": "n-1", "Message": message}}]})
}

fn object_created(key: &str) -> Value {
    json!({
        "version": "0", "id": "17793124", "detail-type": "Object Created", "source": "aws.s3", "account": "1",
        "time": "2026-03-04T05:10:00Z", "region": "eu-west-1", "resources": [],
        "detail": {"version": "0", "bucket": {"name": BUCKET}, "object": {"key": key, "size": 5}, "reason": "PutObject"},
    })
}

#[tokio::test]
async fn every_envelope_leads_to_the_object() {
    let mut setup = Setup::new(&[]).await;
    setup.put(KEY, gzip(alb(3).as_bytes()));
    let notification = s3_event(&[KEY]);
    let delivery = json!({"Type": "Notification", "MessageId": "n-1", "Message": notification}).to_string();
    for (source, event) in [
        ("s3", serde_json::from_str(&notification).unwrap()),
        ("eventbridge", object_created(KEY)),
        ("sns", sns(&notification, "EventSource")),
        ("sns", sns(&notification, "eventSource")),
        ("sqs", sqs(&[("m-1", notification.clone())])),
        ("sqs", sqs(&[("m-1", delivery)])),
        ("sqs", sqs(&[("m-1", object_created(KEY).to_string())])),
    ] {
        setup.receiver.clear();
        let summary = setup.response(&event).await;
        assert_eq!(
            (&summary["source"], &summary["entries"]),
            (&json!(source), &json!(3)),
            "{event}"
        );
        assert_eq!(setup.receiver.distinct_count(), 3);
    }
}

#[tokio::test]
async fn a_test_event_and_objects_with_nothing_to_ship_are_acknowledged() {
    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "skip")]).await;
    let test = json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": "2026-03-04T05:06:07.000Z", "Bucket": BUCKET});
    let nothing = [
        "AWSLogs/111122223333/ELBAccessLogTestFile",
        "AWSLogs/111122223333/Config/ConfigWritabilityCheckFile",
        "AWSLogs/111122223333/",
        "AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/04/111122223333_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20260304T051000Z.json.gz",
        "holiday/picture.jpg",
    ];
    for event in [
        test.to_string(),
        sqs(&[("m-1", test.to_string())]).to_string(),
        s3_event(&nothing),
    ] {
        let summary = setup.response(&event).await;
        assert_eq!(summary["skipped"], summary["items"], "{event}");
    }
    assert_eq!((setup.s3.requests().len(), setup.receiver.requests()), (0, 0));
}

#[tokio::test]
async fn an_unknown_type_fails_is_skipped_or_is_text() {
    let key = "app/2026/server.log";
    let mut setup = Setup::new(&[]).await;
    let error = setup.error(s3_event(&[key])).await;
    assert!(
        error.contains("s3://my-logs/app/2026/server.log: no known type"),
        "{error}"
    );
    assert!(error.contains("UNKNOWN_S3_TYPE"), "{error}");

    let mut setup = Setup::new(&[("UNKNOWN_S3_TYPE", "text")]).await;
    setup.put(key, "first\nsecond\n\nfirst");
    assert_eq!(setup.response(s3_event(&[key])).await["dropped"]["empty_line"], 1);
    let lines: Vec<(i128, String)> = setup
        .receiver
        .accepted()
        .into_iter()
        .map(|it| (it.timestamp_ns, it.line))
        .collect();
    let written = 1_772_601_000_000_000_000;
    assert_eq!(
        lines,
        [
            (written, "first".to_owned()),
            (written + 1, "second".to_owned()),
            (written + 3, "first".to_owned())
        ]
    );
    assert_eq!(
        setup.receiver.accepted()[0].labels,
        r#"{__aws_log_type="s3_text", __aws_s3_text="my-logs"}"#
    );

    setup.receiver.clear();
    setup.put(key, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec());
    let error = setup.error(s3_event(&[key])).await;
    assert!(error.contains("not text"), "{error}");
    assert_eq!(setup.receiver.requests(), 0, "half a picture must not be shipped");
}

#[tokio::test]
async fn one_bad_object_does_not_stop_the_others() {
    let mut setup = Setup::new(&[]).await;
    setup.put(KEY, gzip(alb(3).as_bytes()));
    let missing = KEY.replace("shop", "gone");
    let error = setup.error(s3_event(&[&missing, KEY, "x.txt"])).await;
    assert!(error.starts_with("2 of 3 items not delivered: "), "{error}");
    assert!(
        error.contains(&format!("s3://{BUCKET}/{missing}: does not exist")),
        "{error}"
    );
    assert_eq!(setup.receiver.distinct_count(), 3);

    // A message that cannot be read fails by itself.
    setup.receiver.clear();
    let event = sqs(&[
        ("m-1", "{\"hello\": \"hunter2\"}".to_owned()),
        ("m-2", s3_event(&[KEY])),
    ]);
    let error = setup.error(event).await;
    assert!(
        error.contains("m-1") && error.contains("\"hello\"") && !error.contains("hunter2"),
        "{error}"
    );
    assert_eq!(setup.receiver.distinct_count(), 3);
}

#[tokio::test]
async fn a_truncated_object_fails_after_its_good_lines() {
    // Pushes that are in flight together arrive in any order.
    let mut setup = Setup::new(&[("PUSH_CONCURRENCY", "1")]).await;
    let compressed = gzip(alb(20_000).as_bytes());
    setup.put(KEY, &compressed[..compressed.len() / 2]);
    let error = setup.error(s3_event(&[KEY])).await;
    assert!(error.contains("gzip is cut short"), "{error}");
    let lines: Vec<String> = setup
        .receiver
        .accepted()
        .into_iter()
        .map(|entry| entry.line)
        .collect();
    assert!(lines.len() > 5000, "{}", lines.len());
    let all = alb(20_000);
    let all: Vec<&str> = all.lines().take(lines.len()).collect();
    assert_eq!(lines, all, "whole lines only");

    setup.receiver.clear();
    setup.put(
        TRAIL,
        r#"{"Records":[{"eventTime":"2026-03-04T05:06:07Z"},{"eventTime":"2026-03-0"#,
    );
    let error = setup.error(s3_event(&[TRAIL])).await;
    assert!(
        error.contains(r#"JSON array "Records" cut short after 1 records"#),
        "{error}"
    );
    assert_eq!(setup.receiver.accepted_count(), 1);
}

#[tokio::test]
async fn a_broken_download_is_taken_up_where_it_stopped() {
    let mut setup = Setup::new(&[]).await;
    let compressed = gzip(alb(20_000).as_bytes());
    setup.put(KEY, compressed.clone());
    setup.s3.answer_next([
        Answer::slow_down(),
        Answer::reset_after(10_000),
        Answer::close_after(20_000),
    ]);
    assert_eq!(setup.response(s3_event(&[KEY])).await["entries"], 20_000);
    assert_eq!(
        (setup.receiver.accepted_count(), setup.receiver.distinct_count()),
        (20_000, 20_000)
    );
    let ranges: Vec<Option<String>> = setup
        .s3
        .requests()
        .into_iter()
        .map(|request| request.range)
        .collect();
    assert_eq!(ranges[..2], [None, None]);
    assert!(ranges[2].as_deref().unwrap().starts_with("bytes="), "{ranges:?}");
}

#[tokio::test]
async fn several_members_and_other_compressions_are_read() {
    let mut setup = Setup::new(&[]).await;
    let text = alb(1000);
    let (head, tail) = text.split_at(text.len() / 3);
    setup.put(KEY, [gzip(head.as_bytes()), gzip(tail.as_bytes())].concat());
    assert_eq!(setup.response(s3_event(&[KEY])).await["entries"], 1000);
    // The first bytes decide about decompression, never the name.
    let (bzip2, zstd) = (small_bzip2(text.as_bytes()), zstd(text.as_bytes()));
    for bytes in [bzip2, zstd, text.into_bytes()] {
        setup.put(KEY, bytes);
        assert_eq!(setup.response(s3_event(&[KEY])).await["entries"], 1000);
    }
    assert_eq!(setup.receiver.distinct_count(), 1000);
}

/// Another implementation of S3, which checks the signature of every request.
#[tokio::test]
async fn a_real_s3_is_read() {
    let (receiver, s3) = (Receiver::start().await, S3Store::start().await);
    let mut lambda = pushing_to(&receiver)
        .env("AWS_ENDPOINT_URL_S3", s3.url())
        .env("AWS_ACCESS_KEY_ID", S3Store::ACCESS_KEY_ID)
        .env("AWS_SECRET_ACCESS_KEY", S3Store::SECRET_ACCESS_KEY)
        .env("AWS_SESSION_TOKEN", "")
        .start()
        .await;
    s3.put(BUCKET, KEY, gzip(alb(1000).as_bytes()));
    let invocation = lambda.invoke(s3_event(&[KEY])).await;
    assert_eq!(invocation.response()["entries"], 1000);
    assert_eq!(receiver.distinct_count(), 1000);
}

/// A bucket that sends every kind of event also announces removals; upstream fails on each.
#[tokio::test]
async fn what_was_removed_is_not_read() {
    let mut setup = Setup::new(&[]).await;
    let mut record = s3_record(KEY);
    for event in ["ObjectRemoved:Delete", "LifecycleExpiration:DeleteMarkerCreated"] {
        record["eventName"] = json!(event);
        assert_eq!(setup.response(json!({"Records": [record]})).await["skipped"], 1);
    }
    assert_eq!(setup.s3.requests().len(), 0);
}

#[tokio::test]
async fn an_object_with_no_lines_makes_no_push() {
    let mut setup = Setup::new(&[]).await;
    for (key, object) in [
        (KEY, String::new()),
        (CLOUDFRONT, "#Version: 1.0\n#Fields: date time\n".to_owned()),
        (TRAIL, r#"{"Records":[]}"#.to_owned()),
    ] {
        setup.put(key, gzip(object.as_bytes()));
        let summary = setup.response(s3_event(&[key])).await;
        assert_eq!(
            (&summary["items"], &summary["entries"]),
            (&json!(1), &json!(0)),
            "{key}"
        );
    }
    assert_eq!(setup.receiver.requests(), 0);
}

/// Upstream ships such lines with the current time, or fails.
#[tokio::test]
async fn a_line_without_a_readable_time_has_the_nearest_and_its_place() {
    let mut setup = Setup::new(&[]).await;
    let impossible = alb_line(0, "200").replace("2026-03-04T05", "2026-02-30T05");
    setup.put(
        KEY,
        gzip(format!("no time\n{impossible}\n{}\n", alb_line(7, "200")).as_bytes()),
    );
    setup.response(s3_event(&[KEY])).await;
    let times: Vec<i128> = setup
        .receiver
        .accepted()
        .into_iter()
        .map(|entry| entry.timestamp_ns)
        .collect();
    let first = 1_772_600_767_000_007_000;
    assert_eq!(times, [first, first + 1, first + 2]);
}

/// Upstream decodes records and encodes them again, which changes numbers and these characters.
#[tokio::test]
async fn cloudtrail_records_keep_their_own_bytes() {
    let mut setup = Setup::new(&[]).await;
    let record =
        r#"{"z":1,"eventTime":"2026-03-04T05:06:07Z","big":9007199254740993,"float":1.0,"html":"<&>"}"#;
    setup.put(TRAIL, gzip(format!("{{\"Records\":[{record}]}}").as_bytes()));
    setup.response(s3_event(&[TRAIL])).await;
    assert_eq!(setup.receiver.accepted()[0].line, record);
}

#[tokio::test]
async fn a_failure_in_sns_in_sqs_is_tied_to_the_sqs_message() {
    let mut setup = Setup::new(&[]).await;
    setup.put(KEY, gzip(alb(3).as_bytes()));
    let wrapped = |key: &str| {
        json!({"Type": "Notification", "MessageId": "n-1", "Message": s3_event(&[key])}).to_string()
    };
    let gone = KEY.replace("shop", "gone");
    let error = setup
        .error(sqs(&[("m-1", wrapped(&gone)), ("m-2", wrapped(KEY))]))
        .await;
    assert!(error.starts_with("1 of 2 items not delivered: "), "{error}");
    assert!(
        error.contains("does not exist") && error.ends_with("(in m-1)"),
        "{error}"
    );
    assert_eq!(setup.receiver.distinct_count(), 3);
}

/// Upstream stops at such a line and reports success.
#[tokio::test]
async fn a_long_line_is_a_line() {
    let mut setup = Setup::new(&[]).await;
    let long = format!("https 2026-03-04T05:06:07.123456Z {}", "x".repeat(3 << 20));
    let text = format!("{}{long}\n{}", alb(10), alb(10));
    setup.put(KEY, gzip(text.as_bytes()));
    assert_eq!(setup.response(s3_event(&[KEY])).await["entries"], 21);
    assert!(setup.receiver.accepted().iter().any(|entry| entry.line == long));
}

#[tokio::test]
async fn access_denied_names_what_to_allow() {
    let mut setup = Setup::new(&[]).await;
    setup.s3.answer_always(Answer::access_denied());
    let error = setup.error(s3_event(&[KEY])).await;
    assert!(error.contains("s3:GetObject") && error.contains(KEY), "{error}");

    let kms = "User is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-1:1:key/k";
    setup.s3.answer_always(Answer::error(403, "AccessDenied", kms));
    let error = setup.error(s3_event(&[KEY])).await;
    assert!(error.contains("the role needs kms:Decrypt"), "{error}");
}

#[tokio::test]
async fn access_log_mode_has_its_own_labels() {
    let mut setup = Setup::new(&[
        ("ALB_LOG_S3", "elasticloadbalancing"),
        ("CLOUDFRONT_LOG_S3", "cdn"),
        ("EXTRA_LABELS", "env,prod"),
        ("OMIT_EXTRA_LABELS_PREFIX", "true"),
    ])
    .await;
    let lines = alb(2).replacen(" 200 200 ", " 502 - ", 1) + "too short\n";
    setup.put(KEY, gzip(lines.as_bytes()));
    let cdn = "cdn/any-name.gz";
    let cloudfront =
        "2026-03-04\t05:06:07\tCDG50-C1\t2390\t203.0.113.7\tGET\td111abc.cloudfront.net\t/index.html\t304\t-";
    let fields =
        "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer)";
    setup.put(cdn, format!("#Version: 1.0\n#Fields: {fields}\n{cloudfront}\n"));
    setup.put("other", "whatever\n");
    setup.response(s3_event(&[KEY, cdn, "other"])).await;

    let mut labels: Vec<(String, i128)> = setup
        .receiver
        .accepted()
        .into_iter()
        .map(|it| (it.labels, it.timestamp_ns))
        .collect();
    labels.sort();
    let (at, written) = (1_772_600_767_000_000_000, 1_772_601_000_000_000_000);
    let expected = [
        (
            r#"{env="prod", source="Unknown", status_code="Unknown"}"#,
            written,
        ),
        (r#"{env="prod", source="alb", status_code="200"}"#, at + 1000),
        (r#"{env="prod", source="alb", status_code="502"}"#, at),
        (r#"{env="prod", source="alb", status_code="Unknown"}"#, at + 1001),
        (r#"{env="prod", source="cloudfront", status_code="304"}"#, at),
    ];
    assert_eq!(labels, expected.map(|(labels, time)| (labels.to_owned(), time)));
}

#[tokio::test]
async fn other_eventbridge_events_are_lines() {
    let mut setup = Setup::new(&[]).await;
    let event = r#"{"version":"0","id":"e-1","detail-type":"EC2 Instance State-change Notification","source":"aws.ec2","time":"2026-03-04T05:06:07Z","region":"eu-west-1","detail":{"state":"running","big":9007199254740993}}"#;
    assert_eq!(setup.response(event).await["source"], "eventbridge");
    let accepted = setup.receiver.accepted();
    assert_eq!(accepted[0].line, event);
    assert_eq!(accepted[0].timestamp_ns, 1_772_600_767_000_000_000);
    assert_eq!(
        accepted[0].labels,
        r#"{__aws_eventbridge_detail_type="EC2 Instance State-change Notification", __aws_eventbridge_source="aws.ec2", __aws_log_type="eventbridge"}"#
    );
    let error = setup.error(event.replace("2026-03-04T05:06:07Z", "today")).await;
    assert!(
        error.contains("EventBridge event e-1") && error.contains("time"),
        "{error}"
    );
}

/// A function that does not read objects must not create SDK clients, which cost memory and time. Here the SDK would
/// read its configuration from a pipe that nothing writes to, and would wait forever.
#[tokio::test]
async fn a_function_without_objects_asks_nothing_of_aws() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("config");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success(), "mkfifo");
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let mut lambda = reading_from(&s3, pushing_to(&receiver))
        .env("AWS_CONFIG_FILE", pipe.to_str().unwrap())
        .env("AWS_REGION", "")
        .env("AWS_DEFAULT_REGION", "")
        .timeout(Duration::from_secs(2))
        .start()
        .await;
    lambda.invoke(support::event(&["a"])).await.response();
    assert_eq!(receiver.accepted_count(), 1);
    // Shows that the pipe works: an object needs the SDK, and so the invocation times out.
    assert_eq!(lambda.invoke(s3_event(&[KEY])).await.outcome, Outcome::TimedOut);
}

#[test]
fn records_are_as_s3_writes_them() {
    assert_eq!(
        s3_record("a b+c=d/é")["s3"]["object"]["key"],
        "a+b%2Bc%3Dd/%C3%A9"
    );
}
