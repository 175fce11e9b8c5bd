//! Queues, by the responses of a stand-in for SQS.

use std::sync::Arc;
use std::time::Duration;

use aws_clients::{AwsAccess, FixedEndpoint, NotHidden, Queue, QueueError, QueueState};
use serde_json::{Value, json};
use testkit::json_server::JsonServer;

/// Returns a queue at a server that gives this response.
async fn queue_at(status: u16, body: Value) -> (Queue, JsonServer) {
    let server = JsonServer::start([(status, "", body.to_string())]).await;
    let access = AwsAccess::fixed(FixedEndpoint {
        url: server.url(),
        region: "us-east-1".to_owned(),
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
    });
    let url = "https://sqs.eu-west-1.amazonaws.com/123456789012/failed";
    (Queue::new(Arc::new(access), url.parse().unwrap()), server)
}

#[tokio::test]
async fn the_state_of_a_queue() {
    let mut attributes = json!({
        "QueueArn": "arn:aws:sqs:eu-west-1:123456789012:failed",
        "ApproximateNumberOfMessages": "7",
        "ApproximateNumberOfMessagesNotVisible": "2",
        "ApproximateNumberOfMessagesDelayed": "1",
    });
    let (queue, _server) = queue_at(200, json!({"Attributes": attributes})).await;
    let expected = QueueState {
        arn: "arn:aws:sqs:eu-west-1:123456789012:failed".to_owned(),
        visible: 7,
        in_flight: 2,
        delayed: 1,
    };
    assert_eq!(queue.state().await.unwrap(), expected);

    attributes["ApproximateNumberOfMessagesNotVisible"] = json!("many");
    let (queue, _server) = queue_at(200, json!({"Attributes": attributes})).await;
    assert_eq!(
        queue.state().await.unwrap_err().to_string(),
        "https://sqs.eu-west-1.amazonaws.com/123456789012/failed: GetQueueAttributes failed: the answer lacks \
         ApproximateNumberOfMessagesNotVisible"
    );
}

#[tokio::test]
async fn messages_have_attributes_of_sqs_and_of_their_sender() {
    let message = json!({
        "MessageId": "m", "ReceiptHandle": "r", "Body": "b", "MD5OfBody": "x",
        "Attributes": {"SentTimestamp": "1795500428123"},
        "MessageAttributes": {
            "ErrorCode": {"DataType": "Number", "StringValue": "200"},
            "Bytes": {"DataType": "Binary", "BinaryValue": "AA=="},
        },
    });
    let bare = json!({"MessageId": "n", "ReceiptHandle": "s", "Body": ""});
    let (queue, server) = queue_at(200, json!({"Messages": [message, bare]})).await;
    let (hidden_for, wait) = (Duration::from_millis(30_900), Duration::from_secs(1));
    let messages = queue.receive(hidden_for, wait).await.unwrap();
    assert_eq!(messages.len(), 2);
    assert_eq!(
        (&*messages[0].id, &*messages[0].receipt, &*messages[0].body),
        ("m", "r", "b")
    );
    assert_eq!(messages[0].system_attributes["SentTimestamp"], "1795500428123");
    assert_eq!(
        messages[0].attributes.iter().collect::<Vec<_>>(),
        [(&"ErrorCode".to_owned(), &"200".to_owned())]
    );
    assert!(messages[1].attributes.is_empty() && messages[1].system_attributes.is_empty());
    let request = &server.requests()[0];
    assert!(request.contains("/eu-west-1/sqs/aws4_request"), "{request}");
    for part in [
        r#""VisibilityTimeout":30,"#,
        r#""WaitTimeSeconds":1"#,
        r#""MaxNumberOfMessages":10"#,
    ] {
        assert!(request.contains(part), "{part}: {request}");
    }

    // SQS leaves the member out if there are none.
    let (queue, _server) = queue_at(200, json!({})).await;
    assert_eq!(queue.receive(hidden_for, wait).await.unwrap(), []);
}

#[tokio::test]
async fn a_message_that_is_not_hidden_is_named() {
    let failed =
        json!([{"Id": "1", "SenderFault": true, "Code": "InvalidParameterValue", "Message": "gone"}]);
    let (queue, _server) = queue_at(200, json!({"Successful": [{"Id": "0"}], "Failed": failed})).await;
    let receipts = ["r".to_owned(), "s".to_owned()];
    let expected = NotHidden {
        receipt: "s".to_owned(),
        reason: "InvalidParameterValue: gone".to_owned(),
    };
    assert_eq!(queue.hide(&receipts, Duration::ZERO).await.unwrap(), [expected]);
}

/// The response may hold parts of messages.
#[tokio::test]
async fn an_error_never_shows_the_response() {
    let is_safe = |error: QueueError| {
        let error = format!("{error} {error:?}");
        assert!(
            !error.contains("hunter2") && error.contains("the answer cannot be read"),
            "{error}"
        );
    };
    let (queue, _server) = queue_at(200, json!({"Messages": ["hunter2"]})).await;
    is_safe(queue.receive(Duration::ZERO, Duration::ZERO).await.unwrap_err());

    let over_limit = json!({"__type": "com.amazonaws.sqs#OverLimit", "message": "too many"});
    let (queue, _server) = queue_at(403, over_limit).await;
    let error = queue.receive(Duration::ZERO, Duration::ZERO).await.unwrap_err();
    assert!(
        error.is_over_limit()
            && error
                .to_string()
                .contains("ReceiveMessage failed: 403 OverLimit: too many"),
        "{error}"
    );
}
