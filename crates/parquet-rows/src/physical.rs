//! The physical types of columns, and values of them.

use std::ops::Range;

use parquet::basic::Type;

/// A physical type, as values are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Physical {
    Boolean,
    Int32,
    Int64,
    /// Twelve bytes: nanoseconds of the day, and the Julian day.
    Int96,
    Float,
    Double,
    Bytes,
    /// Always this number of bytes.
    Fixed(usize),
}

impl Physical {
    /// Returns the type, or `None` if its length is impossible.
    pub(crate) fn of(kind: Type, len: i32) -> Option<Self> {
        Some(match kind {
            Type::BOOLEAN => Self::Boolean,
            Type::INT32 => Self::Int32,
            Type::INT64 => Self::Int64,
            Type::INT96 => Self::Int96,
            Type::FLOAT => Self::Float,
            Type::DOUBLE => Self::Double,
            Type::BYTE_ARRAY => Self::Bytes,
            Type::FIXED_LEN_BYTE_ARRAY => Self::Fixed(usize::try_from(len).ok().filter(|len| *len > 0)?),
        })
    }

    /// Returns the number of bytes of a value, if all have the same whole number.
    pub(crate) fn width(self) -> Option<usize> {
        match self {
            Self::Boolean | Self::Bytes => None,
            Self::Int32 | Self::Float => Some(4),
            Self::Int64 | Self::Double => Some(8),
            Self::Int96 => Some(12),
            Self::Fixed(len) => Some(len),
        }
    }

    /// Returns the value of these bytes, which lie at `range`.
    pub(crate) fn value(self, bytes: &[u8], place: Place, range: Range<usize>) -> Option<Value> {
        let bytes = bytes.get(range.clone())?;
        Some(match self {
            Self::Boolean => return None,
            Self::Int32 => Value::Int(i64::from(i32::from_le_bytes(bytes.try_into().ok()?))),
            Self::Int64 => Value::Int(i64::from_le_bytes(bytes.try_into().ok()?)),
            Self::Float => Value::Float(f32::from_le_bytes(bytes.try_into().ok()?)),
            Self::Double => Value::Double(f64::from_le_bytes(bytes.try_into().ok()?)),
            Self::Int96 | Self::Bytes | Self::Fixed(_) => Value::Bytes(place, range),
        })
    }
}

/// A value of a column.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Boolean(bool),
    Int(i64),
    Float(f32),
    Double(f64),
    /// Bytes in one of the column's buffers.
    Bytes(Place, Range<usize>),
}

/// A buffer of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Page,
    Dictionary,
    /// Values that are put together.
    Scratch,
}
