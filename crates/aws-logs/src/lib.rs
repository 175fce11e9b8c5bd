//! What AWS writes: payloads become timestamped lines with the labels of their source. No network.

pub mod cloudwatch;
mod text;

pub use text::{JsonText, lossy};
