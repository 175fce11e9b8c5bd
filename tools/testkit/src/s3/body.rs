//! The body of a response, sent piece by piece to its end or to the point where it breaks off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::answer::{Break, How};
use super::object::Content;
use crate::loopback::Cut;

/// The number of bytes that are sent at a time.
const PIECE: u64 = 64 * 1024;
/// The pause before a break, in which the bytes sent before it arrive.
const GRACE: Duration = Duration::from_millis(50);

/// The bytes of an object's part, or the text of an error.
pub(super) struct Sent {
    content: Content,
    at: u64,
    end: u64,
    /// The point at which the body breaks off, in the same count as `at`.
    breaks: Option<Break>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Sent {
    pub(super) fn whole(bytes: impl Into<Bytes>) -> Self {
        let content = Content::Memory(bytes.into());
        let end = content.len();
        Self::part(content, 0, end, None)
    }

    /// Creates the body of the bytes from `at` to `end`. The position of a break is relative to `at`.
    pub(super) fn part(content: Content, at: u64, end: u64, breaks: Option<Break>) -> Self {
        let breaks = breaks.map(|breaks| Break {
            after: at + breaks.after,
            ..breaks
        });
        Self {
            content,
            at,
            end,
            breaks,
            pause: None,
        }
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        let this = &mut *self;
        let end = this.breaks.map_or(this.end, |breaks| this.end.min(breaks.after));
        if this.at < end {
            let len = PIECE.min(end - this.at);
            // The length is at most that of a piece.
            let piece: io::Result<Bytes> = this.content.read(this.at, len as usize);
            this.at += len;
            // A file that has changed meanwhile cannot be served to its end.
            return Poll::Ready(Some(piece.map(Frame::data).map_err(|_| Cut::Reset)));
        }
        let Some(breaks) = this.breaks.filter(|breaks| breaks.after < this.end) else {
            return Poll::Ready(None);
        };
        let cut = match breaks.how {
            How::Stall => return Poll::Pending,
            How::Reset => Cut::Reset,
            How::Close => Cut::Close,
        };
        ready!(
            this.pause
                .get_or_insert_with(|| Box::pin(sleep(GRACE)))
                .as_mut()
                .poll(cx)
        );
        Poll::Ready(Some(Err(cut)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.end - self.at)
    }
}
