//! Objects of one event, and the entries that arrive for them.

use testkit::receiver::Receiver;
use testkit::s3::{Object, S3};

use super::{BUCKET, pushing_to, reading_from, s3_event};

/// The time when the objects were written. A line without a time gets this time or a few nanoseconds more.
pub const WRITTEN: i128 = WRITTEN_SECONDS as i128 * 1_000_000_000;
/// The same time in seconds.
pub const WRITTEN_SECONDS: i64 = 1_772_601_000;

/// The sorted labels, times in nanoseconds and lines of entries.
pub type Entries = Vec<(String, i128, String)>;

/// Delivers an event with these objects, each a key and its bytes, to a function with these variables, and returns the
/// entries that arrive.
pub async fn deliver(objects: &[(&str, Vec<u8>)], variables: &[(&str, &str)]) -> Entries {
    let (receiver, s3) = (Receiver::start().await, S3::start().await);
    for (key, bytes) in objects {
        let object = Object::new(bytes.clone()).last_modified(WRITTEN_SECONDS);
        s3.put(BUCKET, key, object);
    }
    let function = reading_from(&s3, pushing_to(&receiver)).envs(variables.iter().copied());
    let mut lambda = function.start().await;
    let keys: Vec<&str> = objects.iter().map(|(key, _)| *key).collect();
    lambda.invoke(s3_event(&keys)).await.response();
    let mut entries: Entries = receiver
        .accepted()
        .into_iter()
        .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
        .collect();
    entries.sort();
    entries
}

/// Delivers the same objects again with other batch sizes, and asserts that the same entries arrive.
pub async fn assert_redelivered(
    objects: &[(&str, Vec<u8>)],
    variables: &[(&str, &str)],
    delivered: &Entries,
) {
    for (batch_size, pushes) in [("700", "1"), ("2000", "7")] {
        let mut variables = variables.to_vec();
        variables.extend([("BATCH_SIZE", batch_size), ("PUSH_CONCURRENCY", pushes)]);
        assert_eq!(&deliver(objects, &variables).await, delivered, "{variables:?}");
    }
}
