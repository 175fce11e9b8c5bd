//! What a record of a stream holds, whichever stream it is: a delivery of a subscription filter, or text; compressed or
//! not.

use decompression::{Compression, InflateError, inflate};

use crate::cloudwatch::SubscriptionData;
use crate::text_check::{self, NotText};

/// What a record holds.
#[derive(Clone, Debug)]
pub enum RecordContent<'a> {
    /// Deliveries of CloudWatch Logs subscription filters, one or several.
    Subscription(Vec<SubscriptionData>),
    /// Anything else that is text.
    Text(&'a [u8]),
}

/// A record that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It is compressed, and broken.
    #[error(transparent)]
    Compressed(InflateError),
    /// It is compressed, and inflates to more than is taken.
    #[error("inflates to more than {limit} bytes, the most that is read of one payload")]
    TooLarge {
        /// The most bytes that are taken.
        limit: usize,
    },
    /// It is neither text nor JSON.
    #[error(transparent)]
    NotText(#[from] NotText),
}

/// Opens a record: decompresses it into `inflated` if it is compressed, and tells what it holds.
///
/// # Errors
/// As [`decompress`] and [`content`].
pub fn open<'a>(
    data: &'a [u8],
    limit: usize,
    inflated: &'a mut Vec<u8>,
) -> Result<RecordContent<'a>, RecordError> {
    match decompress(data, limit, inflated)? {
        true => content(inflated),
        false => content(data),
    }
}

/// Decompresses a record into `inflated`, and returns whether it is compressed.
///
/// gzip, zstd and bzip2 are told by their magic numbers, and are errors where they are broken. Text may begin as zlib does
/// (`x^`), so zlib is what inflates as a whole; where something else begins so, a part may be in `inflated`. What is
/// compressed twice is decompressed once, and then not text.
///
/// # Errors
/// When the record is compressed and broken, inflates to more than `limit` bytes, or is compressed twice.
pub fn decompress(data: &[u8], limit: usize, inflated: &mut Vec<u8>) -> Result<bool, RecordError> {
    inflated.clear();
    let compressed = inflate_any(data, limit, inflated)?;
    if compressed && Compression::Zlib.starts(inflated) && inflate_any(inflated, limit, &mut Vec::new())? {
        return Err(RecordError::NotText(text_check::ZLIB_AGAIN));
    }
    Ok(compressed)
}

/// Tells what a record holds that is not compressed any more. It is subscription data only if all of it is: JSON documents,
/// one after the other, each with a `messageType` of AWS's, a `logGroup` and `logEvents`.
///
/// # Errors
/// When it is not text.
pub fn content(bytes: &[u8]) -> Result<RecordContent<'_>, RecordError> {
    if let Some(deliveries) = SubscriptionData::parse_all(bytes) {
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
