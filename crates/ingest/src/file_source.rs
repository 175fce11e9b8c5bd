//! A local file as a source of bytes.

use std::io::{self, SeekFrom};
use std::ops::Range;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncSeek, AsyncSeekExt};

use crate::{ByteSource, DownloadError, ReaderSource};

/// A source that reads a file, from its start or any part of it. A pipe can only be read from its start.
#[derive(Debug)]
pub(crate) struct FileSource<R> {
    source: ReaderSource<R>,
    size: Option<u64>,
}

impl<R: AsyncRead + AsyncSeek + Unpin + Send> FileSource<R> {
    /// Returns a source whose errors name the file `name`.
    pub(crate) async fn new(name: String, mut file: R) -> Self {
        let size = size_of(&mut file).await.ok();
        Self {
            source: ReaderSource::new(name, file),
            size,
        }
    }
}

async fn size_of(file: &mut (impl AsyncSeek + Unpin)) -> io::Result<u64> {
    let size = file.seek(SeekFrom::End(0)).await?;
    file.rewind().await?;
    Ok(size)
}

impl<R: AsyncRead + AsyncSeek + Unpin + Send> ByteSource for FileSource<R> {
    fn name(&self) -> &str {
        self.source.name()
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, DownloadError> {
        self.source.next_chunk().await
    }

    fn size(&self) -> Option<u64> {
        self.size
    }

    async fn read_range(&mut self, range: Range<u64>) -> Result<Bytes, DownloadError> {
        let read = async {
            let len = usize::try_from(range.end.saturating_sub(range.start)).map_err(io::Error::other)?;
            let file = self.source.reader();
            file.seek(SeekFrom::Start(range.start)).await?;
            let mut bytes = vec![0; len];
            file.read_exact(&mut bytes).await?;
            Ok(bytes.into())
        };
        let read: io::Result<Bytes> = read.await;
        read.map_err(|source| DownloadError::Read {
            object: self.source.name().to_owned(),
            offset: range.start,
            source,
        })
    }
}
