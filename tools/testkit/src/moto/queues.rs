//! Queues and streams.

use serde_json::{Value, json};

use super::Moto;

/// A message that was received from a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMessage {
    /// The id.
    pub id: String,
    /// The body.
    pub body: String,
}

impl Moto {
    /// Creates an SQS queue whose messages are visible at once after each reception, and returns its URL. If there is a
    /// dead-letter queue, given by its name, a message is moved there when it would be received for the second time.
    pub async fn create_queue(&self, region: &str, name: &str, dead_letter: Option<&str>) -> String {
        let mut attributes = json!({"VisibilityTimeout": "0"});
        if let Some(dead_letter) = dead_letter {
            let arn = format!("arn:aws:sqs:{region}:{}:{dead_letter}", Self::ACCOUNT);
            let policy = json!({"deadLetterTargetArn": arn, "maxReceiveCount": 1});
            attributes["RedrivePolicy"] = json!(policy.to_string());
        }
        let queue = json!({"QueueName": name, "Attributes": attributes});
        let answer = self.call(region, "sqs", "AmazonSQS.CreateQueue", queue).await;
        answer["QueueUrl"].as_str().unwrap().to_owned()
    }

    /// Sends a message to a queue, and returns the message's id.
    pub async fn send_message(&self, region: &str, queue_url: &str, body: &str) -> String {
        let message = json!({"QueueUrl": queue_url, "MessageBody": body});
        let answer = self.call(region, "sqs", "AmazonSQS.SendMessage", message).await;
        answer["MessageId"].as_str().unwrap().to_owned()
    }

    /// Creates a FIFO queue, whose name must end in `.fifo`, and returns its URL.
    pub async fn create_fifo_queue(&self, region: &str, name: &str) -> String {
        let attributes = json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"});
        let queue = json!({"QueueName": name, "Attributes": attributes});
        let answer = self.call(region, "sqs", "AmazonSQS.CreateQueue", queue).await;
        answer["QueueUrl"].as_str().unwrap().to_owned()
    }

    /// Sends a message to a group of a FIFO queue, and returns the message's id.
    pub async fn send_to_group(&self, region: &str, queue_url: &str, group: &str, body: &str) -> String {
        let message = json!({"QueueUrl": queue_url, "MessageBody": body, "MessageGroupId": group});
        let answer = self.call(region, "sqs", "AmazonSQS.SendMessage", message).await;
        answer["MessageId"].as_str().unwrap().to_owned()
    }

    /// Receives up to ten messages of a queue.
    pub async fn receive_messages(&self, region: &str, queue_url: &str) -> Vec<ReceivedMessage> {
        let call = json!({"QueueUrl": queue_url, "MaxNumberOfMessages": 10});
        let answer = self.call(region, "sqs", "AmazonSQS.ReceiveMessage", call).await;
        let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
        let text = |message: &Value, name: &str| message[name].as_str().unwrap().to_owned();
        let messages = messages.iter().map(|message| ReceivedMessage {
            id: text(message, "MessageId"),
            body: text(message, "Body"),
        });
        messages.collect()
    }

    /// Returns the number of messages of a queue, whether they are visible or not.
    pub async fn message_count(&self, region: &str, queue_url: &str) -> usize {
        let names = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
        ];
        let call = json!({"QueueUrl": queue_url, "AttributeNames": names});
        let answer = self
            .call(region, "sqs", "AmazonSQS.GetQueueAttributes", call)
            .await;
        let count = |name: &str| -> usize { answer["Attributes"][name].as_str().unwrap().parse().unwrap() };
        names.into_iter().map(count).sum()
    }

    /// Creates a Kinesis stream with one shard, and returns its ARN.
    pub async fn create_stream(&self, region: &str, name: &str) -> String {
        let stream = json!({"StreamName": name, "ShardCount": 1});
        self.call(region, "kinesis", "Kinesis_20131202.CreateStream", stream)
            .await;
        format!("arn:aws:kinesis:{region}:{}:stream/{name}", Self::ACCOUNT)
    }

    /// Puts data, in base64, into a stream, and returns the shard and the sequence number of the record.
    pub async fn put_record(&self, region: &str, stream: &str, base64: &str) -> (String, String) {
        let record = json!({"StreamName": stream, "Data": base64, "PartitionKey": "p"});
        let answer = self
            .call(region, "kinesis", "Kinesis_20131202.PutRecord", record)
            .await;
        let text = |name: &str| answer[name].as_str().unwrap().to_owned();
        (text("ShardId"), text("SequenceNumber"))
    }
}
