//! Sprig's `urlParse` and `urlJoin`, which follow Go's `net/url`. It accepts URLs that the WHATWG URL standard
//! refuses.

use std::sync::Arc;

use crate::env::{Env, ExecResult, fail};
use crate::funcs::{Args, Function, Param, function};
use crate::value::{Entries, Value};

use Param::{Dict, Text};

pub(crate) const FUNCTIONS: &[Function] = &[
    function("urlParse", &[Text], None, |env, args| {
        env.spend_bytes(args.text(0).len().saturating_mul(4))?;
        match Url::parse(args.text(0)) {
            Ok(url) => env.dict(url.into_entries()),
            Err(problem) => fail(format!("unable to parse url: {problem}")),
        }
    }),
    function("urlJoin", &[Dict], None, join),
];

/// A part of a URL, which determines what it may contain unescaped.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    User,
    Host,
    Path,
    Fragment,
}

/// A parsed URL.
#[derive(Debug, Default)]
struct Url {
    scheme: String,
    opaque: String,
    userinfo: Option<(String, Option<String>)>,
    host: String,
    path: String,
    query: String,
    fragment: String,
}

impl Url {
    /// Parses a URL.
    fn parse(text: &str) -> Result<Self, String> {
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
            return Err("invalid control character in URL".to_owned());
        }
        let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
        let mut url = Self {
            fragment: unescape(fragment, Part::Fragment)?,
            ..Self::default()
        };
        if text == "*" {
            url.path = "*".to_owned();
            return Ok(url);
        }
        let (scheme, rest) = split_scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        url.query = query.to_owned();
        if !rest.starts_with('/') {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_owned();
                return Ok(url);
            }
            if rest.split('/').next().is_some_and(|first| first.contains(':')) {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        let mut path = rest;
        let has_authority = rest.starts_with("//") && (!url.scheme.is_empty() || !rest.starts_with("///"));
        if has_authority {
            let authority = &rest[2..];
            let end = authority.find('/').unwrap_or(authority.len());
            path = &authority[end..];
            url.set_authority(&authority[..end])?;
        }
        url.path = unescape(path, Part::Path)?;
        Ok(url)
    }

    /// Parses the user information and the host.
    fn set_authority(&mut self, authority: &str) -> Result<(), String> {
        let (userinfo, host) = match authority.rfind('@') {
            Some(at) => (Some(&authority[..at]), &authority[at + 1..]),
            None => (None, authority),
        };
        self.host = parse_host(host)?;
        self.userinfo = userinfo.map(parse_userinfo).transpose()?;
        Ok(())
    }

    /// Returns the entries of the dict that `urlParse` returns.
    fn into_entries(self) -> Entries {
        let hostname = without_port(&self.host).to_owned();
        let userinfo = self.userinfo_text();
        [
            ("scheme", self.scheme),
            ("host", self.host),
            ("hostname", hostname),
            ("path", self.path),
            ("query", self.query),
            ("opaque", self.opaque),
            ("fragment", self.fragment),
            ("userinfo", userinfo),
        ]
        .into_iter()
        .map(|(key, value)| (Arc::from(key), Value::text(value)))
        .collect()
    }

    /// Returns the escaped user information.
    fn userinfo_text(&self) -> String {
        match &self.userinfo {
            None => String::new(),
            Some((user, None)) => escape(user, Part::User),
            Some((user, Some(password))) => {
                format!("{}:{}", escape(user, Part::User), escape(password, Part::User))
            }
        }
    }

    /// Returns the URL as text.
    fn into_text(self) -> String {
        let mut out = String::new();
        if !self.scheme.is_empty() {
            out = format!("{}:", self.scheme);
        }
        if !self.opaque.is_empty() {
            out.push_str(&self.opaque);
        } else {
            if !self.scheme.is_empty() || !self.host.is_empty() || self.userinfo.is_some() {
                if !self.host.is_empty() || !self.path.is_empty() || self.userinfo.is_some() {
                    out.push_str("//");
                }
                if self.userinfo.is_some() {
                    out.push_str(&self.userinfo_text());
                    out.push('@');
                }
                out.push_str(&escape(&self.host, Part::Host));
            }
            let path = escape(&self.path, Part::Path);
            if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
                out.push('/');
            }
            // Otherwise the first segment would be read as a scheme.
            if out.is_empty() && path.split('/').next().is_some_and(|first| first.contains(':')) {
                out.push_str("./");
            }
            out.push_str(&path);
        }
        if !self.query.is_empty() {
            out.push('?');
            out.push_str(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push('#');
            out.push_str(&escape(&self.fragment, Part::Fragment));
        }
        out
    }
}

/// Splits off the scheme, if there is one.
fn split_scheme(text: &str) -> Result<(&str, &str), String> {
    for (index, c) in text.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if index > 0 => {}
            ':' if index == 0 => return Err("missing protocol scheme".to_owned()),
            ':' => return Ok((&text[..index], &text[index + 1..])),
            _ => break,
        }
    }
    Ok(("", text))
}

/// Parses a user and an optional password.
fn parse_userinfo(text: &str) -> Result<(String, Option<String>), String> {
    let valid = |c: char| c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c);
    if !text.chars().all(valid) {
        return Err("net/url: invalid userinfo".to_owned());
    }
    match text.split_once(':') {
        Some((user, password)) => Ok((unescape(user, Part::User)?, Some(unescape(password, Part::User)?))),
        None => Ok((unescape(text, Part::User)?, None)),
    }
}

/// Checks and unescapes a host with an optional port.
fn parse_host(host: &str) -> Result<String, String> {
    let port = match host.strip_prefix('[') {
        Some(inner) => match inner.rfind(']') {
            Some(end) => &inner[end + 1..],
            None => return Err("missing ']' in host".to_owned()),
        },
        None => host.find(':').map_or("", |at| &host[at..]),
    };
    let digits = port.strip_prefix(':');
    if !port.is_empty() && !digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_digit())) {
        return Err(format!("invalid port {port:?} after host"));
    }
    unescape(host, Part::Host)
}

/// Returns the host without its port and brackets.
fn without_port(host: &str) -> &str {
    if let Some(inner) = host.strip_prefix('[')
        && let Some(end) = inner.find(']')
    {
        return &inner[..end];
    }
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Decodes the escapes of a part.
fn unescape(text: &str, part: Part) -> Result<String, String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
            let (Some(high), Some(low)) = (digit(bytes.next()), digit(bytes.next())) else {
                return Err(format!("invalid URL escape in {text:?}"));
            };
            // In a host, only characters beyond ASCII may be escaped.
            if part == Part::Host && high < 8 {
                return Err(format!("invalid URL escape in {text:?}"));
            }
            // Two hexadecimal digits always fit into a byte.
            out.push((high * 16 + low) as u8);
        } else if part == Part::Host && byte < 0x80 && !may_stay(byte, Part::Host) {
            return Err(format!("invalid character {:?} in host name", char::from(byte)));
        } else {
            out.push(byte);
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Escapes a part.
fn escape(text: &str, part: Part) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if may_stay(byte, part) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// Returns whether the byte may be unescaped in the part.
fn may_stay(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
        return true;
    }
    match part {
        Part::User => b"$&+,;=".contains(&byte),
        Part::Host => b"!$&'()*+,;=:[]<>\"".contains(&byte),
        Part::Path => b"$&+,/:;=@".contains(&byte),
        Part::Fragment => b"$&+,/:;=?@!()*".contains(&byte),
    }
}

/// Runs `urlJoin`.
fn join(env: &Env<'_>, args: &Args) -> ExecResult {
    let part = |key: &str| -> ExecResult<String> {
        match args.dict(0).and_then(|dict| dict.get(key)) {
            None => Ok(String::new()),
            Some(Value::Text(text)) => {
                env.spend_bytes(text.len().saturating_mul(4))?;
                Ok(text.to_string())
            }
            Some(other) => fail(format!(
                "unable to parse {key} key, must be of type string, but {} found",
                other.kind_name()
            )),
        }
    };
    let userinfo = part("userinfo")?;
    let mut url = Url {
        scheme: part("scheme")?,
        opaque: part("opaque")?,
        userinfo: None,
        host: part("host")?,
        path: part("path")?,
        query: part("query")?,
        fragment: part("fragment")?,
    };
    if !userinfo.is_empty() {
        match Url::parse(&format!("proto://{userinfo}@host")) {
            Ok(parsed) => url.userinfo = parsed.userinfo,
            Err(problem) => return fail(format!("unable to parse userinfo in dict: {problem}")),
        }
    }
    env.text(url.into_text())
}
