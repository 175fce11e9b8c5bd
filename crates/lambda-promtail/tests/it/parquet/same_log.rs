//! The same flow log as text and as Parquet.

use serde_json::Value;
use testkit::compress::gzip;
use testkit::parquet::parquet::basic::Compression;
use testkit::parquet::{Column, Layout, file};

use crate::support::objects::{Entries, assert_redelivered, deliver};

/// The fields that Parquet has as integers ("Available fields" of "Flow log records" in the VPC user guide).
const INT32: [&str; 6] = [
    "version",
    "srcport",
    "dstport",
    "protocol",
    "tcp-flags",
    "traffic-path",
];
const INT64: [&str; 4] = ["packets", "bytes", "start", "end"];

const DEFAULT: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status";
const CUSTOM: &str = "vpc-id tcp-flags start flow-direction pkt-src-aws-service srcaddr bytes end log-status";
/// A format without `start`.
const WITHOUT_START: &str = "vpc-id end srcaddr bytes";

const FOLDERS: [&str; 4] = [
    "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04",
    "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/05",
    "p/AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=03/day=04",
    "AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=eu-west-1/year=2026/month=03/day=04/hour=05",
];

/// Returns records with these fields; some have no traffic, and no values but the interval.
fn records(header: &str) -> Vec<Vec<Option<String>>> {
    let record = |number: i64| {
        let is_empty = number % 5 == 3;
        let value = move |name: &str| {
            Some(match name {
                "start" if number == 7 => return None,
                "start" => (1_772_600_700 + number).to_string(),
                "end" => (1_772_600_760 + number).to_string(),
                "log-status" if is_empty => "NODATA".to_owned(),
                _ if is_empty => return None,
                "version" => "2".to_owned(),
                "account-id" => "111122223333".to_owned(),
                "srcaddr" => format!("10.0.1.{number}"),
                "srcport" => (50_000 + number).to_string(),
                "bytes" => (i64::MAX - number).to_string(),
                name if INT32.contains(&name) || INT64.contains(&name) => number.to_string(),
                name => format!("{name}-{number}"),
            })
        };
        header.split(' ').map(value).collect()
    };
    (0..40).map(record).collect()
}

fn text(header: &str, records: &[Vec<Option<String>>]) -> Vec<u8> {
    let lines = records.iter().map(|record| {
        let fields: Vec<&str> = record
            .iter()
            .map(|field| field.as_deref().unwrap_or("-"))
            .collect();
        fields.join(" ")
    });
    let lines: Vec<String> = std::iter::once(header.to_owned()).chain(lines).collect();
    gzip((lines.join("\n") + "\n").as_bytes())
}

/// Returns the records as Parquet, whose columns have underscores in place of hyphens.
fn parquet(header: &str, records: &[Vec<Option<String>>], layout: &Layout) -> Vec<u8> {
    let names: Vec<&str> = header.split(' ').collect();
    let schema: String = names
        .iter()
        .map(|name| {
            let column = name.replace('-', "_");
            match *name {
                name if INT32.contains(&name) => format!("optional int32 {column};"),
                name if INT64.contains(&name) => format!("optional int64 {column};"),
                _ => format!("optional binary {column} (STRING);"),
            }
        })
        .collect();
    let group = |records: &[Vec<Option<String>>]| -> Vec<Column> {
        let columns = names.iter().enumerate().map(|(index, name)| {
            let values = records.iter().map(|record| record[index].as_deref());
            match *name {
                name if INT32.contains(&name) => {
                    Column::ints(values.map(|value| value.map(|value| value.parse().unwrap())))
                }
                name if INT64.contains(&name) => {
                    Column::longs(values.map(|value| value.map(|value| value.parse().unwrap())))
                }
                _ => Column::texts(values),
            }
        });
        columns.collect()
    };
    let groups: Vec<Vec<Column>> = records.chunks(15).map(group).collect();
    file(&format!("message flow_log {{ {schema} }}"), &groups, layout)
}

/// Returns the members of a line of text, as the row of Parquet has them.
fn members(header: &str, line: &str) -> String {
    let members = header.split(' ').zip(line.split(' ')).map(|(name, value)| {
        let name = name.replace('-', "_");
        match value {
            "-" => format!("\"{name}\":null"),
            value if value.parse::<i64>().is_ok() && name != "account_id" => format!("\"{name}\":{value}"),
            value => format!("\"{name}\":\"{value}\""),
        }
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

#[tokio::test]
async fn times_labels_and_values_are_the_same() {
    let layouts = [
        Layout::default(),
        Layout {
            compression: Compression::SNAPPY,
            dictionary: false,
            page_rows: 4,
            ..Layout::default()
        },
        Layout {
            compression: Compression::ZSTD(Default::default()),
            v2: true,
            page_rows: 7,
            ..Layout::default()
        },
    ];
    for (index, folder) in FOLDERS.into_iter().enumerate() {
        let name =
            format!("{folder}/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log");
        for header in [DEFAULT, CUSTOM, WITHOUT_START] {
            let records = records(header);
            let text_key = format!("{name}.gz");
            let as_text = deliver(&[(&text_key, text(header, &records))], &[]).await;
            let mut expected: Entries = as_text
                .into_iter()
                .map(|(labels, time, line)| (labels, time, members(header, &line)))
                .collect();
            expected.sort();
            assert_eq!(expected.len(), records.len());

            let key = format!("{name}.parquet");
            let object = parquet(header, &records, &layouts[index % layouts.len()]);
            let as_parquet = deliver(&[(&key, object.clone())], &[]).await;
            assert_eq!(as_parquet, expected, "{key} {header}");
            for (_, _, line) in &as_parquet {
                assert!(serde_json::from_str::<Value>(line).is_ok(), "{line}");
            }
            if index == 0 {
                assert_redelivered(&[(&key, object)], &[], &as_parquet).await;
            }
        }
    }
}
