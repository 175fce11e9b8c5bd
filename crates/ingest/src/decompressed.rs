//! The conversion of a source's bytes into blocks of decompressed bytes.

use bytes::{Buf, Bytes, BytesMut};
use decompression::{Codec, Compression};
use tokio::io::AsyncRead;

use crate::{ByteSource, DownloadError, ReaderSource};

/// The largest size of a block, in bytes.
pub const BLOCK_SIZE: usize = 64 * 1024;

/// A reader that decompresses a source to its end, by the format of its first bytes, in bounded memory: a
/// chunk of the source, a block, and the decoder's window (32 KiB for gzip, up to 32 MiB for zstd, 4 MB for
/// bzip2).
///
/// Compressed data may have any number of parts (gzip members, zstd frames, bzip2 streams) and be padded with
/// zero bytes, as gzip(1) accepts them; other bytes after them are an error. An error is returned once, after
/// all the bytes before it; then the reader is at its end. If the data are corrupt, the last bytes before the
/// error may be wrong: gzip's checksum is at the end of a member.
#[derive(Debug)]
pub struct Decompressed<S> {
    source: S,
    /// The bytes of the source that were read but not yet used.
    input: Bytes,
    /// The number of bytes of the source that were used.
    offset: u64,
    state: State,
    /// The last block returned by `next_block`, if it was decompressed.
    block: Vec<u8>,
    /// The last block returned by `next_block`, if the source is not compressed.
    plain: Bytes,
    /// An error that follows the bytes that were decoded together with it.
    held: Option<DownloadError>,
    /// The source's error, which follows the bytes in `input`.
    broken: Option<DownloadError>,
}

#[derive(Debug)]
enum State {
    /// No bytes have been examined.
    Start,
    /// The source is not compressed.
    Plain,
    /// The decoder is within a part.
    Part(Compression, Codec),
    /// The decoder is at the end of a part.
    Between(Compression, Codec),
    /// The reader is in the zeros after the last part.
    Padding(Compression),
    End,
}

impl<R: AsyncRead + Unpin + Send> Decompressed<ReaderSource<R>> {
    /// Reads from a file or any other reader; errors name it `name`.
    pub fn from_reader(name: impl Into<String>, reader: R) -> Self {
        Self::new(ReaderSource::new(name, reader))
    }
}

impl<S: ByteSource> Decompressed<S> {
    /// Returns a reader of the source, which is not read yet.
    pub fn new(source: S) -> Self {
        Self {
            source,
            input: Bytes::new(),
            offset: 0,
            state: State::Start,
            block: Vec::new(),
            plain: Bytes::new(),
            held: None,
            broken: None,
        }
    }

    /// Returns the first bytes of the source as they are stored, at least `bytes` or all of them, before any block was
    /// taken.
    ///
    /// # Errors
    /// Returns an error if the source fails before them.
    #[cfg(feature = "parquet")]
    pub(crate) async fn first(&mut self, bytes: usize) -> Result<&[u8], DownloadError> {
        self.look_ahead(bytes).await?;
        Ok(&self.input)
    }

    /// Returns the bytes that were read and not used, and the source of the others.
    #[cfg(feature = "parquet")]
    pub(crate) fn into_parts(self) -> (Bytes, S) {
        (self.input, self.source)
    }

    /// Returns the compression of the source, or `None` before the first block and for plain bytes.
    pub fn compression(&self) -> Option<Compression> {
        match &self.state {
            State::Start | State::Plain | State::End => None,
            State::Part(compression, _) | State::Between(compression, _) | State::Padding(compression) => {
                Some(*compression)
            }
        }
    }

    /// Returns the next block, which has 1 to [`BLOCK_SIZE`] bytes, or `None` at the end. Dropping the future
    /// loses no data.
    ///
    /// # Errors
    /// Returns an error if the source fails, or if its bytes are not valid in the format that they begin
    /// with.
    pub async fn next_block(&mut self) -> Result<Option<&[u8]>, DownloadError> {
        if self.is_plain().await? {
            // Plain bytes are returned without a copy.
            self.plain = self.next_plain().await?;
            return Ok(Some(&self.plain[..]).filter(|block| !block.is_empty()));
        }
        let mut block = std::mem::take(&mut self.block);
        block.clear();
        block.reserve_exact(BLOCK_SIZE);
        let appended = self.decode(&mut block).await;
        self.block = block;
        Ok((appended? > 0).then_some(self.block.as_slice()))
    }

    /// Appends the next bytes to `to`, up to its free capacity but with room for at least [`BLOCK_SIZE`]
    /// bytes, and returns their number; 0 at the end. Dropping the future loses no data.
    ///
    /// # Errors
    /// Returns an error as [`next_block`](Self::next_block) does.
    pub async fn append_to(&mut self, to: &mut Vec<u8>) -> Result<usize, DownloadError> {
        if self.is_plain().await? {
            let plain = self.next_plain().await?;
            to.extend_from_slice(&plain);
            return Ok(plain.len());
        }
        to.reserve(BLOCK_SIZE);
        self.decode(to).await
    }

    /// Detects whether the source is plain. At the end it returns false.
    async fn is_plain(&mut self) -> Result<bool, DownloadError> {
        if matches!(self.state, State::Start) {
            self.look_ahead(Compression::PROBE).await?;
            self.state = match Compression::detect(&self.input) {
                None => State::Plain,
                Some(compression) => match Codec::new(compression) {
                    Ok(codec) => State::Part(compression, codec),
                    Err(reason) => return Err(self.corrupt(compression, reason)),
                },
            };
        }
        Ok(matches!(self.state, State::Plain))
    }

    async fn next_plain(&mut self) -> Result<Bytes, DownloadError> {
        if self.input.is_empty() {
            self.look_ahead(1).await?;
        }
        let len = self.input.len().min(BLOCK_SIZE);
        self.offset += len as u64;
        Ok(self.input.split_to(len))
    }

    /// Decodes into the free capacity of `to`, until it is full or the next chunk must be awaited.
    async fn decode(&mut self, to: &mut Vec<u8>) -> Result<usize, DownloadError> {
        if let Some(error) = self.held.take() {
            return Err(error);
        }
        let before = to.len();
        loop {
            let outcome = self.advance(to);
            let decoded = to.len() - before;
            match outcome {
                // Decoded bytes must be returned before the next await: they would be lost if the caller
                // dropped the future.
                Ok(Advance::Wants(_)) if decoded > 0 => return Ok(decoded),
                Ok(Advance::Wants(bytes)) => {
                    let had = self.input.len();
                    self.look_ahead(bytes).await?;
                    if self.input.len() == had {
                        self.source_error()?;
                        self.source_ended()?;
                    }
                }
                Ok(Advance::Full | Advance::AtEnd) => return Ok(decoded),
                Err(error) => {
                    self.state = State::End;
                    if decoded == 0 {
                        return Err(error);
                    }
                    self.held = Some(error);
                    return Ok(decoded);
                }
            }
        }
    }

    /// Decodes as far as the bytes at hand allow.
    fn advance(&mut self, to: &mut Vec<u8>) -> Result<Advance, DownloadError> {
        loop {
            match std::mem::replace(&mut self.state, State::End) {
                State::Part(compression, mut codec) => {
                    if to.len() == to.capacity() {
                        self.state = State::Part(compression, codec);
                        return Ok(Advance::Full);
                    }
                    let filled = to.len();
                    let step = codec
                        .step(&self.input, to)
                        .map_err(|reason| self.corrupt(compression, reason))?;
                    self.consume(step.consumed);
                    if step.ended {
                        self.state = State::Between(compression, codec);
                        continue;
                    }
                    self.state = State::Part(compression, codec);
                    if step.consumed == 0 && to.len() == filled {
                        if self.input.is_empty() {
                            return Ok(Advance::Wants(1));
                        }
                        // A decoder that makes no progress would otherwise be called forever.
                        return Err(self.corrupt(compression, "no progress".to_owned()));
                    }
                }
                State::Between(compression, codec) => match self.input.first() {
                    Some(0) => self.state = State::Padding(compression),
                    Some(_) if compression.starts(&self.input) => {
                        self.state = State::Part(compression, codec);
                    }
                    Some(_) if self.input.len() >= Compression::PROBE => {
                        return Err(self.trailing(compression));
                    }
                    _ => {
                        self.state = State::Between(compression, codec);
                        return Ok(Advance::Wants(Compression::PROBE));
                    }
                },
                State::Padding(compression) => {
                    let zeros = self.input.iter().take_while(|byte| **byte == 0).count();
                    self.consume(zeros);
                    if !self.input.is_empty() {
                        return Err(self.trailing(compression));
                    }
                    self.state = State::Padding(compression);
                    return Ok(Advance::Wants(1));
                }
                State::Start | State::Plain | State::End => return Ok(Advance::AtEnd),
            }
        }
    }

    fn source_error(&mut self) -> Result<(), DownloadError> {
        let Some(error) = self.broken.take() else {
            return Ok(());
        };
        self.state = State::End;
        Err(error)
    }

    /// Ends the reading when the source has ended and `input` is too short for the next step.
    fn source_ended(&mut self) -> Result<(), DownloadError> {
        match std::mem::replace(&mut self.state, State::End) {
            State::Part(compression, _) => Err(DownloadError::CutShort {
                object: self.source.name().to_owned(),
                compression,
                offset: self.offset + self.input.len() as u64,
            }),
            State::Between(compression, _) if !self.input.is_empty() => Err(self.trailing(compression)),
            _ => Ok(()),
        }
    }

    /// Reads chunks until `input` has at least `bytes` bytes, or the source ends.
    async fn look_ahead(&mut self, bytes: usize) -> Result<(), DownloadError> {
        self.source_error()?;
        while self.input.len() < bytes {
            let chunk = match self.source.next_chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => return Ok(()),
                Err(error) => {
                    self.broken = Some(error);
                    if self.input.is_empty() {
                        self.source_error()?;
                    }
                    return Ok(());
                }
            };
            if self.input.is_empty() {
                self.input = chunk;
            } else {
                // A few bytes, at most once per part.
                let mut joined = BytesMut::with_capacity(self.input.len() + chunk.len());
                joined.extend_from_slice(&self.input);
                joined.extend_from_slice(&chunk);
                self.input = joined.freeze();
            }
        }
        Ok(())
    }

    fn consume(&mut self, bytes: usize) {
        self.input.advance(bytes.min(self.input.len()));
        self.offset += bytes as u64;
    }

    fn corrupt(&self, compression: Compression, reason: String) -> DownloadError {
        DownloadError::Corrupt {
            object: self.source.name().to_owned(),
            compression,
            offset: self.offset,
            reason,
        }
    }

    fn trailing(&self, compression: Compression) -> DownloadError {
        DownloadError::Trailing {
            object: self.source.name().to_owned(),
            compression,
            offset: self.offset,
        }
    }
}

/// A reason why decoding stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Advance {
    /// The output is full.
    Full,
    /// The decoder needs at least this many bytes of input.
    Wants(usize),
    /// All bytes were decoded.
    AtEnd,
}
