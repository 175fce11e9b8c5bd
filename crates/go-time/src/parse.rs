//! Parsing of times: Go's `time.ParseInLocation`.

use crate::civil::{DAYS_BEFORE, MONTHS, SECONDS_PER_DAY, WEEKDAYS, days_from_civil, days_in, is_leap};
use crate::layout::{Element, Layout, Pad, Part};
use crate::location::Location;
use crate::reader::{ElementError, ElementResult, Reader, abbreviation_len, in_range, integer, nanoseconds};
use crate::time::{Time, Zone};

/// An error for a value that does not fit its layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot parse {value:?} as {layout:?}: {kind}")]
pub struct ParseError {
    /// The value as it was given.
    pub value: String,
    /// The text of the layout.
    pub layout: String,
    /// The reason.
    pub kind: ParseErrorKind,
}

/// The reason why a value does not fit a layout.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// The value does not continue as the layout does.
    #[error("{rest:?} does not match the rest of the layout")]
    Mismatch {
        /// The rest of the value.
        rest: String,
    },
    /// A number is outside the range of its field.
    #[error("{field} out of range")]
    OutOfRange {
        /// The name of the field.
        field: &'static str,
    },
    /// The day of the year contradicts the month or the day.
    #[error("day-of-year does not match the date")]
    YearDayMismatch,
    /// The value continues after the end of the layout.
    #[error("extra text: {rest:?}")]
    ExtraText {
        /// The rest of the value.
        rest: String,
    },
}

/// The fields that were read so far.
#[derive(Default)]
struct Fields<'v> {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: u32,
    /// Whether AM and PM were read.
    am_pm: [bool; 2],
    utc: bool,
    offset: Option<i32>,
    abbreviation: &'v str,
}

impl Layout {
    /// Parses a value. A value without an offset or a zone is in `location`, or in UTC if that is `None`. A field
    /// that the layout lacks has its first value: year 0, January, day 1, midnight.
    ///
    /// # Errors
    /// Returns an error if the value does not fit the layout or is not a valid date and time.
    pub fn parse(&self, value: &str, location: Option<&Location>) -> Result<Time, ParseError> {
        self.read(value)
            .and_then(|fields| fields.into_time(location.unwrap_or(&Location::UTC)))
            .map_err(|kind| ParseError {
                value: value.to_owned(),
                layout: self.as_str().to_owned(),
                kind,
            })
    }

    /// Reads all parts of the layout from the value.
    fn read<'v>(&self, value: &'v str) -> Result<Fields<'v>, ParseErrorKind> {
        let mut fields = Fields::default();
        let mut rest = value;
        for part in self.parts() {
            let mut reader = Reader { rest };
            let read = match part {
                Part::Literal(text) => reader.literal(text),
                Part::Element(element) => fields.element(&mut reader, *element),
            };
            read.map_err(|error| match error {
                ElementError::Mismatch => ParseErrorKind::Mismatch {
                    rest: rest.to_owned(),
                },
                ElementError::OutOfRange(field) => ParseErrorKind::OutOfRange { field },
            })?;
            rest = reader.rest;
        }
        if !rest.is_empty() {
            return Err(ParseErrorKind::ExtraText {
                rest: rest.to_owned(),
            });
        }
        Ok(fields)
    }
}

impl<'v> Fields<'v> {
    /// Reads one element of the layout.
    fn element(&mut self, reader: &mut Reader<'v>, element: Element) -> ElementResult<()> {
        match element {
            Element::LongYear => {
                if !reader.digit_at(0) {
                    return Err(ElementError::Mismatch);
                }
                self.year = integer(reader.take(4)?)?;
            }
            Element::Year => {
                let year = integer(reader.take(2)?)?;
                // Go reads 69 to 99 as years of the 20th century, because 1969-12-31 is the epoch in zones west of
                // Greenwich.
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
            }
            Element::LongMonth => self.month = Some(reader.name(&MONTHS, usize::MAX)? + 1),
            Element::Month => self.month = Some(reader.name(&MONTHS, 3)? + 1),
            Element::NumMonth(pad) => {
                let month = reader.number(pad)?;
                in_range((1..=12).contains(&month), "month")?;
                self.month = Some(month);
            }
            // Go does not compare the weekday with the date.
            Element::LongWeekday => {
                reader.name(&WEEKDAYS, usize::MAX)?;
            }
            Element::Weekday => {
                reader.name(&WEEKDAYS, 3)?;
            }
            Element::Day(pad) => self.day = Some(reader.spaced(pad, 1).number(pad)?),
            Element::YearDay(pad) => self.year_day = Some(reader.spaced(pad, 2).year_day(pad)?),
            Element::Hour => {
                self.hour = reader.number(Pad::None)?;
                in_range(self.hour < 24, "hour")?;
            }
            Element::Hour12(pad) => {
                self.hour = reader.number(pad)?;
                in_range(self.hour <= 12, "hour")?;
            }
            Element::Minute(pad) => {
                self.minute = reader.number(pad)?;
                in_range(self.minute < 60, "minute")?;
            }
            Element::Second(pad, fraction_next) => {
                self.second = reader.number(pad)?;
                in_range(self.second < 60, "second")?;
                if !fraction_next && let Some(len) = reader.fraction_len() {
                    self.nanos = nanoseconds(reader.take(len)?)?;
                }
            }
            Element::UpperPm => self.half(reader.take(2)?, "AM", "PM")?,
            Element::LowerPm => self.half(reader.take(2)?, "am", "pm")?,
            Element::ZoneName if reader.rest.starts_with("UTC") => {
                reader.take(3)?;
                self.utc = true;
            }
            Element::ZoneName => {
                let len = abbreviation_len(reader.rest.as_bytes()).ok_or(ElementError::Mismatch)?;
                self.abbreviation = reader.take(len)?;
            }
            Element::Offset(layout) if layout.z_for_utc && reader.rest.starts_with('Z') => {
                reader.take(1)?;
                self.utc = true;
            }
            Element::Offset(layout) => self.offset = Some(reader.offset(layout)?),
            Element::Fraction0(_, len) => self.nanos = nanoseconds(reader.take(1 + len)?)?,
            Element::Fraction9(..) => {
                // Go accepts any number of digits, or none.
                if let Some(len) = reader.fraction_len() {
                    self.nanos = nanoseconds(reader.take(len)?)?;
                }
            }
        }
        Ok(())
    }

    /// Reads `AM` or `PM` in the layout's case.
    fn half(&mut self, text: &str, am: &str, pm: &str) -> ElementResult<()> {
        if text == am {
            self.am_pm[0] = true;
        } else if text == pm {
            self.am_pm[1] = true;
        } else {
            return Err(ElementError::Mismatch);
        }
        Ok(())
    }

    /// Returns the time of the fields.
    fn into_time(self, location: &Location) -> Result<Time, ParseErrorKind> {
        let hour = match self.am_pm {
            [_, true] if self.hour < 12 => self.hour + 12,
            [true, _] if self.hour == 12 => 0,
            _ => self.hour,
        };
        let (month, day) = self.date()?;
        if day < 1 || day > days_in(month, self.year) {
            return Err(ParseErrorKind::OutOfRange { field: "day" });
        }
        let local = days_from_civil(self.year, month, day) * SECONDS_PER_DAY
            + hour * 3600
            + self.minute * 60
            + self.second;
        Ok(self.in_zone(local, location))
    }

    /// Returns the month and the day, which may be given as a day of the year.
    fn date(&self) -> Result<(i64, i64), ParseErrorKind> {
        let Some(year_day) = self.year_day else {
            return Ok((self.month.unwrap_or(1), self.day.unwrap_or(1)));
        };
        let leap_day = i64::from(is_leap(self.year) && year_day >= 60);
        let (month, day) = if leap_day == 1 && year_day == 60 {
            (2, 29)
        } else {
            let year_day = year_day - leap_day;
            if !(1..=365).contains(&year_day) {
                return Err(ParseErrorKind::OutOfRange { field: "day-of-year" });
            }
            // The count is at most 12, because `year_day` is at most the last value of `DAYS_BEFORE`.
            let month = DAYS_BEFORE
                .iter()
                .take_while(|&&before| before < year_day)
                .count();
            (month as i64, year_day - DAYS_BEFORE[month - 1])
        };
        if self.month.is_some_and(|seen| seen != month) || self.day.is_some_and(|seen| seen != day) {
            return Err(ParseErrorKind::YearDayMismatch);
        }
        Ok((month, day))
    }

    /// Returns the time for the local time in seconds, in the zone that the value names or in `location`.
    fn in_zone(&self, local: i64, location: &Location) -> Time {
        if self.utc {
            return Time::utc(local, self.nanos);
        }
        let own = || Zone::Location(location.clone());
        let fixed = |offset| Zone::Fixed {
            abbreviation: self.abbreviation.to_owned(),
            offset,
        };
        let at = |offset: i32, zone| Time::new(local - i64::from(offset), self.nanos, zone);
        // Go represents a missing offset as -1, so that an offset of one second west counts as missing.
        if let Some(offset) = self.offset.filter(|&offset| offset != -1) {
            let utc = local - i64::from(offset);
            let named = || self.abbreviation.is_empty() || location.abbreviation_at(utc) == self.abbreviation;
            let same = location.offset_at(utc) == offset && named();
            return at(offset, if same { own() } else { fixed(offset) });
        }
        if self.abbreviation.is_empty() {
            return Time::from_local(local, self.nanos, own());
        }
        if let Some(offset) = location.offset_of(self.abbreviation, local) {
            return at(offset, own());
        }
        let hours = self
            .abbreviation
            .strip_prefix("GMT")
            .and_then(|hours| hours.parse::<i32>().ok());
        // Go keeps the hours of `GMT+3` in the zone of the result but computes the instant as if it were UTC.
        at(0, fixed(hours.map_or(0, |hours| hours * 3600)))
    }
}
