//! Who pushes.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::HeaderValue;
use http::header::InvalidHeaderValue;
use secrecy::{ExposeSecret, SecretString};

/// Who pushes.
#[derive(Clone, Debug, Default)]
pub enum Auth {
    /// Nobody asks.
    #[default]
    None,
    /// HTTP basic authentication.
    Basic {
        /// The user.
        username: SecretString,
        /// Their password.
        password: SecretString,
    },
    /// `Authorization: Bearer …`.
    Bearer(SecretString),
}

/// Where the credentials come from.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// They are given.
    Fixed(Auth),
    /// They are kept elsewhere: fetched before the first push, and again when a server no longer takes
    /// them.
    Fetched(Arc<dyn AuthSource>),
}

/// Where credentials are kept.
pub trait AuthSource: fmt::Debug + Send + Sync {
    /// Fetches them as they are now.
    fn fetch(&self) -> AuthFuture<'_>;
}

/// Credentials on their way.
pub type AuthFuture<'a> = Pin<Box<dyn Future<Output = Result<Auth, AuthError>> + Send + 'a>>;

/// There are no credentials to push with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// They could not be fetched, in words that name the secret and not its value.
    #[error("{0}")]
    NotFetched(String),
    /// They could not be fetched, and asking again does not help before something is changed.
    #[error("{0}")]
    Refused(String),
    /// They have characters that no header can carry.
    #[error("the credentials have characters that no header can carry")]
    Header,
}

impl AuthError {
    /// Whether asking again cannot help.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::NotFetched(_))
    }
}

impl From<InvalidHeaderValue> for AuthError {
    fn from(_: InvalidHeaderValue) -> Self {
        // What is wrong with it would tell a part of it.
        Self::Header
    }
}

impl Default for Credentials {
    fn default() -> Self {
        Self::Fixed(Auth::None)
    }
}

impl Auth {
    /// The value of `Authorization`, which is never printed.
    ///
    /// # Errors
    /// When a token has characters that no header can carry.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_those_of_the_rfcs_and_are_not_printed() {
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
        let error = Auth::Bearer("t0ken\n".into()).header().unwrap_err();
        assert!(!error.to_string().contains("t0ken"), "{error}");
    }
}
