//! What the server keeps.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;

/// 2026-03-04T05:06:07Z.
const DEFAULT_LAST_MODIFIED: i64 = 1_772_600_767;

/// An object: bytes, and what S3 says about them.
#[derive(Clone, Debug)]
pub struct Object {
    pub(super) content: Content,
    pub(super) last_modified: i64,
    pub(super) etag: String,
    pub(super) headers: Vec<(String, String)>,
}

/// Bytes that are shared by all requests for them.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Memory(Bytes),
    File { file: Arc<File>, len: u64 },
}

impl Object {
    /// Of these bytes; an `Arc<[u8]>` can be given without a copy, by `Bytes::from_owner`.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self::of(Content::Memory(bytes.into()))
    }

    /// Of a file's bytes, which are read as they are sent. The file must stay as it is.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        let file = Arc::new(file);
        Ok(Self::of(Content::File { file, len }))
    }

    fn of(content: Content) -> Self {
        // Each object made is a new state, even of equal bytes: stricter than S3, where the ETag of a
        // small object is the MD5 of its bytes.
        static MADE: AtomicU64 = AtomicU64::new(1);
        Self {
            content,
            last_modified: DEFAULT_LAST_MODIFIED,
            etag: format!("\"{:032x}\"", MADE.fetch_add(1, Ordering::Relaxed)),
            headers: Vec::new(),
        }
    }

    /// When it was written, in seconds since 1970. Without it: 2026-03-04T05:06:07Z.
    #[must_use]
    pub fn last_modified(mut self, seconds: i64) -> Self {
        self.last_modified = seconds;
        self
    }

    /// With this ETag, quotes included. Without it: another for each object.
    #[must_use]
    pub fn etag(mut self, etag: impl Into<String>) -> Self {
        self.etag = etag.into();
        self
    }

    /// With a further header in answers that give it.
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

    /// The bytes from `start` on, `len` of them, which must be there.
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
