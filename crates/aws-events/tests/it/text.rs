//! Messages of SQS and SNS that are not events.

use aws_events::{Channel, Content, Event, MAX_NESTING, MessageTime, Source, TextMessage, parse};
use serde_json::{Value, json};

fn read(event: &Value) -> Event {
    parse(event.to_string().as_bytes()).expect("an event that can be read")
}

fn queued(id: &str, body: &str) -> Value {
    json!({
        "eventSource": "aws:sqs", "messageId": id, "body": body, "eventSourceARN": "arn:q",
        "attributes": {"SentTimestamp": "1772600767125"},
    })
}

fn sqs(messages: &[Value]) -> Value {
    json!({"Records": messages})
}

fn notification(message: &str) -> Value {
    json!({"Type": "Notification", "MessageId": "n", "TopicArn": "arn:t", "Message": message, "Timestamp": "2026-03-04T05:06:07.125Z"})
}

fn from_queue(id: &str, text: &str) -> TextMessage {
    TextMessage {
        channel: Channel::Sqs,
        arn: Some("arn:q".to_owned()),
        id: Some(id.to_owned()),
        time: MessageTime::UnixMillis(1_772_600_767_125),
        text: text.to_owned(),
    }
}

fn from_topic(text: &str) -> TextMessage {
    TextMessage {
        channel: Channel::Sns,
        arn: Some("arn:t".to_owned()),
        id: Some("n".to_owned()),
        time: MessageTime::Rfc3339("2026-03-04T05:06:07.125Z".to_owned()),
        text: text.to_owned(),
    }
}

fn text(event: &Event, index: usize) -> &TextMessage {
    match &event.items[index].content {
        Ok(Content::Text(message)) => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn text_and_json_keep_their_bytes() {
    let bodies = [
        "",
        "plain",
        " {\"a\": 1.0} ",
        "[]",
        "[1, 2]",
        "\"s\"",
        "7",
        "{\"cut",
        "a\r\nb\n",
    ];
    let messages: Vec<Value> = bodies.iter().map(|body| queued("q", body)).collect();
    let event = read(&sqs(&messages));
    assert_eq!(event.source, Source::Sqs);
    for (index, body) in bodies.iter().enumerate() {
        assert_eq!(text(&event, index), &from_queue("q", body));
        let item = &event.items[index];
        assert_eq!(
            (&*item.name, item.batch_item.as_deref()),
            ("SQS message q", Some("q"))
        );
    }
}

#[test]
fn a_message_of_a_topic_stays_one_in_a_queue() {
    let alarm = r#"{"AlarmName":"cpu","NewStateValue":"ALARM"}"#;
    let direct = json!({"Records": [{"EventSource": "aws:sns", "Sns": notification(alarm)}]});
    for (event, source, name, batch_item) in [
        (direct.clone(), Source::Sns, "SNS message n", None),
        (notification(alarm), Source::Sns, "SNS message n", None),
        (
            sqs(&[queued("q", &notification(alarm).to_string())]),
            Source::Sqs,
            "SQS message q",
            Some("q"),
        ),
        (
            sqs(&[queued("q", &direct.to_string())]),
            Source::Sqs,
            "SQS message q",
            Some("q"),
        ),
    ] {
        let event = read(&event);
        assert_eq!(event.source, source);
        assert_eq!(text(&event, 0), &from_topic(alarm));
        let item = &event.items[0];
        assert_eq!((&*item.name, item.batch_item.as_deref()), (name, batch_item));
    }
}

#[test]
fn without_a_time_the_item_fails_and_says_so() {
    let mut message = queued("q", "hunter2");
    message["attributes"] = json!({"SentTimestamp": "soon"});
    let event = read(&sqs(&[message]));
    let error = event.items[0].content.as_ref().unwrap_err().to_string();
    assert!(
        error.ends_with("it is not shipped as text, since attributes.SentTimestamp is missing or not a time"),
        "{error}"
    );
    assert!(!error.contains("hunter2"), "{error}");
    // The queue's message has a time, but the topic's message, which is the one that counts, has none.
    let mut wrapped = notification("hunter2");
    wrapped["Timestamp"] = json!(7);
    let event = read(&sqs(&[queued("q", &wrapped.to_string())]));
    assert!(event.items[0].content.is_err());
    parse(wrapped.to_string().as_bytes()).unwrap_err();
}

#[test]
fn at_any_depth_text_is_text_and_events_are_not() {
    let mut event = notification("plain");
    for _ in 0..MAX_NESTING {
        event = notification(&event.to_string());
    }
    let in_queue = read(&sqs(&[queued("q", &event.to_string()), queued("r", "plain")]));
    assert!(in_queue.items[0].content.is_err());
    assert_eq!(text(&in_queue, 1), &from_queue("r", "plain"));
}
