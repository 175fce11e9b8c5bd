//! Sprig's functions that wrap and shorten lines. They count bytes.
//!
//! The rules follow `github.com/Masterminds/goutils` 1.1.1.

use crate::env::{Env, ExecResult};
use crate::funcs::strings::lossy;
use crate::funcs::{Function, Param, function};

use Param::{Int, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("wrap", &[Int, Text], None, |env, args| {
        wrap(env, args.int(0), "\n", args.text(1), false)
    }),
    function("wrapWith", &[Int, Text, Text], None, |env, args| {
        let separator = if args.text(1).is_empty() {
            "\n"
        } else {
            args.text(1)
        };
        wrap(env, args.int(0), separator, args.text(2), true)
    }),
    function("abbrev", &[Int, Text], None, |env, args| {
        let text = args.text(1);
        let width = usize::try_from(args.int(0)).unwrap_or(0);
        env.text(if width < 4 {
            text.to_owned()
        } else {
            abbreviate(text, 0, width)
        })
    }),
    function("abbrevboth", &[Int, Int, Text], None, |env, args| {
        let text = args.text(2);
        let width = usize::try_from(args.int(1)).unwrap_or(0);
        if width < 4 || (args.int(0) > 0 && width < 7) {
            return env.text(text);
        }
        env.text(abbreviate(text, usize::try_from(args.int(0)).unwrap_or(0), width))
    }),
];

/// Wraps lines after `length` bytes.
fn wrap(env: &Env<'_>, length: i64, separator: &str, text: &str, break_words: bool) -> ExecResult {
    let length = usize::try_from(length).unwrap_or(0).max(1);
    let bytes = text.as_bytes();
    // In the worst case there is a separator after every `length` bytes.
    env.spend_bytes(
        bytes
            .len()
            .saturating_add((bytes.len() / length).saturating_mul(separator.len())),
    )?;
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while rest.len() > length {
        if rest[0] == b' ' {
            rest = &rest[1..];
            continue;
        }
        let space_before = rest[..=length].iter().rposition(|&byte| byte == b' ');
        let space_after = || {
            rest[length..]
                .iter()
                .position(|&byte| byte == b' ')
                .map(|at| length + at)
        };
        let (line, next) = match space_before {
            Some(at) => (at, at + 1),
            None if break_words => (length, length),
            None => match space_after() {
                Some(at) => (at, at + 1),
                None => break,
            },
        };
        out.extend_from_slice(&rest[..line]);
        out.extend_from_slice(separator.as_bytes());
        rest = &rest[next..];
    }
    out.extend_from_slice(rest);
    env.text(lossy(&out))
}

/// Shortens a text to at most `width` bytes, with `...` for what was left out, starting at about `offset`.
fn abbreviate(text: &str, offset: usize, width: usize) -> String {
    let bytes = text.as_bytes();
    let kept = width - 3;
    if bytes.len() <= width {
        return text.to_owned();
    }
    let offset = offset.min(bytes.len() - kept);
    if offset <= 4 {
        return lossy(&bytes[..kept]) + "...";
    }
    if width < 7 {
        return String::new();
    }
    if offset + kept < bytes.len() {
        return format!("...{}", abbreviate(&lossy(&bytes[offset..]), 0, kept));
    }
    format!("...{}", lossy(&bytes[bytes.len() - kept..]))
}
