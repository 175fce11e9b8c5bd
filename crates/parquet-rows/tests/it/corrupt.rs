//! Files that are not valid, which end in an error and never in a panic.

use std::sync::LazyLock;

use parquet_rows::{Limits, ParquetError};
use proptest::prelude::*;
use testkit::parquet::parquet::basic::{Compression, Encoding};
use testkit::parquet::{Column, Layout, Values, file};

use crate::support::{Memory, limits, read};

const SCHEMA: &str = r#"message m {
    required int64 start;
    optional binary text (STRING);
    optional group list (LIST) { repeated group list { optional binary element (STRING); } }
    optional group tags (MAP) {
        repeated group key_value { required binary key (STRING); optional int32 value; }
    }
    required boolean flag;
    required fixed_len_byte_array(3) fixed;
}"#;

/// Returns a small file with several pages and row groups.
fn sample(layout: &Layout) -> Vec<u8> {
    let texts: Vec<Option<String>> = (0..20)
        .map(|n| (n % 3 > 0).then(|| format!("text {}", n % 5)))
        .collect();
    let words =
        |count: usize| Values::Bytes((0..count).map(|n| format!("w{}", n % 4).into_bytes()).collect());
    let group = vec![
        Column::required(Values::Int64((0..20).map(|n| 1_772_600_700 + n).collect())),
        Column::texts(texts),
        Column::nested(words(30), &[3; 30], &[0, 1, 0].repeat(10)),
        Column::nested(words(20), &[2; 20], &[0; 20]),
        Column::nested(Values::Int32((0..20).collect()), &[3; 20], &[0; 20]),
        Column::required(Values::Boolean((0..20).map(|n| n % 2 == 0).collect())),
        Column::required(Values::Fixed((0..20).map(|n| vec![n; 3]).collect())),
    ];
    file(SCHEMA, &[group.clone(), group], layout)
}

fn samples() -> &'static [Vec<u8>] {
    static SAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(make_samples);
    &SAMPLES
}

fn make_samples() -> Vec<Vec<u8>> {
    let layout = |compression, dictionary, v2, encoding| Layout {
        compression,
        dictionary,
        v2,
        encoding,
        page_rows: 7,
        ..Layout::default()
    };
    vec![
        sample(&layout(Compression::UNCOMPRESSED, true, false, None)),
        sample(&layout(Compression::UNCOMPRESSED, false, true, None)),
        sample(&layout(Compression::SNAPPY, true, true, None)),
        sample(&layout(
            Compression::GZIP(Default::default()),
            false,
            false,
            Some(Encoding::PLAIN),
        )),
        sample(&layout(Compression::ZSTD(Default::default()), true, true, None)),
    ]
}

fn error_of(bytes: impl Into<Vec<u8>>) -> String {
    let (_, error) = read(&Memory::new(bytes.into()), limits());
    error.map_or_else(|| "none".to_owned(), |error| error.to_string())
}

#[test]
fn other_files_are_named() {
    let valid = sample(&Layout::default());
    for (bytes, expected) in [
        (Vec::new(), "Parquet is empty: the object has 0 bytes"),
        (
            b"\x1f\x8b\x08\0".to_vec(),
            "not Parquet: begins with \\x1f\\x8b\\x08\\x00",
        ),
        (b"PAR".to_vec(), "not Parquet: begins with PAR;"),
        (b"PAR1".to_vec(), "Parquet is cut short: after 4 bytes"),
        (
            b"PAR1 and nothing more".to_vec(),
            "Parquet is cut short: after 21 bytes",
        ),
        (
            b"PAR1\xff\xff\xff\xffPAR1".to_vec(),
            "corrupt Parquet footer: it is said to have 4294967295 bytes of 12",
        ),
        (
            b"PAR1\0\0\0\0PAR1".to_vec(),
            "corrupt Parquet footer: it ends too early",
        ),
        (b"PAR1\0\0\0\0\0PAR1".to_vec(), "corrupt Parquet footer"),
        (b"PAREabcdefghPARE".to_vec(), "Parquet is encrypted (its footer)"),
        (
            b"PAR1abcdefgh\0\0\0\0PARE".to_vec(),
            "Parquet is encrypted (its footer)",
        ),
        (valid[..valid.len() - 1].to_vec(), "Parquet is cut short"),
        (valid[..valid.len() / 2].to_vec(), "Parquet is cut short"),
    ] {
        let error = error_of(bytes.clone());
        assert!(error.starts_with(expected), "{}: {error}", bytes.escape_ascii());
    }
}

#[test]
fn a_wrong_byte_in_a_page_is_found_by_its_checksum_or_compression() {
    let valid = sample(&Layout::default());
    assert_eq!(error_of(valid.clone()), "none");
    let mut broken = valid.clone();
    // Within the first page.
    broken[60] ^= 0x55;
    let error = error_of(broken);
    assert!(
        error.starts_with("corrupt Parquet in row group 1, column start, near byte 4: "),
        "{error}"
    );
}

#[test]
fn claims_of_much_memory_are_refused() {
    // A group that claims 2^31 - 1 children: schema list with one element, field 4 a name, field 5 the children.
    let mut footer = vec![0x15, 0x02, 0x19, 0x1c, 0x48, 0x01, b'm', 0x15];
    footer.extend([0xfe, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x16, 0x00, 0x19, 0x0c, 0x00]);
    assert_eq!(
        error_of(with_footer(&footer)),
        "corrupt Parquet footer: a group has fewer columns than it claims"
    );
    // A chain of groups, each the only child of the one before.
    let mut chain = vec![0x15, 0x02, 0x19, 0xfc, 0xe8, 0x07];
    for _ in 0..1000 {
        chain.extend([0x35, 0x00, 0x18, 0x01, b'm', 0x15, 0x02, 0x00]);
    }
    chain.extend([0x16, 0x00, 0x19, 0x0c, 0x00]);
    assert_eq!(
        error_of(with_footer(&chain)),
        "corrupt Parquet footer: columns are nested too deeply"
    );
}

fn with_footer(footer: &[u8]) -> Vec<u8> {
    [
        &b"PAR1"[..],
        footer,
        &(footer.len() as u32).to_le_bytes(),
        b"PAR1",
    ]
    .concat()
}

#[test]
fn a_small_limit_of_the_footer_is_an_error() {
    let (_, error) = read(
        &Memory::new(sample(&Layout::default())),
        Limits {
            footer: 100,
            ..limits()
        },
    );
    assert_eq!(error, Some(ParquetError::FooterTooLarge { limit: 100 }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever a file contains, reading ends, in rows or in an error.
    #[test]
    fn no_changed_file_panics(
        sample in 0..5_usize,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        at_end in any::<bool>(),
    ) {
        let mut bytes = samples()[sample].clone();
        let len = bytes.len();
        // The footer is what most of the decisions depend on.
        let footer = u32::from_le_bytes(bytes[len - 8..len - 4].try_into().unwrap()) as usize;
        let from = if at_end { len - 8 - footer } else { 0 };
        for (at, byte) in changes {
            bytes[from + at.index(len - from)] = byte;
        }
        let small = Limits { pages: 1 << 20, row: 1 << 14, ..limits() };
        let (rows, _) = read(&Memory::new(bytes), small);
        for row in rows.iter().take(3) {
            prop_assert!(serde_json::from_str::<serde_json::Value>(row).is_ok(), "{row}");
        }
    }

    #[test]
    fn no_cut_or_random_file_panics(
        sample in 0..5_usize,
        cut in any::<prop::sample::Index>(),
        footer in proptest::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = samples()[sample].clone();
        let (_, error) = read(&Memory::new(bytes[..cut.index(bytes.len())].to_vec()), limits());
        prop_assert!(error.is_some());
        let (_, error) = read(&Memory::new(with_footer(&footer)), limits());
        prop_assert!(error.is_some());
    }
}
