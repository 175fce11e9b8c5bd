//! Lambda's Runtime API, version 2018-06-01, for one process.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::state::State;
use super::{FunctionError, environment, extensions};
use crate::loopback::{Cut, Server, answer};

const RUNTIME: &str = "/2018-06-01/runtime/";
const JSON: &str = "application/json";

type Shared = Arc<watch::Sender<State>>;

/// A server of the Runtime API, and the state that it shares with the test.
#[derive(Debug)]
pub(super) struct Api {
    server: Server,
    state: Shared,
}

impl Api {
    pub(super) async fn start(concurrency: usize) -> Self {
        let state: Shared = Arc::new(watch::Sender::new(State::new(concurrency)));
        let shared = Arc::clone(&state);
        let server = Server::start(move |request| {
            let state = Arc::clone(&shared);
            async move { handle(&state, request).await }
        });
        Self {
            server: server.await,
            state,
        }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub(super) fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        update(&self.state, change)
    }

    /// Waits until the state satisfies a condition.
    ///
    /// # Panics
    /// Panics when the function breaks the protocol.
    pub(super) async fn wait_for(&self, mut is_so: impl FnMut(&State) -> bool) {
        let mut changes = self.state.subscribe();
        let state = changes
            .wait_for(|state| state.violation.is_some() || is_so(state))
            .await
            .unwrap();
        let violation = state.violation.clone();
        // The lock of the state is released first, since the panic would poison it.
        drop(state);
        if let Some(violation) = violation {
            panic!("the function broke the protocol of the Runtime API: it {violation}");
        }
    }
}

fn update<T>(state: &watch::Sender<State>, change: impl FnOnce(&mut State) -> T) -> T {
    let mut result = None;
    state.send_modify(|state| result = Some(change(state)));
    result.unwrap()
}

async fn handle(
    state: &watch::Sender<State>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let Ok(body) = body.collect().await else {
        // The process ended in the middle of its request.
        return Err(Cut::Reset);
    };
    let body = body.to_bytes();
    if let Some(reply) = extensions::handle(&head).await {
        return Ok(reply);
    }
    let path = head.uri.path().strip_prefix(RUNTIME).unwrap_or_default();
    let path: Vec<&str> = path.split('/').collect();
    let done = match (&head.method, path.as_slice()) {
        (&Method::GET, ["invocation", "next"]) => return Ok(next(state).await),
        (&Method::POST, ["invocation", id, "response"]) => response(state, id, &body),
        (&Method::POST, ["invocation", id, "error"]) => {
            function_error(&head, &body).and_then(|error| update(state, |state| state.settle(id, Err(error))))
        }
        (&Method::POST, ["init", "error"]) => {
            function_error(&head, &body).and_then(|error| update(state, |state| state.fail_init(error)))
        }
        _ => Err(format!("called {} {}", head.method, head.uri)),
    };
    Ok(match done {
        Ok(()) => answer(StatusCode::ACCEPTED, JSON, json!({"status": "OK"}).to_string()),
        Err(violation) => refuse(state, violation),
    })
}

fn refuse(state: &watch::Sender<State>, violation: String) -> Response<Full<Bytes>> {
    let body = json!({"errorType": "InvalidRequest", "errorMessage": &violation}).to_string();
    // Only the first violation is kept, since the others may follow from it.
    update(state, |state| _ = state.violation.get_or_insert(violation));
    answer(StatusCode::BAD_REQUEST, JSON, body)
}

/// Answers a request for the next event as soon as there is one.
async fn next(state: &watch::Sender<State>) -> Response<Full<Bytes>> {
    /// A request for an event that is open. Dropping it, as when the function hangs up, closes it.
    struct Waiting<'a>(&'a watch::Sender<State>);

    impl Drop for Waiting<'_> {
        fn drop(&mut self) {
            update(self.0, |state| state.waiting -= 1);
        }
    }

    if let Err(violation) = update(state, State::ask) {
        return refuse(state, violation);
    }
    let waiting = Waiting(state);
    let mut changes = state.subscribe();
    let event = loop {
        // Waiting cannot fail, since the sender is borrowed.
        let _ = changes.wait_for(|state| !state.events.is_empty()).await;
        // Another request may have taken the event.
        if let Some(event) = update(state, State::take_event) {
            break event;
        }
    };
    std::mem::forget(waiting);
    Response::builder()
        .header("Content-Type", JSON)
        .header("Lambda-Runtime-Aws-Request-Id", event.request_id)
        .header("Lambda-Runtime-Deadline-Ms", event.deadline_millis.to_string())
        .header("Lambda-Runtime-Invoked-Function-Arn", environment::function_arn())
        .header("Lambda-Runtime-Trace-Id", event.trace_id)
        .body(Full::new(event.body))
        .unwrap()
}

fn response(state: &watch::Sender<State>, id: &str, body: &[u8]) -> Result<(), String> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| format!("gave a response that is no JSON ({error}): {}", text(body)))?;
    update(state, |state| state.settle(id, Ok(value)))
}

fn function_error(head: &http::request::Parts, body: &[u8]) -> Result<FunctionError, String> {
    let mut error: FunctionError = serde_json::from_slice(body)
        .map_err(|error| format!("reported an error that is no JSON ({error}): {}", text(body)))?;
    let kind = head.headers.get("Lambda-Runtime-Function-Error-Type");
    if let (true, Some(kind)) = (error.error_type.is_empty(), kind) {
        error.error_type = text(kind.as_bytes());
    }
    Ok(error)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
