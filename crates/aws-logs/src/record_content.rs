//! The content of a record of any stream: deliveries of a subscription filter, or text, both possibly
//! compressed.

use decompression::{Compression, InflateError, inflate};

use crate::cloudwatch::{EventIds, SubscriptionData};
use crate::text_check::{self, NotText};

/// The content of a record.
#[derive(Clone, Debug)]
pub enum RecordContent<'a> {
    /// One or several deliveries of CloudWatch Logs subscription filters.
    Subscription(Vec<SubscriptionData>),
    /// Other text.
    Text(&'a [u8]),
}

/// A reason why a record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The compressed data are broken.
    #[error(transparent)]
    Compressed(InflateError),
    /// The compressed data inflate to more than the limit.
    #[error("inflates to more than {limit} bytes, the most that is read of one payload")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The content is neither text nor JSON.
    #[error(transparent)]
    NotText(#[from] NotText),
}

/// Opens a record: decompresses it into `inflated` if it is compressed, and returns its content.
///
/// # Errors
/// Returns the errors of [`decompress`] and [`content`].
pub fn open<'a>(
    data: &'a [u8],
    limit: usize,
    ids: EventIds,
    inflated: &'a mut Vec<u8>,
) -> Result<RecordContent<'a>, RecordError> {
    match decompress(data, limit, inflated)? {
        true => content(inflated, ids),
        false => content(data, ids),
    }
}

/// Decompresses a record into `inflated`, and returns whether it is compressed.
///
/// gzip, zstd and bzip2 are recognised by their magic numbers; broken data of these formats are an error.
/// Text can begin like zlib data (`x^`), so data count as zlib only if they inflate completely; otherwise
/// `inflated` may contain a part. Data that were compressed twice are decompressed once, and are then not
/// text.
///
/// # Errors
/// Returns an error if the record is compressed and broken, inflates to more than `limit` bytes, or was
/// compressed twice.
pub fn decompress(data: &[u8], limit: usize, inflated: &mut Vec<u8>) -> Result<bool, RecordError> {
    inflated.clear();
    let compressed = inflate_any(data, limit, inflated)?;
    if compressed && Compression::Zlib.starts(inflated) && inflate_any(inflated, limit, &mut Vec::new())? {
        return Err(RecordError::NotText(text_check::ZLIB_AGAIN));
    }
    Ok(compressed)
}

/// Returns the content of a record that is not compressed, or no longer. It is subscription data only if all
/// of it consists of consecutive JSON documents with a `messageType` of AWS, a `logGroup` and `logEvents`.
///
/// # Errors
/// Returns an error if the content is not text.
pub fn content(bytes: &[u8], ids: EventIds) -> Result<RecordContent<'_>, RecordError> {
    if let Some(deliveries) = SubscriptionData::parse_all(bytes, ids) {
        return Ok(RecordContent::Subscription(deliveries));
    }
    text_check::check(bytes)?;
    Ok(RecordContent::Text(bytes))
}

fn inflate_any(data: &[u8], limit: usize, inflated: &mut Vec<u8>) -> Result<bool, RecordError> {
    let compression = match Compression::detect(data) {
        Some(compression) => compression,
        None if Compression::Zlib.starts(data) => Compression::Zlib,
        None => return Ok(false),
    };
    match inflate(compression, data, limit, inflated) {
        Ok(()) => Ok(true),
        Err(InflateError::TooLarge { limit }) => Err(RecordError::TooLarge { limit }),
        Err(_) if compression == Compression::Zlib => Ok(false),
        Err(error) => Err(RecordError::Compressed(error)),
    }
}
