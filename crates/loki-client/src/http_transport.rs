//! Attempts over HTTP.

use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};
use loki_push::Body;
use reqwest::Response;
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use url::Url;

use crate::{Answer, Auth, ClientSettings, MESSAGE_LIMIT, Transport, TransportError};

/// The header that names the tenant.
const TENANT_HEADER: &str = "X-Scope-OrgID";
/// How many redirects one attempt follows.
const MAX_HOPS: usize = 5;

/// Pushes over HTTP, on connections that are kept open.
#[derive(Debug)]
pub struct HttpTransport {
    http: reqwest::Client,
    url: Url,
    auth: Auth,
}

/// The HTTP client could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("setting up HTTP: {0}")]
pub struct HttpTransportError(TransportError);

impl HttpTransport {
    /// Sets up the client; nothing is sent yet.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(settings: &ClientSettings) -> Result<Self, HttpTransportError> {
        let http = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            // It would turn the push into a GET on 301 to 303; see `follow`.
            .redirect(Policy::none())
            .tls_danger_accept_invalid_certs(settings.skip_tls_verify)
            .build()
            .map_err(|error| HttpTransportError(TransportError::from_chain(&error)))?;
        Ok(Self {
            http,
            url: settings.write_address.url().clone(),
            auth: settings.auth.clone(),
        })
    }

    async fn post(
        &self,
        url: &Url,
        body: &Body,
        tenant: Option<&HeaderValue>,
    ) -> Result<Response, TransportError> {
        let mut request = self
            .http
            .post(url.clone())
            .header(CONTENT_TYPE, body.content_type)
            .body(body.bytes.clone());
        if let Some(tenant) = tenant {
            request = request.header(TENANT_HEADER, tenant);
        }
        if may_have_credentials(&self.url, url) {
            request = match &self.auth {
                Auth::None => request,
                Auth::Basic { username, password } => {
                    request.basic_auth(username.expose_secret(), Some(password.expose_secret()))
                }
                Auth::Bearer(token) => request.bearer_auth(token.expose_secret()),
            };
        }
        let sent = request.send().await;
        // The URL may hold a password, and the log says elsewhere where pushes go.
        sent.map_err(|error| TransportError::from_chain(&error.without_url()))
    }
}

impl Transport for HttpTransport {
    async fn send(&self, body: &Body, tenant: Option<&HeaderValue>) -> Result<Answer, TransportError> {
        let mut url = self.url.clone();
        for _ in 0..MAX_HOPS {
            let response = self.post(&url, body, tenant).await?;
            match follow(&url, &response) {
                Some(next) => url = next,
                None => return Ok(answer(response).await),
            }
        }
        Err(TransportError(format!("more than {MAX_HOPS} redirects")))
    }
}

/// Where to send the same push again: 307 and 308 say so, and keep method and body.
fn follow(from: &Url, response: &Response) -> Option<Url> {
    if !matches!(
        response.status(),
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT
    ) {
        return None;
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let next = from.join(location).ok()?;
    matches!(next.scheme(), "http" | "https").then_some(next)
}

/// Credentials go to the host they were given for, and never from https to http.
fn may_have_credentials(given_for: &Url, url: &Url) -> bool {
    let same_host =
        given_for.host() == url.host() && given_for.port_or_known_default() == url.port_or_known_default();
    let upgraded = given_for.host() == url.host() && given_for.scheme() == "http" && url.scheme() == "https";
    (same_host && given_for.scheme() == url.scheme()) || upgraded
}

/// Reads as much of the answer as is kept. A body that breaks off changes nothing: the status is known.
async fn answer(mut response: Response) -> Answer {
    let location = response
        .headers()
        .get(LOCATION)
        .map(|location| String::from_utf8_lossy(location.as_bytes()).into_owned());
    let mut message = Vec::new();
    while message.len() < MESSAGE_LIMIT {
        match response.chunk().await {
            Ok(Some(chunk)) => message.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    message.truncate(MESSAGE_LIMIT);
    Answer {
        status: response.status(),
        message: String::from_utf8_lossy(&message).into_owned(),
        location,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
