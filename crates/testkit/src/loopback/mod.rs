//! HTTP on the loopback: the servers under the kit's own services, and a small client.

mod client;
mod listener;
mod server;

pub use client::{Connection, send};
pub(crate) use listener::Listener;
pub(crate) use server::{Cut, Peer, Server};

use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body_util::Full;

/// An answer with a body of that type.
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
