//! The identity of an object's content.

use std::fmt;

use sha2::{Digest, Sha256};

/// A hash of an object's key and ETag, so that millions of finished objects fit into memory. An object that was
/// overwritten has another one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectId([u8; 16]);

impl ObjectId {
    pub(crate) fn of(key: &str, etag: &str) -> Self {
        let mut hash = Sha256::new();
        // Neither has a NUL: keys are text in XML, and ETags are header values.
        hash.update(key);
        hash.update([0]);
        hash.update(etag);
        let mut id = [0; 16];
        id.copy_from_slice(&hash.finalize()[..16]);
        Self(id)
    }

    /// Parses the text that `Display` writes: 32 hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(text, 16).ok().filter(|_| is_hex)?;
        Some(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
