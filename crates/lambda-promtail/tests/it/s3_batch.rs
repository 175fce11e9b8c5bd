//! Invocations by S3 Batch Operations, through the real binary.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::lambda::LambdaBuilder;
use testkit::receiver::{Answer, Receiver};
use testkit::s3::{self, S3};

use crate::support::{ALB_KEY, BUCKET, alb_line, pushing_to, reading_from};

fn key(name: &str) -> String {
    ALB_KEY.replace("2et2e1mx", name)
}

/// Returns an invocation in version 2.0 of the schema, with tasks by id and key.
fn invocation(tasks: &[(&str, &str)]) -> Value {
    let task = |(id, key): &(&str, &str)| json!({"taskId": id, "s3Key": key, "s3VersionId": null, "s3Bucket": BUCKET});
    json!({
        "invocationSchemaVersion": "2.0", "invocationId": "i-1", "job": {"id": "j", "userArguments": {"a": "b"}},
        "tasks": tasks.iter().map(task).collect::<Vec<_>>(),
    })
}

/// Checks the response, and returns each task's id and result code.
fn results(answer: &Value) -> Vec<(&str, &str)> {
    assert_eq!(answer["invocationSchemaVersion"], "2.0", "{answer}");
    assert_eq!(answer["invocationId"], "i-1");
    assert_eq!(answer["treatMissingKeysAs"], "TemporaryFailure");
    assert_eq!(answer.as_object().unwrap().len(), 4, "{answer}");
    let results = answer["results"].as_array().unwrap().iter();
    results
        .map(|result| {
            assert!(
                result["resultString"].as_str().unwrap().chars().count() <= 401,
                "{result}"
            );
            (
                result["taskId"].as_str().unwrap(),
                result["resultCode"].as_str().unwrap(),
            )
        })
        .collect()
}

fn function(receiver: &Receiver, s3: &S3) -> LambdaBuilder {
    reading_from(s3, pushing_to(receiver))
}

#[tokio::test]
async fn each_task_has_its_result_and_the_invocation_succeeds() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, &key("good"), alb_line(1, "200") + "\n");
    s3.put(BUCKET, &key("a b+é"), alb_line(2, "200") + "\n");
    let compressed = gzip((alb_line(3, "200") + "\n").repeat(100).as_bytes());
    s3.put(BUCKET, &key("cut"), compressed[..compressed.len() / 2].to_vec());
    s3.put(BUCKET, &key("refused"), alb_line(4, "999") + "\n");
    receiver.answer_with(|push, _| {
        let refused = push.entries().any(|entry| entry.line.contains(" 999 "));
        Answer::status(if refused { 400 } else { 204 })
    });
    let mut lambda = function(&receiver, &s3).env("BATCH_SIZE", "1").start().await;
    let (good, cut, refused, gone) = (key("good"), key("cut"), key("refused"), key("gone"));
    let event = invocation(&[
        ("t-good", &good),
        ("t-encoded", &key("a+b%2B%C3%A9")),
        ("t-marker", "AWSLogs/111122223333/ELBAccessLogTestFile"),
        ("t-gone", &gone),
        ("t-cut", &cut),
        ("t-unknown", "holiday/picture.jpg"),
        ("t-refused", &refused),
        ("t-empty", ""),
    ]);
    let invocation = lambda.invoke(event.to_string()).await;
    let answer = invocation.response();
    let expected = [
        ("t-good", "Succeeded"),
        ("t-encoded", "Succeeded"),
        ("t-marker", "Succeeded"),
        ("t-gone", "PermanentFailure"),
        ("t-cut", "PermanentFailure"),
        ("t-unknown", "PermanentFailure"),
        ("t-refused", "PermanentFailure"),
        ("t-empty", "PermanentFailure"),
    ];
    assert_eq!(results(answer), expected);
    let why = |index: usize| answer["results"][index]["resultString"].as_str().unwrap();
    assert_eq!(why(0), "delivered");
    assert!(why(3).contains("does not exist"), "{}", why(3));
    assert!(why(4).contains("gzip is cut short"), "{}", why(4));
    assert!(why(7).contains("s3Key is empty"), "{}", why(7));
    let line = invocation
        .logs
        .iter()
        .find(|line| line.contains("source=\"s3_batch\""))
        .unwrap();
    assert!(line.contains("ERROR") && line.contains("items=8"), "{line}");
}

#[tokio::test]
async fn what_another_try_may_help_is_a_temporary_failure() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, &key("a"), alb_line(1, "200") + "\n");
    let event = invocation(&[("t", &key("a"))]).to_string();
    let mut lambda = function(&receiver, &s3).env("MAX_RETRIES", "1").start().await;

    s3.answer_always(s3::Answer::access_denied());
    assert_eq!(
        results(lambda.invoke(event.clone()).await.response()),
        [("t", "TemporaryFailure")]
    );
    s3.answer_always(s3::Answer::error(403, "InvalidObjectState", "archived"));
    assert_eq!(
        results(lambda.invoke(event.clone()).await.response()),
        [("t", "TemporaryFailure")]
    );
    s3.answer_as_usual();
    for status in [401, 404, 500, 260] {
        receiver.answer_always(Answer::status(status));
        let invocation = lambda.invoke(event.clone()).await;
        assert_eq!(
            results(invocation.response()),
            [("t", "TemporaryFailure")],
            "{status}"
        );
    }
    receiver.answer_as_usual();
    assert_eq!(
        results(lambda.invoke(event).await.response()),
        [("t", "Succeeded")]
    );
    assert_eq!(receiver.accepted_count(), 1);
}

#[tokio::test]
async fn a_task_that_the_deadline_cuts_off_is_done_again() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, &key("a"), alb_line(1, "200") + "\n");
    s3.answer_always(s3::Answer::serve().delay(Duration::from_secs(60)));
    let mut lambda = function(&receiver, &s3)
        .timeout(Duration::from_secs(4))
        .start()
        .await;
    let invocation = lambda.invoke(invocation(&[("t", &key("a"))]).to_string()).await;
    assert_eq!(results(invocation.response()), [("t", "TemporaryFailure")]);
}

#[tokio::test]
async fn version_1_names_the_bucket_by_its_arn_and_a_version_is_asked_for() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, &key("a"), alb_line(1, "200") + "\n");
    let mut lambda = function(&receiver, &s3).start().await;
    let event = json!({
        "invocationSchemaVersion": "1.0", "invocationId": "i-1", "job": {"id": "j"},
        "tasks": [{"taskId": "t", "s3Key": key("a"), "s3VersionId": "3/L4kq", "s3BucketArn": format!("arn:aws:s3:::{BUCKET}")}],
    });
    let answer = lambda.invoke(event.to_string()).await.response().clone();
    assert_eq!(
        answer,
        json!({
            "invocationSchemaVersion": "1.0", "treatMissingKeysAs": "TemporaryFailure", "invocationId": "i-1",
            "results": [{"taskId": "t", "resultCode": "Succeeded", "resultString": "delivered"}],
        })
    );
    assert_eq!(s3.requests()[0].version_id.as_deref(), Some("3/L4kq"));

    // A version that is a delete marker.
    s3.answer_always(s3::Answer::error(
        405,
        "MethodNotAllowed",
        "The specified method is not allowed",
    ));
    let answer = lambda.invoke(event.to_string()).await.response().clone();
    assert_eq!(answer["results"][0]["resultCode"], "PermanentFailure", "{answer}");
}

#[tokio::test]
async fn an_invocation_that_cannot_be_answered_fails() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let mut lambda = function(&receiver, &s3).start().await;
    for (event, expected) in [
        (
            json!({"invocationSchemaVersion": "1.0", "tasks": [{}]}),
            "invocationId is missing",
        ),
        (
            json!({"invocationSchemaVersion": "1.0", "invocationId": "i", "tasks": []}),
            "is empty",
        ),
        (
            json!({"invocationSchemaVersion": "1.0", "invocationId": "i", "tasks": [{"s3Key": "k", "s3Bucket": "b"}]}),
            "no known type",
        ),
    ] {
        let invocation = lambda.invoke(event.to_string()).await;
        let message = &invocation.error().error_message;
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn a_job_that_runs_twice_changes_nothing() {
    let mut sets = Vec::new();
    for (variables, runs) in [
        (vec![], 1),
        (vec![("BATCH_SIZE", "1"), ("PUSH_CONCURRENCY", "7")], 3),
    ] {
        let (receiver, s3) = (Receiver::start().await, S3::start().await);
        let text: String = (0..20).map(|number| alb_line(number, "200") + "\n").collect();
        s3.put(BUCKET, &key("a"), text.clone() + "no time\n");
        s3.put(BUCKET, &key("b"), gzip(text.as_bytes()));
        let mut lambda = function(&receiver, &s3).envs(variables).start().await;
        if runs > 1 {
            receiver.answer_next([Answer::status(400)]);
        }
        for _ in 0..runs {
            lambda
                .invoke(invocation(&[("t-a", &key("a")), ("t-b", &key("b"))]).to_string())
                .await;
        }
        let accepted = receiver.accepted().into_iter();
        let set: BTreeSet<_> = accepted
            .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
            .collect();
        sets.push(set);
    }
    assert_eq!(sets[0], sets[1]);
    assert_eq!(sets[0].len(), 21);
}
