//! Parquet objects that cannot be read.

use bytes::Bytes;
use testkit::compress::gzip;
use testkit::parquet::parquet::file::metadata::ParquetMetaDataReader;
use testkit::parquet::{Column, Layout, file};

use crate::support::s3_event;
use crate::support::setup::Setup;

const KEY: &str = "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.parquet";
const SCHEMA: &str = "message m { optional int64 start; optional binary action (STRING); }";

fn rows(count: i64) -> Vec<Column> {
    vec![
        Column::longs((0..count).map(|number| Some(1_772_600_700 + number))),
        Column::texts((0..count).map(|_| Some("ACCEPT"))),
    ]
}

#[tokio::test]
async fn each_fault_is_named() {
    let valid = file(SCHEMA, &[rows(100)], &Layout::default());
    let mut corrupt = valid.clone();
    corrupt[100] ^= 0x10;
    let mut footer = valid.clone();
    let at = footer.len() - 20;
    footer[at..at + 8].fill(0xff);
    let mut encrypted = valid.clone();
    encrypted[..4].copy_from_slice(b"PARE");
    let mut setup = Setup::new(&[]).await;
    for (object, expected) in [
        (
            corrupt,
            "corrupt Parquet in row group 1, column start, near byte ",
        ),
        (footer, "corrupt Parquet footer: "),
        (valid[..valid.len() - 3].to_vec(), "Parquet is cut short: "),
        (valid[..valid.len() / 2].to_vec(), "Parquet is cut short: "),
        (b"PAR1".to_vec(), "Parquet is cut short: "),
        (encrypted, "Parquet is encrypted (its footer)"),
        (Vec::new(), "Parquet is empty: the object has 0 bytes"),
        (gzip(&valid), "not Parquet: begins with \\x1f\\x8b"),
        (
            b"2 111122223333 eni-0a1b\n".to_vec(),
            "not Parquet: begins with 2 11",
        ),
    ] {
        setup.put(KEY, object);
        let error = setup.error(s3_event(&[KEY])).await;
        assert!(
            error.contains(&format!("s3://my-logs/{KEY}: {expected}")),
            "{error}"
        );
        // The text of a JSON object or binary data never arrives.
        assert_eq!(setup.receiver.accepted_count(), 0, "{expected}");
    }
}

#[tokio::test]
async fn rows_before_a_fault_arrive_and_arrive_again_unchanged() {
    let mut object = file(SCHEMA, &[rows(100), rows(200)], &Layout::default());
    let metadata = ParquetMetaDataReader::new()
        .parse_and_finish(&Bytes::from(object.clone()))
        .unwrap();
    // The last bytes of its last page.
    let (start, len) = metadata.row_group(1).column(1).byte_range();
    let at = (start + len) as usize - 3;
    object[at] ^= 0x01;
    let mut setup = Setup::new(&[]).await;
    setup.put(KEY, object);
    let mut first = None;
    for _ in 0..2 {
        setup.receiver.clear();
        let error = setup.error(s3_event(&[KEY])).await;
        assert!(
            error.contains("corrupt Parquet in row group 2, column "),
            "{error}"
        );
        let accepted = setup.receiver.accepted();
        assert_eq!(accepted.len(), 100);
        assert_eq!(*first.get_or_insert_with(|| accepted.clone()), accepted);
    }
}

#[tokio::test]
async fn a_table_without_rows_is_not_an_error() {
    let mut setup = Setup::new(&[]).await;
    for groups in [vec![], vec![rows(0)]] {
        setup.put(KEY, file(SCHEMA, &groups, &Layout::default()));
        assert_eq!(setup.response(s3_event(&[KEY])).await["entries"], 0);
    }
    assert_eq!(setup.receiver.requests(), 0);
}

#[tokio::test]
async fn parquet_of_a_type_that_is_never_parquet_fails_by_name() {
    const WAF_KEY: &str = "AWSLogs/111122223333/WAFLogs/eu-west-1/edge/2026/03/04/05/05/111122223333_waflogs_eu-west-1_edge_20260304T0505Z_e0ca43b5.log.gz";
    let mut setup = Setup::new(&[]).await;
    setup.put(WAF_KEY, file(SCHEMA, &[rows(3)], &Layout::default()));
    let error = setup.error(s3_event(&[WAF_KEY])).await;
    assert!(error.contains("not text: begins as Parquet"), "{error}");
}
