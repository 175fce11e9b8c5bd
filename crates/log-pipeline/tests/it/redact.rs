//! The stage `redact`: what it finds, what it does not, and that nothing of it is pushed.

use std::sync::Arc;

use log_pipeline::{Clock, Pipeline, Stages};
use loki_push::{Batches, Buffers, Encoding, Entry, ItemId, LabelSet, Timestamp};
use proptest::prelude::*;

const KINDS: [(&str, &str); 6] = [
    ("email", include_str!("../data/redact/email.txt")),
    ("ip", include_str!("../data/redact/ip.txt")),
    ("credit_card", include_str!("../data/redact/credit_card.txt")),
    (
        "aws_access_key",
        include_str!("../data/redact/aws_access_key.txt"),
    ),
    ("jwt", include_str!("../data/redact/jwt.txt")),
    ("bearer", include_str!("../data/redact/bearer.txt")),
];

const KEY: &[u8] = b"a key that nobody guesses";

fn stages(config: &str) -> Stages {
    Stages::parse(config, &Clock::new(|| Timestamp::EPOCH)).unwrap()
}

fn masking(kind: &str) -> Pipeline {
    Pipeline::default().with_stages(stages(&format!(r#"[{{"redact":{{"kinds":["{kind}"]}}}}]"#)))
}

fn masking_all() -> Pipeline {
    Pipeline::default().with_stages(stages(r#"[{"redact":{}}]"#))
}

fn entry(line: &str) -> Entry<'_> {
    Entry {
        labels: Arc::new(LabelSet::from_iter([("a", "b")])),
        timestamp: Timestamp::EPOCH,
        line: line.into(),
        metadata: Vec::new(),
    }
}

/// Returns the line and the push body after the pipeline.
fn pushed(pipeline: &Pipeline, line: &str) -> (String, String) {
    let mut batches = Batches::new(Encoding::Json, 1 << 20, &Buffers::new(1 << 20));
    let mut text = String::new();
    for (entry, item) in pipeline.run().process(entry(line), ItemId(0)) {
        text = entry.line.clone().into_owned();
        batches.add(&entry, item);
    }
    let body = batches
        .take()
        .next()
        .map(|batch| batch.pack().unwrap().body().bytes.clone());
    (
        text,
        String::from_utf8(body.unwrap_or_default().to_vec()).unwrap(),
    )
}

/// Returns the line of a table without its marks, the expected line, and the texts between the marks.
fn case(kind: &str, marked: &str) -> (String, String, Vec<String>) {
    let (mut expected, mut found, mut rest) = (String::new(), Vec::new(), marked);
    while let Some((before, marked)) = rest.split_once('⟦') {
        let (text, after) = marked.split_once('⟧').unwrap();
        expected += &format!("{before}[{kind}]");
        found.push(text.to_owned());
        rest = after;
    }
    (marked.replace(['⟦', '⟧'], ""), expected + rest, found)
}

#[test]
fn each_kind_is_found_and_what_nearly_is_one_is_not() {
    for (kind, table) in KINDS {
        let (mut found, mut near) = (0, 0);
        for row in table.lines().filter(|row| !row.starts_with('#')) {
            let (is_found, marked) = row.split_at(2);
            let (line, expected, texts) = case(kind, marked);
            assert_eq!(is_found == "+ ", !texts.is_empty(), "{row}");
            match texts.is_empty() {
                true => near += 1,
                false => found += 1,
            }
            let (text, body) = pushed(&masking(kind), &line);
            assert_eq!(text, expected, "{kind}: {line}");
            assert!(texts.iter().all(|text| !body.contains(text.as_str())), "{body}");
        }
        assert_eq!((found, near), (100, 100), "{kind}");
    }
}

/// Lines are looked at in steps of 52 bytes, of which eight that have candidates are taken together.
#[test]
fn each_kind_is_found_at_each_place_of_a_step() {
    for (kind, table) in KINDS {
        let pipeline = masking(kind);
        let mut run = pipeline.run();
        for row in table.lines().filter(|row| row.starts_with("+ ")) {
            let (line, expected, _) = case(kind, &row[2..]);
            for before in (0..64).chain(7 * 52..9 * 52) {
                let step = format!("@{}", " ".repeat(51));
                let before = match before {
                    0..64 => " ".repeat(before),
                    _ => step.repeat(9)[..before - 1].to_owned() + " ",
                };
                let (line, expected) = (format!("{before}{line}"), format!("{before}{expected}"));
                let (entry, _) = run.process(entry(&line), ItemId(0)).into_iter().next().unwrap();
                assert_eq!(entry.line, expected, "{kind}: {line}");
            }
        }
    }
}

#[test]
fn texts_of_several_kinds_are_replaced_in_one_line() {
    for (line, expected) in [
        ("ada@example.com from 10.0.0.1", "[email] from [ip]"),
        ("4111111111111111@example.com", "[email]"),
        (
            "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln, ASIAIOSFODNN7EXAMPLE",
            "Bearer [jwt], [aws_access_key]",
        ),
        ("10.0.0.1 10.0.0.1,10.0.0.2", "[ip] [ip],[ip]"),
        ("::1 4111-1111-1111-1111 ::1", "[ip] [credit_card] [ip]"),
        ("1.2-3.4-5.6 1.2a3.4b5.6", "1.2-3.4-5.6 1.2a3.4b5.6"),
        ("nothing of the kind", "nothing of the kind"),
        ("", ""),
    ] {
        assert_eq!(pushed(&masking_all(), line).0, expected, "{line}");
    }
}

#[test]
fn with_a_key_equal_texts_have_equal_hashes() {
    let pipeline = |key: Option<&[u8]>| {
        let stages = stages(r#"[{"redact":{"kinds":["email"],"hash":true}}]"#);
        assert!(stages.redact_key().is_needed());
        if let Some(key) = key {
            stages.redact_key().set(key).unwrap();
        }
        Pipeline::default().with_stages(stages)
    };
    let hashed = pushed(
        &pipeline(Some(KEY)),
        "ada@example.com, bob@example.com, ada@example.com",
    )
    .0;
    let parts: Vec<&str> = hashed.split(", ").collect();
    assert_eq!((parts[0].len(), parts[0]), ("[email:]".len() + 32, parts[2]));
    assert_ne!(parts[0], parts[1]);
    assert_ne!(
        pushed(&pipeline(Some(b"another key of 16 bytes")), "ada@example.com").0,
        parts[0]
    );
    // Without the key nothing is shipped as it is.
    assert_eq!(pushed(&pipeline(None), "ada@example.com").0, "[email]");
    assert!(!stages(r#"[{"redact":{}}]"#).redact_key().is_needed());
}

/// Returns texts of all kinds.
fn secret() -> impl Strategy<Value = String> {
    let card = "4[0-9]{14}".prop_map(|number| {
        let digits = (0..=9).map(|last| format!("{number}{last}"));
        let valid = |digits: &String| {
            let weighted = digits.bytes().rev().enumerate().map(|(index, digit)| {
                let digit = u32::from(digit - b'0') * (1 + index as u32 % 2);
                digit / 10 + digit % 10
            });
            weighted.sum::<u32>() % 10 == 0
        };
        digits.into_iter().find(valid).unwrap()
    });
    let grouped = card.clone().prop_map(|number| {
        let groups: Vec<&str> = (0..4).map(|group| &number[4 * group..4 * group + 4]).collect();
        groups.join("-")
    });
    prop_oneof![
        "[a-z][a-z0-9._+-]{0,10}[a-z0-9]@[a-z0-9]{1,8}(\\.[a-z0-9]{1,8}){0,2}\\.[a-z]{2,6}",
        any::<std::net::Ipv4Addr>().prop_map(|address| address.to_string()),
        any::<std::net::Ipv6Addr>().prop_map(|address| address.to_string()),
        card,
        grouped,
        "(AKIA|ASIA)[A-Z2-7]{16}",
        "eyJ[A-Za-z0-9_-]{20,40}\\.eyJ[A-Za-z0-9_-]{5,40}\\.[A-Za-z0-9_-]{20,43}",
    ]
}

/// A colon that begins a line once ended the process: it was looked at together with the byte before it.
#[test]
fn a_line_may_begin_with_a_colon() {
    for (line, redacted) in [
        (":", ":"),
        (": x", ": x"),
        (":: x", ":: x"),
        (": client ::1:0:0:0, ", ": client [ip], "),
    ] {
        assert_eq!(pushed(&masking_all(), line).0, redacted);
    }
}

/// An address beside another text of a kind was once left: it became one only when that text was replaced.
#[test]
fn an_ip_address_beside_a_replaced_text_is_replaced() {
    for (line, redacted) in [
        ("A@a.AA::0-", "[email][ip]-"),
        ("10.0.0.1::1", "[ip][ip]"),
        ("a@b.xn--1.2.3.4.5", "[email].[ip]"),
        ("::1:x@b.cc", "[ip]:[email]"),
        ("::1:ax@b.cc", "[ip]:[email]"),
        ("1::x@b.cc", "[ip][email]"),
        ("fe80::1:eth0", "[ip]:eth0"),
        ("std::bad_alloc", "std::bad_alloc"),
    ] {
        assert_eq!(pushed(&masking_all(), line).0, redacted, "{line}");
    }
}

#[test]
fn an_address_of_any_length_is_replaced() {
    let long = format!("10.0.0.1{}@b.{}.cc", "a".repeat(100), "é".repeat(200));
    assert_eq!(pushed(&masking_all(), &long).0, "[email]");
}

/// Returns the line with the IPv4 addresses replaced, found number by number.
fn without_ipv4_addresses(line: &str) -> String {
    let (mut text, mut at) = (String::new(), 0);
    while let Some(next) = line[at..].chars().next() {
        match ipv4_address_len(&line[..at], &line[at..]) {
            Some(len) => {
                text += "[ip]";
                at += len;
            }
            None => {
                text.push(next);
                at += next.len_utf8();
            }
        }
    }
    text
}

/// Returns the length of the IPv4 address with which the text begins: four numbers up to 255 that stand alone.
fn ipv4_address_len(before: &str, text: &str) -> Option<usize> {
    let is_word = |char: char| char.is_ascii_alphanumeric();
    let follows_number = before
        .strip_suffix('.')
        .is_some_and(|rest| rest.ends_with(|char: char| char.is_ascii_digit()));
    if before.ends_with(is_word) || follows_number {
        return None;
    }
    let mut rest = text;
    for number in 0..4 {
        if number > 0 {
            rest = rest.strip_prefix('.')?;
        }
        let after = rest.trim_start_matches(|char: char| char.is_ascii_digit());
        let digits = &rest[..rest.len() - after.len()];
        if digits.len() > 3 || digits.parse::<u16>().ok()? > 255 {
            return None;
        }
        rest = after;
    }
    let goes_on = rest
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
    (!goes_on && !rest.starts_with(is_word)).then_some(text.len() - rest.len())
}

proptest! {
    #[test]
    fn ipv4_addresses_are_four_numbers_with_dots_between_them(
        before in 0..120usize,
        parts in prop::collection::vec(
            prop::sample::select(vec!["0", "7", "10", "255", "256", "1234", ".", ".", ".", ".", ".", "-", " ", "x"]),
            0..40,
        ),
    ) {
        let line = " ".repeat(before) + &parts.concat();
        prop_assert_eq!(pushed(&masking("ip"), &line).0, without_ipv4_addresses(&line), "{}", line);
    }

    #[test]
    fn what_is_masked_is_not_in_the_push_body(
        parts in prop::collection::vec((secret(), "( |, |=|\"|; x=|\\(|é |\\[|\t|/)"), 1..8),
        filler in "[ -~]{0,200}",
    ) {
        let mut line = format!("{filler} ");
        for (secret, separator) in &parts {
            // A card with a group before it could be another number.
            line += &format!("x{separator}{secret}, ");
        }
        let (_, body) = pushed(&masking_all(), &line);
        for (secret, _) in &parts {
            prop_assert!(!body.contains(secret.as_str()), "{}\n{}", line, body);
        }
    }

    #[test]
    fn bearer_tokens_are_not_in_the_push_body(token in "[A-Za-z0-9._~+/-]{24,80}={0,2}", before in "[ -~]{0,100}") {
        let (_, body) = pushed(&masking_all(), &format!("{before} Authorization: Bearer {token}"));
        prop_assert!(!body.contains(&token), "{body}");
    }

    #[test]
    fn numbers_of_cards_are_found_wherever_they_stand(before in "[ x0-9-]{0,140}[ x]", after in "([ x][ x0-9-]{0,80})?") {
        let pipeline = masking("credit_card");
        for number in ["4111111111111111", "4222222222222", "4111 1111 1111 1111", "3782-822463-10005", "6304000000000000000"] {
            let line = format!("{before}{number} {after}");
            // A word cannot end with the number, and another number, with digits of what comes before, may begin earlier.
            let found = pushed(&pipeline, &line).0;
            let is_found = found.starts_with(&format!("{before}[credit_card]"));
            prop_assert!(is_found || before.ends_with('x') || !found.starts_with(&before), "{} {}", line, found);
        }
    }

    #[test]
    fn any_text_is_redacted_completely(
        line in any::<String>(),
        near in "[0-9a-fA-F.:@ -]{0,120}",
        letters in "(eyJ|AKIA|ASIA|[Bb]earer |[A-Z2-7]{16}|[0-9]{4}|[ .@:a-z-]){0,40}",
    ) {
        let pipeline = masking_all();
        for line in [line, near, letters] {
            let once = pushed(&pipeline, &line).0;
            prop_assert_eq!(&pushed(&pipeline, &once).0, &once, "{}", line);
        }
    }
}
