//! Invocations by S3 Batch Operations.

use crate::object::{self, Object};
use crate::read::{Item, Place};
use crate::records::numbered;
use crate::{Content, Event, EventError, FieldError, MAX_ITEMS, S3Object, Source, s3};

const KEY: &str = "s3Key";

/// The fields that the response to an invocation by S3 Batch Operations must repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3BatchInvocation {
    /// The value of `invocationSchemaVersion`: `1.0` or `2.0`.
    pub schema_version: String,
    /// The value of `invocationId`.
    pub id: String,
}

/// Returns the objects of an invocation by S3 Batch Operations, if this is one (AWS's page "Invoke AWS Lambda
/// function" in the S3 user guide). Each item's `batch_item` is the task's id.
pub(crate) fn read(event: &Object<'_>, place: Place<'_>) -> Option<Result<Event, EventError>> {
    let schema_version = event.text("invocationSchemaVersion")?.into_owned();
    let tasks = event.get("tasks")?;
    Some((|| {
        let invocation = S3BatchInvocation {
            schema_version,
            id: event.demand_name("invocationId")?,
        };
        let tasks = object::elements(tasks).ok_or(FieldError::NoList { field: "tasks" })?;
        if tasks.is_empty() {
            return Err(EventError::NoRecords);
        }
        if tasks.len() > MAX_ITEMS {
            return Err(EventError::TooManyRecords);
        }
        let tasks = tasks.into_iter().zip(1..);
        Ok(Event {
            source: Source::S3Batch,
            items: tasks
                .map(|(task, number)| item(Object::read(task).unwrap_or_default(), place, number))
                .collect(),
            s3_batch: Some(invocation),
        })
    })())
}

fn item(task: Object<'_>, place: Place<'_>, number: usize) -> Item {
    let id = task.name("taskId");
    match object(&task) {
        Ok(object) => {
            let name = s3::name(&object.bucket, &object.key);
            place.item(name, id, Ok(Content::S3Object(object)))
        }
        Err(error) => {
            let name = numbered("S3 Batch Operations task", number, place);
            place.item(name, id, Err(error.into()))
        }
    }
}

fn object(task: &Object<'_>) -> Result<S3Object, FieldError> {
    // Version 2.0 of the schema has the bucket's name, 1.0 its ARN.
    let (bucket, region) = match task.name("s3Bucket") {
        Some(bucket) => (bucket, None),
        None => bucket_of(&task.demand_name("s3BucketArn")?),
    };
    Ok(S3Object {
        bucket,
        key: s3::decode_key(&task.demand_name(KEY)?, KEY)?,
        region,
        version: task.name("s3VersionId"),
        size: None,
        event_name: None,
    })
}

/// Returns the bucket that an ARN names, and its region if the ARN contains it: `arn:aws:s3:::name`, or for a
/// directory bucket `arn:aws:s3express:region:account:bucket/name`. Requests to an access point use its ARN
/// unchanged.
fn bucket_of(arn: &str) -> (String, Option<String>) {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let [_, _, _, region, _, resource] = parts[..] else {
        return (arn.to_owned(), None);
    };
    let region = Some(region.to_owned()).filter(|region| !region.is_empty());
    let bucket = match resource.strip_prefix("bucket/").unwrap_or(resource) {
        resource if resource.is_empty() || resource.contains(['/', ':']) => arn,
        bucket => bucket,
    };
    (bucket.to_owned(), region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_told_by_its_arn() {
        for (arn, bucket, region) in [
            ("arn:aws:s3:::logs", "logs", None),
            ("arn:aws-cn:s3:::logs.example", "logs.example", None),
            (
                "arn:aws:s3:us-east-1:111122223333:logs",
                "logs",
                Some("us-east-1"),
            ),
            (
                "arn:aws:s3express:us-east-1:111122223333:bucket/logs--use1-az4--x-s3",
                "logs--use1-az4--x-s3",
                Some("us-east-1"),
            ),
            (
                "arn:aws:s3:us-east-1:111122223333:accesspoint/ap",
                "arn:aws:s3:us-east-1:111122223333:accesspoint/ap",
                Some("us-east-1"),
            ),
            ("logs", "logs", None),
            ("arn:aws:s3:::", "arn:aws:s3:::", None),
        ] {
            assert_eq!(
                bucket_of(arn),
                (bucket.to_owned(), region.map(str::to_owned)),
                "{arn}"
            );
        }
    }
}
