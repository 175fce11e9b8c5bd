//! Partial batch responses, which name the messages or records that AWS delivers again.

use std::cmp::Ordering;
use std::collections::HashSet;

use aws_events::Source;
use serde::Serialize;

use crate::ItemProgress;

/// A partial batch response to an event source mapping with `ReportBatchItemFailures`. See "Handling errors for an
/// SQS event source in Lambda" and "Configuring partial batch response with Kinesis Data Streams and Lambda".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchItemFailures {
    batch_item_failures: Vec<BatchItemFailure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchItemFailure {
    item_identifier: String,
}

impl BatchItemFailures {
    /// Returns the response that reports these items as failed.
    ///
    /// For SQS it holds the ids of their messages, and for a pipe all of their ids. For Kinesis it holds the lowest of
    /// their sequence numbers, because AWS delivers that record and all records after it again.
    ///
    /// Returns `None` if an item has no id that AWS knows; the whole event must fail then.
    pub fn of(source: Source, failed: &[ItemProgress]) -> Option<Self> {
        let ids: Vec<&str> = failed
            .iter()
            .map(ItemProgress::batch_item)
            .collect::<Option<_>>()?;
        let ids = match source {
            Source::Kinesis => ids
                .into_iter()
                .min_by(|a, b| by_number(a, b))
                .into_iter()
                .collect(),
            // A message may hold several objects, so an id may occur more than once. For pipes AWS does not document
            // that the records of a stream after the first failed one are delivered again, so each is named.
            _ => distinct(ids),
        };
        let failures = ids.into_iter().map(|id| BatchItemFailure {
            item_identifier: id.to_owned(),
        });
        Some(Self {
            batch_item_failures: failures.collect(),
        })
    }
}

fn distinct(mut ids: Vec<&str>) -> Vec<&str> {
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
    ids
}

/// Compares sequence numbers: decimal numbers with more digits than an integer type holds.
fn by_number(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(source: Source, ids: &[Option<&str>]) -> Option<String> {
        let failed = ids.iter().map(|id| {
            let mut item = ItemProgress::new("name".to_owned(), id.map(str::to_owned));
            item.fail(1, "no");
            item
        });
        let failures = BatchItemFailures::of(source, &failed.collect::<Vec<_>>())?;
        Some(serde_json::to_string(&failures).unwrap())
    }

    #[test]
    fn sqs_is_told_each_message_once() {
        assert_eq!(answer(Source::Sqs, &[]).unwrap(), r#"{"batchItemFailures":[]}"#);
        assert_eq!(
            answer(Source::Sqs, &[Some("b"), Some("a"), Some("b")]).unwrap(),
            r#"{"batchItemFailures":[{"itemIdentifier":"b"},{"itemIdentifier":"a"}]}"#
        );
    }

    #[test]
    fn kinesis_is_told_the_lowest_sequence_number() {
        for ids in [
            [Some("100"), Some("99")],
            [Some("0099"), Some("100")],
            [
                Some("99"),
                Some("49545115243490985018280067714973144582180062593244200961"),
            ],
        ] {
            let answer = answer(Source::Kinesis, &ids).unwrap();
            assert!(
                answer.ends_with("99\"}]}") && answer.matches("itemIdentifier").count() == 1,
                "{answer}"
            );
        }
    }

    #[test]
    fn an_item_without_an_id_fails_the_whole_event() {
        assert_eq!(answer(Source::Sqs, &[Some("a"), None]), None);
    }
}
