//! The types of logs. Each has a file with everything about it, and a row here.

mod cloudfront;
mod cloudtrail;
mod config;
mod flow_log;
mod guardduty;
mod load_balancer;
mod msk;
mod s3_access;
mod text;
mod waf;

pub(crate) use cloudfront::CLOUDFRONT;
pub(crate) use load_balancer::LOAD_BALANCER;
pub(crate) use text::TEXT;

use super::LogType;

/// All types, from those with specific keys to those with general ones: the first whose matcher accepts a key
/// decides. (Upstream tries its patterns in random order.)
static TYPES: &[&LogType] = &[
    &cloudtrail::CLOUDTRAIL,
    &load_balancer::LOAD_BALANCER,
    &flow_log::FLOW_LOG,
    &waf::WAF,
    &guardduty::GUARDDUTY,
    &msk::MSK,
    &config::CONFIG,
    &s3_access::S3_ACCESS,
    &cloudfront::CLOUDFRONT,
    &text::TEXT,
];

/// Returns all types, in the order in which their matchers are tried.
pub fn log_types() -> &'static [&'static LogType] {
    TYPES
}
