//! Escapes for characters that would begin another line of the log, or change how a line is shown.
//!
//! Keys, names and Loki's responses come from outside. An unescaped line break in one of them would begin a forged log
//! line, and other control characters can hide or reorder text in a terminal.

use std::fmt::{self, Write};

use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// The target of events whose message is a list of several lines. In these a line break followed by two spaces is kept.
pub const LISTING: &str = "listing";
/// The text that begins each line of a list after the first.
const LISTED: &str = "\n  ";

/// A text for the log or for an error that AWS shows. Its `Display` escapes control characters and line breaks.
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

/// A text as [`Escaped`], in which the line breaks of a list are kept.
#[derive(Clone, Copy, Debug)]
pub struct EscapedListing<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(f, self.0, Style::Text)
    }
}

impl fmt::Display for EscapedListing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        escape(f, self.0, Style::Listing)
    }
}

/// A format that writes each event as one line, whatever the event contains.
#[derive(Clone, Copy, Debug)]
pub(super) struct OneLine<F> {
    format: F,
    is_json: bool,
}

impl<F> OneLine<F> {
    /// Creates a format that escapes the text that `format` writes, with JSON's own escapes if it writes JSON.
    pub(super) fn new(format: F, is_json: bool) -> Self {
        Self { format, is_json }
    }
}

impl<F, S, N> FormatEvent<S, N> for OneLine<F>
where
    F: FormatEvent<S, N>,
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'writer> FormatFields<'writer> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let style = match (self.is_json, event.metadata().target() == LISTING) {
            (true, _) => Style::Json,
            (false, true) => Style::Listing,
            (false, false) => Style::Text,
        };
        let mut line = String::new();
        self.format.format_event(context, Writer::new(&mut line), event)?;
        escape(&mut writer, line.strip_suffix('\n').unwrap_or(&line), style)?;
        writer.write_char('\n')
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Text,
    Listing,
    Json,
}

fn escape(to: &mut impl Write, text: &str, style: Style) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(must_be_escaped) {
        let (before, from) = rest.split_at(at);
        to.write_str(before)?;
        if style == Style::Listing && from.starts_with(LISTED) {
            to.write_str(LISTED)?;
            rest = &from[LISTED.len()..];
            continue;
        }
        let mut after = from.chars();
        if let Some(character) = after.next() {
            match (style, character) {
                // All characters that are escaped have at most 16 bits.
                (Style::Json, _) => write!(to, "\\u{:04x}", u32::from(character))?,
                (_, '\n' | '\r' | '\t') => write!(to, "{}", character.escape_default())?,
                _ => write!(to, "{}", character.escape_unicode())?,
            }
        }
        rest = after.as_str();
    }
    to.write_str(rest)
}

/// Returns whether the character must be escaped: the control characters C0, DEL and C1, the two line breaks of
/// Unicode, and the characters that set the direction of text (Unicode's UAX 9), which can make a line look like
/// another one.
fn must_be_escaped(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{2028}' | '\u{2029}' | '\u{061c}' | '\u{200e}' | '\u{200f}'
        )
        || ('\u{202a}'..='\u{202e}').contains(&character)
        || ('\u{2066}'..='\u{2069}').contains(&character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_line_breaks_are_escaped() {
        for (text, expected) in [
            ("plain, with é and 日志 and 🦀", "plain, with é and 日志 and 🦀"),
            ("a\nERROR b\r\nc\td", r"a\nERROR b\r\nc\td"),
            (
                "\0\u{1b}[31m\u{7f}\u{85}\u{9b}",
                r"\u{0}\u{1b}[31m\u{7f}\u{85}\u{9b}",
            ),
            ("\u{2028}a\u{2029}", r"\u{2028}a\u{2029}"),
            ("\u{202e}gol\u{2066}\u{200f}", r"\u{202e}gol\u{2066}\u{200f}"),
            ("", ""),
        ] {
            assert_eq!(Escaped(text).to_string(), expected);
        }
    }

    #[test]
    fn a_listing_keeps_its_lines() {
        let text = "2 problems\n  A: a\n  B: b\nERROR c\n  d\r\n  ";
        assert_eq!(
            EscapedListing(text).to_string(),
            "2 problems\n  A: a\n  B: b\\nERROR c\n  d\\r\n  "
        );
    }

    #[test]
    fn json_has_its_own_escapes() {
        let mut json = String::new();
        escape(&mut json, "{\"a\":\"\u{85}\u{2028}\u{202e}\u{7f}\"}", Style::Json).unwrap();
        assert_eq!(json, r#"{"a":"\u0085\u2028\u202e\u007f"}"#);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["a"], "\u{85}\u{2028}\u{202e}\u{7f}");
    }
}
