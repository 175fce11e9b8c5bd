//! Where the time of a record is, and how it is written.

use go_regex::Regex;
use loki_push::Timestamp;

use super::time_format::TimeFormat;
use crate::lossy;

/// The place and the format of a record's time.
#[derive(Debug)]
pub(crate) struct Timing {
    pub(super) place: Place,
    pub(super) format: TimeFormat,
}

/// The place of a record's time.
#[derive(Debug)]
pub(super) enum Place {
    /// A member of a JSON record, or a column.
    Field(String),
    /// The group of a regular expression over the record.
    Group(Regex),
}

impl Timing {
    /// Returns the name of the column, if the time is in one.
    pub(super) fn column(&self) -> Option<&str> {
        match &self.place {
            Place::Field(name) => Some(name),
            Place::Group(_) => None,
        }
    }

    /// Returns the time of a record, whose field is found by `field`.
    pub(super) fn of<'a>(
        &self,
        record: &'a [u8],
        field: impl FnOnce(&'a [u8], &str) -> Option<&'a [u8]>,
    ) -> Option<Timestamp> {
        match &self.place {
            Place::Field(name) => self.format.parse(field(record, name)?),
            Place::Group(regex) => {
                let text = lossy(record);
                let time = regex.captures(&text)?.get(1)?;
                self.format.parse(time.as_bytes())
            }
        }
    }
}
