//! What AWS writes: payloads and objects become timestamped lines with the labels of their source. No
//! network.

pub mod cloudwatch;
pub mod eventbridge;
pub mod kinesis;
pub mod kpl;
mod near;
pub mod record_content;
pub mod s3;
pub mod text_check;

pub use json_text::{JsonText, lossy};
