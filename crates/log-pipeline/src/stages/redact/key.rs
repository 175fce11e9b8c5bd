//! The key with which `redact` hashes what it finds.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A place for the key with which `redact` stages hash what they find. Clones share the key.
///
/// The key may come from a store of secrets, so it is set after the stages were compiled. Until then the stages mask what
/// they find, so that nothing is ever shipped as it is.
#[derive(Clone, Default)]
pub struct RedactKey(Arc<Inner>);

#[derive(Default)]
struct Inner {
    is_needed: AtomicBool,
    hmac: OnceLock<Hmac<Sha256>>,
}

/// An error about a key that is too short to be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key has fewer than {} bytes, and could be guessed", RedactKey::SHORTEST)]
pub struct ShortRedactKey;

impl RedactKey {
    /// The fewest bytes of a key.
    pub const SHORTEST: usize = 16;

    /// Sets the key. A key that is set already stays.
    ///
    /// # Errors
    /// Returns an error if the key is shorter than [`SHORTEST`](Self::SHORTEST).
    pub fn set(&self, key: &[u8]) -> Result<(), ShortRedactKey> {
        if key.len() < Self::SHORTEST {
            return Err(ShortRedactKey);
        }
        // HMAC takes keys of any length.
        let hmac = Hmac::new_from_slice(key).map_err(|_| ShortRedactKey)?;
        self.0.hmac.get_or_init(|| hmac);
        Ok(())
    }

    /// Returns whether the key is set.
    pub fn is_set(&self) -> bool {
        self.0.hmac.get().is_some()
    }

    /// Returns whether a stage hashes with the key.
    pub fn is_needed(&self) -> bool {
        self.0.is_needed.load(Ordering::Relaxed)
    }

    /// Marks the key as one that a stage hashes with.
    pub(crate) fn set_needed(&self) {
        self.0.is_needed.store(true, Ordering::Relaxed);
    }

    /// Returns the first half of the HMAC-SHA-256 of the text, or `None` without a key.
    pub(crate) fn hash(&self, text: &[u8]) -> Option<u128> {
        let mut hmac = self.0.hmac.get()?.clone();
        hmac.update(text);
        let code = hmac.finalize().into_bytes();
        let half = code.first_chunk::<16>()?;
        Some(u128::from_be_bytes(*half))
    }
}

impl fmt::Debug for RedactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_set() {
            "RedactKey(set)"
        } else {
            "RedactKey(not set)"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 3: a key of 20 bytes `aa`, and 50 bytes `dd`.
    #[test]
    fn hashes_are_those_of_the_rfc() {
        let key = RedactKey::default();
        assert_eq!(key.hash(b"x"), None);
        key.clone().set(&[0xaa; 20]).unwrap();
        assert_eq!(
            key.hash(&[0xdd; 50]),
            Some(0x773e_a91e_3680_0e46_854d_b8eb_d091_81a7)
        );
        assert_eq!(key.set(b"0123456789abcde"), Err(ShortRedactKey));
        assert_eq!(format!("{key:?}"), "RedactKey(set)");
    }
}
