//! `ship s3://bucket/prefix/` against the test kit's S3 and receiver.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testkit::lambda::cpu_time;
use testkit::moto::Moto;
use testkit::receiver::{Answer, Receiver};
use testkit::s3::{Object, S3};

use crate::support::text;

const BUCKET: &str = "logs";

/// Returns the key of a load balancer's object of a minute, counted from 2026-03-01, and a number.
fn key(balancer: &str, minute: u32, number: usize) -> String {
    let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
    format!(
        "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/{day:02}/111122223333_elasticloadbalancing_eu-west-1_app.{balancer}.0a1b2c3d4e5f6071_202603{day:02}T{hour:02}{minute:02}Z_10.0.3.4_{number:08}.log"
    )
}

/// Returns an object of a minute with this many lines, which no other object has.
fn lines(minute: u32, number: usize, count: usize) -> String {
    let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
    (0..count)
        .map(|line| {
            format!("https 2026-03-{day:02}T{hour:02}:{minute:02}:{:02}.{number:06}Z app/shop/0a1b line {line} of {number}\n", line % 60)
        })
        .collect()
}

/// The command line with an S3 and a receiver.
struct Backfill<'a> {
    s3: &'a S3,
    receiver: &'a Receiver,
}

/// Returns the command with an S3 and an address of Loki.
fn command(s3: &str, address: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lambda-promtail-cli"));
    command
        .arg("ship")
        .args(arguments)
        .env_clear()
        .env("AWS_ENDPOINT_URL_S3", s3)
        .env("AWS_ACCESS_KEY_ID", "a")
        .env("AWS_SECRET_ACCESS_KEY", "b")
        .env("AWS_REGION", "eu-west-1")
        .env("WRITE_ADDRESS", address)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Backfill<'_> {
    fn command(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = command(&self.s3.url(), &self.receiver.url(), arguments);
        command.envs(variables.iter().copied());
        command
    }

    async fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = self.command(arguments, variables);
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    /// Runs the command, and kills it after this time unless it ends before. Returns whether it was killed.
    async fn run_and_kill(&self, arguments: &[&str], after: Duration) -> bool {
        let mut child = self
            .command(arguments, &[])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(after).await;
        let is_running = child.try_wait().unwrap().is_none();
        let _ = child.kill();
        child.wait().unwrap();
        is_running
    }
}

/// Returns the lines that the receiver has, with their times and streams.
fn received(receiver: &Receiver) -> BTreeSet<(String, i128, String)> {
    let accepted = receiver.accepted().into_iter();
    accepted
        .map(|entry| (entry.labels.clone(), entry.timestamp_ns, entry.line.clone()))
        .collect()
}

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
            "s3://logs/none/: there is no object with this prefix",
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

#[tokio::test]
async fn loki_may_ask_for_fewer_pushes() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    for number in 0..100 {
        s3.put(BUCKET, &key("a", 0, number), lines(0, number, 2));
    }
    receiver.answer_with(|_, before| match before {
        0..40 => Answer::status(429).header("Retry-After", "1"),
        _ => Answer::status(204).delay(Duration::from_millis(20)),
    });
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let output = backfill
        .run(&["s3://logs/", "--jobs", "32", "--output", "json"], &[])
        .await;
    assert!(output.status.success(), "{output:?}");
    let totals: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&totals["shipped"], &totals["retries"]),
        (&json!(100), &json!(40))
    );
    assert!(
        text(&output.stderr).contains("push failed, trying again: status 429"),
        "{output:?}"
    );
}

/// Objects of a stream that are far apart are shipped one after the other, whatever the number of jobs.
#[tokio::test]
async fn an_object_in_flight_keeps_much_newer_ones_of_its_stream_waiting() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    receiver.keep_lokis_rules();
    for number in 0..60 {
        let minute = number * 90;
        s3.put(
            BUCKET,
            &key("a", minute, number as usize),
            lines(minute, number as usize, 2),
        );
    }
    // The first answers take longest.
    receiver.answer_with(|_, before| {
        Answer::status(204).delay(Duration::from_millis(60u64.saturating_sub(before as u64)))
    });
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let output = backfill.run(&["s3://logs/", "--jobs", "16"], &[]).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!((receiver.stored_count(), receiver.most_in_flight()), (120, 1));
}

/// Kills come at any moment of a run.
#[tokio::test]
async fn a_run_that_is_killed_is_taken_up_again_without_losing_a_line() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    let mut expected = BTreeSet::new();
    for number in 0..300 {
        let object = lines(number as u32 * 3, number, 5);
        expected.extend(object.lines().map(str::to_owned));
        s3.put(BUCKET, &key("a", number as u32 * 3, number), object);
    }
    receiver.answer_with(|_, _| Answer::status(204).delay(Duration::from_millis(5)));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let arguments = ["s3://logs/", "--resume", file.to_str().unwrap()];
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let mut killed = 0;
    for after in [40, 250, 300, 350, 400, 450] {
        killed += u32::from(
            backfill
                .run_and_kill(&arguments, Duration::from_millis(after))
                .await,
        );
    }
    assert!(killed >= 2, "{killed}");
    let before = recorded(&file);
    let output = backfill.run(&arguments, &[]).await;
    assert!(output.status.success(), "{output:?}");
    let got: BTreeSet<String> = received(&receiver)
        .into_iter()
        .map(|(.., line)| line.trim_end().to_owned())
        .collect();
    assert_eq!(got, expected);
    assert_eq!((received(&receiver).len(), recorded(&file)), (1500, 301));
    assert!(before > 1, "no run finished an object");
    let again = receiver.accepted_count() - 1500;
    // At most the objects in flight are shipped again after each kill.
    assert!(again <= 6 * 8 * 5, "{again} lines again");
}

/// 20 load balancers write an object each 5 minutes.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "takes a minute"]
async fn ten_thousand_small_objects_are_shipped_at_200_a_second() {
    const OBJECTS: usize = 10_000;
    let (s3, receiver) = (S3::start().await, Receiver::counting().await);
    for number in 0..OBJECTS {
        let minute = 5 * (number / 20) as u32;
        let object = testkit::compress::gzip(lines(minute, number, 20).as_bytes());
        s3.put(BUCKET, &key(&format!("b{}", number % 20), minute, number), object);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let arguments = ["s3://logs/", "--resume", file.to_str().unwrap()];
    let started = Instant::now();
    let mut child = backfill
        .command(&arguments, &[])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut cpu = Duration::ZERO;
    while child.try_wait().unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        cpu = cpu.max(cpu_time(child.id()).unwrap_or_default());
    }
    assert!(child.wait().unwrap().success());
    let rate = |time: Duration| OBJECTS as f64 / time.as_secs_f64();
    let (by_wall, by_cpu) = (rate(started.elapsed()), rate(cpu));
    println!("{by_wall:.0} objects/s, and {by_cpu:.0} for each second of processor time");
    assert_eq!(receiver.accepted_count(), OBJECTS * 20);
    assert_eq!(receiver.distinct_count(), OBJECTS * 20);
    assert_eq!(recorded(&file), OBJECTS + 1);
    // Of processor time, because other processes use the machine too, among them the two servers of this test.
    assert!(by_cpu >= 200.0, "{by_cpu:.0} objects/s");
}

/// A server that others wrote lists the bucket, and the run is killed twice.
#[tokio::test]
#[ignore = "needs moto"]
async fn a_thousand_objects_of_moto_are_shipped_once_with_two_kills() {
    const REGION: &str = "us-east-1";
    let (moto, receiver) = (Moto::start().await, Receiver::start().await);
    receiver.keep_lokis_rules();
    moto.put_bucket(REGION, BUCKET).await;
    let mut expected = BTreeSet::new();
    for number in 0..1000 {
        let minute = 5 * (number / 5) as u32;
        let object = lines(minute, number, 5);
        expected.extend(object.lines().map(str::to_owned));
        let key = key(&format!("b{}", number % 5), minute, number);
        moto.put_object(REGION, BUCKET, &key, object.into_bytes()).await;
    }
    moto.put_object(REGION, BUCKET, "notes/x.txt", b"text".to_vec())
        .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let arguments = ["s3://logs/AWSLogs/", "--resume", file.to_str().unwrap()];
    let (url, address) = (moto.url(), receiver.url());
    let run = || {
        let mut command = command(&url, &address, &arguments);
        command.env("AWS_REGION", REGION);
        command
    };
    for objects in [100, 500] {
        let mut child = run().stderr(Stdio::null()).spawn().unwrap();
        while recorded(&file) < objects {
            tokio::time::sleep(Duration::from_millis(10)).await;
            assert!(
                child.try_wait().unwrap().is_none(),
                "it ended before it was killed"
            );
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut last = run();
    let output = tokio::task::spawn_blocking(move || last.output().unwrap())
        .await
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let stored = receiver.stored();
    let got: BTreeSet<String> = stored
        .iter()
        .map(|entry| entry.line.trim_end().to_owned())
        .collect();
    assert_eq!((got, stored.len()), (expected, 5000));
}

fn recorded(file: &Path) -> usize {
    std::fs::read_to_string(file).unwrap_or_default().lines().count()
}
