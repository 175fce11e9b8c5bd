//! An event is read, or refused with an error of bounded length, both alone and inside a message.
#![no_main]

use aws_events::{Content, Event};
use libfuzzer_sys::fuzz_target;

/// The most bytes of an error: keys of an unknown event are shortened, so that a sender cannot fill the log.
const LONGEST_ERROR: usize = 16 << 10;

fn check(json: &[u8]) -> Option<Event> {
    match aws_events::parse(json) {
        Ok(event) => {
            assert!(!event.items.is_empty());
            for item in &event.items {
                match &item.content {
                    Ok(Content::S3Object(object)) => {
                        assert!(!object.bucket.is_empty() && !object.key.is_empty());
                    }
                    Ok(_) => {}
                    Err(error) => assert!(error.to_string().len() <= LONGEST_ERROR),
                }
            }
            Some(event)
        }
        Err(error) => {
            assert!(error.to_string().len() <= LONGEST_ERROR);
            None
        }
    }
}

fuzz_target!(|json: &[u8]| {
    let alone = check(json);
    // In a message the content is the same, and the item is named after the message.
    let body = serde_json::Value::from(&*go_text::lossy(json));
    let sqs = serde_json::json!({"Records": [{"eventSource": "aws:sqs", "messageId": "m", "body": body}]});
    let Some(sqs) = check(sqs.to_string().as_bytes()) else {
        panic!("a message fails by itself, never its event");
    };
    assert!(
        sqs.items
            .iter()
            .all(|item| item.batch_item.as_deref() == Some("m"))
    );
    let is_read = |item: &aws_events::Item| item.content.is_ok();
    match alone {
        // Nested messages may be too deep inside another message.
        Some(alone) if sqs.items.iter().all(is_read) => {
            let contents = |event: &Event| -> Vec<String> {
                event
                    .items
                    .iter()
                    .map(|item| format!("{:?}", item.content))
                    .collect()
            };
            assert_eq!(contents(&alone), contents(&sqs));
        }
        Some(_) => {}
        // CloudTrail's validation message is text, and is only recognised in a message.
        None => assert!(
            !sqs.items
                .iter()
                .any(|item| is_read(item) && !matches!(item.content, Ok(Content::CloudTrailValidation)))
        ),
    }
});
