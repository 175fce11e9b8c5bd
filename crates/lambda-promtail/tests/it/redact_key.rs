//! The stage `redact` and its key, through the real binary.

use serde_json::json;
use testkit::json_server::JsonServer;
use testkit::lambda::LambdaBuilder;
use testkit::receiver::Receiver;

use crate::support::{event, pushing_to};

const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:redact-AbCdEf";
const STAGES: &str = r#"[{"redact":{"kinds":["email"],"hash":true}}]"#;
const LINE: &str = "mail of ada@example.com";
/// The line with the key `0123456789abcdef`.
const HASHED: &str = "mail of [email:512383176ce1b4c279ee430548cf07ec]";

fn redacting(receiver: &Receiver, key: &str) -> LambdaBuilder {
    pushing_to(receiver)
        .env("LOKI_STAGE_CONFIGS", STAGES)
        .env("REDACT_KEY", key)
}

fn lines(receiver: &Receiver) -> Vec<String> {
    receiver.accepted().into_iter().map(|entry| entry.line).collect()
}

#[tokio::test]
async fn a_redelivery_has_the_same_hashes() {
    let receiver = Receiver::start().await;
    for batch_size in ["1048576", "1"] {
        let function = redacting(&receiver, "0123456789abcdef").env("BATCH_SIZE", batch_size);
        let mut lambda = function.start().await;
        lambda.invoke(event(&[LINE])).await.response();
    }
    assert_eq!(lines(&receiver), [HASHED, HASHED]);
}

/// Without the key nothing is read: a mask in its place would be another entry.
#[tokio::test]
async fn an_event_waits_for_a_key_that_is_kept() {
    let receiver = Receiver::start().await;
    let denied = json!({"__type": "AccessDeniedException", "Message": "no"}).to_string();
    let kept = json!({"SecretString": "0123456789abcdef"}).to_string();
    let server = JsonServer::start([(400, "", denied), (200, "", kept)]).await;
    let function = redacting(&receiver, ARN)
        .env("AWS_ENDPOINT_URL", server.url())
        .env("AWS_MAX_ATTEMPTS", "1");
    let mut lambda = function.start().await;
    let failed = lambda.invoke(event(&[LINE])).await;
    let error = format!("{:?}", failed.error());
    assert!(
        error.contains("REDACT_KEY") && error.contains("AccessDenied"),
        "{error}"
    );
    assert_eq!(lines(&receiver), [""; 0]);
    for _ in 0..2 {
        lambda.invoke(event(&[LINE])).await.response();
    }
    assert_eq!(lines(&receiver), [HASHED, HASHED]);
    assert_eq!(server.requests().len(), 2, "the key is fetched once");
    assert!(!lambda.logs().join("\n").contains("0123456789abcdef"));
}

#[tokio::test]
async fn extra_headers_are_sent_and_fetched() {
    let receiver = Receiver::start().await;
    let kept = json!({"SecretString": "from-aws"}).to_string();
    let server = JsonServer::start([(200, "", kept)]).await;
    let mut lambda = pushing_to(&receiver)
        .env("AWS_ENDPOINT_URL", server.url())
        .env(
            "EXTRA_HEADERS",
            json!({"X-Gateway": "a,b", "X-Api-Key": ARN}).to_string(),
        )
        .env("TENANT_ID", "blue")
        .start()
        .await;
    lambda.invoke(event(&["a"])).await.response();
    let pushes = receiver.pushes();
    let headers = &pushes[0].headers;
    assert_eq!(
        (
            &headers["x-gateway"],
            &headers["x-api-key"],
            &headers["x-scope-orgid"]
        ),
        (
            &"a,b".parse().unwrap(),
            &"from-aws".parse().unwrap(),
            &"blue".parse().unwrap()
        )
    );
}
