//! Files in memory.

use std::convert::Infallible;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use parquet_rows::{Limits, ParquetError, RangeSource, RowError, RowReader};

/// A file in memory, which remembers the ranges that were read.
#[derive(Clone, Debug)]
pub(crate) struct Memory {
    bytes: Bytes,
    pub(crate) ranges: Arc<Mutex<Vec<Range<u64>>>>,
}

impl Memory {
    pub(crate) fn new(bytes: impl Into<Bytes>) -> Self {
        Self {
            bytes: bytes.into(),
            ranges: Arc::default(),
        }
    }
}

impl RangeSource for Memory {
    type Error = Infallible;

    async fn read(&mut self, range: Range<u64>) -> Result<Bytes, Infallible> {
        self.ranges.lock().unwrap().push(range.clone());
        Ok(self.bytes.slice(range.start as usize..range.end as usize))
    }
}

/// Limits that no test of rows reaches.
pub(crate) fn limits() -> Limits {
    Limits::new(1 << 30, 1 << 20)
}

/// Returns the rows of the file, and the error that ended the reading.
pub(crate) fn read(file: &Memory, limits: Limits) -> (Vec<String>, Option<ParquetError>) {
    let mut text = Vec::new();
    let run = async {
        let len = file.bytes.len() as u64;
        let mut reader = RowReader::open(file.clone(), len, limits).await?;
        while reader.append_rows(&mut text).await? > 0 {}
        Ok::<(), RowError<Infallible>>(())
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let error = match runtime.block_on(run) {
        Ok(()) => None,
        Err(RowError::Parquet(error)) => Some(error),
        Err(RowError::Source(never)) => match never {},
    };
    let text = String::from_utf8(text).unwrap();
    (text.lines().map(str::to_owned).collect(), error)
}

/// Returns the rows of a valid file.
pub(crate) fn rows(bytes: impl Into<Bytes>) -> Vec<String> {
    let (rows, error) = read(&Memory::new(bytes), limits());
    assert_eq!(error, None);
    rows
}
