//! Where pushes go.

use std::fmt;

use url::Url;

/// The push URL, used as given. Its password, if it has one, is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct WriteAddress(Url);

/// A push URL that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteAddressError {
    /// It is no URL.
    #[error("not a URL ({0}); an example: https://loki.example.com/loki/api/v1/push")]
    Url(#[from] url::ParseError),
    /// It is one of another kind.
    #[error("scheme {0:?} is neither http nor https")]
    Scheme(String),
}

impl WriteAddress {
    /// Reads the URL.
    ///
    /// # Errors
    /// When it is no `http` or `https` URL.
    pub fn parse(text: &str) -> Result<Self, WriteAddressError> {
        let url = Url::parse(text)?;
        match url.scheme() {
            "http" | "https" => Ok(Self(url)),
            other => Err(WriteAddressError::Scheme(other.to_owned())),
        }
    }

    /// The URL, with its password.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for WriteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        if shown.password().is_some() {
            // Setting it fails only for URLs that cannot have one.
            let _ = shown.set_password(Some("***"));
        }
        shown.fmt(f)
    }
}

impl fmt::Debug for WriteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_printed() {
        let address = WriteAddress::parse("https://user:hunter2@loki.example.com/push").unwrap();
        assert_eq!(address.to_string(), "https://user:***@loki.example.com/push");
        assert!(!format!("{address:?}").contains("hunter2"));
        assert_eq!(address.url().password(), Some("hunter2"));
    }

    #[test]
    fn only_http_is_an_address() {
        assert!(WriteAddress::parse("http://localhost:3100/loki/api/v1/push").is_ok());
        for bad in [
            "",
            "loki:3100/push",
            "ftp://loki/push",
            "/loki/api/v1/push",
            "http://",
        ] {
            assert!(WriteAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
