//! Values, nesting, encodings and compressions.

use proptest::prelude::*;
use testkit::parquet::parquet::basic::{Compression, Encoding};
use testkit::parquet::{Column, Layout, Values, file};

use crate::support::rows;

/// Returns layouts with every compression, version of pages and kind of dictionary, and pages of a few rows.
fn layouts() -> Vec<Layout> {
    let mut layouts = Vec::new();
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(Default::default()),
        Compression::ZSTD(Default::default()),
    ] {
        for (v2, dictionary) in [(false, false), (false, true), (true, false), (true, true)] {
            layouts.push(Layout {
                compression,
                v2,
                dictionary,
                page_rows: 3,
                ..Layout::default()
            });
        }
    }
    layouts
}

#[test]
fn values_of_each_type() {
    let schema = r#"message all {
        required boolean yes;
        required int32 i32;
        required int64 i64;
        required int32 u8 (INTEGER(8,false));
        required int64 u64 (INTEGER(64,false));
        required int96 when;
        required float float;
        required double double;
        required binary text (STRING);
        required binary bytes;
        required fixed_len_byte_array(16) uuid (UUID);
        required int32 date (DATE);
        required int64 millis (TIMESTAMP(MILLIS,true));
        required int64 local (TIMESTAMP(MICROS,false));
        required int64 day_time (TIME(NANOS,true));
        required fixed_len_byte_array(5) money (DECIMAL(11,2));
        optional binary none (STRING);
    }"#;
    let day = 2_440_588 + 20_516;
    let columns = vec![
        Column::required(Values::Boolean(vec![true, false])),
        Column::required(Values::Int32(vec![i32::MIN, 7])),
        Column::required(Values::Int64(vec![i64::MAX, 9_007_199_254_740_993])),
        Column::required(Values::Int32(vec![255, 0])),
        Column::required(Values::Int64(vec![-1, 0])),
        Column::required(Values::Int96(vec![[1, 0, day], [0, 0, 2_440_588]])),
        Column::required(Values::Float(vec![0.1, f32::NAN])),
        Column::required(Values::Double(vec![1e300, -0.5])),
        Column::required(Values::Bytes(vec![b"a \"quote\"\n".to_vec(), "é".into()])),
        Column::required(Values::Bytes(vec![b"\xff".to_vec(), b"text".to_vec()])),
        Column::required(Values::Fixed(vec![vec![0x11; 16], vec![0xab; 16]])),
        Column::required(Values::Int32(vec![20_516, -1])),
        Column::required(Values::Int64(vec![1_772_600_767_123, 0])),
        Column::required(Values::Int64(vec![1_772_600_767_123_456, -1])),
        Column::required(Values::Int64(vec![1, 86_399_999_999_999])),
        Column::required(Values::Fixed(vec![vec![0, 0, 0, 1, 0], vec![0xff; 5]])),
        Column::texts([None::<&str>, Some("there")]),
    ];
    for layout in layouts() {
        let found = rows(file(schema, std::slice::from_ref(&columns), &layout));
        assert_eq!(
            found,
            [
                r#"{"yes":true,"i32":-2147483648,"i64":9223372036854775807,"u8":255,"u64":18446744073709551615,"when":"2026-03-04T00:00:00.000000001Z","float":0.1,"double":1e300,"text":"a \"quote\"\n","bytes":"/w==","uuid":"11111111-1111-1111-1111-111111111111","date":"2026-03-04","millis":"2026-03-04T05:06:07.123Z","local":"2026-03-04T05:06:07.123456","day_time":"00:00:00.000000001","money":2.56,"none":null}"#,
                r#"{"yes":false,"i32":7,"i64":9007199254740993,"u8":0,"u64":0,"when":"1970-01-01T00:00:00.000000000Z","float":"NaN","double":-0.5,"text":"é","bytes":"text","uuid":"abababab-abab-abab-abab-abababababab","date":"1969-12-31","millis":"1970-01-01T00:00:00.000Z","local":"1969-12-31T23:59:59.999999","day_time":"23:59:59.999999999","money":-0.01,"none":"there"}"#,
            ],
            "{layout:?}"
        );
    }
}

#[test]
fn nested_columns() {
    let schema = r#"message nested {
        optional group user {
            optional binary name (STRING);
            required group groups (LIST) { repeated group list { optional binary element (STRING); } }
        }
        optional group tags (MAP) {
            repeated group key_value { required binary key (STRING); optional int32 value; }
        }
        repeated int32 bare;
        optional group pairs (LIST) { repeated group array { required int32 a; required int32 b; } }
    }"#;
    let texts = |texts: &[&str]| Values::Bytes(texts.iter().map(|text| text.as_bytes().to_vec()).collect());
    let columns = vec![
        // user.name
        Column::nested(texts(&["ann"]), &[2, 0, 1], &[]),
        // user.groups: ["a", null], no user, []
        Column::nested(texts(&["a"]), &[3, 2, 0, 1], &[0, 1, 0, 0]),
        // tags: {"k": 1, "l": null}, null, {}
        Column::nested(texts(&["k", "l"]), &[2, 2, 0, 1], &[0, 1, 0, 0]),
        Column::nested(Values::Int32(vec![1]), &[3, 2, 0, 1], &[0, 1, 0, 0]),
        // bare: [], [1, 2], [3]
        Column::nested(Values::Int32(vec![1, 2, 3]), &[0, 1, 1, 1], &[0, 0, 1, 0]),
        // pairs: [{1, 2}], [{3, 4}, {5, 6}], null
        Column::nested(Values::Int32(vec![1, 3, 5]), &[2, 2, 2, 0], &[0, 0, 1, 0]),
        Column::nested(Values::Int32(vec![2, 4, 6]), &[2, 2, 2, 0], &[0, 0, 1, 0]),
    ];
    let expected = [
        r#"{"user":{"name":"ann","groups":["a",null]},"tags":{"k":1,"l":null},"bare":[],"pairs":[{"a":1,"b":2}]}"#,
        r#"{"user":null,"tags":null,"bare":[1,2],"pairs":[{"a":3,"b":4},{"a":5,"b":6}]}"#,
        r#"{"user":{"name":null,"groups":[]},"tags":{},"bare":[3],"pairs":null}"#,
    ];
    for layout in layouts() {
        for page_rows in [1, 2, 100] {
            let layout = Layout {
                page_rows,
                ..layout.clone()
            };
            let groups = [columns.clone(), columns.clone()];
            assert_eq!(
                rows(file(schema, &groups, &layout)),
                [expected, expected].concat(),
                "{layout:?}"
            );
        }
    }
}

#[test]
fn a_row_can_span_pages() {
    let schema = "message m { repeated int64 number; required int32 id; }";
    let count = 10_000;
    let mut repetition = vec![1; count];
    repetition[0] = 0;
    repetition.push(0);
    let mut definition = vec![1; count];
    definition.push(0);
    let columns = vec![
        Column::nested(
            Values::Int64((0..count as i64).collect()),
            &definition,
            &repetition,
        ),
        Column::required(Values::Int32(vec![1, 2])),
    ];
    let layout = Layout {
        dictionary: false,
        page_bytes: 100,
        page_rows: 1,
        ..Layout::default()
    };
    let numbers: Vec<String> = (0..count).map(|number| number.to_string()).collect();
    assert_eq!(
        rows(file(schema, &[columns], &layout)),
        [
            format!(r#"{{"number":[{}],"id":1}}"#, numbers.join(",")),
            r#"{"number":[],"id":2}"#.to_owned()
        ]
    );
}

#[test]
fn every_encoding() {
    let texts: Vec<Vec<u8>> = (0..1000)
        .map(|n| format!("prefix/{}/{n}", n / 7).into_bytes())
        .collect();
    let ints: Vec<i64> = (0..1000_i64)
        .map(|n| n * n * if n % 3 == 0 { -1 } else { 1 })
        .collect();
    let extremes = vec![i64::MIN, i64::MAX, 0, -1, 1, i64::MAX, i64::MIN];
    let small: Vec<i32> = ints
        .iter()
        .map(|n| *n as i32)
        .chain([i32::MIN, i32::MAX, i32::MIN])
        .collect();
    let floats: Vec<f64> = ints.iter().map(|n| *n as f64 / 8.0).collect();
    let fixed: Vec<Vec<u8>> = (0..1000).map(|n| format!("{n:05}").into_bytes()).collect();
    let json = |texts: &[Vec<u8>]| -> Vec<String> {
        texts
            .iter()
            .map(|text| format!("{:?}", str::from_utf8(text).unwrap()))
            .collect()
    };
    for (kind, values, encodings, expected) in [
        (
            "binary",
            Values::Bytes(texts.clone()),
            &[
                Encoding::PLAIN,
                Encoding::DELTA_LENGTH_BYTE_ARRAY,
                Encoding::DELTA_BYTE_ARRAY,
            ][..],
            json(&texts),
        ),
        (
            "int64",
            Values::Int64(ints.clone()),
            &[
                Encoding::PLAIN,
                Encoding::DELTA_BINARY_PACKED,
                Encoding::BYTE_STREAM_SPLIT,
            ],
            ints.iter().map(i64::to_string).collect(),
        ),
        (
            "int64",
            Values::Int64(extremes.clone()),
            &[Encoding::PLAIN, Encoding::DELTA_BINARY_PACKED],
            extremes.iter().map(i64::to_string).collect(),
        ),
        (
            "int32",
            Values::Int32(small.clone()),
            &[
                Encoding::PLAIN,
                Encoding::DELTA_BINARY_PACKED,
                Encoding::BYTE_STREAM_SPLIT,
            ],
            small.iter().map(i32::to_string).collect(),
        ),
        (
            "double",
            Values::Double(floats.clone()),
            &[Encoding::PLAIN, Encoding::BYTE_STREAM_SPLIT],
            floats.iter().map(|n| format!("{n:?}")).collect(),
        ),
        (
            "fixed_len_byte_array(5)",
            Values::Fixed(fixed.clone()),
            &[
                Encoding::PLAIN,
                Encoding::DELTA_BYTE_ARRAY,
                Encoding::BYTE_STREAM_SPLIT,
            ],
            json(&fixed),
        ),
        (
            "boolean",
            Values::Boolean((0..1000).map(|n| n % 3 == 0).collect()),
            &[Encoding::PLAIN, Encoding::RLE],
            (0..1000).map(|n| (n % 3 == 0).to_string()).collect(),
        ),
    ] {
        for encoding in encodings {
            for page_rows in [1, 100, 10_000] {
                let layout = Layout {
                    encoding: Some(*encoding),
                    dictionary: false,
                    page_rows,
                    v2: true,
                    compression: Compression::UNCOMPRESSED,
                    ..Layout::default()
                };
                let schema = format!("message m {{ required {kind} v; }}");
                let found = rows(file(&schema, &[vec![Column::required(values.clone())]], &layout));
                let expected: Vec<String> = expected
                    .iter()
                    .map(|value| format!("{{\"v\":{value}}}"))
                    .collect();
                assert_eq!(found, expected, "{kind} {encoding} {page_rows}");
            }
        }
    }
}

#[test]
fn a_file_without_rows_has_none() {
    let schema = "message m { required int32 a; }";
    assert_eq!(rows(file(schema, &[], &Layout::default())), Vec::<String>::new());
    let none = vec![Column::required(Values::Int32(Vec::new()))];
    assert_eq!(
        rows(file(schema, &[none.clone(), none], &Layout::default())),
        Vec::<String>::new()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the values and the layout, the rows are those that were written.
    #[test]
    fn any_values_in_any_layout(
        table in proptest::collection::vec(
            (any::<Option<i64>>(), proptest::option::of("[a-c\u{0}-\u{ff}]{0,20}"), proptest::collection::vec(-3..3_i32, 0..5)),
            0..200,
        ),
        layout in 0..16_usize,
        page_rows in 1..50_usize,
        group_rows in 1..120_usize,
    ) {
        let schema = "message m { optional int64 n; optional binary t (STRING); repeated int32 l; }";
        let groups: Vec<Vec<Column>> = table
            .chunks(group_rows)
            .map(|rows| {
                let mut values = Vec::new();
                let (mut definition, mut repetition) = (Vec::new(), Vec::new());
                for (_, _, list) in rows {
                    values.extend(list);
                    definition.extend(vec![1; list.len()]);
                    repetition.extend((0..list.len()).map(|at| i16::from(at > 0)));
                    if list.is_empty() {
                        definition.push(0);
                        repetition.push(0);
                    }
                }
                vec![
                    Column::longs(rows.iter().map(|row| row.0)),
                    Column::texts(rows.iter().map(|row| row.1.as_deref())),
                    Column::nested(Values::Int32(values), &definition, &repetition),
                ]
            })
            .collect();
        let layout = Layout { page_rows, ..layouts().swap_remove(layout) };
        let found: Vec<serde_json::Value> = rows(file(schema, &groups, &layout))
            .iter()
            .map(|row| serde_json::from_str(row).unwrap())
            .collect();
        let expected: Vec<serde_json::Value> = table
            .iter()
            .map(|(n, t, l)| serde_json::json!({"n": n, "t": t, "l": l}))
            .collect();
        prop_assert_eq!(found, expected);
    }
}
