#![doc = include_str!("../README.md")]
//!
//! # Where to find what
//!
//! - [`lossy()`] and [`JsonText`] read bytes and JSON strings that may not be valid UTF-8 or UTF-16.
//! - [`without_lone_surrogates`] and [`unescape_utf16`] treat surrogates in JSON text as Go's decoder does.
//! - [`quote()`], [`quote_ascii`], [`quote_char`] and [`can_backquote`] write Go literals, and [`unescape()`] reads an
//!   escape of one.
//! - [`to_lower`], [`to_upper`], [`lower_char`] and [`upper_char`] change letter case.
//! - [`write_json_string`] and [`write_json_number`] write JSON as Go's encoders do.

mod case;
mod json;
mod json_text;
mod lossy;
mod print;
mod quote;
mod surrogates;
mod unescape;

pub use case::{lower_char, to_lower, to_upper, upper_char};
pub use json::{JsonEncoder, write_json_number, write_json_string};
pub use json_text::JsonText;
pub use lossy::lossy;
pub use print::is_print;
pub use quote::{can_backquote, quote, quote_ascii, quote_char};
pub use surrogates::{unescape_utf16, without_lone_surrogates};
pub use unescape::{Unescaped, unescape};
