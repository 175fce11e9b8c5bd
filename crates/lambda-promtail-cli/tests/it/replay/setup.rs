//! A queue, a receiver, and the command between them.

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use testkit::events::cloudwatch_event;
use testkit::receiver::Receiver;
use testkit::sqs::Sqs;

use crate::support::text;

/// A queue of failed events, and the receiver that they are shipped to.
pub(crate) struct Setup {
    pub(crate) sqs: Sqs,
    pub(crate) receiver: Receiver,
    /// Whether the queue has the name of a FIFO queue.
    pub(crate) is_fifo: bool,
}

impl Setup {
    pub(crate) async fn new() -> Self {
        Self {
            is_fifo: false,
            sqs: Sqs::start().await,
            receiver: Receiver::start().await,
        }
    }

    /// Returns the command, with this queue and this receiver in its environment, and quick retries.
    pub(crate) fn command(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lambda-promtail-cli"));
        command
            .arg("replay")
            .args(arguments)
            .arg(match self.is_fifo {
                true => self.sqs.fifo_url(),
                false => self.sqs.queue_url(),
            })
            .env_clear()
            .env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
            .env(
                "AWS_SECRET_ACCESS_KEY",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            )
            .env("AWS_REGION", "eu-west-1")
            .env("AWS_ENDPOINT_URL_SQS", self.sqs.url())
            .env("WRITE_ADDRESS", self.receiver.url())
            .env("MIN_BACKOFF", "1ms")
            .env("MAX_BACKOFF", "2ms")
            .env("MAX_RETRIES", "2")
            .envs(variables.iter().copied())
            .stdin(Stdio::null());
        command
    }

    /// Runs the command to its end.
    pub(crate) async fn replay(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        let mut command = self.command(arguments, variables);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        Run::new(output.await.unwrap())
    }

    /// Returns the accepted entries as labels, time and line, sorted.
    pub(crate) fn entries(&self) -> Vec<(String, i128, String)> {
        let accepted = self.receiver.accepted().into_iter();
        let mut entries: Vec<(String, i128, String)> = accepted
            .map(|entry| (entry.labels, entry.timestamp_ns, entry.line))
            .collect();
        entries.sort();
        entries
    }
}

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) succeeded: bool,
    pub(crate) printed: String,
    pub(crate) said: String,
}

impl Run {
    fn new(output: Output) -> Self {
        assert!(output.status.code().is_some(), "{output:?}");
        Self {
            succeeded: output.status.success(),
            printed: text(&output.stdout),
            said: text(&output.stderr),
        }
    }

    /// Returns the JSON that was printed.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.printed).unwrap()
    }
}

/// Returns a subscription event with one line.
pub(crate) fn subscription(line: &str) -> String {
    cloudwatch_event(
        "/aws/lambda/checkout",
        "stream",
        "123456789012",
        &[(1_772_600_767_000, line)],
    )
}

/// Returns Lambda's record of an asynchronous invocation that failed with this error.
pub(crate) fn destination(event: &str, error: &str) -> Value {
    let payload: Value = serde_json::from_str(event).unwrap();
    json!({
        "version": "1.0",
        "timestamp": "2026-11-23T10:07:31.115Z",
        "requestContext": {
            "requestId": "e4b46cbf-b738-4880-8a18-f61a5f0ad4a3",
            "functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:lambda_promtail:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": payload,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {"errorType": "NotDelivered", "errorMessage": error},
    })
}
