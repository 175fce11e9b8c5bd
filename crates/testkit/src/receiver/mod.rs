//! A Loki receiver: takes pushes as a Loki does, decodes them, and answers as the test says.

mod answer;
mod decode;
mod in_flight;
mod json;
mod loki_store;
mod push;
mod refusal;
mod script;
mod service;
mod tally;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::loopback::Server;
use crate::tls::{Authority, TlsAcceptor};

pub use answer::Answer;
use loki_store::LokiStore;
pub use push::{Accepted, Entry, Push, Stream};
use service::Service;
use tally::Tally;

/// How long [`Receiver::wait_for_requests`] waits.
const WAIT: Duration = Duration::from_secs(30);

/// A server for `POST /loki/api/v1/push` on a free port of the loopback.
///
/// What Loki refuses is refused before the script has a say: a missing or unknown content type and a body
/// that cannot be read (400), a push without streams (422). Everything else is answered by the script,
/// which starts out as 204 for all.
#[derive(Debug)]
pub struct Receiver {
    server: Server,
    tls: Option<TlsAcceptor>,
    service: Arc<Service>,
}

impl Receiver {
    /// A receiver that keeps all it gets.
    pub async fn start() -> Self {
        Self::serve(Service::keeping_pushes(), None).await
    }

    /// A receiver for large runs, which only counts: [`pushes`](Self::pushes) and
    /// [`accepted`](Self::accepted) stay empty.
    pub async fn counting() -> Self {
        Self::serve(Service::counting(), None).await
    }

    /// A receiver that speaks `https`, with a certificate of this authority for `127.0.0.1` and
    /// `localhost`.
    pub async fn start_tls(authority: &Authority) -> Self {
        let tls = TlsAcceptor::new(authority, None);
        Self::serve(Service::keeping_pushes(), Some(tls)).await
    }

    /// As [`start_tls`](Self::start_tls), but lets in only clients with a certificate of the other
    /// authority.
    pub async fn start_mutual_tls(authority: &Authority, clients: &Authority) -> Self {
        let tls = TlsAcceptor::new(authority, Some(clients));
        Self::serve(Service::keeping_pushes(), Some(tls)).await
    }

    async fn serve(service: Service, tls: Option<TlsAcceptor>) -> Self {
        let service = Arc::new(service);
        let shared = Arc::clone(&service);
        let handler = move |request| {
            let service = Arc::clone(&shared);
            async move { service.handle(request).await }
        };
        let server = match &tls {
            None => Server::start(handler).await,
            Some(tls) => Server::start_tls(tls.clone(), handler).await,
        };
        Self { server, tls, service }
    }

    /// The push URL, for `WRITE_ADDRESS`.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/loki/api/v1/push", self.address())
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Answers the next requests with these, one each in the order they arrive, after those that are
    /// still to come from an earlier call.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = Answer>) {
        self.service.script().queue(answers);
    }

    /// From now on answers so when there is nothing left of [`answer_next`](Self::answer_next).
    pub fn answer_always(&self, answer: Answer) {
        self.service.script().always(move |_, _| answer.clone());
    }

    /// From now on lets the function decide when there is nothing left of
    /// [`answer_next`](Self::answer_next). It is given the push and how many requests came before it.
    pub fn answer_with(&self, answer: impl Fn(&Push, usize) -> Answer + Send + Sync + 'static) {
        self.service.script().always(answer);
    }

    /// From now on answers 204 to all and lets every handshake succeed: forgets what is left of the script.
    pub fn answer_as_usual(&self) {
        self.service.script().clear();
        if let Some(tls) = &self.tls {
            tls.fail_no_more();
        }
    }

    /// From now on keeps Loki's rules about a stream's entries, whatever the script says. Of a push that the script
    /// accepts, an entry that is more than an hour older than the newest of its stream is refused, with Loki's text
    /// and 400, while the others are stored. An entry that is there already is not stored again, and is no error.
    ///
    /// As Loki's ingester does, the answer says what came of the last stream of the push: 204 when only others had such
    /// entries.
    ///
    /// What is stored is never forgotten.
    pub fn keep_lokis_rules(&self) {
        self.service.store().get_or_insert_default();
    }

    /// All entries that are stored, in no order; none without [`keep_lokis_rules`](Self::keep_lokis_rules).
    pub fn stored(&self) -> Vec<Accepted> {
        let store = self.service.store();
        store.iter().flat_map(LokiStore::entries).collect()
    }

    /// How many entries are stored.
    pub fn stored_count(&self) -> usize {
        self.service.store().as_ref().map_or(0, LokiStore::len)
    }

    /// All pushes that could be decoded, whatever the answer, in the order of their answers.
    pub fn pushes(&self) -> Vec<Arc<Push>> {
        self.service.kept()
    }

    /// The entries of the pushes that were answered 2xx, but for 260, with which Loki refuses. With
    /// [`keep_lokis_rules`](Self::keep_lokis_rules), those that Loki has of all pushes.
    pub fn accepted(&self) -> Vec<Accepted> {
        let pushes = self.service.kept();
        pushes.iter().flat_map(|push| push.accepted()).collect()
    }

    /// How many entries were accepted, repeated ones each time.
    pub fn accepted_count(&self) -> usize {
        self.tally(|tally| tally.entries)
    }

    /// How many different entries (tenant, labels, time and line) were accepted.
    pub fn distinct_count(&self) -> usize {
        self.tally(|tally| tally.distinct.len())
    }

    /// Bytes of the lines that were accepted.
    pub fn accepted_line_bytes(&self) -> u64 {
        self.tally(|tally| tally.line_bytes)
    }

    /// How many requests there were, those refused and reset included.
    pub fn requests(&self) -> usize {
        self.service.requests()
    }

    /// The largest number of requests that were handled at one time: each from its arrival to the end of
    /// its answer's delay, or until the client hung up.
    pub fn most_in_flight(&self) -> usize {
        self.service.most_in_flight()
    }

    /// Waits until there were this many requests.
    ///
    /// # Panics
    /// When they do not come within half a minute.
    pub async fn wait_for_requests(&self, count: usize) {
        let come = self.service.wait_for_requests(count);
        assert!(
            tokio::time::timeout(WAIT, come).await.is_ok(),
            "waited {WAIT:?} for {count} requests, there were {}",
            self.requests()
        );
    }

    /// Closes every connection, as a server does with those long idle.
    pub async fn close_connections(&self) {
        self.server.listener().close_connections().await;
    }

    /// Closes the port: from now on connecting is refused. The connections there are stay open, until
    /// [`close_connections`](Self::close_connections).
    pub async fn refuse_connections(&self) {
        self.server.listener().refuse_connections().await;
    }

    /// Opens the same port again, so that [`url`](Self::url) stays right.
    pub async fn accept_connections(&self) {
        self.server.listener().accept_connections().await;
    }

    /// Closes the next connections, so many of them, in the middle of the TLS handshake: when the client
    /// has said hello.
    ///
    /// # Panics
    /// When the receiver does not speak TLS.
    pub fn fail_handshakes(&self, count: usize) {
        self.tls
            .as_ref()
            .expect("only a receiver that speaks TLS has handshakes")
            .fail(count);
    }

    /// Forgets what it got. What is left of the script stays.
    pub fn clear(&self) {
        self.service.clear();
    }

    fn tally<T>(&self, read: impl FnOnce(&Tally) -> T) -> T {
        read(&self.service.tally())
    }
}
