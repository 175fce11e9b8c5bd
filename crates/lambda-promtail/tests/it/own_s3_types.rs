//! Objects of types that users describe in `S3_LOG_TYPES`, through the real binary.

use testkit::compress::gzip;
use testkit::lambda::Outcome;

use crate::support::objects::{Entries, WRITTEN, assert_redelivered, deliver};
use crate::support::setup::Setup;
use crate::support::{ALB_KEY, alb_line, function, s3_event};

/// 2026-03-04T05:06:07Z.
const AT: i128 = 1_772_600_767_000_000_000;
const SECOND: i128 = 1_000_000_000;

const TYPES: &str = r#"[
    {"name": "s3_app", "key": "^apps/(?P<app>[^/]+)/(?P<owner>\\d{12})/", "format": "json",
     "time": {"field": "event.ts", "format": "RFC3339"}, "labels": {"app": "${app}"}},
    {"name": "s3_export", "key": "^exports/(?P<src>.+)\\.csv$", "format": "csv",
     "time": {"field": "at", "format": "unix"}},
    {"name": "s3_firehose", "key": "^firehose/(?P<team>[^/]+)/", "format": "cloudwatch",
     "labels": {"team": "${team}"}},
    {"name": "s3_lb", "key": "elasticloadbalancing.*special", "format": "lines"}
]"#;

fn entry(labels: &str, at: i128, line: &str) -> (String, i128, String) {
    (labels.to_owned(), at, line.to_owned())
}

fn sorted(mut entries: Entries) -> Entries {
    entries.sort();
    entries
}

#[tokio::test]
async fn objects_are_read_as_described_and_others_as_before() {
    let json = concat!(
        "{\"event\":{\"ts\":\"2026-03-04T05:06:07Z\"},\"m\":\"\u{e9}\"}\n",
        "{\"m\":\"no time\",\"n\":\"2030-01-01T00:00:00Z\"}\n",
        "{\n \"event\": {\"ts\": \"2026-03-04T05:06:08Z\"}\n}{\"event.ts\":\"2026-03-04T05:06:09Z\"}",
    );
    let csv = "at,message\r\n1772600767,\"a,\r\nb\"\r\n1772600768,c\r\n";
    let delivery = |group: &str, message: &str| {
        format!(
            r#"{{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"{group}","logStream":"s","subscriptionFilters":["f"],"logEvents":[{{"id":"1","timestamp":1772600767000,"message":"{message}"}},{{"id":"2","timestamp":1772600767000,"message":"{message}"}}]}}"#
        )
    };
    let deliveries = delivery("/a", "x") + &delivery("/b", "y");
    let special = format!("{ALB_KEY}.special");
    let objects = [
        ("apps/check out/111122223333/1.log.gz", gzip(json.as_bytes())),
        ("apps/check out/111122223333/", Vec::new()),
        ("exports/2026/orders.csv", csv.as_bytes().to_vec()),
        ("firehose/shop/2026/03/04/05/x", gzip(deliveries.as_bytes())),
        (ALB_KEY, alb_line(0, "200").into_bytes()),
        (&special, b"first\nsecond\n".to_vec()),
    ];
    let variables = [("S3_LOG_TYPES", TYPES)];
    let delivered = deliver(&objects, &variables).await;

    let app = r#"{__aws_log_type="s3_app", __aws_s3_app_owner="111122223333", app="check out"}"#;
    let export = r#"{__aws_log_type="s3_export", __aws_s3_export="2026/orders"}"#;
    let group = |group: &str| {
        format!(
            r#"{{__aws_cloudwatch_log_group="{group}", __aws_cloudwatch_owner="111122223333", __aws_log_type="cloudwatch", team="shop"}}"#
        )
    };
    let expected = vec![
        entry(
            app,
            AT,
            "{\"event\":{\"ts\":\"2026-03-04T05:06:07Z\"},\"m\":\"\u{e9}\"}",
        ),
        entry(app, AT + 1, r#"{"m":"no time","n":"2030-01-01T00:00:00Z"}"#),
        entry(
            app,
            AT + SECOND,
            "{\n \"event\": {\"ts\": \"2026-03-04T05:06:08Z\"}\n}",
        ),
        entry(app, AT + 2 * SECOND, r#"{"event.ts":"2026-03-04T05:06:09Z"}"#),
        entry(export, AT, "1772600767,\"a,\r\nb\""),
        entry(export, AT + SECOND, "1772600768,c"),
        entry(&group("/a"), AT, "x"),
        entry(&group("/a"), AT + 1, "x"),
        entry(&group("/b"), AT, "y"),
        entry(&group("/b"), AT + 1, "y"),
        entry(
            r#"{__aws_log_type="s3_lb", __aws_s3_lb="shop", __aws_s3_lb_owner="111122223333"}"#,
            AT,
            &alb_line(0, "200"),
        ),
        entry(r#"{__aws_log_type="s3_lb"}"#, WRITTEN, "first"),
        entry(r#"{__aws_log_type="s3_lb"}"#, WRITTEN + 1, "second"),
    ];
    assert_eq!(delivered, sorted(expected));
    assert_redelivered(&objects, &variables, &delivered).await;
}

#[tokio::test]
async fn an_object_that_is_not_as_described_fails_by_name_after_its_good_records() {
    let mut setup = Setup::new(&[("S3_LOG_TYPES", TYPES)]).await;
    for (key, bytes, delivered, expected) in [
        (
            "apps/a/111122223333/1",
            "{\"event\":{\"ts\":\"2026-03-04T05:06:07Z\"}}\nplain text\n",
            1,
            "expected a JSON object at byte 40, found 'p'",
        ),
        (
            "apps/a/111122223333/2",
            "{\"event\":{\"ts\":\"2026-03-04T05:06:07Z\"}}\n{\"event\":",
            1,
            "JSON document cut short after 1 complete ones, at byte 49",
        ),
        (
            "exports/a.csv",
            "time,message\n1772600767,a\n",
            0,
            "the header before byte 13 has no column \"at\", which the type's time is read from",
        ),
        (
            "exports/b.csv",
            "at,message\n1772600767,a\n1772600768,\"b",
            1,
            "CSV record cut short within a quoted field, after 2 complete records, at byte 37",
        ),
        (
            "firehose/a/x",
            "{\"level\":\"info\"}",
            0,
            "JSON document 1: CloudWatch Logs data: not a delivery",
        ),
        ("apps/a/111122223333/3", "PAR1\u{0}\u{0}", 0, "Parquet"),
    ] {
        setup.receiver.clear();
        setup.put(key, bytes);
        let error = setup.error(s3_event(&[key])).await;
        assert!(error.contains(key) && error.contains(expected), "{error}");
        assert_eq!(setup.receiver.accepted().len(), delivered, "{key}");
    }
}

#[tokio::test]
async fn wrong_types_are_an_error_of_the_initialisation() {
    let mut lambda = function()
        .env("WRITE_ADDRESS", "http://127.0.0.1:9/push")
        .env(
            "S3_LOG_TYPES",
            r#"[{"name": "s3_app", "key": "a", "format": "json"}, {"name": "s3_b", "key": "(", "format": "jsn", "tiem": {}}]"#,
        )
        .start()
        .await;
    let Err(Outcome::InitError(error, Some(_))) = lambda.wait_until_ready().await else {
        panic!("{:#?}", lambda.logs());
    };
    for expected in [
        "S3_LOG_TYPES: [1] (s3_b).tiem: unknown field; did you mean time?",
        "[1] (s3_b).key: regular expression \"(\"",
        "[1] (s3_b).format: unknown format \"jsn\"",
    ] {
        assert!(error.error_message.contains(expected), "{}", error.error_message);
    }
}
