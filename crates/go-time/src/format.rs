//! Formatting of times: Go's `Time.Format`.

use std::fmt::Write as _;

use crate::civil::{MONTHS, WEEKDAYS};
use crate::layout::{Element, Layout, Offset, OffsetDigits, Pad, Part};
use crate::time::{Fields, Time};

impl Layout {
    /// Returns the time in this layout and in its own zone, which [`Time::in_zone`] changes.
    pub fn format(&self, time: &Time) -> String {
        let fields = time.fields();
        let mut out = String::with_capacity(self.as_str().len() + 10);
        for part in self.parts() {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Element(element) => write_element(&mut out, *element, &fields),
            }
        }
        out
    }
}

/// Appends one element of a layout.
fn write_element(out: &mut String, element: Element, fields: &Fields<'_>) {
    // The month is 1 to 12 and the weekday 0 to 6, so both indexes exist.
    let month = MONTHS[(fields.month - 1) as usize];
    let weekday = WEEKDAYS[fields.weekday];
    match element {
        Element::LongYear => padded(out, fields.year, 4),
        Element::Year => padded(out, (fields.year % 100).abs(), 2),
        Element::LongMonth => out.push_str(month),
        Element::Month => out.push_str(&month[..3]),
        Element::NumMonth(pad) => number(out, fields.month, 2, pad),
        Element::LongWeekday => out.push_str(weekday),
        Element::Weekday => out.push_str(&weekday[..3]),
        Element::Day(pad) => number(out, fields.day, 2, pad),
        Element::YearDay(pad) => number(out, fields.year_day, 3, pad),
        Element::Hour => padded(out, fields.hour, 2),
        // Noon and midnight are written as 12.
        Element::Hour12(pad) => number(out, (fields.hour + 11) % 12 + 1, 2, pad),
        Element::Minute(pad) => number(out, fields.minute, 2, pad),
        Element::Second(pad, _) => number(out, fields.second, 2, pad),
        Element::UpperPm => out.push_str(if fields.hour >= 12 { "PM" } else { "AM" }),
        Element::LowerPm => out.push_str(if fields.hour >= 12 { "pm" } else { "am" }),
        Element::ZoneName if fields.abbreviation.is_empty() => write_nameless_zone(out, fields.offset),
        Element::ZoneName => out.push_str(&fields.abbreviation),
        Element::Offset(offset) => write_offset(out, offset, fields.offset),
        Element::Fraction0(separator, len) => write_fraction(out, separator, fields.nanos, len),
        Element::Fraction9(_, _) if fields.nanos == 0 => {}
        Element::Fraction9(separator, len) => {
            write_fraction(out, separator, fields.nanos, len);
            out.truncate(out.trim_end_matches('0').len());
            if out.ends_with(separator) {
                out.pop();
            }
        }
    }
}

/// Appends a number with its sign, padded with zeros.
fn padded(out: &mut String, number: i64, width: usize) {
    if number < 0 {
        out.push('-');
    }
    // Writing to a `String` cannot fail.
    let _ = write!(out, "{:0width$}", number.unsigned_abs());
}

/// Appends a number with the padding of the layout.
fn number(out: &mut String, number: i64, width: usize, pad: Pad) {
    let _ = match pad {
        Pad::None => write!(out, "{number}"),
        Pad::Space => write!(out, "{number:width$}"),
        Pad::Zero => write!(out, "{number:0width$}"),
    };
}

/// Appends the sign of a zone offset.
fn write_sign(out: &mut String, offset: i32) {
    // Go computes the sign from whole minutes, so an offset of less than a minute west is written with `+`.
    out.push(if offset / 60 < 0 { '-' } else { '+' });
}

/// Appends the offset of a zone without an abbreviation, where the layout has a zone name.
fn write_nameless_zone(out: &mut String, offset: i32) {
    write_sign(out, offset);
    let minutes = (offset / 60).unsigned_abs();
    let _ = write!(out, "{:02}{:02}", minutes / 60, minutes % 60);
}

/// Appends a zone offset in the form of the layout.
fn write_offset(out: &mut String, layout: Offset, offset: i32) {
    if layout.z_for_utc && offset == 0 {
        out.push('Z');
        return;
    }
    write_sign(out, offset);
    let minutes = (offset / 60).unsigned_abs();
    let _ = write!(out, "{:02}", minutes / 60);
    let colon = if layout.colons { ":" } else { "" };
    if layout.digits != OffsetDigits::Hours {
        let _ = write!(out, "{colon}{:02}", minutes % 60);
    }
    if layout.digits == OffsetDigits::Seconds {
        let seconds = if offset / 60 < 0 {
            offset.unsigned_abs() % 60
        } else {
            (offset % 60).unsigned_abs()
        };
        let _ = write!(out, "{colon}{seconds:02}");
    }
}

/// Appends the fraction of a second with `len` digits.
fn write_fraction(out: &mut String, separator: char, nanos: u32, len: usize) {
    out.push(separator);
    let _ = write!(out, "{nanos:09}");
    if len < 9 {
        out.truncate(out.len() - (9 - len));
    }
}
