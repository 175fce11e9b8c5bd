//! Events inside messages, and the batch items of their content.

use aws_events::{Content, Event, MAX_NESTING, Source, parse};
use serde_json::{Value, json};

fn read(event: &Value) -> Event {
    parse(event.to_string().as_bytes()).expect("an event that can be read")
}

/// Returns the name of each item, its batch item, and its content or error.
fn told(event: &Event) -> Vec<(&str, Option<&str>, String)> {
    event
        .items
        .iter()
        .map(|item| {
            let content = match &item.content {
                Ok(Content::S3Object(_)) => "object".to_owned(),
                Ok(Content::EventBridge(event)) => event.source.clone(),
                Ok(Content::Continuation(_)) => "continuation".to_owned(),
                Ok(Content::S3TestEvent) => "test".to_owned(),
                Ok(Content::CloudTrailValidation) => "validation".to_owned(),
                Ok(Content::Kinesis(_)) => "kinesis".to_owned(),
                Ok(Content::Kafka(_)) => "kafka".to_owned(),
                Ok(Content::Text(_)) => "text".to_owned(),
                Ok(Content::CloudWatchLogs { .. }) => "cloudwatch".to_owned(),
                Err(error) => error.to_string(),
            };
            (&*item.name, item.batch_item.as_deref(), content)
        })
        .collect()
}

fn s3() -> Value {
    json!({"Records": [{"eventSource": "aws:s3", "s3": {"bucket": {"name": "b"}, "object": {"key": "k+1"}}}]})
}

fn sns(id: &str, message: &Value) -> Value {
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {"MessageId": id, "Message": message.to_string()}}]})
}

fn wrapped(message: &Value) -> Value {
    json!({"Type": "Notification", "MessageId": "w", "Message": message.to_string()})
}

fn sqs(messages: &[(&str, &Value)]) -> Value {
    let records = messages
        .iter()
        .map(|(id, body)| json!({"eventSource": "aws:sqs", "messageId": id, "body": body.to_string()}));
    json!({"Records": records.collect::<Vec<_>>()})
}

#[test]
fn samples_in_one_message() {
    const NAME: &str = "s3://example-logs/AWSLogs/111122223333/elasticloadbalancing/eu-central-1/2026/07/01/111122223333_elasticloadbalancing_eu-central-1_app.web.0123456789abcdef_20260701T1005Z_192.0.2.10_3kx9.log.gz";
    let id = Some("059f36b4-87a3-44ab-83d2-661970000001");
    for (json, source, batch_item) in [
        (include_str!("../events/s3.json"), Source::S3, None),
        (include_str!("../events/sns.json"), Source::Sns, None),
        (include_str!("../events/sqs.json"), Source::Sqs, id),
        (include_str!("../events/sqs-sns-wrapped.json"), Source::Sqs, id),
    ] {
        let event = parse(json.as_bytes()).unwrap();
        assert_eq!(event.source, source);
        assert_eq!(told(&event), [(NAME, batch_item, "object".to_owned())]);
    }
}

#[test]
fn one_bad_message_fails_alone_and_one_message_can_hold_several_objects() {
    let event = parse(include_bytes!("../events/sqs-several.json")).unwrap();
    assert_eq!(event.source, Source::Sqs);
    let told = told(&event);
    let numbers: Vec<&str> = told
        .iter()
        .map(|(_, id, _)| {
            id.unwrap()
                .strip_prefix("059f36b4-87a3-44ab-83d2-66197000000")
                .unwrap()
        })
        .collect();
    assert_eq!(numbers, ["1", "1", "2", "3", "4", "5", "6", "7", "8"]);
    for (index, name, content) in [
        (0, "s3://example-logs/one.gz", "object"),
        (1, "s3://example-logs/two.txt", "object"),
        (2, "SQS message 059f36b4-87a3-44ab-83d2-661970000002", "text"),
        (3, "s3://example-logs/year=2026/a+b%2Bc \u{e4}.log.gz", "object"),
        (
            4,
            "EventBridge event 7bf73129-1428-4cd3-a780-95db273d1602",
            "aws.ec2",
        ),
        (5, "S3 test event", "test"),
        (6, "S3 test event", "test"),
        (7, "SQS message 059f36b4-87a3-44ab-83d2-661970000007", "text"),
    ] {
        assert_eq!(told[index].0, name);
        assert!(told[index].2.contains(content), "{:?}", told[index]);
    }
}

#[test]
fn envelopes_nest_in_any_order() {
    let created = json!({"source": "aws.s3", "detail-type": "Object Created", "detail": {"bucket": {"name": "b"}, "object": {"key": "k 1"}}});
    let capital = json!({"Records": [{"eventSource": "aws:sns", "Sns": {"Message": s3().to_string()}}]});
    for (event, source, batch_item) in [
        (capital, Source::Sns, None),
        (wrapped(&s3()), Source::Sns, None),
        (sns("n", &created), Source::Sns, None),
        (sns("n", &sqs(&[("q", &s3())])), Source::Sns, None),
        (sqs(&[("q", &created)]), Source::Sqs, Some("q")),
        (sqs(&[("q", &wrapped(&created))]), Source::Sqs, Some("q")),
        (sqs(&[("q", &sns("n", &s3()))]), Source::Sqs, Some("q")),
        (
            sqs(&[("q", &sqs(&[("inner", &wrapped(&s3()))]))]),
            Source::Sqs,
            Some("q"),
        ),
        (sqs(&[("", &sqs(&[("inner", &s3())]))]), Source::Sqs, None),
    ] {
        let read = read(&event);
        assert_eq!(read.source, source, "{event}");
        assert_eq!(told(&read), [("s3://b/k 1", batch_item, "object".to_owned())]);
    }
}

#[test]
fn batch_items_are_identifiers_that_the_queue_knows() {
    let kinesis =
        json!({"Records": [{"eventSource": "aws:kinesis", "kinesis": {"sequenceNumber": "7", "data": ""}}]});
    let logs = json!({"awslogs": {"data": ""}});
    let event = read(&sqs(&[("q", &kinesis), ("r", &logs)]));
    let expected = [
        ("Kinesis record 7", Some("q"), "kinesis".to_owned()),
        (
            "CloudWatch Logs subscription data",
            Some("r"),
            "cloudwatch".to_owned(),
        ),
    ];
    assert_eq!(told(&event), expected);
}

#[test]
fn unreadable_content_is_named_after_the_outermost_message() {
    let unknown = json!({"x": 1});
    let event = read(&sqs(&[
        ("q1", &sns("n", &unknown)),
        ("q2", &wrapped(&unknown)),
        (
            "q3",
            &json!({"Records": [{"eventSource": "aws:sqs", "messageId": "inner"}]}),
        ),
        ("q4", &json!({"Records": [{"eventSource": "aws:s3"}, 7]})),
    ]));
    let names: Vec<(&str, &str)> = event
        .items
        .iter()
        .map(|item| (&*item.name, item.batch_item.as_deref().unwrap()))
        .collect();
    let expected = [
        ("SQS message q1", "q1"),
        ("SQS message q2", "q2"),
        ("SQS message q3", "q3"),
        ("S3 record 1 of SQS message q4", "q4"),
        ("record 2 of SQS message q4", "q4"),
    ];
    assert_eq!(names, expected);
    assert!(event.items.iter().all(|item| item.content.is_err()));

    let event = read(&sns("n", &unknown));
    assert_eq!(
        (&*event.items[0].name, event.source),
        ("SNS message n", Source::Sns)
    );
    let event = read(&json!({"Records": [{"eventSource": "aws:sqs", "body": "{}"}]}));
    assert_eq!(event.items[0].name, "SQS message number 1");
    assert_eq!(event.items[0].batch_item, None);
}

#[test]
fn records_of_several_sources_are_each_read_by_their_own() {
    let records = json!({"Records": [
        {"eventSource": "aws:dynamodb", "dynamodb": {"Keys": "hunter2"}},
        {"eventSource": "aws:sqs", "messageId": "q", "body": s3().to_string()},
        s3()["Records"][0],
        "hunter2",
        {"eventSource": "aws:kinesis", "kinesis": {"sequenceNumber": "7", "data": "aGk="}},
        {"eventSource": "aws:new", "EventSource": "aws:sns", "Sns": {"Message": s3().to_string()}},
    ]});
    let event = read(&records);
    assert_eq!(event.source, Source::Sqs);
    let told = told(&event);
    let found: Vec<_> = told.iter().map(|(name, id, _)| (*name, *id)).collect();
    let expected = [
        ("record 1", None),
        ("s3://b/k 1", Some("q")),
        ("s3://b/k 1", None),
        ("record 4", None),
        ("Kinesis record 7", Some("7")),
        ("s3://b/k 1", None),
    ];
    assert_eq!(found, expected);
    assert!(
        told[0].2.contains(r#"keys "eventSource", "dynamodb";"#)
            || told[0].2.contains(r#"keys "dynamodb", "eventSource";"#),
        "{told:?}"
    );
    assert_eq!(told[3].2, "the record is not a JSON object");
}

#[test]
fn nesting_ends_somewhere() {
    let mut event = s3();
    for _ in 0..MAX_NESTING {
        event = wrapped(&event);
    }
    assert_eq!(told(&read(&event))[0].2, "object");
    let deeper = wrapped(&event);
    let error = parse(deeper.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.to_string(), "messages are nested more than 4 deep");

    let event = read(&sqs(&[("q", &event), ("r", &s3())]));
    assert_eq!(
        told(&event),
        [
            (
                "SQS message q",
                Some("q"),
                "what the message holds cannot be read: messages are nested more than 4 deep".to_owned()
            ),
            ("s3://b/k 1", Some("r"), "object".to_owned()),
        ]
    );
}

#[test]
fn a_lone_surrogate_in_a_message_fails_nothing() {
    let event = parse(
        br#"{"Records": [
            {"eventSource": "aws:sqs", "messageId": "a", "body": "\ud800"},
            {"eventSource": "aws:sqs", "messageId": "b", "body": "{\"source\":\"s\",\"detail-type\":\"\\ud800\",\"detail\":\"\\udfff \ud800\"}"}
        ]}"#,
    )
    .unwrap();
    assert!(event.items[0].content.is_err());
    let Ok(Content::EventBridge(line)) = &event.items[1].content else {
        panic!("{event:?}")
    };
    assert_eq!(line.detail_type, "\u{fffd}");
    // The event's JSON is unchanged, including its escapes.
    assert!(line.json.ends_with("\"\\udfff \u{fffd}\"}"), "{}", line.json);
}
