//! What the function does before its first event: the connection to Loki, credentials, clients for S3.

use std::time::{Duration, Instant};

use testkit::json_server::JsonServer;
use testkit::lambda::{Lambda, LambdaBuilder};
use testkit::link::Link;
use testkit::proxy::Proxy;
use testkit::receiver::Receiver;
use testkit::s3::{Object, S3};
use testkit::tls::Authority;
use tokio::net::TcpListener;

use crate::support::{ALB_KEY, BUCKET, alb_line, event, function, pushing_to, reading_from, s3_event};

/// The time that an unoptimised function has to become ready, and that is clearly shorter than any time-out.
const SOON: Duration = Duration::from_secs(4);

/// Starts the function, and asserts that it becomes ready soon and without a warning.
async fn ready(function: LambdaBuilder) -> Lambda {
    let started = Instant::now();
    let mut lambda = function.start().await;
    lambda.wait_until_ready().await.unwrap();
    assert!(started.elapsed() < SOON, "{:?}", started.elapsed());
    assert_eq!(lambda.logs(), Vec::<String>::new());
    lambda
}

/// Waits until this many connections of the function have reached the link.
async fn wait_for_connection(link: &Link, count: usize) {
    while link.connections() < count {
        tokio::task::yield_now().await;
    }
}

/// Returns the address of a link with the scheme `https`.
fn https(link: &Link) -> String {
    link.push_url().replace("http:", "https:")
}

#[tokio::test]
async fn the_first_event_finds_a_connection() {
    let receiver = Receiver::start().await;
    let link = Link::start(receiver.address()).await;
    let mut lambda = ready(function().env("WRITE_ADDRESS", link.push_url())).await;
    wait_for_connection(&link, 1).await;
    // No request is sent before the push.
    assert_eq!((link.connections(), receiver.requests()), (1, 0));
    for event_number in 1..=2 {
        let response = lambda.invoke(event(&["a"])).await.response().clone();
        assert_eq!(
            (&response["entries"], &response["retries"]),
            (&1.into(), &0.into())
        );
        assert_eq!((link.connections(), receiver.requests()), (1, event_number));
    }
}

#[tokio::test]
async fn its_handshake_is_done_with_the_client_certificate() {
    let (servers, clients) = (Authority::new(), Authority::new());
    let receiver = Receiver::start_mutual_tls(&servers, &clients).await;
    let link = Link::start(receiver.address()).await;
    let identity = clients.client("promtail");
    let function = function()
        .env("WRITE_ADDRESS", https(&link))
        .env("TLS_CA_CERT", servers.ca_pem())
        .env("TLS_CLIENT_CERT", &identity.certificate_pem)
        .env("TLS_CLIENT_KEY", &identity.key_pem);
    let mut lambda = ready(function).await;
    wait_for_connection(&link, 1).await;
    lambda.invoke(event(&["a"])).await.response();
    assert_eq!(link.connections(), 1);
    assert!(receiver.pushes()[0].tls);
}

#[tokio::test]
async fn the_connection_goes_through_the_proxy() {
    let authority = Authority::new();
    for is_tls in [false, true] {
        let receiver = match is_tls {
            true => Receiver::start_tls(&authority).await,
            false => Receiver::start().await,
        };
        let proxy = Proxy::start_to(receiver.address()).await;
        let link = Link::start(proxy.url().strip_prefix("http://").unwrap().parse().unwrap()).await;
        let proxy_url = format!("http://{}", link.address());
        let scheme = if is_tls { "https" } else { "http" };
        let function = function()
            .env(
                "WRITE_ADDRESS",
                format!("{scheme}://localhost:3100/loki/api/v1/push"),
            )
            .env("TLS_CA_CERT", authority.ca_pem())
            .env("HTTP_PROXY", &proxy_url)
            .env("HTTPS_PROXY", &proxy_url);
        let mut lambda = ready(function).await;
        assert_eq!((link.connections(), receiver.requests()), (1, 0), "{scheme}");
        lambda.invoke(event(&["a"])).await.response();
        assert_eq!((link.connections(), receiver.requests()), (1, 1), "{scheme}");
        assert_eq!(proxy.targets(), ["localhost:3100"]);
    }
}

#[tokio::test]
async fn a_loki_that_is_away_or_hangs_does_not_delay_the_start() {
    let authority = Authority::new();
    // This server accepts connections, and never takes part in a handshake.
    let hanging = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = hanging.local_addr().unwrap().port();
    let address = format!("https://127.0.0.1:{port}/loki/api/v1/push");
    let lambda = ready(
        function()
            .env("WRITE_ADDRESS", address)
            .env("TLS_CA_CERT", authority.ca_pem()),
    )
    .await;
    drop(lambda);

    let receiver = Receiver::start().await;
    receiver.refuse_connections().await;
    let mut lambda = ready(pushing_to(&receiver)).await;
    receiver.accept_connections().await;
    let response = lambda.invoke(event(&["a"])).await.response().clone();
    assert_eq!(
        (&response["entries"], &response["retries"]),
        (&1.into(), &0.into())
    );
}

#[tokio::test]
async fn a_connection_that_died_before_the_first_event_is_replaced() {
    let receiver = Receiver::start().await;
    let link = Link::start(receiver.address()).await;
    for closes in [true, false] {
        let mut lambda = ready(
            function()
                .env("WRITE_ADDRESS", link.push_url())
                .env("TIMEOUT", "1s")
                .env("MAX_RETRIES", "1"),
        )
        .await;
        match closes {
            true => receiver.close_connections().await,
            false => {
                wait_for_connection(&link, 2).await;
                // A connection that is not counted yet dies as soon as it is.
                for _ in 0..1_000 {
                    if link.kill_connections() > 0 {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            }
        }
        let invocation = lambda.invoke(event(&["a"])).await;
        assert_eq!(invocation.response()["entries"], 1, "{:?}", invocation.logs);
        assert!(!invocation.logs.iter().any(|line| line.contains("WARN")));
        lambda.stop().await;
    }
    assert_eq!(receiver.accepted_count(), 2);
}

#[tokio::test]
async fn a_redirected_push_never_takes_the_connection() {
    let (receiver, other) = (Receiver::start().await, Receiver::start().await);
    receiver.answer_always(testkit::receiver::Answer::status(307).header("location", &other.url()));
    let mut lambda = ready(pushing_to(&receiver)).await;
    lambda.invoke(event(&["a"])).await.response();
    assert_eq!((receiver.accepted_count(), other.accepted_count()), (0, 1));
}

#[tokio::test]
async fn secrets_are_fetched_before_the_first_event() {
    let receiver = Receiver::start().await;
    let answer = r#"{"ARN": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-1a2b3c", "SecretString": "t0ken"}"#;
    let failure = (500, "", "{}".to_owned());
    let success = (200, "", answer.to_owned());
    // On a busy machine an unoptimised function may not get there within the time that it waits.
    let mut fetched_before = 0;
    for number in 0..20 {
        let answers = match number % 2 {
            0 => vec![success.clone()],
            _ => vec![failure.clone(), success.clone()],
        };
        let server = JsonServer::start(answers).await;
        let function = pushing_to(&receiver)
            .env("AWS_ENDPOINT_URL_SECRETS_MANAGER", server.url())
            .env(
                "BEARER_TOKEN",
                "arn:aws:secretsmanager:eu-west-1:123456789012:secret:loki-1a2b3c",
            );
        let mut lambda = ready(function).await;
        fetched_before += server.requests().len();
        lambda.invoke(event(&["a"])).await.response();
        if fetched_before > 0 && number > 0 {
            break;
        }
    }
    assert!(fetched_before > 0);
    for push in receiver.pushes() {
        assert_eq!(push.headers["authorization"], "Bearer t0ken");
    }
}

#[tokio::test]
async fn clients_for_s3_are_made_where_objects_will_come() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    s3.put(BUCKET, ALB_KEY, Object::new(alb_line(1, "200")));
    let function = reading_from(&s3, pushing_to(&receiver)).env("ALB_LOG_S3", "elasticloadbalancing");
    let mut lambda = ready(function).await;
    assert_eq!(s3.requests().len(), 0);
    lambda.invoke(s3_event(&[ALB_KEY])).await.response();
    assert_eq!(s3.requests().len(), 1);
}
