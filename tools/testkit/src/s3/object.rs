//! The objects of the server.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

/// 2026-03-04T05:06:07Z.
const DEFAULT_LAST_MODIFIED: i64 = 1_772_600_767;

/// An object with its metadata.
#[derive(Clone, Debug)]
pub struct Object {
    pub(super) content: Content,
    pub(super) last_modified: i64,
    pub(super) etag: String,
    pub(super) headers: Vec<(String, String)>,
}

/// The content of an object, which all requests for it share.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Memory(Bytes),
    File { file: Arc<File>, len: u64 },
}

impl Object {
    /// Creates an object of bytes. An `Arc<[u8]>` can be passed without a copy by `Bytes::from_owner`.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self::of(Content::Memory(bytes.into()))
    }

    /// Creates an object of a file, which is read while it is sent and must not change.
    ///
    /// # Errors
    /// Returns an error when the file cannot be opened.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        let file = Arc::new(file);
        Ok(Self::of(Content::File { file, len }))
    }

    fn of(content: Content) -> Self {
        // Each object has another ETag, even if the bytes are equal. That is stricter than S3, where the ETag of a
        // small object is the MD5 of its bytes.
        static MADE: AtomicU64 = AtomicU64::new(1);
        Self {
            content,
            last_modified: DEFAULT_LAST_MODIFIED,
            etag: format!("\"{:032x}\"", MADE.fetch_add(1, Ordering::Relaxed)),
            headers: Vec::new(),
        }
    }

    /// Sets the time of writing, in seconds since 1970. The default is 2026-03-04T05:06:07Z.
    #[must_use]
    pub fn last_modified(mut self, seconds: i64) -> Self {
        self.last_modified = seconds;
        self
    }

    /// Sets the ETag, which includes the quotes. By default each object has a different one.
    #[must_use]
    pub fn etag(mut self, etag: impl Into<String>) -> Self {
        self.etag = etag.into();
        self
    }

    /// Adds a header to the responses that contain the object.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl<B: Into<Bytes>> From<B> for Object {
    fn from(bytes: B) -> Self {
        Self::new(bytes)
    }
}

impl Content {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { len, .. } => *len,
        }
    }

    /// Returns the `len` bytes from `start` on, which must exist.
    pub(super) fn read(&self, start: u64, len: usize) -> io::Result<Bytes> {
        match self {
            Self::Memory(bytes) => {
                let start = usize::try_from(start).map_err(io::Error::other)?;
                Ok(bytes.slice(start..start + len))
            }
            Self::File { file, .. } => {
                let mut bytes = vec![0; len];
                file.read_exact_at(&mut bytes, start)?;
                Ok(bytes.into())
            }
        }
    }
}
