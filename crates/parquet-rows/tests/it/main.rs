//! The rows of files that the `parquet` crate writes.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod corrupt;
mod limits;
mod rows;
mod support;
