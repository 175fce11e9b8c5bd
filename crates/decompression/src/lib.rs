//! Detection and decoding of gzip, zstd, bzip2 and zlib data, without I/O.
//!
//! [`Compression::detect`] detects the format from the first bytes, [`Codec`] decodes data that arrive in pieces,
//! and [`inflate()`] decodes data that are completely in memory, up to a limit. [`Inflater`] does so for one payload
//! after the other with the same memory.
//!
//! ```
//! use decompression::{Compression, InflateError, inflate};
//!
//! let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xcbH\xcd\xc9\xc9W(\xcf/\xcaI\x01\0\x85\x11\x4a\r\x0b\0\0\0";
//! let compression = Compression::detect(gzip).unwrap();
//! assert_eq!(compression, Compression::Gzip);
//!
//! let mut text = Vec::new();
//! inflate(compression, gzip, 1 << 20, &mut text)?;
//! assert_eq!(text, b"hello world");
//! assert!(matches!(inflate(compression, gzip, 10, &mut text), Err(InflateError::TooLarge { limit: 10 })));
//! # Ok::<(), InflateError>(())
//! ```

mod codec;
mod compression;
mod gzip;
mod gzip_member;
mod inflate;

pub use codec::{Codec, Step};
pub use compression::Compression;
pub use inflate::{InflateError, Inflater, inflate};
