//! Runs that are killed and taken up again.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::time::Duration;

use testkit::moto::Moto;
use testkit::receiver::{Answer, Receiver};
use testkit::s3::S3;

use super::{BUCKET, Backfill, command, key, lines, received, recorded};

/// Kills come at any moment of a run.
#[tokio::test]
async fn a_run_that_is_killed_is_taken_up_again_without_losing_a_line() {
    let (s3, receiver) = (S3::start().await, Receiver::start().await);
    let mut expected = BTreeSet::new();
    for number in 0..300 {
        let object = lines(number as u32 * 3, number, 5);
        expected.extend(object.lines().map(str::to_owned));
        s3.put(BUCKET, &key("a", number as u32 * 3, number), object);
    }
    receiver.answer_with(|_, _| Answer::status(204).delay(Duration::from_millis(5)));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let arguments = ["s3://logs/", "--resume", file.to_str().unwrap()];
    let backfill = Backfill {
        s3: &s3,
        receiver: &receiver,
    };
    let mut killed = 0;
    for after in [40, 250, 300, 350, 400, 450] {
        killed += u32::from(
            backfill
                .run_and_kill(&arguments, Duration::from_millis(after))
                .await,
        );
    }
    assert!(killed >= 2, "{killed}");
    let before = recorded(&file);
    let output = backfill.run(&arguments, &[]).await;
    assert!(output.status.success(), "{output:?}");
    let got: BTreeSet<String> = received(&receiver)
        .into_iter()
        .map(|(.., line)| line.trim_end().to_owned())
        .collect();
    assert_eq!(got, expected);
    assert_eq!((received(&receiver).len(), recorded(&file)), (1500, 301));
    assert!(before > 1, "no run finished an object");
    let again = receiver.accepted_count() - 1500;
    // At most the objects in flight are shipped again after each kill.
    assert!(again <= 6 * 8 * 5, "{again} lines again");
}

/// A server that others wrote lists the bucket, and the run is killed twice.
#[tokio::test]
#[ignore = "needs moto"]
async fn a_thousand_objects_of_moto_are_shipped_once_with_two_kills() {
    const REGION: &str = "us-east-1";
    let (moto, receiver) = (Moto::start().await, Receiver::start().await);
    receiver.keep_lokis_rules();
    moto.put_bucket(REGION, BUCKET).await;
    let mut expected = BTreeSet::new();
    for number in 0..1000 {
        let minute = 5 * (number / 5) as u32;
        let object = lines(minute, number, 5);
        expected.extend(object.lines().map(str::to_owned));
        let key = key(&format!("b{}", number % 5), minute, number);
        moto.put_object(REGION, BUCKET, &key, object.into_bytes()).await;
    }
    moto.put_object(REGION, BUCKET, "notes/x.txt", b"text".to_vec())
        .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state");
    let arguments = ["s3://logs/AWSLogs/", "--resume", file.to_str().unwrap()];
    let (url, address) = (moto.url(), receiver.url());
    let run = || {
        let mut command = command(&url, &address, &arguments);
        command.env("AWS_REGION", REGION);
        command
    };
    for objects in [100, 500] {
        let mut child = run().stderr(Stdio::null()).spawn().unwrap();
        while recorded(&file) < objects {
            tokio::time::sleep(Duration::from_millis(10)).await;
            assert!(
                child.try_wait().unwrap().is_none(),
                "it ended before it was killed"
            );
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut last = run();
    let output = tokio::task::spawn_blocking(move || last.output().unwrap())
        .await
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let stored = receiver.stored();
    let got: BTreeSet<String> = stored
        .iter()
        .map(|entry| entry.line.trim_end().to_owned())
        .collect();
    assert_eq!((got, stored.len()), (expected, 5000));
}
