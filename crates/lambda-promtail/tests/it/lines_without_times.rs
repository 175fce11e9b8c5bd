//! Lines of S3 objects that have no time of their own, through the real binary, with a receiver that has Loki's rules.

use serde_json::{Value, json};
use testkit::compress::gzip;
use testkit::lambda::Lambda;
use testkit::receiver::{Accepted, Receiver};
use testkit::s3::{Answer, Object, S3};

use crate::support::msk::{self, MSK_KEY};
use crate::support::{ALB_KEY, BUCKET, alb_line, pushing_to, reading_from, s3_event};

const TRAIL_KEY: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz";
/// 2026-03-04T00:00:00Z.
const DAY: i64 = 1_772_582_400;
/// 2026-03-04T05:06:07Z in nanoseconds, the time of a load balancer's line 0.
const AT: i128 = 1_772_600_767_000_000_000;
const SECOND: i128 = 1_000_000_000;
const HOUR: i64 = 3_600;
/// The number of bytes at the beginning of an object that are searched for a time.
const WINDOW: usize = 64 << 10;

/// An object, which is delivered to a new function each time.
struct Stage {
    s3: S3,
    key: &'static str,
}

/// The result of one delivery.
struct Delivered {
    summary: Value,
    /// The entries that Loki would have stored.
    stored: Vec<Accepted>,
    logs: Vec<String>,
}

impl Stage {
    async fn new(key: &'static str, text: &str, written: i64) -> Self {
        let s3 = S3::start().await;
        s3.put(
            BUCKET,
            key,
            Object::new(gzip(text.as_bytes())).last_modified(written),
        );
        Self { s3, key }
    }

    async fn deliver_to(&self, receiver: &Receiver, variables: &[(&str, &str)]) -> (Lambda, Value) {
        let function = pushing_to(receiver).envs(variables.iter().copied());
        let mut lambda = reading_from(&self.s3, function).start().await;
        let summary = lambda.invoke(s3_event(&[self.key])).await.response().clone();
        (lambda, summary)
    }

    /// Delivers the object to a Loki that has no entry of its stream. With earlier entries it would reject again
    /// those that are an hour older than the stream's newest.
    async fn deliver(&self, variables: &[(&str, &str)]) -> Delivered {
        let receiver = Receiver::start().await;
        receiver.keep_lokis_rules();
        let (lambda, summary) = self.deliver_to(&receiver, variables).await;
        let mut stored = receiver.stored();
        stored.sort();
        Delivered {
            summary,
            stored,
            logs: lambda.logs(),
        }
    }

    /// Delivers the object twice, with settings that split it differently, and checks that the results are equal.
    async fn deliver_twice(&self) -> Delivered {
        let first = self.deliver(&[]).await;
        let second = self
            .deliver(&[("BATCH_SIZE", "3000"), ("PUSH_CONCURRENCY", "1")])
            .await;
        assert!(first.stored == second.stored, "the second delivery differs");
        assert_eq!(first.summary["times_guessed"], second.summary["times_guessed"]);
        first
    }
}

impl Delivered {
    /// Returns the time and line of each entry.
    fn entries(&self) -> Vec<(i128, &str)> {
        let entries = self.stored.iter();
        let mut entries: Vec<(i128, &str)> = entries
            .map(|entry| (entry.timestamp_ns, entry.line.as_str()))
            .collect();
        entries.sort_unstable();
        entries
    }

    /// Checks that this many lines took another time, that one warning says so, and that no entry was rejected.
    fn expect_guessed(&self, lines: u64, origins: &str) {
        assert_eq!(self.summary["times_guessed"], lines, "{}", self.summary);
        assert_eq!(
            (&self.summary["rejected"], &self.summary["failed"]),
            (&json!(0), &json!(0))
        );
        assert_eq!(self.summary.get("too_far_behind"), None);
        let warnings: Vec<&String> = self
            .logs
            .iter()
            .filter(|line| line.contains("without a readable time"))
            .collect();
        assert_eq!(warnings.len(), 1, "{warnings:#?}");
        assert!(
            warnings[0].contains(&format!("of their own: {lines};")) && warnings[0].contains(origins),
            "{warnings:#?}"
        );
        let summary = self.logs.iter().find(|line| line.contains("ms_left")).unwrap();
        assert!(summary.contains("times_guessed"), "{summary}");
    }
}

fn in_order(mut entries: Vec<(i128, &str)>) -> Vec<(i128, &str)> {
    entries.sort_unstable();
    entries
}

/// One entry with a time three hours later made Loki reject all following entries of the stream.
#[tokio::test]
async fn a_stack_trace_does_not_cost_the_object() {
    let text = msk::object_with_stack_trace();
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), msk::LINES);
    let stage = Stage::new(MSK_KEY, &text, msk::WRITTEN).await;
    let delivered = stage.deliver_twice().await;
    assert_eq!(delivered.summary["entries"], lines.len());
    assert_eq!(delivered.stored.len(), lines.len());
    delivered.expect_guessed(3, "3 from the nearest line before them");
    // The trace follows the line before it.
    let entries = delivered.entries();
    let trace = entries
        .iter()
        .position(|(_, line)| line.starts_with("java."))
        .unwrap();
    let error = entries[trace - 1];
    assert!(error.1.contains(" ERROR "), "{error:?}");
    assert_eq!(
        entries[trace..trace + 3],
        [
            (error.0 + 1, "java.lang.IllegalStateException: x"),
            (error.0 + 2, "\tat kafka.server.A.b(A.scala:1)"),
            (error.0 + 3, "Caused by: java.io.IOException: y"),
        ]
    );
    assert_eq!(lines, entries.iter().map(|(_, line)| *line).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cut_line_of_a_load_balancer_takes_the_time_of_the_line_before_it() {
    let line = |minute: usize| {
        let time = format!("T{:02}:{:02}:07", minute / 60, minute % 60);
        alb_line(minute, "200").replace("T05:06:07", &time)
    };
    let mut lines: Vec<String> = (0..360).map(line).collect();
    lines.insert(100, "https 2026-03-04T01".to_owned());
    let stage = Stage::new(ALB_KEY, &lines.join("\n"), DAY + 9 * HOUR).await;
    let delivered = stage.deliver_twice().await;
    delivered.expect_guessed(1, "1 from the nearest line before them");
    let entries = delivered.entries();
    assert_eq!(entries.len(), 361);
    assert_eq!(entries[100], (entries[99].0 + 1, &*lines[100]));
    // In access-log mode the line has no status, and the same time.
    let access_log = stage.deliver(&[("ALB_LOG_S3", "elasticloadbalancing")]).await;
    assert_eq!(access_log.entries(), entries);
    let cut = access_log
        .stored
        .iter()
        .find(|entry| entry.line == lines[100])
        .unwrap();
    assert_eq!(cut.labels, r#"{source="alb", status_code="Unknown"}"#);
}

#[tokio::test]
async fn a_record_without_a_time_takes_that_of_the_record_before_it() {
    let timed = |second: u8| format!(r#"{{"eventTime":"2026-03-04T05:06:{second:02}Z"}}"#);
    let (first, second) = (timed(7), timed(9));
    let text = format!(r#"{{"Records":[{first},{{"a":1}},{{"a":1}},{second},{{"a":1}}]}}"#);
    let stage = Stage::new(TRAIL_KEY, &text, DAY + 9 * HOUR).await;
    let delivered = stage.deliver_twice().await;
    delivered.expect_guessed(3, "3 from the nearest line before them");
    assert_eq!(
        delivered.entries(),
        in_order(vec![
            (AT, &first),
            (AT + 1, r#"{"a":1}"#),
            (AT + 2, r#"{"a":1}"#),
            (AT + 2 * SECOND, &second),
            (AT + 2 * SECOND + 3, r#"{"a":1}"#),
        ])
    );
}

#[tokio::test]
async fn lines_before_the_first_time_take_that_one() {
    let first = alb_line(0, "200");
    let text = format!("cut\n\ncut\n{first}\n");
    let stage = Stage::new(ALB_KEY, &text, DAY + 9 * HOUR).await;
    let delivered = stage.deliver_twice().await;
    delivered.expect_guessed(2, "2 from the first line after them that has one");
    assert_eq!(delivered.summary["dropped"]["empty_line"], 1);
    assert_eq!(
        delivered.entries(),
        in_order(vec![(AT, &first), (AT + 1, "cut"), (AT + 2, "cut")])
    );
}

#[tokio::test]
async fn lines_of_an_object_without_times_take_the_time_it_was_written() {
    let written = DAY + 9 * HOUR;
    let stage = Stage::new(ALB_KEY, "a\n\na\nb", written).await;
    let delivered = stage.deliver_twice().await;
    delivered.expect_guessed(3, "3 from the object's LastModified");
    let at = i128::from(written) * SECOND;
    assert_eq!(delivered.entries(), [(at + 1, "a"), (at + 2, "a"), (at + 3, "b")]);
}

#[tokio::test]
async fn after_a_long_beginning_without_times_the_first_time_counts_for_what_follows() {
    let written = DAY + 5 * HOUR + 1800;
    let filler: Vec<String> = (0..WINDOW / 8).map(|number| format!("{number:08}")).collect();
    let first = alb_line(0, "200");
    let text = format!("{}\n{first}\ncut\n", filler.join("\n"));
    let stage = Stage::new(ALB_KEY, &text, written).await;
    let delivered = stage.deliver_twice().await;
    let total = filler.len() as u64 + 1;
    delivered.expect_guessed(total, "1 from the nearest line before them, 8192 from");
    let entries = delivered.entries();
    let at = i128::from(written) * SECOND;
    assert_eq!(entries[..2], [(AT, &*first), (AT + i128::from(total), "cut")]);
    assert_eq!(entries[2], (at + 1, "00000000"));
    assert_eq!(entries.last(), Some(&(at + i128::from(total) - 1, "00008191")));
}

#[tokio::test]
async fn nothing_is_guessed_where_all_lines_have_times_or_none_can() {
    let stage = Stage::new(ALB_KEY, &alb_line(0, "200"), DAY).await;
    let delivered = stage.deliver(&[]).await;
    assert_eq!(delivered.summary.get("times_guessed"), None);
    let stage = Stage::new("app/server.log", "a\na\n", DAY).await;
    let delivered = stage.deliver(&[("UNKNOWN_S3_TYPE", "text")]).await;
    assert_eq!(delivered.summary.get("times_guessed"), None);
    assert_eq!(
        delivered.entries(),
        [
            (i128::from(DAY) * SECOND, "a"),
            (i128::from(DAY) * SECOND + 1, "a")
        ]
    );
    assert!(
        !delivered
            .logs
            .iter()
            .any(|line| line.contains("without a readable time"))
    );
}

/// Lines of a broken download must not stay in Loki beside those of the next delivery with other times.
#[tokio::test]
async fn after_a_broken_download_a_redelivery_brings_nothing_new() {
    let first = alb_line(0, "200");
    let text = format!("cut\n{}\n{first}\n", "x".repeat(1000));
    let s3 = S3::start().await;
    // Not compressed, so that the first bytes are read before the error.
    s3.put(
        BUCKET,
        ALB_KEY,
        Object::new(text.into_bytes()).last_modified(DAY + 9 * HOUR),
    );
    let receiver = Receiver::start().await;
    receiver.keep_lokis_rules();
    let mut lambda = reading_from(&s3, pushing_to(&receiver)).start().await;
    s3.answer_next([Answer::reset_after(500)]);
    s3.answer_always(Answer::access_denied());
    lambda.invoke(s3_event(&[ALB_KEY])).await.error();
    assert_eq!(receiver.stored_count(), 0);
    s3.answer_as_usual();
    let summary = lambda.invoke(s3_event(&[ALB_KEY])).await.response().clone();
    assert_eq!(
        (&summary["entries"], &summary["times_guessed"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(receiver.stored_count(), 3);
}
