//! Envelopes of events other than messages, through the real binary: Lambda's records of invocations, bare lists of
//! EventBridge Pipes, and notifications of CloudTrail and AWS Config. Also S3 events without new content.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::events::base64;
use testkit::receiver::Answer;

use crate::support;
use crate::support::kinesis::ARN;
use crate::support::setup::Setup;
use crate::support::{ALB_KEY, BUCKET, alb_line, s3_event, s3_record};

const TRAIL: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz";

/// Starts the function with an object of a load balancer, of two lines, and one of CloudTrail, of three records.
async fn set_up(variables: &[(&str, &str)]) -> Setup {
    let setup = Setup::new(variables).await;
    let lines = alb_line(1, "200") + "\n" + &alb_line(2, "200") + "\n";
    setup.s3.put(BUCKET, ALB_KEY, lines);
    let record = |number: u8| json!({"eventTime": "2026-03-04T05:06:07Z", "eventID": number});
    let trail = json!({"Records": [record(1), record(2), record(3)]}).to_string();
    setup.s3.put(BUCKET, TRAIL, gzip(trail.as_bytes()));
    setup
}

fn notification() -> Value {
    serde_json::from_str(&s3_event(&[ALB_KEY])).unwrap()
}

fn sqs_record(id: &str, body: impl ToString) -> Value {
    json!({"messageId": id, "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-1:1:q", "body": body.to_string()})
}

fn sqs(id: &str, body: impl ToString) -> Value {
    json!({"Records": [sqs_record(id, body)]})
}

fn sns(message: impl ToString) -> Value {
    json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": {"Type": "Notification", "MessageId": "n-1", "Message": message.to_string()}}]})
}

fn delivered_to_queue(message: impl ToString) -> Value {
    json!({"Type": "Notification", "MessageId": "n-1", "Message": message.to_string()})
}

/// Returns the record that Lambda writes of a failed invocation.
fn destination(payload: &Value) -> Value {
    json!({
        "version": "1.0", "timestamp": "2026-03-04T05:16:07.123Z",
        "requestContext": {"requestId": "r", "functionArn": "arn:aws:lambda:eu-west-1:1:function:f:$LATEST", "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": payload,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {"errorMessage": "x"},
    })
}

/// Returns a record in the form of EventBridge Pipes.
fn pipe_record(number: u32, data: &[u8]) -> Value {
    json!({
        "kinesisSchemaVersion": "1.0", "partitionKey": "p", "sequenceNumber": number.to_string(), "data": base64(data),
        "approximateArrivalTimestamp": 1_772_600_767.125, "eventSource": "aws:kinesis", "eventVersion": "1.0",
        "eventID": format!("shardId-000000000000:{number}"), "eventName": "aws:kinesis:record",
        "awsRegion": "eu-west-1", "eventSourceARN": ARN,
    })
}

fn cloudtrail_notice() -> Value {
    json!({"s3Bucket": BUCKET, "s3ObjectKey": [TRAIL]})
}

#[tokio::test]
async fn every_envelope_leads_to_its_lines() {
    let mut setup = set_up(&[]).await;
    let subscription: Value = serde_json::from_str(&support::event(&["a", "b"])).unwrap();
    for (source, entries, event) in [
        ("lambda_destination", 2, destination(&notification())),
        ("lambda_destination", 2, destination(&subscription)),
        ("sqs", 2, sqs("m-1", destination(&notification()))),
        ("sqs", 2, sqs("m-1", destination(&subscription))),
        ("sns", 2, sns(destination(&notification()))),
        (
            "sqs",
            2,
            sqs("m-1", delivered_to_queue(destination(&notification()))),
        ),
        ("sns", 3, sns(cloudtrail_notice())),
        ("sqs", 3, sqs("m-1", delivered_to_queue(cloudtrail_notice()))),
        ("sqs", 3, sqs("m-1", cloudtrail_notice())),
        ("sqs", 2, json!([sqs_record("m-1", notification())])),
        ("kinesis", 2, json!([pipe_record(1, b"a\nb")])),
        ("eventbridge_pipe", 2, json!([notification()])),
    ] {
        setup.receiver.clear();
        let summary = setup.response(&event).await;
        assert_eq!(
            (&summary["source"], &summary["entries"]),
            (&json!(source), &json!(entries)),
            "{event}"
        );
        assert_eq!(setup.receiver.distinct_count(), entries, "{event}");
    }
}

#[tokio::test]
async fn an_object_that_aws_config_names_is_read() {
    let mut setup = set_up(&[]).await;
    let key = "AWSLogs/111122223333/Config/eu-west-1/2026/3/4/ConfigHistory/111122223333_Config_eu-west-1_ConfigHistory_AWS::EC2::VPC_20260304T050000Z_20260304T051000Z_1.json.gz";
    let items = json!({"fileVersion": "1.0", "configurationItems": [{"configurationItemCaptureTime": "2026-03-04T05:06:07.000Z", "resourceId": "vpc-1"}]});
    setup.s3.put(BUCKET, key, gzip(items.to_string().as_bytes()));
    let notice = json!({"messageType": "ConfigurationHistoryDeliveryCompleted", "s3Bucket": BUCKET, "s3ObjectKey": key, "recordVersion": "1.1"});
    assert_eq!(setup.response(sns(notice)).await["entries"], 1);
}

#[tokio::test]
async fn tests_of_a_topic_are_acknowledged() {
    let mut setup = set_up(&[]).await;
    const MESSAGE: &str = "CloudTrail validation message.";
    for event in [
        sns(MESSAGE),
        sqs("m-1", delivered_to_queue(MESSAGE)),
        sqs("m-1", MESSAGE),
    ] {
        let summary = setup.response(&event).await;
        assert_eq!(
            (&summary["items"], &summary["skipped"]),
            (&json!(1), &json!(1)),
            "{event}"
        );
    }
    assert_eq!((setup.s3.requests().len(), setup.receiver.requests()), (0, 0));
}

/// Lambda ignores `batchItemFailures` in the response to an asynchronous invocation, so a failed item must fail the
/// invocation.
#[tokio::test]
async fn a_failure_in_a_destination_record_is_reported_to_its_source() {
    let mut setup = set_up(&[("REPORT_BATCH_ITEM_FAILURES", "true")]).await;
    let gone: Value = serde_json::from_str(&s3_event(&[&ALB_KEY.replace("shop", "gone")])).unwrap();
    for event in [
        destination(&gone),
        destination(&sqs("inner", &gone)),
        json!([gone]),
        json!([destination(&json!({"Records": [sqs_record("inner", &gone)]}))]),
    ] {
        let error = setup.error(&event).await;
        assert!(error.contains("does not exist"), "{event}: {error}");
    }
    let queue = json!({"Records": [sqs_record("m-1", destination(&gone)), sqs_record("m-2", destination(&notification()))]});
    let failed = |id: &str| json!({"batchItemFailures": [{"itemIdentifier": id}]});
    assert_eq!(setup.response(&queue).await, failed("m-1"));
    assert_eq!(setup.response(&queue["Records"]).await, failed("m-1"));
    assert_eq!(setup.receiver.distinct_count(), 2);
}

#[tokio::test]
async fn a_failed_batch_without_its_records_fails_by_name() {
    let mut setup = set_up(&[("REPORT_BATCH_ITEM_FAILURES", "true")]).await;
    for name in ["KinesisBatchInfo", "DDBStreamBatchInfo", "KafkaBatchInfo"] {
        let record = json!({"requestContext": {"condition": "RetryAttemptsExhausted"}, name: {"shardId": "s", "batchSize": 7}});
        let error = setup.error(&record).await;
        assert!(
            error.contains(&format!("({name}), which does not hold the batch's records")),
            "{error}"
        );
        let answer = setup.response(sqs("m-1", &record)).await;
        assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "m-1"}]}));
    }
}

/// This JSON announces objects or holds records, so it must not be acknowledged unread.
#[tokio::test]
async fn what_looks_like_an_event_of_aws_and_cannot_be_read_fails_by_name() {
    let mut setup = set_up(&[]).await;
    for (message, expected) in [
        (json!({"Records": 7, "x": "hunter2"}), r#""Records""#),
        (
            json!({"requestContext": {"http": "hunter2"}}),
            r#""requestContext""#,
        ),
        (json!({"s3Bucket": "b", "s3Object": "hunter2"}), r#""s3Bucket""#),
        (
            json!({"KinesisBatchInfo": {"x": "hunter2"}}),
            r#""KinesisBatchInfo""#,
        ),
        (
            json!({"eventSource": "aws:ses", "ses": "hunter2"}),
            r#""eventSource""#,
        ),
    ] {
        for event in [
            sqs("m-1", &message),
            sns(&message),
            sqs("m-1", delivered_to_queue(&message)),
        ] {
            let error = setup.error(&event).await;
            assert!(
                error.contains("unknown kind of event") && error.contains(expected),
                "{error}"
            );
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
    assert!(setup.error("[]").await.contains("list of records is empty"));
    assert_eq!(setup.receiver.requests(), 0);
}

/// A pipe expects `eventID`. AWS does not document that a pipe repeats all records after the first failed one.
#[tokio::test]
async fn a_pipe_is_told_each_kinesis_record_that_failed() {
    let mut setup = set_up(&[("REPORT_BATCH_ITEM_FAILURES", "true")]).await;
    let list = json!([
        pipe_record(1, b"good"),
        pipe_record(2, b"\x1f\x8bbroken"),
        pipe_record(3, b"also good"),
        pipe_record(4, b"\x1f\x8bbroken"),
    ]);
    let expected = json!({"batchItemFailures": [
        {"itemIdentifier": "shardId-000000000000:2"}, {"itemIdentifier": "shardId-000000000000:4"},
    ]});
    assert_eq!(setup.response(list).await, expected);
    assert_eq!(setup.receiver.accepted_count(), 2);
}

#[tokio::test]
async fn s3_events_without_new_content_are_skipped() {
    let mut setup = set_up(&[]).await;
    let mut record = s3_record(ALB_KEY);
    for event in [
        "ObjectTagging:Put",
        "ObjectTagging:Delete",
        "ObjectAcl:Put",
        "LifecycleTransition",
        "LifecycleExpiration:Delete",
        "IntelligentTiering",
        "ObjectRestore:Post",
        "ObjectRestore:Delete",
        "Replication:OperationFailedReplication",
        "Replication:OperationNotTracked",
        "Replication:OperationMissedThreshold",
        "Replication:OperationReplicatedAfterThreshold",
        "ReducedRedundancyLostObject",
    ] {
        record["eventName"] = json!(event);
        let records = json!({"Records": [record]});
        for envelope in [records.clone(), sqs("m-1", &records), sns(&records)] {
            let invocation = setup.lambda.invoke(envelope.to_string()).await;
            assert_eq!(invocation.response()["skipped"], 1, "{event}");
            let skipped = invocation
                .logs
                .iter()
                .filter(|line| line.contains("skipped: the event announces"));
            assert_eq!(skipped.count(), 1, "{event}: {:#?}", invocation.logs);
        }
    }
    assert_eq!((setup.s3.requests().len(), setup.receiver.requests()), (0, 0));
    for event in [
        "ObjectRestore:Completed",
        "ObjectCreated:Copy",
        "ObjectRewritten:Put",
    ] {
        record["eventName"] = json!(event);
        assert_eq!(
            setup.response(json!({"Records": [record]})).await["entries"],
            2,
            "{event}"
        );
    }
}

/// EventBridge events of this kind are shipped as lines, like all other EventBridge events.
#[tokio::test]
async fn eventbridges_counterparts_stay_lines() {
    let mut setup = set_up(&[]).await;
    for detail_type in [
        "Object Tags Added",
        "Object Storage Class Changed",
        "Object Deleted",
        "Object Restore Initiated",
    ] {
        let event = json!({
            "version": "0", "id": "e", "detail-type": detail_type, "source": "aws.s3", "time": "2026-03-04T05:06:07Z",
            "detail": {"bucket": {"name": BUCKET}, "object": {"key": ALB_KEY}},
        });
        setup.receiver.clear();
        assert_eq!(setup.response(&event).await["entries"], 1);
        assert_eq!(setup.receiver.accepted()[0].line, event.to_string());
    }
    assert_eq!(setup.s3.requests().len(), 0);
}

type Lines = BTreeSet<(String, i128, String)>;

async fn lines_of(event: &Value, variables: &[(&str, &str)], deliveries: usize) -> Lines {
    let mut setup = set_up(variables).await;
    if deliveries > 1 {
        // The first delivery fails in the middle if the settings split it into several pushes.
        setup.receiver.answer_next([Answer::status(400)]);
    }
    for _ in 0..deliveries {
        setup.lambda.invoke(event.to_string()).await;
    }
    let accepted = setup.receiver.accepted().into_iter();
    accepted
        .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
        .collect()
}

#[tokio::test]
async fn a_redelivery_changes_nothing() {
    for event in [
        destination(&notification()),
        sqs("m-1", destination(&notification())),
        sns(cloudtrail_notice()),
        json!([
            sqs_record("m-1", notification()),
            sqs_record("m-2", cloudtrail_notice())
        ]),
        json!([pipe_record(1, b"a\nb\na"), pipe_record(2, b"c")]),
    ] {
        let once = lines_of(&event, &[], 1).await;
        let settings = [("BATCH_SIZE", "1"), ("PUSH_CONCURRENCY", "7")];
        assert_eq!(lines_of(&event, &settings, 3).await, once, "{event}");
        assert!(once.len() > 1, "{event}");
    }
}
