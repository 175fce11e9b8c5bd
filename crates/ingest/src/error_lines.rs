//! The ERROR lines of one event, bounded in number and length whatever the event contains.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};

/// The most ERROR lines that are written for one cause.
const LINES: u64 = 10;
/// The most bytes of an error's text or an item's name that are written. An S3 key has at most 1 KiB.
const TEXT: usize = 2 << 10;

/// A count of the errors of one event, by cause.
#[derive(Debug, Default)]
pub(crate) struct ErrorLines {
    causes: BTreeMap<&'static str, u64>,
}

impl ErrorLines {
    /// Counts an error, and returns whether it should be written.
    pub(crate) fn count(&mut self, cause: &'static str) -> bool {
        let count = self.causes.entry(cause).or_default();
        *count += 1;
        *count <= LINES
    }

    /// Writes how many errors of each cause were left out, and resets the counts.
    pub(crate) fn close(&mut self) {
        for (cause, count) in std::mem::take(&mut self.causes) {
            if count > LINES {
                tracing::error!("and {} more errors of this kind: {cause}", grouped(count - LINES));
            }
        }
    }
}

/// Returns the number with a comma between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns the text, cut after 2 KiB at a character boundary.
pub(crate) fn cut(text: impl Display) -> String {
    struct Cut(String);

    impl Write for Cut {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            let room = TEXT - self.0.len();
            if text.len() <= room {
                self.0.push_str(text);
                return Ok(());
            }
            self.0.push_str(&text[..text.floor_char_boundary(room)]);
            Err(fmt::Error)
        }
    }

    let mut cut = Cut(String::new());
    if write!(cut, "{text}").is_err() {
        cut.0.push('…');
    }
    cut.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_of_a_cause_are_written() {
        let mut lines = ErrorLines::default();
        let written = (0..5_000).filter(|_| lines.count("one")).count();
        assert_eq!(written, 10);
        assert!(lines.count("another"));
        lines.close();
        assert!(lines.count("one"), "the next event starts over");
    }

    #[test]
    fn numbers_are_grouped() {
        for (number, text) in [(1, "1"), (999, "999"), (4_990, "4,990"), (1_000_000, "1,000,000")] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("short"), "short");
        let long = cut("€".repeat(TEXT));
        assert!(long.len() <= TEXT + 3 && long.ends_with("€…"), "{}", long.len());
    }
}
