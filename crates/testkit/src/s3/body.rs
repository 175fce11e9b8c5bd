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

/// How a body ended before its end.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error("reset on purpose")]
    Reset,
    #[error("closed on purpose")]
    Closed,
    #[error("the file is not what it was")]
    File,
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let this = &mut *self;
        let end = this.breaks.map_or(this.end, |breaks| this.end.min(breaks.after));
        if this.at < end {
            let len = PIECE.min(end - this.at);
            // Not more than a piece.
            let piece: io::Result<Bytes> = this.content.read(this.at, len as usize);
            this.at += len;
            return Poll::Ready(Some(piece.map(Frame::data).map_err(|_| Broken::File)));
        }
        let Some(breaks) = this.breaks.filter(|breaks| breaks.after < this.end) else {
            return Poll::Ready(None);
        };
        let broken = match breaks.how {
            How::Stall => return Poll::Pending,
            How::Reset => Broken::Reset,
            How::Close => Broken::Closed,
        };
        ready!(
            this.pause
                .get_or_insert_with(|| Box::pin(sleep(GRACE)))
                .as_mut()
                .poll(cx)
        );
        Poll::Ready(Some(Err(broken)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.end - self.at)
    }
}
