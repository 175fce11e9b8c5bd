//! Messages by which services announce objects that they wrote: CloudTrail and AWS Config, over SNS.
//!
//! Unlike S3's own notifications, these contain keys without encoding: the examples on AWS's page "Example
//! oversized configuration item change notification" have colons in them.

use serde_json::value::RawValue;

use crate::object::{self, Object};
use crate::read::{Item, Place};
use crate::{Content, Event, EventError, FieldError, MAX_ITEMS, S3Object, Source, s3};

const BUCKET: &str = "s3Bucket";
const KEY: &str = "s3ObjectKey";
/// The path of the location at which AWS Config stored what is too large for a message: a bucket, a slash,
/// and a key.
const LOCATION: &str = "s3DeliverySummary.s3BucketLocation";

/// The message that CloudTrail publishes when a topic is set for a trail. It is not JSON.
const VALIDATION: &str = "CloudTrail validation message.";

/// Returns whether a message is the one by which CloudTrail tests a topic.
pub(crate) fn is_validation(message: &str) -> bool {
    message.trim() == VALIDATION
}

/// Returns the event for such a test message.
pub(crate) fn validation(place: Place<'_>) -> Event {
    let name = "CloudTrail validation message".to_owned();
    place.event(Source::S3, name, Content::CloudTrailValidation)
}

/// Returns the objects that a message names, if it is from CloudTrail or AWS Config (AWS's pages "Configuring
/// Amazon SNS notifications for CloudTrail" and "Example configuration snapshot delivery notification").
pub(crate) fn read(message: &Object<'_>, place: Place<'_>) -> Option<Result<Event, EventError>> {
    if message.get(BUCKET).is_some()
        && let Some(keys) = message.get(KEY)
    {
        return Some(objects(message, keys, place));
    }
    let location = message.text(LOCATION)?;
    let object = match location.split_once('/') {
        Some((bucket, key)) => object(bucket.to_owned(), Some(key.to_owned()), LOCATION),
        None => Err(FieldError::Empty { field: LOCATION }),
    };
    Some(
        object
            .map_err(EventError::from)
            .map(|object| event(vec![item(object, place)])),
    )
}

fn objects(message: &Object<'_>, keys: &RawValue, place: Place<'_>) -> Result<Event, EventError> {
    let bucket = message.demand_name(BUCKET)?;
    // CloudTrail has a list of keys, AWS Config one key.
    let keys = match object::elements(keys) {
        Some(keys) => keys,
        None => vec![keys],
    };
    if keys.is_empty() {
        return Err(EventError::NoRecords);
    }
    if keys.len() > MAX_ITEMS {
        return Err(EventError::TooManyRecords);
    }
    let items = keys.into_iter().map(|key| {
        let key = object::string(key).map(String::from);
        match object(bucket.clone(), key, KEY) {
            Ok(object) => item(object, place),
            Err(error) => place.item(format!("an object in {bucket}"), None, Err(error.into())),
        }
    });
    Ok(event(items.collect()))
}

fn object(bucket: String, key: Option<String>, field: &'static str) -> Result<S3Object, FieldError> {
    let key = key.ok_or(FieldError::NoText { field })?;
    if bucket.is_empty() || key.is_empty() {
        return Err(FieldError::Empty { field });
    }
    Ok(S3Object {
        bucket,
        key,
        // The topic's region need not be the bucket's.
        region: None,
        version: None,
        size: None,
        event_name: None,
    })
}

fn item(object: S3Object, place: Place<'_>) -> Item {
    place.item(
        s3::name(&object.bucket, &object.key),
        None,
        Ok(Content::S3Object(object)),
    )
}

fn event(items: Vec<Item>) -> Event {
    Event {
        source: Source::S3,
        items,
        s3_batch: None,
    }
}
