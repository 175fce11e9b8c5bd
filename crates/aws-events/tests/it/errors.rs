//! Events that cannot be read, and tests that no error shows their content.

use aws_events::{Event, parse};

fn error(json: &str) -> String {
    parse(json.as_bytes()).expect_err(json).to_string()
}

fn item_errors(event: &Event) -> Vec<(&str, String)> {
    let items = event.items.iter();
    items
        .filter_map(|item| Some((&*item.name, item.content.as_ref().err()?.to_string())))
        .collect()
}

#[test]
fn unreadable_events_say_why() {
    for (json, expected) in [
        ("", "EOF while parsing"),
        ("{", "EOF while parsing"),
        ("{} x", "trailing characters"),
        ("hunter2", "expected value"),
        (r#"{"a": hunter2}"#, "expected value"),
        ("[]", "list of records is empty"),
        ("[1, 2]", "not a JSON object"),
        (r#"[{"a": "hunter2"}]"#, r#"keys "a"; known"#),
        (r#"[{"a": "hunter2"}, {"Records": []}]"#, r#"keys "a"; known"#),
        ("7", "not a JSON object"),
        (" null", "not a JSON object"),
        (r#""hunter2""#, "not a JSON object"),
        ("{}", "keys none;"),
        (r#"{"awslogs":{}}"#, "awslogs.data is missing"),
        (r#"{"awslogs":"hunter2"}"#, "awslogs.data is missing"),
        (
            r#"{"awslogs":{"data":7}}"#,
            "awslogs.data is missing, or not a string",
        ),
        (r#"{"awslogs":{"data":"%"}}"#, "awslogs.data is not base64"),
        (r#"{"Records":[]}"#, "list of records is empty"),
        (
            r#"{"Records":[{"eventSource":"aws:ses","ses":"hunter2"}]}"#,
            r#"keys "eventSource", "ses"; known"#,
        ),
        (r#"{"Records":[7, {"EventSource":{}}]}"#, r#"keys "EventSource";"#),
        (r#"{"Records":["hunter2"]}"#, "keys none;"),
        // Events that no field identifies, or only a field of the wrong type.
        (
            r#"{"password":"hunter2","Recs":[{"inner":1}]}"#,
            r#"keys "password", "Recs";"#,
        ),
        (r#"{"Records":"hunter2"}"#, r#"keys "Records";"#),
        (r#"{"Records":{"0":"hunter2"}}"#, r#"keys "Records";"#),
        (
            r#"{"source":"hunter2","detail-type":"d"}"#,
            r#"keys "source", "detail-type";"#,
        ),
        (
            r#"{"source":"hunter2","detail":{}}"#,
            r#"keys "source", "detail";"#,
        ),
        (
            r#"{"source":["hunter2"],"detail-type":"d","detail":{}}"#,
            r#"keys "source", "detail-type", "detail";"#,
        ),
        (
            r#"{"Service":"Amazon S3","Event":"hunter2"}"#,
            r#"keys "Service", "Event";"#,
        ),
        (
            r#"{"Type":"SubscriptionConfirmation","Message":"hunter2","SubscribeURL":"hunter2"}"#,
            r#""SubscribeURL";"#,
        ),
        (
            r#"{"Type":"Notification","Message":{"a":"hunter2"}}"#,
            r#"keys "Type", "Message";"#,
        ),
        (r#"{"Type":"Notification","Message":"hunter2"}"#, "expected value"),
        // Lambda's records of invocations.
        (
            r#"{"requestContext":{"condition":"hunter2"}}"#,
            r#"keys "requestContext";"#,
        ),
        (
            r#"{"requestPayload":{"Records":[]}}"#,
            r#"keys "requestPayload";"#,
        ),
        (
            r#"{"requestContext":{},"requestPayload":{"a":"hunter2"}}"#,
            "the event in Lambda's record of an invocation cannot be read: unknown kind of event",
        ),
        (
            r#"{"requestContext":{},"requestPayload":"hunter2"}"#,
            "not a JSON object",
        ),
        (
            r#"{"requestContext":{},"KinesisBatchInfo":{"shardId":"hunter2"}}"#,
            "(KinesisBatchInfo), which does not hold the batch's records",
        ),
        (
            r#"{"requestContext":{},"DDBStreamBatchInfo":{}}"#,
            "(DDBStreamBatchInfo), which does not hold",
        ),
        (
            r#"{"requestContext":{},"KafkaBatchInfo":{},"payload":"{\"a\":\"hunter2\"}"}"#,
            "record of an invocation cannot be read",
        ),
        // Objects that services name.
        (
            r#"{"s3Bucket":"hunter2","s3ObjectKey":[]}"#,
            "list of records is empty",
        ),
        (
            r#"{"s3Bucket":"","s3ObjectKey":["hunter2"]}"#,
            "s3Bucket is empty",
        ),
        (r#"{"s3Bucket":"hunter2"}"#, r#"keys "s3Bucket";"#),
        (
            r#"{"s3DeliverySummary":{"s3BucketLocation":"hunter2"}}"#,
            "s3DeliverySummary.s3BucketLocation is empty",
        ),
        // S3 Batch Operations.
        (
            r#"{"invocationSchemaVersion":"1.0","invocationId":"i","tasks":[]}"#,
            "list of records is empty",
        ),
        (
            r#"{"invocationSchemaVersion":"1.0","invocationId":"i","tasks":{"a":"hunter2"}}"#,
            "tasks is missing, or not a list",
        ),
        (
            r#"{"invocationSchemaVersion":"1.0","tasks":[{}]}"#,
            "invocationId is missing",
        ),
        // Events with a single item, which cannot be read.
        (
            r#"{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"hunter2"},"object":{}}}"#,
            "detail.object.key is missing",
        ),
        (
            r#"{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":""},"object":{"key":"hunter2"}}}"#,
            "detail.bucket.name is empty",
        ),
    ] {
        let text = error(json);
        assert!(text.contains(expected), "{json}: {text}");
        assert!(
            !text.contains("hunter2") && !text.contains("inner"),
            "{json}: {text}"
        );
    }
}

#[test]
fn an_item_that_cannot_be_read_says_why_and_the_others_go_on() {
    for (record, name, expected) in [
        (
            r#"{"eventSource":"aws:s3"}"#,
            "S3 record 1",
            "s3.bucket.name is missing, or not a string",
        ),
        (
            r#"{"eventSource":"aws:s3","s3":{"bucket":{"name":"b"},"object":{"key":["hunter2"]}}}"#,
            "S3 record 1",
            "s3.object.key is missing, or not a string",
        ),
        (
            r#"{"eventSource":"aws:s3","s3":{"bucket":{"name":""},"object":{"key":"k"}}}"#,
            "S3 record 1",
            "s3.bucket.name is empty",
        ),
        (
            r#"{"eventSource":"aws:s3","s3":{"bucket":{"name":"b"},"object":{"key":""}}}"#,
            "S3 record 1",
            "s3.object.key is empty",
        ),
        (
            r#"{"eventSource":"aws:s3","s3":{"bucket":{"name":"b"},"object":{"key":"a%FF+b"}}}"#,
            "s3://b/a%FF+b",
            "s3.object.key is not UTF-8 once it is decoded",
        ),
        (
            r#"{"EventSource":"aws:sns"}"#,
            "SNS message number 1",
            "Sns.Message is missing, or not a string",
        ),
        (
            r#"{"EventSource":"aws:sns","Sns":{"MessageId":"n","Message":""}}"#,
            "SNS message n",
            "what the message holds cannot be read: the event cannot be read: EOF",
        ),
        (
            r#"{"eventSource":"aws:sqs","messageId":"q"}"#,
            "SQS message q",
            "body is missing, or not a string",
        ),
        (
            r#"{"eventSource":"aws:sqs","messageId":"q","body":"{\"Records\":[]}"}"#,
            "SQS message q",
            "the event's list of records is empty",
        ),
        (
            r#"{"eventSource":"aws:sqs","messageId":"q","body":"{\"Records\":[{\"k\":\"hunter2\"}]}"}"#,
            "SQS message q",
            r#"of an unknown kind, the first with the top-level keys "k";"#,
        ),
        (
            r#"{"eventSource":"aws:kinesis","kinesis":{"sequenceNumber":"7"}}"#,
            "Kinesis record 7",
            "kinesis.data is missing, or not a string",
        ),
        (
            r#"{"eventSource":"aws:kinesis","kinesis":{"sequenceNumber":"7","data":"hunter2!"}}"#,
            "Kinesis record 7",
            "kinesis.data is not base64",
        ),
        (
            r#"{"eventSource":"aws:ses"}"#,
            "record 1",
            r#"unknown kind of record, with the top-level keys "eventSource";"#,
        ),
        ("[\"hunter2\"]", "record 1", "the record is not a JSON object"),
    ] {
        let good = r#"{"eventSource":"aws:s3","s3":{"bucket":{"name":"good"},"object":{"key":"k"}}}"#;
        let event = parse(format!(r#"{{"Records":[{record},{good}]}}"#).as_bytes()).unwrap();
        assert_eq!(event.items.len(), 2, "{record}");
        assert_eq!(event.items[1].name, "s3://good/k");
        let errors = item_errors(&event);
        assert_eq!(errors.len(), 1, "{record}: {errors:?}");
        assert_eq!(errors[0].0, name);
        assert!(errors[0].1.contains(expected), "{record}: {errors:?}");
        assert!(!errors[0].1.contains("hunter2"), "{errors:?}");
    }
}

#[test]
fn of_many_or_long_keys_the_first_are_shown() {
    let long = "k".repeat(1000);
    let members: Vec<String> = (0..50).map(|number| format!("\"{number}\":1")).collect();
    let text = error(&format!("{{\"{long}\":1,{}}}", members.join(",")));
    assert!(text.contains(r#"kkkk"..., "0", "1","#), "{text}");
    assert!(text.contains(r#""18", and 31 more;"#), "{text}");
    assert!(text.len() < 1000, "{text}");
}

#[test]
fn a_key_is_quoted() {
    let text = error("{\"a\\n\\\"b\u{fffd}\\u0007\": 1}");
    assert!(
        text.contains(r#"keys "a\n\"b"#) && !text.contains('\n') && !text.contains('\u{7}'),
        "{text}"
    );
}
