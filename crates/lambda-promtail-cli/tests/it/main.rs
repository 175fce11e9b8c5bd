//! The integration tests, in one executable: linking one for each file takes most of the time of a build.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backfill;
mod cli;
mod connect;
mod connect_secrets;
mod dashboards;
mod docs;
mod explain_keys;
mod inputs;
mod pages;
mod profiles;
mod replay;
mod sample;
mod support;
mod walkthrough;
