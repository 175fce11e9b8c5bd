//! Tests of reading objects.

use log_pipeline::Pipeline;
use loki_push::{ItemId, LabelSet};

use super::*;
use crate::{EventProgress, Intake, IntakeSettings, ItemProgress, ReaderSource};

/// A store that is never asked for an object.
struct Nothing;

impl ObjectStore for Nothing {
    type Body = ReaderSource<&'static [u8]>;

    async fn open(
        &self,
        address: ObjectAddress<'_>,
    ) -> Result<StoredObject<Self::Body>, crate::DownloadError> {
        unreachable!("{address} is read")
    }
}

/// The labels, times in nanoseconds and lines that arrived.
#[derive(Debug, Default)]
struct Arrived(Vec<(String, i128, String)>);

impl EntrySink for Arrived {
    fn accept(&mut self, entry: &Entry<'_>, _: ItemId) {
        let (labels, time) = (entry.labels.to_string(), entry.timestamp.unix_nanos());
        self.0.push((labels, time, entry.line.to_string()));
    }
}

/// Reads an object of this type, and returns its entries and its error.
async fn read(
    kind: &ObjectType,
    settings: IntakeSettings,
    bytes: &[u8],
) -> (Vec<(String, i128, String)>, Option<String>, EventProgress) {
    let intake = Intake::new(settings, Pipeline::default(), Nothing);
    let mut progress = EventProgress::default();
    let id = progress.add(ItemProgress::new("file".to_owned(), None));
    let mut sink = Arrived::default();
    let mut item = ItemIntake::new(&intake, id, &mut progress, &mut sink);
    let blocks = Decompressed::from_reader("file", bytes);
    let object = ObjectToRead {
        name: "file",
        key: "file",
        kind,
        last_modified: Timestamp::EPOCH,
    };
    let read = item.object_content(object, blocks).await;
    item.finish(read).await;
    let error = progress.items[0].error().map(str::to_owned);
    (sink.0, error, progress)
}

/// Returns a delivery of log events with equal times.
fn delivery(group: &str, messages: &[&str]) -> String {
    let events: Vec<String> = messages
        .iter()
        .map(|message| format!(r#"{{"id":"0","timestamp":1795500428123,"message":"{message}"}}"#))
        .collect();
    format!(
        r#"{{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"{group}","logStream":"s","subscriptionFilters":["f"],"logEvents":[{}]}}"#,
        events.join(",")
    )
}

const AT: i128 = 1_795_500_428_123_000_000;
const CONTROL: &str = r#"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","subscriptionFilters":[],"logEvents":[{"id":"","timestamp":1795500428000,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}"#;

fn cloudwatch() -> ObjectType {
    ObjectType::cloudwatch(LabelSet::from_iter([("team", "shop")]))
}

#[tokio::test]
async fn deliveries_have_the_labels_and_times_of_cloudwatch() {
    let object = [
        CONTROL,
        &delivery("/app", &["a", "a"]),
        "\n",
        &delivery("/db", &["a"]),
    ]
    .concat();
    let settings = IntakeSettings {
        keep_stream: true,
        ..IntakeSettings::default()
    };
    let (entries, error, progress) = read(&cloudwatch(), settings, object.as_bytes()).await;
    let labels = |group: &str| {
        format!(
            r#"{{__aws_cloudwatch_log_group="{group}", __aws_cloudwatch_log_stream="s", __aws_cloudwatch_owner="111122223333", __aws_log_type="cloudwatch", team="shop"}}"#
        )
    };
    let entry = |group: &str, later| (labels(group), AT + later, "a".to_owned());
    assert_eq!(entries, [entry("/app", 0), entry("/app", 1), entry("/db", 0)]);
    assert_eq!(error, None);
    assert_eq!((progress.skipped, progress.times_guessed), (0, 0));
}

#[tokio::test]
async fn a_document_that_is_not_a_delivery_fails_after_the_deliveries_before_it() {
    let good = delivery("/app", &["a"]);
    for (bad, expected) in [
        (
            r#"{"messageType":"DATA_MESSAGE"}"#,
            "file: JSON document 2: CloudWatch Logs data: not a delivery, which has",
        ),
        (
            r#"{"level":"info"}"#,
            "file: JSON document 2: CloudWatch Logs data: not a delivery",
        ),
        (
            r#"{"messageType":7}"#,
            "file: JSON document 2: CloudWatch Logs data: invalid type",
        ),
        ("text", "file: expected a JSON object at byte "),
        (
            r#"{"messageType":"DATA_"#,
            "file: JSON document cut short after 1 complete ones",
        ),
    ] {
        let object = [&good, bad].concat();
        let (entries, error, _) = read(&cloudwatch(), IntakeSettings::default(), object.as_bytes()).await;
        let error = error.unwrap_or_default();
        assert!(error.starts_with(expected), "{bad}: {error}");
        assert_eq!(entries.len(), 1, "{bad}");
    }
}

#[tokio::test]
async fn a_delivery_in_an_object_is_bounded_like_a_payload() {
    let object = [delivery("/app", &["a"]), delivery("/app", &[&"x".repeat(4_000)])].concat();
    let mut settings = IntakeSettings::default();
    settings.bounds.payload = 1_000;
    let (entries, error, _) = read(&cloudwatch(), settings, object.as_bytes()).await;
    assert_eq!(entries.len(), 1);
    assert!(error.unwrap_or_default().contains("more than 1000 bytes"));
}

/// The function's own log group would feed itself, through whatever its lines come back.
#[tokio::test]
async fn the_functions_own_log_group_is_dropped_from_objects() {
    let object = [delivery("/aws/lambda/f", &["a"]), delivery("/app", &["b"])].concat();
    let settings = IntakeSettings {
        own_log_group: Some("/aws/lambda/f".to_owned()),
        ..IntakeSettings::default()
    };
    let (entries, error, progress) = read(&cloudwatch(), settings, object.as_bytes()).await;
    assert_eq!((entries.len(), error), (1, None));
    assert_eq!(progress.dropped.own_log_group, 1);
}

#[test]
fn a_warning_says_where_times_came_from() {
    let mut guessed = GuessedTimes {
        before: 3,
        ..GuessedTimes::default()
    };
    assert_eq!(
        described(guessed),
        "lines without a readable time of their own: 3; their times: 3 from the nearest line before them"
    );
    guessed.after = 2;
    guessed.last_modified = 1;
    assert_eq!(
        described(guessed),
        "lines without a readable time of their own: 6; their times: 3 from the nearest line before them, \
         2 from the first line after them that has one, 1 from the object's LastModified"
    );
}
