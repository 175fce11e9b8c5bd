//! Tables of the results of Go 1.26, and of json-iterator 1.1.12 for [`JsonEncoder::JsonIterator`].

use std::fmt;

use go_text::{
    JsonEncoder, JsonText, Unescaped, can_backquote, is_print, lower_char, quote, quote_ascii, quote_char,
    unescape, unescape_utf16, upper_char, without_lone_surrogates, write_json_number, write_json_string,
};
use serde_json::Value;

/// Returns what the function writes.
fn written(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut out = String::new();
    write(&mut out).unwrap();
    out
}

/// Returns a string of JSON.
fn json(text: &str, encoder: JsonEncoder) -> String {
    let mut out = String::new();
    write_json_string(text, encoder, &mut out);
    out
}

/// Returns for each character whether Go can print it, or `None` if Go's tables, which are those of Unicode 15, do not
/// assign it.
fn go_print() -> Vec<Option<bool>> {
    let ranges: Vec<(usize, usize, bool)> = serde_json::from_str(include_str!("../data/print.json")).unwrap();
    let mut print = vec![None; 0x11_0000];
    for (first, last, printable) in ranges {
        print[first..=last].fill(Some(printable));
    }
    print
}

#[test]
fn every_character_is_printable_or_not_as_in_go() {
    let go = go_print();
    for char in '\0'..=char::MAX {
        if let Some(printable) = go[char as usize] {
            assert_eq!(is_print(char), printable, "{char:?}");
        }
    }
}

/// Compares for each block of 4096 characters the FNV-1a hash of everything that Go writes for them.
#[test]
fn every_character_is_written_as_in_go() {
    let (go, hashes) = (go_print(), include_str!("../data/written-hashes.json"));
    let hashes: Vec<String> = serde_json::from_str(hashes).unwrap();
    assert_eq!(hashes.len(), 0x11_0000 / 4096);
    for (block, expected) in (0u32..).zip(&hashes) {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let chars = (block * 4096..(block + 1) * 4096).filter_map(char::from_u32);
        for char in chars.filter(|char| go[*char as usize].is_some()) {
            let text = &char.to_string();
            for part in [
                written(|out| quote(text, out)),
                written(|out| quote_ascii(text, out)),
                written(|out| quote_char(char, false, out)),
                written(|out| quote_char(char, true, out)),
                json(text, JsonEncoder::Standard),
                json(text, JsonEncoder::WithoutHtml),
                json(text, JsonEncoder::JsonIterator),
                can_backquote(text).to_string(),
            ] {
                for byte in part.bytes() {
                    hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
                }
            }
        }
        assert_eq!(
            format!("{hash:016x}"),
            *expected,
            "U+{:04X} and after",
            block * 4096
        );
    }
}

#[test]
fn texts_are_written_as_in_go() {
    let rows: Vec<Value> = serde_json::from_str(include_str!("../data/written.json")).unwrap();
    assert_eq!(rows.len(), 200);
    for row in rows {
        let text = row["text"].as_str().unwrap();
        assert_eq!(written(|out| quote(text, out)), row["quote"], "{text:?}");
        assert_eq!(
            written(|out| quote_ascii(text, out)),
            row["quote_ascii"],
            "{text:?}"
        );
        assert_eq!(can_backquote(text), row["backquote"], "{text:?}");
        assert_eq!(json(text, JsonEncoder::Standard), row["standard"], "{text:?}");
        assert_eq!(
            json(text, JsonEncoder::WithoutHtml),
            row["without_html"],
            "{text:?}"
        );
        assert_eq!(
            json(text, JsonEncoder::JsonIterator),
            row["json_iterator"],
            "{text:?}"
        );
    }
}

#[test]
fn numbers_are_written_as_in_go() {
    let rows: Vec<(String, String)> = serde_json::from_str(include_str!("../data/numbers.json")).unwrap();
    assert!(rows.len() > 500);
    for (bits, expected) in rows {
        let number = f64::from_bits(u64::from_str_radix(&bits, 16).unwrap());
        let mut out = String::new();
        write_json_number(number, &mut out);
        assert_eq!(out, expected);
    }
}

#[test]
fn escapes_are_read_as_in_go() {
    let rows: Vec<(String, char, Option<u32>, bool, String)> =
        serde_json::from_str(include_str!("../data/escapes.json")).unwrap();
    assert!(rows.len() > 400);
    for (text, quote, code, byte, rest) in rows {
        let mut chars = text.chars();
        let expected = code.map(|code| match byte {
            true => u8::try_from(code).unwrap().into(),
            false => code,
        });
        let read = unescape(&mut chars, quote);
        let code = read.map(|read| match read {
            Unescaped::Char(char) => u32::from(char),
            Unescaped::Byte(byte) => u32::from(byte),
        });
        assert_eq!(code, expected, "{text}");
        if read.is_some() {
            assert_eq!(chars.as_str(), rest, "{text}");
        }
        let mut bytes = Vec::new();
        if let Some(read) = read {
            read.push_to(&mut bytes);
            assert_eq!(std::str::from_utf8(&bytes).is_err(), byte, "{text}");
        }
    }
}

#[test]
fn surrogates_are_read_as_in_go() {
    let rows: Vec<(String, String)> = serde_json::from_str(include_str!("../data/surrogates.json")).unwrap();
    assert_eq!(rows.len(), 300);
    for (json, text) in rows {
        assert_eq!(
            serde_json::from_str::<JsonText<'_>>(&json).unwrap().0,
            text,
            "{json}"
        );
        let fixed = without_lone_surrogates(&json);
        assert_eq!(serde_json::from_str::<String>(&fixed).unwrap(), text, "{json}");
        if let Some(rest) = json.strip_prefix("\"\\u") {
            let (char, _) = unescape_utf16(rest).unwrap();
            assert_eq!(Some(char), text.chars().next(), "{json}");
        }
    }
}

/// Returns whether the character has a case mapping in Unicode 17 but not in Go's Unicode 15.
fn is_newer_than_go(code_point: u32) -> bool {
    matches!(code_point, 0x19B | 0x264 | 0x1C89 | 0x1C8A | 0xA7CB..=0xA7DC | 0x10D50..=0x10D85 | 0x16EA0..=0x16ED3)
}

/// The table has each character that Go's `unicode.ToLower` or `unicode.ToUpper` changes, with both results.
#[test]
fn the_case_of_every_character_is_mapped_as_in_go() {
    let go: Vec<(u32, u32, u32)> = serde_json::from_str(include_str!("../data/case.json")).unwrap();
    let mut go = go.into_iter().peekable();
    for char in '\0'..=char::MAX {
        let code_point = u32::from(char);
        let (_, lower, upper) = go
            .next_if(|row| row.0 == code_point)
            .unwrap_or((code_point, code_point, code_point));
        if !is_newer_than_go(code_point) {
            assert_eq!(u32::from(lower_char(char)), lower, "{char}");
            assert_eq!(u32::from(upper_char(char)), upper, "{char}");
        }
    }
    assert_eq!(go.next(), None);
}
