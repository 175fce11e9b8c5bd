//! A column's values, with the levels that place them in nested rows.

use std::collections::VecDeque;

use bytes::{Bytes, BytesMut};
use decompression::Inflater;

use crate::Limits;
use crate::compression::PageCompression;
use crate::fault::{Fault, corrupt, cut_short};
use crate::hybrid::Hybrid;
use crate::page_header::{PageHeader, PageKind};
use crate::physical::{Physical, Place, Value};
use crate::schema::Leaf;
use crate::values::{Dictionary, Values};

/// The part of a file that holds a column's values of one row group.
#[derive(Clone, Debug)]
pub(crate) struct Chunk {
    /// The position of its first page.
    pub(crate) start: u64,
    /// Its length, in bytes.
    pub(crate) len: u64,
    pub(crate) values: u64,
    pub(crate) compression: PageCompression,
}

/// A reader of a column's chunk. Pages are taken out of bytes that the caller fetches.
#[derive(Debug)]
pub(crate) struct Column {
    physical: Physical,
    max_definition: u32,
    max_repetition: u32,
    chunk: Chunk,
    /// The number of values of the chunk in pages that were not loaded yet.
    unloaded: u64,
    /// The bytes that were fetched but not used yet.
    fetched: Bytes,
    /// The position of the first of them.
    at: u64,
    dictionary: Option<Dictionary>,
    pages: VecDeque<Page>,
    /// The number of rows that begin in the loaded pages, after the current entry.
    rows_ahead: u64,
    current: Option<Entry>,
    scratch: Vec<u8>,
}

/// An entry of a column: a value, or a level of nesting without one.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) repetition: u32,
    pub(crate) definition: u32,
    pub(crate) value: Option<Value>,
}

#[derive(Debug)]
struct Page {
    bytes: Bytes,
    repetition: Option<Hybrid>,
    definition: Option<Hybrid>,
    values: Values,
    /// The number of entries that were not read yet.
    left: u32,
    /// The memory that it takes.
    size: usize,
}

/// What a column needs before the next page can be loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wants {
    /// Nothing: the next row is complete.
    Nothing,
    /// These bytes of the file.
    Bytes {
        from: u64,
        /// The least that is useful.
        least: u64,
        /// All that is left of the chunk.
        most: u64,
    },
}

/// The largest header of a page, in bytes. Statistics can contain two values.
const LARGEST_HEADER: u64 = 1 << 20;
/// The bytes of a header that are fetched first.
const HEADER: u64 = 256;

impl Column {
    pub(crate) fn new(leaf: &Leaf, chunk: Chunk) -> Self {
        Self {
            physical: leaf.physical,
            max_definition: leaf.definition,
            max_repetition: leaf.repetition,
            unloaded: chunk.values,
            at: chunk.start,
            chunk,
            fetched: Bytes::new(),
            dictionary: None,
            pages: VecDeque::new(),
            rows_ahead: 0,
            current: None,
            scratch: Vec::new(),
        }
    }

    /// Returns the part of the file that holds the column.
    pub(crate) fn chunk(&self) -> &Chunk {
        &self.chunk
    }

    /// Returns the position of the next page, for errors.
    pub(crate) fn position(&self) -> u64 {
        self.at
    }

    /// Returns the memory that the loaded pages and the dictionary take, in bytes.
    pub(crate) fn size(&self) -> usize {
        let dictionary = self
            .dictionary
            .as_ref()
            .map_or(0, |dictionary| dictionary.bytes.len() + dictionary.index_len());
        dictionary + self.pages.iter().map(|page| page.size).sum::<usize>()
    }

    /// Returns the current entry, or `None` at the end of the chunk.
    #[inline]
    pub(crate) fn current(&self) -> Option<&Entry> {
        self.current.as_ref()
    }

    /// Returns the bytes of a value of the current entry.
    #[inline]
    pub(crate) fn bytes(&self, place: Place, range: std::ops::Range<usize>) -> &[u8] {
        let bytes = match place {
            Place::Page => self.pages.front().map(|page| &page.bytes[..]),
            Place::Dictionary => self.dictionary.as_ref().map(|dictionary| &dictionary.bytes[..]),
            Place::Scratch => Some(&self.scratch[..]),
        };
        bytes.and_then(|bytes| bytes.get(range)).unwrap_or_default()
    }

    /// Returns whether all that belongs to the next row is loaded.
    #[inline]
    pub(crate) fn has_row(&self) -> bool {
        self.unloaded == 0 || (self.current.is_some() && (self.max_repetition == 0 || self.rows_ahead > 0))
    }

    /// Moves on to the next entry of the loaded pages.
    #[inline]
    pub(crate) fn advance(&mut self) -> Result<(), Fault> {
        loop {
            let Some(page) = self.pages.front_mut() else {
                self.current = None;
                return Ok(());
            };
            if page.left == 0 {
                self.pages.pop_front();
                // Values of the next page do not continue those of this one.
                self.scratch.clear();
                continue;
            }
            page.left -= 1;
            let repetition = match &mut page.repetition {
                Some(levels) => levels.next()?,
                None => 0,
            };
            let definition = match &mut page.definition {
                Some(levels) => levels.next()?,
                None => 0,
            };
            if repetition > self.max_repetition || definition > self.max_definition {
                return Err(corrupt("a level is higher than the schema allows"));
            }
            if repetition == 0 {
                self.rows_ahead = self.rows_ahead.saturating_sub(1);
            }
            let value = if definition == self.max_definition {
                let dictionary = self.dictionary.as_ref();
                let value = page
                    .values
                    .next(&page.bytes, self.physical, dictionary, &mut self.scratch)?;
                Some(value)
            } else {
                None
            };
            self.current = Some(Entry {
                repetition,
                definition,
                value,
            });
            return Ok(());
        }
    }

    /// Returns whether every entry of the chunk was read.
    pub(crate) fn is_at_end(&self) -> bool {
        self.unloaded == 0 && self.current.is_none()
    }

    /// Adds bytes of the file, which follow those added before.
    pub(crate) fn add(&mut self, bytes: Bytes) {
        if self.fetched.is_empty() {
            self.fetched = bytes;
        } else {
            let mut joined = BytesMut::with_capacity(self.fetched.len() + bytes.len());
            joined.extend_from_slice(&self.fetched);
            joined.extend_from_slice(&bytes);
            self.fetched = joined.freeze();
        }
    }

    /// Loads pages until the next row is complete, or more bytes are needed. The pages may take `room` bytes more than
    /// the column does now.
    pub(crate) fn load(&mut self, room: usize, inflater: &mut Inflater) -> Result<Wants, Fault> {
        let most = self.size().saturating_add(room);
        while !self.has_row() {
            if let Some(wants) = self.load_page(most, inflater)? {
                return Ok(wants);
            }
            if self.current.is_none() {
                self.advance()?;
            }
        }
        Ok(Wants::Nothing)
    }

    fn wants(&self, least: u64) -> Result<Option<Wants>, Fault> {
        let end = self.chunk.start + self.chunk.len;
        let from = self.at + self.fetched.len() as u64;
        let left = end.saturating_sub(from);
        let least = least.saturating_sub(self.fetched.len() as u64);
        if least > left {
            return Err(cut_short("the column's pages"));
        }
        Ok(Some(Wants::Bytes {
            from,
            least,
            most: left,
        }))
    }

    /// Loads the next page, or returns the bytes that are needed for it.
    fn load_page(&mut self, most: usize, inflater: &mut Inflater) -> Result<Option<Wants>, Fault> {
        let Some(header) = PageHeader::read(&self.fetched)? else {
            let fetched = self.fetched.len() as u64;
            if fetched >= LARGEST_HEADER {
                return Err(corrupt("the header of a page is too long"));
            }
            let left = (self.chunk.start + self.chunk.len).saturating_sub(self.at);
            // Near the end of the chunk there may be less.
            return self.wants((fetched + HEADER).min(left).max(fetched + 1));
        };
        // What compression adds to data that cannot be compressed is less.
        if header.compressed > header.uncompressed.saturating_add(header.uncompressed / 4 + 1024) {
            return Err(corrupt("a page is larger compressed than decompressed"));
        }
        let end = header.len.saturating_add(header.compressed);
        let needed = self.needed(&header);
        if needed.saturating_add(self.size()) > most {
            return Err(Fault::Memory {
                needed: needed as u64,
            });
        }
        if end > self.fetched.len() {
            return self.wants(end as u64);
        }
        let stored = self.fetched.slice(header.len..end);
        if let Some(crc) = header.crc
            && crc32fast::hash(&stored) != crc
        {
            return Err(corrupt("the checksum of a page is wrong"));
        }
        self.take_page(&header, stored, inflater)?;
        self.fetched = self.fetched.split_off(end);
        self.at += end as u64;
        Ok(None)
    }

    /// Returns the memory that a page takes while it is loaded, in bytes.
    fn needed(&self, header: &PageHeader) -> usize {
        /// The size up to which a page's compressed bytes count among those that are fetched ahead: columns with such
        /// pages are fetched one after the other.
        const AHEAD: usize = Limits::FETCHED;
        let index = match header.kind {
            PageKind::Dictionary { values, .. } => {
                Dictionary::index_size(self.physical, values, header.uncompressed)
            }
            _ => 0,
        };
        let compressed = Some(header.compressed)
            .filter(|size| *size > AHEAD)
            .unwrap_or_default();
        header
            .uncompressed
            .saturating_add(index)
            .saturating_add(compressed)
    }

    fn take_page(
        &mut self,
        header: &PageHeader,
        stored: Bytes,
        inflater: &mut Inflater,
    ) -> Result<(), Fault> {
        let compression = self.chunk.compression;
        match header.kind {
            PageKind::Other => Ok(()),
            PageKind::Dictionary { values, encoding } => {
                if self.dictionary.is_some() {
                    return Err(corrupt("the column has two dictionaries"));
                }
                // Plain, by either name.
                if !matches!(encoding, 0 | 2) {
                    return Err(Fault::Unsupported {
                        what: format!("encoding {encoding} for its dictionary"),
                        instead: "plain dictionaries",
                    });
                }
                let bytes = compression.decompress(stored, header.uncompressed, inflater)?;
                self.dictionary = Some(Dictionary::new(bytes, values, self.physical)?);
                Ok(())
            }
            PageKind::Data {
                values,
                encoding,
                definition,
                repetition,
            } => {
                let bytes = compression.decompress(stored, header.uncompressed, inflater)?;
                let mut at = 0;
                let repetition = self.levels(&bytes, &mut at, self.max_repetition, repetition)?;
                let definition = self.levels(&bytes, &mut at, self.max_definition, definition)?;
                self.data_page(bytes.slice(at..), repetition, definition, values, encoding)
            }
            PageKind::DataV2 {
                values,
                encoding,
                definition,
                repetition,
                is_compressed,
            } => {
                let levels = repetition.saturating_add(definition);
                let len = header.uncompressed.checked_sub(levels);
                let (Some(len), true) = (len, levels <= stored.len()) else {
                    return Err(cut_short("the levels of a page"));
                };
                let level = |bytes: Bytes, max: u32| match max {
                    0 => Ok(None),
                    max => Hybrid::new(bytes, width(max)).map(Some),
                };
                let repetition_levels = level(stored.slice(..repetition), self.max_repetition)?;
                let definition_levels = level(stored.slice(repetition..levels), self.max_definition)?;
                let compression = if is_compressed {
                    compression
                } else {
                    PageCompression::None
                };
                let bytes = compression.decompress(stored.slice(levels..), len, inflater)?;
                self.data_page(bytes, repetition_levels, definition_levels, values, encoding)
            }
        }
    }

    /// Returns the levels of a page of the first version, before which their length is stored.
    fn levels(
        &self,
        bytes: &Bytes,
        at: &mut usize,
        max: u32,
        encoding: i32,
    ) -> Result<Option<Hybrid>, Fault> {
        const RLE: i32 = parquet::basic::Encoding::RLE as i32;
        if max == 0 {
            return Ok(None);
        }
        if encoding != RLE {
            return Err(Fault::Unsupported {
                what: format!("encoding {encoding} for its levels"),
                instead: "run-length encoded levels",
            });
        }
        let range = crate::values::prefixed(bytes, *at).ok_or_else(|| cut_short("the levels of a page"))?;
        *at = range.end;
        Hybrid::new(bytes.slice(range), width(max)).map(Some)
    }

    fn data_page(
        &mut self,
        bytes: Bytes,
        repetition: Option<Hybrid>,
        definition: Option<Hybrid>,
        left: u32,
        encoding: i32,
    ) -> Result<(), Fault> {
        self.unloaded = self
            .unloaded
            .checked_sub(u64::from(left))
            .ok_or_else(|| corrupt("the pages have more values than the footer says"))?;
        self.rows_ahead += match &repetition {
            Some(levels) => levels.count_zeros(u64::from(left))?,
            None => u64::from(left),
        };
        let values = Values::new(&bytes, encoding, self.physical, left, self.dictionary.is_some())?;
        self.pages.push_back(Page {
            size: bytes.len(),
            bytes,
            repetition,
            definition,
            values,
            left,
        });
        Ok(())
    }
}

/// Returns the number of bits that the levels up to `max` need.
fn width(max: u32) -> u32 {
    u32::BITS - max.leading_zeros()
}
