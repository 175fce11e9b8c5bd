//! Properties that hold for any bytes and any JSON.

use aws_events::{Content, parse};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// The text that no error may contain.
const SECRET: &str = "hunter2";

const NAMES: [&str; 47] = [
    "Records",
    "awslogs",
    "data",
    "eventSource",
    "EventSource",
    "s3",
    "bucket",
    "name",
    "object",
    "key",
    "Sns",
    "Message",
    "MessageId",
    "Type",
    "body",
    "messageId",
    "kinesis",
    "sequenceNumber",
    "approximateArrivalTimestamp",
    "source",
    "detail-type",
    "detail",
    "Event",
    "awsRegion",
    "time",
    "new",
    "requestContext",
    "requestPayload",
    "KinesisBatchInfo",
    "payload",
    "s3Bucket",
    "s3ObjectKey",
    "invocationSchemaVersion",
    "invocationId",
    "tasks",
    "taskId",
    "s3Key",
    "s3BucketArn",
    "records",
    "topic",
    "partition",
    "offset",
    "timestamp",
    "value",
    "attributes",
    "SentTimestamp",
    "Timestamp",
];

const TEXTS: [&str; 17] = [
    SECRET,
    "",
    "aws:s3",
    "aws:sns",
    "aws:sqs",
    "aws:kinesis",
    "aws.s3",
    "Object Created",
    "Notification",
    "s3:TestEvent",
    "aGk=",
    "%ff+",
    "{}",
    "CloudTrail validation message.",
    "aws:kafka",
    "SelfManagedKafka",
    "1772600767125",
];

/// Generates JSON of the names and values by which events are recognised, also inside strings.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        5 => proptest::sample::select(&TEXTS[..]).prop_map(Value::from),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(6, 60, 8, |inner| {
        prop_oneof![
            5 => proptest::collection::vec((proptest::sample::select(&NAMES[..]), inner.clone()), 0..8).prop_map(|members| {
                let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
                Value::Object(members.collect::<Map<_, _>>())
            }),
            2 => proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            2 => inner.prop_map(|value| Value::from(value.to_string())),
        ]
    })
}

/// Generates a list of records, most of whose fields are valid.
fn records() -> impl Strategy<Value = Value> {
    let source = proptest::sample::select(&["aws:s3", "aws:sns", "aws:sqs", "aws:kinesis", "aws:ses"][..]);
    let record = (source, json(), json(), json()).prop_map(|(source, a, b, c)| {
        serde_json::json!({
            "eventSource": source, "messageId": "id", "body": a.to_string(), "Sns": {"Message": b.to_string()},
            "s3": {"bucket": {"name": "b"}, "object": c}, "kinesis": c,
        })
    });
    proptest::collection::vec(record, 0..4).prop_map(|records| serde_json::json!({ "Records": records }))
}

/// Generates an event, and the same event in one more envelope.
fn enveloped() -> impl Strategy<Value = (Value, Value)> {
    let inner = prop_oneof![records(), json()];
    (inner, 0..4_usize).prop_map(|(inner, envelope)| {
        let text = inner.to_string();
        let outer = match envelope {
            0 => serde_json::json!({"requestContext": {}, "requestPayload": inner}),
            1 => serde_json::json!({"requestContext": {}, "KinesisBatchInfo": {}, "payload": text}),
            2 => serde_json::json!({"Type": "Notification", "Message": text}),
            _ => serde_json::json!({"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": text}]}),
        };
        (inner, outer)
    })
}

fn check(json: &[u8]) {
    match parse(json) {
        Err(error) => assert!(!error.to_string().contains(SECRET), "{error}"),
        Ok(event) => {
            assert!(!event.items.is_empty());
            for item in &event.items {
                assert!(!item.name.is_empty());
                assert_ne!(item.batch_item.as_deref(), Some(""));
                match &item.content {
                    Err(error) => assert!(!error.to_string().contains(SECRET), "{error}"),
                    Ok(Content::S3Object(object)) => {
                        assert!(!object.bucket.is_empty() && !object.key.is_empty());
                    }
                    Ok(_) => {}
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in any::<String>()) {
        check(&bytes);
        check(format!("{{\"awslogs\":{{\"data\":\"{text}\"}}}}").as_bytes());
    }

    #[test]
    fn no_json_panics_or_has_its_contents_shown(json in json(), records in records()) {
        check(json.to_string().as_bytes());
        check(records.to_string().as_bytes());
    }

    /// The exception is an event that one more envelope nests too deeply.
    #[test]
    fn an_envelope_changes_nothing_of_what_is_inside((inner, outer) in enveloped()) {
        let contents = |event: &Value| {
            let items = parse(event.to_string().as_bytes()).map(|event| event.items).unwrap_or_default();
            items.into_iter().map(|item| item.content.ok()).collect::<Vec<_>>()
        };
        let (alone, enveloped) = (contents(&inner), contents(&outer));
        if enveloped.iter().all(Option::is_some) {
            prop_assert_eq!(alone, enveloped);
        } else {
            prop_assert!(alone.is_empty() || enveloped.len() == alone.len());
        }
    }

    #[test]
    fn a_bare_list_is_read_as_records_are(records in records()) {
        let list = &records["Records"];
        let (bare, wrapped) = (parse(list.to_string().as_bytes()), parse(records.to_string().as_bytes()));
        match (bare, wrapped) {
            (Ok(bare), Ok(wrapped)) => {
                let ok = |event: &aws_events::Event| event.items.iter().map(|item| item.content.is_ok()).collect::<Vec<_>>();
                prop_assert_eq!(ok(&bare), ok(&wrapped));
            }
            (bare, wrapped) => prop_assert!(bare.is_err() && wrapped.is_err()),
        }
    }

    #[test]
    fn cut_or_changed_samples_do_not_panic(cut in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let sample = include_bytes!("../events/sqs-several.json");
        let mut changed = sample.to_vec();
        changed[at.index(sample.len())] = byte;
        let _ = parse(&changed);
        let _ = parse(&sample[..cut.index(sample.len())]);
    }

    #[test]
    fn a_key_is_read_as_it_was_encoded(key in ".+") {
        let encoded: String = key.bytes().map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'a'..=b'z' | b'/' => (byte as char).to_string(),
            _ => format!("%{byte:02X}"),
        }).collect();
        let event = serde_json::json!({"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "b"}, "object": {"key": encoded}}}]});
        let event = parse(event.to_string().as_bytes()).unwrap();
        let expected = format!("s3://b/{key}");
        prop_assert_eq!(&event.items[0].name, &expected);
    }

    #[test]
    fn a_line_is_the_event_itself(detail in json()) {
        let json = serde_json::json!({"source": "s", "detail-type": "t", "detail": detail}).to_string();
        let body = serde_json::json!({"Records": [{"eventSource": "aws:sqs", "body": format!("\n{json} ")}]}).to_string();
        for event in [json.as_bytes(), body.as_bytes()] {
            let event = parse(event).unwrap();
            let Ok(Content::EventBridge(line)) = &event.items[0].content else { panic!("{event:?}") };
            prop_assert_eq!(&line.json, &json);
        }
    }

    #[test]
    fn a_cut_notification_is_never_text(cut in any::<prop::sample::Index>()) {
        let notification = r#"{"Records":[{"eventSource":"aws:s3","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]}"#;
        let named = r#"{"Records""#.len();
        let cut = &notification[..named + cut.index(notification.len() - named)];
        let event = serde_json::json!({"Records": [{
            "eventSource": "aws:sqs", "messageId": "m", "body": cut, "attributes": {"SentTimestamp": "7"},
        }]});
        let event = parse(event.to_string().as_bytes()).unwrap();
        prop_assert!(event.items[0].content.is_err());
    }

    #[test]
    fn text_is_shipped_as_it_is(body in any::<String>()) {
        let event = serde_json::json!({"Records": [{
            "eventSource": "aws:sqs", "messageId": "m", "body": body, "attributes": {"SentTimestamp": "7"},
        }]});
        let event = parse(event.to_string().as_bytes()).unwrap();
        let Ok(Content::Text(message)) = &event.items[0].content else { panic!("{event:?}") };
        prop_assert_eq!(&message.text, &body);
    }
}
