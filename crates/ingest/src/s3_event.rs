//! S3 events that do not announce new content.

use aws_events::S3Object;

/// The beginnings of the names of events that do not announce new content, and a description of each event ("Supported
/// event types for SQS, SNS, and Lambda" in the S3 user guide). Objects of all other events, also of new kinds, are
/// read.
///
/// `ObjectRestore:Completed` is not listed: a function that could not read the archived object can read it now.
const WITHOUT_NEW_CONTENT: [(&str, &str); 10] = [
    ("ObjectRemoved:", "its removal"),
    ("LifecycleExpiration:", "its removal"),
    ("LifecycleTransition", "another storage class"),
    ("IntelligentTiering", "another storage class"),
    ("ObjectTagging:", "other tags"),
    ("ObjectAcl:", "another ACL"),
    ("ObjectRestore:Post", "that its restoration has begun"),
    ("ObjectRestore:Delete", "that its restored copy is gone"),
    ("Replication:", "the state of its replication"),
    ("ReducedRedundancyLostObject", "its loss"),
];

/// Returns a description of the S3 event, or `None` if it may announce new content.
///
/// A bucket can send every kind of event. Reading a deleted object would fail at every retry, and reading an object of
/// which only the tags changed would ship its lines twice.
pub(crate) fn without_new_content(object: &S3Object) -> Option<&'static str> {
    let event = object.event_name.as_deref()?;
    // AWS leaves the prefix `s3:` out of events, although notification configurations have it; other implementations
    // of S3 send it.
    let event = event.strip_prefix("s3:").unwrap_or(event);
    let mut listed = WITHOUT_NEW_CONTENT.iter();
    listed
        .find(|(name, _)| event.starts_with(name))
        .map(|(_, announced)| *announced)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn announced(event: Option<&str>) -> Option<&'static str> {
        without_new_content(&S3Object {
            bucket: "b".to_owned(),
            key: "k".to_owned(),
            region: None,
            version: None,
            size: None,
            event_name: event.map(str::to_owned),
        })
    }

    #[test]
    fn events_without_new_content_are_known() {
        for event in [
            "ObjectRemoved:Delete",
            "ObjectRemoved:DeleteMarkerCreated",
            "LifecycleExpiration:Delete",
            "LifecycleExpiration:DeleteMarkerCreated",
            "LifecycleTransition",
            "IntelligentTiering",
            "ObjectTagging:Put",
            "ObjectTagging:Delete",
            "ObjectAcl:Put",
            "ObjectRestore:Post",
            "ObjectRestore:Delete",
            "Replication:OperationFailedReplication",
            "Replication:OperationMissedThreshold",
            "Replication:OperationReplicatedAfterThreshold",
            "Replication:OperationNotTracked",
            "ReducedRedundancyLostObject",
            "s3:ObjectRemoved:Delete",
        ] {
            assert!(announced(Some(event)).is_some(), "{event}");
        }
    }

    #[test]
    fn what_may_be_new_content_is_read() {
        for event in [
            "ObjectCreated:Put",
            "ObjectCreated:Post",
            "ObjectCreated:Copy",
            "ObjectCreated:CompleteMultipartUpload",
            "ObjectRestore:Completed",
            "Object Created",
            "ObjectRewritten:Put",
            "",
        ] {
            assert_eq!(announced(Some(event)), None, "{event}");
        }
        assert_eq!(announced(None), None);
    }
}
