//! HTTP on the loopback: the server that the kit's services use, and a small client.

mod client;
mod listener;
mod server;

pub use client::{Connection, send};
pub(crate) use listener::Listener;
pub(crate) use server::{Cut, Peer, Server};

use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body_util::Full;

/// Returns a response with a body of the given type.
pub(crate) fn answer(
    status: StatusCode,
    content_type: &str,
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, content_type)
        .body(Full::new(body.into()))
        .unwrap()
}
