//! `replay`: ships what a dead-letter or on-failure queue holds, and deletes what was delivered.

mod contents;
mod error;
mod held;
mod kinesis;
mod listing;
mod reason;
mod reception;
mod report;
mod shipping;

use std::sync::Arc;
use std::time::Duration;

use aws_clients::{AwsAccess, Queue, QueueUrl};
use lambda_promtail::{Environment, Function};
use tokio::sync::Mutex;

use crate::Outcome;
use crate::output::Output;
use held::Held;
use reception::Reception;
use shipping::Shipping;

const EXAMPLES: &str = "\
Examples:
  Say what a queue holds, and why it failed:
    lambda-promtail-cli replay --dry-run https://sqs.eu-west-1.amazonaws.com/123456789012/lambda_promtail-on-failure
  Ship it, with the settings of the function in the environment:
    lambda-promtail-cli replay https://sqs.eu-west-1.amazonaws.com/123456789012/lambda_promtail-on-failure
  Ship lines that Loki refuses as too far behind, to streams of their own:
    EXTRA_LABELS=redrive,1 lambda-promtail-cli replay https://sqs.eu-west-1.amazonaws.com/123456789012/lambda_promtail-on-failure";

/// Ships the messages of a dead-letter or on-failure queue, and deletes those that Loki has acknowledged.
///
/// The messages can be events, as Lambda, SNS and EventBridge send them when all tries have failed, records of
/// on-failure destinations, and messages that SQS moved to a dead-letter queue. Of failed batches of Kinesis, the
/// records are read from the stream. A message that cannot be shipped stays in the queue and is named, and the exit
/// code is 1. Ending the command at any time loses nothing: the messages appear in the queue again, and Loki keeps one
/// copy of each line.
///
/// It needs sqs:ReceiveMessage, sqs:DeleteMessage, sqs:ChangeMessageVisibility and sqs:GetQueueAttributes on the queue,
/// and what the function needs to read the events: s3:GetObject for objects, kinesis:GetShardIterator and
/// kinesis:GetRecords for batches of Kinesis.
#[derive(clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The URL of the queue.
    queue_url: QueueUrl,
    /// Print what the queue holds and why it failed, grouped by reason; nothing is shipped or deleted.
    #[arg(long)]
    dry_run: bool,
    /// The time for which messages are hidden from other receivers. It is extended while the command runs; when the
    /// command is killed, its messages appear again after this time.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u16).range(2..=43_200))]
    visibility_timeout: u16,
    /// The format of the output.
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
}

pub(crate) async fn run(arguments: Arguments, environment: &impl Environment) -> Outcome {
    let access = Arc::new(AwsAccess::from_environment());
    let queue = Queue::new(Arc::clone(&access), arguments.queue_url);
    let hidden_for = Duration::from_secs(arguments.visibility_timeout.into());
    // The settings are checked before anything is received.
    let function = match arguments.dry_run {
        true => None,
        false => Some(Function::from_environment(environment)?),
    };
    let queue_arn = queue.state().await?.arn;
    let held = Held::new(&queue, hidden_for);
    let reception = Reception::new(&queue, &held, hidden_for);
    let Some(function) = function else {
        let listing = held.keeping(listing::list(reception)).await?;
        return listing.print(queue.url(), arguments.output);
    };
    let shipping = Shipping {
        function: &function,
        access: &access,
        queue: &queue,
        queue_arn: &queue_arn,
        held: &held,
        streams: &Mutex::new(()),
    };
    let report = held.keeping(shipping.ship_all(reception)).await?;
    report.print(queue.url(), arguments.output)
}
