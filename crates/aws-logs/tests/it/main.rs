//! The integration tests, in one executable: linking one for each file takes most of the time of a build.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod cloudwatch;
mod kinesis;
mod kpl;
mod log_events;
mod record_content;
mod s3_access_log;
mod s3_by_content;
mod s3_client_strings;
mod s3_deliveries;
mod s3_keys;
mod s3_lines;
mod s3_markdown;
mod s3_own_type_errors;
mod s3_own_types;
mod s3_reading;
mod s3_records;
mod s3_samples;
mod s3_status;
mod s3_support;
mod s3_times;
mod s3_written_times;
