//! The function's own log and the logs of other functions, through the real binary.

use serde_json::{Value, json};
use testkit::events::{cloudwatch_log_data, cloudwatch_payload};
use testkit::lambda::{FUNCTION_NAME, Lambda};
use testkit::receiver::Receiver;

use crate::support::kinesis::record;
use crate::support::{OWNER, pushing_to};

/// The function's default log group.
const DEFAULT_GROUP: &str = "/aws/lambda/lambda-promtail";
const STREAM: &str = "2026/11/24/[$LATEST]0123456789abcdef0123456789abcdef";
const OTHER: &str = "999988887777";

/// Returns a delivery of one line, with its account and Region if the subscription filter adds them.
fn delivery(group: &str, stream: &str, owner: &str, origin: Option<(&str, &str)>) -> Value {
    let mut data = cloudwatch_log_data(group, stream, owner, &[(1_700_000_000_000, "a line")]);
    if let Some((account, region)) = origin {
        data["logEvents"][0]["extractedFields"] = json!({"@aws.account": account, "@aws.region": region});
    }
    data
}

/// Delivers it directly and through Kinesis, and returns whether it was shipped; otherwise it was dropped as the
/// function's own.
async fn is_shipped(lambda: &mut Lambda, delivery: &Value) -> bool {
    let records = json!({"Records": [record("1", delivery.to_string().as_bytes())]});
    let mut shipped = Vec::new();
    for event in [cloudwatch_payload(delivery), records.to_string()] {
        let summary = lambda.invoke(event).await.response().clone();
        let (entries, dropped) = (&summary["entries"], &summary["dropped"]["own_log_group"]);
        assert!(
            (entries, dropped) == (&json!(1), &json!(0)) || (entries, dropped) == (&json!(0), &json!(1)),
            "{summary}"
        );
        shipped.push(entries == 1);
    }
    assert_eq!(shipped[0], shipped[1], "{delivery}");
    shipped[0]
}

#[tokio::test]
async fn a_function_of_the_same_name_elsewhere_is_another_function() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    for (owner, origin, shipped) in [
        (OWNER, None, false),
        (OTHER, None, true),
        // Collected in the function's own account.
        (OWNER, Some((OTHER, "eu-west-1")), true),
        (OWNER, Some((OWNER, "us-east-1")), true),
        (OWNER, Some((OWNER, "eu-west-1")), false),
        // Its own log, collected in another account.
        (OTHER, Some((OWNER, "eu-west-1")), false),
    ] {
        let delivery = delivery(DEFAULT_GROUP, STREAM, owner, origin);
        let is_shipped = is_shipped(&mut lambda, &delivery).await;
        assert_eq!(is_shipped, shipped, "{owner} {origin:?}");
    }
}

#[tokio::test]
async fn functions_that_share_a_log_group_are_told_by_their_streams() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env("AWS_LAMBDA_LOG_GROUP_NAME", "/apps/shop")
        .env(
            "AWS_LAMBDA_LOG_STREAM_NAME",
            format!("2026/11/24/{FUNCTION_NAME}[$LATEST][0123456789abcdef0123456789abcdef]"),
        )
        .start()
        .await;
    let environment = "fedcba9876543210fedcba9876543210";
    for (stream, shipped) in [
        // Any environment and version of the function.
        (
            format!("2026/11/24/{FUNCTION_NAME}[$LATEST][{environment}]"),
            false,
        ),
        (format!("2026/11/25/{FUNCTION_NAME}[12][{environment}]"), false),
        (
            format!("2026/11/24/my-{FUNCTION_NAME}[$LATEST][{environment}]"),
            true,
        ),
        (
            format!("2026/11/24/{FUNCTION_NAME}-2[$LATEST][{environment}]"),
            true,
        ),
        (format!("2026/11/24/checkout[$LATEST][{environment}]"), true),
        ("nginx/access".to_owned(), true),
    ] {
        let delivery = delivery("/apps/shop", &stream, OWNER, None);
        assert_eq!(is_shipped(&mut lambda, &delivery).await, shipped, "{stream}");
    }
    let own = format!("2026/11/24/{FUNCTION_NAME}[$LATEST][{environment}]");
    assert!(is_shipped(&mut lambda, &delivery("/apps/shop", &own, OTHER, None)).await);
    // The default log group is no longer the function's own.
    assert!(is_shipped(&mut lambda, &delivery(DEFAULT_GROUP, STREAM, OWNER, None)).await);
    let logs = lambda.logs();
    let warnings: Vec<&String> = logs.iter().filter(|line| line.contains("WARN")).collect();
    assert_eq!(warnings.len(), 1, "{warnings:#?}");
    assert!(warnings[0].contains("the function logs to a shared log group"));
}

/// Another function can be configured to log to this one's default log group.
#[tokio::test]
async fn lines_of_another_function_in_the_functions_log_group_are_shipped() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let guest = "2026/11/24/guest[$LATEST][fedcba9876543210fedcba9876543210]";
    for (stream, shipped) in [(guest, true), (STREAM, false)] {
        let delivery = delivery(DEFAULT_GROUP, stream, OWNER, None);
        assert_eq!(is_shipped(&mut lambda, &delivery).await, shipped, "{stream}");
    }
}

/// A delivery of a log group that collects those of several accounts contains log events of all of them.
#[tokio::test]
async fn of_a_mixed_delivery_only_the_functions_own_log_events_are_dropped() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let events = [(1, "own"), (2, "theirs"), (3, "own"), (4, "theirs")];
    let mut data = cloudwatch_log_data(DEFAULT_GROUP, STREAM, OTHER, &events);
    for event in data["logEvents"].as_array_mut().unwrap() {
        let account = if event["message"] == "own" { OWNER } else { OTHER };
        event["extractedFields"] = json!({"@aws.account": account, "@aws.region": "eu-west-1"});
    }
    let summary = lambda.invoke(cloudwatch_payload(&data)).await.response().clone();
    assert_eq!(
        (&summary["entries"], &summary["dropped"]["own_log_group"]),
        (&json!(2), &json!(2))
    );
    let lines: Vec<String> = receiver.accepted().into_iter().map(|entry| entry.line).collect();
    assert_eq!(lines, ["theirs", "theirs"]);
}

#[tokio::test]
async fn a_control_message_is_one_whatever_it_names() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let mut control = delivery(DEFAULT_GROUP, STREAM, OWNER, None);
    control["messageType"] = json!("CONTROL_MESSAGE");
    let summary = lambda
        .invoke(cloudwatch_payload(&control))
        .await
        .response()
        .clone();
    assert_eq!(
        (&summary["skipped"], &summary["dropped"]["own_log_group"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(receiver.requests(), 0);
}
