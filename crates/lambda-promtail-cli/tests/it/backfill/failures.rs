//! Objects that fail, and what becomes of the others.

use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;

use super::{BUCKET, Backfill, key, lines};
use crate::support::text;

#[tokio::test]
async fn each_failed_object_is_said_once_and_the_others_are_shipped() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    for number in 0..20 {
        s3.put(
            BUCKET,
            &key("a", number, number as usize),
            lines(number, number as usize, 2),
        );
    }
    let broken = testkit::compress::gzip(b"cut short");
    s3.put(BUCKET, &key("a", 3, 3), broken[..10].to_vec());
    s3.put(BUCKET, "AWSLogs/unknown.txt", "text");
    receiver.answer_with(|push, _| {
        let is_bad = push
            .streams
            .iter()
            .flat_map(|stream| &stream.entries)
            .any(|entry| entry.line.ends_with("of 7"));
        if is_bad {
            Answer::status(400).body("not this one")
        } else {
            Answer::status(204)
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let arguments = ["s3://logs/", "--resume", file.to_str().unwrap()];
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let output = backfill.run(&arguments, &[]).await;
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    let errors: Vec<&str> = said.lines().filter(|line| line.starts_with("error: ")).collect();
    for (key, reason) in [
        (key("a", 3, 3), "gzip is cut short"),
        (key("a", 7, 7), "not this one"),
        ("AWSLogs/unknown.txt".to_owned(), "no known type"),
    ] {
        let of_key: Vec<_> = said.lines().filter(|line| line.contains(&key)).collect();
        assert_eq!(of_key.len(), 1, "{said}");
        assert!(
            of_key[0].starts_with("error: s3://logs/") && of_key[0].contains(reason),
            "{said}"
        );
    }
    assert_eq!(errors.len(), 4, "{said}");
    assert_eq!(
        errors[3],
        "error: 3 objects failed; the same command again ships only these"
    );
    assert_eq!(receiver.accepted_count(), 18 * 2);

    receiver.answer_as_usual();
    s3.put(BUCKET, &key("a", 3, 3), lines(3, 3, 2));
    let output = backfill.run(&arguments, &[("UNKNOWN_S3_TYPE", "skip")]).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!((receiver.accepted_count(), receiver.distinct_count()), (40, 40));
    assert!(
        text(&output.stderr).contains("shipped 2 objects, 4 lines"),
        "{output:?}"
    );
    // All is done, which is no error.
    let output = backfill.run(&arguments, &[("UNKNOWN_S3_TYPE", "skip")]).await;
    assert!(
        output.status.success() && text(&output.stderr).contains("shipped 0 objects"),
        "{output:?}"
    );
}

/// While Loki is down, lines that are much newer must not reach the streams of lines that failed, or Loki would refuse
/// these later.
#[tokio::test]
async fn nothing_newer_is_shipped_to_a_stream_whose_push_failed() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    receiver.keep_lokis_rules();
    for number in 0..40 {
        let minute = number * 60;
        s3.put(
            BUCKET,
            &key("a", minute, number as usize),
            lines(minute, number as usize, 2),
        );
        s3.put(
            BUCKET,
            &key("b", minute, number as usize),
            lines(minute, 100 + number as usize, 2),
        );
    }
    receiver.answer_with(|push, _| {
        let is_bad = push
            .streams
            .iter()
            .flat_map(|stream| &stream.entries)
            .any(|entry| entry.line.ends_with("of 5"));
        if is_bad {
            Answer::status(500)
        } else {
            Answer::status(204)
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let arguments = ["s3://logs/", "--resume", file.to_str().unwrap()];
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let quick = [
        ("MAX_RETRIES", "2"),
        ("MAX_BACKOFF", "10ms"),
        ("MIN_BACKOFF", "1ms"),
    ];
    let output = backfill.run(&arguments, &quick).await;
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(
        said.contains("error: 1 object failed, and 34 were not shipped, so that Loki still accepts"),
        "{said}"
    );
    assert_eq!(receiver.stored_count(), (5 + 40) * 2);

    receiver.answer_as_usual();
    let output = backfill.run(&arguments, &quick).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(receiver.stored_count(), 80 * 2);
}
