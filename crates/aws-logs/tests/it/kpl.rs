//! Aggregates of the Kinesis Producer Library.

use aws_logs::kpl::{KplError, UserRecords, is_aggregate};
use proptest::prelude::*;
use testkit::corpora::kpl::{aggregate, aggregate_of, sealed, user_record};

/// Three user records as the library itself writes them: two of JSON and one of text.
const WRITTEN: &[u8] = b"\xf3\x89\x9a\xc2\n\x01p\x1a\x1a\x08\x00\x1a\x16{\"level\":\"info\",\"n\":1}\x1a\x1a\x08\x00\x1a\x16{\"level\":\"info\",\"n\":2}\x1a\x0e\x08\x00\x1a\nthird line\xc3\x11\x88M\x95\x90\xd3\xef,\t\xe2\x9d\x83%\xd3|";

/// Returns the user records, each as its data or its error.
fn read(data: &[u8]) -> Result<Vec<Result<Vec<u8>, KplError>>, KplError> {
    UserRecords::of(data).map(Iterator::collect)
}

/// Returns the data of user records, all of which must be valid.
fn data(aggregate: &[u8]) -> Vec<Vec<u8>> {
    read(aggregate).unwrap().into_iter().map(Result::unwrap).collect()
}

#[test]
fn user_records_are_taken_out() {
    let expected = [
        &br#"{"level":"info","n":1}"#[..],
        br#"{"level":"info","n":2}"#,
        b"third line",
    ];
    assert!(is_aggregate(WRITTEN));
    assert_eq!(data(WRITTEN), expected);
    assert_eq!(aggregate(&expected), WRITTEN);
    assert_eq!(data(&aggregate(&[])).len(), 0);
    assert_eq!(data(&aggregate(&[b"", b"a"])), [&b""[..], b"a"]);
}

#[test]
fn every_changed_byte_and_every_beginning_is_another_checksum() {
    for at in 4..WRITTEN.len() {
        let mut changed = WRITTEN.to_vec();
        changed[at] ^= 1;
        assert_eq!(read(&changed), Err(KplError::Checksum), "byte {at}");
    }
    for len in 0..WRITTEN.len() {
        assert_eq!(read(&WRITTEN[..len]), Err(KplError::Checksum), "{len} bytes");
    }
    assert_eq!(read(&[WRITTEN, b"\n"].concat()), Err(KplError::Checksum));
    assert!(!is_aggregate(&WRITTEN[..3]));
}

#[test]
fn a_user_record_that_is_none_stands_alone() {
    let messages = [
        user_record(b"before"),
        b"\x1a\x7fcut".to_vec(),
        b"\x08\x00".to_vec(),
        Vec::new(),
        user_record(b"after"),
    ];
    let read = read(&aggregate_of(&messages)).unwrap();
    assert_eq!(read.len(), 5);
    assert_eq!(read[0], Ok(b"before".to_vec()));
    assert!(matches!(read[1], Err(KplError::UserRecord(_))), "{:?}", read[1]);
    assert_eq!(read[2], Err(KplError::NoData));
    assert_eq!(read[3], Err(KplError::NoData));
    assert_eq!(read[4], Ok(b"after".to_vec()));
}

/// AWS may add fields: every wire type can be skipped.
#[test]
fn other_fields_are_passed_over() {
    let record = [&[0x1a, 5][..], &user_record(b"a")].concat();
    let others: [&[u8]; 5] = [
        b"\x12\x04hash",
        b"\x20\x96\x01",
        b"\x29\x01\x02\x03\x04\x05\x06\x07\x08",
        b"\x35\x01\x02\x03\x04",
        b"\xfa\x7f\x02ab",
    ];
    for other in others {
        assert_eq!(data(&sealed(&[other, &record, other].concat())), [b"a"]);
    }
}

#[test]
fn a_list_that_breaks_off_is_an_error_after_its_good_user_records() {
    let record = [&[0x1a, 5][..], &user_record(b"a")].concat();
    for broken in [
        &b"\x1a\x05\x08\x00"[..],
        b"\x1b",
        b"\x1a",
        b"\x80",
        b"\x29\x01",
        b"\x20\xff",
    ] {
        let read = read(&sealed(&[&record, broken].concat())).unwrap();
        assert_eq!(
            read,
            [Ok(b"a".to_vec()), Err(KplError::Broken { offset: 11 })],
            "{}",
            broken.escape_ascii()
        );
    }
}

proptest! {
    #[test]
    fn written_user_records_are_read_back(records in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..20)) {
        let slices: Vec<&[u8]> = records.iter().map(Vec::as_slice).collect();
        prop_assert_eq!(data(&aggregate(&slices)), records);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
        let records = read(&sealed(&bytes)).unwrap();
        prop_assert!(records.len() <= bytes.len());
        let _ = read(&aggregate_of(&[bytes]));
    }
}
