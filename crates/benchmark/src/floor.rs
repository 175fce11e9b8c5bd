//! The least that bytes can cost, in this process and on this thread.

use std::sync::Arc;
use std::time::Duration;

use flate2::{Decompress, FlushDecompress, Status};
use loki_push::{Batches, Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp};
use rustix::time::{ClockId, clock_gettime};
use serde::Deserialize;

/// Bytes that are inflated at a time, and compressed at a time.
const BLOCK: usize = 64 << 10;
const BATCH: usize = 1 << 20;
const WINDOW_BITS: u8 = 15;

/// Time that `work` has this thread on a processor.
fn cpu_time(work: impl FnOnce()) -> Duration {
    // The kernel's files are as old as the thread's last tick.
    let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
    let before = now();
    work();
    now() - before
}

/// Inflates a gzip object and compresses what comes out, nothing else.
pub(crate) fn of_object(object: &[u8]) -> Duration {
    let mut plain = Vec::with_capacity(BATCH + BLOCK);
    let mut compressed = vec![0; snap::raw::max_compress_len(BATCH + BLOCK)];
    cpu_time(|| {
        let mut inflate = Decompress::new_gzip(WINDOW_BITS);
        let mut snappy = snap::raw::Encoder::new();
        let mut rest = object;
        loop {
            let before = inflate.total_in();
            let room = (plain.len() + BLOCK).min(plain.capacity());
            let status = inflate_to(&mut inflate, rest, &mut plain, room);
            rest = &rest[(inflate.total_in() - before) as usize..];
            if plain.len() >= BATCH || status == Status::StreamEnd {
                snappy.compress(&plain, &mut compressed).unwrap();
                plain.clear();
            }
            if status == Status::StreamEnd {
                return;
            }
        }
    })
}

fn inflate_to(inflate: &mut Decompress, input: &[u8], output: &mut Vec<u8>, len: usize) -> Status {
    let filled = output.len();
    output.resize(len, 0);
    let before = inflate.total_out();
    let status = inflate
        .decompress(input, &mut output[filled..], FlushDecompress::None)
        .unwrap();
    output.truncate(filled + (inflate.total_out() - before) as usize);
    status
}

/// What subscription data are, no more of them than an entry needs.
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

/// Inflates, parses, encodes and compresses the payload of a subscription event, nothing else.
pub(crate) fn of_payload(payload: &[u8]) -> Duration {
    cpu_time(|| {
        let mut json = Vec::new();
        let mut inflate = Decompress::new_gzip(WINDOW_BITS);
        let mut rest = payload;
        loop {
            let before = inflate.total_in();
            let room = json.len() + BLOCK;
            let status = inflate_to(&mut inflate, rest, &mut json, room);
            rest = &rest[(inflate.total_in() - before) as usize..];
            if status == Status::StreamEnd {
                break;
            }
        }
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
