//! The floor: the least CPU time that the same bytes can cost, measured on this thread.

use std::sync::Arc;
use std::time::Duration;

use bench::{BATCH, Floor, Inflate};
use loki_push::{Batches, Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;

/// Returns the CPU time that this thread spends on `work`.
fn cpu_time(work: impl FnOnce()) -> Duration {
    // The clock is exact, while the figures in `/proc` are only updated at the thread's last tick.
    let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
    let before = now();
    work();
    now() - before
}

/// Returns the CPU time of inflating a gzip object and compressing the result, and nothing else.
pub(crate) fn of_object(object: &[u8]) -> Duration {
    let mut floor = Floor::new(BATCH);
    cpu_time(|| {
        floor.inflate_and_compress(object);
    })
}

/// The fields of subscription data that an entry needs.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Data {
    owner: String,
    log_group: String,
    log_events: Vec<LogEvent>,
}

#[derive(Deserialize)]
struct LogEvent {
    timestamp: i64,
    message: String,
}

/// Returns the CPU time of inflating, parsing, encoding and compressing the payload of a subscription event, and
/// nothing else.
pub(crate) fn of_payload(payload: &[u8]) -> Duration {
    cpu_time(|| {
        let mut json = Vec::new();
        let mut inflate = Inflate::new(payload);
        while inflate.append_to(&mut json) > 0 {}
        let data: Data = serde_json::from_slice(&json).unwrap();
        let labels = Arc::new(LabelSet::from_iter([
            ("__aws_cloudwatch_log_group", data.log_group),
            ("__aws_cloudwatch_owner", data.owner),
        ]));
        let mut batches = Batches::new(Encoding::Protobuf, usize::MAX, &Buffers::new(BATCH));
        for event in data.log_events {
            let entry = Entry {
                labels: Arc::clone(&labels),
                timestamp: Timestamp::from_unix_millis(event.timestamp).unwrap(),
                line: event.message.into(),
                metadata: Vec::new(),
            };
            batches.add(&entry, ItemId(0));
        }
        for batch in batches.take() {
            std::hint::black_box(batch.pack().unwrap());
        }
    })
}
