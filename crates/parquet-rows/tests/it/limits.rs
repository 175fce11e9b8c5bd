//! Requests, and limits on memory.

use parquet_rows::{Limits, ParquetError};
use testkit::parquet::parquet::basic::Compression;
use testkit::parquet::{Column, Layout, Values, file};

use crate::support::{Memory, limits, read};

const MIB: usize = 1 << 20;

/// Returns a file whose pages cannot be compressed, and the number of its rows.
fn large(pages: usize, page_bytes: usize, columns: usize) -> (Vec<u8>, usize) {
    let schema: String = (0..columns).map(|n| format!("required int64 c{n};")).collect();
    let rows = pages * page_bytes / 8;
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.cast_signed()
    };
    let group: Vec<Column> = (0..columns)
        .map(|_| Column::required(Values::Int64((0..rows).map(|_| random()).collect())))
        .collect();
    let layout = Layout {
        compression: Compression::UNCOMPRESSED,
        dictionary: false,
        page_bytes,
        page_rows: page_bytes / 8,
        ..Layout::default()
    };
    (
        file(&format!("message m {{ {schema} }}"), &[group], &layout),
        rows,
    )
}

#[test]
fn a_small_file_is_read_with_few_requests() {
    let (bytes, count) = large(4, 4096, 5);
    let memory = Memory::new(bytes);
    let (rows, error) = read(&memory, limits());
    assert_eq!((rows.len(), error), (count, None));
    // The magic number, the footer, and all columns.
    assert_eq!(memory.ranges.lock().unwrap().len(), 3);
}

#[test]
fn a_large_row_group_is_read_in_parts() {
    let (bytes, count) = large(8, MIB, 3);
    let memory = Memory::new(bytes.clone());
    let limits = Limits {
        fetched: MIB,
        ..limits()
    };
    let (rows, error) = read(&memory, limits);
    assert_eq!((rows.len(), error), (count, None));
    let ranges = memory.ranges.lock().unwrap();
    let longest = ranges.iter().map(|range| range.end - range.start).max().unwrap();
    assert!(longest <= (MIB + 1024) as u64, "{longest}");
    // Nothing is fetched twice.
    let fetched: u64 = ranges.iter().map(|range| range.end - range.start).sum();
    assert!(
        fetched <= bytes.len() as u64 + 70_000,
        "{fetched} of {}",
        bytes.len()
    );
}

#[test]
fn too_large_pages_name_the_memory_that_is_enough() {
    let (bytes, count) = large(1, 8 * MIB, 3);
    let mut limit = 8;
    // What is named is enough for the page at which reading stopped, and the next column needs one more.
    for needed in [16, 24] {
        let limits = Limits {
            pages: limit * MIB,
            ..limits()
        };
        let (rows, error) = read(&Memory::new(bytes.clone()), limits);
        assert_eq!(rows.len(), 0);
        let too_large = ParquetError::GroupTooLarge {
            group: 1,
            needed,
            limit: limit as u64,
        };
        assert_eq!(error, Some(too_large));
        limit = needed as usize;
    }
    let limits = Limits {
        pages: limit * MIB,
        ..limits()
    };
    let (rows, error) = read(&Memory::new(bytes), limits);
    assert_eq!((rows.len(), error), (count, None));
}

#[test]
fn a_row_has_a_longest_length() {
    let schema = "message m { required binary text (STRING); }";
    let values = Values::Bytes(vec![vec![b'a'; 10], vec![b'b'; 1000]]);
    let bytes = file(schema, &[vec![Column::required(values)]], &Layout::default());
    let limits = Limits { row: 100, ..limits() };
    let (rows, error) = read(&Memory::new(bytes), limits);
    assert_eq!(rows, [r#"{"text":"aaaaaaaaaa"}"#]);
    assert_eq!(error, Some(ParquetError::RowTooLong { limit: 100, group: 1 }));
}
