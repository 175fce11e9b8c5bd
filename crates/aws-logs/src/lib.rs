//! What AWS writes: payloads and objects become timestamped lines with the labels of their source. No
//! network.

pub mod cloudwatch;
pub mod kinesis;
pub mod s3;
mod text;

pub use text::{JsonText, lossy};
