//! An object of every type through the real binary: its labels, and the time of each of its lines.

use testkit::receiver::{Accepted, Receiver};
use testkit::s3::S3;
use testkit::s3_samples::s3_samples;

use crate::support::{BUCKET, pushing_to, reading_from, s3_event};

#[tokio::test]
async fn an_object_of_every_type_arrives_as_upstream_labels_it() {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    let mut lambda = reading_from(&s3, pushing_to(&receiver))
        .env("UNKNOWN_S3_TYPE", "text")
        .start()
        .await;
    for sample in s3_samples() {
        receiver.clear();
        s3.put(BUCKET, &sample.key, sample.object());
        let invocation = lambda.invoke(s3_event(&[&sample.key])).await;
        assert_eq!(
            invocation.response()["entries"],
            sample.lines.len(),
            "{}",
            sample.key
        );

        let mut lines = sample.lines;
        // A push has its entries sorted by time.
        lines.sort_by_key(|line| line.0);
        let expected: Vec<Accepted> = lines
            .into_iter()
            .map(|(timestamp_ns, line)| Accepted {
                tenant: None,
                labels: sample.labels.clone(),
                timestamp_ns,
                line,
                metadata: Vec::new(),
            })
            .collect();
        assert_eq!(receiver.accepted(), expected, "{}", sample.key);
    }
}
