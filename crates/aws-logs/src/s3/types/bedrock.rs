//! Invocations of models in Bedrock.

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, iso_member};
use crate::s3::key::scan::{after_pattern, is_region};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static BEDROCK: LogType = LogType {
    token: "s3_bedrock",
    matcher: invocations,
    framing: Framing::Lines,
    time: Time::Fixed(|record| iso_member(record, "timestamp")),
    docs: Docs {
        title: "Bedrock model invocations, without the inputs and outputs in `data/`",
        src: Some("region"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/BedrockModelInvocationLogs/<region>/yyyy/mm/dd/hh/..."],
        example: "AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/03/04/05/20260304T050607123Z_0a1b2c3d.json.gz",
        time: "`timestamp`",
        page: Some("https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html"),
    },
};

/// Matches `[prefix/]AWSLogs/<account>/BedrockModelInvocationLogs/<region>/yyyy/mm/dd/hh/<time>_<hash>.json.gz`
/// (Bedrock user guide, "Monitor model invocation"). The name of the file comes from real objects.
///
/// Long or binary inputs and outputs are objects of their own in a folder `data`. They are what a client sent,
/// not logs, and their keys are unknown.
fn invocations<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let (region, between) = vended.dated()?;
        (vended.service == "BedrockModelInvocationLogs"
            && between.is_empty()
            && is_region(region)
            && after_pattern(vended.file, "00000000T000000").is_some_and(|rest| rest.contains(".json")))
        .then_some(Found::Log {
            src: region,
            owner: vended.account,
        })
    })
}
