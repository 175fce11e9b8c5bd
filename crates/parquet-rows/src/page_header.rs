//! The headers of pages (`PageHeader` in parquet.thrift).

use crate::fault::{Fault, corrupt};
use crate::thrift::{self, Thrift};

/// The header of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageHeader {
    /// The length of the header itself, in bytes.
    pub(crate) len: usize,
    /// The size of the page after it, in bytes.
    pub(crate) compressed: usize,
    /// The size of the page when decompressed, in bytes.
    pub(crate) uncompressed: usize,
    /// The CRC-32 of the page as it is stored.
    pub(crate) crc: Option<u32>,
    pub(crate) kind: PageKind,
}

/// The kind of a page, with what is particular to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageKind {
    Dictionary {
        values: u32,
        encoding: i32,
    },
    Data {
        values: u32,
        encoding: i32,
        definition: i32,
        repetition: i32,
    },
    DataV2 {
        values: u32,
        encoding: i32,
        definition: usize,
        repetition: usize,
        is_compressed: bool,
    },
    /// A page without values.
    Other,
}

/// The fields of the struct that describes one kind of page: the integers by their id, and the last boolean.
#[derive(Clone, Copy, Debug, Default)]
struct Inner {
    numbers: [Option<i32>; 8],
    flag: Option<bool>,
}

impl PageHeader {
    /// Reads the header at the start of the bytes, or returns `None` if it continues beyond them.
    pub(crate) fn read(bytes: &[u8]) -> Result<Option<Self>, Fault> {
        /// More than the lists that statistics have.
        const ELEMENTS: u32 = 1 << 16;
        let mut thrift = Thrift::new(bytes, ELEMENTS);
        let mut outer = Inner::default();
        let (mut data, mut dictionary, mut v2) = (None, None, None);
        let read = thrift.fields(|thrift, id, kind| {
            match (id, kind) {
                (1..=4, thrift::Kind::Int) => outer.numbers[id as usize] = Some(thrift.int32()?),
                (5, thrift::Kind::Struct) => data = Some(inner(thrift)?),
                (7, thrift::Kind::Struct) => dictionary = Some(inner(thrift)?),
                (8, thrift::Kind::Struct) => v2 = Some(inner(thrift)?),
                _ => return Ok(false),
            }
            Ok(true)
        });
        match read {
            Ok(()) => {}
            Err(thrift::Fault::End) => return Ok(None),
            Err(fault) => return Err(fault.into()),
        }
        let kind = match (outer.number(1)?, data, dictionary, v2) {
            (0, Some(data), _, _) => PageKind::Data {
                values: data.size(1)?,
                encoding: data.number(2)?,
                definition: data.number(3)?,
                repetition: data.number(4)?,
            },
            (2, _, Some(dictionary), _) => PageKind::Dictionary {
                values: dictionary.size(1)?,
                encoding: dictionary.number(2)?,
            },
            (3, _, _, Some(data)) => PageKind::DataV2 {
                values: data.size(1)?,
                encoding: data.number(4)?,
                definition: data.size(5)? as usize,
                repetition: data.size(6)? as usize,
                is_compressed: data.flag.unwrap_or(true),
            },
            (0 | 2 | 3, ..) => return Err(corrupt("the header of a page does not describe its kind")),
            _ => PageKind::Other,
        };
        Ok(Some(Self {
            len: thrift.position(),
            uncompressed: outer.size(2)? as usize,
            compressed: outer.size(3)? as usize,
            // The checksum is stored as a signed integer.
            crc: outer.numbers[4].map(i32::cast_unsigned),
            kind,
        }))
    }
}

impl Inner {
    fn number(&self, id: usize) -> Result<i32, Fault> {
        self.numbers[id].ok_or_else(|| corrupt("the header of a page is incomplete"))
    }

    fn size(&self, id: usize) -> Result<u32, Fault> {
        u32::try_from(self.number(id)?).map_err(|_| corrupt("the header of a page has a negative size"))
    }
}

fn inner(thrift: &mut Thrift<'_>) -> Result<Inner, thrift::Fault> {
    let mut inner = Inner::default();
    thrift.fields(|thrift, id, kind| {
        match (id, kind) {
            (1..=7, thrift::Kind::Int) => inner.numbers[id as usize] = Some(thrift.int32()?),
            (7, thrift::Kind::True) => inner.flag = Some(true),
            (7, thrift::Kind::False) => inner.flag = Some(false),
            // Booleans have no further bytes, and other fields are skipped.
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(inner)
}
