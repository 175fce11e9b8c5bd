//! The address that pushes are sent to.

use std::fmt;

use url::{Position, Url};

/// The URL of the push API, used as given. Its possible secrets are never printed: the password, a user name without a
/// password, which is often a token, the query and the fragment.
#[derive(Clone, PartialEq, Eq)]
pub struct WriteAddress(Url);

/// An error about a push URL that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteAddressError {
    /// The text is not a URL.
    #[error("not a URL ({0}); an example: https://loki.example.com/loki/api/v1/push")]
    Url(#[from] url::ParseError),
    /// The URL has another scheme than `http` or `https`.
    #[error("scheme {0:?} is neither http nor https")]
    Scheme(String),
    /// The URL has another scheme, or it is a user and a password without a scheme. The text is not repeated, since
    /// it may contain the password.
    #[error("neither http nor https; an example: https://loki.example.com/loki/api/v1/push")]
    HiddenScheme,
    /// The URL has an `@` after its host, which may belong to a user or password that is not percent-encoded.
    #[error(
        "has an @ after the host; expected a user and a password in which /, ?, # and @ are written as %2F, %3F, %23 \
         and %40"
    )]
    AtSign,
}

impl WriteAddress {
    /// Parses a URL.
    ///
    /// # Errors
    /// Returns an error when the text is not an `http` or `https` URL.
    pub fn parse(text: &str) -> Result<Self, WriteAddressError> {
        let url = Url::parse(text)?;
        match url.scheme() {
            // If a password contains an unencoded `/`, the URL's host is the user name, and the rest of the password
            // would be sent to it in the path.
            "http" | "https" if url[Position::BeforePath..].contains('@') => Err(WriteAddressError::AtSign),
            "http" | "https" => Ok(Self(url)),
            // In "user:password@host" the scheme is the user name.
            _ if text.contains('@') => Err(WriteAddressError::HiddenScheme),
            other => Err(WriteAddressError::Scheme(other.to_owned())),
        }
    }

    /// Returns the URL, with its password.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for WriteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        // Setting user and password only fails for URLs that cannot have them.
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
    fn possible_secrets_are_not_printed() {
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
    fn only_http_and_https_urls_are_accepted() {
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
