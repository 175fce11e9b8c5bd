//! Parquet objects through the real binary.

mod faults;
mod large;
mod same_log;

use testkit::parquet::{Column, Layout, Values, file};

use crate::support::objects::{WRITTEN, assert_redelivered, deliver};

const LAKE_KEY: &str = "aws/CLOUD_TRAIL_MGMT/2.0/region=eu-west-1/accountId=111122223333/eventDay=20260304/0a1b2c3d4e5f60718293a4b5c6d7e8f9.gz.parquet";
/// 2026-03-04T05:06:07.123Z in nanoseconds.
const TIME: i128 = 1_772_600_767_123_000_000;

fn texts(texts: &[&str]) -> Values {
    Values::Bytes(texts.iter().map(|text| text.as_bytes().to_vec()).collect())
}

#[tokio::test]
async fn security_lake_has_nested_columns() {
    let schema = r#"message spark_schema {
        optional int64 time;
        optional int64 time_dt (TIMESTAMP(MICROS,true));
        optional group actor { optional group user { optional binary name (STRING); optional int64 uid; } }
        optional group resources (LIST) {
            repeated group list { optional group element { optional binary type (STRING); } }
        }
        optional group unmapped (MAP) {
            repeated group key_value { required binary key (STRING); optional binary value (STRING); }
        }
    }"#;
    let columns = vec![
        Column::longs([Some(1_772_600_767_123), None, None]),
        Column::longs([Some(0), Some(1_772_600_767_456_789), None]),
        Column::nested(texts(&["ann"]), &[3, 1, 0], &[]),
        Column::nested(Values::Int64(vec![i64::MAX]), &[3, 1, 0], &[]),
        Column::nested(texts(&["bucket", "key"]), &[4, 4, 1, 0], &[0, 1, 0, 0]),
        Column::nested(texts(&["a.b"]), &[2, 1, 0], &[0, 0, 0]),
        Column::nested(texts(&["1"]), &[3, 1, 0], &[0, 0, 0]),
    ];
    let object = file(schema, &[columns], &Layout::default());
    let delivered = deliver(&[(LAKE_KEY, object.clone())], &[]).await;
    let labels = r#"{__aws_log_type="s3_security_lake", __aws_s3_security_lake="CLOUD_TRAIL_MGMT", __aws_s3_security_lake_owner="111122223333"}"#;
    let expected = [
        (
            TIME,
            r#"{"time":1772600767123,"time_dt":"1970-01-01T00:00:00.000000Z","actor":{"user":{"name":"ann","uid":9223372036854775807}},"resources":[{"type":"bucket"},{"type":"key"}],"unmapped":{"a.b":"1"}}"#,
        ),
        (
            TIME + 333_789_000,
            r#"{"time":null,"time_dt":"2026-03-04T05:06:07.456789Z","actor":{"user":null},"resources":[],"unmapped":{}}"#,
        ),
        // Without a time of its own, it has that of the row before it.
        (
            TIME + 333_789_001,
            r#"{"time":null,"time_dt":null,"actor":null,"resources":null,"unmapped":null}"#,
        ),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(time, line)| (labels.to_owned(), time, line.to_owned()))
        .collect();
    assert_eq!(delivered, expected);
    assert_redelivered(&[(LAKE_KEY, object)], &[], &delivered).await;
}

#[tokio::test]
async fn cloudfront_and_load_balancers() {
    let cloudfront = file(
        "message m { optional binary date (STRING); optional binary time (STRING); optional binary sc_status (STRING); }",
        &[vec![
            Column::texts([Some("2026-03-04")]),
            Column::texts([Some("05:06:07")]),
            Column::texts([Some("200")]),
        ]],
        &Layout::default(),
    );
    let millis = file(
        "message m { optional int64 timestamp_ms; optional int32 sc_status; }",
        &[vec![
            Column::longs([Some(1_772_600_767_123)]),
            Column::ints([Some(404)]),
        ]],
        &Layout::default(),
    );
    let alb = file(
        "message m { optional binary type (STRING); optional binary time (STRING); optional int32 elb_status_code; }",
        &[vec![
            Column::texts([Some("https")]),
            Column::texts([Some("2026-03-04T05:06:07.123456Z")]),
            Column::ints([Some(502)]),
        ]],
        &Layout::default(),
    );
    let objects = [
        (
            "AWSLogs/111122223333/CloudFront/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.parquet",
            cloudfront,
        ),
        ("cdn/E2K2LNL5N3WR51.2026-03-04-06.a10a8497.parquet", millis),
        (
            "logs/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.parquet",
            alb,
        ),
    ];
    let delivered = deliver(&objects, &[]).await;
    let found: Vec<(i128, &str)> = delivered
        .iter()
        .map(|(_, time, line)| (*time, line.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            (
                TIME / 1_000_000_000 * 1_000_000_000,
                r#"{"date":"2026-03-04","time":"05:06:07","sc_status":"200"}"#
            ),
            (TIME, r#"{"timestamp_ms":1772600767123,"sc_status":404}"#),
            (
                TIME + 456_000,
                r#"{"type":"https","time":"2026-03-04T05:06:07.123456Z","elb_status_code":502}"#
            ),
        ]
    );
    let statuses = deliver(
        &objects,
        &[
            ("ALB_LOG_S3", "elasticloadbalancing"),
            ("CLOUDFRONT_LOG_S3", "E2K2"),
        ],
    )
    .await;
    let statuses: Vec<&str> = statuses.iter().map(|(labels, ..)| labels.as_str()).collect();
    assert_eq!(
        statuses,
        [
            r#"{source="alb", status_code="502"}"#,
            r#"{source="cloudfront", status_code="200"}"#,
            r#"{source="cloudfront", status_code="404"}"#,
        ]
    );
}

/// Parquet of unknown type is told by its content, and read where text would be.
#[tokio::test]
async fn unknown_keys_with_text() {
    let object = file(
        "message m { optional binary message (STRING); }",
        &[vec![Column::texts([Some("a\nline"), None])]],
        &Layout::default(),
    );
    let variables = [("UNKNOWN_S3_TYPE", "text")];
    let delivered = deliver(&[("exports/part-0", object)], &variables).await;
    let labels = r#"{__aws_log_type="s3_text", __aws_s3_text="my-logs"}"#;
    assert_eq!(
        delivered,
        [
            (labels.to_owned(), WRITTEN, r#"{"message":"a\nline"}"#.to_owned()),
            (labels.to_owned(), WRITTEN + 1, r#"{"message":null}"#.to_owned()),
        ]
    );
}

/// A type that the user describes as JSON reads Parquet, too.
#[tokio::test]
async fn types_that_users_describe() {
    let object = file(
        "message m { optional int64 at; optional binary message (STRING); }",
        &[vec![
            Column::longs([Some(1_772_600_767_123)]),
            Column::texts([Some("started")]),
        ]],
        &Layout::default(),
    );
    let types = r#"[{"name": "s3_app", "key": "^apps/(?P<src>[^/]+)/", "format": "json", "time": {"field": "at", "format": "unix_ms"}}]"#;
    for key in ["apps/checkout/part-0.parquet", "apps/checkout/part-0"] {
        let delivered = deliver(&[(key, object.clone())], &[("S3_LOG_TYPES", types)]).await;
        let labels = r#"{__aws_log_type="s3_app", __aws_s3_app="checkout"}"#.to_owned();
        let line = r#"{"at":1772600767123,"message":"started"}"#.to_owned();
        assert_eq!(delivered, [(labels, TIME, line)], "{key}");
    }
}
