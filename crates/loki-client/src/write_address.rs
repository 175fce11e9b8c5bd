//! Where pushes go.

use std::fmt;

use url::{Position, Url};

/// The push URL, used as given. What may be a secret in it is never printed: its password, a user without one, which
/// is often a token, and its query.
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
    /// It is one of another kind, or a user and a password without a scheme, which is not repeated.
    #[error("neither http nor https; an example: https://loki.example.com/loki/api/v1/push")]
    HiddenScheme,
    /// A user or a password seems to end in what the URL has after its host.
    #[error(
        "has an @ after the host; expected a user and a password in which /, ?, # and @ are written as %2F, %3F, %23 \
         and %40"
    )]
    AtSign,
}

impl WriteAddress {
    /// Reads the URL.
    ///
    /// # Errors
    /// When it is no `http` or `https` URL.
    pub fn parse(text: &str) -> Result<Self, WriteAddressError> {
        let url = Url::parse(text)?;
        match url.scheme() {
            // The rest of a password that is not encoded would be sent in the request's path, to a host named like
            // the user.
            "http" | "https" if url[Position::BeforePath..].contains('@') => Err(WriteAddressError::AtSign),
            "http" | "https" => Ok(Self(url)),
            // In "user:password@host" it is the user.
            _ if text.contains('@') => Err(WriteAddressError::HiddenScheme),
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
        // Setting them fails only for URLs that cannot have them.
        if shown.password().is_some() {
            let _ = shown.set_password(Some("***"));
        } else if !shown.username().is_empty() {
            let _ = shown.set_username("***");
        }
        if shown.query().is_some() {
            shown.set_query(Some("***"));
        }
        if shown.fragment().is_some() {
            shown.set_fragment(Some("***"));
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
    fn what_may_be_a_secret_is_not_printed() {
        for (text, shown) in [
            (
                "https://t0ken@loki.example.com/push",
                "https://***@loki.example.com/push",
            ),
            (
                "https://t0ken:@loki.example.com/push",
                "https://***@loki.example.com/push",
            ),
            (
                "https://loki.example.com/push?key=t0ken#t0ken",
                "https://loki.example.com/push?***#***",
            ),
            (
                "https://loki.example.com/t0/push",
                "https://loki.example.com/t0/push",
            ),
        ] {
            assert_eq!(WriteAddress::parse(text).unwrap().to_string(), shown);
        }
        for text in [
            "t0ken:x@loki.example.com",
            "user:t0ken@loki.example.com",
            "https://user:12/t0ken@loki.example.com",
            "https://user:#t0ken@loki.example.com",
            "https://user:?t0ken@loki.example.com",
            r"https://user:\t0ken@loki.example.com",
        ] {
            let error = WriteAddress::parse(text).unwrap_err().to_string();
            assert!(
                !error.contains("t0ken") && error.contains('@') | error.contains("http"),
                "{error}"
            );
        }
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
