//! What AWS writes: payloads and objects become timestamped lines with the labels of their source. No
//! network.

pub mod cloudwatch;
pub mod eventbridge;
pub mod kinesis;
mod near;
pub mod s3;

pub use json_text::{JsonText, lossy};
