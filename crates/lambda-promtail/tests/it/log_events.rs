//! Single log events of a subscription delivery, through the real binary: their accounts and Regions, and invalid ones.

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::events::cloudwatch_payload;
use testkit::receiver::Receiver;

use crate::support::entries::arrived;
use crate::support::kinesis::{ARN, record};
use crate::support::pushing_to;

const AT: i64 = 1_795_500_428_123;
const AT_NS: i128 = 1_795_500_428_123_000_000;

/// Returns a delivery of a log group that collects the log groups of several accounts.
fn central(events: &[Value]) -> Value {
    json!({
        "messageType": "DATA_MESSAGE", "owner": "444455556666", "logGroup": "/central/app",
        "logStream": "2026/11/24/[$LATEST]abc", "subscriptionFilters": ["x"], "logEvents": events,
    })
}

fn from(account: &str, region: &str, message: &str) -> Value {
    json!({
        "id": "1", "timestamp": AT, "message": message,
        "extractedFields": {"@aws.account": account, "@aws.region": region, "@source.log": "x:/aws/x"},
    })
}

/// Returns the labels of entries from that account and Region.
fn labels(account: &str, region: &str, kind: &str) -> String {
    format!(
        r#"{{__aws_cloudwatch_account="{account}", __aws_cloudwatch_log_group="/central/app", __aws_cloudwatch_owner="444455556666", __aws_cloudwatch_region="{region}", {kind}}}"#
    )
}

#[tokio::test]
async fn account_and_region_become_labels() {
    let (one, two) = (("111122223333", "eu-west-1"), ("222233334444", "us-east-1"));
    let delivery = central(&[
        from(one.0, one.1, "from one"),
        from(two.0, two.1, "from two"),
        from(one.0, one.1, "from one"),
        json!({"id": "2", "timestamp": AT, "message": "from nobody"}),
    ]);
    let record = record("1", &gzip(delivery.to_string().as_bytes()));
    let kinesis = format!(r#"__aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis""#);
    for (event, kind) in [
        (cloudwatch_payload(&delivery), r#"__aws_log_type="cloudwatch""#),
        (json!({"Records": [record]}).to_string(), kinesis.as_str()),
    ] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver).start().await;
        lambda.invoke(event).await.response();
        let nobody = format!(
            r#"{{__aws_cloudwatch_log_group="/central/app", __aws_cloudwatch_owner="444455556666", {kind}}}"#
        );
        let entry = |labels: String, later: i128, line: &str| (labels, AT_NS + later, line.to_owned());
        let expected = [
            entry(labels(one.0, one.1, kind), 0, "from one"),
            entry(labels(one.0, one.1, kind), 1, "from one"),
            entry(labels(two.0, two.1, kind), 0, "from two"),
            entry(nobody, 0, "from nobody"),
        ];
        assert_eq!(arrived(&receiver), expected);
    }
}

#[tokio::test]
async fn a_redelivery_gives_the_same_streams_however_they_are_pushed() {
    let accounts = ["111122223333", "222233334444", "333344445555"];
    let events: Vec<Value> = (0..300_usize)
        .map(|number| {
            from(
                accounts[number * 5 % 3],
                ["eu-west-1", "us-east-1"][number % 2],
                "same",
            )
        })
        .collect();
    let event = cloudwatch_payload(&central(&events));
    let mut deliveries = Vec::new();
    for (batch_size, concurrency) in [("131072", "4"), ("300", "1"), ("1000", "16")] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver)
            .env("BATCH_SIZE", batch_size)
            .env("PUSH_CONCURRENCY", concurrency)
            .start()
            .await;
        for _ in 0..2 {
            lambda.invoke(event.clone()).await.response();
        }
        assert_eq!((receiver.accepted_count(), receiver.distinct_count()), (600, 300));
        let mut entries = arrived(&receiver);
        entries.dedup();
        deliveries.push(entries);
    }
    assert_eq!(deliveries[0], deliveries[1]);
    assert_eq!(deliveries[0], deliveries[2]);
}

#[tokio::test]
async fn rules_see_the_account_and_can_drop_it() {
    let receiver = Receiver::start().await;
    let rules = r#"[{"source_labels":["__aws_cloudwatch_account"],"regex":"222233334444","action":"drop"}]"#;
    let mut lambda = pushing_to(&receiver).env("RELABEL_CONFIGS", rules).start().await;
    let events = [
        from("111122223333", "eu-west-1", "a"),
        from("222233334444", "eu-west-1", "b"),
        from("222233334444", "eu-west-1", "c"),
    ];
    let summary = lambda
        .invoke(cloudwatch_payload(&central(&events)))
        .await
        .response()
        .clone();
    assert_eq!(
        (&summary["entries"], &summary["dropped"]["relabelled"]),
        (&json!(1), &json!(2))
    );
}

/// JavaScript writes whole numbers and floats in the same way, and other tools add a fraction to whole numbers.
#[tokio::test]
async fn a_float_that_is_a_whole_number_is_a_time() {
    for timestamp in ["1795500428123.0", "1.795500428123e12", r#""1795500428123""#] {
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver).start().await;
        let json = format!(
            r#"{{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{{"id":"1","timestamp":{AT},"message":"a"}},{{"id":"2","timestamp":{timestamp},"message":"b"}}]}}"#
        );
        let event = testkit::events::cloudwatch_data(&gzip(json.as_bytes()));
        assert_eq!(lambda.invoke(event).await.response()["entries"], 2, "{timestamp}");
        let times: Vec<i128> = receiver
            .accepted()
            .iter()
            .map(|entry| entry.timestamp_ns)
            .collect();
        assert_eq!(times, [AT_NS, AT_NS], "{timestamp}");
    }
}

/// The others are delivered, and the item fails, both directly and through Kinesis.
#[tokio::test]
async fn a_log_event_that_cannot_be_read_fails_by_name_and_alone() {
    for (event, error) in [
        (
            r#"{"id":"bad","timestamp":1795500428123.5,"message":"x"}"#,
            r#"log event "bad" of log group "g": its timestamp has a fraction"#,
        ),
        (
            r#"{"id":"bad","timestamp":"hunter2","message":"x"}"#,
            r#"log event "bad" of log group "g": its timestamp is a string that is not a number"#,
        ),
        (
            r#"{"id":"bad","timestamp":null,"message":"x"}"#,
            r#"log event "bad" of log group "g" has no timestamp"#,
        ),
        (
            r#"{"id":"bad","message":"x"}"#,
            r#"log event "bad" of log group "g" has no timestamp"#,
        ),
        (
            r#"{"id":"bad","timestamp":1e300,"message":"x"}"#,
            r#"log event "bad" of log group "g": its timestamp lies outside the years 1 to 9999"#,
        ),
        (
            r#"{"id":"bad","timestamp":1795500428123,"message":{"password":"hunter2"}}"#,
            r#"log event "bad" of log group "g": its message is an object; expected a string"#,
        ),
        (
            "false",
            r#"log event number 2 of log group "g": it is a boolean; expected an object"#,
        ),
    ] {
        let (first, last) = (
            format!(r#"{{"id":"a","timestamp":{AT},"message":"first"}}"#),
            format!(r#"{{"id":"b","timestamp":{AT},"message":"last"}}"#),
        );
        let json = format!(
            r#"{{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logEvents":[{first},{event},{last}]}}"#
        );
        let gzipped = gzip(json.as_bytes());
        let subscription = testkit::events::cloudwatch_data(&gzipped);
        let records = json!({"Records": [record("1", &gzipped), record("2", b"a line")]}).to_string();
        for (event, delivered) in [(subscription, 2), (records, 3)] {
            let receiver = Receiver::start().await;
            let mut lambda = pushing_to(&receiver).start().await;
            let invocation = lambda.invoke(event.clone()).await;
            let message = &invocation.error().error_message;
            assert!(message.contains(error), "{message}");
            let log = invocation.logs.join("\n");
            assert!(
                log.contains(error) || log.contains(&error.replace('"', "\\\"")),
                "{log}"
            );
            assert!(!message.contains("hunter2") && !log.contains("hunter2"), "{log}");
            assert_eq!(receiver.accepted_count(), delivered);
        }
        let receiver = Receiver::start().await;
        let mut lambda = pushing_to(&receiver)
            .env("REPORT_BATCH_ITEM_FAILURES", "true")
            .start()
            .await;
        let records = json!({"Records": [record("1", &gzipped), record("2", b"a line")]}).to_string();
        let invocation = lambda.invoke(records).await;
        assert_eq!(
            invocation.response(),
            &json!({"batchItemFailures": [{"itemIdentifier": "1"}]})
        );
    }
}
