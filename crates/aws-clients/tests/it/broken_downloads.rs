//! Downloads that break and continue from where they stopped.

use aws_clients::{DownloadError, S3ClientSettings};
use testkit::s3::{Answer, Object, S3};

use crate::support::compress::gzip;
use crate::support::{BUCKET, lines, text};

/// Starts a server with an object that takes more than one read.
async fn started() -> (S3, String) {
    let s3 = S3::start().await;
    let text = lines(50_000);
    s3.put(BUCKET, "k", Object::new(gzip(text.as_bytes())).etag("\"state\""));
    (s3, text)
}

#[tokio::test]
async fn each_break_is_mended_by_range() {
    for broken in [Answer::reset_after, Answer::close_after, Answer::stall_after] {
        let (s3, expected) = started().await;
        s3.answer_next([broken(70_000)]);
        let (read, error) = text(&s3, "k").await;
        assert!(error.is_none(), "{error:?}");
        assert!(read == expected);

        let requests = s3.requests();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[1].range.as_deref(), Some("bytes=70000-"));
        assert_eq!(requests[1].if_match.as_deref(), Some("\"state\""));
        assert_eq!(requests[1].status.unwrap(), 206);
    }
}

#[tokio::test]
async fn a_break_before_the_first_byte() {
    let (s3, expected) = started().await;
    s3.answer_next([Answer::reset_after(0)]);
    let (read, error) = text(&s3, "k").await;
    assert!(error.is_none() && read == expected, "{error:?}");
    let requests = s3.requests();
    assert_eq!((requests.len(), requests[1].range.as_ref()), (2, None));
    assert_eq!(requests[1].if_match.as_deref(), Some("\"state\""));
}

#[tokio::test]
async fn several_breaks_and_a_throttled_request_between() {
    let (s3, expected) = started().await;
    s3.answer_next([
        Answer::reset_after(1000),
        Answer::slow_down(),
        Answer::close_after(500),
        Answer::stall_after(1),
    ]);
    let (read, error) = text(&s3, "k").await;
    assert!(error.is_none() && read == expected, "{error:?}");
    let ranges: Vec<_> = s3.requests().into_iter().map(|request| request.range).collect();
    assert_eq!(
        ranges
            .iter()
            .map(|range| range.as_deref().unwrap_or(""))
            .collect::<Vec<_>>(),
        ["", "bytes=1000-", "bytes=1000-", "bytes=1500-", "bytes=1501-"]
    );
}

#[tokio::test]
async fn it_does_not_go_on_for_ever() {
    let (s3, expected) = started().await;
    s3.answer_next([Answer::reset_after(70_000)]);
    s3.answer_always(Answer::reset_after(0));
    let (read, error) = text(&s3, "k").await;
    assert!(
        !read.is_empty() && expected.starts_with(&read),
        "the good bytes come first"
    );
    let error = error.unwrap();
    assert!(
        matches!(
            &error,
            DownloadError::Broken {
                offset: 70_000,
                breaks: 4,
                ..
            }
        ),
        "{error:?}"
    );
    let words = error.to_string();
    let start = "s3://logs/k: download broke 4 time(s), last after 70000 of ";
    assert!(words.starts_with(start), "{words}");
    assert_eq!(s3.requests().len(), 4);
}

#[tokio::test]
async fn an_object_that_gets_on_may_break_more_often() {
    let s3 = S3::start().await;
    let expected = lines(500_000);
    s3.put(BUCKET, "k", expected.clone());
    s3.answer_always(Answer::close_after(S3ClientSettings::PROGRESS));
    let (read, error) = text(&s3, "k").await;
    assert!(error.is_none() && read == expected, "{error:?}");
    assert!(s3.requests().len() > 10);
}

#[tokio::test]
async fn another_object_in_its_place_is_not_mixed_in() {
    let (s3, expected) = started().await;
    s3.answer_next([Answer::reset_after(70_000).then("something else")]);
    let (read, error) = text(&s3, "k").await;
    assert!(!read.is_empty() && expected.starts_with(&read));
    assert_eq!(
        error.unwrap().to_string(),
        "s3://logs/k: changed while it was read: after 70000 bytes it is no longer the same object"
    );
}

#[tokio::test]
async fn access_taken_away_in_the_middle() {
    let (s3, expected) = started().await;
    s3.answer_next([Answer::reset_after(70_000), Answer::access_denied()]);
    let (read, error) = text(&s3, "k").await;
    assert!(!read.is_empty() && expected.starts_with(&read));
    assert!(
        matches!(error, Some(DownloadError::AccessDenied { .. })),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_without_ranges() {
    let (s3, expected) = started().await;
    s3.answer_next([Answer::reset_after(70_000), Answer::ignore_range()]);
    let (read, error) = text(&s3, "k").await;
    assert!(!read.is_empty() && expected.starts_with(&read));
    let words = error.unwrap().to_string();
    assert!(
        words.ends_with("the server does not give bytes from 70000 on"),
        "{words}"
    );
}

#[tokio::test]
async fn bytes_that_are_not_those_stored() {
    let s3 = S3::start().await;
    s3.put(
        BUCKET,
        "k",
        Object::new("altered").header("x-amz-checksum-crc32", "AAAAAA=="),
    );
    let (read, error) = text(&s3, "k").await;
    assert_eq!(read, "altered");
    let words = error.unwrap().to_string();
    assert!(
        words.contains("after 7 of 7 bytes: ") && words.contains("checksum"),
        "{words}"
    );
    assert_eq!(
        s3.requests().len(),
        1,
        "to read it again would give the same lines again"
    );
}
