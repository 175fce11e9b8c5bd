//! A Kinesis record is decompressed and recognised, alone and as a user record of an aggregate. All of its text lines
//! are there, in order, each with a different time.
#![no_main]

use aws_logs::RecordIdentity;
use aws_logs::cloudwatch::EventIds;
use aws_logs::kpl::UserRecords;
use aws_logs::record_content::{RecordContent, content, decompress};
use aws_logs::text::{self, LineTimes};
use libfuzzer_sys::fuzz_target;
use loki_push::Timestamp;

/// The most bytes that a record may inflate to, because a few KiB can inflate to gigabytes.
const LIMIT: usize = 4 << 20;

fuzz_target!(|data: &[u8]| {
    if let Ok(records) = UserRecords::of(data) {
        assert!(records.count() <= data.len());
    }
    let mut inflated = Vec::new();
    let bytes = match decompress(data, LIMIT, &mut inflated) {
        Ok(true) => &inflated,
        Ok(false) => data,
        Err(_) => return,
    };
    let Ok(opened) = content(bytes, EventIds::Kept) else {
        return;
    };
    match opened {
        RecordContent::Subscription(deliveries) => {
            assert!(!deliveries.is_empty());
            // The same documents twice give the same deliveries twice.
            let twice = [bytes, b"\n", bytes].concat();
            let Ok(RecordContent::Subscription(twice)) = content(&twice, EventIds::Kept) else {
                panic!("two records in one are text");
            };
            assert_eq!(twice.len(), 2 * deliveries.len());
            for (index, delivery) in twice.iter().enumerate() {
                let once = &deliveries[index % deliveries.len()];
                assert_eq!(delivery.labels(true), once.labels(true));
                assert_eq!(delivery.len(), once.len());
            }
        }
        RecordContent::Text(text) => {
            let text = &text[..text.len().min(1 << 16)];
            let mut times = LineTimes::new(Timestamp::EPOCH, RecordIdentity::default());
            let lines: Vec<_> = text::lines(text).map(|line| (times.next_time(), line)).collect();
            assert!(lines.is_sorted_by(|one, next| one.0 < next.0));
            let expected = text.split_inclusive(|byte| *byte == b'\n').map(|line| {
                let line = line.strip_suffix(b"\n").unwrap_or(line);
                go_text::lossy(line.strip_suffix(b"\r").unwrap_or(line))
            });
            assert!(
                lines
                    .iter()
                    .map(|(_, line)| line)
                    .eq(expected.collect::<Vec<_>>().iter())
            );
        }
    }
});
