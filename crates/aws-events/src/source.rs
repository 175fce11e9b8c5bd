//! Where events come from.

/// What woke the function: the outermost of the envelopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// A CloudWatch Logs subscription filter.
    CloudWatchLogs,
    /// S3's own notifications.
    S3,
    /// An SNS topic.
    Sns,
    /// An SQS queue, polled by an event source mapping.
    Sqs,
    /// An EventBridge rule.
    EventBridge,
    /// A Kinesis data stream, polled by an event source mapping.
    Kinesis,
}

impl Source {
    /// The source's name in logs and summaries.
    pub fn name(self) -> &'static str {
        match self {
            Self::CloudWatchLogs => "cloudwatch_logs",
            Self::S3 => "s3",
            Self::Sns => "sns",
            Self::Sqs => "sqs",
            Self::EventBridge => "eventbridge",
            Self::Kinesis => "kinesis",
        }
    }

    /// Whether AWS reads `batchItemFailures` from the answer, when its event source mapping says so. The
    /// others are asynchronous: all they can be told is that the invocation failed.
    pub fn takes_batch_item_failures(self) -> bool {
        matches!(self, Self::Sqs | Self::Kinesis)
    }
}
