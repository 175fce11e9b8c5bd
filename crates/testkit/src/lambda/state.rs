//! Where the conversation with a process stands.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use serde_json::Value;

use super::FunctionError;

/// What the API and the one who invokes share.
#[derive(Debug, Default)]
pub(super) struct State {
    /// The function asked for an event and has none yet.
    pub(super) waiting: bool,
    /// The event for it.
    pub(super) event: Option<Event>,
    /// The request id the function is busy with.
    pub(super) current: Option<String>,
    /// Its answer, and when it came.
    pub(super) answer: Option<(Instant, Result<Value, FunctionError>)>,
    /// It cannot start.
    pub(super) init_error: Option<FunctionError>,
    /// How it broke the protocol.
    pub(super) violation: Option<String>,
}

/// An invocation's event.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) request_id: String,
    pub(super) body: Bytes,
    pub(super) deadline_millis: u128,
    pub(super) trace_id: String,
}

impl Event {
    /// An event whose time starts now.
    #[allow(
        clippy::disallowed_methods,
        reason = "the function compares the deadline with its own clock"
    )]
    pub(super) fn new(request_id: &str, body: Bytes, timeout: Duration, number: u64) -> Self {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        Self {
            request_id: request_id.to_owned(),
            body,
            deadline_millis: (now + timeout).as_millis(),
            trace_id: format!("Root=1-65920080-{number:024x};Parent={number:016x};Sampled=0"),
        }
    }
}

impl State {
    /// Settles the invocation, or says what is wrong with that.
    pub(super) fn settle(
        &mut self,
        request_id: &str,
        answer: Result<Value, FunctionError>,
    ) -> Result<(), String> {
        match self.current.take_if(|current| current == request_id) {
            Some(_) => {
                self.answer = Some((Instant::now(), answer));
                Ok(())
            }
            None => Err(match &self.current {
                Some(current) => format!("answered {request_id} while {current} is the invocation"),
                None => format!("answered {request_id}, but no invocation is open"),
            }),
        }
    }
}
