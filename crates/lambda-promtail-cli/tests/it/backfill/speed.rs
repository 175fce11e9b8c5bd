//! The number of small objects that are shipped in a second.

use std::process::Stdio;
use std::time::{Duration, Instant};

use testkit::lambda::cpu_time;
use testkit::receiver::Receiver;
use testkit::s3::S3;

use super::{BUCKET, Backfill, key, lines, recorded};

/// 20 load balancers write an object each 5 minutes.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "takes a minute"]
async fn ten_thousand_small_objects_are_shipped_at_200_a_second() {
    const OBJECTS: usize = 10_000;
    let (s3, receiver) = (S3::start().await, Receiver::counting().await);
    for number in 0..OBJECTS {
        let minute = 5 * (number / 20) as u32;
        let object = testkit::compress::gzip(lines(minute, number, 20).as_bytes());
        s3.put(BUCKET, &key(&format!("b{}", number % 20), minute, number), object);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let arguments = ["s3://logs/", "--resume", file.to_str().unwrap()];
    let started = Instant::now();
    let mut child = backfill
        .command(&arguments, &[])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut cpu = Duration::ZERO;
    while child.try_wait().unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(100)).await;
        cpu = cpu.max(cpu_time(child.id()).unwrap_or_default());
    }
    assert!(child.wait().unwrap().success());
    let rate = |time: Duration| OBJECTS as f64 / time.as_secs_f64();
    let (by_wall, by_cpu) = (rate(started.elapsed()), rate(cpu));
    println!("{by_wall:.0} objects/s, and {by_cpu:.0} for each second of processor time");
    assert_eq!(receiver.accepted_count(), OBJECTS * 20);
    assert_eq!(receiver.distinct_count(), OBJECTS * 20);
    assert_eq!(recorded(&file), OBJECTS + 1);
    // Of processor time, because other processes use the machine too, among them the two servers of this test.
    assert!(by_cpu >= 200.0, "{by_cpu:.0} objects/s");
}
