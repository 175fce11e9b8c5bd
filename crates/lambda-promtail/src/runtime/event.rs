//! The transfer of an event's bytes from the layer to the handler.

use std::mem;

use bytes::Bytes;
use lambda_runtime::LambdaInvocation;

tokio::task_local! {
    static EVENT: Bytes;
}

/// Calls the inner service and makes the event's original bytes available to the handler.
///
/// `lambda_runtime` gives its handler only a deserialized value. It ignores bytes after the first JSON value, and logs
/// the `Debug` form of a payload that it cannot read. Events are instead parsed once, by `aws-events`, from all bytes.
/// Therefore `lambda_runtime` gets `null`, which deserializes to the payload `()`.
pub(super) fn hand_over<R>(mut invocation: LambdaInvocation, call: impl FnOnce(LambdaInvocation) -> R) -> R {
    let event = mem::replace(&mut invocation.body, Bytes::from_static(b"null"));
    EVENT.sync_scope(event, || call(invocation))
}

/// Returns the event's bytes. Must be called within the call of the handler.
pub(super) fn take_over() -> Bytes {
    // The layer is the only caller of the handler, so the bytes are always there.
    EVENT.try_with(Bytes::clone).unwrap_or_default()
}
