//! Query logs of Route 53 Resolver.

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, iso_member};
use crate::s3::key::scan::{is_number, leading_name};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static R53_RESOLVER: LogType = LogType {
    token: "s3_r53_resolver",
    matcher: queries,
    framing: Framing::Lines,
    time: Time::Fixed(|record| iso_member(record, "query_timestamp")),
    docs: Docs {
        title: "Route 53 Resolver query logs",
        src: Some("VPC"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/vpcdnsquerylogs/<VPC>/yyyy/mm/dd/..."],
        example: "AWSLogs/111122223333/vpcdnsquerylogs/vpc-0a1b2c3d/2026/03/04/vpc-0a1b2c3d_vpcdnsquerylogs_111122223333_20260304T0505Z_0a1b2c3d.log.gz",
        time: "`query_timestamp`",
        page: Some(
            "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-choosing-target-resource.html",
        ),
    },
};

const SERVICE: &str = "vpcdnsquerylogs";

/// Matches `[prefix/]AWSLogs/<account>/vpcdnsquerylogs/<VPC>/yyyy/mm/dd/<VPC>_vpcdnsquerylogs_<account>_...`
/// (Route 53 developer guide, "AWS resources that you can send Resolver query logs to").
fn queries<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let (vpc, between) = vended.dated()?;
        let mut parts = vended.file.split('_');
        (vended.service == SERVICE
            && between.is_empty()
            && vpc.starts_with("vpc-")
            && leading_name(vpc) == vpc
            && parts.next() == Some(vpc)
            && parts.next() == Some(SERVICE)
            && parts.next().is_some_and(is_number)
            && parts.next().is_some())
        .then_some(Found::Log {
            src: vpc,
            owner: vended.account,
        })
    })
}
