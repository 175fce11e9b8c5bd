//! The kinds of text that the stage `redact` finds.

use std::ops::Range;

use super::candidates::Candidate;
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

    /// Returns what replaces a text of this kind without a key.
    pub(crate) const fn mask(self) -> &'static str {
        match self {
            Self::Email => "[email]",
            Self::Ip => "[ip]",
            Self::CreditCard => "[credit_card]",
            Self::AwsAccessKey => "[aws_access_key]",
            Self::Jwt => "[jwt]",
            Self::Bearer => "[bearer]",
        }
    }

    /// Returns the kind of which a text may be at this place, one of the [candidates](Candidate).
    #[inline(always)]
    pub(crate) fn of_candidate(line: &[u8], at: usize) -> Option<Self> {
        let before = at.checked_sub(1).and_then(|before| line.get(before));
        let after = line.get(at + 1);
        match line.get(at)? {
            b'@' => Some(Self::Email),
            b':' if after == Some(&b':') || before.is_some_and(u8::is_ascii_hexdigit) => Some(Self::Ip),
            b'0'..=b'9' if after == Some(&b'.') => Some(Self::Ip),
            b'0'..=b'9' => Some(Self::CreditCard),
            b'I' if matches!(before, Some(b'K' | b'S')) => Some(Self::AwsAccessKey),
            b'J' if before == Some(&b'y') => Some(Self::Jwt),
            b'r' | b'R' if matches!(after, Some(b'e' | b'E')) => Some(Self::Bearer),
            _ => None,
        }
    }

    /// Returns the text of this kind at a place of a line, which is one of the candidates. What comes before `from` was
    /// replaced, and does not continue there; only the scheme of a bearer token may be a part of it.
    #[inline(always)]
    pub(super) fn find_at(self, line: &[u8], from: usize, candidate: Candidate) -> Option<Range<usize>> {
        let at = candidate.at;
        if at < from && self != Self::Bearer {
            return None;
        }
        match self {
            Self::Email => email::find_at(line, from, at),
            Self::Ip if line.get(at) == Some(&b':') => ip::find_v6_at(line, from, at),
            Self::Ip => ip::find_v4_at(line, from, candidate),
            Self::CreditCard => credit_card::find_at(line, from, at),
            Self::AwsAccessKey => token::find_access_key_at(line, from, at),
            Self::Jwt => token::find_jwt_at(line, from, at),
            Self::Bearer => token::find_bearer_at(line, from, at),
        }
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct KindSet(u8);

impl KindSet {
    pub(crate) fn contains(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u8 != 0
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        Self(kinds.into_iter().fold(0, |set, kind| set | 1 << kind as u8))
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
    byte.is_some_and(|byte| WORD[usize::from(*byte)])
}

const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        word[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    word
};
