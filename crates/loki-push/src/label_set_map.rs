//! A map whose keys are label sets.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use crate::LabelSet;

/// A map whose keys are label sets.
///
/// A label set stores its own hash, made with a random key. The map uses that one instead of hashing it again, since
/// each stream of a push is looked up in several maps.
pub type LabelSetMap<T> = HashMap<Arc<LabelSet>, T, BuildHasherDefault<PrecomputedHash>>;

/// A hasher that returns the hash which a label set has stored.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrecomputedHash(u64);

impl Hasher for PrecomputedHash {
    fn write(&mut self, bytes: &[u8]) {
        // Label sets only write one number. Other values get a hash too, though a weak one.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_label_sets_are_the_same_key() {
        let set = |value: &str| Arc::new(LabelSet::from_iter([("a", value)]));
        let mut map = LabelSetMap::default();
        map.insert(set("1"), 1);
        map.insert(set("2"), 2);
        assert_eq!(map.get(&set("1")), Some(&1));
        assert_eq!(map.insert(set("2"), 3), Some(2));
        assert_eq!(map.len(), 2);
    }
}
