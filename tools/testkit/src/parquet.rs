//! Parquet files, written by the `parquet` crate.

use std::sync::Arc;

use parquet::basic::{Compression, Encoding};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

pub use parquet;

/// A way to write a file.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The compression of pages.
    pub compression: Compression,
    /// The encoding of values that are not in a dictionary.
    pub encoding: Option<Encoding>,
    /// Whether values are in dictionaries.
    pub dictionary: bool,
    /// Whether pages are of the second version.
    pub v2: bool,
    /// The most rows of a page.
    pub page_rows: usize,
    /// The most bytes of a page.
    pub page_bytes: usize,
}

impl Default for Layout {
    /// Returns the layout of flow logs: gzip, dictionaries, and pages of the first version.
    fn default() -> Self {
        Self {
            compression: Compression::GZIP(Default::default()),
            encoding: None,
            dictionary: true,
            v2: false,
            page_rows: 20_000,
            page_bytes: 1 << 20,
        }
    }
}

/// The values of a column in one row group.
#[derive(Clone, Debug)]
pub struct Column {
    /// The values that are there.
    pub values: Values,
    /// The definition levels, unless the column is required.
    pub definition: Vec<i16>,
    /// The repetition levels, if the column repeats.
    pub repetition: Vec<i16>,
}

/// Values of one physical type.
#[derive(Clone, Debug)]
#[expect(missing_docs)]
pub enum Values {
    Boolean(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int96(Vec<[u32; 3]>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<Vec<u8>>),
    Fixed(Vec<Vec<u8>>),
}

impl Column {
    /// Creates a required column.
    pub fn required(values: Values) -> Self {
        Self {
            values,
            definition: Vec::new(),
            repetition: Vec::new(),
        }
    }

    /// Creates a column with levels.
    pub fn nested(values: Values, definition: &[i16], repetition: &[i16]) -> Self {
        Self {
            values,
            definition: definition.to_vec(),
            repetition: repetition.to_vec(),
        }
    }

    /// Creates an optional column of texts.
    pub fn texts<T: AsRef<str>>(texts: impl IntoIterator<Item = Option<T>>) -> Self {
        let (values, definition) = optional(
            texts
                .into_iter()
                .map(|text| text.map(|text| text.as_ref().as_bytes().to_vec())),
        );
        Self::nested(Values::Bytes(values), &definition, &[])
    }

    /// Creates an optional column of 32-bit integers.
    pub fn ints(numbers: impl IntoIterator<Item = Option<i32>>) -> Self {
        let (values, definition) = optional(numbers);
        Self::nested(Values::Int32(values), &definition, &[])
    }

    /// Creates an optional column of 64-bit integers.
    pub fn longs(numbers: impl IntoIterator<Item = Option<i64>>) -> Self {
        let (values, definition) = optional(numbers);
        Self::nested(Values::Int64(values), &definition, &[])
    }
}

fn optional<T>(values: impl IntoIterator<Item = Option<T>>) -> (Vec<T>, Vec<i16>) {
    let mut definition = Vec::new();
    let present = values
        .into_iter()
        .inspect(|value| definition.push(i16::from(value.is_some())))
        .flatten()
        .collect();
    (present, definition)
}

/// Returns a file with this schema, in the language of `parquet-tools`, and these row groups.
pub fn file(schema: &str, groups: &[Vec<Column>], layout: &Layout) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(&mut bytes, schema, groups.iter().cloned(), layout);
    bytes
}

/// Writes a file whose row groups are made one after the other.
pub fn write(
    to: impl std::io::Write + Send,
    schema: &str,
    groups: impl IntoIterator<Item = Vec<Column>>,
    layout: &Layout,
) {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut properties = WriterProperties::builder()
        .set_compression(layout.compression)
        .set_dictionary_enabled(layout.dictionary)
        .set_data_page_row_count_limit(layout.page_rows)
        .set_data_page_size_limit(layout.page_bytes)
        .set_write_batch_size(layout.page_rows.min(1024))
        .set_writer_version(match layout.v2 {
            true => WriterVersion::PARQUET_2_0,
            false => WriterVersion::PARQUET_1_0,
        });
    if let Some(encoding) = layout.encoding {
        properties = properties.set_encoding(encoding);
    }
    let mut writer = SerializedFileWriter::new(to, schema, Arc::new(properties.build())).unwrap();
    for group in groups {
        let mut group_writer = writer.next_row_group().unwrap();
        for column in &group {
            let mut column_writer = group_writer.next_column().unwrap().unwrap();
            column.write(column_writer.untyped());
            column_writer.close().unwrap();
        }
        group_writer.close().unwrap();
    }
    writer.close().unwrap();
}

impl Column {
    fn write(&self, writer: &mut ColumnWriter<'_>) {
        let some = |levels: &Vec<i16>| (!levels.is_empty()).then(|| levels.clone());
        let (definition, repetition) = (some(&self.definition), some(&self.repetition));
        let (definition, repetition) = (definition.as_deref(), repetition.as_deref());
        let bytes = |values: &[Vec<u8>]| values.iter().cloned().map(ByteArray::from).collect::<Vec<_>>();
        match (writer, &self.values) {
            (ColumnWriter::BoolColumnWriter(writer), Values::Boolean(values)) => {
                writer.write_batch(values, definition, repetition)
            }
            (ColumnWriter::Int32ColumnWriter(writer), Values::Int32(values)) => {
                writer.write_batch(values, definition, repetition)
            }
            (ColumnWriter::Int64ColumnWriter(writer), Values::Int64(values)) => {
                writer.write_batch(values, definition, repetition)
            }
            (ColumnWriter::Int96ColumnWriter(writer), Values::Int96(values)) => {
                let values: Vec<Int96> = values.iter().map(|words| words.to_vec().into()).collect();
                writer.write_batch(&values, definition, repetition)
            }
            (ColumnWriter::FloatColumnWriter(writer), Values::Float(values)) => {
                writer.write_batch(values, definition, repetition)
            }
            (ColumnWriter::DoubleColumnWriter(writer), Values::Double(values)) => {
                writer.write_batch(values, definition, repetition)
            }
            (ColumnWriter::ByteArrayColumnWriter(writer), Values::Bytes(values)) => {
                writer.write_batch(&bytes(values), definition, repetition)
            }
            (ColumnWriter::FixedLenByteArrayColumnWriter(writer), Values::Fixed(values)) => {
                let values: Vec<FixedLenByteArray> =
                    bytes(values).into_iter().map(FixedLenByteArray::from).collect();
                writer.write_batch(&values, definition, repetition)
            }
            _ => panic!("values of another type than the column's"),
        }
        .unwrap();
    }
}
