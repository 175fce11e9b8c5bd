//! Where the conversation with a process stands.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use serde_json::Value;

use super::FunctionError;

/// What the API and the one who invokes share.
#[derive(Debug)]
pub(super) struct State {
    /// How many events the function may have or ask for at once.
    pub(super) most: usize,
    /// How many requests for an event are open.
    pub(super) waiting: usize,
    /// The events for them.
    pub(super) events: VecDeque<Event>,
    /// The request ids the function is busy with.
    pub(super) current: Vec<String>,
    /// Its answers, and when they came, by request id.
    pub(super) answers: HashMap<String, (Instant, Result<Value, FunctionError>)>,
    /// It cannot start.
    pub(super) init_error: Option<FunctionError>,
    /// Whether it ever said so.
    reported_init_error: bool,
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
    /// A function that may have so many events at once.
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

    /// Whether the function asks for all the events that it may have.
    pub(super) fn is_idle(&self) -> bool {
        self.waiting == self.most
    }

    /// Counts a request for an event, or says what is wrong with it.
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

    /// Takes an event for a request, if there is one. It is no longer waiting then.
    pub(super) fn take_event(&mut self) -> Option<Event> {
        let event = self.events.pop_front()?;
        self.waiting -= 1;
        self.current.push(event.request_id.clone());
        Some(event)
    }

    /// Settles the invocation, or says what is wrong with that.
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

    /// Notes that the function cannot start, or says what is wrong with that.
    pub(super) fn fail_init(&mut self, error: FunctionError) -> Result<(), String> {
        if std::mem::replace(&mut self.reported_init_error, true) {
            return Err("reported a second time that it cannot start".to_owned());
        }
        self.init_error = Some(error);
        Ok(())
    }
}
