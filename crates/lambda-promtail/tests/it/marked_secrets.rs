//! No log line, no response, and no request to any other host than the intended one contains a secret.

use std::collections::HashMap;

use lambda_promtail::Settings;
use lambda_promtail::settings::effective;
use serde_json::json;
use testkit::json_server::JsonServer;
use testkit::lambda::{Lambda, LambdaBuilder};
use testkit::marked_secrets::{MARK, broken, found_in};
use testkit::proxy::Proxy;
use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;
use testkit::tls::Authority;

use crate::support::{ALB_KEY, BUCKET, alb_line, event, function, pushing_to, reading_from, s3_event};

/// Further headers, one of which has the mark as its value.
const HEADERS: &str = "x-gateway,blue,X-Api-Key,Zq7hVx3kWj9pLr5t";

/// Returns the whole output for one event, at the level `debug`.
async fn said(function: LambdaBuilder, event: &str) -> String {
    let function = function.env("LOG_LEVEL", "debug").env("MAX_RETRIES", "2");
    let mut lambda: Lambda = function.env("MAX_BACKOFF", "1ms").start().await;
    let invocation = lambda.invoke(event.to_owned()).await;
    // Not every process exits after the event.
    lambda.stop().await;
    format!("{:?}\n{}", invocation.outcome, lambda.logs().join("\n"))
}

#[track_caller]
fn assert_kept(text: &str, context: &str) {
    assert_eq!(found_in(text), None, "with {context}:\n{text}");
}

#[test]
fn the_mark_is_found_in_all_its_forms() {
    use base64::Engine;
    for before in ["", "a", "ab", "user:", "Bearer "] {
        let text = format!("{before}{MARK}");
        assert!(found_in(&text).is_some());
        let encoded = base64::prelude::BASE64_STANDARD.encode(format!("{text}x"));
        assert!(found_in(&encoded).is_some(), "{encoded}");
    }
    assert!(HEADERS.ends_with(MARK));
    assert_eq!(found_in("nothing of the kind, in 127.0.0.1:9"), None);
}

/// Tests the library's list of settings, which `check` prints, with all cases.
#[test]
fn no_problem_and_no_listing_repeats_a_secret() {
    for variables in broken() {
        let environment: HashMap<&str, &str> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let context = format!("{variables:?}");
        assert_kept(&format!("{:?}", effective(&environment)), &context);
        match Settings::read(&environment) {
            Ok(settings) => assert_kept(&format!("{settings:?}"), &context),
            Err(problems) => assert_kept(&format!("{problems} {problems:?}"), &context),
        }
    }
}

/// Tests the real binary with one case of each kind: the one with the mark in the middle of the value.
#[tokio::test]
async fn no_start_and_no_event_repeats_a_secret() {
    let cases = broken();
    let third = cases.len() / 3;
    // Every seventh case, so that each kind occurs.
    for variables in cases[third..2 * third].iter().step_by(7) {
        let function = function().envs(variables.iter().map(|(name, value)| (*name, value.as_str())));
        let said = said(function, &event(&["a"])).await;
        assert_kept(&said, &format!("{variables:?}"));
    }
}

#[tokio::test]
async fn credentials_that_are_refused_are_not_repeated() {
    let receiver = Receiver::start().await;
    let address = receiver.url();
    let in_url = address.replace("//", &format!("//me:{MARK}@"));
    let only_user = address.replace("//", &format!("//{MARK}@"));
    for variables in [
        vec![("USERNAME", MARK), ("PASSWORD", "x")],
        vec![("USERNAME", "me"), ("PASSWORD", MARK)],
        vec![("BEARER_TOKEN", MARK)],
        vec![("EXTRA_HEADERS", HEADERS)],
        vec![("WRITE_ADDRESS", in_url.as_str())],
        vec![("WRITE_ADDRESS", only_user.as_str())],
    ] {
        for answer in [
            Answer::status(401).body("no credentials provided"),
            Answer::status(403),
            Answer::status(500),
            Answer::status(302).header("location", "/login"),
            Answer::reset(),
            Answer::garbage(),
        ] {
            receiver.clear();
            receiver.answer_always(answer.clone());
            let function = pushing_to(&receiver).envs(variables.iter().copied());
            let said = said(function, &event(&["a"])).await;
            assert_kept(&said, &format!("{variables:?} {answer:?}"));
            assert!(!receiver.pushes().is_empty(), "{said}");
        }
    }
}

/// A gateway may repeat the rejected credentials in its response.
#[tokio::test]
async fn credentials_that_a_server_repeats_are_not_passed_on() {
    let receiver = Receiver::start().await;
    let in_url = receiver.url().replace("//", &format!("//me:{MARK}@"));
    for variables in [
        vec![("USERNAME", "me"), ("PASSWORD", MARK)],
        vec![("BEARER_TOKEN", MARK)],
        vec![("EXTRA_HEADERS", HEADERS)],
        vec![("WRITE_ADDRESS", in_url.as_str())],
    ] {
        for status in [400, 401, 302, 503] {
            for before in [0, 1015] {
                receiver.answer_with(move |push, _| {
                    let header = push
                        .headers
                        .get("authorization")
                        .or(push.headers.get("x-api-key"));
                    let header = header.unwrap().to_str().unwrap();
                    let text = format!("{}{header} {MARK}", "-".repeat(before));
                    Answer::status(status)
                        .header("location", &format!("/?{MARK}"))
                        .body(text)
                });
                let function = pushing_to(&receiver).envs(variables.iter().copied());
                let said = said(function, &event(&["a"])).await;
                assert!(before > 0 || said.contains("***"), "{said}");
                assert_kept(&said, &format!("{variables:?} {status}"));
            }
        }
    }
}

#[tokio::test]
async fn credentials_go_to_no_other_host() {
    let (receiver, other, s3) = (
        Receiver::start().await,
        Receiver::start().await,
        S3::start().await,
    );
    s3.put(BUCKET, ALB_KEY, alb_line(0, "200"));
    let in_url = receiver.url().replace("//", &format!("//me:{MARK}@"));
    for variables in [
        vec![("USERNAME", "me"), ("PASSWORD", MARK)],
        vec![("BEARER_TOKEN", MARK)],
        vec![("EXTRA_HEADERS", HEADERS)],
        vec![("WRITE_ADDRESS", in_url.as_str())],
    ] {
        for status in [307, 308] {
            receiver.answer_always(Answer::status(status).header("location", &other.url()));
            let function = reading_from(&s3, pushing_to(&receiver)).envs(variables.iter().copied());
            let said = said(function, &s3_event(&[ALB_KEY])).await;
            assert_kept(&said, &format!("{variables:?}"));
        }
    }
    assert_eq!(other.accepted_count(), 8);
    for push in other.pushes() {
        assert_kept(&format!("{push:?}"), "a push to another host");
        assert!(!push.headers.contains_key("authorization") && !push.headers.contains_key("x-api-key"));
    }
    assert_kept(&format!("{:?}", s3.requests()), "requests to S3");
}

#[tokio::test]
async fn a_proxys_password_is_for_the_proxy() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, ALB_KEY, alb_line(0, "200"));
    for right in [true, false] {
        let proxy = Proxy::start_to(receiver.address()).await;
        proxy.require("me", if right { MARK } else { "other" });
        let url = proxy.url().replace("//", &format!("//me:{MARK}@"));
        for (variable, address) in [
            ("HTTP_PROXY", "http://loki.invalid/loki/api/v1/push"),
            ("http_proxy", "http://loki.invalid/loki/api/v1/push"),
            ("HTTPS_PROXY", "https://loki.invalid/loki/api/v1/push"),
        ] {
            receiver.clear();
            let function = reading_from(&s3, function())
                .env("NO_PROXY", "127.0.0.1")
                .env("WRITE_ADDRESS", address)
                .env(variable, &url);
            let said = said(function, &s3_event(&[ALB_KEY])).await;
            assert_kept(&said, &format!("{variable} {right}"));
            assert_eq!(
                receiver.accepted_count() > 0,
                right && variable != "HTTPS_PROXY",
                "{said}"
            );
            assert_kept(&format!("{:?}", receiver.pushes()), "a push behind the proxy");
        }
        // The proxy variables that the SDK reads for S3 objects.
        for variable in ["HTTP_PROXY", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"] {
            let function = pushing_to(&receiver)
                .env("NO_PROXY", "127.0.0.1")
                .env("AWS_ENDPOINT_URL_S3", "http://s3.invalid")
                .env(variable, &url);
            let said = said(function, &s3_event(&[ALB_KEY])).await;
            assert_kept(&said, &format!("{variable} {right} for S3"));
        }
    }
    assert_kept(&format!("{:?}", s3.requests()), "requests to S3");
}

#[tokio::test]
async fn a_kept_secret_that_cannot_be_used_is_not_repeated() {
    let secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-AbCdEf";
    let keyed = format!("{secret}:token");
    let parameter = "arn:aws:ssm:eu-west-1:123456789012:parameter/loki";
    let of = |value: String| json!({"SecretString": value}).to_string();
    let answers = [
        (secret, of(MARK.to_owned())),
        (secret, of(format!("{MARK}\n"))),
        (secret, of(format!("ü{MARK}"))),
        (secret, json!({"SecretString": [MARK]}).to_string()),
        (secret, json!({"SecretBinary": MARK}).to_string()),
        (secret, format!("{{\"SecretString\":\"{MARK}")),
        (secret, MARK.to_owned()),
        (&keyed, of(json!({"password": MARK}).to_string())),
        (&keyed, of(json!({ MARK: "x" }).to_string())),
        (&keyed, of(json!({"token": [MARK]}).to_string())),
        (&keyed, of(MARK.to_owned())),
        (&keyed, of(json!({"token": format!("{MARK}\r")}).to_string())),
        (
            parameter,
            json!({"Parameter": {"Value": format!("\t{MARK}")}}).to_string(),
        ),
        (parameter, json!({"Parameter": MARK}).to_string()),
    ];
    for (arn, answer) in answers {
        // A complete response, and one that is cut short: the SDK's error then contains the received part.
        for (status, headers) in [(200, ""), (200, "content-length: 999\r\n")] {
            let (receiver, s3) = (Receiver::start().await, S3::start().await);
            receiver.answer_always(Answer::status(401));
            s3.put(BUCKET, ALB_KEY, alb_line(0, "200"));
            let server = JsonServer::start([(status, headers, answer.clone())]).await;
            for variables in [
                vec![("BEARER_TOKEN", arn)],
                vec![("USERNAME", "me"), ("PASSWORD", arn)],
            ] {
                let function = reading_from(&s3, pushing_to(&receiver))
                    .env("AWS_ENDPOINT_URL", server.url())
                    .env("AWS_MAX_ATTEMPTS", "1")
                    .envs(variables);
                let said = said(function, &s3_event(&[ALB_KEY])).await;
                assert_kept(&said, &answer);
            }
            assert_kept(&format!("{:?} {:?}", s3.requests(), server.requests()), &answer);
        }
    }
}

#[tokio::test]
async fn the_functions_own_credentials_are_for_aws() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.answer_always(testkit::s3::Answer::error(
        403,
        "SignatureDoesNotMatch",
        "The signature does not match",
    ));
    for variable in ["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] {
        for event in [s3_event(&[ALB_KEY]), event(&["a"])] {
            let function = reading_from(&s3, pushing_to(&receiver)).env(variable, MARK);
            assert_kept(&said(function, &event).await, variable);
        }
    }
    assert_kept(&format!("{:?}", receiver.pushes()), "a push");
}

/// A key that a server does not accept, and one that does not belong to the certificate.
#[tokio::test]
async fn a_private_key_that_is_refused_is_not_repeated() {
    let authority = Authority::new();
    let receiver = Receiver::start_mutual_tls(&authority, &Authority::new()).await;
    let (stranger, other) = (authority.client("stranger"), authority.client("other"));
    for key in [&stranger.key_pem, &other.key_pem] {
        let function = pushing_to(&receiver)
            .env("TLS_CA_CERT", authority.ca_pem())
            .env("TLS_CLIENT_CERT", &stranger.certificate_pem)
            .env("TLS_CLIENT_KEY", key.as_str());
        let said = said(function, &event(&["a"])).await;
        let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
        let parts = (0..body.len() - 16).map(|start| &body[start..start + 16]);
        assert!(parts.clone().all(|part| !said.contains(part)), "{said}");
    }
}
