//! Pushes: their format, attempts, waits, and how many are in flight.

use std::num::NonZeroUsize;
use std::time::Duration;

use loki_push::Encoding;

use super::super::duration::parse_duration;
use super::super::setting::Setting;
use super::super::value::{Typed, Words, duration, set};
use super::super::value_issue::ValueIssue;

pub(super) const SETTINGS: &[Setting] = &[
    Setting {
        name: "PUSH_ENCODING",
        meaning: "body format of the push API: `protobuf` or `json`",
        value: &Words {
            default: Encoding::Protobuf,
            field: |raw| &mut raw.encoding,
            words: &[("protobuf", Encoding::Protobuf), ("json", Encoding::Json)],
            is_lenient: false,
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "TIMEOUT",
        meaning: "longest duration of one attempt at a push",
        value: &Typed {
            read: |timeout, text| {
                set(timeout, parse_duration(text))?;
                match timeout.is_zero() {
                    true => Err(ValueIssue::error(
                        "0 leaves no time for an attempt; expected a duration like 5s",
                    )),
                    false => Ok(()),
                }
            },
            ..duration(Duration::from_secs(5), |raw| &mut raw.timeout)
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "MIN_BACKOFF",
        meaning: "wait before the second attempt at a push; it doubles with each further attempt",
        value: &duration(Duration::from_millis(100), |raw| &mut raw.min_backoff),
        ..Setting::PLAIN
    },
    Setting {
        name: "MAX_BACKOFF",
        meaning: "longest wait between two attempts",
        value: &duration(Duration::from_secs(30), |raw| &mut raw.max_backoff),
        ..Setting::PLAIN
    },
    Setting {
        name: "MAX_RETRIES",
        meaning: "most attempts at a push; `0`: as many as the function's timeout allows",
        value: &Typed {
            default: 10,
            field: |raw| &mut raw.max_retries,
            read: |tries, text| {
                let number = text.parse();
                set(
                    tries,
                    number.map_err(|_| format!("{text:?} is not a number of attempts")),
                )
            },
            text: ToString::to_string,
        },
        ..Setting::PLAIN
    },
    Setting {
        name: "DEADLINE_MARGIN",
        meaning: "time before the invocation's deadline at which the function stops and reports what was not delivered; at \
        most a quarter of the time that the invocation has",
        value: &duration(Duration::from_secs(2), |raw| &mut raw.deadline_margin),
        ..Setting::PLAIN
    },
    Setting {
        name: "PUSH_CONCURRENCY",
        meaning: "most pushes in flight; fewer while Loki responds with 429 or 503, or not within `TIMEOUT`",
        value: &Typed {
            // With 20 ms for each push of 1 MiB, 100 MiB of ALB logs took 1.5 times as long as without a delay at 8
            // pushes in flight, 1.13 times at 12, and 1.08 times at 24. A GiB of flow logs, which compress least,
            // needed 21 MiB of memory at 12 and 24 MiB at 16. The concurrency limiter in `loki-client` lowers it where
            // Loki limits the rate.
            default: NonZeroUsize::new(12),
            field: |raw| &mut raw.push_concurrency,
            read: |pushes, text| {
                let number = text.parse().map(Some);
                let expected = |_| format!("{text:?} is not a number of pushes; expected 1 or more");
                set(pushes, number.map_err(expected))
            },
            text: |pushes| pushes.map_or_else(String::new, |pushes| pushes.to_string()),
        },
        ..Setting::PLAIN
    },
];
