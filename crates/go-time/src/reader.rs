//! A reader of the elements of a value.

use crate::layout::{Offset, OffsetDigits, Pad};

/// The reason why an element cannot be read.
pub(crate) enum ElementError {
    Mismatch,
    OutOfRange(&'static str),
}

pub(crate) type ElementResult<T> = Result<T, ElementError>;

/// A reader with the rest of a value.
pub(crate) struct Reader<'v> {
    pub(crate) rest: &'v str,
}

impl<'v> Reader<'v> {
    /// Reads a literal text. A run of spaces in the layout matches any number of spaces in the value, and also none
    /// at its end.
    pub(crate) fn literal(&mut self, mut text: &str) -> ElementResult<()> {
        while let Some(wanted) = text.chars().next() {
            if wanted == ' ' {
                if !self.rest.is_empty() && !self.rest.starts_with(' ') {
                    return Err(ElementError::Mismatch);
                }
                text = text.trim_start_matches(' ');
                self.rest = self.rest.trim_start_matches(' ');
                continue;
            }
            self.rest = self.rest.strip_prefix(wanted).ok_or(ElementError::Mismatch)?;
            text = &text[wanted.len_utf8()..];
        }
        Ok(())
    }

    /// Returns the next `len` bytes.
    pub(crate) fn take(&mut self, len: usize) -> ElementResult<&'v str> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(ElementError::Mismatch)?;
        self.rest = rest;
        Ok(taken)
    }

    /// Returns whether the byte at the index is a digit.
    pub(crate) fn digit_at(&self, index: usize) -> bool {
        self.rest.as_bytes().get(index).is_some_and(u8::is_ascii_digit)
    }

    /// Skips up to `at_most` spaces before a number that is padded with spaces.
    pub(crate) fn spaced(&mut self, pad: Pad, at_most: usize) -> &mut Self {
        for _ in 0..at_most {
            if pad == Pad::Space {
                self.rest = self.rest.strip_prefix(' ').unwrap_or(self.rest);
            }
        }
        self
    }

    /// Reads one or two digits, or exactly two if the layout pads with zeros.
    pub(crate) fn number(&mut self, pad: Pad) -> ElementResult<i64> {
        let len = match (self.digit_at(0), self.digit_at(1)) {
            (true, true) => 2,
            (true, false) if pad != Pad::Zero => 1,
            _ => return Err(ElementError::Mismatch),
        };
        integer(self.take(len)?)
    }

    /// Reads one to three digits, or exactly three if the layout pads with zeros.
    pub(crate) fn year_day(&mut self, pad: Pad) -> ElementResult<i64> {
        let len = (0..3).take_while(|&index| self.digit_at(index)).count();
        if len == 0 || (pad == Pad::Zero && len != 3) {
            return Err(ElementError::Mismatch);
        }
        integer(self.take(len)?)
    }

    /// Reads one of the names, of which `len` characters count, in any case, and returns its index.
    pub(crate) fn name(&mut self, names: &[&str], len: usize) -> ElementResult<i64> {
        for (index, name) in names.iter().enumerate() {
            let name = &name[..len.min(name.len())];
            if let Some(start) = self.rest.get(..name.len())
                && start.eq_ignore_ascii_case(name)
            {
                self.take(name.len())?;
                // There are at most 12 names.
                return Ok(index as i64);
            }
        }
        Err(ElementError::Mismatch)
    }

    /// Returns the length of a separator and the digits after it, if they come next.
    pub(crate) fn fraction_len(&self) -> Option<usize> {
        if !self.rest.starts_with(['.', ',']) {
            return None;
        }
        let digits = self.rest.as_bytes()[1..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count();
        (digits > 0).then_some(1 + digits)
    }

    /// Reads a zone offset in the form of the layout, and returns it in seconds east of UTC.
    pub(crate) fn offset(&mut self, layout: Offset) -> ElementResult<i32> {
        let colon = |reader: &mut Self| match layout.colons {
            true => reader
                .rest
                .strip_prefix(':')
                .map(|rest| reader.rest = rest)
                .ok_or(ElementError::Mismatch),
            false => Ok(()),
        };
        let sign = self.take(1)?;
        let hours = self.take(2)?;
        let (mut minutes, mut seconds) = ("00", "00");
        if layout.digits != OffsetDigits::Hours {
            colon(self)?;
            minutes = self.take(2)?;
        }
        if layout.digits == OffsetDigits::Seconds {
            colon(self)?;
            seconds = self.take(2)?;
        }
        let [hours, minutes, seconds] = [two_digits(hours)?, two_digits(minutes)?, two_digits(seconds)?];
        let direction = match sign {
            "+" => 1,
            "-" => -1,
            _ => return Err(ElementError::Mismatch),
        };
        // Go includes the limits 24 and 60.
        in_range(hours <= 24, "time zone offset hour")?;
        in_range(minutes <= 60, "time zone offset minute")?;
        in_range(seconds <= 60, "time zone offset second")?;
        Ok(direction * ((hours * 60 + minutes) * 60 + seconds))
    }
}

/// Returns an error for the field unless `ok` is true.
pub(crate) fn in_range(ok: bool, field: &'static str) -> ElementResult<()> {
    if ok {
        Ok(())
    } else {
        Err(ElementError::OutOfRange(field))
    }
}

/// Parses exactly two digits.
fn two_digits(text: &str) -> ElementResult<i32> {
    match text.as_bytes() {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Ok(i32::from(tens - b'0') * 10 + i32::from(ones - b'0')),
        _ => Err(ElementError::Mismatch),
    }
}

/// Parses digits after an optional sign. An empty text and a lone sign are 0, as in Go.
pub(crate) fn integer(text: &str) -> ElementResult<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(ElementError::Mismatch);
    }
    let number = digits.bytes().fold(0i64, |sum, b| {
        sum.saturating_mul(10).saturating_add(i64::from(b - b'0'))
    });
    Ok(if text.starts_with('-') { -number } else { number })
}

/// Parses a separator and the digits of a fraction. Digits after the ninth are ignored.
pub(crate) fn nanoseconds(text: &str) -> ElementResult<u32> {
    let fraction = text.strip_prefix(['.', ',']).ok_or(ElementError::Mismatch)?;
    let fraction = fraction
        .get(..9.min(fraction.len()))
        .ok_or(ElementError::Mismatch)?;
    let number =
        u32::try_from(integer(fraction)?).map_err(|_| ElementError::OutOfRange("fractional second"))?;
    // There are at most nine digits, so the length fits and the product is below a second.
    Ok(number * 10u32.pow(9 - fraction.len() as u32))
}

/// Returns the length of the zone abbreviation at the start: `PST`, `CEST`, `GMT-3`, `ChST`, `+03`.
pub(crate) fn abbreviation_len(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(after) = text.strip_prefix(b"GMT") {
        return Some(3 + signed_hours_len(after));
    }
    if matches!(text[0], b'+' | b'-') {
        return Some(signed_hours_len(text)).filter(|&len| len > 0);
    }
    let upper = text.iter().take(6).take_while(|b| b.is_ascii_uppercase()).count();
    match upper {
        3 => Some(3),
        4 if text[3] == b'T' || text.starts_with(b"WITA") => Some(4),
        5 if text[4] == b'T' => Some(5),
        _ => None,
    }
}

/// Returns the length of a sign and a number up to 23, or 0 if they do not come first.
fn signed_hours_len(text: &[u8]) -> usize {
    let [b'+' | b'-', digits @ ..] = text else {
        return 0;
    };
    let len = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    let hours = digits[..len].iter().fold(0u32, |sum, b| {
        sum.saturating_mul(10).saturating_add(u32::from(b - b'0'))
    });
    if len == 0 || hours > 23 { 0 } else { 1 + len }
}
