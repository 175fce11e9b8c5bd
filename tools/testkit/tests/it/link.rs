//! A link keeps its speed limit, and its connections can die unnoticed.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use testkit::link::Link;
use testkit::loopback::{self, Connection};
use testkit::receiver::Receiver;
use tokio::time::timeout;

/// Returns a request with a body of `bytes` bytes. The receiver refuses it, so there is a response.
fn request(bytes: usize) -> Request<Bytes> {
    Request::post("http://127.0.0.1:1/loki/api/v1/push")
        .body(vec![b'x'; bytes].into())
        .unwrap()
}

#[tokio::test]
async fn a_slow_link_keeps_its_speed_limit() {
    let receiver = Receiver::start().await;
    let link = Link::start(receiver.address()).await;
    link.limit_speed(20_000);
    let started = Instant::now();
    let mut connection = Connection::open(&link.address().to_string()).await.unwrap();
    assert_eq!(connection.send(request(4_000)).await.unwrap().status(), 400);
    assert!(started.elapsed() >= Duration::from_millis(200));
    link.limit_speed(0);
    assert_eq!(connection.send(request(4_000_000)).await.unwrap().status(), 400);
}

#[tokio::test]
async fn connections_die_unnoticed() {
    let receiver = Receiver::start().await;
    let link = Link::start(receiver.address()).await;
    let mut connection = Connection::open(&link.address().to_string()).await.unwrap();
    assert_eq!(connection.send(request(10)).await.unwrap().status(), 400);
    assert_eq!(link.kill_connections(), 1);
    let dead = timeout(Duration::from_millis(200), connection.send(request(10)));
    dead.await.unwrap_err();
    let url = format!("http://{}/loki/api/v1/push", link.address());
    let other = Request::post(url).body(Bytes::from_static(b"x")).unwrap();
    assert_eq!(loopback::send(other).await.unwrap().status(), 400);
}
