//! Envelopes of events other than messages: Lambda's records of invocations, bare lists of EventBridge Pipes,
//! notices of CloudTrail and AWS Config, and invocations by S3 Batch Operations.

use std::time::Duration;

use aws_events::{Content, Event, KinesisRecord, S3BatchInvocation, S3Object, Source, parse};
use serde_json::{Value, json};

fn read(event: &Value) -> Event {
    parse(event.to_string().as_bytes()).expect("an event that can be read")
}

fn error(event: &Value) -> String {
    parse(event.to_string().as_bytes())
        .expect_err("an event that cannot be read")
        .to_string()
}

/// Returns the name or the error, and the batch item, of each item.
fn told(event: &Event) -> Vec<(String, Option<&str>)> {
    let told = event.items.iter().map(|item| {
        let name = match &item.content {
            Ok(_) => item.name.clone(),
            Err(error) => format!("{}: {error}", item.name),
        };
        (name, item.batch_item.as_deref())
    });
    told.collect()
}

fn s3() -> Value {
    json!({"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "b"}, "object": {"key": "k+1"}}}]})
}

fn sqs(id: &str, body: impl ToString) -> Value {
    json!({"eventSource": "aws:sqs", "messageId": id, "body": body.to_string()})
}

fn notification(message: impl ToString) -> Value {
    json!({"Type": "Notification", "MessageId": "w", "Message": message.to_string()})
}

fn sns(message: impl ToString) -> Value {
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": "n", "Message": message.to_string()}}]})
}

fn destination(payload: &Value) -> Value {
    json!({
        "version": "1.0", "timestamp": "2026-11-24T06:07:08.123Z",
        "requestContext": {"requestId": "r", "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": payload,
        "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
        "responsePayload": {"errorMessage": "x", "requestPayload": {}},
    })
}

fn object(bucket: &str, key: &str) -> S3Object {
    S3Object {
        bucket: bucket.to_owned(),
        key: key.to_owned(),
        region: None,
        version: None,
        size: None,
        event_name: None,
    }
}

fn objects(event: Event) -> Vec<S3Object> {
    let contents = event.items.into_iter().map(|item| item.content);
    contents
        .map(|content| match content {
            Ok(Content::S3Object(object)) => object,
            other => panic!("not an object: {other:?}"),
        })
        .collect()
}

const OBJECT: &str = "s3://b/k 1";

#[test]
fn samples_are_read() {
    const MARKER: &str = "s3://log-bucket/AWSLogs/111122223333/Config/ConfigWritabilityCheckFile";
    const TEXT: &str = "s3://log-bucket/AWSLogs/111122223333/x/y.txt";
    const TRAIL: &str = "s3://log-bucket/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11/24/x.json.gz";
    for (json, source, name, batch_item) in [
        (
            include_str!("../events/destination.json"),
            Source::LambdaDestination,
            MARKER,
            None,
        ),
        (
            include_str!("../events/sqs-destination.json"),
            Source::Sqs,
            MARKER,
            Some("m-1"),
        ),
        (
            include_str!("../events/pipe-sqs.json"),
            Source::Sqs,
            MARKER,
            Some("m-1"),
        ),
        (
            include_str!("../events/pipe-kinesis.json"),
            Source::KinesisPipe,
            "Kinesis record 1",
            Some("x"),
        ),
        (
            include_str!("../events/sns-cloudtrail.json"),
            Source::Sns,
            TRAIL,
            None,
        ),
        (
            include_str!("../events/s3-batch.json"),
            Source::S3Batch,
            "s3://log-bucket/AWSLogs/x",
            Some("t"),
        ),
        (
            include_str!("../events/s3-object-tagging.json"),
            Source::S3,
            TEXT,
            None,
        ),
        (
            include_str!("../events/s3-lifecycle-transition.json"),
            Source::S3,
            TEXT,
            None,
        ),
    ] {
        let event = parse(json.as_bytes()).unwrap();
        assert_eq!(event.source, source, "{name}");
        assert_eq!(told(&event), [(name.to_owned(), batch_item)]);
    }
}

#[test]
fn the_event_of_a_failed_invocation_is_in_its_record() {
    let record = destination(&s3());
    let in_queue = json!({"Records": [sqs("q", &record)]});
    for (event, source, batch_item) in [
        (record.clone(), Source::LambdaDestination, None),
        (in_queue, Source::Sqs, Some("q")),
        (sns(&record), Source::Sns, None),
        (
            json!({"Records": [sqs("q", notification(&record))]}),
            Source::Sqs,
            Some("q"),
        ),
        // A redriven event that failed again.
        (destination(&record), Source::LambdaDestination, None),
        // An event that a pipe sent without waiting for a response.
        (
            destination(&json!([sqs("inner", s3())])),
            Source::LambdaDestination,
            Some("inner"),
        ),
    ] {
        let event = read(&event);
        assert_eq!(event.source, source);
        assert_eq!(told(&event), [(OBJECT.to_owned(), batch_item)]);
    }
    assert!(!Source::LambdaDestination.takes_batch_item_failures());
}

/// Only Lambda's records in S3 contain the records of a batch.
#[test]
fn a_failed_batch_is_read_where_it_is_there() {
    let kinesis = json!({"Records": [
        {"eventSource": "aws:kinesis", "kinesis": {"sequenceNumber": "7", "data": "aGk="}},
    ]});
    let mut record = json!({"requestContext": {"requestId": "r"}, "KinesisBatchInfo": {"shardId": "s"}});
    let expected = "the event is Lambda's record of a failed batch (KinesisBatchInfo), which does not hold the batch's records";
    assert!(error(&record).starts_with(expected), "{}", error(&record));
    let event = read(&json!({"Records": [sqs("q", &record), sqs("r", s3())]}));
    assert!(told(&event)[0].0.contains(expected), "{:?}", told(&event));
    assert_eq!(told(&event)[1], (OBJECT.to_owned(), Some("r")));

    for payload in [kinesis.clone(), Value::from(kinesis.to_string())] {
        record["payload"] = payload;
        let event = read(&record);
        assert_eq!(event.source, Source::LambdaDestination);
        assert_eq!(told(&event), [("Kinesis record 7".to_owned(), Some("7"))]);
    }
}

#[test]
fn a_bare_list_of_messages_is_read_as_records_are() {
    let list = json!([
        sqs("m-1", s3()),
        sqs("m-2", "no event"),
        sqs("m-3", notification(s3()))
    ]);
    let event = read(&list);
    assert_eq!(event.source, Source::Sqs);
    let records = read(&json!({ "Records": list }));
    assert_eq!(told(&event), told(&records));
    assert_eq!(told(&event)[2], (OBJECT.to_owned(), Some("m-3")));
}

/// A pipe sends a record's fields at its top level, and failures are reported to it by `eventID`.
#[test]
fn a_bare_list_of_kinesis_records_has_its_own_layout() {
    let record = |number: &str, more: Value| {
        let mut record = json!({
            "kinesisSchemaVersion": "1.0", "partitionKey": "p", "sequenceNumber": number, "data": "aGVsbG8=",
            "approximateArrivalTimestamp": 1_795_500_428.123, "eventSource": "aws:kinesis",
            "eventID": format!("shardId-000000000000:{number}"), "eventName": "aws:kinesis:record",
            "eventSourceARN": "arn:aws:kinesis:eu-west-1:111122223333:stream/s",
        });
        record
            .as_object_mut()
            .unwrap()
            .append(&mut more.as_object().unwrap().clone());
        record
    };
    let event = read(&json!([
        record("1", json!({})),
        record("2", json!({"data": "%"})),
        record("3", json!({"eventID": null})),
    ]));
    assert_eq!(event.source, Source::KinesisPipe);
    assert_eq!(event.source.name(), "kinesis");
    let told = told(&event);
    assert_eq!(
        told[0],
        ("Kinesis record 1".to_owned(), Some("shardId-000000000000:1"))
    );
    assert!(
        told[1].0.starts_with("Kinesis record 2: data is not base64"),
        "{told:?}"
    );
    assert_eq!(told[2], ("Kinesis record 3".to_owned(), None));
    let expected = KinesisRecord {
        sequence_number: Some("1".to_owned()),
        stream_arn: Some("arn:aws:kinesis:eu-west-1:111122223333:stream/s".to_owned()),
        arrival: Some(Duration::from_millis(1_795_500_428_123)),
        data: b"hello".to_vec(),
    };
    assert_eq!(
        event.items[0].content.as_ref().unwrap(),
        &Content::Kinesis(expected)
    );
}

/// A pipe with the input template `<$.body>` sends the contents of messages.
#[test]
fn a_bare_list_of_events_is_read() {
    let ec2 = json!({"source": "aws.ec2", "detail-type": "d", "detail": {}, "id": "e"});
    let event = read(&json!([s3(), ec2, {"a": 1}]));
    assert_eq!(event.source, Source::EventBridgePipe);
    let told = told(&event);
    assert_eq!(
        told[..2],
        [
            (OBJECT.to_owned(), None),
            ("EventBridge event e".to_owned(), None)
        ]
    );
    assert!(
        told[2]
            .0
            .starts_with("event number 3: what the message holds cannot be read: unknown kind"),
        "{told:?}"
    );
    assert_eq!(read(&s3()["Records"]).source, Source::S3);
}

#[test]
fn cloudtrail_names_objects_by_keys_as_they_are() {
    let notice =
        json!({"s3Bucket": "trail", "s3ObjectKey": ["AWSLogs/1/a+b%2B.json.gz", "AWSLogs/1/c.json.gz"]});
    let expected = [
        object("trail", "AWSLogs/1/a+b%2B.json.gz"),
        object("trail", "AWSLogs/1/c.json.gz"),
    ];
    for (event, source, batch_item) in [
        (sns(&notice), Source::Sns, None),
        (
            json!({"Records": [sqs("q", notification(&notice))]}),
            Source::Sqs,
            Some("q"),
        ),
        // A message with raw delivery.
        (json!({"Records": [sqs("q", &notice)]}), Source::Sqs, Some("q")),
        (destination(&sns(&notice)), Source::LambdaDestination, None),
    ] {
        let event = read(&event);
        assert_eq!(event.source, source);
        assert!(
            event
                .items
                .iter()
                .all(|item| item.batch_item.as_deref() == batch_item)
        );
        assert_eq!(objects(event), expected);
    }
}

#[test]
fn one_bad_key_of_a_notice_fails_alone() {
    let event = read(&sns(json!({"s3Bucket": "trail", "s3ObjectKey": ["good", 7, ""]})));
    let told: Vec<String> = told(&event).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        told,
        [
            "s3://trail/good",
            "an object in trail: s3ObjectKey is missing, or not a string",
            "an object in trail: s3ObjectKey is empty",
        ]
    );
}

#[test]
fn cloudtrails_test_of_a_topic_is_known() {
    const MESSAGE: &str = "CloudTrail validation message.";
    for event in [
        sns(MESSAGE),
        json!({"Records": [sqs("q", notification(MESSAGE))]}),
        json!({"Records": [sqs("q", MESSAGE)]}),
    ] {
        let event = read(&event);
        assert_eq!(event.items[0].name, "CloudTrail validation message");
        assert_eq!(
            event.items[0].content.as_ref().unwrap(),
            &Content::CloudTrailValidation
        );
    }
    // The message alone is not an event.
    parse(MESSAGE.as_bytes()).unwrap_err();
}

#[test]
fn aws_config_names_an_object() {
    let oversized = "AWSLogs/1/Config/eu-west-1/2026/11/4/OversizedChangeNotification/AWS::EC2::SecurityGroup/sg-1/x.json.gz";
    let summary = |location: Value| {
        json!({"messageType": "OversizedConfigurationItemChangeNotification",
        "s3DeliverySummary": {"s3BucketLocation": location, "errorCode": null}})
    };
    for (notice, key) in [
        (
            json!({"messageType": "ConfigurationHistoryDeliveryCompleted", "s3Bucket": "config", "s3ObjectKey": "AWSLogs/1/h+1.json.gz"}),
            "AWSLogs/1/h+1.json.gz",
        ),
        (
            json!({"messageType": "ConfigurationSnapshotDeliveryCompleted", "configSnapshotId": "i", "s3Bucket": "config", "s3ObjectKey": "AWSLogs/1/s.json.gz"}),
            "AWSLogs/1/s.json.gz",
        ),
        (summary(Value::from(format!("config/{oversized}"))), oversized),
    ] {
        assert_eq!(objects(read(&sns(notice))), [object("config", key)]);
    }
    let event = read(&sns(summary(Value::Null)));
    assert!(
        told(&event)[0].0.contains("unknown kind of event"),
        "{:?}",
        told(&event)
    );
}

#[test]
fn s3_batch_operations_names_an_object_by_task() {
    let invocation = |version: &str, task: Value| {
        json!({
            "invocationSchemaVersion": version, "invocationId": "i", "job": {"id": "j", "userArguments": {}}, "tasks": [task],
        })
    };
    let arn = json!({"taskId": "t", "s3Key": "a+b%2B%C3%A9", "s3VersionId": "3/L4", "s3BucketArn": "arn:aws:s3:::logs"});
    let name = json!({"taskId": "t", "s3Key": "a+b%2B%C3%A9", "s3VersionId": null, "s3Bucket": "logs"});
    for (version, task, object_version) in [("1.0", arn, Some("3/L4")), ("2.0", name, None)] {
        let event = read(&invocation(version, task));
        assert_eq!(event.source, Source::S3Batch);
        let expected = S3BatchInvocation {
            schema_version: version.to_owned(),
            id: "i".to_owned(),
        };
        assert_eq!(event.s3_batch, Some(expected));
        assert_eq!(told(&event), [("s3://logs/a b+é".to_owned(), Some("t"))]);
        let expected = S3Object {
            version: object_version.map(str::to_owned),
            ..object("logs", "a b+é")
        };
        assert_eq!(objects(event), [expected]);
    }
    for (task, expected) in [
        (
            json!({"taskId": "t", "s3Bucket": "logs"}),
            "S3 Batch Operations task 1: s3Key is missing",
        ),
        (
            json!({"taskId": "t", "s3Key": "k"}),
            "S3 Batch Operations task 1: s3BucketArn is missing",
        ),
        (
            json!({"taskId": "t", "s3Key": "%FF", "s3Bucket": "b"}),
            "S3 Batch Operations task 1: s3Key is not UTF-8",
        ),
    ] {
        let event = read(&invocation("2.0", task));
        let told = told(&event);
        assert!(
            told[0].0.starts_with(expected) && told[0].1 == Some("t"),
            "{told:?}"
        );
    }
    let event = read(&invocation("2.0", Value::from(7)));
    assert_eq!(told(&event)[0].1, None);
}
