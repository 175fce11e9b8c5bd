//! Authentication of the client.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, InvalidHeaderValue};
use http::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// The credentials that a push is sent with.
#[derive(Clone, Debug, Default)]
pub enum Auth {
    /// No credentials.
    #[default]
    None,
    /// HTTP basic authentication.
    Basic {
        /// The user name.
        username: SecretString,
        /// The password.
        password: SecretString,
    },
    /// A bearer token, sent as `Authorization: Bearer …`.
    Bearer(SecretString),
}

/// The headers of a push that only the server of the push URL may see.
#[derive(Clone, Default)]
pub struct SecretHeaders {
    /// The credentials.
    pub auth: Auth,
    /// Further headers.
    pub extra: Vec<(HeaderName, SecretString)>,
}

/// The source of the credentials.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// Credentials that are given in the settings.
    Fixed(SecretHeaders),
    /// Credentials that are fetched from elsewhere before the first push, and again when a server no longer takes them.
    Fetched(Arc<dyn AuthSource>),
}

/// A store that credentials can be fetched from.
pub trait AuthSource: fmt::Debug + Send + Sync {
    /// Fetches the current credentials.
    fn fetch(&self) -> AuthFuture<'_>;
}

/// The future returned by [`AuthSource::fetch`].
pub type AuthFuture<'a> = Pin<Box<dyn Future<Output = Result<SecretHeaders, AuthError>> + Send + 'a>>;

/// An error about credentials, without which no push can be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// The credentials could not be fetched. The message names the secret, but not its value.
    #[error("{0}")]
    NotFetched(String),
    /// The source refused to return the credentials, and will do so until something is changed.
    #[error("{0}")]
    Refused(String),
    /// The credentials have characters that are not allowed in a header.
    #[error("the credentials have characters that no header can carry")]
    Header,
}

impl AuthError {
    /// Returns whether fetching the credentials again cannot help.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::NotFetched(_))
    }
}

impl From<InvalidHeaderValue> for AuthError {
    fn from(_: InvalidHeaderValue) -> Self {
        // The source of the error is left out, since it could reveal a part of the secret.
        Self::Header
    }
}

impl Default for Credentials {
    fn default() -> Self {
        Self::Fixed(SecretHeaders::default())
    }
}

impl Auth {
    /// Returns the value of `Authorization`, marked as sensitive, so that it is never printed.
    ///
    /// # Errors
    /// Returns an error when a token has characters that are not allowed in a header.
    pub fn header(&self) -> Result<Option<HeaderValue>, AuthError> {
        let text = match self {
            Self::None => return Ok(None),
            Self::Basic { username, password } => {
                let pair = format!("{}:{}", username.expose_secret(), password.expose_secret());
                format!("Basic {}", BASE64_STANDARD.encode(pair))
            }
            Self::Bearer(token) => format!("Bearer {}", token.expose_secret()),
        };
        let mut header = HeaderValue::from_str(&text)?;
        header.set_sensitive(true);
        Ok(Some(header))
    }
}

impl From<Auth> for SecretHeaders {
    fn from(auth: Auth) -> Self {
        Self {
            auth,
            extra: Vec::new(),
        }
    }
}

/// Shows no names: a value may stand in the place of one.
impl fmt::Debug for SecretHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretHeaders")
            .field("auth", &self.auth)
            .field("extra", &self.extra.len())
            .finish()
    }
}

impl SecretHeaders {
    /// Returns the headers, marked as sensitive, so that they are never printed.
    ///
    /// # Errors
    /// Returns an error when a value has characters that are not allowed in a header.
    pub fn headers(&self) -> Result<HeaderMap, AuthError> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.extra {
            let mut value = HeaderValue::from_str(value.expose_secret())?;
            value.set_sensitive(true);
            headers.insert(name.clone(), value);
        }
        if let Some(authorization) = self.auth.header()? {
            headers.insert(AUTHORIZATION, authorization);
        }
        Ok(headers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_follow_the_rfcs_and_are_not_printed() {
        let basic = Auth::Basic {
            username: "Aladdin".into(),
            password: "open sesame".into(),
        };
        let header = basic.header().unwrap().unwrap();
        assert_eq!(header, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(!format!("{header:?} {basic:?}").contains("QWxh"));
        let bearer = Auth::Bearer("t0ken".into());
        assert_eq!(bearer.header().unwrap().unwrap(), "Bearer t0ken");
        assert_eq!(Auth::None.header(), Ok(None));
        let headers = SecretHeaders {
            auth: bearer,
            extra: vec![(HeaderName::from_static("x-key"), "hunter2".into())],
        };
        let map = headers.headers().unwrap();
        assert_eq!(
            (&map["authorization"], &map["x-key"]),
            (&"Bearer t0ken".parse().unwrap(), &"hunter2".parse().unwrap())
        );
        assert!(!format!("{map:?} {headers:?}").contains("hunter2"));
        let error = Auth::Bearer("t0ken\n".into()).header().unwrap_err();
        assert!(!error.to_string().contains("t0ken"), "{error}");
    }
}
