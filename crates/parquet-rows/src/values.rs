//! The values of a page ("Encodings" in the Parquet format).
//!
//! The `parquet` crate decodes pages as well, but panics on some corrupt ones and reserves as much memory as they ask
//! for, and a panic ends the function: see the crate's documentation.

use bytes::Bytes;
use parquet::basic::Encoding;

use crate::delta::Delta;
use crate::fault::{Fault, corrupt, cut_short};
use crate::hybrid::Hybrid;
use crate::physical::{Physical, Place, Value};

/// The dictionary of a column's chunk.
#[derive(Debug)]
pub(crate) struct Dictionary {
    pub(crate) bytes: Bytes,
    /// The positions of values of different lengths, without their lengths.
    values: Vec<(u32, u32)>,
    len: usize,
}

impl Dictionary {
    /// Returns the memory that a dictionary of `count` values takes beside its bytes.
    pub(crate) fn index_size(physical: Physical, count: u32, bytes: usize) -> usize {
        match physical {
            Physical::Bytes => size_of::<(u32, u32)>() * (count as usize).min(bytes / 4),
            _ => 0,
        }
    }

    /// Reads a dictionary of `count` values.
    pub(crate) fn new(bytes: Bytes, count: u32, physical: Physical) -> Result<Self, Fault> {
        let short = || cut_short("the values of the dictionary");
        let len = count as usize;
        let mut values = Vec::new();
        match physical {
            Physical::Boolean => return Err(corrupt("booleans have a dictionary")),
            Physical::Bytes => {
                values.reserve_exact(len.min(bytes.len() / 4));
                let mut at = 0;
                for _ in 0..len {
                    let range = prefixed(&bytes, at).ok_or_else(short)?;
                    at = range.end;
                    // A page has at most 2^31 bytes.
                    values.push((range.start as u32, range.end as u32));
                }
            }
            _ => {
                let width = physical.width().unwrap_or_default();
                if len.checked_mul(width).is_none_or(|needed| needed > bytes.len()) {
                    return Err(short());
                }
            }
        }
        Ok(Self { bytes, values, len })
    }

    /// Returns the memory that it takes beside its bytes.
    pub(crate) fn index_len(&self) -> usize {
        size_of::<(u32, u32)>() * self.values.capacity()
    }

    fn value(&self, index: u32, physical: Physical) -> Result<Value, Fault> {
        let index = index as usize;
        let range = match physical.width() {
            _ if index >= self.len => None,
            Some(width) => Some(index * width..(index + 1) * width),
            None => self
                .values
                .get(index)
                .map(|(start, end)| *start as usize..*end as usize),
        };
        range
            .and_then(|range| physical.value(&self.bytes, Place::Dictionary, range))
            .ok_or_else(|| corrupt(format!("value {index} of a dictionary with {}", self.len)))
    }
}

/// The values of a page, which are read one after the other.
#[derive(Debug)]
pub(crate) enum Values {
    /// Values one after the other, from this position on.
    Plain(usize),
    /// Bits from this position on.
    Bits(usize),
    Indexes(Hybrid),
    Booleans(Hybrid),
    Delta(Delta),
    /// Bytes whose lengths are stored before all of them.
    DeltaLengths {
        lengths: Delta,
        at: usize,
    },
    /// Bytes that begin like those before them.
    DeltaBytes {
        prefixes: Delta,
        lengths: Delta,
        at: usize,
    },
    /// The first bytes of all values, then the second bytes, and so on.
    Split {
        at: usize,
        count: usize,
    },
}

impl Values {
    /// Returns a reader of a page's values, at most `most` of them.
    pub(crate) fn new(
        bytes: &Bytes,
        encoding: i32,
        physical: Physical,
        most: u32,
        has_dictionary: bool,
    ) -> Result<Self, Fault> {
        const PLAIN: i32 = Encoding::PLAIN as i32;
        const PLAIN_DICTIONARY: i32 = Encoding::PLAIN_DICTIONARY as i32;
        const RLE: i32 = Encoding::RLE as i32;
        const DELTA_BINARY_PACKED: i32 = Encoding::DELTA_BINARY_PACKED as i32;
        const DELTA_LENGTH_BYTE_ARRAY: i32 = Encoding::DELTA_LENGTH_BYTE_ARRAY as i32;
        const DELTA_BYTE_ARRAY: i32 = Encoding::DELTA_BYTE_ARRAY as i32;
        const RLE_DICTIONARY: i32 = Encoding::RLE_DICTIONARY as i32;
        const BYTE_STREAM_SPLIT: i32 = Encoding::BYTE_STREAM_SPLIT as i32;

        Ok(match (encoding, physical) {
            (PLAIN, Physical::Boolean) => Self::Bits(0),
            (PLAIN, _) => Self::Plain(0),
            (PLAIN_DICTIONARY | RLE_DICTIONARY, _) if !has_dictionary => {
                return Err(corrupt("a page needs a dictionary, and there is none before it"));
            }
            (PLAIN_DICTIONARY | RLE_DICTIONARY, _) => match bytes.split_first() {
                Some((width, _)) => Self::Indexes(Hybrid::new(bytes.slice(1..), u32::from(*width))?),
                // A page of nulls.
                None => Self::Plain(0),
            },
            (RLE, Physical::Boolean) => {
                let range = prefixed(bytes, 0).ok_or_else(|| cut_short("booleans"))?;
                Self::Booleans(Hybrid::new(bytes.slice(range), 1)?)
            }
            (DELTA_BINARY_PACKED, Physical::Int32 | Physical::Int64) => {
                Self::Delta(Delta::new(bytes.clone(), 0, u64::from(most))?)
            }
            (DELTA_LENGTH_BYTE_ARRAY, Physical::Bytes) => {
                let lengths = Delta::new(bytes.clone(), 0, u64::from(most))?;
                let at = lengths.end()?;
                Self::DeltaLengths { lengths, at }
            }
            (DELTA_BYTE_ARRAY, Physical::Bytes | Physical::Fixed(_)) => {
                let prefixes = Delta::new(bytes.clone(), 0, u64::from(most))?;
                let lengths = Delta::new(bytes.clone(), prefixes.end()?, u64::from(most))?;
                let at = lengths.end()?;
                Self::DeltaBytes {
                    prefixes,
                    lengths,
                    at,
                }
            }
            _ => match physical.width().filter(|_| encoding == BYTE_STREAM_SPLIT) {
                Some(width) => Self::Split {
                    at: 0,
                    count: bytes.len() / width,
                },
                None => {
                    return Err(Fault::Unsupported {
                        what: format!("encoding {encoding} for its type"),
                        instead: "plain, dictionary, run-length, delta and byte-stream-split",
                    });
                }
            },
        })
    }

    /// Returns the next value. `scratch` holds the last value that was put together.
    #[inline]
    pub(crate) fn next(
        &mut self,
        bytes: &Bytes,
        physical: Physical,
        dictionary: Option<&Dictionary>,
        scratch: &mut Vec<u8>,
    ) -> Result<Value, Fault> {
        let short = || cut_short("values");
        Ok(match self {
            Self::Plain(at) => {
                let range = match physical.width() {
                    Some(width) => *at..*at + width,
                    None => prefixed(bytes, *at).ok_or_else(short)?,
                };
                *at = range.end;
                physical.value(bytes, Place::Page, range).ok_or_else(short)?
            }
            Self::Bits(at) => {
                let byte = *bytes.get(*at / 8).ok_or_else(short)?;
                let bit = byte >> (*at % 8) & 1;
                *at += 1;
                Value::Boolean(bit == 1)
            }
            Self::Indexes(indexes) => {
                let index = indexes.next()?;
                dictionary.ok_or_else(short)?.value(index, physical)?
            }
            Self::Booleans(bits) => Value::Boolean(bits.next()? == 1),
            Self::Delta(delta) => {
                let value = delta.next()?;
                Value::Int(match physical {
                    // Differences of 32 bits wrap around.
                    Physical::Int32 => i64::from(value as i32),
                    _ => value,
                })
            }
            Self::DeltaLengths { lengths, at } => {
                let range = following(*at, lengths.next()?, bytes.len()).ok_or_else(short)?;
                *at = range.end;
                Value::Bytes(Place::Page, range)
            }
            Self::DeltaBytes {
                prefixes,
                lengths,
                at,
            } => {
                let range = following(*at, lengths.next()?, bytes.len()).ok_or_else(short)?;
                let prefix = usize::try_from(prefixes.next()?).ok();
                let prefix = prefix.filter(|prefix| *prefix <= scratch.len()).ok_or_else(|| {
                    corrupt("a value shares more bytes with the one before it than that has")
                })?;
                *at = range.end;
                scratch.truncate(prefix);
                scratch.extend_from_slice(&bytes[range]);
                if let Physical::Fixed(width) = physical
                    && scratch.len() != width
                {
                    return Err(corrupt("a value has another length than its type"));
                }
                Value::Bytes(Place::Scratch, 0..scratch.len())
            }
            Self::Split { at, count } => {
                let width = physical.width().unwrap_or_default();
                if *at >= *count {
                    return Err(short());
                }
                scratch.clear();
                scratch.extend((0..width).map(|byte| bytes[byte * *count + *at]));
                *at += 1;
                physical
                    .value(scratch, Place::Scratch, 0..width)
                    .ok_or_else(short)?
            }
        })
    }
}

/// Returns the range of a value whose length is stored before it, in four bytes.
pub(crate) fn prefixed(bytes: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let len = bytes.get(at..)?.first_chunk::<4>()?;
    let start = at + 4;
    let end = start.checked_add(u32::from_le_bytes(*len) as usize)?;
    (end <= bytes.len()).then_some(start..end)
}

/// Returns the range of a value of `len` bytes.
fn following(at: usize, len: i64, most: usize) -> Option<std::ops::Range<usize>> {
    let end = at.checked_add(usize::try_from(len).ok()?)?;
    (end <= most).then_some(at..end)
}
