//! The integration tests, in one executable: linking one for each file takes most of the time of a build.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod access_log_status;
mod aws_services;
mod batch_items;
mod blind_deadlines;
mod bombs;
mod client_dates;
mod concurrency;
mod deadline;
mod delivery;
mod envelopes;
mod equal_messages;
mod error_lines;
mod faults;
mod kafka;
mod kept_secrets;
mod kinesis;
mod kinesis_payloads;
mod large_objects;
mod lines_without_times;
mod links;
mod log_events;
mod log_lines;
mod long_lines;
mod marked_secrets;
mod memory_growth;
mod metrics;
mod not_text;
mod open_blocks;
mod overtaking;
mod own_log_group;
mod package;
mod pipelines;
mod pushes_in_flight;
mod real_loki;
mod refusals;
mod s3_batch;
mod s3_events;
mod s3_types;
mod settings;
mod start;
mod subscription;
mod support;
mod text_messages;
mod tls;
