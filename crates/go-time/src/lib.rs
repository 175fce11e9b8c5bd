#![doc = include_str!("../README.md")]

mod civil;
mod duration;
mod format;
mod layout;
mod location;
mod parse;
mod reader;
mod time;
mod tzif;

pub use duration::{Duration, DurationError, DurationErrorKind};
pub use layout::Layout;
pub use location::{Location, UnknownLocation};
pub use parse::{ParseError, ParseErrorKind};
pub use time::{Time, Zone};

/// Go's `time.ANSIC`.
pub const ANSIC: &str = "Mon Jan _2 15:04:05 2006";
/// Go's `time.UnixDate`.
pub const UNIX_DATE: &str = "Mon Jan _2 15:04:05 MST 2006";
/// Go's `time.RubyDate`.
pub const RUBY_DATE: &str = "Mon Jan 02 15:04:05 -0700 2006";
/// Go's `time.RFC822`.
pub const RFC822: &str = "02 Jan 06 15:04 MST";
/// Go's `time.RFC822Z`.
pub const RFC822Z: &str = "02 Jan 06 15:04 -0700";
/// Go's `time.RFC850`.
pub const RFC850: &str = "Monday, 02-Jan-06 15:04:05 MST";
/// Go's `time.RFC1123`.
pub const RFC1123: &str = "Mon, 02 Jan 2006 15:04:05 MST";
/// Go's `time.RFC1123Z`.
pub const RFC1123Z: &str = "Mon, 02 Jan 2006 15:04:05 -0700";
/// Go's `time.RFC3339`.
pub const RFC3339: &str = "2006-01-02T15:04:05Z07:00";
/// Go's `time.RFC3339Nano`.
pub const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";
/// The layout in which Go prints a time: `Time.String` without a monotonic clock.
pub const DEFAULT: &str = "2006-01-02 15:04:05.999999999 -0700 MST";
