//! Types of logs that users describe are parsed or refused. An object of such a type gives the same lines and the same
//! error however its bytes are cut into blocks.
//!
//! Input: the types, a key, and the object, with NULs between them.
#![no_main]

use aws_logs::s3::{ObjectType, OwnTypes};
use libfuzzer_sys::fuzz_target;
use loki_push::Timestamp;
use support::{assert_same, cut};

type Lines = Vec<(String, Timestamp)>;

/// Reads an object, and returns its error if there is one.
fn read(object: &ObjectType, blocks: &[&[u8]]) -> (Lines, Option<String>) {
    let mut reader = object.reader(Timestamp::EPOCH);
    let mut lines = Lines::new();
    for block in blocks.iter().map(Some).chain([None]) {
        match block {
            Some(block) => reader.feed(block),
            None => reader.finish(),
        }
        let mut complete = reader.lines();
        loop {
            match complete.next_line() {
                Ok(Some(line)) => lines.push((line.text.into_owned(), line.timestamp)),
                Ok(None) => break,
                Err(error) => return (lines, Some(error.to_string())),
            }
        }
    }
    (lines, None)
}

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(3, |byte| *byte == 0);
    let mut text = || std::str::from_utf8(parts.next().unwrap_or_default()).ok();
    let (Some(json), Some(key)) = (text(), text()) else {
        return;
    };
    let types = match OwnTypes::parse(json) {
        Ok(types) => types,
        Err(errors) => {
            assert!(!errors.to_string().is_empty());
            return;
        }
    };
    let Some(object) = types.find(key) else { return };
    let (blocks, whole) = cut(parts.next().unwrap_or_default());
    let (lines, error) = read(&object, &[whole]);
    let (cut_lines, cut_error) = read(&object, &blocks);
    assert_same(&lines, &cut_lines);
    assert_eq!(error, cut_error);
});
