//! The log events of a delivery: their times, their origins and their faults.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use aws_logs::cloudwatch::{EventIds, LogEventError, SubscriptionData};
use aws_logs::record_content::{RecordContent, content};
use loki_push::{Entry, LabelSet};
use proptest::prelude::*;

/// Returns the time in nanoseconds and the line of each entry, or its error.
fn outcomes(json: &str) -> Vec<Result<(i128, String), String>> {
    let data = SubscriptionData::parse(json.as_bytes()).unwrap();
    let labels = Arc::new(data.labels(false));
    let outcome = |entry: Result<Entry<'_>, LogEventError>| match entry {
        Ok(entry) => Ok((entry.timestamp.unix_nanos(), entry.line.into_owned())),
        Err(error) => Err(error.to_string()),
    };
    let all: Vec<_> = data.entries(&labels).map(outcome).collect();
    let by_part: Vec<_> = data
        .parts()
        .flat_map(|part| part.entries(&labels).map(outcome).collect::<Vec<_>>())
        .collect();
    assert_eq!(all, by_part);
    all
}

#[test]
fn a_whole_number_of_milliseconds_is_a_time_however_it_is_written() {
    for timestamp in [
        "1772600767034",
        "1772600767034.0",
        "1.772600767034e12",
        r#""1772600767034""#,
        r#""1772600767034.0""#,
    ] {
        let json = format!(r#"{{"logEvents":[{{"id":"e","timestamp":{timestamp},"message":"a"}}]}}"#);
        let expected = Ok((1_772_600_767_034_000_000, "a".to_owned()));
        assert_eq!(outcomes(&json), [expected], "{timestamp}");
    }
}

#[test]
fn a_faulty_log_event_fails_alone_and_by_name() {
    let no_time = "has no timestamp";
    let time =
        |fault: &str| format!("its timestamp {fault}; expected milliseconds since 1970 as a whole number");
    let message = |kind: &str| format!("its message is {kind}; expected a string");
    let (by_id, by_place) = (
        r#"log event "e" of log group "g""#,
        r#"log event number 2 of log group "g""#,
    );
    for (event, error) in [
        (r#"{"id":"e","message":"m"}"#, format!("{by_id} {no_time}")),
        (r#"{"message":"m"}"#, format!("{by_place} {no_time}")),
        (r#"{"id":"e","timestamp":null}"#, format!("{by_id} {no_time}")),
        (
            r#"{"id":"e","timestamp":0.5}"#,
            format!("{by_id}: {}", time("has a fraction")),
        ),
        (
            r#"{"id":"e","timestamp":1e400}"#,
            format!("{by_id}: {}", time("lies outside the years 1 to 9999")),
        ),
        (
            r#"{"id":"e","timestamp":"hunter2"}"#,
            format!("{by_id}: {}", time("is a string that is not a number")),
        ),
        (
            r#"{"id":"e","timestamp":{"a":1}}"#,
            format!("{by_id}: {}", time("is an object")),
        ),
        (
            r#"{"id":"e","timestamp":[1]}"#,
            format!("{by_id}: {}", time("is an array")),
        ),
        (
            r#"{"id":"e","timestamp":true}"#,
            format!("{by_id}: {}", time("is a boolean")),
        ),
        (
            r#"{"id":"e","timestamp":1,"message":{"a":1}}"#,
            format!("{by_id}: {}", message("an object")),
        ),
        (
            r#"{"id":5,"timestamp":1,"message":7}"#,
            format!("{by_place}: {}", message("a number")),
        ),
        (
            r#"{"timestamp":1,"timestamp":2}"#,
            format!("{by_place}: its fields cannot be read; expected each at most once"),
        ),
        ("7", format!("{by_place}: it is a number; expected an object")),
        ("null", format!("{by_place}: it is null; expected an object")),
    ] {
        let (first, last) = (
            r#"{"id":"a","timestamp":1,"message":"first"}"#,
            r#"{"id":"b","timestamp":2,"message":"last"}"#,
        );
        let json = format!(
            r#"{{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{first},{event},{last}]}}"#
        );
        let (first, last) = (
            Ok((1_000_000, "first".to_owned())),
            Ok((2_000_000, "last".to_owned())),
        );
        assert_eq!(outcomes(&json), [first, Err(error), last], "{event}");
        // In a Kinesis record the JSON is a delivery, too.
        let content = content(json.as_bytes(), EventIds::Skipped);
        assert!(matches!(content, Ok(RecordContent::Subscription(_))), "{event}");
    }
    // The id is only used in errors.
    let json = r#"{"logEvents":[{"id":5,"timestamp":1,"message":"m"}]}"#;
    assert_eq!(outcomes(json), [Ok((1_000_000, "m".to_owned()))]);
}

#[test]
fn a_faulty_delivery_fails_as_a_whole() {
    for json in [
        r#"{"logGroup":1,"logEvents":[]}"#,
        r#"{"owner":1,"logEvents":[]}"#,
        r#"{"logEvents":{}}"#,
        r#"{"logEvents":[{"timestamp":1,"message":"m"}"#,
    ] {
        assert!(SubscriptionData::parse(json.as_bytes()).is_err(), "{json}");
    }
}

/// Each faulty log event takes more memory than its JSON.
#[test]
fn more_faulty_log_events_than_are_named_fail_their_payload() {
    let json = |count: usize| {
        let events = vec!["7"; count].join(",");
        format!(r#"{{"messageType":"DATA_MESSAGE","logGroup":"g","logEvents":[{events}]}}"#)
    };
    assert_eq!(outcomes(&json(10_000)).len(), 10_000);
    let error = SubscriptionData::parse(json(10_001).as_bytes()).unwrap_err();
    assert!(error.to_string().contains("expected a log event"), "{error}");
    let unnamed = json(10_001).replace('7', "{}");
    let error = SubscriptionData::parse(unnamed.as_bytes()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("more than 10000 log events cannot be read"),
        "{error}"
    );
    let is_text = |json: &str| {
        matches!(
            content(json.as_bytes(), EventIds::Skipped),
            Ok(RecordContent::Text(_))
        )
    };
    assert!(!is_text(&json(10_000)));
    assert!(is_text(&(json(5_001) + &json(5_000))));
}

/// Returns a delivery of these log events: time in milliseconds and message.
fn delivery(events: &[(i64, &str)]) -> String {
    let events: Vec<serde_json::Value> = events
        .iter()
        .map(|(millis, message)| serde_json::json!({"id": "e", "timestamp": millis, "message": message}))
        .collect();
    serde_json::json!({"logGroup": "g", "logEvents": events}).to_string()
}

#[test]
fn equal_messages_of_one_time_are_a_nanosecond_apart() {
    let times = |events: &[(i64, &str)]| -> Vec<i128> {
        let outcomes = outcomes(&delivery(events)).into_iter();
        outcomes.map(|outcome| outcome.unwrap().0).collect()
    };
    assert_eq!(
        times(&[(1, "a"), (1, "a"), (1, "a")]),
        [1_000_000, 1_000_001, 1_000_002]
    );
    assert_eq!(
        times(&[(1, "a"), (1, "b"), (1, "a"), (1, "b")]),
        [1_000_000, 1_000_000, 1_000_001, 1_000_001]
    );
    // The same message at another time, and another message at the same time.
    assert_eq!(
        times(&[(1, "a"), (2, "a"), (2, "b")]),
        [1_000_000, 2_000_000, 2_000_000]
    );
    // Times that decrease.
    assert_eq!(
        times(&[(2, "a"), (1, "a"), (2, "a"), (1, "a")]),
        [2_000_000, 1_000_000, 2_000_001, 1_000_001]
    );
    assert_eq!(times(&[(1, ""), (1, "")]), [1_000_000, 1_000_001]);
}

/// Returns the time that this thread has had a CPU, whatever else runs on the machine: the first number of `schedstat`
/// (kernel documentation, "Scheduler Statistics"). Other systems than Linux have the time that has passed.
fn cpu_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat");
    let nanos = schedstat
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// As many log events as fit into an event of Lambda: comparing them pairwise would take minutes.
#[test]
fn a_hundred_thousand_log_events_of_one_time_take_linear_time() {
    const COUNT: usize = 100_000;
    let prefix = "equal at the beginning, ".repeat(4);
    let distinct: Vec<String> = (0..COUNT).map(|number| format!("{prefix}{number}")).collect();
    let distinct: Vec<(i64, &str)> = distinct.iter().map(|message| (1, message.as_str())).collect();
    let equal = vec![(1, "a"); COUNT];
    let apart: Vec<(i64, &str)> = (0..COUNT).map(|number| ([2, 1][number % 2], "a")).collect();
    let started = cpu_time();
    assert!(
        outcomes(&delivery(&distinct))
            .iter()
            .all(|outcome| outcome.as_ref().unwrap().0 == 1_000_000)
    );
    for events in [equal, apart] {
        let mut times: Vec<i128> = outcomes(&delivery(&events))
            .into_iter()
            .map(|outcome| outcome.unwrap().0)
            .collect();
        times.sort_unstable();
        times.dedup();
        assert_eq!(times.len(), COUNT);
    }
    let taken = cpu_time() - started;
    assert!(taken < Duration::from_secs(20), "{taken:?}");
}

/// Returns the account, Region and lines of each part.
fn parts(json: &str) -> Vec<(Option<String>, Option<String>, Vec<String>)> {
    let data = SubscriptionData::parse(json.as_bytes()).unwrap();
    let labels = Arc::new(LabelSet::new());
    let parts = data.parts().map(|part| {
        let lines: Vec<String> = part
            .entries(&labels)
            .map(|entry| entry.unwrap().line.into_owned())
            .collect();
        assert_eq!((lines.len(), lines.is_empty()), (part.len(), part.is_empty()));
        (
            part.account().map(str::to_owned),
            part.region().map(str::to_owned),
            lines,
        )
    });
    parts.collect()
}

#[test]
fn log_events_are_parted_by_their_origin() {
    let event = |message: &str, fields: &str| format!(r#"{{"timestamp":1,"message":"{message}"{fields}}}"#);
    let of = |account: &str, region: &str| {
        format!(
            r#","extractedFields":{{"@aws.account":"{account}","@aws.region":"{region}","@source.log":"x","n":"1"}}"#
        )
    };
    let text = |text: &str| Some(text.to_owned());
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let events = [
        event("a", ""),
        event("b", r#","extractedFields":{"ip":"203.0.113.7"}"#),
        event("c", &of("111122223333", "eu-west-1")),
        event("d", &of("111122223333", "eu-west-1")),
        event("e", &of("222233334444", "eu-west-1")),
        event("f", r#","extractedFields":{"@aws.region":"us-east-1"}"#),
        event("g", ""),
    ];
    let json = |end: &str| format!(r#"{{"logGroup":"g","logEvents":[{}{end}]}}"#, events.join(","));
    let mut expected = vec![
        (None, None, lines(&["a", "b"])),
        (text("111122223333"), text("eu-west-1"), lines(&["c", "d"])),
        (text("222233334444"), text("eu-west-1"), lines(&["e"])),
        (None, text("us-east-1"), lines(&["f"])),
        (None, None, lines(&["g"])),
    ];
    assert_eq!(parts(&json("")), expected);
    // A message with an escape is read on the slow path.
    expected[4].2.push("h\n".to_owned());
    assert_eq!(parts(&json(r#",{"timestamp":2.0,"message":"h\n"}"#)), expected);
    assert_eq!(parts("{}"), [(None, None, vec![])]);
    let first = format!(r#"{{"logEvents":[{}]}}"#, event("a", &of("1", "")));
    assert_eq!(parts(&first), [(text("1"), None, lines(&["a"]))]);
}

#[test]
fn extracted_fields_of_any_kind_do_no_harm() {
    for fields in [
        "null",
        "1",
        "1.5",
        "-1",
        "true",
        r#""text""#,
        "[1,{}]",
        "{}",
        r#"{"@aws.account":1,"@aws.region":null}"#,
        r#"{"@aws.account":{"a":[1]}}"#,
    ] {
        let json = format!(r#"{{"logEvents":[{{"timestamp":1,"message":"a","extractedFields":{fields}}}]}}"#);
        assert_eq!(parts(&json), [(None, None, vec!["a".to_owned()])], "{fields}");
    }
}

#[test]
fn a_part_has_the_labels_of_its_delivery_and_its_origin() {
    let json = r#"{"owner":"444455556666","logGroup":"/central/app","logEvents":[{"timestamp":1,"message":"a","extractedFields":{"@aws.account":"111122223333","@aws.region":"eu-west-1"}}]}"#;
    let data = SubscriptionData::parse(json.as_bytes()).unwrap();
    let labels: Vec<String> = data
        .parts()
        .map(|part| part.labels(&data.labels(false)).to_string())
        .collect();
    assert_eq!(
        labels,
        [
            r#"{__aws_cloudwatch_account="111122223333", __aws_cloudwatch_log_group="/central/app", __aws_cloudwatch_owner="444455556666", __aws_cloudwatch_region="eu-west-1", __aws_log_type="cloudwatch"}"#
        ]
    );
}

proptest! {
    /// Compares with a simple count, for few times and messages, and for so many log events that they are
    /// sorted. Some have no time, or one outside the range of entries.
    #[test]
    fn no_two_entries_of_a_delivery_are_equal(
        events in proptest::collection::vec((0..5_i64, 0..4_usize), 0..120),
        is_rising in any::<bool>(),
        no_time in -1..5_i64,
        too_late in -1..5_i64,
    ) {
        let messages = ["", "a", "b", "ab"];
        let mut events: Vec<(i64, &str)> =
            events.iter().map(|(time, message)| (*time, messages[*message])).collect();
        if is_rising {
            events.sort_by_key(|(time, _)| *time);
        }
        let json: Vec<String> = events.iter().map(|(time, message)| match *time {
            time if time == no_time => format!(r#"{{"message":"{message}"}}"#),
            time if time == too_late => format!(r#"{{"timestamp":999999999999999999,"message":"{message}"}}"#),
            time => format!(r#"{{"timestamp":{time},"message":"{message}"}}"#),
        }).collect();
        let expected: Vec<_> = (0..events.len()).map(|at| {
            let (millis, message) = events[at];
            let earlier = events[..at].iter().filter(|event| **event == events[at]).count();
            let is_usable = millis != no_time && millis != too_late;
            is_usable.then(|| (i128::from(millis) * 1_000_000 + earlier as i128, message.to_owned()))
        }).collect();
        let outcomes = outcomes(&format!(r#"{{"logEvents":[{}]}}"#, json.join(",")));
        let entries: Vec<_> = outcomes.into_iter().map(Result::ok).collect();
        prop_assert_eq!(entries, expected);
    }
}
