//! The types of logs. Each has a file with everything about it, and a row here.

mod bedrock;
mod client_vpn;
mod cloudfront;
mod cloudtrail;
mod cloudwatch_export;
mod config;
mod flow_log;
mod global_accelerator;
mod guardduty;
mod load_balancer;
mod msk;
mod network_firewall;
mod r53_resolver;
mod redshift;
mod s3_access;
mod text;
mod verified_access;
mod vpc_lattice;
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
    &r53_resolver::R53_RESOLVER,
    &network_firewall::NETWORK_FIREWALL,
    &global_accelerator::GLOBAL_ACCELERATOR,
    &vpc_lattice::VPC_LATTICE,
    &verified_access::VERIFIED_ACCESS,
    &bedrock::BEDROCK,
    &redshift::REDSHIFT,
    &client_vpn::CLIENT_VPN,
    &cloudwatch_export::CLOUDWATCH_EXPORT,
    &s3_access::S3_ACCESS,
    &cloudfront::CLOUDFRONT,
    &text::TEXT,
];

/// Returns all types, in the order in which their matchers are tried.
pub fn log_types() -> &'static [&'static LogType] {
    TYPES
}
