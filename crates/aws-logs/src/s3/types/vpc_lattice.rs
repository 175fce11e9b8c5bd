//! Access logs of VPC Lattice, of services and of resources.

use loki_push::Timestamp;

use crate::s3::LogType;
use crate::s3::format::{Framing, Time, iso_member};
use crate::s3::key::scan::{is_number, is_region, leading_name};
use crate::s3::key::{Found, Key};
use crate::s3::log_type::Docs;

pub(crate) static VPC_LATTICE: LogType = LogType {
    token: "s3_vpc_lattice",
    matcher: log,
    framing: Framing::Lines,
    time: Time::Fixed(start),
    docs: Docs {
        title: "VPC Lattice access logs",
        src: Some("service, service network or resource"),
        owner: Some("account"),
        keys: &["AWSLogs/<account>/VpcLattice/AccessLogs/<region>/yyyy/mm/dd/<resource>/..."],
        example: "AWSLogs/111122223333/VpcLattice/AccessLogs/eu-west-1/2026/03/04/svc-0a1b2c3d/111122223333_VpcLatticeAccessLogs_eu-west-1_svc-0a1b2c3d_20260304T0505Z_0a1b2c3d.json.gz",
        time: "`startTime`, then `eventTimestamp`",
        page: Some("https://docs.aws.amazon.com/vpc-lattice/latest/ug/monitoring-access-logs.html"),
    },
};

/// The folders after the service, and the service in the file's name.
const KINDS: [(&str, &str); 2] = [
    ("AccessLogs", "VpcLatticeAccessLogs"),
    ("ResourceAccessLogs", "VpcLatticeResourceAccessLogs"),
];

/// Matches `[prefix/]AWSLogs/<account>/VpcLattice/AccessLogs/<region>/yyyy/mm/dd/<resource>/<account>_
/// VpcLatticeAccessLogs_<region>_<resource>_<time>_<hash>.json.gz` (VPC Lattice user guide, "Access logs for
/// Amazon VPC Lattice"). The page names resource access logs, but not their folder.
fn log<'k>(key: &Key<'k>) -> Option<Found<'k>> {
    key.vended(|vended| {
        let &[folder, region, ref date @ .., resource] = &*vended.folders else {
            return None;
        };
        let (_, in_file) = KINDS.iter().find(|(kind, _)| *kind == folder)?;
        let rest = vended.file_after(vended.file, in_file)?;
        (vended.service == "VpcLattice"
            && is_region(region)
            && (3..=5).contains(&date.len())
            && date.iter().all(|folder| is_number(folder))
            && !resource.is_empty()
            && leading_name(resource) == resource
            && rest
                .strip_prefix(resource)
                .is_some_and(|rest| rest.starts_with('_')))
        .then_some(Found::Log {
            src: resource,
            owner: vended.account,
        })
    })
}

/// Returns the start of the request, or for a resource the time of the event.
fn start(record: &[u8]) -> Option<Timestamp> {
    iso_member(record, "startTime").or_else(|| iso_member(record, "eventTimestamp"))
}
