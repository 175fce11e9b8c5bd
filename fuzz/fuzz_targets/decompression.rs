//! Compressed or plain data gives the same bytes however it is cut into chunks, or the same error after a part of them.
#![no_main]

use std::collections::VecDeque;

use bytes::Bytes;
use ingest::{BLOCK_SIZE, ByteSource, Decompressed, DownloadError};
use libfuzzer_sys::fuzz_target;
use support::cut;

/// The most bytes that are read, because a few KiB can inflate to gigabytes.
const MOST: usize = 4 << 20;
/// The error that stands for data that was not read to its end.
const TOO_MUCH: &str = "too much";

struct Chunks(VecDeque<Bytes>);

impl Chunks {
    fn new(chunks: &[&[u8]]) -> Self {
        Self(chunks.iter().map(|chunk| Bytes::copy_from_slice(chunk)).collect())
    }
}

impl ByteSource for Chunks {
    fn name(&self) -> &str {
        "object"
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, DownloadError> {
        Ok(self.0.pop_front())
    }
}

/// Returns the bytes and the error, without the position in the error, which depends on the cut.
async fn read(chunks: &[&[u8]]) -> (Vec<u8>, Option<String>) {
    let mut blocks = Decompressed::new(Chunks::new(chunks));
    let mut bytes = Vec::new();
    loop {
        match blocks.next_block().await {
            Ok(Some(block)) => {
                assert!(!block.is_empty() && block.len() <= BLOCK_SIZE);
                bytes.extend_from_slice(block);
            }
            Ok(None) => return (bytes, None),
            Err(error) => {
                assert!(
                    matches!(blocks.next_block().await, Ok(None)),
                    "an error comes once"
                );
                return (bytes, Some(without_place(&error)));
            }
        }
        if bytes.len() > MOST {
            return (bytes, Some(TOO_MUCH.to_owned()));
        }
    }
}

async fn append(chunks: &[&[u8]]) -> (Vec<u8>, Option<String>) {
    let mut blocks = Decompressed::new(Chunks::new(chunks));
    let mut bytes = Vec::new();
    loop {
        match blocks.append_to(&mut bytes).await {
            Ok(0) => return (bytes, None),
            Ok(_) if bytes.len() > MOST => {
                return (bytes, Some(TOO_MUCH.to_owned()));
            }
            Ok(_) => {}
            Err(error) => return (bytes, Some(without_place(&error))),
        }
    }
}

fn without_place(error: &DownloadError) -> String {
    let error = error.to_string();
    error.split(" near ").next().unwrap_or_default().to_owned()
}

fuzz_target!(|data: &[u8]| {
    let (chunks, whole) = cut(data);
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
        return;
    };
    runtime.block_on(async {
        // A source never gives an empty chunk.
        let expected = read(&[whole][..usize::from(!whole.is_empty())]).await;
        for (bytes, error) in [read(&chunks).await, append(&chunks).await] {
            // The size of a decoding step depends on the free capacity and the cut, so one read may meet the error
            // before the other one has reached the limit.
            let unread = [&error, &expected.1].map(|error| error.as_deref() == Some(TOO_MUCH));
            assert!(
                error == expected.1 || (unread.contains(&true) && error.is_some() && expected.1.is_some())
            );
            if error.is_none() {
                assert!(
                    bytes == expected.0,
                    "{} and {} bytes",
                    bytes.len(),
                    expected.0.len()
                );
            } else {
                // A decoder returns no bytes of the step that fails, and the cut decides where steps begin.
                assert!(bytes.starts_with(&expected.0) || expected.0.starts_with(&bytes));
            }
        }
    });
});
