//! Every kind of event, as AWS sends it.

use std::time::Duration;

use aws_events::{Content, Event, EventBridgeEvent, KinesisRecord, S3Object, Source, parse};

const ALB: &str = "AWSLogs/111122223333/elasticloadbalancing/eu-central-1/2026/07/01/111122223333_elasticloadbalancing_eu-central-1_app.web.0123456789abcdef_20260701T1005Z_192.0.2.10_3kx9.log.gz";

fn contents(event: Event) -> Vec<Content> {
    event
        .items
        .into_iter()
        .map(|item| item.content.expect("an item that can be read"))
        .collect()
}

fn object(key: &str, region: &str, event_name: &str) -> Content {
    Content::S3Object(S3Object {
        bucket: "example-logs".to_owned(),
        key: key.to_owned(),
        region: Some(region.to_owned()),
        version: None,
        size: Some(3471),
        event_name: Some(event_name.to_owned()),
    })
}

#[test]
fn a_subscription_filter_delivers_bytes() {
    let event = parse(include_bytes!("../events/cloudwatch-logs.json")).unwrap();
    assert_eq!(event.source, Source::CloudWatchLogs);
    assert_eq!(event.items[0].name, "CloudWatch Logs subscription data");
    assert_eq!(event.items[0].batch_item, None);
    let [Content::CloudWatchLogs { data }] = &contents(event)[..] else {
        panic!("not one payload")
    };
    assert!(data.starts_with(b"\x1f\x8b"));
}

#[test]
fn a_notification_names_objects_by_encoded_keys() {
    let event = parse(include_bytes!("../events/s3-several.json")).unwrap();
    assert_eq!(event.source, Source::S3);
    let names: Vec<&str> = event.items.iter().map(|item| &*item.name).collect();
    let first = "aws-account-id=111122223333/a b+c d/\u{e4}.log.gz";
    assert_eq!(
        names,
        [
            format!("s3://example-logs/{first}"),
            format!("s3://example-logs/{ALB}")
        ]
    );
    // A removal is an object to read too, as in upstream.
    let expected = [
        object(first, "eu-central-1", "ObjectCreated:Put"),
        object(ALB, "us-east-1", "ObjectRemoved:Delete"),
    ];
    assert_eq!(contents(event), expected);
}

#[test]
fn of_a_notification_only_the_bucket_and_the_key_are_demanded() {
    for more in [
        "",
        r#", "awsRegion": "", "eventName": null"#,
        r#", "awsRegion": 7, "eventName": {"x": []}, "new": [{"\ud800": "\ud800"}]"#,
    ] {
        let json = format!(
            r#"{{"new": 1, "Records": [{{"eventSource": "aws:s3", "s3": {{"new": {{}}, "bucket": {{"name": "b"}}, "object": {{"key": "k", "size": "?"}}}}{more}}}]}}"#
        );
        let expected = S3Object {
            bucket: "b".to_owned(),
            key: "k".to_owned(),
            region: None,
            version: None,
            size: None,
            event_name: None,
        };
        assert_eq!(
            contents(parse(json.as_bytes()).unwrap()),
            [Content::S3Object(expected)],
            "{json}"
        );
    }
}

#[test]
fn one_object_twice_is_two_items() {
    let record = r#"{"eventSource": "aws:s3", "s3": {"bucket": {"name": "b"}, "object": {"key": "k"}}}"#;
    let event = parse(format!(r#"{{"Records": [{record}, {record}]}}"#).as_bytes()).unwrap();
    let names: Vec<&str> = event.items.iter().map(|item| &*item.name).collect();
    assert_eq!(names, ["s3://b/k", "s3://b/k"]);
}

#[test]
fn eventbridge_names_objects_by_keys_as_they_are() {
    let event = parse(include_bytes!("../events/eventbridge-s3.json")).unwrap();
    assert_eq!(event.source, Source::EventBridge);
    let key = "year=2026/a+b%2Bc \u{e4}.log.gz";
    assert_eq!(event.items[0].name, format!("s3://example-logs/{key}"));
    assert_eq!(contents(event), [object(key, "eu-central-1", "Object Created")]);
}

#[test]
fn other_events_of_eventbridge_are_lines_as_they_came() {
    let json = include_str!("../events/eventbridge.json");
    let event = parse(json.as_bytes()).unwrap();
    assert_eq!(event.source, Source::EventBridge);
    assert_eq!(
        event.items[0].name,
        "EventBridge event 7bf73129-1428-4cd3-a780-95db273d1602"
    );
    let expected = EventBridgeEvent {
        json: json.trim_end().to_owned(),
        source: "aws.ec2".to_owned(),
        detail_type: "EC2 Instance State-change Notification".to_owned(),
        time: Some("2026-07-01T10:05:03Z".to_owned()),
    };
    assert_eq!(contents(event), [Content::EventBridge(expected)]);
}

#[test]
fn an_event_of_eventbridge_is_told_by_three_fields() {
    for (json, source) in [
        (
            r#" {"source":"my.app","detail-type":"Order","detail":{"Records":[],"z":1e400,"s":"\ud800"}} "#,
            "my.app",
        ),
        (r#"{"source":"","detail-type":"","detail":null,"time":7}"#, ""),
        // An event of S3 that does not announce an object.
        (
            r#"{"source":"aws.s3","detail-type":"Object Deleted","detail":{}}"#,
            "aws.s3",
        ),
        (
            r#"{"source":"my.app","detail-type":"Object Created","detail":{}}"#,
            "my.app",
        ),
    ] {
        let event = parse(json.as_bytes()).unwrap();
        assert_eq!(event.items[0].name, "EventBridge event");
        let [Content::EventBridge(event)] = &contents(event)[..] else {
            panic!("{json}")
        };
        assert_eq!((&*event.json, &*event.source), (json.trim(), source));
        assert_eq!(event.time, None);
    }
}

#[test]
fn a_test_event_of_s3_is_acknowledged() {
    let event = parse(include_bytes!("../events/s3-test.json")).unwrap();
    assert_eq!(event.source, Source::S3);
    assert_eq!(event.items[0].name, "S3 test event");
    assert_eq!(contents(event), [Content::S3TestEvent]);
}

#[test]
fn records_of_kinesis_keep_their_bytes_and_their_sequence_numbers() {
    let event = parse(include_bytes!("../events/kinesis.json")).unwrap();
    assert_eq!(event.source, Source::Kinesis);
    let numbers = [
        "49590338271490256608559692538361571095921575989136588898",
        "49590338271490256608559692540925702759324208523137515618",
    ];
    for (item, number) in event.items.iter().zip(numbers) {
        assert_eq!(item.name, format!("Kinesis record {number}"));
        assert_eq!(item.batch_item.as_deref(), Some(number));
    }
    let record = |number: &str, millis, data: &[u8]| {
        Content::Kinesis(KinesisRecord {
            sequence_number: Some(number.to_owned()),
            stream_arn: Some("arn:aws:kinesis:eu-central-1:111122223333:stream/logs".to_owned()),
            arrival: Some(Duration::from_millis(millis)),
            data: data.to_vec(),
        })
    };
    let expected = [
        record(numbers[0], 1_782_900_304_101, b"one line\n"),
        record(numbers[1], 1_782_900_304_900, b"\xff\x00\x1f\x8b"),
    ];
    assert_eq!(contents(event), expected);
}

#[test]
fn of_a_record_of_kinesis_only_the_data_is_demanded() {
    for (more, arrival) in [
        ("", None),
        (r#", "approximateArrivalTimestamp": null"#, None),
        (r#", "approximateArrivalTimestamp": "soon""#, None),
        (r#", "approximateArrivalTimestamp": -1"#, None),
        (r#", "approximateArrivalTimestamp": 1e300"#, None),
        (r#", "approximateArrivalTimestamp": 1e999"#, None),
        (r#", "approximateArrivalTimestamp": 0"#, Some(0)),
        (
            r#", "approximateArrivalTimestamp": 1.782900304987E9, "encryptionType": "KMS""#,
            Some(1_782_900_304_987),
        ),
    ] {
        let json = format!(
            r#"{{"window": {{}}, "Records": [{{"eventSource": "aws:kinesis", "kinesis": {{"data": ""{more}}}}}]}}"#
        );
        let event = parse(json.as_bytes()).unwrap();
        assert_eq!(event.items[0].name, "Kinesis record number 1");
        assert_eq!(event.items[0].batch_item, None);
        let expected = KinesisRecord {
            sequence_number: None,
            stream_arn: None,
            arrival: arrival.map(Duration::from_millis),
            data: Vec::new(),
        };
        assert_eq!(contents(event), [Content::Kinesis(expected)], "{json}");
    }
}

#[test]
fn sources_have_names_and_know_whether_a_part_of_a_batch_can_fail() {
    for (source, name, partial) in [
        (Source::CloudWatchLogs, "cloudwatch_logs", false),
        (Source::S3, "s3", false),
        (Source::Sns, "sns", false),
        (Source::Sqs, "sqs", true),
        (Source::EventBridge, "eventbridge", false),
        (Source::Kinesis, "kinesis", true),
        (Source::Kafka, "kafka", false),
        (Source::KinesisPipe, "kinesis", true),
        (Source::EventBridgePipe, "eventbridge_pipe", false),
        (Source::LambdaDestination, "lambda_destination", false),
        (Source::S3Batch, "s3_batch", false),
    ] {
        assert_eq!(
            (source.name(), source.takes_batch_item_failures()),
            (name, partial)
        );
    }
}
