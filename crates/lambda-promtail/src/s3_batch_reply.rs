//! The response to an invocation by S3 Batch Operations.

use aws_events::S3BatchInvocation;
use serde::Serialize;

use crate::ItemProgress;
use crate::logging::Escaped;

/// A response with the result of each task of an invocation by S3 Batch Operations ("Invoke AWS Lambda function" in the
/// S3 user guide).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct S3BatchReply {
    invocation_schema_version: String,
    treat_missing_keys_as: ResultCode,
    invocation_id: String,
    results: Vec<TaskResult>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum ResultCode {
    Succeeded,
    /// S3 retries the task before the job ends.
    TemporaryFailure,
    /// S3 lists the task as failed in the job's report.
    PermanentFailure,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct TaskResult {
    task_id: String,
    result_code: ResultCode,
    result_string: String,
}

/// The most characters of an error that are reported. The job's report has one line for each task.
const MAX_RESULT_CHARS: usize = 400;

impl S3BatchReply {
    /// Returns the response for these items, or `None` if a failed item has no task id; the whole invocation must fail
    /// then.
    pub fn of(invocation: S3BatchInvocation, items: &[ItemProgress]) -> Option<Self> {
        let is_known = |item: &ItemProgress| item.error().is_none() || item.batch_item().is_some();
        if !items.iter().all(is_known) {
            return None;
        }
        let results = items.iter().filter_map(|item| {
            Some(TaskResult {
                task_id: item.batch_item()?.to_owned(),
                result_code: result_code(item),
                result_string: item.error().map_or_else(|| "delivered".to_owned(), result_text),
            })
        });
        Some(Self {
            invocation_schema_version: invocation.schema_version,
            // The result of a task that is missing in the response is unknown, so S3 should retry it.
            treat_missing_keys_as: ResultCode::TemporaryFailure,
            invocation_id: invocation.id,
            results: results.collect(),
        })
    }
}

fn result_code(item: &ItemProgress) -> ResultCode {
    match item.error() {
        None => ResultCode::Succeeded,
        Some(_) if item.retry_may_help() => ResultCode::TemporaryFailure,
        Some(_) => ResultCode::PermanentFailure,
    }
}

/// Returns the error on one line, cut after [`MAX_RESULT_CHARS`] characters.
fn result_text(error: &str) -> String {
    let mut result_text = Escaped(error).to_string();
    if let Some((end, _)) = result_text.char_indices().nth(MAX_RESULT_CHARS) {
        result_text.truncate(end);
        result_text.push('…');
    }
    result_text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invocation() -> S3BatchInvocation {
        S3BatchInvocation {
            schema_version: "1.0".to_owned(),
            id: "i".to_owned(),
        }
    }

    fn item(id: &str) -> ItemProgress {
        ItemProgress::new("name".to_owned(), Some(id.to_owned()))
    }

    #[test]
    fn each_task_has_its_result() {
        let (mut gone, mut slow) = (item("gone"), item("slow"));
        gone.fail(1, "does not\nexist");
        slow.fail(1, "x".repeat(MAX_RESULT_CHARS + 1));
        slow.set_retry_may_help();
        let reply = S3BatchReply::of(invocation(), &[item("good"), gone, slow]).unwrap();
        let long = "x".repeat(MAX_RESULT_CHARS) + "…";
        assert_eq!(
            serde_json::to_value(reply).unwrap(),
            serde_json::json!({
                "invocationSchemaVersion": "1.0", "treatMissingKeysAs": "TemporaryFailure", "invocationId": "i",
                "results": [
                    {"taskId": "good", "resultCode": "Succeeded", "resultString": "delivered"},
                    {"taskId": "gone", "resultCode": "PermanentFailure", "resultString": "does not\\nexist"},
                    {"taskId": "slow", "resultCode": "TemporaryFailure", "resultString": long},
                ],
            })
        );
    }

    #[test]
    fn a_failed_task_without_an_id_fails_the_invocation() {
        let mut unnamed = ItemProgress::new("name".to_owned(), None);
        assert!(S3BatchReply::of(invocation(), std::slice::from_ref(&unnamed)).is_some());
        unnamed.fail(1, "no");
        assert_eq!(S3BatchReply::of(invocation(), &[item("good"), unnamed]), None);
    }
}
