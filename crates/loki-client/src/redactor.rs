//! Hiding credentials that a server repeats in its response.
//!
//! Some gateways and proxies refuse a request with a response that contains the header they refuse, and the response is
//! logged and reported.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// The minimum length of a secret, in bytes. A shorter text would be found in any response, and protects nothing.
const SHORTEST: usize = 4;
/// The replacement of a secret.
const HIDDEN: &str = "***";

/// A set of the credentials that a push may be sent with, in all forms in which a server may repeat them.
#[derive(Default)]
pub(crate) struct Redactor(Vec<SecretString>);

impl Redactor {
    /// Adds the user and the password of a URL.
    pub(crate) fn add_url(&mut self, url: &Url) {
        let user = percent_decoded(url.username());
        match url.password().map(percent_decoded) {
            Some(password) => {
                self.add(url.password().unwrap_or_default());
                self.add(&BASE64_STANDARD.encode(format!("{user}:{password}")));
                self.add(&password);
            }
            None => {
                self.add(&BASE64_STANDARD.encode(format!("{user}:")));
                self.add(&user);
            }
        }
    }

    /// Adds the value of a header, and the credentials in it after a scheme: a token, or a user and a password in
    /// base64. The scheme in `Authorization` is not secret.
    pub(crate) fn add_header(&mut self, name: &HeaderName, value: &HeaderValue) {
        let text = String::from_utf8_lossy(value.as_bytes());
        if name != AUTHORIZATION {
            self.add(&text);
        }
        let credentials = text
            .split_once(' ')
            .map_or(&*text, |(_scheme, credentials)| credentials);
        self.add(credentials);
        if let Ok(pair) = BASE64_STANDARD.decode(credentials)
            && let Ok(pair) = String::from_utf8(pair)
            && let Some((_user, password)) = pair.split_once(':')
        {
            self.add(password);
        }
    }

    /// Adds a secret.
    fn add(&mut self, secret: &str) {
        if secret.len() >= SHORTEST {
            self.0.push(secret.into());
        }
    }

    /// Replaces the secrets in the text, also one that is cut off by the end of the text.
    pub(crate) fn redact(&self, text: &mut String) {
        for secret in self.0.iter().map(ExposeSecret::expose_secret) {
            if text.contains(secret) {
                *text = text.replace(secret, HIDDEN);
            }
            let cut = (SHORTEST..secret.len())
                .rev()
                .filter_map(|len| secret.get(..len))
                .find(|begin| text.ends_with(begin));
            if let Some(begin) = cut {
                text.truncate(text.len() - begin.len());
                text.push_str(HIDDEN);
            }
        }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redactor({})", self.0.len())
    }
}

/// Returns the text with its percent-encoding decoded.
fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_hidden_in_every_form() {
        let mut redactor = Redactor::default();
        redactor.add_url(&Url::parse("http://me:op%2Fen%zz@loki/push").unwrap());
        redactor.add_url(&Url::parse("http://only-user@loki/push").unwrap());
        redactor.add_url(&Url::parse("http://loki/push").unwrap());
        // "Aladdin:open sesame", RFC 7617.
        redactor.add_header(
            &AUTHORIZATION,
            &HeaderValue::from_static("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        );
        redactor.add_header(&AUTHORIZATION, &HeaderValue::from_static("Bearer t0ken"));
        redactor.add_header(&AUTHORIZATION, &HeaderValue::from_static("Bearer x"));
        let key = HeaderName::from_static("x-api-key");
        redactor.add_header(&key, &HeaderValue::from_static("key of mine"));
        for (text, expected) in [
            ("x-api-key: key of mine", "x-api-key: ***"),
            ("the part of mine alone", "the part *** alone"),
            ("nothing of me, Aladdin", "nothing of me, Aladdin"),
            ("invalid token t0ken, x", "invalid token ***, x"),
            (
                "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== of open sesame",
                "Basic *** of ***",
            ),
            ("op%2Fen%zz is op/en%zz", "*** is ***"),
            ("only-user", "***"),
            ("cut: t0ke", "cut: ***"),
            ("cut: QWxhZGRp", "cut: ***"),
        ] {
            let mut text = text.to_owned();
            redactor.redact(&mut text);
            assert_eq!(text, expected);
        }
        assert!(!format!("{redactor:?}").contains("t0ken"));
    }
}
