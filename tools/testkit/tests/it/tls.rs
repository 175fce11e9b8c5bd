//! Tests of the receiver over TLS with the HTTP client that the function uses.

use reqwest::{Certificate, Client, Identity, Response};
use testkit::receiver::{Answer, Receiver};
use testkit::tls::{Authority, ClientIdentity};

const BODY: &str = r#"{"streams":[{"stream":{"a":"b"},"values":[["1","x"]]}]}"#;

fn client(trusted: &Authority, identity: Option<&ClientIdentity>) -> Client {
    let trusted = Certificate::from_pem(trusted.ca_pem().as_bytes()).unwrap();
    let mut builder = Client::builder().no_proxy().tls_certs_only([trusted]);
    if let Some(identity) = identity {
        let pem = format!("{}\n{}", identity.certificate_pem, identity.key_pem);
        builder = builder.identity(Identity::from_pem(pem.as_bytes()).unwrap());
    }
    builder.build().unwrap()
}

async fn push(client: &Client, url: &str) -> reqwest::Result<Response> {
    let request = client.post(url).header("Content-Type", "application/json");
    request.body(BODY).send().await
}

/// Returns the error with its causes.
fn error_chain(error: reqwest::Error) -> String {
    format!("{error:?}")
}

#[tokio::test]
async fn the_server_certificate_is_checked() {
    let authority = Authority::new();
    let receiver = Receiver::start_tls(&authority).await;
    let url = receiver.url();
    assert!(url.starts_with("https://127.0.0.1:"), "{url}");
    let trusting = client(&authority, None);
    assert_eq!(push(&trusting, &url).await.unwrap().status(), 204);
    let by_name = url.replace("127.0.0.1", "localhost");
    assert_eq!(push(&trusting, &by_name).await.unwrap().status(), 204);
    let pushes = receiver.pushes();
    assert_eq!((pushes.len(), pushes[1].tls), (2, true));
    assert_eq!(pushes[0].client_name, None);

    let distrusting = client(&Authority::new(), None);
    let error = push(&distrusting, &url).await.unwrap_err();
    assert!(error.is_connect());
    let error = error_chain(error);
    assert!(error.contains("UnknownIssuer"), "{error}");
    assert!(push(&trusting, &url.replace("https", "http")).await.is_err());
    assert_eq!(receiver.requests(), 2);

    let plain = Receiver::start().await;
    push(&trusting, &plain.url()).await.unwrap();
    assert!(!plain.pushes()[0].tls);
}

#[tokio::test]
async fn the_client_needs_a_certificate() {
    let (servers, clients) = (Authority::new(), Authority::new());
    let receiver = Receiver::start_mutual_tls(&servers, &clients).await;
    let url = receiver.url();
    let known = clients.client("promtail");
    let pushed = push(&client(&servers, Some(&known)), &url).await;
    assert_eq!(pushed.unwrap().status(), 204);
    let push_of_known = &receiver.pushes()[0];
    assert_eq!(push_of_known.client_name.as_deref(), Some("promtail"));
    assert!(push_of_known.tls);

    let unknown = Authority::new().client("promtail");
    let other_side = servers.client("promtail");
    for (identity, reason) in [
        (None, "CertificateRequired"),
        (Some(&unknown), "UnknownCA"),
        (Some(&other_side), "UnknownCA"),
    ] {
        let error = push(&client(&servers, identity), &url).await.unwrap_err();
        let error = error_chain(error);
        assert!(error.contains(reason), "{error}");
    }
    assert_eq!(receiver.requests(), 1);
}

#[tokio::test]
async fn the_given_number_of_handshakes_fails() {
    let authority = Authority::new();
    let receiver = Receiver::start_tls(&authority).await;
    let client = client(&authority, None);
    receiver.fail_handshakes(2);
    for _ in 0..2 {
        let error = push(&client, &receiver.url()).await.unwrap_err();
        assert!(error.is_connect());
        let error = error_chain(error);
        assert!(error.contains("handshake"), "{error}");
    }
    assert_eq!(receiver.requests(), 0);
    assert_eq!(push(&client, &receiver.url()).await.unwrap().status(), 204);

    receiver.fail_handshakes(2);
    receiver.answer_as_usual();
    receiver.close_connections().await;
    assert_eq!(push(&client, &receiver.url()).await.unwrap().status(), 204);
}

#[tokio::test]
async fn the_script_is_followed_over_tls() {
    let authority = Authority::new();
    let receiver = Receiver::start_tls(&authority).await;
    let client = client(&authority, None);
    receiver.answer_next([
        Answer::garbage(),
        Answer::reset_after_body(),
        Answer::lost(),
        Answer::status(429).header("Retry-After", "1"),
    ]);
    for _ in 0..3 {
        assert!(push(&client, &receiver.url()).await.is_err());
    }
    assert_eq!(push(&client, &receiver.url()).await.unwrap().status(), 429);
    assert_eq!((receiver.requests(), receiver.accepted_count()), (4, 1));
}
