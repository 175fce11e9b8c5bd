//! The structured metadata of one item's entries.

use std::mem;

use aws_logs::cloudwatch::EventIds;
use aws_logs::s3::KeyOrigin;

use crate::item_intake::ItemIntake;
use crate::{MetadataField, MetadataFields};

/// The structured metadata of the next entry. Entries borrow the list, and a value that changes is overwritten in its
/// memory, so that nothing is allocated for each entry.
#[derive(Debug)]
pub(crate) struct ItemMetadata<'a> {
    fields: &'a MetadataFields,
    /// Names and values, in the order of the setting. Facts that are not known are left out.
    pairs: Vec<(String, String)>,
}

impl<'a> ItemMetadata<'a> {
    pub(crate) fn new(fields: &'a MetadataFields) -> Self {
        Self {
            fields,
            pairs: Vec::new(),
        }
    }

    /// Sets or removes a fact, if it is one of those to attach. An empty value counts as unknown.
    pub(crate) fn set(&mut self, field: MetadataField, value: Option<&str>) {
        let Some(position) = self.fields.position(field) else {
            return;
        };
        let at = self.pairs.iter().position(|(name, _)| name == field.loki_name());
        let value = value.filter(|value| !value.is_empty());
        match (at.and_then(|at| self.pairs.get_mut(at)), value) {
            (Some((_, old)), Some(value)) => value.clone_into(old),
            (Some(_), None) => self.pairs.retain(|(name, _)| name != field.loki_name()),
            (None, Some(value)) => {
                let comes_before =
                    |(name, _): &(String, String)| self.fields.position_of_name(name) < Some(position);
                let at = self.pairs.partition_point(comes_before);
                let pair = (field.loki_name().to_owned(), value.to_owned());
                self.pairs.insert(at, pair);
            }
            (None, None) => {}
        }
    }

    /// Removes what belongs to log events of CloudWatch, before text in the same record.
    pub(crate) fn forget_log_events(&mut self) {
        for field in [
            MetadataField::LogStream,
            MetadataField::EventId,
            MetadataField::Account,
            MetadataField::Region,
        ] {
            self.set(field, None);
        }
    }

    /// Returns whether entries have no structured metadata.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// Lends the list to an entry, from which [`take_back`](Self::take_back) returns it.
    pub(crate) fn lend(&mut self) -> Vec<(String, String)> {
        mem::take(&mut self.pairs)
    }

    /// Takes the list back.
    pub(crate) fn take_back(&mut self, pairs: Vec<(String, String)>) {
        self.pairs = pairs;
    }

    /// Returns a copy, for entries that stages may hold back.
    pub(crate) fn to_vec(&self) -> Vec<(String, String)> {
        self.pairs.clone()
    }
}

impl<O, S> ItemIntake<'_, O, S> {
    /// Sets the structured metadata of the lines of an object.
    pub(crate) fn set_object_metadata(&mut self, bucket: &str, key: &str) {
        let origin = KeyOrigin::of(key);
        for (field, value) in [
            (MetadataField::S3Bucket, Some(bucket)),
            (MetadataField::S3Key, Some(key)),
            (MetadataField::Account, origin.account),
            (MetadataField::Region, origin.region),
        ] {
            self.metadata.set(field, value);
        }
    }

    /// Returns how the ids of log events are treated.
    pub(crate) fn event_ids(&self) -> EventIds {
        self.intake.settings.structured_metadata.event_ids()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_keep_the_order_of_the_setting() {
        let fields = MetadataFields::parse("event_id,region,account").unwrap();
        let mut metadata = ItemMetadata::new(&fields);
        metadata.set(MetadataField::LogStream, Some("s"));
        assert!(metadata.is_empty(), "the log stream is not to be attached");
        metadata.set(MetadataField::Account, Some("1"));
        metadata.set(MetadataField::EventId, Some("e1"));
        metadata.set(MetadataField::Region, Some("r"));
        let texts = |metadata: &ItemMetadata<'_>| {
            let pairs = metadata
                .to_vec()
                .into_iter()
                .map(|(name, value)| format!("{name}={value}"));
            pairs.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(texts(&metadata), "aws_event_id=e1 aws_region=r aws_account=1");
        metadata.set(MetadataField::EventId, Some("e2"));
        metadata.set(MetadataField::Region, None);
        assert_eq!(texts(&metadata), "aws_event_id=e2 aws_account=1");
        metadata.set(MetadataField::EventId, Some(""));
        let lent = metadata.lend();
        metadata.take_back(lent);
        assert_eq!(texts(&metadata), "aws_account=1");
    }
}
