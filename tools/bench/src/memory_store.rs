//! A store with one object in memory.

use bytes::Bytes;
use ingest::{ByteSource, DownloadError, ObjectAddress, ObjectStore, StoredObject};

use crate::LAST_MODIFIED;

/// The size of the chunks in which an object arrives.
const CHUNK: usize = 64 << 10;

/// A store that returns the same object for each address.
#[derive(Debug)]
pub(crate) struct MemoryStore(pub(crate) Bytes);

/// The rest of an object's bytes.
#[derive(Debug)]
pub(crate) struct MemoryBody {
    name: String,
    rest: Bytes,
}

impl ObjectStore for MemoryStore {
    type Body = MemoryBody;

    async fn open(&self, address: ObjectAddress<'_>) -> Result<StoredObject<MemoryBody>, DownloadError> {
        Ok(StoredObject {
            last_modified: LAST_MODIFIED,
            etag: None,
            body: MemoryBody {
                name: address.to_string(),
                rest: self.0.clone(),
            },
        })
    }
}

impl ByteSource for MemoryBody {
    fn name(&self) -> &str {
        &self.name
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, DownloadError> {
        let size = self.rest.len().min(CHUNK);
        Ok((size > 0).then(|| self.rest.split_to(size)))
    }
}
