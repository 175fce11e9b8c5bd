//! Tests of the proxy with the HTTP client that the function uses.

use bytes::Bytes;
use http::Request;
use reqwest::{Certificate, Client, Response};
use testkit::loopback;
use testkit::proxy::Proxy;
use testkit::receiver::Receiver;
use testkit::tls::Authority;

const BODY: &str = r#"{"streams":[{"stream":{"a":"b"},"values":[["1","x"]]}]}"#;

fn client(proxy: reqwest::Proxy, trusted: &Authority) -> Client {
    let trusted = Certificate::from_pem(trusted.ca_pem().as_bytes()).unwrap();
    let builder = Client::builder().proxy(proxy).tls_certs_only([trusted]);
    builder.build().unwrap()
}

async fn push(client: &Client, url: &str) -> reqwest::Result<Response> {
    let request = client.post(url).header("Content-Type", "application/json");
    request.body(BODY).send().await
}

#[tokio::test]
async fn plain_requests_are_passed_on() {
    let receiver = Receiver::start().await;
    let proxy = Proxy::start_to(receiver.address()).await;
    let client = client(reqwest::Proxy::all(proxy.url()).unwrap(), &Authority::new());
    for url in [
        "http://loki.example/loki/api/v1/push",
        "http://loki.example:3100/loki/api/v1/push?x=1",
    ] {
        assert_eq!(push(&client, url).await.unwrap().status(), 204);
    }
    assert_eq!(proxy.targets(), ["loki.example:80", "loki.example:3100"]);
    let pushes = receiver.pushes();
    assert_eq!(pushes[0].headers["host"], "loki.example");
    assert_eq!(pushes[1].headers["host"], "loki.example:3100");
    assert_eq!(receiver.accepted_count(), 2);

    receiver.refuse_connections().await;
    let answer = push(&client, "http://loki.example/loki/api/v1/push").await;
    assert_eq!(answer.unwrap().status(), 502);
    let direct = Request::get(proxy.url()).body(Bytes::new()).unwrap();
    assert_eq!(loopback::send(direct).await.unwrap().status(), 400);
}

#[tokio::test]
async fn tls_goes_through_a_tunnel() {
    let authority = Authority::new();
    let receiver = Receiver::start_tls(&authority).await;
    let proxy = Proxy::start().await;
    let client = client(reqwest::Proxy::all(proxy.url()).unwrap(), &authority);
    let url = receiver.url().replace("127.0.0.1", "localhost");
    for _ in 0..2 {
        assert_eq!(push(&client, &url).await.unwrap().status(), 204);
    }
    let target = format!("localhost:{}", receiver.address().port());
    assert_eq!(proxy.targets(), [target], "both pushes went through one tunnel");
    assert!(receiver.pushes()[1].tls);

    drop(proxy);
    assert!(push(&client, &url).await.is_err());
    assert_eq!(receiver.requests(), 2);
}

#[tokio::test]
async fn requests_without_credentials_are_refused() {
    let authority = Authority::new();
    let receiver = Receiver::start().await;
    let secure = Receiver::start_tls(&authority).await;
    let proxy = Proxy::start().await;
    proxy.require("user", "pass:word");
    let through = || reqwest::Proxy::all(proxy.url()).unwrap();

    for wrong in [through(), through().basic_auth("user", "word")] {
        let client = client(wrong, &authority);
        let answer = push(&client, &receiver.url()).await.unwrap();
        assert_eq!(answer.status(), 407);
        assert!(answer.headers().contains_key("proxy-authenticate"));
        assert!(push(&client, &secure.url()).await.unwrap_err().is_connect());
    }
    assert_eq!((receiver.requests(), secure.requests()), (0, 0));
    assert_eq!(proxy.targets().len(), 4);

    let client = client(through().basic_auth("user", "pass:word"), &authority);
    for receiver in [&receiver, &secure] {
        assert_eq!(push(&client, &receiver.url()).await.unwrap().status(), 204);
        let headers = &receiver.pushes()[0].headers;
        assert!(
            !headers.contains_key("proxy-authorization"),
            "it is the proxy's alone"
        );
    }
}
