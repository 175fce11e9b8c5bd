//! The part of the Extensions API that a runtime needs in order to receive SIGTERM. AWS only sends that signal to
//! functions with an extension, so runtimes register an internal one that does nothing.

use std::future;

use bytes::Bytes;
use http::{Method, Response, StatusCode};
use http_body_util::Full;
use serde_json::json;

use super::environment::FUNCTION_NAME;
use crate::loopback::answer;

const EXTENSION: &str = "/2020-01-01/extension/";

/// Answers a call of the Extensions API. Returns `None` for other requests.
pub(super) async fn handle(head: &http::request::Parts) -> Option<Response<Full<Bytes>>> {
    match (&head.method, head.uri.path().strip_prefix(EXTENSION)?) {
        (&Method::POST, "register") => {
            let function = json!({
                "functionName": FUNCTION_NAME,
                "functionVersion": "$LATEST",
                "handler": "bootstrap",
            });
            let mut reply = answer(StatusCode::OK, "application/json", function.to_string());
            reply.headers_mut().insert(
                "Lambda-Extension-Identifier",
                http::HeaderValue::from_static("00000000-0000-4000-9000-000000000001"),
            );
            Some(reply)
        }
        // The extension subscribed to no events, so the request waits for ever.
        (&Method::GET, "event/next") => future::pending().await,
        _ => None,
    }
}
