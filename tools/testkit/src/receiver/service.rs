//! The handling of a request.

use std::collections::BTreeSet;
use std::future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use tokio::sync::watch;

use super::answer::Action;
use super::decode::{Decoded, decode};
use super::in_flight::InFlight;
use super::loki_store::LokiStore;
use super::script::Script;
use super::tally::Tally;
use super::{Answer, Push};
use crate::loopback::{Cut, Peer};

/// The script of a receiver, and a record of the requests so far.
#[derive(Debug)]
pub(super) struct Service {
    keeps_pushes: bool,
    script: Mutex<Script>,
    requests: watch::Sender<usize>,
    in_flight: InFlight,
    kept: Mutex<Vec<Arc<Push>>>,
    tally: Mutex<Tally>,
    /// The stored entries, or `None` while Loki's rules are not applied.
    store: Mutex<Option<LokiStore>>,
}

impl Service {
    pub(super) fn keeping_pushes() -> Self {
        Self {
            keeps_pushes: true,
            script: Mutex::default(),
            requests: watch::Sender::default(),
            in_flight: InFlight::default(),
            kept: Mutex::default(),
            tally: Mutex::default(),
            store: Mutex::default(),
        }
    }

    pub(super) fn counting() -> Self {
        Self {
            keeps_pushes: false,
            ..Self::keeping_pushes()
        }
    }

    pub(super) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    pub(super) fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap()
    }

    pub(super) fn store(&self) -> MutexGuard<'_, Option<LokiStore>> {
        self.store.lock().unwrap()
    }

    pub(super) fn kept(&self) -> Vec<Arc<Push>> {
        self.kept.lock().unwrap().clone()
    }

    pub(super) fn requests(&self) -> usize {
        *self.requests.borrow()
    }

    pub(super) fn most_in_flight(&self) -> usize {
        self.in_flight.most()
    }

    pub(super) async fn wait_for_requests(&self, count: usize) {
        let mut requests = self.requests.subscribe();
        // Waiting cannot fail, since `self` owns the sender.
        let _ = requests.wait_for(|requests| *requests >= count).await;
    }

    pub(super) fn clear(&self) {
        self.requests.send_replace(0);
        self.in_flight.clear();
        self.kept.lock().unwrap().clear();
        *self.tally() = Tally::default();
    }

    pub(super) async fn handle(&self, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
        let flight = self.in_flight.begin();
        // The response is chosen when the request arrives, since the bodies of concurrent requests can end in any
        // order.
        let scripted = self.script().take();
        let mut before = 0;
        self.requests.send_modify(|requests| {
            before = *requests;
            *requests += 1;
        });
        if matches!(&scripted, Ok(answer) if answer.action == Action::Reset) {
            return Err(Cut::Reset);
        }
        let (head, body) = request.into_parts();
        let Ok(body) = body.collect().await else {
            // The client closed the connection before the end of the body.
            return Err(Cut::Reset);
        };
        let answer = match read(head, &body.to_bytes()) {
            Ok(push) => {
                let answer = match scripted {
                    Ok(answer) => answer,
                    Err(choose) => choose(&push, before),
                };
                self.settle(push, answer)
            }
            Err(refusal) => match scripted {
                // What is in front of Loki answers before Loki looks for streams.
                Ok(answer) if refusal.settled() == Some(StatusCode::UNPROCESSABLE_ENTITY) => answer,
                _ => *refusal,
            },
        };
        if let Some(barrier) = &answer.barrier {
            barrier.wait().await;
        }
        tokio::time::sleep(answer.delay).await;
        drop(flight);
        match answer.action {
            Action::Respond => Ok(answer.into_response()),
            Action::Lose | Action::Reset | Action::ResetAfterBody => Err(Cut::Reset),
            Action::Garbage => Err(Cut::Garbage),
            Action::Hang => future::pending().await,
        }
    }

    /// Records the push by the chosen response, and returns the actual response.
    fn settle(&self, mut push: Push, mut answer: Answer) -> Answer {
        push.status = answer.settled();
        push.answered_after = answer.told_after();
        push.is_taken = push.is_accepted();
        if push.is_taken {
            let taken = self.store().as_mut().map(|store| store.take(&push));
            let taken = taken.unwrap_or_default();
            push.refused = taken.refused;
            if let Some(text) = taken.error {
                answer = answer.refusing(&text);
                push.status = answer.settled();
            }
            self.tally().add(&push);
        }
        if self.keeps_pushes {
            self.kept.lock().unwrap().push(Arc::new(push));
        }
        answer
    }
}

/// Decodes the push, or returns Loki's refusal.
fn read(mut head: Parts, body: &[u8]) -> Result<Push, Box<Answer>> {
    if head.uri.path() != "/loki/api/v1/push" {
        return Err(refusal(StatusCode::NOT_FOUND, "404 page not found"));
    }
    if head.method != Method::POST {
        return Err(refusal(StatusCode::METHOD_NOT_ALLOWED, "405 method not allowed"));
    }
    let Decoded {
        encoding,
        streams,
        bytes,
    } = decode(&head.headers, body).map_err(|text| refusal(StatusCode::BAD_REQUEST, &text))?;
    if streams.is_empty() {
        return Err(refusal(
            StatusCode::UNPROCESSABLE_ENTITY,
            "error at least one valid stream is required for ingestion",
        ));
    }
    let peer = head.extensions.remove::<Peer>().unwrap_or_default();
    Ok(Push {
        tls: peer.tls,
        client_name: peer.name,
        tenant: head
            .headers
            .get("X-Scope-OrgID")
            .map(|tenant| String::from_utf8_lossy(tenant.as_bytes()).into_owned()),
        headers: head.headers,
        encoding,
        streams,
        wire_bytes: body.len(),
        decoded_bytes: bytes,
        at: Instant::now(),
        status: None,
        answered_after: None,
        refused: BTreeSet::new(),
        is_taken: false,
    })
}

fn refusal(status: StatusCode, text: &str) -> Box<Answer> {
    Box::new(Answer::refusal(status, text))
}
