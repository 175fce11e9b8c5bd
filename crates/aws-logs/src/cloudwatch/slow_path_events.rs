//! The log events of a delivery that is read on the slow path.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::parts::Origin;
use super::slow_path_event::Event;
use super::{LogEvent, Span};

/// The most faulty log events of a payload. Each takes more memory than its JSON, which can be as short as
/// two bytes; a payload with more of them fails as a whole.
pub(super) const MOST_FAULTY: usize = 10_000;

/// Log events and their text, each deserialized as `E`. The deserialized values are not kept, which would
/// take several times as much memory.
pub(super) struct Events<E> {
    pub(super) text: String,
    pub(super) log_events: Vec<LogEvent>,
    pub(super) origins: Vec<Origin>,
    faulty: usize,
    read_as: PhantomData<E>,
}

impl<E> Default for Events<E> {
    fn default() -> Self {
        Self {
            text: String::new(),
            log_events: Vec::new(),
            origins: Vec::new(),
            faulty: 0,
            read_as: PhantomData,
        }
    }
}

impl<E> Events<E> {
    /// Appends `text` to the text of the delivery and returns its place.
    pub(super) fn keep(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    /// Returns the number of log events that cannot be read.
    pub(super) fn faulty(&self) -> usize {
        self.faulty
    }

    fn push(&mut self, event: &Event<'_>) {
        let fields = &event.system_fields;
        let text = |span: &Span| self.text.get(span.clone()).unwrap_or_default();
        let last = self.origins.last();
        let last = last.map_or(("", ""), |last| (text(&last.account), text(&last.region)));
        if (&*fields.account, &*fields.region) != last {
            let (account, region) = (self.keep(&fields.account), self.keep(&fields.region));
            self.origins.push(Origin {
                from: self.log_events.len(),
                account,
                region,
            });
        }
        self.faulty += usize::from(event.timestamp.is_err());
        let (id, message) = (self.keep(&event.id.0), self.keep(&event.message.0));
        self.log_events.push(LogEvent {
            id,
            timestamp: event.timestamp,
            message,
        });
    }
}

impl<'de, E: Deserialize<'de> + Into<Event<'de>>> Deserialize<'de> for Events<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Each<E>(PhantomData<E>);

        impl<'de, E: Deserialize<'de> + Into<Event<'de>>> Visitor<'de> for Each<E> {
            type Value = Events<E>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of log events")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut events = Events::default();
                while let Some(event) = seq.next_element::<E>()? {
                    events.push(&event.into());
                    if events.faulty > MOST_FAULTY {
                        return Err(A::Error::custom(format_args!(
                            "more than {MOST_FAULTY} log events cannot be read"
                        )));
                    }
                }
                Ok(events)
            }
        }

        deserializer.deserialize_seq(Each(PhantomData))
    }
}
