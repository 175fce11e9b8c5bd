//! Objects of CloudWatch deliveries.

use aws_logs::s3::{Content, ObjectReader, ObjectType};
use loki_push::LabelSet;

use crate::s3_support::{LOAD_BALANCER, object, read, read_to, reader};

const DELIVERY: &str = r#"{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"/app","logStream":"s","subscriptionFilters":["f"],"logEvents":[{"id":"0","timestamp":1795500428123,"message":"}{"}]}"#;

fn deliveries() -> ObjectType {
    ObjectType::cloudwatch(LabelSet::from_iter([("team", "shop")]))
}

#[test]
fn each_document_is_a_delivery() {
    for between in ["", "\n", " \r\n\t"] {
        let text = [DELIVERY, between, DELIVERY, between].concat();
        for at in 0..text.len() {
            let (one, other) = text.split_at(at);
            let (records, end) = read(&deliveries(), &[one.as_bytes(), other.as_bytes()]);
            assert_eq!(end, Ok(()));
            assert!(records.iter().all(|record| record.text == DELIVERY));
            assert_eq!(records.len(), 2);
        }
    }
}

#[test]
fn the_reader_says_what_its_records_are() {
    for (kind, content) in [
        (deliveries(), Content::Deliveries),
        (object(LOAD_BALANCER), Content::Lines),
        (ObjectType::text("bucket"), Content::Lines),
    ] {
        let mut reader = reader(&kind);
        reader.feed(b"{}\n");
        reader.finish();
        let mut lines = reader.lines();
        assert!(lines.next_line().unwrap().is_some());
        assert_eq!(lines.content(), content);
    }
    assert_eq!(deliveries().delivery_labels().to_string(), r#"{team="shop"}"#);
    assert!(object(LOAD_BALANCER).delivery_labels().is_empty());
}

/// An incomplete delivery is read again as a whole.
#[test]
fn a_delivery_that_is_cut_off_is_not_taken() {
    let text = [DELIVERY, &DELIVERY[..DELIVERY.len() - 1]].concat();
    for end in [ObjectReader::abort, ObjectReader::interrupt] {
        let (records, end) = read_to(&deliveries(), &[text.as_bytes()], end);
        assert_eq!((records.len(), end), (1, Ok(())));
    }
    let (records, end) = read(&deliveries(), &[text.as_bytes()]);
    assert_eq!(records.len(), 1);
    assert_eq!(
        end.unwrap_err().to_string(),
        format!(
            "JSON document cut short after 1 complete ones, at byte {}",
            text.len()
        )
    );
}
