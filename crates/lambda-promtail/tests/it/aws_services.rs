//! Responses of AWS services, and of servers that are reached in their place.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::json_server::{self, JsonServer};
use testkit::lambda::LambdaBuilder;
use testkit::receiver::Receiver;
use testkit::s3::{Answer, Object, S3};

use crate::support::{ALB_KEY, BUCKET, alb_line, event, pushing_to, reading_from, s3_event, s3_record};

const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-AbCdEf";

/// Fails if the text contains `Debug` output.
#[track_caller]
fn assert_is_plain(text: &str) {
    for debug in [
        "{ ", " }", "Some(", "None", "Err(", "Error(", "Error {", "::", "Headers", "SdkBody",
    ] {
        assert!(!text.contains(debug), "{debug:?} in {text}");
    }
}

#[tokio::test]
async fn a_download_goes_on_only_with_the_same_bytes() {
    let object = gzip(
        (0..20_000)
            .map(|number| alb_line(number, "200") + "\n")
            .collect::<String>()
            .as_bytes(),
    );
    let state = |etag| Object::new(object.clone()).etag(etag);
    let total = object.len();
    for (resumed, expected) in [
        (Answer::serve(), None),
        (
            Answer::ignore_if_match().header("etag", "\"other\""),
            Some("changed while it was read"),
        ),
        (
            Answer::ignore_if_match().without_header("etag"),
            Some("has no ETag"),
        ),
        (Answer::ignore_range(), Some("does not give bytes from 20000 on")),
        (
            Answer::serve().header("content-range", &format!("bytes 19999-{}/{total}", total - 1)),
            Some("does not give bytes from 20000 on"),
        ),
        (
            Answer::serve().header(
                "content-range",
                &format!("bytes 20000-{}/{}", total - 1, total + 1),
            ),
            Some("does not give bytes from 20000 on"),
        ),
        (
            Answer::serve().without_header("content-range"),
            Some("does not give bytes from 20000 on"),
        ),
    ] {
        let (receiver, s3) = (Receiver::start().await, S3::start().await);
        s3.put(BUCKET, ALB_KEY, state("\"state\""));
        s3.answer_next([Answer::close_after(20_000), resumed.clone()]);
        let mut lambda = reading_from(&s3, pushing_to(&receiver)).start().await;
        let invocation = lambda.invoke(s3_event(&[ALB_KEY])).await;
        match expected {
            None => assert_eq!(invocation.response()["entries"], 20_000),
            Some(text) => {
                let error = &invocation.error().error_message;
                assert!(error.contains(&format!("s3://{BUCKET}/{ALB_KEY}: ")), "{error}");
                assert!(error.contains(text), "{resumed:?}: {error}");
            }
        }
    }
}

/// Returns the memory in use after an event that names this many regions for its objects.
async fn after_regions(lambda: &mut testkit::lambda::Lambda, regions: std::ops::Range<usize>) -> u64 {
    let records: Vec<Value> = regions
        .map(|number| {
            let mut record = s3_record(ALB_KEY);
            record["awsRegion"] = json!(format!("region-{number}"));
            record
        })
        .collect();
    lambda
        .invoke(json!({ "Records": records }).to_string())
        .await
        .response();
    lambda.resident_bytes()
}

#[tokio::test]
async fn a_client_for_each_region_that_a_sender_names_is_not_kept() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, ALB_KEY, alb_line(0, "200"));
    let mut lambda = reading_from(&s3, pushing_to(&receiver)).start().await;
    let warm = after_regions(&mut lambda, 0..200).await;
    let after = after_regions(&mut lambda, 200..1200).await;
    let growth = after.saturating_sub(warm);
    assert!(growth < 4 << 20, "{growth} bytes");
    // Requests are signed for the region that the event names.
    let last = s3.requests().pop().unwrap();
    let authorization = last.headers["authorization"].to_str().unwrap();
    assert!(authorization.contains("/region-1199/s3/"), "{authorization}");
}

#[tokio::test]
async fn what_cannot_be_a_region_fails_its_object() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, ALB_KEY, alb_line(0, "200"));
    let mut lambda = reading_from(&s3, pushing_to(&receiver)).start().await;
    for region in ["eu-west-1.attacker.example", "eu-west-1/x", &"r".repeat(100_000)] {
        let mut record = s3_record(ALB_KEY);
        record["awsRegion"] = json!(region);
        let event = json!({ "Records": [record, s3_record(ALB_KEY)] });
        let invocation = lambda.invoke(event.to_string()).await;
        let error = &invocation.error().error_message;
        assert!(error.starts_with("1 of 2 items not delivered: "), "{error}");
        assert!(error.contains("names a region that cannot be one"), "{error}");
        assert!(error.len() < 1000, "{error}");
    }
    assert_eq!(s3.requests().len(), 3, "the other object is read");
}

/// Returns the error that the function reports for an object.
async fn object_error(function: LambdaBuilder) -> String {
    let mut lambda = function.start().await;
    let invocation = lambda.invoke(s3_event(&[ALB_KEY])).await;
    let error = invocation.error().error_message.clone();
    for line in lambda.logs() {
        assert_is_plain(&line);
    }
    assert_is_plain(&error);
    error
}

#[tokio::test]
async fn s3_errors_are_one_plain_sentence() {
    let object = format!("s3://{BUCKET}/{ALB_KEY}: ");
    for (answer, expected) in [
        (
            Answer::error(400, "InvalidRequest", "Missing header"),
            "GetObject failed: 400 InvalidRequest: Missing header, request TX234S0F24A06C7",
        ),
        (
            Answer::serve().header("last-modified", "yesterday"),
            "GetObject failed: 200 ",
        ),
        (
            Answer::error(403, "ExpiredToken", "The provided token has expired."),
            "GetObject failed: 403 ExpiredToken: The provided token has expired., request TX234S0F24A06C7",
        ),
    ] {
        let (receiver, s3) = (Receiver::start().await, S3::start().await);
        s3.put(BUCKET, ALB_KEY, alb_line(0, "200"));
        s3.answer_always(answer);
        let error = object_error(reading_from(&s3, pushing_to(&receiver))).await;
        assert!(error.contains(&format!("{object}{expected}")), "{error}");
    }
}

#[tokio::test]
async fn no_answer_of_s3_is_one_plain_sentence() {
    let receiver = Receiver::start().await;
    let asking = |url: &str| {
        pushing_to(&receiver)
            .env("AWS_ENDPOINT_URL_S3", url)
            .timeout(Duration::from_secs(30))
    };
    let refused = object_error(asking("http://127.0.0.1:9")).await;
    assert!(refused.contains("refused"), "{refused}");
    let unknown = object_error(asking("http://s3.invalid")).await;
    assert!(unknown.contains("no answer: "), "{unknown}");
    let unreadable = object_error(asking("no url")).await;
    assert!(unreadable.contains("GetObject failed: "), "{unreadable}");
    let no_tls = object_error(asking(&receiver.url().replace("http:", "https:"))).await;
    assert!(no_tls.contains("no answer: "), "{no_tls}");
    // A server that is not an S3.
    let page = object_error(asking(&receiver.url())).await;
    assert!(
        page.contains("GetObject failed: ") || page.contains("does not exist"),
        "{page}"
    );
}

#[tokio::test]
async fn credentials_that_cannot_be_fetched_are_an_error_of_one_sentence() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let without = || {
        reading_from(&s3, pushing_to(&receiver))
            .env("AWS_ACCESS_KEY_ID", "")
            .env("AWS_SECRET_ACCESS_KEY", "")
            .env("AWS_SESSION_TOKEN", "")
            .env("AWS_EC2_METADATA_DISABLED", "true")
    };
    let none = object_error(without()).await;
    assert!(none.contains("credential"), "{none}");
    let token = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(token.path(), "web-identity-token").unwrap();
    let refusal = "<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code>\
                   <Message>No OpenIDConnect provider found</Message></Error><RequestId>9a1f</RequestId></ErrorResponse>";
    let sts = JsonServer::start([(400, "", refusal.to_owned())]).await;
    let web = without()
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", token.path().to_str().unwrap())
        .env("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r")
        .env("AWS_ENDPOINT_URL_STS", sts.url());
    let refused = object_error(web).await;
    assert!(
        refused.contains("InvalidIdentityTokenException: No OpenIDConnect provider found"),
        "{refused}"
    );
    assert!(!refused.contains("web-identity-token"), "{refused}");
    let container = without().env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9/");
    object_error(container).await;
}

#[tokio::test]
async fn secrets_that_cannot_be_fetched_are_an_error_of_one_sentence() {
    let receiver = Receiver::start().await;
    let mut lambda = pushing_to(&receiver)
        .env("BEARER_TOKEN", SECRET)
        .env("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:9")
        .env("MAX_RETRIES", "1")
        .start()
        .await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let error = &invocation.error().error_message;
    assert!(error.contains(&format!("BEARER_TOKEN: {SECRET}: ")), "{error}");
    assert_is_plain(error);
}

fn refusal(code: &str, message: &str) -> json_server::Answer {
    (400, "", json!({"__type": code, "Message": message}).to_string())
}

fn asking(server: &JsonServer, receiver: &Receiver, arn: &str) -> LambdaBuilder {
    pushing_to(receiver)
        .env("BEARER_TOKEN", arn)
        .env("AWS_ENDPOINT_URL", server.url())
}

/// Uses ten attempts at a push, the default.
#[tokio::test]
async fn a_secret_that_is_refused_is_not_waited_for() {
    let parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/loki";
    let keyed = format!("{SECRET}:token");
    for (arn, answer, expected) in [
        (
            SECRET,
            refusal("ResourceNotFoundException", "no such secret"),
            "does not exist",
        ),
        (
            SECRET,
            refusal("AccessDeniedException", "not authorized"),
            "access denied",
        ),
        (
            SECRET,
            refusal("InvalidRequestException", "it is marked for deletion"),
            "marked for deletion",
        ),
        (SECRET, (403, "", "<html>".to_owned()), "403 no error code"),
        (parameter, refusal("ParameterNotFound", "none"), "does not exist"),
        (parameter, refusal("ValidationException", "bad name"), "bad name"),
        (
            &keyed,
            (200, "", json!({"SecretString": "{\"user\":\"x\"}"}).to_string()),
            "has no key",
        ),
    ] {
        let (receiver, server) = (Receiver::start().await, JsonServer::start([answer]).await);
        let mut lambda = asking(&server, &receiver, arn).start().await;
        let invocation = lambda.invoke(event(&["a"])).await;
        let error = &invocation.error().error_message;
        assert!(
            error.contains(&format!("push not sent: no credentials: BEARER_TOKEN: {arn}: ")),
            "{error}"
        );
        assert!(error.contains(expected), "{error}");
        assert_is_plain(error);
        // At most once before the first event, and once for its push.
        assert!(matches!(server.requests().len(), 1 | 2), "{error}");
        assert!(
            invocation.elapsed < Duration::from_secs(3),
            "{:?}",
            invocation.elapsed
        );
    }
}

#[tokio::test]
async fn a_secret_is_waited_for_while_its_service_asks_for_time() {
    let value = || (200, "", json!({"SecretString": "t0ken"}).to_string());
    for busy in [
        refusal("ThrottlingException", "Rate exceeded"),
        (429, "", "{}".to_owned()),
        (503, "", "{}".to_owned()),
    ] {
        // More often than the SDK itself retries.
        let answers = [busy.clone(), busy.clone(), busy.clone(), busy, value()];
        let (receiver, server) = (Receiver::start().await, JsonServer::start(answers).await);
        let mut lambda = asking(&server, &receiver, SECRET).start().await;
        lambda.invoke(event(&["a"])).await.response();
        assert_eq!(receiver.accepted_count(), 1);
        assert_eq!(server.requests().len(), 5);
    }
}
