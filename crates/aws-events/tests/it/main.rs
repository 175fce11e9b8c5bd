//! The integration tests, in one executable: linking one for each file takes most of the time of a build.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod envelopes;
mod errors;
mod kafka;
mod nesting;
mod oracle;
mod properties;
mod sources;
mod text;
