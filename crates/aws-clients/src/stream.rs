//! The records of a shard of a Kinesis data stream.

use std::sync::Arc;

use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::AwsAccess;
use crate::causes::{answer, no_answer};
use crate::endpoint::{Partition, ServiceHost};
use crate::json_call::{Call, Host, Service};

pub(crate) static KINESIS: Service = Service {
    id: "Kinesis",
    signing_name: "kinesis",
    target: "Kinesis_20131202",
    json: "1.1",
    host: ServiceHost {
        name: "kinesis",
        dual_stack: true,
        gov_is_fips: true,
    },
};

/// An error of reading a stream.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The text is not the ARN of a stream.
    #[error(
        "{arn:?} is not the ARN of a Kinesis stream, as in arn:aws:kinesis:eu-west-1:123456789012:stream/name"
    )]
    Arn {
        /// The text.
        arn: String,
    },
    /// A call failed.
    #[error("{arn}: {operation} failed: {answer}")]
    Call {
        /// The stream's ARN.
        arn: String,
        /// The operation.
        operation: &'static str,
        /// The service's error code and message, or the reason why there was no response.
        answer: String,
        /// The service's error code, if it answered.
        code: Option<String>,
    },
}

impl StreamError {
    /// Returns whether there were too many calls. A shard takes five `GetRecords` a second, and sends 2 MB a second,
    /// for all readers together (AWS's page "Quotas and limits").
    pub fn is_throttled(&self) -> bool {
        self.code().is_some_and(|code| THROTTLING_ERRORS.contains(&code))
    }

    /// Returns whether the position is too old: it can be used for five minutes.
    pub fn is_of_an_old_position(&self) -> bool {
        self.code() == Some("ExpiredIteratorException")
    }

    fn code(&self) -> Option<&str> {
        match self {
            Self::Arn { .. } => None,
            Self::Call { code, .. } => code.as_deref(),
        }
    }
}

/// A Kinesis data stream, in the region that its ARN names.
#[derive(Debug)]
pub struct Stream {
    access: Arc<AwsAccess>,
    arn: String,
    partition: &'static Partition,
    region: String,
}

/// A position in a shard, from which the next records are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardPosition(String);

/// Records that follow each other in a shard.
#[derive(Clone, Debug, PartialEq)]
pub struct ShardPage {
    /// The records, which can be none before the end of the shard.
    pub records: Vec<StreamRecord>,
    /// The position after them; `None` at the end of a closed shard.
    pub next: Option<ShardPosition>,
    /// Whether there were no newer records.
    pub is_newest: bool,
}

/// A record of a stream.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamRecord {
    /// The sequence number, a decimal number with more digits than an integer type holds.
    pub sequence_number: String,
    /// The data in base64.
    pub data: String,
    /// The time at which Kinesis received the record, in seconds since 1970 in UTC.
    pub approximate_arrival_timestamp: Option<f64>,
}

impl Stream {
    /// Returns a stream that reads no setting of the SDK until it is used.
    ///
    /// # Errors
    /// Returns an error if the text is not the ARN of a stream.
    pub fn new(access: Arc<AwsAccess>, arn: &str) -> Result<Self, StreamError> {
        let (partition, region) = parts(arn).ok_or_else(|| StreamError::Arn { arn: arn.to_owned() })?;
        Ok(Self {
            access,
            arn: arn.to_owned(),
            partition,
            region: region.to_owned(),
        })
    }

    /// Returns the position of the record with this sequence number. If the record has expired, that of a later one may
    /// be returned. (`kinesis:GetShardIterator`)
    ///
    /// # Errors
    /// Returns an error if Kinesis does not answer, or does not know the position.
    pub async fn position(
        &self,
        shard_id: &str,
        sequence_number: &str,
    ) -> Result<ShardPosition, StreamError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answer {
            shard_iterator: String,
        }

        let request = json!({
            "StreamARN": self.arn,
            "ShardId": shard_id,
            "ShardIteratorType": "AT_SEQUENCE_NUMBER",
            "StartingSequenceNumber": sequence_number,
        });
        let answer: Answer = self.ask("GetShardIterator", request).await?;
        Ok(ShardPosition(answer.shard_iterator))
    }

    /// Returns the records at a position, at most 10,000 or 10 MiB of them. (`kinesis:GetRecords`)
    ///
    /// # Errors
    /// Returns an error if Kinesis does not answer, or refuses, after the SDK's retries.
    pub async fn records(&self, position: &ShardPosition) -> Result<ShardPage, StreamError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Answer {
            records: Vec<StreamRecord>,
            next_shard_iterator: Option<String>,
            millis_behind_latest: Option<u64>,
        }

        let ShardPosition(iterator) = position;
        let request = json!({"StreamARN": self.arn, "ShardIterator": iterator});
        let answer: Answer = self.ask("GetRecords", request).await?;
        Ok(ShardPage {
            records: answer.records,
            next: answer.next_shard_iterator.map(ShardPosition),
            is_newest: answer.millis_behind_latest == Some(0),
        })
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        request: Value,
    ) -> Result<T, StreamError> {
        let call = Call {
            service: &KINESIS,
            operation,
            host: Host::Public(self.partition),
            region: &self.region,
        };
        let failed = |answer, code: Option<&str>| StreamError::Call {
            arn: self.arn.clone(),
            operation,
            answer,
            code: code.map(str::to_owned),
        };
        let sent = call.send(self.access.config().await, request.to_string()).await;
        let json = sent.map_err(|error| match error.as_service_error() {
            Some(refused) => failed(
                answer(error.raw_response(), refused, refused.meta(), error.request_id()),
                refused.code(),
            ),
            None => failed(no_answer(&error), None),
        })?;
        // The text of serde's errors has values of the response in it, which may be parts of a record.
        serde_json::from_str(json.expose_secret())
            .map_err(|_| failed("the answer cannot be read".to_owned(), None))
    }
}

/// Returns the partition and the region of a stream's ARN. Both become parts of a host name.
fn parts(arn: &str) -> Option<(&'static Partition, &str)> {
    let mut fields = arn.splitn(6, ':');
    let mut field = || fields.next().unwrap_or_default();
    let [prefix, partition, service, region, account, resource] =
        [field(), field(), field(), field(), field(), field()];
    let is_region = !region.is_empty()
        && region
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    let name = resource.strip_prefix("stream/").unwrap_or_default();
    let is_stream = prefix == "arn" && service == "kinesis" && !account.is_empty() && !name.is_empty();
    (is_stream && is_region).then_some(())?;
    Some((Partition::find(partition)?, region))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_streams() {
        for (arn, region) in [
            (
                "arn:aws:kinesis:eu-west-1:123456789012:stream/logs",
                Some("eu-west-1"),
            ),
            (
                "arn:aws-cn:kinesis:cn-north-1:123456789012:stream/a:b",
                Some("cn-north-1"),
            ),
            ("arn:aws:kinesis:eu-west-1:123456789012:stream/", None),
            ("arn:aws:kinesis:eu-west-1::stream/logs", None),
            ("arn:aws:kinesis:evil.example/:123456789012:stream/logs", None),
            ("arn:aws:kinesis::123456789012:stream/logs", None),
            ("arn:mars:kinesis:eu-west-1:123456789012:stream/logs", None),
            ("arn:aws:sqs:eu-west-1:123456789012:stream/logs", None),
            ("logs", None),
        ] {
            assert_eq!(parts(arn).map(|(_, region)| region), region, "{arn}");
        }
    }

    /// The URLs are those in the SDK's endpoint tests of the service.
    #[test]
    fn public_endpoints() {
        for (partition, region, fips, dual_stack, url) in [
            (
                "aws",
                "us-east-1",
                false,
                false,
                "https://kinesis.us-east-1.amazonaws.com",
            ),
            (
                "aws",
                "us-east-1",
                true,
                false,
                "https://kinesis-fips.us-east-1.amazonaws.com",
            ),
            (
                "aws",
                "us-east-1",
                false,
                true,
                "https://kinesis.us-east-1.api.aws",
            ),
            (
                "aws-us-gov",
                "us-gov-west-1",
                true,
                false,
                "https://kinesis.us-gov-west-1.amazonaws.com",
            ),
        ] {
            let partition = Partition::find(partition).unwrap();
            assert_eq!(KINESIS.host.url(partition, region, fips, dual_stack), url);
        }
    }
}
