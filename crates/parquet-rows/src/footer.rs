//! The footer of a file: its schema, and where the columns of each row group are.

use parquet::file::metadata::{
    ColumnChunkMetaData, ParquetMetaDataOptions, ParquetMetaDataReader, ParquetStatisticsPolicy,
};

use crate::ParquetError;
use crate::column::Chunk;
use crate::compression::PageCompression;
use crate::guard::{self, Refusal};
use crate::schema::Schema;
use crate::thrift;

/// The number of bytes after the footer: its length, and the magic number.
pub(crate) const TAIL: u64 = 8;
/// The magic number at the start and end of a file.
const MAGIC: &[u8] = b"PAR1";
/// The magic number of a file whose footer is encrypted.
const ENCRYPTED_MAGIC: &[u8] = b"PARE";

/// The contents of a footer.
#[derive(Debug)]
pub(crate) struct Footer {
    pub(crate) schema: Schema,
    pub(crate) groups: Vec<Group>,
}

/// A row group.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) rows: u64,
    /// The chunk of each column, in their order.
    pub(crate) chunks: Vec<Chunk>,
}

/// Checks the magic number at the start of a file of `len` bytes.
pub(crate) fn check_start(first: &[u8], len: u64) -> Result<(), ParquetError> {
    if len == 0 {
        return Err(ParquetError::Empty);
    }
    if first.starts_with(ENCRYPTED_MAGIC) {
        return Err(ParquetError::Encrypted { what: "its footer" });
    }
    if !first.starts_with(MAGIC) {
        return Err(ParquetError::NotParquet {
            first: first.iter().take(MAGIC.len()).copied().collect(),
        });
    }
    Ok(())
}

/// Returns the length of the footer of a file of `len` bytes, which ends in `tail`.
pub(crate) fn length(tail: &[u8], len: u64, limit: usize) -> Result<u64, ParquetError> {
    let cut_short = || ParquetError::CutShort { len };
    let (rest, magic) = tail.split_last_chunk::<4>().ok_or_else(cut_short)?;
    if magic == ENCRYPTED_MAGIC {
        return Err(ParquetError::Encrypted { what: "its footer" });
    }
    if magic != MAGIC {
        return Err(cut_short());
    }
    let footer = rest.last_chunk::<4>().ok_or_else(cut_short)?;
    let footer = u64::from(u32::from_le_bytes(*footer));
    if footer + TAIL + MAGIC.len() as u64 > len {
        return Err(corrupt(format!("it is said to have {footer} bytes of {len}")));
    }
    if footer > limit as u64 {
        return Err(ParquetError::FooterTooLarge { limit });
    }
    Ok(footer)
}

impl Footer {
    /// Reads the footer, which begins at byte `start`. It may take `limit` bytes, and four times as much when it is
    /// decoded.
    pub(crate) fn read(footer: &[u8], start: u64, limit: usize) -> Result<Self, ParquetError> {
        guard::check(footer, limit.saturating_mul(4)).map_err(|refusal| match refusal {
            Refusal::Corrupt(thrift::Fault::End) => corrupt("it ends too early".to_owned()),
            Refusal::Corrupt(thrift::Fault::Invalid(reason)) => corrupt(reason.to_owned()),
            Refusal::Encrypted => ParquetError::Encrypted { what: "its columns" },
            Refusal::TooLarge => ParquetError::FooterTooLarge { limit },
        })?;
        // None of these is used.
        let options = ParquetMetaDataOptions::new()
            .with_encoding_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_column_stats_policy(ParquetStatisticsPolicy::SkipAll)
            .with_size_stats_policy(ParquetStatisticsPolicy::SkipAll);
        let decoded = ParquetMetaDataReader::decode_metadata_with_options(footer, Some(&options))
            .map_err(|error| corrupt(error.to_string()))?;
        let schema = Schema::of(decoded.file_metadata().schema()).map_err(corrupt)?;
        let mut groups = Vec::with_capacity(decoded.num_row_groups());
        for (index, group) in decoded.row_groups().iter().enumerate() {
            let wrong = |what: &str| corrupt(format!("row group {} {what}", index + 1));
            let rows = u64::try_from(group.num_rows()).map_err(|_| wrong("has a negative number of rows"))?;
            if group.num_columns() != schema.leaves.len() {
                return Err(wrong("does not have the columns of the schema"));
            }
            let chunks = group
                .columns()
                .iter()
                .map(|column| chunk(column, start).ok_or_else(|| wrong("has a column outside of the file")));
            let chunks = chunks.collect::<Result<Vec<_>, _>>()?;
            groups.push(Group { rows, chunks });
        }
        Ok(Self { schema, groups })
    }
}

/// Returns the place of a column's pages, which lie before `end`.
fn chunk(column: &ColumnChunkMetaData, end: u64) -> Option<Chunk> {
    if column.file_path().is_some_and(|path| !path.is_empty()) {
        return None;
    }
    let compression = PageCompression::of(column.compression_codec());
    let values = u64::try_from(column.num_values()).ok()?;
    if values == 0 {
        // Where there are no values, writers differ in the offsets.
        return Some(Chunk {
            start: 0,
            len: 0,
            values,
            compression,
        });
    }
    let data = u64::try_from(column.data_page_offset()).ok()?;
    // Some writers store 0 if there is none.
    let dictionary = column
        .dictionary_page_offset()
        .and_then(|offset| u64::try_from(offset).ok())
        .filter(|offset| *offset > 0);
    let start = dictionary.map_or(data, |dictionary| dictionary.min(data));
    let len = u64::try_from(column.compressed_size()).ok()?;
    let is_inside = start >= MAGIC.len() as u64 && start.checked_add(len)? <= end;
    is_inside.then_some(Chunk {
        start,
        len,
        values,
        compression,
    })
}

fn corrupt(reason: String) -> ParquetError {
    ParquetError::Footer { reason }
}
