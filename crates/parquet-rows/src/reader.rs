//! The reading of a file, row by row.

use std::future::Future;
use std::ops::Range;

use bytes::Bytes;
use decompression::Inflater;

use crate::column::{Column, Wants};
use crate::fault::Fault;
use crate::footer::{self, Footer};
use crate::row::Rows;
use crate::{Limits, ParquetError, RowError};

/// A source of any bytes of one file, which does not change.
pub trait RangeSource: Send {
    /// The error if bytes cannot be read.
    type Error: Send;

    /// Returns the bytes of this range, which lies inside the file: as many as it is long.
    ///
    /// # Errors
    /// Returns an error if the bytes cannot be read.
    fn read(&mut self, range: Range<u64>) -> impl Future<Output = Result<Bytes, Self::Error>> + Send;
}

/// A reader of a file's rows, as lines of JSON.
#[derive(Debug)]
pub struct RowReader<S> {
    source: S,
    limits: Limits,
    footer: Footer,
    /// The number of row groups that were begun.
    begun: usize,
    /// The columns of the row group that is read.
    columns: Vec<Column>,
    /// The number of its rows that were not read yet.
    rows: u64,
    inflater: Inflater,
}

/// The number of bytes of rows after which they are returned.
const BATCH: usize = 64 << 10;
/// The number of bytes at the end of the file that are fetched at once. The footer is seldom longer.
const END: u64 = 64 << 10;
/// The least number of bytes that are fetched of a column at once.
const LEAST_FETCHED: u64 = 64 << 10;

impl<S: RangeSource> RowReader<S> {
    /// Reads the footer of a file of `len` bytes.
    ///
    /// # Errors
    /// Returns an error if the file is not valid Parquet, is encrypted, or its footer is larger than the limit.
    pub async fn open(mut source: S, len: u64, limits: Limits) -> Result<Self, RowError<S::Error>> {
        let first = source.read(0..len.min(4)).await.map_err(RowError::Source)?;
        footer::check_start(&first, len)?;
        let end_at = len.saturating_sub(END);
        let end = source.read(end_at..len).await.map_err(RowError::Source)?;
        let footer_len = footer::length(&end, len, limits.footer)?;
        let start = len - footer::TAIL - footer_len;
        let bytes = if start >= end_at {
            let from = usize::try_from(start - end_at).unwrap_or(usize::MAX);
            let to = end.len().saturating_sub(footer::TAIL as usize);
            end.slice(from.min(to)..to)
        } else {
            drop(end);
            let range = start..len - footer::TAIL;
            source.read(range).await.map_err(RowError::Source)?
        };
        let footer = Footer::read(&bytes, start, limits.footer)?;
        Ok(Self {
            source,
            limits,
            footer,
            begun: 0,
            columns: Vec::new(),
            rows: 0,
            inflater: Inflater::default(),
        })
    }

    /// Appends the next rows, each as a JSON object and a line feed, and returns their number; 0 at the end. At most one
    /// row begins after 64 KiB were appended.
    ///
    /// # Errors
    /// Returns an error if the file is corrupt, has a feature that is not supported, or needs more memory than the
    /// limits allow. Complete rows before it were appended.
    pub async fn append_rows(&mut self, to: &mut Vec<u8>) -> Result<usize, RowError<S::Error>> {
        let mut appended = 0;
        let full = to.len().saturating_add(BATCH);
        while to.len() < full {
            if self.rows == 0 {
                self.end_group()?;
                if self.begun == self.footer.groups.len() {
                    break;
                }
                self.begin_group().await?;
                continue;
            }
            self.load().await?;
            let start = to.len();
            let mut rows = Rows {
                leaves: &self.footer.schema.leaves,
                columns: &mut self.columns,
                end: start.saturating_add(self.limits.row),
                to,
            };
            if let Err((column, fault)) = rows.row(&self.footer.schema) {
                to.truncate(start);
                return Err(self.error(column, fault).into());
            }
            to.push(b'\n');
            self.rows -= 1;
            appended += 1;
        }
        Ok(appended)
    }

    /// Begins the next row group, and fetches what is small of it.
    async fn begin_group(&mut self) -> Result<(), RowError<S::Error>> {
        let group = &self.footer.groups[self.begun];
        self.begun += 1;
        self.rows = group.rows;
        let leaves = &self.footer.schema.leaves;
        let chunks = leaves.iter().zip(group.chunks.iter().cloned());
        self.columns = chunks.map(|(leaf, chunk)| Column::new(leaf, chunk)).collect();
        let share = self.share();
        let mut order: Vec<usize> = (0..self.columns.len()).collect();
        let all: u64 = group
            .chunks
            .iter()
            .fold(0_u64, |all, chunk| all.saturating_add(chunk.len));
        // All of the row group, if it fits, or the columns that do not exceed their share.
        let fits = all <= self.limits.fetched as u64;
        order.retain(|column| {
            let len = self.columns[*column].chunk().len;
            len > 0 && (fits || len <= share)
        });
        order.sort_by_key(|column| self.columns[*column].chunk().start);
        let mut at = 0;
        while at < order.len() {
            let first = self.columns[order[at]].chunk().start;
            let mut end = first + self.columns[order[at]].chunk().len;
            let mut until = at + 1;
            // Columns lie one after the other, and one request fetches them together.
            while let Some(next) = order.get(until).map(|column| self.columns[*column].chunk())
                && next.start == end
                && next.start + next.len - first <= self.limits.fetched as u64
            {
                end = next.start + next.len;
                until += 1;
            }
            let bytes = self.source.read(first..end).await.map_err(RowError::Source)?;
            for column in &order[at..until] {
                let column = &mut self.columns[*column];
                let from = (column.chunk().start - first) as usize;
                let to = from + column.chunk().len as usize;
                column.add(bytes.slice(from.min(bytes.len())..to.min(bytes.len())));
            }
            at = until;
        }
        Ok(())
    }

    /// Returns the number of bytes that are fetched of each column at once.
    fn share(&self) -> u64 {
        (self.limits.fetched as u64 / self.columns.len().max(1) as u64).max(LEAST_FETCHED)
    }

    /// Loads the pages of the next row.
    async fn load(&mut self) -> Result<(), RowError<S::Error>> {
        for index in 0..self.columns.len() {
            while !self.columns[index].has_row() {
                let loaded: usize = self.columns.iter().map(Column::size).sum();
                let room = self.limits.pages.saturating_sub(loaded);
                let wants = match self.columns[index].load(room, &mut self.inflater) {
                    Ok(wants) => wants,
                    Err(Fault::Memory { needed }) => return Err(self.too_large(loaded, needed).into()),
                    Err(fault) => return Err(self.error(index, fault).into()),
                };
                if let Wants::Bytes { from, least, most } = wants {
                    let len = self.share().max(least).min(most);
                    let read = self.source.read(from..from + len).await;
                    self.columns[index].add(read.map_err(RowError::Source)?);
                }
            }
        }
        Ok(())
    }

    /// Checks that nothing is left of the row group that was read.
    fn end_group(&mut self) -> Result<(), ParquetError> {
        let left = self.columns.iter().position(|column| !column.is_at_end());
        if let Some(column) = left {
            let reason = "it has more values than rows".to_owned();
            return Err(self.error(column, Fault::Corrupt(reason)));
        }
        self.columns.clear();
        Ok(())
    }

    fn too_large(&self, loaded: usize, needed: u64) -> ParquetError {
        const MIB: u64 = 1 << 20;
        ParquetError::GroupTooLarge {
            group: self.begun,
            needed: (loaded as u64).saturating_add(needed).div_ceil(MIB),
            limit: self.limits.pages as u64 / MIB,
        }
    }

    fn error(&self, column: usize, fault: Fault) -> ParquetError {
        let group = self.begun;
        let path = self
            .footer
            .schema
            .leaves
            .get(column)
            .map(|leaf| leaf.path.clone());
        let path = path.unwrap_or_default();
        match fault {
            Fault::Corrupt(reason) => ParquetError::Column {
                group,
                column: path,
                offset: self.columns.get(column).map_or(0, Column::position),
                reason,
            },
            Fault::Unsupported { what, instead } => ParquetError::Unsupported {
                group,
                column: path,
                what,
                instead,
            },
            Fault::Memory { needed } => self.too_large(0, needed),
            Fault::RowTooLong => ParquetError::RowTooLong {
                limit: self.limits.row,
                group,
            },
        }
    }
}
