//! An object of any type gives the same lines and the same error however its bytes are cut into blocks.
#![no_main]

use aws_logs::s3::{AccessLog, Classified, ObjectReader, ObjectType, classify};
use libfuzzer_sys::fuzz_target;
use loki_push::{LabelSet, Timestamp};
use support::{assert_same, cut};

/// A key of each kind of format.
const KEYS: [&str; 13] = [
    "AWSLogs/1/CloudTrail/eu-west-1/2026/03/04/1_CloudTrail_eu-west-1_20260304T0510Z_2et2e1mxqXZ8aBcD.json.gz",
    "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/04/111122223333_CloudTrail_eu-west-1_20260304T0510Z_2et2e1mxqXZ8aBcD.json.gz",
    "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz",
    "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d4e5f60718_20260304T0510Z_2et2e1mx.log.gz",
    "AWSLogs/111122223333/WAFLogs/eu-west-1/edge/2026/03/04/05/10/111122223333_waflogs_eu-west-1_edge_20260304T0510Z_2et2e1mx.log.gz",
    "AWSLogs/111122223333/GuardDuty/eu-west-1/2026/03/04/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9.jsonl.gz",
    "AWSLogs/111122223333/Config/eu-west-1/2026/3/4/ConfigHistory/111122223333_Config_eu-west-1_ConfigHistory_AWS::EC2::Instance_20260304T051000Z_20260304T061000Z_1.json.gz",
    "AWSLogs/111122223333/KafkaBrokerLogs/eu-west-1/shop-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-1/2026-03-04-05/Broker-1_05-10_0a1b2c3d.log.gz",
    "cdn/E2K3EXAMPLE1.2026-03-04-05.0a1b2c3d.gz",
    "AWSLogs/111122223333/network-firewall/alert/eu-west-1/edge/2026/03/04/05/111122223333_network-firewall_alert_eu-west-1_edge_20260304T0505Z_0a1b2c3d.log.gz",
    "AWSLogs/111122223333/globalaccelerator/us-west-2/2026/03/04/111122223333_globalaccelerator_0a1b2c3d-0000-4000-8000-000000000001_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz",
    "AWSLogs/111122223333/verified-access/eu-west-1/2026/03/04/111122223333_verified-access_eu-west-1_vai-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz",
    "AWSLogs/111122223333/redshift/eu-west-1/2026/03/04/111122223333_redshift_eu-west-1_dwh_useractivitylog_2026-03-04T05:06.gz",
];

fn object_type(choice: u8) -> ObjectType {
    let choice = usize::from(choice) % (KEYS.len() + 6);
    if let Some(key) = KEYS.get(choice) {
        return match classify(key) {
            Classified::Log(object) => object,
            _ => ObjectType::text("bucket"),
        };
    }
    match choice - KEYS.len() {
        0 => ObjectType::access_log(AccessLog::Alb),
        1 => ObjectType::access_log(AccessLog::CloudFront),
        2 => ObjectType::access_log(AccessLog::Unknown),
        3 => match classify("2026-03-04-05-10-00-0A1B2C3D4E5F6071") {
            Classified::Log(object) => object,
            _ => ObjectType::text("bucket"),
        },
        4 => ObjectType::cloudwatch(LabelSet::default()),
        _ => ObjectType::text("bucket"),
    }
}

type Lines = Vec<(String, Timestamp, Option<String>)>;

/// Reads the complete lines, and returns the error if there is one.
fn take(reader: &mut ObjectReader, lines: &mut Lines) -> Option<String> {
    let mut complete = reader.lines();
    loop {
        match complete.next_line() {
            Ok(Some(line)) => lines.push((
                line.text.into_owned(),
                line.timestamp,
                line.status_code.map(str::to_owned),
            )),
            Ok(None) => return None,
            Err(error) => return Some(error.to_string()),
        }
    }
}

fn read(object: &ObjectType, blocks: &[&[u8]], end: fn(&mut ObjectReader)) -> (Lines, Option<String>) {
    let mut reader = object.reader(Timestamp::EPOCH);
    let mut lines = Lines::new();
    let mut error = None;
    for block in blocks {
        reader.feed(block);
        error = error.or(take(&mut reader, &mut lines));
    }
    end(&mut reader);
    error = error.or(take(&mut reader, &mut lines));
    assert!(take(&mut reader, &mut lines).is_none(), "an error comes once");
    (lines, error)
}

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let object = object_type(*choice);
    let (blocks, whole) = cut(data);
    let end = match choice >> 6 {
        0 | 1 => ObjectReader::finish,
        2 => ObjectReader::abort,
        _ => ObjectReader::interrupt,
    };
    let (lines, error) = read(&object, &[whole], end);
    let (cut_lines, cut_error) = read(&object, &blocks, end);
    assert_same(&lines, &cut_lines);
    assert_eq!(error, cut_error);
});
