//! The download of an object's bytes as they are stored.

use std::ops::Range;
use std::time::Duration;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use bytes::{Bytes, BytesMut};
use tokio::time;

use crate::causes::causes;
use crate::get_object::{Address, From};
use crate::resumed::Resumed;
use crate::tries::Tries;
use crate::{ByteSource, DownloadError, S3ClientSettings};

/// A download of an object's bytes. When the connection breaks, stalls, or ends too early, it continues from
/// where it stopped, provided that the ETag shows that the object is still the same.
#[derive(Debug)]
pub struct Download {
    address: Address,
    etag: Option<String>,
    length: u64,
    offset: u64,
    /// `None` while the download is interrupted.
    stream: Option<ByteStream>,
    ended: bool,
    read_timeout: Duration,
    tries: Tries,
}

impl Download {
    /// Continues from the response to the first request, whose body it takes.
    pub(crate) fn new(
        address: Address,
        answer: &mut GetObjectOutput,
        length: u64,
        settings: &S3ClientSettings,
    ) -> Self {
        Self {
            address,
            etag: answer.e_tag().map(str::to_owned),
            length,
            offset: 0,
            stream: Some(std::mem::take(&mut answer.body)),
            ended: false,
            read_timeout: settings.read_timeout,
            tries: Tries::new(settings.backoff),
        }
    }

    /// Returns the number of bytes read so far.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the next bytes, or the reason why the download broke.
    async fn read(&mut self) -> Result<Option<Bytes>, String> {
        let Some(stream) = &mut self.stream else {
            return Err("not connected".to_owned());
        };
        let chunk = loop {
            match time::timeout(self.read_timeout, stream.next()).await {
                Ok(Some(Ok(chunk))) if chunk.is_empty() => {}
                Ok(Some(Ok(chunk))) => break chunk,
                Ok(Some(Err(error))) => return Err(causes(&error)),
                Ok(None) if self.offset == self.length => return Ok(None),
                Ok(None) => return Err("the connection was closed".to_owned()),
                Err(_) => return Err(format!("nothing came for {:?}", self.read_timeout)),
            }
        };
        self.offset += chunk.len() as u64;
        Ok(Some(chunk))
    }

    /// Requests the rest of the same object.
    async fn reconnect(&mut self) -> Result<(), Reconnect> {
        let Some(etag) = self.etag.as_deref() else {
            let last = "and without an ETag it cannot be taken up again".to_owned();
            return Err(Reconnect::Never(self.broken(last)));
        };
        let offset = self.offset;
        let answer = match self
            .address
            .get(Some(From {
                offset,
                end: None,
                etag,
            }))
            .await
        {
            Ok(answer) => answer,
            Err(failed) if failed.transient => return Err(Reconnect::Failed(failed.error.to_string())),
            Err(failed) => return Err(Reconnect::Never(failed.error)),
        };
        match Resumed::of(&answer, etag, offset, self.length) {
            Resumed::Rest => {
                self.stream = Some(answer.body);
                Ok(())
            }
            Resumed::OtherState => Err(Reconnect::Never(DownloadError::Changed {
                object: self.address.name.clone(),
                offset,
            })),
            Resumed::NotTheRest(last) => Err(Reconnect::Never(self.broken(last))),
        }
    }

    /// Appends the bytes of the object up to `end` to those read of a range so far, or returns why it broke.
    async fn read_part(&self, range: &Range<u64>, bytes: &mut BytesMut) -> Result<(), Reconnect> {
        let Some(etag) = self.etag.as_deref() else {
            let last = "and without an ETag no part of it can be requested".to_owned();
            return Err(Reconnect::Never(self.broken(last)));
        };
        let rest = range.start + bytes.len() as u64..range.end;
        let from = From {
            offset: rest.start,
            end: Some(rest.end),
            etag,
        };
        let answer = match self.address.get(Some(from)).await {
            Ok(answer) => answer,
            Err(failed) if failed.transient => return Err(Reconnect::Failed(failed.error.to_string())),
            Err(failed) => return Err(Reconnect::Never(failed.error)),
        };
        let offset = rest.start;
        match Resumed::part(&answer, etag, rest, self.length) {
            Resumed::Rest => {}
            Resumed::OtherState => {
                return Err(Reconnect::Never(DownloadError::Changed {
                    object: self.address.name.clone(),
                    offset,
                }));
            }
            Resumed::NotTheRest(last) => return Err(Reconnect::Never(self.broken(last))),
        }
        let mut stream = answer.body;
        let missing = |bytes: &BytesMut| (range.end - range.start).saturating_sub(bytes.len() as u64);
        loop {
            match time::timeout(self.read_timeout, stream.next()).await {
                Ok(Some(Ok(chunk))) if chunk.len() as u64 <= missing(bytes) => {
                    bytes.extend_from_slice(&chunk)
                }
                Ok(Some(Ok(_))) => {
                    let last = "the server gives more bytes than requested".to_owned();
                    return Err(Reconnect::Never(self.broken(last)));
                }
                Ok(Some(Err(error))) => return Err(Reconnect::Failed(causes(&error))),
                Ok(None) if missing(bytes) == 0 => return Ok(()),
                Ok(None) => return Err(Reconnect::Failed("the connection was closed".to_owned())),
                Err(_) => {
                    let last = format!("nothing came for {:?}", self.read_timeout);
                    return Err(Reconnect::Failed(last));
                }
            }
        }
    }

    /// Counts an interruption at `offset`, and waits before the next attempt.
    async fn wait(&mut self, offset: u64, broke: String) -> Result<(), DownloadError> {
        let Some(wait) = self.tries.broke(offset) else {
            self.offset = offset;
            return Err(self.broken(broke));
        };
        tracing::warn!(
            object = self.address.name,
            offset,
            length = self.length,
            wait_ms = wait.as_millis(),
            "download broke, taking it up again: {broke}"
        );
        time::sleep(wait).await;
        Ok(())
    }

    fn broken(&self, last: String) -> DownloadError {
        DownloadError::Broken {
            object: self.address.name.clone(),
            offset: self.offset,
            length: self.length,
            breaks: self.tries.failed(),
            last,
        }
    }
}

/// A reason why the download could not be continued.
enum Reconnect {
    /// The attempt failed, and another one may succeed.
    Failed(String),
    /// No further attempt can succeed.
    Never(DownloadError),
}

impl ByteSource for Download {
    fn name(&self) -> &str {
        &self.address.name
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, DownloadError> {
        while !self.ended {
            let broke = if self.stream.is_some() {
                match self.read().await {
                    Ok(chunk) => {
                        self.ended = chunk.is_none();
                        return Ok(chunk);
                    }
                    Err(broke) => broke,
                }
            } else {
                match self.reconnect().await {
                    Ok(()) => continue,
                    Err(Reconnect::Failed(broke)) => broke,
                    Err(Reconnect::Never(error)) => {
                        self.ended = true;
                        return Err(error);
                    }
                }
            };
            self.stream = None;
            // An error after the last byte is a wrong checksum: the bytes have been handed out already.
            if self.offset == self.length {
                self.tries.broke(self.offset);
                self.ended = true;
                return Err(self.broken(broke));
            }
            if let Err(error) = self.wait(self.offset, broke).await {
                self.ended = true;
                return Err(error);
            }
        }
        Ok(None)
    }

    fn size(&self) -> Option<u64> {
        Some(self.length)
    }

    async fn read_range(&mut self, range: Range<u64>) -> Result<Bytes, DownloadError> {
        // The rest of the first response is not needed.
        self.stream = None;
        self.ended = true;
        let len = range.end.saturating_sub(range.start);
        let mut bytes = BytesMut::with_capacity(usize::try_from(len).unwrap_or(0));
        while (bytes.len() as u64) < len {
            match self.read_part(&range, &mut bytes).await {
                Ok(()) => {}
                Err(Reconnect::Never(error)) => return Err(error),
                Err(Reconnect::Failed(broke)) => {
                    self.wait(range.start + bytes.len() as u64, broke).await?;
                }
            }
        }
        Ok(bytes.freeze())
    }
}
