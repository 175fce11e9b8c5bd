//! Aggregates of the Kinesis Producer Library (KPL): many user records in one Kinesis record.

use md5::{Digest, Md5};
use prost::{DecodeError, Message};

mod proto {
    #![allow(
        missing_docs,
        dead_code,
        unreachable_pub,
        clippy::all,
        reason = "generated; the words are in proto/kpl.proto"
    )]
    include!(concat!(env!("OUT_DIR"), "/kpl.rs"));
}

/// The first bytes of an aggregate. UTF-8 text cannot begin with them: the third continuation byte is
/// missing.
pub const MAGIC: [u8; 4] = [0xf3, 0x89, 0x9a, 0xc2];
/// The length of the MD5 at the end of an aggregate, in bytes.
const DIGEST: usize = 16;

/// A reason why an aggregate, or one of its user records, cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum KplError {
    /// The checksum at the end is wrong.
    #[error(
        "begins as a KPL aggregate, but the MD5 at its end is not that of its data: it is other binary data, or was \
         changed on its way"
    )]
    Checksum,
    /// The list of user records is truncated or invalid.
    #[error("KPL aggregate: invalid protobuf at byte {offset}; the user records before it are good")]
    Broken {
        /// The offset of the fault in the Kinesis record.
        offset: usize,
    },
    /// A user record is not a valid protobuf message.
    #[error("invalid protobuf: {0}")]
    UserRecord(#[from] DecodeError),
    /// A user record has no data field, not even an empty one.
    #[error("it has no data")]
    NoData,
}

/// The user records of an aggregate.
///
/// They are decoded one by one: a list of them can take up to twenty times the memory of the aggregate if
/// they are empty.
#[derive(Clone, Debug)]
pub struct UserRecords<'a> {
    rest: &'a [u8],
    /// The offset in the Kinesis record at which `rest` ends.
    end: usize,
}

/// Returns whether a Kinesis record begins like an aggregate.
pub fn is_aggregate(data: &[u8]) -> bool {
    data.starts_with(&MAGIC)
}

impl<'a> UserRecords<'a> {
    /// Checks the aggregate in a Kinesis record and returns its user records.
    ///
    /// # Errors
    /// Returns an error if the MD5 is wrong or missing.
    pub fn of(data: &'a [u8]) -> Result<Self, KplError> {
        let body = data.strip_prefix(&MAGIC).ok_or(KplError::Checksum)?;
        let (rest, digest) = body.split_last_chunk::<DIGEST>().ok_or(KplError::Checksum)?;
        if Md5::digest(rest)[..] != digest[..] {
            return Err(KplError::Checksum);
        }
        Ok(Self {
            rest,
            end: data.len() - DIGEST,
        })
    }

    /// Reads the next field, or returns `None` if it is invalid.
    fn field(&mut self) -> Option<Field<'a>> {
        // As in protobuf's "Encoding": the number and wire type of a field, then its value.
        const USER_RECORD: usize = 3 << 3 | 2;
        let key = self.varint()?;
        let len = match key & 7 {
            0 => {
                self.varint()?;
                0
            }
            1 => 8,
            2 => self.varint()?,
            5 => 4,
            _ => return None,
        };
        let (value, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(match key {
            USER_RECORD => Field::UserRecord(value),
            _ => Field::Other,
        })
    }

    /// Reads a varint, which encodes both lengths and the keys of fields.
    fn varint(&mut self) -> Option<usize> {
        prost::decode_length_delimiter(&mut self.rest).ok()
    }
}

/// A field of the aggregate.
enum Field<'a> {
    UserRecord(&'a [u8]),
    Other,
}

impl Iterator for UserRecords<'_> {
    /// The data of a user record.
    type Item = Result<Vec<u8>, KplError>;

    /// Returns the next user record. An unreadable user record does not end the iteration; an invalid list
    /// ends with an error.
    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let offset = self.end - self.rest.len();
            match self.field() {
                Some(Field::UserRecord(message)) => {
                    let decoded = proto::Record::decode(message).map_err(KplError::UserRecord);
                    return Some(decoded.and_then(|record| record.data.ok_or(KplError::NoData)));
                }
                Some(Field::Other) => {}
                None => {
                    self.rest = &[];
                    return Some(Err(KplError::Broken { offset }));
                }
            }
        }
        None
    }
}
