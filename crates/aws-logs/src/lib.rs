//! Parsers of the payloads and objects that AWS writes. They return lines with timestamps and the labels of
//! their source, and use no network.

pub mod cloudwatch;
pub mod delivery_labels;
pub mod eventbridge;
pub mod kafka;
pub mod kinesis;
pub mod kpl;
pub mod message;
pub mod record_content;
mod record_identity;
pub mod s3;
pub mod text;
pub mod text_check;
mod word_search;

pub use go_text::{JsonText, lossy};
pub use record_identity::RecordIdentity;
