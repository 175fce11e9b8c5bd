//! An event's bytes, from the layer to the handler.

use std::mem;

use bytes::Bytes;
use lambda_runtime::LambdaInvocation;

tokio::task_local! {
    static EVENT: Bytes;
}

/// Calls the handler below with the invocation's bytes as they came.
///
/// `lambda_runtime` itself hands its handler only what it deserialized. Events are parsed once, by `aws-events`, and
/// that needs all bytes: the crate does not look at what follows the first JSON value, and logs the `Debug` form of
/// what it cannot read. So it is given `null`, which is the payload `()`.
pub(super) fn hand_over<R>(mut invocation: LambdaInvocation, call: impl FnOnce(LambdaInvocation) -> R) -> R {
    let event = mem::replace(&mut invocation.body, Bytes::from_static(b"null"));
    EVENT.sync_scope(event, || call(invocation))
}

/// The event's bytes, to be asked for when the handler is called.
pub(super) fn take_over() -> Bytes {
    // Nothing else calls the handler.
    EVENT.try_with(Bytes::clone).unwrap_or_default()
}
