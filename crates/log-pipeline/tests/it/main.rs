//! The integration tests, in one executable: linking one for each file takes most of the time of a build.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod geoip;
mod redact;
mod relabel;
mod relabel_errors;
mod relabel_prometheus;
mod relabel_properties;
mod stage_errors;
mod stage_properties;
mod stage_runs;
mod stages;
