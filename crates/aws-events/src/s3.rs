//! S3's notifications about objects.

use crate::object::Object;
use crate::read::{Item, Place};
use crate::records::numbered;
use crate::{Content, FieldError, S3Object, form};

const BUCKET: &str = "s3.bucket.name";
const KEY: &str = "s3.object.key";

/// Reads a record of a notification (AWS's page "Event message structure"). Only the bucket and the key are
/// required: S3 adds fields, and imitations of S3 leave some out.
pub(crate) fn read_record(record: &Object<'_>, place: Place<'_>, number: usize) -> Item {
    match read_object(record) {
        Ok(object) => {
            let name = name(&object.bucket, &object.key);
            place.item(name, None, Ok(Content::S3Object(object)))
        }
        Err(error) => {
            let name = match (record.name(BUCKET), record.name(KEY)) {
                // This is the key as it is encoded.
                (Some(bucket), Some(key)) => name(&bucket, &key),
                _ => numbered("S3 record", number, place),
            };
            place.item(name, None, Err(error.into()))
        }
    }
}

fn read_object(record: &Object<'_>) -> Result<S3Object, FieldError> {
    let bucket = record.demand_name(BUCKET)?;
    let key = record.demand_name(KEY)?;
    Ok(S3Object {
        bucket,
        key: String::from_utf8(form::decode(&key)).map_err(|_| FieldError::NotUtf8 { field: KEY })?,
        region: record.name("awsRegion"),
        // A deleted version would fail forever, and the current version may have its content.
        version: None,
        event_name: record.name("eventName"),
    })
}

/// Returns the name of an object in errors.
pub(crate) fn name(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}
