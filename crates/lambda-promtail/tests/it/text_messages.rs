//! Messages of SQS and SNS that are not events, through the real binary.

use std::collections::BTreeSet;

use aws_logs::RecordIdentity;
use serde_json::{Value, json};
use testkit::lambda::{Lambda, LambdaBuilder};
use testkit::receiver::Receiver;
use testkit::s3::S3;

use crate::support::{ALB_KEY, BUCKET, alb_line, pushing_to, reading_from, s3_event};

const QUEUE: &str = "arn:aws:sqs:eu-west-1:111122223333:logs";
const TOPIC: &str = "arn:aws:sns:eu-west-1:111122223333:alarms";
const SQS_LABELS: &str =
    r#"{__aws_log_type="sqs", __aws_sqs_event_source_arn="arn:aws:sqs:eu-west-1:111122223333:logs"}"#;
const SNS_LABELS: &str =
    r#"{__aws_log_type="sns", __aws_sns_event_source_arn="arn:aws:sns:eu-west-1:111122223333:alarms"}"#;
/// 2026-03-04T05:06:07.125Z.
const SENT: i128 = 1_772_600_767_125_000_000;
/// An alarm notification that CloudWatch sends to a topic, shortened.
const ALARM: &str = r#"{"AlarmName":"cpu","AlarmDescription":null,"AWSAccountId":"111122223333","NewStateValue":"ALARM","NewStateReason":"Threshold Crossed: 1 datapoint","StateChangeTime":"2026-03-04T05:06:07.000+0000","Region":"EU (Ireland)","AlarmArn":"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:cpu","OldStateValue":"OK","Trigger":{"MetricName":"CPUUtilization","Namespace":"AWS/EC2","Period":60,"Threshold":90.0}}"#;

fn queued(id: &str, body: &str) -> Value {
    json!({
        "messageId": id, "receiptHandle": "r", "body": body, "eventSource": "aws:sqs", "eventSourceARN": QUEUE,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1772600767125", "SenderId": "AIDAEXAMPLE"},
        "messageAttributes": {}, "md5OfBody": "x", "awsRegion": "eu-west-1",
    })
}

fn sqs(messages: &[Value]) -> String {
    json!({"Records": messages}).to_string()
}

fn notification(id: &str, message: &str) -> Value {
    json!({
        "Type": "Notification", "MessageId": id, "TopicArn": TOPIC, "Subject": "ALARM", "Message": message,
        "Timestamp": "2026-03-04T05:06:07.125Z", "SignatureVersion": "1", "Signature": "x",
    })
}

fn sns(id: &str, message: &str) -> String {
    let record = json!({
        "EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": format!("{TOPIC}:1"),
        "Sns": notification(id, message),
    });
    json!({"Records": [record]}).to_string()
}

fn time(id: &str) -> i128 {
    SENT + i128::from(RecordIdentity::of_message_id(id).offset_nanos())
}

type Entries = BTreeSet<(String, i128, String)>;

fn entries(receiver: &Receiver) -> Entries {
    let accepted = receiver.accepted().into_iter();
    accepted
        .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
        .collect()
}

async fn started() -> (Receiver, Lambda) {
    let receiver = Receiver::start().await;
    let lambda = pushing_to(&receiver).start().await;
    (receiver, lambda)
}

#[tokio::test]
async fn whatever_an_application_sends_to_a_queue_is_lines() {
    let (receiver, mut lambda) = started().await;
    let pretty = "{\n  \"level\": \"info\"\n}";
    let bodies = [
        "plain text",
        "two\r\nlines\n",
        r#"{"level":"info","big":9007199254740993}"#,
        pretty,
        r#"[{"a":1},7]"#,
        r#""a string""#,
        "7",
        r#"{"level":"info","message":"cut sh"#,
        "odd \u{fffd} characters \u{1f600}",
    ];
    let ids: Vec<String> = (0..bodies.len()).map(|number| format!("m-{number}")).collect();
    let messages: Vec<Value> = ids
        .iter()
        .zip(bodies)
        .map(|(id, body)| queued(id, body))
        .collect();
    let invocation = lambda.invoke(sqs(&messages)).await;
    assert_eq!(
        (&invocation.response()["source"], &invocation.response()["items"]),
        (&json!("sqs"), &json!(bodies.len()))
    );
    let expected = ids.iter().zip(bodies).flat_map(|(id, body)| {
        let lines = body.lines().map(str::to_owned).zip(0..);
        lines.map(|(line, index)| (SQS_LABELS.to_owned(), time(id) + index, line))
    });
    assert_eq!(entries(&receiver), expected.collect());
}

#[tokio::test]
async fn an_alarm_over_sns_is_one_line_directly_and_through_a_queue() {
    let (receiver, mut lambda) = started().await;
    let expected: Entries = [(SNS_LABELS.to_owned(), time("n-1"), ALARM.to_owned())].into();
    for (source, event) in [
        ("sns", sns("n-1", ALARM)),
        ("sns", notification("n-1", ALARM).to_string()),
        (
            "sqs",
            sqs(&[queued("m-1", &notification("n-1", ALARM).to_string())]),
        ),
        ("sqs", sqs(&[queued("m-1", &sns("n-1", ALARM))])),
    ] {
        receiver.clear();
        let invocation = lambda.invoke(event).await;
        assert_eq!(invocation.response()["source"], source);
        assert_eq!(entries(&receiver), expected, "{source}");
    }
    // With raw message delivery, the queue gets only the message.
    receiver.clear();
    lambda.invoke(sqs(&[queued("m-1", ALARM)])).await.response();
    assert_eq!(
        entries(&receiver),
        [(SQS_LABELS.to_owned(), time("m-1"), ALARM.to_owned())].into()
    );
}

/// If these messages were shipped as text, the objects that they announce would be lost silently.
#[tokio::test]
async fn what_looks_like_an_event_of_aws_fails_by_name_beside_text() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, ALB_KEY, alb_line(1, "200") + "\n");
    let function = reading_from(&s3, pushing_to(&receiver)).env("REPORT_BATCH_ITEM_FAILURES", "true");
    let mut lambda = function.start().await;
    let whole = s3_event(&[ALB_KEY]);
    let confirmation = r#"{"Type":"SubscriptionConfirmation","MessageId":"c","Token":"secret","TopicArn":"t","Message":"You have chosen to subscribe","SubscribeURL":"https://sns.example.com/"}"#;
    let bad = [
        &whole[..whole.len() / 2],
        r#"{"Records":[{"eventSource":"aws:dynamodb","dynamodb":{}}]}"#,
        r#"{"requestContext":{"condition":"RetriesExhausted"},"requestPayload":7}"#,
        r#"{"requestContext":{},"KinesisBatchInfo":{"shardId":"s"}}"#,
        r#"{"eventSource":"aws:new"}"#,
        &json!(whole).to_string(),
        confirmation,
        &notification("n", &whole[..100]).to_string(),
    ];
    let mut messages: Vec<Value> = bad
        .iter()
        .enumerate()
        .map(|(number, body)| queued(&format!("bad-{number}"), body))
        .collect();
    messages.insert(3, queued("text", "a line"));
    messages.push(queued("object", &whole));
    let invocation = lambda.invoke(sqs(&messages)).await;
    let failed: Vec<Value> = (0..bad.len())
        .map(|number| json!({"itemIdentifier": format!("bad-{number}")}))
        .collect();
    assert_eq!(invocation.response(), &json!({"batchItemFailures": failed}));
    let lines: BTreeSet<String> = entries(&receiver).into_iter().map(|(_, _, line)| line).collect();
    assert_eq!(lines, ["a line".to_owned(), alb_line(1, "200")].into());
    let log = invocation.logs.join("\n");
    for number in 0..bad.len() {
        assert!(log.contains(&format!("SQS message bad-{number}")), "{log}");
    }
    assert!(!log.contains("secret"), "{log}");
}

#[tokio::test]
async fn text_without_a_time_fails_by_name_and_an_empty_message_is_skipped() {
    let (receiver, mut lambda) = started().await;
    let mut without_time = queued("m-1", "when?");
    without_time["attributes"] = json!({"SentTimestamp": "today"});
    let mut wrong_time = notification("n-1", "when?");
    wrong_time["Timestamp"] = json!("today");
    let messages = [
        without_time,
        queued("m-2", &wrong_time.to_string()),
        queued("m-3", ""),
        queued("m-4", "now"),
    ];
    let invocation = lambda.invoke(sqs(&messages)).await;
    let error = &invocation.error().error_message;
    assert!(error.starts_with("2 of 4 items not delivered: "), "{error}");
    assert!(
        error.contains("SQS message m-1")
            && error.contains("attributes.SentTimestamp is missing or not a time"),
        "{error}"
    );
    assert!(
        error.contains("SQS message m-2: Timestamp of the SNS message cannot be read as a time"),
        "{error}"
    );
    assert_eq!(
        entries(&receiver),
        [(SQS_LABELS.to_owned(), time("m-4"), "now".to_owned())].into()
    );
    let invocation = lambda.invoke(sqs(&[queued("m-3", "")])).await;
    assert_eq!(invocation.response()["skipped"], 1);
}

#[tokio::test]
async fn equal_messages_of_one_millisecond_survive_and_a_redelivery_in_other_batches_adds_nothing() {
    let all: Vec<Value> = (0..500)
        .map(|number| {
            queued(
                &format!("059f36b4-87a3-44ab-83d2-66197{number:07}"),
                "heartbeat\nheartbeat",
            )
        })
        .collect();
    let deliver = async |function: fn(LambdaBuilder) -> LambdaBuilder, batches: Vec<&[Value]>| {
        let receiver = Receiver::start().await;
        let mut lambda = function(pushing_to(&receiver)).start().await;
        for batch in batches {
            let invocation = lambda.invoke(sqs(batch)).await;
            assert_eq!(invocation.response()["entries"], 2 * batch.len());
        }
        entries(&receiver)
    };
    let whole = deliver(|function| function, vec![&all]).await;
    assert_eq!(whole.len(), 1_000);
    let small = |function: LambdaBuilder| function.env("BATCH_SIZE", "2000").env("PUSH_CONCURRENCY", "1");
    let (half, rest) = all.split_at(123);
    assert_eq!(deliver(small, vec![rest, half, rest]).await, whole);
}
