//! Certificates, proxies, and secrets that must not be shown.

use std::fs;

use testkit::lambda::LambdaBuilder;
use testkit::proxy::Proxy;
use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;
use testkit::tls::Authority;

use crate::support::{ALB_KEY, BUCKET, alb_line, event, function, pushing_to, s3_event};

/// Sets short waits, for failures that do not go away.
fn hasty(function: LambdaBuilder) -> LambdaBuilder {
    function.env("MAX_RETRIES", "1")
}

#[tokio::test]
async fn a_private_root_certificate_is_trusted_as_text_and_as_a_file() {
    let authority = Authority::new();
    let receiver = Receiver::start_tls(&authority).await;
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), authority.ca_pem()).unwrap();
    let path = file.path().to_str().unwrap();
    // Two root certificates in one text, also on a single line, as some tools write it.
    let two = format!("{}{}", Authority::new().ca_pem(), authority.ca_pem());
    let one_line = authority.ca_pem().replace('\n', "\\n");
    for certificate in [authority.ca_pem(), path, &two, &one_line] {
        receiver.clear();
        let function = pushing_to(&receiver).env("TLS_CA_CERT", certificate);
        function.start().await.invoke(event(&["a"])).await.response();
        assert!(receiver.pushes()[0].tls);
    }
}

#[tokio::test]
async fn the_systems_root_certificates_are_read_when_they_are_needed() {
    let authority = Authority::new();
    let (receiver, plain) = (Receiver::start_tls(&authority).await, Receiver::start().await);
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().join("bundle.pem");
    // The file with the system's root certificates, which does not exist yet.
    let with_bundle = |function: LambdaBuilder| function.env("SSL_CERT_FILE", bundle.to_str().unwrap());

    let mut lambda = with_bundle(pushing_to(&plain)).start().await;
    lambda.invoke(event(&["a"])).await.response();

    let mut lambda = hasty(with_bundle(pushing_to(&receiver))).start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let message = &invocation.error().error_message;
    assert!(message.contains("No CA certificates"), "{message}");
    fs::write(&bundle, authority.ca_pem()).unwrap();
    lambda.invoke(event(&["a"])).await.response();
    fs::remove_file(&bundle).unwrap();
    lambda.invoke(event(&["a"])).await.response();
    assert_eq!(receiver.accepted_count(), 2);
}

#[tokio::test]
async fn a_wrong_root_certificate_is_an_error_that_says_so() {
    let receiver = Receiver::start_tls(&Authority::new()).await;
    let other = Authority::new();
    for function in [
        pushing_to(&receiver).env("TLS_CA_CERT", other.ca_pem()),
        // The system's root certificates do not verify it either.
        pushing_to(&receiver),
    ] {
        let mut lambda = hasty(function).start().await;
        let invocation = lambda.invoke(event(&["a"])).await;
        let message = &invocation.error().error_message;
        assert!(
            message.contains("certificate") && message.contains("UnknownIssuer"),
            "{message}"
        );
        assert_eq!(receiver.accepted_count(), 0);
    }
    let mut lambda = pushing_to(&receiver).env("SKIP_TLS_VERIFY", "true").start().await;
    lambda.invoke(event(&["a"])).await.response();
}

#[tokio::test]
async fn mutual_tls_sends_the_client_certificate() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let receiver = Receiver::start_mutual_tls(&authority, &clients).await;
    let me = clients.client("shipper");
    let trusting = || pushing_to(&receiver).env("TLS_CA_CERT", authority.ca_pem());
    let mut lambda = trusting()
        .env("TLS_CLIENT_CERT", &me.certificate_pem)
        .env("TLS_CLIENT_KEY", &me.key_pem)
        .start()
        .await;
    lambda.invoke(event(&["a"])).await.response();
    assert_eq!(receiver.pushes()[0].client_name.as_deref(), Some("shipper"));

    let mut lambda = hasty(trusting()).start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let message = &invocation.error().error_message;
    assert!(message.contains("ertificate"), "{message}");
    let stranger = Authority::new().client("stranger");
    let mut lambda = hasty(trusting())
        .env("TLS_CLIENT_CERT", &stranger.certificate_pem)
        .env("TLS_CLIENT_KEY", &stranger.key_pem)
        .start()
        .await;
    lambda.invoke(event(&["a"])).await.error();
    assert_eq!(receiver.accepted_count(), 1);
}

#[tokio::test]
async fn a_key_of_another_certificate_is_found_at_the_start() {
    let clients = Authority::new();
    let (one, other) = (clients.client("one"), clients.client("other"));
    let mut lambda = function()
        .env("WRITE_ADDRESS", "https://127.0.0.1:9/push")
        .env("TLS_CLIENT_CERT", &one.certificate_pem)
        .env("TLS_CLIENT_KEY", &other.key_pem)
        .start()
        .await;
    let outcome = lambda.wait_until_ready().await.unwrap_err();
    let text = format!("{outcome:?}");
    assert!(
        text.contains("InitError") && text.contains("KeyMismatch"),
        "{text}"
    );
}

#[tokio::test]
async fn proxies_are_gone_through_but_for_what_needs_none() {
    let authority = Authority::new();
    let receiver = Receiver::start_tls(&authority).await;
    let proxy = Proxy::start().await;
    proxy.require("me", "hunter2");
    let url = proxy.url().replace("http://", "http://me:hunter2@");
    let proxied = || pushing_to(&receiver).env("TLS_CA_CERT", authority.ca_pem());
    for variable in ["HTTPS_PROXY", "https_proxy"] {
        let mut lambda = proxied().env(variable, &url).start().await;
        lambda.invoke(event(&["a"])).await.response();
    }
    assert_eq!(
        proxy.targets(),
        [receiver.address().to_string(), receiver.address().to_string()]
    );

    let mut lambda = proxied()
        .env("HTTPS_PROXY", &url)
        .env("NO_PROXY", "loki.internal,127.0.0.0/8")
        .start()
        .await;
    lambda.invoke(event(&["a"])).await.response();
    assert_eq!((proxy.targets().len(), receiver.accepted_count()), (2, 3));

    let mut lambda = hasty(proxied()).env("HTTPS_PROXY", proxy.url()).start().await;
    let invocation = lambda.invoke(event(&["a"])).await;
    let message = &invocation.error().error_message;
    assert!(message.contains("proxy"), "{message}");
}

/// Only the proxy can resolve the name, for pushes and for S3.
#[tokio::test]
async fn plain_http_has_a_proxy_of_its_own() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, ALB_KEY, alb_line(1, "200") + "\n");
    let loki = Proxy::start_to(receiver.address()).await;
    let mut lambda = function()
        .env("WRITE_ADDRESS", "http://loki.invalid:3100/loki/api/v1/push")
        .env("HTTP_PROXY", loki.url())
        .env("NO_PROXY", "127.0.0.1")
        .env("AWS_ENDPOINT_URL_S3", s3.url())
        .start()
        .await;
    lambda.invoke(s3_event(&[ALB_KEY])).await.response();
    assert_eq!(loki.targets(), ["loki.invalid:3100"]);

    let bucket = Proxy::start_to(s3.url().trim_start_matches("http://").parse().unwrap()).await;
    let mut lambda = pushing_to(&receiver)
        .env("HTTP_PROXY", bucket.url())
        .env("NO_PROXY", "127.0.0.1")
        .env("AWS_ENDPOINT_URL_S3", "http://s3.invalid")
        .start()
        .await;
    lambda.invoke(s3_event(&[ALB_KEY])).await.response();
    assert_eq!(bucket.targets(), ["s3.invalid:80"]);
    assert_eq!(receiver.accepted_count(), 2);
}

/// Every kind of secret, with every kind of error, at the level `debug`.
#[tokio::test]
async fn no_secret_is_in_any_output() {
    let (authority, clients) = (Authority::new(), Authority::new());
    let receiver = Receiver::start_mutual_tls(&authority, &clients).await;
    let s3 = S3::start().await;
    s3.put(BUCKET, ALB_KEY, alb_line(1, "200") + "\n");
    let proxy = Proxy::start().await;
    proxy.require("proxyuser", "proxyhunter");
    let me = clients.client("shipper");
    let key_body: Vec<&str> = me
        .key_pem
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .collect();
    let url = receiver.url().replace("https://", "https://urluser:urlhunter@");
    for (credentials, in_header) in [
        (
            &[("USERNAME", "basicuser"), ("PASSWORD", "basichunter")][..],
            // "basicuser:basichunter" in base64, as in the header.
            "YmFzaWN1c2VyOmJhc2ljaHVudGVy",
        ),
        (&[("BEARER_TOKEN", "bearerhunter")], "bearerhunter"),
    ] {
        for level in ["debug", "info", "warn", "error"] {
            for answers in [
                vec![],
                vec![Answer::status(401).body("who?")],
                vec![Answer::status(500), Answer::reset_after_body(), Answer::garbage()],
            ] {
                receiver.answer_next(answers);
                let mut lambda = function()
                    .env("WRITE_ADDRESS", &url)
                    .env("LOG_LEVEL", level)
                    .env("MAX_RETRIES", "2")
                    .env("MIN_BACKOFF", "1ms")
                    .env("TLS_CA_CERT", authority.ca_pem())
                    .env("TLS_CLIENT_CERT", &me.certificate_pem)
                    .env("TLS_CLIENT_KEY", &me.key_pem)
                    .env(
                        "HTTPS_PROXY",
                        proxy.url().replace("://", "://proxyuser:proxyhunter@"),
                    )
                    .env("AWS_ENDPOINT_URL_S3", s3.url())
                    .env("AWS_SECRET_ACCESS_KEY", "awshunter")
                    .env("AWS_SESSION_TOKEN", "sessionhunter")
                    .envs(credentials.iter().copied())
                    .start()
                    .await;
                let invocation = lambda.invoke(s3_event(&[ALB_KEY])).await;
                let said = format!("{:?}\n{}", invocation.outcome, lambda.logs().join("\n"));
                assert!(
                    !said.contains("hunter") && !said.contains(in_header),
                    "{level}: {said}"
                );
                assert!(!said.contains("basicuser"), "{level}: {said}");
                for line in &key_body {
                    assert!(!said.contains(line), "{level}: {said}");
                }
            }
        }
        let push = receiver.pushes().pop().unwrap();
        let header = push.headers["authorization"].to_str().unwrap();
        assert!(header.contains(in_header), "{header}");
        receiver.clear();
    }
}
