//! The execution of a plan of Loki's faults.

use std::collections::VecDeque;
use std::future;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use testkit::link::Link;
use testkit::receiver::{Answer, Push, Receiver};
use tokio::time::sleep;

use super::loki_faults::{Disturbance, LokiPlan, Planned, Rule};

/// A plan that is being executed.
#[derive(Debug)]
pub struct LokiScript {
    plan: LokiPlan,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    rule: Option<Rule>,
    answers: Mutex<VecDeque<Option<Planned>>>,
    /// The time that every other response takes, in milliseconds.
    delay: AtomicU64,
    url: String,
    met: AtomicU64,
    /// The number of deliveries that began.
    deliveries: AtomicU32,
}

impl LokiPlan {
    /// Sets up the receiver and the link for the plan.
    pub fn apply(&self, receiver: &Receiver, link: Option<&Link>) -> LokiScript {
        if let (Some(link), Some(speed)) = (link, self.speed) {
            link.limit_speed(speed);
        }
        let state = Arc::new(State {
            rule: self.rule,
            answers: Mutex::new(self.answers.clone().into()),
            delay: AtomicU64::new(self.delay),
            url: link.map_or_else(|| receiver.url(), |link| link_url(receiver, link)),
            met: AtomicU64::new((self.resets + self.handshakes) as u64 + u64::from(self.speed.is_some())),
            deliveries: AtomicU32::new(0),
        });
        receiver.answer_next((0..self.resets).map(|_| Answer::reset()));
        if self.handshakes > 0 {
            receiver.fail_handshakes(self.handshakes);
        }
        let script = LokiScript {
            plan: self.clone(),
            state,
        };
        script.answer_by_rules(receiver);
        script
    }
}

impl LokiScript {
    /// Ends all faults that are temporary.
    pub fn end(&mut self, receiver: &Receiver, link: Option<&Link>) {
        receiver.answer_as_usual();
        if let Some(link) = link {
            link.limit_speed(0);
        }
        self.state.answers.lock().unwrap().clear();
        self.state.delay.store(0, Ordering::Relaxed);
        self.plan.disturbance = None;
        self.answer_by_rules(receiver);
    }

    fn answer_by_rules(&self, receiver: &Receiver) {
        let state = Arc::clone(&self.state);
        receiver.answer_with(move |push, _| state.answer(push));
    }

    /// Prepares the receiver for the beginning of an invocation.
    pub async fn begin(&self, receiver: &Receiver) {
        self.state.deliveries.fetch_add(1, Ordering::Relaxed);
        if let Some(Disturbance::Refuse { after: 0, .. }) = self.plan.disturbance {
            self.refuse(receiver).await;
        }
    }

    /// Causes the plan's faults during an invocation; never completes.
    pub async fn disturb(&self, receiver: &Receiver, link: Option<&Link>) {
        match self.plan.disturbance {
            Some(Disturbance::Refuse { after, millis }) => {
                if after > 0 {
                    receiver.wait_for_requests(after).await;
                    self.refuse(receiver).await;
                }
                sleep(Duration::from_millis(millis)).await;
                receiver.accept_connections().await;
            }
            Some(Disturbance::Close { after }) => {
                receiver.wait_for_requests(after).await;
                self.note();
                receiver.close_connections().await;
            }
            Some(Disturbance::Kill { after }) => {
                receiver.wait_for_requests(after).await;
                self.kill(link);
            }
            None => {}
        }
        future::pending().await
    }

    /// Makes the open connections die.
    pub fn kill(&self, link: Option<&Link>) {
        if link.is_some_and(|link| link.kill_connections() > 0) {
            self.note();
        }
    }

    async fn refuse(&self, receiver: &Receiver) {
        self.note();
        receiver.refuse_connections().await;
        receiver.close_connections().await;
    }

    /// Counts a fault that occurred.
    pub fn note(&self) {
        self.state.met.fetch_add(1, Ordering::Relaxed);
    }

    /// Returns how often a fault occurred. Resets before the body, failed handshakes and a slow link are counted in
    /// advance.
    pub fn met(&self) -> u64 {
        self.state.met.load(Ordering::Relaxed)
    }
}

/// Returns the receiver's push URL through the link.
pub fn link_url(receiver: &Receiver, link: &Link) -> String {
    let (to, over) = (receiver.address().to_string(), link.address().to_string());
    receiver.url().replace(&to, &over)
}

impl State {
    fn answer(&self, push: &Push) -> Answer {
        let delivery = self.deliveries.load(Ordering::Relaxed);
        let refused = self.rule.and_then(|rule| rule.refusal(push, delivery));
        let answer = refused.or_else(|| {
            let planned = self.answers.lock().unwrap().pop_front().flatten();
            planned.and_then(|planned| planned.answer(&self.url))
        });
        if answer.is_some() {
            self.met.fetch_add(1, Ordering::Relaxed);
        }
        let delay = Duration::from_millis(self.delay.load(Ordering::Relaxed));
        answer.unwrap_or_else(|| Answer::status(204).delay(delay))
    }
}
