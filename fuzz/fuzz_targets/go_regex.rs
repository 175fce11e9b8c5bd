//! A pattern is translated and compiled, or refused with an error; all searches with it agree.
//!
//! Input: the pattern, a NUL, the text, and after another NUL a replacement.
#![no_main]

use go_regex::{Regex, SyntaxErrorKind, quote_meta};
use libfuzzer_sys::fuzz_target;
use support::texts;

fuzz_target!(|data: &[u8]| {
    let Some(mut parts) = texts(data) else { return };
    let (pattern, text) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let replacement = parts.next().unwrap_or("<$1>");
    // The time of a search is linear in the text, but patterns with many repetitions make the factor large.
    let text = text.get(..256).unwrap_or(text);
    match Regex::new(&quote_meta(text)) {
        Ok(quoted) => assert_eq!(quoted.find(text), Some(0..text.len())),
        Err(error) => assert!(matches!(error.kind, SyntaxErrorKind::TooLarge(_)), "{error}"),
    }
    let regex = match Regex::new(pattern) {
        Ok(regex) => regex,
        Err(error) => {
            let _ = error.to_string();
            return;
        }
    };
    let found = regex.find(text);
    assert_eq!(regex.is_match(text), found.is_some());
    assert_eq!(regex.captures(text).map(|captures| captures.range()), found);
    assert_eq!(regex.find_at(text, 0), found);
    let all: Vec<_> = regex.find_iter(text).collect();
    assert_eq!(all.first(), found.as_ref());
    assert!(all.windows(2).all(|pair| pair[0].end <= pair[1].start));
    let by_captures: Vec<_> = regex
        .captures_iter(text)
        .map(|captures| captures.range())
        .collect();
    assert_eq!(all, by_captures);
    assert_eq!(regex.replace_all(text, "${0}"), text);
    let _ = regex.replace_all(text, replacement.get(..64).unwrap_or(replacement));
    assert!(regex.split(text, None).concat().len() <= text.len());
    if let Ok(anchored) = Regex::anchored(pattern) {
        assert!(anchored.find(text).is_none_or(|found| found == (0..text.len())));
    }
});
