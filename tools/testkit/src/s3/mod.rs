//! S3 over HTTP. [`S3`] serves objects, with failures that the test chooses. [`S3Store`] is a complete third-party
//! implementation, which also checks signatures.
//!
//! ```no_run
//! # async fn example() {
//! use testkit::s3::{Answer, Object, S3};
//!
//! let s3 = S3::start().await;
//! s3.put("bucket", "AWSLogs/a key.log", Object::new("a line\n").last_modified(1_700_000_000));
//! s3.answer_next([Answer::slow_down(), Answer::reset_after(3)]);
//! let endpoint = s3.url(); // for AWS_ENDPOINT_URL_S3
//! // ... three requests later:
//! assert_eq!(s3.requests()[2].range.as_deref(), Some("bytes=3-"));
//! # let _ = endpoint;
//! # }
//! ```

mod answer;
mod body;
mod listing;
mod object;
mod request;
mod service;
mod store;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use answer::Answer;
pub use listing::ListRequest;
pub use object::Object;
pub use request::Request;
use service::Service;
pub use store::S3Store;

use crate::loopback::Server;

/// An S3 server on a free port of the loopback. It implements `GET` and `HEAD` of objects, with the bucket in the path,
/// `Range` and `If-Match`, and the listing of a bucket. It does not check signatures.
#[derive(Debug)]
pub struct S3 {
    server: Server,
    service: Arc<Service>,
}

impl S3 {
    /// Starts a server without objects.
    pub async fn start() -> Self {
        let service = Arc::new(Service::default());
        let shared = Arc::clone(&service);
        let server = Server::start(move |request| {
            let service = Arc::clone(&shared);
            async move { service.handle(request).await }
        });
        Self {
            server: server.await,
            service,
        }
    }

    /// Returns the URL of the server, for `AWS_ENDPOINT_URL_S3`.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// Stores an object under a key, which is not URL-encoded, replacing an earlier object.
    pub fn put(&self, bucket: &str, key: &str, object: impl Into<Object>) {
        let name = (bucket.to_owned(), key.to_owned());
        self.service.state().objects.insert(name, object.into());
    }

    /// Removes an object.
    pub fn remove(&self, bucket: &str, key: &str) {
        let name = (bucket.to_owned(), key.to_owned());
        self.service.state().objects.remove(&name);
    }

    /// Sets the responses to the next requests, in order.
    pub fn answer_next(&self, answers: impl IntoIterator<Item = Answer>) {
        self.service.state().next.extend(answers);
    }

    /// Sets the response to all requests for which no other is set.
    pub fn answer_always(&self, answer: Answer) {
        self.service.state().always = Some(answer);
    }

    /// Resets the script, so that the server responds as S3 does from now on.
    pub fn answer_as_usual(&self) {
        let mut state = self.service.state();
        state.next.clear();
        state.always = None;
    }

    /// Returns the requests so far, in order.
    pub fn requests(&self) -> Vec<Request> {
        self.service.state().requests.clone()
    }

    /// Forgets the requests so far. Objects and script are kept.
    pub fn clear(&self) {
        self.service.state().requests.clear();
    }
}
