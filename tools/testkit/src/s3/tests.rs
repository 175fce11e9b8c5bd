//! The S3 server responds as S3 does, and fails as its script says.

use bytes::Bytes;
use http::{Request, Response};

use super::{Answer, Object, S3};
use crate::loopback;

async fn ask(
    s3: &S3,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
) -> std::io::Result<Response<Bytes>> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}{path}", s3.url()));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    loopback::send(request.body(Bytes::new()).unwrap()).await
}

fn text(answer: &Response<Bytes>) -> &str {
    str::from_utf8(answer.body()).unwrap()
}

#[tokio::test]
async fn objects_and_their_parts() {
    let s3 = S3::start().await;
    let object = Object::new("0123456789")
        .last_modified(1_772_600_767)
        .etag("\"e\"");
    s3.put("b", "a/key with ü", object);
    let path = "/b/a/key%20with%20%C3%BC?x-id=GetObject";

    let answer = ask(&s3, "GET", path, &[]).await.unwrap();
    assert_eq!((answer.status().as_u16(), text(&answer)), (200, "0123456789"));
    assert_eq!(answer.headers()["last-modified"], "Wed, 04 Mar 2026 05:06:07 GMT");
    assert_eq!(answer.headers()["etag"], "\"e\"");
    assert_eq!(answer.headers()["content-length"], "10");

    for (range, expected, content_range) in [
        ("bytes=4-", "456789", "bytes 4-9/10"),
        ("bytes=4-6", "456", "bytes 4-6/10"),
        ("bytes=4-99", "456789", "bytes 4-9/10"),
    ] {
        let headers = [("range", range), ("if-match", "\"e\"")];
        let answer = ask(&s3, "GET", path, &headers).await.unwrap();
        assert_eq!((answer.status().as_u16(), text(&answer)), (206, expected));
        assert_eq!(answer.headers()["content-range"], content_range);
    }
    let answer = ask(&s3, "HEAD", path, &[]).await.unwrap();
    assert_eq!((answer.status().as_u16(), text(&answer)), (200, ""));
    assert_eq!(answer.headers()["content-length"], "10");

    let requests = s3.requests();
    assert_eq!((requests.len(), requests[0].bucket.as_str()), (5, "b"));
    assert_eq!(requests[0].key, "a/key with ü");
    assert_eq!(requests[1].range.as_deref(), Some("bytes=4-"));
}

#[tokio::test]
async fn what_s3_refuses_is_refused() {
    let s3 = S3::start().await;
    s3.put("b", "k", "text");
    for (method, path, header, status, code) in [
        ("GET", "/b/other", ("x", ""), 404, "NoSuchKey"),
        ("GET", "/other/k", ("x", ""), 404, "NoSuchBucket"),
        ("GET", "/b/k", ("range", "bytes=4-"), 416, "InvalidRange"),
        ("GET", "/b/k", ("if-match", "\"old\""), 412, "PreconditionFailed"),
        ("PUT", "/b/k", ("x", ""), 405, "MethodNotAllowed"),
    ] {
        let answer = ask(&s3, method, path, &[header]).await.unwrap();
        assert_eq!(answer.status().as_u16(), status);
        assert!(
            text(&answer).contains(&format!("<Code>{code}</Code>")),
            "{}",
            text(&answer)
        );
    }
}

#[tokio::test]
async fn a_listing_has_the_keys_of_a_prefix_in_pages() {
    let s3 = S3::start().await;
    for number in 0..1001 {
        s3.put("b", &format!("a/{number:04}"), "text");
    }
    s3.put("b", "a/new\nline and+plus", "text");
    s3.put("b", "other", "text");
    let first = ask(&s3, "GET", "/b/?list-type=2&prefix=a%2F", &[]).await.unwrap();
    let first = text(&first);
    assert_eq!(first.matches("<Key>").count(), 1000);
    assert!(first.contains("<IsTruncated>true</IsTruncated>"), "{first}");
    let token = "<NextContinuationToken>a/0999</NextContinuationToken>";
    assert!(first.contains(token), "{first}");
    let path = "/b?list-type=2&prefix=a%2F&continuation-token=a%2F0999";
    let last = ask(&s3, "GET", path, &[]).await.unwrap();
    let last = text(&last);
    assert!(last.contains("<IsTruncated>false</IsTruncated>"), "{last}");
    assert!(last.contains("<Key>a/1000</Key>"), "{last}");
    assert!(last.contains("<Key>a/new%0Aline+and%2Bplus</Key>"), "{last}");
    assert!(!last.contains("other"), "{last}");
    assert_eq!(
        s3.requests()[1].list.as_ref().unwrap().after.as_deref(),
        Some("a/0999")
    );

    let missing = ask(&s3, "GET", "/none?list-type=2", &[]).await.unwrap();
    assert!(text(&missing).contains("NoSuchBucket"));
}

#[tokio::test]
async fn the_script_is_followed_in_order() {
    let s3 = S3::start().await;
    s3.put("b", "k", "old");
    s3.answer_next([
        Answer::slow_down(),
        Answer::reset(),
        Answer::reset_after(1),
        Answer::close_after(2),
        Answer::serve().then("new"),
    ]);
    let answer = ask(&s3, "GET", "/b/k", &[]).await.unwrap();
    assert_eq!(answer.status(), 503);
    for _ in 0..3 {
        assert!(ask(&s3, "GET", "/b/k", &[]).await.is_err());
    }
    assert_eq!(text(&ask(&s3, "GET", "/b/k", &[]).await.unwrap()), "old");
    assert_eq!(text(&ask(&s3, "GET", "/b/k", &[]).await.unwrap()), "new");
    s3.remove("b", "k");
    assert_eq!(ask(&s3, "GET", "/b/k", &[]).await.unwrap().status(), 404);
    let statuses: Vec<_> = s3
        .requests()
        .iter()
        .map(|request| request.status.map(|s| s.as_u16()))
        .collect();
    let expected = [
        Some(503),
        None,
        Some(200),
        Some(200),
        Some(200),
        Some(200),
        Some(404),
    ];
    assert_eq!(statuses, expected);

    s3.answer_next([Answer::slow_down()]);
    s3.answer_always(Answer::reset());
    s3.answer_as_usual();
    assert_eq!(ask(&s3, "GET", "/b/k", &[]).await.unwrap().status(), 404);
}
