//! What happens to the messages of a queue.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;
use testkit::receiver::Answer;
use testkit::s3::{Object, S3};
use testkit::sqs::{Message, Sqs};

use super::setup::{Setup, destination, subscription};
use crate::support::KEY;

const ALB_LINE: &str = "https 2026-03-04T05:06:07.000000Z app/shop/0a1b of an object";
const CLOUDWATCH: &str = r#"{__aws_cloudwatch_log_group="/aws/lambda/checkout", __aws_cloudwatch_owner="123456789012", __aws_log_type="cloudwatch"}"#;
const MAIN_QUEUE: &str = "arn:aws:sqs:eu-west-1:123456789012:main";

/// Sends a message of each kind that a queue of failed events can hold.
fn send_each_kind(sqs: &Sqs) {
    let notification = json!({
        "Type": "Notification", "MessageId": "n-1", "TopicArn": "arn:aws:sns:eu-west-1:123456789012:alerts",
        "Timestamp": "2026-03-04T05:06:07.000Z", "Message": "of a topic",
    });
    let of_eventbridge = json!({
        "version": "0", "id": "e-1", "source": "aws.ec2", "detail-type": "State change", "detail": {"state": "running"},
        "account": "123456789012", "time": "2026-03-04T05:06:07Z", "region": "eu-west-1", "resources": [],
    });
    let s3 = json!({"Records": [{
        "eventSource": "aws:s3", "awsRegion": "eu-west-1", "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "logs"}, "object": {"key": KEY, "size": 1}},
    }]});
    // From an on-failure destination, directly and through a topic.
    sqs.send(Message::new(destination(&subscription("of a destination"), "no")));
    let record = destination(&subscription("of a destination behind a topic"), "no");
    sqs.send(Message::new(json!({
        "Type": "Notification", "MessageId": "n-2", "Message": record.to_string(),
    })));
    // From the dead-letter queues of Lambda, SNS and EventBridge.
    sqs.send(Message::new(subscription("of an invocation")).attribute("ErrorCode", "200"));
    sqs.send(Message::new(notification));
    sqs.send(Message::new(of_eventbridge).attribute("ERROR_CODE", "NO_PERMISSIONS"));
    // Moved by SQS.
    let moved = |body: String| Message::new(body).system_attribute("DeadLetterQueueSourceArn", MAIN_QUEUE);
    sqs.send(moved(s3.to_string()));
    sqs.send(moved("of a queue".to_owned()));
}

/// Messages that are delivered again, with other batches, come out the same.
#[tokio::test]
async fn messages_of_each_kind_are_shipped_with_the_labels_of_their_event_and_deleted() {
    let (setup, s3) = (Setup::new().await, S3::start().await);
    s3.put(
        "logs",
        KEY,
        Object::new(testkit::compress::gzip(ALB_LINE.as_bytes())),
    );
    let endpoint = s3.url();
    let mut replayed = Vec::new();
    for variables in [vec![], vec![("BATCH_SIZE", "1"), ("PUSH_CONCURRENCY", "7")]] {
        send_each_kind(&setup.sqs);
        let mut variables = variables;
        variables.push(("AWS_ENDPOINT_URL_S3", &endpoint));
        let run = setup.replay(&["--output", "json"], &variables).await;
        assert!(run.succeeded, "{run:?}");
        assert_eq!(run.json()["delivered"], 7);
        assert_eq!(setup.sqs.ids(), Vec::<String>::new());
        // The ids of messages, from which the time of text is made, go on counting.
        let entries = setup.entries();
        replayed.push(
            entries
                .into_iter()
                .map(|(labels, time, line)| {
                    let seconds = time / 1_000_000_000;
                    (labels, seconds, line)
                })
                .collect::<Vec<_>>(),
        );
        setup.receiver.clear();
    }
    assert_eq!(replayed[0], replayed[1]);

    let line = |labels: &str, line: &str| {
        replayed[0]
            .iter()
            .any(|entry| entry.0 == labels && entry.2 == line)
    };
    for text in [
        "of a destination",
        "of a destination behind a topic",
        "of an invocation",
    ] {
        assert!(line(CLOUDWATCH, text), "{text}: {replayed:#?}");
    }
    // The queue is the one that the function would have received the message from.
    let labels = format!(r#"{{__aws_log_type="sqs", __aws_sqs_event_source_arn="{MAIN_QUEUE}"}}"#);
    assert!(line(&labels, "of a queue"), "{replayed:#?}");
    let has = |part: &str| replayed[0].iter().any(|entry| entry.2.contains(part));
    assert!(
        has("of an object") && has("of a topic") && has("State change"),
        "{replayed:#?}"
    );
    assert_eq!(replayed[0].len(), 7);
}

#[tokio::test]
async fn a_message_that_cannot_be_shipped_stays_and_is_named() {
    let setup = Setup::new().await;
    let good = setup
        .sqs
        .send(Message::new(destination(&subscription("good"), "no")));
    let unknown = Message::new(r#"{"foo": 1}"#).attribute("ErrorCode", "200");
    let unknown = setup.sqs.send(unknown);
    let partly = json!([
        {"eventSource": "aws:kinesis", "eventSourceARN": "arn", "kinesis": {"sequenceNumber": "1", "data": "aGk=",
            "approximateArrivalTimestamp": 1_772_600_767.0}},
        {"eventSource": "aws:kinesis", "eventSourceARN": "arn", "kinesis": {"sequenceNumber": "2", "data": "\0"}},
    ]);
    let partly = setup.sqs.send(Message::new(json!({"Records": partly})));
    let run = setup.replay(&["--output", "json"], &[]).await;
    assert!(!run.succeeded, "{run:?}");
    assert_eq!(setup.sqs.ids(), [unknown.clone(), partly.clone()]);
    assert_eq!(setup.sqs.visible(), 2, "they are not hidden after the run");
    for id in [&good, &unknown, &partly] {
        assert_eq!(setup.sqs.receptions(id), 1, "{id}");
    }
    let report = run.json();
    assert_eq!((&report["delivered"], &report["entries"]), (&json!(1), &json!(2)));
    let reasons = [
        (&unknown, "unknown kind of event"),
        (&partly, "Kinesis record 2: "),
    ];
    for (failed, (id, reason)) in report["failed"].as_array().unwrap().iter().zip(reasons) {
        assert_eq!(failed["message_id"], **id);
        assert!(failed["reason"].as_str().unwrap().contains(reason), "{failed}");
        assert!(run.said.contains(&format!("\n  {id}: ")), "{}", run.said);
    }
    assert!(
        run.said
            .contains("2 messages not delivered and still in the queue"),
        "{}",
        run.said
    );
}

/// The queue hides messages for two seconds, and Loki takes five for one of them.
#[tokio::test]
async fn messages_stay_hidden_until_the_end_of_the_run() {
    let setup = Setup::new().await;
    let delayed = Answer::status(204).delay(Duration::from_secs(5));
    setup.receiver.answer_always(delayed);
    let event = destination(&subscription("slow"), "no");
    let slow = setup.sqs.send(Message::new(event));
    let unknown = Message::new("{}").attribute("ErrorCode", "200");
    let unknown = setup.sqs.send(unknown);
    let arguments = ["--visibility-timeout", "2"];
    let mut command = setup.command(&arguments, &[("TIMEOUT", "20s")]);
    let run = tokio::task::spawn_blocking(move || command.output().unwrap());
    setup.receiver.wait_for_requests(1).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!((setup.sqs.ids().len(), setup.sqs.visible()), (2, 0));

    assert_eq!(run.await.unwrap().status.code(), Some(1));
    let receptions = [&slow, &unknown].map(|id| setup.sqs.receptions(id));
    assert_eq!((setup.sqs.ids(), receptions), (vec![unknown], [1, 1]));
    assert_eq!(setup.receiver.requests(), 1);
}

/// The second run waits for the message that the first one has hidden.
#[tokio::test]
async fn a_run_that_is_killed_loses_nothing() {
    let setup = Setup::new().await;
    let delayed = Answer::status(204).delay(Duration::from_secs(30));
    setup.receiver.answer_next([delayed]);
    let id = setup
        .sqs
        .send(Message::new(destination(&subscription("line"), "no")));
    let arguments = ["--visibility-timeout", "6"];
    let mut killed = setup.command(&arguments, &[("TIMEOUT", "60s")]).spawn().unwrap();
    setup.receiver.wait_for_requests(1).await;
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!((setup.sqs.ids().len(), setup.sqs.visible()), (1, 0));

    let run = setup.replay(&arguments, &[]).await;
    assert!(run.succeeded, "{run:?}");
    assert!(run.said.contains("waiting for about 1 message "), "{run:?}");
    assert_eq!((setup.sqs.ids().len(), setup.sqs.receptions(&id)), (0, 2));
}

/// Ctrl-C gives the messages back, which would stay hidden for a minute.
#[tokio::test]
async fn a_run_that_is_interrupted_makes_its_messages_visible() {
    let setup = Setup::new().await;
    let delayed = Answer::status(204).delay(Duration::from_secs(60));
    setup.receiver.answer_always(delayed);
    setup
        .sqs
        .send(Message::new(destination(&subscription("line"), "no")));
    let mut command = setup.command(&[], &[("TIMEOUT", "60s")]);
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    setup.receiver.wait_for_requests(1).await;
    assert_eq!(setup.sqs.visible(), 0);
    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(interrupt.unwrap().success());

    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
    let output = output.await.unwrap();
    let said = crate::support::text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("interrupted: what was not deleted is still in the queue"),
        "{said}"
    );
    assert_eq!((setup.sqs.ids().len(), setup.sqs.visible()), (1, 1));
}

#[tokio::test]
async fn it_ends_when_loki_takes_nothing() {
    let setup = Setup::new().await;
    for number in 0..25 {
        let event = subscription(&format!("line {number}"));
        setup.sqs.send(Message::new(destination(&event, "no")));
    }
    setup.receiver.answer_always(Answer::status(503));
    let run = setup.replay(&[], &[]).await;
    assert!(!run.succeeded, "{run:?}");
    assert!(
        run.said
            .contains("ended before the queue was empty: 10 messages in a row were not delivered"),
        "{run:?}"
    );
    assert_eq!((setup.sqs.ids().len(), setup.sqs.visible()), (25, 25));
    assert_eq!(setup.receiver.requests(), 20, "two attempts each");
    // Equal reasons are told once.
    assert!(
        run.said.contains("\n  message-0, message-1, message-2, "),
        "{run:?}"
    );
    assert_eq!(run.said.matches("message-9: ").count(), 1, "{run:?}");

    setup.receiver.answer_as_usual();
    let run = setup.replay(&[], &[]).await;
    assert!(run.succeeded, "{run:?}");
    assert_eq!(
        run.printed,
        "delivered and deleted 25 messages, with 25 entries\n"
    );
}

#[tokio::test]
async fn a_refusal_of_sqs_is_told_with_the_operation() {
    let setup = Setup::new().await;
    setup
        .sqs
        .send(Message::new(destination(&subscription("line"), "no")));
    for (operation, expected) in [
        (
            "GetQueueAttributes",
            "GetQueueAttributes failed: 403 AccessDenied",
        ),
        ("ReceiveMessage", "ReceiveMessage failed: 403 AccessDenied"),
        ("DeleteMessage", "shipped, but not deleted"),
    ] {
        setup.sqs.refuse(operation, "AccessDenied");
        let run = setup.replay(&[], &[]).await;
        assert!(
            !run.succeeded && run.said.contains(expected),
            "{operation}: {run:?}"
        );
        assert_eq!(setup.sqs.ids().len(), 1);
    }
}

/// The region is a part of the signature.
#[tokio::test]
async fn the_queues_own_region_counts() {
    let setup = Setup::new().await;
    let queue = "https://sqs.us-east-2.amazonaws.com/123456789012/failed";
    let url = setup.sqs.url();
    let variables = [
        ("AWS_ENDPOINT_URL_SQS", url.as_str()),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"),
        (
            "AWS_SECRET_ACCESS_KEY",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        ),
        ("WRITE_ADDRESS", "http://127.0.0.1:9/loki/api/v1/push"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let output = tokio::task::spawn_blocking(move || {
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (&**name, &**value))
            .collect();
        crate::support::cli(&["replay", queue], &variables)
    });
    let output = output.await.unwrap();
    assert!(output.status.success(), "{output:?}");
    let authorizations = setup.sqs.authorizations();
    assert!(!authorizations.is_empty());
    for authorization in authorizations {
        assert!(
            authorization.contains("/us-east-2/sqs/aws4_request"),
            "{authorization}"
        );
    }
}

#[tokio::test]
async fn without_an_address_or_with_another_url_nothing_is_received() {
    let setup = Setup::new().await;
    let id = setup.sqs.send(Message::new("text"));
    let run = setup.replay(&[], &[("WRITE_ADDRESS", "")]).await;
    assert!(!run.succeeded && run.said.contains("WRITE_ADDRESS"), "{run:?}");
    assert_eq!(setup.sqs.receptions(&id), 0);
    let output = crate::support::cli(&["replay", "failed-events"], &[]);
    let said = crate::support::text(&output.stderr);
    assert!(
        said.contains("is not the URL of an SQS queue; an example: "),
        "{said}"
    );
}
