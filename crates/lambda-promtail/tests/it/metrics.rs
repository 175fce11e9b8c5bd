//! The metrics of an invocation, read from the log of the real binary as CloudWatch Logs reads them.

use serde_json::{Value, json};
use testkit::lambda::{FUNCTION_NAME, Invocation, Lambda, LambdaBuilder, Outcome};
use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;

use crate::support::{ALB_KEY, event, function, pushing_to, reading_from, s3_event};

/// Waits at most a millisecond before a push is tried again, and not for long.
const QUICK: [(&str, &str); 3] = [
    ("MIN_BACKOFF", "1ms"),
    ("MAX_BACKOFF", "1ms"),
    ("MAX_RETRIES", "3"),
];

fn with_metrics(function: LambdaBuilder) -> LambdaBuilder {
    function.env("METRICS", "emf").envs(QUICK)
}

/// Returns the documents that the invocation wrote.
fn documents(invocation: &Invocation) -> Vec<Value> {
    let lines = invocation.logs.iter();
    lines
        .filter(|line| line.starts_with(r#"{"_aws":"#))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Invokes the function, and returns its one document and its outcome.
async fn document(lambda: &mut Lambda, event: String) -> (Value, Outcome) {
    let invocation = lambda.invoke(event).await;
    let [document] = &documents(&invocation)[..] else {
        panic!("{:#?}", invocation.logs);
    };
    (document.clone(), invocation.outcome)
}

#[tokio::test]
async fn a_document_says_what_the_summary_says() {
    let receiver = Receiver::start().await;
    for format in ["JSON", "Text"] {
        let mut lambda = with_metrics(pushing_to(&receiver))
            .env("AWS_LAMBDA_LOG_FORMAT", format)
            .start()
            .await;
        let (document, outcome) = document(&mut lambda, event(&["a", "", "b"])).await;
        let Outcome::Response(summary) = outcome else {
            panic!("{outcome:?}");
        };
        for name in ["entries", "bytes", "pushes", "retries", "rejected", "failed"] {
            assert_eq!(document[name], summary[name], "{name}");
        }
        assert_eq!(
            (&document["entries"], &document["dropped"]),
            (&json!(2), &json!(1)),
            "the empty line is dropped"
        );
        assert_eq!(
            (&document["function"], &document["source"]),
            (&json!(FUNCTION_NAME), &json!("cloudwatch_logs"))
        );
        let directive = &document["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "lambda-promtail");
        assert_eq!(directive["Dimensions"], json!([["function", "source"]]));
        // The newest entry is of 2023-11-14 and has the third time of the event.
        let newest = 1_700_000_000_125;
        let started = document["_aws"]["Timestamp"].as_i64().unwrap();
        assert_eq!(document["lag"], started - newest);
    }
}

#[tokio::test]
async fn without_the_setting_no_document_is_written() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver).start().await;
    assert_eq!(
        documents(&lambda.invoke(event(&["a"])).await),
        Vec::<Value>::new()
    );
}

#[tokio::test]
async fn each_fault_moves_its_metric() {
    let receiver = Receiver::start().await;
    let mut lambda = with_metrics(pushing_to(&receiver)).start().await;

    receiver.answer_next([Answer::status(429), Answer::status(500)]);
    let (throttled, _) = document(&mut lambda, event(&["a"])).await;
    assert_eq!(
        (
            &throttled["throttled"],
            &throttled["retries"],
            &throttled["entries"]
        ),
        (&json!(1), &json!(2), &json!(1))
    );

    receiver.answer_next([Answer::status(400).body("entry too far behind")]);
    let (behind, _) = document(&mut lambda, event(&["a", "b"])).await;
    assert_eq!(behind["too_far_behind"], 2);

    receiver.answer_next([Answer::status(400).body("max entry size exceeded")]);
    let (rejected, outcome) = document(&mut lambda, event(&["a", "b"])).await;
    assert!(matches!(outcome, Outcome::Error(_)), "{outcome:?}");
    assert_eq!(
        (&rejected["rejected"], &rejected["failed"]),
        (&json!(2), &json!(2))
    );

    receiver.answer_always(Answer::status(500));
    let (failed, _) = document(&mut lambda, event(&["a", "b"])).await;
    assert_eq!((&failed["failed"], &failed["entries"]), (&json!(2), &json!(0)));

    let (unread, outcome) = document(&mut lambda, r#"{"neither": "nor"}"#.to_owned()).await;
    assert!(matches!(outcome, Outcome::Error(_)), "{outcome:?}");
    assert_eq!(
        (&unread["failed"], &unread["source"]),
        (&json!(1), &json!("unknown"))
    );
}

#[tokio::test]
async fn guessed_times_and_values_of_stages_are_counted() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let stages =
        r#"[{"metrics": {"seen": {"type": "Counter", "config": {"match_all": true, "action": "inc"}}}}]"#;
    let mut lambda = with_metrics(reading_from(&s3, pushing_to(&receiver)))
        .env("LOKI_STAGE_CONFIGS", stages)
        .env("METRICS_NAMESPACE", "shippers/eu")
        .start()
        .await;
    s3.put(
        crate::support::BUCKET,
        ALB_KEY,
        "https 2026-03-04T05:06:07.000001Z app/shop/0a1b 203.0.113.7:50111\nno time in this line\n",
    );
    let (document, _) = document(&mut lambda, s3_event(&[ALB_KEY])).await;
    assert_eq!(
        (&document["times_guessed"], &document["source"]),
        (&json!(1), &json!("s3"))
    );
    let directive = &document["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], "shippers/eu");
    let of_stage = document
        .as_object()
        .unwrap()
        .iter()
        .find(|(name, _)| name.ends_with("seen"));
    assert_eq!(of_stage.map(|(_, value)| value), Some(&json!(2.0)));
}

#[tokio::test]
async fn a_namespace_that_cloudwatch_refuses_is_an_init_error() {
    for namespace in ["AWS/Lambda", "a*b", &"a".repeat(256), " a"] {
        let mut lambda = function()
            .env("WRITE_ADDRESS", "http://127.0.0.1:9/push")
            .env("METRICS", "emf")
            .env("METRICS_NAMESPACE", namespace)
            .start()
            .await;
        let Err(Outcome::InitError(error, _)) = lambda.wait_until_ready().await else {
            panic!("{namespace}: {:#?}", lambda.logs());
        };
        assert!(
            error.error_message.contains("METRICS_NAMESPACE"),
            "{}",
            error.error_message
        );
    }
}
