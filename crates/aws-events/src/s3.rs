//! S3's announcements of objects.

use crate::object::Object;
use crate::read::{Item, Place};
use crate::records::numbered;
use crate::{Content, FieldError, S3Object, form};

const BUCKET: &str = "s3.bucket.name";
const KEY: &str = "s3.object.key";

/// A record of a notification (AWS's page "Event message structure"). The bucket and the key are all that is
/// demanded: S3 adds fields, and what imitates S3 leaves some out.
pub(crate) fn read_record(record: &Object<'_>, place: Place<'_>, number: usize) -> Item {
    match read_object(record) {
        Ok(object) => {
            let name = name(&object.bucket, &object.key);
            place.item(name, None, Ok(Content::S3Object(object)))
        }
        Err(error) => {
            let name = match (record.name(BUCKET), record.name(KEY)) {
                // The key as it is encoded.
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
        // A version that is gone would fail for ever, and its content may be that of the current one.
        version: None,
        event_name: record.name("eventName"),
    })
}

/// What an object is called in errors.
pub(crate) fn name(bucket: &str, key: &str) -> String {
    format!("s3://{bucket}/{key}")
}
