//! A reader of one delivery after the other.

use std::mem;

use decompression::Inflater;

use super::{EventIds, MAX_INFLATED, SubscriptionData, SubscriptionDataError, inflate_with, inflater};

/// The largest capacity, in bytes, that is kept, so that one large delivery does not occupy its memory
/// forever.
const KEPT_CAPACITY: usize = 1 << 20;

/// A reader that reuses the memory of earlier deliveries.
///
/// Otherwise the memory for each delivery would be returned to the system after it, and cleared by the system
/// before the next use: 37 pages for 200 lines. Reuse takes a tenth off the CPU time of an event.
#[derive(Debug)]
pub struct DeliveryReader {
    limit: usize,
    ids: EventIds,
    inflater: Inflater,
    json: Vec<u8>,
    text: Vec<u8>,
}

impl Default for DeliveryReader {
    fn default() -> Self {
        Self::within(MAX_INFLATED)
    }
}

impl DeliveryReader {
    /// Returns a reader of deliveries that inflate to at most `limit` bytes.
    pub fn within(limit: usize) -> Self {
        Self {
            limit,
            ids: EventIds::default(),
            inflater: inflater(),
            json: Vec::new(),
            text: Vec::new(),
        }
    }

    /// Returns the reader with this treatment of the ids of log events.
    #[must_use]
    pub fn with_event_ids(self, ids: EventIds) -> Self {
        Self { ids, ..self }
    }

    /// Reads the gzipped JSON of one delivery.
    ///
    /// # Errors
    /// Returns an error if the data are not gzip, end too early, inflate to more than the limit, or are not
    /// JSON, or if a field has another type than CloudWatch Logs gives it.
    pub fn read(&mut self, compressed: &[u8]) -> Result<SubscriptionData, SubscriptionDataError> {
        let inflated = inflate_with(&mut self.inflater, compressed, self.limit, &mut self.json);
        let read = inflated
            .and_then(|()| SubscriptionData::parse_in(mem::take(&mut self.text), &self.json, self.ids));
        if self.json.capacity() > KEPT_CAPACITY {
            self.json = Vec::new();
        }
        read
    }

    /// Reads the JSON of one delivery from a source that may also contain other documents, such as an S3
    /// object.
    ///
    /// # Errors
    /// Returns an error if the document is longer than the limit, has a field of another type than CloudWatch
    /// Logs gives it, or is not a delivery.
    pub fn read_document(&mut self, json: &[u8]) -> Result<SubscriptionData, SubscriptionDataError> {
        if json.len() > self.limit {
            return Err(SubscriptionDataError::TooLarge { limit: self.limit });
        }
        let data = SubscriptionData::parse_in(mem::take(&mut self.text), json, self.ids)?;
        if !data.is_delivery() {
            return Err(SubscriptionDataError::NotDelivery);
        }
        Ok(data)
    }

    /// Keeps the memory of a delivery that is no longer needed for the next one.
    pub fn keep(&mut self, data: SubscriptionData) {
        if data.text.capacity() <= KEPT_CAPACITY {
            self.text = data.text.into_bytes();
        }
    }
}
