//! The download of an object's bytes as they are stored.

use std::time::Duration;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
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
        let answer = match self.address.get(Some(From { offset, etag })).await {
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
            let wait = self.tries.broke(self.offset);
            // An error after the last byte is a wrong checksum: the bytes have been handed out already.
            let Some(wait) = wait.filter(|_| self.offset < self.length) else {
                self.ended = true;
                return Err(self.broken(broke));
            };
            tracing::warn!(
                object = self.address.name,
                offset = self.offset,
                length = self.length,
                wait_ms = wait.as_millis(),
                "download broke, taking it up again: {broke}"
            );
            time::sleep(wait).await;
        }
        Ok(None)
    }
}
