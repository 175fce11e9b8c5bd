//! The state of the exchange with a process.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use serde_json::Value;

use super::FunctionError;

/// The state that the API and the test share.
#[derive(Debug)]
pub(super) struct State {
    /// The maximum number of events that the function may have or ask for at once.
    pub(super) most: usize,
    /// The number of open requests for an event.
    pub(super) waiting: usize,
    /// The events that were not taken yet.
    pub(super) events: VecDeque<Event>,
    /// The request ids of the events that the function has not answered yet.
    pub(super) current: Vec<String>,
    /// The function's responses with their times, by request id.
    pub(super) answers: HashMap<String, (Instant, Result<Value, FunctionError>)>,
    /// The report that the function cannot start, until it is taken.
    pub(super) init_error: Option<FunctionError>,
    /// Whether there was such a report.
    reported_init_error: bool,
    /// The first violation of the protocol.
    pub(super) violation: Option<String>,
}

/// The event of an invocation.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) request_id: String,
    pub(super) body: Bytes,
    pub(super) deadline_millis: u128,
    pub(super) trace_id: String,
}

impl Event {
    /// Creates an event whose deadline is counted from now.
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
    /// Creates the state of a function that may have `most` events at once.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            waiting: 0,
            events: VecDeque::new(),
            current: Vec::new(),
            answers: HashMap::new(),
            init_error: None,
            reported_init_error: false,
            violation: None,
        }
    }

    /// Returns whether the function asks for all the events that it may have.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting == self.most
    }

    /// Counts a request for an event, or returns the violation of the protocol.
    pub(super) fn ask(&mut self) -> Result<(), String> {
        if self.waiting + self.current.len() < self.most {
            self.waiting += 1;
            return Ok(());
        }
        Err(match self.current.first() {
            Some(current) => format!("asked for the next event before it answered {current}"),
            None => "asked for the next event twice at once".to_owned(),
        })
    }

    /// Takes an event for a request, if there is one. The request then no longer counts as open.
    pub(super) fn take_event(&mut self) -> Option<Event> {
        let event = self.events.pop_front()?;
        self.waiting -= 1;
        self.current.push(event.request_id.clone());
        Some(event)
    }

    /// Records the result of an invocation, or returns the violation of the protocol.
    pub(super) fn settle(
        &mut self,
        request_id: &str,
        answer: Result<Value, FunctionError>,
    ) -> Result<(), String> {
        match self.current.iter().position(|current| current == request_id) {
            Some(place) => {
                self.current.remove(place);
                self.answers
                    .insert(request_id.to_owned(), (Instant::now(), answer));
                Ok(())
            }
            None => Err(match self.current.first() {
                Some(current) => format!("answered {request_id} while {current} is the invocation"),
                None => format!("answered {request_id}, but no invocation is open"),
            }),
        }
    }

    /// Records that the function cannot start, or returns the violation of the protocol.
    pub(super) fn fail_init(&mut self, error: FunctionError) -> Result<(), String> {
        if std::mem::replace(&mut self.reported_init_error, true) {
            return Err("reported a second time that it cannot start".to_owned());
        }
        self.init_error = Some(error);
        Ok(())
    }
}
