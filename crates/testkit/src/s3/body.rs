//! The body of an answer, piece by piece, to its end or until it breaks.

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

/// Bytes that are sent at a time.
const PIECE: u64 = 64 * 1024;
/// What was sent before the break shall have arrived.
const GRACE: Duration = Duration::from_millis(50);

/// A part of an object's bytes, or an error's words.
pub(super) struct Sent {
    content: Content,
    at: u64,
    end: u64,
    /// Where it breaks, as `at` counts.
    breaks: Option<Break>,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Sent {
    pub(super) fn whole(bytes: impl Into<Bytes>) -> Self {
        let content = Content::Memory(bytes.into());
        let end = content.len();
        Self::part(content, 0, end, None)
    }

    /// From `at` to `end`; a break counts from `at`.
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
            // Not more than a piece.
            let piece: io::Result<Bytes> = this.content.read(this.at, len as usize);
            this.at += len;
            // A file that is not any more what it was cannot be served to its end.
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
