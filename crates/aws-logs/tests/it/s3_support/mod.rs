//! Helpers that read whole objects.

use aws_logs::s3::{Classified, ObjectError, ObjectReader, ObjectType, classify, log_types};
use loki_push::Timestamp;

pub(crate) const LOAD_BALANCER: &str = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz";
pub(crate) const FLOW_LOG: &str = "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz";
pub(crate) const CLOUDTRAIL: &str = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_4jhzXFO2Jlvu2b3y.json.gz";
pub(crate) const CONFIG: &str = "AWSLogs/111122223333/Config/eu-west-1/2026/3/4/ConfigSnapshot/111122223333_Config_eu-west-1_ConfigSnapshot_20260304T050607Z_0a1b2c3d.json.gz";
pub(crate) const CLOUDFRONT: &str = "cdn/E2K2LNL5N3WR51.2026-03-04-05.a10a8496.gz";
pub(crate) const WAF: &str = "AWSLogs/111122223333/WAFLogs/eu-west-1/edge/2026/03/04/05/05/111122223333_waflogs_eu-west-1_edge_20260304T0505Z_e0ca43b5.log.gz";
pub(crate) const GUARDDUTY: &str =
    "AWSLogs/111122223333/GuardDuty/eu-west-1/2026/03/04/07a3f2ce-1485-3031-b842-e1f324c4a48d.jsonl.gz";
pub(crate) const MSK: &str = "AWSLogs/111122223333/KafkaBrokerLogs/eu-west-1/orders-7f6b9b77-24f9-4921-87b6-d29a6401e292-3/2026-03-04-05/Broker-1_05-06_cab960bb.log.gz";
pub(crate) const S3_ACCESS: &str =
    "111122223333/eu-west-1/my-bucket/2026/03/04/2026-03-04-05-06-07-E568B2907131C0C0";
pub(crate) const R53_RESOLVER: &str = "AWSLogs/111122223333/vpcdnsquerylogs/vpc-0a1b2c3d/2026/03/04/vpc-0a1b2c3d_vpcdnsquerylogs_111122223333_20260304T0505Z_0a1b2c3d.log.gz";
pub(crate) const NETWORK_FIREWALL: &str = "AWSLogs/111122223333/network-firewall/alert/eu-west-1/edge/2026/03/04/05/111122223333_network-firewall_alert_eu-west-1_edge_20260304T0505Z_0a1b2c3d.log.gz";
pub(crate) const VPC_LATTICE: &str = "AWSLogs/111122223333/VpcLattice/AccessLogs/eu-west-1/2026/03/04/svc-0a1b2c3d/111122223333_VpcLatticeAccessLogs_eu-west-1_svc-0a1b2c3d_20260304T0505Z_0a1b2c3d.json.gz";
pub(crate) const VERIFIED_ACCESS: &str = "AWSLogs/111122223333/verified-access/eu-west-1/2026/03/04/111122223333_verified-access_eu-west-1_vai-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz";
pub(crate) const BEDROCK: &str = "AWSLogs/111122223333/BedrockModelInvocationLogs/eu-west-1/2026/03/04/05/20260304T050607123Z_0a1b2c3d.json.gz";
pub(crate) const REDSHIFT: &str = "AWSLogs/111122223333/redshift/eu-west-1/2026/03/04/111122223333_redshift_eu-west-1_dwh_useractivitylog_2026-03-04T05:06.gz";
pub(crate) const CLIENT_VPN: &str = "AWSLogs/111122223333/ClientVPN/eu-west-1/2026/03/04/111122223333_ClientVPN_eu-west-1_cvpn-endpoint-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz";

/// Returns an object of each type that a key tells.
pub(crate) fn all() -> impl Iterator<Item = ObjectType> {
    let keys = log_types().iter().map(|log_type| log_type.example_key());
    keys.filter_map(|key| match classify(key) {
        Classified::Log(object) => Some(object),
        _ => None,
    })
}

/// The time when the objects were written, in seconds.
const LAST_MODIFIED: i64 = 1_772_601_000;

/// A line with owned text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) text: String,
    pub(crate) nanos: i128,
    pub(crate) status: Option<String>,
}

impl Read {
    pub(crate) fn line(text: &str, nanos: i128) -> Self {
        Self {
            text: text.to_owned(),
            nanos,
            status: None,
        }
    }

    pub(crate) fn with_status(text: &str, nanos: i128, status: &str) -> Self {
        Self {
            status: Some(status.to_owned()),
            ..Self::line(text, nanos)
        }
    }
}

/// Returns the time when the object was written plus `index` nanoseconds, which a line without a time near it
/// is given.
pub(crate) fn fallback(index: i128) -> i128 {
    i128::from(LAST_MODIFIED) * 1_000_000_000 + index
}

pub(crate) fn object(key: &str) -> ObjectType {
    match classify(key) {
        Classified::Log(object) => object,
        other => panic!("{key}: {other:?}"),
    }
}

pub(crate) fn reader(object: &ObjectType) -> ObjectReader {
    object.reader(Timestamp::new(LAST_MODIFIED, 0).unwrap())
}

/// Moves the lines that are complete to `lines`.
pub(crate) fn drain(reader: &mut ObjectReader, lines: &mut Vec<Read>) -> Result<(), ObjectError> {
    let mut ready = reader.lines();
    while let Some(line) = ready.next_line()? {
        lines.push(Read {
            text: line.text.into_owned(),
            nanos: line.timestamp.unix_nanos(),
            status: line.status_code.map(str::to_owned),
        });
    }
    Ok(())
}

/// Returns the lines of an object that arrives in these blocks, and how it ended.
pub(crate) fn read(object: &ObjectType, blocks: &[&[u8]]) -> (Vec<Read>, Result<(), ObjectError>) {
    read_to(object, blocks, ObjectReader::finish)
}

/// Reads an object like [`read`], with the given end.
pub(crate) fn read_to(
    object: &ObjectType,
    blocks: &[&[u8]],
    end: fn(&mut ObjectReader),
) -> (Vec<Read>, Result<(), ObjectError>) {
    let mut reader = reader(object);
    let mut lines = Vec::new();
    for block in blocks {
        reader.feed(block);
        if let Err(error) = drain(&mut reader, &mut lines) {
            return (lines, Err(error));
        }
    }
    end(&mut reader);
    let end = drain(&mut reader, &mut lines);
    (lines, end)
}

/// Returns the lines of an object that is valid to its end.
pub(crate) fn read_all(object: &ObjectType, bytes: &[u8]) -> Vec<Read> {
    let (lines, end) = read(object, &[bytes]);
    end.unwrap();
    lines
}
