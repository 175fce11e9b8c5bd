//! The place of a failed batch's records in a Kinesis stream.

use crate::object::Object;

/// The place of the records of a batch that Lambda gave up. Its record of the batch has this in place of the records
/// (AWS's page "Retain discarded batch records for a Kinesis Data Streams event source in Lambda").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KinesisBatch {
    /// The stream's ARN.
    pub stream_arn: String,
    /// The shard of all records.
    pub shard_id: String,
    /// The sequence number of the first record.
    pub first: String,
    /// The sequence number of the last record.
    pub last: String,
    /// The number of records, if the record of the batch says so.
    pub records: Option<u64>,
}

impl KinesisBatch {
    /// Reads the place from Lambda's record of a batch. Returns `None` if a part of it is missing.
    pub(crate) fn read(record: &Object<'_>) -> Option<Self> {
        Some(Self {
            stream_arn: record.name("KinesisBatchInfo.streamArn")?,
            shard_id: record.name("KinesisBatchInfo.shardId")?,
            first: record.name("KinesisBatchInfo.startSequenceNumber")?,
            last: record.name("KinesisBatchInfo.endSequenceNumber")?,
            records: record.number("KinesisBatchInfo.batchSize"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{EventError, parse};

    fn record() -> Value {
        json!({
            "requestContext": {"requestId": "r", "condition": "RetryAttemptsExhausted", "approximateInvokeCount": 4},
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "version": "1.0",
            "timestamp": "2026-11-23T10:00:06.021Z",
            "KinesisBatchInfo": {
                "shardId": "shardId-000000000001",
                "startSequenceNumber": "49601189658422359378836298521827638475320189012309704722",
                "endSequenceNumber": "49601189658422359378836298522902373528957594348623495186",
                "approximateArrivalOfFirstRecord": "2026-11-23T10:00:04.835Z",
                "approximateArrivalOfLastRecord": "2026-11-23T10:00:05.580Z",
                "batchSize": 500,
                "streamArn": "arn:aws:kinesis:eu-west-1:111122223333:stream/logs",
            },
        })
    }

    /// Returns the place that reading the message fails with.
    fn place(message: &Value) -> Option<KinesisBatch> {
        match parse(message.to_string().as_bytes()) {
            Err(EventError::BatchWithoutRecords { kinesis, .. }) => kinesis.map(|batch| *batch),
            other => panic!("a batch without records, got {other:?}"),
        }
    }

    #[test]
    fn the_place_of_the_records_is_known_also_inside_of_a_notification() {
        let expected = KinesisBatch {
            stream_arn: "arn:aws:kinesis:eu-west-1:111122223333:stream/logs".to_owned(),
            shard_id: "shardId-000000000001".to_owned(),
            first: "49601189658422359378836298521827638475320189012309704722".to_owned(),
            last: "49601189658422359378836298522902373528957594348623495186".to_owned(),
            records: Some(500),
        };
        assert_eq!(place(&record()).as_ref(), Some(&expected));
        let notification = json!({"Type": "Notification", "MessageId": "m", "Message": record().to_string()});
        assert_eq!(place(&notification), Some(expected));
    }

    #[test]
    fn a_record_that_lacks_a_part_of_the_place_has_none() {
        for member in ["shardId", "startSequenceNumber", "endSequenceNumber", "streamArn"] {
            let mut record = record();
            record["KinesisBatchInfo"][member] = json!("");
            assert_eq!(place(&record), None, "{member}");
        }
        let mut record = record();
        record["KinesisBatchInfo"]["batchSize"] = Value::Null;
        assert_eq!(place(&record).unwrap().records, None);
    }
}
