//! Events of EventBridge.

use serde_json::value::RawValue;

use crate::object::Object;
use crate::{Content, EventBridgeEvent, FieldError, S3Object, s3};

/// Returns the event and its name, if it is one of EventBridge's: these have `source`, `detail-type` and
/// `detail` (AWS's page "AWS service event metadata").
pub(crate) fn read(event: &Object<'_>, json: &RawValue) -> Result<Option<(String, Content)>, FieldError> {
    let (Some(source), Some(detail_type), Some(_)) = (
        event.text("source"),
        event.text("detail-type"),
        event.get("detail"),
    ) else {
        return Ok(None);
    };
    if source == "aws.s3" && detail_type == OBJECT_CREATED {
        let object = created_object(event)?;
        return Ok(Some((
            s3::name(&object.bucket, &object.key),
            Content::S3Object(object),
        )));
    }
    let name = match event.name("id") {
        Some(id) => format!("EventBridge event {id}"),
        None => "EventBridge event".to_owned(),
    };
    let event = EventBridgeEvent {
        json: json.get().to_owned(),
        source: source.into_owned(),
        detail_type: detail_type.into_owned(),
        time: event.name("time"),
    };
    Ok(Some((name, Content::EventBridge(event))))
}

const OBJECT_CREATED: &str = "Object Created";

/// Returns the object that an event of S3 announces. Unlike S3's own notifications, these events contain the
/// key without encoding (AWS's page "EventBridge event message structure" for S3).
fn created_object(event: &Object<'_>) -> Result<S3Object, FieldError> {
    Ok(S3Object {
        bucket: event.demand_name("detail.bucket.name")?,
        key: event.demand_name("detail.object.key")?,
        region: event.name("region"),
        version: None,
        size: event.number("detail.object.size"),
        event_name: Some(OBJECT_CREATED.to_owned()),
    })
}
