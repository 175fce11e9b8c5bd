//! What is listed, and what is said of it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use testkit::receiver::Receiver;
use testkit::s3::{Object, S3};

use super::{BUCKET, Backfill, key, lines};
use crate::support::text;

#[tokio::test]
async fn all_objects_of_a_prefix_are_shipped_oldest_first() {
    // If not all of them are held in memory, the bucket is listed more than once.
    for (hold, listings) in [("1000000", 1), ("30", 1), ("7", 5), ("1", 30)] {
        oldest_first(hold, listings).await;
    }
}

async fn oldest_first(hold: &str, listings: usize) {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    let mut expected = BTreeSet::new();
    for number in 0..30 {
        // The order of the keys is not that of the dates.
        let minute = [1000, 20, 400][number % 3] + number as u32;
        let balancer = ["b", "z", "a"][number % 3];
        let object = lines(minute, number, 3);
        expected.extend(object.lines().map(str::to_owned));
        s3.put(BUCKET, &key(balancer, minute, number), object);
    }
    s3.put(BUCKET, "elsewhere/x.log", "text");
    s3.put(BUCKET, "AWSLogs/111122223333/ELBAccessLogTestFile", "text");
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let output = backfill
        .run(
            &[
                "s3://logs/AWSLogs/",
                "--jobs",
                "1",
                "--output",
                "json",
                "--hold",
                hold,
            ],
            &[],
        )
        .await;
    assert!(output.status.success(), "{output:?}");
    let totals: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&totals["shipped"], &totals["lines"]), (&json!(30), &json!(90)));
    let accepted = receiver.accepted();
    let got: BTreeSet<String> = accepted
        .iter()
        .map(|entry| entry.line.trim_end().to_owned())
        .collect();
    assert_eq!((got, accepted.len()), (expected, 90));
    let times: Vec<i128> = accepted
        .iter()
        .map(|entry| entry.timestamp_ns / 60_000_000_000)
        .collect();
    assert!(times.is_sorted(), "{times:?}");

    let requests = s3.requests();
    assert_eq!(
        requests.iter().filter(|request| request.list.is_some()).count(),
        listings
    );
    // No line of the log for each object.
    let said = text(&output.stderr);
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(
        said.contains("warning: of 30 objects, 30 are older than 7 days"),
        "{said}"
    );
    assert!(said.contains("shipped 30 objects, 90 lines, "), "{said}");
}

#[tokio::test]
async fn a_dry_run_lists_types_and_pushes_nothing() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    s3.put(BUCKET, &key("a", 0, 1), Object::new(vec![b'x'; 3000]));
    s3.put(BUCKET, &key("a", 700, 2), "x");
    let flow = "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz";
    s3.put(BUCKET, flow, "x");
    s3.put(BUCKET, "AWSLogs/a\nb.txt", "x");
    s3.put(BUCKET, "AWSLogs/", "");
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    for without_address in [false, true] {
        let address = [("WRITE_ADDRESS", "")];
        let (arguments, variables): (&[&str], _) = match without_address {
            true => (&["s3://logs"], &address[..]),
            false => (&["s3://logs", "--dry-run"], &[][..]),
        };
        let output = backfill.run(arguments, variables).await;
        assert!(output.status.success(), "{output:?}");
        insta::assert_snapshot!("backfill_dry_run", text(&output.stdout));
        assert!(text(&output.stderr).contains("of 3 objects, 3 are older"));
    }
    let output = backfill
        .run(
            &[
                "s3://logs",
                "--dry-run",
                "--output",
                "json",
                "--until",
                "2026-03-01T12:00",
            ],
            &[("UNKNOWN_S3_TYPE", "skip")],
        )
        .await;
    let survey: Value = serde_json::from_slice(&output.stdout).unwrap();
    let first = "2026-03-01T00:00:00Z";
    let lb = json!({"objects": 2, "bytes": 3001, "first": first, "last": "2026-03-01T11:40:00Z"});
    assert_eq!(survey["types"], json!({"s3_lb": lb}));
    assert_eq!(
        (&survey["out_of_range"], &survey["unknown"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        (receiver.requests(), s3.requests().len()),
        (0, 3),
        "only listings"
    );
}

#[tokio::test]
async fn a_prefix_with_nothing_to_ship_is_an_error() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    for number in 0..3 {
        s3.put(BUCKET, &format!("notes/{number}.txt"), "text");
    }
    s3.put(BUCKET, "AWSLogs/ELBAccessLogTestFile", "text");
    s3.put(BUCKET, &key("a", 1500, 1), "text");
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let skip = [("UNKNOWN_S3_TYPE", "skip")];
    for (arguments, variables, expected) in [
        (
            &["s3://logs/none/"][..],
            &[][..],
            "s3://logs/none/: no object has this prefix",
        ),
        (
            &["s3://logs/notes/"],
            &[],
            "nothing to ship: 3 of no known type, such as notes/0.txt",
        ),
        (
            &["s3://logs/notes/"],
            &skip,
            "nothing to ship: 3 skipped (UNKNOWN_S3_TYPE is skip, and no known type",
        ),
        (
            &["s3://logs/AWSLogs/", "--since", "2026-03-03"],
            &[],
            "1 outside of --since and --until, with dates from 2026-03-02T01:00:00Z to 2026-03-02T01:00:00Z; 1 skipped (a marker",
        ),
        (&["s3://none/"], &[], "the bucket does not exist"),
        (
            &["s3://logs/a", "--since", "2026-03-03"],
            &[],
            "--since is for all objects below a prefix",
        ),
        (
            &["s3://logs/a", "--jobs", "4"],
            &[],
            "--jobs is for all objects below a prefix",
        ),
        (
            &["s3://logs/a", "--hold", "4"],
            &[],
            "--hold is for all objects below a prefix",
        ),
        (
            &["s3://logs/notes/", "--explain"],
            &[],
            "--explain is for a single object",
        ),
    ] {
        for dry_run in [false, true] {
            let dry_run: &[&str] = if dry_run { &["--dry-run"] } else { &[] };
            let output = backfill.run(&[arguments, dry_run].concat(), variables).await;
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{arguments:?}");
            assert!(
                said.starts_with("error: ") && said.contains(expected),
                "{arguments:?}: {said}"
            );
        }
    }
    assert_eq!(receiver.requests(), 0);
}

/// Loki takes lines up to ten minutes ahead of its clock.
#[tokio::test]
async fn objects_of_the_future_are_warned_of() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    let now = jiff::Timestamp::now();
    let key_in = |minutes: i64| {
        let time = now + jiff::SignedDuration::from_mins(minutes);
        let time = time.strftime("%Y%m%dT%H%MZ");
        format!(
            "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_{time}_10.0.3.4_{minutes}.log"
        )
    };
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    for (minutes, warns) in [(5, false), (60, true)] {
        s3.put(BUCKET, &key_in(minutes), "x");
        let output = backfill
            .run(&["s3://logs/AWSLogs/", "--dry-run", "--output", "json"], &[])
            .await;
        let survey: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(survey["too_new"], json!(u64::from(warns)));
        let said = text(&output.stderr);
        assert_eq!(
            said.contains(
                "warning: of 2 objects, 1 have a date more than 10 minutes in the future, and Loki refuses"
            ),
            warns,
            "{said}"
        );
        assert!(!said.contains("older than"), "{said}");
    }
}
