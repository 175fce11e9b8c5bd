//! The receiver decodes both body formats, follows its script, and refuses what Loki refuses.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use loki_push::{Batch, Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp};
use testkit::loopback::{self, Connection};
use testkit::receiver::{Accepted, Answer, Receiver};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn request(receiver: &Receiver, encoding: Encoding, lines: &[&str]) -> Request<Bytes> {
    let labels = Arc::new(LabelSet::from_iter([("a", "say \"x\""), ("a1", "2")]));
    let mut batch = Batch::new(encoding, None, &Buffers::new(1024));
    for line in lines {
        let entry = Entry {
            labels: Arc::clone(&labels),
            timestamp: Timestamp::from_unix_millis(1_700_000_000_123).unwrap(),
            line: Cow::Borrowed(line),
            metadata: vec![("k".to_owned(), "v".to_owned())],
        };
        batch.add(&entry, ItemId(0));
    }
    Request::post(receiver.url())
        .header("Content-Type", encoding.content_type())
        .header("X-Scope-OrgID", "blue")
        .body(batch.pack().unwrap().body().bytes.clone())
        .unwrap()
}

async fn push(receiver: &Receiver, line: &str) -> std::io::Result<Response<Bytes>> {
    loopback::send(request(receiver, Encoding::Protobuf, &[line])).await
}

async fn refusal(receiver: &Receiver, content_type: &str, body: &'static [u8]) -> (u16, String) {
    let request = Request::post(receiver.url())
        .header("Content-Type", content_type)
        .body(Bytes::from_static(body))
        .unwrap();
    let answer = loopback::send(request).await.unwrap();
    let body = String::from_utf8(answer.body().to_vec()).unwrap();
    (answer.status().as_u16(), body)
}

#[tokio::test]
async fn both_bodies_decode_to_the_same() {
    let receiver = Receiver::start().await;
    for encoding in [Encoding::Protobuf, Encoding::Json] {
        let answer = loopback::send(request(&receiver, encoding, &["one", "two"])).await;
        assert_eq!(answer.unwrap().status(), 204);
    }

    let pushes = receiver.pushes();
    assert_eq!(pushes[0].encoding, Encoding::Protobuf);
    assert_eq!(pushes[1].encoding, Encoding::Json);
    assert_eq!(pushes[0].streams, pushes[1].streams);
    assert_eq!(pushes[1].wire_bytes, pushes[1].decoded_bytes);
    assert_eq!(pushes[0].status.unwrap(), 204);
    assert_eq!(pushes[0].headers["content-type"], "application/x-protobuf");

    let accepted = receiver.accepted();
    assert_eq!(accepted.len(), 4);
    assert_eq!(accepted[0].tenant.as_deref(), Some("blue"));
    assert_eq!(accepted[0].labels, r#"{a1="2", a="say \"x\""}"#);
    assert_eq!(accepted[0].timestamp_ns, 1_700_000_000_123_000_000);
    assert_eq!(accepted[0].line, "one");
    assert_eq!(accepted[0].metadata, [("k".to_owned(), "v".to_owned())]);
    assert_eq!((receiver.accepted_count(), receiver.distinct_count()), (4, 2));
}

#[tokio::test]
async fn the_script_is_followed_in_order() {
    let receiver = Receiver::start().await;
    receiver.answer_next([
        Answer::status(500).body("broken"),
        Answer::status(429).header("Retry-After", "2"),
        Answer::status(260),
    ]);
    receiver.answer_with(|push, before| {
        assert_eq!(push.streams[0].entries[0].line, "line");
        Answer::status(200 + u16::try_from(before).unwrap())
    });

    let answer = push(&receiver, "line").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.body().as_ref()),
        (500, &b"broken"[..])
    );
    let answer = push(&receiver, "line").await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["retry-after"]),
        (429, &"2".parse().unwrap())
    );
    assert_eq!(push(&receiver, "line").await.unwrap().status(), 260);
    assert_eq!(receiver.accepted_count(), 0);
    assert_eq!(push(&receiver, "line").await.unwrap().status(), 203);
    receiver.answer_always(Answer::status(400));
    assert_eq!(push(&receiver, "line").await.unwrap().status(), 400);
    assert_eq!((receiver.requests(), receiver.accepted_count()), (5, 1));

    receiver.clear();
    assert_eq!((receiver.requests(), receiver.accepted_count()), (0, 0));
    assert!(receiver.pushes().is_empty());
}

#[tokio::test]
async fn a_script_can_be_reset() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::reset(), Answer::status(429)]);
    receiver.answer_always(Answer::status(400));
    receiver.answer_as_usual();
    for _ in 0..3 {
        assert_eq!(push(&receiver, "line").await.unwrap().status(), 204);
    }
}

#[tokio::test]
async fn resets_and_hangs_end_without_a_response() {
    let receiver = Receiver::start().await;
    receiver.answer_next([
        Answer::reset(),
        Answer::reset_after_body(),
        Answer::lost(),
        Answer::hang(),
        Answer::status(204).delay(Duration::from_millis(200)),
    ]);
    assert!(push(&receiver, "reset").await.is_err());
    assert!(push(&receiver, "reset after body").await.is_err());
    assert!(push(&receiver, "lost").await.is_err());
    let hanging = tokio::time::timeout(Duration::from_millis(200), push(&receiver, "hang"));
    assert!(hanging.await.is_err());
    receiver.wait_for_requests(4).await;
    let started = Instant::now();
    assert_eq!(push(&receiver, "slow").await.unwrap().status(), 204);
    assert!(started.elapsed() >= Duration::from_millis(200));

    let accepted = receiver.accepted().into_iter().map(|entry| entry.line);
    assert_eq!(accepted.collect::<Vec<_>>(), ["lost", "slow"]);
    assert_eq!((receiver.requests(), receiver.pushes().len()), (5, 4));
}

#[tokio::test]
async fn pushes_that_loki_refuses_are_refused() {
    let receiver = Receiver::start().await;
    let json = "application/json";
    let (status, text) = refusal(&receiver, "application/x-protobuf", b"\0").await;
    assert_eq!(status, 422);
    assert_eq!(
        text,
        "error at least one valid stream is required for ingestion\n"
    );
    assert_eq!(refusal(&receiver, json, br#"{"streams":[]}"#).await.0, 422);
    for (content_type, body) in [
        ("", &b"\0"[..]),
        ("text/plain", b"\0"),
        ("application/x-protobuf", b"not snappy"),
        (json, b""),
        (json, b"{"),
        (json, br#"{"streams":[{"stream":{"a":"b"},"values":[[1,"x"]]}]}"#),
        (json, br#"{"streams":[{"stream":{"a":"b"},"values":[["1",2]]}]}"#),
        (
            json,
            br#"{"streams":[{"stream":{"a":"b"},"values":[["1","x",{"k":1}]]}]}"#,
        ),
        (
            json,
            br#"{"streams":[{"stream":{"a-b":"c"},"values":[["1","x"]]}]}"#,
        ),
        (
            json,
            br#"{"streams":[{"stream":{"__tenant_id__":"c"},"values":[["1","x"]]}]}"#,
        ),
    ] {
        let (status, text) = refusal(&receiver, content_type, body).await;
        assert_eq!(status, 400, "{content_type} {}: {text}", body.escape_ascii());
    }
    assert_eq!((receiver.requests(), receiver.pushes().len()), (12, 0));
}

#[tokio::test]
async fn connections_are_kept_until_they_are_closed() {
    let receiver = Receiver::counting().await;
    let authority = receiver.url().split('/').nth(2).unwrap().to_owned();
    let mut connection = Connection::open(&authority).await.unwrap();
    for _ in 0..3 {
        let request = request(&receiver, Encoding::Json, &["same", "other"]);
        assert_eq!(connection.send(request).await.unwrap().status(), 204);
    }
    assert_eq!((receiver.accepted_count(), receiver.distinct_count()), (6, 2));
    assert_eq!(receiver.accepted_line_bytes(), 27);
    assert!(receiver.pushes().is_empty());

    receiver.close_connections().await;
    let again = request(&receiver, Encoding::Json, &["x"]);
    assert!(connection.send(again).await.is_err());
    assert_eq!(push(&receiver, "x").await.unwrap().status(), 204);
}

#[tokio::test]
async fn garbage_is_not_a_response() {
    let receiver = Receiver::start().await;
    receiver.answer_next([Answer::garbage().delay(Duration::from_millis(200))]);
    let mut stream = TcpStream::connect(receiver.address()).await.unwrap();
    let request = request(&receiver, Encoding::Protobuf, &["line"]);
    let mut head = "POST /loki/api/v1/push HTTP/1.1\r\nHost: loki\r\n".to_owned();
    for (name, value) in request.headers() {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    head.push_str(&format!("Content-Length: {}\r\n\r\n", request.body().len()));
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(request.body()).await.unwrap();

    let started = Instant::now();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(!answer.is_empty() && !answer.starts_with(b"HTTP/"), "{answer:?}");
    assert!(started.elapsed() >= Duration::from_millis(200));
    assert_eq!(
        (receiver.accepted_count(), receiver.pushes()[0].status),
        (0, None)
    );

    receiver.answer_next([Answer::garbage()]);
    assert!(push(&receiver, "line").await.is_err());
    assert_eq!(push(&receiver, "line").await.unwrap().status(), 204);
}

#[tokio::test]
async fn connecting_is_refused_until_the_port_is_open_again() {
    let receiver = Receiver::start().await;
    let url = receiver.url();
    let mut kept = Connection::open(&receiver.address().to_string()).await.unwrap();
    assert_eq!(push(&receiver, "before").await.unwrap().status(), 204);
    for _ in 0..2 {
        receiver.refuse_connections().await;
        receiver.refuse_connections().await;
        let refused = push(&receiver, "meanwhile").await.unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
        let open = request(&receiver, Encoding::Json, &["on an open connection"]);
        assert_eq!(kept.send(open).await.unwrap().status(), 204);

        receiver.accept_connections().await;
        receiver.accept_connections().await;
        assert_eq!(push(&receiver, "after").await.unwrap().status(), 204);
    }
    assert_eq!((receiver.requests(), receiver.url()), (5, url));
}

#[tokio::test]
async fn concurrent_requests_are_counted() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::status(204).delay(Duration::from_millis(300)));
    let (one, two, three) = tokio::join!(push(&receiver, "1"), push(&receiver, "2"), push(&receiver, "3"));
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(receiver.most_in_flight(), 3);

    receiver.clear();
    assert_eq!(receiver.most_in_flight(), 0);
    receiver.answer_always(Answer::status(204));
    for _ in 0..3 {
        push(&receiver, "alone").await.unwrap();
    }
    assert_eq!(receiver.most_in_flight(), 1);
}

/// Returns a push of a stream with an entry at each of the given seconds.
fn at_seconds(receiver: &Receiver, seconds: &[i64]) -> Request<Bytes> {
    let labels = Arc::new(LabelSet::from_iter([("a", "x")]));
    let mut batch = Batch::new(Encoding::Json, None, &Buffers::new(1024));
    for second in seconds {
        let entry = Entry {
            labels: Arc::clone(&labels),
            timestamp: Timestamp::from_unix_millis(second * 1_000).unwrap(),
            line: Cow::Owned(second.to_string()),
            metadata: Vec::new(),
        };
        batch.add(&entry, ItemId(0));
    }
    Request::post(receiver.url())
        .header("Content-Type", Encoding::Json.content_type())
        .body(batch.pack().unwrap().body().bytes.clone())
        .unwrap()
}

#[tokio::test]
async fn with_lokis_rules_entries_that_are_too_far_behind_are_refused_alone() {
    let receiver = Receiver::start().await;
    receiver.keep_lokis_rules();
    let answer = loopback::send(at_seconds(&receiver, &[10_000])).await.unwrap();
    assert_eq!(answer.status(), 204);
    receiver.clear();
    let answer = loopback::send(at_seconds(&receiver, &[6_399, 6_400]))
        .await
        .unwrap();
    assert_eq!(answer.status(), 400);
    assert_eq!(
        answer.body(),
        "entry with timestamp 1970-01-01 01:46:39 +0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: \
         1970-01-01T01:46:39Z, oldest acceptable timestamp is: 1970-01-01T01:46:40Z',\n\
         user 'fake', total ignored: 1 out of 2 for stream: {a=\"x\", service_name=\"unknown_service\"}\n"
    );
    let push = &receiver.pushes()[0];
    assert!(!push.is_accepted());
    assert_eq!(push.refused.len(), 1);
    let lines = |entries: Vec<Accepted>| entries.into_iter().map(|entry| entry.line).collect::<Vec<_>>();
    assert_eq!(lines(receiver.accepted()), ["6400"]);
    assert_eq!(receiver.distinct_count(), 1);
    assert_eq!(receiver.stored_count(), 2);
}

#[tokio::test]
async fn with_lokis_rules_a_repeated_entry_is_stored_once() {
    let receiver = Receiver::counting().await;
    receiver.keep_lokis_rules();
    for _ in 0..2 {
        let answer = loopback::send(at_seconds(&receiver, &[1, 2])).await.unwrap();
        assert_eq!(answer.status(), 204);
    }
    receiver.answer_next([Answer::status(500), Answer::lost()]);
    assert_eq!(
        loopback::send(at_seconds(&receiver, &[3]))
            .await
            .unwrap()
            .status(),
        500
    );
    loopback::send(at_seconds(&receiver, &[4])).await.unwrap_err();
    let mut lines: Vec<String> = receiver.stored().into_iter().map(|entry| entry.line).collect();
    lines.sort();
    assert_eq!(lines, ["1", "2", "4"]);
}
