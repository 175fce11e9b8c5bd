//! Sources of compressed bytes.

use std::future::Future;
use std::io;
use std::ops::Range;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt};

use crate::DownloadError;

/// A source of bytes, which are read in chunks.
pub trait ByteSource: Send {
    /// Returns the name of the object that the bytes belong to, such as `s3://bucket/key`, for errors.
    fn name(&self) -> &str;

    /// Returns the next chunk, which is never empty, or `None` at the end. Dropping the future loses no data.
    ///
    /// # Errors
    /// Returns an error if the bytes cannot be read. Another call after an error does not help.
    fn next_chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, DownloadError>> + Send;

    /// Returns the number of bytes of the object, if it is known and any range of it can be read.
    fn size(&self) -> Option<u64> {
        None
    }

    /// Returns the bytes of a range of the object, in the same state as the chunks. After this, chunks cannot be read.
    ///
    /// # Errors
    /// Returns an error if the bytes cannot be read, and always for a source without a [`size`](Self::size).
    fn read_range(&mut self, range: Range<u64>) -> impl Future<Output = Result<Bytes, DownloadError>> + Send {
        async move {
            Err(DownloadError::Read {
                object: self.name().to_owned(),
                offset: range.start,
                source: io::Error::new(io::ErrorKind::Unsupported, "only the whole of it can be read"),
            })
        }
    }
}

/// The number of bytes requested from a reader at a time.
const READ_SIZE: usize = 64 * 1024;

/// A source that reads from any reader, such as a file.
#[derive(Debug)]
pub struct ReaderSource<R> {
    name: String,
    reader: R,
    buffer: BytesMut,
    offset: u64,
}

impl<R> ReaderSource<R> {
    /// Returns a source that reads from `reader` and whose errors name it `name`.
    pub fn new(name: impl Into<String>, reader: R) -> Self {
        Self {
            name: name.into(),
            reader,
            buffer: BytesMut::new(),
            offset: 0,
        }
    }

    /// Returns the reader.
    pub(crate) fn reader(&mut self) -> &mut R {
        &mut self.reader
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
