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
mod security_lake;
mod text;
mod verified_access;
mod vpc_lattice;
mod waf;

pub(crate) use bedrock::BEDROCK;
pub(crate) use client_vpn::CLIENT_VPN;
pub(crate) use cloudfront::CLOUDFRONT;
pub(crate) use cloudtrail::{CLOUDTRAIL_LIST, event_or_window};
pub(crate) use config::{CONFIG, CONFIG_NOTIFICATION};
pub(crate) use flow_log::{FLOW_LOG, is_flow_log_header};
pub(crate) use global_accelerator::{GLOBAL_ACCELERATOR, is_accelerator_header};
pub(crate) use guardduty::GUARDDUTY;
pub(crate) use load_balancer::LOAD_BALANCER;
pub(crate) use network_firewall::NETWORK_FIREWALL;
pub(crate) use r53_resolver::R53_RESOLVER;
pub(crate) use s3_access::S3_ACCESS;
pub(crate) use security_lake::SECURITY_LAKE;
pub(crate) use text::TEXT;
pub(crate) use verified_access::VERIFIED_ACCESS;
pub(crate) use vpc_lattice::VPC_LATTICE;
pub(crate) use waf::WAF;

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
    &security_lake::SECURITY_LAKE,
    &s3_access::S3_ACCESS,
    &cloudfront::CLOUDFRONT,
    &text::TEXT,
];

/// Returns all types, in the order in which their matchers are tried.
pub fn log_types() -> &'static [&'static LogType] {
    TYPES
}
