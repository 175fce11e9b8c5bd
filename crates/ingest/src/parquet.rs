//! The reading of Parquet objects: each row becomes a line of JSON, which is read as a line of the object's type.

use std::ops::Range;

use aws_logs::s3::ObjectReader;
use aws_logs::text_check;
use bytes::{Bytes, BytesMut};
use parquet_rows::{Limits, RangeSource, RowError, RowReader};

use crate::item_intake::ItemIntake;
use crate::object::{ObjectToRead, OpenObject};
use crate::{ByteSource, Decompressed, DownloadError, EntrySink, ObjectStore, ReadError};

/// The number of bytes by which Parquet is told from text.
const PROBE: usize = 16;

/// Returns whether the object is read as Parquet: its key says so, or its first bytes do, and its type is one that AWS
/// delivers as Parquet, or any. Parquet of another type fails because it is not text.
pub(crate) async fn is_parquet<B: ByteSource>(
    object: &ObjectToRead<'_>,
    blocks: &mut Decompressed<B>,
) -> Result<bool, ReadError> {
    if !object.kind.may_be_parquet() {
        return Ok(false);
    }
    if object.key.ends_with(".parquet") {
        return Ok(true);
    }
    Ok(text_check::begins_as_parquet(blocks.first(PROBE).await?))
}

impl<O: ObjectStore, S: EntrySink> ItemIntake<'_, O, S> {
    /// Reads the rows of an object. If it ends in an error, the rows before it are processed first.
    pub(crate) async fn rows<B: ByteSource>(
        &mut self,
        object: &mut OpenObject<'_>,
        reader: &mut ObjectReader,
        blocks: Decompressed<B>,
    ) -> Result<(), ReadError> {
        let bounds = self.intake.settings.bounds;
        let name = object.name;
        let failed = |error| match error {
            RowError::Source(error) => ReadError::Download(error),
            RowError::Parquet(source) => ReadError::Parquet {
                object: name.to_owned(),
                source,
            },
        };
        let (len, source) = ranges(blocks).await?;
        let limits = Limits::new(bounds.pages, bounds.line);
        let mut rows = RowReader::open(source, len, limits).await.map_err(failed)?;
        loop {
            let read = rows.append_rows(reader.space()).await;
            match &read {
                Ok(0) => reader.finish(),
                Ok(_) => {}
                Err(RowError::Parquet(_)) => reader.abort(),
                Err(RowError::Source(_)) => reader.interrupt(),
            }
            let taken = self.whole_records(object, reader).await;
            let count = read.map_err(failed)?;
            taken?;
            if count == 0 {
                return Ok(());
            }
            // As between blocks of lines.
            tokio::task::yield_now().await;
        }
    }
}

/// The bytes of an object: all of them if they are few, or its source, which returns any range.
enum Ranges<B> {
    Whole(Bytes),
    Source(B),
}

/// Returns the size of an object and its bytes. An object that is not large is read to its end, which takes the request
/// that has been made already and no other.
async fn ranges<B: ByteSource>(blocks: Decompressed<B>) -> Result<(u64, Ranges<B>), ReadError> {
    let (first, mut source) = blocks.into_parts();
    let size = source.size();
    if let Some(size) = size
        && size > Limits::FETCHED as u64
    {
        return Ok((size, Ranges::Source(source)));
    }
    let expected = size.and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
    let mut bytes = BytesMut::with_capacity(expected);
    bytes.extend_from_slice(&first);
    drop(first);
    while let Some(chunk) = source.next_chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > Limits::FETCHED {
            // Only a source whose size is not known can have more, and it cannot be read at another place.
            let end = bytes.len() as u64;
            source.read_range(end..end).await?;
        }
    }
    Ok((bytes.len() as u64, Ranges::Whole(bytes.freeze())))
}

impl<B: ByteSource> RangeSource for Ranges<B> {
    type Error = DownloadError;

    async fn read(&mut self, range: Range<u64>) -> Result<Bytes, DownloadError> {
        match self {
            Self::Source(source) => source.read_range(range).await,
            // The ranges are inside the object.
            Self::Whole(bytes) => Ok(bytes.slice(range.start as usize..range.end as usize)),
        }
    }
}
