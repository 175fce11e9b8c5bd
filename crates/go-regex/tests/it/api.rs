//! The parts of the API that the table of Go's results does not cover, and the documented differences from Go.

use go_regex::{Regex, SyntaxErrorKind};

fn problem(pattern: &str) -> SyntaxErrorKind {
    Regex::new(pattern).unwrap_err().kind
}

#[test]
fn patterns_nested_deeper_than_100_are_refused() {
    let nested = |open: &str, close: &str, count| format!("{}a{}", open.repeat(count), close.repeat(count));
    for (open, close, most) in [("(", ")", 98), ("(x|b", "c)*", 49), ("", "*(?i)", 98)] {
        let regex = Regex::new(&nested(open, close, most)).unwrap();
        assert!(regex.find("ba").is_some(), "{open}");
        for too_many in [most + 2, 1_000_000] {
            assert_eq!(
                problem(&nested(open, close, too_many)),
                SyntaxErrorKind::Nesting(100),
                "{open}"
            );
        }
    }
}

#[test]
fn patterns_larger_than_32_mib_are_refused() {
    assert_eq!(problem(r"\pL{1000}"), SyntaxErrorKind::TooLarge(32 << 20));
    assert!(Regex::new(r"\w{1000}").unwrap().is_match(&"a".repeat(1000)));
}

#[test]
fn letters_newer_than_the_tables_of_go_are_letters() {
    // U+1C8A was assigned in Unicode 16, which also changed the category of U+1171E.
    assert!(Regex::new(r"\p{Ll}").unwrap().is_match("\u{1C8A}"));
    assert!(Regex::new(r"\p{Mc}").unwrap().is_match("\u{1171E}"));
    assert!(Regex::new(r"(?i)\p{LC}").unwrap().is_match("\u{345}"));
}

#[test]
fn scripts_of_two_words_are_known() {
    for name in ["Old_Italic", "olditalic", "Old Italic"] {
        assert!(
            Regex::new(&format!(r"\p{{{name}}}")).unwrap().is_match("𐌀"),
            "{name}"
        );
    }
}

#[test]
fn errors_name_the_pattern_and_the_part() {
    let error = |pattern| Regex::new(pattern).unwrap_err().to_string();
    assert_eq!(
        error("a(?=b)"),
        r#"regular expression "a(?=b)": look-around "(?=" is not supported (RE2 syntax)"#
    );
    assert_eq!(
        error(r"(a)\1"),
        r#"regular expression "(a)\\1": back-reference "\\1" is not supported (RE2 syntax)"#
    );
    assert_eq!(
        Regex::anchored("(").unwrap_err().to_string(),
        r#"regular expression "(": a group has no closing )"#
    );
}

#[test]
fn a_search_may_start_anywhere() {
    let regex = Regex::new(r"\Ba|^a|$").unwrap();
    assert_eq!(regex.find_at("a a", 0), Some(0..1));
    assert_eq!(regex.find_at("a a", 1), Some(3..3));
    assert_eq!(regex.find_at("aéa", 4), Some(4..4));
    for nowhere in [2, 5, usize::MAX] {
        assert_eq!(regex.find_at("aéa", nowhere), None, "{nowhere}");
    }
}

#[test]
fn a_quoted_text_matches_itself() {
    let text: String = ('\0'..='\u{FF}').collect();
    assert!(
        Regex::anchored(&go_regex::quote_meta(&text))
            .unwrap()
            .is_match(&text)
    );
    assert_eq!(go_regex::quote_meta(r"a.b\c[d]-é"), r"a\.b\\c\[d\]-é");
}

#[test]
fn a_name_used_twice_returns_the_first_group_that_took_part() {
    let regex = Regex::new("(?P<n>a)|(?P<n>b)").unwrap();
    let captures = regex.captures("b").unwrap();
    assert_eq!(captures.name("n"), Some("b"));
    assert_eq!(captures.name("m"), None);
    assert_eq!(
        captures.named().collect::<Vec<_>>(),
        [("n", None), ("n", Some("b"))]
    );
}

#[test]
fn a_literal_replacement_is_not_expanded() {
    let regex = Regex::new("(a)").unwrap();
    assert_eq!(regex.replace_all_literal("abab", "$1x"), "$1xb$1xb");
}
