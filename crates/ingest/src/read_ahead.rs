//! The requests for the objects that come after the item being read.

use std::collections::VecDeque;
use std::panic;
use std::sync::Arc;

use aws_events::{Content, Continuation, ItemError, S3Object};
use loki_push::ItemId;
use tokio::task::JoinHandle;
use tracing::Instrument;

use crate::{DownloadError, Intake, ObjectStore, StoredObject};

/// An item of an event, with its content.
pub(crate) type Item = (ItemId, Result<Content, ItemError>);

/// A request for an object, which makes progress in a task of its own. Dropping it ends the request.
#[derive(Debug)]
pub(crate) struct RequestedObject<B>(JoinHandle<Result<StoredObject<B>, DownloadError>>);

/// The most bytes of the objects that are requested ahead, as far as the event says how large they are. While a large
/// object is read, a single next one is enough to have no wait, and each open connection takes memory.
const MOST_BYTES: u64 = 2 << 20;

/// The requests for the next objects of an event, in the order of its items.
///
/// Only the start of a response is received before the object is read: of the body, what the connection reads together
/// with the headers, and what the operating system keeps in the socket's buffer.
#[derive(Debug)]
pub(crate) struct ReadAhead<'a, O: ObjectStore> {
    intake: &'a Intake<O>,
    requests: VecDeque<(ItemId, u64, RequestedObject<O::Body>)>,
    /// The sizes of the requested objects taken together, in bytes.
    bytes: u64,
    /// The number of items to come that were already checked for an object to request.
    checked: usize,
}

impl<'a, O: ObjectStore> ReadAhead<'a, O> {
    /// Creates it without requests.
    pub(crate) fn new(intake: &'a Intake<O>) -> Self {
        Self {
            intake,
            requests: VecDeque::new(),
            bytes: 0,
            checked: 0,
        }
    }

    /// Returns the request for the object of an item, if there is one, and requests objects of the items after it.
    pub(crate) fn advance(
        &mut self,
        item: ItemId,
        to_come: &VecDeque<Item>,
    ) -> Option<RequestedObject<O::Body>> {
        let requested = self.requests.pop_front_if(|(of, ..)| *of == item);
        let size = requested.as_ref().map_or(0, |(_, size, _)| *size);
        self.bytes = self.bytes.saturating_sub(size);
        self.checked = self.checked.saturating_sub(1);
        while self.requests.len() < self.intake.settings.read_ahead
            && let Some((item, content)) = to_come.get(self.checked)
        {
            if let Ok(Content::S3Object(object) | Content::Continuation(Continuation { object, .. })) =
                content
                && self.intake.requests_object(object)
            {
                let size = object.size.unwrap_or_default();
                if !self.requests.is_empty() && self.bytes.saturating_add(size) > MOST_BYTES {
                    break;
                }
                self.bytes = self.bytes.saturating_add(size);
                let request = RequestedObject::new(&self.intake.objects, object);
                self.requests.push_back((*item, size, request));
            }
            self.checked += 1;
        }
        requested.map(|(.., request)| request)
    }
}

impl<B: Send + 'static> RequestedObject<B> {
    /// Requests the object.
    fn new<O: ObjectStore<Body = B>>(store: &Arc<O>, object: &S3Object) -> Self {
        let (store, object) = (Arc::clone(store), object.clone());
        let request = async move { store.open((&object).into()).await };
        // The task runs in the current span, so that its warnings are logged as those of the invocation.
        Self(tokio::spawn(request.in_current_span()))
    }

    /// Waits for the object.
    ///
    /// # Errors
    /// Returns an error if the store does not return the object.
    pub(crate) async fn opened(mut self) -> Result<StoredObject<B>, DownloadError> {
        match (&mut self.0).await {
            Ok(opened) => opened,
            // The task is only cancelled when this is dropped, so it has panicked.
            Err(error) => panic::resume_unwind(error.into_panic()),
        }
    }
}

impl<B> Drop for RequestedObject<B> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
