//! Events of Kafka: of Amazon MSK, of self-managed clusters, and from pipes.

use aws_events::{Content, Event, KafkaRecord, MAX_ITEMS, Source, parse};
use serde_json::{Value, json};

const ARN: &str = "arn:aws:kafka:eu-west-1:111122223333:cluster/orders/1";

fn event(records: &Value) -> Value {
    json!({"eventSource": "aws:kafka", "eventSourceArn": ARN, "bootstrapServers": "b", "records": records})
}

fn read(event: &Value) -> Event {
    parse(event.to_string().as_bytes()).expect("an event that can be read")
}

fn error(event: &Value) -> String {
    parse(event.to_string().as_bytes())
        .expect_err("no event")
        .to_string()
}

fn record(event: &Event, index: usize) -> &KafkaRecord {
    match &event.items[index].content {
        Ok(Content::Kafka(record)) => record,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_record_of_each_partition_is_an_item() {
    let event = read(&event(&json!({
        "t-0": [
            {"topic": "t", "partition": 0, "offset": 1, "timestamp": 1_795_500_428_123_i64, "timestampType": "CREATE_TIME", "value": "aGVsbG8="},
            {"topic": "t", "partition": 0, "offset": 2, "timestamp": 7, "value": null},
        ],
        "with-dash-12": [{"offset": "3", "partition": "12", "timestamp": -1, "value": "", "key": null, "headers": 7}],
    })));
    assert_eq!(event.source, Source::Kafka);
    let names: Vec<&str> = event.items.iter().map(|item| &*item.name).collect();
    assert_eq!(
        names,
        [
            "Kafka record t/0/1",
            "Kafka record t/0/2",
            "Kafka record with-dash/12/3"
        ]
    );
    assert!(event.items.iter().all(|item| item.batch_item.is_none()));
    let expected = KafkaRecord {
        topic: "t".to_owned(),
        partition: Some(0),
        offset: Some(1),
        event_source_arn: Some(ARN.into()),
        timestamp: Some(1_795_500_428_123),
        value: Some(b"hello".to_vec()),
    };
    assert_eq!(record(&event, 0), &expected);
    assert_eq!(record(&event, 1).value, None);
    assert_eq!(
        (record(&event, 2).timestamp, &record(&event, 2).value),
        (None, &Some(Vec::new()))
    );
}

#[test]
fn a_cluster_of_ones_own_and_a_pipe_are_kafka_too() {
    let own =
        read(&json!({"eventSource": "SelfManagedKafka", "records": {"t-0": [{"offset": 1, "value": ""}]}}));
    assert_eq!(
        (own.source, record(&own, 0).event_source_arn.as_deref()),
        (Source::Kafka, None)
    );
    let pipe = read(&json!([
        {"eventSource": "aws:kafka", "eventSourceArn": ARN, "eventSourceKey": "t-0", "topic": "t", "partition": "0", "offset": 15, "timestamp": 7, "value": "aGk="},
    ]));
    assert_eq!(
        (pipe.source, &*pipe.items[0].name),
        (Source::Kafka, "Kafka record t/0/15")
    );
    assert_eq!(record(&pipe, 0).event_source_arn.as_deref(), Some(ARN));
}

#[test]
fn in_a_message_the_message_is_what_fails() {
    let body =
        event(&json!({"t-0": [{"topic": "t", "partition": 0, "offset": 1, "value": "%"}]})).to_string();
    let event = read(&json!({"Records": [{"eventSource": "aws:sqs", "messageId": "q", "body": body}]}));
    assert_eq!(
        (&*event.items[0].name, event.items[0].batch_item.as_deref()),
        ("Kafka record t/0/1", Some("q"))
    );
    assert!(event.items[0].content.is_err());
}

#[test]
fn unreadable_records_fail_by_name() {
    for (records, expected) in [
        (json!([]), "records is missing, or not an object"),
        (json!(null), "records is missing, or not an object"),
        (json!({}), "list of records is empty"),
        (json!({"t-0": []}), "list of records is empty"),
    ] {
        let text = error(&event(&records));
        assert!(text.contains(expected), "{records}: {text}");
    }
    let event = read(&event(&json!({
        "a-0": 7,
        "b-0": [7, {"topic": "b", "partition": 0, "offset": 1, "value": 7}, {"topic": "b"}],
        "nodash": [{"offset": 1, "value": ""}],
        "-0": [{"topic": "", "offset": 1, "value": ""}],
    })));
    let told: Vec<(&str, String)> = event
        .items
        .iter()
        .map(|item| (&*item.name, item.content.as_ref().unwrap_err().to_string()))
        .collect();
    let expected = [
        (
            "Kafka partition 2",
            "the records of a topic's partition are not a list",
        ),
        ("Kafka record 1", "the record is not a JSON object"),
        ("Kafka record b/0/1", "value is missing, or not a string"),
        ("Kafka record 3", "value is missing, or not a string"),
        ("Kafka record 1", "topic is missing, or not a string"),
        ("Kafka record 1", "topic is missing, or not a string"),
    ];
    let mut expected = expected.map(|(name, text)| (name, text.to_owned())).to_vec();
    let mut told = told;
    told.sort();
    expected.sort();
    assert_eq!(told, expected);
}

/// A sender chooses the names of partitions: copied into each record, a long one would fill the memory.
#[test]
fn events_are_bounded() {
    let many = vec![json!({}); MAX_ITEMS / 2 + 1];
    let text = error(&event(&json!({"a-0": many, "b-0": many})));
    assert!(text.contains("more than 100000 records"), "{text}");
    let long = format!("{}-0", "t".repeat(1_000_000));
    let read = read(&event(&json!({long: [{"offset": 1, "value": ""}]})));
    assert!(read.items[0].content.is_err());
}
