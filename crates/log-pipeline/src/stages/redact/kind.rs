//! The kinds of text that the stage `redact` finds.

use std::ops::Range;

use super::{credit_card, email, ip, token};

/// A kind of text that must not be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Email,
    Ip,
    CreditCard,
    AwsAccessKey,
    Jwt,
    Bearer,
}

impl Kind {
    pub(crate) const ALL: [Self; 6] = [
        Self::Email,
        Self::Ip,
        Self::CreditCard,
        Self::AwsAccessKey,
        Self::Jwt,
        Self::Bearer,
    ];

    /// Returns the name in the configuration and in replacements.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Ip => "ip",
            Self::CreditCard => "credit_card",
            Self::AwsAccessKey => "aws_access_key",
            Self::Jwt => "jwt",
            Self::Bearer => "bearer",
        }
    }

    /// Returns the first text of this kind that begins at `from` or later. What comes before `from` was replaced, and does
    /// not continue there; only the scheme of a bearer token may be a part of it.
    pub(crate) fn find(self, line: &[u8], from: usize) -> Option<Range<usize>> {
        match self {
            Self::Email => email::find(line, from),
            Self::Ip => ip::find(line, from),
            Self::CreditCard => credit_card::find(line, from),
            Self::AwsAccessKey => token::find_access_key(line, from),
            Self::Jwt => token::find_jwt(line, from),
            Self::Bearer => token::find_bearer(line, from),
        }
    }
}

/// Returns the number of bytes from `at` on that satisfy the condition.
pub(super) fn run(line: &[u8], at: usize, is_part: impl Fn(u8) -> bool) -> usize {
    let mut end = at;
    while let Some(byte) = line.get(end)
        && is_part(*byte)
    {
        end += 1;
    }
    end - at
}

/// Returns the number of bytes before `at`, and not before `from`, that satisfy the condition.
pub(super) fn run_before(line: &[u8], from: usize, at: usize, is_part: impl Fn(u8) -> bool) -> usize {
    let mut start = at;
    while start > from
        && let Some(byte) = line.get(start - 1)
        && is_part(*byte)
    {
        start -= 1;
    }
    at - start
}

/// Returns whether the byte before `at`, and not before `from`, is a letter, a digit or an underscore.
pub(super) fn follows_word(line: &[u8], from: usize, at: usize) -> bool {
    at > from && is_word(line.get(at - 1))
}

/// Returns whether the byte is a letter, a digit or an underscore.
pub(super) fn is_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
