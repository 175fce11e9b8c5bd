//! A receiver that accepts pushes as Loki does, decodes them, and responds as the test chooses.

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

/// The maximum time that [`Receiver::wait_for_requests`] waits.
const WAIT: Duration = Duration::from_secs(30);

/// A server for `POST /loki/api/v1/push` on a free port of the loopback.
///
/// Pushes that Loki would refuse are refused regardless of the script: those with a missing or unknown content type
/// or a body that cannot be decoded (400), and those without streams (422), unless a response is queued with
/// [`answer_next`](Self::answer_next). The script decides all other responses. By default they are 204.
#[derive(Debug)]
pub struct Receiver {
    server: Server,
    tls: Option<TlsAcceptor>,
    service: Arc<Service>,
}

impl Receiver {
    /// Starts a receiver that keeps all pushes.
    pub async fn start() -> Self {
        Self::serve(Service::keeping_pushes(), None).await
    }

    /// Starts a receiver that only counts, for large runs. [`pushes`](Self::pushes) and [`accepted`](Self::accepted)
    /// stay empty.
    pub async fn counting() -> Self {
        Self::serve(Service::counting(), None).await
    }

    /// Starts a receiver with `https` and a certificate of the given authority for `127.0.0.1` and `localhost`.
    pub async fn start_tls(authority: &Authority) -> Self {
        let tls = TlsAcceptor::new(authority, None);
        Self::serve(Service::keeping_pushes(), Some(tls)).await
    }

    /// Starts a receiver as [`start_tls`](Self::start_tls) does, which only accepts clients with a certificate of the
    /// second authority.
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

    /// Returns the push URL, for `WRITE_ADDRESS`.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/loki/api/v1/push", self.address())
    }

    /// Returns the address of the receiver.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Sets the responses to the next requests in the order of their arrival. Responses that are left from an earlier
    /// call are used first.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = Answer>) {
        self.service.script().queue(answers);
    }

    /// Sets the response to all requests for which there is nothing left of [`answer_next`](Self::answer_next).
    pub fn answer_always(&self, answer: Answer) {
        self.service.script().always(move |_, _| answer.clone());
    }

    /// Sets a function that chooses the response when there is nothing left of [`answer_next`](Self::answer_next). Its
    /// arguments are the push and the number of requests before it.
    pub fn answer_with(&self, answer: impl Fn(&Push, usize) -> Answer + Send + Sync + 'static) {
        self.service.script().always(answer);
    }

    /// Resets the script: from now on every response is 204, and every handshake succeeds.
    pub fn answer_as_usual(&self) {
        self.service.script().clear();
        if let Some(tls) = &self.tls {
            tls.fail_no_more();
        }
    }

    /// Applies Loki's rules about the entries of a stream from now on. If the script accepts a push, entries more
    /// than an hour older than the newest of their stream are refused with 400 and Loki's text, and the others are
    /// stored. An entry that is already stored is not stored again, which is not an error.
    ///
    /// As from Loki's ingester, the response tells the result of the last stream of the push. It is 204 when only other
    /// streams had such entries.
    ///
    /// Stored entries are never removed.
    pub fn keep_lokis_rules(&self) {
        self.service.store().get_or_insert_default();
    }

    /// Returns all stored entries in no particular order, or none without [`keep_lokis_rules`](Self::keep_lokis_rules).
    pub fn stored(&self) -> Vec<Accepted> {
        let store = self.service.store();
        store.iter().flat_map(LokiStore::entries).collect()
    }

    /// Returns the number of stored entries.
    pub fn stored_count(&self) -> usize {
        self.service.store().as_ref().map_or(0, LokiStore::len)
    }

    /// Returns all pushes that could be decoded, in the order of their responses, whatever these were.
    pub fn pushes(&self) -> Vec<Arc<Push>> {
        self.service.kept()
    }

    /// Returns the entries of the pushes that got a 2xx response other than 260, with which Loki refuses. With
    /// [`keep_lokis_rules`](Self::keep_lokis_rules), returns the entries of all pushes that Loki would have.
    pub fn accepted(&self) -> Vec<Accepted> {
        let pushes = self.service.kept();
        pushes.iter().flat_map(|push| push.accepted()).collect()
    }

    /// Returns the number of accepted entries. Repeated entries count each time.
    pub fn accepted_count(&self) -> usize {
        self.tally(|tally| tally.entries)
    }

    /// Returns the number of different entries (tenant, labels, time and line) that were accepted.
    pub fn distinct_count(&self) -> usize {
        self.tally(|tally| tally.distinct.len())
    }

    /// Returns the number of bytes of all accepted lines.
    pub fn accepted_line_bytes(&self) -> u64 {
        self.tally(|tally| tally.line_bytes)
    }

    /// Returns the number of requests, including those that were refused or reset.
    pub fn requests(&self) -> usize {
        self.service.requests()
    }

    /// Returns the maximum number of requests that were handled at a time. A request counts from its arrival to the
    /// end of its response's delay, or until the client hangs up.
    pub fn most_in_flight(&self) -> usize {
        self.service.most_in_flight()
    }

    /// Waits until there were `count` requests.
    ///
    /// # Panics
    /// Panics when they do not come within half a minute.
    pub async fn wait_for_requests(&self, count: usize) {
        let come = self.service.wait_for_requests(count);
        assert!(
            tokio::time::timeout(WAIT, come).await.is_ok(),
            "waited {WAIT:?} for {count} requests, there were {}",
            self.requests()
        );
    }

    /// Closes every connection, as a server does after a long idle time.
    pub async fn close_connections(&self) {
        self.server.listener().close_connections().await;
    }

    /// Closes the port, so that new connections are refused. Existing ones stay open until
    /// [`close_connections`](Self::close_connections).
    pub async fn refuse_connections(&self) {
        self.server.listener().refuse_connections().await;
    }

    /// Opens the same port again, so that [`url`](Self::url) stays valid.
    pub async fn accept_connections(&self) {
        self.server.listener().accept_connections().await;
    }

    /// Closes the next `count` connections during the TLS handshake, after the client's hello.
    ///
    /// # Panics
    /// Panics when the receiver does not use TLS.
    pub fn fail_handshakes(&self, count: usize) {
        self.tls
            .as_ref()
            .expect("only a receiver that speaks TLS has handshakes")
            .fail(count);
    }

    /// Forgets the requests so far. The rest of the script is kept.
    pub fn clear(&self) {
        self.service.clear();
    }

    fn tally<T>(&self, read: impl FnOnce(&Tally) -> T) -> T {
        read(&self.service.tally())
    }
}
