//! Sending pushes over HTTP.

use std::error::Error as _;
use std::io;

use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderName, LOCATION};
use reqwest::Response;
use url::Url;

use crate::hint;
use crate::http_clients::HttpClients;
use crate::redactor::Redactor;
use crate::retry_after::retry_after;
use crate::transport::Connections;
use crate::{ClientSettings, MESSAGE_LIMIT, Push, PushResponse, Transport, TransportError};

/// The header that names the tenant.
const TENANT_HEADER: HeaderName = HeaderName::from_static("x-scope-orgid");
/// The maximum number of redirects that an attempt follows.
const MAX_HOPS: usize = 5;

/// A transport that pushes over HTTP, on connections that are kept open.
#[derive(Debug)]
pub struct HttpTransport {
    http: HttpClients,
    url: Url,
    /// The URLs that may contain a user and a password: those of Loki and of the proxies.
    addresses: Vec<Url>,
}

/// An error about settings with which no HTTP client can be built.
#[derive(Debug, thiserror::Error)]
#[error("setting up HTTP: {0}")]
pub struct HttpTransportError(TransportError);

impl HttpTransport {
    /// Creates the transport. Nothing is sent yet.
    ///
    /// # Errors
    /// Returns an error when a certificate, a key or a proxy cannot be used.
    pub fn new(settings: &ClientSettings) -> Result<Self, HttpTransportError> {
        let write_address = [settings.write_address.url().clone()].into_iter();
        Ok(Self {
            http: HttpClients::new(settings).map_err(HttpTransportError)?,
            addresses: write_address.chain(settings.proxy.urls().cloned()).collect(),
            url: settings.write_address.url().clone(),
        })
    }

    /// Returns a redactor for the credentials that a server may repeat.
    fn redactor(&self, push: &Push<'_>) -> Redactor {
        let mut redactor = Redactor::default();
        for address in &self.addresses {
            redactor.add_url(address);
        }
        for (name, value) in push.secret_headers {
            redactor.add_header(name, value);
        }
        redactor
    }

    /// Sends the push to a URL.
    async fn post(&self, url: &Url, push: &Push<'_>) -> Result<Response, TransportError> {
        let (http, connections) = self.http.client(url)?;
        let request = http
            .post(url.clone())
            .header(CONTENT_TYPE, push.body.content_type)
            .body(push.body.bytes.clone());
        let mut request = request
            .build()
            .map_err(|error| TransportError::from_chain(&error.without_url()))?;
        let headers = request.headers_mut();
        if may_have_credentials(&self.url, url) {
            // Replaces the header that reqwest makes of a user and password in the URL.
            headers.extend(push.secret_headers.clone());
        }
        if let Some(tenant) = push.tenant {
            headers.insert(TENANT_HEADER, tenant.clone());
        }
        match http.execute(request).await {
            Ok(response) => {
                self.http.record_kept(connections.generation);
                Ok(response)
            }
            Err(error) if error.is_connect() => {
                let TransportError { message, .. } = TransportError::from_chain(&error.without_url());
                let hint = hint::of_connecting(self.http.settings(), url);
                Err(TransportError::new(format!("{hint} ({message})")))
            }
            Err(error) => Err(TransportError {
                idle_connection: connections.has_kept && is_closed(&error),
                // The URL is left out, since it may contain a password. The address is logged elsewhere.
                ..TransportError::from_chain(&error.without_url())
            }),
        }
    }
}

impl Transport for HttpTransport {
    async fn send(&self, push: &Push<'_>) -> Result<PushResponse, TransportError> {
        let mut url = self.url.clone();
        for _ in 0..MAX_HOPS {
            let response = self.post(&url, push).await?;
            match follow(&url, &response) {
                Some(next) => url = next,
                None if matches!(response.status().as_u16(), 200 | 204) => {
                    return Ok(read_response(response, &Redactor::default()).await);
                }
                None => {
                    let mut push_response = read_response(response, &self.redactor(push)).await;
                    push_response.hint = hint::of_status(push_response.status, self.http.settings(), &url);
                    return Ok(push_response);
                }
            }
        }
        Err(TransportError::new(format!("more than {MAX_HOPS} redirects")))
    }

    async fn connect(&self) -> Result<(), TransportError> {
        self.http.connect(&self.url).await
    }

    fn connections(&self) -> Connections {
        self.http.connections()
    }

    fn forget(&self, seen: Connections) -> bool {
        self.http.forget(seen)
    }
}

/// Returns whether the connection was closed or reset by the server while the push was sent.
fn is_closed(error: &reqwest::Error) -> bool {
    if error.is_connect() || error.is_timeout() {
        return false;
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && (error.is_incomplete_message() || error.is_canceled() || error.is_closed())
        {
            return true;
        }
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return matches!(
                error.kind(),
                io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::UnexpectedEof
            );
        }
        cause = error.source();
    }
    false
}

/// Returns the URL that a 307 or 308 redirects to, which keep the method and the body of the request. A redirect from
/// https to http is not followed, since the lines would be readable on the network.
fn follow(from: &Url, response: &Response) -> Option<Url> {
    if !matches!(
        response.status(),
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
    ) {
        return None;
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let next = from.join(location).ok()?;
    may_have_lines(from, &next).then_some(next)
}

/// Returns whether a push to `from` may be redirected to `next`.
fn may_have_lines(from: &Url, next: &Url) -> bool {
    match next.scheme() {
        "https" => true,
        "http" => from.scheme() == "http",
        _ => false,
    }
}

/// Returns whether the credentials for one URL may be sent to another: only to the same host, and not from https to
/// http.
fn may_have_credentials(given_for: &Url, url: &Url) -> bool {
    let same_host =
        given_for.host() == url.host() && given_for.port_or_known_default() == url.port_or_known_default();
    let upgraded = given_for.host() == url.host() && given_for.scheme() == "http" && url.scheme() == "https";
    (same_host && given_for.scheme() == url.scheme()) || upgraded
}

/// Reads the response, and as much of its body as is kept. An error while the body is read does not matter, since the
/// status is known.
async fn read_response(mut response: Response, redactor: &Redactor) -> PushResponse {
    let mut location = response
        .headers()
        .get(LOCATION)
        .map(|location| String::from_utf8_lossy(location.as_bytes()).into_owned());
    let retry_after = retry_after(response.headers());
    let mut message = Vec::new();
    while message.len() < MESSAGE_LIMIT {
        match response.chunk().await {
            Ok(Some(chunk)) => message.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    let mut message = String::from_utf8_lossy(&message).into_owned();
    redactor.redact(&mut message);
    location.iter_mut().for_each(|location| redactor.redact(location));
    message.truncate(message.floor_char_boundary(MESSAGE_LIMIT));
    PushResponse {
        status: response.status(),
        message,
        location,
        retry_after,
        hint: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_never_go_from_https_to_http() {
        for (from, next, may) in [
            (
                "https://loki.example.com/push",
                "http://loki.example.com/push",
                false,
            ),
            ("https://loki.example.com/push", "http://127.0.0.1/push", false),
            (
                "https://loki.example.com/push",
                "https://other.example.com/push",
                true,
            ),
            (
                "http://loki.example.com/push",
                "https://loki.example.com/push",
                true,
            ),
            (
                "http://loki.example.com/push",
                "http://other.example.com/push",
                true,
            ),
            (
                "http://loki.example.com/push",
                "ftp://loki.example.com/push",
                false,
            ),
        ] {
            let (from, next) = (Url::parse(from).unwrap(), Url::parse(next).unwrap());
            assert_eq!(may_have_lines(&from, &next), may, "{from} {next}");
        }
    }

    #[test]
    fn credentials_stay_with_their_host() {
        let given_for = Url::parse("http://loki.example.com/push").unwrap();
        for (url, may) in [
            ("http://loki.example.com/other", true),
            ("http://loki.example.com:80/push", true),
            ("https://loki.example.com/push", true),
            ("http://loki.example.com:8080/push", false),
            ("http://evil.example.com/push", false),
            ("http://sub.loki.example.com/push", false),
        ] {
            assert_eq!(
                may_have_credentials(&given_for, &Url::parse(url).unwrap()),
                may,
                "{url}"
            );
        }
        let given_for = Url::parse("https://loki.example.com/push").unwrap();
        let downgraded = Url::parse("http://loki.example.com/push").unwrap();
        assert!(!may_have_credentials(&given_for, &downgraded));
    }
}
