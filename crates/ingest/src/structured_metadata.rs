//! The facts about the source of an entry that can be attached to it as structured metadata.

use aws_logs::cloudwatch::EventIds;

/// A fact about the source of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetadataField {
    /// The CloudWatch log stream.
    LogStream,
    /// CloudWatch's id of the log event.
    EventId,
    /// The bucket of the S3 object.
    S3Bucket,
    /// The key of the S3 object, decoded.
    S3Key,
    /// The account: `@aws.account` of a log event, else the owner of the log group, or the account in an S3 key.
    Account,
    /// The region: `@aws.region` of a log event, or the region in an S3 key.
    Region,
    /// The sequence number of the Kinesis record.
    KinesisSequence,
}

impl MetadataField {
    /// The prefix of all names in Loki.
    const PREFIX: &str = "aws_";
    /// All fields, in the order of the documentation.
    pub const ALL: [Self; 7] = [
        Self::LogStream,
        Self::EventId,
        Self::S3Bucket,
        Self::S3Key,
        Self::Account,
        Self::Region,
        Self::KinesisSequence,
    ];

    /// Returns the name of the structured metadata in Loki.
    pub const fn loki_name(self) -> &'static str {
        match self {
            Self::LogStream => "aws_log_stream",
            Self::EventId => "aws_event_id",
            Self::S3Bucket => "aws_s3_bucket",
            Self::S3Key => "aws_s3_key",
            Self::Account => "aws_account",
            Self::Region => "aws_region",
            Self::KinesisSequence => "aws_kinesis_sequence",
        }
    }

    /// Returns the name in the setting, which is that in Loki without `aws_`.
    pub fn name(self) -> &'static str {
        self.loki_name().strip_prefix(Self::PREFIX).unwrap_or_default()
    }
}

/// The facts that are attached to each entry, in this order, each at most once. None by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetadataFields(Vec<MetadataField>);

/// An error about a list of facts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataFieldError {
    /// The list has a name that no field has.
    #[error("{name:?} cannot be attached; expected a comma-separated list of {}", names())]
    Unknown {
        /// The name.
        name: String,
    },
    /// The list has the same name twice.
    #[error("{name} is named twice; expected each name once")]
    Twice {
        /// The name.
        name: &'static str,
    },
}

fn names() -> String {
    MetadataField::ALL.map(MetadataField::name).join(", ")
}

impl MetadataFields {
    /// Parses a comma-separated list of names. Spaces around names are ignored.
    ///
    /// # Errors
    /// Returns an error for the first name that is not known or that is repeated.
    pub fn parse(text: &str) -> Result<Self, MetadataFieldError> {
        let mut fields = Vec::new();
        for name in text.split(',').map(str::trim) {
            let field = MetadataField::ALL.into_iter().find(|field| field.name() == name);
            let field = field.ok_or_else(|| MetadataFieldError::Unknown {
                name: name.to_owned(),
            })?;
            if fields.contains(&field) {
                return Err(MetadataFieldError::Twice { name: field.name() });
            }
            fields.push(field);
        }
        Ok(Self(fields))
    }

    /// Returns the position of the field in the list.
    pub(crate) fn position(&self, field: MetadataField) -> Option<usize> {
        self.0.iter().position(|listed| *listed == field)
    }

    /// Returns the field with that name in Loki.
    pub(crate) fn position_of_name(&self, loki_name: &str) -> Option<usize> {
        self.0.iter().position(|listed| listed.loki_name() == loki_name)
    }

    /// Returns whether the ids of log events are needed.
    pub(crate) fn event_ids(&self) -> EventIds {
        match self.0.contains(&MetadataField::EventId) {
            true => EventIds::Kept,
            false => EventIds::Skipped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_names_are_parsed() {
        let all = MetadataFields::parse(&names()).unwrap();
        assert_eq!(all, MetadataFields(MetadataField::ALL.to_vec()));
        assert_eq!(all.event_ids(), EventIds::Kept);
        let some = MetadataFields::parse("region,log_stream").unwrap();
        assert_eq!(some.position(MetadataField::LogStream), Some(1));
        assert_eq!(some.position(MetadataField::Account), None);
        assert_eq!(some.event_ids(), EventIds::Skipped);
        for (text, error) in [
            (
                "region,stream",
                "\"stream\" cannot be attached; expected a comma-separated list of log_stream, event_id, s3_bucket, \
                 s3_key, account, region, kinesis_sequence",
            ),
            (
                "region,",
                "\"\" cannot be attached; expected a comma-separated list of log_stream, event_id, s3_bucket, s3_key, account, region, kinesis_sequence",
            ),
            (
                "region,account,region",
                "region is named twice; expected each name once",
            ),
        ] {
            assert_eq!(MetadataFields::parse(text).unwrap_err().to_string(), error);
        }
    }
}
