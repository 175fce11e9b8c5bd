//! The notation of a column's values in JSON, by its logical type.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use parquet::basic::{ConvertedType, LogicalType, TimeUnit};
use parquet::schema::types::Type;

use crate::civil;
use crate::json;
use crate::physical::Physical;

/// The notation of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Render {
    /// A number, a boolean, or bytes as text.
    Plain,
    /// Text, in which invalid UTF-8 is replaced.
    Text,
    /// An unsigned integer of this many bits.
    Unsigned(u32),
    /// A number with this many digits after the point.
    Decimal(u32),
    /// Days since 1970.
    Date,
    /// A time of day in units with this many digits below a second.
    TimeOfDay(u32),
    /// A time since 1970, with this many digits below a second.
    Timestamp {
        digits: u32,
        is_utc: bool,
    },
    Uuid,
    /// A floating-point number of 16 bits.
    Half,
}

/// The largest number of digits after the point of a decimal; more are shown as bytes.
const MOST_SCALE: u32 = 38;

impl Render {
    /// Returns the notation of a column.
    pub(crate) fn of(column: &Type, physical: Physical) -> Self {
        let info = column.get_basic_info();
        let by_logical = info
            .logical_type_ref()
            .and_then(|logical| Self::of_logical(logical, physical));
        by_logical
            .or_else(|| Self::of_converted(column, info.converted_type(), physical))
            .unwrap_or(Self::Plain)
    }

    fn of_logical(logical: &LogicalType, physical: Physical) -> Option<Self> {
        use Physical::{Bytes, Fixed, Int32, Int64};
        Some(match (logical, physical) {
            (LogicalType::String | LogicalType::Enum | LogicalType::Json, Bytes) => Self::Text,
            (LogicalType::Decimal(decimal), _) => Self::decimal(decimal.scale, physical)?,
            (LogicalType::Date, Int32) => Self::Date,
            (LogicalType::Time(time), Int32 | Int64) => Self::TimeOfDay(digits(&time.unit)),
            (LogicalType::Timestamp(timestamp), Int64) => Self::Timestamp {
                digits: digits(&timestamp.unit),
                is_utc: timestamp.is_adjusted_to_u_t_c,
            },
            (LogicalType::Integer(integer), Int32 | Int64) if !integer.is_signed => {
                Self::Unsigned(u32::from(integer.bit_width.cast_unsigned()))
            }
            (LogicalType::Uuid, Fixed(16)) => Self::Uuid,
            (LogicalType::Float16, Fixed(2)) => Self::Half,
            _ => return None,
        })
    }

    /// Returns the notation by the older kind of annotation.
    fn of_converted(column: &Type, converted: ConvertedType, physical: Physical) -> Option<Self> {
        use Physical::{Bytes, Int32, Int64};
        let utc = |digits| Self::Timestamp { digits, is_utc: true };
        Some(match (converted, physical) {
            (ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON, Bytes) => Self::Text,
            (ConvertedType::DECIMAL, _) => Self::decimal(column.get_scale(), physical)?,
            (ConvertedType::DATE, Int32) => Self::Date,
            (ConvertedType::TIME_MILLIS, Int32) => Self::TimeOfDay(3),
            (ConvertedType::TIME_MICROS, Int64) => Self::TimeOfDay(6),
            (ConvertedType::TIMESTAMP_MILLIS, Int64) => utc(3),
            (ConvertedType::TIMESTAMP_MICROS, Int64) => utc(6),
            (ConvertedType::UINT_8, Int32) => Self::Unsigned(8),
            (ConvertedType::UINT_16, Int32) => Self::Unsigned(16),
            (ConvertedType::UINT_32, Int32) => Self::Unsigned(32),
            (ConvertedType::UINT_64, Int64) => Self::Unsigned(64),
            (_, Physical::Int96) => Self::Timestamp {
                digits: 9,
                is_utc: true,
            },
            _ => return None,
        })
    }

    fn decimal(scale: i32, physical: Physical) -> Option<Self> {
        let scale = u32::try_from(scale).ok().filter(|scale| *scale <= MOST_SCALE)?;
        matches!(
            physical,
            Physical::Int32 | Physical::Int64 | Physical::Bytes | Physical::Fixed(_)
        )
        .then_some(Self::Decimal(scale))
    }

    /// Appends an integer.
    pub(crate) fn int(self, value: i64, to: &mut Vec<u8>) {
        match self {
            Self::Unsigned(bits) => {
                let mask = u64::MAX >> (64 - bits.clamp(1, 64));
                json::number(value.cast_unsigned() & mask, to);
            }
            Self::Decimal(scale) => decimal(i128::from(value), scale, to),
            Self::Date if civil::can_show(value.saturating_mul(civil::DAY)) => {
                to.push(b'"');
                civil::date(value, to);
                to.push(b'"');
            }
            Self::TimeOfDay(digits) if (0..civil::DAY * power(digits)).contains(&value) => {
                to.push(b'"');
                civil::time_of_day(value / power(digits), value % power(digits), digits, to);
                to.push(b'"');
            }
            Self::Timestamp { digits, is_utc } if civil::can_show(value.div_euclid(power(digits))) => {
                let (seconds, fraction) = (value.div_euclid(power(digits)), value.rem_euclid(power(digits)));
                timestamp(seconds, fraction, digits, is_utc, to);
            }
            // A time that cannot be shown, too.
            _ => json::number(value, to),
        }
    }

    /// Appends bytes.
    pub(crate) fn bytes(self, bytes: &[u8], to: &mut Vec<u8>) {
        match (self, bytes) {
            (Self::Text, _) => return json::string(&String::from_utf8_lossy(bytes), to),
            (Self::Half, [low, high]) => return json::float(half(u16::from_le_bytes([*low, *high])), to),
            (Self::Uuid, bytes) if bytes.len() == 16 => return uuid(bytes, to),
            (Self::Decimal(scale), _) => {
                if let Some(value) = big_endian(bytes) {
                    return decimal(value, scale, to);
                }
            }
            (Self::Timestamp { .. }, _) => {
                if let Some((seconds, nanos)) = int96(bytes) {
                    return timestamp(seconds, nanos, 9, true, to);
                }
            }
            _ => {}
        }
        match str::from_utf8(bytes) {
            Ok(text) => json::string(text, to),
            Err(_) => json::string(&STANDARD.encode(bytes), to),
        }
    }
}

fn digits(unit: &TimeUnit) -> u32 {
    match unit {
        TimeUnit::MILLIS => 3,
        TimeUnit::MICROS => 6,
        TimeUnit::NANOS => 9,
    }
}

fn power(digits: u32) -> i64 {
    10_i64.pow(digits)
}

fn timestamp(seconds: i64, fraction: i64, digits: u32, is_utc: bool, to: &mut Vec<u8>) {
    to.push(b'"');
    civil::date(seconds.div_euclid(civil::DAY), to);
    to.push(b'T');
    civil::time_of_day(seconds.rem_euclid(civil::DAY), fraction, digits, to);
    if is_utc {
        to.push(b'Z');
    }
    to.push(b'"');
}

/// Returns the seconds since 1970 and nanoseconds of an INT96: nanoseconds of the day, and the Julian day.
fn int96(bytes: &[u8]) -> Option<(i64, i64)> {
    /// The Julian day of 1970-01-01.
    const EPOCH: i64 = 2_440_588;
    const NANOS: i64 = 1_000_000_000;
    let (nanos, day) = bytes.split_first_chunk::<8>()?;
    let nanos = i64::from_le_bytes(*nanos);
    let day = i64::from(u32::from_le_bytes(day.try_into().ok()?));
    let seconds = (day - EPOCH) * civil::DAY + nanos.div_euclid(NANOS);
    civil::can_show(seconds).then_some((seconds, nanos.rem_euclid(NANOS)))
}

/// Returns the value of a signed integer with the highest byte first, if it has at most 16 bytes.
fn big_endian(bytes: &[u8]) -> Option<i128> {
    let first = *bytes.first()?;
    let filler = if first & 0x80 == 0 { 0 } else { 0xff };
    let mut whole = [filler; 16];
    whole
        .get_mut(16_usize.checked_sub(bytes.len())?..)?
        .copy_from_slice(bytes);
    Some(i128::from_be_bytes(whole))
}

fn decimal(value: i128, scale: u32, to: &mut Vec<u8>) {
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(value.unsigned_abs()).as_bytes();
    if value < 0 {
        to.push(b'-');
    }
    let scale = scale as usize;
    if scale == 0 {
        return to.extend_from_slice(digits);
    }
    let whole = digits.len().saturating_sub(scale);
    to.extend_from_slice(if whole == 0 { b"0" } else { &digits[..whole] });
    to.push(b'.');
    to.extend(std::iter::repeat_n(b'0', scale.saturating_sub(digits.len())));
    to.extend_from_slice(&digits[whole..]);
}

/// Returns the value of a floating-point number of 16 bits (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f64::from(bits & 0x3ff);
    sign * match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    }
}

fn uuid(bytes: &[u8], to: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    to.push(b'"');
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            to.push(b'-');
        }
        to.push(DIGITS[usize::from(byte >> 4)]);
        to.push(DIGITS[usize::from(byte & 0x0f)]);
    }
    to.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(show: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut to = Vec::new();
        show(&mut to);
        String::from_utf8(to).unwrap()
    }

    #[test]
    fn integers_are_shown_by_their_type() {
        let utc = |digits| Render::Timestamp { digits, is_utc: true };
        for (render, value, expected) in [
            (Render::Plain, i64::MIN, "-9223372036854775808"),
            (Render::Unsigned(64), -1, "18446744073709551615"),
            (Render::Unsigned(32), -1, "4294967295"),
            (Render::Unsigned(8), -1, "255"),
            (Render::Decimal(2), 12345, "123.45"),
            (Render::Decimal(2), -5, "-0.05"),
            (Render::Decimal(0), -5, "-5"),
            (Render::Date, 0, "\"1970-01-01\""),
            (Render::Date, -1, "\"1969-12-31\""),
            (Render::Date, 20_516, "\"2026-03-04\""),
            (Render::Date, 1 << 40, "1099511627776"),
            (Render::TimeOfDay(3), 18_367_123, "\"05:06:07.123\""),
            (Render::TimeOfDay(6), -1, "-1"),
            (utc(3), 1_772_600_767_123, "\"2026-03-04T05:06:07.123Z\""),
            (utc(9), -1, "\"1969-12-31T23:59:59.999999999Z\""),
            (utc(3), i64::MAX, "9223372036854775807"),
            (
                Render::Timestamp {
                    digits: 6,
                    is_utc: false,
                },
                1_772_600_767_000_005,
                "\"2026-03-04T05:06:07.000005\"",
            ),
        ] {
            assert_eq!(shown(|to| render.int(value, to)), expected, "{render:?}");
        }
    }

    #[test]
    fn bytes_are_shown_by_their_type() {
        let uuid: Vec<u8> = (0..16).collect();
        let mut int96 = 18_367_000_000_001_i64.to_le_bytes().to_vec();
        int96.extend((2_440_588_u32 + 20_516).to_le_bytes());
        let utc = Render::Timestamp {
            digits: 9,
            is_utc: true,
        };
        for (render, bytes, expected) in [
            (Render::Text, &b"a\xffb"[..], "\"a\u{fffd}b\""),
            (Render::Plain, b"caf\xc3\xa9", "\"café\""),
            (Render::Plain, b"\xff\x00", "\"/wA=\""),
            (Render::Decimal(2), b"\xff\x85", "-1.23"),
            (Render::Decimal(3), b"\x01", "0.001"),
            (
                Render::Decimal(1),
                &[0x7f; 16],
                "16947396313317327396019049076013554060.7",
            ),
            (Render::Half, b"\x00\x3e", "1.5"),
            (Render::Half, b"\x00\xfc", "\"-Infinity\""),
            (Render::Uuid, &uuid, "\"00010203-0405-0607-0809-0a0b0c0d0e0f\""),
            (utc, &int96, "\"2026-03-04T05:06:07.000000001Z\""),
        ] {
            assert_eq!(shown(|to| render.bytes(bytes, to)), expected, "{render:?}");
        }
    }
}
