//! The samples of all types: classification by key, labels, lines and times, in any cut into blocks.

use std::collections::BTreeSet;

use crate::s3_support::{Read, read};
use aws_logs::s3::{Classified, ObjectType, UnknownType, classify, log_types};
use testkit::s3_samples::{BUCKET, S3Sample, s3_samples};

/// Returns the type of an object with this key, which is text if its key leads to no type.
fn object_type(key: &str) -> ObjectType {
    match classify(key) {
        Classified::Log(object) => object,
        Classified::Unknown(UnknownType::Key) => ObjectType::text(BUCKET),
        other => panic!("{key}: {other:?}"),
    }
}

fn assert_read(sample: &S3Sample, object: &ObjectType, blocks: &[&[u8]]) {
    let (lines, end) = read(object, blocks);
    let context = format!(
        "{}/{} in blocks of {:?} bytes",
        sample.log_type,
        sample.name,
        blocks.iter().map(|block| block.len()).collect::<Vec<_>>()
    );
    assert_eq!(end, Ok(()), "{context}");
    let expected: Vec<Read> = sample
        .lines
        .iter()
        .map(|(nanos, text)| Read::line(text, *nanos))
        .collect();
    assert_eq!(lines, expected, "{context}");
}

#[test]
fn each_type_has_a_folder_of_samples_and_each_folder_a_type() {
    let types: BTreeSet<&str> = log_types().iter().map(|log_type| log_type.token()).collect();
    let samples = s3_samples();
    let folders: BTreeSet<&str> = samples.iter().map(|sample| sample.log_type.as_str()).collect();
    assert_eq!(
        types, folders,
        "types on the left, folders of samples on the right"
    );
    assert_eq!(types.len(), log_types().len(), "two types have the same name");
}

#[test]
fn a_samples_key_leads_to_its_type_and_labels() {
    for sample in s3_samples() {
        let object = object_type(&sample.key);
        assert_eq!(object.labels().to_string(), sample.labels, "{}", sample.key);
        assert_eq!(
            object.labels().get("__aws_log_type"),
            Some(sample.log_type.as_str()),
            "{}",
            sample.key
        );
    }
}

#[test]
fn a_samples_lines_and_times_are_read_however_it_is_cut() {
    for sample in s3_samples() {
        let object = object_type(&sample.key);
        let bytes = &sample.bytes[..];
        assert_read(&sample, &object, &[bytes]);
        assert_read(&sample, &object, &bytes.chunks(1).collect::<Vec<_>>());
        for at in 1..bytes.len() {
            assert_read(&sample, &object, &[&bytes[..at], &bytes[at..]]);
        }
    }
}

#[test]
fn the_example_of_a_key_leads_to_its_type() {
    for log_type in log_types() {
        let object = object_type(log_type.example_key());
        assert_eq!(object.labels().get("__aws_log_type"), Some(log_type.token()));
    }
}
