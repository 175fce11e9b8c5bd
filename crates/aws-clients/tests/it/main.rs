//! The integration tests, in one executable: linking one for each file takes most of the time of a build.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod broken_downloads;
mod decompression;
mod listing;
mod objects;
mod queues;
mod real_s3;
mod secrets;
mod support;
