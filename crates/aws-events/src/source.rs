//! The sources of events.

/// A source that invoked the function: the outermost of the envelopes.
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
    /// A Kafka topic of Amazon MSK or of a self-managed cluster, polled by an event source mapping.
    Kafka,
    /// A Kinesis data stream, polled by EventBridge Pipes.
    KinesisPipe,
    /// EventBridge Pipes, with an input template that makes whole events of its source's records.
    EventBridgePipe,
    /// Lambda's record of an invocation, sent to the function as its destination.
    LambdaDestination,
    /// A job of S3 Batch Operations.
    S3Batch,
}

impl Source {
    /// Returns the source's name in logs and summaries.
    pub fn name(self) -> &'static str {
        match self {
            Self::CloudWatchLogs => "cloudwatch_logs",
            Self::S3 => "s3",
            Self::Sns => "sns",
            Self::Sqs => "sqs",
            Self::EventBridge => "eventbridge",
            Self::Kinesis | Self::KinesisPipe => "kinesis",
            Self::Kafka => "kafka",
            Self::EventBridgePipe => "eventbridge_pipe",
            Self::LambdaDestination => "lambda_destination",
            Self::S3Batch => "s3_batch",
        }
    }

    /// Returns whether AWS reads `batchItemFailures` from the response: with an event source mapping if it is
    /// configured so, with a pipe always. The other sources are asynchronous and only see whether the
    /// invocation failed, or have a response format of their own (S3 Batch Operations). Kafka's mappings read
    /// failed items in provisioned mode only, and in another form (AWS's page "Configuring error handling
    /// controls for Kafka event sources"): a failure there fails the invocation.
    pub fn takes_batch_item_failures(self) -> bool {
        matches!(self, Self::Sqs | Self::Kinesis | Self::KinesisPipe)
    }
}
