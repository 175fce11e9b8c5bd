//! Credentials that are kept in AWS, through the real binary and moto.
//!
//! Ignored if moto is not installed; `tools/testkit/moto/install` installs it.

use testkit::lambda::LambdaBuilder;
use testkit::moto::Moto;
use testkit::receiver::{Answer, Receiver};

use crate::support::{event, pushing_to};

/// A Region other than the function's own, eu-west-1.
const ELSEWHERE: &str = "us-east-2";

fn asking(moto: &Moto, function: LambdaBuilder) -> LambdaBuilder {
    function.env("AWS_ENDPOINT_URL", moto.url())
}

fn authorizations(receiver: &Receiver) -> Vec<String> {
    let pushes = receiver.pushes();
    let header = |push: &std::sync::Arc<testkit::receiver::Push>| {
        push.headers["authorization"].to_str().unwrap().to_owned()
    };
    pushes.iter().map(header).collect()
}

#[tokio::test]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn a_token_is_fetched_from_its_own_region_and_anew_after_a_401() {
    let (moto, receiver) = (Moto::start().await, Receiver::start().await);
    moto.put_secret("eu-west-1", "loki/token", "wrong-region").await;
    let arn = moto.put_secret(ELSEWHERE, "loki/token", "first").await;
    receiver.answer_with(|push, _| {
        let stale = push.headers["authorization"] == "Bearer first";
        Answer::status(if stale { 401 } else { 204 })
    });
    let function = pushing_to(&receiver).env("BEARER_TOKEN", &arn);
    let mut lambda = asking(&moto, function).start().await;
    // A wrong password from the start: Loki rejects it.
    lambda.invoke(event(&["a"])).await.error();
    assert_eq!(authorizations(&receiver), ["Bearer first", "Bearer first"]);

    receiver.clear();
    receiver.answer_always(Answer::status(204));
    let function = pushing_to(&receiver).env("BEARER_TOKEN", &arn);
    let mut lambda = asking(&moto, function).start().await;
    lambda.invoke(event(&["a"])).await.response();
    moto.update_secret(ELSEWHERE, &arn, "second").await;
    receiver.answer_next([Answer::status(401)]);
    let invocation = lambda.invoke(event(&["b"])).await;
    invocation.response();
    assert_eq!(
        authorizations(&receiver),
        ["Bearer first", "Bearer first", "Bearer second"]
    );
    let log = lambda.logs().join("\n");
    assert!(!log.contains("first") && !log.contains("second"), "{log}");
}

#[tokio::test]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn a_name_and_a_password_may_be_kept_apart() {
    let (moto, receiver) = (Moto::start().await, Receiver::start().await);
    let username = moto
        .put_parameter(ELSEWHERE, "loki-user", "String", "Aladdin")
        .await;
    let password = moto
        .put_parameter(ELSEWHERE, "loki-password", "SecureString", "open sesame")
        .await;
    let function = pushing_to(&receiver)
        .env("USERNAME", username)
        .env("PASSWORD", password);
    let mut lambda = asking(&moto, function).start().await;
    lambda.invoke(event(&["a"])).await.response();
    assert_eq!(authorizations(&receiver), ["Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
}

#[tokio::test]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn a_secret_that_is_not_there_names_its_variable_and_its_arn() {
    let (moto, receiver) = (Moto::start().await, Receiver::start().await);
    let arn = "arn:aws:ssm:us-east-2:123456789012:parameter/nobody";
    let function = pushing_to(&receiver)
        .env("BEARER_TOKEN", arn)
        .env("MAX_RETRIES", "1");
    let mut lambda = asking(&moto, function).start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let message = &invocation.error().error_message;
    assert!(
        message.contains(&format!("no credentials: BEARER_TOKEN: {arn}: does not exist")),
        "{message}"
    );
    assert_eq!(receiver.requests(), 0);
}
