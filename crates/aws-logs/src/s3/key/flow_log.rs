//! Keys of VPC and transit gateway flow logs.

use super::scan::leading_name;
use super::{Key, Source};

const SERVICE: &str = "vpcflowlogs";

/// Matches
/// `[prefix/]AWSLogs/<account>/vpcflowlogs/<region>/yyyy/mm/dd/[hh/]<account>_vpcflowlogs_<region>_<flow
/// log>_...`, also with hive-style folders (VPC user guide, "Publish flow logs to Amazon S3").
pub(crate) fn records<'k>(key: &Key<'k>) -> Option<Source<'k>> {
    key.vended(|vended| {
        vended
            .dated()
            .filter(|(_, between)| vended.service == SERVICE && between.is_empty())?;
        let src = leading_name(vended.file_after(vended.file, SERVICE)?);
        (!src.is_empty()).then_some(Source {
            src,
            owner: vended.account,
        })
    })
}
