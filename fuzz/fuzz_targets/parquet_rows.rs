//! Any bytes are read as Parquet to an end, in bounded memory, and each row is a JSON object on one line.
#![no_main]

use std::convert::Infallible;
use std::ops::Range;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use parquet_rows::{Limits, RangeSource, RowReader};

struct Memory(Bytes);

impl RangeSource for Memory {
    type Error = Infallible;

    async fn read(&mut self, range: Range<u64>) -> Result<Bytes, Infallible> {
        Ok(self.0.slice(range.start as usize..range.end as usize))
    }
}

/// The most bytes of rows that are read: a run of equal values has any number of rows.
const MOST: usize = 1 << 20;

fuzz_target!(|data: &[u8]| {
    let limits = Limits {
        footer: 1 << 16,
        fetched: 1 << 12,
        pages: 1 << 20,
        row: 1 << 16,
    };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
        return;
    };
    let mut rows = Vec::new();
    runtime.block_on(async {
        let source = Memory(Bytes::copy_from_slice(data));
        let Ok(mut reader) = RowReader::open(source, data.len() as u64, limits).await else {
            return;
        };
        while rows.len() < MOST && matches!(reader.append_rows(&mut rows).await, Ok(1..)) {}
    });
    assert!(rows.is_empty() || rows.ends_with(b"\n"));
    for row in rows.split_inclusive(|byte| *byte == b'\n').take(100) {
        let parsed = serde_json::from_slice::<&serde_json::value::RawValue>(row);
        assert!(parsed.is_ok(), "{}", row.escape_ascii());
    }
});
