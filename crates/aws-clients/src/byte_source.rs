//! Where compressed bytes come from.

use std::future::Future;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::DownloadError;

/// Bytes in chunks, pulled one after the other.
pub trait ByteSource: Send {
    /// What the bytes belong to, for errors: `s3://bucket/key`.
    fn name(&self) -> &str;

    /// The next chunk, never empty; none at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    /// When the bytes are not to be had. Asking again after that is of no use.
    fn next_chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, DownloadError>> + Send;
}

/// Bytes a reader is asked for at a time.
const READ_SIZE: usize = 64 * 1024;

/// Any reader as a source, such as a file.
#[derive(Debug)]
pub struct ReaderSource<R> {
    name: String,
    reader: R,
    buffer: BytesMut,
    offset: u64,
}

impl<R> ReaderSource<R> {
    /// Reads from `reader`; errors call it `name`.
    pub fn new(name: impl Into<String>, reader: R) -> Self {
        Self {
            name: name.into(),
            reader,
            buffer: BytesMut::new(),
            offset: 0,
        }
    }
}

impl<R: AsyncRead + Unpin + Send> ByteSource for ReaderSource<R> {
    fn name(&self) -> &str {
        &self.name
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, DownloadError> {
        self.buffer.reserve(READ_SIZE);
        let read = self.reader.read_buf(&mut self.buffer).await;
        let len = read.map_err(|source| DownloadError::Read {
            object: self.name.clone(),
            offset: self.offset,
            source,
        })?;
        self.offset += len as u64;
        Ok((len > 0).then(|| self.buffer.split().freeze()))
    }
}
