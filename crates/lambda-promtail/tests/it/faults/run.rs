//! The run of one case, from the first delivery to the last.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;
use testkit::lambda::{Invocation, Lambda};
use testkit::link::Link;
use testkit::receiver::Receiver;
use testkit::s3::S3;
use testkit::tls::Authority;
use tokio::sync::Semaphore;

use super::case::Case;
use super::check::{Ledger, Seen, Violation};
use super::loki_faults::POISON;
use super::loki_script::{LokiScript, link_url};
use super::sources::Source;
use super::starvation::{STARVED, Starvation};
use crate::support::continuation_queue::ContinuationQueue;
use crate::support::{event, function, s3_event};

/// The most deliveries of an event.
const DELIVERIES: u32 = 6;
/// The first delivery without faults.
const OVER: u32 = 4;
/// The additional time for the first event of a process.
const START: Duration = Duration::from_secs(5);
/// The function's timeout once the faults are over.
const ENOUGH_TIME: Duration = Duration::from_secs(10);

/// The result of a case that succeeded.
#[derive(Debug)]
pub struct Report {
    pub deliveries: u32,
    pub lines: usize,
    /// The number of faults that occurred.
    pub met: u64,
    pub end: End,
    /// The number of objects whose rest was handed over.
    pub continuations: usize,
    /// The number of parts that are still reported as failed because stored entries are too far behind.
    pub behind: usize,
}

/// The end of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    AtOnce,
    AfterRedelivery,
    /// All parts were delivered except those that Loki never accepts, which are reported as failed.
    Poisoned,
}

/// A case that failed.
#[derive(Debug)]
pub struct Failure {
    pub violation: Violation,
    pub delivery: u32,
    /// Whether a busy machine may be the reason.
    pub starved: bool,
    pub log: Vec<String>,
}

/// The processes and servers of a case.
struct Stage<'a> {
    case: &'a Case,
    shared: &'a Shared,
    receiver: Receiver,
    link: Option<Link>,
    s3: Option<S3>,
    /// The queue for the rest of objects, if the source has one.
    queue: Option<ContinuationQueue>,
    /// The bodies of the messages that continue the object of a part.
    continued: BTreeMap<usize, String>,
    lambda: Lambda,
    script: LokiScript,
    ledger: Ledger<'a>,
    deliveries: u32,
    starvation: Starvation,
    behind: usize,
}

/// The resources that all cases share.
#[derive(Debug)]
pub struct Shared {
    /// The permits for processes that start. Without them the cost of starts would use up the time that other cases
    /// have until their deadlines.
    starts: Semaphore,
    authority: Authority,
    /// The only root certificate that is trusted. In an unoptimised build, reading the system's root certificates
    /// takes as long as everything else that a process does here.
    roots: NamedTempFile,
}

impl Shared {
    pub fn new(starts: usize) -> Self {
        let authority = Authority::new();
        let mut roots = NamedTempFile::new().unwrap();
        roots.write_all(authority.ca_pem().as_bytes()).unwrap();
        Self {
            starts: Semaphore::new(starts),
            authority,
            roots,
        }
    }
}

/// Runs the case.
pub async fn run(case: &Arc<Case>, shared: &Arc<Shared>) -> Result<Report, Box<Failure>> {
    let (case, shared) = (Arc::clone(case), Arc::clone(shared));
    let played = tokio::spawn(async move { play(&case, &shared).await }).await;
    played.unwrap_or_else(|error| {
        // `testkit` panics when the function violates the protocol of the Runtime API.
        let words = error.into_panic();
        let words = words.downcast_ref::<String>().cloned().unwrap_or_default();
        Err(Box::new(Failure {
            violation: Violation::Protocol(words),
            delivery: 0,
            starved: false,
            log: Vec::new(),
        }))
    })
}

async fn play(case: &Case, shared: &Shared) -> Result<Report, Box<Failure>> {
    let mut stage = Stage::new(case, shared).await;
    match stage.play().await {
        Ok(end) => Ok(stage.report(end)),
        Err(violation) => Err(Box::new(Failure {
            starved: violation.may_be_of(&stage.starvation),
            violation,
            delivery: stage.deliveries,
            log: stage.lambda.logs(),
        })),
    }
}

impl<'a> Stage<'a> {
    async fn new(case: &'a Case, shared: &'a Shared) -> Self {
        let roots = shared.roots.path().to_str().unwrap();
        let mut function = case.settings.apply(function()).env("SSL_CERT_FILE", roots);
        let receiver = if case.loki.needs_tls() {
            function = function.env("TLS_CA_CERT", shared.authority.ca_pem());
            Receiver::start_tls(&shared.authority).await
        } else {
            Receiver::start().await
        };
        let mut link = None;
        let mut url = receiver.url();
        if case.loki.needs_link() {
            let link = link.insert(Link::start(receiver.address()).await);
            url = link_url(&receiver, link);
        }
        let mut s3 = None;
        if case.feed.source.reads_objects() {
            let s3 = s3.insert(S3::start().await);
            case.feed.store(s3);
            function = function.env("AWS_ENDPOINT_URL_S3", s3.url());
        }
        let mut queue = None;
        if case.feed.source == Source::SqsContinued {
            let queue = queue.insert(ContinuationQueue::start(case.settings.queue_refuses).await);
            function = function.env("CONTINUATION_QUEUE_URL", queue.url());
        }
        let starting = shared.starts.acquire().await.unwrap();
        let mut lambda = function.env("WRITE_ADDRESS", url).start().await;
        lambda.wait_until_ready().await.unwrap();
        if let Some(s3) = &s3 {
            // In an unoptimised build the SDK's setup is slow, so it is done before the case begins.
            lambda.invoke(s3_event(&["app/none.log"])).await.error();
            s3.clear();
        }
        if case.loki.needs_tls() {
            // The first TLS handshake of a process is slow too: the random number generator first measures the jitter
            // of the processor, during which nothing else runs. The result of this invocation does not matter.
            lambda.invoke(event(&["a handshake"])).await;
        }
        drop(starting);
        lambda.set_timeout(Duration::from_millis(case.settings.function_timeout));
        if let (Some(plan), Some(s3)) = (&case.s3, &s3) {
            plan.apply(s3);
        }
        receiver.keep_lokis_rules();
        Self {
            lambda,
            script: case.loki.apply(&receiver, link.as_ref()),
            ledger: Ledger::new(&case.feed),
            shared,
            receiver,
            link,
            s3,
            queue,
            continued: BTreeMap::new(),
            case,
            deliveries: 0,
            starvation: Starvation::default(),
            behind: 0,
        }
    }

    async fn play(&mut self) -> Result<End, Violation> {
        let poisoned = self.poisoned();
        self.deliver(&poisoned).await?;
        let end = match self.deliveries {
            _ if !poisoned.is_empty() => End::Poisoned,
            1 => End::AtOnce,
            _ => End::AfterRedelivery,
        };
        if self.case.twice || !poisoned.is_empty() {
            self.deliver(&poisoned).await?;
        }
        Ok(end)
    }

    /// Returns the parts that cannot be delivered.
    fn poisoned(&self) -> Vec<usize> {
        let has_poison = |part: &usize| {
            if self.case.feed.parts[*part].is_bomb {
                return true;
            }
            let mut entries = self.case.feed.entries(std::slice::from_ref(part));
            entries.any(|entry| entry.line.contains(POISON))
        };
        self.case.feed.all().into_iter().filter(has_poison).collect()
    }

    /// Delivers all parts, and those that are reported as failed again, until only the parts are left that would end
    /// in a dead-letter queue: the poisoned ones, and those whose stored entries are too far behind.
    async fn deliver(&mut self, poisoned: &[usize]) -> Result<(), Violation> {
        let feed = &self.case.feed;
        let mut parts = feed.all();
        self.continued.clear();
        self.ledger.begin_anew();
        for _ in 0..DELIVERIES {
            let again = self.invoke(&parts).await?;
            self.ledger.check_settled(&again)?;
            let is_behind = |part: &&usize| !poisoned.contains(part) && self.ledger.is_behind(**part);
            let behind: Vec<usize> = parts.iter().filter(is_behind).copied().collect();
            let dead = [poisoned, &behind].concat();
            if again == feed.redelivered(&parts, &dead) && self.ledger.is_complete() {
                self.behind = behind.len();
                return Ok(());
            }
            parts = again;
        }
        Err(Violation::NeverDelivered(parts))
    }

    /// Delivers these parts, and returns those that AWS delivers again.
    async fn invoke(&mut self, parts: &[usize]) -> Result<Vec<usize>, Violation> {
        self.deliveries += 1;
        if self.deliveries == OVER {
            self.script.end(&self.receiver, self.link.as_ref());
            self.lambda.set_timeout(ENOUGH_TIME);
            if let Some(s3) = &self.s3 {
                s3.answer_as_usual();
            }
        }
        if self.case.loki.freezes() && self.deliveries > 1 && self.lambda.pid().is_some() {
            self.lambda.freeze().await;
            self.receiver.close_connections().await;
            self.script.note();
        }
        if self.deliveries == 2 {
            if self.case.restarts {
                self.restart().await;
            } else if self.case.loki.kills() {
                self.script.kill(self.link.as_ref());
            }
        }
        self.receiver.clear();
        let feed = &self.case.feed;
        let invocation = self.disturbed(feed.event(parts, &self.continued)).await;
        let ended = Instant::now();
        let failed = feed.reported(parts, &invocation.outcome)?;
        let mut again = feed.redelivered(parts, &failed);
        if let Some(queue) = &mut self.queue {
            for (key, body) in queue.take_sent() {
                let part = feed.part_of_object(&key)?;
                // Where the function saw no answer of the queue, both messages come. Either has the rest of the lines.
                if !failed.contains(&part) {
                    self.continued.insert(part, body);
                    again.push(part);
                }
            }
            again.sort_unstable();
            again.dedup();
        }
        let continued: Vec<usize> = self.continued.keys().copied().collect();
        let seen = Seen {
            pushes: self.receiver.pushes(),
            stored: self.receiver.stored(),
            ended,
            is_plain: self.case.s3.is_none()
                && self.case.loki.answers_arrive()
                && self.starvation.last() < STARVED,
        };
        self.ledger.check(seen, parts, &failed, &again, &continued)?;
        Ok(again)
    }

    /// Replaces the process with a new one, which has more time for its first event.
    async fn restart(&mut self) {
        self.lambda.stop().await;
        let starting = self.shared.starts.acquire().await.unwrap();
        self.lambda.wait_until_ready().await.unwrap();
        drop(starting);
        let timeout = Duration::from_millis(self.case.settings.function_timeout);
        self.lambda.set_timeout(timeout + START);
    }

    async fn disturbed(&mut self, event: String) -> Invocation {
        self.script.begin(&self.receiver).await;
        let pid = self.lambda.pid().unwrap_or_default();
        let invocation = tokio::select! {
            invocation = self.lambda.invoke(event) => invocation,
            () = self.script.disturb(&self.receiver, self.link.as_ref()) => unreachable!("it has no end"),
            () = self.starvation.watch(pid) => unreachable!("it has no end"),
        };
        self.starvation.look();
        self.receiver.accept_connections().await;
        invocation
    }

    fn report(&self, end: End) -> Report {
        let on_s3 = self.case.s3.iter().zip(&self.s3);
        let on_s3: u64 = on_s3.map(|(plan, s3)| plan.met(s3.requests().len())).sum();
        let bombs = self.case.feed.parts.iter().filter(|part| part.is_bomb).count();
        Report {
            deliveries: self.deliveries,
            lines: self.case.feed.entries(&self.case.feed.all()).count(),
            met: self.script.met() + on_s3 + bombs as u64,
            end,
            continuations: self.queue.as_ref().map_or(0, ContinuationQueue::count),
            behind: self.behind,
        }
    }
}
