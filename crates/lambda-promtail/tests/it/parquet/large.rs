//! Objects that are read by ranges, and the memory that it takes.

#![allow(clippy::print_stdout, reason = "a test is run for the figures that it prints")]

use std::fs::File;
use std::io::BufWriter;
use std::time::Duration;

use testkit::lambda::Lambda;
use testkit::parquet::parquet::basic::Compression;
use testkit::parquet::{Column, Layout, Values, file, write};
use testkit::receiver::Receiver;
use testkit::s3::{Answer, Object, S3};

use crate::support::setup::Setup;
use crate::support::{BUCKET, reading_from, release_binary, s3_event};

const KEY: &str = "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.parquet";
const MIB: usize = 1 << 20;

/// A generator of numbers that cannot be compressed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.cast_signed()
    }

    fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| b'a' + (self.next() & 15) as u8).collect()
    }
}

/// Returns a file of about 12 MiB with 1,200 rows in three row groups.
fn twelve_mib() -> Vec<u8> {
    let mut random = Random(88_172_645_463_325_252);
    let mut group = || {
        vec![
            Column::required(Values::Int64((0..400).map(|row| 1_772_600_700 + row).collect())),
            Column::required(Values::Bytes((0..400).map(|_| random.bytes(10_000)).collect())),
        ]
    };
    let layout = Layout {
        compression: Compression::UNCOMPRESSED,
        dictionary: false,
        page_bytes: 100_000,
        ..Layout::default()
    };
    let schema = "message m { required int64 start; required binary text (STRING); }";
    file(schema, &[group(), group(), group()], &layout)
}

#[tokio::test]
async fn ranges_belong_to_one_state_of_the_object() {
    let mut setup = Setup::new(&[]).await;
    setup.put(KEY, twelve_mib());
    let response = setup.response(s3_event(&[KEY])).await;
    assert_eq!(response["entries"], 1200);
    let requests = setup.s3.requests();
    assert!(requests.len() > 4, "{}", requests.len());
    for request in &requests[1..] {
        assert!(
            request.range.is_some() && request.if_match.is_some(),
            "{request:?}"
        );
        assert_eq!(request.status.map(|status| status.as_u16()), Some(206));
    }

    // The object is replaced after the footer was read.
    setup.receiver.clear();
    setup.s3.answer_next([
        Answer::serve(),
        Answer::serve(),
        Answer::serve().then(Object::new(twelve_mib())),
    ]);
    let error = setup.error(s3_event(&[KEY])).await;
    assert!(error.contains("changed while it was read"), "{error}");
}

#[tokio::test]
async fn a_broken_range_is_taken_up_again() {
    let mut setup = Setup::new(&[]).await;
    setup.put(KEY, twelve_mib());
    setup.s3.answer_next([
        Answer::serve(),
        Answer::serve(),
        Answer::slow_down(),
        Answer::serve(),
        Answer::reset_after(100_000),
        Answer::close_after(200_000),
    ]);
    let response = setup.response(s3_event(&[KEY])).await;
    assert_eq!(response["entries"], 1200);
    assert_eq!(setup.receiver.accepted_count(), 1200);

    setup.s3.answer_next([Answer::serve(), Answer::ignore_range()]);
    let error = setup.error(s3_event(&[KEY])).await;
    assert!(error.contains("the server does not give bytes"), "{error}");
}

const SCHEMA: &str = "message flow_log {
    optional int32 version; optional binary account_id (STRING); optional binary interface_id (STRING);
    optional binary srcaddr (STRING); optional binary dstaddr (STRING); optional int32 srcport;
    optional int32 dstport; optional int32 protocol; optional int64 packets; optional int64 bytes;
    optional int64 start; optional int64 end; optional binary action (STRING); optional binary log_status (STRING);
}";
/// The rows of a group, which has a little less than 64 MiB without a dictionary.
const ROWS: i64 = 480_000;

/// Returns a row group of a flow log. Numbers and addresses are random.
fn group(random: &mut Random) -> Vec<Column> {
    let mut texts =
        |make: &dyn Fn(i64) -> String| Column::texts((0..ROWS).map(|_| Some(make(random.next()))));
    let address = |number: i64| {
        let [a, b, c, ..] = number.to_le_bytes();
        format!("10.{a}.{b}.{c}")
    };
    let account = texts(&|_| "111122223333".to_owned());
    let interface = texts(&|number| format!("eni-{:017x}", number.rem_euclid(50)));
    let (from, to) = (texts(&address), texts(&address));
    let action = texts(&|number| if number % 8 == 0 { "REJECT" } else { "ACCEPT" }.to_owned());
    let status = texts(&|_| "OK".to_owned());
    let mut ints = |most: i64| Column::ints((0..ROWS).map(|_| Some(random.next().rem_euclid(most) as i32)));
    let (version, from_port, to_port, protocol) = (ints(1), ints(65_536), ints(65_536), ints(20));
    let mut longs = |from: i64, most: i64| {
        Column::longs((0..ROWS).map(|row| Some(from + row / 10_000 + random.next().rem_euclid(most))))
    };
    let (packets, bytes) = (longs(0, i64::MAX / 2), longs(0, i64::MAX / 2));
    let (start, end) = (longs(1_772_600_700, 300), longs(1_772_601_000, 60));
    vec![
        version, account, interface, from, to, from_port, to_port, protocol, packets, bytes, start, end,
        action, status,
    ]
}

/// Ships an object of several row groups through the release binary with 128 MB, and returns the peak of resident
/// memory.
async fn ship(groups: usize, layout: &Layout) -> u64 {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("object.parquet");
    let mut random = Random(88_172_645_463_325_252);
    let to = BufWriter::new(File::create(&path).unwrap());
    write(to, SCHEMA, (0..groups).map(|_| group(&mut random)), layout);
    let size = path.metadata().unwrap().len();
    let (receiver, s3) = (Receiver::counting().await, S3::start().await);
    s3.put(
        BUCKET,
        KEY,
        Object::file(&path).unwrap().last_modified(1_772_601_000),
    );
    let function = Lambda::builder(release_binary())
        .env("WRITE_ADDRESS", receiver.url())
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128");
    let mut lambda = reading_from(&s3, function)
        .timeout(Duration::from_secs(900))
        .start()
        .await;
    let invocation = lambda.invoke(s3_event(&[KEY])).await;
    let rows = groups * ROWS as usize;
    assert_eq!(invocation.response()["entries"], rows);
    assert_eq!(receiver.accepted_count(), rows);
    println!(
        "{groups} row groups, {} MiB, {:?}: {rows} rows in {:?} with {} requests, peak memory {} KiB",
        size as usize / MIB,
        layout.compression,
        invocation.elapsed,
        s3.requests().len(),
        lambda.peak_resident_bytes() >> 10
    );
    lambda.peak_resident_bytes()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes, and needs the release binary"]
async fn row_groups_of_64_mib_take_less_than_96_mib() {
    let plain = |compression, page_bytes| Layout {
        compression,
        dictionary: false,
        page_bytes,
        page_rows: usize::MAX,
        ..Layout::default()
    };
    for (groups, layout) in [
        // Each column is a single page, so that all of the row group is needed at the same time.
        (1, plain(Compression::SNAPPY, 64 * MIB)),
        (1, Layout::default()),
        (4, Layout::default()),
        (1, plain(Compression::UNCOMPRESSED, MIB)),
        (4, plain(Compression::SNAPPY, MIB)),
    ] {
        let peak = ship(groups, &layout).await;
        assert!(peak < 96 << 20, "{peak} bytes with {layout:?}");
    }
}
